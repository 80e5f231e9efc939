//! To a mail server by SMTP: connections that are kept while mail flows, STARTTLS, TLS, AUTH.
//!
//! What is said in a session is in `session`, commands and replies are in `wire`, which says why they are our own. Beneath them `reply`
//! reads what a server answers, `offers` what it can do, `stream` carries the octets, and `tls` judges certificates.
//!
//! What a refusal means here: a 5xx about this mail is permanent, a 4xx about it temporary. What concerns the session as a whole - no
//! connection, a bad greeting, TLS, login, 421 - closes the way for all mails, because it is the network's or the configuration's fault
//! and will be mended. A server that takes fewer connections than the configuration allows gets fewer.
//!
//! An attempt ends within the hour for which a mail is leased, whatever the server does. At most it takes ten minutes with connections
//! that turn out to be dead, ten to open one or to wait for a turn on one, five for the commands, fifteen to write the mail, fifteen to
//! hear what becomes of it, and one to clear up after a refusal: 56 together. The lease began before that, by no more than the time
//! after which the runner hands back what it has not taken up. Only the lookup of the name is left to the system's patience.

mod offers;
mod reply;
mod session;
mod stream;
#[cfg(test)]
mod tests;
mod tls;
mod wire;

use crate::courier::{Courier, Outcome};
use postern_core::config::Credentials;
use session::{Parcel, Refusal, Session, Trouble};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use stream::WHOLE;
use tls::Tls;
use wire::Wire;

/// For each answer until a connection is open.
const CONNECT_PATIENCE: Duration = Duration::from_secs(30);
/// For all of them.
const OPENING_PATIENCE: Duration = Duration::from_secs(5 * 60);
/// After a session could not be opened nobody tries again for so long: mails sent at the same time must not mean as many time-outs.
/// Shorter than the runner's own first pause, whose knock must be a real one.
const COOL_DOWN: Duration = Duration::from_secs(5);
/// A mail waits so long for one of the connections that are open, when the server takes no further one. It has to be sent
/// after that and before its lease ends, however long it takes.
const TURN_PATIENCE: Duration = Duration::from_secs(5 * 60);
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
    /// The name that we say hello with.
    hello: String,
    /// The system's certificates are read once, and only when TLS is spoken.
    tls: OnceLock<Result<Tls, String>>,
    sessions: Mutex<Sessions>,
    /// A connection came free, or ended.
    turn: Condvar,
    trouble: Mutex<Option<(Instant, String)>>,
    turn_patience: Duration,
    /// The longest time that writing a mail may take, and hearing the answer to it.
    whole: Duration,
}

#[derive(Default)]
struct Sessions {
    idle: Vec<Session>,
    /// Connections that mails are being sent over.
    busy: usize,
    /// Connections on which no mail can be sent yet: the server is still to greet us, or to let us in.
    opening: usize,
    /// Connections that were opened, ever.
    opened: u64,
}

impl Sessions {
    /// Whether the server has, or may have, a connection of ours.
    fn any(&self) -> bool {
        !self.idle.is_empty() || self.busy + self.opening > 0
    }
}

impl SmtpCourier {
    /// Talks to `host` (a name or an address without brackets). Nothing is connected yet.
    pub fn new(host: &str, port: u16, security: Security, credentials: Option<Credentials>) -> Self {
        SmtpCourier {
            host: host.to_owned(),
            port,
            security,
            credentials,
            hello: wire::own_name(),
            tls: OnceLock::new(),
            sessions: Mutex::default(),
            turn: Condvar::new(),
            trouble: Mutex::default(),
            turn_patience: TURN_PATIENCE,
            whole: WHOLE,
        }
    }

    /// A connection to go on with, if one is open; it counts as busy from here.
    fn waiting(&self) -> Option<Session> {
        let mut sessions = hold(&self.sessions);
        let session = sessions.idle.pop()?;
        sessions.busy += 1;
        Some(session)
    }

    /// A fresh connection, which counts as busy, too. The server may take no further one from us (421 at the greeting is the usual way to
    /// say so): while others of ours are open or being opened, that is no outage, and the mail waits for its turn on one of them.
    fn fresh(&self) -> Result<Session, Outcome> {
        let until = Instant::now() + self.turn_patience;
        loop {
            let opened_before = hold(&self.sessions).opened;
            let reply = match self.open() {
                Ok(session) => return Ok(session),
                Err(why) => why,
            };
            let left = until.saturating_duration_since(Instant::now());
            let mut one_was_open = false;
            let nothing_free = |sessions: &mut Sessions| {
                one_was_open |= sessions.busy > 0 || sessions.opened > opened_before;
                sessions.idle.is_empty() && sessions.any()
            };
            let (mut sessions, waited) =
                self.turn.wait_timeout_while(hold(&self.sessions), left, nothing_free).unwrap_or_else(PoisonError::into_inner);
            if let Some(session) = sessions.idle.pop() {
                sessions.busy += 1;
                return Ok(session);
            }
            if waited.timed_out() || (one_was_open && left.is_zero()) {
                return Err(Outcome::Deferred { reply: format!("no connection came free in time, and {reply}") });
            }
            // The connection that was waited for has ended: now there may be room for another one.
            if !one_was_open {
                return Err(Outcome::Unreachable { reply });
            }
        }
    }

    /// A busy connection is done with: kept if it is still good.
    fn done(&self, session: Option<Session>) {
        let kept = match session {
            Some(session) if session.mails < MAILS_PER_CONNECTION => Some(session),
            // Before others are told that there may be room for a connection.
            Some(spent) => {
                spent.quit();
                None
            }
            None => None,
        };
        let mut sessions = hold(&self.sessions);
        sessions.busy = sessions.busy.saturating_sub(1);
        sessions.idle.extend(kept);
        drop(sessions);
        self.turn.notify_all();
    }

    /// A fresh connection, greeted, encrypted and logged in; it counts as busy. The error is a sentence.
    fn open(&self) -> Result<Session, String> {
        if let Some((since, why)) = hold(&self.trouble).as_ref().filter(|(since, _)| since.elapsed() < COOL_DOWN) {
            return Err(format!("{why} ({} s ago)", since.elapsed().as_secs()));
        }
        let opening = Opening::begin(self);
        let opened = self.open_now();
        match &opened {
            Ok(_) => {
                let mut sessions = hold(&self.sessions);
                sessions.busy += 1;
                sessions.opened += 1;
                drop(sessions);
                *hold(&self.trouble) = None;
            }
            Err(why) => {
                drop(opening);
                // Where there are others, this may only mean that they are enough.
                if !hold(&self.sessions).any() {
                    *hold(&self.trouble) = Some((Instant::now(), why.clone()));
                }
            }
        }
        opened
    }

    fn open_now(&self) -> Result<Session, String> {
        let end = Instant::now() + OPENING_PATIENCE;
        let mut wire = match self.security {
            Security::Plain => self.connect(None, end)?,
            Security::StartTlsIfOffered => self.start_tls_if_offered(end)?,
            Security::StartTls => self.start_tls(self.connect(None, end)?)?,
            Security::Tls => self.connect(Some(self.tls()?), end)?,
        };
        self.log_in(&mut wire)?;
        Ok(Session::new(wire, self.whole))
    }

    fn connect(&self, tls: Option<&Tls>, end: Instant) -> Result<Wire, String> {
        Wire::connect((self.host.as_str(), self.port), (CONNECT_PATIENCE, end), &self.hello, tls)
            .map_err(|fault| format!("cannot talk to {}: {}", self.place(), fault.words()))
    }

    fn start_tls(&self, wire: Wire) -> Result<Wire, String> {
        if !wire.offers("STARTTLS") {
            return Err(format!("{} offers no STARTTLS, and TLS is required", self.place()));
        }
        let failed = |why| format!("{}: STARTTLS failed: {why}", self.place());
        wire.start_tls(self.tls()?, &self.hello).map_err(|fault| failed(fault.words()))
    }

    fn start_tls_if_offered(&self, end: Instant) -> Result<Wire, String> {
        let wire = self.connect(None, end)?;
        if !wire.offers("STARTTLS") {
            return Ok(wire);
        }
        match self.start_tls(wire) {
            Err(why) if self.credentials.is_none() => {
                tracing::warn!(server = self.place(), why, "TLS was offered and failed; going on in the clear");
                self.connect(None, end)
            }
            result => result,
        }
    }

    fn tls(&self) -> Result<&Tls, String> {
        let any_certificate = self.security == Security::StartTlsIfOffered && self.credentials.is_none();
        let made = self.tls.get_or_init(|| {
            Tls::new(&self.host, any_certificate).map_err(|why| format!("cannot prepare TLS for {}: {why}", self.place()))
        });
        made.as_ref().map_err(Clone::clone)
    }

    fn log_in(&self, wire: &mut Wire) -> Result<(), String> {
        let Some(credentials) = &self.credentials else { return Ok(()) };
        if !wire.is_encrypted() && self.security != Security::Plain {
            return Err(format!("{} offers no TLS, and a password is not sent in the clear", self.place()));
        }
        let password = credentials.password().map_err(|error| error.to_string())?;
        wire.log_in(&credentials.user, &password)
            .map_err(|fault| format!("{} does not let user {} in: {}", self.place(), credentials.user, fault.words()))
    }

    fn place(&self) -> String {
        if self.host.contains(':') { format!("[{}]:{}", self.host, self.port) } else { format!("{}:{}", self.host, self.port) }
    }

    /// Sends over `session` and keeps it if it is still good.
    fn send_over(&self, session: Session, parcel: &Parcel) -> Result<String, Trouble> {
        let mut busy = Busy { courier: self, session: Some(session) };
        let result = match busy.session.as_mut() {
            Some(session) => session.send(parcel),
            None => return Err(Trouble::Lost { reply: "no connection".to_owned(), mail_was_sent: false }),
        };
        if !matches!(&result, Ok(_) | Err(Trouble::Refused { session_over: false, .. })) {
            // Without a word: the other side would not answer.
            drop(busy.session.take());
        }
        result
    }
}

/// A connection while a mail is sent over it. Given back however that ends: others may be waiting for it.
struct Busy<'a> {
    courier: &'a SmtpCourier,
    session: Option<Session>,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let session = if std::thread::panicking() { None } else { self.session.take() };
        self.courier.done(session);
    }
}

/// While a connection is being opened. However that ends, others may be waiting for it.
struct Opening<'a> {
    courier: &'a SmtpCourier,
}

impl<'a> Opening<'a> {
    fn begin(courier: &'a SmtpCourier) -> Self {
        hold(&courier.sessions).opening += 1;
        Opening { courier }
    }
}

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        let mut sessions = hold(&self.courier.sessions);
        sessions.opening = sessions.opening.saturating_sub(1);
        drop(sessions);
        self.courier.turn.notify_all();
    }
}

impl Courier for SmtpCourier {
    fn send(&self, envelope_from: Option<&str>, to: &str, octets: &[u8]) -> Outcome {
        let parcel = match Parcel::new(envelope_from.unwrap_or_default(), to, octets) {
            Ok(parcel) => parcel,
            Err(reply) => return Outcome::Failed { reply },
        };
        // A server may have closed a connection that was waiting; before the first octet of the mail was sent, trying again is safe.
        let begun = Instant::now();
        while begun.elapsed() < self.turn_patience
            && let Some(session) = self.waiting()
        {
            match self.send_over(session, &parcel) {
                Err(trouble) if trouble.worth_a_fresh_connection() => {}
                result => return outcome(result),
            }
        }
        match self.fresh() {
            Ok(session) => outcome(self.send_over(session, &parcel)),
            Err(outcome) => outcome,
        }
    }

    fn rest(&self) {
        let over: Vec<Session> = hold(&self.sessions).idle.extract_if(.., |session| session.last_used.elapsed() > IDLE).collect();
        over.into_iter().for_each(Session::quit);
    }

    fn probe(&self) -> Result<String, String> {
        let session = self.open_now()?;
        let encrypted = if session.is_encrypted() { "over TLS" } else { "in the clear" };
        let login = match &self.credentials {
            Some(credentials) => format!(", user {} is let in", credentials.user),
            None => String::new(),
        };
        let found = format!("{} ({}) answers {encrypted}{login}", self.place(), session.server_name());
        session.quit();
        Ok(found)
    }
}

impl Drop for SmtpCourier {
    fn drop(&mut self) {
        hold(&self.sessions).idle.drain(..).for_each(Session::quit);
    }
}

fn outcome(result: Result<String, Trouble>) -> Outcome {
    match result {
        Ok(reply) => Outcome::Sent { reply },
        Err(Trouble::Refused { what, reply, .. }) => match what {
            Refusal::MailForGood => Outcome::Failed { reply },
            Refusal::MailForNow => Outcome::Deferred { reply },
            Refusal::Us | Refusal::Everybody => Outcome::Unreachable { reply },
        },
        // It may have been this mail that made the server close: others find out by themselves.
        Err(Trouble::Lost { reply, .. }) => Outcome::Deferred { reply },
    }
}

/// What a thread that panicked left behind is still a list of connections.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
