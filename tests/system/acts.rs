//! Acting on a site's tickets by the library: the same door as the command line's, without its words.

#![allow(dead_code, reason = "each file of tests uses a part of it")]

use harness::site::Site;
use postern_core::act::act;
use postern_core::config::Config;
use postern_core::intake::Setting;
use postern_core::model::{Act, Actor, Decision, Deed, Order, Writing};
use postern_core::outbox::{self, Settlement};
use postern_core::store::engine::Engine;
use postern_core::store::person;
use std::time::{Duration, SystemTime};

/// Somebody at their desk.
pub(crate) struct Desk<'s> {
    site: &'s Site,
    login: &'s str,
    attachments: Option<u64>,
}

impl<'s> Desk<'s> {
    /// The desk of a person; `system`: the machine itself.
    pub(crate) fn of(site: &'s Site, login: &'s str) -> Self {
        Desk { site, login, attachments: None }
    }

    /// The same, where only so many octets of files are passed on with one mail.
    pub(crate) fn with_attachments(self, most: u64) -> Self {
        Desk { attachments: Some(most), ..self }
    }

    /// Opens a ticket in a queue.
    #[track_caller]
    pub(crate) fn create(&self, queue: &str, subject: &str, set: &[&str], writing: Writing) -> u64 {
        let deed = Deed::Create { queue: Some(queue.to_owned()), subject: subject.to_owned() };
        self.act(deed, set, Some(writing)).ticket.unwrap()
    }

    /// Does something to a ticket.
    #[track_caller]
    pub(crate) fn update(&self, ticket: u64, set: &[&str], writing: Option<Writing>) -> Decision {
        self.act(Deed::Update { ticket }, set, writing)
    }

    /// Does it.
    #[track_caller]
    pub(crate) fn act(&self, deed: Deed, set: &[&str], writing: Option<Writing>) -> Decision {
        let config = Config::load(Some(&self.site.config())).unwrap();
        let mut engine = Engine::open(&config.database).unwrap();
        let mut setting = Setting::of(&config);
        setting.attachments = self.attachments.unwrap_or(setting.attachments);
        let known = engine.read(|tx| person::by_login(tx, self.login)).unwrap();
        let by = match (known, self.login) {
            (_, "system") => Actor::System,
            (known, login) => Actor::Person(known.unwrap_or_else(|| panic!("nobody has the login {login}"))),
        };
        let orders = set.iter().map(|word| Order::parse(word).unwrap()).collect();
        act(
            &mut engine,
            &setting,
            &Act {
                by,
                trust: postern_core::model::Trust::Authenticated,
                now: now(),
                deed,
                writing,
                orders,
                once: Vec::new(),
                quiet: false,
            },
        )
        .unwrap()
    }
}

/// A mail to somebody that is due is refused for good, in these words.
#[track_caller]
pub(crate) fn refused(site: &Site, address: &str, reply: &str) {
    let config = Config::load(Some(&site.config())).unwrap();
    let mut engine = Engine::open(&config.database).unwrap();
    let due = site.outbox().into_iter().rfind(|mail| mail["to"] == address && mail["state"] == "queued");
    let id = due.expect("a mail that is due")["id"].as_i64().unwrap();
    let setting = Setting::of(&config);
    outbox::lease(&mut engine, &setting, now(), 100, Duration::from_secs(60)).unwrap();
    let failed = [(id, Settlement::Failed { reply: reply.to_owned() })];
    outbox::settle(&mut engine, &setting, &failed, now()).unwrap();
}

/// What somebody writes for customers.
pub(crate) fn answer(text: &str) -> Writing {
    Writing { text: text.to_owned(), ..Writing::default() }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_micros()).unwrap()
}
