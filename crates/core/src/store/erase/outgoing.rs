//! Mails of ours: those to them, those that tell their words, and what else holds something of theirs.

use std::collections::{BTreeMap, BTreeSet};

use super::scope::Scope;
use super::{Work, rows};
use crate::outbox::{FileRef, MailHeaders, Mailbox};
use crate::store::engine::StoreError;
use crate::store::{content, outbox};
use crate::values;

/// A mail of ours that may hold something of theirs.
struct Mail {
    id: i64,
    ticket: Option<i64>,
    text: i64,
    /// Whether it has not left.
    waits: bool,
    /// Whether it can still be given up.
    can_wait: bool,
    is_digest: bool,
    told_in: Option<i64>,
    to_them: bool,
    /// Whether it tells an entry, or asks about a mail, of theirs.
    tells: bool,
}

/// What is to be done with one of them.
pub(super) struct Step {
    mail: i64,
    ticket: Option<i64>,
    text: i64,
    /// Whether it is given up.
    pub(super) discard: bool,
    /// Whether nothing of it stays.
    whole: bool,
    to_them: bool,
    what: What,
    /// Mails that go with the same text; of the first of them alone.
    sharers: Vec<i64>,
}

/// What becomes of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// It goes, with this mail or the first that went with it.
    Gone,
    /// Their lines go.
    Scrubbed,
    /// It stays, or was told of with another mail.
    Stays,
}

impl Step {
    /// Whether something of the mail itself goes.
    pub(super) fn is_counted(&self) -> bool {
        self.what != What::Stays
    }
}

/// Finds what to give up, and which texts go. A digest for somebody else is sent, without them.
pub(super) fn steps(work: &Work<'_, '_, '_>, scope: &Scope) -> Result<Vec<Step>, StoreError> {
    let mails = read(work, scope)?;
    let digests: BTreeSet<i64> = mails.iter().filter(|mail| mail.to_them || mail.tells).filter_map(|mail| mail.told_in).collect();
    let is_whole = |mail: &Mail| {
        (mail.to_them || mail.tells || digests.contains(&mail.id)) && !(mail.is_digest && mail.waits && !mail.to_them)
    };
    // One text is sent to many: what still waits for somebody else keeps what is not theirs.
    let kept: BTreeSet<i64> = mails.iter().filter(|mail| !is_whole(mail) && mail.waits).map(|mail| mail.text).collect();
    let mut sharers: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    mails.iter().for_each(|mail| sharers.entry(mail.text).or_default().push(mail.id));
    let (mut buried, mut scrubbed, mut steps) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for mail in &mails {
        let whole = is_whole(mail);
        let what = if whole && !kept.contains(&mail.text) {
            buried.insert(mail.text);
            What::Gone
        } else if !buried.contains(&mail.text)
            && !scrubbed.contains(&mail.text)
            && work.words.are_in(&content::get_text(work.tx, mail.text)?, scope.phrases(mail.ticket))
        {
            scrubbed.insert(mail.text);
            What::Scrubbed
        } else {
            What::Stays
        };
        let &Mail { id, ticket, text, to_them, .. } = mail;
        let sharers = sharers.get_mut(&text).filter(|_| what != What::Stays).map(std::mem::take).unwrap_or_default();
        steps.push(Step { mail: id, ticket, text, discard: whole && mail.can_wait, whole, to_them, what, sharers });
    }
    Ok(steps)
}

/// Does it.
pub(super) fn take(work: &Work<'_, '_, '_>, scope: &Scope, step: &Step, now: i64) -> Result<(), StoreError> {
    if step.discard {
        outbox::discard(work.tx, step.mail, now)?;
    }
    let place = match step.what {
        What::Gone if !step.sharers.is_empty() => work.graves.bury(step.text)?,
        What::Scrubbed => scrub(work, scope, step)?,
        What::Gone | What::Stays => step.text,
    };
    if place != step.text {
        for mail in &step.sharers {
            work.tx.execute("UPDATE outbox SET text_id = ?2 WHERE id = ?1", values![*mail, place])?;
        }
    }
    rewrite(work, scope, step)
}

fn read(work: &Work<'_, '_, '_>, scope: &Scope) -> Result<Vec<Mail>, StoreError> {
    let sql = "SELECT id, ticket_id, entry_id, address, text_id, settled IS NULL, kind, told_in, delivery_id,
                 state IN ('queued', 'deferred', 'held') FROM outbox";
    let mut mails = Vec::new();
    work.tx.query(sql, &[], |row| {
        let (id, ticket): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
        let (entry, delivery): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(8)?);
        // What was written since it began goes to a stranger.
        let is_new = id > work.bounds.of("outbox");
        let is_digest = row.text(6)? == "digest";
        let to_them = !is_new && work.who.is(row.text(3)?);
        let tells = entry.is_some_and(|entry| scope.entries.contains(&entry))
            || delivery.is_some_and(|mail| scope.deliveries.contains(&mail));
        if to_them || tells || ticket.map_or(!is_new || is_digest, |ticket| scope.tickets.contains(&ticket)) {
            mails.push(Mail {
                id,
                ticket,
                text: row.get(4)?,
                waits: row.get(5)?,
                can_wait: row.get(9)?,
                is_digest,
                told_in: row.get(7)?,
                to_them,
                tells,
            });
        }
        Ok(())
    })?;
    Ok(mails)
}

/// Takes their lines out of a text of ours; says where it is now.
fn scrub(work: &Work<'_, '_, '_>, scope: &Scope, step: &Step) -> Result<i64, StoreError> {
    let text = content::get_text(work.tx, step.text)?;
    let Some(new) = work.words.without(&text, scope.phrases(step.ticket)) else { return Ok(step.text) };
    let place = content::replace(work.tx, step.text, new.text.as_bytes())?;
    if place != step.text {
        work.graves.left(step.text)?;
    }
    Ok(place)
}

/// Header fields without them, and without the subject where that was theirs; no files where the mail is erased whole.
fn rewrite(work: &Work<'_, '_, '_>, scope: &Scope, step: &Step) -> Result<(), StoreError> {
    let sql = "SELECT headers, files, last_reply FROM outbox WHERE id = ?1";
    let found = work.tx.query_opt(sql, values![step.mail], |row| {
        Ok((row.get::<String>(0)?, row.get::<Option<String>>(1)?, row.get::<Option<String>>(2)?))
    })?;
    let Some((old, files, reply)) = found else { return Ok(()) };
    let asked = step.ticket.is_some_and(|ticket| scope.asked.contains(&ticket));
    let Ok(mut headers) = serde_json::from_str::<MailHeaders>(&old) else { return Ok(()) };
    let marker = |mailbox: &mut Mailbox| {
        if work.who.is(&mailbox.email) {
            *mailbox = Mailbox { name: work.who.marker.clone(), email: work.who.marker_address.clone() };
        } else if let Some(name) = work.words.renamed(&mailbox.name, true) {
            mailbox.name = name;
        }
    };
    headers.to.iter_mut().chain(&mut headers.cc).chain(&mut headers.reply_to).for_each(marker);
    marker(&mut headers.from);
    if asked || (step.whole && step.ticket.is_none()) {
        headers.subject = rows::without_subject(&headers.subject, scope.subjects(step.ticket));
    }
    let theirs = |id: &String| rows::is_id_of(work, scope, id);
    headers.references.retain(|id| !theirs(id));
    headers.in_reply_to = headers.in_reply_to.filter(|id| !theirs(id));
    let Ok(headers) = serde_json::to_string(&headers) else { return Ok(()) };
    let headers = work.words.renamed(&headers, true).unwrap_or(headers);
    let left = files.as_deref().filter(|_| !step.whole).map(|files| files_left(work, scope, step, files)).transpose()?;
    // What the other server said of a mail to them may hold their address in any form.
    let said = reply.as_deref().map(|reply| if step.to_them { work.words.renamed_anywhere(reply) } else { reply.to_owned() });
    if (&headers, &left, &said) == (&old, &files, &reply) {
        return Ok(());
    }
    let sql = "UPDATE outbox SET headers = ?2, files = ?3, last_reply = ?4 WHERE id = ?1";
    work.tx.execute(sql, values![step.mail, &headers, left.as_deref(), said.as_deref()]).map(|_| ())
}

/// The files that go with a mail, without those whose names are theirs.
fn files_left(work: &Work<'_, '_, '_>, scope: &Scope, step: &Step, files: &str) -> Result<String, StoreError> {
    let mut list: Vec<FileRef> = serde_json::from_str(files).unwrap_or_default();
    list.retain(|file| match file {
        FileRef::OfMessage { message, .. } => !scope.messages.contains(message),
        FileRef::Content { name, .. } => !work.words.are_in(name, scope.phrases(step.ticket)),
    });
    serde_json::to_string(&list).map_err(|error| StoreError::Other(format!("files of a mail: {error}")))
}
