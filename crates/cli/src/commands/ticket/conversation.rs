//! A ticket as a conversation: a head with the facts, then what happened, in the order in which it did.

use super::save_command;
use crate::output::table::styled;
use crate::output::text::{self, block, line};
use crate::output::time::Clock;
use crate::output::{COMFORTABLE, FAINT, STRONG, WARN, style_of};
use postern_core::model::telling::is_told_as_list;
use postern_core::view::{Approval, Change, Entry, Link, LinkTarget, Part, Ticket};
use postern_mail::quote::{self, Clues, Piece};
use serde_json::Value;
use std::fmt::Write;
use std::ops::Range;

/// How it is to look.
pub(super) struct Look {
    /// The number that was asked for.
    pub(super) asked: u64,
    /// Whether folded entries are shown in full.
    pub(super) all: bool,
    /// Columns of the terminal; `None` where none reads along.
    pub(super) room: Option<usize>,
    /// How times are shown.
    pub(super) clock: Clock,
}

/// The whole conversation.
pub(super) fn of(ticket: &Ticket, look: &Look) -> String {
    let mut page = head(ticket, look);
    for entry in &ticket.history {
        page.push('\n');
        page.push_str(&entry_of(ticket, entry, look));
    }
    let jumps = ticket.history.windows(2).any(|pair| pair[1].id != pair[0].id + 1);
    if jumps && look.room.is_some() {
        let hint = "All entries are here: their numbers count over all tickets.";
        page.push_str(&format!("\n{}\n", styled(hint, FAINT)));
    }
    page
}

fn head(ticket: &Ticket, look: &Look) -> String {
    let summary = &ticket.summary;
    let mut page = String::new();
    let mut add = |line: String| page.extend([line.as_str(), "\n"]);
    let title = format!("#{} {}", summary.id, line(&summary.subject));
    text::wrap(&title, look.room.unwrap_or(usize::MAX)).iter().for_each(|piece| add(styled(piece, STRONG)));
    if look.asked != summary.id {
        add(styled(&format!("ticket {} was merged into this one", look.asked), WARN));
    }
    let mut fact = |name: &str, value: String| {
        if !value.is_empty() {
            add(text::hang(&styled(&format!("{name:<11}"), FAINT), &value, look.room));
        }
    };
    fact("status", styled(&line(&summary.status), style_of(&summary.status)));
    fact("queue", line(&summary.queue).into_owned());
    fact("owner", summary.owner.as_deref().map_or("nobody".into(), line).into_owned());
    fact("priority", priority(ticket));
    fact("requestors", people(&summary.requestors));
    fact("cc", people(&ticket.cc));
    fact("admincc", people(&ticket.admincc));
    fact("no mail to", people(&ticket.squelched));
    fact("unreachable", styled_people(&ticket.suspended));
    fact("undelivered", styled_people(&summary.undelivered));
    fact("approvals", ticket.approvals.iter().map(|approval| approval_of(approval, look)).collect::<Vec<_>>().join(", "));
    fact("created", look.clock.say(summary.created));
    fact("updated", look.clock.say(summary.updated));
    fact("resolved", ticket.resolved.map_or_else(String::new, |at| look.clock.say(at)));
    let course = &ticket.course;
    for (name, at) in [
        ("started", course.started),
        ("answered", course.first_answer),
        ("last answer", course.last_contact.filter(|_| course.last_contact != course.first_answer)),
        ("starts", course.starts),
        ("due", ticket.due),
        ("waits until", course.wakes),
    ] {
        fact(name, at.map_or_else(String::new, |at| look.clock.say(at)));
    }
    fact("time worked", worked(ticket));
    fact("estimated", minutes(ticket.time_estimated));
    fact("time left", minutes(ticket.time_left));
    fact("tags", line(&summary.tags.join(", ")).into_owned());
    for (name, said) in &ticket.fields {
        fact(&line(name), value(said));
    }
    fact("links", ticket.links.iter().map(link).collect::<Vec<_>>().join(", "));
    if !ticket.parts.is_empty() {
        fact("parts", format!("{} of {} done{}", ticket.progress.done, ticket.progress.all, times(ticket)));
        ticket.parts.iter().for_each(|part| fact("", part_of(part)));
    }
    page
}

/// The priority by now, and where it goes (A156).
fn priority(ticket: &Ticket) -> String {
    let (now, course) = (ticket.summary.priority, &ticket.course);
    match (course.final_priority, ticket.due) {
        (Some(last), Some(_)) if last != now => {
            format!("{now}, on its way from {} to {last} when it is due", course.priority_set)
        }
        _ if now == 0 => String::new(),
        _ => now.to_string(),
    }
}

/// Minutes, whose where they are not all one person's, and those of the parts where these are more.
fn worked(ticket: &Ticket) -> String {
    if ticket.time_worked == 0 && ticket.time_worked_with_parts == 0 {
        return String::new();
    }
    let by: Vec<String> = ticket.time_by.iter().map(|by| format!("{} {}", line(&by.person), by.minutes)).collect();
    let whose = if by.len() > 1 { format!(" ({})", by.join(", ")) } else { String::new() };
    let parts = match ticket.time_worked_with_parts {
        all if all == ticket.time_worked => String::new(),
        all => format!(", {all} min with its parts"),
    };
    format!("{} min{whose}{parts}", ticket.time_worked)
}

fn minutes(minutes: Option<i64>) -> String {
    minutes.map_or_else(String::new, |minutes| format!("{minutes} min"))
}

/// What a ticket and its parts should take, and still take.
fn times(ticket: &Ticket) -> String {
    let said = [(ticket.time_estimated_with_parts, "estimated"), (ticket.time_left_with_parts, "left")];
    said.iter().filter_map(|(minutes, what)| Some(format!(", {} min {what}", (*minutes)?))).collect()
}

/// A part in a line, indented by how deep it is.
fn part_of(part: &Part) -> String {
    let indent = "  ".repeat(usize::try_from(part.depth.saturating_sub(1)).unwrap_or(0));
    let owner = part.owner.as_deref().unwrap_or("nobody");
    let worked = if part.time_worked == 0 { String::new() } else { format!(", {} min", part.time_worked) };
    let state = styled(&line(&part.status), style_of(&part.status));
    format!("{indent}#{} {state} {}: {}{worked}", part.id, line(owner), line(&part.subject))
}

/// `ben: yes, 2 h ago (authenticated, entry 31)`, `anna: asked by ben, 3 h ago`.
fn approval_of(approval: &Approval, look: &Look) -> String {
    let (who, words) =
        (line(&approval.person), |word: &Option<String>| word.as_deref().map_or_else(String::new, |w| line(w).into_owned()));
    let (Some(answer), Some(at)) = (&approval.answer, approval.answered) else {
        return styled(&format!("{who}: asked by {}, {}", line(&approval.asked_by), look.clock.say(approval.asked)), WARN);
    };
    let entry = approval.entry.map(|entry| format!(", entry {entry}")).unwrap_or_default();
    let said = format!("{who}: {}, {} ({}{entry})", line(answer), look.clock.say(at), words(&approval.trust));
    if answer == "yes" { said } else { styled(&said, WARN) }
}

fn people(addresses: &[String]) -> String {
    line(&addresses.join(", ")).into_owned()
}

/// Addresses that somebody should see to.
fn styled_people(addresses: &[String]) -> String {
    if addresses.is_empty() { String::new() } else { styled(&people(addresses), WARN) }
}

fn link(link: &Link) -> String {
    match &link.target {
        LinkTarget::Ticket(number) => format!("{} #{number}", line(&link.kind)),
        LinkTarget::Url(url) => format!("{} {}", line(&link.kind), line(url)),
    }
}

fn entry_of(ticket: &Ticket, entry: &Entry, look: &Look) -> String {
    let margin = if entry.internal { "  | " } else { "    " };
    let mut page = format!("{}\n", title(entry, look));
    let mut add = |text: &str| {
        let line = format!("{}{text}", if entry.internal { styled(margin, WARN) } else { margin.to_owned() });
        page.extend([line.trim_end(), "\n"]);
    };
    for text in written(entry, look) {
        add(&text);
    }
    for change in &entry.changes {
        add(&styled(&in_words(change), FAINT));
    }
    for file in ticket.attachments.iter().filter(|file| file.entry == entry.id) {
        let place = if file.inline { ", inline" } else { "" };
        let what = format!("{} ({}{place}, {})", line(&file.name), line(&file.content_type), text::size(file.size));
        add(&format!("{what}: {}", save_command(ticket.summary.id, file)));
    }
    for fate in fates(entry) {
        add(&fate);
    }
    page
}

/// To whom an entry was mailed, and what became of that: those to whom the same happened in one line.
fn fates(entry: &Entry) -> Vec<String> {
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for mail in &entry.mails {
        let fate = mail.in_words();
        match told.iter_mut().find(|(known, _)| *known == fate) {
            Some((_, people)) => people.push(&mail.to),
            None => told.push((fate, vec![&mail.to])),
        }
    }
    let style = |fate: &str| if fate.starts_with("bounced") || fate.starts_with("failed") { WARN } else { FAINT };
    told.iter().map(|(fate, people)| styled(&line(&format!("mail to {}: {fate}", people.join(", "))), style(fate))).collect()
}

fn title(entry: &Entry, look: &Look) -> String {
    let did = match entry.kind.as_str() {
        "create" => "opened the ticket",
        "correspond" => "wrote",
        "comment" => "commented",
        "change" => "changed the ticket",
        "note" => "noted",
        other => &line(other).replace('-', " "),
    };
    let mut title = styled(&format!("-- {} {did}", line(&entry.actor)), STRONG);
    if entry.waits {
        title.push_str(&styled(" [from an outsider, not approved: staff only]", WARN));
    } else if entry.internal {
        title.push_str(&styled(" [internal: staff only]", WARN));
    }
    let of = entry.ticket.map_or_else(String::new, |ticket| format!(" of #{ticket}"));
    let by = entry.run_by.as_deref().map_or_else(String::new, |user| format!(", run by {}", line(user)));
    let _ = write!(title, " {}", styled(&format!("{} (entry {}{of}{by})", look.clock.say(entry.at), entry.id), FAINT));
    title
}

/// The text's lines, those of a folded entry only as far as they tell what it is.
fn written(entry: &Entry, look: &Look) -> Vec<String> {
    let Some(whole) = entry.text.as_deref().map(str::trim_end).filter(|text| !text.is_empty()) else { return Vec::new() };
    let text = block(whole);
    let lines: Vec<&str> = text.lines().collect();
    if entry.folded && !look.all {
        let first = lines.iter().find(|line| !line.trim().is_empty()).copied().unwrap_or_default();
        let more = match lines.len() {
            0 | 1 => String::new(),
            2 => " (1 more line, --all shows it)".to_owned(),
            all => format!(" ({} more lines, --all shows them)", all - 1),
        };
        return vec![styled(&format!("{}{more}", text::cut(first, 60)), FAINT)];
    }
    // The first entry is shown whole; in an answer, what it quotes stands further up.
    let mut shown = match look.all || entry.kind == "create" {
        true => laid_out(&text, look),
        false => unfolded(whole, &folds(whole, entry), look),
    };
    shown.truncate(shown.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1));
    shown
}

/// What is folded away: as it was found out when the mail came, else as the text tells by itself.
fn folds(text: &str, entry: &Entry) -> Vec<Range<usize>> {
    entry.folds.clone().unwrap_or_else(|| quote::fold(text, &Clues { answers: true, ..Clues::default() }).folds)
}

/// The text in its order, with a line in place of what is folded.
fn unfolded(text: &str, folds: &[Range<usize>], look: &Look) -> Vec<String> {
    let mut shown = Vec::new();
    let mut hidden = 0;
    for piece in quote::pieces(text, folds) {
        match piece {
            Piece::Old(lines) => hidden += lines.lines().count(),
            // Nothing between two folds, or below the last one: it is as good as folded.
            Piece::New(lines) if lines.trim().is_empty() && hidden > 0 => hidden += lines.lines().count(),
            Piece::New(lines) => {
                shown.extend(mark(hidden));
                hidden = 0;
                shown.extend(laid_out(&block(lines), look));
            }
        }
    }
    shown.extend(mark(hidden));
    shown
}

fn mark(hidden: usize) -> Option<String> {
    let mark = match hidden {
        0 => return None,
        1 => "[… 1 folded line; --all shows it]".to_owned(),
        lines => format!("[… {lines} folded lines; --all shows them]"),
    };
    Some(styled(&mark, FAINT))
}

fn laid_out(text: &str, look: &Look) -> Vec<String> {
    match look.room {
        None => text.lines().map(str::to_owned).collect(),
        Some(room) => text.lines().flat_map(|line| text::wrap(line, room.min(COMFORTABLE) - 4)).collect(),
    }
}

/// A change as a line: `status: new -> open`, `cc: + clara@example.net`.
pub(in crate::commands) fn in_words(change: &Change) -> String {
    let field = change.field.as_str();
    match (&change.from, &change.to) {
        (_, to) if field == "outsider" => return format!("from an outsider: {}", value(to)),
        (_, to) if field == "approved" => return format!("approved entry {}", value(to)),
        (_, to) if field == "undo" => return format!("took back {}", value(to)),
        (_, to) if field == "freed" => return format!("{} is done: nothing that it waits for is left", value(to)),
        (_, to) if field == "parts_done" => return format!("{} is done: all its parts are", value(to)),
        (_, to) if field == "override" => return format!("done all the same: {}", value(to)),
        (from, Value::Null) if field == "approval" => return format!("{field} counts no more: {}", value(from)),
        (_, to) if field == "approval" => return format!("{field}: {}", value(to)),
        (Value::Null, to) if field == "forward" => return format!("forwarded to {}", value(to)),
        (Value::Null, to) if field == "submitted_by" => return format!("submitted by {}", value(to)),
        (from, Value::Null) if field == "submitted_by" => return format!("no longer submitted by {}", value(from)),
        (Value::Null, to) if field == "original" => return format!("their mail is <{}>", value(to)),
        (Value::Null, to) if is_told_as_list(field) => return format!("{field}: + {}", value(to)),
        (from, Value::Null) if is_told_as_list(field) => return format!("{field}: - {}", value(from)),
        _ => {}
    }
    format!("{}: {} -> {}", line(&change.field), value(&change.from), value(&change.to))
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) if text.is_empty() => "none".to_owned(),
        Value::String(text) => line(text).into_owned(),
        Value::Array(list) => list.iter().map(self::value).collect::<Vec<_>>().join(", "),
        other => line(&other.to_string()).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use postern_core::view::{Attachment, TicketSummary, Time, TimeBy};
    use serde_json::json;

    fn ticket() -> Ticket {
        let by = [("anna", 10), ("ben", 5)];
        Ticket {
            summary: TicketSummary {
                id: 7,
                queue: "support".into(),
                subject: "Drucker \x1b[31mbrennt".into(),
                status: "open".into(),
                status_kind: "active".into(),
                owner: None,
                priority: 0,
                requestors: vec!["karl@new.example".into()],
                created: Time(0),
                updated: Time(0),
                undelivered: vec!["karl@new.example".into()],
                tags: vec!["fire".into(), "printer".into()],
            },
            cc: Vec::new(),
            admincc: Vec::new(),
            squelched: vec!["otto@example.org".into()],
            suspended: Vec::new(),
            links: vec![
                Link { kind: "refers".into(), target: LinkTarget::Ticket(3) },
                Link { kind: "refers".into(), target: LinkTarget::Url("https://x.example".into()) },
            ],
            time_worked: 15,
            time_by: by.map(|(person, minutes)| TimeBy { person: person.into(), minutes }).into(),
            time_estimated: Some(240),
            time_left: None,
            parts: Vec::new(),
            progress: Default::default(),
            time_worked_with_parts: 15,
            time_estimated_with_parts: None,
            time_left_with_parts: None,
            due: None,
            resolved: None,
            course: postern_core::view::Course::default(),
            fields: [("Customer".to_owned(), json!("ACME")), ("Rooms".to_owned(), json!(["12", "Hall"]))].into_iter().collect(),
            approvals: Vec::new(),
            history: vec![
                entry(1, "create", "karl@new.example", "Es brennt.\n\nWirklich."),
                Entry { internal: true, ..entry(2, "comment", "anna", "Schon wieder\u{202e}!") },
                Entry { folded: true, ..entry(3, "correspond", "karl@new.example", "I am away.\nBack on Monday.\n") },
                Entry {
                    text: None,
                    changes: vec![
                        Change { field: "status".into(), from: json!("new"), to: json!("open") },
                        Change { field: "owner".into(), from: Value::Null, to: json!("anna") },
                        Change { field: "cc".into(), from: Value::Null, to: json!("clara@example.net") },
                        Change { field: "cc".into(), from: json!("dora@example.net"), to: Value::Null },
                        Change { field: "link".into(), from: Value::Null, to: json!("refers-to #3") },
                        Change { field: "forward".into(), from: Value::Null, to: json!("otto@example.org") },
                    ],
                    ..entry(4, "set", "anna", "")
                },
            ],
            attachments: vec![Attachment {
                number: 1,
                name: "feuer.jpg".into(),
                content_type: "image/jpeg".into(),
                size: 34_000,
                entry: 1,
                inline: false,
            }],
            mails: Vec::new(),
        }
    }

    fn entry(id: i64, kind: &str, actor: &str, text: &str) -> Entry {
        Entry {
            id,
            ticket: None,
            at: Time(0),
            actor: actor.into(),
            staff: actor == "anna",
            trust: None,
            run_by: None,
            kind: kind.into(),
            internal: false,
            folded: false,
            waits: false,
            text: Some(text.into()),
            reply: Some(text.into()),
            folds: None,
            message: None,
            changes: Vec::new(),
            mails: Vec::new(),
        }
    }

    fn shown(look: &Look) -> String {
        anstream::adapter::strip_str(&of(&ticket(), look)).to_string()
    }

    #[test]
    fn a_ticket_reads_like_a_conversation() {
        let look = Look { asked: 7, all: false, room: None, clock: Clock::Absolute };
        assert_eq!(
            shown(&look),
            "\
#7 Drucker ␛[31mbrennt
status      open
queue       support
owner       nobody
requestors  karl@new.example
no mail to  otto@example.org
undelivered karl@new.example
created     1970-01-01T00:00:00Z
updated     1970-01-01T00:00:00Z
time worked 15 min (anna 10, ben 5)
estimated   240 min
tags        fire, printer
Customer    ACME
Rooms       12, Hall
links       refers #3, refers https://x.example

-- karl@new.example opened the ticket 1970-01-01T00:00:00Z (entry 1)
    Es brennt.

    Wirklich.
    feuer.jpg (image/jpeg, 34 kB): postern ticket attachment 7 1

-- anna commented [internal: staff only] 1970-01-01T00:00:00Z (entry 2)
  | Schon wieder<U+202E>!

-- karl@new.example wrote 1970-01-01T00:00:00Z (entry 3)
    I am away. (1 more line, --all shows it)

-- anna set 1970-01-01T00:00:00Z (entry 4)
    status: new -> open
    owner: none -> anna
    cc: + clara@example.net
    cc: - dora@example.net
    link: + refers-to #3
    forwarded to otto@example.org
"
        );
    }

    #[test]
    fn e13_each_entry_says_what_became_of_its_mails() {
        let mail = |to: &str, state: &str, reply: &str| postern_core::view::Fate {
            to: to.into(),
            kind: "notification".into(),
            state: state.into(),
            last_reply: (!reply.is_empty()).then(|| reply.to_owned()),
            at: Time(0),
        };
        let mails = vec![
            mail("a@x.example", "sent", "250 2.0.0 Ok"),
            mail("b@x.example", "bounced", "550 5.1.1 no such \x1b[31muser"),
            mail("c@x.example", "sent", "Ok: queued"),
            mail("d@x.example", "sent", "delayed, tried until 2026-11-25T00:00:00Z"),
            mail("e@x.example", "queued", ""),
            mail("f@x.example", "held", ""),
            mail("g@x.example", "deferred", "451 later"),
            mail("h@x.example", "failed", "550 no"),
        ];
        let entry = Entry { mails, ..entry(5, "correspond", "anna", "Yes.") };
        let lines: Vec<String> = fates(&entry).iter().map(|line| anstream::adapter::strip_str(line).to_string()).collect();
        assert_eq!(
            lines,
            [
                "mail to a@x.example, c@x.example: delivered to the next server",
                "mail to b@x.example: bounced: 550 5.1.1 no such ␛[31muser",
                "mail to d@x.example: delayed, tried until 2026-11-25T00:00:00Z",
                "mail to e@x.example: waiting",
                "mail to f@x.example: held for a digest",
                "mail to g@x.example: deferred: 451 later",
                "mail to h@x.example: failed: 550 no",
            ]
        );
    }

    #[test]
    fn a129_folds_are_shown_in_their_place() {
        let text = "> One?\nYes.\n\n> Two?\n\n> Three?\nNo.\n-- \nKarl\n";
        let place = |piece: &str| text.find(piece).map(|start| start..start + piece.len()).unwrap();
        let folds = vec![place("> One?\n"), place("> Two?\n"), place("> Three?\n"), place("-- \nKarl\n")];
        let answer = Entry { folds: Some(folds), ..entry(5, "correspond", "karl@new.example", text) };
        let shown = |entry: &Entry, all: bool| {
            let look = Look { asked: 7, all, room: None, clock: Clock::Absolute };
            let lines = written(entry, &look);
            lines.iter().map(|line| anstream::adapter::strip_str(line).to_string()).collect::<Vec<_>>()
        };
        let two = "[… 2 folded lines; --all shows them]";
        let three = "[… 3 folded lines; --all shows them]";
        assert_eq!(shown(&answer, false), ["[… 1 folded line; --all shows it]", "Yes.", "", three, "No.", two]);
        assert_eq!(shown(&answer, true), text.trim_end().lines().collect::<Vec<_>>());
        assert_eq!(
            shown(&Entry { kind: "create".into(), ..answer.clone() }, false),
            shown(&answer, true),
            "the first is shown whole"
        );

        let old = entry(5, "correspond", "karl@new.example", "Yes.\n\nOn 21 Nov 2026 Anna wrote:\n> Really?\n");
        assert_eq!(shown(&old, false), ["Yes.", "", two], "from before there were folds");
        let whole = Entry { folds: Some(Vec::new()), ..old };
        assert_eq!(shown(&whole, false).len(), 4, "somebody looked, and nothing is folded");
        let torn = Entry { folds: Some(vec![1..3, 900..70_000]), ..whole };
        assert_eq!(shown(&torn, false), shown(&torn, true), "ranges of another text hide nothing");
    }

    #[test]
    fn all_unfolds_and_a_merged_number_is_explained() {
        let look = Look { asked: 5, all: true, room: Some(80), clock: Clock::Absolute };
        let page = shown(&look);
        assert!(page.contains("    I am away.\n    Back on Monday.\n"), "{page}");
        assert!(page.contains("ticket 5 was merged into this one"), "{page}");
        assert!(!page.contains("count over all tickets"), "{page}");
        let mut jumping = ticket();
        jumping.history[3].id = 9;
        assert!(of(&jumping, &look).contains("All entries are here: their numbers count over all tickets."));
    }
}
