//! Every message of the corpus, and every attack, through intake: what came in can be had back, the ledger balances, and no program is
//! ever answered, nor moves a ticket.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../../../tests/src/hostile/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "others use more of it")]
mod hostile;
mod mail_support;

use mail_support::{NOW, Site, queue, staff, to};
use postern_core::intake::{self, Delivery, Setting};
use postern_core::mail::{Envelope, parse};
use postern_core::model::Verdict;
use postern_core::values;
use postern_core::view::{counts, mail as ledger};
use std::path::PathBuf;

/// Brakes that hold nothing: each mail is to be judged alone.
const NO_BRAKES: &str =
    "[brakes]\nanswers = 10000\nmails = 1000000\nautomatic_mails = 1000000\nalike = 1000000\nreceived = 1000\n";

struct Sample {
    name: String,
    raw: Vec<u8>,
    /// What somebody who read it says: whether a program wrote it.
    automatic: bool,
}

fn corpus() -> Vec<Sample> {
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../mail/tests/corpus")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "eml") {
                let expected = std::fs::read(path.with_extension("json")).unwrap();
                let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap();
                found.push(Sample {
                    name: path.file_stem().unwrap().to_string_lossy().into_owned(),
                    raw: std::fs::read(&path).unwrap(),
                    automatic: expected["auto"] == true,
                });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(found.len() >= 600, "{}", found.len());
    found
}

fn site() -> Site {
    Site::with(&(NO_BRAKES.to_owned() + &queue("support", "admincc = [\"anna\"]") + &staff("anna", "")))
}

fn deliver(site: &mut Site, raw: &[u8], envelope: Envelope, now: i64) -> intake::Outcome {
    let delivery = Delivery { envelope, ..to(&["support@example.org"], now) };
    intake::deliver(&mut site.engine, &Setting::of(&site.config), raw, &delivery).unwrap().remove(0)
}

/// Mails in the outbox that answer by themselves, and those to people who do not work here.
fn answers(site: &Site) -> (i64, i64) {
    (
        site.count("outbox WHERE kind IN ('acknowledgement', 'confirmation')"),
        site.count("outbox WHERE address <> 'anna@example.org'"),
    )
}

#[test]
fn a106_no_automatic_mail_of_the_corpus_is_answered() {
    let mut site = site();
    let (mut programs, mut answered) = (0, 0);
    for (position, sample) in corpus().iter().enumerate() {
        // The envelope as it was where the mail tells it, else that of a careless program: its own address.
        let message = parse(&sample.raw);
        let author = message.author().map(|author| author.email.clone()).filter(|email| email.contains('@'));
        let known = match message.header("Return-Path") {
            Some(path) => Envelope::from_text(path),
            None => Envelope::Sender(author.unwrap_or_else(|| "somebody@sender.example".to_owned())),
        };
        for (envelope, at) in [(Envelope::Unknown, 0), (known, 1), (Envelope::Null, 2)] {
            // Two hours apart, so that no message is one that came before; with an id of its own each time.
            let raw = with(&format!("Message-ID: <e{at}.{position}@test.example>\n"), &sample.raw);
            let before = answers(&site);
            let outcome = deliver(&mut site, &raw, envelope.clone(), NOW + (position as i64 * 3 + at) * 7_200_000_000);
            let class = site
                .engine
                .read(|tx| {
                    tx.query_opt("SELECT class FROM delivery WHERE id = ?1", values![outcome.delivery], |row| {
                        row.get::<String>(0)
                    })
                })
                .unwrap()
                .unwrap();
            let after = answers(&site);
            answered += after.0 - before.0;
            if sample.automatic || !matches!(class.as_str(), "human") || envelope == Envelope::Null {
                programs += 1;
                assert_eq!(after.0, before.0, "{} ({class}, {envelope:?}) was answered", sample.name);
            }
        }
    }
    assert!(programs > 600, "{programs}");
    assert!(answered > 100, "people are answered: {answered}");
}

/// The message with other header lines in place of its Message-ID, so that it can come again.
fn with(head: &str, raw: &[u8]) -> Vec<u8> {
    let mut lines = raw.split_inclusive(|octet| *octet == b'\n').peekable();
    let mut made = Vec::with_capacity(raw.len() + head.len());
    made.extend(lines.next_if(|line| line.starts_with(b"From ")).unwrap_or_default());
    made.extend_from_slice(head.as_bytes());
    let (mut skips, mut header) = (false, true);
    for line in lines {
        header &= !line.trim_ascii().is_empty();
        if header && !line.starts_with(b" ") && !line.starts_with(b"\t") {
            skips = line.get(..11).is_some_and(|name| name.eq_ignore_ascii_case(b"message-id:"));
        }
        if !(skips && header) {
            made.extend_from_slice(line);
        }
    }
    made
}

#[test]
fn a111_no_automatic_mail_of_the_corpus_moves_a_ticket() {
    let mut site = site();
    for number in 1..=3 {
        let first = format!(
            "From: carla@customer.example\nTo: support@example.org\nMessage-ID: <t{number}@customer.example>\n\nHelp {number}.\n"
        );
        assert_eq!(site.one(&first, NOW).ticket, Some(number));
    }
    for sql in [
        "UPDATE ticket SET status = 'resolved', resolved = created WHERE id = 1",
        "UPDATE ticket SET status = 'stalled' WHERE id = 2",
        "UPDATE ticket SET status = 'open', owner_id = (SELECT id FROM person WHERE login = 'anna') WHERE id = 3",
    ] {
        site.engine.write(std::time::Duration::from_secs(9), |tx| tx.execute(sql, values![])).unwrap();
    }
    let tickets = |site: &Site| {
        let sql = "SELECT status || ' ' || coalesce(owner_id, 0) || ' ' || updated || ' ' || coalesce(resolved, 0) FROM ticket WHERE id <= 3";
        site.engine.read(|tx| tx.query(sql, values![], |row| row.get::<String>(0))).unwrap()
    };
    let before = tickets(&site);
    let mut joined = 0;
    for (position, sample) in corpus().iter().enumerate().filter(|(_, sample)| sample.automatic) {
        if let Some(author) = parse(&sample.raw).author() {
            let part = "INSERT INTO participant SELECT id, ?1 FROM ticket WHERE id <= 3 ON CONFLICT DO NOTHING";
            site.engine.write(std::time::Duration::from_secs(9), |tx| tx.execute(part, values![&author.key()])).unwrap();
        }
        for number in 1..=3 {
            let head = format!("Message-ID: <a{number}.{position}@test.example>\nIn-Reply-To: <t{number}@customer.example>\n");
            let raw = with(&head, &sample.raw);
            let outcome = deliver(&mut site, &raw, Envelope::Unknown, NOW + 1 + position as i64);
            joined += i32::from(outcome.verdict == Verdict::Joined);
            assert!(
                matches!(outcome.verdict, Verdict::Joined | Verdict::Recorded | Verdict::Quarantined),
                "{}: {outcome:?}",
                sample.name
            );
            assert_eq!(tickets(&site), before, "{}: {outcome:?}", sample.name);
        }
    }
    assert!(joined > 200, "most of them answer their ticket: {joined}");
}

#[test]
fn e19_the_counters_balance_and_every_octet_can_be_had_back() {
    let mut site = Site::with(&(queue("support", "admincc = [\"anna\"]") + &staff("anna", "")));
    let attacks = hostile::all().into_iter().map(|attack| (attack.make)(hostile::Scale::SMALL));
    let all: Vec<Vec<u8>> = corpus().into_iter().map(|sample| sample.raw).chain(attacks).collect();
    for (position, raw) in all.iter().enumerate() {
        let outcome = deliver(&mut site, raw, Envelope::Unknown, NOW + position as i64);
        let kept = site.engine.read(|tx| ledger::raw(tx, outcome.delivery)).unwrap().unwrap();
        if outcome.verdict != Verdict::Duplicate {
            assert!(kept == *raw, "message {position} came back changed");
        }
    }
    let counts = site.engine.read(|tx| counts::counts(tx, None, None)).unwrap();
    assert!(counts.balanced, "{}", counts.line());
    assert_eq!(counts.arrivals, all.len() as u64);
    assert!(counts.of(Verdict::Created) > 100 && counts.of(Verdict::Recorded) > 50, "{}", counts.line());
    let reasons = site.count("delivery WHERE reason = '' OR verdict = ''");
    assert_eq!(reasons, 0, "every verdict has a reason");
}
