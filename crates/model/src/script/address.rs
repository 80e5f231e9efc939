//! What the extension of an address asks for: `123`, `123-take`, `123-done`.

use crate::act::Order;

/// The extension of an address that names a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Extension {
    /// The ticket.
    pub(crate) ticket: u64,
    /// What is to be done there, if anything is.
    pub(crate) verb: Option<Verb>,
}

/// What an address asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Take,
    Done,
    Comment,
    Subscribe,
    Unsubscribe,
    /// A word that is none: perhaps a slip of the pen, so that the text stays among staff.
    Unknown,
}

/// The longest word that may be a slip of the pen.
const LONGEST: usize = 20;

const VERBS: &[(&str, Verb)] = &[
    ("take", Verb::Take),
    ("done", Verb::Done),
    ("comment", Verb::Comment),
    ("subscribe", Verb::Subscribe),
    ("unsubscribe", Verb::Unsubscribe),
];

impl Extension {
    /// Whether what is written is for staff alone.
    pub(crate) fn is_comment(&self) -> bool {
        self.verb == Some(Verb::Comment)
    }
}

impl Verb {
    /// What it is as an order; a comment is none, nor is a word that nobody knows.
    pub(crate) fn order(self) -> Option<Order> {
        let name = match self {
            Verb::Take => "take",
            Verb::Done => "resolve",
            Verb::Comment | Verb::Unknown => return None,
            Verb::Subscribe => "subscribe",
            Verb::Unsubscribe => "unsubscribe",
        };
        Some(Order::verb(name, ""))
    }

    /// Whether what is written besides is not looked at.
    pub(crate) fn is_alone(self) -> bool {
        matches!(self, Verb::Subscribe | Verb::Unsubscribe)
    }
}

/// Reads an extension.
pub(crate) fn extension(text: &str) -> Option<Extension> {
    let (number, verb) = match text.split_once('-') {
        Some((number, word)) => {
            let known = VERBS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, verb)| *verb);
            let written = (1..=LONGEST).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphabetic());
            (number, Some(known.or_else(|| written.then_some(Verb::Unknown))?))
        }
        None => (text, None),
    };
    let canonical = !number.starts_with('0') && number.len() <= 18 && number.bytes().all(|b| b.is_ascii_digit());
    let ticket = number.parse().ok().filter(|_| canonical)?;
    Some(Extension { ticket, verb })
}
