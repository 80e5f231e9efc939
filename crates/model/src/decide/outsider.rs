//! Mail of somebody who has no part in the ticket, where its queue lets such mail wait among staff (A64), and letting it in.

use super::act::{ActRefusal, actor_party, existing, name_of};
use super::acting::Acting;
use super::commands::status;
use super::desk::Desk;
use super::effect::{entry, on_answer};
use super::notify::{self, By, Content, Event, File};
use super::sender::Sender;
use super::thread::Found;
use super::{Deliberation, Refusal, fold};
use crate::act::Act;
use crate::decision::{Change, Decision, EntryKind, FieldChange, NewEntry, NoticeFile, Verdict};
use crate::facts::{Facts, KeptEntry, OutsidersMail};
use crate::life_cycle::Movement;
use crate::rights::Right;
use crate::types::{Person, Ticket, Trust};
use postern_mail::quote;

/// The field of the history that names an outsider whose mail waits to be let in; the store finds such mails by it.
const OUTSIDER: &str = "outsider";
/// The field of the history that names the entry that was let in.
const APPROVED: &str = "approved";

/// An outsider's mail joins the ticket for staff alone, until one of them lets it in. Until then nobody whom it names may join the
/// ticket by that, and the ticket knows no id that it names: a second address in Cc would be a way in.
pub(super) fn joins(mut d: Deliberation<'_>, sender: &Sender, found: &Found, ticket: &Ticket) -> Result<Decision, Refusal> {
    let number = ticket.number;
    let who = sender.display().to_owned();
    let how = format!("until it is let in, at the command line: postern ticket approve {number}.");
    d.remarks.push(format!("{who} has no part in this ticket, so only staff see this {how}"));
    let reason = format!("from an outsider: {who} has no part in #{number}, so it is internal until somebody approves it");
    let trust = sender.trust(found.answers_us());
    let changes = vec![FieldChange { field: OUTSIDER.into(), from: None, to: sender.address().map(str::to_owned) }];
    fold::by_knowledge(&mut d, number)?;
    let entry = entry(&d, sender, EntryKind::Comment, true, changes);
    d.changes.push(Change::Entry { ticket: number, entry });
    super::tell(&mut d, "comment", ticket, sender)?;
    Ok(d.end(Verdict::Commented, reason, trust, Some(number)))
}

/// Lets an outsider's mail in: customers are told of it as of any answer by that person, who may join the ticket from now on and
/// watches nothing (A151).
pub(super) fn approve(facts: &dyn Facts, act: &Act, number: u64, entry: Option<i64>) -> Result<Decision, ActRefusal> {
    let ticket = existing(facts, number)?;
    let number = ticket.number;
    let mail = waiting(facts, number, entry)?;
    let missing = ActRefusal::NoSuchEntry { ticket: number, entry: mail.entry };
    let kept = facts.entry(number, Some(mail.entry))?.ok_or(missing)?;
    let mut acting = Acting::on(Desk::new(facts, act.now), &act.by, ticket)?;
    acting.must(Right::Reply)?;
    acting.desk.changes.push(Change::Approve { entry: mail.entry });
    if let Movement::To(status) = on_answer(facts, &acting.ticket, act.now) {
        status::moved(&mut acting, status);
    }
    let (after, moved) = (acting.ticket.clone(), acting.changed.clone());
    let mut desk = acting.desk;
    let approved = FieldChange { field: APPROVED.into(), from: None, to: Some(mail.entry.to_string()) };
    let changes = [vec![approved], moved.clone()].concat();
    let entry = NewEntry::internal(EntryKind::Change, actor_party(act), None, changes);
    desk.changes.push(Change::Entry { ticket: number, entry });
    let who = mail.by.as_ref().map_or("an unknown sender", |by| by.address.as_str()).to_owned();
    let addresses: Vec<String> = mail.by.iter().map(|by| by.address.clone()).collect();
    if addresses.iter().any(|address| facts.site().own_address(address).is_none()) {
        desk.changes.push(Change::Participants { ticket: number, addresses });
    }
    if act.quiet {
        desk.note("mail", "to nobody: it was asked for");
    } else {
        tell(&mut desk, act, (&mail, &kept), &after, &moved)?;
    }
    let reason = format!("{} approved entry {} of #{number}, by {who}, who may join it from now on", name_of(act), mail.entry);
    Ok(desk.end(Verdict::Corresponded, reason, Trust::Authenticated, Some(number)))
}

/// The mail that is meant.
fn waiting(facts: &dyn Facts, number: u64, entry: Option<i64>) -> Result<OutsidersMail, ActRefusal> {
    let refused = |wrong: String| ActRefusal::NotWaiting { wrong, cure: format!("show {number}") };
    let mut mails = facts.outsiders(number)?;
    if let Some(id) = entry {
        let found = mails.iter().position(|mail| mail.entry == id).map(|at| mails.swap_remove(at));
        return match found {
            Some(mail) if mail.waits => Ok(mail),
            Some(_) => Err(refused(format!("entry {id} of #{number} was approved before"))),
            None => Err(refused(format!("entry {id} is no outsider's mail on #{number} that waits to be approved"))),
        };
    }
    mails.retain(|mail| mail.waits);
    match (mails.pop(), mails.len()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err(refused(format!("no entry of #{number} waits to be approved"))),
        (Some(last), _) => {
            let ids: Vec<String> = mails.iter().map(|mail| mail.entry.to_string()).collect();
            let wrong = format!("entries {} and {} of #{number} wait to be approved", ids.join(", "), last.entry);
            Err(ActRefusal::NotWaiting { wrong, cure: format!("approve {number} {}", last.entry) })
        }
    }
}

/// Tells those who were not told when it came: requestors and Ccs, of the outsider's words.
fn tell(
    desk: &mut Desk<'_>,
    act: &Act,
    (mail, kept): (&OutsidersMail, &KeptEntry),
    after: &Ticket,
    moved: &[FieldChange],
) -> Result<(), ActRefusal> {
    let works_here = match &mail.by {
        Some(by) => desk.facts.person(&by.address)?.as_ref().is_some_and(Person::is_staff),
        None => false,
    };
    let files = kept.files.iter().enumerate().map(|(position, (name, size))| File {
        name,
        size: *size,
        source: NoticeFile::Kept { entry: kept.id, position },
    });
    let text = quote::new_text_of(&kept.text, mail.folds.as_deref());
    let knows: Vec<String> = mail.told.iter().cloned().chain(actor_party(act).map(|party| party.address)).collect();
    let event = Event {
        by: By { party: mail.by.as_ref(), answer_to: None, staff: works_here },
        content: Content { text: text.into(), folded: 0, internal: false, files: files.collect() },
        changes: moved,
        leave_out: knows,
        ..Event::new(notify::names(desk.facts.site().life_cycle(after.queue), Some("correspond"), moved, false), after)
    };
    let event = event.with_people(desk)?;
    Ok(notify::run(desk, &event)?)
}
