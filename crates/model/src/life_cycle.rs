//! The default life cycle, and how mail moves a ticket through it (A149). Automatic mail never does.

use serde::Serialize;

/// Status of a ticket in the default life cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nobody has answered yet.
    New,
    /// Being worked on.
    Open,
    /// Waiting for something.
    Stalled,
    /// Done, unless the customer says otherwise.
    Resolved,
    /// Done for good.
    Closed,
    /// Will not be done.
    Rejected,
}

/// Every status, in the order in which a ticket meets them.
pub const STATUSES: [Status; 6] =
    [Status::New, Status::Open, Status::Stalled, Status::Resolved, Status::Closed, Status::Rejected];

impl Status {
    /// The word in the database, in JSON and in commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::New => "new",
            Status::Open => "open",
            Status::Stalled => "stalled",
            Status::Resolved => "resolved",
            Status::Closed => "closed",
            Status::Rejected => "rejected",
        }
    }

    /// The status of that word.
    pub fn from_word(word: &str) -> Option<Status> {
        STATUSES.into_iter().find(|s| s.as_str() == word)
    }
}

/// What an answer to a ticket does to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// The status stays.
    Stay,
    /// The ticket gets this status.
    To(Status),
    /// The ticket is over; the answer opens a new one, linked to it.
    NewTicket,
}

/// What a customer's answer does. `since_resolved` and `window` in microseconds.
pub fn on_customer_answer(status: Status, since_resolved: Option<i64>, window: i64) -> Movement {
    match status {
        Status::New | Status::Open => Movement::Stay,
        Status::Stalled => Movement::To(Status::Open),
        Status::Resolved if since_resolved.is_none_or(|age| age <= window) => Movement::To(Status::Open),
        Status::Resolved | Status::Closed | Status::Rejected => Movement::NewTicket,
    }
}

/// What a technician's answer does: it opens a new ticket and leaves any other status alone. It never takes the ticket.
pub fn on_staff_answer(status: Status) -> Movement {
    if status == Status::New { Movement::To(Status::Open) } else { Movement::Stay }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    #[test]
    fn a149_customer_answers() {
        use Movement::*;
        let cases = [
            (Status::New, None, Stay),
            (Status::Open, None, Stay),
            (Status::Stalled, None, To(Status::Open)),
            (Status::Resolved, Some(DAY), To(Status::Open)),
            (Status::Resolved, Some(14 * DAY), To(Status::Open)),
            (Status::Resolved, Some(14 * DAY + 1), NewTicket),
            (Status::Resolved, None, To(Status::Open)),
            (Status::Closed, None, NewTicket),
            (Status::Rejected, Some(0), NewTicket),
        ];
        for (status, age, expected) in cases {
            assert_eq!(on_customer_answer(status, age, 14 * DAY), expected, "{status:?} {age:?}");
        }
    }

    #[test]
    fn a149_staff_answers() {
        for status in STATUSES {
            let expected = if status == Status::New { Movement::To(Status::Open) } else { Movement::Stay };
            assert_eq!(on_staff_answer(status), expected, "{status:?}");
        }
    }

    #[test]
    fn words_are_read_back() {
        for status in STATUSES {
            assert_eq!(Status::from_word(status.as_str()), Some(status));
        }
        assert_eq!(Status::from_word("Open"), None);
    }
}
