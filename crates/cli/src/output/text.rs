//! Text of strangers, made safe to show: what a terminal would obey becomes something that it shows.
//!
//! JSON escapes by itself and does not come through here; raw octets asked for as such do not either.

use std::borrow::Cow;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// One line: control characters, line ends and tabs included, and direction overrides become visible.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    neutralise(text, |c| is_harmful(c) || matches!(c, '\n' | '\t'))
}

/// Text of several lines: line ends and tabs stay, everything else as in [`line`].
pub(crate) fn block(text: &str) -> Cow<'_, str> {
    neutralise(text, is_harmful)
}

fn neutralise(text: &str, harmful: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&harmful) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' | '\t' if harmful(c) => safe.push(' '),
            c if !harmful(c) => safe.push(c),
            // The control pictures: ␛ for escape, ␀ for NUL.
            '\0'..='\x1f' => safe.extend(char::from_u32(0x2400 + u32::from(c))),
            '\x7f' => safe.push('␡'),
            c => safe.push_str(&format!("<U+{:04X}>", u32::from(c))),
        }
    }
    Cow::Owned(safe)
}

/// JSON that a terminal may show: characters that JSON lets pass and a terminal obeys become escapes of JSON. They can
/// only stand in its strings, where that means the same.
pub(crate) fn json(json: &str) -> Cow<'_, str> {
    if !json.contains(is_harmful) {
        return Cow::Borrowed(json);
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_harmful(c) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| safe.push_str(&format!("\\u{unit:04x}")));
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// What a terminal may obey, or what makes the text look like another: control characters (C0, DEL, C1), direction
/// embeddings, overrides and isolates, line and paragraph separators, invisible tags.
fn is_harmful(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

/// Columns that a text takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text cut to so many columns, the last one an ellipsis where something was cut.
pub(crate) fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(1);
    let mut used = 0;
    let mut kept = String::new();
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > room {
            break;
        }
        kept.push(c);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    Cow::Owned(kept)
}

/// Fewer columns than these are no place for text.
const LEAST_VALUE: usize = 20;

/// A line broken at spaces, so that no piece is wider; a word that is, stays whole, because it may be an address to click.
pub(crate) fn wrap(line: &str, columns: usize) -> Vec<String> {
    if width(line) <= columns {
        return vec![line.to_owned()];
    }
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for word in line.split_inclusive(' ') {
        let wide = width(word.trim_end());
        if used > 0 && used + wide > columns {
            pieces.push(String::new());
            used = 0;
        }
        used += width(word);
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(word);
        }
    }
    pieces.iter_mut().for_each(|piece| piece.truncate(piece.trim_end().len()));
    pieces
}

/// A value behind its label, its further lines under its beginning; `room` is the terminal's width. Where too little of
/// the width is left for that, the terminal breaks it.
pub(crate) fn hang(label: &str, value: &str, room: Option<usize>) -> String {
    let indent = width(&anstream::adapter::strip_str(label).to_string()) + 1;
    let left = room.map_or(usize::MAX, |room| room.saturating_sub(indent));
    // A value with a style has codes that are not to be counted, and is short.
    if left < LEAST_VALUE || value.contains('\x1b') {
        return format!("{label} {value}");
    }
    format!("{label} {}", wrap(value, left).join(&format!("\n{}", " ".repeat(indent))))
}

/// A size as people say it: `512 bytes`, `34 kB`, `1.2 MB`.
pub(crate) fn size(octets: i64) -> String {
    match octets {
        1 => "1 byte".to_owned(),
        ..1_000 => format!("{octets} bytes"),
        1_000..1_000_000 => format!("{} kB", (octets + 500) / 1_000),
        _ => {
            let tenths = (octets + 50_000) / 100_000;
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_left_alone() {
        for text in ["", "Drucker brennt", "プリンタ", "עברית\u{200f}", "👩‍💻"] {
            assert!(matches!(line(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn escape_sequences_show_and_do_nothing() {
        assert_eq!(line("\x1b[31mred\x07"), "␛[31mred␇");
        assert_eq!(line("a\u{9b}2Jb"), "a<U+009B>2Jb");
        assert_eq!(line("del\x7f nul\0"), "del␡ nul␀");
        assert_eq!(line("back\r\x08"), "back␍␈");
    }

    #[test]
    fn direction_overrides_show() {
        assert_eq!(line("invoice\u{202e}fdp.exe"), "invoice<U+202E>fdp.exe");
        assert_eq!(line("\u{2066}x\u{2069}"), "<U+2066>x<U+2069>");
    }

    #[test]
    fn line_ends_stay_in_blocks_only() {
        assert_eq!(line("a\nb\tc"), "a b c");
        assert_eq!(block("a\nb\tc\x1b"), "a\nb\tc␛");
        assert_eq!(block("a\u{2028}b"), "a<U+2028>b");
    }

    #[test]
    fn cut_counts_columns_not_characters() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("a longer subject", 9), "a longer…");
        assert_eq!(cut("a longer subject", 8), "a longe…");
        assert_eq!(cut("プリンタが燃えた", 7), "プリン…");
        assert_eq!(cut("プリンタが燃えた", 6), "プリ…");
        assert_eq!(cut("abc", 1), "…");
    }

    #[test]
    fn json_stays_json() {
        let text = serde_json::to_string("\u{1b}[2J \u{9b}2J \u{202e} \u{e0041} ü\n").unwrap();
        assert_eq!(json(&text), r#""\u001b[2J \u009b2J \u202e \udb40\udc41 ü\n""#);
        let back: String = serde_json::from_str(&json(&text)).unwrap();
        assert_eq!(back, "\u{1b}[2J \u{9b}2J \u{202e} \u{e0041} ü\n");
    }

    #[test]
    fn long_lines_break_at_spaces() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("one two three", 80), ["one two three"]);
        assert_eq!(wrap("https://long.example/x y", 8), ["https://long.example/x", "y"]);
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("プリンタ が 燃えた", 10), ["プリンタ", "が 燃えた"]);
    }

    #[test]
    fn values_go_on_under_their_beginning() {
        assert_eq!(
            hang("reason     ", "a new ticket: it belongs to no other", Some(40)),
            "reason      a new ticket: it belongs to\n            no other"
        );
        assert_eq!(
            hang("\x1b[2mto\x1b[0m", "a@b.example, c@d.example", Some(24)),
            "\x1b[2mto\x1b[0m a@b.example,\n   c@d.example"
        );
        assert_eq!(hang("reason     ", "a new ticket", None), "reason      a new ticket");
        assert_eq!(hang("reason     ", "a new ticket", Some(14)), "reason      a new ticket");
    }

    #[test]
    fn sizes_read_well() {
        for (octets, text) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1 kB"),
            (34_499, "34 kB"),
            (1_240_000, "1.2 MB"),
            (30_000_000, "30.0 MB"),
        ] {
            assert_eq!(size(octets), text);
        }
    }
}
