//! `postern init`, `apply`, `export` and `check`: the site and this machine.

use super::edit::{self, Dry, Lasting};
use super::probe::Probing;
use crate::context::{Context, config_path};
use crate::failure::Failure;
use crate::output::progress::Progress;
use crate::output::table::styled;
use crate::output::text::{self, line};
use crate::output::{self, BAD, FAINT, GOOD, Out, STRONG, WARN};
use clap::Args;
use postern_core::config::Config;
use postern_core::site::{self, Finding, Level, Report, SiteDefinition};
use postern_core::store;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Make a database and, where there are none, sample files. It overwrites nothing and can be run again.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Directory for postern.toml, site.toml and the database [default: where the configuration is looked for]
    #[arg(value_name = "DIR", conflicts_with = "config_path")]
    directory: Option<PathBuf>,
}

/// Bring the site to what site.toml says. A second time changes nothing.
#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The site's file [default: site.toml beside postern.toml]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    dry: Dry,
}

/// Check configuration, database, permissions and the way out, and print the lines for the mail server.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Check as this user, such as the one that the mail server runs pipes as; needs root
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Send a mail to each of our addresses with an extension and wait for it to come back: only then do mails that leave
    /// carry reply addresses and envelope senders of their own. Where site.toml names the border mail server, send one with
    /// forged results of it, too: only if they are removed is it believed about senders
    #[arg(long, conflicts_with = "user")]
    probe: bool,
    /// Send the probes by this courier rather than the site's own, such as smtp://mx.example.org:25: many mail servers check only
    /// what comes from outside
    #[arg(long, value_name = "URL", requires = "probe")]
    via: Option<String>,
    /// How long to wait for the probes, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, requires = "probe")]
    patience: u64,
}

/// What `--json` says about something that was looked at.
#[derive(Serialize)]
struct Looked<'a> {
    level: &'static str,
    text: &'a str,
    cure: &'a str,
}

/// What `--json` says about a check.
#[derive(Serialize)]
struct Checked<'a> {
    findings: Vec<Looked<'a>>,
    aliases: &'a [String],
}

impl Init {
    /// The configuration to make. A directory that is named where another configuration is in force is rather meant as the place
    /// for its data, and would become a second site of which nobody knows.
    fn file(&self, context: &Context) -> Result<PathBuf, Failure> {
        let in_force = config_path(context);
        let Some(directory) = &self.directory else { return Ok(in_force) };
        let file = directory.join("postern.toml");
        if file.exists() || file == in_force || !in_force.exists() {
            return Ok(file);
        }
        let (file, in_force) = (file.display(), in_force.display());
        Err(Failure::refused(
            format!("there is a configuration already, {in_force}, nothing was made"),
            format!("`postern init` alone makes what it lacks; a second site is made by `postern init --config {file}`"),
        ))
    }

    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let file = self.file(context)?;
        let had_files = file.exists() && file.with_file_name("site.toml").exists();
        let done = site::init(&file)?;
        if context.json {
            return Ok(output::json(&done)?);
        }
        let mut out = Out::new();
        done.iter().try_for_each(|step| out.line(line(step)))?;
        let config = Config::read(&file)?;
        match (done.is_empty(), had_files) {
            (true, _) => out.line(format!("Everything is there: {}", line(&file.display().to_string())))?,
            (false, false) => to_edit(&mut out, &config)?,
            (false, true) => out.styled("Next", FAINT)?,
        }
        if !done.is_empty() {
            next(&mut out, &config)?;
        }
        Ok(out.finish()?)
    }
}

/// What is a sample until somebody edits it.
fn to_edit(out: &mut Out, config: &Config) -> Result<(), Failure> {
    let site = config.directory().join("site.toml");
    let edit = [(&config.path, "courier: how mail leaves"), (&site, "queues and people")];
    let width = edit.iter().map(|(file, _)| file.display().to_string().chars().count()).max().unwrap_or(0);
    out.styled("Next, edit", FAINT)?;
    for (file, what) in edit {
        let file = file.display().to_string();
        out.line(format!("  {:<width$}  {what}", line(&file)))?;
    }
    out.styled("then", FAINT)?;
    Ok(())
}

/// What to do after a site was made, with commands that work as they are printed.
fn next(out: &mut Out, config: &Config) -> Result<(), Failure> {
    for verb in ["apply", "check"] {
        out.line(format!("  {}", line(&site::command(config, verb))))?;
    }
    Ok(())
}

impl Apply {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let config = context.config()?;
        let file = self.file.unwrap_or_else(|| config.directory().join("site.toml"));
        let wanted = site::read(&file)?;
        let mut engine = context.engine()?;
        let waiting = Progress::begin(format!("Applying {}", file.display()));
        let plan = match self.dry.dry_run {
            true => engine.read(|tx| site::preview(tx, &wanted))?,
            false => engine.write(config.gateway.timeout, |tx| site::apply(tx, &wanted))?,
        };
        drop(waiting);
        edit::told(context, &plan, self.dry, Lasting::DatabaseOnly)
    }
}

/// Prints the site as the database has it.
pub(super) fn export(context: &Context) -> Result<(), Failure> {
    let waiting = Progress::begin("Reading the site");
    let site: SiteDefinition = context.engine()?.read(store::site::definition)?;
    drop(waiting);
    if context.json {
        return Ok(output::json(&site)?);
    }
    Ok(output::raw(site::export(&site).as_bytes())?)
}

impl Check {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let config = context.config()?;
        match self.user {
            Some(user) if uzers::get_effective_username().is_none_or(|own| own != user.as_str()) => {
                as_user(context, &config, &user)
            }
            _ => check(
                context,
                &config,
                self.probe.then(|| Probing { patience: Duration::from_secs(self.patience), via: self.via }),
            ),
        }
    }
}

/// `probing`: how probes are sent, if any are.
fn check(context: &Context, config: &Config, probing: Option<Probing>) -> Result<(), Failure> {
    let waiting = Progress::begin("Checking");
    let mut report = site::check(config, &mailgate(), &|config| postern_courier::probe(&config.courier));
    drop(waiting);
    if let Some(probing) = probing {
        report.findings.extend(super::probe::findings(context, config, &probing)?);
    }
    if context.json {
        output::json(&Checked { findings: report.findings.iter().map(looked).collect(), aliases: &report.aliases })?;
    } else {
        let mut out = Out::new();
        let room = out.room();
        report.findings.iter().try_for_each(|finding| out.line(in_words(finding, room)))?;
        if !report.aliases.is_empty() {
            out.line("")?;
            out.styled("For the mail server", STRONG)?;
            report.aliases.iter().try_for_each(|alias| out.line(line(alias)))?;
        }
        out.finish()?;
    }
    verdict(&report)
}

fn verdict(report: &Report) -> Result<(), Failure> {
    match report.findings.iter().filter(|finding| finding.level == Level::Error).count() {
        0 => Ok(()),
        1 => Err(Failure::refused("check found an error", "what was printed says what to do")),
        errors => Err(Failure::refused(format!("check found {errors} errors"), "what was printed says what to do")),
    }
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Ok => "ok",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

fn looked(finding: &Finding) -> Looked<'_> {
    Looked { level: word(finding.level), text: &finding.text, cure: &finding.cure }
}

fn in_words(finding: &Finding, room: Option<usize>) -> String {
    let style = match finding.level {
        Level::Ok => GOOD,
        Level::Warning => WARN,
        Level::Error => BAD,
    };
    let cure = if finding.cure.is_empty() { String::new() } else { format!("; {}", line(&finding.cure)) };
    let label = styled(&format!("{:<7}", word(finding.level)), style);
    text::hang(&label, &format!("{}{cure}", line(&finding.text)), room)
}

/// postern-mailgate is installed beside this program.
fn mailgate() -> PathBuf {
    let own = std::env::current_exe().ok();
    own.as_deref().and_then(Path::parent).unwrap_or(Path::new("/usr/bin")).join("postern-mailgate")
}

/// The same check in a process of that user: what it may do is tried, not computed. setpriv belongs to util-linux, which
/// every Debian has; the standard library would leave out the user's further groups, which are what is to be checked.
fn as_user(context: &Context, config: &Config, name: &str) -> Result<(), Failure> {
    let user = uzers::get_user_by_name(name).ok_or_else(|| {
        Failure::refused(format!("there is no user {name:?}"), format!("adduser --system --group {name} makes one"))
    })?;
    if uzers::get_effective_uid() != 0 {
        return Err(Failure::refused("only root can check for another user", format!("sudo postern check --user {name}")));
    }
    if let Some(finding) = site::outsider(config, name) {
        return Err(Failure::refused(finding.text, finding.cure));
    }
    let file = std::fs::canonicalize(&config.path).unwrap_or_else(|_| config.path.clone());
    let own = std::env::current_exe().map_err(|error| failed("finding this program", error))?;
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={}", user.uid())).arg(format!("--regid={}", user.primary_group_id())).arg("--init-groups");
    command.arg("--").arg(own).arg("--config").arg(file).arg("check");
    if context.json {
        command.arg("--json");
    }
    let status = command.current_dir("/").status().map_err(|error| failed("running setpriv", error))?;
    match status.code() {
        Some(0) => Ok(()),
        // The process of that user has said what is wrong; 126 and 127 are setpriv's own, which has spoken too.
        Some(code) => Err(Failure::Told { exit_code: u8::try_from(code).map_or(1, |code| code.min(1)) }),
        None => Err(Failure::refused(format!("the check as {name} was killed"), "try again")),
    }
}

fn failed(what: &str, error: std::io::Error) -> Failure {
    Failure::File { what: what.to_owned(), error, next: "install util-linux, and this program where every user may run it" }
}
