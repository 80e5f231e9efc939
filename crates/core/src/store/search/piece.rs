//! Pieces of SQL that are put together with their parameters.

use crate::store::engine::Value;

/// SQL with its parameters. Their places are marked and numbered at the end, so that pieces can be put together.
#[derive(Debug, Clone, Default)]
pub(super) struct Sql {
    pub(super) text: String,
    pub(super) params: Vec<Param>,
}

#[derive(Debug, Clone)]
pub(super) enum Param {
    Int(i64),
    Text(String),
}

/// Marks the place of a parameter.
pub(super) const PLACE: &str = "\u{1}";

impl Sql {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Sql { text: text.into(), params: Vec::new() }
    }

    pub(super) fn with(text: impl Into<String>, value: impl Into<String>) -> Self {
        Sql { text: text.into(), params: vec![Param::Text(value.into())] }
    }

    pub(super) fn with_both(text: impl Into<String>, first: &str, second: &str) -> Self {
        Sql { text: text.into(), params: vec![Param::Text(first.to_owned()), Param::Text(second.to_owned())] }
    }

    pub(super) fn int(number: i64) -> Self {
        Sql { text: PLACE.to_owned(), params: vec![Param::Int(number)] }
    }

    pub(super) fn push(mut self, other: Sql) -> Self {
        self.text.push_str(&other.text);
        self.params.extend(other.params);
        self
    }

    pub(super) fn and(self, text: &str) -> Self {
        self.push(Sql::text(text))
    }

    pub(super) fn join(parts: Vec<Sql>, between: &str) -> Self {
        let mut all = Sql::default();
        for (position, part) in parts.into_iter().enumerate() {
            all = if position > 0 { all.and(between).push(part) } else { part };
        }
        all
    }

    /// Text with numbered places, and the values in their order.
    pub(super) fn finish(&self) -> (String, Vec<Value<'_>>) {
        let mut text = String::with_capacity(self.text.len() + 8);
        for (position, piece) in self.text.split(PLACE).enumerate() {
            if position > 0 {
                text.push_str(&format!("?{position}"));
            }
            text.push_str(piece);
        }
        let value = |param| match param {
            &Param::Int(number) => Value::Int(number),
            Param::Text(text) => Value::Text(text),
        };
        (text, self.params.iter().map(value).collect())
    }
}
