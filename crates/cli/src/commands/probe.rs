//! `postern check --probe`: sends a mail to each of our addresses with an extension, and waits for it to come back.

use crate::context::Context;
use crate::failure::Failure;
use crate::output::progress::Progress;
use jiff::Timestamp;
use postern_core::config::Config;
use postern_core::site::probe::{self, Probe};
use postern_core::site::{Finding, Level};
use postern_courier::{Courier, Outcome, compose, courier_for};
use std::time::{Duration, Instant};

/// How often the database is asked whether a probe came back.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Sends probes and tells what became of them. An address whose probe does not come back in time is written without an
/// extension from now on.
pub(super) fn findings(context: &Context, config: &Config, patience: Duration) -> Result<Vec<Finding>, Failure> {
    let mut engine = context.engine()?;
    let courier = courier_for(&config.courier)
        .map_err(|wrong| Failure::refused(wrong, format!("mend outgoing.courier in {}", config.path.display())))?;
    let probes = probe::probes(&mut engine, config, Timestamp::now().as_microsecond())
        .map_err(|error| Failure::refused(error.to_string(), "then run `postern check --probe` again"))?;
    let mut findings = Vec::new();
    let mut under_way = Vec::new();
    for sent in probes {
        match send(courier.as_ref(), &sent) {
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

fn send(courier: &dyn Courier, probe: &Probe) -> Result<(), String> {
    let octets = compose(&probe.mail);
    match courier.send(probe.mail.envelope_from.as_deref(), &probe.mail.envelope_to, &octets) {
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
