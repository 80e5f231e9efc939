//! What a person writes, and where it comes from: the command line, standard input or the person's editor; and the files
//! that go with it.

use super::told::warn;
use super::unread;
use crate::editor::{edit, or_kept};
use crate::failure::Failure;
use crate::output::text;
use clap::Args;
use postern_core::model::Upload;
use postern_mail::parse::plain_text;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

/// What a person may write with a verb.
#[derive(Debug, Args)]
pub(super) struct TextOptions {
    /// The text
    #[arg(long, value_name = "TEXT", conflicts_with = "edit")]
    text: Option<String>,
    /// Write the text in $VISUAL or $EDITOR
    #[arg(long)]
    edit: bool,
    /// Add a file; again for each further one
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
}

/// A text and whether it was written in an editor, where a failure must not lose it.
#[derive(Debug, Default)]
pub(super) struct Written {
    text: String,
    by_editor: bool,
}

impl Written {
    /// Does something with the text; where that fails, what was written in the editor is kept.
    pub(super) fn and<T>(self, done: impl FnOnce(&str) -> Result<T, Failure>) -> Result<T, Failure> {
        let result = done(&self.text);
        if !self.by_editor {
            return result;
        }
        let result = result.map_err(|failure| match failure {
            // What failed was told for each ticket, but not what becomes of the text.
            Failure::Told { .. } => Failure::refused("not every ticket was changed", "try those named above again"),
            other => other,
        });
        or_kept(&self.text, SUFFIX, result)
    }
}

/// What the editor is told that it edits.
const SUFFIX: &str = ".txt";

impl TextOptions {
    /// Just a text, if there is one.
    pub(super) fn of(text: Option<String>) -> Self {
        TextOptions { text, edit: false, attach: Vec::new() }
    }

    /// Whether nothing was said about a text.
    pub(super) fn is_silent(&self) -> bool {
        self.text.is_none() && !self.edit
    }

    /// Whether standard input is left alone although a text might come from there.
    pub(super) fn leaves_input(&self, dash: bool) -> bool {
        !dash && self.is_silent()
    }

    /// Whether an editor was asked for.
    pub(super) fn is_edited(&self) -> bool {
        self.edit
    }

    /// The text from `--text` or standard input, of at most so many octets. `None`: from neither.
    pub(super) fn read(&self, dash: bool, limit: u64) -> Result<Option<Written>, Failure> {
        if dash && !self.is_silent() {
            return Err(Failure::Usage("- is a text from standard input, so --text and --edit cannot be; leave one away".into()));
        }
        let text = match self.text.as_deref() {
            Some("-") => standard_input(limit)?,
            Some(text) => text.to_owned(),
            None if dash => standard_input(limit)?,
            None => return Ok(None),
        };
        if text.trim().is_empty() && self.attach.is_empty() {
            return Err(Failure::refused(
                "the text is empty, nothing was done",
                "write something with --text or on standard input",
            ));
        }
        Ok(Some(Written { text: text.replace("\r\n", "\n").replace('\0', ""), by_editor: false }))
    }

    /// The text, wherever it comes from, and the files with it. `needed`: the verb makes no sense without, so a person is
    /// asked in their editor, with this hint. `None`: there is neither text nor file, and none is needed.
    pub(super) fn writing(
        &self,
        dash: bool,
        limit: u64,
        needed: bool,
        hint: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<Option<(Written, Vec<Upload>)>, Failure> {
        // Files first: a slip of the pen in a name should show before anybody writes a letter.
        let files = self.files(limit)?;
        let wanted = needed && files.is_empty();
        let written = match self.read(dash, limit)? {
            Some(written) => written,
            None if self.edit || (wanted && at_a_terminal()) => in_editor("", &hint()?)?,
            None if wanted => {
                let what = "there is no text; give it with --text, or write - to read it from standard input";
                return Err(Failure::Usage(what.to_owned()));
            }
            None => {
                unread::refuse(unread::DASH)?;
                if files.is_empty() {
                    return Ok(None);
                }
                Written::default()
            }
        };
        Ok(Some((written, files)))
    }

    /// The files, together of at most so many octets.
    pub(super) fn files(&self, limit: u64) -> Result<Vec<Upload>, Failure> {
        let mut room = limit;
        let mut files = Vec::new();
        for path in &self.attach {
            let file = upload(path, room)?;
            room -= file.octets.len() as u64;
            files.push(file);
        }
        Ok(files)
    }
}

/// Whether a person sits there.
pub(super) fn at_a_terminal() -> bool {
    io::stdin().is_terminal()
}

/// Standard input as text, whatever its charset; never more than `limit` octets.
fn standard_input(limit: u64) -> Result<String, Failure> {
    let octets = bounded(&mut io::stdin().lock(), limit).map_err(|error| Failure::File {
        what: "reading standard input".to_owned(),
        error,
        next: "give the text with --text",
    })?;
    let octets = octets.ok_or_else(|| too_large("standard input", limit))?;
    let (text, charset) = plain_text(&octets);
    if is_binary(&octets, &text, charset) {
        let next = "attach it with --attach FILE, or send the text that it holds";
        return Err(Failure::refused("what came on standard input is no text, nothing was done", next));
    }
    if charset != "UTF-8" {
        warn(&format!("standard input is not UTF-8 and was read as {charset}; `postern ticket show` shows what became of it"));
    }
    Ok(text)
}

/// Whether it is no text, whatever charset it was read as: a NUL, or more control characters than a terminal's record has.
fn is_binary(octets: &[u8], text: &str, charset: &str) -> bool {
    let is_odd = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\x0c' | '\x08' | '\x1b' | '\u{85}');
    let has_nul = octets.contains(&0) && !charset.starts_with("UTF-16") && !charset.starts_with("UTF-32");
    has_nul || text.chars().filter(is_odd).count() > text.chars().count() / 20
}

/// All there is; `None` where that is more than `limit` octets.
fn bounded(from: &mut impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut octets = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut octets)?;
    Ok((octets.len() as u64 <= limit).then_some(octets))
}

fn too_large(what: &str, limit: u64) -> Failure {
    let size = text::size(i64::try_from(limit).unwrap_or(i64::MAX));
    Failure::refused(format!("{what} is larger than {size}"), "send less, or raise gateway.max_message_size in postern.toml")
}

/// A file as it goes with a text: under its own name without the path, its type by the name's end.
fn upload(path: &Path, room: u64) -> Result<Upload, Failure> {
    let shown = path.display().to_string();
    let failed = |error| Failure::File { what: format!("reading {shown}"), error, next: "name a file that this user may read" };
    let name: String =
        path.file_name().map(|name| name.to_string_lossy().chars().filter(|c| !c.is_control()).collect()).unwrap_or_default();
    // A device or a pipe has no end to wait for.
    if !path.metadata().map_err(failed)?.is_file() || name.is_empty() {
        return Err(Failure::refused(format!("{shown} is no file"), "name a file with --attach"));
    }
    let octets = File::open(path).and_then(|mut file| bounded(&mut file, room)).map_err(failed)?;
    let octets = octets.ok_or_else(|| too_large(&format!("{shown}, with the other files,"), room))?;
    let mut content_type = mime_guess::from_path(path).first_or_octet_stream().essence_str().to_owned();
    // Without it, mail programs take a text for what was usual where they were made.
    if content_type.starts_with("text/") && std::str::from_utf8(&octets).is_ok() {
        content_type.push_str("; charset=utf-8");
    }
    Ok(Upload { name, content_type, octets })
}

/// Lets the person write.
pub(super) fn in_editor(initial: &str, hint: &str) -> Result<Written, Failure> {
    match edit(initial, hint, SUFFIX)? {
        Some(text) => Ok(Written { text, by_editor: true }),
        None => Err(Failure::refused("nothing was written, nothing was done", "try again, or give the text with --text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_told_from_what_is() {
        let binary = |octets: &[u8]| {
            let (text, charset) = plain_text(octets);
            is_binary(octets, &text, charset)
        };
        for text in [
            "Gr\u{fc}\u{df}e\n\tvon uns\n".as_bytes(),
            b"Gr\xfc\xdfe, kein UTF-8\n",
            b"\xff\xfeH\0i\0\n\0",
            b"\x1b[31mred\x1b[0m and\x0c a page\n",
            b"",
        ] {
            assert!(!binary(text), "{text:?}");
        }
        for octets in [&b"text with one \0"[..], b"\x1f\x8b\x08\x01\x02\x03\x04\x05\x06", b"\x7fELF\x02\x01\x01\0\0"] {
            assert!(binary(octets), "{octets:?}");
        }
    }

    #[test]
    fn input_is_bounded() {
        assert_eq!(bounded(&mut &b"12345"[..], 5).unwrap().as_deref(), Some(&b"12345"[..]));
        assert_eq!(bounded(&mut &b"123456"[..], 5).unwrap(), None);
        assert_eq!(bounded(&mut io::repeat(b'x'), 5).unwrap(), None);
    }

    #[test]
    fn files_have_a_name_a_type_and_an_end() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("plan.PDF");
        std::fs::write(&path, b"%PDF").unwrap();
        let file = upload(&path, 4).unwrap();
        assert_eq!((file.name.as_str(), file.content_type.as_str(), file.octets.len()), ("plan.PDF", "application/pdf", 4));
        for (octets, content_type) in [(&b"Gr\xc3\xbc\xc3\x9fe"[..], "text/plain; charset=utf-8"), (b"Gr\xfc\xdfe", "text/plain")]
        {
            let path = directory.path().join("note.txt");
            std::fs::write(&path, octets).unwrap();
            assert_eq!(upload(&path, 40).unwrap().content_type, content_type);
        }
        assert!(upload(&path, 3).unwrap_err().to_string().contains("is larger than 3 bytes; send less"));
        for nothing in ["/dev/zero", "/"] {
            assert!(upload(Path::new(nothing), 4).unwrap_err().to_string().contains("is no file; "), "{nothing}");
        }
        assert!(upload(&directory.path().join("no"), 4).unwrap_err().to_string().contains("no failed: "));
    }
}
