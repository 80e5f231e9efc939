//! Questions about tickets: `show`, `history`, `list`, `search`, `mine`, `untaken`. What somebody may not see is not there for them.

use super::cure::Cure;
use super::{Command, Kind, Problem, cure, reference};
use crate::audit::field_of;
use crate::decide::acting::Acting;
use crate::facts::{Approval, EntryLine, LISTED, PIECE, Piece, TicketLine};
use crate::letter;
use crate::link::LinkTarget;
use crate::rights::Right;
use crate::telling::{Teller, Thing};
use crate::types::{Person, WatchRole};
use jiff::Timestamp;

const QUESTION: Command =
    Command { name: "", aliases: &[], kind: Kind::Question, example: "12", help: "", right: None, run: |_, _, _| Ok(()) };

pub(super) const SHOW: Command = Command {
    name: "show",
    help: "a ticket: its fields, and what was written on it; with all behind it, quotes too",
    run: |acting, _, value| conversation(acting, value, Telling::News),
    ..QUESTION
};

pub(super) const HISTORY: Command = Command {
    name: "history",
    help: "everything that happened to a ticket, a line each",
    run: |acting, _, value| conversation(acting, value, Telling::Events),
    ..QUESTION
};

pub(super) const LIST: Command = Command {
    name: "list",
    aliases: &["search"],
    example: "queue:noc status:open",
    help: "the tickets that a query means",
    run: |acting, _, value| list(acting, value),
    ..QUESTION
};

pub(super) const MINE: Command = Command {
    name: "mine",
    example: "",
    help: "the tickets that you own and that are not done",
    run: |acting, _, _| list(acting, "@mine"),
    ..QUESTION
};

pub(super) const UNTAKEN: Command = Command {
    name: "untaken",
    example: "",
    help: "the tickets that nobody owns and that are not done",
    run: |acting, _, _| list(acting, "@untaken"),
    ..QUESTION
};

fn list(acting: &mut Acting<'_>, query: &str) -> Result<(), Problem> {
    let Some(person) = acting.person().cloned() else {
        return Err(Problem::value("the system asks nothing", cure::say_who()));
    };
    let found = match acting.desk.facts.listing(query, &person, acting.desk.now)? {
        Ok(found) => found,
        Err(wrong) => return Err(Problem::value(wrong, Cure::whole("write it like !list queue:noc status:open owner:me"))),
    };
    let home = acting.ticket.number;
    let teller = teller(acting);
    let mut lines = Vec::new();
    for line in &found {
        if acting.turn_to(line.number)? && acting.may(Right::See)?.allowed {
            lines.push(written(line, teller));
        }
    }
    acting.turn_to(home)?;
    if u64::try_from(found.len()).is_ok_and(|found| found >= LISTED) {
        lines.push(teller.only(lines.len()));
    }
    let none = || teller.thing(Thing::NoTickets).to_owned();
    acting.said.push(if lines.is_empty() { none() } else { lines.join("\n") });
    Ok(())
}

/// Who tells it in the language of whoever asks, else in that of the queue.
fn teller(acting: &Acting<'_>) -> Teller {
    Teller::of(letter::language(acting.person(), acting.queue()))
}

fn written(line: &TicketLine, teller: Teller) -> String {
    let owner = line.owner.as_deref().unwrap_or(teller.thing(Thing::Nobody));
    format!("#{}  {}  {}  {owner}  {}", line.number, line.queue, line.status, letter::bounded(&line.subject))
}

/// How much of a ticket is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    /// What happened, a line each.
    Events,
    /// What is new in what was written.
    News,
    /// All that was written, quotes too.
    Texts,
}

/// Octets of one answer, and of one text in it.
const ANSWER: usize = 64 << 10;
const TEXT: usize = 16 << 10;
/// So many pieces of a ticket are looked at for one answer.
const PIECES: usize = 20;

/// What is asked of a ticket.
#[derive(Clone, Copy)]
struct Asked {
    ticket: u64,
    /// Whether all of each text is wanted.
    all: bool,
    /// Only what is older than this entry.
    before: Option<i64>,
}

/// The ticket that a value names, else the one in hand, and what of it is wanted: `12`, `#12 all`, `all`, `12 before 31`.
fn asked(acting: &Acting<'_>, value: &str) -> Result<Asked, Problem> {
    let mut words: Vec<&str> = value.split_whitespace().collect();
    let mut before = None;
    if let [.., word, id] = words.as_slice()
        && word.eq_ignore_ascii_case("before")
    {
        let wrong = || Problem::value(format!("{id:?} is no entry"), cure::verb("show 12 before 31", ""));
        before = Some(id.parse().map_err(|_| wrong())?);
        words.truncate(words.len() - 2);
    }
    let all = words.pop_if(|last| last.eq_ignore_ascii_case("all")).is_some();
    let home = acting.ticket.number;
    let word = words.join(" ");
    if reference::is_placeholder(&word) {
        return Ok(Asked { ticket: reference::number(acting, &word)?, all, before });
    }
    match word.strip_prefix('#').unwrap_or(&word) {
        "" if home > 0 => Ok(Asked { ticket: home, all, before }),
        digits => match digits.parse::<u64>() {
            Ok(ticket) => Ok(Asked { ticket, all, before }),
            Err(_) => Err(Problem::value(format!("{word:?} is no ticket"), cure::verb("show 12", ""))),
        },
    }
}

fn conversation(acting: &mut Acting<'_>, value: &str, telling: Telling) -> Result<(), Problem> {
    let home = acting.ticket.number;
    let Asked { ticket: number, all, before } = asked(acting, value)?;
    let telling = if all && telling == Telling::News { Telling::Texts } else { telling };
    let seen = number > 0 && acting.turn_to(number)? && acting.may(Right::See)?.allowed;
    if !seen {
        acting.turn_to(home)?;
        return Err(Problem::value(format!("there is no ticket {number}"), cure::tickets()));
    }
    let teller = teller(acting);
    let comments = acting.may(Right::SeeComments)?.allowed;
    let head = head(acting, comments, teller);
    let head = if comments { [vec![head], beside(acting, teller)?].concat().join("\n") } else { head };
    let head = beginning(&head, TEXT).to_owned();
    let piece = Piece { before, oldest: false, comments, texts: telling != Telling::Events };
    let (mut lines, rest) = entries(acting, piece, telling, ANSWER.saturating_sub(head.len()))?;
    if let Some(rest) = rest.filter(|rest| rest.entries > 0) {
        let verb = if telling == Telling::Events { "history" } else { "show" };
        let all = if telling == Telling::Texts { " all" } else { "" };
        lines.push(teller.earlier(rest.entries, &format!("!{verb} {number}{all} before {}", rest.before)));
    }
    lines.push(head);
    lines.reverse();
    acting.said.push(lines.join("\n"));
    acting.turn_to(home)?;
    Ok(())
}

/// Entries that are not told: how many, and before which.
struct Rest {
    entries: u64,
    before: i64,
}

/// What is told of the ticket in hand, the newest first, in so many octets; and what is not. Of what is read, too, there is an end.
fn entries(
    acting: &Acting<'_>,
    mut piece: Piece,
    telling: Telling,
    mut room: usize,
) -> Result<(Vec<String>, Option<Rest>), Problem> {
    let (facts, number, teller) = (acting.desk.facts, acting.ticket.number, teller(acting));
    let mut lines = Vec::new();
    for _ in 0..PIECES {
        let entries = facts.conversation(number, piece)?;
        for entry in &entries {
            let line = told(entry, telling, teller);
            if line.len() > room {
                let rest = Rest { entries: facts.entries_in(number, piece)?, before: piece.before.unwrap_or(i64::MAX) };
                return Ok((lines, Some(rest)));
            }
            piece.before = Some(entry.id);
            room -= line.len();
            lines.extend((!line.is_empty()).then_some(line));
        }
        if u64::try_from(entries.len()).is_ok_and(|read| read < PIECE) {
            return Ok((lines, None));
        }
    }
    let rest = Rest { entries: facts.entries_in(number, piece)?, before: piece.before.unwrap_or(i64::MAX) };
    Ok((lines, Some(rest)))
}

fn head(acting: &Acting<'_>, comments: bool, teller: Teller) -> String {
    let ticket = &acting.ticket;
    let queue = acting.queue().map_or("", |queue| queue.name.as_str());
    let nobody = teller.thing(Thing::Nobody);
    let owner = ticket.owner.as_ref().map_or(nobody, |owner| owner.login.as_deref().unwrap_or(&owner.address));
    let (status, priority) = (ticket.status.to_string(), ticket.priority.to_string());
    let facts = [("queue", queue), ("status", &status), ("owner", owner), ("priority", &priority)];
    let mut facts: Vec<String> = facts.iter().map(|(field, value)| format!("{}: {value}", teller.field(field))).collect();
    for (field, at) in [("due", ticket.due), ("wakes", ticket.wakes)] {
        facts.extend(at.map(|at| format!("{}: {}", teller.field(field), time(at))));
    }
    let watchers = acting.watchers.iter().filter(|(role, _)| comments || *role != WatchRole::AdminCc);
    let people: Vec<String> =
        watchers.map(|(role, party)| format!("{}: {}", teller.field(field_of(*role)), party.address)).collect();
    let lines = [format!("#{} {}", ticket.number, ticket.subject), facts.join(", "), people.join(", ")];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What else there is to a ticket, for those who may see comments: a line for each field that has a value.
fn beside(acting: &Acting<'_>, teller: Teller) -> Result<Vec<String>, Problem> {
    let (facts, ticket) = (acting.desk.facts, &acting.ticket);
    let number = ticket.number;
    let tags = acting.tags.clone().map_or_else(|| facts.tags(number), Ok)?;
    let fields = acting.fields.clone().map_or_else(|| facts.field_values(number), Ok)?;
    let mut lines: Vec<(String, Vec<String>)> = vec![(teller.field("tags").to_owned(), tags)];
    for (name, value) in fields {
        match lines.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => lines.push((name, vec![value])),
        }
    }
    let minutes = [
        ("time_worked", Some(ticket.time_worked).filter(|minutes| *minutes != 0)),
        ("time_estimated", ticket.time_estimated),
        ("time_left", ticket.time_left),
    ];
    for (field, minutes) in minutes {
        let said = minutes.map(|minutes| teller.value(field, &minutes.to_string()));
        lines.push((teller.field(field).to_owned(), said.into_iter().collect()));
    }
    for (field, at) in [("starts", ticket.starts), ("resolved", ticket.resolved)] {
        lines.push((teller.field(field).to_owned(), at.map(time).into_iter().collect()));
    }
    let mut links = Vec::new();
    for link in facts.links(number)? {
        let seen = match &link.other {
            LinkTarget::Ticket(other) => acting.seen(*other)?.map_or(Ok(false), |other| acting.sees(&other))?,
            LinkTarget::Url(_) => true,
        };
        links.extend(seen.then(|| teller.value("link", &format!("{} {}", link.word(), link.other))));
    }
    lines.push((teller.field("link").to_owned(), links));
    let login = |person: &Person| person.login.clone().unwrap_or_else(|| person.address.clone());
    let approval = |approval: &Approval| match &approval.answer {
        None => login(&approval.person),
        Some(answer) => {
            let word = if answer.yes { "yes" } else { "no" };
            let said = format!("{}: {word} ({}) {}", login(&approval.person), answer.trust.as_str(), answer.remark);
            teller.value("approval", said.trim_end())
        }
    };
    lines.push((teller.field("approvers").to_owned(), facts.approvals(number)?.iter().map(approval).collect()));
    Ok(lines
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(field, values)| format!("{field}: {}", values.join(", ")))
        .collect())
}

fn time(at: i64) -> String {
    Timestamp::from_microsecond(at).unwrap_or_default().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// `2026-11-22 08:00 UTC: anna commented (internal, entry 31)`, and what it changed or says.
fn told(entry: &EntryLine, telling: Telling, teller: Teller) -> String {
    let by = entry.by.as_deref().filter(|by| *by != "system").unwrap_or(teller.thing(Thing::System));
    let internal =
        if entry.internal && entry.kind != "change" { format!("{}, ", teller.thing(Thing::Internal)) } else { String::new() };
    let changes: Vec<String> =
        entry.changes.iter().map(|(field, from, to)| teller.change(field, from.as_deref(), to.as_deref())).collect();
    let changes = if changes.is_empty() { String::new() } else { format!(": {}", changes.join(", ")) };
    let (did, word) = (teller.did(&entry.kind), teller.thing(Thing::Entry));
    let head = beginning(&format!("{}: {by} {did} ({internal}{word} {}){changes}", time(entry.at), entry.id), TEXT).to_owned();
    let text = match telling {
        Telling::Events => return head,
        Telling::News => entry.text.trim(),
        Telling::Texts => entry.whole.as_deref().unwrap_or(&entry.text).trim(),
    };
    if text.is_empty() {
        return String::new();
    }
    // As a quote, so that it commands nothing when it comes back.
    let quoted: Vec<String> = beginning(text, TEXT).lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
    let is_cut = entry.cut || text.len() > TEXT;
    let rest = if is_cut { format!("\n{}", teller.thing(Thing::Cut)) } else { String::new() };
    format!("\n{head}\n{}{rest}", beginning(&quoted.join("\n"), 2 * TEXT))
}

/// The first octets of a text, whole characters only.
fn beginning(text: &str, octets: usize) -> &str {
    text.get(..text.floor_char_boundary(octets)).unwrap_or(text)
}
