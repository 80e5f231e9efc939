//! Whatever is done to tickets, in whatever order: the database agrees with a simple model of it, what is refused changes nothing, and the
//! history tells all of it.
//!
//! `POSTERN_WORK_CASES=2000 cargo test -p postern-core --test work` does it more often.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;
mod works;

use mail_support::{NOW, Site, queue, staff};
use postern_core::act::{self, ActError};
use postern_core::intake::Setting;
use postern_core::model::{Act, Actor, Deed, Order, Trust, Writing};
use postern_core::store::person;
use postern_core::view;
use proptest::prelude::*;
use serde_json::Value;
use works::{Model, Step, Then};

fn site() -> Site {
    let noc = queue("noc", "");
    let fields = "[[field]]\nname = \"Customer\"\n[[field]]\nname = \"Rooms\"\ntype = \"choice\"\nmany = true\nvalues = [\"12\", \"14\", \"Hall\"]\n";
    let mut site = Site::with(&(queue("support", "") + &noc + fields + &staff("anna", "") + &staff("ben", "")));
    for (number, who) in [(1, "carla@customer.example"), (2, "dora@customer.example"), (3, "carla@customer.example")] {
        let mail = format!(
            "From: {who}\nTo: support@example.org\nMessage-ID: <{number}@c.example>\nSubject: Ticket {number}\n\nHelp.\n"
        );
        assert_eq!(site.one(&mail, NOW + number).ticket, Some(u64::try_from(number).unwrap()));
    }
    site
}

impl Site {
    fn somebody(&self, login: &str) -> Actor {
        Actor::Person(self.engine.read(|tx| person::by_login(tx, login)).unwrap().unwrap())
    }

    /// Does a step; says whether it was done.
    fn step(&mut self, step: &Step, now: i64) -> Result<(), String> {
        let writing = step.says.map(|internal| Writing { internal, text: "Words.".into(), files: vec![] });
        let act = Act {
            trust: Trust::Authenticated,
            by: self.somebody(step.by),
            now,
            deed: Deed::Update { ticket: step.ticket },
            writing,
            orders: step.orders.iter().map(works::Said::order).collect::<Vec<Order>>(),
            once: vec![],
            quiet: true,
        };
        match act::act(&mut self.engine, &Setting::of(&self.config), &act) {
            Ok(_) => Ok(()),
            Err(ActError::Refused(refusal)) => Err(refusal.to_string()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Gives one order.
    fn orders(&mut self, step: &Step, ticket: u64, command: &'static str, value: String, now: i64) -> Result<(), String> {
        let said = works::Said { command, operator: postern_core::model::Operator::Set, value };
        self.step(&Step { ticket, says: None, orders: vec![said], ..step.clone() }, now)
    }

    /// The last entry of a ticket that changed something.
    fn last(&self, ticket: u64) -> Option<u64> {
        let sql =
            format!("SELECT coalesce(max(id), 0) FROM entry WHERE ticket_id = {ticket} AND changes <> '[]' AND kind <> 'create'");
        self.engine.read(|tx| tx.query_opt(&sql, &[], |row| row.get::<u64>(0))).unwrap().filter(|id| *id > 0)
    }

    /// What is done after a step; the model that is to hold then.
    fn then(&mut self, step: &Step, (before, last): (&Model, Option<u64>), after: &Model, now: i64) -> Result<Model, String> {
        let done = self.last(step.ticket).filter(|id| Some(*id) != last);
        match step.then {
            Then::Undo | Then::Redo => {
                let Some(id) = done else { return Ok(after.clone()) };
                self.orders(step, step.ticket, "undo", id.to_string(), now)?;
                if step.then == Then::Undo {
                    return Ok(before.clone());
                }
                if self.as_model() != *before {
                    return Err(format!("taken back: {:#?} and not {before:#?}", self.as_model()));
                }
                let id = self.last(step.ticket).unwrap();
                self.orders(step, step.ticket, "undo", id.to_string(), now)?;
            }
            // It is refused where the two were in a circle then.
            Then::MergeUndo(into) | Then::MergeUnmerge(into)
                if into != step.ticket && self.orders(step, step.ticket, "merge", into.to_string(), now).is_ok() =>
            {
                let shown = self.shown(into);
                let merged = Model::of(std::iter::once(shown.clone())).together(into, into);
                let both = after.together(into, step.ticket);
                if (&merged.0, merged.1 / 2) != (&both.0, both.1) || minutes(&shown) != both.1 {
                    return Err(format!("merged: {merged:?} and not {both:?}; {}", shown["time_by"]));
                }
                match step.then {
                    Then::MergeUndo(_) => {
                        let id = self.last(into).unwrap();
                        self.orders(step, into, "undo", id.to_string(), now)?;
                    }
                    _ => self.orders(step, into, "unmerge", step.ticket.to_string(), now)?,
                }
            }
            _ => {}
        }
        Ok(after.clone())
    }

    fn shown(&self, number: u64) -> Value {
        serde_json::to_value(self.engine.read(|tx| view::ticket::show(tx, number)).unwrap().unwrap()).unwrap()
    }

    fn as_model(&self) -> Model {
        Model::of((1..=3).map(|number| self.shown(number)))
    }
}

/// The minutes of all who worked on a ticket.
fn minutes(shown: &Value) -> i64 {
    shown["time_by"].as_array().into_iter().flatten().map(|by| by["minutes"].as_i64().unwrap()).sum()
}

fn cases() -> u32 {
    std::env::var("POSTERN_WORK_CASES").ok().and_then(|word| word.parse().ok()).unwrap_or(20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn e11_whatever_is_done_the_database_and_a_plain_model_agree(steps in proptest::collection::vec(works::step(), 1..12)) {
        let mut site = site();
        let first = site.as_model();
        let mut model = first.clone();
        for (at, step) in (1..).zip(&steps) {
            let expected = model.after(step);
            let (before, last) = (model.clone(), site.last(step.ticket));
            let done = site.step(step, NOW + 1_000 + at);
            prop_assert_eq!(done.is_ok(), expected.is_some(), "{:?}: {:?}", step, done);
            model = expected.unwrap_or(model);
            prop_assert_eq!(&site.as_model(), &model, "after {:?}", step);
            let then = site.then(step, (&before, last), &model, NOW + 1_000 + at);
            prop_assert!(then.is_ok(), "after {:?}: {:?}", step, then.err());
            model = then.unwrap();
            prop_assert_eq!(&site.as_model(), &model, "at the end of {:?}", step);
            for number in 1..=3 {
                let shown = site.shown(number);
                prop_assert_eq!(minutes(&shown), shown["time_worked"].as_i64().unwrap(), "who worked on {} after {:?}", number, step);
            }
        }
        // The history is complete: what it says of changes, from the beginning on, comes to the tickets as they are.
        let told = (1..=3).map(|number| (number, site.shown(number)["history"].clone()));
        prop_assert_eq!(&first.told(told), &model);
    }
}
