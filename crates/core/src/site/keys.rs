//! The sections and keys of `site.toml`: one table for the reader and the documentation.

use postern_model::rights;
use postern_model::rules::{AUDIENCES, EVENTS, RECIPIENTS};

use crate::config::{Form, Key, Kind, Section};

/// What `site.toml` may say.
pub static SITE_TOML: Kind = Kind { sections: SECTIONS, elsewhere: crate::config::SECTIONS, other_file: "postern.toml" };

/// The sections of `site.toml`.
pub static SECTIONS: &[Section] = &[
    Section { name: "site", many: false, help: "What holds for the whole site.", keys: SITE },
    Section { name: "trust", many: false, help: "How sure of a sender to be, and whose word counts.", keys: TRUST },
    Section { name: "brakes", many: false, help: "What ends mail loops. The defaults do for most sites.", keys: BRAKES },
    Section {
        name: "life_cycle",
        many: true,
        help: "Statuses of tickets, and how they follow one another. default and sysadmin come with Postern.",
        keys: LIFE_CYCLE,
    },
    Section {
        name: "commands",
        many: false,
        help: "Commands in mails: what people who work here can do from a mail client.",
        keys: COMMANDS,
    },
    super::reminder::SECTION,
    Section { name: "queue", many: true, help: "A queue: an address and the people behind it.", keys: QUEUE },
    Section { name: "person", many: true, help: "Somebody known by name. Customers need no entry.", keys: PERSON },
    Section { name: "group", many: true, help: "People under one name.", keys: GROUP },
    super::fields::SECTION,
    Section {
        name: "rights",
        many: false,
        help: "What levels of people, and roles on a ticket, may do, where that is not what Postern says. Each key replaces one list; administrators have every right.",
        keys: RIGHTS,
    },
    Section {
        name: "grant",
        many: true,
        help: "Rights beside those of level and role, in one queue or everywhere. Nothing takes away what something else gives.",
        keys: GRANT,
    },
    Section {
        name: "rule",
        many: true,
        help: "Whom an event is told to. One with the name of a rule that comes with Postern replaces it; the others run before those.",
        keys: RULE,
    },
    Section {
        name: "template",
        many: true,
        help: "The text of a mail. One with the name of a template that comes with Postern replaces it.",
        keys: TEMPLATE,
    },
];

/// A key that may be left out.
const fn may(name: &'static str, form: Form, example: &'static str, help: &'static str) -> Key {
    Key { name, form, needed: false, example, help }
}

/// A key that must be there.
const fn must(name: &'static str, form: Form, example: &'static str, help: &'static str) -> Key {
    Key { name, form, needed: true, example, help }
}

static SITE: &[Key] = &[
    may("former_names", Form::Words, "[\"old.example.org\"]", "Names that the site had: tags with them are still ours."),
    may(
        "own_addresses",
        Form::Addresses,
        "[\"helpdesk@old.example.org\"]",
        "Addresses that are ours and no queue's: never mailed, never a watcher.",
    ),
];

static TRUST: &[Key] = &[
    may(
        "authserv_id",
        Form::Words,
        "\"mx.example.org\"",
        "Name or names in the Authentication-Results that your own mail server writes. Believed once `postern check --probe` has seen \
         that forged ones are removed.",
    ),
    may(
        "staff",
        Form::OneOf(LEVELS_OF_STAFF),
        "\"authenticated\"",
        "What mail in the name of staff needs to act as theirs: token (it answers a mail that went to staff alone), authenticated, \
         signed. Anything less is held, and they are asked. Default authenticated where authserv_id is set, else token.",
    ),
    may("admin", Form::OneOf(LEVELS_OF_STAFF), "\"authenticated\"", "The same for administrators. Default: as for staff."),
    may(
        "guest",
        Form::OneOf(&["claimed", "token", "authenticated", "signed"]),
        "\"claimed\"",
        "What a customer's mail needs to be taken in as theirs; anything less is held. Default claimed: it is taken in and marked.",
    ),
    may(
        "spf",
        Form::Flag,
        "true",
        "Whether SPF alone proves a sender's domain. Weak: many hosts serve many domains. Default false.",
    ),
    may(
        "spam_fields",
        Form::Words,
        "[\"X-Spam-Flag\"]",
        "Fields of your spam filter, which writes or removes them on every mail. Others' are not read.",
    ),
    may(
        "contact_forms",
        Form::Addresses,
        "[\"www@example.org\"]",
        "Addresses in From of web forms: whoever filled one in stands in Reply-To, and is the requestor.",
    ),
    may(
        "mailing_lists",
        Form::Words,
        "[\"talk.lists.example.org\"]",
        "List-Ids, without <>, of lists that put themselves into From: the author is taken from X-Original-From or Reply-To, if the list is verified.",
    ),
];

/// Levels of trust that give staff rights. A From line proves nothing, so `claimed` is none of them.
const LEVELS_OF_STAFF: &[&str] = &["token", "authenticated", "signed"];

static BRAKES: &[Key] = &[
    may("hours", Form::Number(1, 168), "3", "How far the others look back, in hours. Default 3."),
    may("answers", Form::Number(0, 10_000), "10", "Automatic answers to one address in that time. Default 10."),
    may(
        "mails",
        Form::Number(1, 1_000_000),
        "60",
        "Mails of persons from one address to one of ours in that time; more are held. Default 60.",
    ),
    may("automatic_mails", Form::Number(1, 1_000_000), "500", "The same for mails of programs, alerts among them. Default 500."),
    may(
        "alike",
        Form::Number(1, 1_000_000),
        "5",
        "Mails of persons from one address that say the same, in that time; more are held. Default 5.",
    ),
    may("received", Form::Number(10, 1000), "50", "Received fields of a mail; one with more is held. Default 50."),
    may("hard_bounces", Form::Number(1, 1000), "3", "Hard bounces after which an address gets no more mail. Default 3."),
];

static COMMANDS: &[Key] = &[
    may("enabled", Form::Flag, "true", "Whether mails may give commands at all. Default true."),
    may(
        "control_address",
        Form::Address,
        "\"control@example.org\"",
        "An address of its own whose mails are nothing but commands, on any tickets. Default: none.",
    ),
    may(
        "most",
        Form::Number(1, 10_000),
        "100",
        "Commands in one mail; one with more is held, and its sender is asked whether they are meant. Default 100.",
    ),
    may("tickets", Form::Number(1, 10_000), "50", "Tickets that one mail may change unasked; the same for more. Default 50."),
    may(
        "most_asked",
        Form::Number(1, 10_000),
        "1000",
        "Commands in a mail whose sender said that they are meant; of more, none is carried out. Default 1000, and never less than most.",
    ),
    may(
        "tickets_asked",
        Form::Number(1, 10_000),
        "500",
        "Tickets that such a mail may change. Default 500, and never less than tickets.",
    ),
    may(
        "undo_hours",
        Form::Number(0, 8760),
        "72",
        "Hours in which an answer to a transcript takes back what its mail did. Default 72.",
    ),
];

static QUEUE: &[Key] = &[
    must("name", Form::Name, "\"support\"", "Its name. It is the key: another name is another queue."),
    may("address", Form::Address, "\"support@example.org\"", "Where customers write. Needed unless the queue is disabled."),
    may("comment_address", Form::Address, "\"support-comment@example.org\"", "Where staff write what customers never see."),
    may("aliases", Form::Addresses, "[\"help@example.org\"]", "Other addresses that mean the same as address."),
    may("from_name", Form::Line, "\"Example Support\"", "The name in From. Default: the queue's name."),
    may("tag", Form::Name, "\"support.example.org\"", "The name in subject tags. Default: the site's name."),
    may("signature", Form::Text, "\"Example Support, +44 20 7946 0000\"", "Text under every mail to customers."),
    may(
        "cc",
        Form::Words,
        "[\"group:sales\", \"boss@example.org\"]",
        "Who gets what customers get: logins, group:NAME, addresses.",
    ),
    may(
        "admincc",
        Form::Words,
        "[\"anna\", \"group:noc\"]",
        "Who is told of everything, comments included: logins, group:NAME, addresses.",
    ),
    may("cc_from_mail", Form::Flag, "false", "Whether people in To and Cc of a new ticket's mail become its Cc. Default true."),
    may(
        "automatic_mail",
        Form::OneOf(&["record", "ticket"]),
        "\"ticket\"",
        "What a program's mail on no ticket becomes: a line in the ledger, or a ticket. Default record.",
    ),
    may(
        "reopen_days",
        Form::Number(0, 3650),
        "14",
        "For how many days after it was resolved a customer's answer opens a ticket again. Default 14.",
    ),
    may("language", Form::Language, "\"de\"", "Language of its mails, where templates know it. Default: English."),
    may("quote", Form::Flag, "true", "Whether mails to customers end with what they wrote last, quoted. Default false."),
    may("html", Form::Flag, "false", "Whether mails have a simple HTML form beside the text. Default true."),
    may(
        "show_names",
        Form::Flag,
        "false",
        "Whether From names whoever wrote, \"Anna via Support\", or only the queue, \"Support\". Default true.",
    ),
    may(
        "acknowledge_forwarded",
        Form::Flag,
        "true",
        "Whether the original sender of a mail that staff forward gets an acknowledgement. Default false.",
    ),
    may(
        "strangers",
        Form::OneOf(&["ticket", "internal", "accept"]),
        "\"internal\"",
        "What mail on a ticket from somebody without a part in it becomes: a linked ticket, an entry that only staff see until one of \
         them approves it, or an answer. Default ticket.",
    ),
    may(
        "spam",
        Form::OneOf(&["quarantine", "ticket"]),
        "\"ticket\"",
        "What spam becomes: held mail, or a ticket without an acknowledgement. Default quarantine.",
    ),
    may("rules_off", Form::Words, "[\"acknowledge\"]", "Rules that do not run here, by name."),
    may("rules_on", Form::Words, "[\"tell the night shift\"]", "Rules that run here though enabled = false elsewhere, by name."),
    may("disabled", Form::Flag, "true", "Whether it takes no new tickets. Default false."),
    may(
        "life_cycle",
        Form::Name,
        "\"sysadmin\"",
        "Which statuses there are: default (new, open, stalled, resolved, closed, rejected), sysadmin (open, assigned, in progress, \
         resolved, closed), or the name of a [[life_cycle]]. Default default.",
    ),
    may(
        "after_close",
        Form::OneOf(&["new", "reopen", "join"]),
        "\"reopen\"",
        "What a customer's answer to a ticket in a final status does: it opens a linked ticket, opens the ticket again, or joins it, \
         status unchanged. Default new.",
    ),
];

static LIFE_CYCLE: &[Key] = &[
    must("name", Form::Name, "\"incident\"", "Its name, for queues. That of one that comes with Postern stands in for it."),
    must("initial", Form::Words, "[\"new\"]", "Statuses in which nobody has begun. Tickets begin in the first."),
    may("active", Form::Words, "[\"open\", \"in progress\", \"stalled\"]", "Statuses of work."),
    must(
        "inactive",
        Form::Words,
        "[\"resolved\", \"closed\"]",
        "Statuses in which it is over. The first is that of a ticket that is done: its requestors are told.",
    ),
    may(
        "waiting",
        Form::Words,
        "[\"stalled\"]",
        "Active statuses that end when a customer answers, or at a time. Default: none.",
    ),
    may(
        "final",
        Form::Words,
        "[\"closed\"]",
        "Inactive statuses after which an answer does what after_close says. Default: none.",
    ),
    may("answered", Form::Line, "\"open\"", "Status that a technician's first answer gives. Default: the first active one."),
    may("owned", Form::Line, "\"open\"", "Status that the first owner gives to a ticket in an initial one. Default: it stays."),
    may(
        "reopened",
        Form::Line,
        "\"open\"",
        "Status that a customer's answer gives to a ticket that waits or is done. Default: the first active one.",
    ),
    may(
        "transitions",
        Form::Words,
        "[\"new -> open, stalled\", \"* -> closed by group:leads, role:owner\"]",
        "Ways between statuses, * being any, and who may go them. Default: all ways, for whoever may change the status.",
    ),
];

static PERSON: &[Key] = &[
    must("login", Form::Login, "\"anna\"", "Login. It is the key."),
    may("name", Form::Line, "\"Anna Larsen\"", "Name for people. Default: the login."),
    may(
        "email",
        Form::Addresses,
        "[\"anna@example.org\"]",
        "Addresses. Mail goes to the first; mail from any is theirs. Needed unless disabled.",
    ),
    may("role", Form::OneOf(&["admin", "staff", "guest"]), "\"staff\"", "What they are. Default guest."),
    may(
        "notify",
        Form::OneOf(&["all", "mine", "none"]),
        "\"mine\"",
        "Which mail they want: all, what concerns tickets on which they are named themselves, or none. Default all.",
    ),
    may(
        "digest",
        Form::OneOf(&["daily", "weekly"]),
        "\"daily\"",
        "Whether what a queue tells them comes in one mail, every morning or on Mondays; their own tickets come at once. Default: at once.",
    ),
    may("language", Form::Language, "\"de\"", "Language of mails to them. Default: the queue's."),
    may("disabled", Form::Flag, "true", "Whether they are gone: kept for the record, never mailed. Default false."),
];

static GROUP: &[Key] = &[
    must("name", Form::Name, "\"noc\"", "Its name."),
    may("members", Form::Words, "[\"anna\", \"group:night\"]", "Logins, and group:NAME for all of another group."),
];

static RIGHTS: &[Key] = &[
    may(
        "staff",
        Form::AnyOf(rights::WORDS),
        "[\"all\"]",
        "Those who work here. Default all, which is every right but administer.",
    ),
    may("guest", Form::AnyOf(rights::WORDS), "[\"create\"]", "Everybody, known or not. Default create."),
    may("requestor", Form::AnyOf(rights::WORDS), "[\"see\", \"reply\"]", "Requestors of a ticket. Default see and reply."),
    may(
        "cc",
        Form::AnyOf(rights::WORDS),
        "[\"see\", \"reply\"]",
        "Ccs of a ticket, and people in To or Cc of its mails. Default see and reply.",
    ),
    may(
        "admincc",
        Form::AnyOf(rights::WORDS),
        "[\"see\", \"see-comments\"]",
        "AdminCcs of a ticket or its queue. Default see, reply, comment and see-comments.",
    ),
    may(
        "owner",
        Form::AnyOf(rights::WORDS),
        "[\"all\"]",
        "The owner of a ticket. Default see, reply, comment, see-comments, own and modify.",
    ),
];

static GRANT: &[Key] = &[
    must(
        "to",
        Form::Line,
        "\"group:noc\"",
        "To whom: a login, group:NAME, role:NAME (a level or a role on the ticket), everyone.",
    ),
    must("rights", Form::AnyOf(rights::WORDS), "[\"see\", \"reply\"]", "What they may do."),
    may("queue", Form::Name, "\"noc\"", "Queue. Default: everywhere."),
];

static RULE: &[Key] = &[
    must("name", Form::Name, "\"tell the night shift\"", "Its name."),
    may("queue", Form::Name, "\"support\"", "Queue. Default: every queue."),
    must("on", Form::OneOf(EVENTS), "\"create\"", "The event."),
    may("when", Form::Text, "\"not automatic\"", "Condition. Default: always."),
    must("notify", Form::SomeOf(RECIPIENTS), "[\"admincc\", \"group:noc\"]", "Who is told: roles, and group:NAME."),
    must(
        "audience",
        Form::OneOf(AUDIENCES),
        "\"staff\"",
        "For whom the mail is; what customers must not see has another than customers.",
    ),
    must("template", Form::Name, "\"new-ticket\"", "Template by name."),
    may("enabled", Form::Flag, "false", "Whether it runs. Default true."),
];

static TEMPLATE: &[Key] = &[
    must("name", Form::Name, "\"acknowledgement\"", "Its name."),
    may("queue", Form::Name, "\"support\"", "Queue. Default: every queue."),
    may("language", Form::Language, "\"de\"", "Language. Default: every language that has no template of its own."),
    must("body", Form::Text, "\"Subject: {{ ticket.subject }}\\n\\nThank you.\\n\"", "Header lines, an empty line, the text."),
];
