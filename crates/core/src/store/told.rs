//! What was told of a ticket, and to whom: so that what only staff saw reaches no customer as a quote (A154).

use super::content;
use super::engine::{Row, StoreError, Tx};
use crate::values;
use postern_mail::quote;
use postern_model::Told;
use std::ops::Range;

/// Texts that are looked at, of each kind. More than answers are told from quotes by: an old mail can be answered, too.
const TEXTS: usize = 100;
/// Their octets, all together.
const OCTETS: usize = 1 << 20;

/// A text, and for whom it was.
struct Text {
    at: i64,
    content: i64,
    octets: usize,
    of: Of,
    /// What of it is folded away, as the entry has it.
    folds: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Staff,
    Customers,
    /// A mail that somebody forwarded: their note, and a customer's words below it.
    Forward,
    /// What somebody wrote for staff alone.
    Comment,
}

/// What was told of a ticket, newest first. What staff wrote to customers counts by the mails that went to them: the history has
/// the quotes of a mail, too. A mail that is held for what it repeats, or that was given up, told nobody anything.
///
/// # Errors
/// What the database says.
pub fn told(tx: &Tx<'_>, ticket: u64) -> Result<Told, StoreError> {
    let sql = "SELECT s.at, s.id, c.size, s.kind, s.folds FROM (
                 SELECT created AS at, text_id AS id, CASE audience WHEN 'customers' THEN 1 ELSE 0 END AS kind, NULL AS folds
                   FROM outbox WHERE ticket_id = ?1
                     AND NOT (audience = 'customers' AND state IN ('held', 'discarded') AND digest IS NULL AND told_in IS NULL)
                 UNION ALL
                 SELECT e.at, e.text_id, CASE
                     WHEN e.internal = 1 AND e.kind <> 'note' THEN 4
                     WHEN e.internal = 1 THEN 0
                     WHEN p.role IN ('staff', 'admin') AND e.changes LIKE '%\"submitted_by\"%' THEN 2
                     WHEN p.role IN ('staff', 'admin') AND e.kind <> 'create' THEN 3
                     ELSE 1 END, e.folds
                   FROM entry e LEFT JOIN person p ON p.id = e.actor_id
                   WHERE e.ticket_id = ?1 AND e.text_id IS NOT NULL AND e.kind IN ('create', 'correspond', 'comment', 'note')
               ) AS s JOIN content c ON c.id = s.id WHERE s.kind <> 3";
    let mut texts = tx.query(sql, values![ticket], text)?;
    texts.sort_unstable_by_key(|text| std::cmp::Reverse((text.at, text.content)));
    let mut told = Told::default();
    for text in taken(&texts, |of| matches!(of, Of::Staff | Of::Comment)) {
        let words = content::get_text(tx, text.content)?;
        if text.of == Of::Comment {
            let folds: Option<Vec<Range<usize>>> = text.folds.as_deref().and_then(|json| serde_json::from_str(json).ok());
            told.comments.push(quote::new_text_of(&words, folds.as_deref()));
        }
        told.staff.push(words);
    }
    for text in taken(&texts, |of| matches!(of, Of::Customers | Of::Forward)) {
        let words = content::get_text(tx, text.content)?;
        if text.of == Of::Forward {
            told.customers.extend(postern_mail::without_note(&words).map(str::to_owned));
            told.comments.push(words.clone());
            told.staff.push(words);
        } else {
            told.customers.push(words);
        }
    }
    Ok(told)
}

fn text(row: &Row<'_>) -> Result<Text, StoreError> {
    let of = match row.get::<i64>(3)? {
        0 => Of::Staff,
        2 => Of::Forward,
        4 => Of::Comment,
        _ => Of::Customers,
    };
    let octets = usize::try_from(row.get::<u64>(2)?).unwrap_or(usize::MAX);
    Ok(Text { at: row.get(0)?, content: row.get(1)?, octets, of, folds: row.get(4)? })
}

/// As many as are looked at, each once.
fn taken(texts: &[Text], wanted: impl Fn(Of) -> bool) -> Vec<&Text> {
    let (mut room, mut taken) = (OCTETS, Vec::<&Text>::new());
    for text in texts.iter().filter(|text| wanted(text.of)) {
        let known = taken.iter().any(|other| other.content == text.content);
        if text.octets <= room && !known && taken.len() < TEXTS {
            room -= text.octets;
            taken.push(text);
        }
    }
    taken
}
