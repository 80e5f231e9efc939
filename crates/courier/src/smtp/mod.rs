//! To a mail server by SMTP: connections that are kept while mail flows, STARTTLS, TLS, AUTH.
//!
//! lettre does the connection, TLS, EHLO, AUTH and the reading of replies. Its `SmtpTransport` above them is not used: one refused
//! recipient aborts its whole send, addresses such as `a..b@` cannot be put into its envelope, and a refusal cannot be told from
//! a lost connection at the point where it matters. What is said in a session is in `session`.
//!
//! What a refusal means here: a 5xx about this mail is permanent. Everything else is temporary - networks, 4xx, and every refusal of
//! the session as a whole (greeting, TLS, login), because that is the configuration's fault and somebody will mend it.

mod session;

use crate::courier::{Courier, Outcome};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use postern_core::config::Credentials;
use session::{Parcel, Session, Trouble};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// For the connection, TLS and the greeting.
const CONNECT_PATIENCE: Duration = Duration::from_secs(30);
/// After a session could not be opened nobody tries again for so long: a thousand mails due must not mean a thousand time-outs.
const COOL_DOWN: Duration = Duration::from_secs(15);
/// An unused connection is closed after this; servers close theirs after some minutes.
const IDLE: Duration = Duration::from_secs(5);
/// Then a fresh connection is made. Some servers refuse to go on for ever.
const MAILS_PER_CONNECTION: u32 = 500;

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// In the clear, a password too.
    Plain,
    /// STARTTLS when it is offered, whatever the certificate: better than in the clear (RFC 7435). With a login the certificate
    /// must be good, and without TLS nothing is sent.
    StartTlsIfOffered,
    /// STARTTLS with a good certificate, or nothing.
    StartTls,
    /// TLS from the first octet, with a good certificate.
    Tls,
}

/// The courier of `smtp://` and `smtps://`.
pub struct SmtpCourier {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    hello: ClientId,
    /// The system's certificates are read once, and only when TLS is spoken.
    tls: OnceLock<Result<TlsParameters, String>>,
    idle: Mutex<Vec<Session>>,
    trouble: Mutex<Option<(Instant, String)>>,
}

impl SmtpCourier {
    /// Talks to `host` (a name or an address without brackets). Nothing is connected yet.
    pub fn new(host: &str, port: u16, security: Security, credentials: Option<Credentials>) -> Self {
        SmtpCourier {
            host: host.to_owned(),
            port,
            security,
            credentials,
            hello: ClientId::default(),
            tls: OnceLock::new(),
            idle: Mutex::default(),
            trouble: Mutex::default(),
        }
    }

    /// A connection to go on with, if one is open.
    fn waiting(&self) -> Option<Session> {
        hold(&self.idle).pop()
    }

    fn keep(&self, session: Session) {
        if session.mails < MAILS_PER_CONNECTION {
            hold(&self.idle).push(session);
        } else {
            session.quit();
        }
    }

    /// A fresh connection, greeted, encrypted and logged in. The error is a sentence.
    fn open(&self) -> Result<Session, String> {
        if let Some((since, why)) = hold(&self.trouble).as_ref().filter(|(since, _)| since.elapsed() < COOL_DOWN) {
            return Err(format!("{why} ({} s ago)", since.elapsed().as_secs()));
        }
        let opened = self.open_now();
        *hold(&self.trouble) = opened.as_ref().err().map(|why| (Instant::now(), why.clone()));
        opened
    }

    fn open_now(&self) -> Result<Session, String> {
        let mut connection = match self.security {
            Security::Tls => self.connect(Some(self.tls()?))?,
            _ => self.connect(None)?,
        };
        match self.security {
            Security::StartTls if !connection.can_starttls() => {
                return Err(format!("{} offers no STARTTLS, and TLS is required", self.place()));
            }
            Security::StartTls => self.start_tls(&mut connection)?,
            Security::StartTlsIfOffered if connection.can_starttls() => {
                if let Err(why) = self.start_tls(&mut connection) {
                    if self.credentials.is_some() {
                        return Err(why);
                    }
                    tracing::warn!(server = self.place(), why, "TLS was offered and failed; going on in the clear");
                    connection = self.connect(None)?;
                }
            }
            _ => {}
        }
        self.log_in(&mut connection)?;
        Session::new(connection).map_err(|error| format!("{}: {error}", self.place()))
    }

    fn connect(&self, tls: Option<&TlsParameters>) -> Result<SmtpConnection, String> {
        SmtpConnection::connect((self.host.as_str(), self.port), Some(CONNECT_PATIENCE), &self.hello, tls, None)
            .map_err(|error| format!("cannot talk to {}: {}", self.place(), session::words(&error)))
    }

    fn start_tls(&self, connection: &mut SmtpConnection) -> Result<(), String> {
        connection
            .starttls(self.tls()?, &self.hello)
            .map_err(|error| format!("{}: STARTTLS failed: {}", self.place(), session::words(&error)))
    }

    fn tls(&self) -> Result<&TlsParameters, String> {
        let any_certificate = self.security == Security::StartTlsIfOffered && self.credentials.is_none();
        let made = self.tls.get_or_init(|| {
            TlsParameters::builder(self.host.clone())
                .dangerous_accept_invalid_certs(any_certificate)
                .dangerous_accept_invalid_hostnames(any_certificate)
                .build()
                .map_err(|error| format!("cannot prepare TLS for {}: {}", self.place(), session::words(&error)))
        });
        made.as_ref().map_err(Clone::clone)
    }

    fn log_in(&self, connection: &mut SmtpConnection) -> Result<(), String> {
        let Some(credentials) = &self.credentials else { return Ok(()) };
        if !connection.is_encrypted() && self.security != Security::Plain {
            return Err(format!("{} offers no TLS, and a password is not sent in the clear", self.place()));
        }
        let password = credentials.password().map_err(|error| error.to_string())?;
        session::log_in(connection, &credentials.user, password)
            .map_err(|why| format!("{} does not let user {} in: {why}", self.place(), credentials.user))
    }

    fn place(&self) -> String {
        if self.host.contains(':') { format!("[{}]:{}", self.host, self.port) } else { format!("{}:{}", self.host, self.port) }
    }

    /// Sends over `session` and keeps it if it is still good.
    fn send_over(&self, mut session: Session, parcel: &Parcel) -> Result<String, Trouble> {
        let result = session.send(parcel);
        match &result {
            Ok(_) | Err(Trouble::Refused { session_over: false, .. }) => self.keep(session),
            Err(_) => session.drop_connection(),
        }
        result
    }
}

impl Courier for SmtpCourier {
    fn send(&self, envelope_from: Option<&str>, to: &str, octets: &[u8]) -> Outcome {
        let parcel = match Parcel::new(envelope_from.unwrap_or_default(), to, octets) {
            Ok(parcel) => parcel,
            Err(reply) => return Outcome::Failed { reply },
        };
        // A server may have closed a connection that was waiting; before the first octet of the mail was sent, trying again is safe.
        while let Some(session) = self.waiting() {
            match self.send_over(session, &parcel) {
                Err(trouble) if trouble.worth_a_fresh_connection() => continue,
                result => return outcome(result),
            }
        }
        match self.open() {
            Ok(session) => outcome(self.send_over(session, &parcel)),
            Err(reply) => Outcome::Deferred { reply },
        }
    }

    fn rest(&self) {
        let over: Vec<Session> = hold(&self.idle).extract_if(.., |session| session.last_used.elapsed() > IDLE).collect();
        over.into_iter().for_each(Session::quit);
    }

    fn probe(&self) -> Result<String, String> {
        let session = self.open_now()?;
        let name = session.server_name();
        let encrypted = if session.is_encrypted() { "over TLS" } else { "in the clear" };
        let login = match &self.credentials {
            Some(credentials) => format!(", user {} is let in", credentials.user),
            None => String::new(),
        };
        session.quit();
        Ok(format!("{} ({name}) answers {encrypted}{login}", self.place()))
    }
}

impl Drop for SmtpCourier {
    fn drop(&mut self) {
        hold(&self.idle).drain(..).for_each(Session::quit);
    }
}

fn outcome(result: Result<String, Trouble>) -> Outcome {
    match result {
        Ok(reply) => Outcome::Sent { reply },
        Err(Trouble::Refused { permanent: true, reply, .. }) => Outcome::Failed { reply },
        Err(Trouble::Refused { reply, .. } | Trouble::Lost { reply, .. }) => Outcome::Deferred { reply },
    }
}

/// What a thread that panicked left behind is still a list of connections.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
