//! Reading a TOML file against a table of sections and keys, so that every mistake is told with its line and key.
//!
//! A table rather than derived deserialisation: serde knows the line of a mistake, seldom the key, and never the cure; and
//! the same table is what documentation is made from.

use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::form::{self, Form};
use super::nearest;

/// A section of a file, `[name]` or, when there may be many, `[[name]]`.
#[derive(Debug)]
pub struct Section {
    /// Its name.
    pub name: &'static str,
    /// Whether it is a list: `[[name]]`.
    pub many: bool,
    /// What it is for, as a sentence.
    pub help: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

/// A key of a section.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// The form of its value.
    pub form: Form,
    /// Whether the section is wrong without it.
    pub needed: bool,
    /// A value as it is written in the file.
    pub example: &'static str,
    /// What it means, with the default, as a sentence.
    pub help: &'static str,
}

impl Key {
    /// What to do about a mistake in this key.
    fn cure(&self) -> String {
        match self.form {
            Form::OneOf(words) => format!("write {} = {}", self.name, alternatives(words)),
            Form::AnyOf(words) => format!("write {} with any of {}", self.name, quoted(words).join(", ")),
            Form::SomeOf(words) => format!("write {} = {}, or \"group:NAME\"", self.name, alternatives(words)),
            _ => format!("write it like {} = {}", self.name, self.example),
        }
    }
}

fn quoted(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| format!("{word:?}")).collect()
}

/// `"a", "b" or "c"`.
fn alternatives(words: &[&str]) -> String {
    match quoted(words).split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What kind of file is read: its sections, and those of its sister file, for whoever confuses the two.
#[derive(Debug)]
pub struct Kind {
    /// The sections.
    pub sections: &'static [Section],
    /// Sections that belong in another file.
    pub elsewhere: &'static [Section],
    /// That file.
    pub other_file: &'static str,
}

/// A value, and the octet of the file at which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) at: usize,
}

/// A file that was read.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) file: PathBuf,
    text: String,
    /// Whether nobody has seen the text: its lines mean nothing to whoever reads a message.
    unseen: bool,
}

impl Document {
    /// A text that was read already; `file` is what messages call it.
    pub(crate) fn of(file: &Path, text: String) -> Document {
        Document { file: file.to_owned(), text, unseen: false }
    }

    /// A text that was made here, so that messages must not refer to its lines.
    pub(crate) fn unseen(text: String) -> Document {
        Document { file: PathBuf::new(), text, unseen: true }
    }

    /// Reads a file.
    pub(crate) fn read(file: &Path) -> Result<Document, ConfigError> {
        let unreadable = |cause: String| ConfigError::Unreadable { file: file.to_owned(), cause };
        let octets = std::fs::read(file).map_err(|error| unreadable(error.to_string()))?;
        match String::from_utf8(octets) {
            Ok(text) => Ok(Document::of(file, text)),
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let document = Document::of(file, String::from_utf8_lossy(&error.into_bytes()).into_owned());
                Err(document.error(good, "", "this is not UTF-8", "save the file as UTF-8"))
            }
        }
    }

    /// A mistake at an octet of this file.
    pub(crate) fn error(&self, at: usize, key: &str, wrong: impl Into<String>, cure: impl Into<String>) -> ConfigError {
        ConfigError::Wrong {
            file: self.file.clone(),
            line: self.line(at),
            key: key.to_owned(),
            wrong: wrong.into(),
            cure: cure.into(),
        }
    }

    /// The line of an octet, from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        1 + self.text.as_bytes().iter().take(at).filter(|&&octet| octet == b'\n').count()
    }

    /// ` (line 7)`: where else to look, for the end of a clause. Nothing where nobody has seen the text.
    pub(crate) fn see(&self, at: usize) -> String {
        if self.unseen { String::new() } else { format!(" (line {})", self.line(at)) }
    }

    /// Parses the file; `tables` then sees its sections.
    pub(crate) fn parse(&self) -> Result<DeTable<'_>, ConfigError> {
        DeTable::parse(&self.text).map(Spanned::into_inner).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start).min(self.text.len());
            let (wrong, cure) = match error.message() {
                "duplicate key" => ("it is there already".to_owned(), "keep one of the two"),
                message => {
                    let cure = "write key = \"text\", key = 12, key = true or key = [\"a\", \"b\"]";
                    (format!("this is no TOML: {}", message.replace('\n', ", ")), cure)
                }
            };
            self.error(at, &self.key_near(at), wrong, cure)
        })
    }

    /// The key of the line in which the parser stumbled, as well as plain text shows it.
    fn key_near(&self, at: usize) -> String {
        let line = self.line(at);
        let lines = || self.text.lines().take(line);
        let Some((key, _)) = lines().last().and_then(|text| text.split_once('=')) else {
            return String::new();
        };
        let header = lines().filter(|text| text.starts_with('[')).last();
        match header {
            Some(header) => {
                let name = header.split('#').next().unwrap_or(header).trim().trim_matches(['[', ']']);
                format!("{}.{}", name.trim(), key.trim())
            }
            None => key.trim().to_owned(),
        }
    }

    /// The file's sections in the order in which they stand, every key and form checked.
    pub(crate) fn tables<'d>(&'d self, root: &'d DeTable<'d>, kind: &'static Kind) -> Result<Vec<Table<'d>>, ConfigError> {
        let mut tables = Vec::new();
        let mut mistakes = Vec::new();
        for (name, value) in root {
            let found = self.section(name, kind).and_then(|section| self.section_tables(section, name.span().start, value));
            match found {
                Ok(found) => tables.extend(found),
                Err(error) => mistakes.push(error),
            }
        }
        tables.sort_by_key(|table| table.at);
        mistakes.extend(tables.iter().filter_map(|table| table.check(kind).err()));
        match mistakes.into_iter().min_by_key(|error| error.line()) {
            Some(first) => Err(first),
            None => Ok(tables),
        }
    }

    fn section(&self, name: &Spanned<std::borrow::Cow<'_, str>>, kind: &'static Kind) -> Result<&'static Section, ConfigError> {
        let (word, at) = (name.get_ref().as_ref(), name.span().start);
        if let Some(section) = kind.sections.iter().find(|section| section.name == word) {
            return Ok(section);
        }
        if kind.elsewhere.iter().any(|section| section.name == word) {
            return Err(self.error(at, word, "this section has no place here", format!("move it to {}", kind.other_file)));
        }
        let one = kind.sections.iter().find(|section| word.strip_suffix('s') == Some(section.name));
        if let Some(section) = one {
            return Err(self.error(at, word, "unknown section", format!("write {}", header(section))));
        }
        if let Some(section) = kind.sections.iter().find(|section| section.keys.iter().any(|key| key.name == word)) {
            let cure = format!("put it under {}", header(section));
            return Err(self.error(at, word, "this key stands outside its section", cure));
        }
        let cure = match nearest(word, kind.sections.iter().map(|section| section.name)) {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("known are {}", kind.sections.iter().map(header).collect::<Vec<_>>().join(", ")),
        };
        Err(self.error(at, word, "unknown section", cure))
    }

    fn section_tables<'d>(
        &'d self,
        section: &'static Section,
        at: usize,
        value: &'d Spanned<DeValue<'d>>,
    ) -> Result<Vec<Table<'d>>, ConfigError> {
        let wrong = |at| self.error(at, section.name, "this is not written as a section", format!("write {}", header(section)));
        match (section.many, value.get_ref()) {
            (false, DeValue::Table(table)) => Ok(vec![Table { document: self, section, table, at }]),
            (true, DeValue::Array(items)) => items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::Table(table) => Ok(Table { document: self, section, table, at: item.span().start }),
                    _ => Err(wrong(item.span().start)),
                })
                .collect(),
            _ => Err(wrong(at)),
        }
    }
}

/// A section's header as it is written.
fn header(section: &Section) -> String {
    if section.many { format!("[[{}]]", section.name) } else { format!("[{}]", section.name) }
}

/// One section of a file that was read.
#[derive(Debug)]
pub(crate) struct Table<'d> {
    pub(crate) document: &'d Document,
    pub(crate) section: &'static Section,
    table: &'d DeTable<'d>,
    /// Where it begins.
    pub(crate) at: usize,
}

impl Table<'_> {
    /// Checks that every key is known and every value of its form, and that no needed key is missing. The first mistake in
    /// the order of the file counts.
    fn check(&self, kind: &'static Kind) -> Result<(), ConfigError> {
        let first =
            self.table.iter().filter_map(|(name, value)| self.check_key(name, value, kind).err()).min_by_key(|e| e.line());
        if let Some(error) = first {
            return Err(error);
        }
        match self.section.keys.iter().find(|key| key.needed && !self.table.contains_key(key.name)) {
            Some(key) => Err(self.missing(key.name)),
            None => Ok(()),
        }
    }

    fn check_key(
        &self,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        kind: &'static Kind,
    ) -> Result<(), ConfigError> {
        let (word, at) = (name.get_ref().as_ref(), name.span().start);
        let Some(key) = self.section.keys.iter().find(|key| key.name == word) else {
            return Err(self.error(at, word, "unknown key", self.cure_for_unknown(word, kind)));
        };
        match key.form.problem(value) {
            Some((at, wrong)) => Err(self.error(at, key.name, wrong, key.cure())),
            None => Ok(()),
        }
    }

    fn cure_for_unknown(&self, word: &str, kind: &'static Kind) -> String {
        let own = || self.section.keys.iter().map(|key| key.name);
        let home = kind.sections.iter().find(|section| section.keys.iter().any(|key| key.name == word));
        match (nearest(word, own()), home) {
            (Some(near), _) => format!("did you mean '{near}'?"),
            (None, Some(section)) => format!("it belongs under {}", header(section)),
            (None, None) => format!("known here are {}", own().collect::<Vec<_>>().join(", ")),
        }
    }

    /// A mistake in a key of this section.
    pub(crate) fn error(&self, at: usize, key: &str, wrong: impl Into<String>, cure: impl Into<String>) -> ConfigError {
        self.document.error(at, &format!("{}.{key}", self.section.name), wrong, cure)
    }

    /// The mistake that a key is missing.
    pub(crate) fn missing(&self, name: &str) -> ConfigError {
        let example = self.section.keys.iter().find(|key| key.name == name).map_or("", |key| key.example);
        self.error(self.at, name, "it is missing", format!("add a line like {name} = {example}"))
    }

    fn get(&self, key: &str) -> Option<&Spanned<DeValue<'_>>> {
        self.table.get(key)
    }

    /// Whether a key stands there, whatever its value.
    pub(crate) fn says(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// A text.
    pub(crate) fn text(&self, key: &str) -> Option<Located<String>> {
        let value = self.get(key)?;
        let at = value.span().start;
        value.get_ref().as_str().map(|text| Located { value: text.to_owned(), at })
    }

    /// A text, where only the text matters.
    pub(crate) fn word(&self, key: &str) -> Option<String> {
        self.text(key).map(|text| text.value)
    }

    /// Texts: one, or a list of them.
    pub(crate) fn list(&self, key: &str) -> Vec<Located<String>> {
        let located = |value: &Spanned<DeValue<'_>>| {
            let at = value.span().start;
            value.get_ref().as_str().map(|text| Located { value: text.to_owned(), at })
        };
        match self.get(key) {
            Some(value) => match value.get_ref() {
                DeValue::Array(items) => items.iter().filter_map(located).collect(),
                _ => located(value).into_iter().collect(),
            },
            None => Vec::new(),
        }
    }

    /// A flag.
    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)?.get_ref().as_bool()
    }

    /// A whole number.
    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        self.get(key)?.get_ref().as_integer().and_then(form::unsigned)
    }

    /// A length of time.
    pub(crate) fn duration(&self, key: &str) -> Option<Duration> {
        form::duration(self.get(key)?.get_ref())
    }

    /// A number of octets.
    pub(crate) fn size(&self, key: &str) -> Option<u64> {
        form::size(self.get(key)?.get_ref())
    }
}
