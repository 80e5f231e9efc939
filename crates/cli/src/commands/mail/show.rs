//! `postern mail show`.

use super::files::{self, File};
use super::{decoded, no_mail, redecode};
use crate::commands::outbox;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::styled;
use crate::output::text::{self, line};
use crate::output::{self, COMFORTABLE, FAINT, Out, STRONG, style_of};
use clap::Args;
use postern_core::reread::{self, RereadError};
use postern_core::view::{self, MailDetail};
use postern_mail::inspect::InspectedDecoding;
use postern_mail::{Decoding, Defect, Message};
use serde::Serialize;
use std::io;

/// Show what became of a mail: facts, verdict, reason, the mails that were sent because of it, and what it says.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Number of the mail in the ledger, as in `postern mail list`
    #[arg(value_name = "ID")]
    pub(super) id: i64,
    /// Print the mail itself, octet by octet as it came
    #[arg(long)]
    pub(super) raw: bool,
    /// Print its HTML, made harmless: no scripts, no forms, no pictures from elsewhere
    #[arg(long, conflicts_with = "raw")]
    pub(super) html: bool,
}

impl Show {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let engine = context.engine()?;
        if self.raw {
            let octets = engine.read(|tx| view::mail::raw(tx, self.id))?.ok_or_else(|| no_mail(self.id))?;
            return Ok(output::raw(&octets)?);
        }
        if self.html {
            let (octets, message) = engine.read(|tx| reread::stored(tx, self.id)).map_err(redecode::failure)?;
            let html = self.harmless(&octets, &message)?;
            return match context.json {
                true => Ok(output::json(&Harmless { html: &html })?),
                false => Ok(output::raw(html.as_bytes())?),
            };
        }
        let mail = engine.read(|tx| view::mail::show(tx, self.id))?.ok_or_else(|| no_mail(self.id))?;
        let read = match engine.read(|tx| reread::stored(tx, self.id)) {
            Ok((_, read)) => Some(read),
            Err(RereadError::NotKept(_)) => None,
            Err(other) => return Err(redecode::failure(other)),
        };
        let files = match &read {
            Some(read) => engine.read(|tx| files::of(tx, &mail, read))?,
            None => Vec::new(),
        };
        if context.json {
            let decodings = read.iter().flat_map(|read| &read.decodings).map(InspectedDecoding::from).collect();
            let defects = read.iter().flat_map(|read| &read.defects).map(Defect::in_words).collect();
            let text = read.as_ref().map(|read| read.text.as_str());
            return Ok(output::json(&Shown { mail, text, attachments: files, decodings, defects })?);
        }
        let mut out = Out::new();
        print(&mut out, &mail, read.as_ref())?;
        if let Some(read) = &read {
            print_text(&mut out, &read.text)?;
            files::print(&mut out, mail.mail.ticket, &files)?;
        }
        Ok(out.finish()?)
    }
}

impl Show {
    /// The HTML form, fit to be shown. Pictures are left out: those of the mail are files of it, others tell on the reader.
    fn harmless(&self, raw: &[u8], message: &Message) -> Result<String, Failure> {
        let document = postern_mail::parse::html_document(raw, message).ok_or_else(|| {
            let next = format!("`postern mail show {}` prints what it says", self.id);
            Failure::refused(format!("mail {} has no HTML", self.id), next)
        })?;
        let mut html = postern_mail::html::sanitised(&document, |_| None).html;
        html.push('\n');
        Ok(html)
    }
}

/// What `--html --json` says.
#[derive(Serialize)]
struct Harmless<'a> {
    html: &'a str,
}

/// A mail with what it says: nobody can judge what is held without reading it.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    mail: MailDetail,
    /// Its readable text; `null` when the octets are no longer kept.
    text: Option<&'a str>,
    /// Its files.
    attachments: Vec<File>,
    /// How its octets became text.
    decodings: Vec<InspectedDecoding>,
    /// What was wrong with it: `code: sentence`.
    defects: Vec<String>,
}

fn print_text(out: &mut Out, text: &str) -> io::Result<()> {
    out.line("")?;
    out.styled("What it says", STRONG)?;
    if text.trim().is_empty() {
        return out.styled("    (no text)", FAINT);
    }
    let room = out.room().map_or(usize::MAX, |room| room.min(COMFORTABLE) - 4);
    for line in text::block(text.trim_end()).lines().flat_map(|line| text::wrap(line, room)) {
        out.line(if line.is_empty() { String::new() } else { format!("    {line}") })?;
    }
    Ok(())
}

fn print(out: &mut Out, detail: &MailDetail, read: Option<&Message>) -> io::Result<()> {
    let mail = &detail.mail;
    let title = format!("Mail {} of the ledger: {}", mail.id, line(&mail.subject));
    text::wrap(&title, out.room().unwrap_or(usize::MAX)).iter().try_for_each(|piece| out.styled(piece, STRONG))?;
    let decodings = read.map_or(&[][..], |read| &read.decodings);
    let decoded = decoded::facts(decodings).into_iter().chain(cure(detail, decodings));
    let wrong = read.iter().flat_map(|read| &read.defects).map(wrong);
    for (name, value) in facts(detail, out).into_iter().chain(decoded).chain(wrong) {
        out.line(text::hang(&styled(&format!("{name:<12}"), FAINT), &value, out.room()))?;
    }
    if detail.mails.is_empty() {
        return Ok(());
    }
    out.line("")?;
    out.styled("Mails queued because of it", STRONG)?;
    let table = outbox::fates(&detail.mails, out);
    out.table(&table, "")
}

/// A defect in words. What was lost stands out from what is only unusual.
fn wrong(defect: &Defect) -> (&'static str, String) {
    (if defect.is_loss() { "damaged" } else { "odd" }, line(&defect.detail).into_owned())
}

/// How it is read anew, where that is in doubt or somebody has done it.
fn cure(detail: &MailDetail, decodings: &[Decoding]) -> Option<(&'static str, String)> {
    let id = detail.mail.id;
    let back = detail.charset.as_ref().map(|_| format!("postern mail redecode {id} --charset auto"));
    match back {
        Some(back) => Some(("undone by", back)),
        None => decoded::cure(decodings, id).map(|command| ("if garbled", command)),
    }
}

fn facts(detail: &MailDetail, out: &Out) -> Vec<(&'static str, String)> {
    let mail = &detail.mail;
    let raw = match detail.raw.available {
        true => format!("{}: postern mail show {} --raw", text::size(detail.raw.size), mail.id),
        false => "no longer kept".to_owned(),
    };
    let mut facts = vec![
        ("received", out.clock.say(mail.received)),
        ("verdict", styled(&line(&mail.verdict), style_of(&mail.verdict))),
        ("reason", line(&mail.reason).into_owned()),
        ("explained by", format!("postern mail explain {}", mail.id)),
        ("from", mail.from.as_deref().map_or("nobody".into(), line).into_owned()),
        ("to", line(&mail.to).into_owned()),
        ("sender", sender(mail.sender.as_deref())),
        ("recipient", line(&mail.recipient).into_owned()),
        ("message-id", format!("<{}>", line(&mail.message_id))),
        ("class", line(&mail.class).into_owned()),
        ("trust", line(&mail.trust).into_owned()),
        ("octets", raw),
    ];
    if let Some(ticket) = mail.ticket {
        facts.insert(3, ("ticket", format!("#{ticket}: postern ticket show {ticket}")));
    }
    if mail.verdict == "quarantined" {
        let verbs = format!("postern mail quarantine release {0}, or: postern mail quarantine delete {0}", mail.id);
        facts.push(("to decide", verbs));
    }
    if !detail.same_message.is_empty() {
        let others: Vec<String> = detail.same_message.iter().map(i64::to_string).collect();
        facts.push(("came also as", others.join(", ")));
    }
    facts
}

fn sender(envelope: Option<&str>) -> String {
    match envelope {
        None => "not told by the mail server".to_owned(),
        Some("") => "<> (the null sender)".to_owned(),
        Some(address) => line(address).into_owned(),
    }
}
