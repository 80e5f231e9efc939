//! The whole daemon on a site of its own: a mail is taken in beside it, its acknowledgement leaves, SIGTERM ends it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_core::config::Config;
use postern_core::intake::{Delivery, Setting, deliver};
use postern_core::store::engine::Engine;
use postern_daemon::serve;
use rustix::process::{Signal, getpid, kill_process};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const MAIL: &[u8] = b"From: Anna <anna@example.net>\nTo: support@example.org\nSubject: Printer on fire\n\
    Message-ID: <1@example.net>\nDate: Fri, 1 May 2026 10:15:02 +0000\n\nHelp!\n";

/// A site with one queue.
fn site(directory: &Path) -> Config {
    let file = directory.join("postern.toml");
    let text = "[site]\nname = \"example.org\"\n[outgoing]\ncourier = \"directory:outgoing\"\nfrom = \"support@example.org\"\n";
    std::fs::write(&file, text).unwrap();
    std::fs::write(directory.join("site.toml"), "[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\n").unwrap();
    postern_core::site::init(&file).unwrap();
    Config::read(&file).unwrap()
}

fn take_in_a_mail(config: &Config) {
    let mut engine = Engine::open(&config.database).unwrap();
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap();
    let mut to = Delivery { now, ..Delivery::default() };
    to.routes.push(postern_model::Route { recipient: Some("support@example.org".into()), ..Default::default() });
    deliver(&mut engine, &Setting::of(config), MAIL, &to).unwrap();
}

fn outgoing(directory: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(directory.join("outgoing")) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "eml"));
    paths.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_leaves_and_sigterm_ends_it_cleanly() {
    let directory = tempfile::tempdir().unwrap();
    let config = site(directory.path());
    let serving = tokio::spawn({
        let config = config.clone();
        async move { serve(&config).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    take_in_a_mail(&config);
    for _ in 0..600 {
        if serving.is_finished() || !outgoing(directory.path()).is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mails = outgoing(directory.path());
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].starts_with("X-Envelope-From: <>\nX-Envelope-To: anna@example.net\n"), "{}", mails[0]);
    assert!(!serving.is_finished());
    kill_process(getpid(), Signal::TERM).unwrap();
    serving.await.unwrap().unwrap();
    let engine = Engine::open(&config.database).unwrap();
    assert_eq!(postern_core::outbox::next_due(&engine).unwrap(), None, "what left is settled");
}

#[tokio::test]
async fn a_missing_database_is_told_at_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("postern.toml");
    std::fs::write(&file, "[site]\nname = \"example.org\"\n").unwrap();
    let error = serve(&Config::read(&file).unwrap()).await.unwrap_err();
    assert!(error.to_string().contains("postern.db"), "{error}");
}
