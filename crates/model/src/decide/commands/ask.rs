//! Questions about tickets: `show`, `history`, `list`, `search`, `mine`, `untaken`. What somebody may not see is not there for them.

use super::cure::Cure;
use super::{Command, Kind, Problem, cure};
use crate::decide::acting::Acting;
use crate::facts::{EntryLine, TicketLine};
use crate::rights::Right;
use crate::types::WatchRole;
use jiff::Timestamp;

const QUESTION: Command =
    Command { name: "", aliases: &[], kind: Kind::Question, example: "12", help: "", right: None, run: |_, _, _| Ok(()) };

pub(super) const SHOW: Command = Command {
    name: "show",
    help: "a ticket: its fields, and what was written on it",
    run: |acting, _, value| conversation(acting, value, true),
    ..QUESTION
};

pub(super) const HISTORY: Command = Command {
    name: "history",
    help: "everything that happened to a ticket, a line each",
    run: |acting, _, value| conversation(acting, value, false),
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
    let mut lines = Vec::new();
    for line in &found {
        if acting.turn_to(line.number)? && acting.may(Right::See)?.allowed {
            lines.push(written(line));
        }
    }
    acting.turn_to(home)?;
    acting.said.push(if lines.is_empty() { "no tickets".to_owned() } else { lines.join("\n") });
    Ok(())
}

fn written(line: &TicketLine) -> String {
    let owner = line.owner.as_deref().unwrap_or("nobody");
    format!("#{}  {}  {}  {owner}  {}", line.number, line.queue, line.status, line.subject)
}

fn conversation(acting: &mut Acting<'_>, value: &str, texts: bool) -> Result<(), Problem> {
    let home = acting.ticket.number;
    let word = value.trim();
    let number = match word.strip_prefix('#').unwrap_or(word) {
        "" if home > 0 => home,
        digits => match digits.parse::<u64>() {
            Ok(number) => number,
            Err(_) => return Err(Problem::value(format!("{word:?} is no ticket"), cure::verb("show 12", ""))),
        },
    };
    let seen = number > 0 && acting.turn_to(number)? && acting.may(Right::See)?.allowed;
    if !seen {
        acting.turn_to(home)?;
        return Err(Problem::value(format!("there is no ticket {number}"), cure::tickets()));
    }
    let comments = acting.may(Right::SeeComments)?.allowed;
    let entries = acting.desk.facts.conversation(acting.ticket.number)?;
    let visible = entries.iter().filter(|entry| comments || !entry.internal);
    let head = head(acting, comments);
    // What changed is for staff as comments are: who was asked for approval, what was noted, who else listens.
    let bare = |entry: &EntryLine| EntryLine { changes: Vec::new(), ..entry.clone() };
    let visible = visible.map(|entry| if comments { entry.clone() } else { bare(entry) });
    let lines: Vec<String> = visible.map(|entry| told(&entry, texts)).filter(|line| !line.is_empty()).collect();
    acting.said.push([vec![head], lines].concat().join("\n"));
    acting.turn_to(home)?;
    Ok(())
}

fn head(acting: &Acting<'_>, comments: bool) -> String {
    let ticket = &acting.ticket;
    let queue = acting.queue().map_or("", |queue| queue.name.as_str());
    let owner = ticket.owner.as_ref().map_or("nobody", |owner| owner.login.as_deref().unwrap_or(&owner.address));
    let watchers = acting.watchers.iter().filter(|(role, _)| comments || *role != WatchRole::AdminCc);
    let people: Vec<String> = watchers.map(|(role, party)| format!("{}: {}", role.as_str(), party.address)).collect();
    let first = format!("#{} {}", ticket.number, ticket.subject);
    let second = format!("queue: {queue}, status: {}, owner: {owner}, priority: {}", ticket.status, ticket.priority);
    if people.is_empty() { format!("{first}\n{second}") } else { format!("{first}\n{second}\n{}", people.join(", ")) }
}

fn told(entry: &EntryLine, texts: bool) -> String {
    let at = Timestamp::from_microsecond(entry.at).unwrap_or_default().strftime("%Y-%m-%d %H:%M UTC");
    let by = entry.by.as_deref().unwrap_or("the system");
    let internal = if entry.internal && entry.kind != "change" { ", internal" } else { "" };
    let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    let changes: Vec<String> =
        entry.changes.iter().map(|(field, from, to)| format!("{field}: {} -> {}", word(from), word(to))).collect();
    let changes = if changes.is_empty() { String::new() } else { format!(": {}", changes.join(", ")) };
    let head = format!("{at} {by}, {}{internal}{changes}", entry.kind);
    match texts {
        true if entry.text.trim().is_empty() => String::new(),
        // As a quote, so that it commands nothing when it comes back.
        true => {
            let text: Vec<String> = entry.text.trim().lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
            format!("\n{head}\n{}", text.join("\n"))
        }
        false => head,
    }
}
