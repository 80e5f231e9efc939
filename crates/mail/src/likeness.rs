//! Whether mails say the same: short sums of their words that do not change with what programs put into each mail anew (A115).
//!
//! Two mails are alike when their sums are equal. Sums are the first 64 bits of SHA-256, so that nobody can write a mail that
//! counts as a given other one's likeness without saying what it says.

use crate::message::Message;
use crate::subject::{self, TagNames};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// How much of a text counts, in octets of its normal form: what an answering machine says first. Behind it may stand what it
/// answers, in a form that nobody knows for a quote.
const ANSWER_OCTETS: usize = 500;
/// How much of a mail counts that answers nothing of ours: programs report many things in the same frame.
const REPORT_OCTETS: usize = 8000;
/// Files of a mail that count.
const FILES: usize = 20;
/// A text of this many octets is nobody's "thanks": different senders do not write it by chance.
const LONG_OCTETS: usize = 40;

/// What a mail says, in a form that can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// The subject in normal form.
    pub subject: String,
    /// The new text in normal form; empty where nothing is new.
    pub text: String,
    /// Sizes of the files that came with it: scans and photos say different things with the same words, or none. What it answers, passed
    /// on whole, is no file of its own.
    pub files: String,
}

impl Likeness {
    /// Of a mail that answers us, `masked`: words with a digit or an `@` in them are all the same, and of the subject counts what
    /// stands behind the last `: ` and outside brackets. Of any other mail the words count as they are.
    pub fn of(message: &Message, masked: bool, names: &TagNames) -> Likeness {
        let own = message.attachments.iter().filter(|file| !file.content_type.starts_with("message/"));
        let files = own.take(FILES).map(|file| file.size.to_string()).collect::<Vec<_>>().join(" ");
        match masked {
            true => Likeness { files, subject: base(&message.subject, names), text: normal(&message.reply, ANSWER_OCTETS, true) },
            false => Likeness {
                files,
                subject: normal(&message.subject, REPORT_OCTETS, false),
                text: normal(&message.reply, REPORT_OCTETS, false),
            },
        }
    }

    /// Whether the text is so long that two people do not write it by chance.
    pub fn is_long(&self) -> bool {
        self.text.len() >= LONG_OCTETS
    }
}

/// Whether a subject is that of an answer: it has a reply prefix, or a tag of ours.
pub fn is_answer(subject: &str, names: &TagNames) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    // Where nothing is left, it is told whole.
    !subject::ticket_tags(subject, names).is_empty() || words(&subject::bare(subject, names)) != words(subject)
}

/// An address as the same program writes it each time: without an extension, and with one sign for each word that begins with a digit,
/// so that `reply+8fa3@` and `ticket-124@` are what they are every time. `s1234567@` is one of many people.
pub fn of_address(key: &str) -> String {
    let (local, domain) = key.rsplit_once('@').unwrap_or((key, ""));
    let base = local.split('+').next().unwrap_or(local);
    let words: Vec<&str> =
        base.split(['-', '_', '.', '=']).map(|word| if begins_with_digit(word) { "#" } else { word }).collect();
    format!("{}@{domain}", words.join("-"))
}

/// An address without its extension: the mailbox that has it.
pub fn mailbox(key: &str) -> Cow<'_, str> {
    match key.rsplit_once('@').and_then(|(local, domain)| Some((local.split_once('+')?.0, domain))) {
        Some((local, domain)) if !local.is_empty() => Cow::Owned(format!("{local}@{domain}")),
        _ => Cow::Borrowed(key),
    }
}

/// The sum of some words. Their borders count.
pub fn sum(words: &[&str]) -> i64 {
    let mut hash = Sha256::new();
    for word in words {
        hash.update(word.len().to_le_bytes());
        hash.update(word);
    }
    let octets = hash.finalize();
    octets.iter().take(8).fold(0, |sum, octet| sum << 8 | i64::from(*octet))
}

fn begins_with_digit(word: &str) -> bool {
    word.chars().next().is_some_and(|c| c.is_ascii_digit())
}

fn has_digit(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit() || c.is_numeric())
}

/// The base of a subject: `Re: Automated: Re: Automated: X` and `X [case 5]` are `x`.
fn base(subject: &str, names: &TagNames) -> String {
    let bare = subject::bare(subject, names);
    let mut outside = String::with_capacity(bare.len());
    let mut depth = 0usize;
    for c in bare.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    // A lone `Auto:` has nothing behind it.
    let last = outside.trim().rsplit(": ").next().filter(|piece| !piece.ends_with(':'));
    normal(last.unwrap_or_default(), ANSWER_OCTETS, true)
}

/// Lower case, single spaces, no word twice in a row; with `masked`, one sign for each word with a digit or an `@` in it.
fn normal(text: &str, most: usize, masked: bool) -> String {
    let mut normal = String::new();
    let mut last = String::new();
    for word in text.split_whitespace() {
        let word = match masked && (has_digit(word) || word.contains('@')) {
            true => "#".to_owned(),
            false => word.to_lowercase(),
        };
        if masked && word == last {
            continue;
        }
        if normal.len() + word.len() >= most {
            normal.push_str(&word[..word.floor_char_boundary(most.saturating_sub(normal.len()))]);
            break;
        }
        normal.push_str(&word);
        normal.push(' ');
        last = word;
    }
    normal.truncate(normal.trim_end().len());
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(subject: &str, text: &str) -> i64 {
        let mail = format!("Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n");
        let message = crate::parse(mail.as_bytes());
        let names = TagNames { names: vec!["example.org".into()] };
        let Likeness { subject, text, .. } = Likeness::of(&message, is_answer(&message.subject, &names), &names);
        sum(&[&subject, &text])
    }

    #[test]
    fn a115_what_programs_put_into_each_mail_anew_does_not_count() {
        let first = of("Re: [example.org #5] Printer", "I am away until May 5.\nYour mail of 10:01 waits.");
        for (subject, text) in [
            ("Re: Automated: Re: [example.org #5] Printer", "I am away until May 5.\nYour mail of 10:02 waits."),
            (
                "Automated: Re: Automated: Re: [example.org #17] Printer",
                "I am  away until MAY 16.\n\nYour mail of 10:02:17 waits.",
            ),
            ("AW: [Case 9932] Printer", "I am away until May 5.\nYour mail of 23:59 waits.\n\n> I am away\n> until May 5."),
        ] {
            assert_eq!(of(subject, text), first, "{subject}");
        }
        for (subject, text) in [
            ("Re: [example.org #5] Scanner", "I am away until May 5.\nYour mail of 10:01 waits."),
            ("Re: [example.org #5] Printer", "I am back.\nYour mail of 10:01 was read."),
        ] {
            assert_ne!(of(subject, text), first, "{subject}");
        }
        assert_eq!(of("Re: x 1", "> quoted"), of("Re: x 2", "> quoted"), "without a text, the subject alone");
        assert_eq!(of("Re: [example.org #5]", ""), of("Re: Auto: Re: [example.org #6]", ""));
    }

    #[test]
    fn a115_reports_that_differ_in_a_number_differ() {
        assert_ne!(of("New order 17", "Somebody ordered a chair."), of("New order 18", "Somebody ordered a chair."));
        assert_ne!(of("web1 is slow", "load 17.5 at 10:01"), of("web1 is slow", "load 17.5 at 10:02"));
        assert_ne!(of("PROBLEM: web1", "x"), of("RECOVERY: web1", "x"));
        assert_eq!(of("web1 is slow", "load 17.5"), of("web1 is  slow", "load 17.5 "));
    }

    #[test]
    fn a115_addresses_that_are_made_for_each_mail_are_one() {
        for (address, expected) in [
            ("reply+8fa3c@tracker.example", "reply@tracker.example"),
            ("ticket-124@tracker.example", "ticket-#@tracker.example"),
            ("a.b_c@x.example", "a-b-c@x.example"),
            ("s1234567@uni.example", "s1234567@uni.example"),
            ("nobody", "nobody@"),
        ] {
            assert_eq!(of_address(address), expected);
        }
    }

    #[test]
    fn a115_any_text_has_a_likeness() {
        for text in ["", " ", "\u{feff}", "ẞ".repeat(9000).as_str(), "[[[[", "]]: ]: ", "٣", "1 2 3 4"] {
            of(text, text);
            normal(text, 7, true);
            of_address(text);
        }
        assert!(normal(&"ab ".repeat(9000), 500, false).len() <= 500);
        assert_ne!(sum(&["ab", "c"]), sum(&["a", "bc"]));
    }
}
