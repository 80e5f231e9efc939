//! The daily mail to people about what they have to do: a numbered list, whose answer acts on the numbers (A179, B4).
//!
//! It is made by whoever runs the outbox, as digests are: one transaction a person has the mail and the record that they got it, so that
//! it is made once whoever dies, and several runners make it once. A time that was missed is caught up once.

use crate::digest;
use crate::intake::Setting;
use crate::outbox::{MailHeaders, Mailbox};
use crate::rights::of_store;
use crate::site::reminder::{is_day, time_of_day};
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::facts::StoreFacts;
use crate::store::reminder::{self as store, NewMail, Which};
use crate::store::{bounce, site};
use crate::view::Visibility;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use postern_mail::classify::LOOP_FIELD;
use postern_mail::token::{self, Purpose};
use postern_model::holder::{self, At};
use postern_model::reminder::{Item, KNOWN, Now, Why, listed, own, text, untaken};
use postern_model::rights::Right;
use postern_model::site::{ReminderDefinition, Wish};
use postern_model::{Facts, Person};

/// Writes the reminders of today, if they are due and nobody wrote them; says how many.
///
/// # Errors
/// What the store says. What was written by then will be sent, and not again.
pub fn collect(engine: &mut Engine, setting: &Setting<'_>, now: i64) -> Result<usize, StoreError> {
    let (definition, last) = engine.read(store::state)?;
    let Some(last) = last.filter(|_| definition.at.is_some()) else {
        // What was before anybody wanted reminders is not caught up.
        let begins = definition.at.as_ref().map(|_| now);
        if begins != last {
            engine.write(setting.wait, |tx| store::set_last(tx, begins))?;
        }
        return Ok(0);
    };
    let zone = zone(&definition);
    if next(&definition, last, &zone).is_none_or(|due| now < due) {
        return Ok(0);
    }
    let day = begin(&definition, now, &zone);
    let mut made = 0;
    for person in engine.read(|tx| people(tx, setting, &definition))? {
        made += usize::from(engine.write(setting.wait, |tx| remind(tx, setting, (&definition, person, day), &zone, now))?);
    }
    engine.write(setting.wait, |tx| {
        store::set_last(tx, Some(now))?;
        store::forget(tx, now - KNOWN)
    })?;
    Ok(made)
}

/// When somebody has to look whether there are reminders to write, microseconds since 1970 UTC; `None`: nobody wants any.
///
/// # Errors
/// What the store says.
pub fn next_due(engine: &Engine) -> Result<Option<i64>, StoreError> {
    let (definition, last) = engine.read(store::state)?;
    match (definition.at.is_some(), last) {
        (true, Some(last)) => Ok(next(&definition, last, &zone(&definition))),
        (true, None) | (false, Some(_)) => Ok(Some(0)),
        (false, None) => Ok(None),
    }
}

/// The zone of its clock. One that the machine knows no more is the machine's own.
fn zone(definition: &ReminderDefinition) -> TimeZone {
    let named = definition.zone.as_ref().and_then(|name| TimeZone::get(name).ok());
    named.unwrap_or_else(TimeZone::system)
}

/// When reminders are due next after a time.
fn next(definition: &ReminderDefinition, after: i64, zone: &TimeZone) -> Option<i64> {
    let from = date_of(after, zone)?;
    (0..=7).filter_map(|days| slot(definition, from.saturating_add(days.days()), zone)).find(|due| *due > after)
}

/// When the day began of which reminders are due: whoever got that day's has it.
fn begin(definition: &ReminderDefinition, now: i64, zone: &TimeZone) -> i64 {
    let begin_of = |date: Date| Some(date.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond());
    let last = |date: Date| {
        let dates = (0..=7).map(|days| date.saturating_sub(days.days()));
        dates.filter(|date| slot(definition, *date, zone).is_some_and(|due| due <= now)).find_map(begin_of)
    };
    date_of(now, zone).and_then(last).unwrap_or(now)
}

fn date_of(at: i64, zone: &TimeZone) -> Option<Date> {
    Timestamp::from_microsecond(at).ok().map(|at| at.to_zoned(zone.clone()).date())
}

/// When reminders are due on a day; `None`: not on this one.
fn slot(definition: &ReminderDefinition, date: Date, zone: &TimeZone) -> Option<i64> {
    let time = time_of_day(definition.at.as_deref()?)?;
    let at = is_day(definition, date.weekday()).then(|| date.to_datetime(time).to_zoned(zone.clone()))?;
    Some(at.ok()?.timestamp().as_microsecond())
}

/// Who may get one: those whom the site names, else everybody who works here; by their rows, each once.
fn people(tx: &Tx<'_>, setting: &Setting<'_>, definition: &ReminderDefinition) -> Result<Vec<Person>, StoreError> {
    let mut people = Vec::new();
    if definition.to.is_empty() {
        people = store::staff(tx)?;
    } else {
        let facts = setting.facts(tx)?;
        for word in &definition.to {
            match word.strip_prefix("group:") {
                Some(group) => people.extend(facts.group(group).map_err(of_store)?),
                None => people.extend(facts.person_by_login(word).map_err(of_store)?),
            }
        }
    }
    people.sort_by_key(|person| person.id);
    people.dedup_by_key(|person| person.id);
    people.retain(|person| !person.disabled && person.notify != Wish::None);
    Ok(people)
}

/// Writes somebody's reminder, unless they have it, or have nothing to do. Says whether there is one now.
fn remind(
    tx: &Tx<'_>,
    setting: &Setting<'_>,
    (definition, person, day): (&ReminderDefinition, Person, i64),
    zone: &TimeZone,
    now: i64,
) -> Result<bool, StoreError> {
    if store::is_made(tx, person.id, day)? {
        return Ok(false);
    }
    let facts = setting.facts(tx)?;
    let unreachable = bounce::trouble(tx, &person.address)?.is_some_and(|known| known.suspended);
    if unreachable || facts.site().own_address(&person.address).is_some() {
        return Ok(false);
    }
    let now = Now::new(now, zone.clone());
    let (items, more) = listed(items(tx, &facts, (definition, &person), &now)?);
    if items.is_empty() {
        return Ok(false);
    }
    write(tx, setting, &facts, (&person, &items, more), (day, &now))?;
    Ok(true)
}

/// What somebody has to do.
fn items(
    tx: &Tx<'_>,
    facts: &StoreFacts<'_, '_>,
    (definition, person): (&ReminderDefinition, &Person),
    now: &Now,
) -> Result<Vec<(Why, Item)>, StoreError> {
    let sees = Visibility::by(facts, person)?;
    let cycle = |queue: i64| facts.site().life_cycle(queue);
    let mut items = Vec::new();
    for (queue, item) in store::tickets(tx, &Which::Owned(person.id), &sees, now.at)? {
        items.extend(own(&item, cycle(queue), now).map(|why| (why, item)));
    }
    let asked = store::tickets(tx, &Which::Approval(person.id), &sees, now.at)?;
    items.extend(asked.into_iter().map(|(_, item)| (Why::Approval, item)));
    // Who wants to hear of their own tickets alone hears of those.
    if definition.untaken && person.notify == Wish::All {
        let mut queues = Vec::new();
        for queue in &facts.site().queues {
            if holder::may(facts, person.into(), Right::Own, At::queue(queue.id)).map_err(of_store)?.allowed {
                queues.push(queue.id);
            }
        }
        let free = store::tickets(tx, &Which::Untaken(queues), &sees, now.at)?;
        let free = free.into_iter().filter(|(queue, item)| untaken(item, cycle(*queue), now));
        items.extend(free.map(|(_, item)| (Why::Untaken, item)));
    }
    Ok(items)
}

/// Queues a reminder, with what its numbers mean.
fn write(
    tx: &Tx<'_>,
    setting: &Setting<'_>,
    facts: &StoreFacts<'_, '_>,
    (to, items, more): (&Person, &[(Why, Item)], usize),
    (day, now): (i64, &Now),
) -> Result<(), StoreError> {
    let tickets: Vec<u64> = items.iter().map(|(_, item)| item.ticket).collect();
    let reminder = store::insert(tx, to, &tickets, (day, now.at))?;
    // A site has a key from the beginning; a list without one could not be answered by number.
    let Some(key) = facts.site().keys.first() else { return Err(StoreError::Other("the site has no signing key".to_owned())) };
    let token = token::make(key, Purpose::Remind, reminder.unsigned_abs(), &to.address);
    let (subject, text) = text(items, more, now, to.language.as_deref().unwrap_or_default());
    let first = site::first_address(tx)?.unwrap_or_default();
    let from = setting.from.unwrap_or(&first);
    // Answers to what is acted on by commands go where commands go.
    let answers = facts.site().commands.control_address.as_deref().unwrap_or(from);
    let reply_to = facts.site().extend(answers, || token.clone()).unwrap_or_else(|| answers.to_owned());
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = MailHeaders {
        from: Mailbox { name: setting.site_name.to_owned(), email: from.to_owned() },
        to: vec![Mailbox { name: to.name.clone(), email: to.address.clone() }],
        reply_to: Some(Mailbox { name: String::new(), email: reply_to }),
        subject: format!("[{}] {subject} ({token})", setting.site_name),
        date: now.at,
        message_id: format!("reminder.{token}@{domain}"),
        more: vec![
            field(LOOP_FIELD, setting.site_name),
            field("Auto-Submitted", "auto-generated"),
            field("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ],
        ..MailHeaders::default()
    };
    let envelope_from = setting.bounce.unwrap_or(from);
    let mail = NewMail { reminder, to, envelope_from, headers: &headers, text: &text };
    let id = store::queue(tx, &mail, now.at)?;
    digest::own_sender(tx, setting, id, envelope_from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn a179_reminders_are_due_at_their_time_on_their_days() {
        let definition = ReminderDefinition { at: Some("07:30".into()), ..ReminderDefinition::default() };
        // 2026-11-21 is a Saturday.
        for (after, due) in [
            ("2026-11-20T07:29:59Z", "2026-11-20T07:30:00Z"),
            ("2026-11-20T07:30:00Z", "2026-11-23T07:30:00Z"),
            ("2026-11-21T12:00:00Z", "2026-11-23T07:30:00Z"),
            ("2026-12-31T20:00:00Z", "2027-01-01T07:30:00Z"),
        ] {
            assert_eq!(next(&definition, micros(after), &TimeZone::UTC), Some(micros(due)), "{after}");
        }
        let sundays = ReminderDefinition { days: vec!["sun".into()], ..definition.clone() };
        assert_eq!(next(&sundays, micros("2026-11-22T07:30:00Z"), &TimeZone::UTC), Some(micros("2026-11-29T07:30:00Z")));
        for (now, since) in [
            ("2026-11-20T07:30:00Z", "2026-11-20T00:00:00Z"),
            ("2026-11-20T07:29:00Z", "2026-11-19T00:00:00Z"),
            ("2026-11-22T07:00:00Z", "2026-11-20T00:00:00Z"),
        ] {
            assert_eq!(begin(&definition, micros(now), &TimeZone::UTC), micros(since), "{now}");
        }
    }

    #[test]
    fn a179_reminders_are_due_once_on_days_when_the_clock_is_changed() {
        let Ok(zone) = TimeZone::get("Europe/Berlin") else { return };
        let night = ReminderDefinition {
            at: Some("02:30".into()),
            days: postern_model::site::DAYS.iter().map(|day| (*day).to_owned()).collect(),
            ..ReminderDefinition::default()
        };
        // There is no half past two on the one day, and there are two on the other.
        for (after, first, second) in [
            ("2027-03-27T12:00:00Z", "2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z"),
            ("2027-10-30T12:00:00Z", "2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z"),
        ] {
            let due = next(&night, micros(after), &zone).unwrap();
            assert_eq!(due, micros(first), "{after}");
            assert_eq!(next(&night, due, &zone), Some(micros(second)), "{after}");
        }
    }
}
