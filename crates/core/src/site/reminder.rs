//! `[reminder]` of `site.toml`: its keys, how it is read, whether it makes sense, how it is written again, and what it differs in.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use postern_model::site::{DAYS, ReminderDefinition};

use super::export::Page;
use super::plan::{Fields, optional, set, word};
use super::read::{Draft, Entry};
use crate::config::{ConfigError, Form, Key, Located, Section, Table, nearest};

pub(super) const SECTION: Section = Section {
    name: "reminder",
    many: false,
    help: "A mail a day that tells people what they have to do, as a numbered list; its answer acts on the numbers. Without it, none is sent.",
    keys: KEYS,
};

static KEYS: &[Key] = &[
    Key { name: "at", form: Form::Line, needed: true, example: "\"07:30\"", help: "At what time of day it is sent." },
    Key {
        name: "zone",
        form: Form::Line,
        needed: false,
        example: "\"Europe/Berlin\"",
        help: "The time zone of that time, and of those in the mail. Default: the machine's.",
    },
    Key {
        name: "days",
        form: Form::AnyOf(DAYS),
        needed: false,
        example: "[\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]",
        help: "On which days. Default Monday to Friday.",
    },
    Key {
        name: "to",
        form: Form::Words,
        needed: false,
        example: "[\"anna\", \"group:noc\"]",
        help: "Who gets one, each their own: logins, group:NAME. Default: everybody who works here and wants mail.",
    },
    Key {
        name: "untaken",
        form: Form::Flag,
        needed: false,
        example: "false",
        help: "Whether it lists tickets that nobody has taken, in queues where they may own tickets. Default true.",
    },
];

/// The section of the file.
pub(super) fn read(table: &Table<'_>) -> ReminderDefinition {
    let default = ReminderDefinition::default();
    let words = |key: &str| table.list(key).into_iter().map(|word| word.value).collect::<Vec<_>>();
    let said = words("days");
    // In the order of the week, each once.
    let days = DAYS.iter().filter(|day| said.iter().any(|word| word == *day)).map(|day| (*day).to_owned()).collect::<Vec<_>>();
    ReminderDefinition {
        at: table.word("at"),
        zone: table.word("zone"),
        days: if days.is_empty() { default.days } else { days },
        to: words("to"),
        untaken: table.flag("untaken").unwrap_or(default.untaken),
    }
}

/// Whether its time, its zone and its people are there.
pub(super) fn makes_sense(draft: &Draft<'_>) -> Result<(), ConfigError> {
    let Some((_, table)): &Option<Entry<'_, ReminderDefinition>> = &draft.reminder else { return Ok(()) };
    if let Some(Located { value, at }) = table.text("at").filter(|at| time_of_day(&at.value).is_none()) {
        return Err(table.error(at, "at", format!("{value:?} is no time of day"), "write hours and minutes, as in \"07:30\""));
    }
    if let Some(Located { value, at }) = table.text("zone").filter(|zone| TimeZone::get(&zone.value).is_err()) {
        let wrong = format!("this machine knows no time zone {value:?}");
        return Err(table.error(at, "zone", wrong, "write one such as \"Europe/Berlin\"; the system's package tzdata has them"));
    }
    for Located { value, at } in table.list("to") {
        let logins = || draft.people.iter().map(|(person, _)| person.login.as_str());
        let groups = || draft.groups.iter().map(|(group, _)| group.name.as_str());
        let (what, name, near) = match value.strip_prefix("group:") {
            Some(name) if groups().any(|known| known == name) => continue,
            Some(name) => ("group", name, nearest(name, groups())),
            None if logins().any(|known| known == value) => continue,
            None => ("login", value.as_str(), nearest(&value, logins())),
        };
        let cure = match (near, what) {
            (Some(near), _) => format!("did you mean '{near}'?"),
            (None, "login") => format!("add a [[person]] with login = {name:?}"),
            (None, _) => format!("add a [[group]] with name = {name:?}"),
        };
        return Err(table.error(at, "to", format!("there is no {what} {name:?}"), cure));
    }
    Ok(())
}

/// `07:30`
pub(crate) fn time_of_day(text: &str) -> Option<Time> {
    let is_number = |word: &str| word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit());
    let two = |word: &str| is_number(word).then(|| word.parse::<i8>().ok())?;
    let (hours, minutes) = text.split_once(':')?;
    Time::new(two(hours)?, two(minutes)?, 0, 0).ok()
}

/// Whether a reminder is sent on a day of the week.
pub(crate) fn is_day(definition: &ReminderDefinition, day: Weekday) -> bool {
    let place = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
    DAYS.get(place).is_some_and(|word| definition.days.iter().any(|known| known == word))
}

/// Writes it as the file says it.
pub(super) fn export(page: &mut Page, reminder: &ReminderDefinition) {
    let default = ReminderDefinition::default();
    if reminder.at.is_none() {
        return;
    }
    page.section("[reminder]");
    page.optional("at", reminder.at.as_ref());
    page.optional("zone", reminder.zone.as_ref());
    if reminder.days != default.days {
        page.list("days", &reminder.days);
    }
    page.list("to", &reminder.to);
    page.flag("untaken", reminder.untaken, default.untaken);
}

/// Its keys, for a comparison.
pub(super) fn shown(reminder: &ReminderDefinition) -> Fields {
    vec![
        ("at", optional(&reminder.at)),
        ("zone", optional(&reminder.zone)),
        ("days", set(&reminder.days)),
        ("to", set(&reminder.to)),
        ("untaken", word(reminder.untaken)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a179_times_of_day_are_hours_and_minutes() {
        for good in ["00:00", "07:30", "23:59"] {
            assert_eq!(time_of_day(good).unwrap().strftime("%H:%M").to_string(), good);
        }
        for bad in ["", "7:30", "07.30", "24:00", "07:60", "07:30:00", "+7:30", "-1:30", "seven", "07:3０"] {
            assert_eq!(time_of_day(bad), None, "{bad}");
        }
        let definition = ReminderDefinition { days: vec!["mon".into(), "sun".into()], ..ReminderDefinition::default() };
        assert!(is_day(&definition, Weekday::Monday) && is_day(&definition, Weekday::Sunday));
        assert!(!is_day(&definition, Weekday::Saturday));
    }
}
