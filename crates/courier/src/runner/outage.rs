//! The way out as a whole: open, or closed since when and until when nobody knocks again.
//!
//! Pure. While a relay is down no mail is to blame, so the mails' own waits must not grow; one knock at growing, short distances finds out
//! when it is back.

use crate::backoff::jittered;
use std::time::Duration;

/// Pauses between two knocks grow from the first to the second.
const SHORTEST: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(60);

/// Mails that are remembered as those that found it closed.
const REMEMBERED: usize = 100;

/// A mail that cannot leave because of an outage comes after the others that wait for its end: should it be the mail itself that makes the
/// other side close, the others are not kept back by it.
const AFTER_THE_OTHERS: i64 = 1_000_000;

/// What is known about the way out.
#[derive(Debug, Default)]
pub(super) struct Outage {
    /// Knocks in vain, one after the other.
    knocks: u32,
    /// All knocks in vain.
    found_closed: u64,
    /// Until when nobody knocks, in microseconds.
    until: i64,
    /// What the last knock met.
    words: String,
    /// The mails that were the last to find it closed.
    found_by: Vec<i64>,
}

impl Outage {
    /// Whether the last knock was in vain.
    pub(super) fn lasts(&self) -> bool {
        self.knocks > 0
    }

    /// How often it was found closed since the program began.
    pub(super) fn found_closed(&self) -> u64 {
        self.found_closed
    }

    /// Until when there is no use in knocking; `None` while the way is open.
    pub(super) fn until(&self) -> Option<i64> {
        self.lasts().then_some(self.until)
    }

    /// Whether there is no use in knocking at `now`. A time further off than any pause comes from a clock that was set back, and counts
    /// for nothing.
    pub(super) fn is_closed(&self, now: i64) -> bool {
        let longest = super::micros(LONGEST + LONGEST / 4);
        self.lasts() && self.until > now && self.until - now <= longest
    }

    /// What the last knock met.
    pub(super) fn words(&self) -> &str {
        &self.words
    }

    /// The other side has answered, whatever it said.
    pub(super) fn is_over(&mut self) {
        self.knocks = 0;
    }

    /// A mail has left, so it was not to blame.
    pub(super) fn has_left(&mut self, mail: i64) {
        self.found_by.retain(|found| *found != mail);
    }

    /// Whether a mail that finds the way closed is to blame itself: it said so before, and others have left since.
    pub(super) fn is_fault_of(&self, mail: i64) -> bool {
        !self.lasts() && self.found_by.contains(&mail)
    }

    /// The way was found closed at `now`. Mails that find it so while another one's knock is being waited for are one knock.
    pub(super) fn begins_or_goes_on(&mut self, mail: i64, now: i64, words: &str) {
        if !self.found_by.contains(&mail) {
            self.found_by.push(mail);
            let excess = self.found_by.len().saturating_sub(REMEMBERED);
            self.found_by.drain(..excess);
        }
        if self.is_closed(now) {
            return;
        }
        self.knocks = self.knocks.saturating_add(1);
        self.found_closed += 1;
        let planned = SHORTEST.saturating_mul(1 << (self.knocks - 1).min(10)).min(LONGEST);
        let pause = jittered(planned, mail.unsigned_abs() ^ (u64::from(self.knocks) << 32));
        self.until = now.saturating_add(super::micros(pause));
        words.clone_into(&mut self.words);
    }

    /// When a mail that found the way closed is tried again.
    pub(super) fn next_attempt(&self) -> i64 {
        self.until.saturating_add(AFTER_THE_OTHERS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn pauses_grow_from_ten_seconds_to_a_minute_and_begin_anew() {
        let (mut outage, mut now) = (Outage::default(), 0);
        for planned in [10, 20, 40, 60, 60, 60] {
            outage.begins_or_goes_on(1, now, "closed");
            let pause = outage.until().unwrap() - now;
            assert!((planned * SECOND..=planned * SECOND * 6 / 5).contains(&pause), "{planned}: {pause}");
            now = outage.until().unwrap();
        }
        outage.is_over();
        assert_eq!(outage.until(), None);
        outage.begins_or_goes_on(2, now, "closed");
        assert!(outage.until().unwrap() - now <= 12 * SECOND);
    }

    #[test]
    fn mails_that_meet_it_together_are_one_knock() {
        let mut outage = Outage::default();
        (0..50).for_each(|mail| outage.begins_or_goes_on(mail, mail, "closed"));
        assert!(outage.until().unwrap() <= 12 * SECOND);
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nothing_closed() {
        let mut outage = Outage::default();
        outage.begins_or_goes_on(1, 86_400 * SECOND, "closed");
        assert!(outage.is_closed(86_400 * SECOND));
        assert!(!outage.is_closed(0));
    }

    #[test]
    fn who_finds_it_closed_again_after_others_have_left_is_to_blame() {
        let mut outage = Outage::default();
        outage.begins_or_goes_on(7, 0, "closed");
        assert!(!outage.is_fault_of(7));
        outage.is_over();
        assert!(outage.is_fault_of(7) && !outage.is_fault_of(8));
        // Two that blame each other are both to blame.
        outage.begins_or_goes_on(8, 100 * SECOND, "closed");
        outage.is_over();
        assert!(outage.is_fault_of(7) && outage.is_fault_of(8));
    }
}
