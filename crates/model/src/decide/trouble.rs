//! Addresses whose mail comes back: after several hard bounces nothing is sent there, until a person writes from there (A126).

use super::desk::Desk;
use crate::decision::Change;
use crate::facts::FactError;
use crate::returned::is_hard;

/// Counts a mail that did not arrive, if that is the fault of its address, and each mail once. Returns what people are to be told,
/// when this was the last one that is sent there.
pub(super) fn count(desk: &mut Desk<'_>, address: &str, mail: i64, reply: &str) -> Result<Option<String>, FactError> {
    if !is_hard(reply) {
        return Ok(None);
    }
    let known = desk.facts.trouble(address)?.unwrap_or_default();
    if known.last_mail == Some(mail) {
        return Ok(None);
    }
    let most = desk.facts.site().brakes.hard_bounces;
    let bounces = known.hard_bounces.saturating_add(1);
    let suspends = !known.suspended && most > 0 && bounces >= most;
    desk.note(
        "mail",
        format!("hard bounces of {address}: {bounces}{}", if suspends { ", so nothing is sent there" } else { "" }),
    );
    desk.changes.push(Change::Trouble { address: address.to_owned(), mail, reply: reply.to_owned(), suspends });
    let told = || {
        format!(
            "Mail to {address} came back {bounces} times. Nothing more is sent there until somebody writes from it, an \
             administrator says that it is good again: `postern person resume {address}`."
        )
    };
    Ok(suspends.then(told))
}

/// A person writes from the address: it is good again, whatever came back before.
pub(super) fn clear(desk: &mut Desk<'_>, address: &str) -> Result<(), FactError> {
    let Some(known) = desk.facts.trouble(address)? else { return Ok(()) };
    let what = if known.suspended { ", so it gets mail again" } else { "" };
    desk.note("sender", format!("mail to {address} came back before, and now somebody writes from there{what}"));
    desk.changes.push(Change::ClearTrouble { address: address.to_owned() });
    Ok(())
}

/// Whether nothing is sent to an address, what was decided so far included.
pub(super) fn is_suspended(desk: &Desk<'_>, address: &str) -> Result<bool, FactError> {
    let decided = desk.changes.iter().rev().find_map(|change| match change {
        Change::ClearTrouble { address: cleared } if cleared == address => Some(false),
        Change::Trouble { address: failing, suspends: true, .. } if failing == address => Some(true),
        _ => None,
    });
    match decided {
        Some(suspended) => Ok(suspended),
        None => Ok(desk.facts.trouble(address)?.is_some_and(|known| known.suspended)),
    }
}
