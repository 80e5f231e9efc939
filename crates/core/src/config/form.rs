//! The forms that values take, and how each is read. A key names its form; checking and reading follow from that.

use std::time::Duration;

use toml::de::{DeInteger, DeValue};

/// The form of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Text on one line, not empty.
    Line,
    /// Text of any number of lines.
    Text,
    /// A name that can stand in a subject tag: one line without `[`, `]` and `#`.
    Name,
    /// A login: letters, digits, `.`, `_` and `-`.
    Login,
    /// A language: two or three letters, and perhaps a region (`de`, `pt-br`). Case does not matter.
    Language,
    /// A mail address without a display name.
    Address,
    /// Mail addresses: one, or a list.
    Addresses,
    /// Words: one, or a list.
    Words,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Any number of these words, or `group:NAME`: one, or a list.
    SomeOf(&'static [&'static str]),
    /// Any number of these words: one, or a list.
    AnyOf(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A whole number in this range.
    Number(u64, u64),
    /// A length of time such as `90s` or `2m`; a bare number is seconds. In this range of seconds.
    Duration(u64, u64),
    /// A number of octets such as `100 MiB`; a bare number is octets. At least this many.
    Size(u64),
}

impl Form {
    /// What is wrong with a value of this form, with the octet at which it stands. None: nothing.
    pub(crate) fn problem(self, value: &toml::Spanned<DeValue<'_>>) -> Option<(usize, String)> {
        let at = value.span().start;
        match (self, value.get_ref()) {
            (Form::Addresses | Form::Words | Form::SomeOf(_) | Form::AnyOf(_), DeValue::Array(items)) => {
                items.iter().find_map(|item| self.problem_of_item(item))
            }
            (Form::Addresses | Form::Words | Form::SomeOf(_) | Form::AnyOf(_), _) => self.problem_of_item(value),
            (_, single) => self.problem_of_value(single).map(|wrong| (at, wrong)),
        }
    }

    fn problem_of_item(self, item: &toml::Spanned<DeValue<'_>>) -> Option<(usize, String)> {
        if let (Form::SomeOf(_), DeValue::String(text)) = (self, item.get_ref())
            && text.strip_prefix("group:").is_some_and(|name| !name.is_empty())
        {
            return None;
        }
        let form = match self {
            Form::Addresses => Form::Address,
            Form::SomeOf(words) | Form::AnyOf(words) => Form::OneOf(words),
            _ => Form::Line,
        };
        form.problem_of_value(item.get_ref()).map(|wrong| (item.span().start, wrong))
    }

    fn problem_of_value(self, value: &DeValue<'_>) -> Option<String> {
        match (self, value) {
            (Form::Flag, DeValue::Boolean(_)) => None,
            (Form::Flag, other) => Some(format!("true or false is wanted, not {}", article(other))),
            (Form::Number(low, high), DeValue::Integer(number)) => match unsigned(number) {
                Some(number) if (low..=high).contains(&number) => None,
                _ => Some(format!("{number} is not between {low} and {high}")),
            },
            (Form::Number(..), other) => Some(format!("a whole number is wanted, not {}", article(other))),
            (Form::Duration(low, high), value) => duration_problem(value, low, high),
            (Form::Size(low), value) => size_problem(value, low),
            (_, DeValue::String(text)) => self.problem_of_text(text),
            (_, other) => Some(format!("text in quotes is wanted, not {}", article(other))),
        }
    }

    fn problem_of_text(self, text: &str) -> Option<String> {
        match self {
            Form::Text => None,
            Form::Address => bad_address(text).map(|why| format!("{text:?} is no mail address: {why}")),
            Form::OneOf(words) if words.contains(&text) => None,
            Form::OneOf(_) => Some(format!("{text:?} is not known here")),
            _ if text.trim().is_empty() => Some("it is empty".to_owned()),
            _ if text.chars().any(char::is_control) => Some(format!("{text:?} holds a control character")),
            Form::Name => bad_name(text),
            Form::Login => bad_login(text),
            Form::Language => bad_language(text),
            _ => None,
        }
    }
}

fn duration_problem(value: &DeValue<'_>, low: u64, high: u64) -> Option<String> {
    match duration(value) {
        Some(length) if (low..=high).contains(&length.as_secs()) => None,
        Some(length) => Some(format!("{} s is not between {low} s and {high} s", length.as_secs())),
        None => Some(format!("{} is no length of time", shown(value))),
    }
}

fn size_problem(value: &DeValue<'_>, low: u64) -> Option<String> {
    match size(value) {
        Some(octets) if octets >= low => None,
        Some(octets) => Some(format!("{octets} octets is less than the least, {low}")),
        None => Some(format!("{} is no number of octets", shown(value))),
    }
}

fn bad_name(text: &str) -> Option<String> {
    match text.chars().find(|c| matches!(c, '[' | ']' | '#')) {
        Some(sign) => Some(format!("{text:?} holds {sign:?}, which cannot stand in a subject tag such as [name #123]")),
        None if text != text.trim() => Some(format!("{text:?} begins or ends with a space")),
        None => None,
    }
}

fn bad_login(text: &str) -> Option<String> {
    if let Some(sign) = text.chars().find(|c| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-'))) {
        return Some(format!("{text:?} holds {sign:?}; a login has only letters, digits, '.', '_' and '-'"));
    }
    (text == "system").then(|| "\"system\" is Postern itself".to_owned())
}

fn bad_language(text: &str) -> Option<String> {
    let letters = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphabetic())
    };
    let good = match text.split_once('-') {
        Some((language, region)) => letters(language, 2..=3) && letters(region, 2..=2),
        None => letters(text, 2..=3),
    };
    (!good).then(|| format!("{text:?} is no language: two or three letters are wanted, and perhaps a region (\"pt-br\")"))
}

/// Why a text is no bare mail address; None when it is one.
///
/// Stricter than RFC 5321: no quoted local part, no comment, no address literal. These are addresses that the site gives
/// itself, not ones that arrive. A domain without a dot is one, for machines on a local network.
pub(crate) fn bad_address(text: &str) -> Option<&'static str> {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return Some("it has no @");
    };
    let bad_sign = |c: char| c.is_control() || c.is_whitespace() || "<>()[]\\,;:\"@".contains(c);
    if text.contains(['<', '>']) {
        Some("it must be bare, without <> and a name")
    } else if local.is_empty() {
        Some("nothing stands before the @")
    } else if local.len() > 64 {
        Some("more than 64 octets stand before the @")
    } else if local.contains(bad_sign) {
        Some("a sign before the @ cannot stand in an address")
    } else if domain.is_empty() {
        Some("nothing stands after the @")
    } else if domain.len() > 253 || domain.split('.').any(bad_label) {
        Some("what stands after the @ is no domain")
    } else {
        None
    }
}

fn bad_label(label: &str) -> bool {
    let sign = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || (!c.is_ascii() && !c.is_control() && !c.is_whitespace());
    label.is_empty() || label.len() > 63 || label.starts_with('-') || label.ends_with('-') || !label.chars().all(sign)
}

/// A whole number that is not negative.
pub(crate) fn unsigned(number: &DeInteger<'_>) -> Option<u64> {
    u64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// A length of time: `90s`, `2 min`, `1h`, or bare seconds.
pub(crate) fn duration(value: &DeValue<'_>) -> Option<Duration> {
    let seconds = match value {
        DeValue::Integer(number) => unsigned(number),
        DeValue::String(text) => scaled(text, |unit| match unit {
            "" | "s" | "sec" | "seconds" => Some(1),
            "m" | "min" | "minutes" => Some(60),
            "h" | "hours" => Some(3600),
            _ => None,
        }),
        _ => None,
    };
    seconds.map(Duration::from_secs)
}

/// A number of octets: `100 MiB`, `64k`, or bare octets. Units are powers of 1024, as administrators mean them.
pub(crate) fn size(value: &DeValue<'_>) -> Option<u64> {
    match value {
        DeValue::Integer(number) => unsigned(number),
        DeValue::String(text) => scaled(text, |unit| match unit.to_ascii_lowercase().as_str() {
            "" | "b" => Some(1),
            "k" | "kb" | "kib" => Some(1 << 10),
            "m" | "mb" | "mib" => Some(1 << 20),
            "g" | "gb" | "gib" => Some(1 << 30),
            _ => None,
        }),
        _ => None,
    }
}

fn scaled(text: &str, unit: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    number.checked_mul(unit(text[digits..].trim())?)
}

fn article(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(_) => "text".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a section".to_owned(),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(flag) => format!("{flag}"),
        DeValue::Datetime(_) => "a date".to_owned(),
    }
}

fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("{text:?}"),
        other => article(other),
    }
}
