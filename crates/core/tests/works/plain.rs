//! A plain model of tickets: maps and sets, and what is done to them. Nothing of the program's code.

use super::{Does, Said, Step};
use postern_core::model::{Operator, Trust};
use std::collections::{BTreeMap, BTreeSet};

const STATUSES: [&str; 6] = ["new", "open", "stalled", "resolved", "closed", "rejected"];
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
const SETS: [&str; 9] = ["requestors", "cc", "admincc", "squelch", "tags", "link", "watched_by", "field.Customer", "field.Rooms"];

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
}

/// Who acts, and how sure we are of it.
type By<'b> = (&'b str, Trust);

fn is_done(status: &str) -> bool {
    ["resolved", "closed"].contains(&status)
}

fn is_over(status: &str) -> bool {
    is_done(status) || status == "rejected"
}

fn time(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).unwrap().to_string()
}

fn parts(link: &str) -> (&str, Option<u64>) {
    let (word, target) = link.split_once(' ').unwrap();
    (word, target.strip_prefix('#').map(|number| number.parse().unwrap()))
}

fn back(word: &str) -> &'static str {
    LINKS.iter().find(|(_, to, _)| *to == word).unwrap().2
}

impl Model {
    /// As people's mails opened them.
    pub(crate) fn opened(mails: &[(&str, &str, &str)]) -> Model {
        let mut model = Model::default();
        for (number, (who, cc, watching)) in (1..).zip(mails) {
            let mut ticket = Plain { queue: "support".into(), subject: format!("Ticket {number}"), ..Plain::new() };
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
            if ticket.status == "stalled" {
                ticket.status = "open".to_owned();
            }
        }
    }

    /// What a step makes of them; `None`: it is refused.
    pub(crate) fn after(&self, step: &Step, now: i64) -> Option<Model> {
        let mut after = self.clone();
        match &step.does {
            Does::Act { ticket, says, orders } => {
                after.home(*ticket)?;
                if step.by == "gus" {
                    let done =
                        orders.iter().all(|said| self.means_nothing(*ticket, said) || after.watches(*ticket, said).is_some());
                    return (says.is_none() && done).then_some(after);
                }
                let by_hand = after.obey_all((step.by, step.trust), *ticket, orders, now)?;
                after.answered(*ticket, *says == Some(false) && !by_hand);
            }
            Does::Script { lines } => {
                for (ticket, said) in lines {
                    after.home(*ticket)?;
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
        Some(after)
    }

    /// Whether an order changes nothing, so that anybody may give it.
    fn means_nothing(&self, ticket: u64, said: &Said) -> bool {
        let owner = self.tickets[&self.home(ticket).unwrap()].owner.as_deref();
        match (said.command, said.value.as_str()) {
            ("owner", "nobody") | ("untake", _) => owner.is_none(),
            ("owner", who @ ("anna" | "ben")) => owner == Some(who),
            _ => false,
        }
    }

    /// What a guest who may see a ticket does to it: they watch it, or do not. `None`: they may not.
    fn watches(&mut self, ticket: u64, said: &Said) -> Option<()> {
        const ME: &str = "gus@example.org";
        let mut after = self.at(self.home(ticket)?).clone();
        let before = after.clone();
        match said.command {
            "mute" => after.put("squelch", ME),
            "subscribe" => {
                after.sets.get_mut("squelch")?.remove(ME);
                if !ROLES.iter().any(|role| after.has(role, ME)) {
                    after.put("cc", ME);
                }
            }
            field @ ("cc" | "squelch") => {
                after.list(SETS.iter().find(|set| **set == field)?, said)?;
                after.sets[field].symmetric_difference(&before.sets[field]).all(|who| who == ME).then_some(())?;
            }
            _ => return None,
        }
        *self.at(self.home(ticket)?) = after;
        Some(())
    }

    fn answered(&mut self, ticket: u64, opens: bool) {
        let home = self.home(ticket).unwrap();
        if opens && self.tickets[&home].status == "new" {
            self.at(home).status = "open".to_owned();
        }
    }

    /// Says whether any of the orders is about the status.
    fn obey_all(&mut self, by: By, ticket: u64, orders: &[Said], now: i64) -> Option<bool> {
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
            return self.link(number, to, said);
        }
        let (value, anyway) = said.value.strip_suffix("anyway").map_or((said.value.as_str(), false), |value| (value, true));
        let may_anyway = anyway && by.0 == "otto";
        let named = || value.trim().trim_start_matches('#').parse::<u64>().ok();
        match said.command {
            "merge" => return self.merge(by.0, (number, self.home(named()?)?), may_anyway),
            "merged" if said.operator == Operator::Add => return self.merge(by.0, (self.home(named()?)?, number), may_anyway),
            "unmerge" | "merged" => return self.unmerge(by.0, number, named()?),
            "split" => return self.split(number, &said.value),
            "clone" => return self.copy(number),
            _ => {}
        }
        let waits_for = self.others(number, "depends-on");
        let held_up = waits_for.into_iter().any(|other| !is_over(&self.tickets[&other].status));
        let ticket = self.at(number);
        let was = ticket.status.clone();
        ticket.obey(by, said, now)?;
        let held = (held_up && !anyway) || (ticket.lacks_approval() && !may_anyway);
        let finished = ["status", "resolve", "close"].contains(&said.command) && is_done(&ticket.status) && !is_done(&was);
        (!finished || !held).then_some(())
    }

    /// The tickets at the other end of links with this word.
    fn others(&self, number: u64, word: &str) -> Vec<u64> {
        self.tickets[&number].sets["link"]
            .iter()
            .map(|link| parts(link))
            .filter(|(w, _)| *w == word)
            .filter_map(|(_, n)| n)
            .collect()
    }

    /// Makes a link or takes it away, at both ends.
    fn set_link(&mut self, number: u64, link: &str, on: bool) {
        let (word, other) = parts(link);
        let far = other.map(|other| (other, format!("{} #{number}", back(word))));
        for (at, word) in std::iter::once((number, link.to_owned())).chain(far) {
            let links = self.at(at).sets.get_mut("link").unwrap();
            let _ = if on { links.insert(word) } else { links.remove(&word) };
        }
    }

    /// What is free by what was done since `before`, and by what: nothing that it waited for is left, or no part of it is open.
    pub(crate) fn freed(&self, before: &Model) -> BTreeMap<u64, BTreeSet<String>> {
        let stands = |model: &Model, number: u64| model.tickets.get(&number).is_some_and(|t| t.into.is_none());
        let over = |model: &Model, number: u64| is_over(&model.tickets[&number].status);
        let mut freed: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
        for number in self.tickets.keys().copied().filter(|n| stands(self, *n) && stands(before, *n) && !over(self, *n)) {
            for (word, said) in [("depends-on", "freed"), ("has-member", "parts_done")] {
                let now = self.others(number, word);
                if now.iter().any(|other| !over(self, *other)) {
                    continue;
                }
                let were_open = before.others(number, word).into_iter().filter(|other| !over(before, *other));
                let by = were_open.filter_map(|other| self.home(other)).filter(|home| now.contains(home));
                let said: Vec<String> = by.map(|home| format!("{said} #{home}")).collect();
                if !said.is_empty() {
                    freed.entry(number).or_default().extend(said);
                }
            }
        }
        freed
    }

    fn link(&mut self, number: u64, to: &str, said: &Said) -> Option<()> {
        let mut named = BTreeSet::new();
        for word in said.value.split(", ") {
            match word.contains(':') {
                true if to != "refers-to" => return None,
                true => named.insert(format!("{to} {word}")),
                false => named.insert(format!("{to} #{}", self.home(word.trim_start_matches('#').parse().ok()?)?)),
            };
        }
        let before: BTreeSet<String> =
            self.tickets[&number].sets["link"].iter().filter(|link| parts(link).0 == to).cloned().collect();
        let wanted: BTreeSet<String> = match said.operator {
            Operator::Set => named.clone(),
            Operator::Add => &before | &named,
            Operator::Remove => &before - &named,
        };
        // One that is there, or is not, already is not looked at.
        if wanted.contains(&format!("{to} #{number}")) {
            return None;
        }
        (&before - &wanted).iter().for_each(|link| self.set_link(number, link, false));
        (&wanted - &before).iter().for_each(|link| self.set_link(number, link, true));
        (!self.goes_round()).then_some(())
    }

    /// Whether anything waits for itself, or is a part of itself, over however many.
    fn goes_round(&self) -> bool {
        ["depends-on", "member-of"].iter().any(|word| {
            self.tickets.keys().any(|start| {
                let (mut seen, mut next) = (BTreeSet::new(), self.others(*start, word));
                while let Some(number) = next.pop() {
                    if seen.insert(number) {
                        next.extend(self.others(number, word));
                    }
                }
                seen.contains(start)
            })
        })
    }

    fn merge(&mut self, by: &str, (number, into): (u64, u64), may_anyway: bool) -> Option<()> {
        if number == into || (self.tickets[&number].lacks_approval() && !may_anyway) {
            return None;
        }
        let gift = self.tickets[&number].clone();
        let (mut got, mut receiver) = (BTreeSet::new(), self.tickets[&into].clone());
        let here = receiver.clone();
        for (role, who) in ROLES.iter().flat_map(|role| gift.sets[role].iter().map(move |who| (*role, who))) {
            // Who asked is not in copy besides.
            if here.has(role, who) || (role == "cc" && (here.has("requestors", who) || gift.has("requestors", who))) {
                continue;
            }
            got.insert((role, who.clone()));
            let was_here = ROLES.iter().any(|role| here.has(role, who));
            if !was_here && gift.has("squelch", who) && !here.has("squelch", who) {
                got.insert(("squelch", who.clone()));
            }
        }
        for set in ["tags", "field.Customer", "field.Rooms", "watched_by"] {
            for word in gift.sets[set].difference(&here.sets[set]) {
                let fits = match set {
                    "field.Customer" => here.sets[set].is_empty(),
                    "watched_by" => *word != here.queue,
                    _ => true,
                };
                got.extend(fits.then(|| (set, word.clone())));
            }
        }
        receiver.work(by, receiver.time + gift.time, &gift.time_by);
        got.iter().for_each(|(set, word)| receiver.put(set, word));
        self.tickets.insert(into, receiver);
        for link in &gift.sets["link"] {
            self.set_link(number, link, false);
            if parts(link).1 != Some(into) && !here.has("link", link) {
                self.set_link(into, link, true);
                got.insert(("link", link.clone()));
            }
        }
        *self.at(number) = Plain { into: Some(into), gave: gift.sets["link"].clone(), got, ..self.tickets[&number].clone() };
        (!self.goes_round()).then_some(())
    }

    fn unmerge(&mut self, by: &str, number: u64, gone: u64) -> Option<()> {
        let lent = self.tickets.get(&gone)?.clone();
        if lent.into != Some(number) {
            return None;
        }
        for (set, word) in &lent.got {
            match *set {
                "link" if self.tickets[&number].has("link", word) => self.set_link(number, word, false),
                "link" => {}
                "watched_by" => drop(self.at(number).sets.get_mut(set)?.remove(word)),
                _ if lent.has(set, word) => drop(self.at(number).sets.get_mut(set)?.remove(word)),
                _ => {}
            }
        }
        let left = self.at(number);
        let taken = lent.time_by.iter().map(|(who, minutes)| (who.clone(), -minutes)).collect();
        left.work(by, (left.time - lent.time).max(0), &taken);
        *self.at(gone) = Plain { into: None, gave: BTreeSet::new(), got: BTreeSet::new(), ..lent };
        for link in lent.gave {
            let (word, other) = parts(&link);
            let link = match other.map(|other| self.home(other)) {
                Some(Some(other)) if other == gone => continue,
                Some(other) => format!("{word} #{}", other?),
                None => link,
            };
            let before = self.clone();
            self.set_link(gone, &link, true);
            if self.goes_round() {
                *self = before;
            }
        }
        Some(())
    }

    fn split(&mut self, number: u64, value: &str) -> Option<()> {
        let (entry, subject) = value.split_once(' ').unwrap_or((value, ""));
        let (of, who) = self.written.get(&entry.parse().ok()?)?.clone();
        (self.home(of)? == number).then_some(())?;
        let older = &self.tickets[&number];
        let subject = if subject.is_empty() { older.subject.clone() } else { subject.to_owned() };
        let mut new = Plain { queue: older.queue.clone(), subject, ..Plain::new() };
        new.put("requestors", &who);
        self.add(number, new);
        Some(())
    }

    fn copy(&mut self, number: u64) -> Option<()> {
        let Plain { queue, subject, priority, sets, .. } = self.tickets[&number].clone();
        let mut new = Plain { queue, subject, priority, ..Plain::new() };
        ["requestors", "cc"].iter().for_each(|role| sets[role].iter().for_each(|who| new.put(role, who)));
        self.add(number, new);
        Some(())
    }

    fn add(&mut self, older: u64, new: Plain) {
        let number = self.tickets.len() as u64 + 1;
        self.tickets.insert(number, new);
        self.set_link(number, &format!("refers-to #{older}"), true);
    }

    /// Whether what led from these tickets to others can be taken back by somebody.
    pub(crate) fn can_be_taken_back(&self, after: &Model, by: &str) -> bool {
        let opened = self.tickets.len() != after.tickets.len();
        let said = |ticket: &Plain| {
            ticket.asked.iter().filter_map(|(who, asked)| Some((who.clone(), asked.answer.clone()?))).collect::<Vec<_>>()
        };
        let pairs = || self.tickets.iter().map(|(number, ticket)| (ticket, &after.tickets[number]));
        // What was finished though somebody's approval is missing is finished again by an administrator alone.
        let past = |(was, is): (&Plain, &Plain)| is_done(&was.status) && !is_done(&is.status) && was.lacks_approval();
        !opened && !pairs().any(|(was, is)| said(was) != said(is)) && (by == "otto" || !pairs().any(past))
    }

    /// Whoever takes back that somebody is not asked any more asks them.
    pub(crate) fn asked_by(&mut self, after: &Model, by: &str) {
        for (number, ticket) in &mut self.tickets {
            let is_asked = |who: &String| after.tickets.get(number).is_some_and(|t| t.asked.contains_key(who));
            ticket.asked.iter_mut().filter(|(who, _)| !is_asked(who)).for_each(|(_, asked)| asked.by = by.to_owned());
        }
    }
}

impl Plain {
    fn new() -> Plain {
        Plain { status: "new".into(), sets: SETS.iter().map(|set| (*set, BTreeSet::new())).collect(), ..Plain::default() }
    }

    /// Whether somebody was asked for approval who has not given it.
    fn lacks_approval(&self) -> bool {
        self.asked.values().any(|asked| !asked.answer.as_ref().is_some_and(|(yes, ..)| *yes))
    }

    /// Sets the time worked. What is more or less than before counts for somebody, of which so much is others'.
    fn work(&mut self, by: &str, time: i64, others: &BTreeMap<String, i64>) {
        let others = || others.iter().filter(|(who, _)| *who != by);
        let own = time - self.time - others().map(|(_, minutes)| minutes).sum::<i64>();
        for (who, minutes) in others().map(|(who, minutes)| (who.as_str(), *minutes)).chain([(by, own)]) {
            *self.time_by.entry(who.to_owned()).or_default() += minutes;
        }
        self.time_by.retain(|_, minutes| *minutes != 0);
        self.time = time;
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

    fn obey(&mut self, (by, trust): By, said: &Said, now: i64) -> Option<()> {
        let value = said.value.as_str();
        match said.command {
            "status" => self.go(STATUSES.iter().find(|status| **status == value.to_lowercase())?),
            "open" => self.go("open"),
            "stall" => self.go("stalled"),
            "resolve" => self.go("resolved"),
            "close" => self.go("closed"),
            "reject" => self.go("rejected"),
            "wait" => {
                let until = until(value, now)?;
                self.go("stalled");
                self.wakes = Some(until);
            }
            "wakes" if value == "none" => self.wakes = None,
            "wakes" => self.wakes = Some(until(value, now).filter(|_| self.status == "stalled")?),
            "owner" | "take" | "steal" | "untake" => self.give(by, said)?,
            "ask" | "unask" | "approvers" | "accept" | "decline" => self.approve((by, trust), said)?,
            "mute" => self.put("squelch", &format!("{by}@example.org")),
            "subscribe" => {
                let me = format!("{by}@example.org");
                self.sets.get_mut("squelch")?.remove(&me);
                if !ROLES.iter().any(|role| self.has(role, &me)) && self.owner.as_deref() != Some(by) {
                    self.put("admincc", &me);
                }
            }
            // When something happened is no part of what is compared.
            "started" | "told" if value == "2099-01-01" => return None,
            "started" | "told" => {}
            "resolved" => (is_over(&self.status) && ["2026-01-01", "now"].contains(&value)).then_some(())?,
            "final_priority" if value == "none" => self.final_priority = None,
            "final_priority" => self.final_priority = Some(value.parse().ok().filter(|n| (0..=100).contains(n))?),
            "priority" if value == "high" => self.priority = 80,
            "priority" => self.priority = value.parse().ok().filter(|n| (0..=100).contains(n))?,
            "subject" if value.trim().is_empty() => return None,
            "subject" => self.subject = value.split_whitespace().collect::<Vec<_>>().join(" "),
            "queue" => {
                self.queue = ["support", "noc"].iter().find(|queue| queue.eq_ignore_ascii_case(value))?.to_string();
                // Who has it does not watch it besides.
                self.sets.get_mut("watched_by")?.remove(&self.queue);
            }
            "due" => self.due = day(value, "23:59:59")?,
            "starts" => self.starts = day(value, "00:00:00")?,
            "time_worked" => {
                let minutes: i64 = value.parse().unwrap();
                let after = match said.operator {
                    Operator::Set => minutes,
                    Operator::Add => self.time + minutes,
                    Operator::Remove => self.time - minutes,
                };
                self.work(by, Some(after).filter(|after| *after >= 0)?, &BTreeMap::new());
            }
            "estimate" => self.estimated = ["4h", "none"].contains(&value).then_some((value == "4h").then_some(240))?,
            "time_left" => self.left = (!value.is_empty()).then_some(90),
            "CF.{customer}" if said.operator == Operator::Add => return None,
            "CF.{customer}" => self.list("field.Customer", said)?,
            "field.rooms" => self.list("field.Rooms", said)?,
            list => self.list(SETS.iter().find(|set| **set == list)?, said)?,
        }
        Some(())
    }

    fn go(&mut self, status: &str) {
        if status != "stalled" {
            self.wakes = self.wakes.filter(|_| self.status == status);
        }
        self.status = status.to_owned();
    }

    fn give(&mut self, by: &str, said: &Said) -> Option<()> {
        let owner = match (said.command, said.value.as_str()) {
            ("take", _) if self.owner.as_deref().is_some_and(|owner| owner != by) => return None,
            ("untake", _) | ("owner", "nobody") => None,
            ("take" | "steal", _) | ("owner", "me") => Some(by),
            ("owner", who @ ("anna" | "ben")) => Some(who),
            _ => return None,
        };
        if self.owner.as_deref() == owner {
            return Some(());
        }
        self.owner = owner.map(str::to_owned);
        if let Some(owner) = owner {
            // Whoever works on it hears of it.
            self.sets.get_mut("squelch")?.remove(&format!("{owner}@example.org"));
        }
        Some(())
    }

    fn approve(&mut self, (by, trust): By, said: &Said) -> Option<()> {
        if ["accept", "decline"].contains(&said.command) {
            let (yes, remark, asked) = (said.command == "accept", said.value.clone(), self.asked.get_mut(by)?);
            // A From line alone approves nothing; who says the same again has said it already.
            (trust >= Trust::Token).then_some(())?;
            if asked.answer.as_ref().is_none_or(|(before, _, words)| (*before, words) != (yes, &remark)) {
                asked.answer = Some((yes, trust, remark));
            }
            return Some(());
        }
        let people: BTreeSet<&str> = said.value.split(", ").filter(|word| !word.is_empty()).collect();
        let sets = said.command == "approvers" && said.operator == Operator::Set;
        let takes = said.command == "unask" || (said.command == "approvers" && said.operator == Operator::Remove);
        if people.iter().any(|who| !["anna", "ben", "otto"].contains(who)) || (people.is_empty() && !sets) {
            return None;
        }
        let off: Vec<String> = self.asked.keys().filter(|who| people.contains(who.as_str()) == takes).cloned().collect();
        let off = if sets || takes { off } else { Vec::new() };
        if (takes && off.len() < people.len()) || (by != "otto" && off.iter().any(|who| self.asked[who].by != by)) {
            return None;
        }
        off.iter().for_each(|who| drop(self.asked.remove(who)));
        for who in people.into_iter().filter(|_| !takes) {
            // Who asked first stays, and what was said counts no more.
            let asked = self.asked.entry(who.to_owned()).or_insert(Asked { by: by.to_owned(), answer: None });
            if !sets {
                asked.answer = None;
            }
        }
        Some(())
    }

    fn list(&mut self, field: &'static str, said: &Said) -> Option<()> {
        let named: BTreeSet<String> = said.value.split(", ").filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if named.is_empty() && said.operator != Operator::Set && field != "squelch" {
            return None;
        }
        let set = self.sets.get_mut(field).unwrap();
        match said.operator {
            Operator::Set => *set = named,
            Operator::Add => set.extend(named),
            Operator::Remove => set.retain(|word| !named.contains(word)),
        }
        Some(())
    }
}

fn until(value: &str, now: i64) -> Option<i64> {
    (value == "+3d").then(|| now - now.rem_euclid(1_000_000) + 3 * DAY)
}

fn day(value: &str, clock: &str) -> Option<Option<String>> {
    match value {
        "none" => Some(None),
        "2026-12-01" => Some(Some(format!("2026-12-01T{clock}Z"))),
        _ => None,
    }
}
