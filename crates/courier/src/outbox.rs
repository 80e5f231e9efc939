//! What a runner needs of the outbox. Small, so that a test can be an outbox.

use postern_core::config::Config;
use postern_core::digest;
use postern_core::intake::Setting;
use postern_core::outbox::{self, Leased, Settlement};
use postern_core::reminder;
use postern_core::report;
use postern_core::store::engine::{Engine, StoreError};
use postern_core::store::search::index;
use postern_core::wake;
use std::time::Duration;

/// Rows of mail that is due. Each call is one short transaction of its own; nothing is held open between two of them.
pub trait Outbox {
    /// Why a call failed. Whatever it is, the runner tries again.
    type Error: std::error::Error;

    /// Takes up to `limit` rows that were due at `now` (microseconds since 1970 UTC), oldest first, and keeps them from every other
    /// runner until `now + lease_for`. A row that is not settled by then is due again. Of the rows that wait for one address on one ticket
    /// only the first is taken, so that they leave in order.
    fn lease(&mut self, now: i64, limit: usize, lease_for: Duration) -> Result<Vec<Leased>, Self::Error>;

    /// Writes down, durably and all together, what became of rows that were leased.
    fn settle(&mut self, settled: &[(i64, Settlement)], now: i64) -> Result<(), Self::Error>;

    /// When something is due next, in microseconds; `None` when nothing waits.
    fn next_due(&mut self) -> Result<Option<i64>, Self::Error>;

    /// What can be done while nothing is due: a short piece of it. Says whether there may be more.
    ///
    /// # Errors
    /// As for the others.
    fn idle(&mut self) -> Result<bool, Self::Error> {
        Ok(false)
    }
}

/// The outbox of a site: its database, and what its configuration says.
#[derive(Debug)]
pub struct SiteOutbox {
    /// The database.
    pub engine: Engine,
    /// The configuration.
    pub config: Config,
}

impl Outbox for SiteOutbox {
    type Error = StoreError;

    fn lease(&mut self, now: i64, limit: usize, lease_for: Duration) -> Result<Vec<Leased>, StoreError> {
        let setting = Setting::of(&self.config);
        // First: what goes on now is told with the rest.
        wake::collect(&mut self.engine, &setting, now)?;
        digest::collect(&mut self.engine, &setting, now)?;
        report::collect(&mut self.engine, &setting, now)?;
        reminder::collect(&mut self.engine, &setting, now)?;
        outbox::lease(&mut self.engine, &setting, now, limit, lease_for)
    }

    fn settle(&mut self, settled: &[(i64, Settlement)], now: i64) -> Result<(), StoreError> {
        outbox::settle(&mut self.engine, &Setting::of(&self.config), settled, now)
    }

    fn next_due(&mut self) -> Result<Option<i64>, StoreError> {
        let report = report::next_due(&self.engine)?;
        let others = [outbox::next_due(&self.engine)?, wake::next_due(&self.engine)?, reminder::next_due(&self.engine)?];
        Ok(others.into_iter().flatten().chain([report]).min())
    }

    /// Whoever searches finds that the index knows everything already.
    fn idle(&mut self) -> Result<bool, StoreError> {
        let behind = self.engine.read(index::backlog)? > 0;
        Ok(behind && self.engine.write(self.config.gateway.timeout, index::step)? > 0)
    }
}
