//! What deciding may ask. In the program these are queries in the open transaction, in tests they are maps.

use crate::decision::{PastChange, RefKind};
use crate::life_cycle::{self, LifeCycle};
use crate::link::Link;
use crate::returned::{SentMail, Trouble};
use crate::rights::{GrantDefinition, RightsDefinition};
use crate::site::{
    AfterClose, AutomaticMail, BrakesDefinition, CommandsDefinition, FieldDefinition, RuleDefinition, SpamMail, Strangers,
    TrustDefinition,
};
use crate::types::{Party, Person, Ticket, Trust, WatchRole};
use postern_mail::Message;
use postern_mail::address::address_key;
use postern_mail::ident::{Key, OwnId};
use postern_mail::subject::TagNames;
use postern_mail::token;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::rc::Rc;

/// A fact could not be had; the delivery is tried again later. What exactly went wrong is the asker's business.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct FactError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// An answer to a question.
pub type Fact<T> = Result<T, FactError>;

/// The organisation, as far as every decision needs it.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// Its name: in subject tags, loop marks and Message-IDs.
    pub name: String,
    /// Former names whose tags are still ours.
    pub former_names: Vec<String>,
    /// Queues in the order of their rows.
    pub queues: Vec<Queue>,
    /// Every address that is ours.
    pub own: Vec<OwnAddress>,
    /// Where failure reports come back, if that is an address of its own.
    pub bounce: Option<String>,
    /// Keys of our Message-IDs; the first signs.
    pub keys: Vec<Key>,
    /// Octets of files that are passed on with one mail.
    pub attachments: u64,
    /// What stands between an address and its extension, where the site says so.
    pub delimiter: Option<char>,
    /// Addresses of ours, by key, of which it is known that mail to them with an extension reaches us: a probe came back.
    pub extended: Vec<String>,
    /// How sure of a sender the site wants to be.
    pub trust: TrustDefinition,
    /// What a probe showed of the border mail server; `None`: nothing, so nothing that it writes is believed.
    pub border: Option<Border>,
    /// What ends loops.
    pub brakes: BrakesDefinition,
    /// Life cycles that the site defines, beside or instead of those of the program.
    pub life_cycles: Vec<LifeCycle>,
    /// What levels and roles may do.
    pub rights: RightsDefinition,
    /// What else is granted.
    pub grants: Vec<GrantDefinition>,
    /// Fields that the site defines.
    pub fields: Vec<FieldDefinition>,
    /// What commands by mail are bound to.
    pub commands: CommandsDefinition,
}

/// What probes showed of the border mail server: it removes forged Authentication-Results, and adds its own (A98).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Border {
    /// The names that were looked for. Others need another probe.
    pub authserv_id: Vec<String>,
    /// Numbers of Received fields above its results, each seen with a probe: one for every way that mail takes.
    pub received_above: Vec<usize>,
}

/// A queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// Row.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Where customers write.
    pub address: String,
    /// Where staff write what customers never see.
    pub comment_address: Option<String>,
    /// Name in From.
    pub from_name: Option<String>,
    /// Name in subject tags.
    pub tag: Option<String>,
    /// Text under mails to customers.
    pub signature: Option<String>,
    /// Whether people in To and Cc of a new ticket's mail become its Cc.
    pub cc_from_mail: bool,
    /// What becomes of a program's mail that belongs to no ticket.
    pub automatic_mail: AutomaticMail,
    /// Days during which an answer opens a resolved ticket again.
    pub reopen_days: u32,
    /// Language of its mails.
    pub language: Option<String>,
    /// Whether mails to customers end with what they wrote last, quoted.
    pub quote: bool,
    /// Whether mails have an HTML form beside the text.
    pub html: bool,
    /// Whether the name of whoever wrote stands in From.
    pub show_names: bool,
    /// Whether the original sender of a mail that staff forward gets an acknowledgement.
    pub acknowledge_forwarded: bool,
    /// What becomes of mail on a ticket from somebody who has no part in it.
    pub strangers: Strangers,
    /// What becomes of spam.
    pub spam: SpamMail,
    /// Its life cycle; [`crate::life_cycle::DEFAULT`] when absent.
    pub life_cycle: Option<String>,
    /// What a customer's answer to a ticket in a final status does.
    pub after_close: AfterClose,
    /// Whether it takes no new tickets.
    pub disabled: bool,
}

impl Queue {
    /// The name that customers see.
    pub fn display(&self) -> &str {
        self.from_name.as_deref().unwrap_or(&self.name)
    }
}

/// An address of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAddress {
    /// Bare address in lower case.
    pub address: String,
    /// The queue that it belongs to.
    pub queue: Option<i64>,
    /// What it is for.
    pub purpose: Purpose,
}

/// What an address of ours is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Customers write there.
    Correspond,
    /// Staff write there what customers never see.
    Comment,
    /// Mails there are nothing but commands.
    Control,
    /// Ours, and nothing more.
    Own,
}

impl Purpose {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Correspond => "correspond",
            Purpose::Comment => "comment",
            Purpose::Control => "control",
            Purpose::Own => "own",
        }
    }
}

impl Site {
    /// Whether it says anything of rights. Where it does not, they are what the program gives, and mail needs no look at them.
    pub fn says_of_rights(&self) -> bool {
        !self.grants.is_empty() || self.rights != RightsDefinition::default()
    }

    /// The queue of that row.
    pub fn queue(&self, id: i64) -> Option<&Queue> {
        self.queues.iter().find(|q| q.id == id)
    }

    /// The life cycle of a queue, by its row.
    pub fn life_cycle(&self, queue: i64) -> &LifeCycle {
        let name = self.queue(queue).and_then(|queue| queue.life_cycle.as_deref()).unwrap_or(life_cycle::DEFAULT);
        life_cycle::named(&self.life_cycles, name).unwrap_or_else(|| life_cycle::default())
    }

    /// The queue of that name, without regard to case, or of that number (A16).
    pub fn queue_named(&self, word: &str) -> Option<&Queue> {
        let number = word.parse::<i64>().ok();
        self.queues
            .iter()
            .find(|q| q.name.eq_ignore_ascii_case(word))
            .or_else(|| self.queues.iter().find(|q| Some(q.id) == number))
    }

    /// Whether and what an address is to us: compared by their keys, first whole, then without its `+extension` (A40).
    pub fn own_address(&self, address: &str) -> Option<&OwnAddress> {
        let key = address_key(address);
        let find = |wanted: &str| self.own.iter().find(|o| o.address == wanted);
        find(&key).or_else(|| find(&without_extension(&key)?)).or_else(|| find(&without_token(&key)?))
    }

    /// An address of ours with a token as its extension, where such mail is known to reach us and the address does not get too
    /// long (A48).
    /// The token is made only there: signing it is work.
    pub fn extend(&self, address: &str, token: impl FnOnce() -> String) -> Option<String> {
        let delimiter = self.delimiter.filter(|_| self.extended.contains(&address_key(address)))?;
        token::extend(address, delimiter, &token())
    }

    /// The names under which a subject tag is ours.
    pub fn tag_names(&self) -> TagNames {
        let tags = self.queues.iter().filter_map(|q| q.tag.clone());
        TagNames { names: std::iter::once(self.name.clone()).chain(self.former_names.iter().cloned()).chain(tags).collect() }
    }
}

/// `support+123@example.org` as `support@example.org`; `None` when there is no extension.
fn without_extension(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let (base, _) = local.split_once('+')?;
    (!base.is_empty()).then(|| format!("{base}@{domain}"))
}

/// `support-123.k1.abcdefghijklmnop@example.org` as `support@example.org`: a minus begins an extension only before a token.
fn without_token(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let bare = local.match_indices('-').find(|(at, _)| token::read(&local[at + 1..]).is_some()).map(|(at, _)| &local[..at])?;
    (!bare.is_empty()).then(|| format!("{bare}@{domain}"))
}

/// A mail of a ticket, by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadMail {
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// Whether customers must not learn of it.
    pub internal: bool,
    /// From address.
    pub from: String,
    /// When it came, microseconds since 1970 UTC.
    pub at: i64,
}

/// An earlier arrival of the same origin (see [`crate::Mark`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recent {
    /// When it arrived, microseconds since 1970 UTC.
    pub at: i64,
    /// The very address that wrote it.
    pub writer: Option<i64>,
    /// What it says.
    pub likeness: Option<i64>,
}

/// An earlier message with the same Message-ID and other octets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// From address in lower case.
    pub from: String,
    /// Subject.
    pub subject: String,
    /// The ticket that it went to.
    pub ticket: u64,
    /// Whether it opened the ticket.
    pub created: bool,
    /// Whether what it wrote there is internal.
    pub internal: bool,
    /// Its text.
    pub text: String,
}

/// Texts that we sent on a ticket, and as many that came in, as far as anybody looks at them: people answer what was said last.
pub const SENT_TEXTS: usize = 20;
/// The octets of the ones, and of the others, all together.
pub const SENT_OCTETS: usize = 256 << 10;

/// What was told of a ticket, and to whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Mails to staff and to readers of comments, and what was written for them: no customer saw it.
    pub staff: Vec<String>,
    /// Mails to customers, and what they wrote themselves, in a mail that somebody forwarded too.
    pub customers: Vec<String>,
    /// What people wrote for staff alone, without what they quoted: comments, notes above a mail that they forwarded. Part of it
    /// stands in `staff` too.
    pub comments: Vec<String>,
}

/// A delivery whose author was asked something by mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The addresses that were asked, and when, oldest first.
    pub letters: Vec<(String, i64)>,
    /// Whether it is held in quarantine.
    pub quarantined: bool,
    /// Its subject.
    pub subject: String,
    /// The ticket that it went to.
    pub ticket: Option<u64>,
    /// Other deliveries of the same message that are held for the same answer.
    pub beside: Vec<i64>,
    /// Mails about it that are held for what they repeat, by their rows in the outbox.
    pub mails: Vec<i64>,
}

/// The texts that are on a ticket, newest first: people there know them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownTexts {
    /// What we sent to any address of whoever writes now, and what people wrote by command, comments only for staff.
    pub sent: Vec<String>,
    /// What came in by mail, and what we sent to others.
    pub heard: Vec<String>,
}

/// What somebody wrote on a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Who, by name or address.
    pub author: String,
    /// When, microseconds since 1970 UTC.
    pub at: i64,
    /// The text.
    pub text: String,
    /// What of the text is folded away, where that is known.
    pub folds: Option<Vec<Range<usize>>>,
}

/// An entry of a ticket that is to be sent on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEntry {
    /// Its row.
    pub id: i64,
    /// Who wrote it, by name or address.
    pub author: String,
    /// When, microseconds since 1970 UTC.
    pub at: i64,
    /// The text.
    pub text: String,
    /// Names and sizes (octets) of its files, by position.
    pub files: Vec<(String, u64)>,
    /// Whether somebody who works here wrote it above a mail that they forwarded.
    pub forwarded: bool,
    /// What of the text is folded away, as ranges of octets; nothing where nobody looked.
    pub folds: Vec<Range<usize>>,
}

/// A mail of somebody who had no part in the ticket, which joined it for staff alone (A64).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsidersMail {
    /// The entry that it made.
    pub entry: i64,
    /// Who wrote it, by the address in its From; nobody where it had none.
    pub by: Option<Party>,
    /// Whether it waits to be approved.
    pub waits: bool,
    /// What of its text is folded away, where that is known.
    pub folds: Option<Vec<Range<usize>>>,
    /// Addresses that were mailed about it.
    pub told: Vec<String>,
}

/// How a ticket was opened by somebody for somebody else: staff forwarded their mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The address of whoever forwarded it.
    pub by: String,
    /// The address of whoever became the requestor by it.
    pub requestor: String,
    /// The Message-ID of the mail itself, where it is known.
    pub original: Option<String>,
    /// Whether somebody took that back.
    pub reverted: bool,
}

/// A message that is kept, as it was read so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptMessage {
    /// The charset that a person named; `None`: the program's own reading.
    pub charset: Option<String>,
    /// From address.
    pub from: Option<String>,
    /// Name in From.
    pub from_name: Option<String>,
    /// Subject.
    pub subject: String,
    /// Names of its files, by position.
    pub files: Vec<String>,
    /// Entries that it wrote.
    pub entries: Vec<WrittenEntry>,
}

/// An entry that a message wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenEntry {
    /// Its row.
    pub id: i64,
    /// Its ticket.
    pub ticket: u64,
    /// When, microseconds since 1970 UTC.
    pub at: i64,
    /// Whether it opened the ticket.
    pub created: bool,
    /// Its text.
    pub text: String,
    /// Places in the text that are folded away; `None`: it is older than that record.
    pub folds: Option<Vec<Range<usize>>>,
}

/// A change that the history has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HistoryChange {
    /// Field.
    pub field: String,
    /// What it was.
    #[serde(default)]
    pub from: Option<String>,
    /// What it was then.
    #[serde(default)]
    pub to: Option<String>,
}

/// A ticket that went into another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The ticket as it stands, merges not followed.
    pub ticket: Ticket,
    /// Into which ticket it went.
    pub into: u64,
    /// What it gave away when it did.
    pub gave: Vec<HistoryChange>,
    /// What the other got.
    pub got: Vec<HistoryChange>,
}

/// An entry from which a new ticket is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its row.
    pub id: i64,
    /// Who wrote it.
    pub author: Option<Person>,
    /// Whether customers must not see it.
    pub internal: bool,
    /// The text.
    pub text: String,
    /// What of the text is folded away, where that is known.
    pub folds: Option<Vec<Range<usize>>>,
}

/// What one act or one mail did, on all tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntrySet {
    /// Its first entry.
    pub first: i64,
    /// Who did it, by row; nobody: the system.
    pub by: Option<i64>,
    /// Who did it, by login, address or name.
    pub name: String,
    /// The first entry of what took it back.
    pub undone_by: Option<i64>,
    /// Its entries, oldest first.
    pub parts: Vec<SetPart>,
}

/// An entry of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetPart {
    /// The entry.
    pub entry: i64,
    /// Its ticket.
    pub ticket: u64,
    /// Whether it opened the ticket.
    pub opened: bool,
    /// Whether something was written with it.
    pub wrote: bool,
    /// What it changed.
    pub changes: Vec<PastChange>,
    /// What entries of other sets changed on the ticket after it, in order.
    pub later: Vec<PastChange>,
}

/// Somebody whose approval a ticket needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Whose.
    pub person: Person,
    /// Who asked, by row; nobody: the system.
    pub asked_by: Option<i64>,
    /// What they said; `None`: nothing yet.
    pub answer: Option<ApprovalAnswer>,
}

/// What somebody said who was asked for approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalAnswer {
    /// Whether they agree.
    pub yes: bool,
    /// How sure we were of them.
    pub trust: Trust,
    /// What they said to it; may be empty.
    pub remark: String,
}

/// A ticket in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketLine {
    /// Its number.
    pub number: u64,
    /// Its queue, by name.
    pub queue: String,
    /// Its status.
    pub status: String,
    /// Its owner's login.
    pub owner: Option<String>,
    /// Its subject.
    pub subject: String,
}

/// Entries that are read of a ticket at once.
pub const PIECE: u64 = 50;
/// Octets that are read of the text of each.
pub const PIECE_OCTETS: u64 = 32 << 10;

/// A piece of what was written and done on a ticket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Piece {
    /// Only what is older than this entry.
    pub before: Option<i64>,
    /// Whether it begins with the oldest, and not with the newest.
    pub oldest: bool,
    /// Whether comments are in it, and what changed.
    pub comments: bool,
    /// Whether only entries with a text are in it.
    pub texts: bool,
}

/// An entry of a ticket as people read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryLine {
    /// Its number.
    pub id: i64,
    /// When, microseconds since 1970 UTC.
    pub at: i64,
    /// Who; nobody: the program.
    pub by: Option<String>,
    /// What it is, by its word.
    pub kind: String,
    /// Whether customers must not see it.
    pub internal: bool,
    /// What is new in its text.
    pub text: String,
    /// All of its text, where there is more.
    pub whole: Option<String>,
    /// What it changed: field, from, to.
    pub changes: Vec<(String, Option<String>, Option<String>)>,
    /// Whether its text goes on where this ends.
    pub cut: bool,
}

/// A mail whose commands were answered by a transcript.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcribed {
    /// Where transcripts went, and when.
    pub letters: Vec<(String, i64)>,
    /// The ticket that the mail changed, or was about.
    pub ticket: Option<u64>,
    /// Its entry there.
    pub entry: Option<i64>,
    /// The address in whose name they went: a queue's, where the mail was about a ticket.
    pub from: String,
}

/// A reminder that was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reminded {
    /// Whose it is, by row.
    pub person: i64,
    /// Where it went.
    pub address: String,
    /// When, microseconds since 1970 UTC.
    pub at: i64,
    /// The tickets that it lists: number 1 is the first.
    pub tickets: Vec<u64>,
    /// Its Message-ID, without angle brackets.
    pub message_id: String,
}

/// A file that is looked for on a ticket.
#[derive(Debug, Clone, Copy)]
pub struct SameFile<'f> {
    /// Message-ID of the mail that it came with now.
    pub message_id: &'f str,
    /// Its octets.
    pub size: u64,
    /// Their SHA-256.
    pub hash: &'f [u8; 32],
}

/// Tickets that one list names.
pub const LISTED: u64 = 200;

/// What deciding may ask. Each method is one look-up; answers do not change while a decision is made.
pub trait Facts {
    /// The organisation.
    fn site(&self) -> &Site;
    /// A ticket by number, merges followed to the end.
    fn ticket(&self, number: u64) -> Fact<Option<Ticket>>;
    /// Somebody by address, in lower case.
    fn person(&self, address: &str) -> Fact<Option<Person>>;
    /// Somebody by login.
    fn person_by_login(&self, login: &str) -> Fact<Option<Person>>;
    /// Login and name of each of the people who work here, for whoever wrote another: asked when something is wrong already.
    fn logins(&self) -> Fact<Vec<(String, String)>>;
    /// An entry of a ticket: by its id, or the first with a text.
    fn entry(&self, ticket: u64, id: Option<i64>) -> Fact<Option<KeptEntry>>;
    /// Mails of outsiders on a ticket, oldest first, those that were approved too.
    fn outsiders(&self, ticket: u64) -> Fact<Vec<OutsidersMail>>;
    /// The tickets that know a Message-ID, and how; those whose own mail it is come first.
    fn tickets_of(&self, message_id: &str) -> Fact<Vec<(u64, RefKind)>>;
    /// Earlier messages with the same Message-ID and other octets.
    fn variants(&self, message_id: &str) -> Fact<Vec<Variant>>;
    /// Subjects that a ticket had, those of the mails that it took in, and of the mails with these Message-IDs.
    fn subjects(&self, ticket: u64, ids: &[String]) -> Fact<Vec<String>>;
    /// Requestors, Ccs and AdminCcs of a ticket.
    fn watchers(&self, ticket: u64) -> Fact<Vec<(WatchRole, Person)>>;
    /// Whether an address, or another one of the same person, was in To or Cc of a mail that the ticket took in.
    fn is_participant(&self, ticket: u64, address: &str) -> Fact<bool>;
    /// Whether a mail of ours was queued to an address, or to another one of the same person.
    fn was_mailed(&self, id: OwnId, address: &str) -> Fact<bool>;
    /// The people of a group.
    fn group(&self, name: &str) -> Fact<Vec<Person>>;
    /// Names of the groups that somebody is in, those that contain these included.
    fn groups_of(&self, person: i64) -> Fact<Vec<String>>;
    /// Every address of a person.
    fn addresses(&self, person: i64) -> Fact<Vec<String>>;
    /// Queues that watch a ticket of another queue.
    fn watching_queues(&self, ticket: u64) -> Fact<Vec<i64>>;
    /// Cc and AdminCc of a queue, groups resolved to their members.
    fn queue_watchers(&self, queue: i64) -> Fact<Vec<(WatchRole, Person)>>;
    /// The rules in force in a queue, in order.
    fn rules(&self, queue: i64) -> Fact<Rc<[RuleDefinition]>>;
    /// A site's own template: the queue's before the general one, in this language before one for every language; `None` when
    /// the default holds.
    fn template(&self, name: &str, queue: i64, language: &str) -> Fact<Option<String>>;
    /// Addresses that get no mail about a ticket, because they or somebody else said so (A147).
    fn squelched(&self, ticket: u64) -> Fact<Vec<String>>;
    /// Who opened a ticket for whom, where somebody forwarded a mail.
    fn submission(&self, ticket: u64) -> Fact<Option<Submission>>;
    /// What was told of a ticket, to staff and to customers, newest first: as much as anybody could quote.
    fn told(&self, ticket: u64) -> Fact<Told>;
    /// The texts that were on a ticket before a time, as whoever has an address, given by its key, knows them: of each kind at
    /// most [`SENT_TEXTS`], and [`SENT_OCTETS`] octets.
    fn known_texts(&self, ticket: u64, before: i64, reader: &str) -> Fact<KnownTexts>;
    /// Whether a ticket has a file of these octets, by another mail than the one with this Message-ID.
    fn has_file(&self, ticket: u64, file: &SameFile<'_>) -> Fact<bool>;
    /// A message by its row, with the entries that it wrote.
    fn kept_message(&self, message: i64) -> Fact<Option<KeptMessage>>;
    /// What customers last saw or wrote on a ticket. What somebody forwarded is not among it: it holds their note.
    fn last_words(&self, ticket: u64) -> Fact<Option<Words>>;
    /// Automatic answers queued to an address since a time: acknowledgements and confirmations.
    fn acknowledgements_since(&self, address: &str, since: i64) -> Fact<u64>;
    /// Subjects of the acknowledgements queued to an address since a time, newest first: the last ten.
    fn acknowledged_subjects(&self, address: &str, since: i64) -> Fact<Vec<String>>;
    /// Mails of the same origin that arrived after a time, newest first, at most so many. A mail that came again does not count.
    fn recent(&self, origin: i64, since: i64, most: u64) -> Fact<Vec<Recent>>;
    /// Administrators who are here and have an address.
    fn administrators(&self) -> Fact<Vec<Person>>;
    /// Those who work here, or did, and have a name or login that is this one once folded (see [`crate::folded_name`]).
    fn staff_named(&self, folded: &str) -> Fact<Vec<i64>>;
    /// Whether a warning was queued to an address since a time.
    fn warned_since(&self, address: &str, since: i64) -> Fact<bool>;
    /// How many mails are held.
    fn held(&self) -> Fact<u64>;
    /// Questions whether somebody wrote something, queued to an address since a time.
    fn confirmations_since(&self, address: &str, since: i64) -> Fact<u64>;
    /// Whether an address was asked about a message at another recipient, as it arrives at this time.
    fn was_asked(&self, message: &Message, address: &str, now: i64) -> Fact<bool>;
    /// A delivery, by its row in the ledger, whose author was asked; `None` where nobody was.
    fn asked(&self, delivery: u64) -> Fact<Option<Asked>>;
    /// The Message-ID of the last mail that we sent to an address on a ticket, and when.
    fn last_mail_to(&self, ticket: u64, address: &str) -> Fact<Option<(String, i64)>>;
    /// The last ten mails that a ticket took in, oldest first.
    fn thread(&self, ticket: u64) -> Fact<Vec<ThreadMail>>;
    /// Addresses to which mail about a ticket was queued before.
    fn already_told(&self, ticket: u64) -> Fact<Vec<String>>;
    /// A mail of ours, by its outbox row.
    fn sent_mail(&self, id: i64) -> Fact<Option<SentMail>>;
    /// The mails of ours with one Message-ID, each to one address; at most 1,000.
    fn sent_mails(&self, id: OwnId) -> Fact<Vec<SentMail>>;
    /// What is known of an address whose mail came back. Where no mail ever did, that is one look for all addresses.
    fn trouble(&self, address: &str) -> Fact<Option<Trouble>>;
    /// Addresses whose last mail about a ticket did not arrive, as far as that is known, sorted.
    fn undelivered(&self, ticket: u64) -> Fact<Vec<String>>;
    /// Tags of a ticket.
    fn tags(&self, ticket: u64) -> Fact<Vec<String>>;
    /// Names and values of the site's own fields of a ticket, those too that its queue does not have.
    fn field_values(&self, ticket: u64) -> Fact<Vec<(String, String)>>;
    /// The links of a ticket, from either side.
    fn links(&self, ticket: u64) -> Fact<Vec<Link>>;
    /// A ticket that went into another; `None` where it did not, or there is none.
    fn merged(&self, number: u64) -> Fact<Option<Merged>>;
    /// Who worked how many minutes on a ticket, what others that went into it brought included.
    fn time_by(&self, ticket: u64) -> Fact<Vec<(String, i64)>>;
    /// An entry of a ticket that has a text, or of one that was merged into it, by its id.
    fn source(&self, ticket: u64, entry: i64) -> Fact<Option<Source>>;
    /// What an act or a mail did, by any of its entries.
    fn set_of(&self, entry: i64) -> Fact<Option<EntrySet>>;
    /// The newest entry of a ticket with which somebody, by row, or the system changed something that was not taken back, and took nothing
    /// back.
    fn last_act(&self, ticket: u64, by: Option<i64>) -> Fact<Option<i64>>;
    /// Whose approval a ticket needs, and what they said, in the order of their rows.
    fn approvals(&self, ticket: u64) -> Fact<Vec<Approval>>;
    /// The tickets of a query, as somebody asks for them, newest last; `Err`: what is wrong with the query. At most [`LISTED`].
    fn listing(&self, query: &str, asker: &Person, now: i64) -> Fact<Result<Vec<TicketLine>, String>>;
    /// Some of what was written and done on a ticket, those nearest to where the piece begins first. At most [`PIECE`] entries, of whose
    /// texts [`PIECE_OCTETS`] each.
    fn conversation(&self, ticket: u64, piece: Piece) -> Fact<Vec<EntryLine>>;
    /// How many entries a piece without a bound would have.
    fn entries_in(&self, ticket: u64, piece: Piece) -> Fact<u64>;
    /// A delivery, by its row in the ledger, whose commands were answered; `None` where none were.
    fn transcribed(&self, delivery: u64) -> Fact<Option<Transcribed>>;
    /// A reminder, by its row; `None`: there is none, or it is so old that it is forgotten.
    fn reminded(&self, reminder: u64) -> Fact<Option<Reminded>>;
    /// A fresh ticket number.
    fn fresh_ticket(&self) -> Fact<u64>;
}
