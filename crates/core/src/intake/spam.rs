//! Mail that somebody says is spam: the ledger says so from then on, and what it did is taken back as far as nobody answered.

use super::quarantine::append;
use super::{IntakeError, Setting};
use crate::act::{self, ActError};
use crate::store::delivery::{self, Held, Settled};
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::{outbox, ticket};
use postern_mail::Class;
use postern_mail::address::is_valid;
use postern_model::{Act, Actor, Deed, Facts, Operator, Order, Party, Step, Trust, Verdict, WatchRole};

/// Why a mail was not marked.
#[derive(Debug, thiserror::Error)]
pub enum SpamError {
    /// The store failed.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The ticket could not be rejected.
    #[error(transparent)]
    Act(#[from] ActError),
    /// No such ledger row.
    #[error("the ledger has no mail {0}; `postern mail list` shows which there are")]
    Unknown(i64),
    /// Its ticket is not its sender's alone.
    #[error(
        "mail {id} opened #{ticket}, where {who} wrote, too; `postern ticket reject {ticket} --quiet` if it is to end all the same"
    )]
    Answered {
        /// Ledger row.
        id: i64,
        /// Its ticket.
        ticket: u64,
        /// Who else wrote there.
        who: String,
    },
}

impl From<StoreError> for SpamError {
    fn from(error: StoreError) -> Self {
        SpamError::Intake(error.into())
    }
}

/// What was done about a mail that is spam.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// The ticket that it opened and that is rejected by this.
    pub rejected: Option<u64>,
    /// Mails that had not left yet, and do not.
    pub discarded: u64,
    /// Whether all of it was so before.
    pub already: bool,
}

/// Marks a mail of the ledger as spam. What is held is put aside; the ticket that it opened is rejected, if nobody but its sender
/// wrote there, and its sender hears no more of it; mails about it that have not left do not leave, the question whether they wrote it
/// among them. `by` says so.
///
/// # Errors
/// [`SpamError`]; nothing is changed then.
pub fn spam(engine: &mut Engine, setting: &Setting<'_>, id: i64, by: &Actor, now: i64) -> Result<Marked, SpamError> {
    engine.write(setting.wait, |tx| {
        let row = delivery::held(tx, id)?.ok_or(SpamError::Unknown(id))?;
        let mut marked = Marked { already: row.class == Class::Spam.as_str(), ..Marked::default() };
        match (row.verdict, row.ticket) {
            (Verdict::Created, Some(number)) => {
                marked.rejected = reject(tx, setting, id, number, by, now)?;
                marked.discarded = outbox::discard_of(tx, number, None, now)?;
            }
            (Verdict::Quarantined | Verdict::Duplicate, _) | (_, None) => {}
            (_, Some(number)) => {
                if let Some(entry) = row.entry {
                    marked.discarded = outbox::discard_of(tx, number, Some(entry), now)?;
                }
            }
        }
        marked.discarded += outbox::discard_questions(tx, id, false, now)?;
        marked.already &= marked.rejected.is_none() && marked.discarded == 0 && row.verdict != Verdict::Quarantined;
        if !marked.already {
            note(tx, setting, id, &row, by)?;
        }
        Ok(marked)
    })
}

/// Writes it into the ledger.
fn note(tx: &Tx<'_>, setting: &Setting<'_>, id: i64, row: &Held, by: &Actor) -> Result<(), StoreError> {
    let who = match by {
        Actor::System => act::SYSTEM.to_owned(),
        Actor::Person(person) => person.login.clone().unwrap_or_else(|| person.address.clone()),
    };
    let reason = match setting.run_by {
        Some(user) => format!("spam, says {who}, run by {user}"),
        None => format!("spam, says {who}"),
    };
    let mut steps = vec![Step { step: "class", text: reason.clone() }];
    if row.verdict == Verdict::Quarantined {
        steps.push(Step { step: "verdict", text: format!("recorded: {reason}") });
    }
    let trail = append(&row.trail, &steps);
    if row.verdict == Verdict::Quarantined {
        let settled = Settled {
            id,
            trust: &row.trust,
            verdict: Verdict::Recorded,
            reason: &reason,
            ticket: None,
            entry: None,
            trail: &trail,
        };
        delivery::settle(tx, &settled)?;
    }
    delivery::set_class(tx, id, Class::Spam.as_str(), &trail)
}

/// Rejects the ticket and mails nobody. `None`: it was rejected before.
fn reject(tx: &Tx<'_>, setting: &Setting<'_>, id: i64, number: u64, by: &Actor, now: i64) -> Result<Option<u64>, SpamError> {
    let answered = |who: String| SpamError::Answered { id, ticket: number, who };
    let others = ticket::other_writers(tx, number)?;
    if !others.is_empty() {
        return Err(answered(others.join(", ")));
    }
    if let Some(into) = ticket::find(tx, number)?.filter(|found| found.number != number) {
        return Err(SpamError::Answered { id, ticket: into.number, who: format!("those of #{number}") });
    }
    let mut orders = vec![order("status", Operator::Set, "rejected".to_owned())];
    let addresses = silenced(tx, setting, number)?;
    if !addresses.is_empty() {
        orders.push(order("squelch", Operator::Add, addresses.join(",")));
    }
    let deed = Deed::Update { ticket: number };
    let act =
        Act { by: by.clone(), trust: Trust::Authenticated, now, deed, writing: None, orders, once: Vec::new(), quiet: true };
    let decision = act::carry_out(tx, setting, &act)?;
    Ok((decision.verdict != Verdict::Joined).then_some(number))
}

fn order(field: &str, operator: Operator, value: String) -> Order {
    Order { command: field.to_owned(), operator, value }
}

/// Who opened the ticket, or for whom it was opened: everybody of them who does not work here.
fn silenced(tx: &Tx<'_>, setting: &Setting<'_>, number: u64) -> Result<Vec<String>, StoreError> {
    let facts = setting.facts(tx)?;
    let watchers = ticket::watchers(tx, number)?;
    let requestors = watchers.iter().filter(|(role, person)| *role == WatchRole::Requestor && !person.is_staff());
    let addresses = requestors.map(|(_, person)| Party::from(person).address);
    Ok(addresses.filter(|address| is_valid(address) && facts.site().own_address(address).is_none()).collect())
}
