//! Pages that show mails, line by line: each mail that a page shows is piped into the built program, as its writer's mail program
//! would send it, and the mails that leave then are compared with those that the page prints. Dates and keys may differ; a mail that leaves and
//! is neither printed nor named in the remark before the block is a complaint, and so is one that does not leave. Commands between the mails
//! are run on the same site, and what they print is compared, too.
//!
//! `POSTERN_WRITE_SNAPSHOTS=1 cargo test -p postern-tests --test mail_desk` writes what leaves and what is printed into the pages; then they are
//! to be read.
//!
//! The blocks: the first `toml` is the site; `mail` is written by somebody, `answer` leaves on it, `console` is typed by Anna; `clock` lets the time for reminders come. A block
//! `answer` needs no more than a line `To: ADDRESS` to be filled in. The remark before a `mail` may say `not verified`, `answers NAME` (the
//! newest mail of theirs with that subject; without it, the newest of anybody's) and `also to: ADDRESS, ADDRESS`, with `; ` between. In
//! commands, days of November 2026 stand for the month and the day on which the test runs.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::eml::Eml;
use harness::guide::{Block, alike, as_typed_by, blocks};
use harness::mail::{Mail, bare};
use harness::process::run;
use harness::programs::{not_run, program, source_tree};
use harness::site::Site;
use postern_core::store::engine::Engine;
use postern_core::store::reminder;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Duration;

const RENEW: &str = "POSTERN_WRITE_SNAPSHOTS";

/// The addresses of the pages' sites, and what the mail server's table of aliases says of them.
const OURS: &[(&str, &[&str])] = &[
    ("support@example.org", &["--queue", "support", "--action", "correspond"]),
    ("support-comment@example.org", &["--queue", "support", "--action", "comment"]),
    ("control@example.org", &[]),
];

/// A mail of the page that was sent in, and what left on it.
struct Turn {
    /// Index of its block, and of the blocks of answers to it.
    blocks: Vec<usize>,
    /// What left, in a fixed order.
    left: Vec<Mail>,
}

/// Commands of the page that were run: the index of their block, and what was not as it says.
struct Typed {
    block: usize,
    /// Each command with what it printed.
    printed: Vec<(String, String)>,
    complaints: Vec<String>,
}

#[test]
fn b4_a_day_at_the_desk_by_mail_goes_as_the_page_says() {
    follow("docs/mail-desk.md");
}

#[test]
fn b4_commands_are_written_as_the_page_says() {
    follow("docs/mail-commands.md");
}

#[test]
fn e11_who_said_it_was_okay_is_answered_as_the_page_says() {
    if Command::new("jq").arg("--version").output().is_err() {
        return not_run("e11_who_said_it_was_okay_is_answered_as_the_page_says", "jq is not installed");
    }
    follow("docs/audit.md");
}

#[track_caller]
fn follow(page: &str) {
    let document = std::fs::read_to_string(source_tree().join(page)).unwrap();
    let blocks = blocks(&document);
    let site = Site::with(&blocks.iter().find(|block| block.language == "toml").unwrap().text, "directory:outgoing");
    site.send_by("directory:outgoing", "delimiter = \"+\"");
    let mut turns: Vec<Turn> = Vec::new();
    let mut typed: Vec<Typed> = Vec::new();
    // Not by the clock of the machine, whatever it is now.
    set_reminded(&site, i64::MAX);
    for (index, block) in blocks.iter().enumerate() {
        match block.language.as_str() {
            "mail" => turns.push(Turn { blocks: vec![index], left: send_in(&site, block) }),
            "clock" => turns.push(Turn { blocks: vec![index], left: comes_time(&site) }),
            "answer" => turns.last_mut().expect("a mail before the first answer").blocks.push(index),
            "console" => typed.push(type_in(&site, index, block)),
            _ => {}
        }
    }
    if std::env::var_os(RENEW).is_some() {
        return std::fs::write(source_tree().join(page), renewed(&document, &blocks, &turns, &typed)).unwrap();
    }
    let mut complaints: Vec<String> = turns.iter().flat_map(|turn| compared(&blocks, turn)).collect();
    complaints.extend(typed.into_iter().flat_map(|typed| typed.complaints));
    assert!(complaints.is_empty(), "{page}: {RENEW}=1 writes the page anew\n{}", complaints.join("\n"));
    site.assert_sound();
}

/// Runs the commands of a block as Anna, and sends what is due.
fn type_in(site: &Site, index: usize, block: &Block) -> Typed {
    let bin = site.path("bin");
    if !bin.is_dir() {
        std::fs::create_dir(&bin).unwrap();
        let postern = program("postern").display().to_string();
        let wrapper = format!(
            "#!/bin/sh\ncase \" $* \" in *' --as '*) exec {postern} \"$@\" ;; *) exec {postern} --as anna \"$@\" ;; esac\n"
        );
        std::fs::write(bin.join("postern"), wrapper).unwrap();
        std::fs::set_permissions(bin.join("postern"), PermissionsExt::from_mode(0o755)).unwrap();
    }
    let steps = block.steps();
    let script: String = steps.iter().map(|step| format!("printf '\\001'\n{}\n", by_now(&step.command))).collect();
    let mut command = Command::new("bash");
    command.arg("-c").arg(format!("set -euo pipefail; exec 2>&1; {script}")).current_dir(site.directory()).env_clear();
    command.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display())).env("LC_ALL", "C.UTF-8");
    command.env("POSTERN_CONFIG", site.config());
    let outcome = run(&mut command, b"");
    let wanted = block.told("ends with").map_or(0, |code| code.parse().expect("an exit status"));
    let mut complaints = Vec::new();
    if outcome.code != Some(wanted) {
        complaints.push(format!("line {}: status {:?} instead of {wanted}: {}", block.line, outcome.code, outcome.out));
    }
    let printed = steps.iter().map(|step| step.command.clone()).zip(outcome.out.split('\u{1}').skip(1).map(str::to_owned));
    let printed: Vec<(String, String)> = printed.map(|(command, printed)| (command, as_typed_by(None, &printed))).collect();
    for (step, (command, printed)) in steps.iter().zip(&printed) {
        if !alike(&step.shown, printed) {
            complaints.push(format!("line {}: {command}\n--- printed:\n{printed}--- shown:\n{}", block.line, step.shown));
        }
    }
    site.run_outbox();
    Typed { block: index, printed, complaints }
}

/// A command of the page with the days of now: its month is this one, and its 22nd and 30th are today.
fn by_now(command: &str) -> String {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let days = [("2026-11-01", today.first_of_month()), ("2026-11-22", today), ("2026-11-30", today)];
    days.iter().fold(command.to_owned(), |command, (there, here)| command.replace(there, &here.to_string()))
}

/// Lets the time for reminders come, once, and sends what is due.
fn comes_time(site: &Site) -> Vec<Mail> {
    set_reminded(site, 0);
    let mut left = site.run_outbox();
    set_reminded(site, i64::MAX);
    left.sort_by_key(|mail| (mail.envelope_to.clone(), shown(mail)));
    left
}

/// Sets up to when reminders were made.
fn set_reminded(site: &Site, at: i64) {
    let mut engine = Engine::open(&site.path("data/postern.db")).unwrap();
    engine.write(Duration::from_secs(60), |tx| reminder::set_last(tx, Some(at))).unwrap();
}

/// Pipes a mail in as the mail server does for each of our addresses, and sends what is due.
fn send_in(site: &Site, block: &Block) -> Vec<Mail> {
    let (head, text) = block.text.split_once("\n\n").expect("an empty line below the headers");
    let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default();
    let (from, subject) = (field("From"), field("Subject"));
    let mut mail = Eml::new(from, field("To")).subject(subject).text(text);
    if !field("Cc").is_empty() {
        mail = mail.header("Cc", field("Cc"));
    }
    let whose = part(block, "answers ").unwrap_or_default();
    if let Some(answered) = subject.strip_prefix("Re: ").and_then(|subject| last_to(site, &bare(from), subject, whose)) {
        let id = answered.must("Message-ID");
        let subject = format!("Re: {}", answered.must("Subject").trim_start_matches("Re: "));
        mail = mail.header("In-Reply-To", &id).header("References", &id).subject(&subject);
    }
    let sender = bare(from);
    let all = [field("To"), field("Cc")].join(", ");
    let reached: Vec<_> = all.split(", ").map(bare).filter_map(|to| Some((alias_of(&to)?, to))).collect();
    assert!(!reached.is_empty(), "line {}: it goes to no address of ours", block.line);
    for (options, address) in &reached {
        let mut options = [*options, &["--recipient", address, "--sender", &sender]].concat();
        if part(block, "not verified").is_none() {
            options.push("--authenticated");
        }
        site.arrive(&mail.bytes(), &options);
    }
    let mut left = site.run_outbox();
    left.sort_by_key(|mail| (mail.envelope_to.clone(), shown(mail)));
    left
}

/// What the table of aliases says of an address, whatever its extension.
fn alias_of(to: &str) -> Option<&'static [&'static str]> {
    let (local, domain) = to.split_once('@')?;
    let plain = format!("{}@{domain}", local.split('+').next().unwrap_or(local));
    OURS.iter().find(|(address, _)| *address == plain).map(|(_, options)| *options)
}

/// The newest mail to somebody with a subject, from somebody whose name begins so, which theirs answers.
fn last_to(site: &Site, address: &str, subject: &str, whose: &str) -> Option<Mail> {
    let bare = |subject: &str| masked(subject.trim_start_matches("Re: "));
    let mut sent: Vec<Mail> = site.sent().into_iter().filter(|mail| mail.envelope_to == address).collect();
    sent.retain(|mail| bare(&mail.must("Subject")) == bare(subject) && mail.must("From").starts_with(whose));
    sent.into_iter().max_by_key(|mail| mail.file.metadata().and_then(|file| file.modified()).expect("the file's time"))
}

/// What follows a word in the remark before a block.
fn part<'a>(block: &'a Block, word: &str) -> Option<&'a str> {
    block.remark.as_deref()?.split("; ").find_map(|part| part.strip_prefix(word))
}

/// A mail as the page shows it: the headers that a reader sees, and the text.
fn shown(mail: &Mail) -> String {
    let headers = ["From", "To", "Cc", "Reply-To", "Subject"];
    let head: String = headers.iter().filter_map(|name| Some(format!("{name}: {}\n", mail.header(name)?))).collect();
    format!("{head}\n{}\n", mail.text().trim_end())
}

/// The mail of a turn that a block of an answer shows: to whom it says, the first that no block before it shows.
fn meant(blocks: &[Block], turn: &Turn) -> (Vec<Option<usize>>, Vec<usize>) {
    let mut free: Vec<usize> = (0..turn.left.len()).collect();
    let mut found = Vec::new();
    for index in &turn.blocks[1..] {
        let to = blocks[*index].text.lines().find_map(|line| line.strip_prefix("To: ")).map(bare).expect("a line To:");
        let position = free.iter().position(|mail| turn.left[*mail].envelope_to == to);
        found.push(position.map(|position| free.remove(position)));
    }
    (found, free)
}

fn also_to(turn: &Turn, free: &[usize]) -> String {
    free.iter().map(|mail| turn.left[*mail].envelope_to.as_str()).collect::<Vec<_>>().join(", ")
}

fn compared(blocks: &[Block], turn: &Turn) -> Vec<String> {
    let (found, free) = meant(blocks, turn);
    let mut complaints = Vec::new();
    for (index, mail) in turn.blocks[1..].iter().zip(found) {
        let block = &blocks[*index];
        let printed = mail.map(|mail| shown(&turn.left[mail])).unwrap_or_default();
        if masked(&block.text) != masked(&printed) {
            complaints.push(format!("line {}: what leaves is\n{printed}\n--- and not\n{}", block.line, block.text));
        }
    }
    let block = &blocks[turn.blocks[0]];
    let named = part(block, "also to: ").unwrap_or_default();
    if named != also_to(turn, &free) {
        complaints.push(format!("line {}: mails leave also to {:?}, and not to {named:?}", block.line, also_to(turn, &free)));
    }
    complaints
}

/// The page with what left, the remarks before its mails, and what its commands printed.
fn renewed(document: &str, blocks: &[Block], turns: &[Turn], typed: &[Typed]) -> String {
    let mut lines: Vec<String> = document.lines().map(str::to_owned).collect();
    let mut parts: Vec<(usize, Result<&Turn, &Typed>)> = turns.iter().map(|turn| (turn.blocks[0], Ok(turn))).collect();
    parts.extend(typed.iter().map(|typed| (typed.block, Err(typed))));
    parts.sort_by_key(|(block, _)| std::cmp::Reverse(*block));
    for (_, part) in parts {
        match part {
            Ok(turn) => renew_turn(&mut lines, blocks, turn),
            Err(typed) => renew_typed(&mut lines, &blocks[typed.block], typed),
        }
    }
    lines.join("\n") + "\n"
}

/// Where the page has anything that is not so, all that the commands printed.
fn renew_typed(lines: &mut Vec<String>, block: &Block, typed: &Typed) {
    if typed.complaints.is_empty() {
        return;
    }
    let prompt = |command: &str| format!("$ {}", command.replace('\n', "\n> "));
    let text: Vec<String> = typed.printed.iter().map(|(command, out)| format!("{}\n{out}", prompt(command))).collect();
    let text = text.concat();
    lines.splice(block.line..block.line + block.text.lines().count(), text.lines().map(|line| line.trim_end().to_owned()));
}

fn renew_turn(lines: &mut Vec<String>, blocks: &[Block], turn: &Turn) {
    let (found, free) = meant(blocks, turn);
    for (index, mail) in turn.blocks[1..].iter().zip(found).rev() {
        let block = &blocks[*index];
        // What only differs by its date stays.
        let text = mail.map(|mail| shown(&turn.left[mail])).filter(|made| masked(made) != masked(&block.text));
        let text = text.unwrap_or_else(|| block.text.clone());
        lines.splice(block.line..block.line + block.text.lines().count(), text.lines().map(str::to_owned));
    }
    let block = &blocks[turn.blocks[0]];
    let kept = block.remark.as_deref().unwrap_or_default().split("; ").filter(|part| !part.starts_with("also to: "));
    let also = Some(also_to(turn, &free)).filter(|all| !all.is_empty()).map(|all| format!("also to: {all}"));
    let parts: Vec<String> = kept.filter(|part| !part.is_empty()).map(str::to_owned).chain(also).collect();
    // The remark stands two lines above the fence, before an empty line.
    let fence = block.line - 1;
    let remark = Some(format!("<!-- {} -->", parts.join("; "))).filter(|_| !parts.is_empty());
    let old = if block.remark.is_some() { fence - 2..fence } else { fence..fence };
    lines.splice(old, remark.into_iter().flat_map(|remark| [remark, String::new()]));
}

/// A text with its dates, its times and the keys in its subjects hidden.
fn masked(text: &str) -> String {
    let hide = |word: &str| {
        let shape: String = word.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
        let is_key = word.starts_with('(') && word.contains(".k1.");
        match () {
            () if is_key => "(KEY)\n".to_owned(),
            () if shape.contains("9999-99-99") || shape.starts_with("99:99") => shape,
            () => word.to_owned(),
        }
    };
    text.split_inclusive([' ', '\n']).map(hide).collect::<String>().trim_end().to_owned()
}

#[test]
fn only_dates_may_differ() {
    assert_eq!(masked("on 2026-11-27 17:00 UTC\n"), masked("on 2027-01-02 09:15 UTC\n"));
    assert_ne!(masked("12 tickets"), masked("13 tickets"));
}
