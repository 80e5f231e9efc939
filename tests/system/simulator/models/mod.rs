//! The parties of a run: what people's mailboxes and the programs behind them do with a mail, each true to its kind.
//!
//! A model knows nothing of Postern. It gets the mail as its mail server delivered it and says what it sends.

mod bouncer;
pub(crate) use bouncer::report;
mod careless;
mod forwarder;
mod list;
mod tests;
mod tracker;
mod vacation;

use super::mail::{Draft, Mail, date};
pub(crate) use careless::{Careless, Name, Text, Whom};
pub(crate) use forwarder::How;
use std::fmt::Debug;

/// Who a model is, and what it may know when a mail comes.
#[derive(Debug)]
pub(crate) struct Me {
    /// Its address.
    pub(crate) address: String,
    /// Its name.
    pub(crate) name: String,
    /// The time, microseconds since 1970 UTC.
    pub(crate) now: i64,
    /// How many mails it wrote.
    pub(crate) written: u64,
    /// Where it passes mail on to, if it does.
    pub(crate) targets: Vec<String>,
}

impl Me {
    /// Its domain.
    pub(crate) fn domain(&self) -> &str {
        self.address.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// A fresh Message-ID.
    pub(crate) fn message_id(&mut self) -> String {
        self.written += 1;
        format!("<{}.{}>", self.written, self.address)
    }

    /// A mail of its own, from `from`.
    pub(crate) fn draft_from(&mut self, from: &str, to: &str, subject: &str) -> Draft {
        let id = self.message_id();
        Draft::default()
            .field("From", &format!("{} <{from}>", self.name))
            .field("To", to)
            .field("Subject", &subject.chars().take(900).collect::<String>())
            .field("Date", &date(self.now))
            .field("Message-ID", &id)
    }

    /// A mail of its own.
    pub(crate) fn draft(&mut self, to: &str, subject: &str) -> Draft {
        let from = self.address.clone();
        self.draft_from(&from, to, subject)
    }
}

/// A party.
pub(crate) trait Model: Debug {
    /// A mail was delivered.
    fn receive(&mut self, mail: &Mail, me: &mut Me) -> Vec<Mail>;

    /// What its mail server says to RCPT instead of taking the mail.
    fn refuses(&self) -> Option<&'static str> {
        None
    }
}

/// The kinds of parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Reads and says nothing.
    Quiet,
    /// Answers the first mails that it gets, as people do.
    Person(u8),
    /// Sieve's vacation, RFC 5230, with its days.
    Sieve(u8),
    /// Exchange's out-of-office assistant.
    Exchange,
    /// Gmail's vacation responder.
    Gmail,
    /// vacation(1).
    Classic,
    /// Answers everything.
    Careless(Careless),
    /// Is refused at the door.
    Refused,
    /// Its mail server takes the mail and reports that there is no such mailbox.
    Bounces,
    /// Reports that delivery is late, each time.
    Delays,
    /// Reports in words of its own, in a person's clothes, to From.
    CarelessBouncer,
    /// Passes on to its targets.
    Forwards(How),
    /// A mailing list; its targets are its members.
    List {
        /// Whether answers go to the list.
        reply_to_list: bool,
    },
    /// Another tracker, which acknowledges what it opens and tells its people of answers.
    Tracker {
        /// Whether its mail says that a program wrote it.
        marked: bool,
    },
}

impl Kind {
    /// A party of this kind.
    pub(crate) fn model(&self) -> Box<dyn Model> {
        match self {
            Kind::Quiet => Box::new(Person { left: 0 }),
            Kind::Person(answers) => Box::new(Person { left: *answers }),
            Kind::Sieve(days) => Box::new(vacation::Sieve::new(*days)),
            Kind::Exchange => Box::new(vacation::Exchange::default()),
            Kind::Gmail => Box::new(vacation::Gmail::default()),
            Kind::Classic => Box::new(vacation::Classic::default()),
            Kind::Careless(careless) => Box::new(careless.clone()),
            Kind::Refused => Box::new(bouncer::Refused),
            Kind::Bounces => Box::new(bouncer::Bounces { final_: true }),
            Kind::Delays => Box::new(bouncer::Bounces { final_: false }),
            Kind::CarelessBouncer => Box::new(bouncer::CarelessBouncer),
            Kind::Forwards(how) => Box::new(forwarder::Forwarder(*how)),
            Kind::List { reply_to_list } => Box::new(list::List { reply_to_list: *reply_to_list }),
            Kind::Tracker { marked } => Box::new(tracker::Tracker::new(*marked)),
        }
    }
}

/// Somebody who reads mail and answers some of it, in words that differ.
#[derive(Debug)]
struct Person {
    left: u8,
}

impl Model for Person {
    fn receive(&mut self, mail: &Mail, me: &mut Me) -> Vec<Mail> {
        let null = mail.from.is_none();
        let Some(to) = mail.address("Reply-To").or(mail.address("From")).filter(|_| self.left > 0 && !null) else {
            return Vec::new();
        };
        self.left -= 1;
        let said = format!("Answer {} of {}: I looked at it again at {}, see below.\n\n", self.left, me.name, me.now);
        let quote: String = mail.text().lines().map(|line| format!("> {line}\n")).collect();
        let subject = mail.field("Subject");
        let subject = if subject.starts_with("Re: ") { subject } else { format!("Re: {subject}") };
        let draft = me.draft(&to, &subject).threaded(mail).text(&format!("{said}{} wrote:\n{quote}", mail.field("From")));
        let mail = draft.mail(Some(&me.address), &to);
        vec![Mail { after: 20 * super::mail::MINUTE + i64::from(self.left) * super::mail::HOUR, ..mail }]
    }
}
