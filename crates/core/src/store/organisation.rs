//! The organisation as deciding needs it: queues with their addresses, watchers and rules, and the keys that sign.

use super::engine::{StoreError, Tx};
use super::person;
use crate::values;
use postern_mail::ident::Key;
use postern_model::site::{AfterClose, AutomaticMail, RuleDefinition, SpamMail, Strangers};
use postern_model::{OwnAddress, Person, Purpose, Queue, WatchRole};

/// All queues.
///
/// # Errors
/// What the database says.
pub(super) fn queues(tx: &Tx<'_>) -> Result<Vec<Queue>, StoreError> {
    let sql = "SELECT id, name, address, comment_address, from_name, tag, signature, cc_from_mail, automatic_mail, reopen_days,
               language, quote, html, show_names, acknowledge_forwarded, strangers, spam, disabled, life_cycle,
               after_close FROM queue ORDER BY id";
    tx.query(sql, &[], |row| {
        Ok(Queue {
            id: row.get(0)?,
            name: row.get(1)?,
            address: row.get(2)?,
            comment_address: row.get(3)?,
            from_name: row.get(4)?,
            tag: row.get(5)?,
            signature: row.get(6)?,
            cc_from_mail: row.get(7)?,
            automatic_mail: if row.text(8)? == "ticket" { AutomaticMail::Ticket } else { AutomaticMail::Record },
            reopen_days: u32::try_from(row.get::<i64>(9)?).unwrap_or(u32::MAX),
            language: row.get(10)?,
            quote: row.get(11)?,
            html: row.get(12)?,
            show_names: row.get(13)?,
            acknowledge_forwarded: row.get(14)?,
            strangers: Strangers::from_word(row.text(15)?).unwrap_or_default(),
            spam: SpamMail::from_word(row.text(16)?).unwrap_or_default(),
            disabled: row.get(17)?,
            life_cycle: row.get(18)?,
            after_close: AfterClose::from_word(row.text(19)?).unwrap_or_default(),
        })
    })
}

/// Addresses that are ours, of queues and others.
///
/// # Errors
/// What the database says.
pub(super) fn own_addresses(tx: &Tx<'_>) -> Result<Vec<OwnAddress>, StoreError> {
    tx.query("SELECT address, queue_id, purpose FROM own_address", &[], |row| {
        let purpose = match row.text(2)? {
            "correspond" => Purpose::Correspond,
            "comment" => Purpose::Comment,
            _ => Purpose::Own,
        };
        Ok(OwnAddress { address: row.get(0)?, queue: row.get(1)?, purpose })
    })
}

/// Keys that sign, the newest first.
///
/// # Errors
/// What the database says.
pub(crate) fn keys(tx: &Tx<'_>) -> Result<Vec<Key>, StoreError> {
    let sql = "SELECT id, secret FROM signing_key WHERE retired IS NULL ORDER BY created DESC, id DESC";
    tx.query(sql, &[], |row| Ok(Key { id: row.get(0)?, secret: row.get(1)? }))
}

/// Who watches a queue.
///
/// # Errors
/// What the database says.
pub(super) fn queue_watchers(tx: &Tx<'_>, queue: i64) -> Result<Vec<(WatchRole, Person)>, StoreError> {
    let sql = format!(
        "SELECT w.role, {} FROM queue_watcher w LEFT JOIN group_member g ON g.group_id = w.group_id
         JOIN person p ON p.id = coalesce(w.person_id, g.person_id)
         JOIN person_address a ON a.person_id = p.id WHERE w.queue_id = ?1 ORDER BY w.role, p.id, a.position",
        person::COLUMNS
    );
    let rows = tx.query(&sql, values![queue], |row| Ok((row.get::<String>(0)?, person::read(row, 1)?)));
    let people = person::first_addresses(rows?);
    Ok(people.into_iter().filter_map(|(word, p)| Some((WatchRole::from_word(&word)?, p))).collect())
}

/// The rules that run in a queue, in order.
///
/// # Errors
/// What the database says.
pub(super) fn rules(tx: &Tx<'_>, queue: i64) -> Result<Vec<RuleDefinition>, StoreError> {
    // Those that do not run here are read too: a rule of the program counts as missing only if it has no row at all.
    let sql = "SELECT r.name, r.event, r.condition, r.recipients, r.audience, r.template,
                 CASE WHEN coalesce(s.enabled, r.enabled) = 1 AND (r.queue_id IS NULL OR r.queue_id = ?1) THEN 1 ELSE 0 END
               FROM rule r LEFT JOIN rule_switch s ON s.rule = r.name AND s.queue_id = ?1 ORDER BY r.position, r.id";
    let mut rules = tx.query(sql, values![queue], |row| {
        Ok(RuleDefinition {
            name: row.get(0)?,
            queue: None,
            on: row.get(1)?,
            when: row.get(2)?,
            notify: serde_json::from_str(row.text(3)?).unwrap_or_default(),
            audience: row.get(4)?,
            template: row.get(5)?,
            enabled: row.get(6)?,
        })
    })?;
    // A database that an older program made lacks the newer rules until a site is applied again.
    for default in postern_model::rules::defaults() {
        if !rules.iter().any(|rule| rule.name == default.name) {
            let sql = "SELECT enabled FROM rule_switch WHERE queue_id = ?1 AND rule = ?2";
            let switch: Option<bool> = tx.query_opt(sql, values![queue, &default.name], |row| row.get(0))?;
            rules.push(RuleDefinition { enabled: switch.unwrap_or(default.enabled), ..default });
        }
    }
    rules.retain(|rule| rule.enabled);
    Ok(rules)
}
