//! The people whom rules mean, and what is known of them.

use super::Event;
use crate::decide::desk::Desk;
use crate::facts::FactError;
use crate::site::RuleDefinition;
use crate::types::{Party, Person, WatchRole};

/// How somebody came to be a recipient.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Roles {
    pub(super) requestor: bool,
    pub(super) cc: bool,
    pub(super) owner: bool,
    pub(super) admincc: bool,
    /// Named for this one mail.
    pub(super) once: bool,
}

/// Somebody whom a rule means.
pub(super) struct Recipient {
    pub(super) party: Party,
    pub(super) roles: Roles,
}

impl Recipient {
    /// Its roles with those of another meaning of the same person.
    pub(super) fn roles_with(&self, other: &Recipient) -> Roles {
        Roles {
            requestor: self.roles.requestor || other.roles.requestor,
            cc: self.roles.cc || other.roles.cc,
            owner: self.roles.owner || other.roles.owner,
            admincc: self.roles.admincc || other.roles.admincc,
            once: self.roles.once || other.roles.once,
        }
    }
}

/// Whether two parties are one person.
pub(super) fn same(a: &Party, b: &Party) -> bool {
    a.address == b.address || (a.person.is_some() && a.person == b.person)
}

/// The people of a role who are still here.
pub(in crate::decide) fn of_role(watchers: &[(WatchRole, Person)], role: WatchRole) -> Vec<Party> {
    watchers.iter().filter(|(r, p)| *r == role && !p.disabled).map(|(_, p)| Party::from(p)).collect()
}

/// The people that a rule names, as this event knows them.
pub(super) fn recipients(
    desk: &Desk<'_>,
    rule: &RuleDefinition,
    event: &Event<'_>,
    watchers: &[(WatchRole, Person)],
) -> Result<Vec<Recipient>, FactError> {
    let mut all = Vec::new();
    let mut add = |people: Vec<Party>, roles: Roles| all.extend(people.into_iter().map(|party| Recipient { party, roles }));
    for word in &rule.notify {
        match WatchRole::from_word(word) {
            Some(WatchRole::Requestor) => add(event.requestors.clone(), Roles { requestor: true, ..Roles::default() }),
            Some(role @ WatchRole::Cc) => {
                let cc = Roles { cc: true, ..Roles::default() };
                add(event.cc.clone(), cc);
                add(of_role(watchers, role), cc);
            }
            Some(role @ WatchRole::AdminCc) => {
                let admincc = Roles { admincc: true, ..Roles::default() };
                add(event.admincc.clone(), admincc);
                add(of_role(watchers, role), admincc);
            }
            Some(WatchRole::Owner) => {
                let owner = event.ticket.owner.iter().filter(|o| !o.disabled).map(Party::from).collect();
                add(owner, Roles { owner: true, ..Roles::default() });
            }
            None if word == "former_owner" => add(event.former_owner.iter().cloned().collect(), Roles::default()),
            None if word == "asked" => add(event.asked.clone(), Roles::default()),
            None if word == "once" => add(event.once.clone(), Roles { cc: true, once: true, ..Roles::default() }),
            None => {
                if let Some(group) = word.strip_prefix("group:") {
                    let members = desk.facts.group(group)?;
                    add(members.iter().filter(|p| !p.disabled).map(Party::from).collect(), Roles::default());
                }
            }
        }
    }
    Ok(all)
}

/// People who were looked up, and who has a part in the ticket by themselves.
pub(super) struct Known {
    people: Vec<(String, Option<Person>)>,
    personal: Vec<Party>,
}

impl Known {
    pub(super) fn new(watchers: &[(WatchRole, Person)], event: &Event<'_>) -> Self {
        let of_queues = watchers.iter().map(|(_, person)| person);
        let people = of_queues.chain(&event.ticket.owner).map(|p| (p.address.clone(), Some(p.clone()))).collect();
        let owner = event.ticket.owner.iter().map(Party::from);
        let parts = [&event.requestors, &event.cc, &event.admincc, &event.once, &event.asked];
        let personal = parts.into_iter().flatten().chain(&event.former_owner).cloned().chain(owner).collect();
        Known { people, personal }
    }

    /// Somebody by address, asked for once.
    pub(super) fn person(&mut self, desk: &Desk<'_>, address: &str) -> Result<Option<Person>, FactError> {
        if let Some((_, person)) = self.people.iter().find(|(known, _)| known == address) {
            return Ok(person.clone());
        }
        let person = desk.facts.person(address)?;
        self.people.push((address.to_owned(), person.clone()));
        Ok(person)
    }

    /// Every address of whoever has this one; only this one unless the others are `wanted`.
    pub(super) fn addresses(&mut self, desk: &Desk<'_>, address: &str, wanted: bool) -> Result<Vec<String>, FactError> {
        match self.person(desk, address)? {
            Some(person) if wanted => {
                let mut all = desk.facts.addresses(person.id)?;
                all.push(address.to_owned());
                Ok(all)
            }
            _ => Ok(vec![address.to_owned()]),
        }
    }

    /// Whether it is their own ticket: as owner, requestor or watcher of the ticket itself.
    pub(super) fn is_personal(&self, party: &Party) -> bool {
        self.personal.iter().any(|p| same(p, party))
    }
}
