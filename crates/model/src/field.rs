//! Fields that a site defines: which tickets have them, and in which form their values are kept.

use crate::near::did_you_mean;
use crate::site::{FieldDefinition, FieldType};
use jiff::civil::Date;

/// Octets of a value.
pub const LONGEST_VALUE: usize = 1000;
/// Digits of a number.
const MOST_DIGITS: usize = 40;

impl FieldDefinition {
    /// Whether it goes by this name, without regard to case.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.trim())
    }

    /// Whether tickets of a queue have it.
    pub fn is_of(&self, queue: &str) -> bool {
        self.queues.is_empty() || is_among(&self.queues, queue)
    }

    /// Whether tickets of a queue cannot be done without it.
    pub fn is_needed_in(&self, queue: &str) -> bool {
        is_among(&self.required, queue) && self.is_of(queue)
    }

    /// The name of its changes in the history, and of the command that sets it.
    pub fn key(&self) -> String {
        format!("field.{}", self.name)
    }

    /// A value in the one form in which values of this type are kept.
    ///
    /// # Errors
    /// What is wrong, and the right form.
    pub fn value(&self, word: &str) -> Result<String, (String, String)> {
        let word = word.trim();
        let wrong = |what: &str, cure: &str| Err((format!("{:?} is no {what}", shown(word)), cure.to_owned()));
        if word.len() > LONGEST_VALUE {
            return Err((format!("{:?} is too long", shown(word)), format!("{LONGEST_VALUE} octets are the most")));
        }
        match self.kind {
            FieldType::Text => text(word).map_or_else(|| wrong("line of text", "write a few words"), Ok),
            FieldType::Number => number(word).map_or_else(|| wrong("number", "write it like 12 or -1.5"), Ok),
            FieldType::Date => date(word).map_or_else(|| wrong("day", "write it like 2026-12-01"), Ok),
            FieldType::Flag => flag(word).map_or_else(|| wrong("yes or no", "write yes or no"), |word| Ok(word.to_owned())),
            FieldType::Url => url(word).map_or_else(|| wrong("web address", "write it like https://example.org/page"), Ok),
            FieldType::Choice => {
                let exact = self.values.iter().find(|value| *value == word);
                let found = exact.or_else(|| self.values.iter().find(|value| value.to_lowercase() == word.to_lowercase()));
                found.cloned().ok_or_else(|| {
                    let meant = did_you_mean(word, self.values.iter().map(String::as_str)).map(|meant| format!("{meant} "));
                    let cure = format!("{}write one of {}", meant.unwrap_or_default(), self.values.join(", "));
                    (format!("{:?} cannot be chosen", shown(word)), cure)
                })
            }
        }
    }

    /// The values that a text names, each in its one form and once: one, or, where there can be many, those between commas (of web
    /// addresses, which may hold commas, between spaces). An empty text, and `none` where that is no value, name none.
    ///
    /// # Errors
    /// What is wrong with the first wrong one, and the right form.
    pub fn values_in(&self, text: &str) -> Result<Vec<String>, (String, String)> {
        let text = text.trim();
        if text.is_empty() || (text.eq_ignore_ascii_case("none") && (self.kind != FieldType::Text && self.value(text).is_err())) {
            return Ok(Vec::new());
        }
        if !self.many {
            return self.value(text).map(|value| vec![value]);
        }
        let words: Vec<&str> = match self.kind {
            FieldType::Url => text.split_whitespace().map(|word| word.trim_end_matches(',')).collect(),
            _ => text.split(',').map(str::trim).collect(),
        };
        let mut values = Vec::new();
        for word in words.into_iter().filter(|word| !word.is_empty()) {
            let value = self.value(word)?;
            if !values.contains(&value) {
                values.push(value);
            }
        }
        Ok(values)
    }
}

fn is_among(queues: &[String], queue: &str) -> bool {
    queues.iter().any(|name| name.eq_ignore_ascii_case(queue))
}

/// As much of a word as an answer repeats.
fn shown(word: &str) -> String {
    match word.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", word.get(..end).unwrap_or_default()),
        None => word.to_owned(),
    }
}

fn text(word: &str) -> Option<String> {
    let line = word.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty() && !line.chars().any(char::is_control)).then_some(line)
}

/// Without a plus, and zeros that mean nothing: `+01.50` is `1.5`. As a text, so that no digit is lost.
fn number(word: &str) -> Option<String> {
    let (sign, digits) = match word.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", word.strip_prefix('+').unwrap_or(word)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || digits.len() > MOST_DIGITS {
        return None;
    }
    let whole = Some(whole.trim_start_matches('0')).filter(|digits| !digits.is_empty()).unwrap_or("0");
    Some(match (whole, fraction.trim_end_matches('0')) {
        ("0", "") => "0".to_owned(),
        (whole, "") => format!("{sign}{whole}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    })
}

fn date(word: &str) -> Option<String> {
    let day: Date = word.parse().ok().filter(|_| word.len() == 10)?;
    Some(day.to_string())
}

fn flag(word: &str) -> Option<&'static str> {
    let is = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    match () {
        () if is(&["yes", "y", "true", "on", "1"]) => Some("yes"),
        () if is(&["no", "n", "false", "off", "0"]) => Some("no"),
        () => None,
    }
}

/// Nothing but pages: other schemes run things, or name files of whoever follows them.
fn url(word: &str) -> Option<String> {
    let (scheme, rest) = word.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"');
    let fits = matches!(scheme.as_str(), "http" | "https") && !host.is_empty() && !rest.contains(odd);
    fits.then(|| format!("{scheme}://{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn field(kind: FieldType) -> FieldDefinition {
        let values = vec!["Gold".to_owned(), "Silver".to_owned(), "none of these".to_owned()];
        FieldDefinition { name: "Customer".into(), kind, values, ..FieldDefinition::default() }
    }

    #[test]
    fn values_have_one_form() {
        use FieldType::*;
        for (kind, word, value) in [
            (Text, "  ACME \n Ltd. ", "ACME Ltd."),
            (Text, "none", "none"),
            (Number, "1.50", "1.5"),
            (Number, "+007", "7"),
            (Number, "-0.0", "0"),
            (Number, "-0.5", "-0.5"),
            (Number, "123456789012345678901234567890.1", "123456789012345678901234567890.1"),
            (Date, "2026-12-01", "2026-12-01"),
            (Flag, "True", "yes"),
            (Flag, "0", "no"),
            (Choice, "gold", "Gold"),
            (Choice, "Silver", "Silver"),
            (Url, "HTTPS://Example.org/a,b?c#d", "https://Example.org/a,b?c#d"),
        ] {
            assert_eq!(field(kind).value(word).as_deref(), Ok(value), "{kind:?} {word:?}");
        }
    }

    #[test]
    fn wrong_values_are_told_the_right_form() {
        use FieldType::*;
        for (kind, word, cure) in [
            (Text, "", "write a few words"),
            (Text, "a\u{7}b", "write a few words"),
            (Number, "1,5", "write it like 12 or -1.5"),
            (Number, "1.", "write it like 12 or -1.5"),
            (Number, "--1", "write it like 12 or -1.5"),
            (Number, "٣", "write it like 12 or -1.5"),
            (Date, "1.12.2026", "write it like 2026-12-01"),
            (Date, "2026-02-30", "write it like 2026-12-01"),
            (Date, "20261201", "write it like 2026-12-01"),
            (Flag, "maybe", "write yes or no"),
            (Choice, "Bronze", "write one of Gold, Silver, none of these"),
            (Url, "javascript:alert(1)", "write it like https://example.org/page"),
            (Url, "ftp://example.org", "write it like https://example.org/page"),
            (Url, "https:///page", "write it like https://example.org/page"),
            (Url, "https://example.org/a b", "write it like https://example.org/page"),
        ] {
            assert_eq!(field(kind).value(word).unwrap_err().1, cure, "{kind:?} {word:?}");
        }
        let long = field(Text).value(&"é".repeat(LONGEST_VALUE)).unwrap_err();
        assert!(long.0.len() < 200 && long.1 == "1000 octets are the most", "{long:?}");
    }

    #[test]
    fn many_values_stand_between_commas() {
        let many = |kind| FieldDefinition { many: true, ..field(kind) };
        let found = |kind, text: &str| many(kind).values_in(text).unwrap().join("|");
        assert_eq!(found(FieldType::Choice, "silver, Gold,silver,,"), "Silver|Gold");
        assert_eq!(found(FieldType::Url, "https://a.example/1,2, https://b.example"), "https://a.example/1,2|https://b.example");
        assert_eq!(found(FieldType::Number, "None"), "");
        assert_eq!(field(FieldType::Text).values_in("a, b").unwrap(), ["a, b"]);
        assert_eq!(field(FieldType::Text).values_in(" ").unwrap(), [] as [&str; 0]);
        assert_eq!(field(FieldType::Date).values_in("none").unwrap(), [] as [&str; 0]);
    }

    proptest! {
        /// What is kept is taken as it is, whatever was written.
        #[test]
        fn a_value_that_is_kept_has_its_form_already(kind in 0_usize..6, word in "\\PC{0,30}|[-+0-9.]{1,12}|20[0-9]{2}-[01][0-9]-[0-3][0-9]|https?://\\PC{1,10}") {
            let field = field(FieldType::ALL[kind]);
            if let Ok(value) = field.value(&word) {
                prop_assert_eq!(field.value(&value), Ok(value.clone()));
            }
        }
    }
}
