//! A mail that came out garbled is read again in a charset that a person names, or by the program itself again (E14). Nobody
//! is mailed: what left, left.

use super::act::ActRefusal;
use super::desk::Desk;
use super::{by_mail, fold, opening};
use crate::act::Actor;
use crate::decision::{Change, Decision, EntryKind, FieldChange, NewEntry, Verdict};
use crate::facts::{FactError, Facts, KeptMessage};
use crate::types::{Party, Trust};
use postern_mail::address::address_key;
use postern_mail::{ForwardSource, Message};

/// What stands for the program's own reading where a charset stands otherwise.
const AUTO: &str = "auto";

/// A mail that is to be read again.
#[derive(Debug, Clone, Copy)]
pub struct Rereading<'a> {
    /// Its number in the ledger: what people know it by.
    pub id: i64,
    /// Message row.
    pub message: i64,
    /// Who wants it.
    pub by: &'a Actor,
    /// The charset to be used; `None`: the program's own reading.
    pub charset: Option<&'a str>,
    /// The mail, read so.
    pub read: &'a Message,
    /// The mail as the program reads it by itself.
    pub own: &'a Message,
    /// The mail as it was read until now.
    pub former: &'a Message,
    /// When, microseconds since 1970 UTC.
    pub now: i64,
}

/// Decides what reading a mail again changes: the texts that it wrote, and what else still bears its words. Read in the former
/// way again, everything is as it was. Where it reads the same, nothing changes, and the verdict is [`Verdict::Joined`].
///
/// # Errors
/// [`ActRefusal`]: there is no such message, or a fact could not be had.
pub fn decide_reread(facts: &dyn Facts, again: &Rereading<'_>) -> Result<Decision, ActRefusal> {
    let gone = ActRefusal::Incomplete("the message is gone; `postern mail list` shows what there is");
    let kept = facts.kept_message(again.message)?.ok_or(gone)?;
    let mut desk = Desk::new(facts, again.now);
    let ticket = kept.entries.first().map(|entry| entry.ticket);
    let (from, to) = (kept.charset.as_deref(), again.charset);
    let in_words = |charset: Option<&str>| charset.map_or_else(|| charsets(again.own), str::to_owned);
    let names = renamed(&mut desk, again, &kept)?;
    desk.changes.extend(texts(facts, again, &kept)?);
    let row = row(again, &kept);
    let same = desk.changes.is_empty() && says_the_same(&row, &kept);
    if same && (to == from || to.is_some()) {
        let reason = format!("nothing changes: mail {} {}", again.id, unchanged(again));
        return Ok(desk.end(Verdict::Joined, reason, Trust::Authenticated, ticket));
    }
    desk.changes.push(row);
    let by_itself = if to.is_none() { ", by the program itself" } else { "" };
    let did = format!("mail {} read again as {}{by_itself}, before as {}", again.id, in_words(to), in_words(from));
    let back = format!("`postern mail redecode {} --charset {}` goes back.", again.id, from.unwrap_or(AUTO));
    let note = format!("M{}.\n{back}", did.get(1..).unwrap_or_default());
    let mut tickets: Vec<u64> = kept.entries.iter().map(|entry| entry.ticket).collect();
    tickets.sort_unstable();
    tickets.dedup();
    for number in tickets {
        let mut changes = vec![FieldChange { field: "charset".into(), from: word(from), to: word(to) }];
        changes.extend(names.iter().cloned());
        changes.extend(retitled(&mut desk, again, &kept, number)?);
        desk.changes.push(Change::Entry { ticket: number, entry: remark(again, note.clone(), changes) });
    }
    Ok(desk.end(Verdict::Commanded, did, Trust::Authenticated, ticket))
}

/// Why reading it again changes nothing.
fn unchanged(again: &Rereading<'_>) -> String {
    let read_as = charsets(again.former);
    match again.charset {
        _ if again.own.decodings.is_empty() && again.own.text.trim().is_empty() => match again.own.attachments.len() {
            0 => "has no text".to_owned(),
            1 => "has no text; its file is passed on as it came".to_owned(),
            _ => "has no text; its files are passed on as they came".to_owned(),
        },
        Some(to) if again.own.decodings.is_empty() => format!("is plain ASCII, which is read as it is in {to}, too"),
        Some(to) if to == read_as => format!("is read as {to} already"),
        None => format!("is read as {read_as} already, as the program reads it by itself"),
        Some(to) => format!("reads the same as {to}"),
    }
}

fn word(charset: Option<&str>) -> Option<String> {
    Some(charset.unwrap_or(AUTO).to_owned())
}

/// The charsets of a reading, for people.
fn charsets(message: &Message) -> String {
    let mut names: Vec<&str> = Vec::new();
    for decoding in &message.decodings {
        if !names.contains(&decoding.charset) {
            names.push(decoding.charset);
        }
    }
    if names.is_empty() { "US-ASCII".to_owned() } else { names.join(" and ") }
}

/// What the message's row says from now on. Names of files change where there are as many as before: their octets stay theirs.
fn row(again: &Rereading<'_>, kept: &KeptMessage) -> Change {
    let files: Vec<String> = again.read.attachments.iter().map(|file| file.name.clone()).collect();
    let fit = files.len() == kept.files.len() && files != kept.files;
    Change::Reread {
        message: again.message,
        charset: again.charset.map(str::to_owned),
        subject: again.read.subject.clone(),
        from_name: again.read.author().map(|author| author.name.clone()),
        files: if fit { files } else { Vec::new() },
    }
}

fn says_the_same(row: &Change, kept: &KeptMessage) -> bool {
    match row {
        Change::Reread { subject, from_name, files, .. } => {
            *subject == kept.subject && *from_name == kept.from_name && files.is_empty()
        }
        _ => true,
    }
}

/// The texts that it wrote, told apart anew. What came after it, the mails that told of it among them, is no knowledge for that.
fn texts(facts: &dyn Facts, again: &Rereading<'_>, kept: &KeptMessage) -> Result<Vec<Change>, FactError> {
    let mut texts = Vec::new();
    for entry in kept.entries.iter().filter(|entry| entry.text != again.read.text) {
        let known = match entry.created {
            true => None,
            false => fold::folded(facts, again.read, entry.ticket, entry.at)?,
        };
        let folds = known.map_or_else(|| again.read.folds.clone(), |(folded, _)| folded.folds);
        let folds = by_mail::folds_again(facts.site(), (again.former, entry), again.read, &folds);
        texts.push(Change::EntryText { entry: entry.id, text: again.read.text.clone(), folds });
    }
    Ok(texts)
}

/// The names of its sender and of who wrote what it forwards, if they have no other than the ones that it gave them. A forward
/// named somebody only where it opened a ticket.
fn renamed(desk: &mut Desk<'_>, again: &Rereading<'_>, kept: &KeptMessage) -> Result<Vec<FieldChange>, FactError> {
    let mut named: Vec<(String, &str, &str)> = Vec::new();
    if let (Some(from), Some(before), Some(author)) = (&kept.from, &kept.from_name, again.read.author()) {
        named.push((address_key(from), before, &author.name));
    }
    let opened = kept.entries.iter().any(|entry| entry.created);
    if let (true, Some(before), Some(now)) = (opened, &again.former.forwarded, &again.read.forwarded) {
        let same = before.from.key() == now.from.key() && before.source != ForwardSource::Resent;
        named.extend(same.then(|| (now.from.key(), before.from.name.as_str(), now.from.name.as_str())));
    }
    let mut changes = Vec::new();
    for (address, before, name) in named {
        if before == name || before.is_empty() {
            continue;
        }
        let person = desk.facts.person(&address)?;
        if let Some(person) = person.filter(|person| person.login.is_none() && person.name == before) {
            desk.changes.push(Change::NamePerson { person: person.id, name: name.to_owned() });
            let (from, to) = (Some(before.to_owned()), Some(name.to_owned()));
            changes.push(FieldChange { field: "name".into(), from, to });
        }
    }
    Ok(changes)
}

/// The subject of the ticket that it opened, if that has no other than the one that it gave it.
fn retitled(
    desk: &mut Desk<'_>,
    again: &Rereading<'_>,
    kept: &KeptMessage,
    number: u64,
) -> Result<Option<FieldChange>, FactError> {
    if !kept.entries.iter().any(|entry| entry.created && entry.ticket == number) {
        return Ok(None);
    }
    let Some(ticket) = desk.facts.ticket(number)?.filter(|ticket| ticket.number == number) else { return Ok(None) };
    let site = desk.facts.site();
    let subject_of = |message: &Message| message.forwarded.as_ref().and_then(|original| original.subject.clone());
    let mut subjects = vec![(kept.subject.clone(), again.read.subject.clone())];
    subjects.extend(subject_of(again.former).zip(subject_of(again.read)));
    let titles =
        |keep: bool| subjects.iter().map(move |(old, new)| (opening::titled(site, old, keep), opening::titled(site, new, keep)));
    let Some((before, subject)) = titles(false).chain(titles(true)).find(|(before, _)| *before == ticket.subject) else {
        return Ok(None);
    };
    if before == subject {
        return Ok(None);
    }
    desk.changes.push(Change::SetSubject { ticket: number, subject: subject.clone() });
    Ok(Some(FieldChange { field: "subject".into(), from: Some(before), to: Some(subject) }))
}

/// The entry that tells of it.
fn remark(again: &Rereading<'_>, text: String, changes: Vec<FieldChange>) -> NewEntry {
    let actor = match again.by {
        Actor::System => None,
        Actor::Person(person) => Some(Party::from(person)),
    };
    NewEntry { news: false, ..NewEntry::internal(EntryKind::Note, actor, Some(text), changes) }
}
