//! What a search says of a ticket, as SQL: as a condition over `ticket t`, and as a statement for the tickets of which it is true.

use super::ROOM;
pub(super) use super::piece::{PLACE, Sql};
use crate::store::engine::full_text::{self, Within};
use crate::store::priority;
use crate::store::view::visibility::Comments;
use crate::view::Visibility;
use postern_model::WatchRole;
use postern_model::life_cycle::StatusKind;
use postern_model::query::{Link, Meaning, Role, Search, Sort, SortBy, Span, Test, TimeOf, Who, Wording};

/// Who asks, and when: what is found depends on it.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// What whoever asks may see.
    pub sees: &'a Visibility,
    /// Priorities are those of this time, microseconds since 1970 UTC.
    pub now: i64,
}

/// The priority that counts at a time, of `ticket t`.
pub(super) fn priority(now: i64) -> String {
    format!("({})", priority::SQL.replace("{now}", &now.to_string()))
}

/// Whether a search must wait for the index.
pub fn needs_index(search: &Search) -> bool {
    let by_creation = |sort: &Sort| sort.by == SortBy::Time(TimeOf::Created);
    search.sort.iter().any(by_creation) || asks_index(&search.filter)
}

fn asks_index(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::All(all) | Meaning::Any(all) => all.iter().any(asks_index),
        Meaning::Not(inner) => asks_index(inner),
        Meaning::Is(test) => matches!(
            test,
            Test::Text(_) | Test::Subject(_) | Test::Worked(_) | Test::Person(Role::Actor, _) | Test::Time(TimeOf::Created, _)
        ),
    }
}

/// Statements for tickets, of one column, `id`; no ticket is in one of them twice.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) parts: Vec<Sql>,
    /// Whether these are the tickets of which it is true, and not others among them.
    pub(super) exact: bool,
}

impl Found {
    fn one(sql: Sql, exact: bool) -> Self {
        Found { parts: vec![sql], exact }
    }

    /// One statement for all, each once. Not by UNION: to merge, the database may go through each side in the order of the table.
    pub(super) fn sql(self) -> Sql {
        if self.parts.len() == 1 {
            return self.counted();
        }
        Sql::text("SELECT DISTINCT id FROM (").push(self.counted()).and(") AS every")
    }

    /// One statement for all, some perhaps twice: it can end at a limit without having seen them all.
    pub(super) fn counted(&self) -> Sql {
        if let [one] = self.parts.as_slice() {
            return one.clone();
        }
        let wrap = |part: &Sql| Sql::text("SELECT id FROM (").push(part.clone()).and(") AS one");
        Sql::join(self.parts.iter().map(wrap).collect(), " UNION ALL ")
    }
}

fn column(of: TimeOf) -> &'static str {
    match of {
        TimeOf::Created => "created",
        TimeOf::Updated => "updated",
        TimeOf::Due => "due",
        TimeOf::Resolved => "resolved",
        TimeOf::Started => "started",
        TimeOf::Starts => "starts",
        TimeOf::Told => "last_contact",
    }
}

fn in_span(what: &str, span: Span) -> Sql {
    let mut parts = Vec::new();
    if let Some(from) = span.from {
        parts.push(Sql::text(format!("{what} >= ")).push(Sql::int(from)));
    }
    if let Some(until) = span.until {
        parts.push(Sql::text(format!("{what} < ")).push(Sql::int(until)));
    }
    if parts.is_empty() { Sql::text("1 = 1") } else { Sql::join(parts, " AND ") }
}

fn person(who: &Who) -> Sql {
    match who {
        Who::Nobody => Sql::text("NULL"),
        Who::Login(login) => Sql::with(format!("(SELECT o.id FROM person o WHERE o.login = {PLACE})"), login),
        Who::Address(address) => {
            Sql::with(format!("(SELECT o.person_id FROM person_address o WHERE o.address = {PLACE})"), address)
        }
    }
}

/// What is so of every ticket.
const EVERY_QUEUE: &str = "t.queue_id IN (SELECT every.id FROM queue every)";

/// Conditions on columns of `ticket t` alone.
fn of_column(test: &Test, now: i64) -> Option<Sql> {
    Some(match test {
        Test::Id(span) => in_span("t.id", *span),
        Test::Queue(name) => Sql::with(format!("t.queue_id = (SELECT o.id FROM queue o WHERE o.name = {PLACE})"), name),
        // All queues and kinds are named for the index, which begins with them.
        Test::Status(status) => {
            let sql = format!("{EVERY_QUEUE} AND t.kind IN ('initial', 'active', 'inactive') AND t.status = {PLACE}");
            Sql::with(sql, status)
        }
        Test::Kind(kind) => Sql::with(format!("{EVERY_QUEUE} AND t.kind = {PLACE}"), kind.as_str()),
        Test::Person(Role::Owner, Who::Nobody) => Sql::text("t.owner_id IS NULL"),
        Test::Person(Role::Owner, who) => Sql::text("t.owner_id = ").push(person(who)),
        Test::Priority(span) => in_span(&priority(now), *span),
        Test::Time(of, None) => Sql::text(format!("t.{} IS NULL", column(*of))),
        Test::Time(of, Some(span)) => {
            let column = format!("t.{}", column(*of));
            Sql::text(format!("{column} IS NOT NULL AND ")).push(in_span(&column, *span))
        }
        // The comparison, so that the index is looked into and the table is not gone through.
        Test::Wakes => Sql::text("t.wakes IS NOT NULL AND t.wakes >= 0"),
        _ => return None,
    })
}

/// Tables that belong to a ticket: the table with its name, the column of the ticket's number, and the condition.
fn of_table(test: &Test) -> Option<(&'static str, &'static str, Sql)> {
    Some(match test {
        Test::Person(role, who) => {
            let role = match role {
                Role::Requestor => " AND r.role = 'requestor'",
                Role::Cc => " AND r.role = 'cc'",
                Role::AdminCc => " AND r.role = 'admincc'",
                Role::Watcher => "",
                Role::Owner | Role::Actor => return None,
            };
            ("watcher r", "r.ticket_id", Sql::text("r.person_id = ").push(person(who)).and(role))
        }
        Test::Tag(Some(tag)) => ("ticket_tag r", "r.ticket_id", Sql::with(format!("r.tag = {PLACE}"), tag)),
        Test::Tag(None) => ("ticket_tag r", "r.ticket_id", Sql::text("1 = 1")),
        Test::Field(field, value) => {
            let sql = Sql::with(format!("r.field = {PLACE}"), field);
            let sql = match value {
                Some(value) => sql.push(Sql::with(format!(" AND r.value = {PLACE}"), value)),
                None => sql,
            };
            ("ticket_field r", "r.ticket_id", sql)
        }
        Test::Link(Link { kind, reverse }, ticket) => {
            let number = Sql::int(i64::try_from(*ticket).unwrap_or(i64::MAX));
            let kind = format!(" AND r.kind = '{kind}'");
            match reverse {
                false => ("link r", "r.ticket_id", Sql::text("r.target_id = ").push(number).and(&kind)),
                true => ("link r", "r.target_id", Sql::text("r.ticket_id = ").push(number).and(&kind)),
            }
        }
        Test::Undelivered(address) => {
            let newer = "r.state IN ('failed', 'bounced') AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.ticket_id = r.ticket_id \
                         AND n.address = r.address AND n.id > r.id AND n.state = 'sent')";
            let sql = match address {
                Some(address) => Sql::with(format!("r.address = {PLACE} AND "), address),
                None => Sql::default(),
            };
            ("outbox r", "r.ticket_id", sql.and(newer))
        }
        _ => return None,
    })
}

/// What of the rows of [`of_table`] is shown to somebody who may not see comments, as a condition over them; none: all of it. The rest is
/// for them as if it were not there: that a search finds a ticket by it would tell them.
fn open(test: &Test, by: By<'_>) -> Option<Sql> {
    match test {
        Test::Tag(_) | Test::Field(..) | Test::Person(Role::AdminCc, _) => Some(Sql::text("0 = 1")),
        Test::Person(Role::Watcher, _) => Some(Sql::text("r.role <> 'admincc'")),
        Test::Undelivered(_) => Some(Sql::text("r.audience = 'customers'")),
        // The other end, wherever it went.
        Test::Link(_, ticket) => visible(by.sees).map(|seen| {
            let number = Sql::int(i64::try_from(*ticket).unwrap_or(i64::MAX));
            Sql::text("EXISTS (WITH RECURSIVE chain (id) AS (SELECT ")
                .push(number)
                .and(
                    " UNION SELECT o.merged_into FROM ticket o JOIN chain c ON o.id = c.id WHERE o.merged_into IS NOT NULL) \
                 SELECT 1 FROM chain c CROSS JOIN ticket t WHERE t.id = c.id AND t.merged_into IS NULL AND ",
                )
                .push(seen)
                .and(")")
        }),
        _ => None,
    }
}

/// Which documents of the index a test is about, as `search_document s`.
fn of_documents(test: &Test, by: By<'_>) -> Option<Sql> {
    let sql = match test {
        Test::Worked(span) => in_span("s.at", *span),
        Test::Person(Role::Actor, who) => Sql::text("s.actor_id = ").push(person(who)),
        _ => return None,
    };
    // Where comments are read in some queues only, the condition on the ticket says which.
    Some(if by.sees.comments() == Comments::Nowhere { sql.and(" AND ").and(OPEN_DOCUMENT) } else { sql })
}

/// What is shown of documents to somebody who may not see comments. An entry that says nothing but what changed is not.
const OPEN_DOCUMENT: &str =
    "(s.internal = 0 AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.id = s.entry_id AND e.kind = 'change' AND e.text_id IS NULL))";

fn expression(wording: &Wording, within: Within) -> Sql {
    let expression = match wording.phrases.as_slice() {
        [] => full_text::expression(&wording.words, wording.prefix, within),
        phrases => full_text::any_of(phrases, within),
    };
    Sql::with(PLACE, expression)
}

fn of_text(test: &Test) -> Option<(&Wording, bool)> {
    match test {
        Test::Text(wording) => Some((wording, false)),
        Test::Subject(wording) => Some((wording, true)),
        _ => None,
    }
}

/// Where the words of a test may be found, at best.
fn widest(subject: bool, by: By<'_>) -> Within {
    match (subject, by.sees.comments()) {
        (true, _) => Within::Subject,
        (_, Comments::Nowhere) => Within::Public,
        _ => Within::All,
    }
}

/// The tickets whose priority counts so much now, not 0: those that have it and keep it, and those on the way to another.
fn of_priority(span: Span, now: i64) -> Found {
    let keep = "SELECT t.id FROM ticket t WHERE t.priority <> 0 AND t.final_priority IS NULL AND ";
    let parts = vec![Sql::text(keep).push(in_span("t.priority", span)), changing(false).push(in_span(&priority(now), span))];
    Found { parts, exact: true }
}

/// The same of those that are not over, and others.
fn of_open_priority(span: Span, now: i64) -> Found {
    let keep = "SELECT t.id FROM ticket t WHERE t.priority <> 0 AND t.final_priority IS NULL AND t.kind <> 'inactive' AND ";
    let parts = vec![Sql::text(keep).push(in_span("t.priority", span)), changing(true).push(in_span(&priority(now), span))];
    Found { parts, exact: false }
}

/// The tickets on the way to another priority; more is to follow. The index begins with kinds, so they are named.
fn changing(open: bool) -> Sql {
    let kinds = if open { "('initial', 'active')" } else { "('initial', 'active', 'inactive')" };
    Sql::text(format!("SELECT t.id FROM ticket t WHERE t.final_priority IS NOT NULL AND t.kind IN {kinds} AND "))
}

/// The tickets on the way to another priority whose priority now compares so; only those that are not over, where `open`.
pub(super) fn changing_priorities(compares: &str, open: bool, now: i64) -> Found {
    Found::one(changing(open).and(&format!("{} {compares}", priority(now))), true)
}

/// Ways by two things that are asked for at once, where of either alone there may be many: tickets that are not over, and due in a span, or of
/// some priority, or in one queue.
pub(super) fn together(all: &[Meaning], now: i64) -> Vec<Found> {
    let Some(kinds) = all.iter().find_map(open_kinds) else { return Vec::new() };
    let of_test = |meaning: &Meaning| match meaning {
        // Of what is over, nearly all was due once.
        Meaning::Is(Test::Time(TimeOf::Due, Some(span))) => {
            let open = "SELECT t.id FROM ticket t WHERE t.kind <> 'inactive' AND t.due IS NOT NULL AND ";
            Some(Found::one(Sql::text(open).push(in_span("t.due", *span)), false))
        }
        Meaning::Is(Test::Priority(span)) if !span.has(0) => Some(of_open_priority(*span, now)),
        Meaning::Is(queue @ Test::Queue(_)) => of_column(queue, now).map(|queue| {
            let kinds = kinds.iter().map(|kind| format!("'{}'", kind.as_str())).collect::<Vec<_>>().join(", ");
            let sql = Sql::text(format!("SELECT t.id FROM ticket t WHERE t.kind IN ({kinds}) AND "));
            Found::one(sql.push(queue), false)
        }),
        _ => None,
    };
    all.iter().filter_map(of_test).collect()
}

/// The kinds that a meaning asks for, if it does, and those that are over are not among them.
fn open_kinds(meaning: &Meaning) -> Option<Vec<StatusKind>> {
    let kind = |meaning: &Meaning| match meaning {
        Meaning::Is(Test::Kind(kind)) => Some(*kind),
        _ => None,
    };
    let kinds = match meaning {
        Meaning::Any(any) => any.iter().map(kind).collect::<Option<Vec<StatusKind>>>()?,
        Meaning::Not(inner) if kind(inner) == Some(StatusKind::Inactive) => vec![StatusKind::Initial, StatusKind::Active],
        one => vec![kind(one)?],
    };
    (!kinds.is_empty() && !kinds.contains(&StatusKind::Inactive)).then_some(kinds)
}

/// The tickets that somebody may see, and others; none: all, or there is no index for it.
pub(super) fn seen(sees: &Visibility) -> Option<Found> {
    if sees.all {
        return None;
    }
    let rows = |queues: &[i64]| queues.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let in_queues = |queues: &[i64]| format!("SELECT t.id FROM ticket t WHERE t.queue_id IN ({})", rows(queues));
    // Nobody's queues would be looked for among all tickets.
    let mut parts = Vec::from_iter((!sees.tickets.queues.is_empty()).then(|| in_queues(&sees.tickets.queues)));
    for (role, _) in &sees.tickets.by_role {
        let Some(person) = sees.person else { continue };
        parts.push(match role {
            WatchRole::Owner => format!("SELECT t.id FROM ticket t WHERE t.owner_id = {person}"),
            role => {
                format!("SELECT w.ticket_id AS id FROM watcher w WHERE w.person_id = {person} AND w.role = '{}'", role.as_str())
            }
        });
        if *role == WatchRole::Cc {
            parts.push(format!(
                "SELECT v.ticket_id AS id FROM person_address a CROSS JOIN participant v ON v.address = a.address WHERE a.person_id = {person}"
            ));
        }
        if let Some((_, queues)) = sees.watched.iter().find(|(known, _)| known == role) {
            parts.push(format!("SELECT v.ticket_id AS id FROM ticket_queue v WHERE v.queue_id IN ({})", rows(queues)));
        }
    }
    if parts.is_empty() {
        parts.push("SELECT t.id FROM ticket t WHERE t.id < 0".to_owned());
    }
    Some(Found { parts: parts.into_iter().map(Sql::text).collect(), exact: false })
}

/// How the words of a test are asked of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// Looked up for each.
    LookedUp,
    /// Gathered once, those of all documents, or of those from one to another.
    Gathered(Option<(i64, i64)>),
}

/// The documents that hold the words of a test; none: it is not about words.
pub(super) fn documents(test: &Test, by: By<'_>, among: Option<(i64, i64)>) -> Option<Sql> {
    let (wording, subject) = of_text(test)?;
    Some(documents_with(expression(wording, widest(subject, by)), among))
}

fn documents_with(expression: Sql, among: Option<(i64, i64)>) -> Sql {
    let sql = Sql { text: full_text::documents(PLACE), params: expression.params };
    match among {
        Some((from, until)) => sql.and(&format!(" AND rowid BETWEEN {from} AND {until}")),
        None => sql,
    }
}

/// The tickets of which a test is true, by an index. None: there is no index for it, or nearly all tickets are such.
pub(super) fn tickets(test: &Test, by: By<'_>) -> Option<Found> {
    let some_comments = matches!(by.sees.comments(), Comments::Where(_));
    if let Some((wording, subject)) = of_text(test) {
        let documents = full_text::documents(PLACE);
        let text = format!("SELECT DISTINCT document / {ROOM} AS id FROM ({documents}) AS found");
        let place = expression(wording, widest(subject, by));
        return Some(Found::one(Sql { text, params: place.params }, subject || !some_comments));
    }
    if let Some(condition) = of_documents(test, by) {
        let sql = Sql::text(format!("SELECT DISTINCT s.id / {ROOM} AS id FROM search_document s WHERE ")).push(condition);
        return Some(Found::one(sql, !some_comments));
    }
    match test {
        Test::Tag(None) | Test::Field(_, None) | Test::Time(_, None) => return None,
        Test::Time(TimeOf::Updated, _) if by.sees.updated().is_some() => return None,
        Test::Priority(span) => return (!span.has(0)).then(|| of_priority(*span, by.now)),
        Test::Time(TimeOf::Created, Some(span)) => {
            let of_tickets = format!("SELECT s.id / {ROOM} AS id FROM search_document s WHERE s.id % {ROOM} = 0 AND ");
            return Some(Found::one(Sql::text(of_tickets).push(in_span("s.at", *span)), true));
        }
        _ => {}
    }
    let sql = match (of_column(test, by.now), of_table(test)) {
        (Some(condition), _) => Sql::text("SELECT t.id FROM ticket t WHERE ").push(condition),
        (None, Some((table, id, condition))) => {
            let found = Sql::text(format!("SELECT DISTINCT {id} AS id FROM {table} WHERE {id} IS NOT NULL AND ")).push(condition);
            let open = if by.sees.comments() == Comments::Everywhere { None } else { open(test, by) };
            match open {
                // Where comments are read in some queues only, the condition on the ticket says which.
                Some(_) if some_comments => return Some(Found::one(found, false)),
                Some(open) => found.and(" AND ").push(open),
                None => found,
            }
        }
        (None, None) => return None,
    };
    Some(Found::one(sql, true))
}

/// A test as a condition over `ticket t`.
pub(super) fn condition(test: &Test, by: By<'_>, words: Words) -> Sql {
    if let Some((wording, subject)) = of_text(test) {
        return text_condition((wording, subject), by, words);
    }
    if let Some(documents) = of_documents(test, by) {
        let sql = Sql::text(format!(
            "EXISTS (SELECT 1 FROM search_document s WHERE s.id >= t.id * {ROOM} AND s.id < (t.id + 1) * {ROOM} AND "
        ));
        let own = match by.sees.comments() {
            Comments::Where(condition) => format!(" AND ({OPEN_DOCUMENT} OR {condition})"),
            _ => String::new(),
        };
        return sql.push(documents).and(&own).and(")");
    }
    if let (Test::Time(TimeOf::Updated, Some(span)), Some(updated)) = (test, by.sees.updated()) {
        return in_span(&updated, *span);
    }
    let negated = matches!(test, Test::Tag(None) | Test::Field(_, None));
    match (of_column(test, by.now), of_table(test)) {
        (Some(condition), _) => condition,
        (None, Some((table, id, condition))) => {
            let not = if negated { "NOT " } else { "" };
            let sql = Sql::text(format!("{not}EXISTS (SELECT 1 FROM {table} WHERE {id} = t.id AND ")).push(condition);
            let sql = match (by.sees.comments(), open(test, by)) {
                (Comments::Nowhere, Some(open)) => sql.and(" AND ").push(open),
                (Comments::Where(condition), Some(open)) => sql.and(" AND (").push(open).and(&format!(" OR {condition})")),
                _ => sql,
            };
            sql.and(")")
        }
        (None, None) => Sql::text("1 = 1"),
    }
}

fn text_condition((wording, subject): (&Wording, bool), by: By<'_>, words: Words) -> Sql {
    let one = |within: Within| match words {
        Words::Gathered(among) => {
            let documents = documents_with(expression(wording, within), among);
            Sql::text(format!("t.id IN (SELECT document / {ROOM} FROM (")).push(documents).and(") AS found)")
        }
        Words::LookedUp => {
            let text = full_text::holds(PLACE, &format!("t.id * {ROOM}"), &format!("t.id * {ROOM} + {}", ROOM - 1));
            Sql { text, params: expression(wording, within).params }
        }
    };
    match by.sees.comments() {
        Comments::Where(condition) if !subject => {
            let inside = Sql::text(format!("{condition} AND ")).push(one(Within::All));
            Sql::text("(").push(one(Within::Public)).and(" OR ").push(inside).and(")")
        }
        _ => one(widest(subject, by)),
    }
}

/// Which tickets somebody by, as a condition over `ticket t`.
pub(super) fn visible(sees: &Visibility) -> Option<Sql> {
    sees.condition().map(Sql::text)
}
