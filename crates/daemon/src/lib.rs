//! What `postern serve` runs: the outbox runner, for as long as nobody says stop.
//!
//! The store is opened once and held open, which also keeps short deliveries beside it cheap. Work that blocks - the store, the
//! couriers - has a thread of its own; tokio waits for signals and, as the daemon grows, for connections. Nothing here decides
//! anything about mail, and nothing is lost when this process dies at any moment: the outbox is the truth.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod pump;
mod stop;

pub use pump::pump;
pub use stop::Stop;

use postern_core::config::Config;
use postern_core::outbox::begin_running;
use postern_core::store::engine::{Engine, StoreError};
use postern_courier::{Pace, SiteOutbox, courier_for};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Why `postern serve` could not begin, or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The database could not be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The configured courier cannot work.
    #[error("the courier cannot work: {0}")]
    Courier(String),
    /// The system refused a thread or a signal handler.
    #[error("cannot start: {0}")]
    System(#[from] std::io::Error),
    /// A second signal came while the last mails were being finished.
    #[error(
        "ended by a second signal before the last mails were finished; their outcome is not known and they may be sent again"
    )]
    Impatient,
}

/// Runs until SIGTERM or SIGINT, then finishes the mails that are being sent, writes down what became of them, and returns.
///
/// What fails at the start is an error, so that whoever starts the service sees it. What fails later - a locked database, a full
/// disk, a mail server that is down - is logged and tried again.
///
/// # Errors
/// The database cannot be opened, the courier cannot be made, or a second signal cut the end short.
pub async fn serve(config: &Config) -> Result<(), ServeError> {
    // Before anything else, so that an early signal is not lost.
    let mut signals = Signals::new()?;
    let courier = courier_for(&config.courier).map_err(ServeError::Courier)?;
    let mut engine = Engine::open(&config.database)?;
    let running = begin_running(&mut engine, &config.database, pump::now())?;
    let stop = Arc::new(Stop::default());
    let (ended, mut end) = tokio::sync::oneshot::channel();
    let stop_of_pump = Arc::clone(&stop);
    let pace = Pace::from(&config.outgoing);
    let outbox = SiteOutbox { engine, config: config.clone() };
    let pumping = move || {
        pump(outbox, &*courier, pace, &stop_of_pump);
        drop(running);
        let _ = ended.send(());
    };
    // A plain thread and not spawn_blocking: a second signal must not wait for it.
    std::thread::Builder::new().name("outbox".to_owned()).spawn(pumping)?;
    tracing::info!(database = %config.database.display(), courier = %config.courier, "serving");
    tokio::select! {
        name = signals.next() => tracing::info!(signal = name, "stopping"),
        _ = &mut end => return Ok(()),
    }
    stop.now();
    tokio::select! {
        _ = &mut end => Ok(()),
        _ = signals.next() => Err(ServeError::Impatient),
    }
}

/// How long the runner waits before it looks for rows that other processes wrote.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(500);

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Signals { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
