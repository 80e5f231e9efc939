//! Mail that staff pass on: whose ticket it opens, and taking that back (A134, A135).
//!
//! Only what opens a ticket counts, and only from somebody who works here: a customer's forward says what they want to say
//! and changes nobody's part, and an answer on a ticket never changes its requestor (A151).

use super::Deliberation;
use super::act::{ActRefusal, actor_party, existing, name_of};
use super::acting::Acting;
use super::commands::people;
use super::desk::Desk;
use super::sender::{Sender, may_open_for_others};

use crate::act::{Act, Operator, Order};
use crate::decision::{Change, Decision, EntryKind, FieldChange, NewEntry, RefKind, Verdict};
use crate::facts::{FactError, Facts};
use crate::rights::Right;
use crate::types::{Party, Person, Trust, WatchRole};
use postern_mail::{ForwardSource, Forwarded, Message, ident};

/// The field of the history that names who opened a ticket for somebody else.
pub(super) const SUBMITTED_BY: &str = "submitted_by";
/// The field of the history that keeps the Message-ID of the mail itself.
const ORIGINAL: &str = "original";

/// A mail that somebody who works here passed on, and that counts.
pub(super) struct Forward {
    /// Who passed it on.
    pub(super) by: Party,
    /// Who wrote it, and becomes the requestor.
    pub(super) requestor: Party,
    /// What shows it.
    pub(super) source: ForwardSource,
    /// The Message-IDs of the mail itself and of those that it answers.
    pub(super) ids: Vec<String>,
    /// Its subject, where it says one.
    pub(super) subject: Option<String>,
    /// Whether a person wrote it who reads answers, as far as can be seen.
    pub(super) answerable: bool,
}

impl Forward {
    /// What the first entry of the ticket says of it.
    pub(super) fn changes(&self) -> Vec<FieldChange> {
        let set =
            |field: &'static str, address: &String| FieldChange { field: field.into(), from: None, to: Some(address.clone()) };
        let people = [set(people::REQUESTORS.name, &self.requestor.address), set(SUBMITTED_BY, &self.by.address)];
        people.into_iter().chain(self.original().map(|id| set(ORIGINAL, id))).collect()
    }

    /// The Message-ID of the mail itself, under which answers thread for who wrote it.
    pub(super) fn original(&self) -> Option<&String> {
        self.ids.first()
    }

    /// What staff are told of it. `commands`: whether an answer can say what is to be.
    pub(super) fn remark(&self, ticket: u64, commands: bool) -> String {
        let did = if self.source == ForwardSource::Resent { "redirected" } else { "forwarded" };
        let (by, requestor, source) = (self.by.display(), &self.requestor.address, self.source.as_str());
        let named = match commands {
            true => "answer with !requestors=ADDRESS on the first line to name somebody.".to_owned(),
            false => format!("postern ticket set {ticket} requestors=ADDRESS names somebody."),
        };
        let unread = match self.answerable {
            true => String::new(),
            false => {
                format!(" A program or a list seems to have written it, so answers to {requestor} may be read by nobody: {named}")
            }
        };
        let by_mail = match commands {
            true => format!("answer with !requestors={} on the first line, or ", self.by.address),
            false => String::new(),
        };
        format!(
            "{by} {did} this; the requestor is {requestor}, whose mail it was ({source}).{unread} If that is wrong: {by_mail}postern \
             ticket unforward {ticket}"
        )
    }
}

/// The forward that a mail is which opens a ticket, if it counts. Says in the trail why it does or does not.
pub(super) fn find(d: &mut Deliberation<'_>, sender: &Sender) -> Result<Option<Forward>, FactError> {
    let message = d.arrival.message;
    // Who forges a technician's forward opens a ticket for somebody who never wrote, and our answers go there: where senders are
    // verified, this must be.
    let verifies = !d.facts.site().trust.authserv_id.is_empty();
    let verified = !verifies || d.arrival.released || sender.is_vouched_enough(d.facts.site());
    let claims = may_open_for_others(sender.person.as_ref());
    let staff = claims && verified;
    match &message.forwarded {
        Some(original) if staff && original.source != ForwardSource::Resent => by_staff(d, sender, original),
        Some(original) => {
            let redirected = redirected(d, sender, message)?;
            if redirected.is_none() {
                let why = match (staff, claims) {
                    (true, _) => "it is their own mail",
                    (_, true) => "its sender is not verified",
                    _ => "nobody who works here passed it on",
                };
                not_counted(d, original, why);
            }
            Ok(redirected)
        }
        None => {
            if staff && postern_mail::says_forward(&message.subject) {
                let text =
                    "its subject says that it is a forward, but no attached mail or header block at its top names a sender";
                d.note("sender", text);
            }
            Ok(None)
        }
    }
}

/// The ticket that has a forwarded mail already, or another one of its thread. Only the attached mail itself and what it names
/// tell: ids in the forward's own header would have led there.
pub(super) fn thread_of(d: &mut Deliberation<'_>, forward: Option<&Forward>) -> Result<Option<u64>, FactError> {
    for id in forward.iter().flat_map(|forward| &forward.ids) {
        let tickets = d.facts.tickets_of(id)?;
        if let Some((number, _)) = tickets.into_iter().find(|(_, kind)| *kind == RefKind::Seen)
            && let Some(ticket) = d.facts.ticket(number)?
        {
            d.note("ticket", format!("the forwarded mail, or one of its thread, is on #{}: linked", ticket.number));
            return Ok(Some(ticket.number));
        }
    }
    Ok(None)
}

/// Notes that a mail passes something on, and what that is for a ticket that exists: nothing.
pub(super) fn on_a_ticket(d: &mut Deliberation<'_>) {
    if let Some(original) = &d.arrival.message.forwarded {
        not_counted(d, original, "it belongs to a ticket, and no mail changes a requestor");
    }
}

fn not_counted(d: &mut Deliberation<'_>, original: &Forwarded, why: &str) {
    let (from, source) = (original.from.key(), original.source.as_str());
    d.note("sender", format!("it passes on a mail of {from} ({source}), which does not count: {why}"));
}

/// Somebody who works here forwards a mail. The requestor is its sender, if answers to them make sense.
fn by_staff(d: &mut Deliberation<'_>, sender: &Sender, original: &Forwarded) -> Result<Option<Forward>, FactError> {
    let Some(by) = sender.party.clone() else { return Ok(None) };
    let address = original.from.key();
    let person = d.facts.person(&address)?;
    if let Some(why) = unfit(d, &address, person.as_ref()) {
        not_counted(d, original, why);
        if address != by.address {
            d.remarks.push(format!("{} forwarded a mail of {address} and stays the requestor: {why}.", by.display()));
        }
        return Ok(None);
    }
    let name = person.as_ref().map(|p| p.name.clone()).filter(|n| !n.is_empty()).unwrap_or_else(|| original.from.name.clone());
    let requestor = Party { person: person.map(|p| p.id), address, name };
    let source = original.source.as_str();
    d.note(
        "sender",
        format!("{} works here and forwards a mail of {} ({source}): the requestor", by.display(), requestor.address),
    );
    Ok(Some(Forward {
        by,
        requestor,
        source: original.source,
        ids: original.ids.iter().filter(|id| ident::read(&d.facts.site().keys, id).is_none()).cloned().collect(),
        subject: original.subject.clone(),
        answerable: original.answerable,
    }))
}

/// Why somebody cannot be the requestor of what a colleague forwards. Among colleagues a forward hands work on: the one in its
/// header block is where the mail came through, and the customer, if there is one, stands further down, where nothing counts.
/// Answers that go to the forwarder are put right by hand; answers that go to the wrong person are not.
fn unfit(d: &Deliberation<'_>, address: &str, person: Option<&Person>) -> Option<&'static str> {
    match person {
        _ if d.facts.site().own_address(address).is_some() => Some("that is an address of ours"),
        Some(person) if person.disabled => Some("who is gone and gets no mail"),
        Some(person) if person.is_staff() => Some("who works here, too"),
        _ => None,
    }
}

/// A mail as its sender wrote it, sent on by Resent-From: the requestor is From in any case. Only where somebody who works here
/// did it, it is said who.
fn redirected(d: &mut Deliberation<'_>, sender: &Sender, message: &Message) -> Result<Option<Forward>, FactError> {
    let (Some(by), Some(requestor)) = (&message.resent_from, sender.party.clone()) else { return Ok(None) };
    if d.facts.site().own_address(&requestor.address).is_some() {
        return Ok(None);
    }
    let address = by.key();
    let person = d.facts.person(&address)?;
    let Some(person) = person.filter(|p| may_open_for_others(Some(p)) && !may_open_for_others(sender.person.as_ref())) else {
        d.note("sender", format!("redirected by {address}: the requestor is From"));
        return Ok(None);
    };
    d.note("sender", format!("redirected by {}, who works here: the requestor is From", person.name));
    Ok(Some(Forward {
        by: Party { address, ..Party::from(&person) },
        requestor,
        source: ForwardSource::Resent,
        ids: Vec::new(),
        subject: None,
        answerable: message.forwarded.as_ref().is_none_or(|original| original.answerable),
    }))
}

/// Makes the forwarder the requestor, as if the mail had been none.
pub(super) fn revert(facts: &dyn Facts, act: &Act, number: u64) -> Result<Decision, ActRefusal> {
    let ticket = existing(facts, number)?;
    let number = ticket.number;
    let refused = |wrong: &str| ActRefusal::NotForwarded { ticket: number, wrong: wrong.to_owned() };
    let submission = facts.submission(number)?.ok_or_else(|| refused("was not opened by forwarding somebody's mail"))?;
    if submission.reverted {
        return Err(refused("is no forward any more: that was taken back before"));
    }
    let mut acting = Acting::on(Desk::new(facts, act.now), &act.by, ticket)?;
    acting.trust = act.trust;
    acting.must(Right::Watch)?;
    let person = facts.person(&submission.requestor)?.map(|person| person.id);
    let asks = |p: &Party| p.address == submission.requestor || (person.is_some() && p.person == person);
    if !acting.of_role(WatchRole::Requestor).iter().any(asks) {
        return Err(refused("has other requestors by now: they were changed since it was opened"));
    }
    let requestors =
        |operator, address: &String| Order { command: people::REQUESTORS.name.to_owned(), operator, value: address.clone() };
    let orders = vec![requestors(Operator::Add, &submission.by), requestors(Operator::Remove, &submission.requestor)];
    acting.obey_all(&Act { orders, ..act.clone() })?;
    let mut changes = std::mem::take(&mut acting.changed);
    changes.push(FieldChange { field: SUBMITTED_BY.into(), from: Some(submission.by.clone()), to: None });
    let text = format!("No forward after all: {} is the requestor, {} is not.", submission.by, submission.requestor);
    let entry = NewEntry::internal(EntryKind::Note, actor_party(act), Some(text), changes);
    acting.desk.changes.push(Change::Entry { ticket: number, entry });
    let reason = format!("{} made {} the requestor of #{number}, who had forwarded it", name_of(act), submission.by);
    Ok(acting.desk.end(Verdict::Commanded, reason, Trust::Authenticated, Some(number)))
}
