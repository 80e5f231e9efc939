//! `decide`: facts and an arrived message in, a decision out. The one place where it is settled what mail does.
//!
//! The order of thought: brakes, place (queue and action), the same message elsewhere, who is writing, which ticket, what
//! it does, who is told. Every step leaves a line in the trail, for `postern mail explain`.

mod act;
mod acting;
mod aside;
mod automatic;
mod border;
mod bounce;
mod brakes;
mod by_mail;
pub mod commands;
mod confirm;
mod desk;
mod effect;
mod elsewhere;
mod extension;
mod fold;
mod forward;
mod freed;
pub mod holder;
mod notify;
mod opening;
mod outsider;
mod place;
mod reread;
mod sender;
mod spam;
mod standing;
mod thread;
mod token;
mod trouble;
mod trust;
mod undelivered;
mod wake;
mod work;

#[cfg(test)]
mod tests;

use crate::arrival::{Arrival, Prior};
use crate::decision::{Decision, NoticeFile, Verdict};
use crate::effects::Effects;
use crate::facts::{FactError, Facts};
use crate::types::{Ticket, Trust};
pub use act::{ActRefusal, decide_act};
pub use border::BORDER_PROBE;
use by_mail::Given;
use desk::Desk;
use elsewhere::Elsewhere;
use notify::{Content, Event, File};
use postern_mail::quote::Folded;
use postern_mail::{Address, Class, Defect};
pub use reread::{Rereading, decide_reread};
use sender::Sender;
use std::borrow::Cow;
use std::ops::{Deref, DerefMut, Range};
pub use undelivered::{Undelivered, decide_undelivered};

/// Why no decision was made. Each is a fault of ours or of the wiring, so the message is tried again (A4).
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// `--queue` names no queue.
    #[error("there is no queue '{0}'; `postern queue list` shows which there are")]
    UnknownQueue(String),
    /// Neither option nor recipient says which queue, and there are several or none.
    #[error("cannot tell which queue this is for; give --queue or --recipient")]
    NoQueue,
    /// The recipient is no address of ours, and nothing else names a queue.
    #[error("no queue or ticket has the address {0}")]
    NoSuchAddress(String),
    /// A fact could not be had.
    #[error(transparent)]
    Fact(#[from] FactError),
}

/// Decides what happens with a message.
///
/// # Errors
/// [`Refusal`]: nothing was decided; wiring or store are at fault, not the message.
pub fn decide(facts: &dyn Facts, arrival: &Arrival<'_>) -> Result<Decision, Refusal> {
    let mut d = Deliberation::new(facts, arrival);
    for evidence in &arrival.kind.evidence {
        d.note("class", format!("{}: {evidence}", arrival.kind.class.as_str()));
    }
    if let Some(extension) = &arrival.route.extension {
        d.note("queue", format!("the address had the extension '{extension}'"));
    }
    trust::look(&mut d);
    d.desk.class = Some(trust::class(&mut d));
    let sender = sender::identify(&mut d)?;
    if let Some(reason) = brakes::hold(&mut d, &sender)? {
        return Ok(d.end(Verdict::Quarantined, reason, sender.trust(false), None));
    }
    let d = match token::carry_out(d)? {
        Ok(decision) => return Ok(decision),
        Err(d) => d,
    };
    let d = match confirm::carry_out(d, &sender)? {
        Ok(decision) => return Ok(decision),
        Err(d) => d,
    };
    let d = match by_mail::control::carry_out(d, &sender)? {
        Ok(decision) => return Ok(decision),
        Err(d) => d,
    };
    let mut d = match bounce::decide(d, &sender)? {
        Ok(decision) => return Ok(decision),
        Err(d) => d,
    };
    let found = thread::find(&mut d, &sender)?;
    let Some(place) = place::find(&mut d, &sender, found.ticket.as_ref())? else {
        return Ok(without_a_queue(d, &sender));
    };
    d.remarks.extend(arrival.message.defects.iter().find(|defect| defect.is_loss()).map(damage));
    if let Prior::Elsewhere { ticket, created, internal, author } = arrival.prior {
        let (ticket, created, internal) = (*ticket, *created, *internal);
        if *author != arrival.message.author().map(Address::key) {
            let reason =
                format!("the same message is already on #{ticket}, and this copy of it names another sender: it does nothing");
            return Ok(d.end(Verdict::Joined, reason, Trust::Claimed, Some(ticket)));
        }
        return elsewhere::join(d, &sender, &place, &found, Elsewhere { ticket, created, internal });
    }
    if let Some(earlier) = thread::variant_of(&d)? {
        return elsewhere::join_variant(d, &sender, &place, &found, earlier);
    }
    if let (Class::Human, Some(address)) = (d.class(), sender.address()) {
        trouble::clear(&mut d, address)?;
    }
    match d.class() {
        Class::Spam => spam::decide(d, sender, place, found),
        class if class.is_automatic() => automatic::decide(d, sender, place, found),
        _ => effect::decide(d, sender, place, found),
    }
}

/// Mail to an address of ours that is no queue's, and no ticket is named: reports are recorded, a person's mail is held.
fn without_a_queue(d: Deliberation<'_>, sender: &Sender) -> Decision {
    let trust = sender.trust(false);
    let class = d.class();
    if class.is_automatic() && class != Class::Spam {
        let reason = format!("automatic mail ({}) to an address of ours that is no queue's", class.as_str());
        return d.end(Verdict::Recorded, reason, trust, None);
    }
    let reason = "a person's mail to an address of ours that is no queue's; [gateway] queue names one for such mail";
    d.end(Verdict::Quarantined, reason, trust, None)
}

/// A decision about a message in the making.
struct Deliberation<'a> {
    desk: Desk<'a>,
    arrival: &'a Arrival<'a>,
    /// What is new in the message, where more is known of it than its own words tell.
    refolded: Option<Folded>,
    /// Where in its text commands stand, which nobody else is shown.
    commands: Vec<Range<usize>>,
    /// The ticket of the mail whose transcript it answers, where its words are filed there.
    transcript_of: Option<u64>,
    /// What it says to the program, where it opens a ticket.
    given: Given,
    /// Whether it is nothing but commands, by the addresses that it goes to.
    to_control: bool,
    /// Whether its address names another ticket than what else it says.
    contradicted: bool,
    /// Whether somebody whom the site believes vouches for From.
    vouched: bool,
    /// Why nobody does, where the site has a border mail server that could.
    unverified: Option<String>,
}

impl<'a> Deliberation<'a> {
    fn new(facts: &'a dyn Facts, arrival: &'a Arrival<'a>) -> Self {
        Deliberation {
            desk: Desk::new(facts, arrival.now),
            arrival,
            refolded: None,
            commands: Vec::new(),
            transcript_of: None,
            given: Given::default(),
            to_control: false,
            contradicted: false,
            vouched: false,
            unverified: None,
        }
    }

    /// What kind of mail it is.
    fn class(&self) -> Class {
        self.desk.class.unwrap_or(self.arrival.kind.class)
    }

    /// What of the message's text is folded away.
    fn folds(&self) -> &[Range<usize>] {
        self.refolded.as_ref().map_or(&self.arrival.message.folds, |folded| &folded.folds)
    }

    fn end(self, verdict: Verdict, reason: impl Into<String>, trust: Trust, ticket: Option<u64>) -> Decision {
        self.desk.end(verdict, reason, trust, ticket)
    }
}

/// What staff are told of a mail that could not be read whole.
fn damage(defect: &Defect) -> String {
    format!("Something in this mail could not be read whole: {}.", defect.detail)
}

/// An event that the message makes: its words, its files, its class.
fn event<'e>(
    d: &Deliberation<'e>,
    names: Vec<&'static str>,
    ticket: &'e Ticket,
    sender: &'e Sender,
) -> Result<Event<'e>, FactError> {
    let message = d.arrival.message;
    let mut files = Vec::new();
    for (position, file) in message.attachments.iter().enumerate() {
        if passes(d, position, ticket.number, names.contains(&"create"))? {
            let size = u64::try_from(file.size).unwrap_or(u64::MAX);
            files.push(File { name: &file.name, size, source: NoticeFile::Arrived(position) });
        }
    }
    let (text, folded) = match &d.refolded {
        _ if names.contains(&"create") => (d.whole_text(), 0),
        Some(folded) => (Cow::Owned(folded.new.clone()), folded.unknown),
        None => (Cow::Borrowed(message.reply.as_str()), 0),
    };
    let class = d.class();
    Ok(Event {
        by: sender.by(),
        content: Content { text, folded, internal: names.contains(&"comment"), files },
        message: Some(message),
        class: class.as_str(),
        automatic: class.is_automatic() && class != Class::Spam,
        effects: Effects::of(class),
        ..Event::new(names, ticket)
    })
}

/// Whether a file is passed on with what was written: not what the mail itself needed, and no picture that stands in what is
/// folded away, or seems to be none of what is new and is on the ticket already (A139). What opens a ticket is told whole, so that what it answers or passes on is not
/// folded there. All of them stay on the ticket.
fn passes(d: &Deliberation<'_>, position: usize, ticket: u64, opens: bool) -> Result<bool, FactError> {
    let message = d.arrival.message;
    if message.is_seal(position) || message.is_repeated_calendar(position) {
        return Ok(false);
    }
    // What the text says to the program is for nobody else, in whatever form it stands in a file.
    if !d.commands.is_empty() && by_mail::holds_commands(message, position) {
        return Ok(false);
    }
    let whole = opens && (message.answers || message.forwarded.is_some());
    if !whole && message.is_folded_picture(position, d.folds()) {
        return Ok(false);
    }
    Ok(opens || !by_mail::is_known_picture(d, position, Some(ticket))?)
}

/// Who has the message itself: the people in its To and Cc.
fn addressed(d: &Deliberation<'_>) -> Vec<String> {
    let site = d.facts.site();
    place::addressees(d).map(|a| a.key()).filter(|address| site.own_address(address).is_none()).collect()
}

/// Tells of what a mail wrote on a ticket that exists and changes nothing else; `written` is its name in rules.
fn tell(d: &mut Deliberation<'_>, written: &'static str, ticket: &Ticket, sender: &Sender) -> Result<(), FactError> {
    let event = event(d, vec![written], ticket, sender)?.with_people(d)?;
    notify::run(d, &event)
}

impl<'a> Deref for Deliberation<'a> {
    type Target = Desk<'a>;

    fn deref(&self) -> &Desk<'a> {
        &self.desk
    }
}

impl DerefMut for Deliberation<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.desk
    }
}
