//! What one ticket becomes by an order about its fields.

use super::super::Said;
use super::super::site::{cycle, has_field};
use super::status::until;
use super::{Plain, SETS};
use postern_core::model::Operator;
use std::collections::{BTreeMap, BTreeSet};

impl Plain {
    pub(super) fn obey(&mut self, by: &str, said: &Said, now: i64) -> Option<()> {
        let value = said.value.as_str();
        let life = cycle(&self.queue);
        match said.command {
            "wakes" if value == "none" => self.wakes = None,
            "wakes" => self.wakes = Some(until(value, now).filter(|_| life.waiting.contains(&self.status.as_str()))?),
            // When something happened is no part of what is compared.
            "started" | "told" if value == "2099-01-01" => return None,
            "started" | "told" => {}
            "resolved" => (life.is_over(&self.status) && ["2026-01-01", "now"].contains(&value)).then_some(())?,
            "final_priority" if value == "none" => self.final_priority = None,
            "final_priority" => self.final_priority = Some(value.parse().ok().filter(|n| (0..=100).contains(n))?),
            "priority" if value == "high" => self.priority = 80,
            "priority" => self.priority = value.parse().ok().filter(|n| (0..=100).contains(n))?,
            "subject" if value.trim().is_empty() => return None,
            "subject" => self.subject = value.split_whitespace().collect::<Vec<_>>().join(" "),
            "due" => self.due = day(value, "23:59:59")?,
            "starts" => self.starts = day(value, "00:00:00")?,
            "time_worked" => {
                let minutes: i64 = value.parse().unwrap();
                let after = match said.operator {
                    Operator::Set => minutes,
                    Operator::Add => self.time + minutes,
                    Operator::Remove => self.time - minutes,
                };
                self.work(by, Some(after).filter(|after| *after >= 0)?, &BTreeMap::new());
            }
            "estimate" => self.estimated = ["4h", "none"].contains(&value).then_some((value == "4h").then_some(240))?,
            "time_left" => self.left = (!value.is_empty()).then_some(90),
            "CF.{customer}" => self.field("field.Customer", said)?,
            "field.rooms" => self.field("field.Rooms", said)?,
            "field.cause" => self.field("field.Cause", said)?,
            "CF-Floors" => self.field("field.Floors", said)?,
            list => self.list(SETS.iter().find(|set| **set == list)?, said)?,
        }
        Some(())
    }

    /// A field that the site defines, if tickets of the queue have it and the value is of its type; in the form in which it is kept.
    fn field(&mut self, field: &'static str, said: &Said) -> Option<()> {
        has_field(&self.queue, field).then_some(())?;
        if said.operator == Operator::Add && field != "field.Rooms" {
            return None;
        }
        let value = match (field, said.value.as_str()) {
            ("field.Cause" | "field.Floors", "none") => "",
            ("field.Cause", "Hardware") => "hardware",
            ("field.Floors", "1.50") => "1.5",
            ("field.Cause", "weather") | ("field.Floors", "many") => return None,
            (_, value) => value,
        };
        self.list(field, &Said { value: value.to_owned(), ..said.clone() })
    }

    /// Sets the time worked. What is more or less than before counts for somebody, of which so much is others'.
    pub(super) fn work(&mut self, by: &str, time: i64, others: &BTreeMap<String, i64>) {
        let others = || others.iter().filter(|(who, _)| *who != by);
        let own = time - self.time - others().map(|(_, minutes)| minutes).sum::<i64>();
        for (who, minutes) in others().map(|(who, minutes)| (who.as_str(), *minutes)).chain([(by, own)]) {
            *self.time_by.entry(who.to_owned()).or_default() += minutes;
        }
        self.time_by.retain(|_, minutes| *minutes != 0);
        self.time = time;
    }

    pub(super) fn list(&mut self, field: &'static str, said: &Said) -> Option<()> {
        let named: BTreeSet<String> = said.value.split(", ").filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if named.is_empty() && said.operator != Operator::Set && field != "squelch" {
            return None;
        }
        let set = self.sets.get_mut(field).unwrap();
        match said.operator {
            Operator::Set => *set = named,
            Operator::Add => set.extend(named),
            Operator::Remove => set.retain(|word| !named.contains(word)),
        }
        Some(())
    }
}

fn day(value: &str, clock: &str) -> Option<Option<String>> {
    match value {
        "none" => Some(None),
        "2026-12-01" => Some(Some(format!("2026-12-01T{clock}Z"))),
        _ => None,
    }
}
