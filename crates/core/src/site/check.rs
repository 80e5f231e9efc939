//! What `postern check` tells: whether this site will take, keep and send mail, and what to do where it will not.

use std::fmt;
use std::path::Path;

use postern_model::site::{PersonDefinition, QueueDefinition, Role, SiteDefinition, Wish};

use super::users::{Filer, READ, User, WRITE, command, facts, pipe_owner};
use super::vouching::{self, Probed};
use super::wiring::{alias_lines, owner_of};
use super::{life_cycles, permissions, preview, read};
use crate::config::{Config, CourierUrl, Tls, is_loopback};
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::outbox;
use crate::store::probe::border_hole;
use crate::store::schema::MIGRATIONS;
use crate::store::site as store;
use crate::store::view::ledger;
use crate::view::Time;

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
    let filer = Filer::of(config);
    let files = permissions::look(config, &filer);
    match database(config, &mut findings) {
        Ok((site, probed)) => {
            findings.extend(sanity(config, &site));
            findings.extend(vouching::look(config, &site, &probed));
            aliases = alias_lines(config, &site, mailgate);
        }
        Err(error) => findings.extend(no_database(config, &error, &filer, files.hindered)),
    }
    findings.extend(files.findings);
    findings.extend(courier(config));
    findings.push(match probe(config) {
        Ok(text) => Finding::ok(text),
        Err(text) => Finding::error(text, ""),
    });
    Report { findings, aliases }
}

/// The site, and what probes showed of its border mail server.
fn database(config: &Config, findings: &mut Vec<Finding>) -> Result<(SiteDefinition, Probed), StoreError> {
    let mut engine = Engine::open(&config.database)?;
    let file = config.directory().join("site.toml");
    let wanted = file.try_exists().unwrap_or(true).then(|| read(&file));
    // A write that is rolled back: it proves the right to write and that writers get their turn.
    let facts = engine.dry_run(config.gateway.timeout, |tx| {
        let site = store::definition(tx)?;
        let plan = match &wanted {
            Some(Ok(wanted)) => Some(preview(tx, wanted)?),
            _ => None,
        };
        store::save_settings(tx, &site)?;
        let probed = Probed { border: store::Settings::of(tx)?.border, hole: border_hole(tx)? };
        Ok::<_, StoreError>((site, probed, plan, store::has_signing_key(tx)?, held(tx)?))
    });
    let (site, probed, plan, has_key, held) = facts?;
    let counts = engine.read(|tx| ledger::counts(tx, None, None))?;
    let version = MIGRATIONS.last().map_or(0, |migration| migration.version);
    findings.push(Finding::ok(format!("database {} can be written, tables of version {version}", config.database.display())));
    if !has_key {
        findings.push(Finding::error(
            "the database has no signing key: answers to our mails are not known as such",
            format!("run {}", command(config, "init")),
        ));
    }
    if let Some(Err(mistake)) = &wanted {
        findings.push(Finding::warning(mistake.to_string(), "until then it cannot be applied"));
    }
    if let Some(plan) = plan.filter(|plan| !plan.is_empty()) {
        let text = format!(
            "{} differs from the database: {} not applied",
            file.display(),
            counted(plan.lines.len(), "change", "changes")
        );
        let (see, apply) = (command(config, "apply --dry-run"), command(config, "apply"));
        findings.push(Finding::warning(text, format!("`{see}` shows, `{apply}` does it")));
    }
    findings.extend(held.findings(config));
    findings.push(match counts.balanced {
        true => Finding::ok(format!("ledger: {}", counts.line())),
        false => Finding::error(format!("the ledger does not balance: {}", counts.line()), command(config, "mail counts")),
    });
    Ok((site, probed))
}

/// What waits for somebody.
struct Held {
    mails: u64,
    oldest: Option<Time>,
    /// Answers that repeat words of internal comments.
    answers: u64,
}

fn held(tx: &Tx<'_>) -> Result<Held, StoreError> {
    let (mails, oldest) = ledger::held(tx)?;
    Ok(Held { mails, oldest, answers: outbox::held_answers(tx)? })
}

impl Held {
    fn findings(&self, config: &Config) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let (mails @ 1.., Some(oldest)) = (self.mails, &self.oldest) {
            let text = match mails {
                1 => format!("1 mail is held, since {oldest}"),
                _ => format!("{mails} mails are held, the oldest since {oldest}"),
            };
            findings.push(Finding::warning(text, command(config, "mail quarantine list")));
        }
        let text = match self.answers {
            0 => return findings,
            1 => "1 answer on a ticket is held because it repeats words of an internal comment".to_owned(),
            answers => format!("{answers} answers on tickets are held because they repeat words of internal comments"),
        };
        findings.push(Finding::warning(text, command(config, "outbox list")));
        findings
    }
}

/// A database that cannot be used; nothing where its files' permissions say so already.
fn no_database(config: &Config, error: &StoreError, filer: &Filer, hindered: bool) -> Option<Finding> {
    let StoreError::ReadOnly(denied) = error else { return Some(Finding::error(error.to_string(), "")) };
    if hindered {
        return None;
    }
    // Forbidden although the mode allows it: a file system that is mounted read-only.
    let by_mode = |user: User| std::fs::metadata(&denied.file).is_ok_and(|found| user.may(READ | WRITE, facts(&found)));
    if denied.user == filer.name() || User::current().is_some_and(by_mode) {
        return Some(Finding::error(error.to_string(), ""));
    }
    let text = format!("user '{}' cannot file mail in {}", denied.user, config.database.display());
    Some(Finding::error(text, pipe_owner(filer)))
}

/// A number with its word.
fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Whether the site's definition does what its author will expect.
fn sanity(config: &Config, site: &SiteDefinition) -> Vec<Finding> {
    let mut findings = Vec::new();
    let active = || site.queues.iter().filter(|queue| !queue.disabled);
    if active().next().is_none() {
        findings.push(Finding::error(
            "there is no queue: no mail can be taken",
            format!("add a [[queue]] to site.toml and run {}", command(config, "apply")),
        ));
    }
    if !site.people.iter().any(|person| person.role.is_staff() && !person.disabled) {
        let cure = "add a [[person]] with role = \"staff\" to site.toml";
        findings.push(Finding::warning("nobody is staff: nobody can work on tickets", cure));
    }
    if !site.people.iter().any(hears_of_held_mail) {
        let text = "no administrator would be told of held mail: nobody with role = \"admin\" has an address and wants mail";
        findings.push(Finding::warning(text, "give a [[person]] of site.toml role = \"admin\" and an email"));
    }
    for queue in active().filter(|queue| !reaches_somebody(site, queue)) {
        let text = format!("queue '{}' tells nobody of new tickets: its admincc reaches no one", queue.name);
        findings.push(Finding::warning(text, "add admincc = [\"login\", \"group:NAME\", \"address\"] to it"));
    }
    for queue in active().filter(|queue| queue.comment_address.is_none()) {
        let text = format!("queue '{}' has no comment_address: staff cannot write by mail what customers do not see", queue.name);
        findings.push(Finding::warning(text, "add comment_address = \"...\" to it, and the alias"));
    }
    findings.extend(site.life_cycles.iter().flat_map(life_cycles::gaps).map(|(wrong, cure)| Finding::warning(wrong, cure)));
    findings.extend(default_queue(config, site));
    findings.extend(site.queues.iter().filter(|queue| queue.disabled && !queue.address.is_empty()).map(disabled));
    findings.extend(from(config, site));
    findings.extend(bounce(config, site));
    if findings.is_empty() {
        let queues = counted(site.queues.len(), "queue", "queues");
        findings.push(Finding::ok(format!("site: {queues}, {}", counted(site.people.len(), "person", "people"))));
    }
    findings
}

/// Whether somebody gets the warnings and the daily mail of administrators.
fn hears_of_held_mail(person: &PersonDefinition) -> bool {
    person.role == Role::Admin && !person.disabled && !person.email.is_empty() && person.notify != Wish::None
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

fn disabled(queue: &QueueDefinition) -> Finding {
    let text = format!("queue '{}' is disabled and still has the address {}: mail for it is held", queue.name, queue.address);
    Finding::warning(text, "take its lines out of the alias file, or make the address an alias of another queue in site.toml")
}

fn from(config: &Config, site: &SiteDefinition) -> Option<Finding> {
    let from = config.from.as_ref().filter(|from| owner_of(&site.queues, from).is_none())?;
    let text =
        format!("key 'outgoing.from' in {} is {from}, no queue's address: answers to it reach nobody", config.path.display());
    Some(Finding::warning(text, "name a queue's address, or add it to a queue's aliases in site.toml"))
}

fn bounce(config: &Config, site: &SiteDefinition) -> Option<Finding> {
    let first = site.queues.iter().find(|queue| !queue.disabled).map(|queue| queue.address.as_str());
    let bounce = config.bounce_address(first)?;
    let queue = owner_of(&site.queues, bounce)?;
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
