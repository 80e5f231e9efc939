//! Delivery reports as mail servers write them (RFC 3464), about mails that the directory courier wrote.

use crate::eml::unique;
use crate::mail::Mail;

/// A report about a mail of ours.
#[derive(Debug, Clone)]
pub struct Dsn {
    to: String,
    recipient: String,
    message_id: String,
    fields: String,
}

impl Dsn {
    /// That it failed for good, in these words of the other server, which begin with reply and status code: `550 5.1.1 unknown`.
    pub fn failed(mail: &Mail, words: &str) -> Self {
        Dsn::of(mail, "failed", words.split(' ').nth(1).unwrap_or("5.0.0"), &format!("Diagnostic-Code: smtp; {words}\n"))
    }

    /// That it is late, and tried until 2026-11-30.
    pub fn delayed(mail: &Mail) -> Self {
        Dsn::of(mail, "delayed", "4.4.1", "Will-Retry-Until: Mon, 30 Nov 2026 10:00:00 +0000\n")
    }

    /// That it is in its mailbox.
    pub fn delivered(mail: &Mail) -> Self {
        Dsn::of(mail, "delivered", "2.0.0", "")
    }

    fn of(mail: &Mail, action: &str, status: &str, more: &str) -> Self {
        Dsn {
            to: mail.envelope_from.trim_matches(['<', '>']).to_owned(),
            recipient: mail.envelope_to.clone(),
            message_id: mail.must("Message-ID"),
            fields: format!("Action: {action}\nStatus: {status}\n{more}"),
        }
    }

    /// The address that it goes to: the envelope sender of the mail.
    pub fn to(&self) -> &str {
        &self.to
    }

    /// As a relay has it that gave the mail a Message-ID of its own.
    pub fn without_message_id(mut self) -> Self {
        self.message_id = format!("<{}@relay.example.net>", unique());
        self
    }

    /// The octets.
    pub fn bytes(&self) -> Vec<u8> {
        let Dsn { to, recipient, message_id, fields } = self;
        format!(
            "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\nTo: {to}\nMessage-ID: <{}@mx.example.net>\n\
             Date: Sat, 21 Nov 2026 10:00:00 +0100\nSubject: Delivery report\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"of-a-report\"\n\n--of-a-report\n\
             Content-Type: text/plain\n\nThis is the mail system of mx.example.net. This is about the mail below.\n\n--of-a-report\n\
             Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n\
             Final-Recipient: rfc822; {recipient}\n{fields}\n--of-a-report\nContent-Type: text/rfc822-headers\n\n\
             From: support@example.org\nTo: {recipient}\nMessage-ID: {message_id}\nSubject: Re: The printer\n\n--of-a-report--\n",
            unique()
        )
        .into_bytes()
    }
}
