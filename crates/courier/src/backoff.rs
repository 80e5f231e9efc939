//! When to try a mail again: after 1, 2, 5, 15, 30 minutes, 1, 2 hours, then every 4 hours (RFC 5321 section 4.5.4.1). How long that goes
//! on is said by the configuration and counted from the first attempt.
//!
//! Pure. Greylisting servers let a second attempt in after some minutes, which is why the first waits are short.

use std::time::Duration;

const FIRST_WAITS_MINUTES: [u64; 7] = [1, 2, 5, 15, 30, 60, 120];
const LATER_WAIT_MINUTES: u64 = 240;

/// How long to wait after the attempt number `attempts` (the first is 1) of outbox row `id`.
///
/// Up to a fifth is added, derived from the row, so that a hundred mails deferred together do not come back together, and a test
/// or a second look gives the same answer.
pub fn wait(attempts: u32, id: i64) -> Duration {
    let nth = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX);
    let minutes = FIRST_WAITS_MINUTES.get(nth).copied().unwrap_or(LATER_WAIT_MINUTES);
    jittered(Duration::from_secs(minutes * 60), id.unsigned_abs() ^ (u64::from(attempts) << 32))
}

/// Up to a fifth more than `planned`, by whole milliseconds, the same for the same `seed`.
pub(crate) fn jittered(planned: Duration, seed: u64) -> Duration {
    let most = u64::try_from(planned.as_millis()).unwrap_or(u64::MAX) / 5;
    planned + Duration::from_millis(scramble(seed) % (most + 1))
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
        for (attempt, minutes) in
            [(0, 1), (1, 1), (2, 2), (3, 5), (4, 15), (5, 30), (6, 60), (7, 120), (8, 240), (9, 240), (300, 240)]
        {
            let seconds = wait(attempt, 7).as_secs();
            assert!((minutes * 60..=minutes * 72).contains(&seconds), "attempt {attempt}: {seconds} s");
        }
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
