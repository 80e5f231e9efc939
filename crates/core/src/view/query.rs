//! Which tickets to list: a query with its meaning, how many, and what whoever asks may see.

use super::Visibility;
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::search::{index, needs_index, saved};
use crate::store::{person, site, view};
use postern_model::query::{Known, Names, QueryError, Search, parse};
use std::time::Duration;

/// A choice of tickets. The default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketQuery {
    /// What tickets must be, and by what they are sorted.
    pub search: Search,
    /// Only so many: the first, where an order is said, else the newest.
    pub limit: Option<u64>,
    /// What whoever asks may see.
    pub sees: Visibility,
    /// When it was asked, microseconds since 1970 UTC: priorities are those of then. None: now.
    pub at: Option<i64>,
}

/// Who asks, and when.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asking<'a> {
    /// The login; none: nobody who could have tickets.
    pub login: Option<&'a str>,
    /// Microseconds since 1970 UTC.
    pub now: i64,
    /// What they are told of names.
    pub names: Names,
}

/// Why a query has no meaning.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// It cannot be understood.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl TicketQuery {
    /// Reads a query in a site, with the saved searches that whoever asks can use.
    ///
    /// # Errors
    /// What cannot be understood or is not there, and what the database says.
    pub fn read(tx: &Tx<'_>, text: &str, asking: Asking<'_>) -> Result<Self, AskError> {
        let mut query = parse(text)?;
        if query.has_names() {
            let searches = saved::list(tx, asking.login)?;
            let named = |name: &str| {
                let is = |search: &&saved::SavedSearch| search.name == name.to_lowercase();
                searches.iter().find(is).map(|search| search.query.clone())
            };
            let by_mail = asking.names != Names::AtTerminal;
            query = query.expand(&named).map_err(|mut error| {
                if by_mail && error.missing {
                    error.cure = "write what it stands for".to_owned();
                }
                error
            })?;
        }
        let settings = site::Settings::of(tx)?;
        let queues = view::ticket::queues(tx)?;
        // What the database says must not be lost between.
        let failed = std::cell::RefCell::new(None);
        let is_login = |login: &str| match person::is_login(tx, login) {
            Ok(is) => is,
            Err(error) => {
                failed.replace(Some(error));
                false
            }
        };
        let known = Known {
            now: asking.now,
            me: asking.login,
            queues: &queues,
            life_cycles: &settings.life_cycles,
            fields: &settings.fields,
            is_login: &is_login,
            names: asking.names,
        };
        let search = query.resolve(&known);
        match failed.into_inner() {
            Some(error) => Err(error.into()),
            None => Ok(TicketQuery { search: search?, at: Some(asking.now), ..TicketQuery::default() }),
        }
    }

    /// Whether it asks for something that the index must know.
    pub fn needs_index(&self) -> bool {
        needs_index(&self.search)
    }

    /// Brings the index up to now, if the query needs it: what it finds then is complete. `progress` hears how many entries are
    /// done, of how many.
    ///
    /// # Errors
    /// What the database says.
    pub fn prepare(&self, engine: &mut Engine, wait: Duration, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
        if self.needs_index() { index::catch_up(engine, wait, progress).map(|_| ()) } else { Ok(()) }
    }

    /// The same in a transaction that changes things anyway.
    ///
    /// # Errors
    /// What the database says.
    pub fn prepare_within(&self, tx: &Tx<'_>) -> Result<(), StoreError> {
        if self.needs_index() { index::catch_up_within(tx) } else { Ok(()) }
    }
}
