//! What a command line says of a key: `key=value`, `key+=value`, `key-=value`. The key's form decides what value means.

use postern_mail::address::address_key;

use super::EditError;
use crate::config::{Form, Key};

/// A change of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChange {
    /// The key.
    pub(super) key: String,
    /// How.
    pub(super) how: How,
    /// The value as it was written.
    pub(super) value: String,
}

/// What happens to the value of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Another in its place; the empty one takes the key out, so that its default holds again.
    Set,
    /// More words in a list.
    Add,
    /// Fewer.
    Remove,
}

impl KeyChange {
    /// Reads `key=value`, `key+=value` or `key-=value`.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to do.
    pub fn parse(text: &str) -> Result<KeyChange, String> {
        let wrong = || format!("{text:?} changes no key; write key=value, or key+=value and key-=value for lists");
        let (key, value) = text.split_once('=').ok_or_else(wrong)?;
        let (key, how) = match (key.strip_suffix('+'), key.strip_suffix('-')) {
            (Some(key), _) => (key, How::Add),
            (_, Some(key)) => (key, How::Remove),
            _ => (key, How::Set),
        };
        let key = key.trim();
        if key.is_empty() || key.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(wrong());
        }
        Ok(KeyChange { key: key.to_owned(), how, value: value.to_owned() })
    }

    /// A value of site.toml as a command line says it: an example for help.
    pub fn written(toml: &str) -> String {
        let table = format!("value = {toml}").parse::<toml::Table>().ok();
        match table.as_ref().and_then(|table| table.get("value")) {
            Some(value) => words_of(value).join(","),
            None => toml.to_owned(),
        }
    }

    pub(super) fn set(key: &str, value: String) -> KeyChange {
        KeyChange { key: key.to_owned(), how: How::Set, value }
    }

    pub(super) fn add(key: &str, word: &str) -> KeyChange {
        KeyChange { key: key.to_owned(), how: How::Add, value: one(word) }
    }

    pub(super) fn remove(key: &str, word: &str) -> KeyChange {
        KeyChange { key: key.to_owned(), how: How::Remove, value: one(word) }
    }

    /// The value of the key after this change; `None`: it has none any more. `aka` gives another word for the same in a list.
    ///
    /// A value that is not of the key's form stays text: the reader says what is wrong with it.
    pub(super) fn apply(
        &self,
        key: &Key,
        old: Option<&toml::Value>,
        aka: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<toml::Value>, EditError> {
        if self.how == How::Set && self.value.is_empty() {
            return Ok(None);
        }
        if !is_list(key.form) {
            return match self.how {
                How::Set => Ok(Some(single(key.form, &self.value))),
                _ => Err(EditError::refused(
                    format!("key '{}': it holds one value, not a list", self.key),
                    format!("write {}=value", self.key),
                )),
            };
        }
        let words = words(&self.value);
        let mut list = if self.how == How::Set { Vec::new() } else { old.map(words_of).unwrap_or_default() };
        match self.how {
            How::Remove => {
                let gone: Vec<String> = words.iter().flat_map(|word| [Some(folded(word)), aka(word)]).flatten().collect();
                list.retain(|word| !gone.contains(&folded(word)));
            }
            _ => words.into_iter().for_each(|word| {
                if !list.iter().any(|known| folded(known) == folded(&word)) {
                    list.push(word);
                }
            }),
        }
        Ok((!list.is_empty()).then(|| toml::Value::from(list)))
    }
}

/// One word as a list, whatever is in it.
fn one(word: &str) -> String {
    toml::Value::from(vec![word.to_owned()]).to_string()
}

/// Addresses are the same in any case.
fn folded(word: &str) -> String {
    if word.contains('@') { address_key(word) } else { word.to_owned() }
}

fn is_list(form: Form) -> bool {
    matches!(form, Form::Addresses | Form::Words | Form::SomeOf(_) | Form::AnyOf(_))
}

fn single(form: Form, text: &str) -> toml::Value {
    match (form, text, text.parse::<i64>()) {
        (Form::Flag, "true", _) => toml::Value::from(true),
        (Form::Flag, "false", _) => toml::Value::from(false),
        (Form::Number(..), _, Ok(number)) => toml::Value::from(number),
        _ => toml::Value::from(text),
    }
}

/// Words between commas; or a list as the file would have it, for words with commas in them.
fn words(text: &str) -> Vec<String> {
    let list = || format!("list = {text}").parse::<toml::Table>().ok();
    if text.trim_start().starts_with('[')
        && let Some(list) = list().and_then(|table| table.get("list").map(words_of))
    {
        return list;
    }
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words of a value: of a list, or the only one.
fn words_of(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::Array(items) => items.iter().flat_map(words_of).collect(),
        toml::Value::String(word) => vec![word.clone()],
        other => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(form: Form, text: &str, old: &str) -> Result<String, String> {
        let key = Key { name: "k", form, needed: false, example: "", help: "" };
        let old = format!("k = {old}").parse::<toml::Table>().ok();
        let aka = |word: &str| (word == "anna@example.org").then(|| "anna".to_owned());
        let new = KeyChange::parse(text)?
            .apply(&key, old.as_ref().and_then(|table| table.get("k")), aka)
            .map_err(|error| error.to_string())?;
        Ok(new.map_or_else(|| "-".to_owned(), |value| value.to_string()))
    }

    #[test]
    fn values_follow_the_form_of_the_key() {
        for (form, text, old, new) in [
            (Form::Line, "k=a b=c", "", "\"a b=c\""),
            (Form::Line, "k=", "\"x\"", "-"),
            (Form::Flag, "k=true", "", "true"),
            (Form::Flag, "k=yes", "", "\"yes\""),
            (Form::Number(0, 9), "k=7", "", "7"),
            (Form::Number(0, 9), "k=seven", "", "\"seven\""),
            (Form::Words, "k=a, b,,a", "[\"x\"]", "[\"a\", \"b\"]"),
            (Form::Words, "k+=b,x", "\"x\"", "[\"x\", \"b\"]"),
            (Form::Words, "k-=x", "[\"x\", \"y\"]", "[\"y\"]"),
            (Form::Words, "k-=x,y", "[\"x\", \"y\"]", "-"),
            (Form::Words, "k-=never", "[\"x\"]", "[\"x\"]"),
            (Form::Words, "k-=Anna@Example.org", "[\"anna\", \"y\"]", "[\"anna\", \"y\"]"),
            (Form::Words, "k-=anna@example.org", "[\"anna\", \"y\"]", "[\"y\"]"),
            (Form::Words, "k=[\"a, b\", \"c\"]", "", "[\"a, b\", \"c\"]"),
            (Form::Addresses, "k+=A@b.example", "[\"a@B.example\"]", "[\"a@B.example\"]"),
            (Form::Addresses, "k-=A@b.example", "[\"a@B.example\"]", "-"),
        ] {
            assert_eq!(change(form, text, old).as_deref(), Ok(new), "{text} on {old}");
        }
        assert_eq!(change(Form::Line, "k+=x", "").unwrap_err(), "key 'k': it holds one value, not a list; write k=value");
        for text in ["k", "=v", "a b=c", "+=x"] {
            assert!(KeyChange::parse(text).unwrap_err().contains("; write key=value"), "{text}");
        }
    }
}
