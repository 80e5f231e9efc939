//! What is new in a mail that joins a ticket: what is there is recognised when it comes back, in any language and with or
//! without marks (A130). What only looks quoted, and nobody on the ticket knows, is news: a mail that is passed on, a form filled
//! in.

use super::Deliberation;
use crate::facts::{FactError, Facts};
use postern_mail::Message;
use postern_mail::quote::Folded;

/// A new text, by structure, that is no longer holds no mail of ours beside an answer: fewer words are anybody's, and what quotes
/// us without marks puts it on lines of its own, or makes one long line of everything. Where nothing was folded either, which
/// might be news, nothing is looked up.
const SHORT: usize = 40;
const SHORT_LINE: usize = 160;
/// A longer text is no answer that anybody typed: a log, a copied thread. Structure alone tells it apart.
const LONGEST: usize = 256 << 10;

/// Folds the arrived message with what is on the ticket.
pub(super) fn by_knowledge(d: &mut Deliberation<'_>, ticket: u64) -> Result<(), FactError> {
    let message = d.arrival.message;
    let Some((folded, texts)) = folded(d.facts, message, ticket, d.arrival.now)? else {
        // By structure alone, again, because a message does not keep what of its folds nobody knows.
        d.refolded = (!message.folds.is_empty()).then(|| message.fold(&[], &[]));
        return Ok(());
    };
    let count = if texts == 1 { "a text".to_owned() } else { format!("{texts} texts") };
    let lines = message.text.lines().count();
    let new = folded.new.lines().count();
    let unknown = match folded.unknown {
        0 => String::new(),
        lines => format!("; {lines} folded that only look old"),
    };
    d.note("text", format!("compared with {count} on #{ticket}: of {lines} lines, {new} are new{unknown}"));
    d.refolded = Some(folded);
    Ok(())
}

/// What is new in a message, in the light of what was on the ticket before it came, and how many texts that were. `None`:
/// what the message tells by itself is all that can be known.
pub(super) fn folded(
    facts: &dyn Facts,
    message: &Message,
    ticket: u64,
    before: i64,
) -> Result<Option<(Folded, usize)>, FactError> {
    if message.folds.is_empty() && is_short(&message.reply) || message.text.len() > LONGEST {
        return Ok(None);
    }
    let reader = message.author().map(postern_mail::Address::key).unwrap_or_default();
    let known = facts.known_texts(ticket, before, &reader)?;
    let count = known.sent.len() + known.heard.len();
    if count == 0 {
        return Ok(None);
    }
    let [sent, heard] = [&known.sent, &known.heard].map(|texts| texts.iter().map(String::as_str).collect::<Vec<_>>());
    Ok(Some((message.fold(&sent, &heard), count)))
}

fn is_short(new: &str) -> bool {
    let one_line = new.lines().filter(|line| !line.trim().is_empty()).nth(1).is_none();
    new.len() <= SHORT || (one_line && new.len() <= SHORT_LINE)
}
