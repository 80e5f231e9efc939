//! `limit queue:noc status:open`: a safety net below which lines do nothing to other tickets.

use crate::decide::acting::Acting;
use crate::types::{Person, Ticket};

/// What tickets must be like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Limit {
    terms: Vec<(Term, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Term {
    Queue,
    Status,
    Owner,
}

/// The right form.
pub(super) const FORM: &str = "write limit queue:NAME, status:WORD, owner:LOGIN, or several of them";

impl Limit {
    /// Reads the terms, each of which must hold.
    pub(super) fn read(text: &str) -> Option<Limit> {
        let term = |word: &str| {
            let (name, value) = word.split_once(':').filter(|(_, value)| !value.is_empty())?;
            let term = match name.to_ascii_lowercase().as_str() {
                "queue" => Term::Queue,
                "status" => Term::Status,
                "owner" => Term::Owner,
                _ => return None,
            };
            Some((term, value.to_owned()))
        };
        let terms: Option<Vec<_>> = text.split_whitespace().map(term).collect();
        terms.filter(|terms| !terms.is_empty()).map(|terms| Limit { terms })
    }

    /// Whether there is none.
    pub(super) fn is_none(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a ticket is so.
    pub(super) fn holds(&self, acting: &Acting<'_>, ticket: &Ticket) -> bool {
        let site = acting.desk.facts.site();
        self.terms.iter().all(|(term, value)| match term {
            Term::Queue => site.queue(ticket.queue).is_some_and(|queue| queue.name.eq_ignore_ascii_case(value)),
            Term::Status => site.life_cycle(ticket.queue).status(value).is_some_and(|status| status == ticket.status),
            Term::Owner => is_owner(acting, ticket, value),
        })
    }
}

fn is_owner(acting: &Acting<'_>, ticket: &Ticket, value: &str) -> bool {
    let is = |owner: &Person| {
        owner.login.as_deref().is_some_and(|login| login.eq_ignore_ascii_case(value)) || owner.address.eq_ignore_ascii_case(value)
    };
    match (&ticket.owner, value) {
        (owner, "nobody") => owner.is_none(),
        (Some(owner), "me") => acting.person().is_some_and(|person| person.id == owner.id),
        (Some(owner), _) => is(owner),
        (None, _) => false,
    }
}
