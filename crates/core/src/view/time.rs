//! Times as the contract writes them.

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::fmt;

/// Microseconds since 1970 UTC. Written as RFC 3339 in UTC with whole seconds, the form that every date library reads,
/// `jq`'s `fromdate` among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Out of range (before the year -9999, after 9999) only by a fault; the nearest border is better than no listing.
        let at = Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX });
        write!(f, "{}", at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn times_are_rfc_3339_in_utc_with_whole_seconds() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (1_795_268_810_999_999, "2026-11-21T13:46:50Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (i64::MAX, "9999-12-30T22:00:00Z"),
        ] {
            assert_eq!(Time(micros).to_string(), text, "{micros}");
        }
    }

    #[test]
    fn json_has_the_same_text() {
        assert_eq!(serde_json::to_string(&Time(0)).unwrap(), "\"1970-01-01T00:00:00Z\"");
    }
}
