//! How much longer a search takes on many tickets than on few, where it finds the same number: each word of the language, full text,
//! orders, and common words of which only the first are wanted; for whoever sees everything, for somebody who sees one queue, and for
//! somebody who sees only what is theirs. Both databases are asked in turn, so that a machine that is busy for a while is so for both;
//! of all rounds the quickest counts. What is timed is all of it: reading the query, finding its tickets, and their people.

#![allow(clippy::expect_used, clippy::print_stdout)]

mod cases;
mod fill;

use cases::{CASES, Case, Sees, What};
use fill::{LAST, MARKED, MASTER, NOW, WAIT};
use postern_core::model::WatchRole;
use postern_core::store::engine::Engine;
use postern_core::store::search::index;
use postern_core::view::history::{self, HistoryQuery};
use postern_core::view::{self, Asking, Sight, TicketQuery, Visibility};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What is known to take the longer the more tickets there are: names of cases, or parts of them. docs/search.md says why.
const GO_THROUGH_ALL: [&str; 2] = ["sort:subject --limit", "comm*"];

fn main() {
    let (mut few, mut many, mut rounds, mut part) = (1_000, 100_000, 15, String::new());
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--short" => (few, many, rounds) = (1_000, 10_000, 11),
            "--smoke" => (few, many, rounds) = (1_000, 1_200, 1),
            word => part = word.to_owned(),
        }
    }
    let parent = PathBuf::from(std::env::var_os("POSTERN_BENCH_DIR").unwrap_or_else(|| "target".into()));
    let (small, large) = (Filled::new(&parent, few), Filled::new(&parent, many));
    println!("query: {few} and {many} tickets with history, the quickest of {rounds} rounds; milliseconds");
    println!("{:<64} {:>7} {:>9} {:>9} {:>6}", "query", "found", few, many, "ratio");
    let (mut missed, mut uneven) = (Vec::new(), Vec::new());
    for case in CASES.iter().filter(|case| case.to_string().contains(&part)) {
        let mut times = [Duration::MAX; 2];
        let mut counts = [0, 0];
        // The first round warms up.
        for round in 0..=rounds {
            for (position, filled) in [&small, &large].into_iter().enumerate() {
                let (count, took) = filled.ask(case);
                counts[position] = count;
                if round > 0 {
                    times[position] = times[position].min(took);
                }
            }
        }
        if counts[0] != counts[1] || counts[0] == 0 {
            uneven.push(format!("{case} {counts:?}"));
        }
        let [a, b] = times.map(|time| time.as_secs_f64() * 1000.0);
        println!("{:<64} {:>7} {a:>9.3} {b:>9.3} {:>6.2}", case.to_string(), counts[0], b / a);
        if b > 3.0 * a {
            missed.push(case.to_string());
        }
    }
    let (known, missed): (Vec<String>, Vec<String>) =
        missed.into_iter().partition(|name| GO_THROUGH_ALL.iter().any(|known| name.contains(known)));
    println!("{} of them take 3 times as long or more: {}", missed.len(), missed.join("; "));
    println!("{} more do, because they go through all, as docs/search.md says: {}", known.len(), known.join("; "));
    assert!(uneven.is_empty(), "as many are found in both, and not none: {uneven:#?}");
}

struct Filled {
    engine: Engine,
    tickets: u64,
    _directory: Option<tempfile::TempDir>,
}

impl Filled {
    /// A database; in `$POSTERN_BENCH_KEEP` it is found again by the next run.
    fn new(parent: &Path, tickets: u64) -> Self {
        let (path, directory) = match std::env::var_os("POSTERN_BENCH_KEEP") {
            Some(kept) => (PathBuf::from(kept).join(format!("query-{tickets}.db")), None),
            None => {
                let directory = tempfile::TempDir::with_prefix_in("postern-query-", parent).expect("a directory");
                (directory.path().join("postern.db"), Some(directory))
            }
        };
        if path.exists() {
            return Filled { engine: Engine::open(&path).expect("a database"), tickets, _directory: directory };
        }
        let mut engine = Engine::create(&path).expect("a database");
        fill::fill(&mut engine, tickets);
        let begun = Instant::now();
        let entries = index::catch_up(&mut engine, WAIT, &mut |_, _| {}).expect("an index");
        println!("{tickets} tickets: {entries} entries indexed in {:.1} s", begun.elapsed().as_secs_f64());
        assert!(tickets >= MARKED);
        Filled { engine, tickets, _directory: directory }
    }

    fn ask(&self, case: &Case) -> (usize, Duration) {
        let last = self.tickets - LAST;
        let since = fill::created(last, self.tickets);
        let text = |query: &str| {
            let until = fill::created(LAST, self.tickets);
            let time = |at| view::Time(at).to_string();
            query.replace("LAST", &last.to_string()).replace("SINCE", &time(since)).replace("UNTIL", &time(until))
        };
        let begun = Instant::now();
        let found = match case.what {
            What::List(query) => self.engine.read(|tx| {
                let asking = Asking { login: Some("anna"), now: NOW, ..Asking::default() };
                let query =
                    TicketQuery { limit: case.limit, sees: sees(case.sees), ..TicketQuery::read(tx, &text(query), asking)? };
                Ok::<_, view::AskError>(view::ticket::list(tx, &query)?.len())
            }),
            What::History(with, _) => {
                let mut query = HistoryQuery { limit: case.limit, ..HistoryQuery::default() };
                with(&mut query, (since, last));
                self.engine.read(|tx| Ok(history::list(tx, &query)?.len()))
            }
            What::Master => self
                .engine
                .read::<_, view::AskError>(|tx| Ok(view::ticket::show(tx, MASTER)?.map_or(0, |ticket| ticket.parts.len()))),
        };
        (found.expect("a list"), begun.elapsed())
    }
}

const QUEUES: [i64; 5] = [1, 2, 3, 4, 5];

fn sees(who: Sees) -> Visibility {
    let queue = |queue: i64| Sight { queues: vec![queue], by_role: Vec::new() };
    let by_role = [WatchRole::Requestor, WatchRole::Cc, WatchRole::Owner].map(|role| (role, QUEUES.to_vec())).to_vec();
    let (person, tickets, comments) = match who {
        Sees::Everything => return Visibility::everything(),
        Sees::OneQueue => (Some(4), queue(5), queue(5)),
        Sees::SmallQueue => (Some(4), queue(3), queue(3)),
        // Reads comments only in one queue.
        Sees::Mixed => (Some(4), Sight { queues: QUEUES.to_vec(), by_role: Vec::new() }, queue(5)),
        Sees::Own => (Some(3), Sight { queues: Vec::new(), by_role }, Sight::default()),
    };
    Visibility { all: false, person, watched: Vec::new(), tickets, comments }
}
