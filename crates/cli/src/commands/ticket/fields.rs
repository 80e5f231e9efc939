//! `postern ticket fields`: the table of what can be set, by everybody and at this site.

use crate::context::{Context, config_path};
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, Out, text};
use postern_core::model::commands::{self, Command, Kind};
use postern_core::model::site::{FieldDefinition, FieldType};
use postern_core::store;
use serde::Serialize;

/// What `--json` says about a field.
#[derive(Serialize)]
struct Listed {
    name: String,
    aliases: &'static [&'static str],
    list: bool,
    example: String,
    help: String,
    /// What a field that the site defines says of itself besides.
    #[serde(flatten)]
    own: Option<Own>,
}

/// Of a field that the site defines.
#[derive(Serialize)]
struct Own {
    #[serde(rename = "type")]
    kind: FieldType,
    queues: Vec<String>,
    values: Vec<String>,
    required: Vec<String>,
}

impl From<&Command> for Listed {
    fn from(field: &Command) -> Self {
        let Command { name, aliases, kind, example, help, .. } = *field;
        Listed { name: name.into(), aliases, list: kind == Kind::List, example: example.into(), help: help.into(), own: None }
    }
}

impl From<&FieldDefinition> for Listed {
    fn from(field: &FieldDefinition) -> Self {
        let FieldDefinition { kind, queues, values, required, .. } = field.clone();
        Listed {
            name: field.key(),
            aliases: &[],
            list: field.many,
            example: sample(field),
            help: described(field),
            own: Some(Own { kind, queues, values, required }),
        }
    }
}

/// Lists the fields: those of the program, and, where there is a configuration, those that its site defines.
pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let own = match config_path(context).exists() {
        true => context.engine()?.read(store::site::Settings::of)?.fields,
        false => Vec::new(),
    };
    // The command that stands for the site's own is shown by them.
    let general = |command: &&Command| own.is_empty() || command.name != "field";
    let listed: Vec<Listed> = commands::fields().filter(general).map(Listed::from).chain(own.iter().map(Listed::from)).collect();
    if context.json {
        return Ok(output::json(&listed)?);
    }
    let mut table =
        Table::new(&[Column::text("FIELD"), Column::text("ALSO"), Column::text("EXAMPLE"), Column::flexible("WHAT", 30)]);
    for field in &listed {
        table.push(vec![
            Cell::new(text::line(&field.name)),
            Cell::new(if field.aliases.is_empty() { "-".to_owned() } else { field.aliases.join(", ") }),
            Cell::new(text::line(&example(field))),
            Cell::new(text::line(&field.help)),
        ]);
    }
    let mut out = Out::new();
    out.table(&table, "No fields.")?;
    Ok(out.finish()?)
}

/// As it is written after `postern ticket set 12`.
fn example(field: &Listed) -> String {
    match (field.list, field.example.starts_with(['+', '-', '=', '.'])) {
        (_, true) => format!("{}{}", field.name, field.example),
        (true, _) => format!("{}+={}", field.name, field.example),
        (false, _) => format!("{}={}", field.name, field.example),
    }
}

/// A value that it may have.
fn sample(field: &FieldDefinition) -> String {
    let word = match field.kind {
        FieldType::Text => "words",
        FieldType::Number => "12",
        FieldType::Date => "2026-12-01",
        FieldType::Flag => "yes",
        FieldType::Choice => field.values.first().map_or("", String::as_str),
        FieldType::Url => "https://example.org",
    };
    if word.contains(' ') { format!("'{word}'") } else { word.to_owned() }
}

/// What it is for, what it may say and where it is.
fn described(field: &FieldDefinition) -> String {
    let mut parts: Vec<String> = field.help.iter().cloned().collect();
    parts.push(match field.kind {
        FieldType::Choice => format!("one of {}", field.values.join(", ")),
        kind => kind.as_str().to_owned(),
    });
    if !field.queues.is_empty() {
        parts.push(format!("only in {}", field.queues.join(", ")));
    }
    if !field.required.is_empty() {
        parts.push(format!("needed to be done in {}", field.required.join(", ")));
    }
    parts.join("; ")
}
