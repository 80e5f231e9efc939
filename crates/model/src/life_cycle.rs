//! Life cycles: which statuses a ticket can have, how it gets from one to another, and how mail moves it (A149). Each is data;
//! two come with the program, a site adds its own. Automatic mail never moves a ticket.

mod gaps;
mod transition;

pub use gaps::Gaps;

use crate::rights::Grantee;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

/// Status of a ticket: a word of its queue's life cycle, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Status(Cow<'static, str>);

impl Status {
    /// Nobody has answered yet, in the default life cycle.
    pub const NEW: Status = Status(Cow::Borrowed("new"));
    /// Being worked on, in the default life cycle.
    pub const OPEN: Status = Status(Cow::Borrowed("open"));
    /// Waiting for something, in the default life cycle.
    pub const STALLED: Status = Status(Cow::Borrowed("stalled"));
    /// Done, unless the customer says otherwise, in the default life cycle.
    pub const RESOLVED: Status = Status(Cow::Borrowed("resolved"));
    /// Done for good, in the default life cycle.
    pub const CLOSED: Status = Status(Cow::Borrowed("closed"));
    /// Will not be done, in the default life cycle.
    pub const REJECTED: Status = Status(Cow::Borrowed("rejected"));

    /// The status of a word, as the database has it. Whether a life cycle knows it is another question.
    pub fn new(word: impl Into<String>) -> Status {
        Status(Cow::Owned(word.into()))
    }

    /// The word in the database, in JSON and in commands.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Status {
    fn default() -> Self {
        Status::NEW
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a status means for the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusKind {
    /// Nobody has begun.
    Initial,
    /// Somebody is at it, or it waits.
    Active,
    /// It is over.
    Inactive,
}

impl StatusKind {
    /// Every kind.
    pub const ALL: [StatusKind; 3] = [StatusKind::Initial, StatusKind::Active, StatusKind::Inactive];

    /// The word in the database and in queries.
    pub fn as_str(self) -> &'static str {
        match self {
            StatusKind::Initial => "initial",
            StatusKind::Active => "active",
            StatusKind::Inactive => "inactive",
        }
    }

    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<StatusKind> {
        StatusKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Ways from one status to others, and who may go them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// From these; empty: from any.
    pub from: Vec<String>,
    /// To these; empty: to any.
    pub to: Vec<String>,
    /// Who may, of those who may change the status at all; empty: all of them.
    pub by: Vec<Grantee>,
}

/// A life cycle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LifeCycle {
    /// Its name, such as `default`.
    pub name: String,
    /// Statuses in which nobody has begun; tickets begin in the first.
    pub initial: Vec<String>,
    /// Statuses of work.
    pub active: Vec<String>,
    /// Statuses in which it is over. The first is that of a ticket that is done: its requestors are told.
    pub inactive: Vec<String>,
    /// Active statuses that end when a customer answers.
    pub waiting: Vec<String>,
    /// Inactive statuses after which an answer opens a new ticket, at once.
    #[serde(rename = "final")]
    pub last: Vec<String>,
    /// The status that a technician's first answer gives; the first active one when absent.
    pub answered: Option<String>,
    /// The status that a ticket in an initial one gets with its first owner; absent: it stays.
    pub owned: Option<String>,
    /// The status that a customer's answer gives to a ticket that waits or is done; the first active one when absent.
    pub reopened: Option<String>,
    /// Ways between the statuses; none: any way, for whoever may change the status.
    pub transitions: Vec<Transition>,
}

/// The life cycle of queues that name none.
pub const DEFAULT: &str = "default";

static BUILT_IN: LazyLock<Vec<LifeCycle>> = LazyLock::new(make);

/// The life cycles that come with the program.
pub fn built_in() -> &'static [LifeCycle] {
    &BUILT_IN
}

/// The life cycle of queues that name none, where the site defines no other.
pub fn default() -> &'static LifeCycle {
    // The first of those that the program makes; there is one.
    &BUILT_IN[0]
}

/// The life cycle of a name: one of the site's, else the program's.
pub fn named<'c>(of_site: &'c [LifeCycle], name: &str) -> Option<&'c LifeCycle> {
    let is = |cycle: &&LifeCycle| cycle.name == name;
    of_site.iter().find(is).or_else(|| BUILT_IN.iter().find(is))
}

fn make() -> Vec<LifeCycle> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    vec![
        LifeCycle {
            name: DEFAULT.to_owned(),
            initial: words(&["new"]),
            active: words(&["open", "stalled"]),
            inactive: words(&["resolved", "closed", "rejected"]),
            waiting: words(&["stalled"]),
            last: words(&["closed", "rejected"]),
            ..LifeCycle::default()
        },
        LifeCycle {
            name: "sysadmin".to_owned(),
            initial: words(&["open"]),
            active: words(&["assigned", "in progress"]),
            inactive: words(&["resolved", "closed"]),
            last: words(&["closed"]),
            answered: Some("in progress".to_owned()),
            owned: Some("assigned".to_owned()),
            reopened: Some("in progress".to_owned()),
            ..LifeCycle::default()
        },
    ]
}

/// What an answer to a ticket does to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Movement {
    /// The status stays.
    Stay,
    /// The ticket gets this status.
    To(Status),
    /// The ticket is over; the answer opens a new one, linked to it.
    NewTicket,
}

/// A status without what people write in different ways: case, and what stands between its words.
fn folded(word: &str) -> String {
    word.to_lowercase()
        .split(|c: char| c.is_whitespace() || c == '-' || c == '_')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

impl LifeCycle {
    /// Every status, in the order in which a ticket meets them.
    pub fn statuses(&self) -> impl Iterator<Item = &str> {
        self.initial.iter().chain(&self.active).chain(&self.inactive).map(String::as_str)
    }

    /// The status of a word as people write it: `In-Progress`.
    pub fn status(&self, word: &str) -> Option<Status> {
        let wanted = folded(word);
        self.statuses().find(|status| folded(status) == wanted).map(Status::new)
    }

    /// What a status means; one that the life cycle does not know, of a ticket that is older than it, is work to do.
    pub fn kind(&self, status: &Status) -> StatusKind {
        let in_list = |list: &[String]| list.iter().any(|word| word == status.as_str());
        match () {
            () if in_list(&self.initial) => StatusKind::Initial,
            () if in_list(&self.inactive) => StatusKind::Inactive,
            () => StatusKind::Active,
        }
    }

    /// The status in which tickets begin.
    pub fn first(&self) -> Status {
        self.initial.first().map_or(Status::NEW, Status::new)
    }

    /// The status of a ticket that is done.
    pub fn done(&self) -> Status {
        self.inactive.first().map_or(Status::RESOLVED, Status::new)
    }

    /// The status of a ticket on which somebody works.
    pub fn working(&self) -> Status {
        self.active.first().map_or(Status::OPEN, Status::new)
    }

    /// Whether a ticket in that status waits for somebody outside.
    pub fn waits(&self, status: &Status) -> bool {
        self.waiting.iter().any(|word| word == status.as_str())
    }

    /// Whether an answer to a ticket in that status is too late, however soon it comes.
    pub fn is_final(&self, status: &Status) -> bool {
        self.last.iter().any(|word| word == status.as_str())
    }

    /// The status in which work goes on, after a ticket waited or was done.
    pub fn reopening(&self) -> Status {
        self.or_working(self.reopened.as_ref())
    }

    fn or_working(&self, word: Option<&String>) -> Status {
        word.map_or_else(|| self.working(), Status::new)
    }

    /// The ways that lead from one status to another; `None`: there is none, where the life cycle says which there are. From a status
    /// that it does not know, of a ticket that is older than it, every way is open.
    pub fn ways(&self, from: &Status, to: &Status) -> Option<Vec<&Transition>> {
        if self.transitions.is_empty() || !self.statuses().any(|known| known == from.as_str()) {
            return Some(Vec::new());
        }
        let leads = |list: &[String], status: &Status| list.is_empty() || list.iter().any(|word| word == status.as_str());
        let ways: Vec<&Transition> = self.transitions.iter().filter(|way| leads(&way.from, from) && leads(&way.to, to)).collect();
        (!ways.is_empty()).then_some(ways)
    }

    /// The statuses to which a way leads from another, for messages.
    pub fn reachable(&self, from: &Status) -> Vec<&str> {
        self.statuses().filter(|to| *to != from.as_str() && self.ways(from, &Status::new(*to)).is_some()).collect()
    }

    /// What a customer's answer does. `since_resolved` and `window` in microseconds.
    pub fn on_customer_answer(&self, status: &Status, since_resolved: Option<i64>, window: i64) -> Movement {
        match self.kind(status) {
            StatusKind::Initial => Movement::Stay,
            StatusKind::Active if self.waits(status) => Movement::To(self.reopening()),
            StatusKind::Active => Movement::Stay,
            StatusKind::Inactive if self.is_final(status) => Movement::NewTicket,
            StatusKind::Inactive if since_resolved.is_none_or(|age| age <= window) => Movement::To(self.reopening()),
            StatusKind::Inactive => Movement::NewTicket,
        }
    }

    /// What a technician's answer does: it begins the work and leaves any other status alone. It never takes the ticket.
    pub fn on_staff_answer(&self, status: &Status) -> Movement {
        match self.kind(status) {
            StatusKind::Initial => Movement::To(self.or_working(self.answered.as_ref())),
            _ => Movement::Stay,
        }
    }

    /// What an owner does to a ticket that had none.
    pub fn on_owner(&self, status: &Status) -> Movement {
        match (self.kind(status), &self.owned) {
            (StatusKind::Initial, Some(owned)) => Movement::To(Status::new(owned)),
            _ => Movement::Stay,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    fn cycle(name: &str) -> LifeCycle {
        named(&[], name).unwrap().clone()
    }

    #[test]
    fn a149_customer_answers() {
        use Movement::*;
        let to = |word: &str| To(Status::new(word));
        let cases = [
            ("default", "new", None, Stay),
            ("default", "open", None, Stay),
            ("default", "stalled", None, to("open")),
            ("default", "resolved", Some(DAY), to("open")),
            ("default", "resolved", Some(14 * DAY), to("open")),
            ("default", "resolved", Some(14 * DAY + 1), NewTicket),
            ("default", "resolved", None, to("open")),
            ("default", "closed", None, NewTicket),
            ("default", "rejected", Some(0), NewTicket),
            ("sysadmin", "open", None, Stay),
            ("sysadmin", "assigned", None, Stay),
            ("sysadmin", "in progress", None, Stay),
            ("sysadmin", "resolved", Some(DAY), to("in progress")),
            ("sysadmin", "resolved", Some(15 * DAY), NewTicket),
            ("sysadmin", "closed", Some(0), NewTicket),
            ("sysadmin", "of another life", None, Stay),
        ];
        for (name, status, age, expected) in cases {
            assert_eq!(cycle(name).on_customer_answer(&Status::new(status), age, 14 * DAY), expected, "{name} {status} {age:?}");
        }
    }

    #[test]
    fn a149_staff_answers_and_owners() {
        for (name, status, answered, owned) in [
            ("default", "new", Some("open"), None),
            ("default", "open", None, None),
            ("default", "resolved", None, None),
            ("sysadmin", "open", Some("in progress"), Some("assigned")),
            ("sysadmin", "assigned", None, None),
            ("sysadmin", "closed", None, None),
        ] {
            let movement = |to: Option<&str>| to.map_or(Movement::Stay, |to| Movement::To(Status::new(to)));
            assert_eq!(cycle(name).on_staff_answer(&Status::new(status)), movement(answered), "{name} {status}");
            assert_eq!(cycle(name).on_owner(&Status::new(status)), movement(owned), "{name} {status}");
        }
    }

    #[test]
    fn statuses_are_read_as_people_write_them() {
        for word in ["in progress", "In Progress", "in-progress", "IN_PROGRESS", " in  progress "] {
            assert_eq!(cycle("sysadmin").status(word), Some(Status::new("in progress")), "{word}");
        }
        assert_eq!(cycle("sysadmin").status("new"), None);
        assert_eq!(cycle("default").status("Open"), Some(Status::OPEN));
    }
}
