//! What a query means in a site: names that are there, times that can be compared.

use super::values::{self, Is, NONE};
use super::words::{Kind, Link};
use super::{Expr, LEAST_BEGINNING, ME, MOST_BEGINNINGS, NOBODY, Query, QueryError, Sort, Span, Term, dates, each_term};
use crate::life_cycle::{LifeCycle, StatusKind, built_in};
use crate::site::FieldDefinition;

/// What somebody is to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Role {
    Owner,
    Requestor,
    Cc,
    AdminCc,
    /// Requestor, Cc or AdminCc.
    Watcher,
    /// Who did something on it.
    Actor,
}

/// A time of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum TimeOf {
    Created,
    Updated,
    Due,
    Resolved,
    Started,
    Starts,
    /// The last contact with the customer.
    Told,
}

/// Somebody, as a query names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// No owner.
    Nobody,
    /// Somebody with a login.
    Login(String),
    /// Somebody with an address, in lower case.
    Address(String),
}

/// Words to be found, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The words.
    pub words: String,
    /// Whether the last may go on.
    pub prefix: bool,
    /// What the words may be instead, any of these, with the last going on in all the ways there are. Empty, as long as nobody looked that up.
    pub phrases: Vec<String>,
}

/// Something that a ticket is or is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// These words stand in its subject, in something written on it, or in the name of a file.
    Text(Wording),
    /// These words stand in its subject.
    Subject(Wording),
    /// Its number.
    Id(Span),
    /// Its queue, by name.
    Queue(String),
    /// Its status.
    Status(String),
    /// What its status means.
    Kind(StatusKind),
    /// Somebody's part in it.
    Person(Role, Who),
    /// Its priority.
    Priority(Span),
    /// A time of it; none: it has no such time.
    Time(TimeOf, Option<Span>),
    /// Something happened on it then.
    Worked(Span),
    /// It has this tag; none: it has no tag.
    Tag(Option<String>),
    /// It has this value in a field; none: it has no value there.
    Field(String, Option<String>),
    /// It is linked to this ticket.
    Link(Link, u64),
    /// Mail about it did not arrive at this address; none: at any.
    Undelivered(Option<String>),
    /// It wakes by itself.
    Wakes,
}

/// What tickets must be, with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Meaning {
    All(Vec<Meaning>),
    Any(Vec<Meaning>),
    Not(Box<Meaning>),
    Is(Test),
}

impl Default for Meaning {
    fn default() -> Self {
        Meaning::All(Vec::new())
    }
}

/// A query with its meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// What tickets must be.
    pub filter: Meaning,
    /// By what they are sorted, the most important first.
    pub sort: Vec<Sort>,
}

/// What whoever asks is told of names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Names {
    /// Which there are, at the command line.
    #[default]
    AtTerminal,
    /// Which there are, in a mail.
    ByMail,
    /// Nothing: they may not see one of them. What is not there finds what is hidden from them: nothing.
    Hidden,
}

/// What a query must know of the site and of whoever asks.
#[derive(Clone, Copy)]
pub struct Known<'k> {
    /// Microseconds since 1970 UTC.
    pub now: i64,
    /// The login of whoever asks; none: nobody who can have tickets.
    pub me: Option<&'k str>,
    /// Names of queues.
    pub queues: &'k [String],
    /// Life cycles of the site; those of the program are known anyway.
    pub life_cycles: &'k [LifeCycle],
    /// Fields of the site.
    pub fields: &'k [FieldDefinition],
    /// Whether somebody has this login.
    pub is_login: &'k dyn Fn(&str) -> bool,
    /// What whoever asks is told of names.
    pub names: Names,
}

impl Query {
    /// Gives the query its meaning. Names of searches must have been replaced.
    ///
    /// # Errors
    /// What is not there: a queue, a status, a person, a field, a saved search; `me` where nobody asks.
    pub fn resolve(&self, known: &Known<'_>) -> Result<Search, QueryError> {
        self.check_beginnings()?;
        Ok(Search { filter: known.meaning(&self.filter)?, sort: self.sort.clone() })
    }
}

impl Query {
    /// Beginnings of words are few and not too short: what begins so is put together from all texts that have it.
    fn check_beginnings(&self) -> Result<(), QueryError> {
        let mut beginnings = Vec::new();
        each_term(&self.filter, &mut |term| beginnings.extend(term.prefix.then_some(term)));
        if let Some(term) = beginnings.get(MOST_BEGINNINGS) {
            let wrong = format!("more than {MOST_BEGINNINGS} words end with *");
            return Err(QueryError::new(term.at, wrong, "write whole words, or ask for less at once"));
        }
        let short = |term: &&&Term| {
            let text = term.value.trim_end_matches(|c: char| !c.is_alphanumeric());
            text.rsplit(|c: char| !c.is_alphanumeric()).next().is_none_or(|last| last.len() < LEAST_BEGINNING)
        };
        match beginnings.iter().find(short) {
            Some(term) => {
                let wrong = format!("{:?} is too short for the beginning of a word", format!("{}*", term.value));
                Err(QueryError::new(term.at, wrong, format!("write at least {LEAST_BEGINNING} letters before the *")))
            }
            None => Ok(()),
        }
    }
}

/// A word and its field.
type WordOf<'t> = (&'t str, Option<&'t str>);

impl Known<'_> {
    fn meaning(&self, expr: &Expr) -> Result<Meaning, QueryError> {
        match expr {
            Expr::All(all) => self.side_by_side(all),
            Expr::Any(any) => Ok(Meaning::Any(any.iter().map(|expr| self.meaning(expr)).collect::<Result<_, _>>()?)),
            Expr::Not(inner) => Ok(Meaning::Not(Box::new(self.meaning(inner)?))),
            Expr::Is(term) => self.term(term),
            Expr::Saved { name, at } => {
                let wrong = format!("there is no saved search @{name} here");
                Err(QueryError::missing(*at, wrong, "write what it stands for"))
            }
        }
    }

    /// Words of one kind widen, where they are such words; everything else narrows.
    fn side_by_side(&self, all: &[Expr]) -> Result<Meaning, QueryError> {
        let mut parts: Vec<(Option<WordOf<'_>>, Vec<Meaning>)> = Vec::new();
        for expr in all {
            let meaning = self.meaning(expr)?;
            let kind = match expr {
                Expr::Is(term) if term.word.widens => Some((term.word.name, term.field.as_deref())),
                _ => None,
            };
            match parts.iter_mut().find(|(other, _)| kind.is_some() && *other == kind) {
                Some((_, ways)) => ways.push(meaning),
                None => parts.push((kind, vec![meaning])),
            }
        }
        let either = |mut ways: Vec<Meaning>| if ways.len() == 1 { ways.remove(0) } else { Meaning::Any(ways) };
        Ok(Meaning::All(parts.into_iter().map(|(_, ways)| either(ways)).collect()))
    }

    fn term(&self, term: &Term) -> Result<Meaning, QueryError> {
        let wrong = || QueryError::new(term.at, format!("{:?} is no value of {}:", term.value, term.word.name), term.word.help);
        let wording = || Wording { words: term.value.clone(), prefix: term.prefix, phrases: Vec::new() };
        let unless_none = || (term.value != NONE).then(|| term.value.clone());
        let test = match term.word.kind {
            Kind::Text => Test::Text(wording()),
            Kind::Subject => Test::Subject(wording()),
            Kind::Id => Test::Id(dates::numbers(&term.value).ok_or_else(wrong)?),
            Kind::Queue => match self.queue(term) {
                Err(_) if self.names == Names::Hidden => nothing(),
                queue => Test::Queue(queue?),
            },
            Kind::Status => return self.status(term),
            Kind::Is => return self.is(term, values::is_word(&term.value).ok_or_else(wrong)?.is),
            Kind::Person(role) => Test::Person(role, self.who(term, role)?),
            Kind::Priority => Test::Priority(dates::numbers(&term.value).ok_or_else(wrong)?),
            Kind::Time(of) if term.value == NONE => Test::Time(of, None),
            Kind::Time(of) => Test::Time(of, Some(dates::when(&term.value, self.now).ok_or_else(wrong)?)),
            Kind::Worked => Test::Worked(dates::when(&term.value, self.now).ok_or_else(wrong)?),
            Kind::Tag => return Ok(tag(unless_none())),
            Kind::Field => match self.field(term) {
                // None of them has a value there.
                Err(_) if self.names == Names::Hidden && term.value == NONE => return Ok(Meaning::default()),
                Err(_) if self.names == Names::Hidden => nothing(),
                field => Test::Field(field?, unless_none()),
            },
            Kind::Link(link) => Test::Link(link, values::number(&term.value).ok_or_else(wrong)?),
            Kind::Undelivered => Test::Undelivered((term.value != "any").then(|| term.value.to_lowercase())),
            Kind::Sort => return Err(wrong()),
        };
        Ok(Meaning::Is(test))
    }

    fn queue(&self, term: &Term) -> Result<String, QueryError> {
        let exact = self.queues.iter().find(|queue| **queue == term.value);
        let found = exact.or_else(|| self.queues.iter().find(|queue| queue.eq_ignore_ascii_case(&term.value)));
        found.cloned().ok_or_else(|| {
            let wrong = format!("there is no queue {:?}", term.value);
            QueryError::missing(term.at, wrong, format!("the queues are {}", self.queues.join(", ")))
        })
    }

    fn status(&self, term: &Term) -> Result<Meaning, QueryError> {
        let cycles = || self.life_cycles.iter().chain(built_in());
        let mut found: Vec<String> = Vec::new();
        for status in cycles().filter_map(|cycle| cycle.status(&term.value)) {
            if !found.iter().any(|other| other == status.as_str()) {
                found.push(status.as_str().to_owned());
            }
        }
        if let (true, Some(kind)) = (found.is_empty(), StatusKind::from_word(&term.value.to_lowercase())) {
            return Ok(Meaning::Is(Test::Kind(kind)));
        }
        let mut ways: Vec<Meaning> = found.into_iter().map(|status| Meaning::Is(Test::Status(status))).collect();
        match ways.len() {
            0 if self.names == Names::Hidden => Ok(Meaning::Is(nothing())),
            0 => {
                let mut known: Vec<&str> = Vec::new();
                for status in cycles().flat_map(LifeCycle::statuses) {
                    if !known.contains(&status) {
                        known.push(status);
                    }
                }
                let cure = format!("a ticket is {}; or initial, active, inactive", known.join(", "));
                Err(QueryError::new(term.at, format!("there is no status {:?}", term.value), cure))
            }
            1 => Ok(ways.remove(0)),
            _ => Ok(Meaning::Any(ways)),
        }
    }

    fn is(&self, term: &Term, is: Is) -> Result<Meaning, QueryError> {
        let kind = |kind| Meaning::Is(Test::Kind(kind));
        let open = || Meaning::Any(vec![kind(StatusKind::Initial), kind(StatusKind::Active)]);
        let untaken = || Meaning::Is(Test::Person(Role::Owner, Who::Nobody));
        Ok(match is {
            Is::Open => open(),
            Is::Closed => kind(StatusKind::Inactive),
            Is::New => kind(StatusKind::Initial),
            Is::Mine => Meaning::All(vec![Meaning::Is(Test::Person(Role::Owner, self.me(term)?)), open()]),
            Is::Untaken => Meaning::All(vec![untaken(), open()]),
            Is::Taken => Meaning::Not(Box::new(untaken())),
            Is::Overdue => {
                let past = Span { from: None, until: Some(self.now) };
                Meaning::All(vec![Meaning::Is(Test::Time(TimeOf::Due, Some(past))), open()])
            }
            Is::Waiting => Meaning::Any(self.waiting()),
            Is::Undelivered => Meaning::Is(Test::Undelivered(None)),
        })
    }

    /// In a status that waits, or asleep until a date.
    fn waiting(&self) -> Vec<Meaning> {
        let mut ways = vec![Meaning::Is(Test::Wakes)];
        for status in self.life_cycles.iter().chain(built_in()).flat_map(|cycle| &cycle.waiting) {
            let way = Meaning::Is(Test::Status(status.clone()));
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        ways
    }

    fn me(&self, term: &Term) -> Result<Who, QueryError> {
        self.me.map(|login| Who::Login(login.to_owned())).ok_or_else(|| {
            let wrong = "whoever asks is nobody who has tickets";
            QueryError::missing(term.at, wrong, "name a login instead of me")
        })
    }

    fn who(&self, term: &Term, role: Role) -> Result<Who, QueryError> {
        match term.value.as_str() {
            ME => self.me(term),
            NOBODY if role == Role::Owner => Ok(Who::Nobody),
            address if address.contains('@') => Ok(Who::Address(address.to_lowercase())),
            login if self.names == Names::Hidden || (self.is_login)(login) => Ok(Who::Login(login.to_owned())),
            login => {
                let wrong = format!("there is no person with the login {login:?}");
                let cure = match role {
                    _ if self.names == Names::ByMail => "write a login or an address; owner:me and owner:nobody are known, too",
                    Role::Owner => "`postern person list` shows who is there; owner:me and owner:nobody are known, too",
                    _ => "`postern person list` shows who is there; an address is known, too",
                };
                Err(QueryError::missing(term.at, wrong, cure))
            }
        }
    }

    fn field(&self, term: &Term) -> Result<String, QueryError> {
        let name = term.field.as_deref().unwrap_or_default();
        let found = self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name));
        found.map(|field| field.name.clone()).ok_or_else(|| {
            let known: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
            let cure = match known.is_empty() {
                true if self.names == Names::ByMail => "tickets have no fields of their own here".to_owned(),
                true => "site.toml defines none".to_owned(),
                false => format!("the fields are {}", known.join(", ")),
            };
            QueryError::missing(term.at, format!("there is no field {name:?}"), cure)
        })
    }
}

/// What no ticket is, and an index says so.
fn nothing() -> Test {
    Test::Id(Span { from: Some(0), until: Some(0) })
}

/// Tags are found as they were given, and in lower case.
fn tag(tag: Option<String>) -> Meaning {
    let lower = tag.as_ref().map(|tag| tag.to_lowercase()).filter(|lower| Some(lower) != tag.as_ref());
    let exact = Meaning::Is(Test::Tag(tag));
    match lower {
        Some(lower) => Meaning::Any(vec![exact, Meaning::Is(Test::Tag(Some(lower)))]),
        None => exact,
    }
}
