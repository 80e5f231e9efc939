//! Values that can be judged without knowing the site.

use super::meaning::TimeOf;
use super::words::Kind;
use super::{Place, QueryError, Term, dates};

/// What `is:` knows.
pub(super) const IS: &str = "open, closed, new, mine, untaken, taken, overdue, waiting, undelivered";

/// A word after `is:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IsWord {
    pub(super) is: Is,
    /// Whether it is about whoever asks.
    pub(super) names_me: bool,
}

/// What is asked for most often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    Open,
    Closed,
    New,
    Mine,
    Untaken,
    Taken,
    Overdue,
    Waiting,
    Undelivered,
}

const ALL: [(&str, Is); 13] = [
    ("open", Is::Open),
    ("closed", Is::Closed),
    ("inactive", Is::Closed),
    ("done", Is::Closed),
    ("new", Is::New),
    ("initial", Is::New),
    ("mine", Is::Mine),
    ("untaken", Is::Untaken),
    ("unowned", Is::Untaken),
    ("taken", Is::Taken),
    ("overdue", Is::Overdue),
    ("waiting", Is::Waiting),
    ("undelivered", Is::Undelivered),
];

pub(super) fn is_word(value: &str) -> Option<IsWord> {
    let (_, is) = ALL.iter().find(|(word, _)| word.eq_ignore_ascii_case(value))?;
    Some(IsWord { is: *is, names_me: *is == Is::Mine })
}

/// What stands for nothing being there.
pub(super) const NONE: &str = "none";

/// Whether a term is well formed. That what it names is there is another question.
pub(super) fn check(term: &Term) -> Result<(), QueryError> {
    let wrong = |what: &str| Err(bad(term.at, term, what));
    if term.prefix && term.word.kind != Kind::Subject {
        return wrong("only words of text can end with *");
    }
    let ok = match term.word.kind {
        Kind::Subject => term.value.chars().any(char::is_alphanumeric),
        Kind::Id | Kind::Priority => dates::numbers(&term.value).is_some(),
        Kind::Is => is_word(&term.value).is_some(),
        Kind::Time(of) => (term.value == NONE && can_be_none(of)) || dates::when(&term.value, 0).is_some(),
        Kind::Worked => dates::when(&term.value, 0).is_some(),
        Kind::Link(_) => number(&term.value).is_some(),
        _ => true,
    };
    match ok {
        true => Ok(()),
        false => wrong(&format!("{:?} is nothing that {}: knows", term.value, term.word.name)),
    }
}

fn bad(at: Place, term: &Term, what: &str) -> QueryError {
    QueryError::new(at, what, format!("write {}: {}", term.word.example, term.word.help))
}

/// Whether a ticket can be without it.
fn can_be_none(of: TimeOf) -> bool {
    !matches!(of, TimeOf::Created | TimeOf::Updated)
}

/// The number of a ticket: 12 or #12.
pub(super) fn number(value: &str) -> Option<u64> {
    value.strip_prefix('#').unwrap_or(value).parse().ok()
}
