//! The language in which people ask for tickets: `queue:noc status:open owner:me "disk full" sort:-updated`. One for the command
//! line, mail, the API and the web.
//!
//! Three steps. [`parse`] reads the text and knows the words, [`Query::expand`] puts saved searches in their places, and
//! [`Query::resolve`] gives the values their meaning in a site: which queues there are, who `me` is, when `-3d` is. Reading is total
//! and linear, with bounds for everything that could grow. Must not know how a search is carried out.

mod dates;
mod lexer;
mod meaning;
mod parser;
mod saved;
mod values;
mod words;

#[cfg(test)]
mod tests;

pub use dates::{Span, when};
pub use meaning::{Known, Meaning, Names, Role, Search, Test, TimeOf, Who, Wording};
pub use parser::parse;
pub use saved::{BUILT_IN, BuiltIn, built_in, is_name};
pub use words::{Kind, Link, WORDS, Word, help, word};

use std::fmt;

/// Octets of a query; a longer one is refused.
pub const MOST_OCTETS: usize = 4096;
/// Words of a query, with those of saved searches in it.
pub const MOST_WORDS: usize = 100;
/// Beginnings of words in a query, with those of saved searches in it. Each takes as long as there are texts with such words.
pub const MOST_BEGINNINGS: usize = 5;
/// Octets of the beginning of a word: three letters of most scripts, one of those whose letters are words.
pub const LEAST_BEGINNING: usize = 3;
/// Parentheses and negations inside one another, and saved searches inside one another.
pub const MOST_DEPTH: usize = 16;

/// A query as it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What tickets must be.
    pub filter: Expr,
    /// By what they are sorted, the most important first; by number where there is none.
    pub sort: Vec<Sort>,
}

/// What tickets must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// All of these; of none, every ticket is one.
    All(Vec<Expr>),
    /// One of these.
    Any(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// What a word says.
    Is(Term),
    /// What a saved search says.
    Saved {
        /// Its name.
        name: String,
        /// Where it stands.
        at: Place,
    },
}

impl Default for Expr {
    fn default() -> Self {
        Expr::All(Vec::new())
    }
}

/// A word with its value.
#[derive(Debug, Clone)]
pub struct Term {
    /// The word.
    pub word: &'static Word,
    /// Which field, for the word that stands for those of the site.
    pub field: Option<String>,
    /// What stands after the colon, or the words to be found.
    pub value: String,
    /// Whether longer words that begin so are meant as well: `print*`.
    pub prefix: bool,
    /// Where it stands.
    pub at: Place,
}

impl PartialEq for Term {
    fn eq(&self, other: &Self) -> bool {
        (self.word.name, &self.field, &self.value, self.prefix) == (other.word.name, &other.field, &other.value, other.prefix)
    }
}

impl Eq for Term {}

/// The number of the character with which something begins, from 1. Two things in different places can still be the same.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place(pub usize);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

/// By what tickets are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// Whether the highest, or latest, comes first.
    pub down: bool,
}

/// What tickets can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum SortBy {
    Id,
    Queue,
    Status,
    Owner,
    Priority,
    Subject,
    Time(TimeOf),
}

impl SortBy {
    /// Each with its word.
    pub const ALL: [(&'static str, SortBy); 13] = [
        ("id", SortBy::Id),
        ("queue", SortBy::Queue),
        ("status", SortBy::Status),
        ("owner", SortBy::Owner),
        ("priority", SortBy::Priority),
        ("subject", SortBy::Subject),
        ("created", SortBy::Time(TimeOf::Created)),
        ("updated", SortBy::Time(TimeOf::Updated)),
        ("due", SortBy::Time(TimeOf::Due)),
        ("resolved", SortBy::Time(TimeOf::Resolved)),
        ("started", SortBy::Time(TimeOf::Started)),
        ("starts", SortBy::Time(TimeOf::Starts)),
        ("told", SortBy::Time(TimeOf::Told)),
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        SortBy::ALL.iter().find(|(_, by)| *by == self).map_or("id", |(word, _)| word)
    }
}

/// Why a query cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{wrong}{}; {cure}", place(*at))]
pub struct QueryError {
    /// The number of the character where it is, from 1; 0: the query as a whole.
    pub at: usize,
    /// What is wrong.
    pub wrong: String,
    /// The right form, or what there is.
    pub cure: String,
    /// Whether it is well formed and names something that is not there: a queue, a person, a saved search.
    pub missing: bool,
}

fn place(at: usize) -> String {
    if at == 0 { String::new() } else { format!(" (character {at} of the query)") }
}

impl QueryError {
    fn new(at: Place, wrong: impl Into<String>, cure: impl Into<String>) -> Self {
        QueryError { at: at.0, wrong: wrong.into(), cure: cure.into(), missing: false }
    }

    fn missing(at: Place, wrong: impl Into<String>, cure: impl Into<String>) -> Self {
        QueryError { missing: true, ..QueryError::new(at, wrong, cure) }
    }
}

impl Query {
    /// The words of the query that name a person by `me`, from any depth: whoever asks must be somebody.
    pub fn names_me(&self) -> bool {
        any_term(&self.filter, &|term| match term.word.kind {
            Kind::Person(_) => term.value == ME,
            Kind::Is => matches!(values::is_word(&term.value), Some(is) if is.names_me),
            _ => false,
        })
    }

    /// Whether it names saved searches.
    pub fn has_names(&self) -> bool {
        fn look(expr: &Expr) -> bool {
            match expr {
                Expr::All(all) | Expr::Any(all) => all.iter().any(look),
                Expr::Not(inner) => look(inner),
                Expr::Is(_) => false,
                Expr::Saved { .. } => true,
            }
        }
        look(&self.filter)
    }
}

/// The words of an expression, of any depth.
fn each_term<'e>(expr: &'e Expr, see: &mut impl FnMut(&'e Term)) {
    match expr {
        Expr::All(all) | Expr::Any(all) => all.iter().for_each(|inner| each_term(inner, see)),
        Expr::Not(inner) => each_term(inner, see),
        Expr::Is(term) => see(term),
        Expr::Saved { .. } => {}
    }
}

fn any_term(expr: &Expr, is: &impl Fn(&Term) -> bool) -> bool {
    match expr {
        Expr::All(all) | Expr::Any(all) => all.iter().any(|inner| any_term(inner, is)),
        Expr::Not(inner) => any_term(inner, is),
        Expr::Is(term) => is(term),
        Expr::Saved { .. } => false,
    }
}

/// Whoever asks.
pub const ME: &str = "me";
/// No owner.
pub const NOBODY: &str = "nobody";

/// The query in the form in which [`parse`] reads it again.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sorts = self.sort.iter().map(|sort| format!("sort:{}{}", if sort.down { "-" } else { "" }, sort.by.as_str()));
        let filter = self.filter.to_string();
        // Of several with `or` between them the sorting would belong to the last.
        let filter = match &self.filter {
            Expr::Any(_) if !self.sort.is_empty() => format!("({filter})"),
            _ => filter,
        };
        let parts: Vec<String> = std::iter::once(filter).filter(|text| !text.is_empty()).chain(sorts).collect();
        f.write_str(&parts.join(" "))
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::All(all) => joined(f, all, " "),
            Expr::Any(any) => joined(f, any, " or "),
            Expr::Not(inner) => match inner.as_ref() {
                Expr::All(_) | Expr::Any(_) => write!(f, "-({inner})"),
                _ => write!(f, "-{inner}"),
            },
            Expr::Is(term) => term.fmt(f),
            Expr::Saved { name, .. } => write!(f, "@{name}"),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, parts: &[Expr], between: &str) -> fmt::Result {
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            f.write_str(between)?;
        }
        match part {
            Expr::All(_) | Expr::Any(_) => write!(f, "({part})")?,
            _ => write!(f, "{part}")?,
        }
    }
    Ok(())
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.word.kind != Kind::Text {
            match &self.field {
                Some(field) => write!(f, "{}.{}:", self.word.name, quoted_if_needed(field))?,
                None => write!(f, "{}:", self.word.name)?,
            }
        }
        let plain = match self.word.kind {
            Kind::Text => lexer::is_plain_text(&self.value),
            _ => lexer::is_plain_value(&self.value),
        };
        match plain {
            true => f.write_str(&self.value)?,
            false => f.write_str(&lexer::quoted(&self.value))?,
        }
        if self.prefix { f.write_str("*") } else { Ok(()) }
    }
}

fn quoted_if_needed(name: &str) -> String {
    if lexer::is_plain_name(name) { name.to_owned() } else { lexer::quoted(name) }
}
