//! Digests: what queues tell somebody, collected in one mail a day or week (A178).
//!
//! A mail that waits is an outbox row like any other, held until its digest is due; then the digest is a mail like any other.

use crate::intake::Setting;
use crate::outbox::{MailHeaders, Mailbox};
use crate::store::digest::{self as store, Waiting};
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::{person, site};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use postern_mail::classify::LOOP_FIELD;
use postern_model::digest::{Item, text};
use postern_model::site::Digest;

/// The hour at which digests leave, by the machine's clock.
const HOUR: i8 = 7;

/// When the next digest of a rhythm is due after `now`, in microseconds since 1970 UTC: at seven in the morning, a weekly one on
/// Monday.
pub fn due(digest: Digest, now: i64, zone: &TimeZone) -> i64 {
    let day = 24 * 3_600_000_000;
    let Ok(at) = Timestamp::from_microsecond(now) else { return now.saturating_add(day) };
    let local = at.to_zoned(zone.clone());
    let mut date = local.date();
    if local.hour() >= HOUR {
        date = date.saturating_add(1.day());
    }
    while digest == Digest::Weekly && date.weekday() != Weekday::Monday {
        date = date.saturating_add(1.day());
    }
    let morning = date.at(HOUR, 0, 0, 0).to_zoned(zone.clone());
    morning.map_or(now.saturating_add(day), |morning| morning.timestamp().as_microsecond())
}

/// Makes the digests that are due, each in a transaction of its own; says how many.
///
/// # Errors
/// What the store says. What was made by then will be sent.
pub fn collect(engine: &mut Engine, setting: &Setting<'_>, now: i64) -> Result<usize, StoreError> {
    let mut made = 0;
    while engine.read(|tx| store::next_address(tx, now))?.is_some() {
        made += usize::from(engine.write(setting.wait, |tx| collect_one(tx, setting, now))?);
    }
    Ok(made)
}

/// Makes the digest that is due first. Says whether there was one: somebody else may have been quicker.
fn collect_one(tx: &Tx<'_>, setting: &Setting<'_>, now: i64) -> Result<bool, StoreError> {
    let Some(address) = store::next_address(tx, now)? else { return Ok(false) };
    let waiting = store::waiting(tx, &address, now)?;
    let person = person::by_address(tx, &address)?;
    let language = person.as_ref().and_then(|p| p.language.clone()).unwrap_or_default();
    let items: Vec<Item<'_>> = waiting.iter().map(item).collect();
    let (subject, text) = text(&items, &language);
    let first = site::first_address(tx)?.unwrap_or_default();
    let from = setting.from.unwrap_or(&first);
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = MailHeaders {
        from: Mailbox { name: setting.site_name.to_owned(), email: from.to_owned() },
        to: vec![Mailbox { name: person.map(|p| p.name).unwrap_or_default(), email: address.clone() }],
        subject: format!("[{}] {subject}", setting.site_name),
        date: now,
        // The first of its mails is in no other digest.
        message_id: format!("digest.{}.{now}@{domain}", waiting.first().map_or(0, |mail| mail.id)),
        more: vec![
            field(LOOP_FIELD, setting.site_name),
            field("Auto-Submitted", "auto-generated"),
            field("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ],
        ..MailHeaders::default()
    };
    let id = store::insert(tx, &address, &headers, &text, now)?;
    waiting.iter().try_for_each(|mail| store::told(tx, mail.id, id, now))?;
    Ok(true)
}

fn item(mail: &Waiting) -> Item<'_> {
    Item {
        ticket: mail.ticket.unwrap_or_default(),
        subject: &mail.headers.subject,
        from: &mail.headers.from.name,
        at: mail.headers.date,
        text: &mail.text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a178_digests_are_due_in_the_morning() {
        let zone = TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC);
        let offset = if zone == TimeZone::UTC { "Z" } else { "+01:00" };
        let micros = |text: &str| format!("{text}{offset}").parse::<Timestamp>().unwrap().as_microsecond();
        for (now, digest, expected) in [
            ("2026-11-21T06:59:00", Digest::Daily, "2026-11-21T07:00:00"),
            ("2026-11-21T07:00:00", Digest::Daily, "2026-11-22T07:00:00"),
            ("2026-12-31T20:00:00", Digest::Daily, "2027-01-01T07:00:00"),
            ("2026-11-21T06:59:00", Digest::Weekly, "2026-11-23T07:00:00"),
            ("2026-11-23T06:00:00", Digest::Weekly, "2026-11-23T07:00:00"),
            ("2026-11-23T08:00:00", Digest::Weekly, "2026-11-30T07:00:00"),
        ] {
            assert_eq!(due(digest, micros(now), &zone), micros(expected), "{now} {digest:?}");
        }
    }
}
