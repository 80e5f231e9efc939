//! What is somebody's, and where they took part. Whole tables are read: it happens seldom, and nothing may be missed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Erasing;
use super::state::Bounds;
use super::words::{Phrases, Words};
use crate::store::engine::{StoreError, Tx};
use crate::values;
use postern_mail::address::address_key;

/// What is theirs, and where they took part.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Scope {
    /// Messages that they sent.
    pub(super) messages: BTreeSet<i64>,
    /// Entries that they wrote.
    pub(super) entries: BTreeSet<i64>,
    /// Deliveries of their messages.
    pub(super) deliveries: BTreeSet<i64>,
    /// Tickets on which they took part in any way.
    pub(super) tickets: BTreeSet<i64>,
    /// Tickets that they asked for.
    pub(super) asked: BTreeSet<i64>,
    /// What is looked for on one ticket.
    phrases: BTreeMap<i64, Phrases>,
    /// What the tickets that they asked for are called, and were.
    subjects: BTreeMap<i64, Vec<String>>,
    /// What is looked for on no ticket.
    none: Phrases,
}

impl Scope {
    pub(super) fn of(tx: &Tx<'_>, who: &Erasing, bounds: &Bounds) -> Result<Scope, StoreError> {
        let mut scope = Scope::default();
        scope.read_messages(tx, who, bounds)?;
        scope.read_entries(tx, who, bounds)?;
        scope.read_deliveries(tx, who, bounds)?;
        scope.read_parts(tx, who)?;
        scope.follow_merges(tx)?;
        // A stranger's who has one of their addresses since.
        scope.tickets.retain(|ticket| *ticket <= bounds.of("ticket"));
        scope.asked.retain(|ticket| *ticket <= bounds.of("ticket"));
        Ok(scope)
    }

    /// What is looked for on a ticket.
    pub(super) fn phrases(&self, ticket: Option<i64>) -> &Phrases {
        ticket.and_then(|ticket| self.phrases.get(&ticket)).unwrap_or(&self.none)
    }

    /// What a ticket that they asked for is called, and was.
    pub(super) fn subjects(&self, ticket: Option<i64>) -> &[String] {
        ticket.and_then(|ticket| self.subjects.get(&ticket)).map_or(&[], Vec::as_slice)
    }

    /// Looks for a subject, or the name of a file, on a ticket.
    pub(super) fn look_for(&mut self, ticket: i64, phrase: &str) {
        self.phrases.entry(ticket).or_default().add(phrase);
    }

    fn read_messages(&mut self, tx: &Tx<'_>, who: &Erasing, bounds: &Bounds) -> Result<(), StoreError> {
        let sql = "SELECT id, from_email FROM message WHERE from_email IS NOT NULL AND id <= ?1";
        tx.query(sql, values![bounds.of("message")], |row| {
            if who.is(row.text(1)?) {
                self.messages.insert(row.get(0)?);
            }
            Ok(())
        })?;
        let sql = "SELECT message FROM entry WHERE actor_id = ?1 AND message IS NOT NULL";
        self.messages.extend(tx.query(sql, values![who.person], |row| row.get::<i64>(0))?);
        Ok(())
    }

    fn read_entries(&mut self, tx: &Tx<'_>, who: &Erasing, bounds: &Bounds) -> Result<(), StoreError> {
        let sql = "SELECT id, ticket_id, actor_id, message, changes, kind FROM entry WHERE id <= ?1";
        tx.query(sql, values![bounds.of("entry")], |row| {
            let (id, ticket): (i64, i64) = (row.get(0)?, row.get(1)?);
            let (actor, message): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
            let changes: Option<String> = row.get(4)?;
            let changes = changes.filter(|changes| who.may_be_in(changes)).unwrap_or_default();
            let changes: Vec<Value> = serde_json::from_str(&changes).unwrap_or_default();
            let to =
                |field: &str| changes.iter().find(|change| change["field"] == field).and_then(|change| change["to"].as_str());
            let is_requestor = to("requestors").is_some_and(|address| who.is(address));
            // A technician's mail that opened it for them holds their words.
            let is_forward = is_requestor && to("submitted_by").is_some();
            let is_theirs =
                actor == Some(who.person) || message.is_some_and(|message| self.messages.contains(&message)) || is_forward;
            if is_theirs {
                self.entries.insert(id);
                self.messages.extend(message);
            }
            if is_requestor || (is_theirs && row.text(5)? == "create") {
                self.asked.insert(ticket);
            }
            if is_theirs || !changes.is_empty() {
                self.tickets.insert(ticket);
            }
            Ok(())
        })?;
        Ok(())
    }

    fn read_deliveries(&mut self, tx: &Tx<'_>, who: &Erasing, bounds: &Bounds) -> Result<(), StoreError> {
        let sql = "SELECT id, message, ticket_id, sender, recipient FROM delivery WHERE id <= ?1";
        tx.query(sql, values![bounds.of("delivery")], |row| {
            let is_theirs = self.messages.contains(&row.get::<i64>(1)?);
            if is_theirs {
                self.deliveries.insert(row.get(0)?);
            }
            let sender: Option<String> = row.get(3)?;
            if is_theirs || sender.is_some_and(|sender| who.is(&sender)) || who.is(row.text(4)?) {
                self.tickets.extend(row.get::<Option<i64>>(2)?);
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Tickets that they watch, own, or were mailed about.
    fn read_parts(&mut self, tx: &Tx<'_>, who: &Erasing) -> Result<(), StoreError> {
        let asked = "SELECT ticket_id FROM watcher WHERE person_id = ?1 AND role = 'requestor'";
        self.asked.extend(tx.query(asked, values![who.person], |row| row.get::<i64>(0))?);
        let parts = "SELECT ticket_id FROM watcher WHERE person_id = ?1 UNION SELECT id FROM ticket WHERE owner_id = ?1";
        self.tickets.extend(tx.query(parts, values![who.person], |row| row.get::<i64>(0))?);
        for address in &who.addresses {
            let sql =
                "SELECT ticket_id FROM participant WHERE address = ?1 UNION SELECT ticket_id FROM squelch WHERE address = ?1
                       UNION SELECT ticket_id FROM outbox WHERE address = ?1 AND ticket_id IS NOT NULL";
            self.tickets.extend(tx.query(sql, values![address], |row| row.get::<i64>(0))?);
        }
        self.tickets.extend(&self.asked);
        Ok(())
    }

    /// What was said on a ticket may be told on the one that it went into, and the other way round.
    fn follow_merges(&mut self, tx: &Tx<'_>) -> Result<(), StoreError> {
        let merged = tx.query("SELECT id, merged_into FROM ticket WHERE merged_into IS NOT NULL", &[], |row| {
            Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))
        })?;
        loop {
            let before = self.tickets.len() + self.asked.len();
            for (one, other) in &merged {
                for tickets in [&mut self.tickets, &mut self.asked] {
                    if tickets.contains(one) || tickets.contains(other) {
                        tickets.extend([*one, *other]);
                    }
                }
            }
            if self.tickets.len() + self.asked.len() == before {
                return Ok(());
            }
        }
    }
}

/// All that is looked for, with what their tickets were called.
pub(super) fn words(tx: &Tx<'_>, who: &Erasing, scope: &mut Scope) -> Result<Words, StoreError> {
    let mut words = Words::default();
    who.addresses.iter().for_each(|address| words.add_address(address, &who.marker_address));
    let others = tx.query(
        "SELECT name FROM person WHERE role <> 'guest' AND id <> ?1 UNION SELECT name FROM queue",
        values![who.person],
        |row| row.get::<String>(0).map(|name| name.to_lowercase()),
    )?;
    let add_name = |words: &mut Words, name: &str| {
        // Who calls themselves as we are called is not found by that name: it is ours.
        if !others.contains(&name.to_lowercase()) {
            words.add_name(name, &who.marker);
        }
    };
    add_name(&mut words, &who.name);
    for message in &scope.messages {
        let sql = "SELECT coalesce(from_email, ''), coalesce(from_name, ''), message_id FROM message WHERE id = ?1";
        let found = tx
            .query_opt(sql, values![*message], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?)))?;
        let Some((email, name, id)) = found else { continue };
        if who.is(&email) {
            words.add_address(&email, &who.marker_address);
            add_name(&mut words, &name);
        }
        if who.addresses.iter().any(|address| id.to_lowercase().contains(address.as_str())) {
            words.add_word(&id, &super::erased_id(&id));
        }
    }
    for ticket in scope.asked.clone() {
        let subjects = super::rows::subjects(tx, ticket)?;
        subjects.iter().for_each(|subject| scope.look_for(ticket, subject));
        scope.subjects.insert(ticket, subjects);
    }
    Ok(words)
}

impl Erasing {
    /// Whether an address is theirs.
    pub(super) fn is(&self, address: &str) -> bool {
        let key = address_key(address);
        self.addresses.contains(&key)
    }

    /// Whether a text may name them: without regard to where a word ends.
    fn may_be_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.addresses.iter().any(|address| text.contains(address.as_str()))
    }
}
