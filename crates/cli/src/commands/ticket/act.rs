//! Acting on tickets: who acts, doing it or trying it out, and what is said about it.

use super::told::Told;
use crate::context::{self, Context};
use crate::failure::Failure;
use clap::Args;
use jiff::Timestamp;
use postern_core::act::{self, ActError};
use postern_core::config::Config;
use postern_core::model::commands;
use postern_core::model::{Act, ActRefusal, Actor, Decision, Deed, Order, Trust, Writing};
use postern_core::store::engine::Engine;
use postern_core::view;

/// Options of every verb that does something to a ticket.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct Manner {
    /// Do nothing; say what would change, who would be mailed what, and who would not and why
    #[arg(long)]
    pub(super) dry_run: bool,
    /// With --dry-run: show the whole text of each mail
    #[arg(long, requires = "dry_run")]
    verbose: bool,
    /// Mail nobody about it
    #[arg(long)]
    quiet: bool,
}

/// What is to be done, as far as a verb knows it. Who, when and how come from the command line as a whole.
#[derive(Debug)]
pub(super) struct Task {
    deed: Deed,
    writing: Option<Writing>,
    orders: Vec<Order>,
    once: Vec<String>,
}

impl Task {
    /// A deed and nothing with it.
    pub(super) fn new(deed: Deed) -> Self {
        Task { deed, writing: None, orders: Vec::new(), once: Vec::new() }
    }

    /// Something that happens to a ticket.
    pub(super) fn update(ticket: u64) -> Self {
        Task::new(Deed::Update { ticket })
    }

    /// With what is written.
    pub(super) fn writing(self, writing: Option<Writing>) -> Self {
        Task { writing, ..self }
    }

    /// With fields that change.
    pub(super) fn ordering(self, orders: Vec<Order>) -> Self {
        Task { orders, ..self }
    }

    /// With people who get this mail and no other.
    pub(super) fn once(self, once: Vec<String>) -> Self {
        Task { once, ..self }
    }
}

/// An open database and somebody who acts.
pub(super) struct Hand {
    engine: Engine,
    config: Config,
    by: Actor,
    run_by: Option<String>,
    manner: Manner,
    json: bool,
}

impl Hand {
    /// Opens the database and finds out who acts.
    pub(super) fn new(context: &Context, manner: Manner) -> Result<Self, Failure> {
        let config = context.config()?;
        let engine = Engine::open(&config.database)?;
        let login = context.actor(&engine)?;
        let by = act::actor(&engine, &login)?
            .ok_or_else(|| Failure::refused(format!("{login} has no address"), "`postern person show` tells more"))?;
        let run_by = context.run_by(&engine)?;
        Ok(Hand { engine, config, by, run_by, manner, json: context.json })
    }

    /// The database, to look things up.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Whether it is the machine itself that acts.
    pub(super) fn is_system(&self) -> bool {
        self.by == Actor::System
    }

    /// The most octets that a text, or the files with it, may have.
    pub(super) fn limit(&self) -> u64 {
        self.config.gateway.max_message_size
    }

    /// Does it, or tries it out.
    fn carry_out(&mut self, task: Task) -> Result<(Act, Decision), Failure> {
        let Task { deed, writing, orders, once } = task;
        let now = Timestamp::now().as_microsecond();
        let act =
            Act { by: self.by.clone(), trust: Trust::Authenticated, now, deed, writing, orders, once, quiet: self.manner.quiet };
        let mut setting = context::setting(&self.config);
        setting.run_by = self.run_by.as_deref();
        let done = match self.manner.dry_run {
            true => act::dry_run(&mut self.engine, &setting, &act),
            false => act::act(&mut self.engine, &setting, &act),
        };
        Ok((act, done.map_err(failure)?))
    }

    /// Does one thing and tells of it.
    pub(super) fn run(&mut self, task: Task) -> Result<(), Failure> {
        let (act, decision) = self.carry_out(task)?;
        let told = self.told(&act, &decision)?;
        if self.json { Ok(crate::output::json(&told)?) } else { told.print() }
    }

    /// Does a thing to each of several tickets, each in a transaction of its own: one that fails is told of and keeps no
    /// other back.
    pub(super) fn run_each(&mut self, tickets: &[u64], task: impl Fn(u64) -> Task) -> Result<(), Failure> {
        if let [only] = tickets {
            return self.run(task(*only));
        }
        let (mut all, mut end) = (Vec::new(), Ok(()));
        for ticket in tickets {
            match self.carry_out(task(*ticket)) {
                Ok((act, decision)) => {
                    let told = self.told(&act, &decision)?;
                    all.push(serde_json::to_value(&told).unwrap_or_default());
                    if !self.json {
                        told.print()?;
                    }
                }
                Err(failure @ Failure::Refused { .. }) => {
                    end = Err(Failure::Told { exit_code: 1 });
                    let error = failure.to_string();
                    all.push(serde_json::json!({ "ticket": ticket, "error": &error }));
                    let named = [format!("#{ticket} "), format!("ticket {ticket};")].iter().any(|name| error.contains(name));
                    super::told::warn(&if named { error } else { format!("#{ticket}: {error}") });
                }
                // A database that cannot be used is no matter of this ticket, and will not be there for the next.
                Err(other) => {
                    end = Err(other);
                    break;
                }
            }
        }
        if self.json {
            crate::output::json(&all)?;
        }
        end
    }

    /// What there is to tell, with the numbers of mails that wait for a word.
    fn told<'a>(&self, act: &'a Act, decision: &'a Decision) -> Result<Told<'a>, Failure> {
        let applied = !self.manner.dry_run;
        let repeats = decision.notices.iter().any(|notice| !notice.repeats.is_empty());
        let held = match decision.ticket.filter(|_| applied && repeats) {
            Some(ticket) => self.engine.read(|tx| view::outbox::held(tx, ticket, act.now))?,
            None => Vec::new(),
        };
        Ok(Told { act, decision, applied, verbose: self.manner.verbose, held })
    }
}

/// A refusal says what to do after its first semicolon.
/// What keeps an act from being done, for people.
pub(crate) fn failure(error: ActError) -> Failure {
    match error {
        ActError::Store(error) => Failure::Store(error),
        ActError::Refused(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &ActRefusal) -> Failure {
    let said = refusal.to_string();
    let (what, next) = said.split_once("; ").unwrap_or((&said, "--help after the verb tells more"));
    Failure::refused(what, next)
}

/// Reads `field=value`, for clap. Whether there is such a field is known before anything is opened.
pub(super) fn order(word: &str) -> Result<Order, String> {
    let list = "`postern ticket fields` lists the fields";
    let order = Order::parse(word).ok_or_else(|| format!("write FIELD=VALUE; {list}"))?;
    match is_field(&order.command) {
        true => Ok(order),
        false => Err(format!("there is no field {:?}; {list}", order.command)),
    }
}

/// Whether there is such a field.
pub(super) fn is_field(word: &str) -> bool {
    commands::fields().any(|field| field.is_called(word))
}

/// A ticket number or `-`, for clap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A number.
    Number(u64),
    /// Standard input.
    Dash,
}

impl Word {
    /// Reads it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        match text {
            "-" => Ok(Word::Dash),
            text => super::number(text).map(Word::Number),
        }
    }

    /// The numbers among words, and whether there is a `-`.
    pub(super) fn split(words: &[Word]) -> (Vec<u64>, bool) {
        let number = |word: &Word| if let Word::Number(number) = word { Some(*number) } else { None };
        (words.iter().filter_map(number).collect(), words.contains(&Word::Dash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_known_before_anything_is_opened() {
        assert_eq!(order("cc+=dora@example.net").unwrap().command, "cc");
        assert_eq!(order("title=A = B").unwrap().value, "A = B");
        assert!(order("open").unwrap_err().starts_with("write FIELD=VALUE; "));
        assert!(order("colour=red").unwrap_err().starts_with("there is no field \"colour\"; "));
    }

    #[test]
    fn every_refusal_says_what_to_do() {
        for refusal in [
            ActRefusal::NoSuchTicket(7),
            ActRefusal::NoSuchEntry { ticket: 7, entry: 1 },
            ActRefusal::Field { field: "owner".into(), wrong: "no".into(), cure: "yes".into() },
            ActRefusal::Denied { wrong: "ben may not modify #7".into(), cure: "ask".into() },
        ] {
            assert!(refusal.to_string().contains("; "), "{refusal}");
        }
    }
}
