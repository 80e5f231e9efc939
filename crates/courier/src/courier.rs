//! What every way of sending has in common, and the choice between them. Knows no outbox and no database.

use crate::{DirectoryCourier, Security, SendmailCourier, SmtpCourier};
use postern_core::config::{CourierUrl, Tls};

/// What became of one mail at one recipient, in the remote's words (or, where there was no remote, in ours).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Accepted: from here on the other side answers for it.
    Sent {
        /// The reply that accepted it.
        reply: String,
    },
    /// Not now, and perhaps another time: this mail, this recipient.
    Deferred {
        /// The last reply, or why there was none.
        reply: String,
    },
    /// The way out as a whole is closed, whatever the mail: no connection, no TLS, no login, a full disk. Temporary like everything
    /// that is not the mail's own fault; other mails need not be tried before it is open again.
    Unreachable {
        /// Why.
        reply: String,
    },
    /// Refused for good.
    Failed {
        /// The reply that refused it.
        reply: String,
    },
}

/// A way of sending. One recipient at a time, so that one refused address cannot hold up another (and lettre's own transport
/// would give up a whole mail for it).
pub trait Courier: Send + Sync {
    /// Sends `octets` (RFC 5322, CRLF) to `to`. `envelope_from` is a bare address, `None` the null sender.
    ///
    /// May block, for minutes if the remote is slow; never panics. `Sent` only if the remote took it.
    fn send(&self, envelope_from: Option<&str>, to: &str, octets: &[u8]) -> Outcome;

    /// Nothing is due: give up what is only worth keeping while mail flows, such as idle connections. Called often.
    fn rest(&self) {}

    /// Checks the wiring without sending anything, and tells in one line what was found.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    fn probe(&self) -> Result<String, String>;
}

/// The courier that the configuration names. Nothing is connected or created yet.
///
/// # Errors
/// A sentence that says what cannot work.
pub fn courier_for(url: &CourierUrl) -> Result<Box<dyn Courier>, String> {
    Ok(match url {
        CourierUrl::Smtp { host, port, tls, credentials } => {
            let security = match tls {
                Tls::None => Security::Plain,
                Tls::Opportunistic => Security::StartTlsIfOffered,
                Tls::Required => Security::StartTls,
            };
            Box::new(SmtpCourier::new(host, *port, security, credentials.clone()))
        }
        CourierUrl::Smtps { host, port, credentials } => {
            Box::new(SmtpCourier::new(host, *port, Security::Tls, credentials.clone()))
        }
        CourierUrl::Sendmail { path } => Box::new(SendmailCourier::new(path)),
        CourierUrl::Directory { path } => Box::new(DirectoryCourier::new(path)),
    })
}

/// Tries the configured courier without sending anything: connects and says EHLO and AUTH, or writes and removes a file, or looks
/// whether the program is there. The answer is a line for `postern check`.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn probe(url: &CourierUrl) -> Result<String, String> {
    courier_for(url)?.probe()
}
