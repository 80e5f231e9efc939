//! `postern-mailgate`: one message on standard input, filed as a ticket, an answer, a note, or a line in the ledger.
//!
//! MTAs run it for every mail, so it is small and quick: it opens the database itself, needs no daemon, and links nothing
//! that sends mail. Exit 0 means that the message and what was decided are on the disk. Whatever is not certain is 75,
//! and the MTA tries again (A1, A7). It says nothing on success, and one line on standard error otherwise (A15).

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod envelope;
mod input;
mod report;

use postern_core::config::Config;
use postern_core::intake::{self, Delivery, Setting};
use postern_core::store::engine::Engine;
use postern_mailgate::options::{self, EX_TEMPFAIL, Options};
use report::Failure;
use std::panic::catch_unwind;
use std::process::exit;
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What the last fault said. A fault inside a library that reads strangers' octets is caught where it is called and harms
/// nothing, so that the hook must neither print nor end the process.
static FAULT: Mutex<String> = Mutex::new(String::new());

fn main() {
    std::panic::set_hook(Box::new(|fault| {
        if let Ok(mut said) = FAULT.lock() {
            *said = fault.to_string();
        }
    }));
    let status = catch_unwind(|| {
        let options = options::read(std::env::args_os());
        match run(&options) {
            Ok(()) => 0,
            Err(failure) => {
                failure.print(options.debug);
                failure.status()
            }
        }
    });
    let status = status.unwrap_or_else(|_| {
        let said = FAULT.lock().map(|said| said.clone()).unwrap_or_default();
        eprintln!("postern-mailgate: a fault in the program, the message stays with the mail server: {said}");
        EX_TEMPFAIL
    });
    // Straight out: closing the database would be work for nothing, see the store's engine.
    exit(status);
}

fn run(options: &Options) -> Result<(), Failure> {
    let config = Config::load(options.config.as_deref())?;
    let delivery = Delivery { now: now(), ..envelope::read(options, &config, &variable)? };
    let message = input::read(std::io::stdin().lock(), &config)?;
    let mut engine = Engine::open(&config.database)?;
    let mut setting = Setting::of(&config);
    if let Some(seconds) = options.timeout {
        setting.wait = Duration::from_secs(seconds);
    }
    if options.dry_run {
        let explanations = intake::explain(&mut engine, &setting, message.octets(), &delivery);
        for explanation in explanations.map_err(|e| Failure::from_intake(e, config.gateway.authoritative))? {
            report::explain(&explanation, options.explain);
        }
        return Ok(());
    }
    let outcomes = intake::deliver(&mut engine, &setting, message.octets(), &delivery);
    let outcomes = outcomes.map_err(|e| Failure::from_intake(e, config.gateway.authoritative))?;
    engine.leave();
    if options.debug {
        outcomes.iter().for_each(report::debug);
    }
    Ok(())
}

/// A variable of the environment. MTAs copy into it what a stranger wrote, so it may be any octets.
fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// Microseconds since 1970 UTC. A clock before 1970 counts as 1970: a wrong time is no reason to refuse mail.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
