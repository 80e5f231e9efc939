//! The page docs/mail-desk.md, line by line: each mail that it shows is piped into the built program, as its writer's mail program
//! would send it, and the mails that leave then are compared with those that the page prints. Dates and keys may differ; a mail that leaves and
//! is neither printed nor named in the remark before the block is a complaint, and so is one that does not leave.
//!
//! `POSTERN_WRITE_SNAPSHOTS=1 cargo test -p postern-tests --test mail_desk` writes what leaves into the page; then it is to be read.
//!
//! The blocks: `mail` is written by somebody, `answer` leaves on it; `clock` lets the time for reminders come, and answers leave on that. A block `answer` needs no more than a line `To: ADDRESS` to be
//! filled in. The remark before a `mail` may say `not verified`, `answers NAME` (the newest mail of theirs with
//! that subject; without it, the newest of anybody's) and `also to: ADDRESS, ADDRESS`, with `; ` between.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::eml::Eml;
use harness::guide::{Block, blocks};
use harness::mail::{Mail, bare};
use harness::programs::source_tree;
use harness::site::Site;
use postern_core::store::engine::Engine;
use postern_core::store::reminder;
use std::time::Duration;

const PAGE: &str = "docs/mail-desk.md";
const RENEW: &str = "POSTERN_WRITE_SNAPSHOTS";

/// The addresses of the page's site, and what the mail server's table of aliases says of them.
const OURS: &[(&str, &[&str])] = &[
    ("support@example.org", &["--queue", "support", "--action", "correspond"]),
    ("support-comment@example.org", &["--queue", "support", "--action", "comment"]),
    ("control@example.org", &["--queue", "support"]),
];

/// A mail of the page that was sent in, and what left on it.
struct Turn {
    /// Index of its block, and of the blocks of answers to it.
    blocks: Vec<usize>,
    /// What left, in a fixed order.
    left: Vec<Mail>,
}

#[test]
fn b4_a_day_at_the_desk_by_mail_goes_as_the_page_says() {
    let document = std::fs::read_to_string(source_tree().join(PAGE)).unwrap();
    let blocks = blocks(&document);
    let site = Site::with(&blocks.iter().find(|block| block.language == "toml").unwrap().text, "directory:outgoing");
    let mut turns: Vec<Turn> = Vec::new();
    // Not by the clock of the machine, whatever it is now.
    set_reminded(&site, i64::MAX);
    for (index, block) in blocks.iter().enumerate() {
        match block.language.as_str() {
            "mail" => turns.push(Turn { blocks: vec![index], left: send_in(&site, block) }),
            "clock" => turns.push(Turn { blocks: vec![index], left: comes_time(&site) }),
            "answer" => turns.last_mut().expect("a mail before the first answer").blocks.push(index),
            _ => {}
        }
    }
    if std::env::var_os(RENEW).is_some() {
        return std::fs::write(source_tree().join(PAGE), renewed(&document, &blocks, &turns)).unwrap();
    }
    let complaints: Vec<String> = turns.iter().flat_map(|turn| compared(&blocks, turn)).collect();
    assert!(complaints.is_empty(), "{RENEW}=1 writes the page anew\n{}", complaints.join("\n"));
    site.assert_sound();
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
    let reached: Vec<_> = OURS.iter().filter(|(address, _)| all.split(", ").any(|to| bare(to) == *address)).collect();
    assert!(!reached.is_empty(), "line {}: it goes to no address of ours", block.line);
    for (address, options) in reached {
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

/// The page with what left, and the remarks before its mails.
fn renewed(document: &str, blocks: &[Block], turns: &[Turn]) -> String {
    let mut lines: Vec<String> = document.lines().map(str::to_owned).collect();
    for turn in turns.iter().rev() {
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
    lines.join("\n") + "\n"
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
