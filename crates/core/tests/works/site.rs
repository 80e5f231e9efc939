//! What the site of these tests is, as site.toml says it, and beside it, said once more by hand, as the model knows it.

/// The queues, with the life cycle of each.
pub(crate) const QUEUES: [&str; 4] = ["support", "noc", "desk", "lab"];

/// All but the queues that mail comes to and the people.
pub(crate) const TOML: &str = r#"
[commands]
control_address = "control@example.org"

[[queue]]
name = "support"
address = "support@example.org"
[[queue]]
name = "noc"
address = "noc@example.org"
[[queue]]
name = "desk"
address = "desk@example.org"
life_cycle = "sysadmin"
[[queue]]
name = "lab"
address = "lab@example.org"
life_cycle = "lab"

[[life_cycle]]
name = "lab"
initial = ["new"]
active = ["open", "testing"]
inactive = ["done", "closed"]
waiting = ["testing"]
final = ["closed"]
transitions = [
    "new -> open",
    "new, open -> testing by role:owner, group:leads",
    "testing -> open",
    "open, testing -> done by anna, role:requestor",
    "done -> open",
    "* -> closed by group:leads",
    "closed -> open by role:admin",
]

[[person]]
login = "anna"
email = ["anna@example.org"]
role = "staff"
[[person]]
login = "ben"
email = ["ben@example.org"]
role = "staff"
[[person]]
login = "cleo"
email = ["cleo@example.org"]
role = "staff"
[[person]]
login = "otto"
email = ["otto@example.org"]
role = "admin"
[[person]]
login = "gus"
email = ["gus@example.org"]
role = "guest"

[[group]]
name = "crew"
members = ["anna", "group:night"]
[[group]]
name = "night"
members = ["ben"]
[[group]]
name = "leads"
members = ["ben", "cleo"]

[rights]
staff = ["create"]
[[grant]]
to = "group:crew"
rights = ["all"]
[[grant]]
to = "cleo"
rights = ["all"]
queue = "support"
[[grant]]
to = "role:staff"
rights = ["see", "link"]
queue = "noc"
[[grant]]
to = "group:leads"
rights = ["see", "comment", "own", "take", "modify", "move"]
queue = "lab"
[[grant]]
to = "gus"
rights = ["see"]
queue = "support"
[[grant]]
to = "gus"
rights = ["see"]
queue = "noc"

[[field]]
name = "Customer"
[[field]]
name = "Rooms"
type = "choice"
many = true
values = ["12", "14", "Hall"]
required = ["noc"]
[[field]]
name = "Cause"
type = "choice"
values = ["hardware", "software"]
queues = ["noc", "lab"]
required = ["lab"]
[[field]]
name = "Floors"
type = "number"
queues = ["desk"]
required = ["desk"]
"#;

/// A life cycle.
#[derive(Debug)]
pub(super) struct Cycle {
    pub(super) initial: &'static [&'static str],
    pub(super) active: &'static [&'static str],
    pub(super) inactive: &'static [&'static str],
    pub(super) waiting: &'static [&'static str],
    pub(super) last: &'static [&'static str],
    /// What a first answer gives, and what a first owner gives.
    pub(super) answered: &'static str,
    pub(super) owned: Option<&'static str>,
    /// From, to, and by whom; nothing: from any, by all.
    pub(super) ways: &'static [Way],
}

/// Ways of a life cycle.
pub(super) type Way = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

const DEFAULT: Cycle = Cycle {
    initial: &["new"],
    active: &["open", "stalled"],
    inactive: &["resolved", "closed", "rejected"],
    waiting: &["stalled"],
    last: &["closed", "rejected"],
    answered: "open",
    owned: None,
    ways: &[],
};

const SYSADMIN: Cycle = Cycle {
    initial: &["open"],
    active: &["assigned", "in progress"],
    inactive: &["resolved", "closed"],
    waiting: &[],
    last: &["closed"],
    answered: "in progress",
    owned: Some("assigned"),
    ways: &[],
};

const LAB: Cycle = Cycle {
    initial: &["new"],
    active: &["open", "testing"],
    inactive: &["done", "closed"],
    waiting: &["testing"],
    last: &["closed"],
    answered: "open",
    owned: None,
    ways: &[
        (&["new"], &["open"], &[]),
        (&["new", "open"], &["testing"], &["role:owner", "group:leads"]),
        (&["testing"], &["open"], &[]),
        (&["open", "testing"], &["done"], &["anna", "role:requestor"]),
        (&["done"], &["open"], &[]),
        (&[], &["closed"], &["group:leads"]),
        (&["closed"], &["open"], &["role:admin"]),
    ],
};

/// The life cycle of a queue.
pub(super) fn cycle(queue: &str) -> &'static Cycle {
    match queue {
        "desk" => &SYSADMIN,
        "lab" => &LAB,
        _ => &DEFAULT,
    }
}

impl Cycle {
    pub(super) fn statuses(&self) -> impl Iterator<Item = &'static str> {
        [self.initial, self.active, self.inactive].into_iter().flatten().copied()
    }

    pub(super) fn knows(&self, status: &str) -> bool {
        self.statuses().any(|known| known == status)
    }

    pub(super) fn is_over(&self, status: &str) -> bool {
        self.inactive.contains(&status)
    }

    /// Over, and not because nobody will do it.
    pub(super) fn is_done(&self, status: &str) -> bool {
        self.is_over(status) && status != "rejected"
    }

    /// Whether somebody goes from one status to another. `is`: whether they are what the way says.
    pub(super) fn leads(&self, (from, to): (&str, &str), is: impl Fn(&str) -> bool) -> bool {
        let among = |list: &[&str], status| list.is_empty() || list.contains(&status);
        let mut ways = self.ways.iter().filter(|way| among(way.0, from) && among(way.1, to));
        from == to || self.ways.is_empty() || ways.any(|way| way.2.is_empty() || way.2.iter().any(|by| is(by)))
    }
}

/// A field: its name in the history, the queues that have it (none: all), and those that need it.
pub(super) type Field = (&'static str, &'static [&'static str], &'static [&'static str]);

pub(super) const FIELDS: [Field; 4] = [
    ("field.Customer", &[], &[]),
    ("field.Rooms", &[], &["noc"]),
    ("field.Cause", &["noc", "lab"], &["lab"]),
    ("field.Floors", &["desk"], &["desk"]),
];

/// Whether tickets of a queue have a field.
pub(super) fn has_field(queue: &str, field: &str) -> bool {
    FIELDS.iter().any(|(name, queues, _)| *name == field && (queues.is_empty() || queues.contains(&queue)))
}

/// The fields that tickets of a queue need to be done.
pub(super) fn needed(queue: &str) -> impl Iterator<Item = &'static str> {
    FIELDS.iter().filter(move |(.., needed)| needed.contains(&queue)).map(|(name, ..)| *name)
}

/// What somebody may in a queue whatever they are on its tickets; nothing is said of those who may everything.
pub(super) fn granted(who: &str, queue: &str) -> &'static [&'static str] {
    match (who, queue) {
        ("cleo", "lab") => &["see", "comment", "own", "take", "modify", "move"],
        ("cleo", "noc") => &["see", "link"],
        ("gus", "support" | "noc") => &["see"],
        _ => &[],
    }
}

/// Whether somebody may everything in a queue that is not for administrators alone.
pub(super) fn may_all(who: &str, queue: &str) -> bool {
    ["anna", "ben", "otto"].contains(&who) || (who, queue) == ("cleo", "support")
}

/// What a role on a ticket gives.
pub(super) fn of_role(role: &str) -> &'static [&'static str] {
    match role {
        "owner" => &["see", "reply", "comment", "see-comments", "own", "modify"],
        "admincc" => &["see", "reply", "comment", "see-comments"],
        _ => &["see", "reply"],
    }
}

/// Whether somebody is in a group, or of a level, or is called so.
pub(super) fn is(who: &str, word: &str) -> bool {
    match word {
        // Administrators go every way.
        _ if who == "otto" => true,
        "group:leads" => ["ben", "cleo"].contains(&who),
        _ => who == word,
    }
}
