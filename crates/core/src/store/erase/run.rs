//! Doing it, step by step: each looks on a snapshot for what is left of it, and writes that in slices, between which others write. A step
//! that is done again does nothing, so that all can be run again from the first after a crash.

use std::time::{Duration, Instant};

use super::graves::{self, Graves};
use super::plan::{self, Plan};
use super::state::{Bounds, State};
use super::{Erased, Erasing, Work, mails, outgoing, rows, texts};
use crate::store::content;
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::search::index;

/// A slice ends after so many steps, or when it has taken so long.
const STEPS: usize = 200;
const TIME: Duration = Duration::from_millis(50);

/// Texts are looked through so often at most: what others write meanwhile is new.
const ROUNDS: usize = 4;

/// Does what is left of the erasure that has begun, if there is any, up to making the files anew. `between` is called after each slice;
/// an error of it stops, and the next run goes on.
///
/// # Errors
/// That of `between`; [`StoreError::Busy`] after `wait`; what the database says.
pub(crate) fn run(
    engine: &mut Engine,
    wait: Duration,
    between: &mut dyn FnMut() -> Result<(), StoreError>,
) -> Result<Option<Erased>, StoreError> {
    let Some(mut state) = engine.read(State::kept)? else { return Ok(None) };
    let Some(who) = state.who.clone() else { return Ok(None) };
    let plan = engine.read(|tx| plan::of(tx, &state, &who))?;
    if state.plan.is_none() {
        engine.erase(wait, |tx| {
            state.stone = graves::stone(tx)?;
            state.plan = Some(plan.keep(tx)?);
            state.keep(tx)
        })?;
        between()?;
    }
    let mut run = Run { engine, wait, between, who: &who, bounds: &state.bounds, stone: state.stone, plan: &plan };
    run.outgoing(state.at)?;
    run.theirs()?;
    run.others()?;
    // From here on nothing can tell their words any more: once more, for the mails of ours that were written meanwhile.
    run.outgoing(state.at)?;
    run.rows()?;
    run.index()?;
    run.shared()?;
    engine.erase(wait, |tx| {
        state.plan.map_or(Ok(()), |kept| content::remove(tx, kept))?;
        State::default().keep(tx)
    })?;
    Ok(Some(plan.erased))
}

struct Run<'r> {
    engine: &'r mut Engine,
    wait: Duration,
    between: &'r mut dyn FnMut() -> Result<(), StoreError>,
    who: &'r Erasing,
    bounds: &'r Bounds,
    stone: i64,
    plan: &'r Plan,
}

impl Run<'_> {
    /// Mails of ours; first, so that nothing leaves of which a part is gone.
    fn outgoing(&mut self, now: i64) -> Result<(), StoreError> {
        let scope = &self.plan.scope;
        let steps = self.look(|work| outgoing::steps(work, scope))?;
        self.each(&steps, |work, step| outgoing::take(work, scope, step, now))
    }

    /// Their texts, files and mails.
    fn theirs(&mut self) -> Result<(), StoreError> {
        let Plan { scope, theirs, .. } = self.plan;
        let files = self.look(|work| texts::files_to_bury(work.tx, scope, theirs))?;
        self.each(&files, texts::bury_file)?;
        let entries: Vec<i64> = scope.entries.iter().copied().collect();
        self.each(&entries, texts::bury)?;
        let messages: Vec<i64> = scope.messages.iter().copied().collect();
        self.each(&messages, mails::bury)
    }

    /// What others wrote.
    fn others(&mut self) -> Result<(), StoreError> {
        let Plan { scope, theirs, .. } = self.plan;
        let mails = self.look(|work| mails::others_to_scrub(work, scope, theirs))?;
        self.each(&mails, mails::scrub_other)?;
        let entries = self.look(|work| texts::others_to_scrub(work, scope))?;
        self.each(&entries, |work, entry| texts::scrub_other(work, scope, *entry))
    }

    /// The ledger, subjects, and every other text.
    fn rows(&mut self) -> Result<(), StoreError> {
        let scope = &self.plan.scope;
        let deliveries: Vec<i64> = scope.deliveries.iter().copied().collect();
        self.each(&deliveries, rows::ledger)?;
        self.each(&self.who.addresses, rows::forget)?;
        for _ in 0..ROUNDS {
            let found = self.look(|work| rows::to_rewrite(work, scope))?;
            if found.is_empty() {
                break;
            }
            self.each(&found, |work, text| work.tx.replace_text(text))?;
        }
        let asked: Vec<i64> = scope.asked.iter().copied().collect();
        self.each(&asked, rows::untitle)
    }

    /// The full-text index forgets everything of these tickets, and learns later what is kept now. No word of it is left in its file.
    fn index(&mut self) -> Result<(), StoreError> {
        let tickets: Vec<u64> = self.plan.scope.tickets.iter().filter_map(|ticket| u64::try_from(*ticket).ok()).collect();
        self.each(&tickets, |work, ticket| {
            index::entries_moved(work.tx, *ticket)?;
            index::subject_changed(work.tx, *ticket)
        })?;
        let mut begins = true;
        while !self.engine.erase(self.wait, |tx| index::purge(tx, begins))? {
            begins = false;
            (self.between)()?;
        }
        Ok(())
    }

    /// Contents that several shared.
    fn shared(&mut self) -> Result<(), StoreError> {
        let left = self.look(|work| work.graves.left_behind())?;
        self.each(&left, |work, one| work.graves.close(one))
    }

    fn work<'t, 'c>(&self, tx: &'t Tx<'c>) -> Work<'_, 't, 'c> {
        Work { tx, who: self.who, words: &self.plan.words, graves: Graves::new(tx, self.stone), bounds: self.bounds }
    }

    fn look<T>(&self, f: impl FnOnce(&Work<'_, '_, '_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.engine.read(|tx| f(&self.work(tx)))
    }

    /// Does each of these, in slices.
    fn each<T>(
        &mut self,
        items: &[T],
        mut f: impl FnMut(&Work<'_, '_, '_>, &T) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (who, words, bounds, stone) = (self.who, &self.plan.words, self.bounds, self.stone);
        let mut rest = items;
        while !rest.is_empty() {
            let done = self.engine.erase(self.wait, |tx| {
                let work = Work { tx, who, words, graves: Graves::new(tx, stone), bounds };
                let (begun, mut done) = (Instant::now(), 0);
                for item in rest.iter().take(STEPS) {
                    f(&work, item)?;
                    done += 1;
                    if begun.elapsed() > TIME {
                        break;
                    }
                }
                Ok::<_, StoreError>(done)
            })?;
            rest = rest.get(done..).unwrap_or_default();
            (self.between)()?;
        }
        Ok(())
    }
}
