//! Whose approval a ticket needs, and what they said.

use super::engine::{StoreError, Tx};
use super::person;
use crate::values;
use postern_model::{Approval, ApprovalAnswer, Trust};

/// The approvals of a ticket, in the order of people's rows.
///
/// # Errors
/// What the database says.
pub fn of(tx: &Tx<'_>, ticket: u64) -> Result<Vec<Approval>, StoreError> {
    let sql = format!(
        "SELECT v.answer, v.trust, v.remark, v.asked_by, {} FROM approval v JOIN person p ON p.id = v.person_id
         JOIN person_address a ON a.person_id = p.id WHERE v.ticket_id = ?1 ORDER BY p.id, a.position",
        person::COLUMNS
    );
    let rows = tx.query(&sql, values![ticket], |row| {
        let trust = row.get::<Option<String>>(1)?.and_then(|word| Trust::from_word(&word)).unwrap_or(Trust::None);
        let remark = row.get::<Option<String>>(2)?.unwrap_or_default();
        let answer = row.get::<Option<String>>(0)?.map(|word| ApprovalAnswer { yes: word == "yes", trust, remark });
        Ok((answer, row.get::<Option<i64>>(3)?, person::read(row, 4)?))
    })?;
    let mut approvals: Vec<Approval> = Vec::new();
    for (answer, asked_by, person) in rows {
        if approvals.last().is_none_or(|last| last.person.id != person.id) {
            approvals.push(Approval { person, asked_by, answer });
        }
    }
    Ok(approvals)
}

/// Asks somebody, or asks again: an earlier answer counts no more. Who asked first stays, for they may do without it.
///
/// # Errors
/// What the database says.
pub fn ask(tx: &Tx<'_>, (ticket, person): (u64, i64), by: Option<i64>, now: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO approval (ticket_id, person_id, asked_by, asked) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (ticket_id, person_id) DO UPDATE SET asked = ?4, answer = NULL, answered = NULL, trust = NULL,
                 remark = NULL, entry_id = NULL";
    tx.execute(sql, values![ticket, person, by, now]).map(|_| ())
}

/// Asks somebody no more.
///
/// # Errors
/// What the database says.
pub fn unask(tx: &Tx<'_>, ticket: u64, person: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM approval WHERE ticket_id = ?1 AND person_id = ?2", values![ticket, person]).map(|_| ())
}

/// Keeps what somebody said, and with which entry.
///
/// # Errors
/// What the database says.
pub fn answer(
    tx: &Tx<'_>,
    (ticket, person): (u64, i64),
    answer: &ApprovalAnswer,
    (entry, now): (Option<i64>, i64),
) -> Result<(), StoreError> {
    let sql = "UPDATE approval SET answer = ?3, answered = ?4, trust = ?5, remark = ?6, entry_id = ?7
               WHERE ticket_id = ?1 AND person_id = ?2";
    let word = if answer.yes { "yes" } else { "no" };
    tx.execute(sql, values![ticket, person, word, now, answer.trust.as_str(), &answer.remark, entry]).map(|_| ())
}
