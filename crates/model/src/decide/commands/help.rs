//! `help` and `whoami`: what can be said, and as whom.

use super::cure::Cure;
use super::{COMMANDS, Command, Kind, Problem};
use crate::decide::acting::Acting;
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
    let word = value.trim().trim_start_matches('!');
    if word.is_empty() {
        acting.said.push(all());
        return Ok(());
    }
    let Some(command) = super::find(word) else {
        return Err(Problem::value(
            format!("there is no command {word:?}"),
            Cure::whole("!help lists them").meant(word, super::names()),
        ));
    };
    let others = if command.aliases.is_empty() { String::new() } else { format!("\nalso: {}", command.aliases.join(", ")) };
    acting.said.push(format!("{}: {}\n{}{others}", command.name, command.help, form(command)));
    Ok(())
}

/// Every command, a line each.
fn all() -> String {
    let width = COMMANDS.iter().map(|command| command.name.len()).max().unwrap_or_default();
    let line = |command: &Command| format!("{:width$}  {}", command.name, command.help);
    COMMANDS.iter().map(line).collect::<Vec<_>>().join("\n")
}
