//! What a blockquote is. HTML has one element for the words of others and for what an author moves to the right, and mail
//! programs use it for both: the button "indent" of Gmail, Apple Mail, Yahoo and Outlook makes one with a wide margin, that of
//! Thunderbird one without attributes. Only what is a quote gets marks, because marked lines are taken for old.

use super::attributes::Attributes;
use super::page::Page;
use super::style::Look;
use crate::quote::page;

/// Lines that an introduction may be folded over.
const INTRODUCTION_LINES: usize = 3;

/// What is known of a document before it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    /// The mail is an answer to another, so that what nobody explains is more likely quoted.
    pub answer: bool,
}

/// How blockquotes are used in one document.
#[derive(Debug)]
pub(super) struct Quotes {
    answer: bool,
    /// Its writer marks what it quotes, so that what is not marked is no quote.
    marks: bool,
    /// One was introduced as a quote.
    introduced: bool,
}

impl Quotes {
    pub(super) fn new(origin: Origin, marks: bool) -> Self {
        Quotes { answer: origin.answer, marks, introduced: false }
    }

    /// Whether a blockquote that begins below what is on the page is a quote, and not an indent.
    pub(super) fn is_quote(&mut self, attributes: &Attributes, look: Look, page: &Page) -> bool {
        if is_marked(attributes) {
            return true;
        }
        if look.plain {
            return false;
        }
        let introduced = is_introduced(page);
        self.introduced |= introduced;
        if introduced || look.indented || self.marks {
            return introduced;
        }
        page.quotes > 0 || self.answer || self.introduced
    }
}

/// Whether a mail program says by its attributes that a blockquote holds an older message. Gmail's class does not: its button
/// "quote" gives it to what an author marks.
fn is_marked(attributes: &Attributes) -> bool {
    let Attributes { sort, class, id, .. } = attributes;
    let named = |name: &str| {
        let name = name.to_ascii_lowercase();
        let has = |word: &str| name.contains(word);
        !has("gmail_quote")
            && ["_quote", "-quote", "quote_", "-blockquote", "cite", "clean_bq", "isreplycontent"].iter().any(|w| has(w))
    };
    sort.eq_ignore_ascii_case("cite") || sort.starts_with("mid:") || named(class) || named(id)
}

/// Whether the last lines introduce an older message.
fn is_introduced(page: &Page) -> bool {
    let lines: Vec<&str> = page.above(INTRODUCTION_LINES).collect();
    page::is_introduction(&lines)
}
