//! Who may do what, said simply.

use super::super::site::{granted, is, may_all, of_role};
use super::{Model, Plain, ROLES};

impl Plain {
    /// What somebody is on the ticket.
    pub(super) fn roles(&self, who: &str) -> Vec<&'static str> {
        let me = format!("{who}@example.org");
        let owner = (self.owner.as_deref() == Some(who)).then_some("owner");
        ROLES.into_iter().filter(|role| self.has(role, &me)).chain(owner).collect()
    }

    /// Whether somebody may do something with the ticket, as if it were in a queue.
    pub(super) fn may_in(&self, queue: &str, who: &str, right: &str) -> bool {
        let everybodys = right == "create" || who == "otto";
        let all = may_all(who, queue) && right != "administer";
        let by_role = || self.roles(who).iter().any(|role| of_role(role).contains(&right));
        everybodys || all || granted(who, queue).contains(&right) || by_role()
    }

    /// Whether somebody is one of those who go a way: by name, group or role.
    pub(super) fn is_one(&self, who: &str, word: &str) -> bool {
        let role = match word {
            "role:owner" => self.roles(who).contains(&"owner"),
            "role:requestor" => self.roles(who).contains(&"requestors"),
            _ => false,
        };
        role || is(who, word)
    }
}

impl Model {
    /// Whether somebody may do something with a ticket.
    pub(super) fn may(&self, who: &str, right: &str, number: u64) -> bool {
        let ticket = &self.tickets[&number];
        ticket.may_in(&ticket.queue, who, right)
    }

    /// The same of whoever opens it, who says what it begins with.
    pub(super) fn need(&self, who: &str, right: &str, number: u64) -> Option<()> {
        (self.opens.contains(&number) || self.may(who, right, number)).then_some(())
    }

    /// Whether a ticket is there for somebody.
    pub(crate) fn sees(&self, who: &str, number: u64) -> bool {
        self.need(who, "see", number).is_some()
    }
}
