//! Tickets that wait for others, on a real database: what their history says when those are done, who is mailed, and what taking back does.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff};
use postern_core::act::{self, ActError};
use postern_core::intake::Setting;
use postern_core::model::{Act, Decision, Deed, Order, Trust};
use postern_core::view;
use serde_json::{Value, json};

/// Three tickets; ben owns the first, which depends on the second and has it as its part.
fn site() -> Site {
    let support = queue("support", "admincc = [\"anna\"]");
    let mut site = Site::with(&(support + &queue("noc", "") + &staff("anna", "") + &staff("ben", "")));
    for number in 1..=3 {
        let mail = format!("From: c{number}@x.example\nTo: support@example.org\nSubject: Ticket {number}\n\nHelp {number}.\n");
        assert_eq!(site.one(&mail, NOW + number).ticket, Some(number as u64));
    }
    site.does("ben", 1, &[("take", ""), ("depends+=2", "")]).unwrap();
    site
}

impl Site {
    fn does(&mut self, by: &str, ticket: u64, orders: &[(&str, &str)]) -> Result<Decision, ActError> {
        let by = act::actor(&self.engine, by).unwrap().unwrap();
        let order = |(command, value): &(&str, &str)| Order::parse(command).unwrap_or_else(|| Order::verb(*command, *value));
        let (orders, deed) = (orders.iter().map(order).collect(), Deed::Update { ticket });
        let (trust, now) = (Trust::Authenticated, NOW + 100);
        let act = Act { trust, by, now, deed, writing: None, orders, once: Vec::new(), quiet: false };
        act::act(&mut self.engine, &Setting::of(&self.config), &act)
    }

    fn shown(&self, ticket: u64) -> Value {
        serde_json::to_value(self.engine.read(|tx| view::ticket::show(tx, ticket)).unwrap().unwrap()).unwrap()
    }

    /// What the last entry of a ticket changed.
    fn last(&self, ticket: u64) -> Value {
        self.shown(ticket)["history"].as_array().unwrap().last().unwrap()["changes"].clone()
    }

    /// Mails about the ticket that waits, but for those of its beginning: ticket and address.
    fn mails(&self) -> Vec<(u64, String)> {
        let sql = format!("SELECT ticket_id, address FROM outbox WHERE ticket_id = 1 AND created >= {} ORDER BY id", NOW + 100);
        self.engine.read(|tx| tx.query(&sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))).unwrap()
    }
}

#[test]
fn a152_what_is_free_stands_in_its_history_and_taking_back_leaves_it_alone() {
    let mut site = site();
    let waits = site.shown(1);
    site.does("anna", 2, &[("resolve", "")]).unwrap();
    assert_eq!(site.last(1), json!([{"field": "freed", "from": null, "to": "#2"}]));
    assert_eq!(site.mails(), [(1, "ben@example.org".to_owned())]);
    let free = site.shown(1);
    assert_eq!((&free["status"], &free["links"]), (&waits["status"], &waits["links"]), "it is as it was");
    // On the ticket that is free anna did nothing that she could take back; on the other she did.
    let refused = site.does("anna", 1, &[("undo", "")]).unwrap_err().to_string();
    assert!(refused.contains("you changed nothing on #1"), "{refused}");
    let entries = free["history"].as_array().unwrap().len();
    for status in ["new", "resolved"] {
        let last = site.shown(2)["history"].as_array().unwrap().last().unwrap()["id"].to_string();
        site.does("anna", 2, &[("undo", &last)]).unwrap();
        assert_eq!(site.shown(2)["status"], status);
        assert_eq!(site.shown(1)["history"].as_array().unwrap().len(), entries, "nothing is said of it");
    }
    assert_eq!(site.mails().len(), 1);
    // Open again, it holds the other up; done again, that is told again.
    site.does("anna", 2, &[("open", "")]).unwrap();
    assert_eq!((site.mails().len(), site.shown(1)["history"].as_array().unwrap().len()), (1, entries));
    site.does("anna", 2, &[("reject", "")]).unwrap();
    assert_eq!(site.mails().len(), 2);
}

#[test]
fn a152_a_ticket_that_goes_into_one_that_is_done_frees_those_that_wait_for_it() {
    let mut site = site();
    site.does("anna", 3, &[("resolve", "")]).unwrap();
    assert_eq!(site.mails(), []);
    site.does("anna", 2, &[("merge", "3")]).unwrap();
    assert_eq!(
        (site.last(1), site.mails()),
        (json!([{"field": "freed", "from": null, "to": "#3"}]), vec![(1, "ben@example.org".to_owned())])
    );
    // Taken out again, it is open and holds the other up.
    site.does("anna", 3, &[("undo", "")]).unwrap();
    assert_eq!((site.mails().len(), &site.shown(1)["links"]), (1, &json!([{"kind": "depends-on", "ticket": 2}])));
    assert!(site.does("ben", 1, &[("resolve", "")]).is_err());
}

#[test]
fn a152_parts_and_what_nobody_owns() {
    let mut site = site();
    site.does("ben", 1, &[("untake", ""), ("children+=2 3", "")]).unwrap();
    site.does("ben", 2, &[("resolve", "")]).unwrap();
    assert_eq!(
        (site.last(1), site.mails()),
        (json!([{"field": "freed", "from": null, "to": "#2"}]), vec![(1, "anna@example.org".to_owned())])
    );
    site.does("ben", 3, &[("resolve", "")]).unwrap();
    assert_eq!((site.last(1), site.mails().len()), (json!([{"field": "parts_done", "from": null, "to": "#3"}]), 2));
}
