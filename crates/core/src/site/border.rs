//! The probe of the border mail server: does it remove Authentication-Results that somebody forged in its name (A98)? Until one has
//! come back without them, nothing in that name is believed.

use super::probe::ProbeError;
use crate::config::Config;
use crate::outbox::{MailHeaders, Mailbox, OutgoingMail};
use crate::store::engine::{Engine, StoreError};
use crate::store::{self, probe};
use postern_mail::ident::Key;
use postern_mail::token::{self, Purpose};
use postern_model::BORDER_PROBE;
use std::time::Duration;

/// How long a note of a probe may wait for the store.
const WAIT: Duration = Duration::from_secs(30);

/// A probe of the border mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BorderProbe {
    /// The names that it forges.
    pub authserv_id: Vec<String>,
    /// Its number.
    pub number: u64,
    /// What is to be sent.
    pub mail: OutgoingMail,
}

/// Makes a probe to the first queue; `None` where the site names no border mail server. `now` in microseconds since 1970 UTC.
///
/// # Errors
/// [`ProbeError`].
pub fn border_probe(engine: &mut Engine, config: &Config, now: i64) -> Result<Option<BorderProbe>, ProbeError> {
    let number = now.unsigned_abs();
    let found = engine.write(WAIT, |tx| {
        let ids = store::site::Settings::of(tx)?.trust.authserv_id;
        let Some(to) = store::site::first_address(tx)?.filter(|_| !ids.is_empty()) else { return Ok(None) };
        probe::border_sent(tx, number)?;
        Ok::<_, StoreError>(Some((ids, to, store::organisation::keys(tx)?.into_iter().next())))
    })?;
    let Some((authserv_id, to, key)) = found else { return Ok(None) };
    let key = key.ok_or(ProbeError::NoKey)?;
    let mail = mail(config, &key, &authserv_id, &to, now);
    Ok(Some(BorderProbe { authserv_id, number, mail }))
}

fn mail(config: &Config, key: &Key, ids: &[String], to: &str, now: i64) -> OutgoingMail {
    let token = token::make(key, Purpose::Probe, now.unsigned_abs(), BORDER_PROBE);
    let from = config.from_address(Some(to)).unwrap_or(to).to_owned();
    let domain = to.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let mailbox = |email: &str| Mailbox { name: String::new(), email: email.to_owned() };
    let mut more = vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())];
    more.extend(ids.iter().flat_map(|id| forged(id, domain, &token)).map(|value| ("Authentication-Results".to_owned(), value)));
    let headers = MailHeaders {
        from: mailbox(&from),
        to: vec![mailbox(to)],
        subject: "Probe: are forged Authentication-Results removed?".to_owned(),
        date: now,
        message_id: format!("{BORDER_PROBE}.{token}@{domain}"),
        more,
        ..MailHeaders::default()
    };
    let text = "This mail was sent by `postern check --probe`. Nobody needs to read it.\n".to_owned();
    let envelope_from = Some(from).filter(|from| !from.is_empty());
    OutgoingMail { id: 0, attempts: 0, envelope_from, envelope_to: to.to_owned(), headers, text, html: false, files: Vec::new() }
}

/// Fields as somebody forges them: the name as it is, in capitals, with a version, behind a comment, and several of them, because
/// programs were seen to remove only some (RFC 8601 section 5 asks for all).
fn forged(id: &str, domain: &str, token: &str) -> Vec<String> {
    let claim = |name: String| format!("{name}; dmarc=pass header.from={domain}; dkim=pass header.d={domain} header.s={token}");
    let names = [id.to_owned(), id.to_ascii_uppercase(), format!("{id} 1"), format!("(forged) {id}"), id.to_owned()];
    names.into_iter().map(claim).collect()
}

/// What the probe showed, if it is back: nothing amiss, or what.
///
/// # Errors
/// What the store says.
pub fn border_showed(engine: &Engine, sent: &BorderProbe) -> Result<Option<Result<(), String>>, StoreError> {
    engine.read(|tx| probe::border_showed(tx, sent.number))
}
