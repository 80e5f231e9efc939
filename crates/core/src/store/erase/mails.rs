//! Mails as they came: theirs, and those of others that hold something of theirs.

use std::collections::{BTreeMap, HashSet};

use super::scope::Scope;
use super::words::Phrases;
use super::{GONE, Work, erased_id};
use crate::reread;
use crate::store::content;
use crate::store::engine::{Row, StoreError, Tx};
use crate::values;
use postern_mail::parse::content_bytes;
use postern_mail::{Content, Message, ident};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Mails inside mails are looked into so deep.
const DEPTH: usize = 4;

/// What is known of their mails before these are erased.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Theirs {
    /// New texts of mails that made no entry.
    pub(super) texts: Vec<String>,
    /// SHA-256 of their files.
    pub(super) files: HashSet<[u8; 32]>,
}

/// A file of a message, as its row says.
struct File {
    position: i64,
    name: String,
    content_type: String,
    /// Where it is: a content row of its own, else a part of the message.
    own: Option<i64>,
    part: Content,
}

/// Reads their mails, and what they gave by command.
pub(super) fn theirs(tx: &Tx<'_>, scope: &mut Scope) -> Result<Theirs, StoreError> {
    let mut theirs = Theirs::default();
    for id in scope.messages.clone() {
        let (raw, charset) = raw_of(tx, id)?;
        let tickets =
            tx.query("SELECT ticket_id FROM delivery WHERE message = ?1 AND ticket_id IS NOT NULL", values![id], |row| {
                row.get::<i64>(0)
            })?;
        if tickets.is_empty() {
            theirs.texts.push(reread::read(&raw, charset.as_deref()).reply);
        }
        for file in files(tx, id)? {
            theirs.files.insert(hash(&octets(tx, &file, &raw)?));
            tickets.iter().for_each(|ticket| scope.look_for(*ticket, &file.name));
        }
    }
    for entry in scope.entries.clone() {
        let sql =
            "SELECT f.name, f.content_id, e.ticket_id FROM entry_file f JOIN entry e ON e.id = f.entry_id WHERE f.entry_id = ?1";
        let given = tx.query(sql, values![entry], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?)))?;
        for (name, file, ticket) in given {
            theirs.files.insert(hash(&content::get(tx, file)?));
            scope.look_for(ticket, &name);
        }
    }
    Ok(theirs)
}

/// How many files their mails have.
pub(super) fn count_files(tx: &Tx<'_>, scope: &Scope) -> Result<usize, StoreError> {
    let sql = "SELECT count(*) FROM attachment WHERE message = ?1";
    let count = |id: &i64| tx.query_opt(sql, values![*id], |row| row.get::<u64>(0));
    let counts = scope.messages.iter().map(count).collect::<Result<Vec<_>, _>>()?;
    Ok(counts.into_iter().flatten().filter_map(|count| usize::try_from(count).ok()).sum())
}

/// Erases a mail of theirs: octets, files, and who wrote what to whom. What tells that the same mail comes again stays.
pub(super) fn bury(work: &Work<'_, '_, '_>, id: &i64) -> Result<(), StoreError> {
    let Work { tx, who, graves, .. } = work;
    for file in files(tx, *id)? {
        bury_file(work, *id, &file)?;
    }
    let sql = "SELECT raw_id, message_id FROM message WHERE id = ?1";
    let Some((raw, message_id)) = tx.query_opt(sql, values![*id], |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?)))? else {
        return Ok(());
    };
    let grave = graves.bury(raw)?;
    let kept = if ident::is_synthetic(&message_id) { message_id.clone() } else { erased_id(&message_id) };
    let sql = "UPDATE message SET raw_id = ?2, message_id = ?3, from_email = ?4, from_name = '', to_emails = '', subject = ?5
               WHERE id = ?1";
    tx.execute(sql, values![*id, grave, &kept, &who.marker_address, GONE])?;
    tx.execute("UPDATE named_message SET message_id = ?2 WHERE message_id = ?1", values![&message_id, &kept]).map(|_| ())
}

fn bury_file(work: &Work<'_, '_, '_>, message: i64, file: &File) -> Result<(), StoreError> {
    let grave = match file.own {
        Some(own) => work.graves.bury(own)?,
        None => work.graves.stone(),
    };
    let sql = "UPDATE attachment SET name = ?3, content_type = 'application/octet-stream', content_key = NULL, size = ?4,
                 range_start = NULL, range_end = NULL, encoding = NULL, content_id = ?5 WHERE message = ?1 AND position = ?2";
    work.tx.execute(sql, values![message, file.position, GONE, GONE.len(), grave]).map(|_| ())
}

/// A mail of somebody else from which something goes.
pub(super) struct Other {
    id: i64,
    /// Its subject.
    subject: bool,
    /// Whether it holds something of theirs, so that its octets are no longer kept.
    pub(super) has_theirs: bool,
    /// Positions of the files that do.
    pub(super) files: Vec<i64>,
}

/// The mails of others on their tickets, and of those on none that may be about them, from which something goes.
pub(super) fn others_to_scrub(work: &Work<'_, '_, '_>, scope: &Scope, theirs: &Theirs) -> Result<Vec<Other>, StoreError> {
    let mut found = Vec::new();
    for (id, ticket) in others(work, scope)? {
        let (raw, charset) = raw_of(work.tx, id)?;
        let look = Look { work, phrases: scope.phrases(ticket), theirs };
        let subject = is_subject_theirs(work, scope, id, ticket)?;
        let has_theirs = look.is_in_mail(&reread::read(&raw, charset.as_deref()), &raw, DEPTH);
        let mut positions = Vec::new();
        for file in if has_theirs { files(work.tx, id)? } else { Vec::new() } {
            if look.is_in_file(&file.name, &file.content_type, &octets(work.tx, &file, &raw)?, DEPTH) {
                positions.push(file.position);
            }
        }
        if subject || has_theirs {
            found.push(Other { id, subject, has_theirs, files: positions });
        }
    }
    Ok(found)
}

/// Takes what is theirs out of a mail of somebody else: its octets are no longer kept, files that hold nothing of theirs get a row of
/// their own first.
pub(super) fn scrub_other(work: &Work<'_, '_, '_>, other: &Other) -> Result<(), StoreError> {
    let id = other.id;
    if other.subject {
        work.tx.execute("UPDATE message SET subject = ?2 WHERE id = ?1", values![id, GONE])?;
    }
    if !other.has_theirs {
        return Ok(());
    }
    let (raw, _) = raw_of(work.tx, id)?;
    for file in files(work.tx, id)? {
        if other.files.contains(&file.position) {
            bury_file(work, id, &file)?;
        } else if file.own.is_none() {
            let own = content::put(work.tx, &octets(work.tx, &file, &raw)?)?;
            let sql = "UPDATE attachment SET range_start = NULL, range_end = NULL, encoding = NULL, content_id = ?3
                       WHERE message = ?1 AND position = ?2";
            work.tx.execute(sql, values![id, file.position, own])?;
        }
    }
    let raw = work.tx.query_opt("SELECT raw_id FROM message WHERE id = ?1", values![id], |row| row.get::<i64>(0))?;
    if let Some(raw) = raw {
        let grave = work.graves.bury(raw)?;
        work.tx.execute("UPDATE message SET raw_id = ?2 WHERE id = ?1", values![id, grave])?;
    }
    // There is nothing left to let in.
    let sql =
        "UPDATE delivery SET verdict = 'recorded', reason = 'its octets went while it was held: it named somebody who was erased'
               WHERE message = ?1 AND verdict = 'quarantined'";
    work.tx.execute(sql, values![id]).map(|_| ())
}

/// Whether a mail is an answer to what they asked, by its subject.
fn is_subject_theirs(work: &Work<'_, '_, '_>, scope: &Scope, id: i64, ticket: Option<i64>) -> Result<bool, StoreError> {
    let subject = work.tx.query_opt("SELECT subject FROM message WHERE id = ?1", values![id], |row| row.get::<String>(0))?;
    let subject = subject.unwrap_or_default();
    Ok(scope.subjects(ticket).iter().any(|known| subject.contains(known.as_str()))
        || work.words.are_in(&subject, scope.phrases(ticket)))
}

/// Mails of others to look through, each with its ticket.
fn others(work: &Work<'_, '_, '_>, scope: &Scope) -> Result<BTreeMap<i64, Option<i64>>, StoreError> {
    let sql =
        "SELECT m.id, d.ticket_id, d.class, d.reason, d.trail, m.to_emails FROM delivery d JOIN message m ON m.id = d.message
               WHERE d.verdict <> 'duplicate'";
    let mut others = BTreeMap::new();
    work.tx.query(sql, &[], |row| {
        let (id, ticket): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
        let names = |column| Ok::<_, StoreError>(work.words.renamed(row.text(column)?, true).is_some());
        // What reports on mail names its recipient in parts that are not in the ledger.
        let reports = matches!(
            row.text(2)?,
            "bounce-final" | "bounce-delay" | "bounce-success" | "read-receipt" | "feedback" | "challenge"
        );
        let is_there = ticket.is_some_and(|ticket| scope.tickets.contains(&ticket));
        // What came in since it began is new, but on their tickets.
        let is_new = id > work.bounds.of("message");
        if !scope.messages.contains(&id) && (is_there || !is_new && (reports || names(3)? || names(4)? || names(5)?)) {
            let known: &mut Option<i64> = others.entry(id).or_default();
            *known = known.or(ticket.filter(|_| is_there));
        }
        Ok(())
    })?;
    Ok(others)
}

/// What a mail of somebody else is looked through for.
struct Look<'l, 'w, 't, 'c> {
    work: &'l Work<'w, 't, 'c>,
    phrases: &'l Phrases,
    theirs: &'l Theirs,
}

impl Look<'_, '_, '_, '_> {
    /// Whether a mail holds something of theirs: as it came, or in any part of it once decoded.
    fn is_in_mail(&self, mail: &Message, raw: &[u8], depth: usize) -> bool {
        let is_in = |text: &str| self.work.words.are_in(text, self.phrases);
        let html = mail.html.as_ref().map(|html| content_bytes(raw, html)).unwrap_or_default();
        is_in(&String::from_utf8_lossy(raw))
            || mail.headers.iter().any(|field| is_in(&field.value))
            || is_in(&mail.text)
            || is_in(&without_tags(&String::from_utf8_lossy(&html)))
            || mail
                .attachments
                .iter()
                .any(|file| self.is_in_file(&file.name, &file.content_type, &content_bytes(raw, &file.content), depth))
    }

    /// Whether a file is one of theirs, or holds something of theirs as far as it is a text or a mail.
    fn is_in_file(&self, name: &str, content_type: &str, octets: &[u8], depth: usize) -> bool {
        if self.theirs.files.contains(&hash(octets)) {
            return true;
        }
        let is_in = |text: &str| self.work.words.are_in(text, self.phrases);
        let is_mail = content_type.starts_with("message/") || name.to_lowercase().ends_with(".eml");
        is_in(name)
            || is_in(&String::from_utf8_lossy(octets))
            || depth > 0 && is_mail && self.is_in_mail(&postern_mail::parse(octets), octets, depth - 1)
    }
}

/// HTML as lines of text, near enough to find words in it: tags end nothing, blocks end lines.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for (position, piece) in html.split('<').enumerate() {
        let (tag, rest) = if position == 0 { ("", piece) } else { piece.split_once('>').unwrap_or((piece, "")) };
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if ["br", "p", "div", "td", "li", "tr", "blockquote", "h1", "h2", "pre"]
            .iter()
            .any(|block| name.eq_ignore_ascii_case(block))
        {
            text.push('\n');
        }
        text.push_str(&rest.replace(['\r', '\n'], " "));
    }
    text.replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

fn hash(octets: &[u8]) -> [u8; 32] {
    Sha256::digest(octets).into()
}

fn raw_of(tx: &Tx<'_>, message: i64) -> Result<(Vec<u8>, Option<String>), StoreError> {
    let sql = "SELECT raw_id, charset FROM message WHERE id = ?1";
    let found = tx.query_opt(sql, values![message], |row| Ok((row.get::<i64>(0)?, row.get::<Option<String>>(1)?)))?;
    let (raw, charset) = found.ok_or_else(|| StoreError::Other(format!("there is no message {message}")))?;
    Ok((content::get(tx, raw)?, charset))
}

fn files(tx: &Tx<'_>, message: i64) -> Result<Vec<File>, StoreError> {
    let sql = "SELECT position, name, content_type, content_id, range_start, range_end, encoding FROM attachment
               WHERE message = ?1 ORDER BY position";
    tx.query(sql, values![message], file)
}

fn file(row: &Row<'_>) -> Result<File, StoreError> {
    let octet =
        |column| Ok::<_, StoreError>(row.get::<Option<u64>>(column)?.and_then(|octet| usize::try_from(octet).ok()).unwrap_or(0));
    let part = Content::Range { start: octet(4)?, end: octet(5)?, encoding: row.get::<Option<String>>(6)?.unwrap_or_default() };
    Ok(File { position: row.get(0)?, name: row.get(1)?, content_type: row.get(2)?, own: row.get(3)?, part })
}

fn octets(tx: &Tx<'_>, file: &File, raw: &[u8]) -> Result<Vec<u8>, StoreError> {
    match file.own {
        Some(own) => content::get(tx, own),
        None => Ok(content_bytes(raw, &file.part)),
    }
}
