//! The decision: what to do with a message, why, and whom to tell. Data only; `core` carries it out.

mod mails;

use crate::facts::Border;
use crate::life_cycle::{Status, StatusKind};
use crate::link::{LinkKind, LinkTarget};
use crate::types::{Moment, Party, Trust, WatchRole};
pub use mails::{Letter, LetterKind, Notice, NoticeFile, NoticeKind};
use postern_mail::Class;
use postern_mail::authentication::Authentication;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;

/// What became of a message. The words are those of the JSON contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It opened a ticket.
    Created,
    /// It is an answer that the requestor may see.
    Corresponded,
    /// It is an internal note.
    Commented,
    /// It changed a ticket by command, without text.
    Commanded,
    /// It belongs to a ticket and adds nothing that anybody is told of at once.
    Joined,
    /// It was here before.
    Duplicate,
    /// It is kept for people to look up; no ticket.
    Recorded,
    /// It is held for a person to look at.
    Quarantined,
    /// It was turned away.
    Refused,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Verdict; 9] = [
        Verdict::Created,
        Verdict::Corresponded,
        Verdict::Commented,
        Verdict::Commanded,
        Verdict::Joined,
        Verdict::Recorded,
        Verdict::Quarantined,
        Verdict::Duplicate,
        Verdict::Refused,
    ];

    /// The word of the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Created => "created",
            Verdict::Corresponded => "corresponded",
            Verdict::Commented => "commented",
            Verdict::Commanded => "commanded",
            Verdict::Joined => "joined",
            Verdict::Duplicate => "duplicate",
            Verdict::Recorded => "recorded",
            Verdict::Quarantined => "quarantined",
            Verdict::Refused => "refused",
        }
    }

    /// The verdict of that word.
    pub fn from_word(word: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|v| v.as_str() == word)
    }
}

/// One line of the account of how a decision was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What it is about: `class`, `queue`, `sender`, `ticket`, `action`, `rule`, `mail`, `confirmation`.
    pub step: &'static str,
    /// A sentence for people.
    pub text: String,
}

/// What happens with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What became of it.
    pub verdict: Verdict,
    /// Why, in a sentence for people.
    pub reason: String,
    /// How sure we are of the sender.
    pub trust: Trust,
    /// What kind of mail it is, in the light of what the site says of spam; `None` where no mail is the cause.
    pub class: Option<Class>,
    /// What the border mail server says of who sent it, where it is asked.
    pub authentication: Option<Authentication>,
    /// The ticket that it went to.
    pub ticket: Option<u64>,
    /// What to change, in order.
    pub changes: Vec<Change>,
    /// Whom to tell.
    pub notices: Vec<Notice>,
    /// Mails of the program's own, about what it did with this one.
    pub letters: Vec<Letter>,
    /// By what later mails are compared with it; `None` where no mail is the cause, or it stands for nobody's.
    pub mark: Option<Mark>,
    /// How it was reached.
    pub trail: Vec<Step>,
}

/// What is remembered of a mail to tell loops (A115): sums of words, as the database keeps them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Who wrote to which address of ours, how sure we are of them, and whether a program did. Addresses of persons that differ in a number
    /// only have the same.
    pub origin: i64,
    /// The very address, where the origin does not tell it.
    pub writer: Option<i64>,
    /// What a person's mail says.
    pub likeness: Option<i64>,
}

/// Kinds of history entries. The words are those of the JSON contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// The ticket was made.
    Create,
    /// An answer.
    Correspond,
    /// An internal note.
    Comment,
    /// A change without text.
    Change,
    /// A remark of the program's own.
    Note,
}

impl EntryKind {
    /// The word in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            EntryKind::Create => "create",
            EntryKind::Correspond => "correspond",
            EntryKind::Comment => "comment",
            EntryKind::Change => "change",
            EntryKind::Note => "note",
        }
    }
}

/// A field that an event changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct FieldChange {
    /// Field, such as `status`; those that a site defines are `field.NAME`.
    pub field: Cow<'static, str>,
    /// What it was.
    pub from: Option<String>,
    /// What it is now.
    pub to: Option<String>,
}

/// A change as the history has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastChange {
    /// Field, such as `status`.
    pub field: String,
    /// What it was.
    pub from: Option<String>,
    /// What it became.
    pub to: Option<String>,
}

impl PastChange {
    /// Something that begins as this.
    pub fn begin(field: impl Into<String>, to: impl Into<String>) -> Self {
        PastChange { field: field.into(), from: None, to: Some(to.into()) }
    }
}

/// A history entry to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Its kind.
    pub kind: EntryKind,
    /// Who did it; `None`: the program.
    pub actor: Option<Party>,
    /// Whether customers must never see it.
    pub internal: bool,
    /// Whether it is shown folded: automatic mail, list copies.
    pub folded: bool,
    /// Whether it makes the ticket new in people's lists. Automatic mail and remarks of the program do not (A111).
    pub news: bool,
    /// Its text; `None` for none.
    pub text: Option<String>,
    /// What of the text is folded away, as ranges of octets; `None`: nobody looked, as for what people write by command.
    pub folds: Option<Vec<Range<usize>>>,
    /// Whether it is the entry of the event itself, such as the arrived message's own (at most one is): mails tell of it.
    pub of_event: bool,
    /// What it changed.
    pub changes: Vec<FieldChange>,
}

impl NewEntry {
    /// An event's own entry that customers never see, with a text that is told as it stands or none.
    pub fn internal(kind: EntryKind, actor: Option<Party>, text: Option<String>, changes: Vec<FieldChange>) -> Self {
        NewEntry { kind, actor, internal: true, folded: false, news: true, text, folds: None, of_event: true, changes }
    }
}

/// How a ticket knows a Message-ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RefKind {
    /// A mail of it that customers may know.
    Seen,
    /// A mail of it that customers must not know.
    Internal,
    /// Only named by one of its mails.
    Named,
}

/// One change of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A ticket is made.
    CreateTicket {
        /// Its number, from [`crate::Facts::fresh_ticket`].
        number: u64,
        /// Queue, by row.
        queue: i64,
        /// Subject.
        subject: String,
        /// The status in which it begins.
        status: Status,
        /// Requestors.
        requestors: Vec<Party>,
        /// Ccs.
        cc: Vec<Party>,
    },
    /// A history entry is written; if it is news, its time becomes the ticket's last update.
    Entry {
        /// Ticket.
        ticket: u64,
        /// The entry.
        entry: NewEntry,
    },
    /// The status changes; the entry that says so is another change.
    SetStatus {
        /// Ticket.
        ticket: u64,
        /// The new status.
        status: Status,
        /// What that means.
        kind: StatusKind,
    },
    /// The owner changes; the entry that says so is another change.
    SetOwner {
        /// Ticket.
        ticket: u64,
        /// The new owner's row; nobody.
        owner: Option<i64>,
    },
    /// The ticket goes to another queue; the entry that says so is another change.
    SetQueue {
        /// Ticket.
        ticket: u64,
        /// The new queue's row.
        queue: i64,
    },
    /// The subject changes.
    SetSubject {
        /// Ticket.
        ticket: u64,
        /// The new subject.
        subject: String,
    },
    /// The priority changes.
    SetPriority {
        /// Ticket.
        ticket: u64,
        /// The new priority.
        priority: i64,
    },
    /// The time by which it should be done changes.
    SetDue {
        /// Ticket.
        ticket: u64,
        /// Microseconds since 1970 UTC; `None`: no time.
        due: Option<i64>,
    },
    /// The priority that it is to have when it is due changes.
    SetFinalPriority {
        /// Ticket.
        ticket: u64,
        /// The new one; `None`: the priority stays as it is.
        priority: Option<i64>,
    },
    /// The time at which work is meant to begin changes.
    SetStarts {
        /// Ticket.
        ticket: u64,
        /// Microseconds since 1970 UTC; `None`: no time.
        starts: Option<i64>,
    },
    /// A time at which something happened to it is set by hand.
    SetMoment {
        /// Ticket.
        ticket: u64,
        /// Which.
        moment: Moment,
        /// Microseconds since 1970 UTC; `None`: it has not happened.
        at: Option<i64>,
    },
    /// The time at which a ticket that waits goes on by itself changes.
    SetWakes {
        /// Ticket.
        ticket: u64,
        /// Microseconds since 1970 UTC; `None`: it does not by itself.
        wakes: Option<i64>,
    },
    /// The time that went into it changes.
    SetTimeWorked {
        /// Ticket.
        ticket: u64,
        /// Minutes.
        minutes: i64,
    },
    /// The time that it should take changes.
    SetTimeEstimated {
        /// Ticket.
        ticket: u64,
        /// Minutes; `None`: nobody says.
        minutes: Option<i64>,
    },
    /// The time that it still takes changes.
    SetTimeLeft {
        /// Ticket.
        ticket: u64,
        /// Minutes; `None`: nobody says.
        minutes: Option<i64>,
    },
    /// A tag is put on the ticket, or taken off.
    Tag {
        /// Ticket.
        ticket: u64,
        /// The tag, in lower case.
        tag: String,
        /// Whether it is on it now.
        on: bool,
    },
    /// A value of one of the site's own fields is replaced by another, comes or goes.
    Field {
        /// Ticket.
        ticket: u64,
        /// The field's name.
        field: String,
        /// The value that goes.
        from: Option<String>,
        /// The value that comes.
        to: Option<String>,
    },
    /// Somebody becomes a watcher.
    AddWatcher {
        /// Ticket.
        ticket: u64,
        /// As what.
        role: WatchRole,
        /// Who.
        party: Party,
    },
    /// Somebody is a watcher no more.
    RemoveWatcher {
        /// Ticket.
        ticket: u64,
        /// As what.
        role: WatchRole,
        /// Who.
        party: Party,
    },
    /// An address gets no more mail about the ticket, or gets it again.
    Squelch {
        /// Ticket.
        ticket: u64,
        /// Bare address in lower case.
        address: String,
        /// Whether it gets none.
        on: bool,
    },
    /// A probe of ours came back, so mail to this address with an extension reaches us.
    ProbeReturned {
        /// The address, by key, without the extension.
        address: String,
        /// The probe's number.
        number: u64,
    },
    /// A probe with forged Authentication-Results came back.
    BorderProbeReturned {
        /// The probe's number.
        number: u64,
        /// What it showed.
        seen: Result<Border, String>,
    },
    /// A queue watches the ticket of another queue (A46).
    WatchQueue {
        /// Ticket.
        ticket: u64,
        /// The watching queue's row.
        queue: i64,
    },
    /// A queue watches the ticket of another queue no more.
    UnwatchQueue {
        /// Ticket.
        ticket: u64,
        /// The watching queue's row.
        queue: i64,
    },
    /// These addresses may join the ticket, and are mailed nothing.
    Participants {
        /// Ticket.
        ticket: u64,
        /// Bare addresses in lower case.
        addresses: Vec<String>,
    },
    /// An outsider's mail that only staff could see becomes correspondence; the entry that says so is another change.
    Approve {
        /// The entry.
        entry: i64,
    },
    /// A ticket is linked to another, or to a page, or not any more. The other side's words of it are in its entry, and nowhere else.
    Link {
        /// The ticket that the link leads from.
        ticket: u64,
        /// What it says.
        kind: LinkKind,
        /// Where it leads.
        target: LinkTarget,
        /// Whether there is such a link from now on.
        on: bool,
    },
    /// A ticket goes into another, or stands for itself again.
    Merge {
        /// The ticket.
        ticket: u64,
        /// Into which; `None`: into none any more.
        into: Option<u64>,
    },
    /// A history entry is written that says what an older one says: their mail and files are the same.
    EntryOf {
        /// Ticket.
        ticket: u64,
        /// The entry.
        entry: NewEntry,
        /// The older entry, by its row.
        source: i64,
    },
    /// A message that is kept is read in another way: what its row says changes, the octets stay.
    Reread {
        /// Message row.
        message: i64,
        /// The charset that a person named; `None`: the program's own reading.
        charset: Option<String>,
        /// Subject.
        subject: String,
        /// Name in From.
        from_name: Option<String>,
        /// Names of its files, by position; empty where they stay as they are.
        files: Vec<String>,
    },
    /// The text of an entry, read in another way.
    EntryText {
        /// The entry.
        entry: i64,
        /// Its text.
        text: String,
        /// What of it is folded away, as ranges of octets.
        folds: Vec<Range<usize>>,
    },
    /// Somebody's name, read in another way.
    NamePerson {
        /// Row.
        person: i64,
        /// Their name.
        name: String,
    },
    /// A mail of ours came back.
    Bounced {
        /// Outbox row.
        mail: i64,
        /// The remote's words.
        reply: String,
    },
    /// A server, or its reader's program, tells of a mail of ours that left.
    DeliveryNote {
        /// Outbox row.
        mail: i64,
        /// What it tells.
        note: String,
    },
    /// A mail did not arrive because of its address.
    Trouble {
        /// Bare address in lower case.
        address: String,
        /// Outbox row.
        mail: i64,
        /// The remote's words.
        reply: String,
        /// Whether nothing is sent there from now on.
        suspends: bool,
    },
    /// Somebody writes from an address whose mail came back: it is good again.
    ClearTrouble {
        /// Bare address in lower case.
        address: String,
    },
    /// A held delivery does what it would have done, had we been sure of its sender; somebody said that they wrote it (E6).
    Release {
        /// Its row in the ledger.
        delivery: i64,
        /// Who said so.
        by: String,
    },
    /// A held delivery is put aside: it stays in the ledger, and does nothing.
    PutAside {
        /// Its row in the ledger.
        delivery: i64,
        /// Why.
        reason: String,
    },
    /// Mails that were held because they repeat words of an internal comment leave after all (E12).
    SendHeld {
        /// Rows of the outbox.
        mails: Vec<i64>,
    },
    /// They are given up.
    DiscardHeld {
        /// Rows of the outbox.
        mails: Vec<i64>,
    },
    /// What an act or a mail did was taken back; the entries that do so are other changes.
    Undone {
        /// The first entry of what was taken back.
        set: i64,
        /// First entries of what holds again, because what took them back was itself taken back.
        again: Vec<i64>,
    },
    /// Somebody's approval is asked, or asked again: what they said before counts no more.
    AskApproval {
        /// Ticket.
        ticket: u64,
        /// Whose, by row.
        person: i64,
        /// Who asks, by row; nobody: the system.
        by: Option<i64>,
    },
    /// Somebody's approval is asked no more.
    UnaskApproval {
        /// Ticket.
        ticket: u64,
        /// Whose, by row.
        person: i64,
    },
    /// Somebody says what they think of it.
    AnswerApproval {
        /// Ticket.
        ticket: u64,
        /// Who, by row.
        person: i64,
        /// Whether they agree.
        yes: bool,
        /// How sure we are that it is they who say so.
        trust: Trust,
        /// What they say to it; may be empty.
        remark: String,
    },
    /// Its mails name these Message-IDs, so the ticket knows them (A71).
    Remember {
        /// Ticket.
        ticket: u64,
        /// Ids without angle brackets.
        ids: Vec<String>,
    },
}
