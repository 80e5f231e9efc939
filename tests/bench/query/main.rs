//! How much longer a search takes on many tickets than on few, where it finds the same number: each word of the language, full text,
//! and common words of which only the first are wanted. Both databases are asked in turn, so that a machine that is busy for a while is
//! so for both; medians. What is timed is all of it: reading the query, finding its tickets, and their people.

#![allow(clippy::expect_used, clippy::print_stdout)]

mod fill;

use fill::{LAST, MARKED, NOW, WAIT};
use postern_core::store::engine::Engine;
use postern_core::store::search::index;
use postern_core::view::{self, Asking, TicketQuery};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Queries, with how many tickets are wanted. LAST stands for the number of the last ticket but some, SINCE for its time.
const QUERIES: &[(&str, Option<u64>)] = &[
    ("id:>LAST", None),
    ("queue:rare", None),
    ("status:stalled", None),
    ("is:waiting", None),
    ("owner:anna", None),
    ("@mine", None),
    ("requestor:rare@example.net", None),
    ("cc:ben", None),
    ("watcher:ben", None),
    ("priority:>50", None),
    ("created:>SINCE", None),
    ("updated:>SINCE", None),
    ("due:2030-01-01", None),
    ("is:overdue", None),
    ("resolved:2031-01-01", None),
    ("started:2032-01-01", None),
    ("starts:2033-01-01", None),
    ("told:2034-01-01", None),
    ("worked:>SINCE", None),
    ("actor:ben", None),
    ("tag:rare", None),
    ("field.Customer:ACME", None),
    ("depends:1", None),
    ("undelivered:any", None),
    ("zanzibar", None),
    ("zanzi*", None),
    ("\"quick brown zebra\"", None),
    ("subject:zebra", None),
    ("\"zebra-plan.pdf\"", None),
    ("common zanzibar", None),
    ("status:stalled queue:rare common tag:rare", None),
    ("(zanzibar or tag:rare) -queue:support", None),
    ("", Some(50)),
    ("common", Some(50)),
    ("common sort:-updated", Some(50)),
    ("status:resolved", Some(50)),
    ("is:open sort:-updated", Some(50)),
    ("queue:support owner:nobody common", Some(50)),
    ("-tag:rare sort:-id", Some(50)),
];

fn main() {
    let (few, many, rounds) = match std::env::args().nth(1).as_deref() {
        None => (1_000, 100_000, 25),
        Some("--short") => (1_000, 10_000, 11),
        Some("--smoke") => (400, 500, 1),
        Some(other) => panic!("{other}? --short or --smoke"),
    };
    let parent = PathBuf::from(std::env::var_os("POSTERN_BENCH_DIR").unwrap_or_else(|| "target".into()));
    let (small, large) = (Filled::new(&parent, few), Filled::new(&parent, many));
    println!("query: {few} and {many} tickets with history, {rounds} rounds; milliseconds");
    println!("{:<48} {:>7} {:>10} {:>10} {:>7}", "query", "found", few, many, "ratio");
    for (query, limit) in QUERIES {
        let mut times = [Vec::new(), Vec::new()];
        let mut counts = [0, 0];
        // The first round warms up.
        for round in 0..=rounds {
            for (position, filled) in [&small, &large].into_iter().enumerate() {
                let (count, took) = filled.ask(query, *limit);
                counts[position] = count;
                if round > 0 {
                    times[position].push(took.as_secs_f64() * 1000.0);
                }
            }
        }
        assert_eq!(counts[0], counts[1], "{query}: as many are found");
        assert!(counts[0] > 0, "{query}: something is found");
        let [a, b] = times.map(|times| median(&times));
        let shown = limit.map_or((*query).to_owned(), |limit| format!("{query} --limit {limit}"));
        println!("{shown:<48} {:>7} {a:>10.3} {b:>10.3} {:>7.2}", counts[0], b / a);
    }
}

fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

struct Filled {
    engine: Engine,
    tickets: u64,
    _directory: tempfile::TempDir,
}

impl Filled {
    fn new(parent: &Path, tickets: u64) -> Self {
        let directory = tempfile::TempDir::with_prefix_in("postern-query-", parent).expect("a directory");
        let mut engine = Engine::create(&directory.path().join("postern.db")).expect("a database");
        fill::fill(&mut engine, tickets);
        let begun = Instant::now();
        let entries = index::catch_up(&mut engine, WAIT, &mut |_, _| {}).expect("an index");
        println!("{tickets} tickets: {entries} entries indexed in {:.1} s", begun.elapsed().as_secs_f64());
        assert!(tickets >= MARKED);
        Filled { engine, tickets, _directory: directory }
    }

    fn ask(&self, query: &str, limit: Option<u64>) -> (usize, Duration) {
        let last = self.tickets - LAST;
        let since = view::Time(fill::created(last, self.tickets)).to_string();
        let text = query.replace("LAST", &last.to_string()).replace("SINCE", &since);
        let begun = Instant::now();
        let asking = Asking { login: Some("anna"), now: NOW };
        let found = self.engine.read(|tx| {
            let query = TicketQuery { limit, ..TicketQuery::read(tx, &text, asking)? };
            Ok::<_, view::AskError>(view::ticket::list(tx, &query)?)
        });
        (found.expect("a list").len(), begun.elapsed())
    }
}
