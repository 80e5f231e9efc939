//! What is new in a mail that joins a ticket: what we sent there is recognised when it comes back, in any language and with
//! or without marks (A130); the rest is told by structure.

use super::Deliberation;
use crate::facts::{FactError, Facts};
use postern_mail::Message;
use postern_mail::quote::Folded;

/// A new text, by structure, that is no longer holds no mail of ours beside an answer: fewer words are anybody's, and what quotes
/// us without marks puts it on lines of its own, or makes one long line of everything. Nothing is looked up then. Most answers
/// quote with marks and are done with here.
const SHORT: usize = 40;
const SHORT_LINE: usize = 160;
/// A longer text is no answer that anybody typed: a log, a copied thread. Structure alone tells it apart.
const LONGEST: usize = 256 << 10;

/// Folds the arrived message with what we sent on the ticket.
pub(super) fn by_knowledge(d: &mut Deliberation<'_>, ticket: u64) -> Result<(), FactError> {
    let Some((folded, texts)) = folded(d.facts, d.arrival.message, ticket, d.arrival.now)? else { return Ok(()) };
    let count = if texts == 1 { "a text".to_owned() } else { format!("{texts} texts") };
    let lines = d.arrival.message.text.lines().count();
    let new = folded.new.lines().count();
    d.note("text", format!("compared with {count} that we sent on #{ticket}: of {lines} lines, {new} are new"));
    d.refolded = Some(folded);
    Ok(())
}

/// What is new in a message, in the light of what we sent on the ticket before it came, and how many texts that were. `None`:
/// what the message tells by itself is all that can be known.
pub(super) fn folded(
    facts: &dyn Facts,
    message: &Message,
    ticket: u64,
    before: i64,
) -> Result<Option<(Folded, usize)>, FactError> {
    if is_short(&message.reply) || message.text.len() > LONGEST {
        return Ok(None);
    }
    let sent = facts.sent_texts(ticket, before)?;
    if sent.is_empty() {
        return Ok(None);
    }
    let texts: Vec<&str> = sent.iter().map(String::as_str).collect();
    Ok(Some((message.fold(&texts), texts.len())))
}

fn is_short(new: &str) -> bool {
    let one_line = new.lines().filter(|line| !line.trim().is_empty()).nth(1).is_none();
    new.len() <= SHORT || (one_line && new.len() <= SHORT_LINE)
}
