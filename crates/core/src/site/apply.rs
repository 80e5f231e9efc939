//! Bringing the database to what `site.toml` says, in one transaction.

use postern_model::life_cycle::DEFAULT;
use postern_model::site::{PersonDefinition, SiteDefinition};

use super::life_cycles;
use super::plan::{self, Fate, Plan, Standing, canonical, effective_rules, fate, renamed};
use crate::store::engine::{StoreError, Tx};
use crate::store::site as store;

/// What [`apply`] would change.
///
/// # Errors
/// What the database says.
pub fn preview(tx: &Tx<'_>, wanted: &SiteDefinition) -> Result<Plan, StoreError> {
    let current = store::definition(tx)?;
    Ok(plan::plan(&current, wanted, &standing(tx, &current, wanted)?))
}

/// Makes the database say what `wanted` says, and tells what that changed. A second time changes nothing.
///
/// Queues and people with tickets are never deleted: what is no longer named is disabled. A customer who wrote in earlier
/// and is named now keeps their number and so their tickets.
///
/// # Errors
/// What the database says; `wanted` must have come out of [`super::read`] or the database.
pub fn apply(tx: &Tx<'_>, wanted: &SiteDefinition) -> Result<Plan, StoreError> {
    let current = store::definition(tx)?;
    let standing = standing(tx, &current, wanted)?;
    let plan = plan::plan(&current, wanted, &standing);
    if plan.is_empty() {
        return Ok(plan);
    }
    let change = Change { tx, current: canonical(&current), wanted: canonical(wanted), standing };
    // What refers to others goes first and comes back last, so that nothing ever refers to what is gone.
    store::clear_watchers(tx)?;
    store::clear_switches(tx)?;
    store::clear_members(tx)?;
    store::replace_rules(tx, &[])?;
    store::replace_templates(tx, &[])?;
    change.people()?;
    change.groups()?;
    change.queues()?;
    store::replace_templates(tx, &change.wanted.templates)?;
    store::replace_rules(tx, &effective_rules(&change.wanted.rules))?;
    store::save_settings(tx, &change.wanted)?;
    change.life_cycles()?;
    store::forget_lost_addresses(tx)?;
    Ok(plan)
}

fn standing(tx: &Tx<'_>, current: &SiteDefinition, wanted: &SiteDefinition) -> Result<Standing, StoreError> {
    let rules = store::rules(tx)?;
    let mut standing = Standing {
        lacks_default_rules: postern_model::rules::defaults()
            .iter()
            .any(|default| !rules.iter().any(|rule| rule.name == default.name)),
        ..Standing::default()
    };
    for queue in current.queues.iter().filter(|old| !wanted.queues.iter().any(|queue| queue.name == old.name)) {
        if store::has_tickets(tx, &queue.name)? {
            standing.queues_with_tickets.insert(queue.name.clone());
        }
    }
    let (was, is) = (canonical(current), canonical(wanted));
    for (queue, _) in life_cycles::changed(&was, &is) {
        let statuses = store::statuses(tx, &queue)?;
        standing.statuses.insert(queue, statuses);
    }
    for person in current.people.iter().filter(|old| !wanted.people.iter().any(|person| person.login == old.login)) {
        if store::has_history(tx, &person.login)? {
            standing.people_with_history.insert(person.login.clone());
        }
        if store::person_from_mail(tx, &person.login)? {
            standing.people_from_mail.insert(person.login.clone());
        }
    }
    for address in wanted.people.iter().flat_map(|person| &person.email) {
        if store::adoptable(tx, address)?.is_some() {
            standing.customers.insert(address.clone());
        }
    }
    Ok(standing)
}

struct Change<'t, 'c> {
    tx: &'t Tx<'c>,
    current: SiteDefinition,
    wanted: SiteDefinition,
    standing: Standing,
}

impl Change<'_, '_> {
    fn people(&self) -> Result<(), StoreError> {
        let renamed = renamed(&self.current, &self.wanted);
        let now = jiff::Timestamp::now().as_microsecond();
        // Before the others are written: those who go may leave their address to somebody.
        let stays = |login: &String| {
            self.wanted.people.iter().any(|person| person.login == *login) || renamed.values().any(|old| old == login)
        };
        for person in self.current.people.iter().filter(|person| !stays(&person.login)) {
            match fate(person, &self.wanted, &self.standing) {
                Fate::Customer => store::demote(self.tx, &person.login)?,
                Fate::Disabled => store::disable_person(self.tx, &person.login)?,
                Fate::Deleted => store::delete_person(self.tx, &person.login)?,
            }
        }
        for person in &self.wanted.people {
            let old_login = renamed.get(&person.login).unwrap_or(&person.login);
            let id = match store::id_by_login(self.tx, old_login)? {
                Some(id) => Some(id),
                None => self.customer(person)?,
            };
            store::save_person(self.tx, id, person, now)?;
        }
        Ok(())
    }

    /// The customer whom this person was until now.
    fn customer(&self, person: &PersonDefinition) -> Result<Option<i64>, StoreError> {
        for address in &person.email {
            if let Some(id) = store::adoptable(self.tx, address)? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    fn groups(&self) -> Result<(), StoreError> {
        store::delete_other_groups(self.tx, &self.wanted.groups)?;
        store::save_groups(self.tx, &self.wanted.groups)
    }

    fn queues(&self) -> Result<(), StoreError> {
        for old in self.current.queues.iter().filter(|old| !self.wanted.queues.iter().any(|queue| queue.name == old.name)) {
            match self.standing.queues_with_tickets.contains(&old.name) {
                true => store::disable_queue(self.tx, &old.name)?,
                false => store::delete_queue(self.tx, &old.name)?,
            }
        }
        for queue in &self.wanted.queues {
            let id = store::save_queue(self.tx, queue)?;
            for (role, words) in [("cc", &queue.cc), ("admincc", &queue.admincc)] {
                words.iter().try_for_each(|word| self.watch(id, role, word))?;
            }
            store::switch_rules(self.tx, id, queue)?;
        }
        Ok(())
    }

    /// Says of every ticket what its status means now.
    fn life_cycles(&self) -> Result<(), StoreError> {
        for (queue, cycle) in life_cycles::changed(&self.current, &self.wanted) {
            store::follow_life_cycle(self.tx, &queue, cycle)?;
        }
        // Queues that are kept for their tickets may name a life cycle that is gone.
        let kept = self.current.queues.iter().filter(|old| self.standing.queues_with_tickets.contains(&old.name));
        for queue in kept.filter(|queue| queue.life_cycle.is_some()) {
            let name = Some(life_cycles::of_queue(&self.wanted, queue).name.as_str()).filter(|name| *name != DEFAULT);
            store::set_life_cycle(self.tx, &queue.name, name)?;
        }
        Ok(())
    }

    fn watch(&self, queue: i64, role: &str, word: &str) -> Result<(), StoreError> {
        if let Some(group) = word.strip_prefix("group:") {
            return store::watch(self.tx, queue, role, None, Some(group));
        }
        let person = match word.contains('@') {
            true => Some(store::id_of_address(self.tx, word, jiff::Timestamp::now().as_microsecond())?),
            false => store::id_by_login(self.tx, word)?,
        };
        store::watch(self.tx, queue, role, person, None)
    }
}
