//! The verbs, a module for each group.

mod completions;
mod edit;
mod group;
mod history;
mod key;
mod mail;
mod man;
mod outbox;
mod people;
mod person;
mod probe;
mod queue;
mod rule;
mod search;
mod serve;
mod site;
mod template;
mod ticket;

use crate::context::Context;
use crate::failure::Failure;
use clap::{CommandFactory, Parser, Subcommand};

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "postern",
    version,
    about = "Tickets by mail: set it up, see what came in and why it went where it went, work on tickets",
    after_help = "Begin with `postern init`. Exit status: 0 done, 1 failed, 2 the command line is wrong.",
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    context: Context,
    #[command(subcommand)]
    verb: Verb,
}

/// Groups of verbs, and verbs that stand alone.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a database and, where there are none, sample files
    Init(site::Init),
    /// Bring the site to what site.toml says
    Apply(site::Apply),
    /// Print the site as the database has it, in the form of site.toml
    Export,
    /// Check configuration, database, permissions and the way out, and print the lines for the mail server
    Check(site::Check),
    /// Run in the foreground: send what is due, until SIGTERM
    Serve,
    /// Tickets
    #[command(subcommand)]
    Ticket(ticket::Verb),
    /// Who did what, when, across tickets
    History(history::History),
    /// Searches for tickets that have a name
    #[command(subcommand)]
    Search(search::Verb),
    /// Mail that came in: the ledger
    #[command(subcommand)]
    Mail(mail::Verb),
    /// Mail that leaves: the outbox
    #[command(subcommand)]
    Outbox(outbox::Verb),
    /// People: those with a login, and customers
    #[command(subcommand)]
    Person(person::Verb),
    /// Queues: addresses and the people behind them
    #[command(subcommand)]
    Queue(queue::Verb),
    /// Groups of people
    #[command(subcommand)]
    Group(group::Verb),
    /// Rules: who is told of what
    #[command(subcommand)]
    Rule(rule::Verb),
    /// Templates: the texts of mails
    #[command(subcommand)]
    Template(template::Verb),
    /// Keys that sign our Message-IDs
    #[command(subcommand)]
    Key(key::Verb),
    /// Print what makes a shell complete `postern` when Tab is pressed
    Completions(completions::Completions),
    /// Write the man pages, print one, or list which there are
    Man(man::Man),
}

/// The parser itself, for what is made from it.
pub(crate) fn parser() -> clap::Command {
    Cli::command()
}

/// Does what the command line says.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    let context = &cli.context;
    context.manners().settle();
    match cli.verb {
        Verb::Init(init) => init.run(context),
        Verb::Apply(apply) => apply.run(context),
        Verb::Export => site::export(context),
        Verb::Check(check) => check.run(context),
        Verb::Serve => serve::run(context),
        Verb::Ticket(verb) => verb.run(context),
        Verb::History(history) => history.run(context),
        Verb::Search(verb) => verb.run(context),
        Verb::Mail(verb) => verb.run(context),
        Verb::Outbox(verb) => verb.run(context),
        Verb::Person(verb) => verb.run(context),
        Verb::Queue(verb) => verb.run(context),
        Verb::Group(verb) => verb.run(context),
        Verb::Rule(verb) => verb.run(context),
        Verb::Template(verb) => verb.run(context),
        Verb::Key(verb) => verb.run(context),
        Verb::Completions(completions) => completions.run(),
        Verb::Man(man) => man.run(context),
    }
}
