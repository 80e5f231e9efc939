//! Letters: mails of the program's own about a mail that came in, to its author or to an administrator. They belong to no ticket and
//! leave with the null envelope sender, so that nothing answers them but a person (RFC 3834 section 3.3).

use crate::intake::Setting;
use crate::outbox::{MailHeaders, Mailbox};
use crate::store::engine::{StoreError, Tx};
use crate::store::letter::{self as store, NewLetter};
use crate::store::site;
use postern_mail::Message;
use postern_mail::classify::LOOP_FIELD;
use postern_mail::token::{self, Purpose};
use postern_model::letter::{self, Scene};
use postern_model::{Facts, Letter, LetterKind, NoticeKind, Queue};

/// The mail that letters are about.
pub(crate) struct Cause<'a> {
    /// Its row in the ledger.
    pub(crate) delivery: i64,
    /// The mail.
    pub(crate) message: &'a Message,
    /// When it arrived, or was let in.
    pub(crate) now: i64,
}

/// Writes letters into the outbox, after the row of the ledger that they are about.
pub(crate) fn write(
    tx: &Tx<'_>,
    facts: &dyn Facts,
    setting: &Setting<'_>,
    letters: &[Letter],
    cause: &Cause<'_>,
) -> Result<(), StoreError> {
    for (number, one) in letters.iter().enumerate() {
        // Whoever wants a letter looks at this before; mail to ourselves must not depend on it.
        if facts.site().own_address(&one.to.address).is_some() {
            continue;
        }
        let sender = Sender::of(tx, facts, setting, one)?;
        let token = token_of(facts, one, cause.delivery);
        let (subject, text) = letter::text(one, &scene(setting, &sender, &token, cause));
        let headers = headers(facts, setting, one, cause, &sender, Words { number, token: &token, subject });
        let kind = one.kind.notice().as_str();
        let new = NewLetter { kind, address: &one.to.address, delivery: cause.delivery, headers: &headers, text: &text };
        store::insert(tx, &new, cause.now)?;
    }
    Ok(())
}

/// In whose name a letter is written.
struct Sender {
    name: String,
    address: String,
    /// The queue for people: its name and address.
    place: String,
}

impl Sender {
    fn of(tx: &Tx<'_>, facts: &dyn Facts, setting: &Setting<'_>, letter: &Letter) -> Result<Self, StoreError> {
        let queue: Option<&Queue> = letter.queue.and_then(|id| facts.site().queue(id));
        // Answers to what went there come back there.
        let control = facts.site().commands.control_address.clone().filter(|_| matches!(letter.kind, LetterKind::Transcript(_)));
        let (name, address) = match (queue, setting.from) {
            (None, _) if control.is_some() => (setting.site_name.to_owned(), control.unwrap_or_default()),
            (Some(queue), _) => (queue.display().to_owned(), queue.address.clone()),
            (None, Some(from)) => (setting.site_name.to_owned(), from.to_owned()),
            (None, None) => (setting.site_name.to_owned(), site::first_address(tx)?.unwrap_or_default()),
        };
        let place = queue.map_or_else(|| address.clone(), |queue| format!("{} ({})", queue.name, queue.address));
        Ok(Sender { name, address, place })
    }

    fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
    }
}

/// What an answer must carry, bound to whom it is sent to; empty for letters that ask nothing.
fn token_of(facts: &dyn Facts, letter: &Letter, delivery: i64) -> String {
    let purpose = match letter.kind {
        LetterKind::Confirmation { .. } => Purpose::Confirm,
        LetterKind::Many { .. } => Purpose::Many,
        LetterKind::Repeats { .. } => Purpose::Send,
        LetterKind::Transcript(_) => Purpose::Undo,
        LetterKind::Warning { .. } => return String::new(),
    };
    let key = facts.site().keys.first();
    key.map(|key| token::make(key, purpose, delivery.unsigned_abs(), &letter.to.address)).unwrap_or_default()
}

fn scene<'a>(setting: &Setting<'a>, sender: &'a Sender, token: &'a str, cause: &Cause<'_>) -> Scene<'a> {
    Scene { site: setting.site_name, place: &sender.place, received: cause.now, delivery: cause.delivery, token }
}

/// The list whose numbers the commands of a mail name: an answer to their transcript means the same.
fn list_of(letter: &Letter) -> Option<String> {
    if let LetterKind::Transcript(transcript) = &letter.kind { transcript.list.clone() } else { None }
}

/// What differs from letter to letter.
struct Words<'a> {
    number: usize,
    token: &'a str,
    subject: String,
}

/// The header fields. A question names the mail that it is about, as RFC 3834 section 3.1.5 wants: a client threads it for whoever
/// wrote that, and whoever did not has no such mail. What that mail names in turn is left out: it may have been chosen so that an
/// answer would thread elsewhere.
fn headers(
    facts: &dyn Facts,
    setting: &Setting<'_>,
    letter: &Letter,
    cause: &Cause<'_>,
    sender: &Sender,
    words: Words<'_>,
) -> MailHeaders {
    let Words { number, token, subject } = words;
    let kind = letter.kind.notice();
    let asks = matches!(kind, NoticeKind::Confirmation | NoticeKind::Transcript);
    let what = if kind == NoticeKind::Transcript { "transcript" } else { "confirm" };
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mailbox = |name: &str, email: &str| Mailbox { name: name.to_owned(), email: email.to_owned() };
    let parent = (asks && !cause.message.synthetic_id).then(|| cause.message.message_id.clone());
    let message_id = match token.is_empty() {
        true => format!("letter.{}.{number}.{}@{}", cause.delivery, cause.now, sender.domain()),
        false => format!("{what}.{token}@{}", sender.domain()),
    };
    let extended = facts.site().extend(&sender.address, || token.to_owned()).filter(|_| !token.is_empty());
    MailHeaders {
        from: mailbox(&sender.name, &sender.address),
        to: vec![mailbox(&letter.to.name, &letter.to.address)],
        cc: Vec::new(),
        reply_to: Some(mailbox("", &extended.unwrap_or_else(|| sender.address.clone()))),
        subject,
        date: cause.now,
        message_id,
        in_reply_to: parent.clone(),
        references: list_of(letter).into_iter().chain(parent).collect(),
        more: vec![
            field(LOOP_FIELD, setting.site_name),
            field("Auto-Submitted", if asks { "auto-replied" } else { "auto-generated" }),
            field("X-Auto-Response-Suppress", "All"),
        ],
    }
}
