//! Read models on a real database, filled by SQL: what is seen is what was stored, in the words of the contract.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_core::store::engine::{Engine, StoreError};
use postern_core::values;
use postern_core::view::{self, Asking, TicketQuery};
use serde_json::{Value, json};
use std::time::Duration;

const WAIT: Duration = Duration::from_secs(5);
/// 2026-11-21T12:00:00Z
const NOON: i64 = 1_795_262_400_000_000;

/// A database in a directory that vanishes with it.
struct Base {
    engine: Engine,
    _directory: tempfile::TempDir,
}

impl Base {
    fn empty() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let engine = Engine::create(&directory.path().join("postern.db")).unwrap();
        Base { engine, _directory: directory }
    }

    /// Two queues, a technician with a login, a customer with two addresses, and tickets 1 (open), 2 (new), 3 (in another queue).
    fn with_tickets() -> Self {
        let mut base = Base::empty();
        base.run(&[
            "INSERT INTO queue (id, name, address, comment_address, from_name, tag, signature, cc_from_mail,
             automatic_mail, reopen_days, disabled) VALUES (1, 'support', 'support@example.org', NULL, NULL, NULL, NULL, 1, 'record', 14, 0),
                                      (2, 'noc', 'noc@example.org', NULL, NULL, NULL, NULL, 1, 'ticket', 14, 0)",
            "INSERT INTO person (id, login, name, role, from_mail, disabled, created) VALUES (1, 'anna', 'Anna', 'staff', 0, 0, 0), (2, NULL, 'Karl', 'guest', 1, 0, 0),
                                       (3, NULL, 'Eva', 'guest', 1, 0, 0)",
            "INSERT INTO person_address VALUES ('anna@example.org', 1, 0), ('anna.b@example.org', 1, 1),
                                               ('karl@new.example', 2, 3), ('karl@old.example', 2, 7), ('eva@x.example', 3, 0)",
        ]);
        for (id, queue, status, owner) in [(1, 1, "open", Some(1)), (2, 1, "new", None), (3, 2, "new", None)] {
            base.ticket(id, queue, status, owner);
        }
        base.run(&[
            "INSERT INTO watcher VALUES (1, 'requestor', 2), (1, 'requestor', 3), (1, 'cc', 3), (1, 'admincc', 1), (3, 'requestor', 3)",
        ]);
        base
    }

    fn run(&mut self, statements: &[&str]) {
        self.engine
            .write(WAIT, |tx| statements.iter().try_for_each(|sql| tx.execute(sql, values![]).map(|_| ())))
            .unwrap_or_else(|error: StoreError| panic!("{error}"));
    }

    fn ticket(&mut self, id: u64, queue: i64, status: &str, owner: Option<i64>) {
        let subject = format!("Subject {id}");
        self.engine
            .write::<_, StoreError>(WAIT, |tx| {
                tx.execute(
                    "INSERT INTO ticket (id, queue_id, subject, status, owner_id, priority, created, updated, resolved, due, time_worked, merged_into)
                     VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?6, NULL, NULL, 0, NULL)",
                    values![id, queue, &subject, status, owner, NOON],
                )
            })
            .unwrap();
    }

    fn content(&mut self, id: i64, octets: &[u8], rest: &[&[u8]]) {
        let size = octets.len() + rest.iter().map(|piece| piece.len()).sum::<usize>();
        self.engine
            .write::<_, StoreError>(WAIT, |tx| {
                tx.execute("INSERT INTO content VALUES (?1, ?2, ?3, ?4)", values![id, &id.to_be_bytes(), size, octets])?;
                for (position, piece) in rest.iter().enumerate() {
                    tx.execute("INSERT INTO content_more VALUES (?1, ?2, ?3)", values![id, position + 1, *piece])?;
                }
                Ok(())
            })
            .unwrap();
    }

    fn query(&self, query: &str) -> TicketQuery {
        let asking = Asking { login: Some("anna"), now: NOON, ..Asking::default() };
        self.engine.read(|tx| TicketQuery::read(tx, query, asking)).unwrap_or_else(|error| panic!("{query}: {error}"))
    }

    fn json(&self, query: &str) -> Value {
        let query = self.query(query);
        let tickets = self.engine.read(|tx| view::ticket::list(tx, &query)).unwrap();
        serde_json::to_value(tickets).unwrap()
    }

    fn show(&self, number: u64) -> Value {
        let ticket = self.engine.read(|tx| view::ticket::show(tx, number)).unwrap().expect("the ticket exists");
        serde_json::to_value(ticket).unwrap()
    }
}

fn ids(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

#[test]
fn a_list_has_the_fields_of_the_contract() {
    let list = Base::with_tickets().json("");
    assert_eq!(
        list[0],
        json!({
            "id": 1, "queue": "support", "subject": "Subject 1", "status": "open", "status_kind": "active", "owner": "anna", "priority": 0,
            "requestors": ["eva@x.example", "karl@new.example"],
            "created": "2026-11-21T12:00:00Z", "updated": "2026-11-21T12:00:00Z", "undelivered": [], "tags": [],
        })
    );
    assert_eq!(list[1]["owner"], Value::Null);
    assert_eq!(list[1]["requestors"], json!([]));
    assert_eq!(list[2]["requestors"], json!(["eva@x.example"]));
}

#[test]
fn queries_choose_by_status_and_queue() {
    let base = Base::with_tickets();
    for (query, expected) in [
        ("", vec![1, 2, 3]),
        ("status:new", vec![2, 3]),
        ("status:new status:open", vec![1, 2, 3]),
        ("status:new queue:noc", vec![3]),
        ("queue:support", vec![1, 2]),
        ("tag:'||\"(SELECT/**/1)||'\"", vec![]),
        ("owner:anna", vec![1]),
        ("owner:nobody", vec![2, 3]),
        ("owner:anna owner:nobody queue:support", vec![1, 2]),
        ("owner:me", vec![1]),
        ("-owner:anna", vec![2, 3]),
        ("requestor:eva@x.example", vec![1, 3]),
        ("requestor:karl@new.example status:open", vec![1]),
        ("requestor:anna", vec![]),
        ("owner:nobody requestor:eva@x.example", vec![3]),
    ] {
        assert_eq!(ids(&base.json(query)), expected, "{query}");
    }
    assert_eq!(base.json("status:new queue:noc")[0]["requestors"], json!(["eva@x.example"]));
}

#[test]
fn a_limit_keeps_the_newest_and_their_requestors() {
    let base = Base::with_tickets();
    let query = TicketQuery { limit: Some(1), ..TicketQuery::default() };
    let list = base.engine.read(|tx| view::ticket::list(tx, &query)).unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!((list[0].id, list[0].requestors.as_slice()), (3, ["eva@x.example".to_owned()].as_slice()));
}

#[test]
fn merged_tickets_are_not_listed_and_show_the_one_they_went_to() {
    let mut base = Base::with_tickets();
    base.run(&["UPDATE ticket SET merged_into = 2 WHERE id = 1", "UPDATE ticket SET merged_into = 3 WHERE id = 2"]);
    assert_eq!(ids(&base.json("")), [3]);
    assert_eq!(base.show(1)["id"], 3);
    base.run(&["UPDATE ticket SET merged_into = 1 WHERE id = 3"]);
    assert_eq!(base.engine.read(|tx| view::ticket::show(tx, 1)).unwrap(), None, "a circle ends");
}

#[test]
fn a_ticket_that_does_not_exist_is_none() {
    let base = Base::with_tickets();
    for number in [0, 4, u64::MAX] {
        assert_eq!(base.engine.read(|tx| view::ticket::show(tx, number)).unwrap(), None);
    }
}

#[test]
fn show_has_watchers_links_and_empty_places() {
    let mut base = Base::with_tickets();
    base.run(&[
        "INSERT INTO link VALUES (1, 'refers-to', 2, NULL), (1, 'refers-to', NULL, 'https://wiki.example/1'), (3, 'depends-on', 1, NULL)",
        "UPDATE ticket SET due = 1795262400000000, time_worked = 15 WHERE id = 1",
    ]);
    let ticket = base.show(1);
    assert_eq!(ticket["requestors"], json!(["eva@x.example", "karl@new.example"]));
    assert_eq!(ticket["cc"], json!(["eva@x.example"]));
    assert_eq!(ticket["admincc"], json!(["anna@example.org"]));
    assert_eq!(
        ticket["links"],
        json!([{"kind": "refers-to", "url": "https://wiki.example/1"}, {"kind": "refers-to", "ticket": 2}, {"kind": "depended-on-by", "ticket": 3}])
    );
    assert_eq!(base.show(2)["links"], json!([{"kind": "referred-to-by", "ticket": 1}]));
    assert_eq!(ticket["due"], "2026-11-21T12:00:00Z");
    assert_eq!(ticket["time_worked"], 15);
    for (name, empty) in [("fields", json!({})), ("tags", json!([])), ("history", json!([])), ("mails", json!([]))] {
        assert_eq!(ticket[name], empty, "{name}");
    }
}

#[test]
fn history_tells_who_did_what_and_by_which_mail() {
    let mut base = Base::with_tickets();
    base.content(1, b"Es brennt.", &[]);
    base.content(2, b"raw", &[]);
    base.content(3, b"a long ", &[b"text in ", b"pieces"]);
    base.run(&[
        "INSERT INTO message (id, message_id, body_hash, raw_id, received, from_email, from_name, to_emails, subject) VALUES (1, 'a@b.example', x'00', 2, 0, 'karl@new.example', 'Karl', '', 'Drucker')",
        "INSERT INTO entry (id, ticket_id, at, actor_id, kind, internal, folded, text_id, message, changes) VALUES
           (1, 1, 1795262400000000, 2, 'create', 0, 0, 1, 1, NULL),
           (2, 1, 1795262401000000, 1, 'comment', 1, 0, 3, NULL, '[{\"field\":\"status\",\"from\":\"new\",\"to\":\"open\"}]'),
           (3, 1, 1795262402000000, NULL, 'status', 0, 1, NULL, NULL, '[{\"field\":\"owner\",\"to\":\"anna\"}]'),
           (4, 2, 1795262403000000, NULL, 'create', 0, 0, NULL, NULL, NULL),
           (5, 1, 1795262404000000, 1, 'correspond', 0, 0, 3, NULL, NULL)",
    ]);
    let history = &base.show(1)["history"];
    assert_eq!(
        history[0],
        json!({"id": 1, "at": "2026-11-21T12:00:00Z", "actor": "karl@new.example", "staff": false, "trust": null, "kind": "create", "internal": false,
               "folded": false, "text": "Es brennt.", "reply": "Es brennt.", "message": "a@b.example", "changes": [],
               "mails": []})
    );
    assert_eq!(
        history[1],
        json!({"id": 2, "at": "2026-11-21T12:00:01Z", "actor": "anna", "staff": true, "trust": null, "kind": "comment", "internal": true, "folded": false,
               "text": "a long text in pieces", "reply": "a long text in pieces", "message": null,
               "changes": [{"field": "status", "from": "new", "to": "open"}], "mails": []})
    );
    assert_eq!(history[2]["actor"], "system");
    assert_eq!(history[2]["text"], Value::Null);
    assert_eq!(history[2]["changes"], json!([{"field": "owner", "from": null, "to": "anna"}]));
    assert_eq!(history[3]["text"], "a long text in pieces", "one text in two entries");
    assert_eq!(ids(history), [1, 2, 3, 5]);
}

#[test]
fn attachments_are_numbered_through_the_ticket_and_decoded() {
    let mut base = Base::with_tickets();
    base.content(1, b"headers\r\n\r\nSGFsbG8=", &[]);
    base.content(2, b"unpacked", &[]);
    base.run(&[
        "INSERT INTO message (id, message_id, body_hash, raw_id, received, from_email, from_name, to_emails, subject) VALUES (1, 'a@b', x'00', 1, 0, NULL, NULL, '', ''), (2, 'c@d', x'01', 1, 0, NULL, NULL, '', '')",
        "INSERT INTO attachment VALUES (1, 0, 'hallo.txt', 'text/plain', NULL, 0, 5, 11, 19, 'base64', NULL),
                                       (2, 0, 'unpacked.bin', 'application/octet-stream', NULL, 0, 8, NULL, NULL, NULL, 2)",
        "INSERT INTO entry (id, ticket_id, at, actor_id, kind, internal, folded, text_id, message, changes) VALUES (1, 1, 0, 2, 'create', 0, 0, NULL, 1, NULL), (2, 1, 0, 2, 'correspond', 0, 0, NULL, 2, NULL),
                                  (3, 1, 0, 2, 'correspond', 0, 1, NULL, 1, NULL)",
    ]);
    assert_eq!(
        base.show(1)["attachments"],
        json!([{"number": 1, "name": "hallo.txt", "type": "text/plain", "size": 5, "entry": 1},
               {"number": 2, "name": "unpacked.bin", "type": "application/octet-stream", "size": 8, "entry": 2}])
    );
    let file = |number| base.engine.read(|tx| view::ticket::attachment(tx, 1, number)).unwrap();
    assert_eq!(file(1).unwrap().octets, b"Hallo");
    assert_eq!(file(2).unwrap().octets, b"unpacked");
    assert_eq!(file(3), None);
}

#[test]
fn files_that_came_with_no_mail_are_numbered_with_the_others() {
    let mut base = Base::with_tickets();
    base.content(1, b"h:\r\n\r\nSGFsbG8=\r\n", &[]);
    base.content(2, b"given", &[b" in pieces"]);
    base.run(&[
        "INSERT INTO message (id, message_id, body_hash, raw_id, received, from_email, from_name, to_emails, subject) VALUES (1, 'a@b', x'00', 1, 0, NULL, NULL, '', '')",
        "INSERT INTO attachment VALUES (1, 0, 'hallo.txt', 'text/plain', NULL, 0, 5, 6, 14, 'base64', NULL)",
        "INSERT INTO entry (id, ticket_id, at, actor_id, kind, internal, folded, text_id, message, changes) VALUES (1, 1, 0, 1, 'create', 0, 0, NULL, NULL, NULL), (2, 1, 0, 2, 'correspond', 0, 0, NULL, 1, NULL)",
        "INSERT INTO entry_file VALUES (1, 0, 'plan.pdf', 'application/pdf', 15, 2), (1, 1, 'plan.pdf', 'application/pdf', 15, 2)",
    ]);
    let files = base.show(1)["attachments"].clone();
    let plan = |number| json!({"number": number, "name": "plan.pdf", "type": "application/pdf", "size": 15, "entry": 1});
    let mail = json!({"number": 3, "name": "hallo.txt", "type": "text/plain", "size": 5, "entry": 2});
    assert_eq!(files, json!([plan(1), plan(2), mail]));
    let file = |number| base.engine.read(|tx| view::ticket::attachment(tx, 1, number)).unwrap().unwrap().octets;
    assert_eq!((file(2), file(3)), (b"given in pieces".to_vec(), b"Hallo".to_vec()));
}

#[test]
fn a_ticket_shows_who_gets_no_mail_and_what_was_set() {
    let mut base = Base::with_tickets();
    base.run(&[
        "INSERT INTO squelch VALUES (1, 'karl@new.example'), (1, 'eva@x.example'), (2, 'anna@example.org')",
        "UPDATE ticket SET priority = 80, due = 1795262400123456, time_worked = 20 WHERE id = 1",
        "INSERT INTO link VALUES (1, 'refers-to', 2, NULL)",
        "INSERT INTO entry (id, ticket_id, at, actor_id, kind, internal, folded, text_id, message, changes) VALUES (1, 1, 0, 1, 'change', 0, 0, NULL, NULL,
           '[{\"field\":\"priority\",\"from\":\"0\",\"to\":\"80\"},{\"field\":\"due\",\"from\":null,\"to\":\"2026-11-21T12:00:00.123456Z\"}]')",
    ]);
    let shown = base.show(1);
    for (key, value) in [
        ("squelched", json!(["eva@x.example", "karl@new.example"])),
        ("priority", json!(80)),
        ("due", json!("2026-11-21T12:00:00Z")),
        ("time_worked", json!(20)),
        ("links", json!([{"kind": "refers-to", "ticket": 2}])),
    ] {
        assert_eq!(shown[key], value, "{key}");
    }
    let entry = &shown["history"][0];
    assert_eq!((&entry["message"], &entry["text"]), (&Value::Null, &Value::Null));
    assert_eq!(
        entry["changes"],
        json!([{"field": "priority", "from": 0, "to": 80}, {"field": "due", "from": null, "to": "2026-11-21T12:00:00Z"}])
    );
}

#[test]
fn a_mail_that_is_being_sent_has_no_next_attempt() {
    let mut base = with_mail();
    base.run(&["UPDATE outbox SET state = 'sending' WHERE id = 2"]);
    let mail = &base.show(1)["mails"][1];
    assert_eq!((&mail["state"], &mail["next_attempt"]), (&json!("sending"), &Value::Null));
}

/// Three arrivals of two messages: one made ticket 1, a duplicate of it, one in quarantine.
fn with_mail() -> Base {
    let mut base = Base::with_tickets();
    base.content(1, b"From: k\r\n\r\nx\xff\0\r\n", &[b"more"]);
    base.run(&[
        "INSERT INTO message (id, message_id, body_hash, raw_id, received, from_email, from_name, to_emails, subject) VALUES (1, 'a@b', x'00', 1, 0, 'karl@new.example', 'Karl', 'support@example.org, x@y.example', 'Hi'),
                                    (2, 'c@d', x'01', 1, 0, NULL, NULL, '', 'spoof')",
        "INSERT INTO entry (id, ticket_id, at, actor_id, kind, internal, folded, text_id, message, changes) VALUES (1, 1, 0, 2, 'create', 0, 0, NULL, 1, NULL)",
        "INSERT INTO delivery (id, received, message, recipient, sender, options, class, trust, verdict, reason, ticket_id, entry_id, trail) VALUES
           (1, 1795262400000000, 1, 'support@example.org', 'karl@new.example', '{\"queue\":\"support\"}', 'human', 'claimed', 'created',
            'a new ticket', 1, 1, '[{\"step\":\"class\",\"text\":\"no sign of a machine\"}]'),
           (2, 1795262401000000, 1, 'support@example.org', '', '', 'human', 'claimed', 'duplicate', 'as before', 1, NULL, '[]'),
           (3, 1795262402000000, 2, 'support@example.org', NULL, '{}', 'human', 'none', 'quarantined', 'who is it?', NULL, NULL, '[]')",
        "INSERT INTO outbox (id, created, ticket_id, entry_id, kind, audience, address, envelope_from, headers, text_id, state,
         attempts, next_attempt, last_reply, settled) VALUES
           (1, 1795262400000000, 1, 1, 'acknowledgement', 'customers', 'karl@new.example', '',
            '{\"subject\":\"[example.org #1] Hi\",\"message_id\":\"k.1@example.org\",\"date\":0}', 1, 'sent', 1, NULL, '250 ok', 1795262401000000),
           (2, 1795262400000000, 1, 1, 'notification', 'staff', 'anna@example.org', 'bounce@example.org',
            '{\"subject\":\"S\",\"message_id\":\"k.2@example.org\"}', 1, 'deferred', 2, 1795262500000000, '451 later', NULL)",
    ]);
    base
}

#[test]
fn the_ledger_is_listed_newest_last() {
    let base = with_mail();
    let list = base.engine.read(|tx| view::mail::list(tx, None)).unwrap();
    let json = serde_json::to_value(&list).unwrap();
    assert_eq!(ids(&json), [1, 2, 3]);
    assert_eq!(
        json[0],
        json!({"id": 1, "received": "2026-11-21T12:00:00Z", "message_id": "a@b", "sender": "karl@new.example",
               "from": "karl@new.example", "to": "support@example.org, x@y.example", "recipient": "support@example.org",
               "subject": "Hi", "class": "human", "trust": "claimed", "verdict": "created", "reason": "a new ticket", "ticket": 1})
    );
    assert_eq!(json[1]["sender"], "");
    assert_eq!((&json[2]["sender"], &json[2]["from"], &json[2]["ticket"]), (&Value::Null, &Value::Null, &Value::Null));
    let last: Vec<i64> = base.engine.read(|tx| view::mail::list(tx, Some(2))).unwrap().iter().map(|mail| mail.id).collect();
    assert_eq!(last, [2, 3]);
    let held = base.engine.read(|tx| view::mail::quarantine(tx, None)).unwrap();
    assert_eq!(held.iter().map(|mail| mail.id).collect::<Vec<_>>(), [3]);
}

#[test]
fn an_arrival_is_shown_with_what_came_of_it() {
    let base = with_mail();
    let show = |id| base.engine.read(|tx| view::mail::show(tx, id)).unwrap();
    let json = serde_json::to_value(show(1).unwrap()).unwrap();
    assert_eq!(json["options"], json!({"queue": "support"}));
    assert_eq!(json["trail"], json!([{"step": "class", "text": "no sign of a machine"}]));
    assert_eq!(json["same_message"], json!([2]));
    assert_eq!(json["raw"], json!({"available": true, "size": 20}));
    assert_eq!(ids(&json["mails"]), [1, 2]);
    assert_eq!(show(2).unwrap().mails, []);
    assert_eq!(show(4), None);
    assert_eq!(base.engine.read(|tx| view::mail::trail(tx, 4)).unwrap(), None);
}

#[test]
fn raw_octets_are_exactly_those_that_came() {
    let base = with_mail();
    let raw = base.engine.read(|tx| view::mail::raw(tx, 1)).unwrap().unwrap();
    assert_eq!(raw, b"From: k\r\n\r\nx\xff\0\r\nmore");
    assert_eq!(base.engine.read(|tx| view::mail::raw(tx, 9)).unwrap(), None);
}

#[test]
fn the_outbox_is_listed_and_stands_on_the_ticket() {
    let base = with_mail();
    let list = serde_json::to_value(base.engine.read(|tx| view::outbox::list(tx, None)).unwrap()).unwrap();
    assert_eq!(
        list[0],
        json!({"id": 1, "kind": "acknowledgement", "audience": "customers", "to": "karl@new.example",
               "subject": "[example.org #1] Hi", "message_id": "k.1@example.org", "ticket": 1, "entry": 1, "state": "sent",
               "attempts": 1, "last_reply": "250 ok", "next_attempt": null, "created": "2026-11-21T12:00:00Z",
               "settled": "2026-11-21T12:00:01Z"})
    );
    assert_eq!(list[1]["next_attempt"], "2026-11-21T12:01:40Z");
    let shown = base.show(1);
    assert_eq!(shown["mails"], list);
    let told = &shown["history"][0]["mails"][0];
    let expected = json!({"to": "karl@new.example", "kind": "acknowledgement", "state": "sent", "last_reply": "250 ok", "at": "2026-11-21T12:00:01Z"});
    assert_eq!(*told, expected);
    assert_eq!(base.engine.read(|tx| view::outbox::list(tx, Some(1))).unwrap()[0].id, 2);
    assert_eq!(base.engine.read(|tx| view::outbox::show(tx, 2)).unwrap().unwrap().attempts, 2);
}

#[test]
fn unreadable_json_is_named() {
    let mut base = with_mail();
    base.run(&["UPDATE outbox SET headers = '{' WHERE id = 2", "UPDATE delivery SET trail = '1' WHERE id = 3"]);
    let error = base.engine.read(|tx| view::outbox::list(tx, None)).unwrap_err().to_string();
    assert!(error.contains("the headers of mail 2 in the outbox"), "{error}");
    let error = base.engine.read(|tx| view::mail::trail(tx, 3)).unwrap_err().to_string();
    assert!(error.contains("the trail of mail 3 in the ledger"), "{error}");
}

/// Not a measurement: a list that asked again for every ticket would make this test the slowest by far.
#[test]
fn a_long_list_is_complete_and_in_order() {
    let mut base = Base::with_tickets();
    base.run(&[
        "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 20009)
         INSERT INTO ticket (id, queue_id, subject, status, owner_id, priority, created, updated, resolved, due, time_worked, merged_into) SELECT i, 1, 'S', CASE i % 2 WHEN 0 THEN 'open' ELSE 'new' END, NULL, 0, 0, 0, NULL, NULL, 0, NULL FROM n",
        "INSERT INTO watcher SELECT id, 'requestor', 2 + id % 2 FROM ticket WHERE id >= 10",
    ]);
    let query = base.query("status:new");
    let list = base.engine.read(|tx| view::ticket::list(tx, &query)).unwrap();
    assert_eq!(list.len(), 10_002);
    assert!(list.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert!(list.iter().filter(|ticket| ticket.id >= 10).all(|ticket| ticket.requestors == ["eva@x.example"]));
}
