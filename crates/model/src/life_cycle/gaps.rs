//! Statuses that a life cycle's transitions leave without a way: those from which no ticket is ever over, and those that none gets.

use super::{LifeCycle, Status, StatusKind};
use std::collections::HashSet;

/// What a life cycle lacks. Empty lists: nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps<'c> {
    /// Statuses in which it is not over, from which no way leads to one in which it is.
    pub endless: Vec<&'c str>,
    /// Statuses to which no way leads from those in which tickets begin.
    pub unreached: Vec<&'c str>,
}

impl LifeCycle {
    /// The statuses that have no way out or in. What mail does by itself is a way, too.
    pub fn gaps(&self) -> Gaps<'_> {
        if self.transitions.is_empty() {
            return Gaps::default();
        }
        let steps: Vec<(&str, Vec<&str>)> = self.statuses().map(|from| (from, self.steps(from))).collect();
        let over = |status: &&str| self.inactive.iter().any(|word| word == status);
        let ends = spread(self.inactive.iter().map(String::as_str), |met| {
            steps.iter().filter(|(_, to)| to.contains(&met)).map(|(from, _)| *from).collect()
        });
        let begun = spread(self.initial.iter().map(String::as_str), |met| {
            steps.iter().find(|(from, _)| *from == met).map(|(_, to)| to.clone()).unwrap_or_default()
        });
        Gaps {
            endless: self.statuses().filter(|status| !over(status) && !ends.contains(status)).collect(),
            unreached: self.statuses().filter(|status| !begun.contains(status)).collect(),
        }
    }

    /// Where a ticket can go from a status in one step.
    fn steps(&self, from: &str) -> Vec<&str> {
        let status = Status::new(from);
        let by_itself: Vec<Status> = match self.kind(&status) {
            StatusKind::Initial => {
                let owned = self.owned.as_ref().map(Status::new);
                owned.into_iter().chain([self.or_working(self.answered.as_ref())]).collect()
            }
            StatusKind::Active if self.waits(&status) => vec![self.reopening()],
            StatusKind::Active => Vec::new(),
            StatusKind::Inactive => vec![self.reopening()],
        };
        let mut steps = self.reachable(&status);
        steps.extend(self.statuses().filter(|to| by_itself.iter().any(|status| status.as_str() == *to)));
        steps
    }
}

/// Everything that is met from the first on.
fn spread<'c>(first: impl Iterator<Item = &'c str>, next: impl Fn(&str) -> Vec<&'c str>) -> HashSet<&'c str> {
    let mut waiting: Vec<&str> = first.collect();
    let mut met: HashSet<&str> = waiting.iter().copied().collect();
    while let Some(status) = waiting.pop() {
        waiting.extend(next(status).into_iter().filter(|status| met.insert(status)));
    }
    met
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::life_cycle::{Transition, built_in};

    #[test]
    fn a149_a_status_without_a_way_is_found() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let cycle = |transitions: &[&str]| LifeCycle {
            name: "change".to_owned(),
            initial: words("new"),
            active: words("open waiting review"),
            inactive: words("done dropped"),
            waiting: words("waiting"),
            transitions: transitions.iter().map(|text| Transition::parse(text).unwrap()).collect(),
            ..LifeCycle::default()
        };
        for (transitions, endless, unreached) in [
            (&[][..], "", ""),
            (&["* -> *"], "", ""),
            // An answer opens new ones and ends the waiting: ways that no transition has to name.
            (&["open -> waiting, review, done, dropped", "review -> open"], "", ""),
            (&["new -> open", "open -> review, done"], "review", "waiting dropped"),
            (&["new, open -> waiting, dropped", "review -> done"], "", "review done"),
            (&["new -> open", "open -> review, waiting"], "new open waiting review", "done dropped"),
        ] {
            let cycle = cycle(transitions);
            let gaps = cycle.gaps();
            assert_eq!(
                (gaps.endless.join(" "), gaps.unreached.join(" ")),
                (endless.to_owned(), unreached.to_owned()),
                "{transitions:?}"
            );
        }
    }

    #[test]
    fn a149_those_of_the_program_have_every_way() {
        for cycle in built_in() {
            assert_eq!(cycle.gaps(), Gaps::default(), "{}", cycle.name);
        }
    }
}
