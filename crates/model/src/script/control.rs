//! Mails that are nothing but commands, on any tickets: `resolve 4 7`, `12 owner=anna`, `show 12`, `limit queue:net`.

use super::block::{Source, is_end};
use super::line::{self, is_space};
use super::names::{self, Named};
use super::numbers::{self, Numbers};
use super::{Does, Known, Script, Word, debbugs, pairs, shown};
use crate::decide::commands::{Command, Kind};

/// Unknown lines after which nothing more is read: it is no script.
const UNKNOWN: usize = 5;

/// Lines that are read.
const LINES: usize = 10_000;

/// Tickets that one line may name: more than any site lets a mail change, so that such a line is refused and not cut.
const TICKETS: usize = 10_001;

/// Reads a mail to the control address, or one that answers a list. What is quoted is not looked at.
pub(crate) fn read(known: Known<'_>, source: &Source<'_>, numbers: Numbers<'_>) -> Script {
    let mut script = Script::default();
    let (mut unknown, mut named) = (0, 0);
    for (line, text) in new_lines(source).enumerate() {
        if line >= LINES {
            let wrong = format!("these are more than {LINES} lines: what follows was not read");
            script.push("", Does::Wrong { wrong, cure: "write several mails".to_owned() });
            break;
        }
        if is_end(text) {
            script.push(text, Does::Word(Word::Stop));
            break;
        }
        let does = numbers::settle(one(known, text), numbers);
        named += does.tickets();
        if named > TICKETS {
            let wrong = format!("these are more than {} tickets: what follows was not read", TICKETS - 1);
            script.push(text, Does::Wrong { wrong, cure: "write several mails".to_owned() });
            break;
        }
        unknown += usize::from(matches!(does, Does::Wrong { .. }));
        script.push(text, does);
        if unknown >= UNKNOWN {
            let wrong = format!("{UNKNOWN} lines are no commands: what follows was not read");
            script.push("", Does::Wrong { wrong, cure: "help lists the commands".to_owned() });
            break;
        }
    }
    script
}

fn new_lines<'t>(source: &Source<'t>) -> impl Iterator<Item = &'t str> {
    let mut at = 0;
    let mut old = source.old.iter().peekable();
    let lines = source.text.split_inclusive('\n').filter_map(move |text| {
        let start = at;
        at += text.len();
        while old.next_if(|fold| fold.end <= start).is_some() {}
        let is_old = old.peek().is_some_and(|fold| fold.contains(&start));
        (!is_old).then(|| text.trim_matches(is_space))
    });
    lines.filter(|line| !line.is_empty() && !line.starts_with('>'))
}

/// One line: a ticket and a command, a command and its tickets, or a question.
fn one(known: Known<'_>, text: &str) -> Does {
    if let Some(does @ Does::Remark) = line::read(known, text) {
        return does;
    }
    let text = text.strip_prefix('!').unwrap_or(text).trim_start_matches(is_space);
    let (tickets, rest) = all_leading(text);
    if tickets.is_empty() && text.starts_with(|c: char| c.is_ascii_digit() || c == '#') {
        return wrong("this is no ticket");
    }
    match pairs::of_line(rest).as_slice() {
        [] | [_] => command(known, tickets, rest),
        [first, others @ ..] => several(known, command(known, tickets, first), others),
    }
}

/// Several commands on one line: all of them are for the tickets of the first.
fn several(known: Known<'_>, first: Does, others: &[&str]) -> Does {
    let Does::Orders { tickets, mut orders } = first else { return first };
    for piece in others {
        match command(known, tickets.clone(), piece) {
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
fn command(known: Known<'_>, tickets: Vec<u64>, rest: &str) -> Does {
    if let Some(does) = debbugs::read(&tickets, rest) {
        return does;
    }
    let marked = format!("!{rest}");
    let Some(said) = line::split(&marked) else { return line::unknown(&marked) };
    match names::find(said.name()) {
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

/// Whether a line that cannot be understood begins as commands do.
pub(super) fn is_attempt(text: &str) -> bool {
    let marked = line::is_marked(text);
    let text = text.strip_prefix('!').unwrap_or(text).trim_start_matches(is_space);
    let (tickets, rest) = all_leading(text);
    let names_one = || line::split(&format!("!{rest}")).is_some_and(|said| names::find(said.name()).is_some());
    marked || !tickets.is_empty() || names_one()
}

/// The right form of a command with its ticket.
fn with_ticket(command: &Command) -> String {
    match (command.is_field(), command.example.is_empty()) {
        (true, _) => {
            let value = command.example.trim_start_matches(['+', '-', '=']);
            format!("write 12 {0}={value}, or {0} 12 {value}", command.name)
        }
        (false, true) => format!("write {0} 12, or {0} 4 7, or 12 {0}", command.name),
        (false, false) => format!("write {} 12 {}", command.name, command.example),
    }
}

fn wrong(what: &str) -> Does {
    let cure = "write the ticket's number first, as in: 12 owner=anna; or behind the command, as in: resolve 4 7";
    Does::Wrong { wrong: what.to_owned(), cure: cure.to_owned() }
}

fn question(command: &Command, tickets: &[u64], value: &str) -> Does {
    let numbers: Vec<String> = tickets.iter().copied().map(numbers::written).collect();
    let value = if numbers.is_empty() { value.to_owned() } else { format!("{} {value}", numbers.join(" ")).trim().to_owned() };
    Does::Orders { tickets: Vec::new(), orders: vec![crate::act::Order::verb(command.name, value)] }
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
    if command.example.is_empty() { all_leading(value) } else { leading(value) }
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
