//! The extensions of all addresses that a mail goes to. What one of them asks for counts at the address that the mail came to, and where
//! no other names another ticket; a word that may have been meant as `-comment` keeps what one of us wrote among staff, wherever it stands.

use super::place::addressees;
use super::{Deliberation, by_mail, token};
use crate::arrival::Action;
use crate::facts::FactError;
use crate::script::{self, Does, Extension, Line, Verb};
use crate::types::Ticket;
use postern_mail::address::address_key;

/// Addresses that are looked at.
const MOST: usize = 50;

/// The longest extension that may be a slip of the pen, in octets.
const LONGEST: usize = 60;

/// What people write behind an address to say what a mail is.
const WORDS: &[&str] = &[
    "take",
    "done",
    "comment",
    "comments",
    "subscribe",
    "unsubscribe",
    "internal",
    "private",
    "note",
    "resolve",
    "close",
    "watch",
    "unwatch",
];

/// What an extension means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    /// A ticket, and what is to be done there.
    Ticket(Extension),
    /// A comment on the ticket that the mail is about.
    Comment,
    /// A word for the program, or nearly one, that names no ticket.
    Slip,
}

impl Meaning {
    fn of(text: &str) -> Option<Meaning> {
        if let Some(extension) = script::extension(text) {
            return Some(Meaning::Ticket(extension));
        }
        if text.eq_ignore_ascii_case("comment") {
            return Some(Meaning::Comment);
        }
        if text.len() > LONGEST || !text.split(|c: char| !c.is_alphabetic()).any(is_word) {
            return None;
        }
        let number = text.split_once('-').and_then(|(number, _)| script::extension(number));
        Some(match number {
            Some(Extension { ticket, .. }) => Meaning::Ticket(Extension { ticket, verb: Some(Verb::Unknown) }),
            None => Meaning::Slip,
        })
    }

    /// Whether what is written may be meant for staff alone.
    fn hushes(&self) -> bool {
        match self {
            Meaning::Ticket(extension) => matches!(extension.verb, Some(Verb::Comment | Verb::Unknown)),
            Meaning::Comment | Meaning::Slip => true,
        }
    }
}

/// Whether a word is for the program, or nearly: with a letter too much, too few, another, or two of them exchanged; of long ones, two such
/// slips. Short ones begin alike.
fn is_word(word: &str) -> bool {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let most = if length > 8 { 2 } else { 1 };
    let is = |known: &str| {
        let alike = length > 6 || word.chars().next() == known.chars().next();
        word == known || length > 3 && alike && strsim::osa_distance(&word, known) <= most
    };
    WORDS.iter().any(|known| is(known))
}

/// An extension of one of the addresses.
struct Named {
    /// The address by its key; empty: as the mail server tells the extension.
    address: String,
    meaning: Meaning,
    /// Whether the mail goes there by its envelope or To, and not by Cc alone.
    direct: bool,
}

/// What the extensions say of all addresses that the mail goes to, each once: those of its envelope first.
fn all(d: &Deliberation<'_>) -> Vec<Named> {
    let (route, site) = (d.arrival.route, d.facts.site());
    let Some(delimiter) = site.delimiter else { return Vec::new() };
    let mut all: Vec<Named> = Vec::new();
    let mut add = |address: String, meaning: Meaning, direct: bool| {
        if !all.iter().any(|known| known.address == address) {
            all.push(Named { address, meaning, direct });
        }
    };
    // What names a queue or what the pipe's option says is no slip.
    let is_option = |text: &str| {
        site.queue_named(text).is_some() || Action::from_word(text).is_some_and(|action| route.actions.contains(&action))
    };
    let read = |text: &str| Meaning::of(text).filter(|meaning| matches!(meaning, Meaning::Ticket(_)) || !is_option(text));
    if let Some(meaning) = route.extension.as_deref().and_then(read) {
        add(String::new(), meaning, true);
    }
    let envelope = [&route.recipient, &route.original].into_iter().flatten().chain(&route.beside);
    let to = d.arrival.message.to.len();
    let addresses = envelope
        .map(|address| (address_key(address), true))
        .chain(addressees(d).enumerate().map(|(at, address)| (address.key(), at < to)));
    for (address, direct) in addresses.take(MOST) {
        let Some((local, _)) = address.rsplit_once('@').filter(|_| token::in_address(&address).is_none()) else { continue };
        if site.own_address(&address).is_none() {
            continue;
        }
        let meaning = local.match_indices(delimiter).filter_map(|(at, sign)| local.get(at + sign.len()..)).find_map(read);
        if let Some(meaning) = meaning {
            add(address, meaning, direct);
        }
    }
    all
}

/// The ticket, and the verb, that the address names by which the mail came: also behind a number what only looks like verbs.
pub(super) fn counting(d: &Deliberation<'_>) -> Option<Extension> {
    by_mail::extension_of(d).or_else(|| slip_behind_number(d))
}

/// The same where more than one word stands behind the number: by what the envelope says, or the only address.
fn slip_behind_number(d: &Deliberation<'_>) -> Option<Extension> {
    let mut all = all(d).into_iter().filter(|named| named.direct);
    let (first, more) = (all.next()?, all.next());
    let route = d.arrival.route;
    let came_by = |address: &str| route.reached_by(address) || address.is_empty();
    match first.meaning {
        Meaning::Ticket(extension) if extension.verb == Some(Verb::Unknown) => {
            let known = route.recipient.is_some() || route.original.is_some();
            (came_by(&first.address) || !known && more.is_none()).then_some(extension)
        }
        _ => None,
    }
}

/// Whether any address of the mail names another ticket than this.
pub(super) fn name_others(d: &Deliberation<'_>, ticket: Option<&Ticket>) -> Result<bool, FactError> {
    let by_token = addressees(d).take(MOST).map(|address| address.key());
    let by_token = by_token.filter(|address| d.facts.site().own_address(address).is_some());
    let mut numbers: Vec<u64> = by_token.filter_map(|address| Some(token::in_address(&address)?.number)).collect();
    numbers.extend(all(d).into_iter().filter_map(|named| match named.meaning {
        Meaning::Ticket(extension) => Some(extension.ticket),
        _ => None,
    }));
    numbers.sort_unstable();
    numbers.dedup();
    for number in numbers {
        let same = ticket.is_some_and(|ticket| ticket.number == number);
        if !same && d.facts.ticket(number)?.map(|meant| meant.number) != ticket.map(|ticket| ticket.number) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The addresses, by key, by whose extension what one of us wrote may be meant for staff alone.
pub(super) fn hushed(d: &Deliberation<'_>) -> Vec<String> {
    all(d).into_iter().filter(|named| named.meaning.hushes()).map(|named| named.address).collect()
}

/// What is told of addresses besides what the one asks for by which the mail came: a slip of the pen, so that nothing is done; or that it
/// was not done.
pub(super) fn told(d: &Deliberation<'_>) -> Option<Line> {
    if d.arrival.message.resent_from.is_some() {
        return None;
    }
    let all = all(d);
    let kept = "and may have been meant as a comment, so your text stays among staff";
    let slip = if all.iter().any(|named| named.meaning == Meaning::Slip) {
        Some((
            "the address ends with a word for the program, names no ticket",
            "write support+123-comment@, with the ticket's number",
        ))
    } else if by_mail::extension_of(d).is_none() && slip_behind_number(d).is_some() {
        Some((
            "the address ends with words that are no command",
            "write one of them behind the ticket's number, such as -comment",
        ))
    } else {
        None
    };
    if let Some((wrong, cure)) = slip {
        let does = Does::Wrong { wrong: format!("{wrong}, {kept}"), cure: cure.to_owned() };
        return Some(Line { said: "(by the address)".to_owned(), does });
    }
    not_done(d, &all)
}

/// Verbs of addresses by which this copy of the mail did not come: the next copy finds it dealt with.
fn not_done(d: &Deliberation<'_>, all: &[Named]) -> Option<Line> {
    let message = d.arrival.message;
    // Answers to everybody go to addresses that somebody else put there.
    if !d.contradicted && (message.answers || !message.in_reply_to.is_empty()) {
        return None;
    }
    let counting = by_mail::extension_of(d);
    let said: Vec<String> = all
        .iter()
        .filter(|named| named.direct && !named.address.is_empty())
        .filter_map(|named| match &named.meaning {
            Meaning::Ticket(other) if Some(other) != counting.as_ref() => {
                let order = other.verb?.order()?;
                Some(format!("{} on #{}", order.command, other.ticket))
            }
            _ => None,
        })
        .collect();
    let why = match d.contradicted {
        true => "not done: the mail names other tickets, too",
        false => "not done: the mail came by another address of ours, too",
    };
    let said = if said.is_empty() { return None } else { format!("{} (by the address)", said.join("; ")) };
    Some(Line { said, does: Does::Ignored(why.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b4_words_behind_an_address_are_told_from_names() {
        for text in ["internal", "coment", "Commment", "comment-1", "1comment", "take", "subscirbe", "note", "done-5", "privat"] {
            assert_eq!(Meaning::of(text), Some(Meaning::Slip), "{text}");
        }
        for text in ["1-comment-take", "1-coment-x", "1-take2"] {
            let unknown = Extension { ticket: 1, verb: Some(Verb::Unknown) };
            assert_eq!(Meaning::of(text), Some(Meaning::Ticket(unknown)), "{text}");
        }
        assert_eq!(Meaning::of("Comment"), Some(Meaning::Comment));
        for text in ["", "printer", "internet", "make", "commerce", "rote", "2024-summer-party", "01-x", "x", "ünïcode"] {
            assert_eq!(Meaning::of(text), None, "{text}");
        }
        assert_eq!(Meaning::of(&"comment-".repeat(100_000)), None);
    }
}
