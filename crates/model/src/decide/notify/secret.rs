//! What a technician's mail quotes of mails for staff alone goes to no customer: answers between the lines of an internal mail
//! come with those lines (A154). The history keeps the mail as it was written.

use super::Telling;
use crate::decide::desk::Desk;
use crate::facts::FactError;
use postern_mail::quote;

/// A text without a quoted line and not longer than this quotes nothing: there is nothing to look up.
const SHORT: usize = 20;

/// What customers are told of a technician's mail, where that is less than what it says.
pub(super) fn for_customers(desk: &mut Desk<'_>, telling: &Telling<'_>, text: &str) -> Result<Option<String>, FactError> {
    let event = telling.event;
    if !event.by.staff || !event.by_mail() || event.names.contains(&"create") {
        return Ok(None);
    }
    let open = without(desk, event.ticket.number, text)?;
    if let Some(open) = &open {
        let (all, told) = (text.lines().count(), open.lines().count());
        desk.note("text", format!("customers get {told} of {all} lines: the others quote what only staff were told"));
    }
    Ok(open)
}

/// The same, but for what bears no mark of a quote: whoever wrote may have typed it.
pub(super) fn without_marked(desk: &Desk<'_>, telling: &Telling<'_>, text: &str) -> Result<Option<String>, FactError> {
    let event = telling.event;
    if !event.by.staff || !event.by_mail() || event.names.contains(&"create") || !quote::has_marks(text) {
        return Ok(None);
    }
    let told = desk.told(event.ticket.number)?;
    let [staff, customers] = [&told.staff, &told.customers].map(|texts| texts.iter().map(String::as_str).collect::<Vec<&str>>());
    Ok(quote::without_marked_words_of(text, &staff, &customers))
}

/// A text without what it quotes of texts that only staff saw. `None`: there is nothing of it.
pub(super) fn without(desk: &Desk<'_>, ticket: u64, text: &str) -> Result<Option<String>, FactError> {
    if text.len() <= SHORT && !quote::has_marks(text) {
        return Ok(None);
    }
    let told = desk.told(ticket)?;
    if told.staff.is_empty() {
        return Ok(None);
    }
    let [staff, customers] = [&told.staff, &told.customers].map(|texts| texts.iter().map(String::as_str).collect::<Vec<&str>>());
    Ok(quote::without_words_of(text, &staff, &customers))
}
