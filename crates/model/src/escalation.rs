//! How urgent a ticket is by now: its priority rises, or falls, in a straight line to another that it is to have when it is due.
//! A pure function of time: nothing runs for it, so it does not matter how often anybody asks (A156).

use crate::types::Ticket;

const SECOND: i64 = 1_000_000;

/// What the priority of a ticket goes by. Times in microseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escalation {
    /// The priority that was set.
    pub priority: i64,
    /// The priority when it is due; absent: it stays.
    pub last: Option<i64>,
    /// When it begins to change.
    pub from: i64,
    /// When it is due; absent: it stays.
    pub due: Option<i64>,
}

impl Escalation {
    /// That of a ticket: from when it is meant to start, else from when it was opened.
    pub fn of(ticket: &Ticket) -> Escalation {
        Escalation {
            priority: ticket.priority,
            last: ticket.final_priority,
            from: ticket.starts.unwrap_or(ticket.created),
            due: ticket.due,
        }
    }

    /// The priority at a time. In whole seconds and whole numbers, rounded towards the priority that was set, as queries do.
    pub fn at(&self, now: i64) -> i64 {
        let (Some(last), Some(due)) = (self.last, self.due) else { return self.priority };
        if now >= due {
            return last;
        }
        let passed = now.saturating_sub(self.from) / SECOND;
        let whole = due.saturating_sub(self.from) / SECOND;
        if passed <= 0 || whole <= 0 {
            return self.priority;
        }
        let rise = last.saturating_sub(self.priority).saturating_mul(passed) / whole;
        self.priority.saturating_add(rise)
    }
}

impl Ticket {
    /// How urgent it is at a time. What is done gets no more urgent.
    pub fn priority_at(&self, now: i64) -> i64 {
        Escalation::of(self).at(self.resolved.map_or(now, |resolved| resolved.min(now)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: i64 = 3600 * SECOND;

    #[test]
    fn a156_the_priority_goes_straight_to_the_final_one() {
        let rising = Escalation { priority: 20, last: Some(80), from: HOUR, due: Some(11 * HOUR) };
        for (now, priority) in [
            (0, 20),
            (HOUR, 20),
            (HOUR + HOUR / 20, 20),
            (HOUR + HOUR / 6, 21),
            (6 * HOUR, 50),
            (11 * HOUR - 1, 79),
            (11 * HOUR, 80),
            (i64::MAX, 80),
            (i64::MIN, 20),
        ] {
            assert_eq!(rising.at(now), priority, "{now}");
        }
        let falling = Escalation { priority: 80, last: Some(20), ..rising };
        assert_eq!((falling.at(0), falling.at(6 * HOUR), falling.at(12 * HOUR)), (80, 50, 20));
        for stays in [Escalation { last: None, ..rising }, Escalation { due: None, ..rising }] {
            assert_eq!([0, 6 * HOUR, 20 * HOUR].map(|now| stays.at(now)), [20; 3], "{stays:?}");
        }
        let late = Escalation { from: 12 * HOUR, ..rising };
        assert_eq!((late.at(10 * HOUR), late.at(11 * HOUR)), (20, 80), "due before it begins");
    }

    #[test]
    fn a156_what_is_done_gets_no_more_urgent() {
        let ticket = Ticket { priority: 20, final_priority: Some(80), created: 0, due: Some(10 * HOUR), ..Ticket::default() };
        assert_eq!(ticket.priority_at(5 * HOUR), 50);
        let done = Ticket { resolved: Some(HOUR), ..ticket.clone() };
        assert_eq!(done.priority_at(5 * HOUR), 26);
        assert_eq!(Ticket { starts: Some(5 * HOUR), ..ticket }.priority_at(5 * HOUR), 20, "not before it starts");
    }

    proptest! {
        /// It goes one way, stays between the two, and asking in between changes nothing.
        #[test]
        fn a156_monotone_bounded_and_the_same_however_often_it_is_asked(
            priority in 0_i64..=100, last in 0_i64..=100, from in any::<i64>(), due in any::<i64>(),
            mut times in proptest::collection::vec(any::<i64>(), 2..20),
        ) {
            let escalation = Escalation { priority, last: Some(last), from, due: Some(due) };
            times.sort_unstable();
            let said: Vec<i64> = times.iter().map(|now| escalation.at(*now)).collect();
            for pair in said.windows(2) {
                prop_assert!(if last >= priority { pair[0] <= pair[1] } else { pair[0] >= pair[1] }, "{:?} {:?}", escalation, said);
            }
            prop_assert!(said.iter().all(|p| (priority.min(last)..=priority.max(last)).contains(p)));
            let again: Vec<i64> = times.iter().rev().map(|now| escalation.at(*now)).collect();
            prop_assert!(again.iter().rev().eq(said.iter()));
        }
    }
}
