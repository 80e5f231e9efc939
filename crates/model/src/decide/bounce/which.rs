//! Which mail of ours a report is about: by the token in the address that it came to, else by the Message-ID that came back.

use super::is_report;
use crate::decide::Deliberation;
use crate::decide::place::addressees;
use crate::decide::token::in_address;
use crate::decision::NoticeKind;
use crate::facts::FactError;
use crate::returned::SentMail;
use postern_mail::Report;
use postern_mail::address::address_key;
use postern_mail::classify::is_from_server;
use postern_mail::ident::{self, Audience};
use postern_mail::report::ReportRecipient;
use postern_mail::token::{self, Purpose, Token};

/// Recipients of one report that are looked at. A mail of ours has one; more stand there when an alias was followed.
const MOST: usize = 20;

/// What a report is about.
pub(super) struct Found {
    /// The mails; none where a Message-ID says no more than the ticket.
    pub(super) mails: Vec<About>,
    /// Their ticket.
    pub(super) ticket: Option<u64>,
    /// Whether a token names the mail.
    pub(super) exact: bool,
    /// How it was found, for people.
    pub(super) how: String,
}

/// A mail, and what is said of it.
pub(super) struct About {
    pub(super) mail: SentMail,
    pub(super) said: ReportRecipient,
    /// Whether it counts against the address. Not when it came another way than true reports come - whoever else has the mail
    /// knows its Message-ID - nor when what failed lies behind the address: a list, an alias, a forward may reach others.
    pub(super) counts: bool,
    /// Whether nobody else got a mail with this Message-ID.
    pub(super) alone: bool,
}

/// Finds the mails; `None`: it names none of ours.
pub(super) fn find(d: &Deliberation<'_>) -> Result<Option<Found>, FactError> {
    let none = Report::default();
    let report = d.arrival.message.report.as_ref().unwrap_or(&none);
    if let Some((token, address)) = bounce_token(d, report)
        && let Some(mail) = row_of(d, &token)?
    {
        let (ticket, said) = (mail.ticket, said_of(&mail, report).cloned().unwrap_or_default());
        let counts = is_about(&mail, &said) || said.address.is_empty();
        let how = format!("{address} is the envelope sender of mail {}", mail.id);
        return Ok(Some(Found { mails: vec![About { mail, said, counts, alone: true }], ticket, exact: true, how }));
    }
    by_message_id(d, report)
}

/// The token in the address that it came to, as the mail server says it, else as it says itself. A provider that passes on a
/// complaint writes to another address, and names the envelope sender in its report.
fn bounce_token(d: &Deliberation<'_>, report: &Report) -> Option<(Token, String)> {
    let route = d.arrival.route;
    let envelope: Vec<String> = [&route.recipient, &route.original].into_iter().flatten().cloned().collect();
    let mut addresses = if envelope.is_empty() { addressees(d).map(|a| a.key()).collect() } else { envelope };
    addresses.extend(report.feedback.iter().map(|feedback| address_key(&feedback.mail_from)));
    let keys = &d.facts.site().keys;
    addresses.into_iter().find_map(|address| {
        let token = in_address(&address).filter(|token| token.purpose == Purpose::Bounce)?;
        token::verify(keys, &token, "").then_some((token, address))
    })
}

fn row_of(d: &Deliberation<'_>, token: &Token) -> Result<Option<SentMail>, FactError> {
    match i64::try_from(token.number) {
        Ok(row) => d.facts.sent_mail(row),
        Err(_) => Ok(None),
    }
}

/// By the Message-ID that came back. Words that only look like a report count if a mail server wrote them.
fn by_message_id(d: &Deliberation<'_>, report: &Report) -> Result<Option<Found>, FactError> {
    let (message, envelope) = (d.arrival.message, d.arrival.envelope);
    if !is_report(d.class()) || report.kind.is_empty() && !is_from_server(message, envelope) {
        return Ok(None);
    }
    let keys = &d.facts.site().keys;
    let id = report.original_message_id.as_deref().and_then(|id| ident::read(keys, id));
    let Some(id) = id.filter(|id| id.audience != Audience::Root) else { return Ok(None) };
    let sent = d.facts.sent_mails(id)?;
    let alone = sent.len() == 1;
    let mut mails: Vec<About> = Vec::new();
    for said in report.recipients.iter().take(MOST) {
        let Some(mail) = recipient(d, &sent, said)? else { continue };
        match mails.iter_mut().find(|about| about.mail.id == mail.id) {
            Some(known) if known.said.action >= said.action => {}
            Some(known) => *known = about(mail, said, alone),
            None => mails.push(about(mail, said, alone)),
        }
    }
    if let ([only], true) = (sent.as_slice(), mails.is_empty()) {
        mails.push(about(only, said_of(only, report).unwrap_or(&ReportRecipient::default()), true));
    }
    let how = match mails.is_empty() {
        true => "it names a mail of ours, and no address that the mail went to".to_owned(),
        false => "it names a mail of ours by its Message-ID".to_owned(),
    };
    Ok(Some(Found { mails, ticket: Some(id.ticket), exact: false, how }))
}

fn about(mail: &SentMail, said: &ReportRecipient, alone: bool) -> About {
    // Whoever else got it could say that of them; and what left with the null sender comes back to nobody.
    let could_be = alone && !mail.own_sender && !NoticeKind::from_word(&mail.kind).is_some_and(NoticeKind::is_from_nobody);
    About { mail: mail.clone(), said: said.clone(), counts: could_be && is_about(mail, said), alone }
}

/// The mail to this recipient, or to another address of the same person: people forward from one to the other.
fn recipient<'s>(d: &Deliberation<'_>, sent: &'s [SentMail], said: &ReportRecipient) -> Result<Option<&'s SentMail>, FactError> {
    let told = || [Some(&said.address), said.final_address.as_ref()].into_iter().flatten().filter(|a| !a.is_empty());
    let to = |wanted: &str| sent.iter().find(|mail| mail.address == wanted);
    if let Some(mail) = told().find_map(|address| to(&address_key(address))) {
        return Ok(Some(mail));
    }
    for address in told() {
        let Some(person) = d.facts.person(&address_key(address))? else { continue };
        if let Some(mail) = d.facts.addresses(person.id)?.iter().find_map(|other| to(other)) {
            return Ok(Some(mail));
        }
    }
    Ok(None)
}

/// What a report says of a mail: of its recipient, else the worst that it says.
fn said_of<'r>(mail: &SentMail, report: &'r Report) -> Option<&'r ReportRecipient> {
    let theirs = report.recipients.iter().find(|said| is(mail, &said.address));
    theirs.or_else(|| report.recipients.iter().max_by_key(|said| said.action))
}

/// Whether something is said of the very address that a mail went to.
fn is_about(mail: &SentMail, said: &ReportRecipient) -> bool {
    is(mail, &said.address) && said.final_address.as_ref().is_none_or(|end| is(mail, end))
}

fn is(mail: &SentMail, address: &str) -> bool {
    address_key(address) == mail.address
}
