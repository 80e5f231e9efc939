//! What the parser does not know of itself: exit statuses, files, variables of the environment, examples.

/// A name and what it means.
pub(super) type Fact = (&'static str, &'static str);

/// Exit statuses of `postern`.
pub(super) const EXIT: &[Fact] = &[
    ("0", "Done."),
    ("1", "Failed; a line on standard error says why and what to do next."),
    ("2", "The command line is wrong."),
];

/// Files of `postern`.
pub(super) const FILES: &[Fact] = &[
    ("/etc/postern/postern.toml", "The configuration of this machine, see `postern.toml`(5)."),
    (
        "site.toml",
        "Beside postern.toml: queues, people, rules, see `site.toml`(5). `postern apply` brings the site to what it says.",
    ),
    ("postern.db", "Beside postern.toml, unless `database.url` says otherwise: the database."),
];

/// Variables of the environment that `postern` reads.
pub(super) const ENVIRONMENT: &[Fact] = &[
    ("POSTERN_CONFIG", "The configuration, where `--config` does not name it."),
    (
        "POSTERN_PAGER, PAGER",
        "What shows output that is longer than the screen; the first that is set counts. Empty or `cat`: nothing does. Default: \
         `less -FRX`, where less is installed.",
    ),
    ("VISUAL, EDITOR", "The editor, for verbs that open one; the first that is set counts. Default: vi, else nano."),
    ("NO_COLOR", "Not empty: no colour, unless `--color` asks for it."),
    ("CLICOLOR_FORCE", "Not 0: colour in pipes and files, too."),
    ("TERM", "With `dumb` there is neither colour nor pager."),
    ("LC_ALL, LC_CTYPE, LANG", "Which characters the terminal can show. Without UTF-8 the others become question marks."),
    ("POSTERN_LOG", "How much `postern serve` says, such as `debug` or `postern_courier=trace`. Default: `info`."),
    ("TMPDIR", "Where texts are edited, and where they are kept when what was to be done with them failed."),
];

/// Examples: the page, what it is for, and the line.
pub(super) const EXAMPLES: &[(&str, &str, &str)] = &[
    ("postern", "Make a site in a directory, to try everything without a mail server:", "postern init /tmp/desk"),
    ("postern", "See what a changed site.toml would do, then do it:", "postern apply --dry-run\npostern apply"),
    ("postern", "Prove that the mail server's user can file mail:", "postern check --user postern"),
    ("postern-ticket", "Open tickets of two queues:", "postern ticket list status:open queue:noc queue:support"),
    (
        "postern-ticket",
        "The subjects of all new tickets, for a script:",
        "postern ticket list status:new --json | jq -r '.[].subject'",
    ),
    (
        "postern-ticket",
        "Open a ticket with a text from a file or a pipe. Without the - nothing is opened, so that no text is lost:",
        "postern ticket create Disks of the mail server - --queue noc < report.txt",
    ),
    ("postern-ticket", "Read a ticket, with automatic and repeated mails in full:", "postern ticket show 12 --all"),
    ("postern-mail", "What became of the last ten mails:", "postern mail list --limit 10"),
    ("postern-mail", "Why a mail went where it went:", "postern mail explain 7"),
    ("postern-mail", "What would become of a mail from a file, without filing it:", "postern mail explain - < mail.eml"),
    (
        "postern-mail",
        "See how a mail reads in another charset, then read it so:",
        "postern mail redecode 7 --charset KOI8-R --dry-run\npostern mail redecode 7 --charset KOI8-R",
    ),
    ("postern-mail", "Let in a mail that is held:", "postern mail quarantine release 7"),
    ("postern-outbox", "Try to send a mail at once that waits for its next attempt:", "postern outbox retry 3"),
];

/// Exit statuses of `postern-mailgate`.
pub(super) const MAILGATE_EXIT: &[Fact] = &[
    ("0", "The message and what was decided are on the disk."),
    (
        "75",
        "Try again later: every fault of ours, of the wiring or of the command line. The mail server keeps the message. `--help` \
         and `--version` end with it, too: in an alias file they must not swallow a message.",
    ),
    ("67", "There is no such address; only where postern.toml says `authoritative = true` under [gateway]."),
];

/// Variables of the environment that `postern-mailgate` reads.
pub(super) const MAILGATE_ENVIRONMENT: &[Fact] = &[
    ("POSTERN_CONFIG", "The configuration, where `--config` does not name it."),
    ("SENDER", "The envelope sender, where `--sender` does not name it."),
    ("ORIGINAL_RECIPIENT, RECIPIENT", "The envelope recipient, where `--recipient` names none."),
    ("LOCAL_PART, LOCAL_PART_SUFFIX, DOMAIN", "The same, as Exim sets it."),
    ("EXTENSION", "The address extension, to which `--extension` gives a meaning."),
];

/// Lines of an alias file.
pub(super) const MAILGATE_EXAMPLE: &str = "\
support:         \"|/usr/bin/postern-mailgate --queue support --action correspond\"
support-comment: \"|/usr/bin/postern-mailgate --queue support --action comment\"
postern-bounces: \"|/usr/bin/postern-mailgate\"";

/// The least postern.toml that sends.
pub(super) const POSTERN_TOML_EXAMPLE: &str = "\
[site]
name = \"example.org\"

[database]
url = \"sqlite:postern.db\"

[outgoing]
courier = \"smtp://localhost\"
from = \"support@example.org\"
bounce = \"postern-bounces@example.org\"";

/// A site with one queue and a person behind it.
pub(super) const SITE_TOML_EXAMPLE: &str = "\
[[queue]]
name = \"support\"
address = \"support@example.org\"
comment_address = \"support-comment@example.org\"
admincc = [\"group:desk\"]

[[person]]
login = \"anna\"
email = \"anna@example.org\"
role = \"staff\"

[[group]]
name = \"desk\"
members = [\"anna\"]";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_understood_by_the_parser() {
        for (page, _, text) in EXAMPLES {
            for line in text.lines() {
                let line = line.split(['|', '<', '>']).next().unwrap_or_default();
                let parsed = crate::commands::parser().try_get_matches_from(line.split_whitespace());
                assert!(parsed.is_ok(), "{page}: {line}: {}", parsed.unwrap_err());
            }
        }
    }
}
