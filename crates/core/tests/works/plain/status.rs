//! How tickets go through their lives, and from one life to another.

use super::super::Said;
use super::super::site::{QUEUES, cycle, has_field, needed};
use super::{DAY, Model, Plain};

impl Plain {
    /// Gives it a status; what does not wait has no time at which it goes on.
    pub(super) fn go(&mut self, status: &str) {
        if self.status != status {
            self.status = status.to_owned();
            self.wakes = self.wakes.filter(|_| cycle(&self.queue).waiting.contains(&status));
        }
    }

    /// Whether fields are missing without which tickets of a queue are not done.
    fn lacks_fields(&self, queue: &str) -> bool {
        needed(queue).any(|field| has_field(queue, field) && self.sets[field].is_empty())
    }

    /// Whether somebody was asked for approval who has not given it.
    pub(super) fn lacks_approval(&self) -> bool {
        self.asked.values().any(|asked| !asked.answer.as_ref().is_some_and(|(yes, ..)| *yes))
    }

    /// The status that it has in another queue: by its word, else one of the same kind, of those that whoever moves it could give.
    fn fitting(&self, by: &str, queue: &str) -> Option<&'static str> {
        let (from, to) = (cycle(&self.queue), cycle(queue));
        let status = self.status.as_str();
        let known = to.statuses().find(|known| *known == status);
        let of = if known.is_some() { to } else { from };
        let choices: Vec<&str> = if of.initial.contains(&status) {
            vec![known.unwrap_or(to.initial[0])]
        } else if of.is_over(status) {
            let last = to.last.first().copied().filter(|_| from.last.contains(&status));
            known.into_iter().chain(last).chain([to.inactive[0]]).collect()
        } else {
            known.into_iter().chain([to.active[0], to.initial[0]]).collect()
        };
        // Who comes from the same life cycle, or to one that is open to all, is asked nothing.
        let is_free = std::ptr::eq(from, to) || to.ways.iter().all(|way| way.2.is_empty());
        let mut reached = vec![to.initial[0]];
        for _ in to.statuses() {
            let more = to.statuses().filter(|next| reached.iter().any(|at| to.leads((at, next), |word| self.is_one(by, word))));
            reached = more.collect();
        }
        choices.into_iter().find(|status| is_free || reached.contains(status))
    }
}

impl Model {
    /// A status by name, or by a verb.
    pub(super) fn turns(&mut self, by: &str, number: u64, said: &Said, now: i64) -> Option<()> {
        self.need(by, "modify", number)?;
        let ticket = &self.tickets[&number];
        let (was, life) = (ticket.status.clone(), cycle(&ticket.queue));
        let (word, anyway) = said.value.strip_suffix("anyway").map_or((said.value.as_str(), false), |word| (word.trim(), true));
        let named = |word: &str| life.statuses().find(|status| status.eq_ignore_ascii_case(&word.replace(['-', '_'], " ")));
        let until = if said.command == "wait" { Some(until(word, now)?) } else { None };
        let to = match said.command {
            "status" => named(word)?,
            "open" => named("open").unwrap_or(life.active[0]),
            "stall" | "wait" => *life.waiting.first()?,
            "resolve" => life.inactive[0],
            "close" => named("closed")?,
            _ => named("rejected")?,
        };
        life.leads((&was, to), |word| ticket.is_one(by, word)).then_some(())?;
        if life.is_done(to) && !life.is_done(&was) {
            let is_open = |other: &u64| !cycle(&self.tickets[other].queue).is_over(&self.tickets[other].status);
            let held_up = self.others(number, "depends-on").iter().any(is_open) || ticket.lacks_fields(&ticket.queue);
            let lacks = ticket.lacks_approval() && !(anyway && by == "otto");
            (!lacks && (anyway || !held_up)).then_some(())?;
        }
        let ticket = self.at(number);
        ticket.go(to);
        ticket.wakes = until.or(ticket.wakes);
        Some(())
    }

    /// Into another queue.
    pub(super) fn moves(&mut self, by: &str, number: u64, word: &str, anyway: bool) -> Option<()> {
        self.need(by, "move", number)?;
        let queue = QUEUES.iter().find(|queue| queue.eq_ignore_ascii_case(word))?;
        let ticket = &self.tickets[&number];
        if ticket.queue == *queue {
            return Some(());
        }
        let opens = self.opens.contains(&number);
        let may = |right| ticket.may_in(queue, by, right);
        may(if opens { "create" } else { "move" }).then_some(())?;
        // Nobody reads notes by moving the ticket to where they may.
        (opens || self.may(by, "see-comments", number) || !may("see-comments")).then_some(())?;
        let status = ticket.fitting(by, queue)?;
        let lacks = cycle(queue).is_done(status) && ticket.lacks_fields(queue);
        (!lacks || (anyway && self.need(by, "modify", number).is_some())).then_some(())?;
        let ticket = self.at(number);
        ticket.queue = (*queue).to_owned();
        ticket.status = status.to_owned();
        ticket.wakes = ticket.wakes.filter(|_| cycle(queue).waiting.contains(&status));
        // Who has it does not watch it besides.
        ticket.sets.get_mut("watched_by")?.remove(*queue);
        Some(())
    }
}

pub(super) fn until(value: &str, now: i64) -> Option<i64> {
    (value == "+3d").then(|| now - now.rem_euclid(1_000_000) + 3 * DAY)
}
