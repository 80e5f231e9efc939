//! Header fields: encoding and folding. A field is a list of pieces that may not be broken; lines are broken between them.

use crate::address::{for_header, is_atext};
use data_encoding::BASE64;
use postern_core::outbox::Mailbox;

/// RFC 5322 section 2.1.1: lines should have no more than 78 octets without their line end.
const GOOD_LINE: usize = 78;
/// A longer word would not fit a good line beside a field's name.
const LONG_WORD: usize = GOOD_LINE - 10;
/// Longer than this and a piece cannot be written inside 998 octets, whatever its field is called.
const LONGEST_PIECE: usize = 900;
/// RFC 2047 section 2: a line with encoded words has at most 76 octets, a word at most 75.
const ENCODED_LINE: usize = 76;
const WORD_START: &str = "=?utf-8?B?";
const WORD_END: &str = "?=";

/// The header, as it grows.
#[derive(Default)]
pub(super) struct Fields {
    octets: String,
}

impl Fields {
    /// A value of ours, known to be short, in ASCII and without line ends.
    pub(super) fn plain(&mut self, name: &str, value: &str) {
        self.fold(name, &[value.to_owned()]);
    }

    /// Free text, such as the subject. Words that need encoding are encoded, the rest stays readable to programs too.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.fold(name, &text_pieces(&clean(value), name.len() + 2, LONG_WORD));
    }

    /// Any other field of the row. A long word is left alone here: it may be an address or a link, which no encoding may touch.
    pub(super) fn further(&mut self, name: &str, value: &str) {
        let named = !name.is_empty() && name.len() <= 70 && name.bytes().all(|b| b.is_ascii_graphic() && b != b':');
        let pieces = text_pieces(&clean(value), name.len() + 2, LONGEST_PIECE);
        if named && !pieces.is_empty() {
            self.fold(name, &pieces);
        }
    }

    /// A list of mailboxes. Nothing is written for an empty one.
    pub(super) fn mailboxes(&mut self, name: &str, mailboxes: &[Mailbox]) {
        let mut pieces = Vec::new();
        for (index, mailbox) in mailboxes.iter().enumerate() {
            let first = if index == 0 { name.len() + 2 } else { 1 };
            let names = name_pieces(&clean(&mailbox.name), first);
            let comma = if index + 1 < mailboxes.len() { "," } else { "" };
            let email = for_header(&mailbox.email);
            let shown = if names.is_empty() { format!("{email}{comma}") } else { format!("<{email}>{comma}") };
            pieces.extend(names);
            pieces.push(shown);
        }
        if !pieces.is_empty() {
            self.fold(name, &pieces);
        }
    }

    /// Message-IDs, given without their angle brackets. Those that a header cannot carry are left out.
    pub(super) fn ids(&mut self, name: &str, ids: &[String]) {
        let pieces: Vec<String> = ids.iter().filter_map(|id| id_piece(id)).collect();
        if !pieces.is_empty() {
            self.fold(name, &pieces);
        }
    }

    pub(super) fn finish(self) -> String {
        self.octets
    }

    /// Writes the field, breaking lines where they would get too long. The first piece always follows the name: some programs
    /// read a field whose first line is empty as an empty field.
    fn fold(&mut self, name: &str, pieces: &[String]) {
        self.octets.push_str(name);
        self.octets.push(':');
        let mut line = name.len() + 1;
        for (index, piece) in pieces.iter().enumerate() {
            let limit = if piece.starts_with(WORD_START) { ENCODED_LINE } else { GOOD_LINE };
            if index > 0 && line + 1 + piece.len() > limit {
                self.octets.push_str("\r\n");
                line = 0;
            }
            self.octets.push(' ');
            self.octets.push_str(piece);
            line += 1 + piece.len();
        }
        self.octets.push_str("\r\n");
    }
}

/// No value reaches a header with CR, LF, NUL or another control character in it (A91); white space becomes single spaces, as
/// folding would make it anyway. Overrides of direction go too: a name must not turn round what stands beside it.
fn clean(value: &str) -> String {
    let spaced = value.replace(|c: char| c.is_whitespace() && c.is_ascii(), " ");
    let visible: String = spaced.chars().filter(|c| !c.is_control() && !matches!(c, '\u{202d}' | '\u{202e}')).collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Pieces of free text: from the first word that needs encoding to the last everything is encoded, because the space between
/// two encoded words does not count, and the words around them stay as they are. `[example.org #12]` can be found by a filter.
fn text_pieces(value: &str, first: usize, longest: usize) -> Vec<String> {
    let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
    let needs = |word: &&str| !word.is_ascii() || word.contains("=?") || word.len() > longest;
    let (Some(from), Some(to)) = (words.iter().position(needs), words.iter().rposition(needs)) else {
        return words.iter().map(|word| (*word).to_owned()).collect();
    };
    let mut pieces: Vec<String> = words[..from].iter().map(|word| (*word).to_owned()).collect();
    pieces.extend(encoded_words(&words[from..=to].join(" "), if from == 0 { first } else { 1 }));
    pieces.extend(words[to + 1..].iter().map(|word| (*word).to_owned()));
    pieces
}

/// Pieces of a display name: atoms as they are, a quoted string, or encoded words (RFC 5322 section 3.4, RFC 2047 section 5).
fn name_pieces(name: &str, first: usize) -> Vec<String> {
    if name.is_empty() {
        return Vec::new();
    }
    if !name.is_ascii() || name.contains("=?") || name.len() > LONG_WORD {
        return encoded_words(name, first);
    }
    if name.chars().all(|c| is_atext(c) || c == ' ') {
        return name.split(' ').map(str::to_owned).collect();
    }
    vec![format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))]
}

fn id_piece(id: &str) -> Option<String> {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let sound = !id.is_empty() && id.len() <= LONGEST_PIECE && id.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>');
    sound.then(|| format!("<{id}>"))
}

/// Base64 words of RFC 2047, cut between characters. `first` is what stands before the first word on its line.
fn encoded_words(value: &str, first: usize) -> Vec<String> {
    let overhead = WORD_START.len() + WORD_END.len();
    let mut words = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        let before = if words.is_empty() { first } else { 1 };
        let room = (ENCODED_LINE.saturating_sub(before + overhead) / 4 * 3).max(4);
        let mut cut = room.min(rest.len());
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        let (chunk, tail) = rest.split_at(cut);
        words.push(format!("{WORD_START}{}{WORD_END}", BASE64.encode(chunk.as_bytes())));
        rest = tail;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> String {
        let mut fields = Fields::default();
        fields.text("Subject", value);
        fields.octets
    }

    fn to(list: &[(&str, &str)]) -> String {
        let mut fields = Fields::default();
        let list: Vec<Mailbox> =
            list.iter().map(|(name, email)| Mailbox { name: (*name).into(), email: (*email).into() }).collect();
        fields.mailboxes("To", &list);
        fields.octets
    }

    #[test]
    fn plain_words_stay_and_others_are_encoded() {
        assert_eq!(text("[example.org #12] Printer on fire"), "Subject: [example.org #12] Printer on fire\r\n");
        assert_eq!(text("[example.org #12] Grüße"), "Subject: [example.org #12] =?utf-8?B?R3LDvMOfZQ==?=\r\n");
        assert_eq!(text("é x é y"), "Subject: =?utf-8?B?w6kgeCDDqQ==?= y\r\n");
        assert_eq!(text("what is =?utf-8?Q?x?= here"), "Subject: what is =?utf-8?B?PT91dGYtOD9RP3g/PQ==?= here\r\n");
        assert_eq!(text(""), "Subject:\r\n");
    }

    #[test]
    fn nothing_breaks_out_of_a_field() {
        assert_eq!(text("a\r\nBcc: x@y\0z"), "Subject: a Bcc: x@yz\r\n");
        assert_eq!(text("ä\r\nBcc: x@y"), format!("Subject: =?utf-8?B?{}?= Bcc: x@y\r\n", BASE64.encode("ä".as_bytes())));
        assert_eq!(to(&[("Eve\u{202e}", "c@d")]), "To: Eve <c@d>\r\n");
        assert!(!to(&[("a\r\nBcc: b", "c@d\r\nBcc: e")]).trim_end().contains('\n'));
    }

    #[test]
    fn a_long_subject_is_folded_in_legal_lines() {
        for subject in ["word ".repeat(60), "ü".repeat(300), "日本語".repeat(50), "x".repeat(500), "😀".repeat(77)] {
            let field = text(&subject);
            assert!(field.lines().all(|line| line.len() <= 78), "{field}");
            assert!(field.lines().skip(1).all(|line| line.starts_with(' ')));
        }
    }

    #[test]
    fn mailboxes_of_every_kind() {
        assert_eq!(to(&[("", "a@b")]), "To: a@b\r\n");
        assert_eq!(to(&[("Anna Smith", "a@b")]), "To: Anna Smith <a@b>\r\n");
        assert_eq!(to(&[("Smith, Anna", "a@b"), ("", "c@d")]), "To: \"Smith, Anna\" <a@b>, c@d\r\n");
        assert_eq!(to(&[("say \"hi\"", "a@b")]), "To: \"say \\\"hi\\\"\" <a@b>\r\n");
        assert_eq!(to(&[("Jürgen", "a@b")]), "To: =?utf-8?B?SsO8cmdlbg==?= <a@b>\r\n");
        assert_eq!(to(&[("a..b", "a..b@docomo.example")]), "To: \"a..b\" <a..b@docomo.example>\r\n");
        assert_eq!(to(&[]), "");
    }

    #[test]
    fn ids_are_folded_and_bad_ones_left_out() {
        let mut fields = Fields::default();
        let ids: Vec<String> = (0..30).map(|n| format!("message-{n}-of-a-long-thread@example.org")).collect();
        fields.ids("References", &ids);
        assert_eq!(fields.octets.lines().count(), 30);
        assert!(fields.octets.starts_with("References: <message-0-"));
        let mut fields = Fields::default();
        fields.ids("References", &["a b@c".into(), "<x@y>".into(), "ä@b".into(), "q\r\nBcc:x".into(), "y".repeat(2000)]);
        assert_eq!(fields.octets, "References: <x@y>\r\n");
    }

    #[test]
    fn further_fields() {
        let mut fields = Fields::default();
        fields.further(
            "List-Unsubscribe",
            "<mailto:support@example.org?subject=unsubscribe-from-a-ticket-with-a-very-long-token-123456789012345>",
        );
        fields.further("bad name", "x");
        fields.further("X-Empty", "\r\n");
        fields.further("Auto-Submitted", "auto-replied\r\nBcc: x");
        let lines: Vec<&str> = fields.octets.lines().collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].starts_with("List-Unsubscribe: <mailto:"));
        assert_eq!(lines[1], "Auto-Submitted: auto-replied Bcc: x");
    }
}
