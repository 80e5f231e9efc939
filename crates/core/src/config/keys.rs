//! The sections and keys of `postern.toml`: one table for the reader and the documentation.

use super::document::{Key, Kind, Section};
use super::form::Form;

/// What `postern.toml` may say.
pub static POSTERN_TOML: Kind = Kind { sections: SECTIONS, elsewhere: crate::site::SECTIONS, other_file: "site.toml" };

/// The sections of `postern.toml`.
pub static SECTIONS: &[Section] = &[
    Section { name: "site", many: false, help: "Who we are.", keys: SITE },
    Section { name: "database", many: false, help: "Where tickets and mail are kept.", keys: DATABASE },
    Section { name: "outgoing", many: false, help: "How mail leaves.", keys: OUTGOING },
    Section { name: "gateway", many: false, help: "How mail comes in.", keys: GATEWAY },
];

static SITE: &[Key] = &[Key {
    name: "name",
    form: Form::Name,
    needed: true,
    example: "\"example.org\"",
    help: "The name in subject tags, [example.org #123]. Usually the domain. Changing it: keep the old one in site.toml's former_names.",
}];

static DATABASE: &[Key] = &[Key {
    name: "url",
    form: Form::Line,
    needed: false,
    example: "\"sqlite:postern.db\"",
    help: "sqlite:PATH, relative to this file. Default sqlite:postern.db.",
}];

static OUTGOING: &[Key] = &[
    Key {
        name: "courier",
        form: Form::Line,
        needed: false,
        example: "\"smtp://localhost\"",
        help: "smtp://[USER:PASSWORD@]HOST[:PORT][?tls=none|opportunistic|required], smtps://..., sendmail:PATH or directory:PATH. \
               Default directory:outgoing, one file a mail.",
    },
    Key {
        name: "password_file",
        form: Form::Line,
        needed: false,
        example: "\"smtp.password\"",
        help: "File whose first line is the courier's password, for a courier with a user and no password.",
    },
    Key {
        name: "from",
        form: Form::Address,
        needed: false,
        example: "\"support@example.org\"",
        help: "From of mail that belongs to no queue. Default: the first queue's address.",
    },
    Key {
        name: "bounce",
        form: Form::Address,
        needed: false,
        example: "\"postern-bounces@example.org\"",
        help: "Envelope sender, where failure reports come back: an alias of its own that pipes into postern-mailgate. \
               Default: the same as from, the one address that is known to exist.",
    },
    Key {
        name: "connections",
        form: Form::Number(1, 64),
        needed: false,
        example: "4",
        help: "How many mails are sent at the same time. Default 4.",
    },
    Key {
        name: "per_domain",
        form: Form::Number(1, 64),
        needed: false,
        example: "2",
        help: "How many of them may go to addresses of one domain. Default: as many as there are connections.",
    },
    Key {
        name: "give_up_days",
        form: Form::Number(1, 30),
        needed: false,
        example: "5",
        help: "For how many days a mail is tried before it is given up, and the ticket and its owner are told. Default 5.",
    },
    Key {
        name: "attachments",
        form: Form::Size(0),
        needed: false,
        example: "\"10 MiB\"",
        help: "Files up to this size together are passed on with a mail; others are named in it. Default 10 MiB.",
    },
    Key {
        name: "delimiter",
        form: Form::OneOf(&["+", "-"]),
        needed: false,
        example: "\"+\"",
        help: "What stands before the extension in support+123@example.org, where the mail server delivers such addresses to the queue. \
               Default: none. Used once `postern check --probe` has seen such a mail come back.",
    },
];

static GATEWAY: &[Key] = &[
    Key {
        name: "queue",
        form: Form::Name,
        needed: false,
        example: "\"support\"",
        help: "Queue of mail that comes without --queue and for no queue's address. Default: the only queue there is.",
    },
    Key {
        name: "authoritative",
        form: Form::Flag,
        needed: false,
        example: "true",
        help: "Whether mail for an unknown queue may be refused for good (exit 67) rather than tried again. Default false.",
    },
    Key {
        name: "timeout",
        form: Form::Duration(1, 900),
        needed: false,
        example: "\"60s\"",
        help: "How long a delivery waits for the database before the mail server is told to try again. Default 60s.",
    },
    Key {
        name: "max_message_size",
        form: Form::Size(64 * 1024),
        needed: false,
        example: "\"100 MiB\"",
        help: "Larger mail is not taken. Default 100 MiB.",
    },
];
