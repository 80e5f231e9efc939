//! Links, from both sides.

use super::super::Said;
use super::super::site::cycle;
use super::{LINKS, Model};
use postern_core::model::Operator;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn parts(link: &str) -> (&str, Option<u64>) {
    let (word, target) = link.split_once(' ').unwrap();
    (word, target.strip_prefix('#').map(|number| number.parse().unwrap()))
}

fn back(word: &str) -> &'static str {
    LINKS.iter().find(|(_, to, _)| *to == word).unwrap().2
}

impl Model {
    /// The tickets at the other end of links with this word.
    pub(super) fn others(&self, number: u64, word: &str) -> Vec<u64> {
        self.tickets[&number].sets["link"]
            .iter()
            .map(|link| parts(link))
            .filter(|(w, _)| *w == word)
            .filter_map(|(_, n)| n)
            .collect()
    }

    /// Makes a link or takes it away, at both ends.
    pub(super) fn set_link(&mut self, number: u64, link: &str, on: bool) {
        let (word, other) = parts(link);
        let far = other.map(|other| (other, format!("{} #{number}", back(word))));
        for (at, word) in std::iter::once((number, link.to_owned())).chain(far) {
            let links = self.at(at).sets.get_mut("link").unwrap();
            let _ = if on { links.insert(word) } else { links.remove(&word) };
        }
    }

    /// What is free by what was done since `before`, and by what: nothing that it waited for is left, or no part of it is open.
    pub(crate) fn freed(&self, before: &Model) -> BTreeMap<u64, BTreeSet<String>> {
        let stands = |model: &Model, number: u64| model.tickets.get(&number).is_some_and(|t| t.into.is_none());
        let over = |model: &Model, number: u64| {
            let ticket = &model.tickets[&number];
            cycle(&ticket.queue).is_over(&ticket.status)
        };
        let mut freed: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
        for number in self.tickets.keys().copied().filter(|n| stands(self, *n) && stands(before, *n) && !over(self, *n)) {
            for (word, said) in [("depends-on", "freed"), ("has-member", "parts_done")] {
                let now = self.others(number, word);
                if now.iter().any(|other| !over(self, *other)) {
                    continue;
                }
                let were_open = before.others(number, word).into_iter().filter(|other| !over(before, *other));
                let by = were_open.filter_map(|other| self.home(other)).filter(|home| now.contains(home));
                let said: Vec<String> = by.map(|home| format!("{said} #{home}")).collect();
                if !said.is_empty() {
                    freed.entry(number).or_default().extend(said);
                }
            }
        }
        freed
    }

    pub(super) fn link(&mut self, by: &str, number: u64, to: &str, said: &Said) -> Option<()> {
        self.need(by, "link", number)?;
        let mut named = BTreeSet::new();
        for word in said.value.split(", ") {
            if word.contains(':') {
                (to == "refers-to").then(|| named.insert(format!("{to} {word}")))?;
                continue;
            }
            let other = self.home(word.trim_start_matches('#').parse().ok()?)?;
            // What somebody may not see is not there for them.
            self.sees(by, other).then(|| named.insert(format!("{to} #{other}")))?;
        }
        let before: BTreeSet<String> =
            self.tickets[&number].sets["link"].iter().filter(|link| parts(link).0 == to).cloned().collect();
        let wanted: BTreeSet<String> = match said.operator {
            Operator::Set => named.clone(),
            Operator::Add => &before | &named,
            Operator::Remove => &before - &named,
        };
        // One that is there, or is not, already is not looked at.
        if wanted.contains(&format!("{to} #{number}")) {
            return None;
        }
        for other in (&before ^ &wanted).iter().filter_map(|link| parts(link).1) {
            self.need(by, "link", other)?;
        }
        (&before - &wanted).iter().for_each(|link| self.set_link(number, link, false));
        (&wanted - &before).iter().for_each(|link| self.set_link(number, link, true));
        (!self.goes_round()).then_some(())
    }

    /// Whether anything waits for itself, or is a part of itself, over however many.
    pub(super) fn goes_round(&self) -> bool {
        ["depends-on", "member-of"].iter().any(|word| {
            self.tickets.keys().any(|start| {
                let (mut seen, mut next) = (BTreeSet::new(), self.others(*start, word));
                while let Some(number) = next.pop() {
                    if seen.insert(number) {
                        next.extend(self.others(number, word));
                    }
                }
                seen.contains(start)
            })
        })
    }
}
