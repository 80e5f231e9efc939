//! A plain model of tickets: maps and sets, and what is done to them. Nothing of the program's code.

mod links;
mod merge;
mod orders;
mod people;
mod rights;
mod status;
mod undo;

use super::site::cycle;
use super::{Does, Said, Step};
use postern_core::model::{Operator, Trust};
use std::collections::{BTreeMap, BTreeSet};

const DAY: i64 = 86_400_000_000;
/// Commands that link, with the words of the link from either side.
const LINKS: [(&str, &str, &str); 6] = [
    ("depends", "depends-on", "depended-on-by"),
    ("blocks", "depended-on-by", "depends-on"),
    ("parent", "member-of", "has-member"),
    ("child", "has-member", "member-of"),
    ("refers", "refers-to", "referred-to-by"),
    ("referredto", "referred-to-by", "refers-to"),
];
const ROLES: [&str; 3] = ["requestors", "cc", "admincc"];
/// What is a set of words, by the field of the history.
const SETS: [&str; 11] = [
    "requestors",
    "cc",
    "admincc",
    "squelch",
    "tags",
    "link",
    "watched_by",
    "field.Customer",
    "field.Rooms",
    "field.Cause",
    "field.Floors",
];

/// What a ticket is, as words by field.
pub(crate) type Words = BTreeMap<String, BTreeSet<String>>;

/// Whose approval is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    by: String,
    /// Yes or no, how sure we were that it was they, and what they said to it.
    answer: Option<(bool, Trust, String)>,
}

/// A ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plain {
    queue: String,
    subject: String,
    status: String,
    owner: Option<String>,
    priority: i64,
    due: Option<String>,
    starts: Option<String>,
    wakes: Option<i64>,
    time: i64,
    /// Whose minutes they are.
    time_by: BTreeMap<String, i64>,
    final_priority: Option<i64>,
    estimated: Option<i64>,
    left: Option<i64>,
    sets: BTreeMap<&'static str, BTreeSet<String>>,
    asked: BTreeMap<String, Asked>,
    /// The ticket into which it went, the links that it gave away then, and what the other got of it.
    into: Option<u64>,
    gave: BTreeSet<String>,
    got: BTreeSet<(&'static str, String)>,
}

/// All tickets, and who wrote the entries that can be split off, by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Model {
    tickets: BTreeMap<u64, Plain>,
    written: BTreeMap<u64, (u64, String)>,
    /// Those that are opened by what is being done: whoever opens a ticket says what it begins with.
    opens: BTreeSet<u64>,
}

/// Who acts, and how sure we are of it.
type By<'b> = (&'b str, Trust);

fn time(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).unwrap().to_string()
}

impl Model {
    /// As people's mails opened them.
    pub(crate) fn opened(mails: &[(&str, &str, &str)]) -> Model {
        let mut model = Model::default();
        for (number, (who, cc, watching)) in (1..).zip(mails) {
            let mut ticket = Plain { subject: format!("Ticket {number}"), ..Plain::new("support") };
            ticket.put("requestors", who);
            ticket.put("cc", cc);
            ticket.sets.get_mut("watched_by").unwrap().extend((!watching.is_empty()).then(|| (*watching).to_owned()));
            model.tickets.insert(number, ticket);
            model.written.insert(number, (number, (*who).to_owned()));
        }
        model
    }

    /// What each ticket is, as words.
    pub(crate) fn words(&self) -> BTreeMap<u64, Words> {
        let merged = |into: u64| self.tickets.iter().filter(move |(_, t)| t.into == Some(into)).map(|(n, _)| format!("#{n}"));
        self.tickets.iter().map(|(number, ticket)| (*number, ticket.words(merged(*number).collect()))).collect()
    }

    /// The ticket that a number leads to.
    pub(crate) fn home(&self, number: u64) -> Option<u64> {
        match self.tickets.get(&number)?.into {
            Some(into) => self.home(into),
            None => Some(number),
        }
    }

    /// The first ticket that went into one that stands for itself, and that.
    pub(crate) fn first_that_went(&self) -> Option<(u64, u64)> {
        self.tickets.iter().find_map(|(number, t)| Some((*number, t.into.filter(|into| self.tickets[into].into.is_none())?)))
    }

    /// Whose the time worked on a ticket is.
    pub(crate) fn time_by(&self, number: u64) -> &BTreeMap<String, i64> {
        &self.tickets[&number].time_by
    }

    fn at(&mut self, number: u64) -> &mut Plain {
        self.tickets.get_mut(&number).unwrap()
    }

    /// What the clock makes of them.
    pub(crate) fn woken(&mut self, now: i64) {
        for ticket in self.tickets.values_mut().filter(|t| t.into.is_none() && t.wakes.is_some_and(|at| at <= now)) {
            ticket.wakes = None;
            if cycle(&ticket.queue).waiting.contains(&ticket.status.as_str()) {
                ticket.status = "open".to_owned();
            }
        }
    }

    /// What a step makes of them; `None`: it is refused.
    pub(crate) fn after(&self, step: &Step, now: i64) -> Option<Model> {
        let mut after = self.clone();
        match &step.does {
            Does::Act { ticket, says, orders } => {
                let by_hand = after.obey_all((step.by, step.trust), *ticket, orders, now)?;
                let home = after.home(*ticket)?;
                if let Some(internal) = says {
                    after.need(step.by, if *internal { "comment" } else { "reply" }, home)?;
                }
                after.answered(*ticket, *says == Some(false) && !by_hand);
            }
            Does::Script { lines } => {
                for (ticket, said) in lines {
                    // What somebody may not see is not there for them.
                    let home = after.home(*ticket)?;
                    after.may(step.by, "see", home).then_some(())?;
                    after.obey((step.by, Trust::Authenticated), *ticket, said, now)?;
                }
            }
            Does::Answer { ticket, orders } => {
                // Where a command fails, what was written counts all the same.
                let done = after.obey_all((step.by, Trust::Authenticated), *ticket, orders, now);
                after = if done.is_some() { after } else { self.clone() };
                after.answered(*ticket, done != Some(true));
            }
        }
        after.opens.clear();
        Some(after)
    }

    fn answered(&mut self, ticket: u64, begins: bool) {
        let home = self.home(ticket).unwrap();
        let ticket = self.at(home);
        if begins && cycle(&ticket.queue).initial.contains(&ticket.status.as_str()) {
            ticket.go(cycle(&ticket.queue).answered);
        }
    }

    /// Says whether any of the orders is about the status.
    fn obey_all(&mut self, by: By, ticket: u64, orders: &[Said], now: i64) -> Option<bool> {
        self.home(ticket)?;
        let mut by_hand = false;
        for said in orders {
            by_hand |= ["status", "open", "stall", "resolve", "close", "reject", "wait"].contains(&said.command);
            self.obey(by, ticket, said, now)?;
        }
        Some(by_hand)
    }

    fn obey(&mut self, by: By, ticket: u64, said: &Said, now: i64) -> Option<()> {
        let number = self.home(ticket)?;
        if let Some((_, to, _)) = LINKS.iter().find(|(command, ..)| *command == said.command) {
            return self.link(by.0, number, to, said);
        }
        let (value, anyway) = said.value.strip_suffix("anyway").map_or((said.value.as_str(), false), |value| (value, true));
        let may_anyway = anyway && by.0 == "otto";
        let named = || value.trim().trim_start_matches('#').parse::<u64>().ok();
        let seen = |model: &Model| model.home(named()?).filter(|home| model.sees(by.0, *home));
        match said.command {
            "merge" => self.merge(by.0, (number, seen(self)?), may_anyway),
            "merged" if said.operator == Operator::Add => {
                self.need(by.0, "link", number)?;
                self.merge(by.0, (seen(self)?, number), may_anyway)
            }
            "unmerge" | "merged" => self.unmerge(by.0, number, named()?),
            "split" => self.split(by.0, number, &said.value),
            "clone" => self.copy(by.0, number),
            "queue" => self.moves(by.0, number, value.trim(), anyway),
            "status" | "open" | "stall" | "resolve" | "close" | "reject" | "wait" => self.turns(by.0, number, said, now),
            "owner" | "take" | "steal" | "untake" => self.give(by.0, number, said),
            "requestors" | "cc" | "admincc" | "squelch" => self.watch(by.0, number, said),
            "mute" | "subscribe" => self.hear(by.0, number, said.command),
            "accept" | "decline" => self.at(number).answer(by, said),
            "ask" | "unask" | "approvers" => {
                self.need(by.0, "modify", number)?;
                self.at(number).ask(by.0, said)
            }
            _ => {
                self.need(by.0, "modify", number)?;
                self.at(number).obey(by.0, said, now)
            }
        }
    }
}

impl Plain {
    fn new(queue: &str) -> Plain {
        Plain {
            queue: queue.into(),
            status: cycle(queue).initial[0].into(),
            sets: SETS.iter().map(|set| (*set, BTreeSet::new())).collect(),
            ..Plain::default()
        }
    }

    fn has(&self, set: &str, word: &str) -> bool {
        self.sets[set].contains(word)
    }

    fn put(&mut self, set: &str, word: &str) {
        self.sets.get_mut(set).unwrap().insert(word.to_owned());
    }

    fn words(&self, merged: BTreeSet<String>) -> Words {
        let one = |word: Option<String>| word.into_iter().collect::<BTreeSet<String>>();
        let number = |number: Option<i64>| one(number.map(|n| n.to_string()));
        let said = |(who, asked): (&String, &Asked)| {
            let (yes, trust, remark) = asked.answer.as_ref()?;
            let word = if *yes { "yes" } else { "no" };
            let trust = match trust {
                Trust::Token => "token",
                Trust::Signed => "signed",
                _ => "authenticated",
            };
            Some(format!("{who}: {word} ({trust}) {remark}").trim_end().to_owned())
        };
        let values = [
            ("queue", one(Some(self.queue.clone()))),
            ("subject", one(Some(self.subject.clone()))),
            ("status", one(Some(self.status.clone()))),
            ("owner", one(self.owner.clone())),
            ("priority", number(Some(self.priority))),
            ("due", one(self.due.clone())),
            ("starts", one(self.starts.clone())),
            ("wakes", one(self.wakes.map(time))),
            ("time_worked", number(Some(self.time))),
            ("final_priority", number(self.final_priority)),
            ("time_estimated", number(self.estimated)),
            ("time_left", number(self.left)),
            ("approvers", self.asked.keys().cloned().collect()),
            ("approval", self.asked.iter().filter_map(said).collect()),
            ("merged", merged),
            ("merged_into", one(self.into.map(|into| format!("#{into}")))),
        ];
        let sets = self.sets.iter().map(|(set, words)| (*set, words.clone()));
        values.into_iter().chain(sets).filter(|(_, w)| !w.is_empty()).map(|(field, w)| (field.to_owned(), w)).collect()
    }
}
