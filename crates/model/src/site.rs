//! The organisation: queues, people, groups, rules and templates, as `site.toml` says it and as the database keeps it.

mod mail;

use crate::life_cycle::LifeCycle;
use crate::rights::{GrantDefinition, RightsDefinition};
use crate::types::Trust;
use serde::{Deserialize, Serialize};

pub use mail::{AfterClose, AutomaticMail, SpamMail, Strangers};

/// Everything that `site.toml` says. Names refer to one another; [`SiteDefinition`] itself promises nothing about them,
/// the reader of site.toml checks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SiteDefinition {
    /// Former site names whose subject tags are still ours (A53).
    pub former_names: Vec<String>,
    /// Addresses that are ours without being a queue's: old ones, alias domains (A40).
    pub own_addresses: Vec<String>,
    /// How sure of a sender the site wants to be.
    pub trust: TrustDefinition,
    /// What ends loops.
    pub brakes: BrakesDefinition,
    /// What levels and roles may do.
    pub rights: RightsDefinition,
    /// What commands by mail are bound to.
    pub commands: CommandsDefinition,
    /// When people are told what they have to do, if they are.
    pub reminder: ReminderDefinition,
    /// Life cycles beside, or instead of, those of the program.
    pub life_cycles: Vec<LifeCycle>,
    /// Queues.
    pub queues: Vec<QueueDefinition>,
    /// People who are known by name. Customers who write in are not here.
    pub people: Vec<PersonDefinition>,
    /// Groups of people.
    pub groups: Vec<GroupDefinition>,
    /// Rights that are granted beside what levels and roles give.
    pub grants: Vec<GrantDefinition>,
    /// Fields of tickets beside those that every ticket has.
    pub fields: Vec<FieldDefinition>,
    /// Rules that differ from, or add to, those that come with the program.
    pub rules: Vec<RuleDefinition>,
    /// Templates that replace those that come with the program.
    pub templates: Vec<TemplateDefinition>,
}

/// How sure of a sender the site wants to be, and who may tell it (A98, A99).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrustDefinition {
    /// Names under which the border mail server writes Authentication-Results (RFC 8601 section 2.5). Believed once a probe has
    /// shown that forged ones do not come through.
    pub authserv_id: Vec<String>,
    /// What mail in the name of an administrator needs to count as theirs; absent: as for staff.
    pub admin: Option<Trust>,
    /// What mail in the name of somebody who works here needs; absent: authenticated where `authserv_id` is set, else token.
    pub staff: Option<Trust>,
    /// What mail in the name of anybody else needs; absent: claimed.
    pub guest: Option<Trust>,
    /// Whether SPF of the domain in From proves it where DKIM and DMARC say nothing.
    pub spf: bool,
    /// Header fields of the site's spam filter.
    pub spam_fields: Vec<String>,
    /// Addresses of web forms: who wrote stands in Reply-To (A92).
    pub contact_forms: Vec<String>,
    /// List-Ids of mailing lists that put themselves into From: who wrote is taken from what they left (A103).
    pub mailing_lists: Vec<String>,
}

impl TrustDefinition {
    /// What mail in the name of somebody of this role needs to count as theirs. For staff `token` means: it answers a mail
    /// that went to staff alone.
    pub fn needed(&self, role: Role) -> Trust {
        let staff = match (&self.staff, self.authserv_id.is_empty()) {
            (Some(trust), _) => *trust,
            (None, true) => Trust::Token,
            (None, false) => Trust::Authenticated,
        };
        match role {
            Role::Admin => self.admin.unwrap_or(staff),
            Role::Staff => staff,
            Role::Guest => self.guest.unwrap_or(Trust::Claimed),
        }
    }
}

/// What ends loops, whoever turns in them (A113-A119, A126).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BrakesDefinition {
    /// The time that the others look back, in hours.
    pub hours: u32,
    /// Automatic answers to one address in that time.
    pub answers: u32,
    /// Mails of persons from one address to one of ours in that time; more are held.
    pub mails: u32,
    /// The same for mails of programs.
    pub automatic_mails: u32,
    /// Mails of persons from one address that say the same, in that time; more are held.
    pub alike: u32,
    /// Received fields of a mail; with more it is held.
    pub received: u32,
    /// Hard bounces after which an address gets no more mail.
    pub hard_bounces: u32,
}

impl Default for BrakesDefinition {
    fn default() -> Self {
        BrakesDefinition { hours: 3, answers: 10, mails: 60, automatic_mails: 500, alike: 5, received: 50, hard_bounces: 3 }
    }
}

/// What commands by mail are bound to (B4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommandsDefinition {
    /// Whether mails to tickets may give commands at all.
    pub enabled: bool,
    /// The address whose mails are nothing but commands.
    pub control_address: Option<String>,
    /// Commands in one mail; with more, its sender is asked whether they are meant.
    pub most: u32,
    /// Tickets that one mail may change without being asked again.
    pub tickets: u32,
    /// Commands in a mail whose sender says, when asked, that all of them are meant; with more, none is carried out.
    pub most_asked: u32,
    /// Tickets that such a mail may change.
    pub tickets_asked: u32,
    /// Hours during which `undo` takes back what a mail did.
    pub undo_hours: u32,
}

impl Default for CommandsDefinition {
    fn default() -> Self {
        CommandsDefinition {
            enabled: true,
            control_address: None,
            most: 100,
            tickets: 50,
            most_asked: 1000,
            tickets_asked: 500,
            undo_hours: 72,
        }
    }
}

/// Days of the week, as `site.toml` has them.
pub const DAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// When people are told what they have to do (A179).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReminderDefinition {
    /// At what time of day, such as `07:30`; absent: nobody is told.
    pub at: Option<String>,
    /// By the clock of which place, such as `Europe/Berlin`; absent: by the machine's.
    pub zone: Option<String>,
    /// On which days, by [`DAYS`].
    pub days: Vec<String>,
    /// Logins and `group:NAME` of who is told; nobody is named: everybody who works here.
    pub to: Vec<String>,
    /// Whether tickets are listed that nobody has taken.
    pub untaken: bool,
}

impl Default for ReminderDefinition {
    fn default() -> Self {
        let days = DAYS.iter().take(5).map(|day| (*day).to_owned()).collect();
        ReminderDefinition { at: None, zone: None, days, to: Vec::new(), untaken: true }
    }
}

/// Types of fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// A line of text.
    #[default]
    Text,
    /// A number, with or without a fraction.
    Number,
    /// A day.
    Date,
    /// Yes or no.
    Flag,
    /// One of the values that the definition lists.
    Choice,
    /// The address of a page.
    Url,
}

impl FieldType {
    /// Every type.
    pub const ALL: [FieldType; 6] =
        [FieldType::Text, FieldType::Number, FieldType::Date, FieldType::Flag, FieldType::Choice, FieldType::Url];

    /// The word in site.toml and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            FieldType::Text => "text",
            FieldType::Number => "number",
            FieldType::Date => "date",
            FieldType::Flag => "flag",
            FieldType::Choice => "choice",
            FieldType::Url => "url",
        }
    }

    /// The type of that word.
    pub fn from_word(word: &str) -> Option<FieldType> {
        FieldType::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A field of tickets that the site defines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldDefinition {
    /// Its name, such as `Customer`.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Queues whose tickets have it; every queue's when empty.
    pub queues: Vec<String>,
    /// What may be chosen.
    pub values: Vec<String>,
    /// Whether a ticket can have several values.
    pub many: bool,
    /// Queues whose tickets cannot be done without it.
    pub required: Vec<String>,
    /// What it is for, in a sentence.
    pub help: Option<String>,
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueDefinition {
    /// Its name, such as `support`.
    pub name: String,
    /// Where customers write (RT: correspond address).
    pub address: String,
    /// Where staff write what customers never see.
    pub comment_address: Option<String>,
    /// Other addresses that reach this queue as `address` does.
    pub aliases: Vec<String>,
    /// The name in From of outgoing mail, such as `Example Support`; the queue's name when absent.
    pub from_name: Option<String>,
    /// The name in subject tags; the site's name when absent.
    pub tag: Option<String>,
    /// Text under every mail to customers.
    pub signature: Option<String>,
    /// Logins, `group:NAME` or addresses of people who get what customers get.
    pub cc: Vec<String>,
    /// Logins, `group:NAME` or addresses of people who are told of everything, comments included.
    pub admincc: Vec<String>,
    /// Whether people in To and Cc of a new ticket's mail become its Cc.
    pub cc_from_mail: bool,
    /// What becomes of a program's mail (class auto-generated) that belongs to no ticket.
    pub automatic_mail: AutomaticMail,
    /// How long after it was resolved a customer's answer opens a ticket again, in days.
    pub reopen_days: u32,
    /// Language of its mails, such as `de`; English when absent.
    pub language: Option<String>,
    /// Whether mails to customers end with what they wrote last, quoted.
    pub quote: bool,
    /// Whether mails have a simple HTML form beside the text.
    pub html: bool,
    /// Whether the name of whoever wrote stands in From: `Anna via Support`.
    pub show_names: bool,
    /// Whether the original sender of a mail that staff forward gets an acknowledgement.
    pub acknowledge_forwarded: bool,
    /// What becomes of mail on a ticket from somebody who has no part in it.
    pub strangers: Strangers,
    /// What becomes of spam.
    pub spam: SpamMail,
    /// Its life cycle; `default` when absent.
    pub life_cycle: Option<String>,
    /// What a customer's answer to a ticket in a final status does.
    pub after_close: AfterClose,
    /// Rules that do not run here, by name.
    pub rules_off: Vec<String>,
    /// Rules that run here though they are off elsewhere, by name.
    pub rules_on: Vec<String>,
    /// Whether it takes no new tickets.
    pub disabled: bool,
}

impl Default for QueueDefinition {
    fn default() -> Self {
        QueueDefinition {
            name: String::new(),
            address: String::new(),
            comment_address: None,
            aliases: Vec::new(),
            from_name: None,
            tag: None,
            signature: None,
            cc: Vec::new(),
            admincc: Vec::new(),
            cc_from_mail: true,
            automatic_mail: AutomaticMail::Record,
            reopen_days: 14,
            language: None,
            quote: false,
            html: true,
            show_names: true,
            acknowledge_forwarded: false,
            strangers: Strangers::default(),
            spam: SpamMail::default(),
            life_cycle: None,
            after_close: AfterClose::default(),
            rules_off: Vec::new(),
            rules_on: Vec::new(),
            disabled: false,
        }
    }
}

/// Somebody known by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDefinition {
    /// Login, such as `anna`.
    pub login: String,
    /// Name for people; the login when absent.
    pub name: Option<String>,
    /// Addresses. Mail goes to the first; mail from any of them is theirs.
    pub email: Vec<String>,
    /// What they are.
    pub role: Role,
    /// Which mail they want.
    pub notify: Wish,
    /// How often they get what a queue tells them; at once when absent. What concerns their own tickets always comes at once.
    pub digest: Option<Digest>,
    /// Language of mails to them; the queue's when absent.
    pub language: Option<String>,
    /// Whether they are gone: kept for the record, never mailed, no rights.
    pub disabled: bool,
}

/// Which mail somebody wants (A147).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wish {
    /// Everything that the rules have for them.
    #[default]
    All,
    /// What concerns tickets of which they are owner, requestor, Cc or AdminCc themselves, not what a queue tells them.
    Mine,
    /// None.
    None,
}

impl Wish {
    /// Every wish.
    pub const ALL: [Wish; 3] = [Wish::All, Wish::Mine, Wish::None];

    /// The word in site.toml and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Wish::All => "all",
            Wish::Mine => "mine",
            Wish::None => "none",
        }
    }

    /// The wish of that word.
    pub fn from_word(word: &str) -> Option<Wish> {
        Wish::ALL.into_iter().find(|wish| wish.as_str() == word)
    }
}

/// How often somebody gets what a queue tells them, all in one mail (A178).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Digest {
    /// Every morning.
    Daily,
    /// On Monday morning.
    Weekly,
}

impl Digest {
    /// Every rhythm.
    pub const ALL: [Digest; 2] = [Digest::Daily, Digest::Weekly];

    /// The word in site.toml and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Digest::Daily => "daily",
            Digest::Weekly => "weekly",
        }
    }

    /// The rhythm of that word.
    pub fn from_word(word: &str) -> Option<Digest> {
        Digest::ALL.into_iter().find(|digest| digest.as_str() == word)
    }
}

/// Levels of people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A customer.
    #[default]
    Guest,
    /// A technician.
    Staff,
    /// An administrator; staff too.
    Admin,
}

impl Role {
    /// The word in site.toml, in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Guest => "guest",
            Role::Staff => "staff",
            Role::Admin => "admin",
        }
    }

    /// Whether they work here.
    pub fn is_staff(self) -> bool {
        self >= Role::Staff
    }
}

/// A group of people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDefinition {
    /// Its name, such as `noc`.
    pub name: String,
    /// Its members: logins, and `group:NAME` for all of another group.
    pub members: Vec<String>,
}

/// A rule: when an event happens and the condition holds, mail the recipients by a template (RT: scrip).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleDefinition {
    /// Its name; a site's rule with a default rule's name replaces it.
    pub name: String,
    /// Queue; every queue when absent.
    pub queue: Option<String>,
    /// Event, one of [`crate::rules::EVENTS`].
    pub on: String,
    /// Condition, an expression in the templates' language; empty: always.
    pub when: String,
    /// Who is told: some of [`crate::rules::RECIPIENTS`], and `group:NAME`.
    pub notify: Vec<String>,
    /// For whom the mail is: `customers`, `staff` or `comments`.
    pub audience: String,
    /// Template by name.
    pub template: String,
    /// Whether it runs.
    pub enabled: bool,
}

/// A template: header lines (`Subject: …`), an empty line, the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateDefinition {
    /// Its name; a site's template with a default's name replaces it.
    pub name: String,
    /// Queue; every queue when absent.
    pub queue: Option<String>,
    /// Language, such as `de`; every language when absent.
    pub language: Option<String>,
    /// Its text.
    pub body: String,
}
