//! Mail servers that cannot deliver, and say so: rightly (RFC 3464), late, at the door, or in a way of their own.

use super::super::mail::{Draft, Mail, SECOND};
use super::{Me, Model};

/// No such mailbox, said at RCPT.
#[derive(Debug)]
pub(super) struct Refused;

impl Model for Refused {
    fn receive(&mut self, _: &Mail, _: &mut Me) -> Vec<Mail> {
        Vec::new()
    }

    fn refuses(&self) -> Option<&'static str> {
        Some("550 5.1.1 no such user here")
    }
}

/// Delivery status notifications, from nobody to the envelope sender.
#[derive(Debug)]
pub(super) struct Bounces {
    /// Whether delivery failed, or is only late.
    pub(super) final_: bool,
}

impl Model for Bounces {
    fn receive(&mut self, mail: &Mail, me: &mut Me) -> Vec<Mail> {
        let (action, status) = if self.final_ { ("failed", "5.1.1") } else { ("delayed", "4.4.1") };
        let after = if self.final_ { 2 } else { 4 * 3600 };
        report(mail, me, action, status).map(|report| Mail { after: after * SECOND, ..report }).into_iter().collect()
    }
}

/// The report on a mail, unless it is one itself.
pub(crate) fn report(mail: &Mail, me: &mut Me, action: &str, status: &str) -> Option<Mail> {
    let to = mail.from.clone()?;
    let id = me.message_id();
    let (address, domain) = (&me.address, me.domain());
    let subject = if action == "failed" { "Undelivered Mail Returned to Sender" } else { "Delayed Mail (still being retried)" };
    let text = format!(
        "--report\nContent-Type: text/plain; charset=us-ascii\n\nThis is the mail system at host mx.{domain}.\n\n\
         <{address}>: the mailbox cannot be reached\n\n--report\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.{domain}\n\nFinal-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n\
         Diagnostic-Code: smtp; {} the mailbox cannot be reached\n\n--report\nContent-Type: text/rfc822-headers\n\n{}\n--report--",
        status.replace('.', ""),
        mail.header().replace("\r\n", "\n"),
    );
    let draft = Draft::default()
        .field("From", &format!("Mail Delivery System <mailer-daemon@{domain}>"))
        .field("To", &to)
        .field("Subject", subject)
        .field("Message-ID", &id)
        .field("Auto-Submitted", "auto-replied")
        .text(&text);
    let mime = "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=report\r\n";
    Some(draft.raw_mail(None, &to, mime))
}

/// A gateway that writes to From, whatever the envelope says, as if it were somebody.
#[derive(Debug)]
pub(super) struct CarelessBouncer;

impl Model for CarelessBouncer {
    fn receive(&mut self, mail: &Mail, me: &mut Me) -> Vec<Mail> {
        let Some(to) = mail.address("From") else { return Vec::new() };
        let from = format!("mailadmin@{}", me.domain());
        let text = format!("Your mail could not be given to {}. Please look whether the address is right.", me.address);
        let draft = me.draft_from(&from, &to, &format!("Problem with your mail: {}", mail.field("Subject")));
        vec![Mail { same: true, ..draft.text(&text).mail(Some(&from), &to) }]
    }
}
