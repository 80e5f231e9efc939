//! Mails that are nothing but commands, on any tickets: `resolve 4 7`, `12 owner=anna`, `show 12`, `limit queue:net`.

use super::block::{Source, is_end};
use super::line::{self, is_space};
use super::names::{self, Kin, Named};
use super::numbers::{self, Numbers};
use super::{Does, Known, Script, Word, debbugs, pairs, shown, signature, slip};
use crate::act::Order;
use crate::decide::commands::{self, Command, Kind};

/// Unknown lines after which nothing more is read: it is no script.
const UNKNOWN: usize = 5;

/// Lines that are read.
const LINES: usize = 10_000;

/// Tickets that one line may name: more than any site lets a mail change, so that such a line is refused and not cut.
const TICKETS: usize = 10_001;

/// Reads a mail to the control address, or one that answers a list or a transcript. What is quoted is not looked at.
pub(crate) fn read(known: Known<'_>, source: &Source<'_>, numbers: Numbers<'_>) -> Script {
    let mut script = Script::default();
    let (mut unknown, mut named, mut good) = (0, 0, false);
    let lines: Vec<(bool, &str)> = new_lines(source).take(LINES + 1).collect();
    for (at, (below, text)) in lines.iter().copied().enumerate() {
        if at >= LINES {
            let wrong = format!("these are more than {LINES} lines: what follows was not read");
            script.push("", Does::Wrong { wrong, cure: "write several mails".to_owned() });
            break;
        }
        if is_end(text) {
            script.push(text, Does::Word(Word::Stop));
            break;
        }
        let below = below && good;
        let mut does = said(known, text, numbers);
        if let (true, Does::Wrong { cure, .. }) = (below, &mut does) {
            let rest = lines.get(at..).unwrap_or_default();
            if is_greeting(known, rest, numbers) {
                let all: Vec<&str> = rest.iter().map(|(_, text)| *text).collect();
                script.push(&all.join(" / "), Does::Signature);
                break;
            }
            cure.push_str("; a signature stands below a line with --, stop or thanks");
        }
        named += does.tickets();
        if named > TICKETS {
            let wrong = format!("these are more than {} tickets: what follows was not read", TICKETS - 1);
            script.push(text, Does::Wrong { wrong, cure: "write several mails".to_owned() });
            break;
        }
        let wrong = matches!(does, Does::Wrong { .. });
        unknown += usize::from(wrong);
        good |= !wrong && does != Does::Remark;
        script.push(text, does);
        if unknown >= UNKNOWN {
            let wrong = format!("{UNKNOWN} lines are no commands: what follows was not read");
            let cure = "help lists the commands; a signature stands below a line with --, stop or thanks".to_owned();
            script.push("", Does::Wrong { wrong, cure });
            break;
        }
    }
    script
}

/// Lines that are looked at for a signature: more are none.
const SIGNATURE: usize = 8;

/// Whether what is left is a signature: no line of it is a command or, without a greeting above it, nearly one.
fn is_greeting(known: Known<'_>, rest: &[(bool, &str)], numbers: Numbers<'_>) -> bool {
    if rest.len() > SIGNATURE {
        return false;
    }
    let greets = rest.first().is_some_and(|(_, first)| signature::closes(first));
    let strange = |text: &str| matches!(said(known, text, numbers), Does::Wrong { .. }) || is_end(text);
    let far = |text: &str| greets || !(is_attempt(text) || slip::is_slip(&format!("!{text}")));
    rest.iter().all(|(_, text)| strange(text) && far(text)) && signature::is_signature(rest.iter().map(|(_, text)| *text))
}

/// What a line asks for, on the tickets that its numbers mean. A full stop behind it is none of it.
fn said(known: Known<'_>, text: &str, numbers: Numbers<'_>) -> Does {
    let mut does = numbers::settle(one(known, text, numbers), numbers);
    if let Does::Orders { orders, .. } = &mut does
        && let Some(last) = orders.last_mut().filter(|last| !pairs::is_text(&last.command))
    {
        last.value.truncate(last.value.trim_end_matches('.').len());
    }
    let bare = text.trim_end_matches(['.', '!', ',', ';']);
    match does {
        Does::Wrong { .. } if bare.len() < text.len() => match numbers::settle(one(known, bare, numbers), numbers) {
            Does::Wrong { .. } => does,
            meant => meant,
        },
        does => does,
    }
}

/// The new lines that are not empty, each with whether an empty one stands above it.
fn new_lines<'t>(source: &Source<'t>) -> impl Iterator<Item = (bool, &'t str)> {
    let mut at = 0;
    let mut old = source.old.iter().peekable();
    let lines = source.text.split_inclusive('\n').filter_map(move |text| {
        let start = at;
        at += text.len();
        while old.next_if(|fold| fold.end <= start).is_some() {}
        let is_old = old.peek().is_some_and(|fold| fold.contains(&start));
        (!is_old).then(|| text.trim_matches(is_space))
    });
    let mut empty = false;
    lines.filter_map(move |line| {
        let written = !line.is_empty() && !line.starts_with('>');
        let below = empty;
        empty = !written && (below || line.is_empty());
        written.then_some((below, line))
    })
}

/// One line: a ticket and a command, a command and its tickets, or a question.
fn one(known: Known<'_>, text: &str, numbers: Numbers<'_>) -> Does {
    if let Some(does @ Does::Remark) = line::read(known, text) {
        return does;
    }
    let written = text;
    let text = text.strip_prefix('!').unwrap_or(text).trim_start_matches(is_space);
    let (tickets, rest) = all_leading(text);
    if tickets.is_empty() && text.starts_with(|c: char| c.is_ascii_digit() || c == '#') {
        return wrong("this is no ticket");
    }
    let does = on(known, tickets, rest, numbers);
    match numbers.home() {
        Some(home) if text == rest => at_home(known, (written, text), does, home),
        _ => does,
    }
}

/// A line without a ticket in front, where there is one that the mail is about: it is for that ticket, unless it names another.
fn at_home(known: Known<'_>, (said, text): (&str, &str), does: Does, home: u64) -> Does {
    let marked = line::is_marked(said);
    let again = || on(known, vec![home], text, Numbers::Tickets);
    // What has no mark and does not look like a command is a sentence: it is filed.
    let likely = |does: &Does| match does {
        Does::Orders { orders, .. } => orders.iter().all(|order| {
            let plausible = |command| order.value.is_empty() || names::is_plausible(known, command, &order.value);
            commands::find(&order.command).is_some_and(plausible)
        }),
        _ => true,
    };
    match &does {
        Does::Wrong { .. } => match again() {
            Does::Wrong { .. } => does,
            meant if marked || likely(&meant) => meant,
            _ => does,
        },
        // `priority 44`: the number is the value.
        Does::Orders { tickets, orders } if !tickets.is_empty() => {
            let needs = |order: &Order| {
                let value = |command: &Command| command.is_field() || command.example.starts_with('#');
                order.value.is_empty() && commands::find(&order.command).is_some_and(value)
            };
            if orders.iter().any(needs) { again() } else { does }
        }
        Does::Orders { orders, .. } => match orders.as_slice() {
            [Order { command, value, .. }] if value.is_empty() || value == "all" => match commands::find(command) {
                Some(command) if command.kind == Kind::Question && numbers::names_tickets(command) => {
                    let value = format!("{home} {value}").trim().to_owned();
                    Does::Orders { tickets: Vec::new(), orders: vec![Order::verb(command.name, value)] }
                }
                Some(command) if command.name == "undo" => again(),
                _ => does,
            },
            [Order { command, .. }] if command == "undo" => again(),
            _ => does,
        },
        _ => does,
    }
}

/// One or several commands on these tickets, or on those behind them.
fn on(known: Known<'_>, tickets: Vec<u64>, rest: &str, numbers: Numbers<'_>) -> Does {
    match pairs::of_line(rest).as_slice() {
        [] | [_] => command(known, tickets, rest, numbers),
        [first, others @ ..] => several(known, command(known, tickets, first, numbers), others),
    }
}

/// Several commands on one line: all of them are for the tickets of the first.
fn several(known: Known<'_>, first: Does, others: &[&str]) -> Does {
    let Does::Orders { tickets, mut orders } = first else { return first };
    for piece in others {
        match command(known, tickets.clone(), piece, Numbers::Tickets) {
            Does::Orders { orders: more, tickets: named } if named == tickets && !named.is_empty() => orders.extend(more),
            wrong @ Does::Wrong { .. } => return wrong,
            _ => {
                let cure = "write it on a line of its own".to_owned();
                return Does::Wrong { wrong: format!("{:?} does not go with others on a line", shown(piece)), cure };
            }
        }
    }
    Does::Orders { tickets, orders }
}

/// One command.
fn command(known: Known<'_>, tickets: Vec<u64>, rest: &str, numbers: Numbers<'_>) -> Does {
    if let Some(does) = debbugs::read(&tickets, rest) {
        return does;
    }
    let marked = format!("!{rest}");
    let Some(said) = line::split(&marked) else { return line::unknown(&marked) };
    match names::find(said.name()) {
        Some(Named::Word(Kin::Undo)) if numbers.home().is_none() => undo(tickets, said.value()),
        Some(Named::Word(kin)) => match line::word(kin, said.value()) {
            Some(Does::Orders { orders, .. }) => Does::Orders { tickets, orders },
            other => other.unwrap_or_else(|| line::unknown(&marked)),
        },
        None => match line::read(known, &marked) {
            Some(Does::Orders { orders, .. }) if !tickets.is_empty() => Does::Orders { tickets, orders },
            _ => line::unknown(&marked),
        },
        Some(Named::Command(command, _)) if command.kind == Kind::Question => question(command, &tickets, said.value()),
        Some(Named::Command(command, operator)) if !tickets.is_empty() => line::orders(command, operator, &said, tickets),
        Some(Named::Command(command, operator)) => {
            let (tickets, value) = behind(command, said.value());
            match tickets.is_empty() {
                true => Does::Wrong { wrong: format!("{} of which ticket?", command.name), cure: with_ticket(command) },
                false => line::orders(command, operator, &said.with_value(value), tickets),
            }
        }
    }
}

/// `undo`, which an answer means as a whole; `undo 3` and `3 undo`, what was changed last on a ticket; `3 undo 31`, what an entry did.
fn undo(tickets: Vec<u64>, value: &str) -> Does {
    let (tickets, value) = if tickets.is_empty() { all_leading(value.trim_end_matches(['.', '!'])) } else { (tickets, value) };
    match tickets.is_empty() && value.is_empty() {
        true => Does::Word(Word::Undo),
        false => Does::Orders { tickets, orders: vec![Order::verb("undo", value)] },
    }
}

/// Whether a line that cannot be understood begins as commands do.
pub(super) fn is_attempt(text: &str) -> bool {
    let marked = line::is_marked(text);
    let text = text.strip_prefix('!').unwrap_or(text).trim_start_matches(is_space);
    let (tickets, rest) = all_leading(text);
    let names_one = || line::split(&format!("!{rest}")).is_some_and(|said| names::find(said.name()).is_some());
    marked || !tickets.is_empty() || names_one()
}

/// Whether a line that cannot be understood is meant for the program beyond doubt: by its mark, or by the ticket in front.
pub(super) fn is_addressed(text: &str) -> bool {
    line::is_marked(text) || !all_leading(text).0.is_empty()
}

/// The right form of a command with its ticket.
pub(crate) fn with_ticket(command: &Command) -> String {
    let example = command.example.replace('\'', "");
    let (name, value) = (command.name, example.trim_start_matches(['+', '-', '=']));
    let ticket = if example.contains("12") { 4 } else { 12 };
    match (command.is_field(), value.is_empty()) {
        (true, _) if value.starts_with('.') => format!("write {ticket} {name}{value}"),
        (true, _) => format!("write {ticket} {name}={value}, or {name} {ticket} {value}"),
        (false, true) => format!("write {name} 12, or {name} 4 7, or 12 {name}"),
        // Behind `undo`, every number is a ticket.
        (false, false) if name == "undo" => format!("write undo {ticket}, or {ticket} undo {example}"),
        (false, false) => format!("write {name} {ticket} {example}"),
    }
}

fn wrong(what: &str) -> Does {
    let cure = "write the ticket's number first, as in: 12 owner=anna; or behind the command, as in: resolve 4 7";
    Does::Wrong { wrong: what.to_owned(), cure: cure.to_owned() }
}

fn question(command: &Command, tickets: &[u64], value: &str) -> Does {
    let numbers: Vec<String> = tickets.iter().copied().map(numbers::written).collect();
    let value = if numbers.is_empty() { value.to_owned() } else { format!("{} {value}", numbers.join(" ")).trim().to_owned() };
    Does::Orders { tickets: Vec::new(), orders: vec![Order::verb(command.name, value)] }
}

/// The tickets at the beginning of a text: `12`, `#12`, `4,7`; and what follows them.
fn leading(text: &str) -> (Vec<u64>, &str) {
    let end = text.find(is_space).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let numbers: Option<Vec<u64>> =
        word.trim_end_matches([':', ',']).split(',').take(TICKETS).map(|word| numbers::read(word.trim())).collect();
    match numbers {
        Some(numbers) => (numbers, rest.trim_matches(is_space)),
        None => (Vec::new(), text),
    }
}

/// The tickets behind a command. One that takes nothing else may be followed by as many as there are; of others the first word is
/// the ticket, and the rest the value.
fn behind<'t>(command: &Command, value: &'t str) -> (Vec<u64>, &'t str) {
    if command.example.is_empty() { all_leading(value.trim_end_matches(['.', '!'])) } else { leading(value) }
}

/// The same, with spaces between them, too: `4 7`.
pub(super) fn all_leading(text: &str) -> (Vec<u64>, &str) {
    let (mut tickets, mut rest) = leading(text);
    while !tickets.is_empty() && tickets.len() < TICKETS {
        let (more, after) = leading(rest);
        if more.is_empty() {
            break;
        }
        tickets.extend(more);
        rest = after;
    }
    (tickets, rest)
}
