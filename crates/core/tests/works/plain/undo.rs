//! What can be taken back, and by whom.

use super::super::site::{cycle, may_all};
use super::{Asked, Model, Plain};
use postern_core::model::Trust;

/// Two tickets at once: as it was, and as it is.
type Pair<'p> = (&'p Plain, &'p Plain);

impl Model {
    /// The tickets that are others than in another model.
    pub(crate) fn touched(&self, after: &Model) -> Vec<u64> {
        after.tickets.iter().filter(|(number, is)| self.tickets.get(number) != Some(is)).map(|(number, _)| *number).collect()
    }

    /// Whether what led from these tickets to others can be taken back by whoever did it. `None`: where somebody may do this and not that,
    /// it depends on the way; if it can be, all is as it was.
    pub(crate) fn can_be_taken_back(&self, after: &Model, by: &str) -> Option<bool> {
        if self.tickets.len() != after.tickets.len() {
            return Some(false);
        }
        let touched = self.touched(after);
        let pairs: Vec<Pair> = touched.iter().map(|number| (&self.tickets[number], &after.tickets[number])).collect();
        if pairs.iter().any(|(was, is)| was.answers() != is.answers()) {
            return Some(false);
        }
        let is_all = |(was, is): &Pair| may_all(by, &was.queue) && may_all(by, &is.queue);
        if !pairs.iter().all(is_all) {
            return None;
        }
        // What was changed before a ticket went into another and after it is taken back each for itself.
        if pairs.iter().any(|(was, is)| was.into != is.into && (was.queue == "lab" || is.queue == "lab")) {
            return None;
        }
        Some(pairs.iter().all(|pair| status_goes_back(*pair, by) && owner_goes_back(*pair)))
    }

    /// Whoever takes back that somebody is not asked any more asks them.
    pub(crate) fn asked_by(&mut self, after: &Model, by: &str) {
        for (number, ticket) in &mut self.tickets {
            let is_asked = |who: &String| after.tickets.get(number).is_some_and(|t| t.asked.contains_key(who));
            ticket.asked.iter_mut().filter(|(who, _)| !is_asked(who)).for_each(|(_, asked)| asked.by = by.to_owned());
        }
    }
}

/// The status goes back as any status goes: by the ways of the queue that the ticket had, after what was added is taken away and before
/// what was taken away is there again.
fn status_goes_back((was, is): Pair, by: &str) -> bool {
    if was.status == is.status {
        return true;
    }
    let life = cycle(&was.queue);
    let mut between = is.clone();
    let both = |set: &str| &was.sets[set] & &is.sets[set];
    between.sets.insert("requestors", both("requestors"));
    between.owner = is.owner.clone().filter(|_| was.owner.is_some());
    // From a status that it does not know every way leads.
    let is_way = !life.knows(&is.status) || life.leads((&is.status, &was.status), |word| between.is_one(by, word));
    // What was finished though somebody's approval is missing is finished again by an administrator alone.
    let past = life.is_done(&was.status) && !life.is_done(&is.status) && was.lacks_approval();
    is_way && (by == "otto" || !past)
}

/// Whoever owned it gets it again if they may own it there.
fn owner_goes_back((was, is): Pair) -> bool {
    let (owner, queue) = (was.owner.as_deref().unwrap_or("otto"), was.queue.as_str());
    let mut between = is.clone();
    between.queue = queue.to_owned();
    was.owner == is.owner || between.may_in(queue, owner, "own")
}

impl Plain {
    /// What people said who were asked.
    fn answers(&self) -> Vec<(String, (bool, Trust, String))> {
        let said = |asked: &'_ Asked| asked.answer.clone();
        self.asked.iter().filter_map(|(who, asked)| Some((who.clone(), said(asked)?))).collect()
    }
}
