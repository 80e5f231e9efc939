//! Queues, their addresses and their watchers.

use std::collections::HashMap;

use postern_model::life_cycle::{LifeCycle, Status};
use postern_model::site::{AfterClose, AutomaticMail, QueueDefinition, SpamMail, Strangers};

use super::unknown;
use crate::site::automatic_mail_word;
use crate::store::engine::{Row, StoreError, Tx};
use crate::values;

/// Every queue in the order in which they were made; the first one's address is the site's default sender.
///
/// # Errors
/// What the database says.
pub fn all(tx: &Tx<'_>) -> Result<Vec<QueueDefinition>, StoreError> {
    let mut aliases = aliases(tx)?;
    let mut watchers = watchers(tx)?;
    let mut switches = switches(tx)?;
    let queues = tx.query(
        "SELECT id, name, address, comment_address, from_name, tag, signature, cc_from_mail, automatic_mail, reopen_days, disabled,
                language, quote, html, show_names, acknowledge_forwarded, strangers, spam,
                life_cycle, after_close
         FROM queue ORDER BY id",
        &[],
        |row| Ok((row.get::<i64>(0)?, queue(row)?)),
    )?;
    let whole = |(id, mut queue): (i64, QueueDefinition)| {
        queue.aliases = aliases.remove(&id).unwrap_or_default();
        queue.cc = watchers.remove(&(id, "cc".to_owned())).unwrap_or_default();
        queue.admincc = watchers.remove(&(id, "admincc".to_owned())).unwrap_or_default();
        queue.rules_off = switches.remove(&(id, false)).unwrap_or_default();
        queue.rules_on = switches.remove(&(id, true)).unwrap_or_default();
        queue
    };
    Ok(queues.into_iter().map(whole).collect())
}

/// The address of the first queue that is not disabled.
///
/// # Errors
/// What the database says.
pub fn first_address(tx: &Tx<'_>) -> Result<Option<String>, StoreError> {
    tx.query_opt("SELECT address FROM queue WHERE disabled = 0 ORDER BY id LIMIT 1", &[], |row| row.get(0))
}

fn queue(row: &Row<'_>) -> Result<QueueDefinition, StoreError> {
    Ok(QueueDefinition {
        name: row.get(1)?,
        address: row.get(2)?,
        comment_address: row.get(3)?,
        from_name: row.get(4)?,
        tag: row.get(5)?,
        signature: row.get(6)?,
        cc_from_mail: row.get(7)?,
        automatic_mail: match row.text(8)? {
            "record" => AutomaticMail::Record,
            "ticket" => AutomaticMail::Ticket,
            other => return Err(unknown("queue", "automatic_mail", other)),
        },
        reopen_days: row.get(9)?,
        disabled: row.get(10)?,
        language: row.get(11)?,
        quote: row.get(12)?,
        html: row.get(13)?,
        show_names: row.get(14)?,
        acknowledge_forwarded: row.get(15)?,
        strangers: word(row, 16, "strangers", Strangers::from_word)?,
        spam: word(row, 17, "spam", SpamMail::from_word)?,
        life_cycle: row.get(18)?,
        after_close: word(row, 19, "after_close", AfterClose::from_word)?,
        ..QueueDefinition::default()
    })
}

/// A column that holds one of a few words.
fn word<T>(row: &Row<'_>, column: usize, name: &str, read: fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let word = row.text(column)?;
    read(word).ok_or_else(|| unknown("queue", name, word))
}

fn aliases(tx: &Tx<'_>) -> Result<HashMap<i64, Vec<String>>, StoreError> {
    let sql = "SELECT o.queue_id, o.address FROM own_address o JOIN queue q ON q.id = o.queue_id
               WHERE o.purpose = 'correspond' AND o.address <> q.address ORDER BY o.address";
    let mut aliases: HashMap<i64, Vec<String>> = HashMap::new();
    for (queue, address) in tx.query(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))? {
        aliases.entry(queue).or_default().push(address);
    }
    Ok(aliases)
}

/// Watchers by queue and role, as site.toml writes them.
fn watchers(tx: &Tx<'_>) -> Result<HashMap<(i64, String), Vec<String>>, StoreError> {
    let sql = "SELECT w.queue_id, w.role, p.login, g.name,
                      (SELECT a.address FROM person_address a WHERE a.person_id = w.person_id ORDER BY a.position, a.address LIMIT 1)
               FROM queue_watcher w
               LEFT JOIN person p ON p.id = w.person_id
               LEFT JOIN people_group g ON g.id = w.group_id";
    let mut watchers: HashMap<(i64, String), Vec<String>> = HashMap::new();
    let rows = tx.query(sql, &[], |row| {
        let (login, group, address): (Option<String>, Option<String>, Option<String>) = (row.get(2)?, row.get(3)?, row.get(4)?);
        Ok((row.get(0)?, row.get(1)?, login.or_else(|| group.map(|group| format!("group:{group}"))).or(address)))
    })?;
    for (queue, role, word) in rows {
        watchers.entry((queue, role)).or_default().extend(word);
    }
    watchers.values_mut().for_each(|words| words.sort());
    Ok(watchers)
}

/// Rules that are off (false) and on (true) in a queue, whatever they are elsewhere.
fn switches(tx: &Tx<'_>) -> Result<HashMap<(i64, bool), Vec<String>>, StoreError> {
    let sql = "SELECT queue_id, enabled, rule FROM rule_switch ORDER BY rule";
    let mut switches: HashMap<(i64, bool), Vec<String>> = HashMap::new();
    for (queue, enabled, rule) in tx.query(sql, &[], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))? {
        switches.entry((queue, enabled)).or_default().push(rule);
    }
    Ok(switches)
}

/// Forgets every switch of every queue.
pub(crate) fn clear_switches(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM rule_switch", &[]).map(|_| ())
}

/// Switches rules off and on in a queue that has no switches yet.
pub(crate) fn switch_rules(tx: &Tx<'_>, id: i64, queue: &QueueDefinition) -> Result<(), StoreError> {
    for (rules, enabled) in [(&queue.rules_off, false), (&queue.rules_on, true)] {
        for rule in rules {
            tx.execute("INSERT INTO rule_switch (queue_id, rule, enabled) VALUES (?1, ?2, ?3)", values![id, rule, enabled])?;
        }
    }
    Ok(())
}

/// Makes a queue or changes the one of this name, addresses included, watchers and switches of rules not. Returns its id.
pub(crate) fn save(tx: &Tx<'_>, queue: &QueueDefinition) -> Result<i64, StoreError> {
    let id = tx.insert(
        "INSERT INTO queue (name, address, comment_address, from_name, tag, signature, cc_from_mail, automatic_mail, reopen_days,
                            disabled, language, quote, html, show_names, acknowledge_forwarded, strangers, spam,
                            life_cycle, after_close)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
         ON CONFLICT (name) DO UPDATE SET address = excluded.address, comment_address = excluded.comment_address,
           from_name = excluded.from_name, tag = excluded.tag, signature = excluded.signature,
           cc_from_mail = excluded.cc_from_mail, automatic_mail = excluded.automatic_mail,
           reopen_days = excluded.reopen_days, disabled = excluded.disabled, language = excluded.language,
           quote = excluded.quote, html = excluded.html, show_names = excluded.show_names,
           acknowledge_forwarded = excluded.acknowledge_forwarded, strangers = excluded.strangers, spam = excluded.spam,
           life_cycle = excluded.life_cycle, after_close = excluded.after_close
         RETURNING id",
        values![
            &queue.name,
            &queue.address,
            queue.comment_address.as_ref(),
            queue.from_name.as_ref(),
            queue.tag.as_ref(),
            queue.signature.as_ref(),
            queue.cc_from_mail,
            automatic_mail_word(queue.automatic_mail),
            queue.reopen_days,
            queue.disabled,
            queue.language.as_ref(),
            queue.quote,
            queue.html,
            queue.show_names,
            queue.acknowledge_forwarded,
            queue.strangers.as_str(),
            queue.spam.as_str(),
            queue.life_cycle.as_ref(),
            queue.after_close.as_str(),
        ],
    )?;
    save_addresses(tx, id, queue)?;
    Ok(id)
}

/// An address may have been another queue's until now: it moves.
fn save_addresses(tx: &Tx<'_>, id: i64, queue: &QueueDefinition) -> Result<(), StoreError> {
    tx.execute("DELETE FROM own_address WHERE queue_id = ?1", values![id])?;
    let correspond = std::iter::once(&queue.address).chain(&queue.aliases).map(|address| (address, "correspond"));
    let comment = queue.comment_address.iter().map(|address| (address, "comment"));
    for (address, purpose) in correspond.chain(comment).filter(|(address, _)| !address.is_empty()) {
        tx.execute(
            "INSERT INTO own_address (address, queue_id, purpose) VALUES (?1, ?2, ?3)
             ON CONFLICT (address) DO UPDATE SET queue_id = excluded.queue_id, purpose = excluded.purpose",
            values![address, id, purpose],
        )?;
    }
    Ok(())
}

/// Takes addresses out of queues that lost them to another: only disabled ones that are no longer named can.
pub(crate) fn forget_lost_addresses(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE queue SET address = '' WHERE NOT EXISTS
           (SELECT 1 FROM own_address o WHERE o.address = queue.address AND o.queue_id = queue.id AND o.purpose = 'correspond')",
        &[],
    )?;
    tx.execute(
        "UPDATE queue SET comment_address = NULL WHERE comment_address IS NOT NULL AND NOT EXISTS
           (SELECT 1 FROM own_address o WHERE o.address = queue.comment_address AND o.queue_id = queue.id AND o.purpose = 'comment')",
        &[],
    )?;
    Ok(())
}

/// Whether a queue has or had tickets.
pub(crate) fn has_tickets(tx: &Tx<'_>, name: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM queue q WHERE q.name = ?1 AND
                 (EXISTS (SELECT 1 FROM ticket t WHERE t.queue_id = q.id)
                  OR EXISTS (SELECT 1 FROM ticket_queue t WHERE t.queue_id = q.id))";
    Ok(tx.query_opt(sql, values![name], |row| row.get::<i64>(0))?.is_some())
}

/// Keeps a queue for its tickets. Its addresses stay ours.
pub(crate) fn disable(tx: &Tx<'_>, name: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE queue SET disabled = 1 WHERE name = ?1", values![name]).map(|_| ())
}

/// Deletes a queue that has no tickets. Rules, templates and watchers that name it must be gone before.
pub(crate) fn delete(tx: &Tx<'_>, name: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM own_address WHERE queue_id = (SELECT id FROM queue WHERE name = ?1)", values![name])?;
    tx.execute("DELETE FROM queue WHERE name = ?1", values![name]).map(|_| ())
}

/// Removes every watcher of every queue.
pub(crate) fn clear_watchers(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM queue_watcher", &[]).map(|_| ())
}

/// Adds a watcher: a person or else the group of this name.
pub(crate) fn watch(tx: &Tx<'_>, queue: i64, role: &str, person: Option<i64>, group: Option<&str>) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO queue_watcher (queue_id, role, person_id, group_id)
         VALUES (?1, ?2, ?3, (SELECT id FROM people_group WHERE name = ?4))",
        values![queue, role, person, group],
    )
    .map(|_| ())
}

/// How many tickets of a queue are in which status.
///
/// # Errors
/// What the database says.
pub(crate) fn statuses(tx: &Tx<'_>, name: &str) -> Result<Vec<(String, u64)>, StoreError> {
    let sql = "SELECT t.status, count(*) FROM ticket t JOIN queue q ON q.id = t.queue_id
               WHERE q.name = ?1 AND t.merged_into IS NULL GROUP BY t.status ORDER BY t.status";
    tx.query(sql, values![name], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Says of every ticket of a queue what its status means in a life cycle.
pub(crate) fn follow_life_cycle(tx: &Tx<'_>, name: &str, cycle: &LifeCycle) -> Result<(), StoreError> {
    let sql = "SELECT DISTINCT t.status FROM ticket t JOIN queue q ON q.id = t.queue_id WHERE q.name = ?1";
    for status in tx.query(sql, values![name], |row| row.get::<String>(0))? {
        let kind = cycle.kind(&Status::new(&status));
        tx.execute(
            "UPDATE ticket SET kind = ?3 WHERE status = ?2 AND queue_id = (SELECT id FROM queue WHERE name = ?1)",
            values![name, &status, kind.as_str()],
        )?;
    }
    Ok(())
}

/// Names the life cycle of a queue that stays as it is otherwise.
pub(crate) fn set_life_cycle(tx: &Tx<'_>, name: &str, cycle: Option<&str>) -> Result<(), StoreError> {
    tx.execute("UPDATE queue SET life_cycle = ?2 WHERE name = ?1", values![name, cycle]).map(|_| ())
}
