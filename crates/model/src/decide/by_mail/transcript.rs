//! The transcript: what became of each line, for whoever wrote them and for nobody else.

use super::super::Deliberation;
use super::super::sender::Sender;
use super::run::Outcome;
use crate::decision::{Change, Letter, LetterKind};
use crate::facts::FactError;
use crate::letter::{self, Filed, Transcript};
use postern_mail::token;

const MICROSECONDS_PER_HOUR: i64 = 3_600_000_000;

/// What a transcript is written for.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::decide) struct Way {
    /// Whether whoever wrote is told in any case.
    pub(in crate::decide) wanted: bool,
    /// Where the text of the mail is, if it was filed.
    pub(in crate::decide) filed: Option<Filed>,
    /// The queue in whose name it goes, where the mail is about a ticket.
    pub(in crate::decide) queue: Option<i64>,
}

/// Writes the transcript, if there is one to be written: where something is wrong, and where it was asked for.
pub(in crate::decide) fn write(d: &mut Deliberation<'_>, sender: &Sender, outcome: &Outcome, way: Way) -> Result<(), FactError> {
    let Way { wanted, filed, queue } = way;
    if !(wanted || outcome.errors > 0 || outcome.check || outcome.asked) {
        return Ok(());
    }
    let Some(to) = sender.party.clone() else { return Ok(()) };
    if let Some(why_not) = why_not(d, &to.address)? {
        d.note("command", format!("{} gets no transcript: {why_not}", to.address));
        return Ok(());
    }
    d.note("command", format!("a transcript goes to {}", to.address));
    let queue_row = queue.and_then(|id| d.facts.site().queue(id));
    let language = letter::language(sender.person.as_ref(), queue_row).to_owned();
    let kind = LetterKind::Transcript(Transcript {
        subject: letter::bounded(without_key(&d.arrival.message.subject)),
        echoes: outcome.echoes.clone(),
        changed: outcome.changed.iter().map(|(ticket, changes)| (*ticket, changes.clone())).collect(),
        errors: outcome.errors,
        check: outcome.check,
        done: outcome.done,
        list: None,
        prose: false,
        kept: outcome.kept,
        filed,
        undo_hours: Some(d.facts.site().commands.undo_hours).filter(|hours| *hours > 0 && can_be_undone(d, outcome)),
    });
    d.letters.push(Letter { kind, to, language, queue });
    Ok(())
}

/// Tells whoever answered a list with nothing but prose what they can write.
pub(in crate::decide) fn instead(d: &mut Deliberation<'_>, sender: &Sender, list: Option<String>) -> Result<(), FactError> {
    let Some(to) = sender.party.clone() else { return Ok(()) };
    if let Some(why_not) = why_not(d, &to.address)? {
        d.note("command", format!("{} is not told what can be done: {why_not}", to.address));
        return Ok(());
    }
    let language = letter::language(sender.person.as_ref(), None).to_owned();
    let subject = letter::bounded(without_key(&d.arrival.message.subject));
    let kind = LetterKind::Transcript(Transcript { subject, errors: 1, list, prose: true, ..Transcript::default() });
    d.letters.push(Letter { kind, to, language, queue: None });
    Ok(())
}

/// Tells whoever wrote on a ticket by an answer to a transcript that nobody but staff reads it.
pub(in crate::decide) fn commented(d: &mut Deliberation<'_>, sender: &Sender, queue: i64) -> Result<(), FactError> {
    let Some(to) = sender.party.clone() else { return Ok(()) };
    if let Some(why_not) = why_not(d, &to.address)? {
        d.note("command", format!("{} is not told where it is filed: {why_not}", to.address));
        return Ok(());
    }
    let language = letter::language(sender.person.as_ref(), d.facts.site().queue(queue)).to_owned();
    let subject = letter::bounded(without_key(&d.arrival.message.subject));
    let kind = LetterKind::Transcript(Transcript { subject, filed: Some(Filed::Comment), ..Transcript::default() });
    d.letters.push(Letter { kind, to, language, queue: Some(queue) });
    Ok(())
}

/// An answer to the transcript means the list that its mail answered.
pub(in crate::decide) fn goes_on(d: &mut Deliberation<'_>, list: Option<String>) {
    if let Some(Letter { kind: LetterKind::Transcript(transcript), .. }) = d.letters.last_mut() {
        transcript.list = list;
    }
}

/// Whether there is anything to be taken back: tickets that were opened stay.
fn can_be_undone(d: &Deliberation<'_>, outcome: &Outcome) -> bool {
    let opens = d.changes.iter().any(|change| matches!(change, Change::CreateTicket { .. }));
    outcome.done && !opens && outcome.can_be_undone
}

/// A subject without the key at its end by which an answer to a letter of ours is known: the transcript gets one of its own.
fn without_key(subject: &str) -> &str {
    let key = subject.trim_end().strip_suffix(')').and_then(|inside| inside.rsplit_once(" ("));
    key.filter(|(_, key)| token::read(key).is_some()).map_or(subject, |(before, _)| before)
}

/// Why nobody gets a transcript, if anything forbids it. It is an automatic answer, and counts among them.
fn why_not(d: &Deliberation<'_>, address: &str) -> Result<Option<String>, FactError> {
    let site = d.facts.site();
    if site.own_address(address).is_some() {
        return Ok(Some("it is an address of ours".to_owned()));
    }
    if site.brakes.answers == 0 {
        return Ok(Some("the site sends no automatic answers".to_owned()));
    }
    // Whoever works by mail asks more than a customer is acknowledged: as many as mails of theirs are let in.
    let (hours, most) = (site.brakes.hours, site.brakes.mails.max(site.brakes.answers));
    let since = d.arrival.now - i64::from(hours) * MICROSECONDS_PER_HOUR;
    let count = d.facts.acknowledgements_since(address, since)?;
    let too_many = count >= u64::from(most);
    Ok(too_many.then(|| format!("{count} automatic answers went to {address} in the last {hours} hours, and no more may")))
}
