//! What an act does: the same changes, history and mails as when a mail had said it.

use super::acting::{Acting, Case};
use super::by_mail;
use super::commands::{self, Problem, cure::Reader, people, status};
use super::desk::Desk;
use super::freed;
use super::holder::{self, At};
use super::notify::{self, By, Content, Event, File};
use super::opening::fresh;
use crate::act::{Act, Actor, Deed, Order, Writing};
use crate::decision::{Change, Decision, EntryKind, FieldChange, NewEntry, NoticeFile, Verdict};
use crate::facts::{FactError, Facts, KeptEntry, Queue};
use crate::life_cycle::Movement;
use crate::near::did_you_mean;
use crate::rights::Right;
use crate::site::RuleDefinition;
use crate::types::{Party, Person, Ticket, Trust, WatchRole};
use jiff::Timestamp;
use std::borrow::Cow;

/// Why nothing was done. Each is for the person who asked, and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ActRefusal {
    /// There is no such ticket.
    #[error("there is no ticket {0}; `postern ticket list` lists them")]
    NoSuchTicket(u64),
    /// The ticket has no such entry.
    #[error("ticket {ticket} has no entry {entry}; `postern ticket show {ticket}` numbers them")]
    NoSuchEntry {
        /// Ticket.
        ticket: u64,
        /// Entry.
        entry: i64,
    },
    /// There is no such queue, or none was named and there are several.
    #[error("{0}")]
    Queue(String),
    /// A field cannot be set so.
    #[error("{field}: {wrong}; {cure}")]
    Field {
        /// Field.
        field: String,
        /// What is wrong.
        wrong: String,
        /// What to do.
        cure: String,
    },
    /// Whoever acts may not.
    #[error("{wrong}; {cure}")]
    Denied {
        /// What they may not, and why.
        wrong: String,
        /// What to do.
        cure: String,
    },
    /// A ticket is nobody's forward, or not any more.
    #[error("#{ticket} {wrong}; `postern ticket set {ticket} requestors=ADDRESS` names its requestor")]
    NotForwarded {
        /// Ticket.
        ticket: u64,
        /// What is wrong.
        wrong: String,
    },
    /// An entry does not wait to be approved, or none does, or several do.
    #[error("{wrong}; `postern ticket {cure}`")]
    NotWaiting {
        /// What is wrong.
        wrong: String,
        /// What to do: a verb with its arguments.
        cure: String,
    },
    /// A colleague's note cannot be told from the mail that they forwarded.
    #[error(
        "entry {entry} of #{ticket} is a forwarded mail with a colleague's note, and where the note ends cannot be seen; `--entry` names \
         another entry, `--text` says it in your own words"
    )]
    Note {
        /// Ticket.
        ticket: u64,
        /// Entry.
        entry: i64,
    },
    /// Something is missing.
    #[error("{0}")]
    Incomplete(&'static str),
    /// A fact could not be had.
    #[error(transparent)]
    Fact(#[from] FactError),
}

/// Decides about something that somebody does.
///
/// # Errors
/// [`ActRefusal`]: nothing is done.
pub fn decide_act(facts: &dyn Facts, act: &Act) -> Result<Decision, ActRefusal> {
    match &act.deed {
        Deed::Create { queue, subject } => create(facts, act, queue.as_deref(), subject),
        Deed::Update { ticket } => update(facts, act, *ticket),
        Deed::Wake { ticket } => super::wake::wake(facts, act, *ticket),
        Deed::Unforward { ticket } => super::forward::revert(facts, act, *ticket),
        Deed::Approve { ticket, entry } => super::outsider::approve(facts, act, *ticket, *entry),
        Deed::Forward { ticket, entry, to } => forward(facts, act, *ticket, *entry, &named(facts, act, "to", to)?),
    }
}

pub(super) fn existing(facts: &dyn Facts, number: u64) -> Result<Ticket, ActRefusal> {
    facts.ticket(number)?.ok_or(ActRefusal::NoSuchTicket(number))
}

pub(super) fn actor_party(act: &Act) -> Option<Party> {
    match &act.by {
        Actor::System => None,
        Actor::Person(person) => Some(Party::from(person)),
    }
}

pub(super) fn name_of(act: &Act) -> String {
    actor_party(act).map_or_else(|| "the system".to_owned(), |party| party.display().to_owned())
}

impl Acting<'_> {
    /// Carries out the orders of an act on the ticket in hand.
    pub(super) fn obey_all(&mut self, act: &Act) -> Result<(), ActRefusal> {
        act.orders.iter().try_for_each(|order| self.obey(order).map_err(|problem| refusal(&order.command, problem)))
    }

    /// Makes sure that whoever acts may do something to the ticket in hand.
    pub(super) fn must(&self, right: Right) -> Result<(), ActRefusal> {
        self.need(right).map_err(|problem| refusal(right.as_str(), problem))
    }
}

/// Who gets this mail and no other. Comments never reach customers (A154), not by mistake either.
fn once(desk: &Desk<'_>, case: &Case, act: &Act) -> Result<Vec<Party>, ActRefusal> {
    let once = named(desk.facts, act, "cc", &act.once)?;
    let customers: Vec<Party> = [case.of_role(WatchRole::Requestor), case.of_role(WatchRole::Cc)].concat();
    if !act.writing.as_ref().is_some_and(|writing| writing.internal) {
        return Ok(once);
    }
    for party in &once {
        let takes_part = customers.iter().any(|c| c.address == party.address || (c.person.is_some() && c.person == party.person));
        let person = desk.facts.person(&party.address)?.filter(Person::is_staff);
        let reads = match &person {
            Some(person) => {
                holder::may_as_staff(desk.facts, person.into(), Right::SeeComments, At::ticket(&case.ticket))?.allowed
            }
            None => false,
        };
        if let Some(person) = person.filter(|_| !reads) {
            let wrong = format!("{} may not see comments on #{}", person.login.unwrap_or(person.address), case.ticket.number);
            return Err(ActRefusal::Field { field: "cc".to_owned(), wrong, cure: "name somebody who may".to_owned() });
        }
        if takes_part && !reads {
            return Err(ActRefusal::Field {
                field: "cc".to_owned(),
                wrong: format!(
                    "{} is requestor or Cc of #{}, and comments never reach customers",
                    party.address, case.ticket.number
                ),
                cure: format!("answer them with `postern ticket reply {}`", case.ticket.number),
            });
        }
    }
    Ok(once)
}

/// The people that words name.
fn named(facts: &dyn Facts, act: &Act, field: &str, words: &[String]) -> Result<Vec<Party>, ActRefusal> {
    people::parties(facts, &act.by, &words.join(",")).map_err(|problem| refusal(field, problem))
}

fn refusal(field: &str, problem: Problem) -> ActRefusal {
    match problem {
        Problem::Value { wrong, cure } => {
            ActRefusal::Field { field: field.to_owned(), wrong, cure: cure.at(Reader::Terminal).to_owned() }
        }
        Problem::Denied { wrong, cure } => ActRefusal::Denied { wrong, cure: cure.at(Reader::Terminal).to_owned() },
        Problem::Fact(error) => ActRefusal::Fact(error),
    }
}

/// Opens a ticket.
fn create(facts: &dyn Facts, act: &Act, queue: Option<&str>, subject: &str) -> Result<Decision, ActRefusal> {
    let queue = queue_of(facts, queue)?;
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    if subject.is_empty() {
        return Err(ActRefusal::Incomplete("a ticket needs a subject; write a few words"));
    }
    let number = facts.fresh_ticket()?;
    let first = facts.site().life_cycle(queue.id).first();
    let case = Case { opens: true, ..Case::fresh(fresh(number, queue.id, subject.clone(), first)) };
    let mut acting = Acting::with(Desk::new(facts, act.now), &act.by, case);
    acting.trust = act.trust;
    let internal = act.writing.as_ref().is_some_and(|writing| writing.internal);
    acting.may_open(Right::Create, "open tickets")?;
    if internal {
        acting.may_open(Right::Comment, "write comments")?;
    }
    // Who opens a ticket for nobody else asks for it.
    let asks = |order: &Order| order.command.starts_with("requestor");
    let requestors: Vec<Party> = if act.orders.iter().any(asks) { Vec::new() } else { actor_party(act).into_iter().collect() };
    acting.watchers.extend(requestors.iter().map(|party| (WatchRole::Requestor, party.clone())));
    let status = acting.ticket.status.clone();
    let opening = Change::CreateTicket { number, queue: queue.id, subject, status, requestors, cc: Vec::new() };
    acting.desk.changes.push(opening);
    acting.obey_all(act)?;
    let written = Written { kind: EntryKind::Create, name: Some(if internal { "comment" } else { "create" }), opens: true };
    let desk = settle(acting, act, number, written)?;
    let reason = format!("{} opened #{number} in {}", name_of(act), queue.name);
    Ok(desk.end(Verdict::Created, reason, Trust::Authenticated, Some(number)))
}

impl Acting<'_> {
    /// Makes sure that whoever acts may open tickets in the queue.
    fn may_open(&self, right: Right, what: &str) -> Result<(), ActRefusal> {
        let answer = self.may(right)?;
        let queue = self.queue().map_or("", |queue| queue.name.as_str());
        match (answer.allowed, self.person()) {
            (false, Some(person)) => Err(ActRefusal::Denied {
                wrong: format!("{} may not {what} in {queue}: {}", person.login.as_ref().unwrap_or(&person.address), answer.why),
                cure: "an administrator grants rights with [[grant]] in site.toml".to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

fn queue_of<'f>(facts: &'f dyn Facts, word: Option<&str>) -> Result<&'f Queue, ActRefusal> {
    let site = facts.site();
    let open: Vec<&Queue> = site.queues.iter().filter(|q| !q.disabled).collect();
    let names = || open.iter().map(|q| q.name.as_str()).collect::<Vec<_>>().join(", ");
    match (word, open.as_slice()) {
        (Some(word), _) => match site.queue_named(word) {
            Some(queue) if !queue.disabled => Ok(queue),
            Some(queue) => {
                Err(ActRefusal::Queue(format!("queue {} takes no new tickets; the queues are {}", queue.name, names())))
            }
            None => {
                let meant = did_you_mean(word, open.iter().map(|q| q.name.as_str())).map(|meant| format!("{meant} "));
                Err(ActRefusal::Queue(format!(
                    "there is no queue {word:?}; {}the queues are {}",
                    meant.unwrap_or_default(),
                    names()
                )))
            }
        },
        (None, [only]) => Ok(only),
        (None, []) => Err(ActRefusal::Queue("there is no queue; `postern apply` makes those of site.toml".to_owned())),
        (None, _) => Err(ActRefusal::Queue(format!("there are several queues; say --queue, one of {}", names()))),
    }
}

/// Changes a ticket, writes on it, or both.
fn update(facts: &dyn Facts, act: &Act, number: u64) -> Result<Decision, ActRefusal> {
    let ticket = existing(facts, number)?;
    let number = ticket.number;
    let mut acting = Acting::on(Desk::new(facts, act.now), &act.by, ticket)?;
    acting.trust = act.trust;
    acting.obey_all(act)?;
    let (kind, name) = match &act.writing {
        Some(Writing { internal: true, .. }) => (EntryKind::Comment, Some("comment")),
        Some(_) => (EntryKind::Correspond, Some("correspond")),
        None => (EntryKind::Change, None),
    };
    match kind {
        EntryKind::Correspond => acting.must(Right::Reply)?,
        EntryKind::Comment => acting.must(Right::Comment)?,
        _ => {}
    }
    // As by mail: what an order about the status says stays, what taking or moving brought with it goes on.
    let by_hand = act.orders.iter().any(|order| commands::moves_status(&order.command));
    if let (EntryKind::Correspond, false, Movement::To(status)) =
        (kind, by_hand, acting.life_cycle().on_staff_answer(&acting.ticket.status))
    {
        status::moved(&mut acting, status);
    }
    let written = Written { kind, name, opens: false };
    if name.is_none() && !acting.changes_anything() {
        let reason = format!("nothing changes: #{number} is so already");
        return Ok(acting.desk.end(Verdict::Joined, reason, Trust::Authenticated, Some(number)));
    }
    let desk = settle(acting, act, number, written)?;
    let (verdict, did) = match kind {
        EntryKind::Correspond => (Verdict::Corresponded, "answered on"),
        EntryKind::Comment => (Verdict::Commented, "commented on"),
        _ => (Verdict::Commanded, "changed"),
    };
    let reason = format!("{} {did} #{number}", name_of(act));
    Ok(desk.end(verdict, reason, Trust::Authenticated, Some(number)))
}

/// What is written on the ticket that an act is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    kind: EntryKind,
    /// Its name in rules.
    name: Option<&'static str>,
    /// Whether it opens the ticket, so that the requestor is told of its number.
    opens: bool,
}

impl Written {
    /// Nothing: the ticket changes.
    pub(super) const NOTHING: Written = Written { kind: EntryKind::Change, name: None, opens: false };
}

/// Writes an entry on each ticket that changed, and tells those concerned.
pub(super) fn settle<'a>(acting: Acting<'a>, act: &Act, number: u64, written: Written) -> Result<Desk<'a>, ActRefusal> {
    let (mut desk, cases, _) = acting.finish();
    for case in cases.iter().filter(|case| case.ticket.number == number) {
        enter(&mut desk, case, act, written);
        tell(&mut desk, case, act, written)?;
    }
    beside(&mut desk, cases.iter().filter(|case| case.ticket.number != number), act)?;
    let by = actor_party(act);
    freed::tell(&mut desk, &cases.iter().collect::<Vec<_>>(), by_of(act, by.as_ref()), act.quiet)?;
    Ok(desk)
}

/// Writes the entries of other tickets that changed with it, and tells those concerned.
pub(super) fn beside<'c>(desk: &mut Desk<'_>, cases: impl Iterator<Item = &'c Case>, act: &Act) -> Result<(), ActRefusal> {
    let bare = Act { writing: None, once: Vec::new(), ..act.clone() };
    let changed = Written { kind: EntryKind::Change, name: None, opens: false };
    for case in cases.filter(|case| !case.is_untouched()) {
        enter_beside(desk, case, act);
        if let Some(writing) = &case.begins {
            let name = Some(if writing.internal { "comment" } else { "create" });
            let begins = Act { writing: Some(writing.clone()), ..bare.clone() };
            tell(desk, case, &begins, Written { kind: EntryKind::Create, name, opens: true })?;
        } else if !case.mirrored {
            tell(desk, case, &bare, changed)?;
        }
    }
    Ok(())
}

/// Writes the entry of the act on the ticket that it is about.
fn enter(desk: &mut Desk<'_>, case: &Case, act: &Act, written: Written) {
    if written.kind == EntryKind::Change && case.changed.is_empty() && !case.earlier.is_empty() {
        return;
    }
    let text = act.writing.as_ref().map(|writing| writing.text.clone());
    let internal = match written.kind {
        EntryKind::Create => act.writing.as_ref().is_some_and(|writing| writing.internal),
        kind => kind == EntryKind::Comment,
    };
    let entry = NewEntry { internal, ..NewEntry::internal(written.kind, actor_party(act), text, case.changed.clone()) };
    desk.changes.push(Change::Entry { ticket: case.ticket.number, entry });
}

/// Writes the entry of another ticket that changed with it.
fn enter_beside(desk: &mut Desk<'_>, case: &Case, act: &Act) {
    if case.changed.is_empty() {
        return;
    }
    let entry = NewEntry::internal(EntryKind::Change, actor_party(act), None, case.changed.clone());
    let entry = NewEntry { internal: false, of_event: false, ..entry };
    desk.changes.push(Change::Entry { ticket: case.ticket.number, entry });
}

/// Tells those concerned.
fn tell(desk: &mut Desk<'_>, case: &Case, act: &Act, written: Written) -> Result<(), ActRefusal> {
    if act.quiet {
        desk.note("mail", "to nobody: it was asked for");
        return Ok(());
    }
    let by = actor_party(act);
    let ticket = &case.ticket;
    // A ticket that begins internally is no news for customers, whatever it begins with.
    let begins_internally = written.opens && written.name == Some("comment");
    let changes: Vec<FieldChange> = if begins_internally { Vec::new() } else { case.so_far().cloned().collect() };
    let changes = changes.as_slice();
    let mut names = notify::names(desk.facts.site().life_cycle(ticket.queue), written.name, changes, case.was_over);
    // Whoever is asked for approval of it is told all the same.
    if begins_internally && !case.asked.is_empty() {
        names.push("approval");
    }
    // No rule is for what has no name. Whoever is named for this one mail is looked at all the same.
    if names.is_empty() && act.once.is_empty() {
        return Ok(());
    }
    let content = act.writing.as_ref().map(content).unwrap_or_default();
    let mut queues = vec![ticket.queue];
    queues.extend(desk.facts.watching_queues(ticket.number)?);
    let event = Event {
        once: once(desk, case, act)?,
        queues,
        by: by_of(act, by.as_ref()),
        // What a new ticket begins with is no news beside it.
        changes: if written.opens { &[] } else { changes },
        content,
        answerable: written.opens,
        ..Event::new(names, ticket).with_case(case)
    };
    Ok(notify::run(desk, &event)?)
}

fn by_of<'a>(act: &Act, party: Option<&'a Party>) -> By<'a> {
    let staff = match &act.by {
        Actor::System => true,
        Actor::Person(person) => person.is_staff(),
    };
    By { party, answer_to: None, staff }
}

fn content(writing: &Writing) -> Content<'_> {
    let files = writing.files.iter().enumerate().map(|(position, file)| File {
        name: &file.name,
        size: u64::try_from(file.octets.len()).unwrap_or(u64::MAX),
        source: NoticeFile::Arrived(position),
    });
    Content { text: writing.text.as_str().into(), folded: 0, internal: writing.internal, files: files.collect() }
}

/// Sends an entry to somebody outside. Their answer comes back as a comment: they are no part of the ticket.
fn forward(facts: &dyn Facts, act: &Act, number: u64, entry: Option<i64>, to: &[Party]) -> Result<Decision, ActRefusal> {
    let ticket = existing(facts, number)?;
    let number = ticket.number;
    let missing = ActRefusal::NoSuchEntry { ticket: number, entry: entry.unwrap_or(1) };
    let kept = facts.entry(number, entry)?.ok_or(missing)?;
    if to.is_empty() {
        return Err(ActRefusal::Incomplete("nobody is named; say --to ADDRESS"));
    }
    let acting = Acting::on(Desk::new(facts, act.now), &act.by, ticket.clone())?;
    // The entry may be a comment, and the answer will be one.
    acting.must(Right::Reply)?;
    acting.must(Right::SeeComments)?;
    let mut desk = acting.desk;
    let own_words = act.writing.as_ref().map_or("", |writing| writing.text.trim());
    let by = actor_party(act);
    let passed = match passable(number, &kept)? {
        whole if !kept.forwarded => by_mail::without_commands(facts.site(), whole, &kept.folds),
        original => Cow::Borrowed(original),
    };
    let words = forwarded(own_words, &kept, &passed);
    let files = kept.files.iter().enumerate().map(|(position, (name, size))| File {
        name,
        size: *size,
        source: NoticeFile::Kept { entry: kept.id, position },
    });
    let event = Event {
        once: to.to_vec(),
        by: by_of(act, by.as_ref()),
        content: Content { text: words.into(), folded: 0, internal: true, files: files.collect() },
        ..Event::new(vec!["forward"], &ticket)
    };
    let event = event.with_people(&desk)?;
    notify::run_rules(&mut desk, &event, &[forward_rule()])?;
    let addresses: Vec<String> = desk.notices.iter().map(|notice| notice.to.address.clone()).collect();
    if addresses.is_empty() || act.quiet {
        return Err(ActRefusal::Incomplete(
            "nobody would be mailed; name somebody who gets mail about this ticket, without --quiet",
        ));
    }
    let note = format!("Forwarded entry {} to {}.", kept.id, addresses.join(", "));
    let text = [own_words, &note].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n\n");
    let changes = vec![FieldChange { field: "forward".into(), from: None, to: Some(addresses.join(", ")) }];
    let entry = NewEntry::internal(EntryKind::Comment, actor_party(act), Some(text), changes);
    desk.changes.push(Change::Entry { ticket: number, entry });
    let reason = format!("{} forwarded an entry of #{number} to {}", name_of(act), addresses.join(", "));
    Ok(desk.end(Verdict::Commented, reason, Trust::Authenticated, Some(number)))
}

/// What outsiders may see of an entry: of a mail that somebody forwarded, all but the note above it, which was for colleagues.
fn passable(number: u64, kept: &KeptEntry) -> Result<&str, ActRefusal> {
    if !kept.forwarded {
        return Ok(&kept.text);
    }
    let is_mail = |(name, _): &(String, u64)| name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("eml"));
    match postern_mail::without_note(&kept.text) {
        Some(original) => Ok(original),
        None if kept.files.iter().any(is_mail) => Ok("(the mail is attached)"),
        None => Err(ActRefusal::Note { ticket: number, entry: kept.id }),
    }
}

/// The forwarded words under one's own.
fn forwarded(own: &str, kept: &KeptEntry, text: &str) -> String {
    let at = Timestamp::from_microsecond(kept.at).unwrap_or(Timestamp::UNIX_EPOCH);
    let head = format!("---------- Forwarded ----------\nFrom: {}\nDate: {}\n", kept.author, at.strftime("%Y-%m-%d %H:%M UTC"));
    let own = if own.is_empty() { String::new() } else { format!("{own}\n\n") };
    let text = if text.trim().is_empty() { "(no text)" } else { text.trim_end() };
    format!("{own}{head}\n{text}")
}

/// Not one of the site's rules: whoever forwards has said to whom.
fn forward_rule() -> RuleDefinition {
    RuleDefinition {
        name: "forward".to_owned(),
        queue: None,
        on: "forward".to_owned(),
        when: String::new(),
        notify: vec!["once".to_owned()],
        audience: "comments".to_owned(),
        template: "forward".to_owned(),
        enabled: true,
    }
}
