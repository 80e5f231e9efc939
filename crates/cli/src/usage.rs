//! What is wrong with a command line, in one line; help and version as they are asked for.

use crate::failure::Failure;
use clap::error::ErrorKind;

/// Help and version are printed and are no failure; everything else becomes a line with a cure.
pub(crate) fn understood(error: clap::Error) -> Failure {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match error.print() {
            Ok(()) => Failure::Told { exit_code: 0 },
            Err(error) => Failure::Output(error),
        },
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // The help goes to standard error; if nobody reads that, the exit status still tells.
            let _ = error.print();
            Failure::Told { exit_code: 2 }
        }
        _ => Failure::Usage(one_line(&error.render().to_string())),
    }
}

/// Paragraphs of clap's message (what, tips, usage) become clauses. Its last one only points to the help.
fn one_line(rendered: &str) -> String {
    let paragraphs = rendered.split("\n\n").map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    let clauses: Vec<String> =
        paragraphs.filter(|clause| !clause.is_empty() && !clause.starts_with("For more information")).collect();
    let line = match clauses.as_slice() {
        [only] => format!("{only}; `postern --help` tells more, and so does --help after any verb"),
        clauses => clauses.join("; "),
    };
    line.strip_prefix("error: ").unwrap_or(&line).replace("; Usage: ", "; usage: ").replace(" tip: ", " ")
}

#[cfg(test)]
mod tests {
    use super::one_line;

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
            "invalid value 'x' for '<N>': invalid digit found in string; \
             `postern --help` tells more, and so does --help after any verb"
        );
    }
}
