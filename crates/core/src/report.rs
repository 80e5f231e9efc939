//! The daily mail to administrators: in the morning, if there is something to look at (A181).
//!
//! It is made by whoever runs the outbox, as digests are. What was told last stands in the database, so that several runners tell it once.

use crate::digest;
use crate::intake::Setting;
use crate::outbox::{MailHeaders, Mailbox};
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::view::ledger;
use crate::store::{outbox, recent, report as store, site};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use postern_mail::classify::LOOP_FIELD;
use postern_model::report::{Report, text};
use postern_model::site::{Digest, Wish};
use postern_model::{Facts, Person, Verdict};

/// Writes the mails of this morning, if they are due and nobody wrote them; says how many.
///
/// # Errors
/// What the store says.
pub fn collect(engine: &mut Engine, setting: &Setting<'_>, now: i64) -> Result<usize, StoreError> {
    collect_in(engine, setting, now, &TimeZone::system())
}

/// When somebody has to look whether there is a mail to write, microseconds since 1970 UTC.
///
/// # Errors
/// What the store says.
pub fn next_due(engine: &Engine) -> Result<i64, StoreError> {
    Ok(engine.read(store::last)?.map_or(0, |last| digest::due(Digest::Daily, last, &TimeZone::system())))
}

/// As [`collect`], by the clock of a place.
///
/// # Errors
/// What the store says.
pub fn collect_in(engine: &mut Engine, setting: &Setting<'_>, now: i64, zone: &TimeZone) -> Result<usize, StoreError> {
    match engine.read(store::last)? {
        // What was before anybody counted is no news. From now on a morning is told.
        None => return engine.write(setting.wait, |tx| store::set_last(tx, now)).map(|()| 0),
        Some(last) if now < digest::due(Digest::Daily, last, zone) => return Ok(0),
        Some(_) => {}
    }
    // The day is counted before anybody has to wait for it: the ledger may be long.
    let report = engine.read(|tx| of_yesterday(tx, now, zone))?;
    engine.write(setting.wait, |tx| {
        if store::last(tx)?.is_none_or(|last| now < digest::due(Digest::Daily, last, zone)) {
            return Ok(0);
        }
        store::set_last(tx, now)?;
        if report.says_something() { tell(tx, setting, &report, now) } else { Ok(0) }
    })
}

/// What there is to say of the day before, from midnight to midnight.
fn of_yesterday(tx: &Tx<'_>, now: i64, zone: &TimeZone) -> Result<Report, StoreError> {
    let (from, to) = yesterday(now, zone);
    let counts = ledger::counts(tx, Some(from), Some(to))?;
    let (held, since) = ledger::held(tx)?;
    Ok(Report {
        held,
        held_since: since.map(|since| since.0),
        answers: outbox::held_answers(tx)?,
        arrivals: counts.line(),
        balanced: ledger::counts(tx, None, None)?.balanced,
        recorded: counts.of(Verdict::Recorded),
        failed: store::failed(tx, from, to)?,
    })
}

fn yesterday(now: i64, zone: &TimeZone) -> (i64, i64) {
    let today = Timestamp::from_microsecond(now).unwrap_or_default().to_zoned(zone.clone()).date();
    let midnight =
        |date: jiff::civil::Date, or: i64| date.to_zoned(zone.clone()).map_or(or, |begin| begin.timestamp().as_microsecond());
    let to = midnight(today, now);
    (midnight(today.saturating_sub(1.day()), to - 24 * 3_600_000_000), to)
}

/// Queues the mail for each administrator who wants mail.
fn tell(tx: &Tx<'_>, setting: &Setting<'_>, report: &Report, now: i64) -> Result<usize, StoreError> {
    let first = site::first_address(tx)?.unwrap_or_default();
    let from = setting.from.unwrap_or(&first);
    let facts = setting.facts(tx)?;
    let mut told = 0;
    for person in recent::administrators(tx)? {
        if person.notify != Wish::None && facts.site().own_address(&person.address).is_none() {
            queue(tx, setting, report, &person, (from, now))?;
            told += 1;
        }
    }
    Ok(told)
}

fn queue(tx: &Tx<'_>, setting: &Setting<'_>, report: &Report, to: &Person, (from, now): (&str, i64)) -> Result<(), StoreError> {
    let (subject, text) = text(report, to.language.as_deref().unwrap_or_default());
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = MailHeaders {
        from: Mailbox { name: setting.site_name.to_owned(), email: from.to_owned() },
        to: vec![Mailbox { name: to.name.clone(), email: to.address.clone() }],
        subject: format!("[{}] {subject}", setting.site_name),
        date: now,
        message_id: format!("report.{}.{now}@{domain}", to.id),
        more: vec![
            field(LOOP_FIELD, setting.site_name),
            field("Auto-Submitted", "auto-generated"),
            field("X-Auto-Response-Suppress", "All"),
        ],
        ..MailHeaders::default()
    };
    store::insert(tx, to, &headers, &text, now).map(|_| ())
}
