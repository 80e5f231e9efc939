//! What is said in one SMTP session: MAIL, RCPT, DATA and the mail (RFC 5321), one recipient at a time.
//!
//! The mail and its final dot go out in one write: in two, the second could wait for the other side's delayed acknowledgement of the
//! first, some 40 ms a mail.

use super::reply::Reply;
use super::wire::{Fault, Wire};
use crate::address::{WireAddress, for_wire};
use std::time::{Duration, Instant};

/// For the answer to a command.
const COMMAND_PATIENCE: Duration = Duration::from_secs(60);
/// For all commands before the mail: with them, too, an attempt must end before its lease does.
const COMMANDS_PATIENCE: Duration = Duration::from_secs(5 * 60);
/// For the answer to the final dot (RFC 5321 section 4.5.3.2.6). Who gives up earlier sends the mail twice.
const FINAL_PATIENCE: Duration = Duration::from_secs(600);
/// For a clean start after a refusal.
const CLEARING_PATIENCE: Duration = Duration::from_secs(60);
/// For saying goodbye.
const QUIT_PATIENCE: Duration = Duration::from_secs(2);

/// A mail, ready for the wire.
pub(super) struct Parcel {
    from: Option<WireAddress>,
    to: WireAddress,
    /// Dot-stuffed, ended by the line with the dot.
    data: String,
    eight_bit: bool,
    utf8: bool,
}

impl Parcel {
    /// The error says what cannot be sent.
    pub(super) fn new(from: &str, to: &str, octets: &[u8]) -> Result<Self, String> {
        let from = if from.is_empty() { None } else { Some(for_wire(from)?) };
        let to = for_wire(to)?;
        let text = std::str::from_utf8(octets).map_err(|_| "the mail is not UTF-8 text".to_owned())?;
        let header = text.split_once("\r\n\r\n").map_or(text, |(header, _)| header);
        let utf8 = to.needs_utf8() || from.as_ref().is_some_and(WireAddress::needs_utf8) || !header.is_ascii();
        Ok(Parcel { from, to, data: stuffed(text), eight_bit: !text.is_ascii(), utf8 })
    }
}

/// Why a mail was not taken.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The server said no.
    Refused {
        /// What it refused, and for how long.
        what: Refusal,
        /// Its words.
        reply: String,
        /// The connection is of no use any more.
        session_over: bool,
    },
    /// There was no answer that could be understood.
    Lost {
        /// What happened.
        reply: String,
        /// The mail itself may have been taken.
        mail_was_sent: bool,
    },
}

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// This mail, for good.
    MailForGood,
    /// This mail, for now.
    MailForNow,
    /// Us: TLS or a login is wanted (RFC 3207, RFC 4954), wherever that is said.
    Us,
    /// Everybody: the server ends the session (421).
    Everybody,
}

impl Trouble {
    /// Whether only the connection was to blame, before the mail itself was sent.
    pub(super) fn worth_a_fresh_connection(&self) -> bool {
        match self {
            Trouble::Refused { what, .. } => *what == Refusal::Everybody,
            Trouble::Lost { mail_was_sent, .. } => !mail_was_sent,
        }
    }
}

/// A connection that is ready for MAIL.
pub(super) struct Session {
    wire: Wire,
    /// Mails offered so far.
    pub(super) mails: u32,
    /// When it was last used.
    pub(super) last_used: Instant,
}

impl Session {
    /// Writing a mail, and hearing the answer to it, each take no longer than `whole`.
    pub(super) fn new(mut wire: Wire, whole: Duration) -> Self {
        wire.socket().set_patience(COMMAND_PATIENCE);
        wire.socket().set_whole(whole);
        wire.socket().set_end(None);
        Session { wire, mails: 0, last_used: Instant::now() }
    }

    pub(super) fn server_name(&self) -> &str {
        self.wire.server_name()
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.wire.is_encrypted()
    }

    /// Offers the mail. `Ok` is the reply to the final dot: from then on the server answers for the mail.
    pub(super) fn send(&mut self, parcel: &Parcel) -> Result<String, Trouble> {
        self.mails += 1;
        self.wire.socket().set_end(Some(Instant::now() + COMMANDS_PATIENCE));
        let result = self.transaction(parcel);
        self.wire.socket().set_end(Some(Instant::now() + CLEARING_PATIENCE));
        let result = match result {
            // After a refusal the next mail needs a clean start; a server that cannot even do that is left.
            Err(Trouble::Refused { what, reply, session_over }) => {
                let session_over = session_over || self.wire.say("RSET\r\n").is_err();
                Err(Trouble::Refused { what, reply, session_over })
            }
            other => other,
        };
        self.wire.socket().set_end(None);
        self.last_used = Instant::now();
        result
    }

    fn transaction(&mut self, parcel: &Parcel) -> Result<String, Trouble> {
        self.command("MAIL", &self.mail_command(parcel)?)?;
        self.recipient(&parcel.to)?;
        self.wire.begin_data().map_err(|fault| trouble("DATA", fault))?;
        self.wire.socket().set_end(None);
        self.wire.socket().set_patience(FINAL_PATIENCE);
        let answer = self.wire.say(&parcel.data);
        self.wire.socket().set_patience(COMMAND_PATIENCE);
        match answer {
            Ok(reply) => Ok(reply.words()),
            // The server judged this mail, or ends while doing so: the others need not wait for what becomes of it.
            Err(Fault::Refused(reply)) if reply.code == 421 => {
                Err(Trouble::Refused { what: Refusal::MailForNow, reply: reply.words(), session_over: true })
            }
            Err(Fault::Refused(reply)) => Err(refusal(&reply)),
            Err(Fault::NoReply(why)) => Err(Trouble::Lost { reply: format!("after the mail: {why}"), mail_was_sent: true }),
        }
    }

    /// RFC 6531 section 3.4: what needs SMTPUTF8 must not be offered to a server that does not know it.
    fn mail_command(&self, parcel: &Parcel) -> Result<String, Trouble> {
        let offers = |keyword| self.wire.offers(keyword);
        let mut command = format!("MAIL FROM:<{}>", parcel.from.as_ref().map_or("", |from| from.written.as_str()));
        if parcel.utf8 {
            if !offers("SMTPUTF8") {
                let reply = format!("{} does not offer SMTPUTF8, which this address needs", self.server_name());
                return Err(Trouble::Refused { what: Refusal::MailForGood, reply, session_over: false });
            }
            command.push_str(" SMTPUTF8");
        }
        if parcel.eight_bit && offers("8BITMIME") {
            command.push_str(" BODY=8BITMIME");
        }
        command.push_str("\r\n");
        Ok(command)
    }

    /// A server that objects to the syntax gets the strict form of the same address, where there is one.
    fn recipient(&mut self, to: &WireAddress) -> Result<(), Trouble> {
        let first = self.command("RCPT", &format!("RCPT TO:<{}>\r\n", to.written));
        match (first, &to.strict) {
            (Err(Trouble::Refused { what: Refusal::MailForGood, session_over: false, reply }), Some(strict))
                if ["500", "501", "553", "555"].iter().any(|code| reply.starts_with(code)) =>
            {
                self.command("RCPT", &format!("RCPT TO:<{strict}>\r\n")).map(drop)
            }
            (first, _) => first.map(drop),
        }
    }

    fn command(&mut self, name: &str, line: &str) -> Result<Reply, Trouble> {
        self.wire.say(line).map_err(|fault| trouble(name, fault))
    }

    /// Takes leave. The answer is of no interest.
    pub(super) fn quit(mut self) {
        self.wire.socket().set_patience(QUIT_PATIENCE);
        let _ = self.wire.say("QUIT\r\n");
    }
}

/// A fault before the mail itself was sent.
fn trouble(name: &str, fault: Fault) -> Trouble {
    match fault {
        Fault::Refused(reply) => refusal(&reply),
        Fault::NoReply(why) => Trouble::Lost { reply: format!("at {name}: {why}"), mail_was_sent: false },
    }
}

fn refusal(reply: &Reply) -> Trouble {
    let what = match reply.code {
        421 => Refusal::Everybody,
        530 | 534 | 535 | 538 => Refusal::Us,
        500.. => Refusal::MailForGood,
        _ => Refusal::MailForNow,
    };
    Trouble::Refused { what, reply: reply.words(), session_over: what == Refusal::Everybody }
}

/// RFC 5321 section 4.5.2, with the line that ends the mail.
fn stuffed(text: &str) -> String {
    let mut data = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        if line.starts_with('.') {
            data.push('.');
        }
        data.push_str(line);
    }
    if !data.is_empty() && !data.ends_with("\r\n") {
        data.push_str("\r\n");
    }
    data.push_str(".\r\n");
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_stuffed_and_the_end_is_written_once() {
        assert_eq!(stuffed("a\r\n.\r\n..b\r\nc.\r\n"), "a\r\n..\r\n...b\r\nc.\r\n.\r\n");
        assert_eq!(stuffed("no end"), "no end\r\n.\r\n");
        assert_eq!(stuffed(""), ".\r\n");
    }

    #[test]
    fn what_needs_which_extension() {
        let flags = |to: &str, mail: &str| Parcel::new("", to, mail.as_bytes()).map(|p| (p.utf8, p.eight_bit)).unwrap();
        assert_eq!(flags("anna@bücher.example", "Subject: x\r\n\r\nHello\r\n"), (false, false));
        assert_eq!(flags("ännä@example.org", "Subject: x\r\n\r\nHello\r\n"), (true, false));
        assert_eq!(flags("anna@example.org", "Subject: x\r\n\r\nGrüße\r\n"), (false, true));
        assert_eq!(flags("anna@example.org", "To: ä@b\r\n\r\nHello\r\n"), (true, true));
        assert!(Parcel::new("", "a@b\r\nDATA", b"").is_err());
    }
}
