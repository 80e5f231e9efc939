//! `postern serve`.

use crate::context::Context;
use crate::failure::Failure;
use anstream::{AutoStream, ColorChoice};
use std::io;
use tracing_subscriber::EnvFilter;

/// The environment variable that says how much is logged, such as `debug` or `postern_courier=trace`.
const LOG: &str = "POSTERN_LOG";

/// Runs until SIGTERM; says on standard error what it does.
pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let config = context.config()?;
    log()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(|error| {
        Failure::File { what: "starting threads".to_owned(), error, next: "look at the limits of this service" }
    })?;
    Ok(runtime.block_on(postern_daemon::serve(&config))?)
}

fn log() -> Result<(), Failure> {
    let wanted = std::env::var(LOG).unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::try_new(&wanted).map_err(|error| {
        Failure::refused(format!("{LOG}={wanted:?} cannot be read: {error}"), "write a word like info or debug")
    })?;
    let colour = AutoStream::choice(&io::stderr()) != ColorChoice::Never;
    tracing_subscriber::fmt().with_env_filter(filter).with_target(false).with_ansi(colour).with_writer(io::stderr).init();
    Ok(())
}
