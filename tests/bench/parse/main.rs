//! How fast mail is read: `parse` and `classify` against the crate mail-parser alone, which finds the parts and decodes them and
//! stops there, on the same octets in the same run. First a mixed corpus and each kind of mail in it; then time against size.
//!
//! Rounds are interleaved, and medians are compared. `--short` takes fewer rounds, `--smoke` one.

// A bench reads files and the clock, and one that cannot go on says so and stops.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod make;

use postern_mail::{Envelope, classify, parse};
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

/// Octets of one kind that are read in a round, so that a kind of short mails is measured as well as one of long ones.
const ROUND: usize = 4 << 20;
/// Sizes of the second table.
const SIZES: [usize; 5] = [1 << 10, 32 << 10, 1 << 20, 5 << 20, 25 << 20];

fn main() {
    let rounds = match std::env::args().nth(1).as_deref() {
        None => 15,
        Some("--short") => 5,
        Some("--smoke") => 1,
        Some(other) => panic!("{other}? --short or --smoke"),
    };
    against_the_other(rounds);
    against_size(rounds);
}

/// Makes a mail of a size.
type Maker = fn(usize) -> Vec<u8>;

/// Mails of one kind, and how many of each hundred octets of the mixture they are.
struct Kind {
    name: &'static str,
    weight: f64,
    mails: Vec<Vec<u8>>,
}

/// The mixture is weighted by what a help desk's mail looks like: most mails are short, most octets are attachments.
fn kinds() -> Vec<Kind> {
    let kind = |name, weight, mails| Kind { name, weight, mails };
    vec![
        kind("corpus of tests", 5.0, corpus()),
        kind("short text", 5.0, make::many(50, make::short_text)),
        kind("text and HTML", 10.0, make::many(50, make::alternative)),
        kind("Outlook HTML", 15.0, make::many(10, make::outlook)),
        kind("newsletter", 10.0, make::many(10, make::newsletter)),
        kind("long thread", 5.0, make::many(10, make::thread)),
        kind("attachments", 50.0, make::many(4, make::attachments)),
    ]
}

fn corpus() -> Vec<Vec<u8>> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")];
    let mut mails = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "eml") {
                mails.push(std::fs::read(path).unwrap());
            }
        }
    }
    mails
}

fn ours(raw: &[u8]) {
    let message = parse(black_box(raw));
    black_box(classify(&message, &Envelope::Unknown, "example.org"));
    black_box(message);
}

fn theirs(raw: &[u8]) {
    black_box(mail_parser::MessageParser::default().parse(black_box(raw)));
}

/// Seconds per octet of one pass over mails, repeated until enough was read.
fn pace(mails: &[Vec<u8>], read: fn(&[u8])) -> f64 {
    let octets: usize = mails.iter().map(Vec::len).sum();
    let passes = ROUND.div_ceil(octets);
    let begun = Instant::now();
    for _ in 0..passes {
        mails.iter().for_each(|raw| read(raw));
    }
    begun.elapsed().as_secs_f64() / (passes * octets) as f64
}

fn against_the_other(rounds: usize) {
    let kinds = kinds();
    println!("parse: {rounds} rounds, medians");
    println!(
        "{:<18} {:>9} {:>10} {:>16} {:>13} {:>9}",
        "kind", "of octets", "mean size", "parse, classify", "mail-parser", "of that"
    );
    let (mut ours_mixed, mut theirs_mixed, mut weights) = (0.0, 0.0, 0.0);
    for kind in &kinds {
        let mut paces: Vec<(f64, f64)> = Vec::new();
        for _ in 0..=rounds {
            paces.push((pace(&kind.mails, ours), pace(&kind.mails, theirs)));
        }
        // The first round warms up.
        let (mine, other) = (median(paces[1..].iter().map(|p| p.0)), median(paces[1..].iter().map(|p| p.1)));
        let mean = kind.mails.iter().map(Vec::len).sum::<usize>() / kind.mails.len();
        row(kind.name, kind.weight, Some(mean), mine, other);
        ours_mixed += kind.weight * mine;
        theirs_mixed += kind.weight * other;
        weights += kind.weight;
    }
    row("the mixture", weights, None, ours_mixed / weights, theirs_mixed / weights);
}

fn row(name: &str, weight: f64, mean: Option<usize>, mine: f64, other: f64) {
    let rate = |pace: f64| format!("{:.0} MB/s", 1e-6 / pace);
    let mean = mean.map(|m| format!("{:.1} kB", m as f64 / 1e3)).unwrap_or_default();
    let (weight, share) = (format!("{weight:.0}%"), format!("{:.0}%", 100.0 * other / mine));
    println!("{name:<18} {weight:>9} {mean:>10} {:>16} {:>13} {share:>9}", rate(mine), rate(other));
}

fn against_size(rounds: usize) {
    let kinds: [(&str, Maker); 5] = [
        ("text", make::text_of),
        ("HTML", make::html_of),
        ("one attachment", make::attachment_of),
        ("many parts", make::parts_of),
        ("quotes", make::quotes_of),
    ];
    println!("\nns per octet against size");
    print!("{:<18}", "kind");
    SIZES.iter().for_each(|size| print!(" {:>10}", format!("{} kB", size >> 10)));
    println!();
    for (name, make) in kinds {
        print!("{name:<18}");
        for size in SIZES {
            let mails = [make(size)];
            let paces = (0..rounds.min(5)).map(|_| pace(&mails, ours));
            print!(" {:>10}", format!("{:.2}", 1e9 * median(paces)));
        }
        println!();
    }
}

/// The median; 0 of nothing.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
