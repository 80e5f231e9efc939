//! What somebody does without a mail: decided and applied in one transaction, by the same code as for mail.

use crate::apply::{self, Origin};
use crate::intake::Setting;
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::person;
use postern_model::{Act, ActRefusal, Actor, Decision, FactError, decide_act};

/// The login in whose name the machine itself acts.
pub const SYSTEM: &str = "system";

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It cannot be done as it was asked for.
    #[error("{0}")]
    Refused(ActRefusal),
}

impl From<ActRefusal> for ActError {
    fn from(refusal: ActRefusal) -> Self {
        match refusal {
            ActRefusal::Fact(FactError(error)) => match error.downcast::<StoreError>() {
                Ok(store) => ActError::Store(*store),
                Err(other) => ActError::Store(StoreError::Other(other.to_string())),
            },
            other => ActError::Refused(other),
        }
    }
}

/// Who acts under a login. `None`: nobody has it, or its person has no address.
///
/// # Errors
/// What the store says.
pub fn actor(engine: &Engine, login: &str) -> Result<Option<Actor>, StoreError> {
    match login {
        SYSTEM => Ok(Some(Actor::System)),
        login => Ok(engine.read(|tx| person::by_login(tx, login))?.map(Actor::Person)),
    }
}

/// Does it: durably committed when this returns `Ok`, not at all when it returns an error. The decision says what was
/// changed and who is mailed what.
///
/// # Errors
/// [`ActError`].
pub fn act(engine: &mut Engine, setting: &Setting<'_>, act: &Act) -> Result<Decision, ActError> {
    engine.write(setting.wait, |tx| carry_out(tx, setting, act))
}

/// What would be done: the same code, in a transaction that is rolled back.
///
/// # Errors
/// As for [`act`].
pub fn dry_run(engine: &mut Engine, setting: &Setting<'_>, act: &Act) -> Result<Decision, ActError> {
    engine.dry_run(setting.wait, |tx| carry_out(tx, setting, act))
}

/// Does it in a transaction that has more to do.
pub(crate) fn carry_out(tx: &Tx<'_>, setting: &Setting<'_>, act: &Act) -> Result<Decision, ActError> {
    let facts = setting.facts(tx)?;
    let decision = decide_act(&facts, act)?;
    let uploads = act.writing.as_ref().map_or(&[][..], |writing| &writing.files);
    apply::apply(tx, &facts, setting, &decision, &Origin { message: None, uploads, event: None, now: act.now })?;
    Ok(decision)
}
