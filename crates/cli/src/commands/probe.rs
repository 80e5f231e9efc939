//! `postern check --probe`: sends a mail to each of our addresses with an extension, and one with forged results of the border
//! mail server, and waits for them to come back.

use crate::context::Context;
use crate::failure::Failure;
use crate::output::progress::Progress;
use jiff::Timestamp;
use postern_core::config::{Config, CourierUrl};
use postern_core::outbox::OutgoingMail;
use postern_core::site::border::{self, BorderProbe};
use postern_core::site::probe::{self, Probe, ProbeError};
use postern_core::site::{Finding, Level};
use postern_core::store::engine::Engine;
use postern_courier::{Courier, Outcome, compose, courier_for};
use std::time::{Duration, Instant};

/// How often the database is asked whether a probe came back.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How probes are sent.
pub(super) struct Probing {
    /// How long they are waited for.
    pub(super) patience: Duration,
    /// By which courier, where it is not the site's: a URL.
    pub(super) via: Option<String>,
}

/// Sends probes and tells what became of them. An address whose probe does not come back in time is written without an
/// extension from now on, and a border mail server whose probe does not is not believed.
pub(super) fn findings(context: &Context, config: &Config, probing: &Probing) -> Result<Vec<Finding>, Failure> {
    let patience = probing.patience;
    let mut engine = context.engine()?;
    let courier = courier(config, probing.via.as_deref())?;
    let now = Timestamp::now().as_microsecond();
    let again = |error: ProbeError| Failure::refused(error.to_string(), "then run `postern check --probe` again");
    let mut findings = Vec::new();
    match border::border_probe(&mut engine, config, now).map_err(again)? {
        Some(probe) => findings.push(of_border(&engine, courier.as_ref(), &probe, patience)?),
        None if config.outgoing.delimiter.is_none() => {
            let wrong = "there is nothing to probe: site.toml names no [trust] authserv_id, and postern.toml no delimiter";
            return Err(Failure::refused(wrong, "docs/security.md tells about the one, `postern check` about the other"));
        }
        None => {}
    }
    if config.outgoing.delimiter.is_none() {
        return Ok(findings);
    }
    let probes = probe::probes(&mut engine, config, now).map_err(again)?;
    let mut under_way = Vec::new();
    for sent in probes {
        match send(courier.as_ref(), &sent.mail) {
            Ok(()) => under_way.push(sent),
            Err(reply) => findings.push(Finding {
                level: Level::Error,
                text: format!("a probe to {} was not taken: {reply}", sent.mail.envelope_to),
                cure: "see to it that mail leaves, and that the mail server delivers addresses with an extension".to_owned(),
            }),
        }
    }
    let waiting = Progress::begin("Waiting for the probes");
    let begun = Instant::now();
    let mut missing = probe::missing(&engine, &under_way)?;
    while !missing.is_empty() && begun.elapsed() < patience {
        std::thread::sleep(LOOK_EVERY);
        missing = probe::missing(&engine, &under_way)?;
    }
    drop(waiting);
    probe::give_up(&mut engine, &missing)?;
    findings.extend(under_way.iter().map(|sent| finding(sent, missing.contains(&sent), patience)));
    Ok(findings)
}

fn courier(config: &Config, via: Option<&str>) -> Result<Box<dyn Courier>, Failure> {
    let cure = || match via {
        Some(_) => "--via wants a courier's URL, such as smtp://mx.example.org:25".to_owned(),
        None => format!("mend outgoing.courier in {}", config.path.display()),
    };
    let url = match via {
        Some(via) => &CourierUrl::read(via, config.directory()).map_err(|wrong| Failure::refused(wrong, cure()))?,
        None => &config.courier,
    };
    if via.is_some() && matches!(url, CourierUrl::Directory { .. }) {
        return Err(Failure::refused("a probe that is written to a directory leaves for nowhere and cannot come back", cure()));
    }
    courier_for(url).map_err(|wrong| Failure::refused(wrong, cure()))
}

/// Sends the probe of the border mail server, and tells what it showed.
fn of_border(engine: &Engine, courier: &dyn Courier, probe: &BorderProbe, patience: Duration) -> Result<Finding, Failure> {
    let names = probe.authserv_id.join(", ");
    if let Err(reply) = send(courier, &probe.mail) {
        let text = format!("a probe with forged Authentication-Results of {names} was not taken: {reply}");
        let cure = "send it by a way that the mail server takes, from outside if it can be: --via smtp://MX";
        return Ok(Finding { level: Level::Error, text, cure: cure.to_owned() });
    }
    let waiting = Progress::begin("Waiting for the probe of the border mail server");
    let begun = Instant::now();
    let mut showed = border::border_showed(engine, probe)?;
    while showed.is_none() && begun.elapsed() < patience {
        std::thread::sleep(LOOK_EVERY);
        showed = border::border_showed(engine, probe)?;
    }
    drop(waiting);
    let (level, text, cure) = match showed {
        Some(Ok(())) => {
            let text = format!(
                "{names}: forged Authentication-Results are removed, and its own are there: they are believed from now on"
            );
            (Level::Ok, text, "")
        }
        Some(Err(why)) => (Level::Error, format!("{names} is not believed: {why}"), "docs/security.md shows how to set it up"),
        None => {
            let text = format!(
                "the probe with forged Authentication-Results of {names} did not come back to {} in {} s",
                probe.mail.envelope_to,
                patience.as_secs()
            );
            (Level::Error, text, "see the mail server's log; what it showed counts whenever it comes back")
        }
    };
    Ok(Finding { level, text, cure: cure.to_owned() })
}

fn send(courier: &dyn Courier, mail: &OutgoingMail) -> Result<(), String> {
    let octets = compose(mail);
    match courier.send(mail.envelope_from.as_deref(), &mail.envelope_to, &octets) {
        Outcome::Sent { .. } => Ok(()),
        Outcome::Deferred { reply } | Outcome::Failed { reply } | Outcome::Unreachable { reply } => Err(reply),
    }
}

fn finding(probe: &Probe, is_missing: bool, patience: Duration) -> Finding {
    let address = &probe.address;
    if is_missing {
        return Finding {
            level: Level::Warning,
            text: format!("the probe to {} did not come back in {} s", probe.mail.envelope_to, patience.as_secs()),
            cure: "mails name the plain address, and nothing is lost; Postfix: recipient_delimiter = +, and the alias must pipe into \
                   postern-mailgate with --recipient or as it does for the plain address"
                .to_owned(),
        };
    }
    let text = format!("mail to {address} with an extension reaches us: mails carry addresses of their own from now on");
    Finding { level: Level::Ok, text, cure: String::new() }
}
