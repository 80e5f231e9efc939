//! What whoever gave commands is told of what these changed: no more than they may read of the tickets, whatever they may change.

use crate::decide::acting::{Acting, Case};
use crate::decide::commands;
use crate::decision::FieldChange;
use crate::facts::FactError;
use crate::link::{Link, LinkTarget};

/// Fields of which whoever sees a ticket sees what they were.
const SEEN: &[&str] =
    &["status", "owner", "subject", "queue", "priority", "due", "wakes", "requestors", "cc", "merged", "merged_into", "undo"];

/// What changed, ticket by ticket, of tickets that whoever acts may know about.
pub(in crate::decide) fn changes(acting: &Acting<'_>) -> Result<Vec<(u64, Vec<FieldChange>)>, FactError> {
    let mut all = Vec::new();
    for case in acting.cases_in_order().filter(|case| !case.is_untouched()) {
        if case.mirrored && !acting.sees(&case.ticket)? {
            continue;
        }
        let reads = acting.reads(case)?;
        let mut told = Vec::new();
        for change in acting.net_of(case) {
            if is_told(acting, case, reads, &change)? {
                told.push(change);
            }
        }
        if !told.is_empty() {
            all.push((case.ticket.number, told));
        }
    }
    Ok(all)
}

/// Whether a change says nothing but what they may read, or wrote themselves.
fn is_told(acting: &Acting<'_>, case: &Case, reads: bool, change: &FieldChange) -> Result<bool, FactError> {
    for number in [&change.from, &change.to].into_iter().flatten().flat_map(|word| numbers(&change.field, word)) {
        if number != case.ticket.number && !acting.sees_number(number)? {
            return Ok(false);
        }
    }
    let is_list = commands::is_list(&acting.desk.facts.site().fields, &change.field);
    let mine = is_list && change.from.is_none() && change.field != "override";
    let leads_to_ticket =
        |word: &str| Link::parse(word).is_some_and(|link| matches!(link.other, LinkTarget::Ticket(_))) && change.field == "link";
    Ok(reads || mine || SEEN.contains(&change.field.as_ref()) || change.from.as_deref().is_some_and(leads_to_ticket))
}

/// The tickets that a word of the history names.
fn numbers(field: &str, word: &str) -> Vec<u64> {
    if !["link", "merged", "merged_into", "override"].contains(&field) {
        return Vec::new();
    }
    let digits = word.split('#').skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default());
    digits.filter_map(|digits| digits.parse().ok()).collect()
}
