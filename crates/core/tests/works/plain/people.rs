//! The people of a ticket: whose it is, who hears of it, whose approval is asked.

use super::super::Said;
use super::super::site::cycle;
use super::{Asked, By, Model, Plain, ROLES, SETS};
use postern_core::model::{Operator, Trust};
use std::collections::BTreeSet;

const STAFF: [&str; 4] = ["anna", "ben", "cleo", "otto"];

impl Model {
    pub(super) fn give(&mut self, by: &str, number: u64, said: &Said) -> Option<()> {
        let ticket = &self.tickets[&number];
        let before = ticket.owner.as_deref();
        let me = Some(by).filter(|_| STAFF.contains(&by));
        let after = match (said.command, said.value.as_str()) {
            ("take", _) if before.is_some_and(|owner| owner != by) => return None,
            ("untake", _) | ("owner", "nobody") => None,
            ("take" | "steal", _) | ("owner", "me") => Some(me?),
            ("owner", who) => Some(*STAFF.iter().find(|staff| **staff == who)?),
            _ => return None,
        };
        if before == after {
            return Some(());
        }
        match (before, after) {
            (None, Some(who)) if who == by => self.need(by, "take", number)?,
            (Some(_), Some(who)) if who == by => self.need(by, "steal", number)?,
            (Some(owner), None) if owner == by => {}
            _ => self.need(by, "modify", number)?,
        }
        if let Some(owner) = after {
            self.may(owner, "own", number).then_some(())?;
        }
        let (is_first, after) = (before.is_none() && after.is_some(), after.map(str::to_owned));
        let ticket = self.at(number);
        let life = cycle(&ticket.queue);
        if let Some(owned) = life.owned.filter(|_| is_first && life.initial.contains(&ticket.status.as_str())) {
            ticket.go(owned);
        }
        if let Some(owner) = &after {
            // Whoever works on it hears of it.
            ticket.sets.get_mut("squelch")?.remove(&format!("{owner}@example.org"));
        }
        ticket.owner = after;
        Some(())
    }

    /// Who watches it, and who hears nothing of it: oneself with the right to see what one is told of, others with the right to.
    pub(super) fn watch(&mut self, by: &str, number: u64, said: &Said) -> Option<()> {
        let field = *SETS.iter().find(|set| **set == said.command)?;
        let mut after = self.tickets[&number].clone();
        after.list(field, said)?;
        let me = format!("{by}@example.org");
        let oneself = after.sets[field].symmetric_difference(&self.tickets[&number].sets[field]).all(|who| *who == me);
        if field == "admincc" {
            self.may(by, "see-comments", number).then_some(())?;
        }
        match (field, oneself) {
            ("admincc", true) => {}
            ("cc" | "squelch", true) => self.need(by, "see", number)?,
            _ => self.need(by, "watch", number)?,
        }
        *self.at(number) = after;
        Some(())
    }

    pub(super) fn hear(&mut self, by: &str, number: u64, how: &str) -> Option<()> {
        self.need(by, "see", number)?;
        let role = if self.may(by, "see-comments", number) { "admincc" } else { "cc" };
        let (me, ticket) = (format!("{by}@example.org"), self.at(number));
        if how == "mute" {
            ticket.put("squelch", &me);
            return Some(());
        }
        ticket.sets.get_mut("squelch")?.remove(&me);
        if !ROLES.iter().any(|role| ticket.has(role, &me)) && ticket.owner.as_deref() != Some(by) {
            ticket.put(role, &me);
        }
        Some(())
    }
}

impl Plain {
    pub(super) fn answer(&mut self, (by, trust): By, said: &Said) -> Option<()> {
        let (yes, remark, asked) = (said.command == "accept", said.value.clone(), self.asked.get_mut(by)?);
        // A From line alone approves nothing; who says the same again has said it already.
        (trust >= Trust::Token).then_some(())?;
        if asked.answer.as_ref().is_none_or(|(before, _, words)| (*before, words) != (yes, &remark)) {
            asked.answer = Some((yes, trust, remark));
        }
        Some(())
    }

    pub(super) fn ask(&mut self, by: &str, said: &Said) -> Option<()> {
        let people: BTreeSet<&str> = said.value.split(", ").filter(|word| !word.is_empty()).collect();
        let sets = said.command == "approvers" && said.operator == Operator::Set;
        let takes = said.command == "unask" || (said.command == "approvers" && said.operator == Operator::Remove);
        if people.iter().any(|who| !STAFF.contains(who)) || (people.is_empty() && !sets) {
            return None;
        }
        let off: Vec<String> = self.asked.keys().filter(|who| people.contains(who.as_str()) == takes).cloned().collect();
        let off = if sets || takes { off } else { Vec::new() };
        if (takes && off.len() < people.len()) || (by != "otto" && off.iter().any(|who| self.asked[who].by != by)) {
            return None;
        }
        off.iter().for_each(|who| drop(self.asked.remove(who)));
        for who in people.into_iter().filter(|_| !takes) {
            // Who asked first stays, and what was said counts no more.
            let asked = self.asked.entry(who.to_owned()).or_insert(Asked { by: by.to_owned(), answer: None });
            if !sets {
                asked.answer = None;
            }
        }
        Some(())
    }
}
