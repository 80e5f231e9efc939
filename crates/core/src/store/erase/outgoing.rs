//! Mails of ours: those to them, those that tell their words, and what else holds something of theirs.

use std::collections::BTreeSet;

use super::scope::Scope;
use super::{Erased, Work, rows};
use crate::outbox::{FileRef, MailHeaders, Mailbox};
use crate::store::engine::StoreError;
use crate::store::{content, outbox};
use crate::values;

/// A mail of ours that may hold something of theirs.
struct Mail {
    id: i64,
    ticket: Option<i64>,
    text: i64,
    headers: String,
    files: Option<String>,
    last_reply: Option<String>,
    /// Whether it has not left.
    waits: bool,
    is_digest: bool,
    told_in: Option<i64>,
    to_them: bool,
    /// Whether it tells an entry, or asks about a mail, of theirs.
    tells: bool,
}

/// Gives up what waits for them or tells their words, and erases the texts. A digest for somebody else is sent, without them.
pub(super) fn erase(work: &Work<'_, '_, '_>, scope: &Scope, now: i64, erased: &mut Erased) -> Result<(), StoreError> {
    let mails = read(work, scope)?;
    let digests: BTreeSet<i64> = mails.iter().filter(|mail| mail.to_them || mail.tells).filter_map(|mail| mail.told_in).collect();
    let is_whole = |mail: &Mail| {
        (mail.to_them || mail.tells || digests.contains(&mail.id)) && !(mail.is_digest && mail.waits && !mail.to_them)
    };
    // One text is sent to many: what still waits for somebody else keeps what is not theirs.
    let kept: BTreeSet<i64> = mails.iter().filter(|mail| !is_whole(mail) && mail.waits).map(|mail| mail.text).collect();
    let mut buried = BTreeSet::new();
    for mail in &mails {
        if is_whole(mail) && mail.waits {
            erased.discarded += u64::from(outbox::discard(work.tx, mail.id, now)?);
        }
        if is_whole(mail) && !kept.contains(&mail.text) {
            if buried.insert(mail.text) {
                let grave = work.graves.bury(mail.text)?;
                work.tx.execute("UPDATE outbox SET text_id = ?2 WHERE text_id = ?1", values![mail.text, grave])?;
            }
            erased.outgoing += 1;
        } else if !buried.contains(&mail.text) {
            erased.outgoing += u64::from(scrub(work, scope, mail)?);
        }
        rewrite(work, scope, mail, is_whole(mail))?;
    }
    Ok(())
}

fn read(work: &Work<'_, '_, '_>, scope: &Scope) -> Result<Vec<Mail>, StoreError> {
    let sql = "SELECT id, ticket_id, entry_id, address, headers, text_id, files, settled IS NULL, kind, told_in, delivery_id, last_reply FROM outbox";
    let mut mails = Vec::new();
    work.tx.query(sql, &[], |row| {
        let ticket: Option<i64> = row.get(1)?;
        let (entry, delivery): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(10)?);
        let to_them = work.who.is(row.text(3)?);
        let tells = entry.is_some_and(|entry| scope.entries.contains(&entry))
            || delivery.is_some_and(|mail| scope.deliveries.contains(&mail));
        if to_them || tells || ticket.is_none_or(|ticket| scope.tickets.contains(&ticket)) {
            mails.push(Mail {
                id: row.get(0)?,
                ticket,
                text: row.get(5)?,
                headers: row.get(4)?,
                files: row.get(6)?,
                last_reply: row.get(11)?,
                waits: row.get(7)?,
                is_digest: row.text(8)? == "digest",
                told_in: row.get(9)?,
                to_them,
                tells,
            });
        }
        Ok(())
    })?;
    Ok(mails)
}

/// Takes their lines out of a text of ours.
fn scrub(work: &Work<'_, '_, '_>, scope: &Scope, mail: &Mail) -> Result<bool, StoreError> {
    let text = content::get_text(work.tx, mail.text)?;
    let Some(new) = work.words.without(&text, scope.phrases(mail.ticket)) else { return Ok(false) };
    let place = content::replace(work.tx, mail.text, new.text.as_bytes())?;
    work.graves.left(mail.text);
    work.tx.execute("UPDATE outbox SET text_id = ?2 WHERE text_id = ?1", values![mail.text, place])?;
    Ok(true)
}

/// Header fields without them, and without the subject where that was theirs; no files where the mail is erased whole.
fn rewrite(work: &Work<'_, '_, '_>, scope: &Scope, mail: &Mail, whole: bool) -> Result<(), StoreError> {
    let asked = mail.ticket.is_some_and(|ticket| scope.asked.contains(&ticket));
    let Ok(mut headers) = serde_json::from_str::<MailHeaders>(&mail.headers) else { return Ok(()) };
    let marker = |mailbox: &mut Mailbox| {
        if work.who.is(&mailbox.email) {
            *mailbox = Mailbox { name: work.who.marker.clone(), email: work.who.marker_address.clone() };
        } else if let Some(name) = work.words.renamed(&mailbox.name, true) {
            mailbox.name = name;
        }
    };
    headers.to.iter_mut().chain(&mut headers.cc).chain(&mut headers.reply_to).for_each(marker);
    marker(&mut headers.from);
    if asked || (whole && mail.ticket.is_none()) {
        headers.subject = rows::without_subject(&headers.subject, scope.subjects(mail.ticket));
    }
    let theirs = |id: &String| rows::is_id_of(work, scope, id);
    headers.references.retain(|id| !theirs(id));
    headers.in_reply_to = headers.in_reply_to.filter(|id| !theirs(id));
    let Ok(headers) = serde_json::to_string(&headers) else { return Ok(()) };
    let headers = work.words.renamed(&headers, true).unwrap_or(headers);
    let files = mail.files.as_deref().filter(|_| !whole).map(|files| files_left(work, scope, mail, files)).transpose()?;
    // What the other server said of a mail to them may hold their address in any form.
    let reply =
        mail.last_reply.as_deref().map(|reply| if mail.to_them { work.words.renamed_anywhere(reply) } else { reply.to_owned() });
    let sql = "UPDATE outbox SET headers = ?2, files = ?3, last_reply = ?4 WHERE id = ?1";
    work.tx.execute(sql, values![mail.id, &headers, files.as_deref(), reply.as_deref()]).map(|_| ())
}

/// The files that go with a mail, without those whose names are theirs.
fn files_left(work: &Work<'_, '_, '_>, scope: &Scope, mail: &Mail, files: &str) -> Result<String, StoreError> {
    let mut list: Vec<FileRef> = serde_json::from_str(files).unwrap_or_default();
    list.retain(|file| match file {
        FileRef::OfMessage { message, .. } => !scope.messages.contains(message),
        FileRef::Content { name, .. } => !work.words.are_in(name, scope.phrases(mail.ticket)),
    });
    serde_json::to_string(&list).map_err(|error| StoreError::Other(format!("files of a mail: {error}")))
}
