//! What a person's mail does: opens a ticket, answers, comments, takes, resolves, or is held.

use super::by_mail::{self, Given, Giver, Many, Way};
use super::confirm::Hold;
use super::notify::{self, Event};
use super::opening::{Opening, open_ticket};
use super::place::{Place, addressees};
use super::sender::Sender;
use super::standing::{Standing, standing};
use super::thread::Found;
use super::work::{Lacks, Work};
use super::{Deliberation, Refusal, brakes, commands, fold, forward, freed, outsider};
use crate::arrival::Action;
use crate::decision::{Change, Decision, EntryKind, FieldChange, NewEntry, Verdict};
use crate::effects::Effects;
use crate::facts::Facts;
use crate::letter::Filed;
use crate::life_cycle::Movement;
use crate::site::{AfterClose, Strangers};
use crate::types::{Party, Ticket, Trust};
use crate::warning::Why;
use postern_mail::address::address_key;
use postern_mail::{Class, ident};

/// How many people a mail can bring into a ticket, and how many unseen parents it can name.
const MAX_PEOPLE: usize = 50;
const MAX_NAMED: usize = 20;
const MICROSECONDS_PER_DAY: i64 = 86_400_000_000;

/// Decides on mail that a person wrote.
pub(super) fn decide(mut d: Deliberation<'_>, sender: Sender, mut place: Place, found: Found) -> Result<Decision, Refusal> {
    if let Some(why) = d.unverified.clone().filter(|_| !d.arrival.released) {
        d.desk.marks.push(format!("Sender not verified: {why}"));
    }
    if wants_to_be_surer(&d, &sender, &found) {
        let trust = sender.trust(found.answers_us());
        let ticket = found.ticket.as_ref().map(|ticket| ticket.number);
        let reason = format!("sender not verified: says it is {}, and the site wants to be surer of customers", sender.display());
        return Ok(d.end(Verdict::Quarantined, reason, trust, ticket));
    }
    drop_commands(&mut d, &mut place);
    let acknowledge = tells_nothing(&d, &sender, &place, &found);
    let Some(ticket) = &found.ticket else { return open_new(d, sender, &place, &found, acknowledge) };
    let number = ticket.number;
    forward::on_a_ticket(&mut d);
    let standing = standing(&mut d, &sender, &place, &found, ticket)?;
    match standing {
        Standing::Staff => staff_answer(d, &sender, &place, &found, ticket),
        // Among colleagues a technician's name is enough to answer, not to command.
        Standing::Customer if sender.claims_staff() && !d.arrival.released && by_mail::says_anything(&d, Some(ticket))? => {
            hold_technician(d, &sender, &found, ticket)
        }
        Standing::Customer => customer_answer(d, sender, place, &found, ticket),
        Standing::UnverifiedStaff => hold_technician(d, &sender, &found, ticket),
        Standing::Stranger if found.internal || place.is_comment() => {
            let trust = sender.trust(false);
            let reason = format!("{} has no part in #{number}, and the mail is meant for staff alone", sender.display());
            Ok(d.end(Verdict::Quarantined, reason, trust, Some(number)))
        }
        Standing::Stranger if policy(&d, ticket) == Strangers::Accept => {
            d.note("sender", format!("{} has no part in #{number}, and this queue lets everybody answer", sender.display()));
            customer_answer(d, sender, place, &found, ticket)
        }
        Standing::Stranger => {
            d.note(
                "sender",
                format!("{} has no part in #{number}: {}, and that gives no authority", sender.display(), found.how),
            );
            if policy(&d, ticket) == Strangers::Internal && on_answer(d.facts, ticket, d.now) != Movement::NewTicket {
                return outsider::joins(d, &sender, &found, ticket);
            }
            d.remarks.push(format!("The sender referred to #{number} but has no part in it."));
            let reason = format!("new ticket: {} has no part in #{number}", sender.display());
            open_ticket(
                d,
                sender,
                &place,
                Opening { related: Some(number), reason, unknown_tag: None, acknowledge, thread: None, forward: None },
            )
        }
    }
}

/// Whether the site wants to be surer of customers than it is of this one.
fn wants_to_be_surer(d: &Deliberation<'_>, sender: &Sender, found: &Found) -> bool {
    let needed = sender.needed(d.facts.site());
    let lacks = needed > Trust::Claimed && sender.trust(found.answers_us()) < needed;
    lacks && !sender.claims_staff() && !d.arrival.released
}

/// Mail that names no ticket that exists opens one.
fn open_new(
    mut d: Deliberation<'_>,
    sender: Sender,
    place: &Place,
    found: &Found,
    acknowledge: bool,
) -> Result<Decision, Refusal> {
    let giver = Giver::of_new_ticket(&d, &sender);
    if sender.claims_staff() && giver == Giver::Nobody && by_mail::says_anything(&d, None)? {
        return hold_opening(d, &sender, place);
    }
    d.given = by_mail::look(&mut d, giver, None)?;
    let forward = forward::find(&mut d, &sender)?;
    let thread = forward::thread_of(&mut d, forward.as_ref())?;
    let reason = match found.unknown_tag {
        Some(number) => format!("new ticket: its subject names #{number}, which does not exist"),
        None => "new ticket: it belongs to no other".to_owned(),
    };
    let opening = Opening { related: None, reason, unknown_tag: found.unknown_tag, acknowledge, thread, forward };
    open_ticket(d, sender, place, opening)
}

/// Mail in a technician's name that nothing proves is held, and they are asked (E6).
fn hold_technician(mut d: Deliberation<'_>, sender: &Sender, found: &Found, ticket: &Ticket) -> Result<Decision, Refusal> {
    let (who, number) = (sender.display().to_owned(), ticket.number);
    let lacks = match sender.needed(d.facts.site()) {
        Trust::Token => "it answers no mail that went to them as staff",
        _ => "nothing verifies that they sent it",
    };
    d.note("sender", format!("From names {who}, who works here, but {lacks}"));
    let trust = sender.trust(found.answers_us());
    let reason = format!("sender not verified: says it is {who} and would act as staff on #{number}");
    Ok(d.hold_for_confirmation(sender, Hold { reason, trust, ticket: Some(number), queue: ticket.queue, many: None })?)
}

/// Mail whose commands do very much is held, and its sender is asked whether that is meant.
fn hold_many(d: Deliberation<'_>, sender: &Sender, found: &Found, (many, ticket): (Many, &Ticket)) -> Result<Decision, Refusal> {
    let (trust, reason) = (sender.trust(found.answers_us()), many.reason(sender.display()));
    let hold = Hold { reason, trust, ticket: Some(ticket.number), queue: ticket.queue, many: Some(many) };
    Ok(d.hold_for_confirmation(sender, hold)?)
}

/// The same for mail with commands that belongs to no ticket.
fn hold_opening(mut d: Deliberation<'_>, sender: &Sender, place: &Place) -> Result<Decision, Refusal> {
    let who = sender.display().to_owned();
    d.note("sender", format!("From names {who}, who works here, and it gives commands, but nothing verifies that they sent it"));
    let reason = format!("sender not verified: says it is {who} and would give commands");
    Ok(d.hold_for_confirmation(
        sender,
        Hold { reason, trust: sender.trust(false), ticket: None, queue: place.queue, many: None },
    )?)
}

/// Whether an acknowledgement shows nobody which tickets exist (A97). Where mail that names a number would be held or would join, none
/// goes out; so none may go out for a number that does not exist, to whoever guesses numbers in somebody else's name.
fn tells_nothing(d: &Deliberation<'_>, sender: &Sender, place: &Place, found: &Found) -> bool {
    let same = |other: &Party| sender.party.as_ref().is_some_and(|p| p.address == other.address);
    let to_sender = sender.answer_to.as_ref().is_none_or(same);
    let linked = d.facts.site().queues.iter().all(|queue| queue.strangers == Strangers::Ticket);
    !found.names_number || (linked && to_sender && !place.is_comment())
}

/// What becomes of strangers' mail on a ticket.
fn policy(d: &Deliberation<'_>, ticket: &Ticket) -> Strangers {
    d.facts.site().queue(ticket.queue).map(|queue| queue.strangers).unwrap_or_default()
}

/// Mail of classes that give no commands, such as a list's, only writes.
fn drop_commands(d: &mut Deliberation<'_>, place: &mut Place) {
    let commands = |action: &Action| matches!(action, Action::Take | Action::Resolve);
    if Effects::of(d.class()).commands || !place.actions.iter().any(commands) {
        return;
    }
    let class = d.class().as_str();
    d.note("action", format!("take and resolve are not done for mail of class {class}"));
    place.actions.retain(|action| !commands(action));
    if place.actions.is_empty() {
        place.actions.push(Action::Correspond);
    }
}

/// What a customer's answer does to a ticket, by its status and its queue's window.
pub(super) fn on_answer(facts: &dyn Facts, ticket: &Ticket, now: i64) -> Movement {
    let reopen_days = facts.site().queue(ticket.queue).map_or(14, |q| q.reopen_days);
    let window = i64::from(reopen_days) * MICROSECONDS_PER_DAY;
    let cycle = facts.site().life_cycle(ticket.queue);
    if cycle.is_final(&ticket.status) {
        return match facts.site().queue(ticket.queue).map(|queue| queue.after_close).unwrap_or_default() {
            AfterClose::New => Movement::NewTicket,
            AfterClose::Reopen => Movement::To(cycle.reopening()),
            AfterClose::Join => Movement::Stay,
        };
    }
    cycle.on_customer_answer(&ticket.status, ticket.resolved.map(|t| now - t), window)
}

/// A customer's answer: never lost, never more than an answer.
fn customer_answer(
    mut d: Deliberation<'_>,
    sender: Sender,
    place: Place,
    found: &Found,
    ticket: &Ticket,
) -> Result<Decision, Refusal> {
    let number = ticket.number;
    let internal = place.is_comment() || found.internal;
    let movement = if internal { Movement::Stay } else { on_answer(d.facts, ticket, d.now) };
    let acknowledge = tells_nothing(&d, &sender, &place, found);
    if movement == Movement::NewTicket {
        d.remarks.push(format!("Follows #{number}, which is {}.", ticket.status.as_str()));
        let reason = format!("new ticket: #{number} is {} and takes no more answers", ticket.status.as_str());
        return open_ticket(
            d,
            sender,
            &place,
            Opening { related: Some(number), reason, unknown_tag: None, acknowledge, thread: None, forward: None },
        );
    }
    let mut reason = format!("{}; {} has a part in #{number}", found.how, sender.display());
    if !internal && d.facts.site().life_cycle(ticket.queue).is_final(&ticket.status) {
        let choice = d.facts.site().queue(ticket.queue).map(|queue| queue.after_close).unwrap_or_default();
        reason.push_str(&format!(", which is {}: the queue says after_close = {:?}", ticket.status, choice.as_str()));
    }
    if place.actions.iter().any(|a| matches!(a, Action::Take | Action::Resolve)) {
        d.note("action", "take and resolve need a technician: not done");
        reason.push_str("; take or resolve not done, they need a technician");
    }
    fold::by_knowledge(&mut d, number)?;
    let giver = Giver::customer(&d, &sender, found);
    let given = by_mail::look(&mut d, giver, Some(ticket))?;
    let mut work = Work::begin(&mut d, (&sender, found), ticket, given)?;
    let writes = work.given.writes(&[Action::Correspond]);
    // What a customer writes is filed, whatever they try.
    if work.is_trial() && !writes {
        return trial(d, &sender, found, &work);
    }
    if let Some(many) = work.outcome.many {
        return hold_many(d, &sender, found, (many, ticket));
    }
    if matches!(movement, Movement::To(_)) && writes && !work.outcome.moves {
        work.go_on(&mut d, |acting| {
            if let Movement::To(status) = on_answer(acting.desk.facts, &acting.ticket, acting.desk.now) {
                commands::status::moved(acting, status);
            }
        })?;
    }
    let verdict = if internal { Verdict::Commented } else { Verdict::Corresponded };
    let verdict = settle(&mut d, (&sender, found), &work, writes.then_some(internal))?.unwrap_or(verdict);
    let way = Way { wanted: false, filed: writes.then_some(Filed::AsUsual), queue: Some(ticket.queue) };
    by_mail::tell_giver(&mut d, &sender, work.told(), way)?;
    work.explain(&mut reason);
    let trust = sender.trust(found.answers_us());
    Ok(d.end(verdict, reason, trust, Some(number)))
}

/// A technician's mail: its actions in order, each on what the one before left (A17, A18).
fn staff_answer(
    mut d: Deliberation<'_>,
    sender: &Sender,
    place: &Place,
    found: &Found,
    ticket: &Ticket,
) -> Result<Decision, Refusal> {
    let meant = place.is_comment() || found.internal;
    let mut reason = format!("{}; {} works here", found.how, sender.display());
    let why = match (d.arrival.released, sender.vouched) {
        (true, _) => "a person released it",
        (_, true) => "the sender is verified",
        _ => "it answers a mail that went to them as staff, by an id that nobody else knows",
    };
    d.note("sender", format!("{} is believed: {why}", sender.display()));
    if meant && !place.is_comment() {
        reason.push_str("; it answers an internal mail, so it stays internal");
    }
    if d.arrival.released {
        reason.push_str(", released from quarantine");
    }
    // Take and resolve by the pipe's option alone look at no text.
    let reads = place.actions.iter().any(|a| matches!(a, Action::Correspond | Action::Comment));
    let given = if reads {
        fold::by_knowledge(&mut d, ticket.number)?;
        let given = by_mail::look(&mut d, Giver::Staff, Some(ticket))?;
        by_mail::approval::look(&mut d, given, (sender, found), (ticket, meant))?
    } else {
        Given::default()
    };
    let internal = given.internal().unwrap_or(meant);
    let writes = given.writes(&place.actions);
    let mut work = Work::begin(&mut d, (sender, found), ticket, given)?;
    if work.is_trial() {
        return trial(d, sender, found, &work);
    }
    if let Some(many) = work.outcome.many {
        return hold_many(d, sender, found, (many, ticket));
    }
    if let Some(lacks) = work.take_turns(&mut d, &place.actions, internal, &mut reason)? {
        return hold_without_right(d, sender, found, lacks);
    }
    let trust = sender.trust(found.answers_us());
    let verdict = if internal { Verdict::Commented } else { Verdict::Corresponded };
    let verdict = settle(&mut d, (sender, found), &work, writes.then_some(internal))?.unwrap_or(verdict);
    // Whoever answers a transcript may mean the customer.
    let apart = writes && internal && found.transcript && work.given.internal() != Some(true);
    let filed = writes.then_some(if apart { Filed::Comment } else { Filed::AsUsual });
    by_mail::tell_giver(&mut d, sender, work.told(), Way { wanted: apart, filed, queue: Some(ticket.queue) })?;
    work.explain(&mut reason);
    Ok(d.end(verdict, reason, trust, Some(ticket.number)))
}

/// What somebody who works here may not write on a ticket is held with its commands: nothing of it is done, nothing is lost, and an
/// administrator hears of it.
fn hold_without_right(
    mut d: Deliberation<'_>,
    sender: &Sender,
    found: &Found,
    Lacks { right, ticket, why }: Lacks,
) -> Result<Decision, Refusal> {
    let reason = format!("{} may not {right} on #{ticket}: {why}", sender.display());
    brakes::warn(&mut d, sender, Why::Other(reason.clone()))?;
    let trust = sender.trust(found.answers_us());
    Ok(d.end(Verdict::Quarantined, reason, trust, Some(ticket)))
}

/// Nothing is done, and whoever asked is told what would be.
fn trial(mut d: Deliberation<'_>, sender: &Sender, found: &Found, work: &Work<'_>) -> Result<Decision, Refusal> {
    let way = Way { queue: Some(work.ticket().queue), ..Way::default() };
    by_mail::tell_giver(&mut d, sender, work.told(), way)?;
    let reason = format!("{}; {} asked what its commands would do, so nothing is done", found.how, sender.display());
    Ok(d.end(Verdict::Recorded, reason, sender.trust(found.answers_us()), Some(work.ticket().number)))
}

/// Writes what a mail did, and tells those concerned. `internal`: of its text, where it is filed. Returns the verdict where no text is.
fn settle(
    d: &mut Deliberation<'_>,
    (sender, found): (&Sender, &Found),
    work: &Work<'_>,
    internal: Option<bool>,
) -> Result<Option<Verdict>, Refusal> {
    let case = &work.outcome.case;
    let verdict = match internal {
        Some(internal) => {
            record(d, (sender, found), work, internal)?;
            None
        }
        // What did nothing leaves nothing on the ticket.
        None if case.changed.is_empty() && !work.outcome.done => Some(Verdict::Recorded),
        None => {
            let entry = NewEntry { text: None, folds: None, ..entry(d, sender, EntryKind::Change, false, case.changed.clone()) };
            d.changes.push(Change::Entry { ticket: case.ticket.number, entry });
            tell(d, None, sender, work)?;
            Some(Verdict::Commanded)
        }
    };
    by_mail::settle_beside(d, sender, &work.outcome, work.given.is_quiet())?;
    let cases: Vec<_> = work.outcome.cases().collect();
    freed::tell(d, &cases, sender.by(), work.given.is_quiet())?;
    Ok(verdict)
}

/// Tells of an answer, or of what it changed: with the people that the ticket has after its commands.
fn tell(d: &mut Deliberation<'_>, written: Option<&'static str>, sender: &Sender, work: &Work<'_>) -> Result<(), Refusal> {
    if work.given.is_quiet() {
        d.note("mail", "to nobody: it was asked for");
        return Ok(());
    }
    let (case, after) = (&work.outcome.case, work.ticket());
    let changes: Vec<FieldChange> = case.so_far().cloned().collect();
    let names = notify::names(d.facts.site().life_cycle(after.queue), written, &changes, case.was_over);
    let mut event = super::event(d, names, after, sender)?.with_case(case);
    event.queues.extend(d.watching_queues(after.number)?);
    let content = if written.is_none() { Default::default() } else { std::mem::take(&mut event.content) };
    Ok(notify::run(d, &Event { content, changes: &changes, ..event })?)
}

/// The arrived message's own entry.
pub(super) fn entry(
    d: &Deliberation<'_>,
    sender: &Sender,
    kind: EntryKind,
    internal: bool,
    changes: Vec<FieldChange>,
) -> NewEntry {
    let (text, folds) = (Some(d.arrival.message.text.clone()), Some(d.folds().to_vec()));
    NewEntry { kind, actor: sender.party.clone(), internal, folded: false, news: true, text, folds, of_event: true, changes }
}

/// Writes the answer into the history, remembers its ids and people, and tells those concerned.
fn record(d: &mut Deliberation<'_>, (sender, found): (&Sender, &Found), work: &Work<'_>, internal: bool) -> Result<(), Refusal> {
    let kind = if internal { EntryKind::Comment } else { EntryKind::Correspond };
    let number = work.ticket().number;
    let entry = entry(d, sender, kind, internal, work.outcome.case.changed.clone());
    d.changes.push(Change::Entry { ticket: number, entry });
    remember(d, number, &[]);
    // Whom a mail names that only claims to be a customer's gets no part in the ticket.
    let sure = sender.trust(found.answers_us()) > Trust::Claimed || d.arrival.released;
    let people = outsiders(d, sender).into_iter().map(|p| p.address).collect::<Vec<_>>();
    if sure && !people.is_empty() {
        d.changes.push(Change::Participants { ticket: number, addresses: people });
    }
    tell(d, Some(if internal { "comment" } else { "correspond" }), sender, work)
}

/// The ids that it names and that are not ours (A71), those of a mail that it forwards first. Its own id is known by the message
/// itself.
pub(super) fn remember(d: &mut Deliberation<'_>, ticket: u64, forwarded: &[String]) {
    let message = d.arrival.message;
    let keys = &d.facts.site().keys;
    let mut ids: Vec<String> = Vec::new();
    for id in forwarded.iter().chain(&message.in_reply_to).chain(message.references.iter().rev()) {
        if ids.len() < MAX_NAMED && ident::read(keys, id).is_none() && !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    if !ids.is_empty() {
        d.changes.push(Change::Remember { ticket, ids });
    }
}

/// Where the list is written to that a message came by (RFC 2369), by key.
fn list_address(d: &Deliberation<'_>) -> Option<String> {
    let post = d.arrival.message.header("List-Post").filter(|_| d.class() == Class::List)?;
    let (_, address) = post.split_once("<mailto:")?;
    Some(address_key(address.split(['>', '?']).next().unwrap_or_default()))
}

/// People in To and Cc who are neither we nor the sender, each once (A38, A41).
pub(super) fn outsiders(d: &Deliberation<'_>, sender: &Sender) -> Vec<Party> {
    let site = d.facts.site();
    let list = list_address(d);
    let mut people: Vec<Party> = Vec::new();
    for address in addressees(d) {
        let key = address.key();
        // Who writes to a list reads it there: as a Cc of the ticket, the list would get every answer.
        if list.as_deref() == Some(key.as_str()) {
            continue;
        }
        let known = people.iter().any(|p| p.address == key) || sender.address() == Some(&key);
        let ours = site.own_address(&key).is_some() || d.arrival.route.reached_by(&key);
        if !known && !ours && key.contains('@') && people.len() < MAX_PEOPLE {
            people.push(Party { person: None, address: key, name: address.name.clone() });
        }
    }
    people
}
