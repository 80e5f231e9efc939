//! Reports about mail of ours: delivery status (RFC 3464, RFC 6533), read receipts (RFC 8098), feedback (RFC 5965), and
//! bounces in forms of their own, as data (A121, A125, A127).
//!
//! This is what a message says, read from whatever it sent; whether it is to be believed, and what happens then, is
//! decided elsewhere. [`crate::classify()`] tells the class; a person's mail may look like a bounce, too.

mod exchange;
mod fields;
mod free_form;
mod original;
mod phrases;
mod receipt;
mod status;

pub(crate) use exchange::{Told, is_report, of_exchange};
pub use original::Original;
pub(crate) use phrases::{delivery_subject, delivery_text, is_receipt_subject};
pub use receipt::{Disposition, Feedback};

use crate::address;
use crate::message::Message;
use crate::parse::{identity, limits};

/// What a delivery agent did for a recipient (RFC 3464 section 2.3.3). The order is from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Delivered, relayed or expanded.
    Succeeded,
    /// Not yet delivered; more attempts follow.
    Delayed,
    /// Given up.
    Failed,
}

/// What a report says of one recipient.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct ReportRecipient {
    /// Whom our mail was for: Original-Recipient, else Final-Recipient; without `rfc822;`, decoded. Empty when a report
    /// tells what happened and not to whom.
    pub address: String,
    /// Where it ended, when that is another address: an alias or a forward that failed.
    pub final_address: Option<String>,
    /// What became of it.
    pub action: Option<Action>,
    /// The enhanced status code, such as `5.1.1` (RFC 3463); empty when not told.
    pub status: String,
    /// The remote's words; at most 1,000 characters, empty when not told.
    pub diagnostic: String,
    /// The server that said them; empty when not told.
    pub remote: String,
    /// Until when a delayed mail is tried, microseconds since 1970 UTC.
    pub retry_until: Option<i64>,
    /// When it was last tried, microseconds since 1970 UTC.
    pub last_attempt: Option<i64>,
}

/// A multipart/report, or a bounce of another form.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// What it is, lower case: `delivery-status`, `disposition-notification`, `feedback-report`, ... Empty for what is no
    /// multipart/report, nor one of Exchange in winmail.dat.
    pub kind: String,
    /// What is said of each recipient; at most 1,000. For receipts and feedback: whom it is about, without an action.
    pub recipients: Vec<ReportRecipient>,
    /// Message-ID of the mail that the report is about, without angle brackets. From the report or the returned header;
    /// failing that, what the report answers by In-Reply-To or References.
    pub original_message_id: Option<String>,
    /// The header of that mail, as far as it came back.
    pub original: Option<Original>,
    /// The server or program that reports; empty when not told.
    pub reporting_mta: String,
    /// The ENVID that we gave it (RFC 3461 section 4.4), where a report repeats it.
    pub envelope_id: Option<String>,
    /// When the mail arrived there, microseconds since 1970 UTC.
    pub arrived: Option<i64>,
    /// What a read receipt says.
    pub disposition: Option<Disposition>,
    /// What a feedback report says.
    pub feedback: Option<Feedback>,
}

impl Report {
    /// The worst that befell any recipient.
    pub fn worst_action(&self) -> Option<Action> {
        self.recipients.iter().filter_map(|r| r.action).max()
    }

    /// Whether a status code or a server's reply stands beside any recipient.
    pub(crate) fn quotes_a_server(&self) -> bool {
        self.recipients.iter().any(|r| !r.status.is_empty() || free_form::code(&r.diagnostic).is_some())
    }
}

/// A part of a message for reading here: its media type, lower case, and its decoded octets.
#[derive(Debug, Clone)]
pub(crate) struct PartText {
    pub media_type: String,
    pub octets: Vec<u8>,
}

/// What a part is that carries another label; `None` when it does not look like a report.
pub(crate) fn kind_of(octets: &[u8]) -> Option<&'static str> {
    let head = String::from_utf8_lossy(octets.get(..limits::REPORT_SNIFF_OCTETS).unwrap_or(octets));
    fields::kind_of(&head).or_else(|| returned(&head).then_some("text/rfc822-headers"))
}

/// Whether this is the header of a message: known by fields that no text for people begins with.
fn returned(head: &str) -> bool {
    let group = fields::groups(head).into_iter().next().unwrap_or_default();
    let has = |name: &str| fields::get(&group, name).is_some();
    has("message-id") && (has("received") || has("from"))
}

/// Reads a multipart/report from its type and the parts that machines read.
pub(crate) fn read(kind: &str, message: &Message, text: &str, parts: &[PartText]) -> Report {
    let mut report = Report { kind: fields::bounded(kind).to_ascii_lowercase(), ..Report::default() };
    read_parts(parts, &mut report);
    // Some agents leave the report-type out or confuse it; the part itself says what it is.
    let told: Vec<&str> = parts.iter().filter_map(|p| kind_of_part(&p.media_type)).collect();
    if let Some(first) = told.first().filter(|_| !told.contains(&plain_kind(&report.kind))) {
        report.kind = (*first).to_owned();
    }
    if plain_kind(&report.kind) == "delivery-status" && report.recipients.is_empty() {
        let (failed, own) = (message.header("X-Failed-Recipients"), own_addresses(message));
        free_form::read(text, failed, phrases::delivery_text(text), &own, &mut report);
    }
    answer_to(message, &mut report);
    report
}

/// Reads a bounce that is no multipart/report (A127); `None` when it has no form of one.
pub(crate) fn free_form(message: &Message, text: &str, parts: &[PartText]) -> Option<Report> {
    let failed = message.header("X-Failed-Recipients");
    let subject = delivery_subject(&message.subject).map(|(action, _)| action);
    let reported = parts.iter().any(|p| kind_of_part(&p.media_type).is_some());
    let program = is_from_program(message);
    // Most mail ends here, before its text is looked at.
    if failed.is_none() && subject.is_none() && !reported && !program {
        return None;
    }
    let told = phrases::delivery_text(text);
    let said = subject.or(told);
    let signs = failed.is_some() || said.is_some() || reported || is_receipt_subject(&message.subject);
    let mut report = Report::default();
    read_parts(parts, &mut report);
    if failed.is_some() || said.is_some() || !signs {
        let delayed = told.filter(|action| *action == Action::Delayed);
        let overall = delayed.or(said).or(failed.map(|_| Action::Failed));
        free_form::read(text, failed, overall, &own_addresses(message), &mut report);
    }
    // A program that says nothing known: only a server's reply beside an address makes a bounce of it, in any language.
    if !signs && !report.quotes_a_server() {
        return None;
    }
    if failed.is_some() || reported || program {
        answer_to(message, &mut report);
    }
    (report != Report::default()).then_some(report)
}

/// Where in the text of a message a daemon's own words end, when it is a report or a bounce. Nothing in them is quoted,
/// whatever it looks like: transcripts have `>>>` in front of what a server said. `None` for mail of other kinds.
pub(crate) fn own_words(message: &Message, text: &str) -> Option<usize> {
    let report = message.report.as_ref()?;
    match report.kind.as_str() {
        "" if is_from_daemon(message) && !report.recipients.is_empty() => Some(free_form::own_words(text)),
        "" => None,
        "delivery-status" | "global-delivery-status" => Some(free_form::own_words(text)),
        _ => Some(text.len()),
    }
}

/// Everything that the parts say.
fn read_parts(parts: &[PartText], report: &mut Report) {
    for part in parts {
        let text = || String::from_utf8_lossy(&part.octets);
        match kind_of_part(&part.media_type) {
            Some("delivery-status") => status::read(&text(), report),
            Some("disposition-notification") => receipt::disposition(&text(), report),
            Some("feedback-report") => receipt::feedback(&text(), report),
            _ if report.original.is_none() => report.original = original::read(&part.octets),
            _ => {}
        }
    }
    let id = report.original.as_ref().and_then(|o| o.message_id.clone());
    report.original_message_id = report.original_message_id.take().or(id);
}

/// The report-type that belongs to a media type; `None` for returned mail.
fn kind_of_part(media_type: &str) -> Option<&'static str> {
    match media_type {
        "message/delivery-status" | "message/global-delivery-status" => Some("delivery-status"),
        "message/disposition-notification" | "message/global-disposition-notification" => Some("disposition-notification"),
        "message/feedback-report" => Some("feedback-report"),
        _ => None,
    }
}

/// A report-type without the mark of RFC 6533.
fn plain_kind(kind: &str) -> &str {
    kind.strip_prefix("global-").unwrap_or(kind)
}

/// Where nothing came back, the mail that this one answers is the one it is about.
fn answer_to(message: &Message, report: &mut Report) {
    if report.original_message_id.is_none() {
        report.original_message_id = message.in_reply_to.first().or(message.references.last()).cloned();
    }
}

/// The addresses that a report came to and from, for comparing: neither is the one that failed.
fn own_addresses(message: &Message) -> Vec<String> {
    message.from.iter().chain(&message.to).chain(&message.cc).take(20).map(address::Address::key).collect()
}

/// Whether a daemon wrote a message, as far as its header tells.
pub(crate) fn is_from_daemon(message: &Message) -> bool {
    match message.author() {
        Some(author) => {
            let local = author.local_part().to_lowercase();
            matches!(local.as_str(), "mailer-daemon" | "mailerdaemon" | "mail-daemon" | "maildaemon" | "postmaster")
                || local.starts_with("microsoftexchange329e71ec88ae4615bbc36ab6ce41109e")
        }
        // `From: MAILER-DAEMON (Mail Delivery System)` has no domain, so it is no address.
        None => message.header("From").is_some_and(|f| f.to_lowercase().contains("mailer-daemon")),
    }
}

/// Whether a program wrote a message, as far as its header tells.
fn is_from_program(message: &Message) -> bool {
    let null = message.header("Return-Path").is_some_and(|path| path.trim() == "<>");
    let marked = message.header("Auto-Submitted").is_some_and(|v| v.trim_start().to_ascii_lowercase().starts_with("auto-"));
    null || marked || is_from_daemon(message)
}

/// The first enhanced status code in a text (RFC 3463), such as `5.1.1`.
pub fn enhanced_code(text: &str) -> Option<String> {
    status::status_in(text)
}

fn set_original(report: &mut Report, value: Option<&str>) {
    if report.original_message_id.is_none() {
        report.original_message_id = value.and_then(identity::message_id);
    }
}

#[cfg(test)]
mod tests;
