//! Digests: what queues tell somebody, collected in one mail a day or week (A178).
//!
//! A mail that waits is an outbox row like any other, held until its digest is due; then the digest is a mail like any other. It is
//! for a person, not for an address, and for the person as they are when it is made.

use crate::intake::Setting;
use crate::outbox::{MailHeaders, Mailbox};
use crate::store::bounce;
use crate::store::digest::{self as store, NewDigest, Waiting};
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::{outbox, site};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use postern_mail::classify::LOOP_FIELD;
use postern_mail::token::{self, Purpose};
use postern_model::digest::{Item, Whole, text};
use postern_model::site::{Digest, Role, Wish};
use postern_model::{Facts, Person, UNREACHABLE};

/// The hour at which digests leave, by the machine's clock.
const HOUR: i8 = 7;

/// Audiences that are for our people alone.
const STAFF_ONLY: [&str; 3] = ["staff", "comments", "readers"];

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
    while engine.read(|tx| store::next_reader(tx, now))?.is_some() {
        made += usize::from(engine.write(setting.wait, |tx| collect_one(tx, setting, now))?);
    }
    Ok(made)
}

/// Makes the digest that is due first, for its reader as they are now. Says whether there was one: somebody else may have been
/// quicker, or nothing of it may be told any more.
fn collect_one(tx: &Tx<'_>, setting: &Setting<'_>, now: i64) -> Result<bool, StoreError> {
    let Some(reader) = store::next_reader(tx, now)? else { return Ok(false) };
    let waiting = store::waiting(tx, reader, now)?;
    let reader = store::reader(tx, reader)?;
    let unreachable = match &reader {
        Some(reader) => bounce::trouble(tx, &reader.address)?.is_some_and(|known| known.suspended),
        None => false,
    };
    let mut told = Vec::with_capacity(waiting.len());
    for mail in waiting {
        match why_not(reader.as_ref(), &mail).or(unreachable.then_some(UNREACHABLE)) {
            Some(reason) => store::leave_out(tx, mail.id, &format!("not told: its reader {reason}"), now)?,
            None => told.push(mail),
        }
    }
    let Some(reader) = reader.filter(|_| !told.is_empty()) else { return Ok(false) };
    let id = write(tx, setting, &reader, &told, now)?;
    told.iter().try_for_each(|mail| store::told(tx, mail.id, id, now))?;
    Ok(true)
}

/// Why somebody is not told of a mail that was held for them: since then they may have left, or want less, or may see less.
fn why_not(reader: Option<&Person>, mail: &Waiting) -> Option<&'static str> {
    let Some(reader) = reader else { return Some("has no address any more") };
    match () {
        () if reader.disabled => Some("is gone"),
        () if reader.notify == Wish::None => Some("wants no mail"),
        () if reader.notify == Wish::Mine && !mail.own => Some("wants mail about own tickets only"),
        () if mail.squelched => Some("gets no mail about this ticket"),
        () if reader.role == Role::Guest && STAFF_ONLY.contains(&mail.audience.as_str()) => Some("works here no more"),
        () => None,
    }
}

/// Queues a digest; returns its row.
fn write(tx: &Tx<'_>, setting: &Setting<'_>, reader: &Person, told: &[Waiting], now: i64) -> Result<i64, StoreError> {
    let items: Vec<Item<'_>> = told.iter().map(item).collect();
    let commands = setting.facts(tx)?.site().commands.clone();
    let whole = match &commands.control_address {
        _ if reader.role == Role::Guest => Whole::Nowhere,
        Some(address) if commands.enabled => Whole::ByMail(address),
        _ => Whole::AtTerminal,
    };
    let (subject, text) = text(&items, reader.language.as_deref().unwrap_or_default(), whole);
    let first = site::first_address(tx)?.unwrap_or_default();
    let from = setting.from.unwrap_or(&first);
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = MailHeaders {
        from: Mailbox { name: setting.site_name.to_owned(), email: from.to_owned() },
        to: vec![Mailbox { name: reader.name.clone(), email: reader.address.clone() }],
        subject: format!("[{}] {subject}", setting.site_name),
        date: now,
        // The first of its mails is in no other digest.
        message_id: format!("digest.{}.{now}@{domain}", told.first().map_or(0, |mail| mail.id)),
        more: vec![
            field(LOOP_FIELD, setting.site_name),
            field("Auto-Submitted", "auto-generated"),
            field("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ],
        ..MailHeaders::default()
    };
    let staff = told.iter().any(|mail| STAFF_ONLY.contains(&mail.audience.as_str()));
    let digest = NewDigest {
        reader,
        audience: if staff { "staff" } else { "customers" },
        envelope_from: setting.bounce.unwrap_or(from),
        headers: &headers,
        text: &text,
    };
    let id = store::insert(tx, &digest, now)?;
    own_sender(tx, setting, id, digest.envelope_from)?;
    Ok(id)
}

/// Gives a digest an envelope sender of its own where the site's mail server delivers such addresses, as other mails have.
pub(crate) fn own_sender(tx: &Tx<'_>, setting: &Setting<'_>, id: i64, envelope_from: &str) -> Result<(), StoreError> {
    let facts = setting.facts(tx)?;
    let Some(key) = facts.site().keys.first() else { return Ok(()) };
    let token = || token::make(key, Purpose::Bounce, id.unsigned_abs(), "");
    match facts.site().extend(envelope_from, token) {
        Some(address) => outbox::set_envelope_from(tx, id, &address),
        None => Ok(()),
    }
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
