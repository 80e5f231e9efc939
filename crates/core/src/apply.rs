//! Carries out a decision inside the open transaction: changes first, then the mails that tell of them.

use crate::digest;
use crate::intake::Setting;
use crate::outbox::{FileRef, MailHeaders, Mailbox};
use crate::store::bounce::{self, HardBounce};
use crate::store::engine::{StoreError, Tx};
use crate::store::message::{self, Reading};
use crate::store::outbox::{self, NewMail};
use crate::store::ticket::{self, EntryOrigin};
use crate::store::{approval, audit, content, digest as waiting, entry as entries, link, mark, merge, person, probe, thread};
use crate::undelivered::undelivered;
use jiff::tz::TimeZone;
use postern_mail::ident::{self, OwnId};
use postern_mail::token::{self, Purpose};
use postern_model::audit::beginning;
use postern_model::{
    ApprovalAnswer, Change, Decision, EntryKind, Facts, NewEntry, Notice, NoticeFile, Party, PastChange, Site, Upload, WatchRole,
};

/// Why a mail is held that would tell customers words of an internal comment (E12).
pub(crate) const HELD: &str = "held: it repeats words of an internal comment";

/// What a decision is about.
pub(crate) struct Origin<'a> {
    /// Message row, where a message is the cause.
    pub(crate) message: Option<i64>,
    /// Files that came by another way.
    pub(crate) uploads: &'a [Upload],
    /// The entry that an earlier delivery of the same message made.
    pub(crate) event: Option<i64>,
    /// When.
    pub(crate) now: i64,
}

/// Applies a decision; returns the entry that its mails tell of.
pub(crate) fn apply(
    tx: &Tx<'_>,
    facts: &dyn Facts,
    setting: &Setting<'_>,
    decision: &Decision,
    origin: &Origin<'_>,
) -> Result<Option<i64>, StoreError> {
    let mut event = None;
    let mut set = Set { site: facts.site(), first: None, entries: Vec::new(), begins: Vec::new() };
    for change in &decision.changes {
        if let Some(entry) = one(tx, change, origin, &mut set)? {
            event.get_or_insert(entry);
        }
    }
    if let (Some(user), Some(first)) = (setting.run_by, set.first) {
        audit::run_by(tx, first, user)?;
    }
    let event = event.or(origin.event);
    decision.changes.iter().try_for_each(|change| by_entry(tx, change, &set, origin.now))?;
    let uploads = files_of(tx, event, origin)?;
    let arrived = Arrived { message: origin.message, uploads: &uploads };
    let mut texts: Vec<(&str, i64)> = Vec::new();
    for notice in &decision.notices {
        let known = texts.iter().find(|(text, _)| *text == notice.text).map(|(_, id)| *id);
        let text_id = match known {
            Some(id) => id,
            None => content::put(tx, notice.text.as_bytes())?,
        };
        texts.push((&notice.text, text_id));
        let files = notice.files.iter().filter_map(|file| file_ref(tx, &arrived, *file).transpose()).collect::<Result<_, _>>()?;
        queue_mail(tx, facts, setting, notice, &About { event, text_id, files, now: origin.now })?;
    }
    for change in &decision.changes {
        if let Change::Bounced { mail, reply } = change {
            let told = bounce::bounced(tx, *mail, reply, origin.now)?;
            undelivered(tx, setting, &told, origin.now)?;
        }
    }
    Ok(event)
}

/// The entries of one decision belong together.
struct Set<'s> {
    site: &'s Site,
    /// The first of them.
    first: Option<i64>,
    /// Each with its ticket, and whether somebody's approval stands in it.
    entries: Vec<(u64, i64, bool)>,
    /// What tickets begin with, until their first entry is written.
    begins: Vec<(u64, Vec<PastChange>)>,
}

impl Set<'_> {
    /// What a ticket begins with, if this entry opens it.
    fn begin(&mut self, number: u64, entry: &NewEntry) -> Vec<PastChange> {
        let opened = self.begins.iter().position(|(ticket, _)| *ticket == number).filter(|_| entry.kind == EntryKind::Create);
        opened.map(|at| self.begins.swap_remove(at).1).unwrap_or_default()
    }

    /// Notes an entry that was written.
    fn wrote(&mut self, ticket: u64, id: i64, entry: &NewEntry) {
        self.first.get_or_insert(id);
        self.entries.push((ticket, id, entry.changes.iter().any(|change| change.field == "approval")));
    }

    /// The entry of a ticket in which an approval stands, else its first.
    fn of_approval(&self, ticket: u64) -> Option<i64> {
        let of_ticket = || self.entries.iter().filter(|(number, ..)| *number == ticket);
        of_ticket().find(|(.., approves)| *approves).or_else(|| of_ticket().next()).map(|(_, id, _)| *id)
    }
}

/// Makes a change that names the entry by which it is made.
fn by_entry(tx: &Tx<'_>, change: &Change, written: &Set<'_>, now: i64) -> Result<(), StoreError> {
    match change {
        Change::Undone { set, again } => audit::undone(tx, *set, written.first, again),
        Change::AnswerApproval { ticket, person, yes, trust, remark } => {
            let answer = ApprovalAnswer { yes: *yes, trust: *trust, remark: remark.clone() };
            approval::answer(tx, (*ticket, *person), &answer, (written.of_approval(*ticket), now))
        }
        _ => Ok(()),
    }
}

/// The files that came with the event.
struct Arrived<'a> {
    message: Option<i64>,
    uploads: &'a [FileRef],
}

/// Keeps the files that came by another way than a message; says where.
fn files_of(tx: &Tx<'_>, event: Option<i64>, origin: &Origin<'_>) -> Result<Vec<FileRef>, StoreError> {
    let upload = |(position, file)| match event {
        Some(event) => entries::attach(tx, event, position, file),
        None => Err(StoreError::Other("files came with no entry".to_owned())),
    };
    origin.uploads.iter().enumerate().map(upload).collect()
}

/// Where a file is that is passed on. `None`: it is there no more.
fn file_ref(tx: &Tx<'_>, arrived: &Arrived<'_>, file: NoticeFile) -> Result<Option<FileRef>, StoreError> {
    match (file, arrived.message) {
        (NoticeFile::Arrived(position), Some(message)) => {
            let position = i64::try_from(position).unwrap_or(i64::MAX);
            Ok(Some(FileRef::OfMessage { message, position }))
        }
        (NoticeFile::Arrived(position), None) => Ok(arrived.uploads.get(position).cloned()),
        (NoticeFile::Kept { entry, position }, _) => Ok(entries::files(tx, entry)?.into_iter().nth(position).map(|file| file.at)),
    }
}

/// What a mail is about: the entry, its text's content row, its files, and the time.
struct About {
    event: Option<i64>,
    text_id: i64,
    files: Vec<FileRef>,
    now: i64,
}

/// Makes one change; returns the entry of the message, where the change is that.
fn one(tx: &Tx<'_>, change: &Change, origin: &Origin<'_>, set: &mut Set<'_>) -> Result<Option<i64>, StoreError> {
    let now = origin.now;
    set.begins.extend(beginning(set.site, change));
    match change {
        Change::CreateTicket { number, queue, subject, status, requestors, cc } => {
            ticket::create(tx, *number, *queue, (subject, status), now)?;
            for (role, people) in [(WatchRole::Requestor, requestors), (WatchRole::Cc, cc)] {
                for party in people {
                    let id = person::ensure(tx, party, now)?;
                    ticket::watch(tx, *number, role, id)?;
                }
            }
        }
        Change::Entry { ticket, entry } => {
            let actor = entry.actor.as_ref().map(|party| person::ensure(tx, party, now)).transpose()?;
            let message = origin.message.filter(|_| entry.of_event);
            let begins = set.begin(*ticket, entry);
            let origin = EntryOrigin { at: now, actor, message, set: set.first };
            let id = ticket::begin(tx, *ticket, (entry, &begins), origin)?;
            set.wrote(*ticket, id, entry);
            return Ok(entry.of_event.then_some(id));
        }
        Change::SetStatus { ticket, status, kind } => ticket::set_status(tx, *ticket, (status, *kind), now)?,
        Change::SetOwner { ticket, owner } => ticket::set_owner(tx, *ticket, *owner)?,
        Change::SetQueue { ticket, queue } => ticket::set_queue(tx, *ticket, *queue)?,
        Change::SetSubject { ticket, subject } => ticket::set_subject(tx, *ticket, subject)?,
        Change::SetPriority { ticket, priority } => ticket::set_priority(tx, *ticket, *priority)?,
        Change::SetDue { ticket, due } => ticket::set_due(tx, *ticket, *due)?,
        Change::SetFinalPriority { ticket, priority } => ticket::set_final_priority(tx, *ticket, *priority)?,
        Change::SetStarts { ticket, starts } => ticket::set_starts(tx, *ticket, *starts)?,
        Change::SetMoment { ticket, moment, at } => ticket::set_moment(tx, *ticket, *moment, *at)?,
        Change::SetWakes { ticket, wakes } => ticket::set_wakes(tx, *ticket, *wakes)?,
        Change::SetTimeWorked { ticket, minutes } => ticket::set_time_worked(tx, *ticket, *minutes)?,
        Change::SetTimeEstimated { ticket, minutes } => ticket::set_time_estimated(tx, *ticket, *minutes)?,
        Change::SetTimeLeft { ticket, minutes } => ticket::set_time_left(tx, *ticket, *minutes)?,
        Change::Tag { ticket, tag, on } => mark::tag(tx, *ticket, tag, *on)?,
        Change::Field { ticket, field, from, to } => mark::set_field(tx, *ticket, field, from.as_deref(), to.as_deref())?,
        Change::AddWatcher { ticket, role, party } => {
            let id = person::ensure(tx, party, now)?;
            ticket::watch(tx, *ticket, *role, id)?;
        }
        Change::RemoveWatcher { ticket, role, party } => {
            let id = person::ensure(tx, party, now)?;
            ticket::unwatch(tx, *ticket, *role, id)?;
        }
        Change::Squelch { ticket, address, on } => ticket::squelch(tx, *ticket, address, *on)?,
        Change::ProbeReturned { address, number } => probe::returned(tx, address, *number)?,
        Change::BorderProbeReturned { number, seen } => probe::border_returned(tx, *number, seen)?,
        Change::WatchQueue { ticket, queue } => ticket::watch_by_queue(tx, *ticket, *queue)?,
        Change::UnwatchQueue { ticket, queue } => ticket::unwatch_by_queue(tx, *ticket, *queue)?,
        Change::Reread { message, charset, subject, from_name, files } => {
            let reading = Reading { charset: charset.as_deref(), subject, from_name: from_name.as_deref(), files };
            message::reread(tx, *message, &reading)?;
        }
        Change::Approve { entry } => entries::approve(tx, *entry)?,
        Change::EntryText { entry, text, folds } => entries::set_text(tx, *entry, text, folds)?,
        Change::NamePerson { person, name } => person::rename(tx, *person, name)?,
        Change::Participants { ticket, addresses } => {
            addresses.iter().try_for_each(|address| ticket::add_participant(tx, *ticket, address))?;
        }
        Change::AskApproval { ticket, person, by } => approval::ask(tx, (*ticket, *person), *by, now)?,
        Change::UnaskApproval { ticket, person } => approval::unask(tx, *ticket, *person)?,
        // With the entries, once they are written.
        Change::Undone { .. } | Change::AnswerApproval { .. } => {}
        // With the setting, after everything else.
        Change::Bounced { .. } => {}
        Change::DeliveryNote { mail, note } => bounce::note(tx, *mail, note)?,
        Change::Trouble { address, mail, reply, suspends } => {
            bounce::count(tx, &HardBounce { address, mail: *mail, reply, suspends: *suspends }, now)?;
        }
        Change::ClearTrouble { address } => bounce::forget(tx, address).map(|_| ())?,
        // They are whole decisions of their own: intake makes them before it applies the one that wants them.
        Change::Release { .. } | Change::PutAside { .. } => {}
        Change::SendHeld { mails } => mails.iter().try_for_each(|id| outbox::retry(tx, *id, now).map(|_| ()))?,
        Change::DiscardHeld { mails } => mails.iter().try_for_each(|id| outbox::discard(tx, *id, now).map(|_| ()))?,
        Change::Link { ticket, kind, target, on } => link::set(tx, *ticket, (*kind, target), *on)?,
        Change::Merge { ticket, into } => merge::set(tx, *ticket, *into)?,
        Change::EntryOf { ticket, entry, source } => {
            let actor = entry.actor.as_ref().map(|party| person::ensure(tx, party, now)).transpose()?;
            let begins = set.begin(*ticket, entry);
            let origin = EntryOrigin { at: now, actor, message: None, set: set.first };
            let id = ticket::begin(tx, *ticket, (entry, &begins), origin)?;
            set.wrote(*ticket, id, entry);
            entries::take_over(tx, id, *source)?;
        }
        Change::Remember { ticket, ids } => {
            ids.iter().try_for_each(|id| thread::remember(tx, *ticket, id))?;
        }
    }
    Ok(None)
}

/// Writes the outbox row of a mail. Its Message-ID carries ticket, event and audience, and stays as it is for ever.
fn queue_mail(tx: &Tx<'_>, facts: &dyn Facts, setting: &Setting<'_>, notice: &Notice, about: &About) -> Result<(), StoreError> {
    let key = facts.site().keys.first().ok_or_else(|| {
        StoreError::Other("the site has no signing key; run `postern init` with this configuration to make one".into())
    })?;
    let id = OwnId {
        ticket: notice.ticket,
        event: about.event.and_then(|e| u64::try_from(e).ok()).unwrap_or_default(),
        audience: notice.audience,
    };
    let domain = notice.from_address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let mailbox = |name: &str, email: &str| Mailbox { name: name.to_owned(), email: email.to_owned() };
    let shown = |party: &Party| mailbox(&party.name, &party.address);
    let headers = MailHeaders {
        from: mailbox(&notice.from_name, &notice.from_address),
        to: notice.shown_to.iter().map(shown).collect(),
        cc: notice.shown_cc.iter().map(shown).collect(),
        reply_to: Some(mailbox("", &notice.reply_to)),
        subject: notice.subject.clone(),
        date: about.now,
        message_id: ident::make(key, id, domain),
        in_reply_to: notice.in_reply_to.clone(),
        references: notice.references.clone(),
        more: notice.headers.clone(),
    };
    let envelope_from = match notice.kind.is_from_nobody() {
        true => "",
        false => setting.bounce.unwrap_or(&notice.from_address),
    };
    let mail = NewMail {
        created: about.now,
        ticket: notice.ticket,
        entry: about.event,
        kind: notice.kind.as_str(),
        audience: outbox::audience_word(notice.audience),
        address: &notice.to.address,
        envelope_from,
        headers: &headers,
        text_id: about.text_id,
        files: &about.files,
        html: notice.html,
    };
    let id = outbox::insert(tx, &mail)?;
    if !notice.repeats.is_empty() {
        outbox::hold(tx, id, HELD)?;
    } else if let Some(digest) = notice.digest {
        waiting::hold(tx, id, digest::due(digest, about.now, &TimeZone::system()))?;
    }
    // A sender of its own for each mail, where the site's mail server delivers such addresses: what comes back names its mail.
    let token = || token::make(key, Purpose::Bounce, id.unsigned_abs(), "");
    if let Some(address) = facts.site().extend(envelope_from, token) {
        outbox::set_envelope_from(tx, id, &address)?;
    }
    Ok(())
}
