//! The command line: RT's option names with RT's meaning, so that an alias line written for rt-mailgate goes on working.

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{ArgAction, Command, CommandFactory, Parser};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::exit;

/// Try again later (sysexits.h).
pub const EX_TEMPFAIL: i32 = 75;

/// The parser itself, for the man page.
pub fn command() -> Command {
    Options::command()
}

/// Files one message from standard input.
///
/// Exit status: 0 stored; 75 try again later (every fault of ours or of the wiring); 67 no such address, and only with
/// [gateway] authoritative = true.
#[derive(Debug, Parser)]
#[command(name = "postern-mailgate", version, disable_help_subcommand = true, args_override_self = true)]
pub struct Options {
    /// postern.toml; default: $POSTERN_CONFIG, else /etc/postern/postern.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Queue, by name or number, for mail that belongs to no ticket
    #[arg(long, value_name = "QUEUE", allow_hyphen_values = true, value_parser = lossy())]
    pub queue: Option<String>,

    /// What to do: correspond, comment, take, resolve, or several with dashes between, such as take-correspond
    #[arg(long, value_name = "ACTION", allow_hyphen_values = true, value_parser = lossy())]
    pub action: Option<String>,

    /// What the address extension ($EXTENSION) means: queue, action or ticket; any other word: it is only noted
    #[arg(long, value_name = "queue|action|ticket", allow_hyphen_values = true, value_parser = lossy())]
    pub extension: Option<String>,

    /// Ticket that the message belongs to; beats every number in the subject
    #[arg(long, value_name = "NUMBER")]
    pub ticket: Option<u64>,

    /// Envelope sender; '' or MAILER-DAEMON is the null sender. Default: $SENDER
    #[arg(long, value_name = "ADDRESS", allow_hyphen_values = true, value_parser = lossy())]
    pub sender: Option<String>,

    /// Envelope recipient, as often as there are some. Default: $ORIGINAL_RECIPIENT, $RECIPIENT, or what Exim and qmail set
    #[arg(long, value_name = "ADDRESS", allow_hyphen_values = true, value_parser = lossy())]
    pub recipient: Vec<String>,

    /// Vouch for From where it is the envelope sender: whoever wrote logged in, under that address. Only for a pipe that no other
    /// mail reaches
    #[arg(long)]
    pub authenticated: bool,

    /// How long to wait for the database, in seconds; less than the mail server waits for this program
    #[arg(long, value_name = "SECONDS")]
    pub timeout: Option<u64>,

    /// Say on standard error what was done, and everything about a fault
    #[arg(long)]
    pub debug: bool,

    /// Write nothing; say what would be done. Not for alias files: the message is not kept
    #[arg(long)]
    pub dry_run: bool,

    /// With --dry-run: say how it would be decided, step by step
    #[arg(long)]
    pub explain: bool,

    /// rt-mailgate's; accepted, without effect
    #[arg(long, value_name = "URL", allow_hyphen_values = true, value_parser = lossy())]
    url: Option<String>,

    /// rt-mailgate's; accepted, without effect
    #[arg(long, value_name = "FILE", allow_hyphen_values = true, value_parser = lossy())]
    ca_file: Option<String>,

    /// rt-mailgate's; accepted, without effect
    #[arg(long, action = ArgAction::SetTrue)]
    verify_ssl: bool,

    /// rt-mailgate's; accepted, without effect
    #[arg(long, action = ArgAction::SetTrue)]
    no_verify_ssl: bool,

    /// rt-mailgate's; accepted, without effect
    #[arg(long, value_name = "FILE", allow_hyphen_values = true, value_parser = lossy())]
    jar: Option<String>,
}

/// Any octets: mail servers pass what strangers wrote. What is not UTF-8 becomes U+FFFD, as everywhere in the program.
fn lossy() -> impl TypedValueParser<Value = String> {
    OsStringValueParser::new().map(|value| value.to_string_lossy().into_owned())
}

/// Reads the command line. Anything but options that make sense ends the program with 75, `--help` and `--version` too:
/// in an alias file they must not swallow a message (A5).
pub fn read(args: impl Iterator<Item = OsString>) -> Options {
    match parse(args) {
        Ok(options) => {
            options.note_rt_options();
            options
        }
        Err(error) if !error.use_stderr() => {
            // Nothing can be done about a reader who went away.
            let _ = error.print();
            exit(EX_TEMPFAIL);
        }
        Err(error) => {
            eprintln!("postern-mailgate: {}; see postern-mailgate --help", one_line(&error.render().to_string()));
            exit(EX_TEMPFAIL);
        }
    }
}

fn parse(args: impl Iterator<Item = OsString>) -> Result<Options, clap::Error> {
    let options = Options::try_parse_from(args)?;
    if options.explain && !options.dry_run {
        return Err(clap::Error::raw(ErrorKind::MissingRequiredArgument, "--explain goes with --dry-run"));
    }
    Ok(options)
}

/// What clap has to say before it comes to usage and help, which have lines of their own, and nothing that steers a terminal.
fn one_line(rendered: &str) -> String {
    let paragraphs = rendered.split("\n\n").take_while(|paragraph| !paragraph.starts_with("Usage:"));
    let clauses = paragraphs.map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    let said: Vec<String> = clauses.filter(|clause| !clause.is_empty() && !clause.starts_with("For more information")).collect();
    let line = said.join("; ").replace("; tip: ", "; ");
    line.strip_prefix("error: ").unwrap_or(&line).chars().filter(|c| !c.is_control()).collect()
}

impl Options {
    fn note_rt_options(&self) {
        let given = [
            ("--url", self.url.is_some()),
            ("--ca-file", self.ca_file.is_some()),
            ("--verify-ssl", self.verify_ssl),
            ("--no-verify-ssl", self.no_verify_ssl),
            ("--jar", self.jar.is_some()),
        ];
        for (name, _) in given.iter().filter(|(_, given)| *given && self.debug) {
            eprintln!("postern-mailgate: {name} has no effect: the database is opened directly");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt;

    fn parsed(words: &[&str]) -> Options {
        parse_octets(&words.iter().map(|word| word.as_bytes()).collect::<Vec<_>>()).unwrap()
    }

    fn parse_octets(words: &[&[u8]]) -> Result<Options, clap::Error> {
        let program = std::iter::once("postern-mailgate".into());
        parse(program.chain(words.iter().map(|word| OsString::from_vec(word.to_vec()))))
    }

    fn fault(words: &[&str]) -> String {
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        one_line(&parse_octets(&words).unwrap_err().render().to_string())
    }

    #[test]
    fn any_octets_are_a_value() {
        let words: &[&[u8]] =
            &[b"--sender", b"caf\xe9@x.example", b"--recipient=\xff@y.example", b"--queue", b"\xfc", b"--url", b"\xfe"];
        let options = parse_octets(words).unwrap();
        assert_eq!(options.sender.as_deref(), Some("caf\u{fffd}@x.example"));
        assert_eq!(options.recipient, ["\u{fffd}@y.example"]);
        assert_eq!(options.queue.as_deref(), Some("\u{fffd}"));
    }

    #[test]
    fn a_value_may_begin_with_a_dash() {
        let options =
            parsed(&["--sender", "-a@x.example", "--recipient", "-b@y.example", "--recipient", "--c@y.example", "--queue", "-q"]);
        assert_eq!(options.sender.as_deref(), Some("-a@x.example"));
        assert_eq!(options.recipient, ["-b@y.example", "--c@y.example"]);
        assert_eq!(options.queue.as_deref(), Some("-q"));
        let options = parsed(&["--extension", "-e", "--action", "-x", "--sender", ""]);
        assert_eq!((options.extension.as_deref(), options.action.as_deref()), (Some("-e"), Some("-x")));
        assert_eq!(options.sender.as_deref(), Some(""));
    }

    #[test]
    fn the_last_of_several_values_wins() {
        let twice = [
            "--queue",
            "a",
            "--queue",
            "b",
            "--action",
            "comment",
            "--action",
            "take",
            "--ticket",
            "1",
            "--ticket",
            "2",
            "--sender",
            "a@x",
            "--sender",
            "b@x",
            "--timeout",
            "3",
            "--timeout",
            "4",
            "--verify-ssl",
            "--verify-ssl",
            "--debug",
            "--debug",
            "--url",
            "x",
            "--url",
            "y",
            "--recipient",
            "a@y",
            "--recipient",
            "b@y",
            "--no-verify-ssl",
            "--no-verify-ssl",
        ];
        let options = parsed(&twice);
        assert_eq!((options.queue.as_deref(), options.action.as_deref()), (Some("b"), Some("take")));
        assert_eq!((options.ticket, options.timeout, options.sender.as_deref()), (Some(2), Some(4), Some("b@x")));
        assert_eq!(options.recipient, ["a@y", "b@y"], "a message may have several recipients");
        assert!(options.debug && options.verify_ssl && options.no_verify_ssl);
    }

    #[test]
    fn a_mistake_is_said_in_one_complete_line() {
        for (words, said) in [
            (&["--explain"][..], "--explain goes with --dry-run"),
            (&["--queu", "x"], "unexpected argument '--queu' found; a similar argument exists: '--queue'"),
            (&["--queue"], "a value is required for '--queue <QUEUE>' but none was supplied"),
            (&["--ticket", "seven"], "invalid value 'seven' for '--ticket <NUMBER>': invalid digit found in string"),
            (&["stray\x1b\nword"], "unexpected argument 'stray word' found"),
        ] {
            assert_eq!(fault(words), said);
        }
    }
}
