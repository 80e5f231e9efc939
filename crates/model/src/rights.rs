//! Rights: what somebody may do, where, and why. One function answers: [`may`].
//!
//! Levels (admin, staff, guest) and roles on a ticket (requestor, Cc, AdminCc, owner) give rights ready-made; `[rights]` of
//! site.toml says otherwise for one of them, `[[grant]]` adds rights for a person, a group, a level or role, or everybody, in one queue or
//! everywhere. Nothing takes a right away that something else gives. An administrator has every right everywhere, so that
//! nobody can lock a site up.

use crate::site::Role;
use crate::types::{Person, WatchRole};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something that somebody may do to tickets of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// See tickets: that they exist, what was written to and by customers.
    See,
    /// Open tickets.
    Create,
    /// Answer: customers see it.
    Reply,
    /// Write internal notes.
    Comment,
    /// See internal notes.
    SeeComments,
    /// Be the owner.
    Own,
    /// Become the owner of a ticket that nobody owns.
    Take,
    /// Become the owner of somebody else's ticket.
    Steal,
    /// Change its fields: status, owner, priority, dates, time, tags.
    Modify,
    /// Move tickets into and out of the queue.
    Move,
    /// Link tickets with one another, merge and split them.
    Link,
    /// Name and remove watchers other than oneself.
    Watch,
    /// Override approvals, and undo what others did.
    Administer,
}

impl Right {
    /// Every right.
    pub const ALL: [Right; 13] = [
        Right::See,
        Right::Create,
        Right::Reply,
        Right::Comment,
        Right::SeeComments,
        Right::Own,
        Right::Take,
        Right::Steal,
        Right::Modify,
        Right::Move,
        Right::Link,
        Right::Watch,
        Right::Administer,
    ];

    /// The word in site.toml.
    pub fn as_str(self) -> &'static str {
        match self {
            Right::See => "see",
            Right::Create => "create",
            Right::Reply => "reply",
            Right::Comment => "comment",
            Right::SeeComments => "see-comments",
            Right::Own => "own",
            Right::Take => "take",
            Right::Steal => "steal",
            Right::Modify => "modify",
            Right::Move => "move",
            Right::Link => "link",
            Right::Watch => "watch",
            Right::Administer => "administer",
        }
    }

    /// The right of that word.
    pub fn from_word(word: &str) -> Option<Right> {
        Right::ALL.into_iter().find(|right| right.as_str() == word)
    }

    /// The rights that words name, each once, in the order of [`Right::ALL`]. [`EVERY_RIGHT`] is all but the last of them, to administer.
    pub fn from_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Vec<Right> {
        let words: Vec<&str> = words.into_iter().collect();
        let every = words.contains(&EVERY_RIGHT);
        let named = |right: &Right| words.contains(&right.as_str()) || (every && *right != Right::Administer);
        Right::ALL.into_iter().filter(named).collect()
    }

    /// The words for rights, as [`Right::from_words`] reads them.
    pub fn words(rights: &[Right]) -> Vec<String> {
        let ordinary = Right::ALL.into_iter().filter(|right| *right != Right::Administer);
        let mut rest: Vec<Right> = Right::ALL.into_iter().filter(|right| rights.contains(right)).collect();
        let mut words = Vec::new();
        if ordinary.clone().all(|right| rights.contains(&right)) {
            words.push(EVERY_RIGHT.to_owned());
            rest.retain(|right| *right == Right::Administer);
        }
        words.extend(rest.into_iter().map(|right| right.as_str().to_owned()));
        words
    }

    /// What it allows, in a few words.
    pub fn help(self) -> &'static str {
        match self {
            Right::See => "see tickets, and what customers see of them",
            Right::Create => "open tickets",
            Right::Reply => "answer: customers see it",
            Right::Comment => "write internal notes",
            Right::SeeComments => "see internal notes",
            Right::Own => "be the owner of tickets",
            Right::Take => "become the owner of tickets that nobody owns",
            Right::Steal => "become the owner of somebody else's tickets",
            Right::Modify => "change fields: status, owner, priority, dates, time, tags",
            Right::Move => "move tickets out of the queue and into it",
            Right::Link => "link, merge and split tickets",
            Right::Watch => "name and remove watchers other than oneself",
            Right::Administer => "override approvals, and undo what others did",
        }
    }
}

/// In site.toml, every right but that to administer.
pub const EVERY_RIGHT: &str = "all";

/// The words for rights in site.toml.
pub const WORDS: &[&str] = &[
    "see",
    "create",
    "reply",
    "comment",
    "see-comments",
    "own",
    "take",
    "steal",
    "modify",
    "move",
    "link",
    "watch",
    "administer",
    EVERY_RIGHT,
];

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// To whom rights are granted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grantee {
    /// Everybody, known or not.
    Everyone,
    /// Whoever has a level, or a higher one.
    Level(Role),
    /// Whoever has a role on the ticket.
    Role(WatchRole),
    /// Members of a group, and of the groups in it.
    Group(String),
    /// Somebody, by login.
    Person(String),
}

impl Grantee {
    /// Reads `everyone`, `role:requestor`, `role:staff`, `group:noc`, `anna`.
    pub fn from_word(word: &str) -> Option<Grantee> {
        let word = word.trim();
        if word == "everyone" {
            return Some(Grantee::Everyone);
        }
        match word.split_once(':') {
            Some(("role", role)) => match (WatchRole::from_word(role), role) {
                (Some(role), _) => Some(Grantee::Role(role)),
                (None, "guest") => Some(Grantee::Level(Role::Guest)),
                (None, "staff") => Some(Grantee::Level(Role::Staff)),
                (None, "admin") => Some(Grantee::Level(Role::Admin)),
                _ => None,
            },
            Some(("group", name)) if !name.is_empty() => Some(Grantee::Group(name.to_owned())),
            Some(_) => None,
            None => (!word.is_empty()).then(|| Grantee::Person(word.to_owned())),
        }
    }
}

impl fmt::Display for Grantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Grantee::Everyone => f.write_str("everyone"),
            Grantee::Level(role) => write!(f, "role:{}", role.as_str()),
            Grantee::Role(role) => write!(f, "role:{}", role.as_str()),
            Grantee::Group(name) => write!(f, "group:{name}"),
            Grantee::Person(login) => f.write_str(login),
        }
    }
}

/// Rights that the site grants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantDefinition {
    /// To whom.
    pub to: Grantee,
    /// What.
    pub rights: Vec<Right>,
    /// In the queue of that name; everywhere when absent.
    pub queue: Option<String>,
}

/// What levels and roles give where the site says something else than the program; absent: [`presets`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RightsDefinition {
    /// Those who work here.
    pub staff: Option<Vec<Right>>,
    /// Everybody else, known or not.
    pub guest: Option<Vec<Right>>,
    /// Requestors of a ticket.
    pub requestor: Option<Vec<Right>>,
    /// Ccs of a ticket, and those who were in To or Cc of its mails.
    pub cc: Option<Vec<Right>>,
    /// AdminCcs of a ticket or its queue.
    pub admincc: Option<Vec<Right>>,
    /// The owner of a ticket.
    pub owner: Option<Vec<Right>>,
}

const GUEST: &[Right] = &[Right::Create];
const CUSTOMER: &[Right] = &[Right::See, Right::Reply];
const OWNER: &[Right] = &[Right::See, Right::Reply, Right::Comment, Right::SeeComments, Right::Own, Right::Modify];
const ADMINCC: &[Right] = &[Right::See, Right::Reply, Right::Comment, Right::SeeComments];
const STAFF: &[Right] = &[
    Right::See,
    Right::Create,
    Right::Reply,
    Right::Comment,
    Right::SeeComments,
    Right::Own,
    Right::Take,
    Right::Steal,
    Right::Modify,
    Right::Move,
    Right::Link,
    Right::Watch,
];

impl RightsDefinition {
    /// What can be said of each level and role, by its key in site.toml. Administrators have every right, whatever is said.
    pub const KEYS: [(&'static str, Grantee); 6] = [
        ("staff", Grantee::Level(Role::Staff)),
        ("guest", Grantee::Level(Role::Guest)),
        ("requestor", Grantee::Role(WatchRole::Requestor)),
        ("cc", Grantee::Role(WatchRole::Cc)),
        ("admincc", Grantee::Role(WatchRole::AdminCc)),
        ("owner", Grantee::Role(WatchRole::Owner)),
    ];

    /// What the site says of a level or role, to be changed; `None` for those of which it can say nothing.
    pub fn said(&mut self, grantee: &Grantee) -> Option<&mut Option<Vec<Right>>> {
        match grantee {
            Grantee::Level(Role::Staff) => Some(&mut self.staff),
            Grantee::Level(Role::Guest) => Some(&mut self.guest),
            Grantee::Role(WatchRole::Requestor) => Some(&mut self.requestor),
            Grantee::Role(WatchRole::Cc) => Some(&mut self.cc),
            Grantee::Role(WatchRole::AdminCc) => Some(&mut self.admincc),
            Grantee::Role(WatchRole::Owner) => Some(&mut self.owner),
            _ => None,
        }
    }

    /// What a level or role gives.
    pub fn of(&self, grantee: &Grantee) -> &[Right] {
        fn or<'r>(said: &'r Option<Vec<Right>>, preset: &'static [Right]) -> &'r [Right] {
            said.as_deref().unwrap_or(preset)
        }
        match grantee {
            Grantee::Level(Role::Admin) => &Right::ALL,
            Grantee::Level(Role::Staff) => or(&self.staff, STAFF),
            Grantee::Level(Role::Guest) => or(&self.guest, GUEST),
            Grantee::Role(WatchRole::Requestor) => or(&self.requestor, CUSTOMER),
            Grantee::Role(WatchRole::Cc) => or(&self.cc, CUSTOMER),
            Grantee::Role(WatchRole::AdminCc) => or(&self.admincc, ADMINCC),
            Grantee::Role(WatchRole::Owner) => or(&self.owner, OWNER),
            Grantee::Everyone | Grantee::Group(_) | Grantee::Person(_) => &[],
        }
    }
}

/// Somebody, as rights see them.
#[derive(Debug, Clone, Copy)]
pub struct Who<'a> {
    /// The person; nobody that the database knows when absent.
    pub person: Option<&'a Person>,
    /// Names of the groups that they are in, those that contain these included.
    pub groups: &'a [String],
}

/// Where something is to be done.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Name of the queue.
    pub queue: &'a str,
    /// What they are on the ticket; nothing where there is none.
    pub roles: &'a [WatchRole],
}

/// What a site grants.
#[derive(Debug, Clone, Copy)]
pub struct Granted<'a> {
    /// What levels and roles give.
    pub presets: &'a RightsDefinition,
    /// What else is granted.
    pub grants: &'a [GrantDefinition],
}

/// Whether somebody may do something somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Whether they may.
    pub allowed: bool,
    /// Why, in words for people.
    pub why: String,
}

/// Whether somebody may do something, and why. The first of these that gives the right is named: level, role on the ticket, grant.
pub fn may(granted: Granted<'_>, who: Who<'_>, right: Right, place: Place<'_>) -> Answer {
    let yes = |why: String| Answer { allowed: true, why };
    if who.person.is_some_and(|person| person.disabled) {
        return Answer { allowed: false, why: "whoever is disabled has no rights".to_owned() };
    }
    let level = who.person.map_or(Role::Guest, |person| person.role);
    if level == Role::Admin {
        return yes("administrators have every right".to_owned());
    }
    for preset in [Role::Staff, Role::Guest].into_iter().filter(|role| *role <= level) {
        if granted.presets.of(&Grantee::Level(preset)).contains(&right) {
            return yes(format!("the level {} gives it", preset.as_str()));
        }
    }
    for role in place.roles {
        if granted.presets.of(&Grantee::Role(*role)).contains(&right) {
            return yes(format!("the role {} gives it", role.as_str()));
        }
    }
    let gives = |grant: &&GrantDefinition| {
        grant.rights.contains(&right)
            && grant.queue.as_deref().is_none_or(|queue| queue.eq_ignore_ascii_case(place.queue))
            && is_meant(&grant.to, who, level, place.roles)
    };
    match granted.grants.iter().find(gives) {
        Some(grant) => {
            let place = grant.queue.as_ref().map_or_else(|| "everywhere".to_owned(), |queue| format!("in queue {queue}"));
            yes(format!("granted to {} {place}", grant.to))
        }
        None => Answer { allowed: false, why: format!("nothing gives the right {right} in queue {}", place.queue) },
    }
}

/// Whether a grant to somebody means this one.
pub fn is_meant(to: &Grantee, who: Who<'_>, level: Role, roles: &[WatchRole]) -> bool {
    match to {
        Grantee::Everyone => true,
        Grantee::Level(needed) => level >= *needed,
        Grantee::Role(role) => roles.contains(role),
        Grantee::Group(name) => who.groups.contains(name),
        Grantee::Person(login) => who.person.and_then(|person| person.login.as_ref()) == Some(login),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for right in Right::ALL {
            assert_eq!(Right::from_word(right.as_str()), Some(right));
        }
        let words: Vec<&str> = Right::ALL.iter().map(|right| right.as_str()).chain([EVERY_RIGHT]).collect();
        assert_eq!(words, WORDS);
        assert_eq!(Right::from_words(["reply", "see", "see"]), [Right::See, Right::Reply]);
        assert_eq!(Right::words(&Right::from_words([EVERY_RIGHT])), [EVERY_RIGHT]);
        assert_eq!(Right::words(&Right::ALL), [EVERY_RIGHT, "administer"]);
        assert_eq!(Right::words(&[Right::Own, Right::See]), ["see", "own"]);
        for word in ["everyone", "role:requestor", "role:staff", "group:noc", "anna"] {
            assert_eq!(Grantee::from_word(word).unwrap().to_string(), word);
        }
        for word in ["role:boss", "group:", "", "user:anna"] {
            assert_eq!(Grantee::from_word(word), None, "{word}");
        }
    }
}
