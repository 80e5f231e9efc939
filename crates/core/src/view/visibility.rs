//! What somebody may see of the tickets, as data: worked out once by the function that answers every question about rights, and turned into
//! a condition of a query.

use crate::intake::Setting;
use crate::rights::of_store;
use crate::store::engine::{StoreError, Tx};
use postern_model::rights::{self, GrantDefinition, Granted, Place, Right, Who};
use postern_model::{Facts, Person, Queue, WatchRole};

/// What somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visibility {
    /// Whether that is everything, comments included: nothing has to be looked at.
    pub all: bool,
    /// Who looks.
    pub person: Option<i64>,
    /// The queues that they watch, and as what: that is what they are on a ticket that such a queue watches, too.
    pub watched: Vec<(WatchRole, Vec<i64>)>,
    /// Where they may see tickets.
    pub tickets: Sight,
    /// Where they may see comments.
    pub comments: Sight,
}

impl Default for Visibility {
    fn default() -> Self {
        Visibility::everything()
    }
}

/// Where somebody has a right, queues by their rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// Queues where they have it on every ticket.
    pub queues: Vec<i64>,
    /// Queues where a role on a ticket gives it.
    pub by_role: Vec<(WatchRole, Vec<i64>)>,
}

/// Something that somebody asked to see.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen<T> {
    /// Here it is.
    There(T),
    /// It is there, and not for them.
    Hidden,
    /// There is none.
    Absent,
}

/// Roles on a ticket.
const ROLES: [WatchRole; 4] = [WatchRole::Requestor, WatchRole::Cc, WatchRole::AdminCc, WatchRole::Owner];

impl Visibility {
    /// The system sees everything.
    pub fn everything() -> Self {
        Visibility { all: true, person: None, watched: Vec::new(), tickets: Sight::default(), comments: Sight::default() }
    }

    /// What somebody sees.
    ///
    /// # Errors
    /// What the database says.
    pub fn of(tx: &Tx<'_>, setting: &Setting<'_>, person: &Person) -> Result<Self, StoreError> {
        Visibility::by(&setting.facts(tx)?, person)
    }

    /// The same by facts that are at hand.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn by(facts: &dyn Facts, person: &Person) -> Result<Self, StoreError> {
        let groups = facts.groups_of(person.id).map_err(of_store)?;
        let mut watched = Vec::new();
        for queue in &facts.site().queues {
            let watchers = facts.queue_watchers(queue.id).map_err(of_store)?;
            let roles: Vec<WatchRole> = watchers.iter().filter(|(_, p)| p.id == person.id).map(|(role, _)| *role).collect();
            watched.push((queue, roles));
        }
        let who = Who { person: Some(person), groups: &groups };
        let granted = Granted { presets: &facts.site().rights, grants: &facts.site().grants };
        let sight = |right| sight(granted, who, right, &watched);
        let (tickets, comments) = (sight(Right::See), sight(Right::SeeComments));
        let all = [&tickets, &comments].into_iter().all(|sight| sight.queues.len() == watched.len());
        let watches = |role| watched.iter().filter(|(_, roles)| roles.contains(&role)).map(|(queue, _)| queue.id).collect();
        let watched =
            ROLES.map(|role| (role, watches(role))).into_iter().filter(|(_, queues): &(_, Vec<i64>)| !queues.is_empty());
        Ok(Visibility { all, person: Some(person.id), watched: watched.collect(), tickets, comments })
    }
}

fn sight(granted: Granted<'_>, who: Who<'_>, right: Right, watched: &[(&Queue, Vec<WatchRole>)]) -> Sight {
    let has = |queue: &Queue, roles: &[WatchRole]| {
        let grants: &[GrantDefinition] = granted.grants;
        rights::may(Granted { grants, ..granted }, who, right, Place { queue: &queue.name, roles }).allowed
    };
    let whole = watched.iter().filter(|(queue, roles)| has(queue, roles)).map(|(queue, _)| queue.id).collect::<Vec<_>>();
    let by_role = ROLES.into_iter().map(|role| {
        let queues = watched.iter().filter(|(queue, _)| !whole.contains(&queue.id) && has(queue, &[role]));
        (role, queues.map(|(queue, _)| queue.id).collect::<Vec<_>>())
    });
    let by_role = by_role.filter(|(_, queues)| !queues.is_empty()).collect();
    Sight { by_role, queues: whole }
}
