//! `postern ticket fields`: the table of what can be set.

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, Out};
use postern_core::model::commands::{self, Command, Kind};
use serde::Serialize;

/// What `--json` says about a field.
#[derive(Serialize)]
struct Listed {
    name: &'static str,
    aliases: &'static [&'static str],
    list: bool,
    example: &'static str,
    help: &'static str,
}

impl From<&Command> for Listed {
    fn from(field: &Command) -> Self {
        let Command { name, aliases, kind, example, help, .. } = *field;
        Listed { name, aliases, list: kind == Kind::List, example, help }
    }
}

/// Lists the fields. They belong to the program, so no database is asked.
pub(super) fn run(context: &Context) -> Result<(), Failure> {
    if context.json {
        return Ok(output::json(&commands::fields().map(Listed::from).collect::<Vec<_>>())?);
    }
    let mut table =
        Table::new(&[Column::text("FIELD"), Column::text("ALSO"), Column::text("EXAMPLE"), Column::flexible("WHAT", 30)]);
    for field in commands::fields() {
        table.push(vec![
            Cell::new(field.name),
            Cell::new(if field.aliases.is_empty() { "-".to_owned() } else { field.aliases.join(", ") }),
            Cell::new(example(field)),
            Cell::new(field.help),
        ]);
    }
    let mut out = Out::new();
    out.table(&table, "No fields.")?;
    Ok(out.finish()?)
}

/// As it is written after `postern ticket set 12`.
fn example(field: &Command) -> String {
    match (field.kind == Kind::List, field.example.starts_with(['+', '-', '='])) {
        (_, true) => format!("{}{}", field.name, field.example),
        (true, _) => format!("{}+={}", field.name, field.example),
        (false, _) => format!("{}={}", field.name, field.example),
    }
}
