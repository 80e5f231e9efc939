//! Carries out a decision inside the open transaction: changes first, then the mails that tell of them.

use super::Setting;
use crate::outbox::{MailHeaders, Mailbox};
use crate::store::engine::{StoreError, Tx};
use crate::store::outbox::{self, NewMail};
use crate::store::ticket::{self, EntryOrigin};
use crate::store::{content, person, thread};
use postern_mail::ident::{self, OwnId};
use postern_model::{Change, Decision, Facts, Notice, NoticeKind, WatchRole};

/// What a decision is about.
pub(super) struct Origin {
    /// Message row.
    pub(super) message: i64,
    /// The entry that an earlier delivery of the same message made.
    pub(super) event: Option<i64>,
    /// When.
    pub(super) now: i64,
}

/// Applies a decision; returns the entry that its mails tell of.
pub(super) fn apply(
    tx: &Tx<'_>,
    facts: &dyn Facts,
    setting: &Setting<'_>,
    decision: &Decision,
    origin: &Origin,
) -> Result<Option<i64>, StoreError> {
    let mut event = None;
    for change in &decision.changes {
        if let Some(entry) = one(tx, change, origin)? {
            event.get_or_insert(entry);
        }
    }
    let event = event.or(origin.event);
    let mut texts: Vec<(&str, i64)> = Vec::new();
    for notice in &decision.notices {
        let known = texts.iter().find(|(text, _)| *text == notice.text).map(|(_, id)| *id);
        let text_id = match known {
            Some(id) => id,
            None => content::put(tx, notice.text.as_bytes())?,
        };
        texts.push((&notice.text, text_id));
        queue_mail(tx, facts, setting, notice, &About { event, text_id, now: origin.now })?;
    }
    Ok(event)
}

/// What a mail is about: the entry, its text's content row, and the time.
struct About {
    event: Option<i64>,
    text_id: i64,
    now: i64,
}

/// Makes one change; returns the entry of the message, where the change is that.
fn one(tx: &Tx<'_>, change: &Change, origin: &Origin) -> Result<Option<i64>, StoreError> {
    let now = origin.now;
    match change {
        Change::CreateTicket { number, queue, subject, requestors, cc } => {
            ticket::create(tx, *number, *queue, subject, now)?;
            for (role, people) in [(WatchRole::Requestor, requestors), (WatchRole::Cc, cc)] {
                for party in people {
                    let id = person::ensure(tx, party, now)?;
                    ticket::watch(tx, *number, role, id)?;
                }
            }
        }
        Change::Entry { ticket, entry } => {
            let actor = entry.actor.as_ref().map(|party| person::ensure(tx, party, now)).transpose()?;
            let message = entry.of_message.then_some(origin.message);
            let id = ticket::append(tx, *ticket, entry, EntryOrigin { at: now, actor, message })?;
            return Ok(entry.of_message.then_some(id));
        }
        Change::SetStatus { ticket, status } => ticket::set_status(tx, *ticket, *status, now)?,
        Change::SetOwner { ticket, owner } => ticket::set_owner(tx, *ticket, *owner)?,
        Change::SetQueue { ticket, queue } => ticket::set_queue(tx, *ticket, *queue)?,
        Change::WatchQueue { ticket, queue } => ticket::watch_by_queue(tx, *ticket, *queue)?,
        Change::Participants { ticket, addresses } => {
            addresses.iter().try_for_each(|address| ticket::add_participant(tx, *ticket, address))?;
        }
        Change::Link { ticket, target } => ticket::link(tx, *ticket, *target)?,
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
    let headers = MailHeaders {
        from: mailbox(&notice.from_name, &notice.from_address),
        to: vec![mailbox(&notice.to.name, &notice.to.address)],
        cc: Vec::new(),
        reply_to: Some(mailbox("", &notice.reply_to)),
        subject: notice.subject.clone(),
        date: about.now,
        message_id: ident::make(key, id, domain),
        in_reply_to: notice.in_reply_to.clone(),
        references: notice.references.clone(),
        more: notice.headers.clone(),
    };
    let envelope_from = match notice.kind {
        NoticeKind::Acknowledgement => "",
        NoticeKind::Notification => setting.bounce.unwrap_or(&notice.from_address),
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
        files: &[],
        html: false,
    };
    outbox::insert(tx, &mail).map(|_| ())
}
