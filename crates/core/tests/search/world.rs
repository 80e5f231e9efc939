//! Tickets twice: in a database, and as plain values that are gone through one by one.

use postern_core::model::WatchRole;
use postern_core::store::engine::{Engine, StoreError, Tx};
use postern_core::store::ticket::{self, EntryOrigin};
use postern_core::values;
use postern_core::view::Visibility;
use postern_core::view::{self, Asking, TicketQuery};
use postern_model::escalation::Escalation;
use postern_model::life_cycle::{Status, StatusKind, default};
use postern_model::query::{Link, Meaning, Role, Test, TimeOf, Who, Wording};
use postern_model::{EntryKind, NewEntry};
use std::path::PathBuf;
use std::time::Duration;

pub(crate) const WAIT: Duration = Duration::from_secs(20);
/// 2026-11-21T12:00:00Z
pub(crate) const NOW: i64 = 1_795_262_400_000_000;
pub(crate) const DAY: i64 = 86_400_000_000;
pub(crate) const TICKETS: u64 = 120;

const QUEUES: [&str; 3] = ["support", "noc", "sales"];
const LOGINS: [&str; 3] = ["anna", "ben", "cleo"];
const WORDS: [&str; 12] =
    ["printer", "disk", "full", "Drucker", "plan-b", "on fire", "prints stripes", "network", "down", "up", "zürich", "disk full"];

#[derive(Debug, Clone, Default)]
pub(crate) struct Entry {
    at: i64,
    actor: Option<usize>,
    internal: bool,
    text: String,
    files: String,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Ticket {
    pub(crate) id: u64,
    pub(crate) queue: usize,
    subject: String,
    pub(crate) status: &'static str,
    owner: Option<usize>,
    priority: i64,
    last: Option<i64>,
    pub(crate) times: [Option<i64>; 7],
    wakes: bool,
    watchers: Vec<(&'static str, usize)>,
    tags: Vec<&'static str>,
    field: Option<&'static str>,
    links: Vec<(&'static str, u64)>,
    undelivered: Option<&'static str>,
    entries: Vec<Entry>,
}

impl Ticket {
    /// The priority of now.
    pub(crate) fn priority(&self) -> i64 {
        let [created, _, due, resolved, _, starts, _] = self.times;
        let escalation = Escalation { priority: self.priority, last: self.last, from: starts.or(created).unwrap(), due };
        escalation.at(resolved.map_or(NOW, |resolved| resolved.min(NOW)))
    }

    pub(crate) fn is_raised(&self) -> bool {
        self.priority == 0 && self.priority() > 0
    }

    pub(crate) fn was_worked_on_by(&self, person: usize) -> bool {
        self.entries.iter().any(|entry| entry.actor == Some(person))
    }
}

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) tickets: Vec<Ticket>,
    pub(crate) path: PathBuf,
    _directory: tempfile::TempDir,
}

/// Numbers that look random and are the same each time.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    pub(crate) fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }

    fn words(&mut self) -> String {
        let count = self.below(4);
        (0..=count).map(|_| self.of(&WORDS)).collect::<Vec<_>>().join(", ")
    }

    fn time(&mut self, share: u64) -> Option<i64> {
        (self.below(share) == 0).then(|| NOW - i64::try_from(self.below(20)).unwrap() * DAY / 2 + DAY)
    }
}

fn ticket_of(id: u64, dice: &mut Dice) -> Ticket {
    let created = NOW - i64::try_from(TICKETS - id).unwrap() * DAY / 8;
    let entries: Vec<Entry> = (0..=dice.below(4))
        .map(|n| Entry {
            at: if n == 0 { created } else { created + i64::try_from(dice.below(5)).unwrap() * DAY },
            actor: (dice.below(4) > 0).then(|| usize::try_from(dice.below(3)).unwrap()),
            internal: n > 0 && dice.below(3) == 0,
            text: if dice.below(5) == 0 { String::new() } else { dice.words() },
            files: if dice.below(4) == 0 { "Plan of disks.pdf".to_owned() } else { String::new() },
        })
        .collect();
    let updated = entries.iter().map(|entry| entry.at).max();
    Ticket {
        id,
        queue: usize::try_from(dice.below(3)).unwrap(),
        subject: dice.words(),
        status: dice.of(&["new", "open", "stalled", "resolved", "resolved", "closed"]),
        owner: (dice.below(3) > 0).then(|| usize::try_from(dice.below(3)).unwrap()),
        priority: dice.of(&[0, 0, 10, 50, 80, -5]),
        last: (dice.below(4) > 0).then(|| dice.of(&[90, 90, 0, -40])),
        times: [Some(created), updated, dice.time(3), dice.time(3), dice.time(3), dice.time(4), dice.time(2)],
        wakes: dice.below(9) == 0,
        watchers: ["requestor", "cc", "admincc"].into_iter().filter(|_| dice.below(2) == 0).zip(0..).collect(),
        tags: ["printer", "urgent", "x y"].into_iter().filter(|_| dice.below(3) == 0).collect(),
        field: (dice.below(3) == 0).then(|| dice.of(&["ACME", "Initech"])),
        links: (dice.below(3) == 0 && id > 1)
            .then(|| (dice.of(&["depends-on", "member-of", "refers-to"]), dice.below(id - 1) + 1))
            .into_iter()
            .collect(),
        undelivered: (dice.below(9) == 0).then_some("lost@example.net"),
        entries,
    }
}

impl World {
    pub(crate) fn empty() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("postern.db");
        let mut engine = Engine::create(&path).unwrap();
        engine.write::<_, StoreError>(WAIT, site).unwrap();
        World { engine, tickets: Vec::new(), path, _directory: directory }
    }

    pub(crate) fn new(seed: u64) -> Self {
        let mut world = World::empty();
        let mut dice = Dice(seed);
        world.tickets = (1..=TICKETS).map(|id| ticket_of(id, &mut dice)).collect();
        let tickets = &world.tickets;
        world.engine.write::<_, StoreError>(WAIT, |tx| tickets.iter().try_for_each(|ticket| write(tx, ticket))).unwrap();
        world
    }

    pub(crate) fn query(&mut self, text: &str) -> TicketQuery {
        let asking = Asking { login: Some("anna"), now: NOW, ..Asking::default() };
        let query = self.engine.read(|tx| TicketQuery::read(tx, text, asking)).unwrap_or_else(|error| panic!("{text}: {error}"));
        query.prepare(&mut self.engine, WAIT, &mut |_, _| {}).unwrap();
        query
    }

    pub(crate) fn list(&self, query: &TicketQuery) -> Vec<u64> {
        let tickets = self.engine.read(|tx| view::ticket::list(tx, query)).unwrap();
        tickets.into_iter().map(|ticket| ticket.id).collect()
    }

    pub(crate) fn found(&mut self, text: &str) -> Vec<u64> {
        let query = self.query(text);
        self.list(&query)
    }

    /// The same without any index.
    pub(crate) fn brute(&self, query: &TicketQuery) -> Vec<u64> {
        let tickets = self.tickets.iter().filter(|ticket| is_seen(ticket, &query.sees));
        tickets.filter(|ticket| self.holds(ticket, &query.search.filter, query)).map(|ticket| ticket.id).collect()
    }

    fn is_seen(&self, number: u64, sees: &Visibility) -> bool {
        self.tickets.iter().any(|ticket| ticket.id == number && is_seen(ticket, sees))
    }

    fn holds(&self, ticket: &Ticket, meaning: &Meaning, query: &TicketQuery) -> bool {
        match meaning {
            Meaning::All(all) => all.iter().all(|inner| self.holds(ticket, inner, query)),
            Meaning::Any(any) => any.iter().any(|inner| self.holds(ticket, inner, query)),
            Meaning::Not(inner) => !self.holds(ticket, inner, query),
            Meaning::Is(test) => self.is(ticket, test, query),
        }
    }

    fn is(&self, ticket: &Ticket, test: &Test, query: &TicketQuery) -> bool {
        let queue = i64::try_from(ticket.queue).unwrap() + 1;
        let comments = query.sees.all || query.sees.comments.queues.contains(&queue);
        let entries = || ticket.entries.iter().filter(|entry| comments || !entry.internal);
        match test {
            Test::Text(wording) => {
                says(&ticket.subject, wording) || entries().any(|entry| says(&entry.text, wording) || says(&entry.files, wording))
            }
            Test::Subject(wording) => says(&ticket.subject, wording),
            Test::Id(span) => span.has(i64::try_from(ticket.id).unwrap()),
            Test::Queue(name) => QUEUES[ticket.queue] == name,
            Test::Status(status) => ticket.status == status,
            Test::Kind(kind) => default().kind(&Status::new(ticket.status)) == *kind,
            Test::Person(Role::Owner, Who::Nobody) => ticket.owner.is_none(),
            Test::Person(Role::Owner, who) => ticket.owner.is_some_and(|owner| is_person(owner, who)),
            Test::Person(Role::Actor, who) => entries().any(|entry| entry.actor.is_some_and(|actor| is_person(actor, who))),
            Test::Person(role, who) => ticket.watchers.iter().any(|(is, person)| {
                let fits = match role {
                    Role::Requestor => *is == "requestor",
                    Role::Cc => *is == "cc",
                    Role::AdminCc => *is == "admincc" && comments,
                    _ => comments || *is != "admincc",
                };
                fits && is_person(*person, who)
            }),
            Test::Priority(span) => span.has(ticket.priority()),
            Test::Time(of, span) => {
                let at = if *of == TimeOf::Updated { updated(ticket, &query.sees) } else { ticket.times[time_index(*of)] };
                match span {
                    Some(span) => at.is_some_and(|at| span.has(at)),
                    None => at.is_none(),
                }
            }
            Test::Worked(span) => entries().any(|entry| span.has(entry.at)),
            // What is not shown with comments is for those who see none as if it were not there.
            Test::Tag(Some(tag)) => comments && ticket.tags.contains(&tag.as_str()),
            Test::Tag(None) => !comments || ticket.tags.is_empty(),
            Test::Field(_, Some(value)) => comments && ticket.field == Some(value),
            Test::Field(_, None) => !comments || ticket.field.is_none(),
            Test::Link(_, number) if !comments && !self.is_seen(*number, &query.sees) => false,
            Test::Link(Link { kind, reverse: false }, number) => ticket.links.contains(&(*kind, *number)),
            Test::Link(Link { kind, reverse: true }, number) => {
                let other = self.tickets.iter().find(|other| other.id == *number);
                other.is_some_and(|other| other.links.contains(&(*kind, ticket.id)))
            }
            // Of the world's mails every other went to staff.
            Test::Undelivered(_) if !comments && ticket.id.is_multiple_of(2) => false,
            Test::Undelivered(Some(address)) => ticket.undelivered == Some(address),
            Test::Undelivered(None) => ticket.undelivered.is_some(),
            Test::Wakes => ticket.wakes,
        }
    }
}

/// When a ticket was last changed, for somebody: who sees no queue whole knows of what is shown to them.
pub(crate) fn updated(ticket: &Ticket, sees: &Visibility) -> Option<i64> {
    let comments = sees.all || sees.comments.queues.contains(&(i64::try_from(ticket.queue).unwrap() + 1));
    let shown = |entry: &&Entry| comments || !sees.tickets.queues.is_empty() || !entry.internal;
    ticket.entries.iter().filter(shown).map(|entry| entry.at).max()
}

/// Whether somebody sees a ticket.
fn is_seen(ticket: &Ticket, sees: &Visibility) -> bool {
    let queue = i64::try_from(ticket.queue).unwrap() + 1;
    let Visibility { all, person, tickets, .. } = sees;
    let is = |other: usize| Some(i64::try_from(other).unwrap() + 1) == *person;
    let has = |role: WatchRole| match role {
        WatchRole::Owner => ticket.owner.is_some_and(is),
        role => ticket.watchers.iter().any(|(word, other)| *word == role.as_str() && is(*other)),
    };
    *all || tickets.queues.contains(&queue) || tickets.by_role.iter().any(|(role, queues)| queues.contains(&queue) && has(*role))
}

fn time_index(of: TimeOf) -> usize {
    match of {
        TimeOf::Created => 0,
        TimeOf::Updated => 1,
        TimeOf::Due => 2,
        TimeOf::Resolved => 3,
        TimeOf::Started => 4,
        TimeOf::Starts => 5,
        TimeOf::Told => 6,
    }
}

fn is_person(person: usize, who: &Who) -> bool {
    match who {
        Who::Nobody => false,
        Who::Login(login) => LOGINS[person] == login,
        Who::Address(address) => format!("{}@example.org", LOGINS[person]) == *address,
    }
}

fn tokens(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('ü', "u");
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn says(text: &str, wording: &Wording) -> bool {
    let (text, wanted) = (tokens(text), tokens(&wording.words));
    let last = wanted.len().saturating_sub(1);
    !wanted.is_empty()
        && text.windows(wanted.len()).any(|window| {
            window.iter().zip(&wanted).enumerate().all(|(position, (is, wanted))| {
                is == wanted || (wording.prefix && position == last && is.starts_with(wanted.as_str()))
            })
        })
}

fn site(tx: &Tx<'_>) -> Result<(), StoreError> {
    for (id, name) in (1i64..).zip(QUEUES) {
        tx.execute(
            "INSERT INTO queue (id, name, address, cc_from_mail, automatic_mail, reopen_days, disabled)
             VALUES (?1, ?2, ?2, 1, 'record', 14, 0)",
            values![id, name],
        )?;
    }
    for (id, login) in (1i64..).zip(LOGINS) {
        tx.execute(
            "INSERT INTO person (id, login, name, role, from_mail, disabled, created) VALUES (?1, ?2, ?2, 'staff', 0, 0, 0)",
            values![id, login],
        )?;
        let address = format!("{login}@example.org");
        tx.execute("INSERT INTO person_address VALUES (?1, ?2, 0)", values![&address, id])?;
    }
    let fields = r#"[{"name":"Customer","type":"text","queues":[],"values":[],"many":false,"required":[],"help":null}]"#;
    tx.execute("INSERT INTO setting VALUES ('fields', ?1)", values![fields]).map(|_| ())
}

pub(crate) fn entry(kind: EntryKind, text: &str, internal: bool) -> NewEntry {
    let text = (!text.is_empty()).then(|| text.to_owned());
    NewEntry { kind, internal, news: true, ..NewEntry::internal(kind, None, text, Vec::new()) }
}

fn write(tx: &Tx<'_>, of: &Ticket) -> Result<(), StoreError> {
    let status = Status::new(of.status);
    let queue = i64::try_from(of.queue).unwrap() + 1;
    let owner = of.owner.map(|owner| i64::try_from(owner).unwrap() + 1);
    ticket::create(tx, of.id, queue, (&of.subject, &status), of.times[0].unwrap())?;
    let kind: StatusKind = default().kind(&status);
    for (position, written) in of.entries.iter().enumerate() {
        let kind = if position == 0 { EntryKind::Create } else { EntryKind::Correspond };
        let actor = written.actor.map(|actor| i64::try_from(actor).unwrap() + 1);
        let origin = EntryOrigin { at: written.at, actor, message: None, set: None };
        let id = ticket::append(tx, of.id, &entry(kind, &written.text, written.internal), origin)?;
        if !written.files.is_empty() {
            tx.execute("INSERT INTO content (size, data) VALUES (0, ?1)", values![b""])?;
            tx.execute(
                "INSERT INTO entry_file VALUES (?1, 0, ?2, 'text/plain', 0, (SELECT max(id) FROM content))",
                values![id, &written.files],
            )?;
        }
    }
    let [_, updated, due, resolved, started, starts, told] = of.times;
    tx.execute(
        "UPDATE ticket SET kind = ?2, owner_id = ?3, priority = ?4, updated = ?5, due = ?6, resolved = ?7, started = ?8, starts = ?9,
         last_contact = ?10, wakes = ?11, final_priority = ?12 WHERE id = ?1",
        values![
            of.id, kind.as_str(), owner, of.priority, updated, due, resolved, started, starts, told,
            of.wakes.then_some(NOW), of.last
        ],
    )?;
    for (role, person) in &of.watchers {
        tx.execute("INSERT INTO watcher VALUES (?1, ?2, ?3)", values![of.id, *role, person + 1])?;
    }
    for tag in &of.tags {
        tx.execute("INSERT INTO ticket_tag VALUES (?1, ?2)", values![of.id, *tag])?;
    }
    if let Some(value) = of.field {
        tx.execute("INSERT INTO ticket_field VALUES (?1, 'Customer', ?2)", values![of.id, value])?;
    }
    for (kind, target) in &of.links {
        tx.execute("INSERT INTO link (ticket_id, kind, target_id) VALUES (?1, ?2, ?3)", values![of.id, *kind, *target])?;
    }
    if let Some(address) = of.undelivered {
        tx.execute(
            "INSERT INTO outbox (created, ticket_id, kind, audience, address, envelope_from, headers, text_id, state, attempts)
             VALUES (0, ?1, 'mail', ?3, ?2, '', '{}', (SELECT min(id) FROM content), 'failed', 1)",
            values![of.id, address, if of.id.is_multiple_of(2) { "staff" } else { "customers" }],
        )?;
    }
    Ok(())
}
