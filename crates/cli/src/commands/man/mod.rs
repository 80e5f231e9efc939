//! `postern man`: the man pages, made from the parsers and the tables of keys, so that they cannot say anything else.

mod facts;
mod keys;
mod page;
mod verbs;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, Out};
use clap::Args;
use page::Page;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Write the man pages, print one, or list which there are.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Write all pages to man1, man5 and man8 below this directory, such as /usr/local/share/man or ./man: it has a slash, or is
    /// there. The name of a page prints that page, as --page does
    #[arg(value_name = "DIR|NAME", conflicts_with = "page")]
    directory: Option<PathBuf>,
    /// Print the source of one page, such as `ticket` or `site.toml`; | man -l - shows it
    #[arg(long, value_name = "NAME")]
    page: Option<String>,
}

/// What `--json` says about a page.
#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    section: u8,
    about: &'a str,
}

impl Man {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let pages = pages();
        match (&self.directory, &self.page) {
            (Some(directory), _) => match meant(directory, &pages)? {
                Some(page) => Ok(output::raw(page.render().as_bytes())?),
                None => write(context, directory, &pages),
            },
            (None, Some(name)) => Ok(output::raw(find(&pages, name)?.render().as_bytes())?),
            (None, None) => list(context, &pages),
        }
    }
}

/// All pages, each naming the others.
fn pages() -> Vec<Page> {
    let mut parser = super::parser();
    parser.build();
    let mut mailgate = postern_mailgate::options::command();
    mailgate.build();
    let mut pages = verbs::pages(&parser);
    pages.extend(keys::pages());
    pages.push(verbs::mailgate_page(&mailgate));
    let names: Vec<(String, u8)> = pages.iter().map(|page| (page.name.clone(), page.section)).collect();
    pages.iter_mut().for_each(|page| page.see_also(names.iter().map(|(name, section)| (name.as_str(), *section))));
    pages
}

/// The page that is meant by a word; `None`: it is a directory. A word with a slash always is one; another only if it is there,
/// so that a mistyped name makes none.
fn meant<'a>(word: &Path, pages: &'a [Page]) -> Result<Option<&'a Page>, Failure> {
    let name = word.to_string_lossy();
    if name.contains('/') {
        return Ok(None);
    }
    match find(pages, &name) {
        Ok(page) => Ok(Some(page)),
        Err(_) if word.is_dir() => Ok(None),
        Err(_) => {
            let next =
                format!("`postern man` lists which there are; `postern man ./{name}` makes the directory and writes them all");
            Err(Failure::refused(format!("there is no man page {name:?}, and no such directory"), next))
        }
    }
}

fn find<'a>(pages: &'a [Page], name: &str) -> Result<&'a Page, Failure> {
    let meant = |page: &&Page| [name, &format!("postern-{name}")].contains(&page.name.as_str()) || page.file_name() == name;
    let next = "`postern man` lists which there are";
    pages.iter().find(meant).ok_or_else(|| Failure::refused(format!("there is no man page {name:?}"), next))
}

fn list<'a>(context: &Context, pages: &'a [Page]) -> Result<(), Failure> {
    if context.json {
        let listed = |page: &'a Page| Listed { name: &page.name, section: page.section, about: &page.about };
        return Ok(output::json(&pages.iter().map(listed).collect::<Vec<_>>())?);
    }
    let mut out = Out::new();
    let mut table = Table::new(&[Column::text("PAGE"), Column::number("SECTION"), Column::flexible("ABOUT", 20)]);
    for page in pages {
        table.push(vec![Cell::new(&page.name), Cell::new(page.section.to_string()), Cell::new(&page.about)]);
    }
    out.table(&table, "")?;
    Ok(out.finish()?)
}

fn write(context: &Context, directory: &Path, pages: &[Page]) -> Result<(), Failure> {
    let mut files = Vec::new();
    for page in pages {
        let below = directory.join(format!("man{}", page.section));
        let file = below.join(page.file_name());
        std::fs::create_dir_all(&below).and_then(|()| std::fs::write(&file, page.render())).map_err(|error| Failure::File {
            what: format!("writing {}", file.display()),
            error,
            next: "name a directory that this user may write in",
        })?;
        files.push(file.display().to_string());
    }
    if context.json {
        return Ok(output::json(&files)?);
    }
    let mut out = Out::new();
    out.line(format!("{} pages in {}", files.len(), output::text::line(&directory.display().to_string())))?;
    Ok(out.finish()?)
}
