//! `postern template`: the texts of mails.

use super::edit::{self, Dry, or_dash};
use crate::context::Context;
use crate::editor;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, FAINT, Out};
use clap::{Args, Subcommand};
use postern_core::site::{self, Edit, EntryKey, Origin, TemplateInUse};
use postern_core::store;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Verbs about templates.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List templates: those that come with Postern, and the site's own by queue and language
    List,
    /// Print the text that is used
    Show(Which),
    /// Write a text of the site's own, in $EDITOR or from a file
    Edit {
        #[command(flatten)]
        which: Which,
        /// The text from a file; - is standard input
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// The name is new: a template for rules of the site's own
        #[arg(long)]
        new: bool,
        #[command(flatten)]
        dry: Dry,
    },
    /// Give up the site's own text and go back to what comes with Postern
    Reset {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        dry: Dry,
    },
    /// Check a text without keeping it
    Check {
        /// The text; - is standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Which template.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// For mail of this queue
    #[arg(long, value_name = "QUEUE")]
    queue: Option<String>,
    /// For mail in this language, such as de
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
}

/// What `--json` says of a text that was checked.
#[derive(Serialize)]
struct Checked {
    file: String,
    good: bool,
}

impl Which {
    fn key(&self) -> EntryKey {
        EntryKey::template(&self.name, self.queue.clone(), self.language.clone())
    }
}

impl Verb {
    pub(crate) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Verb::List => list(context),
            Verb::Show(which) => show(context, &which),
            Verb::Edit { which, file: Some(file), new, dry } => {
                let edit = Edit::Template { key: which.key(), body: edit::text_of(&file)?, new };
                edit::make(context, &edit, dry)
            }
            Verb::Edit { which, file: None, new, dry } => in_editor(context, &which, new, dry),
            Verb::Reset { which, dry } => edit::make(context, &Edit::ResetTemplate(which.key()), dry),
            Verb::Check { file } => check(context, &file),
        }
    }
}

fn list(context: &Context) -> Result<(), Failure> {
    let mut templates = site::templates(&context.engine()?.read(store::site::definition)?);
    // A listing says which there are; `show` prints them.
    templates.iter_mut().for_each(|template| template.body.clear());
    if context.json {
        return Ok(output::json(&templates)?);
    }
    let mut table =
        Table::new(&[Column::text("TEMPLATE"), Column::flexible("QUEUE", 8), Column::text("LANGUAGE"), Column::text("FROM")]);
    for template in &templates {
        table.push(vec![
            Cell::new(&template.name),
            Cell::new(or_dash(template.queue.clone().unwrap_or_default())),
            Cell::new(or_dash(template.language.clone().unwrap_or_default())),
            match (template.origin, template.replaces) {
                (Origin::Postern, _) => Cell::styled("postern", FAINT),
                (Origin::Site, true) if template.language.is_none() && !template.replaced.is_empty() => {
                    Cell::new(format!("site, in the place of postern's in {}", template.replaced.join(", ")))
                }
                (Origin::Site, true) => Cell::new("site, in the place of postern's"),
                (Origin::Site, false) => Cell::new("site"),
            },
        ]);
    }
    let mut out = Out::new();
    out.table(&table, "There is no template.")?;
    Ok(out.finish()?)
}

fn used(context: &Context, which: &Which) -> Result<TemplateInUse, Failure> {
    let site = context.engine()?.read(store::site::definition)?;
    site::template_in_use(&site, &which.name, which.queue.as_deref(), which.language.as_deref()).map_err(edit::failure)
}

fn show(context: &Context, which: &Which) -> Result<(), Failure> {
    let template = used(context, which)?;
    if context.json {
        return Ok(output::json(&template)?);
    }
    Ok(output::raw(template.body.as_bytes())?)
}

/// Begins with the text that is used there now.
fn in_editor(context: &Context, which: &Which, new: bool, dry: Dry) -> Result<(), Failure> {
    if !edit::can_edit() {
        let what = "there is no terminal for an editor; give the text with --file FILE, or --file - for standard input";
        return Err(Failure::Usage(what.to_owned()));
    }
    let text = match used(context, which) {
        Ok(template) => template.body,
        Err(_) if new => "Subject: {{ ticket.subject }}\n\n{{ text }}\n".to_owned(),
        Err(failure) => return Err(failure),
    };
    let Some(body) = editor::edit(&text, "", ".txt")? else { return edit::nothing(context, dry) };
    let edit = Edit::Template { key: which.key(), body: body.clone(), new };
    editor::or_kept(&body, ".txt", edit::make(context, &edit, dry))
}

fn check(context: &Context, file: &Path) -> Result<(), Failure> {
    let shown = edit::shown(file).display().to_string();
    site::check_template(&edit::text_of(file)?)
        .map_err(|wrong| Failure::refused(format!("{shown}: {wrong}"), "mend it and check again"))?;
    if context.json {
        return Ok(output::json(&Checked { file: shown, good: true })?);
    }
    let mut out = Out::new();
    out.line(format!("{}: a good template", output::text::line(&shown)))?;
    Ok(out.finish()?)
}
