//! What to do about an order that cannot be carried out, worded for where it is read: who works by mail has no terminal, and who sits at
//! one is told what to type there. This is the one place that knows the difference.

use super::Problem;
use crate::act::Actor;
use crate::decide::acting::Acting;
use crate::facts::{FactError, Facts};
use crate::near::did_you_mean;

/// Where somebody reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::decide) enum Reader {
    /// In a mail.
    Mail,
    /// At the command line.
    Terminal,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::decide) struct Cure {
    terminal: String,
    mail: String,
    /// Whether there is nothing to add: no example of the command helps.
    whole: bool,
}

impl From<String> for Cure {
    fn from(text: String) -> Self {
        Cure { terminal: text.clone(), mail: text, whole: false }
    }
}

impl From<&str> for Cure {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// As many names as a cure lists.
const LISTED: usize = 20;

impl Cure {
    /// One that is worded in two ways.
    pub(in crate::decide) fn of(terminal: impl Into<String>, mail: impl Into<String>) -> Self {
        Cure { terminal: terminal.into(), mail: mail.into(), whole: true }
    }

    /// One that says everything.
    pub(in crate::decide) fn whole(text: impl Into<String>) -> Self {
        Cure { whole: true, ..Cure::from(text.into()) }
    }

    /// In the words of where it is read.
    pub(in crate::decide) fn at(&self, reader: Reader) -> &str {
        match reader {
            Reader::Mail => &self.mail,
            Reader::Terminal => &self.terminal,
        }
    }

    /// Whether there is nothing to add.
    pub(in crate::decide) fn is_whole(&self) -> bool {
        self.whole
    }

    /// The same behind other words.
    pub(in crate::decide) fn behind(self, words: &str) -> Self {
        Cure { terminal: format!("{words}{}", self.terminal), mail: format!("{words}{}", self.mail), ..self }
    }

    /// With what somebody probably meant in front.
    pub(in crate::decide) fn meant<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match did_you_mean(word, known) {
            Some(meant) => self.behind(&format!("{meant} ")),
            None => self,
        }
    }
}

/// How a field is written: `owner=anna`, and `owner: anna`.
pub(in crate::decide) fn field(name: &str, value: &str) -> Cure {
    Cure::of(format!("write {name}={value}"), format!("write {name}: {value}"))
}

/// How a verb is written: `merge #12`, and `!merge #12`.
pub(in crate::decide) fn verb(form: &str, why: &str) -> Cure {
    Cure::of(format!("write {form}{why}"), format!("write !{form}{why}"))
}

/// One of a few known words.
pub(in crate::decide) fn one_of(word: &str, known: &[&str]) -> Cure {
    let shown = known.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    let more = if known.len() > LISTED { format!(" and {} others", known.len() - LISTED) } else { String::new() };
    Cure::from(format!("write one of {shown}{more}")).meant(word, known.iter().copied())
}

/// How to find a ticket's number.
pub(in crate::decide) fn tickets() -> Cure {
    Cure::of("`postern ticket list` lists them", "!list shows which there are, !mine those that are yours")
}

/// How to find an entry's number.
pub(in crate::decide) fn entries(ticket: u64) -> Cure {
    Cure::of(format!("`postern ticket show {ticket}` numbers them"), format!("!history {ticket} numbers them"))
}

/// The queues that take tickets, as far as whoever acts may see them or open tickets there.
pub(in crate::decide) fn queues(acting: &Acting<'_>, word: &str) -> Result<Cure, FactError> {
    let mut names: Vec<&str> = Vec::new();
    for queue in acting.desk.facts.site().queues.iter().filter(|queue| !queue.disabled) {
        if acting.knows_queue(queue)? {
            names.push(&queue.name);
        }
    }
    let shown = names.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    Ok(Cure::of("`postern queue list` lists the queues", format!("the queues are {shown}")).meant(word, names))
}

/// Who works here. To whom it is not their business, nobody is named.
pub(in crate::decide) fn people(facts: &dyn Facts, actor: &Actor, word: &str) -> Result<Cure, FactError> {
    let cure =
        Cure::of("`postern person list` lists the people", "write an address in full, or the login of somebody who works here");
    let tells = match actor {
        Actor::System => true,
        Actor::Person(person) => person.is_staff(),
    };
    let logins = if tells && !word.contains('@') { facts.logins()? } else { Vec::new() };
    let called: Vec<String> = logins
        .iter()
        .filter(|(_, name)| is_called(name, word))
        .take(MEANT)
        .map(|(login, name)| format!("{login} ({name})"))
        .collect();
    if !called.is_empty() {
        return Ok(cure.behind(&format!("did you mean {}? ", called.join(" or "))));
    }
    Ok(cure.meant(word, logins.iter().map(|(login, _)| login.as_str())))
}

/// As many people of a name as a cure lists.
const MEANT: usize = 5;

/// Whether a word is somebody's name, or a part of it.
fn is_called(name: &str, word: &str) -> bool {
    let (name, word) = (name.to_lowercase(), word.trim().to_lowercase());
    !word.is_empty() && (name == word || name.split_whitespace().any(|part| part == word))
}

/// The command line does not know who somebody is, a mail does.
pub(in crate::decide) fn say_who() -> Cure {
    Cure::whole("say who you are with --as LOGIN")
}

impl Problem {
    /// What is wrong, and what to do, in the words of where it is read.
    pub(in crate::decide) fn told(self, reader: Reader) -> Result<(String, String), FactError> {
        match self {
            Problem::Value { wrong, cure } | Problem::Denied { wrong, cure } => Ok((wrong, cure.at(reader).to_owned())),
            Problem::Fact(error) => Err(error),
        }
    }
}
