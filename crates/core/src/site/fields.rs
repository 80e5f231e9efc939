//! `[[field]]` of `site.toml`: its keys, how it is read, whether it makes sense, how it is written again, and how it differs from before.

use postern_model::site::{FieldDefinition, FieldType};

use super::plan::{Fields, Plan, compare, optional, set, word};
use super::read::{Draft, Entry};
use crate::config::{ConfigError, Form, Key, Located, Section, Table, nearest};

/// The words of the types: those of [`FieldType`], for the table of keys.
const TYPES: &[&str] = &["text", "number", "date", "flag", "choice", "url"];
/// Octets of a name.
const LONGEST_NAME: usize = 64;

pub(super) const SECTION: Section =
    Section { name: "field", many: true, help: "A field of tickets beside those that every ticket has.", keys: KEYS };

static KEYS: &[Key] = &[
    Key {
        name: "name",
        form: Form::Name,
        needed: true,
        example: "\"Customer\"",
        help: "Its name: it is set with field.Customer=VALUE. It is the key.",
    },
    Key {
        name: "type",
        form: Form::OneOf(TYPES),
        needed: false,
        example: "\"choice\"",
        help: "What its values are. Default text.",
    },
    Key {
        name: "queues",
        form: Form::Words,
        needed: false,
        example: "[\"support\"]",
        help: "Queues whose tickets have it. Default: all.",
    },
    Key {
        name: "values",
        form: Form::Words,
        needed: false,
        example: "[\"Gold\", \"Silver\"]",
        help: "What may be chosen. Needed with type choice, and only there.",
    },
    Key {
        name: "many",
        form: Form::Flag,
        needed: false,
        example: "true",
        help: "Whether a ticket can have several values. Default false.",
    },
    Key {
        name: "required",
        form: Form::Words,
        needed: false,
        example: "[\"support\"]",
        help: "Queues whose tickets cannot be resolved or closed without it. To open a ticket, no field is needed.",
    },
    Key { name: "help", form: Form::Line, needed: false, example: "\"who pays\"", help: "What it is for, in a few words." },
];

/// One entry of the file.
pub(super) fn read(table: &Table<'_>) -> FieldDefinition {
    let words = |key: &str| table.list(key).into_iter().map(|word| word.value).collect();
    FieldDefinition {
        name: table.word("name").unwrap_or_default(),
        kind: table.word("type").and_then(|word| FieldType::from_word(&word)).unwrap_or_default(),
        queues: words("queues"),
        values: words("values"),
        many: table.flag("many").unwrap_or(false),
        required: words("required"),
        help: table.word("help"),
    }
}

/// Whether names, queues and values of the fields make sense.
pub(super) fn make_sense(draft: &Draft<'_>) -> Result<(), ConfigError> {
    draft.fields.iter().try_for_each(|field| {
        name_fits(field)?;
        queues_exist(draft, field)?;
        values_fit(field)
    })
}

/// It stands before `=` and `:` and behind `field.`, with spaces within at most.
fn name_fits((field, table): &Entry<'_, FieldDefinition>) -> Result<(), ConfigError> {
    let at = table.text("name").map_or(table.at, |name| name.at);
    let fits = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
    if field.name.len() > LONGEST_NAME {
        return Err(table.error(at, "name", "it is too long", format!("{LONGEST_NAME} octets are the most")));
    }
    match field.name.chars().all(fits)
        && field.name.starts_with(char::is_alphabetic)
        && field.name.ends_with(char::is_alphanumeric)
    {
        true => Ok(()),
        false => {
            let wrong = format!("{:?} is no name of a field", field.name);
            Err(table.error(at, "name", wrong, "begin with a letter, and write letters, digits, spaces, '-', '_' and '.'"))
        }
    }
}

fn queues_exist(draft: &Draft<'_>, (field, table): &Entry<'_, FieldDefinition>) -> Result<(), ConfigError> {
    let known = || draft.queues.iter().map(|(queue, _)| queue.name.as_str());
    for key in ["queues", "required"] {
        for Located { value, at } in table.list(key) {
            if !known().any(|name| name == value) {
                let cure = match nearest(&value, known()) {
                    Some(near) => format!("did you mean '{near}'?"),
                    None => format!("add a [[queue]] with name = {value:?}"),
                };
                return Err(table.error(at, key, format!("there is no queue {value:?}"), cure));
            }
            if key == "required" && !field.is_of(&value) {
                let wrong = format!("tickets of queue '{value}' have no field {}", field.name);
                return Err(table.error(at, key, wrong, "add the queue to queues, or leave it out here"));
            }
        }
    }
    Ok(())
}

fn values_fit((field, table): &Entry<'_, FieldDefinition>) -> Result<(), ConfigError> {
    let words = table.list("values");
    match (field.kind, words.first()) {
        (FieldType::Choice, None) => return Err(table.missing("values")),
        (FieldType::Choice, _) => {}
        (kind, Some(first)) => {
            let wrong = format!("a {} has no list of values", kind.as_str());
            return Err(table.error(first.at, "values", wrong, "write type = \"choice\", or leave the values out"));
        }
        (_, None) => {}
    }
    for (place, Located { value, at }) in words.iter().enumerate() {
        if value.trim() != value || value.len() > postern_model::field::LONGEST_VALUE {
            return Err(table.error(
                *at,
                "values",
                format!("{value:?} cannot be written"),
                "write a few words without spaces around them",
            ));
        }
        if field.many && value.contains(',') {
            return Err(table.error(*at, "values", format!("{value:?} holds a comma"), "a comma stands between several values"));
        }
        if words.iter().take(place).any(|earlier| earlier.value.to_lowercase() == value.to_lowercase()) {
            return Err(table.error(*at, "values", format!("{value:?} is there already"), "leave one of the two out"));
        }
    }
    Ok(())
}

/// What changes about the fields.
pub(super) fn plan(plan: &mut Plan, current: &[FieldDefinition], wanted: &[FieldDefinition]) {
    for field in wanted {
        match current.iter().find(|old| old.is_called(&field.name)) {
            Some(old) => compare(plan, "field", &field.name, &shown(old), &shown(field)),
            None => plan.say("field", &field.name, "added"),
        }
    }
    for field in current.iter().filter(|old| !wanted.iter().any(|field| field.is_called(&old.name))) {
        plan.say("field", &field.name, "deleted: what tickets say in it is kept, and shown no more");
    }
}

fn shown(field: &FieldDefinition) -> Fields {
    vec![
        ("name", word(&field.name)),
        ("type", word(field.kind.as_str())),
        ("queues", set(&field.queues)),
        ("values", word(field.values.join(", "))),
        ("many", word(field.many)),
        ("required", set(&field.required)),
        ("help", optional(&field.help)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_knows_every_type() {
        assert_eq!(TYPES, FieldType::ALL.map(FieldType::as_str));
    }
}
