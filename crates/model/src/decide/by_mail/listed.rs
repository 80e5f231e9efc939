//! Mails that answer a reminder: their bare numbers are those of its list, as it stood there.

use crate::decide::Deliberation;
use crate::decide::place::addressees;
use crate::decide::sender::Sender;
use crate::decide::token::in_address;
use crate::facts::{FactError, Reminded};
use crate::reminder::KNOWN;
use crate::script::Numbers;
use postern_mail::token::{self, Purpose, Token};

/// What the Message-ID of a reminder begins with.
const REMINDER: &str = "reminder.";

/// Message-IDs, and words of the subject, that are looked at.
const MAX_LOOKED_AT: usize = 50;

/// The list that a mail answers.
#[derive(Debug)]
pub(super) enum Listed {
    /// The sender's own.
    Theirs(Reminded),
    /// It was theirs, and nobody remembers what stood there.
    Forgotten,
    /// Somebody else's, or none of ours.
    Foreign,
}

impl Listed {
    /// Whether the mail answers one that went to its sender.
    pub(super) fn is_theirs(&self) -> bool {
        !matches!(self, Listed::Foreign)
    }

    /// What bare numbers mean in the answer.
    pub(super) fn numbers(&self) -> Numbers<'_> {
        match self {
            Listed::Theirs(reminded) => Numbers::Places(&reminded.tickets),
            Listed::Forgotten => Numbers::Nothing("that list is too old, and its numbers are forgotten"),
            Listed::Foreign => Numbers::Nothing("that list went to somebody else, and its numbers mean nothing to you"),
        }
    }

    /// The id of the reminder, so that answers to the transcript mean the same list.
    pub(super) fn message_id(&self) -> Option<String> {
        if let Listed::Theirs(reminded) = self { Some(reminded.message_id.clone()) } else { None }
    }
}

/// The list that the mail answers, if it answers one. The signature holds for the address that it went to, and the answer counts only
/// from that person.
pub(super) fn of(d: &mut Deliberation<'_>, sender: &Sender) -> Result<Option<Listed>, FactError> {
    let Some(token) = token_of(d) else { return Ok(None) };
    let keys = &d.facts.site().keys;
    let reminded = d.facts.reminded(token.number)?.filter(|reminded| token::verify(keys, &token, &reminded.address));
    let listed = match (reminded, sender.address()) {
        (Some(reminded), _) if is_of(sender, &reminded) && d.now.saturating_sub(reminded.at) > KNOWN => Listed::Forgotten,
        (Some(reminded), _) if is_of(sender, &reminded) => Listed::Theirs(reminded),
        (None, Some(address)) if token::verify(keys, &token, address) => Listed::Forgotten,
        _ => Listed::Foreign,
    };
    let what = match &listed {
        Listed::Theirs(reminded) => format!("it answers a list of tickets that went to {}", reminded.address),
        Listed::Forgotten => "it answers a list of tickets that is forgotten".to_owned(),
        Listed::Foreign => "it answers a list of tickets that did not go to its sender".to_owned(),
    };
    d.note("command", what);
    Ok(Some(listed))
}

fn is_of(sender: &Sender, reminded: &Reminded) -> bool {
    sender.person.as_ref().is_some_and(|person| person.id == reminded.person)
}

/// Whether the mail carries what answers a list, true or not.
pub(super) fn is_there(d: &Deliberation<'_>) -> bool {
    token_of(d).is_some()
}

/// The token that the mail carries: in the address that it was sent to, in the ids of what it answers, in its subject.
fn token_of(d: &Deliberation<'_>) -> Option<Token> {
    let (route, message) = (d.arrival.route, d.arrival.message);
    let ours = |token: &Token| token.purpose == Purpose::Remind;
    let envelope = [&route.recipient, &route.original].into_iter().flatten().cloned();
    let by_address = || envelope.chain(addressees(d).map(|a| a.key())).filter_map(|a| in_address(&a)).find(ours);
    let mut ids = message.in_reply_to.iter().chain(message.references.iter().rev()).take(MAX_LOOKED_AT);
    let mut by_id = || ids.find_map(|id| in_message_id(id));
    let words = message.subject.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    let by_subject = || words.filter(|word| word.contains('.')).take(MAX_LOOKED_AT).filter_map(token::read).find(ours);
    by_address().or_else(&mut by_id).or_else(by_subject)
}

/// The token in the id of a reminder: `reminder.TOKEN@example.org`.
fn in_message_id(id: &str) -> Option<Token> {
    let (local, _) = id.rsplit_once('@')?;
    let (head, token) = local.split_at_checked(REMINDER.len())?;
    let token = token::read(token).filter(|token| token.purpose == Purpose::Remind)?;
    head.eq_ignore_ascii_case(REMINDER).then_some(token)
}
