//! What there is to erase: found on snapshots, while others write.

use serde::{Deserialize, Serialize};

use super::graves::Graves;
use super::mails::{self, Theirs};
use super::scope::{self, Scope};
use super::state::{Bounds, State, unreadable};
use super::words::Words;
use super::{Erased, Erasing, Work, outgoing, texts};
use crate::store::content;
use crate::store::engine::{StoreError, Tx};

/// What is theirs, what is looked for, and how much that is. Kept until the end: once their texts are gone, nothing else says what to
/// look for in those of others.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) scope: Scope,
    pub(super) words: Words,
    pub(super) theirs: Theirs,
    pub(super) erased: Erased,
}

impl Plan {
    /// Reads whole tables.
    pub(super) fn of(tx: &Tx<'_>, who: &Erasing, bounds: &Bounds) -> Result<Plan, StoreError> {
        let mut scope = Scope::of(tx, who, bounds)?;
        let mut words = scope::words(tx, who, &mut scope)?;
        let theirs = mails::theirs(tx, &mut scope)?;
        texts::learn(tx, &scope, &theirs, &mut words)?;
        let mut plan = Plan { scope, words, theirs, erased: Erased::default() };
        plan.erased = plan.count(&Work { tx, who, words: &plan.words, graves: Graves::new(tx, 0), bounds })?;
        Ok(plan)
    }

    /// What there is to do comes to this.
    fn count(&self, work: &Work<'_, '_, '_>) -> Result<Erased, StoreError> {
        let Plan { scope, theirs, .. } = self;
        let others = mails::others_to_scrub(work, scope, theirs)?;
        let outgoing = outgoing::steps(work, scope)?;
        let files = mails::count_files(work.tx, scope)? + texts::files_to_bury(work.tx, scope, theirs)?.len();
        Ok(Erased {
            person: work.who.marker.clone(),
            tickets: scope.tickets.len() as u64,
            entries: texts::count(work.tx, scope)?,
            mails: scope.messages.len() as u64,
            files: (files + others.iter().map(|mail| mail.files.len()).sum::<usize>()) as u64,
            outgoing: outgoing.iter().filter(|step| step.is_counted()).count() as u64,
            discarded: outgoing.iter().filter(|step| step.discard).count() as u64,
            others_texts: texts::others_to_scrub(work, scope)?.len() as u64,
            others_mails: others.iter().filter(|mail| mail.has_theirs).count() as u64,
        })
    }

    /// Keeps it with the state.
    pub(super) fn keep(&self, tx: &Tx<'_>) -> Result<i64, StoreError> {
        content::put(tx, &serde_json::to_vec(self).map_err(unreadable)?)
    }

    pub(super) fn kept(tx: &Tx<'_>, id: i64) -> Result<Plan, StoreError> {
        serde_json::from_slice(&content::get(tx, id)?).map_err(unreadable)
    }
}

/// What erasing somebody would come to.
///
/// # Errors
/// What the database says.
pub(crate) fn preview(tx: &Tx<'_>, who: &Erasing) -> Result<Erased, StoreError> {
    Plan::of(tx, who, &Bounds::now(tx)?).map(|plan| plan.erased)
}

/// The plan of an erasure that has begun, as it was kept, or found now.
pub(super) fn of(tx: &Tx<'_>, state: &State, who: &Erasing) -> Result<Plan, StoreError> {
    if let Some(kept) = state.plan {
        return Plan::kept(tx, kept);
    }
    let mut plan = Plan::of(tx, who, &state.bounds)?;
    plan.erased.discarded += state.discarded;
    Ok(plan)
}
