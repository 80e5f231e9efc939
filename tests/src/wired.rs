//! A site wired to a Postfix as docs/install-postfix.md says: queues and the address for failure reports are aliases that pipe
//! into `postern-mailgate`, and mail leaves through the same Postfix.

use crate::mail::Mail;
use crate::mail::read_maildir;
use crate::postfix::{Postfix, ensure_user, free_port};
use crate::process::wait_until;
use crate::site::{Site, TWO_QUEUES};
use serde_json::Value;
use std::time::Duration;

/// How long anything may take that servers do on their own time.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Both of them. The Postfix is not started.
#[derive(Debug)]
pub struct Wired {
    /// The site, of the user postern.
    pub site: Site,
    /// Its Postfix.
    pub postfix: Postfix,
}

impl Wired {
    /// A site with [`TWO_QUEUES`]; `aliases` are further lines for Postfix.
    #[track_caller]
    pub fn new(aliases: &str) -> Self {
        Wired::at(free_port(), aliases)
    }

    /// The same at a port of one's choice.
    #[track_caller]
    pub fn at(port: u16, aliases: &str) -> Self {
        ensure_user();
        let site = Site::of_user("postern", TWO_QUEUES, &format!("smtp://127.0.0.1:{port}"));
        let postfix = Postfix::new(port);
        let pipe = format!("|{} --config {}", site.program("postern-mailgate").display(), site.config().display());
        let mail = postfix.path("mail");
        postfix.write_aliases(&format!(
            "support: \"{pipe} --queue support --action correspond\"\n\
             support-comment: \"{pipe} --queue support --action comment\"\n\
             noc: \"{pipe} --queue noc --action correspond\"\n\
             noc-comment: \"{pipe} --queue noc --action comment\"\n\
             bounces: \"{pipe}\"\n\
             anna: {mail}/anna/\nben: {mail}/ben/\n{aliases}",
            mail = mail.display()
        ));
        Wired { site, postfix }
    }

    /// Hands Postfix a mail and returns its row, which is the next of the ledger.
    #[track_caller]
    pub fn arrive(&self, from: &str, to: &str, mail: &[u8]) -> Value {
        let before = self.site.ledger().len();
        self.postfix.send(from, &[to], mail);
        self.row_after(before)
    }

    /// Waits for one more row than there were.
    #[track_caller]
    pub fn row_after(&self, before: usize) -> Value {
        wait_until("one more mail to be in the ledger", PATIENCE, || self.site.ledger().len() > before);
        self.site.arrived(1);
        self.site.ledger().into_iter().max_by_key(|row| row["id"].as_i64()).expect("a row")
    }

    /// Sends what is due, and waits until Postfix has nothing left to do.
    #[track_caller]
    pub fn run_outbox(&self) {
        self.site.postern(&["outbox", "run", "--once"]).expect_code(0);
    }

    /// Waits until Postfix has delivered or bounced all that it has.
    #[track_caller]
    pub fn settle(&self) {
        wait_until("Postfix to be done", PATIENCE, || self.postfix.waiting() == 0);
    }

    /// Waits for a mail to somebody who has a Maildir that says this.
    #[track_caller]
    pub fn mail_to(&self, person: &str, says: &str) -> Mail {
        let maildir = self.postfix.maildir(person);
        let find = || read_maildir(&maildir).into_iter().find(|mail| mail.text().contains(says));
        wait_until(&format!("a mail to {person} that says {says:?}"), PATIENCE, || find().is_some());
        find().expect("it was there")
    }
}
