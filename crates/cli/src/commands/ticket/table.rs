//! Verbs made from the table of commands: what can be said in a mail is a verb here, unless one that does more has its name (B4, rule 7
//! of the design).

use super::act::{Hand, Manner, Task};
use crate::context::Context;
use crate::failure::Failure;
use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Subcommand};
use postern_core::model::Order;
use postern_core::model::commands::{self, Kind};

/// A command of the table, with its tickets.
#[derive(Debug)]
pub(crate) struct TableVerb {
    name: &'static str,
    words: Vec<String>,
    manner: Manner,
}

const WORDS: &str = "words";

/// Commands of the table whose verbs do more than the table says: they take several tickets with a text, or have options.
const OWN: [&str; 7] = ["take", "untake", "open", "stall", "resolve", "close", "reject"];

/// The commands of the table that are verbs.
fn verbs() -> impl Iterator<Item = &'static commands::Command> {
    commands::COMMANDS.iter().filter(|command| command.kind == Kind::Verb)
}

/// As a verb of the command line.
fn verb(command: &'static commands::Command) -> Command {
    let mut help = command.help.to_owned();
    if let Some(first) = help.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    // Negative numbers: `clone 12 -1`. Anything else with a hyphen is an option, wherever it stands.
    let words = Arg::new(WORDS).required(true).num_args(1..).allow_negative_numbers(takes_words(command));
    let words = match takes_words(command) {
        true => words
            .value_names(["N", "WORDS"])
            .help(format!("Number of the ticket, and what the verb needs, as in: 12 {}", command.example)),
        false => words.value_name("N").help("Numbers of tickets"),
    };
    // The options bring a description of their own, so the verb's comes after them.
    Manner::augment_args(Command::new(command.name).aliases(command.aliases).arg(words)).about(help)
}

/// Whether anything stands behind the number of the ticket.
fn takes_words(command: &commands::Command) -> bool {
    !command.example.is_empty()
}

impl Subcommand for TableVerb {
    fn augment_subcommands(parser: Command) -> Command {
        verbs().fold(parser, |parser, command| match OWN.contains(&command.name) {
            // It goes by the other names, too.
            true => parser.mut_subcommand(command.name, |verb| verb.aliases(command.aliases)),
            false => parser.subcommand(verb(command)),
        })
    }

    fn augment_subcommands_for_update(parser: Command) -> Command {
        Self::augment_subcommands(parser)
    }

    fn has_subcommand(name: &str) -> bool {
        verbs().any(|command| command.name == name && !OWN.contains(&name))
    }
}

impl FromArgMatches for TableVerb {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::raw(ErrorKind::MissingSubcommand, "which verb?\n");
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let command = verbs().find(|command| command.name == name).ok_or_else(missing)?;
        let words = matches.get_many::<String>(WORDS).into_iter().flatten().cloned().collect();
        Ok(TableVerb { name: command.name, words, manner: Manner::from_arg_matches(matches)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl TableVerb {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let (tickets, value) = self.split()?;
        if value.is_empty() && commands::find(self.name).is_some_and(takes_words) {
            super::unread::refuse("write what the verb needs behind the number")?;
        }
        let order = Order::verb(self.name, value);
        Hand::new(context, self.manner)?.run_each(&tickets, |ticket| Task::update(ticket).ordering(vec![order.clone()]))
    }

    /// The tickets, and what stands behind them.
    fn split(&self) -> Result<(Vec<u64>, String), Failure> {
        let number = |word: &String| super::number(word).map_err(|wrong| Failure::Usage(format!("{word:?}: {wrong}")));
        let takes_words = commands::find(self.name).is_some_and(takes_words);
        match self.words.as_slice() {
            [ticket, words @ ..] if takes_words => Ok((vec![number(ticket)?], words.join(" "))),
            tickets => Ok((tickets.iter().map(number).collect::<Result<_, _>>()?, String::new())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What mail can do and the command line not would be a hole (rule 7), and the other way round.
    #[test]
    fn b4_every_command_of_the_table_is_on_the_command_line() {
        let parser = crate::commands::parser();
        let ticket = parser.find_subcommand("ticket").unwrap();
        for command in commands::COMMANDS {
            let verb = ticket.find_subcommand(command.name);
            match command.kind {
                Kind::Verb => assert!(verb.is_some(), "{} has no verb", command.name),
                Kind::Value | Kind::List => {
                    assert!(super::super::act::is_field(command.name), "set does not know {}", command.name)
                }
                Kind::Question => assert!(answers(&parser, command.name), "nothing answers {} here", command.name),
            }
            for alias in command.aliases {
                match command.kind {
                    Kind::Verb => assert!(ticket.find_subcommand(alias).is_some(), "{alias} is no alias of a verb"),
                    Kind::Value | Kind::List => assert!(super::super::act::is_field(alias), "set does not know {alias}"),
                    Kind::Question => {}
                }
            }
        }
    }

    /// What answers a question of the table.
    fn answers(parser: &Command, question: &str) -> bool {
        let path: &[&str] = match question {
            // `--help`, of every verb.
            "help" => return parser.find_subcommand("ticket").is_some(),
            "whoami" => &["person", "rights"],
            "show" => &["ticket", "show"],
            "history" => &["history"],
            // The latter two as `@mine` and `@untaken`.
            "list" | "mine" | "untaken" => &["ticket", "list"],
            _ => return false,
        };
        path.iter().try_fold(parser, |parser, word| parser.find_subcommand(word)).is_some()
    }

    /// Verbs that are no commands, each with its reason.
    const ALONE: &[(&str, &str)] = &[
        ("list", "shows"),
        ("show", "shows"),
        ("attachment", "saves a file here"),
        ("fields", "shows"),
        ("set", "is how fields are set"),
        ("create", "a mail to a queue opens a ticket"),
        ("reply", "a mail is an answer"),
        ("comment", "a mail to a comment address is one"),
        ("watch", "the fields cc and admincc"),
        ("unwatch", "the fields cc and admincc"),
        ("approve", "what staff write in their own mail needs nobody's approval"),
        ("forward", "a mail program forwards"),
        ("unforward", "the field requestors"),
        ("help", "clap's own"),
    ];

    #[test]
    fn b4_every_verb_of_the_command_line_is_in_the_table() {
        let parser = crate::commands::parser();
        let ticket = parser.find_subcommand("ticket").unwrap();
        for verb in ticket.get_subcommands() {
            let name = verb.get_name();
            let known = commands::find(name).is_some() || ALONE.iter().any(|(alone, _)| *alone == name);
            assert!(known, "{name} can be done on the command line alone: give the table a command, or say here why not");
        }
    }

    #[test]
    fn a_verb_takes_tickets_or_one_ticket_and_words() {
        let split = |name: &'static str, line: &str| {
            let words = line.split(' ').map(str::to_owned).collect();
            TableVerb { name, words, manner: Manner::default() }.split().map_err(|failure| failure.to_string())
        };
        assert_eq!(split("steal", "12 #13").unwrap(), (vec![12, 13], String::new()));
        assert!(split("steal", "12 now").unwrap_err().contains("\"now\""));
    }

    #[test]
    fn options_behind_the_words_are_options() {
        let parser = crate::commands::parser();
        let verb = |line: &str| {
            let matches = parser.clone().try_get_matches_from(line.split(' ')).map_err(|error| error.to_string())?;
            let (_, ticket) = matches.subcommand().unwrap();
            TableVerb::from_arg_matches(ticket).map_err(|error| error.to_string())
        };
        for line in [
            "postern ticket decline 3 not yet --dry-run --as anna",
            "postern ticket --as anna decline 3 not yet --dry-run",
            "postern ticket decline --dry-run --as anna 3 not yet",
        ] {
            let verb = verb(line).unwrap();
            assert_eq!(verb.split().unwrap(), (vec![3], "not yet".to_owned()), "{line}");
            assert!(verb.manner.dry_run, "{line}");
        }
        assert_eq!(verb("postern ticket clone 3 -1").unwrap().split().unwrap(), (vec![3], "-1".to_owned()));
        assert_eq!(verb("postern ticket decline 3 -- --dry-run it first").unwrap().words, ["3", "--dry-run", "it", "first"]);
        assert!(verb("postern ticket decline 3 --dryrun").unwrap_err().contains("--dry-run"));
    }
}
