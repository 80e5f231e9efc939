//! Intake: a message and its envelope in, a committed decision out. The door through which all mail comes.
//!
//! Parsing happens before the transaction; in it nothing waits for anything but the store. Whatever is not certain is an
//! error, and the caller tells the MTA to try again.

mod explain;
mod quarantine;
mod route;
mod spam;

use crate::apply;
use crate::config::Config;
use crate::letter;
use crate::reread;
use crate::store::delivery::{self, Earlier, NewDelivery};
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::facts::StoreFacts;
use crate::store::message;
pub use explain::{Explanation, explain};
use postern_mail::{Class, Classification, Envelope, Message, classify};
use postern_model::{Arrival, Decision, FactError, Prior, Refusal, Route, Verdict, decide};
pub use quarantine::{QuarantineError, delete, release};
use route::{kept, recipient_key, sender_column, settled_route};
pub use spam::{Marked, SpamError, spam};
use std::time::Duration;

/// What intake must know of the configuration.
#[derive(Debug, Clone)]
pub struct Setting<'a> {
    /// The site's name.
    pub site_name: &'a str,
    /// From of mail that belongs to no queue.
    pub from: Option<&'a str>,
    /// Envelope sender of mail that is no automatic answer; `None`: the queue's own address.
    pub bounce: Option<&'a str>,
    /// Queue of mail that names none by option or recipient.
    pub default_queue: Option<&'a str>,
    /// Octets of files that are passed on with one mail.
    pub attachments: u64,
    /// What stands between an address and its extension, if anything does.
    pub delimiter: Option<char>,
    /// How long to wait for the store.
    pub wait: Duration,
    /// The operating system's user, where they act in somebody else's name.
    pub run_by: Option<&'a str>,
}

impl<'a> Setting<'a> {
    /// As the configuration says.
    pub fn of(config: &'a Config) -> Self {
        Setting {
            site_name: &config.site_name,
            from: config.from.as_deref(),
            bounce: config.bounce_address(None),
            default_queue: config.gateway.queue.as_deref(),
            attachments: config.outgoing.attachments,
            delimiter: config.outgoing.delimiter,
            wait: config.gateway.timeout,
            run_by: None,
        }
    }

    /// The facts of a transaction, as this setting has them.
    pub(crate) fn facts<'t, 'c>(&self, tx: &'t Tx<'c>) -> Result<StoreFacts<'t, 'c>, StoreError> {
        StoreFacts::new(tx, self, &self.own_addresses())
    }

    /// Addresses that are ours by configuration.
    fn own_addresses(&self) -> Vec<&'a str> {
        self.from.into_iter().chain(self.bounce).collect()
    }
}

/// Whence and whither, as the MTA and the pipe's options say. One message may go to several recipients.
#[derive(Debug, Clone, Default)]
pub struct Delivery {
    /// Envelope sender.
    pub envelope: Envelope,
    /// One route a recipient.
    pub routes: Vec<Route>,
    /// When it arrived, microseconds since 1970 UTC.
    pub now: i64,
}

/// What became of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Ledger id.
    pub delivery: i64,
    /// What became of it.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// Its ticket.
    pub ticket: Option<u64>,
}

/// Why a message was not taken. Nothing was kept of it.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Wiring or configuration do not say where it belongs.
    #[error("{0}")]
    Refused(Refusal),
}

impl From<Refusal> for IntakeError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Fact(FactError(error)) => match error.downcast::<StoreError>() {
                Ok(store) => IntakeError::Store(*store),
                Err(other) => IntakeError::Store(StoreError::Other(other.to_string())),
            },
            other => IntakeError::Refused(other),
        }
    }
}

/// A message, read once, for all its deliveries.
struct Read<'a> {
    raw: &'a [u8],
    message: Message,
    kind: Classification,
}

impl<'a> Read<'a> {
    fn new(raw: &'a [u8], envelope: &Envelope, site_name: &str) -> Self {
        Read::in_charset(raw, None, envelope, site_name)
    }

    /// In the charset that a person named, if anybody did.
    fn in_charset(raw: &'a [u8], charset: Option<&str>, envelope: &Envelope, site_name: &str) -> Self {
        let message = reread::read(raw, charset);
        let kind = classify::classify(&message, envelope, site_name);
        Read { raw, message, kind }
    }
}

/// Takes a message in: durably committed when this returns `Ok`, not at all when it returns an error.
///
/// # Errors
/// [`IntakeError`]: the store failed, or the wiring is wrong.
pub fn deliver(engine: &mut Engine, setting: &Setting<'_>, raw: &[u8], to: &Delivery) -> Result<Vec<Outcome>, IntakeError> {
    let read = Read::new(raw, &to.envelope, setting.site_name);
    engine.write(setting.wait, |tx| {
        let facts = setting.facts(tx)?;
        let file = |route| {
            let filed = file(tx, &facts, setting, &read, to, &settled_route(&facts, route, to))?;
            facts.look_again();
            Ok(filed.outcome)
        };
        to.routes.iter().map(file).collect()
    })
}

/// A delivery that is in the ledger.
struct Filed {
    outcome: Outcome,
    class: Class,
    trust: String,
    /// `None` for a duplicate: nothing was decided.
    decision: Option<Decision>,
}

/// Files one delivery: claims it, decides, applies, and writes the ledger row. A message that came before is read as a person
/// said that it is to be read.
fn file(
    tx: &Tx<'_>,
    facts: &StoreFacts<'_, '_>,
    setting: &Setting<'_>,
    read: &Read<'_>,
    to: &Delivery,
    route: &Route,
) -> Result<Filed, IntakeError> {
    let recipient = recipient_key(route);
    let found = message::find(tx, &read.message, to.now)?;
    let (known, charset, author) = found.map_or((None, None, None), |found| (Some(found.id), found.charset, found.author));
    let again = charset.map(|charset| Read::in_charset(read.raw, Some(&charset), &to.envelope, setting.site_name));
    let read = again.as_ref().unwrap_or(read);
    let earlier = known.map(|id| delivery::of_message(tx, id)).transpose()?.unwrap_or_default();
    if let (Some(message), Some(same)) = (known, earlier.iter().find(|e| e.recipient == recipient)) {
        let is_theirs = author == read.message.author().map(postern_mail::Address::key);
        let proven = match same.verdict == Verdict::Quarantined && is_theirs {
            true => quarantine::proven(tx, setting, &arrival(read, to, route, &Prior::New, false), (message, &earlier, same))?,
            false => None,
        };
        let same = proven.as_ref().unwrap_or(same);
        let outcome = duplicate(tx, to, route, message, same)?;
        return Ok(Filed { outcome, class: read.kind.class, trust: same.trust.clone(), decision: None });
    }
    let prior = prior(&earlier, author);
    let mut decision = decide(facts, &arrival(read, to, route, &prior, false))?;
    quarantine::carry_out(tx, setting, &mut decision, to.now)?;
    let message = match known {
        Some(id) => id,
        None => message::insert(tx, read.raw, &read.message, to.now)?,
    };
    let event = prior_event(&earlier);
    let entry = {
        let origin = apply::Origin { message: Some(message), uploads: &[], event, now: to.now };
        apply::apply(tx, facts, setting, &decision, &origin)?
    };
    let class = decision.class.unwrap_or(read.kind.class);
    let authentication = authentication_json(&decision)?;
    let row = NewDelivery {
        received: to.now,
        message,
        recipient: &recipient,
        sender: sender_column(&to.envelope),
        options: &kept(route),
        class: class.as_str(),
        trust: decision.trust.as_str(),
        authentication: authentication.as_deref(),
        verdict: decision.verdict,
        reason: &decision.reason,
        ticket: decision.ticket,
        entry,
        trail: &trail_json(&decision),
        mark: decision.mark,
    };
    let id = delivery::insert(tx, &row)?;
    let cause = letter::Cause { delivery: id, message: &read.message, now: to.now };
    letter::write(tx, facts, setting, &decision.letters, &cause)?;
    let outcome = Outcome { delivery: id, verdict: decision.verdict, reason: decision.reason.clone(), ticket: decision.ticket };
    Ok(Filed { outcome, class, trust: decision.trust.as_str().to_owned(), decision: Some(decision) })
}

/// The same message at the same recipient again: its work was done, and only the arrival is counted (A164).
fn duplicate(tx: &Tx<'_>, to: &Delivery, route: &Route, message: i64, same: &Earlier) -> Result<Outcome, IntakeError> {
    let reason = duplicate_reason(same);
    let row = NewDelivery {
        received: to.now,
        message,
        recipient: &same.recipient,
        sender: sender_column(&to.envelope),
        options: &kept(route),
        class: &same.class,
        trust: &same.trust,
        authentication: None,
        verdict: Verdict::Duplicate,
        reason: &reason,
        ticket: same.ticket,
        entry: None,
        trail: "[]",
        mark: None,
    };
    let id = delivery::insert(tx, &row)?;
    Ok(Outcome { delivery: id, verdict: Verdict::Duplicate, reason, ticket: same.ticket })
}

fn duplicate_reason(same: &Earlier) -> String {
    format!("delivered before: ledger {}, {}", same.id, same.verdict.as_str())
}

/// What earlier deliveries at other recipients made of the message, whose From was `author` then.
fn prior(earlier: &[Earlier], author: Option<String>) -> Prior {
    let took_in = |e: &&Earlier| {
        matches!(e.verdict, Verdict::Created | Verdict::Corresponded | Verdict::Commented | Verdict::Joined | Verdict::Commanded)
    };
    match earlier.iter().filter(took_in).find_map(|e| Some((e.ticket?, e))) {
        Some((ticket, e)) => Prior::Elsewhere { ticket, created: e.verdict == Verdict::Created, internal: e.internal, author },
        None if earlier.iter().any(|e| e.verdict == Verdict::Recorded) => Prior::Recorded { author },
        None => Prior::New,
    }
}

/// The entry that an earlier delivery made: mails about it carry its number.
fn prior_event(earlier: &[Earlier]) -> Option<i64> {
    earlier.iter().find_map(|e| e.entry)
}

fn arrival<'a>(read: &'a Read<'_>, to: &'a Delivery, route: &'a Route, prior: &'a Prior, released: bool) -> Arrival<'a> {
    Arrival {
        message: &read.message,
        kind: &read.kind,
        envelope: &to.envelope,
        route,
        prior,
        now: to.now,
        released,
        confirmed: false,
    }
}

/// What the border says of a message, as it is kept.
fn authentication_json(decision: &Decision) -> Result<Option<String>, StoreError> {
    let json =
        |found| serde_json::to_string(found).map_err(|error| StoreError::Other(format!("authentication of a mail: {error}")));
    decision.authentication.as_ref().map(json).transpose()
}

fn trail_json(decision: &Decision) -> String {
    serde_json::to_string(&decision.trail).unwrap_or_else(|_| "[]".into())
}
