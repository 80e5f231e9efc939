//! Words of internal comments in what a member of staff writes to people outside: such mails are held until their author says that
//! the words are meant (E12). Comments that are quoted by mark have been taken out before (`secret`); this finds what was copied.

use super::Telling;
use crate::decide::desk::Desk;
use crate::decision::{Change, EntryKind, Letter, LetterKind, NewEntry};
use crate::facts::FactError;
use crate::letter;
use postern_mail::leak;

/// A shorter text, in octets, repeats nothing: there is nothing to look up.
const SHORTEST: usize = 16;

/// What a text for outsiders repeats of the ticket's comments. If it does, the history says that mails are held, and whoever wrote
/// by mail is asked by mail; who wrote by command is told at once.
pub(super) fn find(desk: &mut Desk<'_>, telling: &Telling<'_>, text: &str) -> Result<Vec<String>, FactError> {
    let event = telling.event;
    let written = event.names.iter().any(|name| matches!(*name, "correspond" | "forward"));
    // A forward is for outsiders though the history keeps it from customers; any other internal text goes to none.
    let internal = event.content.internal && !event.names.contains(&"forward");
    if !event.by.staff || !written || internal || text.trim().len() < SHORTEST {
        return Ok(Vec::new());
    }
    let number = event.ticket.number;
    let told = desk.told(number)?;
    let [comments, customers] =
        [&told.comments, &told.customers].map(|texts| texts.iter().map(String::as_str).collect::<Vec<_>>());
    let words = leak::repeated(text, &comments, &customers);
    if words.is_empty() {
        return Ok(words);
    }
    let pieces = words.iter().map(|piece| format!("{piece:?}")).collect::<Vec<_>>().join(", ");
    desk.note("mail", format!("mails to people outside are held, for they repeat words of an internal comment: {pieces}"));
    let asked = event.by_mail() && ask(desk, telling, &words)?;
    let text = match asked {
        true => {
            "Not sent to anybody outside yet: it repeats words of an internal comment. Its author is asked whether they are meant: the \
             answer yes to that mail sends it, no gives it up."
        }
        false if event.by_mail() => {
            "Not sent to anybody outside yet: it repeats words of an internal comment. An administrator sends it (`postern outbox \
             retry`) or gives it up (`postern outbox discard`)."
        }
        false => {
            "Not sent to anybody outside yet: it repeats words of an internal comment. `postern outbox retry` sends it, `postern outbox \
             discard` gives it up."
        }
    };
    let note = NewEntry::internal(EntryKind::Note, None, Some(text.to_owned()), Vec::new());
    desk.changes.push(Change::Entry { ticket: number, entry: NewEntry { of_event: false, news: false, ..note } });
    Ok(words)
}

/// Asks whoever wrote it, as often as an address may be asked. Says whether they are asked.
fn ask(desk: &mut Desk<'_>, telling: &Telling<'_>, words: &[String]) -> Result<bool, FactError> {
    let event = telling.event;
    let Some(author) = event.by.party else { return Ok(false) };
    if let Some(why_not) = desk.why_not_asked(&author.address)? {
        desk.note("confirmation", format!("{} is not asked whether they are meant: {why_not}", author.address));
        return Ok(false);
    }
    let person = desk.facts.person(&author.address)?;
    desk.note("confirmation", format!("{} is asked whether they are meant", author.address));
    let subject = letter::bounded(&event.ticket.subject);
    desk.letters.push(Letter {
        kind: LetterKind::Repeats { ticket: event.ticket.number, subject, words: words.to_vec() },
        to: author.clone(),
        language: letter::language(person.as_ref(), Some(telling.queue)).to_owned(),
        queue: Some(telling.queue.id),
    });
    Ok(true)
}
