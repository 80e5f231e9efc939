//! `help` and `whoami`: what can be said, and as whom.

use super::help_words::{self, GUIDES, Guide, HELP as HELP_WORDS, WORDS};
use super::{COMMANDS, Command, Kind, Problem};
use crate::decide::acting::Acting;
use crate::letter;
use crate::near::did_you_mean;
use crate::script::form;

pub(super) const HELP: Command = Command {
    name: "help",
    aliases: &[],
    kind: Kind::Question,
    example: "",
    help: "what can be written; help COMMAND tells of one",
    right: None,
    run: |acting, _, value| help(acting, value),
};

pub(super) const WHOAMI: Command = Command {
    name: "whoami",
    aliases: &[],
    kind: Kind::Question,
    example: "",
    help: "as whom you are known here",
    right: None,
    run: |acting, _, _| {
        let answer = match acting.person() {
            Some(person) => {
                let login = person.login.as_ref().map(|login| format!(" ({login})")).unwrap_or_default();
                format!("{}{login}, {}, {}", person.name, person.address, person.role.as_str())
            }
            None => "the system".to_owned(),
        };
        acting.said.push(answer);
        Ok(())
    },
};

fn help(acting: &mut Acting<'_>, value: &str) -> Result<(), Problem> {
    let guide = guide(letter::language(acting.person(), acting.queue()));
    let word = value.trim().trim_start_matches('!');
    if word.is_empty() {
        acting.said.push(all(guide));
        return Ok(());
    }
    let Some(command) = super::find(word) else {
        acting.said.push(about_mail(word, guide).unwrap_or_else(|| {
            let meant = did_you_mean(word, super::names().chain(WORDS.iter().filter_map(|known| known.split(' ').next())));
            let meant = meant.map(|meant| format!("{meant} ")).unwrap_or_default();
            format!("there is no command {:?}: {meant}help lists them", crate::script::shown(word))
        }));
        return Ok(());
    };
    let others = match command.aliases {
        [] => String::new(),
        others => format!("\n{}: {}", guide.also, others.join(", ")),
    };
    let form = form(command);
    let form = form.strip_prefix("write ").unwrap_or(&form);
    acting.said.push(format!("{}: {}\n{} {form}{others}", command.name, sentence(command, guide), guide.write));
    Ok(())
}

/// What a word about the mail itself does, and how it is written.
fn about_mail(word: &str, guide: &Guide) -> Option<String> {
    let (at, known) = WORDS.iter().enumerate().find(|(_, known)| is_word(known, word))?;
    let name = known.split(' ').next().unwrap_or_default();
    Some(format!("{name}: {}\n{} !{known}", guide.mail.get(at)?, guide.write))
}

fn is_word(known: &str, word: &str) -> bool {
    let word = if ["thanks", "quit"].iter().any(|end| word.eq_ignore_ascii_case(end)) { "stop" } else { word };
    known.split(' ').next().is_some_and(|name| name.eq_ignore_ascii_case(word))
}

/// The guide of a language, else the English one; `de-AT` is content with `de`.
fn guide(language: &str) -> &'static Guide {
    let general = language.split(['-', '_']).next().unwrap_or_default();
    let of = |language: &str| GUIDES.iter().find(|guide| guide.language.eq_ignore_ascii_case(language));
    of(general).unwrap_or(&help_words::ENGLISH)
}

/// What a command does, in the language of a guide, else in English.
fn sentence(command: &Command, guide: &Guide) -> &'static str {
    let at = GUIDES.iter().position(|known| known.language == guide.language).unwrap_or(0);
    let known = HELP_WORDS.iter().find(|(name, _)| *name == command.name);
    known.and_then(|(_, words)| words.get(at.checked_sub(1)?)).copied().unwrap_or(command.help)
}

/// Every command and every word about the mail itself, a line each.
fn all(guide: &Guide) -> String {
    let names = COMMANDS.iter().map(|command| command.name).chain(WORDS);
    let width = names.map(str::len).max().unwrap_or_default();
    let line = |name: &str, help: &str| format!("{name:width$}  {help}");
    let of = |wanted: fn(&Command) -> bool| COMMANDS.iter().filter(move |command| wanted(command));
    let lines = |wanted| of(wanted).map(|command| line(command.name, sentence(command, guide))).collect::<Vec<_>>().join("\n");
    let words: Vec<String> = WORDS.iter().zip(guide.mail).map(|(word, help)| line(word, help)).collect();
    let parts = [
        (guide.fields, lines(Command::is_field)),
        (guide.verbs, lines(|command| command.kind == Kind::Verb)),
        (guide.questions, lines(|command| command.kind == Kind::Question)),
        (guide.words, words.join("\n")),
    ];
    let parts: String = parts.iter().map(|(head, lines)| format!("\n\n{head}:\n{lines}")).collect();
    format!("{}{parts}", letter::wrapped(guide.how).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b4_every_command_is_explained_in_every_language() {
        for command in COMMANDS {
            let known = HELP_WORDS.iter().filter(|(name, _)| *name == command.name).count();
            assert_eq!(known, 1, "{}: help_words.rs says what it does in German, French and Spanish", command.name);
        }
        assert!(HELP_WORDS.iter().all(|(name, _)| super::super::find(name).is_some()), "all are commands");
        for guide in GUIDES {
            let said = all(guide);
            let line = |name: &str| said.lines().any(|line| line.starts_with(&format!("{name} ")));
            assert!(COMMANDS.iter().all(|command| line(command.name)), "{said}");
            assert!(["comment", "limit"].into_iter().all(line) && said.lines().all(|line| line.chars().count() < 150), "{said}");
        }
        assert_eq!((guide("de-AT").language, guide("xx").language), ("de", "en"));
    }
}
