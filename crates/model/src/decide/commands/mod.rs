//! The commands: one table, a file for each entry. Mail, the command line and help are made from it, and all of them run the same code
//! (B4, rule 7 of the design).
//!
//! A field is a command with a value: `status=open` on the command line, `Status: open` in a mail. A verb may do without: `take`.

pub(in crate::decide) mod approval;
mod ask;
pub(in crate::decide) mod cure;
mod dates;
mod due;
mod duration;
mod field;
mod happened;
mod help;
mod help_words;
mod holds;
mod links;
pub(in crate::decide) mod merge;
mod moves;
mod owner;
pub(in crate::decide) mod people;
mod priority;
pub(in crate::decide) mod queue;
mod ready;
pub(in crate::decide) mod reference;
mod split;
pub(in crate::decide) mod status;
mod subject;
mod tags;
mod time_planned;
mod time_worked;
pub(super) mod undo;
mod wait;
mod watch;

use self::cure::Cure;
use super::acting::Acting;
use crate::act::Operator;
use crate::audit::{FREED, PARTS_DONE};
use crate::facts::FactError;
use crate::rights::Right;
use crate::site::FieldDefinition;
pub(in crate::decide) use wait::set as set_wakes;

/// What a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A field with one value: `=` sets it.
    Value,
    /// A field that is a list: `+=` adds, `-=` removes, `=` replaces.
    List,
    /// Something that is done, with what it needs behind it.
    Verb,
    /// Something that is asked: it changes nothing, and its answer goes to whoever asked.
    Question,
}

/// A command.
pub struct Command {
    /// Its name, in lower case.
    pub name: &'static str,
    /// Other names for it, in lower case.
    pub aliases: &'static [&'static str],
    /// What it is.
    pub kind: Kind,
    /// A value, as an example; empty where none is needed.
    pub example: &'static str,
    /// What it does or is, in a sentence.
    pub help: &'static str,
    /// The right that it takes on the ticket; `None`: it looks for itself.
    pub right: Option<Right>,
    /// Carries it out on the ticket in hand.
    pub(super) run: fn(&mut Acting<'_>, Operator, &str) -> Result<(), Problem>,
}

/// Every command, in the order in which they are listed.
pub static COMMANDS: &[Command] = &[
    status::COMMAND,
    owner::COMMAND,
    subject::COMMAND,
    queue::COMMAND,
    priority::COMMAND,
    priority::FINAL,
    due::COMMAND,
    due::STARTS,
    wait::WAKES,
    happened::STARTED,
    happened::TOLD,
    happened::RESOLVED,
    people::REQUESTORS,
    people::CC,
    people::ADMINCC,
    people::SQUELCH,
    time_worked::COMMAND,
    time_worked::FOR,
    time_planned::ESTIMATED,
    time_planned::LEFT,
    tags::COMMAND,
    field::COMMAND,
    owner::TAKE,
    owner::STEAL,
    owner::UNTAKE,
    links::DEPENDS,
    links::BLOCKS,
    links::PARENT,
    links::CHILD,
    links::REFERS,
    links::REFERREDTO,
    links::LINK,
    links::UNLINK,
    merge::MERGED,
    merge::MERGE,
    merge::UNMERGE,
    split::SPLIT,
    split::CLONE,
    moves::OPEN,
    moves::STALL,
    wait::COMMAND,
    moves::RESOLVE,
    moves::CLOSE,
    moves::REJECT,
    approval::APPROVERS,
    approval::ASK,
    approval::UNASK,
    approval::ACCEPT,
    approval::DECLINE,
    undo::COMMAND,
    watch::MUTE,
    watch::SUBSCRIBE,
    help::HELP,
    help::WHOAMI,
    ask::SHOW,
    ask::HISTORY,
    ask::LIST,
    ask::MINE,
    ask::UNTAKEN,
];

impl Command {
    /// Whether it is a field: something that `postern ticket set` sets.
    pub fn is_field(&self) -> bool {
        matches!(self.kind, Kind::Value | Kind::List)
    }

    /// The right form, as a mail says it: `write status: resolved`.
    pub fn form(&self) -> String {
        crate::script::form(self)
    }

    /// Whether it goes by a name, without regard to case. A field of the site goes by its own name behind `field.`.
    pub fn is_called(&self, word: &str) -> bool {
        let names_a_field = || self.name == field::COMMAND.name && field::name_in(word).is_some();
        self.name.eq_ignore_ascii_case(word)
            || self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(word))
            || names_a_field()
    }

    /// What a value without a sign means in a mail: `Time: 20` adds, as it did in RT; everything else is set.
    pub fn plain_operator(&self) -> Operator {
        if self.name == time_worked::COMMAND.name { Operator::Add } else { Operator::Set }
    }
}

/// In front of a number in a list of tickets, as a mail's `-1` is read: the ticket that an order before it named so; if none did, it is
/// taken out.
pub(crate) const NAMED_OR_OFF: char = '±';

/// Whether a command's value is a list of tickets.
pub(crate) fn is_list_of_tickets(command: &Command) -> bool {
    let lists = [&links::DEPENDS, &links::BLOCKS, &links::PARENT, &links::CHILD, &links::REFERS, &links::REFERREDTO];
    lists.iter().any(|list| list.name == command.name)
}

pub(crate) use dates::begins as begins_time;

/// A value without the word that overrides what holds a ticket up.
pub(crate) fn without_anyway(value: &str) -> &str {
    holds::said(value).unwrap_or(value)
}

/// The command of a name or alias.
pub fn find(word: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.is_called(word))
}

/// Every name and alias, for whoever wrote another.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().flat_map(|command| std::iter::once(command.name).chain(command.aliases.iter().copied()))
}

/// The commands that are fields.
pub fn fields() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().filter(|command| command.is_field())
}

/// Whether a command is about links and nothing else.
pub(super) fn links(word: &str) -> bool {
    find(word).is_some_and(|command| is_list_of_tickets(command) || ["link", "unlink"].contains(&command.name))
}

/// Whether the value of a command is a list of tickets.
pub(super) fn names_tickets(command: &Command) -> bool {
    let lists = ["depends", "blocks", "parent", "child", "refers", "referredto", "link", "unlink", "merged"];
    lists.contains(&command.name)
}

/// Whether a command says which status the ticket has, so that an answer beside it moves it nowhere else.
pub(super) fn moves_status(word: &str) -> bool {
    find(word).is_some_and(|command| {
        let own = [status::COMMAND.name, wait::COMMAND.name].contains(&command.name);
        own || moves::ALL.iter().any(|verb| verb.name == command.name)
    })
}

/// Whether a command lets tickets go into others.
pub(super) fn merges(word: &str) -> bool {
    find(word).is_some_and(|command| [merge::MERGE.name, merge::MERGED.name].contains(&command.name))
}

/// Whether a field of the history is a list, so that each of its changes counts for itself. `fields`: those that the site defines.
pub(super) fn is_list(fields: &[FieldDefinition], field: &str) -> bool {
    let of_table = COMMANDS.iter().any(|command| command.kind == Kind::List && command.name == field);
    of_table || EACH_FOR_ITSELF.contains(&field) || field::has_many(fields, field)
}

/// Fields of the history that no command has by this name, and that are lists all the same.
const EACH_FOR_ITSELF: &[&str] = &["approval", "undo", "override", FREED, PARTS_DONE, links::FIELD, merge::WATCHED];

/// Why a command cannot be carried out.
#[derive(Debug)]
pub(super) enum Problem {
    /// The value is at fault.
    Value {
        /// What is wrong.
        wrong: String,
        /// What to do.
        cure: Cure,
    },
    /// Whoever acts may not.
    Denied {
        /// What they may not, and why.
        wrong: String,
        /// What to do.
        cure: Cure,
    },
    /// A fact could not be had.
    Fact(FactError),
}

impl From<FactError> for Problem {
    fn from(error: FactError) -> Self {
        Problem::Fact(error)
    }
}

impl Problem {
    pub(super) fn value(wrong: impl Into<String>, cure: impl Into<Cure>) -> Self {
        Problem::Value { wrong: wrong.into(), cure: cure.into() }
    }
}

/// Fields that are no lists are replaced.
fn only_set(operator: Operator, field: &str) -> Result<(), Problem> {
    match operator {
        Operator::Set => Ok(()),
        _ => Err(Problem::value("it is one value and no list", cure::field(field, "VALUE"))),
    }
}

/// Verbs that need nothing behind them.
fn nothing_behind(verb: &str, value: &str) -> Result<(), Problem> {
    match value.trim() {
        "" => Ok(()),
        more => {
            let wrong = format!("{verb} takes nothing behind it, and {more:?} is there");
            Err(Problem::value(wrong, cure::verb(verb, "")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_name() {
        let mut names: Vec<&str> =
            COMMANDS.iter().flat_map(|c| std::iter::once(c.name).chain(c.aliases.iter().copied())).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "{names:?}");
    }
}
