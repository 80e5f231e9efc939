//! How this run speaks: colour, pager, and the characters that the terminal can show. Set once, when the line is read.
//!
//! It is one setting for the process, as the colour choice of every clap program is: output is made in too many places to
//! hand it through.

use anstream::ColorChoice;
use clap::ValueEnum;
use std::borrow::Cow;
use std::ffi::OsString;
use std::sync::OnceLock;
use unicode_width::UnicodeWidthChar;

/// When output is coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal that can, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always, in pipes and files too.
    Always,
    /// Never.
    Never,
}

/// How this run speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Manners {
    /// When output is coloured.
    pub(crate) colour: Colour,
    /// Whether long output goes straight to the terminal.
    pub(crate) no_pager: bool,
}

/// Whether the terminal can do no more than print lines.
pub(super) fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}

static MANNERS: OnceLock<Manners> = OnceLock::new();

impl Manners {
    /// Makes them those of this run; the first call counts.
    pub(crate) fn settle(self) {
        let manners = MANNERS.get_or_init(|| self);
        match manners.colour {
            // The library would colour for a dumb terminal where the variable CI is set.
            Colour::Auto if is_dumb() => ColorChoice::Never,
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        }
        .write_global();
    }

    /// Those of this run.
    pub(super) fn of_this_run() -> Manners {
        MANNERS.get().copied().unwrap_or_default()
    }

    /// What a line asks for that was not understood, or that asked for help: parsing ended before its options counted.
    pub(crate) fn guessed(words: impl Iterator<Item = OsString>) -> Manners {
        let mut manners = Manners::default();
        let words: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).take_while(|word| word != "--").collect();
        for (i, word) in words.iter().enumerate() {
            let value = match word.strip_prefix("--color") {
                Some("") => words.get(i + 1).map(String::as_str),
                Some(rest) => rest.strip_prefix('='),
                None => None,
            };
            manners.colour = value.and_then(|value| Colour::from_str(value, false).ok()).unwrap_or(manners.colour);
            manners.no_pager |= word == "--no-pager";
        }
        manners
    }
}

/// Whether the terminal shows UTF-8: unless the locale names another character set. `C` and an unset locale are what
/// containers and cron have; the terminal behind them is UTF-8 all the same (as in Python's PEP 538).
pub(super) fn shows_utf8() -> bool {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    names_utf8(&["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default())
}

fn names_utf8(locale: &str) -> bool {
    if matches!(locale, "" | "C" | "POSIX") {
        return true;
    }
    let charset = locale.split('@').next().and_then(|name| name.split_once('.')).map_or("", |(_, charset)| charset);
    charset.replace('-', "").eq_ignore_ascii_case("utf8")
}

/// Text for a terminal without UTF-8: what it cannot show becomes question marks of the same width. Left as it is, the
/// second octet of an `Û` could be a control character there.
pub(super) fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii() => plain.push(c),
            '…' => plain.push('~'),
            c => plain.extend(std::iter::repeat_n('?', c.width().unwrap_or(0))),
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_not_understood_still_says_how_to_speak() {
        let guessed = |line: &str| {
            let manners = Manners::guessed(line.split(' ').map(OsString::from));
            (manners.colour, manners.no_pager)
        };
        assert_eq!(guessed("postern --help"), (Colour::Auto, false));
        assert_eq!(guessed("postern ticket --color never --help"), (Colour::Never, false));
        assert_eq!(guessed("postern --no-pager --color=always --help"), (Colour::Always, true));
        assert_eq!(guessed("postern --color sometimes"), (Colour::Auto, false));
        assert_eq!(guessed("postern --colored -- --no-pager"), (Colour::Auto, false));
        assert_eq!(guessed("postern --color"), (Colour::Auto, false));
    }

    #[test]
    fn a_locale_says_what_the_terminal_shows() {
        for locale in ["", "C", "POSIX", "C.UTF-8", "de_DE.UTF-8", "de_DE.utf8", "de_DE.UTF-8@euro"] {
            assert!(names_utf8(locale), "{locale}");
        }
        for locale in ["de_DE", "de_DE@euro", "de_DE.ISO-8859-1", "ja_JP.eucJP", "ru_RU.KOI8-R"] {
            assert!(!names_utf8(locale), "{locale}");
        }
    }

    #[test]
    fn what_cannot_be_shown_keeps_its_width() {
        assert_eq!(ascii("Drucker"), "Drucker");
        assert_eq!(ascii("Münster プリ… \u{1b}[1m"), "M?nster ????~ \u{1b}[1m");
        assert_eq!(ascii("e\u{301}"), "e");
    }
}
