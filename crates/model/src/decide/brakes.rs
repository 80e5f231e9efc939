//! Brakes: what ends mail loops, whatever their programs are (A113-A116). A mail that a brake stops is held, and an administrator hears of it.
//!
//! A held mail makes no mail, so it ends the chain that it is part of. It counts like any other, so that a brake that has stopped a
//! sender holds until they are quiet.

use super::Deliberation;
use super::sender::Sender;
use crate::decision::{Letter, LetterKind, Mark};
use crate::facts::{FactError, Recent};
use crate::site::Wish;
use crate::types::{Party, Trust};
use crate::warning::{Counted, Warned, Why, Within};
use postern_mail::address::{address_key, bare};
use postern_mail::likeness::{self, Likeness};
use postern_mail::{Class, Envelope, ident, subject};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// A loop may be slow. So answers are counted over a day, too, and those that say the same over a week (A115): in that time there may be
/// so many times as many. Other mail is not: programs that report by mail without saying that they are programs do so every day.
const DAY_FACTOR: u64 = 3;
const WEEK_FACTOR: u64 = 2;
/// Mails of one origin that are looked at, unless a limit is higher.
const MOST: u64 = 1000;
/// Ids of References that are looked at: where it is ours, it is among the last.
const MAX_REFERENCES: usize = 10;
/// At most one warning in this time to an administrator (A110).
const BETWEEN_WARNINGS: i64 = HOUR;

/// Why a brake holds the message before anything else is looked at, if one does. What a person released passes them all.
pub(super) fn hold(d: &mut Deliberation<'_>, sender: &Sender) -> Result<Option<String>, FactError> {
    let reason = match of_itself(d) {
        Some(reason) => Some(reason),
        None => of_its_like(d, sender)?,
    };
    let Some(reason) = reason.filter(|_| !d.arrival.released) else { return Ok(None) };
    let text = reason.text("en");
    d.note("brake", text.clone());
    warn(d, sender, reason)?;
    Ok(Some(text))
}

/// What the message alone tells: our own mark, and the number of its hops (A113, A116).
fn of_itself(d: &Deliberation<'_>) -> Option<Why> {
    if d.class() == Class::OwnLoop {
        return Some(Why::OwnMail);
    }
    let hops = d.arrival.message.header_all("Received").count();
    let limit = d.facts.site().brakes.received;
    (hops > usize::try_from(limit).unwrap_or(usize::MAX)).then_some(Why::Hops { count: hops, limit })
}

/// What it has in common with earlier mail: too many of one sender, or too many that say the same (A115). Leaves the mark by which
/// later mail is compared with it.
fn of_its_like(d: &mut Deliberation<'_>, sender: &Sender) -> Result<Option<Why>, FactError> {
    let case = Case::of(d, sender)?;
    d.mark = Some(case.mark);
    if d.arrival.released {
        return Ok(None);
    }
    let brakes = &d.facts.site().brakes;
    let window = i64::from(brakes.hours) * HOUR;
    let limit = u64::from(if case.person { brakes.mails } else { brakes.automatic_mails });
    let long = if case.answers && case.person { window.max(WEEK) } else { window };
    let most = if case.person { MOST.max(limit + 1) } else { limit + 1 };
    let recent = d.facts.recent(case.mark.origin, d.now - long, most)?;
    let count = |back: i64, same: &dyn Fn(&Recent) -> bool| {
        1 + recent.iter().filter(|earlier| earlier.at > d.now - back && same(earlier)).count() as u64
    };
    let sent = |back| count(back, &|earlier| earlier.writer == case.mark.writer);
    let said = |back| count(back, &|earlier| earlier.likeness.is_some() && earlier.likeness == case.mark.likeness);
    let hours = Within::Hours(brakes.hours);
    let alike = u64::from(brakes.alike);
    let Case { writer, place, .. } = &case;
    let counted = |count, limit, within| Counted { writer: writer.clone(), place: place.clone(), count, limit, within };
    let sent_too_many = |count: u64, limit: u64, within: Within| match case.person {
        true => Why::Many(counted(count, limit, within)),
        false => Why::ManyOfPrograms(counted(count, limit, within)),
    };
    let said_too_often = |count: u64, limit: u64, within: Within| Why::Alike(counted(count, limit, within));
    let (day, week) = (limit * DAY_FACTOR, alike * WEEK_FACTOR);
    Ok(match () {
        () if sent(window) > limit => Some(sent_too_many(sent(window), limit, hours)),
        () if said(window) > alike => Some(said_too_often(said(window), alike, hours)),
        () if long > window && sent(DAY) > day => Some(sent_too_many(sent(DAY), day, Within::Day)),
        () if long > window && said(WEEK) > week => Some(said_too_often(said(WEEK), week, Within::Week)),
        () => None,
    })
}

/// A mail as the brakes that count see it.
struct Case {
    /// Who counts as its writer.
    writer: String,
    /// The address of ours that it came to.
    place: String,
    /// Whether it counts as a person's: one wrote it, or nothing but a spam filter's word says otherwise.
    person: bool,
    /// Whether it answers us.
    answers: bool,
    mark: Mark,
}

impl Case {
    fn of(d: &Deliberation<'_>, sender: &Sender) -> Result<Self, FactError> {
        let (writer, place, answered) = (writer(d, sender), address_of_ours(d), answered(d, sender)?);
        let person = matches!(d.class(), Class::Human | Class::List | Class::Spam);
        // Mail that is surer to be theirs counts apart, so that a flood in somebody's forged name does not shut them out.
        let trust = match &answered {
            Some(Answered { theirs: true, .. }) if sender.party.is_some() => sender.trust(false).max(Trust::Token),
            _ => sender.trust(false),
        };
        let (kind, wide) = match person {
            true => ("person", likeness::of_address(&writer)),
            false => ("machine", writer.clone()),
        };
        let mark = Mark {
            origin: likeness::sum(&[kind, trust.as_str(), &place, &wide]),
            writer: person.then(|| likeness::sum(&[&likeness::mailbox(&writer)])),
            likeness: person.then(|| said(d, answered.as_ref(), &writer)),
        };
        Ok(Case { writer, place, person, answers: answered.is_some(), mark })
    }
}

/// Who counts as the writer: From, else the envelope's sender.
fn writer(d: &Deliberation<'_>, sender: &Sender) -> String {
    match (sender.address(), d.arrival.envelope) {
        (Some(address), _) => address.to_owned(),
        (None, Envelope::Sender(path)) => address_key(bare(path).unwrap_or(path)),
        (None, _) => "an unknown sender".to_owned(),
    }
}

/// The address of ours that it came to, the same for all its extensions; else the queue that the pipe names.
fn address_of_ours(d: &Deliberation<'_>) -> String {
    let route = d.arrival.route;
    match &route.recipient {
        Some(recipient) => match d.facts.site().own_address(recipient) {
            Some(own) => own.address.clone(),
            None => address_key(recipient),
        },
        None => format!("queue {}", route.queue.as_deref().or(route.default_queue.as_deref()).unwrap_or_default().to_lowercase()),
    }
}

/// What of ours a mail answers.
struct Answered {
    /// Ticket; 0 where only the subject says that it is an answer.
    ticket: u64,
    /// Whether it names a mail that went to this very sender.
    theirs: bool,
}

/// Whether it answers us, as far as it says so itself.
fn answered(d: &Deliberation<'_>, sender: &Sender) -> Result<Option<Answered>, FactError> {
    let message = d.arrival.message;
    let site = d.facts.site();
    let ids = message.in_reply_to.iter().take(MAX_REFERENCES).chain(message.references.iter().rev().take(MAX_REFERENCES));
    if let Some(own) = ids.into_iter().find_map(|id| ident::read(&site.keys, id)) {
        let theirs = match sender.address() {
            Some(address) => d.facts.was_mailed(own, address)?,
            None => false,
        };
        return Ok(Some(Answered { ticket: own.ticket, theirs }));
    }
    let names = site.tag_names();
    Ok(match subject::ticket_tags(&message.subject, &names).first() {
        Some(ticket) => Some(Answered { ticket: *ticket, theirs: false }),
        None => likeness::is_answer(&message.subject, &names).then_some(Answered { ticket: 0, theirs: false }),
    })
}

/// The sum of what it says. Thanks on many tickets are many things; a short word in two mailboxes is two. What comes from an
/// address with an extension is taken for a program's.
fn said(d: &Deliberation<'_>, answered: Option<&Answered>, writer: &str) -> i64 {
    let mailbox = likeness::mailbox(writer);
    let masked = answered.is_some() || mailbox != writer;
    let likeness = Likeness::of(d.arrival.message, masked, &d.facts.site().tag_names());
    let ticket = answered.map_or_else(|| "-".to_owned(), |a| a.ticket.to_string());
    let whose = if likeness.is_long() { "" } else { mailbox.as_ref() };
    likeness::sum(&[&ticket, whose, &likeness.subject, &likeness.text, &likeness.files])
}

/// A letter to each administrator who had none for an hour. None to the mailbox that the held mail came from: it may be the loop.
pub(super) fn warn(d: &mut Deliberation<'_>, sender: &Sender, why: Why) -> Result<(), FactError> {
    let mut told = 0;
    for person in d.facts.administrators()? {
        let why_not = match () {
            () if person.disabled || person.notify == Wish::None => Some("wants no mail"),
            () if is_theirs(d, sender, &person)? => Some("is whose mail is held"),
            () if d.facts.site().own_address(&person.address).is_some() => Some("has an address of ours"),
            () if d.facts.warned_since(&person.address, d.now - BETWEEN_WARNINGS)? => Some("was warned less than an hour ago"),
            () => None,
        };
        if let Some(why_not) = why_not {
            d.note("mail", format!("no warning to {}, who {why_not}", person.address));
            continue;
        }
        told += 1;
        let held = d.facts.held()? + 1;
        let from = sender.address().unwrap_or("an unknown sender");
        let about = Warned::Held { from: from.to_owned(), to: address_of_ours(d), why: why.clone(), held };
        let language = person.language.clone().unwrap_or_default();
        d.letters.push(Letter { kind: LetterKind::Warning { about }, to: Party::from(&person), language, queue: None });
    }
    if told == 0 {
        d.note("mail", "no administrator is told of it now");
    }
    Ok(())
}

/// Whether an address of the sender, or of the envelope, is one of the person's.
fn is_theirs(d: &Deliberation<'_>, sender: &Sender, person: &crate::types::Person) -> Result<bool, FactError> {
    let theirs = d.facts.addresses(person.id)?;
    let envelope = match d.arrival.envelope {
        Envelope::Sender(path) => Some(address_key(bare(path).unwrap_or(path))),
        _ => None,
    };
    let answers_to = sender.answer_to.as_ref().map(|party| party.address.as_str());
    let mut addresses = [sender.address(), answers_to, envelope.as_deref()].into_iter().flatten();
    Ok(addresses.any(|address| address == person.address || theirs.iter().any(|own| own == address)))
}
