//! Tickets that become one, come apart, or are made of others.

use super::super::site::has_field;
use super::links::parts;
use super::{Model, Plain, ROLES};
use std::collections::BTreeSet;

impl Model {
    pub(super) fn merge(&mut self, by: &str, (number, into): (u64, u64), may_anyway: bool) -> Option<()> {
        self.sees(by, into).then_some(())?;
        // Both are one history from then on.
        for (right, ticket) in ["link", "see-comments"].iter().flat_map(|right| [(right, number), (right, into)]) {
            self.need(by, right, ticket)?;
        }
        if number == into || (self.tickets[&number].lacks_approval() && !may_anyway) {
            return None;
        }
        let gift = self.tickets[&number].clone();
        let (mut got, mut receiver) = (BTreeSet::new(), self.tickets[&into].clone());
        let here = receiver.clone();
        for (role, who) in ROLES.iter().flat_map(|role| gift.sets[role].iter().map(move |who| (*role, who))) {
            // Who asked is not in copy besides.
            if here.has(role, who) || (role == "cc" && (here.has("requestors", who) || gift.has("requestors", who))) {
                continue;
            }
            got.insert((role, who.clone()));
            let was_here = ROLES.iter().any(|role| here.has(role, who));
            if !was_here && gift.has("squelch", who) && !here.has("squelch", who) {
                got.insert(("squelch", who.clone()));
            }
        }
        for set in ["tags", "field.Customer", "field.Rooms", "field.Cause", "field.Floors", "watched_by"] {
            for word in gift.sets[set].difference(&here.sets[set]) {
                let fits = match set {
                    "watched_by" => *word != here.queue,
                    "tags" => true,
                    // Of a field with one value, that which is here counts.
                    _ => has_field(&here.queue, set) && (set == "field.Rooms" || here.sets[set].is_empty()),
                };
                got.extend(fits.then(|| (set, word.clone())));
            }
        }
        receiver.work(by, receiver.time + gift.time, &gift.time_by);
        got.iter().for_each(|(set, word)| receiver.put(set, word));
        self.tickets.insert(into, receiver);
        for link in &gift.sets["link"] {
            self.set_link(number, link, false);
            if parts(link).1 != Some(into) && !here.has("link", link) {
                self.set_link(into, link, true);
                got.insert(("link", link.clone()));
            }
        }
        *self.at(number) = Plain { into: Some(into), gave: gift.sets["link"].clone(), got, ..self.tickets[&number].clone() };
        (!self.goes_round()).then_some(())
    }

    pub(super) fn unmerge(&mut self, by: &str, number: u64, gone: u64) -> Option<()> {
        let lent = self.tickets.get(&gone)?.clone();
        self.need(by, "link", number)?;
        self.may(by, "link", gone).then_some(())?;
        if lent.into != Some(number) {
            return None;
        }
        for (set, word) in &lent.got {
            match *set {
                "link" if self.tickets[&number].has("link", word) => self.set_link(number, word, false),
                "link" => {}
                "watched_by" => drop(self.at(number).sets.get_mut(set)?.remove(word)),
                _ if lent.has(set, word) => drop(self.at(number).sets.get_mut(set)?.remove(word)),
                _ => {}
            }
        }
        let left = self.at(number);
        let taken = lent.time_by.iter().map(|(who, minutes)| (who.clone(), -minutes)).collect();
        left.work(by, (left.time - lent.time).max(0), &taken);
        *self.at(gone) = Plain { into: None, gave: BTreeSet::new(), got: BTreeSet::new(), ..lent };
        for link in lent.gave {
            let (word, other) = parts(&link);
            let link = match other.map(|other| self.home(other)) {
                Some(Some(other)) if other == gone => continue,
                Some(other) => format!("{word} #{}", other?),
                None => link,
            };
            let before = self.clone();
            self.set_link(gone, &link, true);
            if self.goes_round() {
                *self = before;
            }
        }
        Some(())
    }

    pub(super) fn split(&mut self, by: &str, number: u64, value: &str) -> Option<()> {
        self.need(by, "link", number)?;
        let (entry, subject) = value.split_once(' ').unwrap_or((value, ""));
        let (of, who) = self.written.get(&entry.parse().ok()?)?.clone();
        (self.home(of)? == number).then_some(())?;
        let older = &self.tickets[&number];
        let subject = if subject.is_empty() { older.subject.clone() } else { subject.to_owned() };
        let mut new = Plain { subject, ..Plain::new(&older.queue) };
        new.put("requestors", &who);
        self.add(number, new);
        Some(())
    }

    pub(super) fn copy(&mut self, by: &str, number: u64) -> Option<()> {
        self.need(by, "link", number)?;
        let Plain { queue, subject, priority, sets, .. } = self.tickets[&number].clone();
        let mut new = Plain { subject, priority, ..Plain::new(&queue) };
        ["requestors", "cc"].iter().for_each(|role| sets[role].iter().for_each(|who| new.put(role, who)));
        self.add(number, new);
        Some(())
    }

    fn add(&mut self, older: u64, new: Plain) {
        let number = self.tickets.len() as u64 + 1;
        self.tickets.insert(number, new);
        self.opens.insert(number);
        self.set_link(number, &format!("refers-to #{older}"), true);
    }
}
