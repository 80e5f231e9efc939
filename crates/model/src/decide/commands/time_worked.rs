//! `time_worked`: minutes that went into the ticket; `time_for`: whose they are, where somebody else notes them (A155).
//!
//! Minutes count for whoever notes them. What counts for somebody else stands in the history as a change of `time_for`, so that the
//! history alone says who worked how long, and taking an entry back takes both back.

use super::cure::Cure;
use super::duration::{self, MOST};
use super::{Command, Kind, Problem, owner};
use crate::act::Operator;
use crate::audit::MINUTES_FOR;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::facts::FactError;
use crate::rights::Right;
use crate::types::Person;
use std::collections::BTreeMap;

pub(super) const COMMAND: Command = Command {
    name: "time_worked",
    aliases: &["time", "timeworked"],
    kind: Kind::Value,
    example: "+=20",
    help: "minutes, 1h20, 90m or 1d (eight hours); += adds, -= takes away, = sets; 15 anna counts for anna",
    right: Some(Right::Modify),
    run: set,
};

pub(super) const FOR: Command = Command {
    name: MINUTES_FOR,
    aliases: &["timefor"],
    kind: Kind::List,
    example: "'15 anna'",
    help: "minutes of the time worked that are somebody else's than whose who noted them",
    right: Some(Right::Modify),
    run: count_for,
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    let (operator, value) = match value.trim().split_at_checked(1) {
        Some(("+", rest)) => (Operator::Add, rest),
        Some(("-", rest)) => (Operator::Remove, rest),
        Some(("=", rest)) => (Operator::Set, rest),
        _ => (operator, value),
    };
    let (minutes, person) = read(acting, value)?;
    if let (Operator::Set, Some(_)) = (operator, &person) {
        let cure =
            Cure::of(format!("write time_worked+={value:?}, which adds it"), format!("write time: {value}, which adds it"));
        return Err(Problem::value("it sets the time of all, and somebody is named", cure));
    }
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
        if let Some(person) = person.filter(|person| acting.person().map(|me| me.id) != Some(person.id)) {
            note(acting, operator, minutes, &person);
        }
    }
    Ok(())
}

fn count_for(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    let (minutes, person) = match read(acting, value)? {
        (minutes, Some(person)) if minutes > 0 => (minutes, person),
        _ => return Err(Problem::value(format!("{value:?} does not say whose minutes they are"), "write it like 15 anna")),
    };
    if operator == Operator::Set {
        return Err(Problem::value(
            "the history cannot be replaced",
            Cure::of("write time_for+='15 anna' or time_for-='15 anna'", "write +time_for: 15 anna or -time_for: 15 anna"),
        ));
    }
    note(acting, operator, minutes, &person);
    Ok(())
}

fn note(acting: &mut Acting<'_>, operator: Operator, minutes: i64, person: &Person) {
    let word = format!("{minutes} {}", person.login.as_ref().unwrap_or(&person.address));
    match operator {
        Operator::Remove => acting.record(FOR.name, Some(word), None),
        _ => acting.record(FOR.name, None, Some(word)),
    }
}

/// Who worked how long on the ticket in hand, the changes so far included, by name. The sum is the time worked.
pub(super) fn by(acting: &Acting<'_>) -> Result<BTreeMap<String, i64>, FactError> {
    let mut sums: BTreeMap<String, i64> = acting.desk.facts.time_by(acting.ticket.number)?.into_iter().collect();
    let me = name_of(acting);
    for change in acting.so_far() {
        for (word, sign) in [(&change.to, 1), (&change.from, -1)] {
            let Some(word) = word else { continue };
            if change.field == COMMAND.name {
                *sums.entry(me.clone()).or_default() += sign * word.parse::<i64>().unwrap_or_default();
            } else if let (true, Some((minutes, person))) = (change.field == FOR.name, word.split_once(' ')) {
                let minutes = sign * minutes.parse::<i64>().unwrap_or_default();
                *sums.entry(person.to_owned()).or_default() += minutes;
                *sums.entry(me.clone()).or_default() -= minutes;
            }
        }
    }
    sums.retain(|_, minutes| *minutes != 0);
    Ok(sums)
}

/// Notes whose minutes those are that came to the ticket in hand (1) or went (-1).
pub(super) fn move_to(acting: &mut Acting<'_>, by: &BTreeMap<String, i64>, sign: i64) {
    let me = name_of(acting);
    for (person, minutes) in by.iter().filter(|(person, _)| **person != me) {
        let word = Some(format!("{} {person}", minutes.unsigned_abs()));
        match minutes * sign > 0 {
            true => acting.record(FOR.name, None, word),
            false => acting.record(FOR.name, word, None),
        }
    }
}

/// Whoever acts, as the history names them.
fn name_of(acting: &Acting<'_>) -> String {
    acting.person().map_or_else(|| "system".to_owned(), |person| person.login.as_ref().unwrap_or(&person.address).clone())
}

/// Minutes, and whose, where somebody is named behind them.
fn read(acting: &Acting<'_>, value: &str) -> Result<(i64, Option<Person>), Problem> {
    let wrong = || Problem::value(format!("{value:?} is no time"), format!("write {}", COMMAND.help));
    if let Some(minutes) = duration::read(value) {
        return Ok((minutes, None));
    }
    let (time, who) = value.trim().rsplit_once(char::is_whitespace).ok_or_else(wrong)?;
    let minutes = duration::read(time).ok_or_else(wrong)?;
    let person = match (who, acting.person()) {
        ("me", Some(me)) => me.clone(),
        _ => owner::find(acting, who)?,
    };
    Ok((minutes, Some(person)))
}
