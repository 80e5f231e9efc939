//! Messages held for a person to look at: released, they are decided on again, with their sender believed; or put aside.

use super::route::{envelope_of, route_of};
use super::{Delivery, IntakeError, Read, Setting, apply, arrival, prior};
use crate::letter;
use crate::store::delivery::{self, Earlier, Held, Settled};
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::{message, outbox, recent};
use postern_model::{Arrival, Change, Decision, Facts, Route, Step, Trust, Verdict, decide};

/// Why a held message could not be dealt with.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    /// The store failed, or the message cannot be placed any more.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// No such ledger row.
    #[error("the ledger has no row {0}; `postern mail quarantine list` shows what is held")]
    Unknown(i64),
    /// It is not held.
    #[error("ledger row {0} is not in quarantine, its verdict is '{1}'; `postern mail quarantine list` shows what is held")]
    NotHeld(i64, &'static str),
    /// It would be held again.
    #[error("ledger row {0} would be held again: {1}")]
    HeldAgain(i64, String),
}

impl From<StoreError> for QuarantineError {
    fn from(error: StoreError) -> Self {
        QuarantineError::Intake(error.into())
    }
}

/// Releases a held message: it does what it would have done, had we been sure of its sender. `by` says who releases it.
///
/// # Errors
/// [`QuarantineError`]; nothing is changed then.
pub fn release(engine: &mut Engine, setting: &Setting<'_>, id: i64, by: &str) -> Result<Decision, QuarantineError> {
    let why = Why { said: &format!("released from quarantine by {by}"), confirmed: false };
    engine.write(setting.wait, |tx| release_in(tx, setting, id, &why, jiff::Timestamp::now().as_microsecond()))
}

/// Why a held message is let in.
struct Why<'a> {
    /// In a few words.
    said: &'a str,
    /// Whether its author said that they wrote it: as good as an answer to a mail of ours.
    confirmed: bool,
}

/// Releases a held message in a transaction. What refuses it changes nothing.
fn release_in(tx: &Tx<'_>, setting: &Setting<'_>, id: i64, why: &Why<'_>, now: i64) -> Result<Decision, QuarantineError> {
    let held = find(delivery::held(tx, id)?, id)?;
    let raw = message::raw(tx, held.message)?;
    let to = Delivery {
        envelope: envelope_of(held.sender),
        routes: vec![Route { default_queue: setting.default_queue.map(str::to_owned), ..route_of(&held.options) }],
        now,
    };
    let charset = message::charset(tx, held.message)?;
    let read = Read::in_charset(&raw, charset.as_deref(), &to.envelope, setting.site_name);
    let facts = setting.facts(tx)?;
    let earlier = delivery::of_message(tx, held.message)?;
    let prior = prior(&earlier, read.message.author().map(postern_mail::Address::key));
    // Whoever else lets a mail in says nothing in its author's name.
    let arrival = Arrival { confirmed: why.confirmed, ..arrival(&read, &to, &to.routes[0], &prior, true) };
    let mut decision = decide(&facts, &arrival).map_err(IntakeError::from)?;
    if decision.verdict == Verdict::Quarantined {
        return Err(QuarantineError::HeldAgain(id, decision.reason));
    }
    decision.reason = format!("{} ({})", decision.reason, why.said);
    decision.trust = if why.confirmed { decision.trust.max(Trust::Token) } else { decision.trust };
    let origin = apply::Origin { message: Some(held.message), uploads: &[], event: super::prior_event(&earlier), now };
    let entry = apply::apply(tx, &facts, setting, &decision, &origin)?;
    let settled = Settled {
        id,
        trust: decision.trust.as_str(),
        verdict: decision.verdict,
        reason: &decision.reason,
        ticket: decision.ticket,
        entry,
        trail: &append(&held.trail, &decision.trail),
    };
    delivery::settle(tx, &settled)?;
    let back = i64::from(facts.site().brakes.hours).max(7 * 24) * 3_600_000_000;
    recent::forget(tx, id, was_braked(&held.trail).then_some(back))?;
    letter::write(tx, &facts, setting, &decision.letters, &letter::Cause { delivery: id, message: &read.message, now })?;
    Ok(decision)
}

/// Releases and puts aside what a decision wants, in its transaction; the decision then says what came of it. What cannot be
/// released stays as it is: the answer that wanted it is recorded, with the reason.
pub(super) fn carry_out(tx: &Tx<'_>, setting: &Setting<'_>, decision: &mut Decision, now: i64) -> Result<(), IntakeError> {
    let (mut released, mut refused) = (None, None);
    for change in &decision.changes {
        let done = match change {
            Change::Release { delivery, by } => {
                let why = Why { said: &format!("confirmed by {by} by mail"), confirmed: true };
                release_in(tx, setting, *delivery, &why, now).map(|one| released = released.take().or(Some(one)))
            }
            Change::PutAside { delivery, reason } => put_aside(tx, *delivery, reason),
            _ => continue,
        };
        match done {
            Ok(()) => {}
            Err(QuarantineError::Intake(error @ IntakeError::Store(_))) => return Err(error),
            Err(error) => refused = refused.or(Some(error.to_string())),
        }
    }
    match (released, refused) {
        (Some(released), _) => {
            decision.ticket = released.ticket;
            decision.reason = format!("{}: {}", decision.reason, released.reason);
        }
        (None, Some(refused)) => {
            decision.verdict = Verdict::Recorded;
            decision.reason = format!("{}; but it cannot be released: {refused}", decision.reason);
        }
        (None, None) => return Ok(()),
    }
    decision.trail.push(Step { step: "verdict", text: format!("{}: {}", decision.verdict.as_str(), decision.reason) });
    Ok(())
}

/// A message that is held arrives once more, and this time its sender is surer: it does now what it does then. `None`: it would be
/// held again, or nobody is surer of anything.
pub(super) fn proven(
    tx: &Tx<'_>,
    setting: &Setting<'_>,
    arrival: &Arrival<'_>,
    (message, earlier, same): (i64, &[Earlier], &Earlier),
) -> Result<Option<Earlier>, IntakeError> {
    let facts = setting.facts(tx)?;
    let others: Vec<Earlier> = earlier.iter().filter(|other| other.id != same.id).cloned().collect();
    let prior = prior(&others, arrival.message.author().map(postern_mail::Address::key));
    let mut decision = decide(&facts, &Arrival { prior: &prior, ..*arrival })?;
    let before = Trust::from_word(&same.trust).unwrap_or(Trust::None);
    if decision.verdict == Verdict::Quarantined || decision.trust <= before {
        return Ok(None);
    }
    decision.reason = format!("{} (held when it came first, and surer of its sender now)", decision.reason);
    let origin = apply::Origin { message: Some(message), uploads: &[], event: super::prior_event(&others), now: arrival.now };
    let entry = apply::apply(tx, &facts, setting, &decision, &origin)?;
    let trail = delivery::held(tx, same.id)?.map(|held| held.trail).unwrap_or_default();
    let settled = Settled {
        id: same.id,
        trust: decision.trust.as_str(),
        verdict: decision.verdict,
        reason: &decision.reason,
        ticket: decision.ticket,
        entry,
        trail: &append(&trail, &decision.trail),
    };
    delivery::settle(tx, &settled)?;
    let cause = letter::Cause { delivery: same.id, message: arrival.message, now: arrival.now };
    letter::write(tx, &facts, setting, &decision.letters, &cause)?;
    let trust = decision.trust.as_str().to_owned();
    Ok(Some(Earlier { verdict: decision.verdict, ticket: decision.ticket, entry, trust, ..same.clone() }))
}

/// Puts a held message aside: it stays in the ledger as recorded, and does nothing; nobody is asked about it any more. `by` says who
/// did it.
///
/// # Errors
/// [`QuarantineError`]; nothing is changed then.
pub fn delete(engine: &mut Engine, setting: &Setting<'_>, id: i64, by: &str) -> Result<(), QuarantineError> {
    let now = jiff::Timestamp::now().as_microsecond();
    engine.write(setting.wait, |tx| {
        put_aside(tx, id, &format!("deleted from quarantine by {by}"))?;
        outbox::discard_questions(tx, id, true, now)?;
        Ok(())
    })
}

fn put_aside(tx: &Tx<'_>, id: i64, reason: &str) -> Result<(), QuarantineError> {
    let held = find(delivery::held(tx, id)?, id)?;
    let trail = append(&held.trail, &[Step { step: "verdict", text: format!("recorded: {reason}") }]);
    let settled = Settled {
        id,
        trust: Trust::Claimed.as_str(),
        verdict: Verdict::Recorded,
        reason,
        ticket: None,
        entry: None,
        trail: &trail,
    };
    Ok(delivery::settle(tx, &settled)?)
}

/// Whether a brake held it, as its trail tells.
fn was_braked(trail: &str) -> bool {
    let steps: Vec<serde_json::Value> = serde_json::from_str(trail).unwrap_or_default();
    steps.iter().any(|step| step.get("step").and_then(serde_json::Value::as_str) == Some("brake"))
}

/// How it came to be held stays in front of what followed.
pub(super) fn append(before: &str, steps: &[Step]) -> String {
    let mut trail: Vec<serde_json::Value> = serde_json::from_str(before).unwrap_or_default();
    trail.extend(steps.iter().filter_map(|step| serde_json::to_value(step).ok()));
    serde_json::to_string(&trail).unwrap_or_else(|_| "[]".into())
}

fn find(held: Option<Held>, id: i64) -> Result<Held, QuarantineError> {
    let held = held.ok_or(QuarantineError::Unknown(id))?;
    if held.verdict != Verdict::Quarantined {
        return Err(QuarantineError::NotHeld(id, held.verdict.as_str()));
    }
    Ok(held)
}
