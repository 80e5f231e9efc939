//! Commands at the end of a subject count where whoever wrote the mail put them there now. Mail programs repeat subjects: what a stranger
//! called a mail stands in every answer to it, and in whatever passes it on.

use crate::decide::{Deliberation, extension};
use crate::decision::RefKind;
use crate::facts::FactError;
use crate::script::{self, Does, Known, Line, Suffix};
use crate::types::Ticket;
use postern_mail::ident::{self, Audience};

/// Ids of answered mails that are looked at.
const ANSWERED: usize = 5;

/// Characters in front of a colon that may be what mail programs put there, in whatever language.
const PREFIX: usize = 30;

/// What the end of a subject says to the program.
pub(super) enum Said<'t> {
    /// Nothing.
    Nothing,
    /// Commands.
    Counts(Suffix<'t>),
    /// Commands that may be somebody else's: this is told.
    Doubtful(Line),
}

/// Reads the end of the subject of a mail about a ticket, or of one that opens a ticket; and what is to be told of its addresses.
pub(super) fn read<'t>(d: &Deliberation<'t>, ticket: Option<&Ticket>) -> Result<Said<'t>, FactError> {
    let said = end(d, ticket)?;
    Ok(match (said, extension::told(d)) {
        (Said::Counts(mut suffix), Some(line)) => {
            suffix.lines.push(line);
            Said::Counts(suffix)
        }
        (_, Some(line)) => Said::Doubtful(line),
        (said, None) => said,
    })
}

/// Reads the end of the subject.
fn end<'t>(d: &Deliberation<'t>, ticket: Option<&Ticket>) -> Result<Said<'t>, FactError> {
    let message = d.arrival.message;
    if message.resent_from.is_some() {
        return Ok(Said::Nothing);
    }
    let Some(suffix) = script::suffix(Known { site: d.facts.site() }, &message.subject) else { return Ok(Said::Nothing) };
    let repeats = message.answers || !message.in_reply_to.is_empty() || is_prefixed(&message.subject);
    let answered: Vec<String> =
        message.in_reply_to.iter().chain(message.references.iter().rev()).take(ANSWERED).cloned().collect();
    let why = match ticket {
        _ if message.forwarded.is_some() => "the mail passes another one on, whose subject this may be",
        None if repeats => "the subject is that of a mail that was answered or passed on",
        None => return Ok(Said::Counts(suffix)),
        // Nothing that anybody has to be told of with each answer.
        Some(ticket) if has(&ticket.subject, &suffix) => return Ok(Said::Nothing),
        Some(ticket) if d.facts.subjects(ticket.number, &answered)?.iter().any(|known| has(known, &suffix)) => {
            "it stood there before"
        }
        Some(ticket) if repeats && !answers_known_mail(d, ticket)? => "the mail that was answered is not known here",
        Some(_) => return Ok(Said::Counts(suffix)),
    };
    let said = suffix.lines.iter().map(|line| line.said.as_str()).collect::<Vec<_>>().join("; ");
    let why = format!("not looked at in the subject: {why}; in the first line of the text it counts");
    Ok(Said::Doubtful(Line { said, does: Does::Ignored(why) }))
}

/// Whether a subject has these commands somewhere, whatever became of its spaces and signs on the way.
fn has(subject: &str, suffix: &Suffix<'_>) -> bool {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect::<String>();
    letters(subject).contains(&letters(suffix.written))
}

/// Whether something stands in front of a subject that mail programs may have put there: a word or two and a colon, behind the names of
/// lists in brackets; or a word for answers and forwards with any sign around it, as in `(Fwd) x` and `Fwd - x`.
fn is_prefixed(subject: &str) -> bool {
    let mut rest = subject.trim_start();
    while let Some((_, behind)) = rest.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        rest = behind.trim_start();
    }
    let colon = rest.char_indices().take(PREFIX).find(|(_, c)| COLONS.contains(c));
    let head = colon.and_then(|(at, _)| rest.get(..at)).unwrap_or("a b c");
    head.split_whitespace().count() <= 2 || is_word_of_programs(subject.trim_start()) || is_word_of_programs(rest)
}

/// Colons of every script and width, and what looks like one.
const COLONS: &[char] = &[':', '：', '︰', '﹕', '∶', 'ː', '˸', '꞉', '։', '׃', '፡', '᠄', '︓'];

/// Signs that set a word apart from what follows; dashes do with a space behind them.
const CLOSING: &[char] = &[')', ']', '}', '>', '»', '›', '|', '）', '】', '］', '」'];
const DASHES: &[char] = &['-', '‐', '‑', '–', '—', '―', '－'];

/// Whether a subject begins with a word for answers and forwards that a sign sets apart: by brackets around it, or a dash behind it.
fn is_word_of_programs(subject: &str) -> bool {
    let inner = subject.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = inner.char_indices().take(PREFIX).find(|(_, c)| !c.is_alphabetic()).map_or(0, |(at, _)| at);
    let (word, rest) = inner.split_at_checked(end).unwrap_or_default();
    let rest = rest.trim_start_matches(char::is_whitespace);
    let dash = |rest: &str| rest.strip_prefix(DASHES).is_some_and(|behind| behind.starts_with(char::is_whitespace));
    let apart = inner.len() < subject.len() || rest.starts_with(CLOSING) || dash(rest);
    let long = word.chars().nth(1).is_some();
    // `Fwd x`: these words are none of any language.
    let plain = ["re", "fw", "fwd", "aw", "wg"].iter().any(|known| word.eq_ignore_ascii_case(known));
    plain || apart && long && postern_mail::subject::is_prefix(word)
}

/// Whether everything that a mail says it answers is a mail of this ticket, so that its subject is known.
fn answers_known_mail(d: &Deliberation<'_>, ticket: &Ticket) -> Result<bool, FactError> {
    let message = d.arrival.message;
    let nearest = message.references.last().filter(|_| message.in_reply_to.is_empty());
    let mut any = false;
    for id in message.in_reply_to.iter().chain(nearest).take(ANSWERED) {
        let named = match ident::read(&d.facts.site().keys, id) {
            Some(own) => vec![(own.ticket, own.audience == Audience::Root)],
            None => d.facts.tickets_of(id)?.into_iter().map(|(number, kind)| (number, kind == RefKind::Named)).collect(),
        };
        let mut known = false;
        for (number, only_named) in named {
            known |= !only_named && d.facts.ticket(number)?.is_some_and(|meant| meant.number == ticket.number);
        }
        if !known {
            return Ok(false);
        }
        any = true;
    }
    Ok(any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b1_what_mail_programs_put_in_front_of_a_subject() {
        for subject in [
            "Re: x",
            "AW: x",
            "Fwd: x",
            "WG:x",
            "[list] TR: x",
            " [a] [b] RE : x",
            "Vidarebefordrat: x",
            "Trả lời: x",
            "转发：x",
            "Re[2]: x",
            "Fwd - x",
            "(Fwd) x",
            "Fwd﹕ x",
            "[Fwd] x",
            "\u{ab}WG\u{bb} x",
            "Fwd x",
            "FW> x",
            "TR – x",
            "[list] (Fwd) x",
            "转发 - x",
        ] {
            assert!(is_prefixed(subject), "{subject}");
        }
        for subject in [
            "",
            "Toner",
            "[example.org #5] Toner",
            "The toner of the printer: empty",
            "[x",
            "12 0 30 4:5",
            "I need toner",
            "(urgent) toner",
            "Toner - x",
            "r",
            "I'm out of toner",
            "I/O - an error",
            "TR-12 is off",
        ] {
            assert!(!is_prefixed(subject), "{subject}");
        }
        assert!(!is_prefixed(&"[a]".repeat(1 << 18)));
    }
}
