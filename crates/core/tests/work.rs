//! Whatever is done to tickets, in whatever order and by whatever door: the database agrees with a simple model of it, what is refused changes
//! nothing at all, what is taken back is as it was, and the history tells all of it.
//!
//! `POSTERN_WORK_CASES=2000 cargo test -p postern-core --test work` does it more often.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;
mod works;

use mail_support::{NOW, Site};
use postern_core::act::{self, ActError};
use postern_core::intake::{self, Setting};
use postern_core::model::audit::replay;
use postern_core::model::{Act, Actor, Deed, Facts, Order, Trust, Verdict, Writing};
use postern_core::store::engine::{Row, StoreError};
use postern_core::store::facts::StoreFacts;
use postern_core::store::{audit, person};
use postern_core::{values, view};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::{BTreeMap, BTreeSet};
use works::{Does, Model, Said, Step, TOML, Then, Words};

const MINUTE: i64 = 60_000_000;
const DAYS: i64 = 4 * 24 * 60 * MINUTE;

/// Whose mails opened tickets 1, 2 and 3, who was in copy, and which queue watches them.
const OPENED: [(&str, &str, &str); 3] = [
    ("carla@customer.example", "kurt@customer.example", ""),
    ("dora@customer.example", "carla@customer.example", "noc"),
    ("carla@customer.example", "eve@new.example", ""),
];

fn site() -> Site {
    let mut site = Site::with(TOML);
    let mail = |number: i64, (who, cc, _): (&str, &str, &str)| {
        format!(
            "From: {who}\nTo: support@example.org\nCc: {cc}\nMessage-ID: <{number}@c.example>\nSubject: Ticket {number}\n\nHelp.\n"
        )
    };
    for (number, people) in (1..).zip(OPENED) {
        assert_eq!(site.one(&mail(number, people), NOW + number).ticket, Some(number as u64));
    }
    for (number, people) in (1..).zip(OPENED).filter(|(_, (.., watching))| !watching.is_empty()) {
        site.deliver(&mail(number, people), &[&format!("{}@example.org", people.2)], NOW + number).unwrap();
    }
    site
}

impl Site {
    fn somebody(&self, login: &str) -> Actor {
        Actor::Person(self.engine.read(|tx| person::by_login(tx, login)).unwrap().unwrap())
    }

    /// Does a step; says why it was not done, if it was not.
    fn step(&mut self, step: &Step, now: i64) -> Result<(), String> {
        match &step.does {
            Does::Act { ticket, says, orders } => self.acts((step.by, step.trust), *ticket, *says, orders, now),
            Does::Script { lines } => {
                let lines: Vec<String> = lines.iter().map(|(ticket, said)| format!("{ticket} {}", said.line())).collect();
                self.mails(step.by, "control", &format!("please\n\n{}", lines.join("\n")), now)
            }
            Does::Answer { ticket, orders } => {
                let lines: String = orders.iter().map(|said| format!("!{}\n", said.line())).collect();
                self.mails(step.by, "support", &format!("[example.org #{ticket}] x\n\n{lines}\nWords of {now}."), now)
            }
        }
    }

    fn acts(
        &mut self,
        (by, trust): (&str, Trust),
        ticket: u64,
        says: Option<bool>,
        orders: &[Said],
        now: i64,
    ) -> Result<(), String> {
        let act = Act {
            trust,
            by: self.somebody(by),
            now,
            deed: Deed::Update { ticket },
            writing: says.map(|internal| Writing { internal, text: "Words.".into(), files: vec![] }),
            orders: orders.iter().map(Said::order).collect::<Vec<Order>>(),
            once: vec![],
            quiet: true,
        };
        match act::act(&mut self.engine, &Setting::of(&self.config), &act) {
            Ok(_) => Ok(()),
            Err(ActError::Refused(refusal)) => Err(refusal.to_string()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A mail by the pipe of those who logged in: its subject and its text.
    fn mails(&mut self, by: &str, to: &str, rest: &str, now: i64) -> Result<(), String> {
        let mail = format!("From: {by}@example.org\nTo: {to}@example.org\nMessage-ID: <{now}@x.example>\nSubject: {rest}\n");
        let mut delivery = mail_support::to(&[&format!("{to}@example.org")], now);
        delivery.envelope = postern_core::mail::Envelope::Sender(format!("{by}@example.org"));
        delivery.routes[0].authenticated = true;
        let setting = Setting::of(&self.config);
        let outcome = intake::deliver(&mut self.engine, &setting, mail.as_bytes(), &delivery).unwrap().remove(0);
        match outcome.verdict {
            // What changes nothing is not done, and is not wrong.
            Verdict::Recorded if !outcome.reason.contains("not carried out") => Ok(()),
            Verdict::Recorded | Verdict::Quarantined | Verdict::Refused => {
                let last =
                    "SELECT CAST(c.data AS TEXT) FROM outbox o JOIN content c ON c.id = o.text_id ORDER BY o.id DESC LIMIT 1";
                let said = self.engine.read(|tx| tx.query_opt(last, values![], |row| row.get::<String>(0))).unwrap();
                Err(format!("{}: {}", outcome.reason, said.unwrap_or_default()))
            }
            _ => Ok(()),
        }
    }

    /// The newest entry.
    fn newest(&self) -> i64 {
        self.engine.read(|tx| tx.query_opt("SELECT max(id) FROM entry", values![], |row| row.get(0))).unwrap().unwrap_or(0)
    }

    /// An entry since another that changed something, and its ticket.
    fn changed_since(&self, entry: i64) -> Option<(i64, u64)> {
        let sql = "SELECT e.id, e.ticket_id FROM entry e JOIN ticket t ON t.id = e.ticket_id
                   WHERE e.id > ?1 AND e.changes <> '[]' AND t.merged_into IS NULL ORDER BY e.id LIMIT 1";
        self.engine.read(|tx| tx.query_opt(sql, values![entry], |row| Ok((row.get(0)?, row.get(1)?)))).unwrap()
    }

    /// What histories say since an entry of tickets that are free by what others did.
    fn freed_since(&self, entry: i64) -> BTreeMap<u64, BTreeSet<String>> {
        let sql = "SELECT e.ticket_id, c.value ->> 'field', c.value ->> 'to' FROM entry e, json_each(e.changes) c
                   WHERE e.id > ?1 AND c.value ->> 'field' IN ('freed', 'parts_done')";
        let said = |row: &Row<'_>| Ok((row.get(0)?, format!("{} {}", row.text(1)?, row.text(2)?)));
        let mut freed: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
        for (ticket, said) in self.engine.read(|tx| tx.query(sql, values![entry], said)).unwrap() {
            assert!(freed.entry(ticket).or_default().insert(said), "it is said once");
        }
        freed
    }

    fn undo(&mut self, by: &str, (entry, ticket): (i64, u64), now: i64) -> Result<(), String> {
        let undo = Said { command: "undo", operator: postern_core::model::Operator::Set, value: entry.to_string() };
        self.acts((by, Trust::Authenticated), ticket, None, &[undo], now)
    }

    /// What the tickets are, as they are kept and as their histories tell it.
    fn words(&self) -> [BTreeMap<u64, Words>; 2] {
        let setting = Setting::of(&self.config);
        let read = self.engine.read(|tx| {
            let facts = StoreFacts::new(tx, &setting, &[])?;
            let numbers: Vec<u64> = tx.query("SELECT id FROM ticket", values![], |row| row.get(0))?;
            let kept = |number: &u64| Ok((*number, audit::kept(tx, facts.site(), *number)?.unwrap().0));
            let told = |number: &u64| Ok((*number, replay(&audit::of_ticket(tx, *number)?).0));
            let kept = numbers.iter().map(kept).collect::<Result<_, StoreError>>()?;
            Ok::<_, StoreError>([kept, numbers.iter().map(told).collect::<Result<_, StoreError>>()?])
        });
        read.unwrap()
    }

    /// Every row of every table.
    fn everything(&self) -> Vec<String> {
        let read = self.engine.read(|tx| {
            let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'search%'";
            let tables: Vec<String> = tx.query(tables, values![], |row| row.get(0))?;
            let mut rows = Vec::new();
            for table in tables {
                let columns: Vec<String> =
                    tx.query(&format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')"), values![], |row| row.get(0))?;
                let sql = format!("SELECT '{table}: ' || {} FROM {table} ORDER BY 1", columns.join(" || ' ' || "));
                rows.extend(tx.query(&sql, values![], |row| row.get::<String>(0))?);
            }
            Ok::<_, StoreError>(rows)
        });
        read.unwrap()
    }

    /// Compares all tickets with the model, and with what their histories tell; and whose minutes there are.
    fn agrees(&self, model: &Model, when: &str) -> Result<(), TestCaseError> {
        let [kept, told] = self.words();
        prop_assert_eq!(&kept, &model.words(), "left the database, right the model, {}", when);
        prop_assert_eq!(&told, &kept, "left the history, right the database, {}", when);
        for number in kept.keys().filter(|number| model.home(**number) == Some(**number)) {
            let shown = self.engine.read(|tx| view::ticket::show(tx, *number)).unwrap().unwrap();
            let shown: BTreeMap<String, i64> = shown.time_by.into_iter().map(|by| (by.person, by.minutes)).collect();
            prop_assert_eq!(
                &shown,
                model.time_by(*number),
                "left the history, right the model: who worked on {}, {}",
                number,
                when
            );
        }
        Ok(())
    }
}

/// A site, the model of it, and what time it is.
struct Both {
    site: Site,
    model: Model,
    now: i64,
}

impl Both {
    fn goes(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let step = &step.of(&self.model);
        self.now += 10 * MINUTE;
        if step.later {
            self.now += DAYS;
            postern_core::wake::collect(&mut self.site.engine, &Setting::of(&self.site.config), self.now).unwrap();
            self.model.woken(self.now);
            self.site.agrees(&self.model, "when days had gone by")?;
        }
        let (before, expected) = (self.model.clone(), self.model.after(step, self.now));
        let whole = (expected.is_none() && matches!(step.does, Does::Act { .. })).then(|| self.site.everything());
        let newest = self.site.newest();
        let done = self.site.step(step, self.now);
        prop_assert_eq!(done.is_ok(), expected.is_some(), "{:?} of {:?}: {:?}", step, before.words(), done);
        if let Some(whole) = whole {
            prop_assert_eq!(self.site.everything(), whole, "it was refused and changed something: {:?}", step);
        }
        self.model = expected.unwrap_or(self.model.clone());
        prop_assert_eq!(
            self.site.freed_since(newest),
            self.model.freed(&before),
            "free after {:?} of {:?}",
            step,
            before.words()
        );
        self.site.agrees(&self.model, &format!("after {step:?} of {:?}", before.words()))?;
        if let (Then::Undo | Then::Redo, Some(entry)) = (step.then, self.site.changed_since(newest)) {
            self.takes_back(step, entry, before)?;
        } else if let (Then::OutOfSight, Some(entry)) = (step.then, self.site.changed_since(newest)) {
            self.out_of_sight(step.by, entry, &before)?;
        }
        Ok(())
    }

    /// Something that was done touched another ticket, too, which goes out of the sight of whoever did it.
    fn out_of_sight(&mut self, by: &str, entry: (i64, u64), before: &Model) -> Result<(), TestCaseError> {
        let touched = before.touched(&self.model);
        // Beside a merge, only links moved: that is taken back with it, seen or not.
        if touched.iter().any(|number| before.home(*number) != self.model.home(*number)) {
            return Ok(());
        }
        let mut others = touched.into_iter().filter(|number| self.model.home(*number) != self.model.home(entry.1));
        let Some(other) = others.next_back() else { return Ok(()) };
        self.goes(&works::hides(other))?;
        if self.model.sees(by, other) {
            return Ok(());
        }
        let whole = self.site.everything();
        let said = self.site.undo(by, entry, self.now).expect_err("it changed a ticket that they do not see");
        prop_assert!(said.contains("that you may not see any more"), "{}", said);
        prop_assert_eq!(self.site.everything(), whole, "it was refused and changed something");
        Ok(())
    }

    fn takes_back(&mut self, step: &Step, entry: (i64, u64), before: Model) -> Result<(), TestCaseError> {
        let newest = self.site.newest();
        let undone = self.site.undo(step.by, entry, self.now);
        let can = before.can_be_taken_back(&self.model, step.by).unwrap_or(undone.is_ok());
        prop_assert_eq!(undone.is_ok(), can, "undo of {:?} from {:?}: {:?}", step, before.words(), undone);
        prop_assert!(self.site.freed_since(newest).is_empty(), "taking back tells nobody");
        if !can {
            return self.site.agrees(&self.model, "after an undo that was refused");
        }
        let after = std::mem::replace(&mut self.model, before);
        self.model.asked_by(&after, step.by);
        self.site.agrees(&self.model, &format!("after undo of {step:?}"))?;
        let again = self.site.changed_since(newest);
        if let (Then::Redo, Some(again)) = (step.then, again) {
            let redone = self.site.undo(step.by, again, self.now);
            let can = self.model.can_be_taken_back(&after, step.by).unwrap_or(redone.is_ok());
            prop_assert_eq!(redone.is_ok(), can, "undo of the undo of {:?}: {:?}", step, redone);
            if !can {
                return self.site.agrees(&self.model, "after an undo of an undo that was refused");
            }
            let before = std::mem::replace(&mut self.model, after);
            self.model.asked_by(&before, step.by);
            self.site.agrees(&self.model, &format!("after undo of the undo of {step:?}"))?;
        }
        Ok(())
    }
}

fn cases() -> u32 {
    std::env::var("POSTERN_WORK_CASES").ok().and_then(|word| word.parse().ok()).unwrap_or(40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn e11_whatever_is_done_the_database_and_a_plain_model_agree(steps in works::steps()) {
        let mut both = Both { site: site(), model: Model::opened(&OPENED), now: NOW + MINUTE };
        both.site.agrees(&both.model, "at first")?;
        steps.iter().try_for_each(|step| both.goes(step))?;
    }
}
