//! The grammar of one line: `Key: value`, `!command args`, `+Cc: a@b`, `# a remark`.

use super::names::{self, Kin, Named};
use super::{Does, Known, debbugs, pairs, shown};
use crate::act::{Operator, Order};
use crate::decide::commands::{self, Command, Kind};
use crate::near::did_you_mean;

/// A line, taken apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'t> {
    /// Whether it begins with `!`.
    pub(super) bang: bool,
    /// `+` or `-` in front of its name.
    sign: Option<Operator>,
    name: &'t str,
    /// What stands between name and value.
    joined: Joined,
    value: &'t str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joined {
    Colon,
    /// `=`, `+=`, `-=`
    Equals(Operator),
    Space,
}

/// What separates words: mail programs write no-break spaces, too, and marks that nobody sees.
pub(super) use postern_mail::is_blank as is_space;

/// Whether a line begins as a command does that nobody writes by accident: `!` and a letter.
pub(super) fn is_marked(line: &str) -> bool {
    let Some(rest) = without_mark(line.trim_matches(is_space)) else { return false };
    rest.strip_prefix(['+', '-']).unwrap_or(rest).starts_with(char::is_alphabetic)
}

/// What follows the mark, which some keyboards write in the width of their signs.
pub(super) fn without_mark(line: &str) -> Option<&str> {
    line.strip_prefix(['!', '！', '﹗'])
}

/// Takes a line apart. `None`: it is none that could be a command.
pub(super) fn split(line: &str) -> Option<Said<'_>> {
    let line = line.trim_matches(is_space);
    let bang = is_marked(line);
    let rest = if bang { without_mark(line)? } else { line };
    let (sign, rest) = match rest.chars().next()? {
        '+' => (Some(Operator::Add), rest.get(1..)?),
        '-' => (Some(Operator::Remove), rest.get(1..)?),
        _ => (None, rest),
    };
    if !rest.starts_with(char::is_alphabetic) {
        return None;
    }
    let end = rest.find(|c: char| is_space(c) || matches!(c, ':' | '=')).unwrap_or(rest.len());
    // A name of several words needs its colon; those of fields may hold anything.
    if let (false, Some((name, value))) = (bang, rest.split_once(':')) {
        return Some(Said {
            bang,
            sign,
            name: name.trim_matches(is_space),
            joined: Joined::Colon,
            value: value.trim_matches(is_space),
        });
    }
    let (name, value) = rest.split_at_checked(end)?;
    let (joined, value) = match value.chars().next() {
        Some(':') => (Joined::Colon, value.get(1..)?),
        Some('=') => match (name.strip_suffix('+'), name.strip_suffix('-')) {
            (Some(name), _) => return Some(equals(bang, sign, name, Operator::Add, value.get(1..)?)),
            (_, Some(name)) => return Some(equals(bang, sign, name, Operator::Remove, value.get(1..)?)),
            _ => (Joined::Equals(Operator::Set), value.get(1..)?),
        },
        _ => (Joined::Space, value),
    };
    let value = value.trim_matches(is_space);
    let value = if joined == Joined::Equals(Operator::Set) { pairs::unquoted(value) } else { value };
    Some(Said { bang, sign, name, joined, value })
}

fn equals<'t>(bang: bool, sign: Option<Operator>, name: &'t str, operator: Operator, value: &'t str) -> Said<'t> {
    Said { bang, sign, name, joined: Joined::Equals(operator), value: pairs::unquoted(value.trim_matches(is_space)) }
}

/// Reads a line of a mail. `None`: it is prose.
pub(super) fn read(known: Known<'_>, line: &str) -> Option<Does> {
    let trimmed = line.trim_matches(is_space);
    if is_remark(trimmed) {
        return Some(Does::Remark);
    }
    let said = split(trimmed)?;
    if !said.bang && said.joined != Joined::Colon {
        return None;
    }
    if let Some(several) = said.bang.then(|| several(known, without_mark(trimmed)?)).flatten() {
        return Some(several);
    }
    if let Some(order) = field(&said) {
        return Some(Does::Orders { tickets: Vec::new(), orders: vec![order] });
    }
    if let Some(foreign) = debbugs::foreign(said.name).filter(|_| !said.bang) {
        return Some(foreign);
    }
    match names::find(said.name) {
        // Words about the script need their mark: `From:` begins a header block.
        Some(Named::Word(kin)) => said.bang.then(|| word(kin, said.value).unwrap_or_else(|| unknown(line))),
        Some(Named::Command(command, operator)) if said.bang || is_meant(known, &said, command) => {
            Some(orders(command, operator, &said, Vec::new()))
        }
        Some(Named::Command(..)) => None,
        None => None,
    }
}

/// Several commands on one line. `None`: it is one.
pub(super) fn several(known: Known<'_>, text: &str) -> Option<Does> {
    let pieces = pairs::of_line(text);
    if pieces.len() < 2 {
        return None;
    }
    let mut all = Vec::new();
    for piece in pieces {
        match read(known, &format!("!{piece}")) {
            Some(Does::Orders { orders, .. }) if orders.iter().all(is_no_question) => all.extend(orders),
            Some(wrong @ Does::Wrong { .. }) => return Some(wrong),
            None => return Some(unknown(&format!("!{piece}"))),
            Some(_) => {
                let cure = "write it on a line of its own".to_owned();
                return Some(Does::Wrong { wrong: format!("{:?} does not go with others on a line", shown(piece)), cure });
            }
        }
    }
    Some(Does::Orders { tickets: Vec::new(), orders: all })
}

fn is_no_question(order: &Order) -> bool {
    commands::find(&order.command).is_none_or(|command| command.kind != Kind::Question)
}

/// `# like this`; `#12` is a ticket and `##` a heading.
fn is_remark(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(|rest| rest.is_empty() || rest.starts_with(is_space))
}

fn is_meant(known: Known<'_>, said: &Said<'_>, command: &Command) -> bool {
    let signed = said.sign.is_none() || command.kind == Kind::List || is_time(command);
    signed && (names::is_plausible(known, command, said.value) || is_clearing(said, command))
}

/// `Cc: =` takes everybody out.
fn is_clearing(said: &Said<'_>, command: &Command) -> bool {
    command.kind == Kind::List && said.value == "="
}

/// Time worked adds up; everything else with one value is set.
fn is_time(command: &Command) -> bool {
    command.name == "time_worked"
}

/// What a marked line says that is no command.
pub(super) fn unknown(line: &str) -> Does {
    let name = split(line).map_or("", |said| said.name);
    if let Some(foreign) = debbugs::foreign(name) {
        return foreign;
    }
    let wrong = match name {
        "" => "this is no command".to_owned(),
        name => format!("there is no command {:?}", shown(name)),
    };
    let meant = did_you_mean(name, names::all()).map(|meant| format!("{meant} ")).unwrap_or_default();
    Does::Wrong { wrong, cure: format!("{meant}!help lists the commands") }
}

/// A word about the script, with its value. `None`: with this value it is a command of the table.
pub(super) fn word(kin: Kin, value: &str) -> Option<Does> {
    if kin == Kin::Undo && !value.is_empty() {
        let order = commands::find("undo").map(|command| Order::verb(command.name, value));
        return order.map(|order| Does::Orders { tickets: Vec::new(), orders: vec![order] });
    }
    Some(match kin.word(value) {
        Ok(word) => Does::Word(word),
        Err((wrong, cure)) => Does::Wrong { wrong, cure },
    })
}

/// `Field.Customer: ACME`, and CommandByMail's `CF.{Customer}: ACME`.
fn field(said: &Said<'_>) -> Option<Order> {
    let (head, name) = said.name.split_once('.').or_else(|| said.name.split_once('-'))?;
    let head: String = head.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect();
    let (head, operator) = match (head.strip_prefix("add"), head.strip_prefix("del"), said.joined) {
        (Some(head), ..) => (head, Operator::Add),
        (_, Some(head), _) => (head, Operator::Remove),
        (_, _, Joined::Equals(operator)) => (head.as_str(), said.sign.unwrap_or(operator)),
        _ => (head.as_str(), said.sign.unwrap_or(Operator::Set)),
    };
    let name = name.trim().trim_matches(['{', '}', '(', ')', '[', ']']).trim();
    let known = matches!(head, "field" | "customfield" | "cf") && !name.is_empty();
    known.then(|| Order {
        command: format!("field.{name}"),
        operator,
        value: pairs::unquoted(said.value.trim_start_matches('=').trim()).to_owned(),
    })
}

/// The orders of a line: one, or one for each sign in a list.
pub(super) fn orders(command: &'static Command, by_name: Option<Operator>, said: &Said<'_>, tickets: Vec<u64>) -> Does {
    // Its name is part of what was written.
    if let Some(order) = field(said) {
        return Does::Orders { tickets, orders: vec![order] };
    }
    // Without a value a field is cleared by `=` alone, and nobody writes that by accident.
    let clears = matches!(said.joined, Joined::Equals(_)) || said.value.starts_with('=');
    if command.kind == Kind::Value && said.value.is_empty() && !clears {
        return Does::Wrong { wrong: format!("{} needs a value", command.name), cure: form(command) };
    }
    let said = &if command.is_field() { said.with_value(pairs::unquoted(said.value)) } else { *said };
    let order = |operator, value: &str| Order { command: command.name.to_owned(), operator, value: value.to_owned() };
    let by_equals = match said.joined {
        Joined::Equals(operator) => Some(operator),
        _ => None,
    };
    let given = by_name.or(said.sign).or(by_equals.filter(|operator| *operator != Operator::Set));
    let explicit = said.value.strip_prefix('=').map(str::trim).or((by_equals == Some(Operator::Set)).then_some(said.value));
    let orders = match command.kind {
        Kind::List => match (given, explicit) {
            (Some(operator), _) => vec![order(operator, said.value)],
            (None, Some(value)) if !value.starts_with(['+', '-']) => vec![order(Operator::Set, value)],
            (None, _) => {
                let value = explicit.unwrap_or(said.value);
                let items = names::items(value).into_iter();
                items
                    .map(|(sign, item)| signed(command, sign, item).unwrap_or_else(|| order(sign.unwrap_or(Operator::Add), item)))
                    .collect()
            }
        },
        Kind::Value if is_time(command) => match (given, explicit) {
            (None, Some(value)) => vec![order(Operator::Set, value)],
            (Some(operator), _) => vec![order(operator, said.value)],
            (None, None) => match said.value.strip_prefix('-') {
                Some(less) => vec![order(Operator::Remove, less)],
                None => vec![order(Operator::Add, said.value.trim_start_matches('+'))],
            },
        },
        _ => vec![order(given.unwrap_or(Operator::Set), said.value)],
    };
    match orders.is_empty() {
        true => Does::Wrong { wrong: format!("{} needs a value", command.name), cure: form(command) },
        false => Does::Orders { tickets, orders },
    }
}

/// `-1` in a list of tickets: the one that an order above it named so, else it is taken out. Which of them, only the run knows.
fn signed(command: &Command, sign: Option<Operator>, item: &str) -> Option<Order> {
    let open = sign == Some(Operator::Remove) && commands::is_list_of_tickets(command);
    let digits = !item.is_empty() && item.bytes().all(|b| b.is_ascii_digit());
    let value = format!("{}{item}", commands::NAMED_OR_OFF);
    (open && digits).then(|| Order { command: command.name.to_owned(), operator: Operator::Add, value })
}

/// The right form of a command, as a mail says it: without the quotes that a shell needs.
pub(crate) fn form(command: &Command) -> String {
    let example = command.example.replace('\'', "");
    match (command.kind, example.as_str()) {
        (Kind::Value | Kind::List, "") => format!("write {}: VALUE", command.name),
        (Kind::Value | Kind::List, example) if example.starts_with('.') => {
            format!("write {}{}", command.name, example.replacen('=', ": ", 1))
        }
        (Kind::Value | Kind::List, example) => format!("write {}: {}", command.name, example.trim_start_matches(['+', '-', '='])),
        (_, "") => format!("write !{}", command.name),
        (_, example) => format!("write !{} {example}", command.name),
    }
}

impl<'t> Said<'t> {
    /// Whether it looks like a header field: a word, a colon, something.
    pub(super) fn is_field(&self) -> bool {
        self.joined == Joined::Colon && !self.name.contains(is_space) && !self.value.is_empty()
    }

    pub(super) fn name(&self) -> &'t str {
        self.name
    }

    pub(super) fn value(&self) -> &'t str {
        self.value
    }

    pub(super) fn with_value<'v>(&self, value: &'v str) -> Said<'v>
    where
        't: 'v,
    {
        Said { value, ..*self }
    }
}
