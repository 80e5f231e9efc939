//! What happens to a ticket when a mail about it will not arrive: decided and applied in the transaction that settles the mail (A173).

use crate::apply::{self, Origin};
use crate::intake::Setting;
use crate::outbox::Undelivered;
use crate::store::engine::{StoreError, Tx};
use postern_model::{ActRefusal, FactError, decide_undelivered};

/// The longest words of a remote that the history keeps, in characters; the outbox keeps them whole.
const LONGEST_REPLY: usize = 500;

/// Notes on each ticket which mail could not be delivered, and tells whoever can do something about it. Mail that belongs to no
/// ticket has its outbox row alone.
///
/// # Errors
/// What the database says.
pub(crate) fn undelivered(tx: &Tx<'_>, setting: &Setting<'_>, failed: &[Undelivered], now: i64) -> Result<(), StoreError> {
    if failed.is_empty() {
        return Ok(());
    }
    let facts = setting.facts(tx)?;
    for mail in failed {
        let Some(ticket) = mail.ticket else { continue };
        let mail = postern_model::Undelivered {
            mail: mail.id,
            ticket,
            kind: mail.kind.clone(),
            address: mail.address.clone(),
            subject: mail.subject.clone(),
            reply: mail.reply.chars().take(LONGEST_REPLY).collect(),
            now,
        };
        match decide_undelivered(&facts, &mail) {
            Ok(decision) => {
                let origin = Origin { message: None, uploads: &[], event: None, now };
                apply::apply(tx, &facts, setting, &decision, &origin)?;
                facts.look_again();
            }
            Err(ActRefusal::Fact(FactError(error))) => return Err(StoreError::Other(error.to_string())),
            // The ticket is gone: the outbox row says it, and there is nobody else to tell.
            Err(_) => {}
        }
    }
    Ok(())
}
