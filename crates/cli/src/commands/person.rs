//! `postern person`: those with a login, and customers.

use super::edit::{self, Additions, Changes};
use super::people;
use super::queue::state;
use crate::context::{Context, setting};
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::text::line;
use crate::output::{self, Out, WARN};
use clap::Subcommand;
use postern_core::model::site::{Digest, PersonDefinition, Role, SiteDefinition};
use postern_core::rights::{self, RightsSomewhere};
use postern_core::site::{self, Customer, EditError, EntryKey, Somebody};
use postern_core::store;
use postern_core::store::engine::{StoreError, Tx};
use postern_core::view::AddressTrouble;
use postern_mail::address::address_key;
use serde::Serialize;

/// Verbs about people.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List people with a login
    List {
        /// Customers too
        #[arg(long)]
        all: bool,
    },
    /// Show somebody
    Show {
        /// Login, or any of their addresses
        #[arg(value_name = "LOGIN|ADDRESS")]
        who: String,
    },
    /// Change somebody; on a terminal, with nothing said, in $EDITOR
    #[command(after_help = edit::keys_help("person"))]
    Edit {
        /// Login, or any of their addresses; customers have name, notify and language
        #[arg(value_name = "LOGIN|ADDRESS")]
        who: String,
        #[command(flatten)]
        changes: Changes,
    },
    /// Show what somebody may do, and why
    Rights {
        /// Login, or an address; one that nobody has is a stranger's
        #[arg(value_name = "LOGIN|ADDRESS")]
        who: String,
        /// In this queue [default: each]
        #[arg(long, value_name = "NAME")]
        queue: Option<String>,
        /// On this ticket
        #[arg(long, value_name = "N", value_parser = super::ticket::number)]
        ticket: Option<u64>,
    },
    /// Send mail again to addresses whose mail came back
    Resume {
        /// Login, for all their addresses, or one address
        #[arg(value_name = "LOGIN|ADDRESS")]
        who: String,
    },
    /// Addresses of somebody: another one, one less, the one that we write to
    #[command(subcommand)]
    Address(people::Address),
    /// Make one person of two: the first goes into the second, with addresses, tickets and history
    Merge(people::Merge),
    /// Erase what somebody wrote, their name and addresses, for good; the record stays
    Erase(people::Erase),
    /// Add somebody with a login; a customer who wrote in from the address becomes them
    #[command(after_help = edit::keys_help("person"))]
    Add {
        /// Login
        // Not `login`: that is --as, and one identifier would be one value.
        #[arg(value_name = "LOGIN")]
        new_login: String,
        #[command(flatten)]
        additions: Additions,
    },
}

/// Somebody as JSON and tables say it, customers in the same form.
#[derive(Serialize)]
struct Shown {
    login: Option<String>,
    name: Option<String>,
    email: Vec<String>,
    role: Role,
    notify: &'static str,
    digest: Option<&'static str>,
    language: Option<String>,
    disabled: bool,
}

/// The same, with their addresses to which nothing is sent.
#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    person: Shown,
    suspended: Vec<String>,
}

/// The same, with what they take part in.
#[derive(Serialize)]
struct Placed {
    #[serde(flatten)]
    person: Shown,
    /// Groups.
    groups: Vec<String>,
    /// Queues that tell them by name or by a group.
    queues: Vec<Watched>,
    /// When they were merged with somebody, or erased, and by whom.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    record: Vec<people::Done>,
    /// Whether erasing them has begun and is not finished.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    half_erased: bool,
    /// Addresses whose mail comes back; people are told in sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<Vec<AddressTrouble>>,
}

/// A queue that tells somebody.
#[derive(Serialize)]
struct Watched {
    queue: String,
    role: &'static str,
}

impl Verb {
    pub(crate) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Verb::List { all } => list(context, all),
            Verb::Show { who } => show(context, &who),
            Verb::Edit { who, changes } => match context.engine()?.read(|tx| site::find_person(tx, &who)) {
                Ok(Somebody::Customer(_)) => changes.run_for_customer(context, who),
                Ok(Somebody::Person(person)) => changes.run(context, EntryKey::new("person", person.login)),
                Err(error) => Err(edit::failure(error)),
            },
            Verb::Rights { who, queue, ticket } => may(context, &who, (queue.as_deref(), ticket)),
            Verb::Resume { who } => resume(context, &who),
            Verb::Address(address) => address.run(context),
            Verb::Merge(merge) => merge.run(context),
            Verb::Erase(erase) => erase.run(context),
            Verb::Add { new_login, additions } => additions.run(context, EntryKey::new("person", new_login)),
        }
    }
}

impl From<PersonDefinition> for Shown {
    fn from(person: PersonDefinition) -> Self {
        let PersonDefinition { login, name, email, role, notify, digest, language, disabled } = person;
        let digest = digest.map(Digest::as_str);
        Shown { login: Some(login), name, email, role, notify: notify.as_str(), digest, language, disabled }
    }
}

impl From<Customer> for Shown {
    fn from(customer: Customer) -> Self {
        let Customer { name, email, notify, language, disabled, .. } = customer;
        let name = Some(name).filter(|name| !name.is_empty());
        let notify = notify.as_str();
        Shown { login: None, name, email, role: Role::Guest, notify, digest: None, language, disabled }
    }
}

fn list(context: &Context, all: bool) -> Result<(), Failure> {
    let (people, suspended) = context.engine()?.read(|tx| {
        let mut people: Vec<Shown> = store::site::people(tx)?.into_iter().map(Shown::from).collect();
        if all {
            people.extend(store::site::customers(tx)?.into_iter().map(Shown::from));
        }
        Ok::<_, StoreError>((people, store::bounce::suspended(tx)?))
    })?;
    let unreachable =
        |person: &Shown| person.email.iter().filter(|address| suspended.binary_search(address).is_ok()).cloned().collect();
    let people: Vec<Listed> = people.into_iter().map(|person| Listed { suspended: unreachable(&person), person }).collect();
    if context.json {
        return Ok(output::json(&people)?);
    }
    let mut table = Table::new(&[
        Column::text("LOGIN"),
        Column::flexible("NAME", 10),
        Column::flexible("ADDRESSES", 16),
        Column::text("ROLE"),
        Column::text("NOTIFY"),
        Column::text("LANGUAGE"),
        Column::text("STATE"),
    ]);
    for Listed { person, suspended } in &people {
        table.push(vec![
            Cell::new(person.login.as_deref().unwrap_or("-")),
            Cell::new(person.name.as_deref().unwrap_or("-")),
            Cell::new(edit::or_dash(person.email.join(", "))),
            Cell::new(person.role.as_str()),
            Cell::new(person.notify),
            Cell::new(person.language.as_deref().unwrap_or("-")),
            if suspended.is_empty() || person.disabled { state(person.disabled) } else { Cell::styled("suspended", WARN) },
        ]);
    }
    let mut out = Out::new();
    out.table(&table, "Nobody has a login; `postern person add LOGIN email=…` adds somebody.")?;
    Ok(out.finish()?)
}

fn show(context: &Context, who: &str) -> Result<(), Failure> {
    let engine = context.engine()?;
    let (found, site) =
        engine.read(|tx| Ok((site::find_person(tx, who)?, store::site::definition(tx)?))).map_err(edit::failure)?;
    let record = engine.read(|tx| people::record(tx, &found))?;
    let half_erased = engine.read(|tx| people::is_half_erased(tx, &found))?;
    let person = match found {
        Somebody::Person(person) => Shown::from(person),
        Somebody::Customer(customer) => Shown::from(customer),
    };
    let trouble = engine.read(|tx| store::bounce::troubles(tx, &person.email))?;
    let mut remarks: Vec<String> = trouble.iter().map(in_words).collect();
    if half_erased {
        remarks.push(format!("erasing is not finished; finish it: postern person erase {who} --yes"));
    }
    let trouble = context.json.then_some(trouble);
    edit::show_with(
        context,
        "person",
        &Placed { trouble, record, half_erased: context.json && half_erased, ..placed(person, &site) },
        &remarks,
    )
}

/// Mail to an address comes back: what that means for it, and what helps.
fn in_words(trouble: &AddressTrouble) -> String {
    let AddressTrouble { address, hard_bounces, last, last_reply, suspended, .. } = trouble;
    let mails = if *hard_bounces == 1 { "1 mail" } else { &format!("{hard_bounces} mails") };
    match suspended {
        Some(since) => format!(
            "{address}: nothing is sent there since {since}: {mails} came back, last: {last_reply}; `postern person resume {address}` \
             tries again"
        ),
        None => format!("{address}: {mails} came back, the last at {last}: {last_reply}; it is still sent to"),
    }
}

/// What somebody takes part in.
fn placed(person: Shown, site: &SiteDefinition) -> Placed {
    let groups = groups_of(person.login.as_deref(), site);
    let named = |word: &String| {
        let group = word.strip_prefix("group:").is_some_and(|group| groups.iter().any(|own| own == group));
        group || person.login.as_ref() == Some(word) || person.email.contains(word)
    };
    let mut queues = Vec::new();
    for queue in &site.queues {
        for (role, words) in [("cc", &queue.cc), ("admincc", &queue.admincc)] {
            if words.iter().any(named) {
                queues.push(Watched { queue: queue.name.clone(), role });
            }
        }
    }
    Placed { person, groups, queues, record: Vec::new(), half_erased: false, trouble: None }
}

/// The groups that somebody is in, those that contain these included, in the order of the site.
fn groups_of(login: Option<&str>, site: &SiteDefinition) -> Vec<String> {
    let mut words: Vec<String> = login.map(str::to_owned).into_iter().collect();
    // Each round finds the groups around those of the round before; there are no more rounds than groups.
    for _ in &site.groups {
        let around = site.groups.iter().filter(|group| group.members.iter().any(|member| words.contains(member)));
        let found: Vec<String> = around.map(|group| format!("group:{}", group.name)).filter(|g| !words.contains(g)).collect();
        words.extend(found);
    }
    site.groups.iter().filter(|group| words.contains(&format!("group:{}", group.name))).map(|group| group.name.clone()).collect()
}

/// What somebody may do: with the reasons in one place, side by side in several.
fn may(context: &Context, who: &str, place: (Option<&str>, Option<u64>)) -> Result<(), Failure> {
    let config = context.config()?;
    let found = context.engine()?.read(|tx| rights::of(tx, &setting(&config), who, place)).map_err(edit::failure)?;
    if context.json {
        return Ok(output::json(&found)?);
    }
    let mut out = Out::new();
    let table = match found.as_slice() {
        [only] => with_reasons(only),
        all => side_by_side(all),
    };
    out.table(&table, "There is no queue that takes tickets.")?;
    if let ([_, _, ..], Some(_)) = (found.as_slice(), out.room()) {
        out.styled("Why: say --queue or --ticket", output::FAINT)?;
    }
    Ok(out.finish()?)
}

fn yes_or_no(allowed: bool) -> Cell {
    if allowed { Cell::new("yes") } else { Cell::styled("no", WARN) }
}

fn with_reasons(place: &RightsSomewhere) -> Table {
    let mut table = Table::new(&[Column::text("RIGHT"), Column::text("MAY"), Column::flexible("WHY", 30)]);
    for answer in &place.rights {
        table.push(vec![Cell::new(answer.right), yes_or_no(answer.allowed), Cell::new(&answer.why)]);
    }
    table
}

fn side_by_side(places: &[RightsSomewhere]) -> Table {
    let mut table = Table::new(&[Column::flexible("QUEUE", 8), Column::flexible("MAY", 20), Column::flexible("MAY NOT", 20)]);
    for place in places {
        let words = |allowed: bool| -> String {
            let some = place.rights.iter().filter(|answer| answer.allowed == allowed);
            edit::or_dash(some.map(|answer| answer.right).collect::<Vec<_>>().join(", "))
        };
        table.push(vec![Cell::new(&place.queue), Cell::new(words(true)), Cell::new(words(false))]);
    }
    table
}

/// What `--json` says of an address that is good again.
#[derive(Serialize)]
struct Resumed {
    address: String,
    /// Whether nothing, or less, was sent there until now.
    resumed: bool,
}

/// Forgets that mail to an address, or to all of somebody's, came back.
fn resume(context: &Context, who: &str) -> Result<(), Failure> {
    let mut engine = context.engine()?;
    // Nothing keeps who did it; but whoever may be nobody here changes nothing either.
    context.actor(&engine)?;
    let resumed = engine.write(context.config()?.gateway.timeout, |tx| {
        let forget = |address: String| Ok(Resumed { resumed: store::bounce::forget(tx, &address)?, address });
        addresses(tx, who)?.into_iter().map(forget).collect::<Result<Vec<_>, EditError>>()
    });
    let resumed = resumed.map_err(edit::failure)?;
    if context.json {
        return Ok(output::json(&resumed)?);
    }
    let mut out = Out::new();
    for Resumed { address, resumed } in &resumed {
        let address = line(address);
        out.line(match resumed {
            true => format!("{address} gets mail again."),
            false => format!("No mail to {address} came back; nothing changes."),
        })?;
    }
    Ok(out.finish()?)
}

/// What a word of the command line means: all addresses of a login, or one address. Mail may have come back from one that is
/// nobody's any more.
fn addresses(tx: &Tx<'_>, who: &str) -> Result<Vec<String>, EditError> {
    let address = address_key(who);
    if who.contains('@') && store::bounce::trouble(tx, &address)?.is_some() {
        return Ok(vec![address]);
    }
    match site::find_person(tx, who)? {
        _ if who.contains('@') => Ok(vec![address]),
        Somebody::Person(person) => Ok(person.email),
        Somebody::Customer(customer) => Ok(customer.email),
    }
}
