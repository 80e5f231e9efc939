//! Every code of a defect, and whether it means that something was lost or may be wrong.

use crate::message::Defect;

/// What a defect means for who works with the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Something is not there, was not read, or may be wrong: somebody should look, or ask for it again.
    Loss,
    /// Against the rules, and read all the same.
    Form,
}

use Weight::{Form, Loss};

/// All codes in the order of the alphabet. `docs/trouble.md` says in plain words what they mean.
pub const CODES: &[(&str, Weight)] = &[
    ("byte-order-mark", Form),
    ("calendar-empty", Loss),
    ("calendar-too-large", Loss),
    ("charset", Form),
    ("duplicate-header", Form),
    ("emlx", Form),
    ("empty", Form),
    ("empty-lines-before-header", Form),
    ("empty-multipart", Form),
    ("external-body", Loss),
    ("file-in-text", Loss),
    ("forwarded-too-deep", Loss),
    ("forwarded-too-large", Loss),
    ("header-only", Form),
    ("header-starts-with-space", Form),
    ("html-as-text", Form),
    ("html-too-large", Loss),
    ("junk-in-header", Form),
    ("long-subject", Loss),
    ("no-boundary", Form),
    ("no-date", Form),
    ("no-empty-line", Form),
    ("no-from", Form),
    ("no-headers", Form),
    ("no-message-id", Form),
    ("not-a-mail", Form),
    ("not-base64", Form),
    ("not-text", Form),
    ("partial-message", Loss),
    ("preamble", Form),
    ("quoted-mail", Form),
    ("rtf-as-text", Form),
    ("rtf-too-large", Loss),
    ("several-from", Form),
    ("several-lists", Form),
    ("several-messages", Loss),
    ("signature-cut", Loss),
    ("signature-not-verified", Form),
    ("smtp-session", Form),
    ("text-truncated", Loss),
    ("tnef-checksum", Loss),
    ("tnef-rtf", Loss),
    ("tnef-rtf-too-large", Loss),
    ("tnef-too-large", Loss),
    ("tnef-truncated", Loss),
    ("tnef-unreadable", Loss),
    ("too-deep", Loss),
    ("too-many-addresses", Loss),
    ("too-many-files", Loss),
    ("too-many-headers", Loss),
    ("too-many-parts", Loss),
    ("too-many-references", Form),
    ("too-many-signatures", Loss),
    ("turned-text", Form),
    ("unfolded-header", Form),
    ("unknown-encoding", Loss),
    ("unterminated-multipart", Loss),
    ("utf-16-mail", Form),
];

impl Defect {
    /// Whether something was lost or may be wrong, beyond mere form.
    pub fn is_loss(&self) -> bool {
        let at = CODES.binary_search_by(|(code, _)| (*code).cmp(self.code)).ok();
        at.and_then(|at| CODES.get(at)).is_some_and(|(_, weight)| *weight == Loss)
    }

    /// As programs and people see it: `code: sentence`.
    pub fn in_words(&self) -> String {
        format!("{}: {}", self.code, self.detail)
    }
}
