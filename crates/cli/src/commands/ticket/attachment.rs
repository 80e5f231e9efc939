//! `postern ticket attachment`.

use super::save_command;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, Out, text};
use clap::Args;
use postern_core::view::{self, AttachedFile, Attachment};
use serde::Serialize;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Save a file that came with a ticket's mails, or list them all.
#[derive(Debug, Args)]
pub(crate) struct Save {
    /// Number of the ticket
    #[arg(value_name = "N", value_parser = super::number)]
    ticket: u64,
    /// Number of the file in the ticket; without it the files are listed
    #[arg(value_name = "K")]
    number: Option<u64>,
    /// Where to save it: a new file, or a directory for it under its own name; - for standard output [default: this directory]
    #[arg(long, short, value_name = "FILE|DIR", requires = "number")]
    output: Option<PathBuf>,
}

/// What `--json` says about a saved file.
#[derive(Serialize)]
struct Saved<'a> {
    #[serde(flatten)]
    attachment: &'a Attachment,
    file: &'a Path,
}

impl Save {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        match self.number {
            None => self.list(context),
            Some(number) => self.save(context, number),
        }
    }

    fn list(&self, context: &Context) -> Result<(), Failure> {
        let files = super::seen(context, &context.engine()?, self.ticket)?.attachments;
        if context.json {
            return Ok(output::json(&files)?);
        }
        let mut out = Out::new();
        let mut table =
            Table::new(&[Column::number("K"), Column::flexible("NAME", 16), Column::flexible("TYPE", 10), Column::text("SIZE")]);
        for file in &files {
            let size = text::size(file.size);
            table.push(vec![
                Cell::new(file.number.to_string()),
                Cell::new(&file.name),
                Cell::new(if file.inline { format!("{} (inline)", file.content_type) } else { file.content_type.clone() }),
                Cell::new(size),
            ]);
        }
        out.table(&table, "No files.")?;
        if let (Some(first), Some(_)) = (files.first(), out.room()) {
            out.styled(format!("Save one: {}", save_command(self.ticket, first)), output::FAINT)?;
        }
        Ok(out.finish()?)
    }

    fn save(&self, context: &Context, number: u64) -> Result<(), Failure> {
        let engine = context.engine()?;
        let ticket = super::seen(context, &engine, self.ticket)?;
        let file = match ticket.attachments.iter().any(|file| file.number == number) {
            true => engine.read(|tx| view::ticket::attachment(tx, self.ticket, number))?,
            false => None,
        };
        let Some(file) = file else {
            let next = format!("`postern ticket attachment {}` lists those there are", self.ticket);
            return Err(Failure::refused(format!("ticket {} has no file {number}", self.ticket), next));
        };
        let path = match &self.output {
            None => PathBuf::from(own_name(&file)),
            Some(directory) if directory.is_dir() => directory.join(own_name(&file)),
            Some(path) => path.clone(),
        };
        if path == Path::new("-") {
            return Ok(output::raw(&file.octets)?);
        }
        write_new(&path, &file.octets).map_err(|error| failed(&path, error))?;
        if context.json {
            return Ok(output::json(&Saved { attachment: &file.attachment, file: &path })?);
        }
        let mut out = Out::new();
        let shown = path.display().to_string();
        out.line(format!("Saved {} ({})", text::line(&shown), text::size(file.octets.len() as i64)))?;
        Ok(out.finish()?)
    }
}

/// Names were made safe when the mail was read. A name is the one thing here that could reach beyond this directory, so
/// it is looked at again: no path, nothing hidden.
fn own_name(file: &AttachedFile) -> String {
    let name = file.attachment.name.rsplit(['/', '\\']).next().unwrap_or_default().trim_start_matches('.');
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() { format!("attachment-{}", file.attachment.number) } else { name }
}

/// Makes a file that was not there. One that cannot be written whole is not left behind. What is no file, such as /dev/null,
/// is written to.
fn write_new(path: &Path, octets: &[u8]) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return OpenOptions::new().write(true).open(path)?.write_all(octets);
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(octets).inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

fn failed(path: &Path, error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::AlreadyExists {
        return Failure::refused(
            format!("{} is there already and is left alone", path.display()),
            "name another file with --output",
        );
    }
    Failure::File { what: format!("writing {}", path.display()), error, next: "name a place that can be written with --output" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_this_directory() {
        for (name, safe) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("..\\x.exe", "x.exe"),
            (".bashrc", "bashrc"),
            ("..", "attachment-7"),
            ("a/", "attachment-7"),
            ("x\x1b[2J", "x[2J"),
        ] {
            let attachment =
                Attachment { number: 7, name: name.to_owned(), content_type: String::new(), size: 0, entry: 1, inline: false };
            assert_eq!(own_name(&AttachedFile { attachment, octets: Vec::new() }), safe, "{name:?}");
        }
    }
}
