//! `field.NAME`: a field that the site defines. One command stands for all of them; the word of the order names the field.

use super::cure::Cure;
use super::{Command, Kind, Problem, cure};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::facts::{FactError, Site};
use crate::rights::Right;
use crate::site::FieldDefinition;

/// Values of one field on a ticket.
const MOST: usize = 100;

pub(super) const COMMAND: Command = Command {
    name: "field",
    aliases: &["customfield", "cf"],
    kind: Kind::List,
    example: ".Customer=ACME",
    help: "a field that the site defines, by its name",
    right: Some(Right::Modify),
    run: set,
};

/// The name in a word such as `field.Customer`, `CF.{Customer}`, `CustomField.{Customer}` or `CF-Customer`; `None`: it names no such field.
pub(super) fn name_in(word: &str) -> Option<&str> {
    let prefixed = |prefix: &str| {
        let head = word.get(..prefix.len())?;
        let rest = word.get(prefix.len()..)?;
        let name = rest.strip_prefix(['.', '-'])?.trim();
        head.eq_ignore_ascii_case(prefix).then_some(name)
    };
    let name = std::iter::once(COMMAND.name).chain(COMMAND.aliases.iter().copied()).find_map(prefixed)?;
    let within = |open: char, close: char| name.strip_prefix(open)?.strip_suffix(close);
    Some(within('{', '}').or_else(|| within('(', ')')).or_else(|| within('[', ']')).unwrap_or(name).trim())
}

/// Whether a field of the history is one of the site's that can have several values.
pub(super) fn has_many(fields: &[FieldDefinition], field: &str) -> bool {
    name_in(field).is_some_and(|name| fields.iter().any(|definition| definition.is_called(name) && definition.many))
}

/// The field that a word names, whichever queue has it.
fn known<'s>(site: &'s Site, word: &str) -> Option<&'s FieldDefinition> {
    let name = name_in(word)?;
    site.fields.iter().find(|field| field.is_called(name))
}

/// The field that the order in hand is about, which tickets of this queue have.
fn named<'s>(site: &'s Site, queue: &str, word: &str) -> Result<&'s FieldDefinition, Problem> {
    let here = || {
        let names: Vec<&str> = site.fields.iter().filter(|field| field.is_of(queue)).map(|field| field.name.as_str()).collect();
        match names.is_empty() {
            true => format!("queue {queue} has none; [[field]] in site.toml makes them"),
            false => format!("the fields of queue {queue} are {}", names.join(", ")),
        }
    };
    let Some(name) = name_in(word) else {
        return Err(Problem::value("it does not say which field", cure::field("field.NAME", &format!("VALUE; {}", here()))));
    };
    match site.fields.iter().find(|field| field.is_called(name)) {
        Some(field) if field.is_of(queue) => Ok(field),
        Some(field) => Err(Problem::value(
            format!("tickets of queue {queue} have no field {}; those of {} do", field.name, field.queues.join(", ")),
            here(),
        )),
        None => {
            let known = site.fields.iter().filter(|field| field.is_of(queue)).map(|field| field.name.as_str());
            Err(Problem::value(format!("there is no field {name:?}"), Cure::whole(here()).meant(name, known)))
        }
    }
}

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    let queue = acting.queue().map_or("", |queue| queue.name.as_str());
    let field = match known(acting.desk.facts.site(), acting.word()) {
        // The ticket may have been in another queue, and keeps what it said there.
        Some(field) if acting.undoing => field,
        _ => named(acting.desk.facts.site(), queue, acting.word())?,
    };
    let values = field.values_in(value).map_err(|(wrong, cure)| Problem::value(wrong, cure))?;
    match operator {
        Operator::Add if !field.many => {
            return Err(Problem::value("it has one value and is no list", cure::field(&field.key(), "VALUE")));
        }
        Operator::Set => {}
        _ if values.is_empty() => return Err(Problem::value("no value is named", cure::field(&field.key(), "VALUE"))),
        _ => {}
    }
    let before = values_of(acting, field)?;
    let mut after: Vec<String> = match operator {
        Operator::Set => Vec::new(),
        Operator::Add => before.clone(),
        Operator::Remove => before.iter().filter(|value| !values.contains(value)).cloned().collect(),
    };
    if operator != Operator::Remove {
        let new: Vec<String> = values.into_iter().filter(|value| !after.contains(value)).collect();
        after.extend(new);
    }
    if after.len() > MOST {
        return Err(Problem::value(format!("that makes {} values", after.len()), format!("{MOST} are the most")));
    }
    let removed = before.iter().filter(|value| !after.contains(value)).cloned().collect();
    let added = after.iter().filter(|value| !before.contains(value)).cloned().collect();
    replace(acting, field, removed, added);
    Ok(())
}

/// Takes values away and gives others: of a field with one value, the one is the other since.
pub(super) fn replace(acting: &mut Acting<'_>, field: &FieldDefinition, mut removed: Vec<String>, added: Vec<String>) {
    let ticket = acting.ticket.number;
    if removed.is_empty() && added.is_empty() {
        return;
    }
    let known = acting.fields.get_or_insert_default();
    known.retain(|(name, value)| !field.is_called(name) || !removed.contains(value));
    known.extend(added.iter().map(|value| (field.name.clone(), value.clone())));
    let mut change = |from: Option<String>, to: Option<String>| {
        let change = Change::Field { ticket, field: field.name.clone(), from: from.clone(), to: to.clone() };
        acting.change(field.key(), from, to, change);
    };
    let replaced = if field.many || added.is_empty() { None } else { removed.pop() };
    removed.into_iter().for_each(|value| change(Some(value), None));
    let mut replaced = replaced;
    added.into_iter().for_each(|value| change(replaced.take(), Some(value)));
}

/// The values of a field on the ticket in hand after the changes so far, looked up once.
pub(super) fn values_of(acting: &mut Acting<'_>, field: &FieldDefinition) -> Result<Vec<String>, FactError> {
    if acting.fields.is_none() {
        let found = acting.desk.facts.field_values(acting.ticket.number)?;
        acting.fields = Some(found);
    }
    let known = acting.fields.iter().flatten().filter(|(name, _)| field.is_called(name));
    Ok(known.map(|(_, value)| value.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b1_fields_go_by_every_spelling_that_people_know() {
        for word in [
            "field.Customer",
            "FIELD.Customer",
            "Field-Customer",
            "CF.{Customer}",
            "cf.Customer",
            "CF-Customer",
            "CustomField.{Customer}",
            "CustomField.( Customer )",
            "customfield.[Customer]",
        ] {
            assert_eq!(name_in(word), Some("Customer"), "{word}");
        }
        assert_eq!(name_in("field.Support Level"), Some("Support Level"));
        assert_eq!(name_in("field."), Some(""));
        for word in ["field", "fields.Customer", "fieldé", "cfx", "customer", "", "é"] {
            assert_eq!(name_in(word), None, "{word}");
        }
    }
}
