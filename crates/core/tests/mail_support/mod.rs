//! A site that takes mail in, in a directory that vanishes with it.

#![allow(dead_code, reason = "each test program uses its own part")]

use postern_core::config::Config;
use postern_core::intake::{self, Delivery, IntakeError, Outcome, Setting};
use postern_core::mail::Envelope;
use postern_core::model::Route;
use postern_core::store::engine::Engine;
use postern_core::{site, values};

pub(crate) const NOW: i64 = 1_790_000_000_000_000;

/// A site under test, example.org.
pub(crate) struct Site {
    _directory: tempfile::TempDir,
    pub(crate) config: Config,
    pub(crate) engine: Engine,
}

impl Site {
    /// With what its site.toml says.
    pub(crate) fn with(text: &str) -> Site {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("postern.toml");
        std::fs::write(&path, "[site]\nname = \"example.org\"\n").unwrap();
        std::fs::write(directory.path().join("site.toml"), text).unwrap();
        site::init(&path).unwrap();
        let config = Config::load(Some(&path)).unwrap();
        let engine = Engine::open(&config.database).unwrap();
        Site { _directory: directory, config, engine }
    }

    /// Takes a mail in at these addresses.
    pub(crate) fn deliver(
        &mut self,
        mail: &(impl AsRef<[u8]> + ?Sized),
        recipients: &[&str],
        now: i64,
    ) -> Result<Vec<Outcome>, IntakeError> {
        intake::deliver(&mut self.engine, &Setting::of(&self.config), mail.as_ref(), &to(recipients, now))
    }

    /// Takes a mail in at the address of support.
    pub(crate) fn one(&mut self, mail: &(impl AsRef<[u8]> + ?Sized), now: i64) -> Outcome {
        self.deliver(mail, &["support@example.org"], now).unwrap().remove(0)
    }

    /// Rows of a table, or of what stands behind FROM.
    pub(crate) fn count(&self, rows: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM {rows}");
        self.engine.read(|tx| tx.query_opt(&sql, values![], |row| row.get(0))).map(Option::unwrap).unwrap()
    }
}

/// Recipients of a mail whose envelope names no sender.
pub(crate) fn to(recipients: &[&str], now: i64) -> Delivery {
    let route = |r: &&str| Route { recipient: Some((*r).to_owned()), ..Route::default() };
    Delivery { envelope: Envelope::Unknown, routes: recipients.iter().map(route).collect(), now }
}

/// The site.toml of a queue at its own address, with more lines.
pub(crate) fn queue(name: &str, more: &str) -> String {
    format!("[[queue]]\nname = \"{name}\"\naddress = \"{name}@example.org\"\n{more}\n")
}

/// The site.toml of somebody who works here, with more lines.
pub(crate) fn staff(login: &str, more: &str) -> String {
    format!("[[person]]\nlogin = \"{login}\"\nemail = [\"{login}@example.org\"]\nrole = \"staff\"\n{more}\n")
}
