//! What `postern check` tells: whether this site will take, keep and send mail, and what to do where it will not.

use std::fmt;
use std::path::Path;

use postern_model::site::{QueueDefinition, SiteDefinition};

use super::permissions;
use crate::config::{Config, CourierUrl, DEFAULT_PATH, Tls, is_loopback};
use crate::store::engine::{Engine, StoreError};
use crate::store::schema::MIGRATIONS;
use crate::store::site as store;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, and somebody will be sorry.
    Warning,
    /// Mail is not taken, not kept to ourselves, or not sent.
    Error,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How grave it is.
    pub level: Level,
    /// What was found.
    pub text: String,
    /// What to do; empty when there is nothing to do, or the text says it.
    pub cure: String,
}

impl Finding {
    pub(super) fn ok(text: impl Into<String>) -> Finding {
        Finding { level: Level::Ok, text: text.into(), cure: String::new() }
    }

    pub(super) fn warning(text: impl Into<String>, cure: impl Into<String>) -> Finding {
        Finding { level: Level::Warning, text: text.into(), cure: cure.into() }
    }

    pub(super) fn error(text: impl Into<String>, cure: impl Into<String>) -> Finding {
        Finding { level: Level::Error, text: text.into(), cure: cure.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Ok => "ok",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        write!(f, "{level}: {}", self.text)?;
        if self.cure.is_empty() { Ok(()) } else { write!(f, "; {}", self.cure) }
    }
}

/// What was found, and how to wire the mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The findings, in the order in which they were looked for.
    pub findings: Vec<Finding>,
    /// Lines for an alias file, comments included; empty when the queues could not be read.
    pub aliases: Vec<String>,
}

impl Report {
    /// The gravest level.
    pub fn level(&self) -> Level {
        self.findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok)
    }
}

/// Looks at everything. `mailgate` is where postern-mailgate is installed; `probe` tries to reach the courier and says what it
/// found, or what is wrong and what to do.
pub fn check(config: &Config, mailgate: &Path, probe: &dyn Fn(&Config) -> Result<String, String>) -> Report {
    let mut findings = vec![Finding::ok(format!("configuration {}, site {}", config.path.display(), config.site_name))];
    let mut aliases = Vec::new();
    match database(config, &mut findings) {
        Ok(site) => {
            findings.extend(sanity(config, &site));
            aliases = alias_lines(config, &site.queues, mailgate);
        }
        Err(error) => findings.push(Finding::error(error.to_string(), "")),
    }
    findings.extend(permissions::findings(config));
    findings.extend(courier(config));
    findings.push(match probe(config) {
        Ok(text) => Finding::ok(text),
        Err(text) => Finding::error(text, ""),
    });
    Report { findings, aliases }
}

fn database(config: &Config, findings: &mut Vec<Finding>) -> Result<SiteDefinition, StoreError> {
    let mut engine = Engine::open(&config.database)?;
    // A write that is rolled back: it proves the right to write and that writers get their turn.
    let site = engine.dry_run(config.gateway.timeout, |tx| {
        let site = store::definition(tx)?;
        store::save_settings(tx, &site.former_names, &site.own_addresses)?;
        let has_key = store::has_signing_key(tx)?;
        Ok::<_, StoreError>((site, has_key))
    });
    let (site, has_key) = site?;
    let version = MIGRATIONS.last().map_or(0, |migration| migration.version);
    findings.push(Finding::ok(format!("database {} can be written, tables of version {version}", config.database.display())));
    if !has_key {
        findings.push(Finding::error(
            "the database has no signing key: answers to our mails are not known as such",
            "run postern init",
        ));
    }
    Ok(site)
}

/// Whether the site's definition does what its author will expect.
fn sanity(config: &Config, site: &SiteDefinition) -> Vec<Finding> {
    let mut findings = Vec::new();
    let active = || site.queues.iter().filter(|queue| !queue.disabled);
    if active().next().is_none() {
        findings.push(Finding::error(
            "there is no queue: no mail can be taken",
            "add a [[queue]] to site.toml and run postern apply",
        ));
    }
    if !site.people.iter().any(|person| person.role.is_staff() && !person.disabled) {
        let cure = "add a [[person]] with role = \"staff\" to site.toml";
        findings.push(Finding::warning("nobody is staff: nobody can work on tickets", cure));
    }
    for queue in active().filter(|queue| !reaches_somebody(site, queue)) {
        let text = format!("queue '{}' tells nobody of new tickets: its admincc reaches no one", queue.name);
        findings.push(Finding::warning(text, "add admincc = [\"login\", \"group:NAME\", \"address\"] to it"));
    }
    for queue in active().filter(|queue| queue.comment_address.is_none()) {
        let text = format!("queue '{}' has no comment_address: staff cannot write by mail what customers do not see", queue.name);
        findings.push(Finding::warning(text, "add comment_address = \"...\" to it, and the alias"));
    }
    findings.extend(default_queue(config, site));
    findings.extend(bounce(config, site));
    if findings.is_empty() {
        findings.push(Finding::ok(format!("site: {} queues, {} people", site.queues.len(), site.people.len())));
    }
    findings
}

/// Whether at least one watcher of a queue gets mail.
fn reaches_somebody(site: &SiteDefinition, queue: &QueueDefinition) -> bool {
    let works =
        |login: &str| site.people.iter().any(|person| person.login == login && !person.disabled && !person.email.is_empty());
    queue.admincc.iter().any(|word| match word.strip_prefix("group:") {
        Some(group) => site.groups.iter().any(|known| known.name == group && known.members.iter().any(|login| works(login))),
        None => word.contains('@') || works(word),
    })
}

fn default_queue(config: &Config, site: &SiteDefinition) -> Option<Finding> {
    let name = config.gateway.queue.as_ref()?;
    let is_there = site.queues.iter().any(|queue| queue.name == *name && !queue.disabled);
    (!is_there).then(|| {
        let text = format!("key 'gateway.queue' in {} names the queue '{name}', which is not there", config.path.display());
        Finding::error(text, "name a queue of site.toml")
    })
}

fn bounce(config: &Config, site: &SiteDefinition) -> Option<Finding> {
    let first = site.queues.iter().find(|queue| !queue.disabled).map(|queue| queue.address.as_str());
    let bounce = config.bounce_address(first)?;
    let is_its = |queue: &&QueueDefinition| {
        queue.address == bounce || queue.comment_address.as_deref() == Some(bounce) || queue.aliases.iter().any(|a| a == bounce)
    };
    let queue = site.queues.iter().find(is_its)?;
    let text = format!("failure reports come back to {bounce}, an address of queue '{}'", queue.name);
    let cure = "make an alias of its own and name it: bounce = \"postern-bounces@...\" under [outgoing]";
    Some(Finding::warning(text, cure))
}

/// What can be said of the courier without trying it.
fn courier(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    match &config.courier {
        CourierUrl::Directory { path } => {
            let text = format!("mail goes to files in {} and leaves for nowhere", path.display());
            findings.push(Finding::warning(
                text,
                "when you are done with trying, set courier = \"smtp://localhost\" under [outgoing]",
            ));
        }
        CourierUrl::Smtp { host, tls, credentials: Some(_), .. } if *tls != Tls::Required && !is_loopback(host) => {
            let text = format!("the password for {host} may travel in the clear");
            findings.push(Finding::warning(text, "append ?tls=required to the courier, or use smtps://"));
        }
        _ => {}
    }
    if let Some(Err(error)) = config.courier.credentials().map(|credentials| credentials.password()) {
        findings.push(Finding::error(error.to_string(), "write the password into the first line of that file"));
    }
    findings
}

/// Lines for an alias file of Postfix (Exim and sendmail read them too): each queue's addresses, piped to the gate.
pub fn alias_lines(config: &Config, queues: &[QueueDefinition], mailgate: &Path) -> Vec<String> {
    let option = match config.path == Path::new(DEFAULT_PATH) {
        true => String::new(),
        false => {
            let whole = std::fs::canonicalize(&config.path).unwrap_or_else(|_| config.path.clone());
            format!(" --config {}", quoted(&whole.display().to_string()))
        }
    };
    let mut lines = vec![
        "# The pipe must run as postern. With Postfix it runs as the owner of the alias file:".to_owned(),
        "#   /etc/postfix/postern-aliases, chown postern:postern, then in main.cf".to_owned(),
        "#   alias_maps = hash:/etc/aliases, hash:/etc/postfix/postern-aliases; then postalias on that file".to_owned(),
        "#   (or in /etc/aliases, with default_privs = postern in main.cf)".to_owned(),
    ];
    let line = |address: &str, queue: &str, action: &str| {
        let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
        let command = format!("{}{option} --queue {} --action {action}", mailgate.display(), quoted(queue));
        format!("{local}: \"|{}\"", command.replace('\\', "\\\\").replace('"', "\\\""))
    };
    for queue in queues.iter().filter(|queue| !queue.disabled) {
        for address in std::iter::once(&queue.address).chain(&queue.aliases) {
            lines.push(line(address, &queue.name, "correspond"));
        }
        lines.extend(queue.comment_address.iter().map(|address| line(address, &queue.name, "comment")));
    }
    lines
}

/// A word for the shell that runs the pipe.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "._-/@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}
