//! `postern outbox show`.

use super::no_mail;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::styled;
use crate::output::text::{self, line};
use crate::output::{self, FAINT, Out, STRONG, style_of};
use clap::Args;
use postern_core::outbox::{self, Mailbox, OutgoingMail};
use postern_core::view::{self, OutboxMail};
use serde::Serialize;
use std::io;

/// Show one mail as it goes out: its state, the remote's words, header fields, text and files
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Number of the mail in the outbox
    #[arg(value_name = "ID")]
    id: i64,
    /// Print the mail itself, octet by octet as it is sent
    #[arg(long)]
    raw: bool,
}

/// A mail with everything that leaves.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    mail: OutboxMail,
    /// Reverse path; null is the null sender.
    envelope_from: Option<String>,
    /// Header fields in the order in which they are sent, decoded.
    headers: Vec<(String, String)>,
    /// The readable text.
    text: String,
    attachments: Vec<File>,
}

#[derive(Serialize)]
struct File {
    name: String,
    #[serde(rename = "type")]
    content_type: String,
    size: usize,
}

impl Show {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let engine = context.engine()?;
        let fate = engine.read(|tx| view::outbox::show(tx, self.id))?.ok_or_else(|| no_mail(self.id))?;
        let mail = outbox::mail(&engine, self.id)?.ok_or_else(|| no_mail(self.id))?;
        let octets = postern_courier::compose(&mail);
        if self.raw {
            return Ok(output::raw(&octets)?);
        }
        let shown = shown(fate, &mail, &octets);
        if context.json {
            return Ok(output::json(&shown)?);
        }
        let mut out = Out::new();
        print(&mut out, &shown)?;
        Ok(out.finish()?)
    }
}

/// The text is read back from the octets: what is shown is what leaves.
fn shown(fate: OutboxMail, mail: &OutgoingMail, octets: &[u8]) -> Shown {
    let files = mail.files.iter();
    Shown {
        mail: fate,
        envelope_from: mail.envelope_from.clone(),
        headers: headers(mail),
        text: postern_mail::parse(octets).text,
        attachments: files
            .map(|file| File {
                name: file.name.clone(),
                content_type: outbox::bare_type(&file.content_type).to_owned(),
                size: file.octets.len(),
            })
            .collect(),
    }
}

fn headers(mail: &OutgoingMail) -> Vec<(String, String)> {
    let of = &mail.headers;
    let people = |list: &[Mailbox]| list.iter().map(mailbox).collect::<Vec<_>>().join(", ");
    let ids = |list: &[String]| list.iter().map(|id| format!("<{id}>")).collect::<Vec<_>>().join(" ");
    let date = jiff::Timestamp::from_microsecond(of.date).unwrap_or_default();
    let fixed = [
        ("From", mailbox(&of.from)),
        ("To", people(&of.to)),
        ("Cc", people(&of.cc)),
        ("Reply-To", people(of.reply_to.as_slice())),
        ("Subject", of.subject.clone()),
        ("Date", date.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()),
        ("Message-ID", ids(std::slice::from_ref(&of.message_id))),
        ("In-Reply-To", ids(of.in_reply_to.as_slice())),
        ("References", ids(&of.references)),
    ];
    let fixed = fixed.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value));
    fixed.chain(of.more.iter().cloned()).collect()
}

fn mailbox(mailbox: &Mailbox) -> String {
    if mailbox.name.is_empty() { mailbox.email.clone() } else { format!("{} <{}>", mailbox.name, mailbox.email) }
}

fn print(out: &mut Out, shown: &Shown) -> io::Result<()> {
    out.styled(format!("Mail {} of the outbox: {}", shown.mail.id, line(&shown.mail.subject)), STRONG)?;
    for (name, value) in facts(shown, out) {
        out.line(format!("{} {value}", styled(&format!("{name:<12}"), FAINT)))?;
    }
    out.line("")?;
    for (name, value) in &shown.headers {
        out.line(format!("    {} {}", styled(&format!("{}:", line(name)), FAINT), line(value)))?;
    }
    out.line("")?;
    for text in text::block(shown.text.trim_end()).lines() {
        out.line(if text.is_empty() { String::new() } else { format!("    {text}") })?;
    }
    for file in &shown.attachments {
        let size = text::size(i64::try_from(file.size).unwrap_or(i64::MAX));
        out.line(format!("    [{} {}, {size}]", line(&file.name), line(&file.content_type)))?;
    }
    Ok(())
}

fn facts(shown: &Shown, out: &Out) -> Vec<(&'static str, String)> {
    let mail = &shown.mail;
    let mut facts = vec![
        ("state", styled(&line(&mail.state), style_of(&mail.state))),
        ("kind", format!("{}, for {}", line(&mail.kind), line(&mail.audience))),
        ("recipient", line(&mail.to).into_owned()),
        ("sender", shown.envelope_from.as_deref().map_or("<> (the null sender)".into(), |from| line(from).into_owned())),
        ("queued", out.clock.say(mail.created)),
        ("tried", tried(mail)),
    ];
    if let Some(ticket) = mail.ticket {
        facts.insert(1, ("ticket", format!("#{ticket}: postern ticket show {ticket}")));
    }
    let next = if mail.state == "held" { "digest" } else { "next attempt" };
    let times = [(next, mail.next_attempt), ("settled", mail.settled)];
    facts.extend(times.into_iter().filter_map(|(name, at)| Some((name, out.clock.say(at?)))));
    facts.extend(mail.last_reply.as_deref().map(|reply| ("last reply", line(reply).into_owned())));
    facts.extend(mail.told_in.map(|digest| ("told in", format!("mail {digest}: postern outbox show {digest}"))));
    facts.push(("octets", format!("postern outbox show {} --raw", mail.id)));
    facts
}

/// How often it was tried.
fn tried(mail: &OutboxMail) -> String {
    match (mail.attempts, mail.state.as_str()) {
        (0, "deferred") => "not yet: the way out was closed".to_owned(),
        (0, "queued") if mail.last_reply.is_some() => "not again yet".to_owned(),
        (0, "queued" | "sending" | "held") => "not yet".to_owned(),
        (0, _) => "never".to_owned(),
        (1, _) => "once".to_owned(),
        (2, _) => "twice".to_owned(),
        (attempts, _) => format!("{attempts} times"),
    }
}
