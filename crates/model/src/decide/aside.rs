//! Tickets that were in hand before another was taken up.

use super::acting::Case;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Tickets that were in hand before. An act may have many of them, so each is found by its number.
#[derive(Clone, Default)]
pub(super) struct Aside {
    /// By number; of one that was laid aside twice, the first is found.
    cases: BTreeMap<(u64, u64), Rc<Case>>,
    /// How often one was laid aside.
    count: u64,
}

impl Aside {
    /// Lays a ticket aside.
    pub(super) fn lay(&mut self, case: Case) {
        self.cases.insert((case.ticket.number, self.count), Rc::new(case));
        self.count += 1;
    }

    /// One of them.
    pub(super) fn find(&self, number: u64) -> Option<&Case> {
        self.cases.range((number, 0)..=(number, u64::MAX)).next().map(|(_, case)| &**case)
    }

    /// Takes one in hand again.
    pub(super) fn take(&mut self, number: u64) -> Option<Case> {
        let at = self.cases.range((number, 0)..=(number, u64::MAX)).next().map(|(at, _)| *at)?;
        self.cases.remove(&at).map(Rc::unwrap_or_clone)
    }

    /// All, by number.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Case> {
        self.cases.values().map(|case| &**case)
    }

    /// All, in the order in which they were laid aside.
    pub(super) fn in_order(&self) -> Vec<&Case> {
        let mut cases: Vec<(u64, &Case)> = self.cases.iter().map(|((_, count), case)| (*count, &**case)).collect();
        cases.sort_unstable_by_key(|(count, _)| *count);
        cases.into_iter().map(|(_, case)| case).collect()
    }

    /// The same, given away.
    pub(super) fn into_order(self) -> Vec<Case> {
        let mut cases: Vec<((u64, u64), Rc<Case>)> = self.cases.into_iter().collect();
        cases.sort_unstable_by_key(|((_, count), _)| *count);
        cases.into_iter().map(|(_, case)| Rc::unwrap_or_clone(case)).collect()
    }
}
