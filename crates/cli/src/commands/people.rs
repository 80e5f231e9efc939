//! `postern person address`, `merge` and `erase`: who is one person, and who is none any more.

use super::edit::{self, Dry, or_dash};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::text::line;
use crate::output::{self, FAINT, Out};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use postern_core::site::{self, Addressing, Erased, Erasure, Merged, Somebody};
use postern_core::store::engine::{Engine, StoreError, Tx};
use postern_core::store::person_merge;
use postern_core::view::Time;
use serde::Serialize;
use std::time::Duration;

/// Which address of whom.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Login, or any of their addresses
    #[arg(value_name = "LOGIN|ADDRESS")]
    who: String,
    /// The address
    #[arg(value_name = "ADDRESS")]
    address: String,
    #[command(flatten)]
    dry: Dry,
}

/// Verbs about addresses.
#[derive(Debug, Subcommand)]
pub(super) enum Address {
    /// Give somebody another address
    Add(Which),
    /// Take an address away from somebody: mail from it is a stranger's from then on
    Remove(Which),
    /// Write to somebody at this address from now on
    First(Which),
}

/// Who goes into whom.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// Who is gone then: any of their addresses
    #[arg(value_name = "ADDRESS")]
    from: String,
    /// Who they are: login, or any of their addresses
    #[arg(value_name = "LOGIN|ADDRESS")]
    into: String,
    #[command(flatten)]
    dry: Dry,
}

/// Who is erased.
#[derive(Debug, Args)]
pub(super) struct Erase {
    /// Any of their addresses; the login of somebody who is gone
    #[arg(value_name = "ADDRESS|LOGIN")]
    who: String,
    /// Do it: it cannot be undone
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    #[command(flatten)]
    dry: Dry,
}

/// What was done to somebody, as `person show` says it.
#[derive(Serialize)]
pub(super) struct Done {
    what: String,
    by: String,
    at: Time,
}

/// What was done to somebody, oldest first.
pub(super) fn record(tx: &Tx<'_>, somebody: &Somebody) -> Result<Vec<Done>, StoreError> {
    let id = match somebody {
        Somebody::Customer(customer) => Some(customer.id),
        Somebody::Person(person) => person_merge::id_of(tx, &person.login)?,
    };
    let records = id.map(|id| person_merge::records(tx, id)).transpose()?.unwrap_or_default();
    Ok(records.into_iter().map(|record| Done { what: record.what, by: record.actor, at: Time(record.at) }).collect())
}

/// Whether somebody's erasure has begun and is not finished.
pub(super) fn is_half_erased(tx: &Tx<'_>, somebody: &Somebody) -> Result<bool, StoreError> {
    let begun = site::half_erased(tx)?;
    Ok(match somebody {
        Somebody::Customer(customer) => begun.is_some_and(|begun| begun == customer.name),
        Somebody::Person(_) => false,
    })
}

impl Address {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let (which, how) = match self {
            Address::Add(which) => (which, Addressing::Add),
            Address::Remove(which) => (which, Addressing::Remove),
            Address::First(which) => (which, Addressing::First),
        };
        let config = context.config()?;
        let ours: Vec<&str> = config.from.as_deref().into_iter().chain(config.bounce_address(None)).collect();
        let change = context.engine()?.read(|tx| site::addressing(tx, &which.who, &which.address, how, &ours));
        edit::make(context, &change.map_err(edit::failure)?, which.dry)
    }
}

/// What `--json` says of a merge.
#[derive(Serialize)]
struct MergedShown<'a> {
    merged: bool,
    from: &'a str,
    into: &'a str,
    addresses: &'a [String],
    moved: Vec<MovedShown>,
}

#[derive(Serialize)]
struct MovedShown {
    what: String,
    rows: u64,
}

impl Merge {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let mut engine = context.engine()?;
        let by = context.actor(&engine)?;
        let (wait, at) = (context.config()?.gateway.timeout, (by.as_str(), now()));
        let merged = match self.dry.dry_run {
            true => engine.dry_run(wait, |tx| site::merge(tx, &self.from, &self.into, at)),
            false => engine.write(wait, |tx| site::merge(tx, &self.from, &self.into, at)),
        };
        self.tell(context, &merged.map_err(edit::failure)?)
    }

    fn tell(&self, context: &Context, merged: &Merged) -> Result<(), Failure> {
        let Merged { from, into, addresses, moved, in_site } = merged;
        let moved: Vec<MovedShown> = moved
            .iter()
            .map(|moved| MovedShown {
                what: format!("{}.{}", moved.place.table, moved.place.column),
                rows: moved.rows.moved + moved.rows.dropped,
            })
            .collect();
        if context.json {
            return Ok(output::json(&MergedShown { merged: !self.dry.dry_run, from, into, addresses, moved })?);
        }
        let mut out = Out::new();
        let kinds: Vec<String> = moved.iter().map(|moved| format!("{} ({})", in_words(&moved.what), moved.rows)).collect();
        let is = if self.dry.dry_run { "would become" } else { "is" };
        out.line(format!("{} {is} {}: {}", line(from), line(into), or_dash(kinds.join(", "))))?;
        out.line(format!(
            "Mail from {} {} theirs.",
            line(&addresses.join(", ")),
            if self.dry.dry_run { "would be" } else { "is" }
        ))?;
        if self.dry.dry_run {
            out.styled("Nothing was changed; leave --dry-run away to do it.", FAINT)?;
        } else if *in_site {
            let export = site::command(&context.config()?, "export");
            out.styled(
                format!("site.toml does not have the addresses: add them, `{}` prints what holds now.", line(&export)),
                FAINT,
            )?;
        }
        Ok(out.finish()?)
    }
}

/// What people call the rows of a column that names somebody.
fn in_words(place: &str) -> &str {
    match place {
        "watcher.person_id" => "watched tickets",
        "entry.actor_id" => "entries",
        "ticket.owner_id" => "owned tickets",
        "outbox.person_id" => "mails in digests",
        "group_member.person_id" => "groups",
        "queue_watcher.person_id" => "watched queues",
        other => other,
    }
}

impl Erase {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let mut engine = context.engine()?;
        let by = context.actor(&engine)?;
        let (wait, at) = (context.config()?.gateway.timeout, (by.as_str(), now()));
        let erasure = match self.yes {
            true => site::erase(&mut engine, wait, &self.who, at, &mut || Ok(())),
            false => engine.read(|tx| site::erasable(tx, &self.who)),
        };
        let erasure = erasure.map_err(edit::failure)?;
        self.tell(context, &erasure)?;
        if self.yes { scrub(&mut engine, wait, &erasure) } else { self.unless_dry() }
    }

    /// Without `--yes` nothing is done, and only `--dry-run` asked for that.
    fn unless_dry(&self) -> Result<(), Failure> {
        if self.dry.dry_run {
            return Ok(());
        }
        Err(Failure::refused("nothing was erased", "it cannot be undone: say --yes to do it"))
    }

    fn tell(&self, context: &Context, erasure: &Erasure) -> Result<(), Failure> {
        let erased = match erasure {
            Erasure::Done(erased) => erased,
            Erasure::DoneBefore(person) => &Erased { person: person.clone(), ..Erased::default() },
        };
        if context.json {
            return Ok(output::json(&EraseShown { erased: self.yes, counts: erased })?);
        }
        let mut out = Out::new();
        let Erased { person, tickets, entries, mails, files, outgoing, discarded, others_texts, others_mails } = erased;
        if let Erasure::DoneBefore(_) = erasure {
            out.line(format!("{} was erased before.", line(person)))?;
            return Ok(out.finish()?);
        }
        let is = if self.yes { "is" } else { "would be" };
        out.line(format!(
            "{} {is} {person} from now on. Of {tickets} tickets on which they took part, for good:",
            line(&self.who)
        ))?;
        out.line(format!("  {entries} texts, {mails} mails and {files} files of theirs"))?;
        out.line(format!(
            "  {outgoing} mails of ours to them or with their words; {discarded} of them had not left and are given up"
        ))?;
        out.line(format!("  lines in {others_texts} texts of others, and {others_mails} mails of others as they came"))?;
        Ok(out.finish()?)
    }
}

/// What `--json` says of an erasure.
#[derive(Serialize)]
struct EraseShown<'a> {
    erased: bool,
    #[serde(flatten)]
    counts: &'a Erased,
}

/// Makes the files of the database anew, without what was erased.
fn scrub(engine: &mut Engine, wait: Duration, erasure: &Erasure) -> Result<(), Failure> {
    let person = match erasure {
        Erasure::Done(erased) => &erased.person,
        Erasure::DoneBefore(person) => person,
    };
    match engine.scrub(wait) {
        Ok(()) => Ok(engine.write(wait, site::scrubbed)?),
        Err(error) => Err(Failure::refused(
            format!("erased, but octets of it may still stand in the files of the database: {error}"),
            format!("then finish it: postern person erase {person} --yes"),
        )),
    }
}

fn now() -> i64 {
    Timestamp::now().as_microsecond()
}
