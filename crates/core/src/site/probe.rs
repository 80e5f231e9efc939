//! Probes: does mail to our addresses with an extension, `support+123@example.org`, reach us? Only what came back counts (A48).

use crate::config::Config;
use crate::outbox::{MailHeaders, Mailbox, OutgoingMail};
use crate::store::engine::{Engine, StoreError};
use crate::store::{self, probe};
use postern_mail::address::address_key;
use postern_mail::ident::Key;
use postern_mail::token::{self, Purpose};
use std::time::Duration;

/// How long a note of a probe may wait for the store.
const WAIT: Duration = Duration::from_secs(30);

/// A probe to one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The address without its extension.
    pub address: String,
    /// Its number.
    pub number: u64,
    /// What is to be sent.
    pub mail: OutgoingMail,
}

/// Why there are no probes.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The site does not use such addresses.
    #[error(
        "no delimiter is set; write delimiter = \"+\" under [outgoing] in postern.toml if the mail server delivers such addresses"
    )]
    NoDelimiter,
    /// There is no key to sign with.
    #[error("the site has no signing key; run `postern init` with this configuration to make one")]
    NoKey,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a probe for every address that would be used with an extension: those of the queues, and the one to which failure
/// reports come back. `now` in microseconds since 1970 UTC.
///
/// # Errors
/// [`ProbeError`].
pub fn probes(engine: &mut Engine, config: &Config, now: i64) -> Result<Vec<Probe>, ProbeError> {
    let delimiter = config.outgoing.delimiter.ok_or(ProbeError::NoDelimiter)?;
    let number = now.unsigned_abs();
    let made = engine.write(WAIT, |tx| {
        let Some(key) = store::organisation::keys(tx)?.into_iter().next() else { return Ok(None) };
        let queues = store::site::queues(tx)?;
        let open = || queues.iter().filter(|queue| !queue.disabled);
        let first = open().map(|queue| queue.address.as_str()).next();
        let from = config.from_address(first).unwrap_or_default().to_owned();
        let of_queues = open().flat_map(|queue| std::iter::once(&queue.address).chain(&queue.comment_address)).cloned();
        let mut addresses: Vec<String> = of_queues.chain(config.bounce.clone()).map(|address| address_key(&address)).collect();
        addresses.sort();
        addresses.dedup();
        for address in &addresses {
            probe::sent(tx, address, delimiter, number)?;
        }
        Ok::<_, StoreError>(Some((key, from, addresses)))
    })?;
    let (key, from, addresses) = made.ok_or(ProbeError::NoKey)?;
    let about = About { key: &key, from: &from, delimiter, number, now };
    Ok(addresses.into_iter().filter_map(|address| about.probe(address)).collect())
}

/// What all probes of a run share.
struct About<'a> {
    key: &'a Key,
    from: &'a str,
    delimiter: char,
    number: u64,
    now: i64,
}

impl About<'_> {
    /// The probe to an address; `None` where the address is too long for an extension, so that it will never have one.
    fn probe(&self, address: String) -> Option<Probe> {
        let token = token::make(self.key, Purpose::Probe, self.number, &address);
        let to = token::extend(&address, self.delimiter, &token)?;
        let mailbox = |email: &str| Mailbox { name: String::new(), email: email.to_owned() };
        let domain = address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        let headers = MailHeaders {
            from: mailbox(self.from),
            to: vec![mailbox(&to)],
            subject: format!("Probe: does mail to {address} with an extension arrive?"),
            date: self.now,
            message_id: format!("probe.{token}@{domain}"),
            more: vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())],
            ..MailHeaders::default()
        };
        let text = "This mail was sent by `postern check --probe`. Nobody needs to read it.\n".to_owned();
        let mail = OutgoingMail {
            id: 0,
            attempts: 0,
            envelope_from: Some(self.from.to_owned()).filter(|from| !from.is_empty()),
            envelope_to: to,
            headers,
            text,
            html: false,
            files: Vec::new(),
        };
        Some(Probe { address, number: self.number, mail })
    }
}

/// Which of these probes have not come back yet.
///
/// # Errors
/// What the store says.
pub fn missing<'p>(engine: &Engine, probes: &'p [Probe]) -> Result<Vec<&'p Probe>, StoreError> {
    engine.read(|tx| {
        let mut missing = Vec::new();
        for sent in probes {
            if !probe::has_returned(tx, &sent.address, sent.number)? {
                missing.push(sent);
            }
        }
        Ok(missing)
    })
}

/// Writes these addresses without an extension from now on: their probes did not come back.
///
/// # Errors
/// What the store says.
pub fn give_up(engine: &mut Engine, missing: &[&Probe]) -> Result<(), StoreError> {
    engine.write(WAIT, |tx| missing.iter().try_for_each(|sent| probe::forget(tx, &sent.address)))
}
