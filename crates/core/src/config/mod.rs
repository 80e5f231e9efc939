//! `postern.toml`: what concerns this machine. Where the database is, how mail leaves, how long the gate waits.
//!
//! Every program reads it first, the short-lived gate included: one read, one parse, nothing else touched. What concerns
//! the organisation is in `site.toml`, see [`crate::site`].

mod courier;
mod document;
mod error;
mod form;
mod keys;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use courier::is_loopback;
pub use courier::{CourierUrl, Credentials, Secret, Tls};
pub(crate) use document::{Document, Located, Table};
pub use document::{Key, Kind, Section};
pub use error::ConfigError;
pub use form::Form;
pub(crate) use form::bad_address;
pub use keys::{POSTERN_TOML, SECTIONS};
pub(crate) use postern_model::near::nearest;

/// Where the configuration is when nobody says otherwise.
pub const DEFAULT_PATH: &str = "/etc/postern/postern.toml";
/// The environment variable that names the configuration.
pub const ENVIRONMENT: &str = "POSTERN_CONFIG";

/// What `postern.toml` says, defaults filled in, paths made absolute or relative to the working directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The file itself.
    pub path: PathBuf,
    /// The site's name, as in subject tags.
    pub site_name: String,
    /// The database file.
    pub database: PathBuf,
    /// How mail leaves.
    pub courier: CourierUrl,
    /// From of mail that belongs to no queue, lower case; see [`Config::from_address`].
    pub from: Option<String>,
    /// Envelope sender, lower case; see [`Config::bounce_address`].
    pub bounce: Option<String>,
    /// How mail leaves, beside where to.
    pub outgoing: Outgoing,
    /// How mail comes in.
    pub gateway: Gateway,
}

/// How mail leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Mails sent at the same time.
    pub connections: u32,
    /// Mails sent at the same time to addresses of one domain; `None`: as many as there are connections.
    pub per_domain: Option<u32>,
    /// How long a mail is tried before it is given up.
    pub give_up: Duration,
    /// Octets of files that are passed on with one mail; larger ones are named instead.
    pub attachments: u64,
    /// What stands between an address and its extension, where the site says that its mail server delivers such addresses.
    pub delimiter: Option<char>,
}

impl Default for Outgoing {
    fn default() -> Self {
        let give_up = Duration::from_secs(5 * 24 * 3600);
        Outgoing { connections: 4, per_domain: None, give_up, attachments: 10 << 20, delimiter: None }
    }
}

/// How mail comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// Queue of mail that names none by option or recipient.
    pub queue: Option<String>,
    /// Whether mail for an unknown queue may be refused for good.
    pub authoritative: bool,
    /// How long a delivery waits for the store.
    pub timeout: Duration,
    /// Octets above which a message is not taken.
    pub max_message_size: u64,
}

impl Default for Gateway {
    fn default() -> Self {
        Gateway { queue: None, authoritative: false, timeout: Duration::from_secs(60), max_message_size: 100 << 20 }
    }
}

impl Config {
    /// Finds and reads the configuration: the argument, else `$POSTERN_CONFIG`, else `/etc/postern/postern.toml`.
    ///
    /// # Errors
    /// When there is none, or it says something wrong.
    pub fn load(explicit: Option<&Path>) -> Result<Config, ConfigError> {
        Config::read(&find(explicit)?)
    }

    /// Reads this file.
    ///
    /// # Errors
    /// When it cannot be read or says something wrong.
    pub fn read(path: &Path) -> Result<Config, ConfigError> {
        let document = Document::read(path)?;
        let root = document.parse()?;
        let tables = document.tables(&root, &POSTERN_TOML)?;
        let table = |name: &str| tables.iter().find(|table| table.section.name == name);
        let base = path.parent().unwrap_or(Path::new(""));
        let site_name = table("site")
            .and_then(|table| table.word("name"))
            .ok_or_else(|| document.error(0, "site.name", "it is missing", "add the lines [site] and name = \"example.org\""))?;
        let outgoing = table("outgoing");
        let address =
            |key| outgoing.and_then(|table| table.word(key)).map(|address| postern_mail::address::address_key(&address));
        Ok(Config {
            path: path.to_owned(),
            site_name,
            database: database(table("database"), base)?,
            courier: courier(outgoing, base)?,
            from: address("from"),
            bounce: address("bounce"),
            outgoing: outgoing.map(leaving).unwrap_or_default(),
            gateway: table("gateway").map(gateway).unwrap_or_default(),
        })
    }

    /// The directory of the configuration file.
    pub fn directory(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// From of mail that belongs to no queue: `outgoing.from`, else the first queue's address.
    pub fn from_address<'a>(&'a self, first_queue: Option<&'a str>) -> Option<&'a str> {
        self.from.as_deref().or(first_queue)
    }

    /// The envelope sender: `outgoing.bounce`, else the same as From, because that is the one address known to exist. What
    /// comes back there is recognised as a bounce; an address of its own is better and `check` says so.
    pub fn bounce_address<'a>(&'a self, first_queue: Option<&'a str>) -> Option<&'a str> {
        self.bounce.as_deref().or_else(|| self.from_address(first_queue))
    }
}

/// The file to read.
fn find(explicit: Option<&Path>) -> Result<PathBuf, ConfigError> {
    let named = std::env::var_os(ENVIRONMENT).filter(|value| !value.is_empty()).map(PathBuf::from);
    choose(explicit, named, Path::new(DEFAULT_PATH))
}

fn choose(explicit: Option<&Path>, named: Option<PathBuf>, default: &Path) -> Result<PathBuf, ConfigError> {
    let mut looked_at = Vec::new();
    for (place, path) in [("--config", explicit), ("$POSTERN_CONFIG", named.as_deref()), ("", Some(default))] {
        match path {
            None => looked_at.push(format!("{place} is not given")),
            // What cannot be looked at is not missing: reading it tells why.
            Some(path) if path.try_exists().unwrap_or(true) => return Ok(path.to_owned()),
            Some(path) => {
                let place = if place.is_empty() { String::new() } else { format!("{place} ") };
                looked_at.push(format!("{place}{} is not there", path.display()));
                // Whoever named a file does not want another one.
                if path != default {
                    break;
                }
            }
        }
    }
    Err(ConfigError::NotFound { looked_at })
}

fn database(table: Option<&Table<'_>>, base: &Path) -> Result<PathBuf, ConfigError> {
    let Some((table, url)) = table.and_then(|table| table.text("url").map(|url| (table, url))) else {
        return Ok(base.join("postern.db"));
    };
    let wrong = |wrong: String| table.error(url.at, "url", wrong, "write it like url = \"sqlite:postern.db\"");
    match url.value.split_once(':') {
        Some(("sqlite", rest)) => courier::path(rest, base, "sqlite:postern.db").map_err(|bad| wrong(bad.wrong)),
        Some(("postgres" | "postgresql", _)) => Err(wrong("PostgreSQL is not supported yet".to_owned())),
        // The rest is not shown: it may hold a password.
        Some((other, _)) => Err(wrong(format!("'{other}' is no kind of database that is known"))),
        None => Err(wrong(format!("{:?} is no URL", url.value))),
    }
}

fn courier(outgoing: Option<&Table<'_>>, base: &Path) -> Result<CourierUrl, ConfigError> {
    let default = || CourierUrl::Directory { path: base.join("outgoing") };
    let Some(table) = outgoing else {
        return Ok(default());
    };
    let password_file = table.text("password_file");
    let file = password_file.as_ref().map(|file| base.join(&file.value));
    let courier = match table.text("courier") {
        Some(url) => {
            CourierUrl::parse(&url.value, base, file).map_err(|bad| table.error(url.at, "courier", bad.wrong, bad.cure))?
        }
        None => default(),
    };
    match password_file {
        Some(file) if courier.credentials().is_none() => {
            let cure = "write courier = \"smtp://user@host\", or leave password_file out";
            Err(table.error(file.at, "password_file", "the courier has no user that this could be the password of", cure))
        }
        _ => Ok(courier),
    }
}

fn leaving(table: &Table<'_>) -> Outgoing {
    let default = Outgoing::default();
    let count = |key| table.number(key).and_then(|n| u32::try_from(n).ok());
    Outgoing {
        connections: count("connections").unwrap_or(default.connections),
        per_domain: count("per_domain"),
        give_up: count("give_up_days").map_or(default.give_up, |days| Duration::from_secs(u64::from(days) * 24 * 3600)),
        attachments: table.size("attachments").unwrap_or(default.attachments),
        delimiter: table.word("delimiter").and_then(|word| word.chars().next()),
    }
}

fn gateway(table: &Table<'_>) -> Gateway {
    let default = Gateway::default();
    Gateway {
        queue: table.word("queue"),
        authoritative: table.flag("authoritative").unwrap_or(default.authoritative),
        timeout: table.duration("timeout").unwrap_or(default.timeout),
        max_message_size: table.size("max_message_size").unwrap_or(default.max_message_size),
    }
}
