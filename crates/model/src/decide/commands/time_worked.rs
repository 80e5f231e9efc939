//! `time_worked`: minutes that went into the ticket.

use super::{Command, Kind, Problem};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::rights::Right;

pub(super) const COMMAND: Command = Command {
    name: "time_worked",
    aliases: &["time"],
    kind: Kind::Value,
    example: "+=20",
    help: "minutes, 1h20 or 90m; += adds, -= takes away, = sets",
    right: Some(Right::Modify),
    run: set,
};

/// Longer than this is a typing error: about ten years.
const MOST: i64 = 5_000_000;

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    let Some(minutes) = read(value) else {
        return Err(Problem::value(format!("{value:?} is no time"), format!("write {}", COMMAND.help)));
    };
    let before = acting.ticket.time_worked;
    let after = match operator {
        Operator::Set => minutes,
        Operator::Add => before + minutes,
        Operator::Remove => before - minutes,
    };
    if !(0..=MOST).contains(&after) {
        return Err(Problem::value(format!("that makes {after} minutes"), format!("{before} minutes are noted so far")));
    }
    if after != before {
        let change = Change::SetTimeWorked { ticket: acting.ticket.number, minutes: after };
        acting.change("time_worked", Some(before.to_string()), Some(after.to_string()), change);
        acting.ticket.time_worked = after;
    }
    Ok(())
}

/// `90`, `90m`, `1h`, `1h20`, `1h20m` in minutes.
fn read(value: &str) -> Option<i64> {
    let number = |digits: &str| match digits {
        "" => Some(0),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse::<i64>().ok().filter(|n| *n <= MOST),
        _ => None,
    };
    let value = value.trim();
    match value.split_once('h') {
        _ if value.is_empty() || value == "h" || value == "m" => None,
        Some((hours, minutes)) => Some(number(hours)? * 60 + number(minutes.strip_suffix('m').unwrap_or(minutes))?),
        None => number(value.strip_suffix('m').unwrap_or(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn times_are_read() {
        for (word, minutes) in [("90", 90), ("90m", 90), ("1h", 60), ("1h20", 80), ("1h20m", 80), ("0", 0)] {
            assert_eq!(read(word), Some(minutes), "{word}");
        }
        for word in ["", "h", "m", "-5", "1.5h", "1h-2", "ten", "99999999999999999999"] {
            assert_eq!(read(word), None, "{word}");
        }
    }
}
