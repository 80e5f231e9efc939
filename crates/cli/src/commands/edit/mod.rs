//! What all verbs share that change the organisation: `key=value`, a file, or an editor in; what changed out.
//!
//! The core makes the change, through the same checks and the same plan as `postern apply`.

use crate::context::{Context, read};
use crate::editor;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table, styled};
use crate::output::text::line;
use crate::output::{self, FAINT, Out, WARN};
use clap::Args;
use postern_core::config::{Key, Section};
use postern_core::site::{self, Edit, EditError, EntryKey, KeyChange, Plan};
use serde::Serialize;
use serde_json::Value;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// How an entry changes.
#[derive(Debug, Args)]
pub(super) struct Changes {
    /// What changes: key=value; key+=value and key-=value for lists; key= takes a value away
    #[arg(value_name = "CHANGE", value_parser = KeyChange::parse)]
    changes: Vec<KeyChange>,
    /// The whole entry as site.toml would have it, from a file; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "changes")]
    file: Option<PathBuf>,
    #[command(flatten)]
    dry: Dry,
}

/// What a new entry says.
#[derive(Debug, Args)]
pub(super) struct Additions {
    /// What it says: key=value, lists with commas
    #[arg(value_name = "CHANGE", value_parser = KeyChange::parse)]
    changes: Vec<KeyChange>,
    #[command(flatten)]
    dry: Dry,
}

/// Whether it is done.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Dry {
    /// Only say what would change
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// What `--json` says about a change of the site.
#[derive(Serialize)]
struct Changed<'a> {
    applied: bool,
    changes: &'a [String],
    warnings: &'a [String],
}

impl Changes {
    /// Changes an entry by what was written, else in the editor.
    pub(super) fn run(self, context: &Context, key: EntryKey) -> Result<(), Failure> {
        if let Some(file) = &self.file {
            let edit = Edit::Rewrite(key, shown(file), text_of(file)?);
            return make(context, &edit, self.dry);
        }
        if !self.changes.is_empty() {
            return make(context, &Edit::Change(key, self.changes), self.dry);
        }
        if !can_edit() {
            return Err(nothing_said(key.section));
        }
        let page = context.engine()?.read(|tx| site::entry_page(tx, &key)).map_err(failure)?;
        let Some(text) = editor::edit(&page, "", ".toml")? else { return nothing(context, self.dry) };
        let edit = Edit::Rewrite(key, PathBuf::from("what you wrote"), text.clone());
        editor::or_kept(&text, ".toml", make(context, &edit, self.dry))
    }

    /// Changes somebody who has no entry.
    pub(super) fn run_for_customer(self, context: &Context, address: String) -> Result<(), Failure> {
        if self.changes.is_empty() {
            let what = format!("{address} belongs to a customer, who has no entry to edit");
            return Err(Failure::refused(what, "write what changes: name=…, notify=all|mine|none, language=…"));
        }
        make(context, &Edit::Customer(address, self.changes), self.dry)
    }
}

impl Additions {
    /// Adds an entry.
    pub(super) fn run(self, context: &Context, key: EntryKey) -> Result<(), Failure> {
        make(context, &Edit::Add(key, self.changes), self.dry)
    }
}

/// Whether somebody sits there who can use an editor.
pub(super) fn can_edit() -> bool {
    std::io::stdin().is_terminal()
}

fn nothing_said(section: &str) -> Failure {
    let keys: Vec<&str> = changeable(section).map(|key| key.name).collect();
    Failure::Usage(format!(
        "nothing says what to change, and there is no terminal for an editor; write key=value, keys are {}",
        keys.join(", ")
    ))
}

/// A file as messages call it.
pub(super) fn shown(file: &Path) -> PathBuf {
    if file == Path::new("-") { PathBuf::from("standard input") } else { file.to_owned() }
}

/// A text file, or standard input.
pub(super) fn text_of(file: &Path) -> Result<String, Failure> {
    String::from_utf8(read(file)?)
        .map_err(|_| Failure::refused(format!("{} is not UTF-8", shown(file).display()), "save it as UTF-8"))
}

/// Makes a change, or only says what it would be, and prints the plan.
pub(super) fn make(context: &Context, edit: &Edit, dry: Dry) -> Result<(), Failure> {
    let mut engine = context.engine()?;
    let plan = match dry.dry_run {
        true => engine.read(|tx| site::preview_edit(tx, edit)),
        false => engine.write(context.config()?.gateway.timeout, |tx| site::edit(tx, edit)),
    };
    let lasting =
        if matches!(edit, Edit::Customer(..) | Edit::CustomerAddresses(..)) { Lasting::DatabaseOnly } else { Lasting::InFile };
    told(context, &plan.map_err(failure)?, dry, lasting)
}

/// Where what changed is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lasting {
    /// In site.toml as well, which now says something else.
    InFile,
    /// In the database alone, or just taken from the file.
    DatabaseOnly,
}

/// Prints what changed, or would.
pub(super) fn told(context: &Context, plan: &Plan, dry: Dry, lasting: Lasting) -> Result<(), Failure> {
    if context.json {
        let changed = Changed { applied: !dry.dry_run, changes: &plan.lines, warnings: &plan.warnings };
        return Ok(output::json(&changed)?);
    }
    let mut out = Out::new();
    if plan.is_empty() {
        out.line("Nothing changes.")?;
    }
    plan.lines.iter().try_for_each(|change| out.line(line(change)))?;
    for warning in &plan.warnings {
        out.line(format!("{} {}", styled("warning", WARN), line(warning)))?;
    }
    if dry.dry_run && !plan.is_empty() {
        out.styled("Nothing was changed; leave --dry-run away to do it.", FAINT)?;
    } else if !plan.is_empty() && lasting == Lasting::InFile && out.room().is_some() {
        let export = site::command(&context.config()?, "export");
        out.styled(format!("site.toml no longer says the same: `{}` prints what holds now.", line(&export)), FAINT)?;
    }
    Ok(out.finish()?)
}

/// Prints that nothing changes.
pub(super) fn nothing(context: &Context, dry: Dry) -> Result<(), Failure> {
    told(context, &Plan::default(), dry, Lasting::InFile)
}

/// Prints all that is said of an entry: the keys of the file first, then what else is known of it.
pub(super) fn show(context: &Context, section: &str, entry: &impl Serialize) -> Result<(), Failure> {
    show_with(context, section, entry, &[])
}

/// The same, with sentences below, which `--json` says in fields.
pub(super) fn show_with(context: &Context, section: &str, entry: &impl Serialize, remarks: &[String]) -> Result<(), Failure> {
    if context.json {
        return Ok(output::json(entry)?);
    }
    let mut out = Out::new();
    let entry = serde_json::to_value(entry).map_err(std::io::Error::other)?;
    out.table(&sheet(section, &entry), "It says nothing.")?;
    remarks.iter().try_for_each(|remark| out.line(styled(&line(remark), WARN)))?;
    Ok(out.finish()?)
}

/// What the core refuses, as this program says it.
pub(super) fn failure(error: EditError) -> Failure {
    match error {
        EditError::Store(error) => Failure::Store(error),
        EditError::File(error) => Failure::Config(error),
        EditError::Refused { what, next } => Failure::refused(what, next),
    }
}

fn keys(section: &str) -> &'static [Key] {
    site::SECTIONS.iter().find(|known| known.name == section).map_or(&[], |section: &Section| section.keys)
}

/// The keys of a section but the one that its entries are known by, which stands before them on the line.
fn changeable(section: &str) -> impl Iterator<Item = &'static Key> {
    let known_by = if section == "person" { "login" } else { "name" };
    keys(section).iter().filter(move |key| key.name != known_by)
}

/// The keys of a section for `--help`, as they are written on the command line.
pub(super) fn keys_help(section: &str) -> String {
    let mut help = String::from("Keys:");
    for key in changeable(section) {
        help.push_str(&format!("\n  {}={}\n      {}", key.name, written(key.example), key.help));
    }
    help
}

/// An example of site.toml as a command line has it.
fn written(example: &str) -> String {
    let word = KeyChange::written(example);
    if word.contains([' ', '\'', '"', '*']) { format!("'{word}'") } else { word }
}

/// What an entry says, a key a line. Keys of the file that its JSON does not have say nothing.
fn sheet(section: &str, entry: &Value) -> Table {
    let mut table = Table::new(&[Column::text("KEY"), Column::flexible("VALUE", 20)]);
    for key in keys(section) {
        if let Some(value) = entry.get(key.name) {
            table.push(vec![Cell::new(key.name), Cell::new(word(value))]);
        }
    }
    let known = |name: &str| keys(section).iter().any(|key| key.name == name);
    for (name, value) in entry.as_object().into_iter().flatten().filter(|(name, _)| !known(name)) {
        table.push(vec![Cell::styled(name, FAINT), Cell::new(word(value))]);
    }
    table
}

/// A value of JSON as a cell shows it.
fn word(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(word).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => fields.values().map(word).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    };
    or_dash(text)
}

/// `-` for nothing.
pub(super) fn or_dash(text: impl Into<String>) -> String {
    let text = text.into();
    if text.is_empty() { "-".to_owned() } else { text }
}
