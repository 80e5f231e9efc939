//! What an act does: the same changes, history and mails as when a mail had said it.

use super::desk::Desk;
use super::fields::{Acting, FIELDS, Problem, people, status};
use super::notify::{self, By, Content, Event, File};
use super::opening::fresh;
use crate::act::{Act, Actor, Assignment, Deed, Operator, Writing};
use crate::decision::{Change, Decision, EntryKind, FieldChange, NewEntry, NoticeFile, Verdict};
use crate::facts::{FactError, Facts, KeptEntry, Queue};
use crate::life_cycle::{Movement, on_staff_answer};
use crate::site::RuleDefinition;
use crate::types::{Party, Person, Ticket, Trust, WatchRole};
use jiff::Timestamp;

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
    /// A ticket that is to be taken has an owner.
    #[error("#{ticket} is owned by {owner}; `postern ticket take {ticket} --steal` takes it over all the same")]
    Owned {
        /// Ticket.
        ticket: u64,
        /// Owner.
        owner: String,
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
        Deed::Take { ticket, steal } => take(facts, act, *ticket, *steal),
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

impl<'a> Acting<'a> {
    /// A ticket that exists, with its watchers.
    pub(super) fn on(facts: &'a dyn Facts, act: &'a Act, ticket: Ticket) -> Result<Self, FactError> {
        let watchers = facts.watchers(ticket.number)?.iter().map(|(role, person)| (*role, Party::from(person))).collect();
        let former_owner = ticket.owner.clone();
        Ok(Acting { desk: Desk::new(facts, act.now), actor: &act.by, ticket, former_owner, watchers, changed: Vec::new() })
    }

    pub(super) fn assign(&mut self, assignments: &[Assignment]) -> Result<(), ActRefusal> {
        for assignment in assignments {
            self.set(assignment).map_err(|problem| refusal(&assignment.field, problem))?;
        }
        self.changed = net(std::mem::take(&mut self.changed));
        Ok(())
    }
}

/// Who gets this mail and no other. Comments never reach customers (A154), not by mistake either.
fn once(acting: &Acting<'_>, act: &Act) -> Result<Vec<Party>, ActRefusal> {
    let once = named(acting.desk.facts, act, "cc", &act.once)?;
    let customers: Vec<Party> = [acting.of_role(WatchRole::Requestor), acting.of_role(WatchRole::Cc)].concat();
    if !act.writing.as_ref().is_some_and(|writing| writing.internal) {
        return Ok(once);
    }
    for party in &once {
        let takes_part = customers.iter().any(|c| c.address == party.address || (c.person.is_some() && c.person == party.person));
        let works_here = acting.desk.facts.person(&party.address)?.is_some_and(|person| person.is_staff());
        if takes_part && !works_here {
            return Err(ActRefusal::Field {
                field: "cc".to_owned(),
                wrong: format!(
                    "{} is requestor or Cc of #{}, and comments never reach customers",
                    party.address, acting.ticket.number
                ),
                cure: format!("answer them with `postern ticket reply {}`", acting.ticket.number),
            });
        }
    }
    Ok(once)
}

/// The people that words name.
fn named(facts: &dyn Facts, act: &Act, field: &str, words: &[String]) -> Result<Vec<Party>, ActRefusal> {
    people::parties(facts, &act.by, &words.join(",")).map_err(|problem| refusal(field, problem))
}

/// What changes of one value come to: the first and the last of them. Lists name each of their changes.
fn net(changes: Vec<FieldChange>) -> Vec<FieldChange> {
    let mut net: Vec<FieldChange> = Vec::new();
    for change in changes {
        let is_list = FIELDS.iter().any(|field| field.name == change.field && field.is_list);
        match net.iter_mut().find(|earlier| !is_list && earlier.field == change.field) {
            Some(earlier) => earlier.to = change.to,
            None => net.push(change),
        }
    }
    net.retain(|change| change.from != change.to);
    net
}

fn refusal(field: &str, problem: Problem) -> ActRefusal {
    match problem {
        Problem::Value { wrong, cure } => ActRefusal::Field { field: field.to_owned(), wrong, cure },
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
    let ticket = fresh(number, queue.id, subject.clone());
    let mut acting = Acting {
        desk: Desk::new(facts, act.now),
        actor: &act.by,
        ticket,
        former_owner: None,
        watchers: Vec::new(),
        changed: Vec::new(),
    };
    // Who opens a ticket for nobody else asks for it.
    let asks = |a: &Assignment| a.field.starts_with("requestor");
    let requestors: Vec<Party> =
        if act.assignments.iter().any(asks) { Vec::new() } else { actor_party(act).into_iter().collect() };
    acting.watchers.extend(requestors.iter().map(|party| (WatchRole::Requestor, party.clone())));
    let opening = Change::CreateTicket { number, queue: queue.id, subject, requestors, cc: Vec::new() };
    acting.desk.changes.push(opening);
    acting.assign(&act.assignments)?;
    let internal = act.writing.as_ref().is_some_and(|writing| writing.internal);
    enter(&mut acting, act, EntryKind::Create, internal);
    let written = if internal { "comment" } else { "create" };
    tell(&mut acting, act, Some(written), true)?;
    let reason = format!("{} opened #{number} in {}", name_of(act), queue.name);
    Ok(acting.desk.end(Verdict::Created, reason, Trust::Authenticated, Some(number)))
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
            None => Err(ActRefusal::Queue(format!("there is no queue {word:?}; the queues are {}", names()))),
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
    let mut acting = Acting::on(facts, act, ticket)?;
    acting.assign(&act.assignments)?;
    let (kind, written) = match &act.writing {
        Some(Writing { internal: true, .. }) => (EntryKind::Comment, Some("comment")),
        Some(_) => (EntryKind::Correspond, Some("correspond")),
        None => (EntryKind::Change, None),
    };
    let by_hand = act.assignments.iter().any(|a| a.field == "status");
    if let (EntryKind::Correspond, false, Movement::To(status)) = (kind, by_hand, on_staff_answer(acting.ticket.status)) {
        status::to(&mut acting, status);
    }
    if written.is_none() && acting.changed.is_empty() {
        let reason = format!("nothing changes: #{number} is so already");
        return Ok(acting.desk.end(Verdict::Joined, reason, Trust::Authenticated, Some(number)));
    }
    enter(&mut acting, act, kind, kind == EntryKind::Comment);
    tell(&mut acting, act, written, false)?;
    let (verdict, did) = match kind {
        EntryKind::Correspond => (Verdict::Corresponded, "answered on"),
        EntryKind::Comment => (Verdict::Commented, "commented on"),
        _ => (Verdict::Commanded, "changed"),
    };
    let reason = format!("{} {did} #{number}", name_of(act));
    Ok(acting.desk.end(verdict, reason, Trust::Authenticated, Some(number)))
}

/// Makes whoever acts the owner. Looked at here and not before: of two who take a ticket at once, one is refused.
fn take(facts: &dyn Facts, act: &Act, number: u64, steal: bool) -> Result<Decision, ActRefusal> {
    let ticket = existing(facts, number)?;
    // The system owns nothing, whoever the owner is: the field says so.
    let mine = |owner: &Person| match &act.by {
        Actor::System => true,
        Actor::Person(person) => person.id == owner.id,
    };
    if let Some(owner) = ticket.owner.as_ref().filter(|owner| !steal && !mine(owner)) {
        let owner = owner.login.clone().unwrap_or_else(|| owner.address.clone());
        return Err(ActRefusal::Owned { ticket: ticket.number, owner });
    }
    let mut act = act.clone();
    act.assignments.insert(0, Assignment { field: "owner".to_owned(), operator: Operator::Set, value: "me".to_owned() });
    update(facts, &act, number)
}

/// Writes the entry of the act.
fn enter(acting: &mut Acting<'_>, act: &Act, kind: EntryKind, internal: bool) {
    let text = act.writing.as_ref().map(|writing| writing.text.clone());
    let changes = acting.changed.clone();
    let actor = actor_party(act);
    let entry = NewEntry { internal, ..NewEntry::internal(kind, actor, text, changes) };
    let ticket = acting.ticket.number;
    acting.desk.changes.push(Change::Entry { ticket, entry });
}

/// Tells those concerned. `acknowledge`: the requestor is told of the ticket's number.
fn tell(acting: &mut Acting<'_>, act: &Act, written: Option<&'static str>, acknowledge: bool) -> Result<(), ActRefusal> {
    if act.quiet {
        acting.desk.note("mail", "to nobody: it was asked for");
        return Ok(());
    }
    let by = actor_party(act);
    let (ticket, changes) = (acting.ticket.clone(), acting.changed.clone());
    let content = act.writing.as_ref().map(content).unwrap_or_default();
    let mut queues = vec![ticket.queue];
    queues.extend(acting.desk.facts.watching_queues(ticket.number)?);
    let still = |former: &&Person| !former.disabled && ticket.owner.as_ref().map(|owner| owner.id) != Some(former.id);
    let former_owner = acting.former_owner.as_ref().filter(still).map(Party::from);
    // A ticket that begins internally is no news for customers, whatever it begins with.
    let changes = if acknowledge && written == Some("comment") { Vec::new() } else { changes };
    let event = Event {
        former_owner,
        requestors: acting.of_role(WatchRole::Requestor),
        cc: acting.of_role(WatchRole::Cc),
        admincc: acting.of_role(WatchRole::AdminCc),
        once: once(acting, act)?,
        queues,
        by: by_of(act, by.as_ref()),
        // What a new ticket begins with is no news beside it.
        changes: if written == Some("create") { &[] } else { &changes },
        content,
        answerable: acknowledge,
        ..Event::new(notify::names(written, &changes), &ticket)
    };
    Ok(notify::run(&mut acting.desk, &event)?)
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
    let mut desk = Desk::new(facts, act.now);
    let own_words = act.writing.as_ref().map_or("", |writing| writing.text.trim());
    let by = actor_party(act);
    let words = forwarded(own_words, &kept, passable(number, &kept)?);
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
    let changes = vec![FieldChange { field: "forward", from: None, to: Some(addresses.join(", ")) }];
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
