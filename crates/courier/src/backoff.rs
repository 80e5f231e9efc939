//! When to try again: 1, 2, 5, 15, 30 minutes, 1, 2 hours, then every 4 hours, for 5 days (RFC 5321 section 4.5.4.1).
//!
//! Pure. It counts attempts and not the age of the mail: a mail that waited a week because nothing was running has not been
//! tried for a week, and deserves its five days.

use std::time::Duration;

/// How long a mail is tried before it counts as failed.
pub const GIVE_UP_AFTER: Duration = Duration::from_secs(5 * 24 * 3600);

const FIRST_WAITS_MINUTES: [u64; 7] = [1, 2, 5, 15, 30, 60, 120];
const LATER_WAIT_MINUTES: u64 = 240;

/// How long to wait after the attempt number `attempts` (the first is 1) of outbox row `id`; `None`: give up.
///
/// Up to a fifth is added, derived from the row, so that a hundred mails deferred together do not come back together, and a test
/// or a second look gives the same answer.
pub fn wait(attempts: u32, id: i64) -> Option<Duration> {
    let waited: u64 = (1..attempts).map(planned_minutes).take_while(|_| attempts < 1000).sum();
    if attempts >= 1000 || waited * 60 >= GIVE_UP_AFTER.as_secs() {
        return None;
    }
    let planned = planned_minutes(attempts.max(1)) * 60;
    let jitter = scramble(id.unsigned_abs() ^ (u64::from(attempts) << 56)) % (planned / 5 + 1);
    Some(Duration::from_secs(planned + jitter))
}

fn planned_minutes(attempt: u32) -> u64 {
    FIRST_WAITS_MINUTES.get(attempt as usize - 1).copied().unwrap_or(LATER_WAIT_MINUTES)
}

/// SplitMix64: spreads neighbouring row numbers over the whole range.
fn scramble(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_schedule() {
        for (attempt, minutes) in [(1, 1), (2, 2), (3, 5), (4, 15), (5, 30), (6, 60), (7, 120), (8, 240), (9, 240), (30, 240)] {
            let seconds = wait(attempt, 7).unwrap().as_secs();
            assert!((minutes * 60..=minutes * 72).contains(&seconds), "attempt {attempt}: {seconds} s");
        }
    }

    #[test]
    fn it_gives_up_after_five_days_and_not_before() {
        let mut total = Duration::ZERO;
        let mut attempt = 1;
        while let Some(pause) = wait(attempt, 1) {
            total += pause;
            attempt += 1;
        }
        assert!(total >= GIVE_UP_AFTER && total < GIVE_UP_AFTER.mul_f64(1.25), "{total:?}");
        assert_eq!(wait(u32::MAX, 1), None);
    }

    proptest! {
        #[test]
        fn total_and_deterministic(attempt in 0u32.., id in any::<i64>()) {
            prop_assert_eq!(wait(attempt, id), wait(attempt, id));
        }

        #[test]
        fn rows_spread(id in 0i64..1_000_000) {
            let same = (id..id + 20).filter(|other| wait(8, *other) == wait(8, id)).count();
            prop_assert!(same < 5);
        }
    }
}
