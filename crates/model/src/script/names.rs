//! The names of commands as people write them, those of RT's CommandByMail among them, and whether what stands behind a name looks like its
//! value or like prose.

use super::{Known, Word};
use crate::act::Operator;
use crate::decide::commands::{self, Command, Kind};
use crate::life_cycle;
use postern_mail::address::{is_valid, parse_one};

/// What a name means.
#[derive(Clone, Copy)]
pub(super) enum Named {
    /// A command of the table; CommandByMail's `AddCc` and `DelCc` say how it changes.
    Command(&'static Command, Option<Operator>),
    /// A word about the script itself.
    Word(Kin),
}

/// Words about the script itself, before their value is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kin {
    Check,
    Partial,
    Quiet,
    Comment,
    Reply,
    From,
    Limit,
    Undo,
    Stop,
}

const WORDS: &[(&str, Kin)] = &[
    ("check", Kin::Check),
    ("partial", Kin::Partial),
    ("quiet", Kin::Quiet),
    ("noauto", Kin::Quiet),
    ("comment", Kin::Comment),
    ("reply", Kin::Reply),
    ("from", Kin::From),
    ("limit", Kin::Limit),
    ("undo", Kin::Undo),
    ("stop", Kin::Stop),
    ("thanks", Kin::Stop),
    ("quit", Kin::Stop),
];

/// Every name, for whoever wrote another.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    commands::names().chain(WORDS.iter().map(|(word, _)| *word)).chain(OTHERS.iter().map(|(word, _)| *word))
}

/// What stands between the words of a name is written in different ways.
fn folded(name: &str) -> String {
    letters(name).collect()
}

fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).flat_map(char::to_lowercase)
}

/// Other words for commands, in mail alone: what people say to a question for their approval. On the command line, `approve` lets an
/// outsider's mail in.
const OTHERS: &[(&str, &str)] = &[("approve", "accept")];

/// The longest name that is looked for, in octets.
const LONGEST: usize = 60;

/// What a name means, without regard to case and to what stands between its words.
pub(super) fn find(name: &str) -> Option<Named> {
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    if let Some((_, kin)) = WORDS.iter().find(|(word, _)| name.eq_ignore_ascii_case(word)) {
        return Some(Named::Word(*kin));
    }
    if let Some(command) = commands::find(name) {
        return Some(Named::Command(command, None));
    }
    let name = folded(name);
    let plain = |name: &str| plain(name).map(|command| Named::Command(command, None));
    let with = |prefix: &str, operator| {
        let command = self::plain(name.strip_prefix(prefix)?).filter(|command| command.kind == Kind::List)?;
        Some(Named::Command(command, Some(operator)))
    };
    plain(&name).or_else(|| with("add", Operator::Add)).or_else(|| with("del", Operator::Remove))
}

/// A command by a folded name: singular and plural, and as CommandByMail has it.
fn plain(name: &str) -> Option<&'static Command> {
    let is = |command: &&Command, word: &str| {
        letters(command.name).eq(word.chars()) || command.aliases.iter().any(|alias| letters(alias).eq(word.chars()))
    };
    let by = |word: &str| commands::COMMANDS.iter().find(|command| is(command, word));
    let other = || OTHERS.iter().find(|(word, _)| *word == name).and_then(|(_, ours)| commands::find(ours));
    let list = |command: &&Command| command.kind == Kind::List;
    by(name).or_else(other).or_else(|| by(name.strip_suffix('s')?).filter(list)).or_else(|| by(&format!("{name}s")).filter(list))
}

/// Whether a name is that of a list.
pub(super) fn is_list(name: &str) -> bool {
    plain(&folded(name)).is_some_and(|command| command.kind == Kind::List)
}

impl Kin {
    /// The word with its value; `Err`: what is wrong, and the right form.
    pub(super) fn word(self, value: &str) -> Result<Word, (String, String)> {
        let alone = |word: Word, name: &str| match value {
            "" => Ok(word),
            _ => Err((format!("{name} takes nothing behind it"), format!("write !{name} on a line of its own"))),
        };
        match self {
            Kin::Check => alone(Word::Check, "check"),
            Kin::Partial => alone(Word::Partial, "partial"),
            Kin::Quiet => alone(Word::Quiet, "quiet"),
            Kin::Comment => alone(Word::Comment, "comment"),
            Kin::Reply => alone(Word::Reply, "reply"),
            Kin::Undo => alone(Word::Undo, "undo"),
            Kin::Stop => alone(Word::Stop, "stop"),
            Kin::Limit if !value.is_empty() => Ok(Word::Limit(value.to_owned())),
            Kin::Limit => Err(("limit needs something behind it".into(), "write !limit queue:noc".into())),
            Kin::From => match parse_one(value).filter(|address| is_valid(&address.email)) {
                Some(_) => Ok(Word::From(value.to_owned())),
                None => Err((format!("{value:?} is no address"), "write !from carla@customer.example".into())),
            },
        }
    }
}

/// Whether what stands behind `Name:` may be meant as its value, right or wrong. `Status: all good now` and `Close: the window` are prose.
pub(super) fn is_plausible(known: Known<'_>, command: &Command, value: &str) -> bool {
    // `resolved anyway`: where something holds the ticket up.
    let value = if matches!(command.name, "status" | "queue") { commands::without_anyway(value) } else { value };
    let words = value.split_whitespace().count();
    let sentence = value.ends_with(['.', '!', '?', ',', ';']);
    let begins_with = |signs: &[char]| value.starts_with(|c: char| c.is_ascii_digit() || signs.contains(&c));
    let bare = value.trim_start_matches(['=', '+', '-']).trim_start();
    match (command.kind, command.name) {
        _ if value.is_empty() => false,
        (Kind::Question, _) => false,
        (_, "subject") => true,
        (_, "status") => {
            let status = value.split_once(" until ").map_or(value, |(status, _)| status).trim();
            let cycles = known.site.life_cycles.iter().chain(life_cycle::built_in());
            status.split_whitespace().count() == 1 && !sentence || cycles.into_iter().any(|cycle| cycle.status(status).is_some())
        }
        (_, "queue") => words == 1 && !sentence || known.site.queue_named(value).is_some(),
        (_, "owner") => words == 1 && !sentence || parse_one(value).is_some_and(|address| is_valid(&address.email)),
        (_, name) if name.starts_with("time_") => {
            (begins_with(&['+', '-', '=']) || value.eq_ignore_ascii_case("none")) && words <= 4
        }
        (_, "due" | "starts" | "wait" | "wakes" | "started" | "told" | "resolved") => {
            !sentence && words <= 5 && commands::begins_time(value.split_whitespace().next().unwrap_or_default())
        }
        (Kind::Value, _) => words <= 3 && !sentence,
        (Kind::List, "requestors" | "cc" | "admincc" | "squelch") => items(value).iter().all(|(_, item)| is_somebody(item)),
        (Kind::List, _) => words <= 12 && !sentence,
        (Kind::Verb, _) => {
            !command.example.is_empty() && (bare.starts_with(|c: char| c.is_ascii_digit() || c == '#') || words == 1)
        }
    }
}

fn is_somebody(item: &str) -> bool {
    match item.contains('@') {
        true => parse_one(item).is_some_and(|address| is_valid(&address.email)),
        false => item.split_whitespace().count() <= 1 && !item.ends_with(['.', '!', '?', ';']),
    }
}

/// The items of a list, each with the sign in front of it.
pub(super) fn items(value: &str) -> Vec<(Option<Operator>, &str)> {
    let item = |word: &'_ str| -> (Option<Operator>, usize) {
        match word.chars().next() {
            Some('+') => (Some(Operator::Add), 1),
            Some('-') => (Some(Operator::Remove), 1),
            _ => (None, 0),
        }
    };
    // Between commas; where every word has a sign, between words.
    let words = || value.split([',', ' ', '\t']).map(str::trim).filter(|word| !word.is_empty());
    let signed = words().all(|word| word.len() > 1 && word.starts_with(['+', '-']));
    let parts: Vec<&str> = if signed { words().collect() } else { value.split(',').map(str::trim).collect() };
    let taken = parts.into_iter().filter(|part| !part.is_empty());
    taken
        .map(|part| {
            let (sign, length) = item(part);
            (sign, part.get(length..).unwrap_or_default().trim())
        })
        .collect()
}
