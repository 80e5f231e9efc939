//! The words of the query language: one table, from which the parser, help, errors and the guide come.

use super::meaning::{Role, TimeOf};
use super::values::IS;

/// A word of the language.
#[derive(Debug)]
pub struct Word {
    /// What stands before the colon.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// What it is about.
    pub kind: Kind,
    /// Whether several side by side mean either; otherwise all of them.
    pub widens: bool,
    /// A word with a value.
    pub example: &'static str,
    /// What its value can be, with its operators.
    pub help: &'static str,
}

/// What a word is about; how its value is read follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words to be found in what was written.
    Text,
    /// Words to be found in the subject.
    Subject,
    /// The ticket's number.
    Id,
    /// The queue.
    Queue,
    /// The status, or its kind.
    Status,
    /// What people ask for most often.
    Is,
    /// Somebody's part in it.
    Person(Role),
    /// The priority.
    Priority,
    /// A time of it.
    Time(TimeOf),
    /// When anything happened.
    Worked,
    /// A tag.
    Tag,
    /// A field of the site's own.
    Field,
    /// A link to a ticket.
    Link(Link),
    /// Mail that did not arrive.
    Undelivered,
    /// Not what tickets are, but their order.
    Sort,
}

/// Which link to a ticket, and from which side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// What the one is to the other, as the database has it.
    pub kind: &'static str,
    /// Whether the ticket that the query names is the one that has the link.
    pub reverse: bool,
}

const PERSON: &str = "a login, an address, or me";
const TIME: &str = "2026-11-01, 2026-11-01T14:00, today, yesterday, -3d (the last three days; h, d, w), a..b, <, <=, >, >=, or none; days are UTC";

const fn plain(name: &'static str, kind: Kind, example: &'static str, help: &'static str) -> Word {
    Word { name, aliases: &[], kind, widens: true, example, help }
}

const fn time(name: &'static str, of: TimeOf, example: &'static str) -> Word {
    Word { name, aliases: &[], kind: Kind::Time(of), widens: false, example, help: TIME }
}

const fn person(name: &'static str, aliases: &'static [&'static str], role: Role, example: &'static str) -> Word {
    Word { name, aliases, kind: Kind::Person(role), widens: true, example, help: PERSON }
}

const fn link(
    name: &'static str,
    aliases: &'static [&'static str],
    link: Link,
    example: &'static str,
    help: &'static str,
) -> Word {
    Word { name, aliases, kind: Kind::Link(link), widens: true, example, help }
}

/// Every word, in the order in which help shows them.
pub const WORDS: &[Word] = &[
    Word {
        name: "text",
        aliases: &["content", "body"],
        kind: Kind::Text,
        widens: false,
        example: "text:\"disk full\"",
        help: "words in subjects, texts and names of attached files; the same as the words alone; print* finds printer",
    },
    Word {
        name: "subject",
        aliases: &["title"],
        kind: Kind::Subject,
        widens: false,
        example: "subject:printer",
        help: "words in the subject",
    },
    Word {
        name: "id",
        aliases: &["number", "ticket"],
        kind: Kind::Id,
        widens: true,
        example: "id:12",
        help: "a number, a..b, <, <=, >, >=",
    },
    plain("queue", Kind::Queue, "queue:support", "the name of a queue"),
    plain("status", Kind::Status, "status:open", "a status of any life cycle, or initial, active, inactive"),
    Word { name: "is", aliases: &[], kind: Kind::Is, widens: false, example: "is:open", help: IS },
    Word { help: "a login, an address, me, or nobody", ..person("owner", &[], Role::Owner, "owner:anna") },
    person("requestor", &["from"], Role::Requestor, "requestor:carla@example.net"),
    person("cc", &[], Role::Cc, "cc:dora@example.net"),
    person("admincc", &[], Role::AdminCc, "admincc:ben"),
    Word { help: "a login, an address, or me: requestor, cc or admincc", ..person("watcher", &[], Role::Watcher, "watcher:me") },
    Word {
        name: "priority",
        aliases: &[],
        kind: Kind::Priority,
        widens: false,
        example: "priority:>50",
        help: "a number, a..b, <, <=, >, >=",
    },
    time("created", TimeOf::Created, "created:today"),
    time("updated", TimeOf::Updated, "updated:<2026-11-01"),
    Word { help: "as for created, and +3d (the next three days)", ..time("due", TimeOf::Due, "due:<=today") },
    time("resolved", TimeOf::Resolved, "resolved:-7d"),
    time("started", TimeOf::Started, "started:yesterday"),
    Word { help: "as for created, and +3d (the next three days)", ..time("starts", TimeOf::Starts, "starts:+3d") },
    Word { aliases: &["last_contact"], ..time("told", TimeOf::Told, "told:<-7d") },
    Word {
        name: "worked",
        aliases: &["worked-on"],
        kind: Kind::Worked,
        widens: true,
        example: "worked:2026-11-01",
        help: "when anything happened on it: as for created, without none",
    },
    person("actor", &["worked-by"], Role::Actor, "actor:anna"),
    plain("tag", Kind::Tag, "tag:printer", "a tag, or none"),
    plain("field", Kind::Field, "field.Customer:ACME", "a value of a field of the site's own, or none"),
    link(
        "depends",
        &["depends-on"],
        Link { kind: "depends-on", reverse: false },
        "depends:12",
        "tickets that depend on this number",
    ),
    link("blocks", &[], Link { kind: "depends-on", reverse: true }, "blocks:12", "tickets on which this number depends"),
    link(
        "parent",
        &["member-of"],
        Link { kind: "member-of", reverse: false },
        "parent:12",
        "tickets that are parts of this number",
    ),
    link(
        "child",
        &["has-member"],
        Link { kind: "member-of", reverse: true },
        "child:12",
        "tickets of which this number is a part",
    ),
    link("refers", &["refers-to"], Link { kind: "refers-to", reverse: false }, "refers:12", "tickets that refer to this number"),
    link(
        "referred",
        &["referred-to-by"],
        Link { kind: "refers-to", reverse: true },
        "referred:12",
        "tickets to which this number refers",
    ),
    plain("undelivered", Kind::Undelivered, "undelivered:carla@example.net", "an address to which mail did not arrive, or any"),
    Word {
        name: "sort",
        aliases: &["order"],
        kind: Kind::Sort,
        widens: true,
        example: "sort:-updated",
        help: "id, queue, status, owner, priority, subject, created, updated, due, resolved, started, starts, told; - turns it round; several count one after the other",
    },
];

/// The word of a name, in any case.
pub fn word(name: &str) -> Option<&'static Word> {
    let is = |other: &&str| other.eq_ignore_ascii_case(name);
    WORDS.iter().find(|word| is(&word.name) || word.aliases.iter().any(is))
}

/// The word for text, which stands for itself.
pub(super) fn text() -> &'static Word {
    // The first of the table.
    &WORDS[0]
}

/// The names of all words, for errors.
pub(super) fn names() -> String {
    WORDS.iter().map(|word| word.name).collect::<Vec<_>>().join(", ")
}

/// Every word with an example and its help, for `--help` and help by mail: a line each.
pub fn help() -> String {
    let width = WORDS.iter().map(|word| word.example.len()).max().unwrap_or(0);
    WORDS.iter().map(|word| format!("{:width$}  {}\n", word.example, word.help)).collect()
}
