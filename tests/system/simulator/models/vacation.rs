//! Answering machines that keep the rules: RFC 3834 and RFC 5230, Exchange, Gmail, and vacation(1) of old.

use super::super::mail::{DAY, Draft, Mail};
use super::{Me, Model};
use std::collections::HashMap;

/// Who was answered when.
#[derive(Debug, Default)]
struct Answered(HashMap<String, i64>);

impl Answered {
    /// Whether an address may be answered, which counts as an answer.
    fn may(&mut self, address: &str, now: i64, days: i64) -> bool {
        let last = self.0.get(address).copied();
        let may = last.is_none_or(|last| now - last >= days * DAY);
        if may {
            self.0.insert(address.to_owned(), now);
        }
        may
    }
}

/// Whether an address is a program's, as RFC 5230 section 4.6 and vacation(1) have it.
fn is_programs(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    ["mailer-daemon", "listserv", "majordomo", "postmaster"].contains(&local.as_str())
        || local.starts_with("owner-")
        || local.ends_with("-request")
}

fn is_of_a_list(mail: &Mail) -> bool {
    ["List-Id", "List-Help", "List-Subscribe", "List-Unsubscribe", "List-Post", "List-Owner", "List-Archive"]
        .iter()
        .any(|name| mail.has(name))
}

fn is_automatic(mail: &Mail) -> bool {
    mail.has("Auto-Submitted") && !mail.says("Auto-Submitted", &["no"])
}

/// Sieve's vacation: answers the envelope sender, once in so many days.
#[derive(Debug)]
pub(super) struct Sieve {
    days: i64,
    answered: Answered,
}

impl Sieve {
    pub(super) fn new(days: u8) -> Self {
        Sieve { days: i64::from(days.max(1)), answered: Answered::default() }
    }
}

impl Model for Sieve {
    fn receive(&mut self, mail: &Mail, me: &mut Me) -> Vec<Mail> {
        let Some(sender) = mail.from.clone() else { return Vec::new() };
        let kept_silent = is_programs(&sender) || sender == me.address || is_automatic(mail) || is_of_a_list(mail);
        if kept_silent || !mail.is_for(&me.address) || !self.answered.may(&sender, me.now, self.days) {
            return Vec::new();
        }
        let draft = me.draft(&sender, &format!("Auto: {}", mail.field("Subject"))).threaded(mail);
        let draft = draft.field("Auto-Submitted", "auto-replied (vacation)").text("I am away until Monday.");
        vec![draft.mail(None, &sender)]
    }
}

/// Exchange's assistant: once a sender until it is switched off, heeds X-Auto-Response-Suppress, and has the null sender.
#[derive(Debug, Default)]
pub(super) struct Exchange(Answered);

impl Model for Exchange {
    fn receive(&mut self, mail: &Mail, me: &mut Me) -> Vec<Mail> {
        let suppressed = mail
            .fields("X-Auto-Response-Suppress")
            .iter()
            .any(|value| value.split(',').any(|word| ["all", "oof"].contains(&word.trim().to_ascii_lowercase().as_str())));
        let bulk = mail.says("Precedence", &["bulk", "junk", "list"]);
        let Some(to) = mail.address("Reply-To").or(mail.address("From")) else { return Vec::new() };
        if suppressed || bulk || mail.from.is_none() || is_automatic(mail) || !self.0.may(&to, me.now, 365) {
            return Vec::new();
        }
        let draft = me.draft(&to, &format!("Automatic reply: {}", mail.field("Subject"))).threaded(mail);
        let draft = draft
            .field("Auto-Submitted", "auto-generated")
            .field("X-Auto-Response-Suppress", "All")
            .field("X-MS-Exchange-Inbox-Rules-Loop", &me.address)
            .field("X-MS-Exchange-Generated-Message-Source", "Mailbox Rules Agent");
        vec![draft.text("I am out of the office and will read your mail when I am back.").mail(None, &to)]
    }
}

/// Gmail's responder: once in four days a sender, and to whoever writes to many not at all.
#[derive(Debug, Default)]
pub(super) struct Gmail(Answered);

impl Model for Gmail {
    fn receive(&mut self, mail: &Mail, me: &mut Me) -> Vec<Mail> {
        let Some(sender) = mail.from.clone() else { return Vec::new() };
        let many = is_of_a_list(mail) || mail.says("Precedence", &["bulk", "junk", "list"]);
        if many || is_automatic(mail) || !self.0.may(&sender, me.now, 4) {
            return Vec::new();
        }
        let to = mail.address("Reply-To").unwrap_or(sender);
        let draft = me.draft(&to, &format!("On holiday Re: {}", mail.field("Subject"))).threaded(mail);
        let draft = draft.field("Precedence", "bulk").field("Auto-Submitted", "auto-replied").field("X-Autoreply", "yes");
        vec![draft.text("Thank you for your mail. I am on holiday.").mail(Some(&me.address), &to)]
    }
}

/// vacation(1): Unix's, once a week a sender.
#[derive(Debug, Default)]
pub(super) struct Classic(Answered);

impl Model for Classic {
    fn receive(&mut self, mail: &Mail, me: &mut Me) -> Vec<Mail> {
        let Some(sender) = mail.from.clone() else { return Vec::new() };
        let bulk = mail.says("Precedence", &["bulk", "junk", "list"]);
        if bulk || is_programs(&sender) || !mail.is_for(&me.address) || !self.0.may(&sender, me.now, 7) {
            return Vec::new();
        }
        let id = me.message_id();
        let draft = Draft::default()
            .field("From", &me.address)
            .field("To", &sender)
            .field("Message-ID", &id)
            .field("Subject", "away from my mail")
            .field("Precedence", "bulk");
        let text = format!(
            "I will not be reading my mail for a while.\nYour mail regarding \"{}\" will be read when I return.",
            mail.field("Subject")
        );
        vec![draft.text(&text).mail(Some(&me.address), &sender)]
    }
}
