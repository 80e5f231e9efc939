//! Commands and replies over a connection of lettre's, which makes and encrypts it and knows EHLO and AUTH.
//!
//! Commands are written here, because lettre's own refuse addresses that exist. A limit of its reader: a reply without any text (a bare
//! `250`, which RFC 5321 section 4.2 allows) is an error that does not even keep the code, and lettre lends nobody the stream beneath.
//! What such a server takes counts as not taken and is offered again, with the same Message-ID; mail servers in use send a text.

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::{ClientId, Extension};
use lettre::transport::smtp::response::Response;
use std::error::Error as _;
use std::io;
use std::time::Duration;

/// What the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    /// Its code and text on one line, for people.
    pub(super) words: String,
}

/// Why there is no good reply.
#[derive(Debug)]
pub(super) enum Fault {
    /// The server said no: a reply of 400 and above.
    Refused(Reply),
    /// There was no reply, or none that could be understood; in words.
    NoReply(String),
}

impl Fault {
    pub(super) fn words(self) -> String {
        match self {
            Fault::Refused(Reply { words, .. }) | Fault::NoReply(words) => words,
        }
    }
}

/// A connection on which the server has said what it can do.
pub(super) struct Wire(SmtpConnection);

impl Wire {
    /// Connects, with TLS from the first octet if it is given, hears the greeting and says EHLO.
    pub(super) fn connect(
        place: (&str, u16),
        patience: Duration,
        hello: &ClientId,
        tls: Option<&TlsParameters>,
    ) -> Result<Wire, Fault> {
        SmtpConnection::connect(place, Some(patience), hello, tls, None).map(Wire).map_err(|error| fault(&error))
    }

    /// STARTTLS (RFC 3207), and EHLO once more.
    pub(super) fn start_tls(&mut self, tls: &TlsParameters, hello: &ClientId) -> Result<(), Fault> {
        self.0.starttls(tls, hello).map_err(|error| fault(&error))
    }

    /// AUTH (RFC 4954) with PLAIN or LOGIN, whichever is offered.
    pub(super) fn log_in(&mut self, user: &str, password: String) -> Result<(), Fault> {
        let credentials = Credentials::new(user.to_owned(), password);
        self.0.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).map(drop).map_err(|error| fault(&error))
    }

    /// Says one thing, in one write, and hears the answer.
    pub(super) fn say(&mut self, line: &str) -> Result<Reply, Fault> {
        self.0.command(line).map(|response| reply_of(&response)).map_err(|error| fault(&error))
    }

    pub(super) fn offers(&self, extension: Extension) -> bool {
        self.0.server_info().supports_feature(extension)
    }

    pub(super) fn server_name(&self) -> &str {
        self.0.server_info().name()
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.0.is_encrypted()
    }

    /// How long to wait for an answer.
    pub(super) fn set_patience(&mut self, patience: Duration) -> io::Result<()> {
        self.0.set_timeout(Some(patience))
    }
}

fn reply_of(response: &Response) -> Reply {
    let words = one_line(&format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" ")));
    Reply { code: u16::from(response.code()), words }
}

fn fault(error: &Error) -> Fault {
    match error.status() {
        Some(code) => Fault::Refused(Reply { code: u16::from(code), words: words(error) }),
        None => Fault::NoReply(words(error)),
    }
}

/// The server's words, for people: its reply on one line, or what went wrong with the connection.
pub(super) fn words(error: &Error) -> String {
    let source = error.source().map(ToString::to_string);
    if let Some(code) = error.status() {
        return one_line(&format!("{code} {}", source.unwrap_or_default()));
    }
    let waited = error.source().and_then(|source| source.downcast_ref::<io::Error>()).map(io::Error::kind);
    match waited {
        Some(io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => "no answer in time".to_owned(),
        _ => match source.as_deref() {
            Some("incomplete response") => "the connection was closed".to_owned(),
            Some(source) if error.is_response() => format!("a reply that cannot be read ({})", one_line(source)),
            Some(source) => one_line(source),
            None => one_line(&error.to_string()),
        },
    }
}

fn one_line(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(1000).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}
