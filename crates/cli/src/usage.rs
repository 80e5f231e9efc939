//! What is wrong with a command line, in one line; help and version as they are asked for.

use crate::commands;
use crate::failure::Failure;
use crate::output::Out;
use crate::output::manners::Manners;
use clap::Command;
use clap::error::{ContextKind, ErrorKind};
use std::io::{self, Write};

/// Help and version are printed and are no failure; everything else becomes a line with a cure.
pub(crate) fn understood(error: clap::Error) -> Failure {
    Manners::guessed(std::env::args_os()).settle();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match show(&error) {
            Ok(()) => Failure::Told { exit_code: 0 },
            Err(error) => Failure::Output(error),
        },
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // The help goes to standard error; if nobody reads that, the exit status still tells.
            let _ = write!(anstream::stderr(), "{}", error.render().ansi());
            Failure::Told { exit_code: 2 }
        }
        ErrorKind::InvalidSubcommand if error.get(ContextKind::SuggestedSubcommand).is_none() => {
            let usage = error.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
            let what = one_line(&error.render().to_string());
            let what = what.split("; ").next().unwrap_or_default();
            Failure::Usage(format!("{what}; known are {}", verbs_of(&usage, &commands::parser()).join(", ")))
        }
        _ => Failure::Usage(one_line(&error.render().to_string())),
    }
}

/// The verbs of the group that a usage line is of.
fn verbs_of(usage: &str, parser: &Command) -> Vec<String> {
    let line = usage.trim_start().trim_start_matches("Usage:");
    let groups = line.split_whitespace().skip(1).take_while(|word| !word.starts_with(['[', '<', '-']));
    let group = groups.fold(parser, |group, word| group.find_subcommand(word).unwrap_or(group));
    group.get_subcommands().filter(|verb| !verb.is_hide_set()).map(|verb| verb.get_name().to_owned()).collect()
}

/// Help may be longer than the screen.
fn show(error: &clap::Error) -> io::Result<()> {
    let mut out = Out::new();
    out.text(&error.render().ansi().to_string())?;
    out.finish()
}

/// What the standard library says about numbers, and what it means.
const IN_OUR_WORDS: [(&str, &str); 4] = [
    ("invalid digit found in string", "a whole number is wanted"),
    ("cannot parse integer from empty string", "a whole number is wanted"),
    ("number too large to fit in target type", "the number is too large"),
    ("number too small to fit in target type", "the number is too small"),
];

/// Paragraphs of clap's message (what, tips, usage) become clauses. Its last one only points to the help.
fn one_line(rendered: &str) -> String {
    let paragraphs = rendered.split("\n\n").map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    let clauses: Vec<String> =
        paragraphs.filter(|clause| !clause.is_empty() && !clause.starts_with("For more information")).collect();
    let line = match clauses.as_slice() {
        [only] => format!("{only}; `postern --help` tells more, and so does --help after any verb"),
        clauses => clauses.join("; "),
    };
    let line = line.strip_prefix("error: ").unwrap_or(&line).replace("; Usage: ", "; usage: ").replace(" tip: ", " ");
    IN_OUR_WORDS.iter().fold(line, |line, (theirs, ours)| line.replace(theirs, ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_that_nobody_knows_is_told_the_others() {
        let verbs = |usage| verbs_of(usage, &commands::parser());
        assert!(verbs("Usage: postern [OPTIONS] <COMMAND>").starts_with(&["init".to_owned(), "apply".to_owned()]));
        assert_eq!(verbs("Usage: postern mail quarantine [OPTIONS] <COMMAND>"), ["list", "show", "release", "delete"]);
    }

    #[test]
    fn messages_become_one_line() {
        let rendered = "error: unexpected argument '--jsn' found\n\n  tip: a similar argument exists: '--json'\n\n\
                        Usage: postern ticket list [OPTIONS]\n\nFor more information, try '--help'.\n";
        assert_eq!(
            one_line(rendered),
            "unexpected argument '--jsn' found; a similar argument exists: '--json'; usage: postern ticket list [OPTIONS]"
        );
        assert_eq!(
            one_line(
                "error: invalid value 'x' for '<N>': invalid digit found in string\n\nFor more information, try '--help'.\n"
            ),
            "invalid value 'x' for '<N>': a whole number is wanted; \
             `postern --help` tells more, and so does --help after any verb"
        );
    }
}
