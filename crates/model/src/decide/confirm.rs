//! Did you write this? A mail in the name of somebody who works here that nothing proves is held, and they are asked by mail (E6).
//! The same way whoever wrote an answer that repeats words of an internal comment says that they are meant (E12).
//!
//! The question goes to an address on file, and what it carries is a secret: whoever answers with it had that mail. So From of the
//! answer is not looked at. But careless vacation programs answer anything, with nothing in their headers that says so; therefore
//! an answer alone does nothing, and a word is asked for that no such program begins with.

use super::by_mail::Many;
use super::place::addressees;
use super::sender::Sender;
use super::token::in_address;
use super::{Deliberation, FactError, brakes, by_mail};
use crate::decision::{Change, Decision, EntryKind, Letter, LetterKind, NewEntry, Verdict};
use crate::facts::Asked;
use crate::letter::{self, ANSWER_WITHIN};
use crate::types::{Party, Trust};
use crate::warning::{Warned, Why};
use postern_mail::Class;
use postern_mail::token::{self, Purpose, Token};

/// What a Message-ID of ours that asks begins with.
const CONFIRM: &str = "confirm.";

/// Message-IDs, and words of the subject, in which a token is looked for.
const MAX_LOOKED_AT: usize = 50;

/// Lines of an answer before the one that says yes or no.
const LEADING: usize = 3;

/// Administrators who are warned.
const MAX_WARNED: usize = 10;

/// Words that say yes and no in a language.
struct Words {
    yes: &'static [&'static str],
    no: &'static [&'static str],
}

/// By language: English, German, French, Spanish.
const WORDS: &[Words] = &[
    Words { yes: &["yes"], no: &["no"] },
    Words { yes: &["ja"], no: &["nein"] },
    Words { yes: &["oui"], no: &["non"] },
    Words { yes: &["sí", "si"], no: &["no"] },
];

/// Words with which sentences begin, those of vacation programs too: "Si necesita algo urgente", "No one is in the office". They
/// count when nothing follows, or a sign that ends them.
const ALONE: [&str; 3] = ["si", "no", "non"];

/// What an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Yes,
    No,
    Neither,
}

/// A mail that is held until its author has said that they wrote it.
pub(super) struct Hold {
    /// Why it is held.
    pub(super) reason: String,
    /// How sure we are of the sender.
    pub(super) trust: Trust,
    /// The ticket that it is about.
    pub(super) ticket: Option<u64>,
    /// The queue in whose name they are asked.
    pub(super) queue: i64,
    /// How much its commands would do, where that is why they are asked.
    pub(super) many: Option<Many>,
}

impl Deliberation<'_> {
    /// Holds the mail, and asks whoever From names by mail at the address that it names, which is on file.
    pub(super) fn hold_for_confirmation(mut self, sender: &Sender, hold: Hold) -> Result<Decision, FactError> {
        let Hold { reason, trust, ticket, queue, many } = hold;
        let elsewhere = match &sender.party {
            Some(party) => self.facts.was_asked(self.arrival.message, &party.address, self.arrival.now)?,
            None => false,
        };
        let commands = by_mail::lines(&self, ticket)?;
        let unshown = (!letter::can_list(&commands)).then(|| "its commands are more than a question can show".to_owned());
        match why_not(&self, sender)?.or(unshown) {
            _ if elsewhere => self.note("confirmation", format!("{} was asked about it at another recipient", sender.display())),
            Some(why_not) => {
                self.note("confirmation", format!("{} is not asked: {why_not}", sender.display()));
                let reason = format!("{reason}. They were not asked whether they wrote it: {why_not}");
                brakes::warn(&mut self, sender, Why::Other(reason.clone()))?;
                return Ok(self.end(Verdict::Quarantined, reason, trust, ticket));
            }
            None => ask(&mut self, sender, (ticket, queue), (many, commands)),
        }
        Ok(self.end(Verdict::Quarantined, reason, trust, ticket))
    }
}

/// Why nobody is asked, if anything forbids it. An automatic mail is answered by nothing, whoever it names (A107).
fn why_not(d: &Deliberation<'_>, sender: &Sender) -> Result<Option<String>, FactError> {
    let arrival = d.arrival;
    let (Some(party), Some(person)) = (&sender.party, &sender.person) else { return Ok(Some("nobody is on file".into())) };
    let why_not = match () {
        () if arrival.released => Some("a person released it".to_owned()),
        () if d.class() != Class::Human => Some(format!("its class is {}", d.class().as_str())),
        () if person.disabled => Some("they are gone".to_owned()),
        () => d.why_not_asked(&party.address)?,
    };
    Ok(why_not)
}

fn ask(
    d: &mut Deliberation<'_>,
    sender: &Sender,
    (ticket, queue): (Option<u64>, i64),
    (many, commands): (Option<Many>, Vec<String>),
) {
    let Some(to) = sender.party.clone() else { return };
    let language = letter::language(sender.person.as_ref(), d.facts.site().queue(queue)).to_owned();
    let what = if many.is_some() { "meant all of it" } else { "wrote it" };
    d.note("confirmation", format!("{} is asked whether they {what}", to.address));
    let subject = letter::bounded(&d.arrival.message.subject);
    let kind = match many {
        Some(Many { commands: orders, tickets }) => LetterKind::Many { subject, orders, tickets, commands },
        None => LetterKind::Confirmation { subject, would: letter::would(&language, ticket), commands },
    };
    d.letters.push(Letter { kind, to, language, queue: Some(queue) });
}

/// Carries out an answer to a question; `Err` gives the deliberation back: it is none.
pub(super) fn carry_out<'a>(mut d: Deliberation<'a>, sender: &Sender) -> Result<Result<Decision, Deliberation<'a>>, FactError> {
    // What a spam filter thinks of an answer does not matter: it has the token.
    let class = d.arrival.kind.class;
    // Reports about the question belong to whoever reads reports.
    let report =
        matches!(class, Class::BounceFinal | Class::BounceDelay | Class::BounceSuccess | Class::ReadReceipt | Class::Feedback);
    let Some(token) = token_of(&d).filter(|_| !report) else { return Ok(Err(d)) };
    let asked = d.facts.asked(token.number)?.unwrap_or_default();
    let keys = &d.facts.site().keys;
    // Of questions about the same mail the first asked who wrote it, the last whether an answer is meant.
    let of_token = |(address, _): &&(String, i64)| token::verify(keys, &token, address);
    let letter = match token.purpose {
        Purpose::Confirm => asked.letters.iter().find(of_token),
        _ => asked.letters.iter().rfind(of_token),
    };
    let Some((address, at)) = letter.cloned() else {
        d.note("confirmation", "it has a token that answers a question, but not one that we asked");
        return Ok(Err(d));
    };
    let from_us = sender.address().is_some_and(|from| d.facts.site().own_address(from).is_some());
    let recorded = match () {
        () if class != Class::Human => {
            Some(format!("an automatic mail ({}) answers the question to {address}: it does nothing", class.as_str()))
        }
        () if from_us => Some(format!("an address of ours answers the question to {address}: that is no answer")),
        () if d.arrival.now.saturating_sub(at) > ANSWER_WITHIN => {
            Some(format!("{address} answered a question of more than three days ago: that is too late"))
        }
        () => None,
    };
    if let Some(reason) = recorded {
        return Ok(Ok(d.end(Verdict::Recorded, reason, Trust::Token, None)));
    }
    let said = said(&d.arrival.message.reply);
    if said == Said::Neither {
        let reason = format!(
            "{address} answered the question, but not with the word yes or no (ja, nein, oui, non, sí): nothing was changed"
        );
        return Ok(Ok(d.end(Verdict::Recorded, reason, Trust::Token, None)));
    }
    let answer = Answer { number: token.number, address, yes: said == Said::Yes, purpose: token.purpose };
    Ok(Ok(if token.purpose == Purpose::Send { sent(d, &answer, asked) } else { confirmed(d, &answer, asked)? }))
}

/// An answer that counts.
struct Answer {
    /// The ledger's row of what was asked about.
    number: u64,
    /// Who was asked.
    address: String,
    yes: bool,
    /// What was asked.
    purpose: Purpose,
}

/// Releases what is held, or puts it aside: once.
fn confirmed(mut d: Deliberation<'_>, answer: &Answer, asked: Asked) -> Result<Decision, FactError> {
    let Answer { number, address, yes, purpose } = answer;
    if !asked.quarantined {
        let reason = format!(
            "{address} answered about mail {number} of the ledger, which is held no more: it was let in or put aside before"
        );
        return Ok(d.end(Verdict::Recorded, reason, Trust::Token, None));
    }
    let held = i64::try_from(*number).into_iter().chain(asked.beside);
    if *yes {
        d.changes.extend(held.map(|delivery| Change::Release { delivery, by: address.clone() }));
        let reason = format!("{address} confirmed mail {number} of the ledger");
        return Ok(d.end(Verdict::Commanded, reason, Trust::Token, None));
    }
    let forged = *purpose == Purpose::Confirm;
    let reason = match forged {
        true => format!("{address} says that they did not write it"),
        false => format!("{address} says that it is not meant"),
    };
    d.changes.extend(held.map(|delivery| Change::PutAside { delivery, reason: reason.clone() }));
    if !forged {
        return Ok(d.end(Verdict::Commanded, format!("mail {number} of the ledger was put aside: {reason}"), Trust::Token, None));
    }
    warn(&mut d, &Warned::Forged { address: address.clone(), number: *number, subject: asked.subject })?;
    Ok(d.end(Verdict::Commanded, format!("mail {number} of the ledger was put aside: {reason}"), Trust::Token, None))
}

/// Tells the administrators.
fn warn(d: &mut Deliberation<'_>, about: &Warned) -> Result<(), FactError> {
    for person in d.facts.administrators()?.iter().take(MAX_WARNED) {
        if d.facts.site().own_address(&person.address).is_none() {
            d.letters.push(Letter {
                kind: LetterKind::Warning { about: about.clone() },
                to: Party::from(person),
                language: letter::language(Some(person), None).to_owned(),
                queue: None,
            });
        }
    }
    Ok(())
}

/// Sends mails that were held for what they repeat, or gives them up: once.
fn sent(mut d: Deliberation<'_>, answer: &Answer, asked: Asked) -> Decision {
    let Answer { address, yes, .. } = answer;
    let mails = asked.mails;
    let Some(ticket) = asked.ticket.filter(|_| !mails.is_empty()) else {
        let reason = format!("{address} answered about mails that are held no more");
        return d.end(Verdict::Recorded, reason, Trust::Token, asked.ticket);
    };
    let (done, note) = match yes {
        true => ("sent after all", format!("Sent outside after all: {address} says that its words are meant.")),
        false => ("given up", format!("Not sent outside: {address} says that its words are not meant.")),
    };
    d.changes.push(if *yes { Change::SendHeld { mails } } else { Change::DiscardHeld { mails } });
    let note = NewEntry::internal(EntryKind::Note, None, Some(note), Vec::new());
    d.changes.push(Change::Entry { ticket, entry: NewEntry { of_event: false, news: false, ..note } });
    let reason = format!("{address} answered: what was held on #{ticket} is {done}");
    d.end(Verdict::Commanded, reason, Trust::Token, Some(ticket))
}

/// The token that an answer carries: in the address that it was sent to, in the ids of what it answers, in its subject.
fn token_of(d: &Deliberation<'_>) -> Option<Token> {
    let (route, message) = (d.arrival.route, d.arrival.message);
    let ours = |token: &Token| matches!(token.purpose, Purpose::Confirm | Purpose::Send | Purpose::Many);
    let envelope = [&route.recipient, &route.original].into_iter().flatten().cloned();
    let by_address = || envelope.chain(addressees(d).map(|a| a.key())).filter_map(|a| in_address(&a)).find(ours);
    let ids = || message.in_reply_to.iter().chain(message.references.iter().rev()).take(MAX_LOOKED_AT);
    let by_id = || ids().filter_map(|id| in_message_id(id)).find(ours);
    let words = message.subject.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    let by_subject = || words.filter(|word| word.contains('.')).take(MAX_LOOKED_AT).filter_map(token::read).find(ours);
    by_address().or_else(by_id).or_else(by_subject)
}

/// The token in the id of a question: `confirm.TOKEN@example.org`.
fn in_message_id(id: &str) -> Option<Token> {
    let (local, _) = id.rsplit_once('@')?;
    let head = local.get(..CONFIRM.len())?;
    head.eq_ignore_ascii_case(CONFIRM).then(|| token::read(local.get(CONFIRM.len()..)?)).flatten()
}

/// What an answer says: what its first line does that is no greeting and no line that leads to a quote. Further down may stand the
/// question, in a mail that somebody's program passes on.
fn said(reply: &str) -> Said {
    let own = |line: &&str| !line.starts_with(['>', '|']) && line.contains(char::is_alphanumeric);
    let leads = |line: &str| line.ends_with([':', ',']) && said_in(line) == Said::Neither;
    reply.lines().map(str::trim).filter(own).take(LEADING + 1).find(|line| !leads(line)).map_or(Said::Neither, said_in)
}

/// What the first word of a line says.
fn said_in(line: &str) -> Said {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = line.find(|c: char| !c.is_alphanumeric()).unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    let word = word.to_lowercase();
    let ends = rest.trim_start().chars().next().is_none_or(|c| matches!(c, '.' | ',' | '!' | ';'));
    if ALONE.contains(&word.as_str()) && !ends {
        return Said::Neither;
    }
    match WORDS.iter().find_map(|words| {
        let yes = words.yes.contains(&word.as_str()).then_some(Said::Yes);
        yes.or(words.no.contains(&word.as_str()).then_some(Said::No))
    }) {
        Some(said) => said,
        None => Said::Neither,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e6_a_word_is_asked_for_that_no_vacation_program_begins_with() {
        for yes in [
            "yes",
            "Yes.",
            " YES, that was me",
            "*Ja*",
            "ja, war ich",
            "Oui !",
            "Sí",
            "si",
            "Si.",
            "> quoted\n\nyes\n",
            "Am 22.11.2026 schrieb support:\n> quoted\n\nja",
            "Hallo,\n\nja",
        ] {
            assert_eq!(said(yes), Said::Yes, "{yes}");
        }
        for no in ["no", "No!", "nein", "non.", "No, never."] {
            assert_eq!(said(no), Said::No, "{no}");
        }
        for neither in [
            "",
            "\n> yes\n",
            "I am away until Monday. Yes.",
            "Si necesita algo urgente, llame.",
            "Si vous avez une question, appelez.",
            "No one is in the office.",
            "No estoy en la oficina.",
            "Non-urgent mail waits.",
            "Yesterday I left.",
            "Jawohl",
            "Danke, ja",
            "Forwarded by a program\n\nAnswer with the word\nyes\n",
            "a:\nb:\nc:\nd:\nyes",
        ] {
            assert_eq!(said(neither), Said::Neither, "{neither}");
        }
    }
}
