//! What somebody has to do: which tickets a reminder lists, in which order, and its words (A179). Its numbers are acted on by an answer (B4).

use crate::letter::bounded;
use crate::life_cycle::{LifeCycle, Status};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Tickets of one reminder, at most.
pub const MOST: usize = 100;

/// How long the numbers of a reminder are known: thirty days, in microseconds.
pub const KNOWN: i64 = 30 * DAY;

const DAY: i64 = 24 * 3_600_000_000;

/// A ticket that may be listed. Times are microseconds since 1970 UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Number.
    pub ticket: u64,
    /// Subject without tags.
    pub subject: String,
    /// Name of its queue.
    pub queue: String,
    /// Status.
    pub status: String,
    /// When it was opened.
    pub created: i64,
    /// When it is due.
    pub due: Option<i64>,
    /// Before when nothing is to be done.
    pub starts: Option<i64>,
    /// When it goes on, if it waits until then.
    pub wakes: Option<i64>,
    /// Priority by now.
    pub priority: i64,
    /// Address of its first requestor.
    pub requestor: Option<String>,
}

/// Why a ticket is listed; the headings of a reminder, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Theirs, and it should be done by now.
    Overdue,
    /// Theirs, and due, or to be begun, or going on, today.
    Today,
    /// Theirs.
    Own,
    /// Their approval is asked.
    Approval,
    /// Nobody has taken it.
    Untaken,
}

/// A moment and the day that it is in, by the clock of the place.
#[derive(Debug, Clone)]
pub struct Now {
    /// When, microseconds since 1970 UTC.
    pub at: i64,
    /// When the day ends.
    pub midnight: i64,
    /// Where.
    pub zone: TimeZone,
}

impl Now {
    /// The day of a moment.
    pub fn new(at: i64, zone: TimeZone) -> Self {
        let local = Timestamp::from_microsecond(at).unwrap_or_default().to_zoned(zone.clone());
        let tomorrow = local.tomorrow().and_then(|tomorrow| tomorrow.start_of_day());
        Now { at, midnight: tomorrow.map_or(at.saturating_add(DAY), |day| day.timestamp().as_microsecond()), zone }
    }
}

/// Why a ticket of somebody's own is listed; `None`: there is nothing to be done about it today.
pub fn own(item: &Item, cycle: &LifeCycle, now: &Now) -> Option<Why> {
    let passed = |at: Option<i64>| at.is_some_and(|at| at <= now.at);
    let today = |at: Option<i64>| at.is_some_and(|at| at < now.midnight);
    match () {
        () if passed(item.due) => Some(Why::Overdue),
        () if today(item.due) => Some(Why::Today),
        () if item.starts.is_some_and(|at| at >= now.midnight) => None,
        () if cycle.waits(&Status::new(item.status.as_str())) => today(item.wakes).then_some(Why::Today),
        () if today(item.starts) && !passed(item.starts) => Some(Why::Today),
        () => Some(Why::Own),
    }
}

/// Whether a ticket that nobody has taken is listed.
pub fn untaken(item: &Item, cycle: &LifeCycle, now: &Now) -> bool {
    own(item, cycle, now).is_some()
}

/// Those that are listed, in their order: by heading, then by due date, priority and number. A ticket stands under its first heading alone.
/// Also says how many more there are.
pub fn listed(mut items: Vec<(Why, Item)>) -> (Vec<(Why, Item)>, usize) {
    let key = |(why, item): &(Why, Item)| (*why, item.due.unwrap_or(i64::MAX), -item.priority, item.ticket);
    items.sort_by_key(key);
    let mut seen = Vec::new();
    items.retain(|(_, item)| {
        !seen.contains(&item.ticket) && {
            seen.push(item.ticket);
            true
        }
    });
    let more = items.len().saturating_sub(MOST);
    items.truncate(MOST);
    (items, more)
}

/// The phrases of a language. `{number}` and the like are filled in.
struct Phrases {
    language: &'static str,
    subject: &'static str,
    opening: &'static str,
    /// Headings, in the order of [`Why`].
    headings: [&'static str; 5],
    today: &'static str,
    yesterday: &'static str,
    days: &'static str,
    due: &'static str,
    overdue: &'static str,
    wakes: &'static str,
    starts: &'static str,
    from: &'static str,
    more: &'static str,
    how: &'static str,
    closing: &'static str,
}

const PHRASES: &[Phrases] = &[
    Phrases {
        language: "en",
        subject: "Your tickets: {count}",
        opening: "This is waiting for you, {date}.",
        headings: ["Overdue", "Today", "Yours", "Your approval is asked", "Nobody has taken"],
        today: "opened today",
        yesterday: "1 day old",
        days: "{days} days old",
        due: "due {at}",
        overdue: "due since {at}",
        wakes: "goes on {at}",
        starts: "begins {at}",
        from: "from {who}",
        more: "There are more, which are not listed here: {more}. `mine` and `untaken` list all of them.",
        how: "Answer this mail to act on these numbers, with lines such as `take 1 3`, `resolve 4` or `wait 2 +3d`. They stay the \
            numbers of this list whatever happens to the tickets; #{ticket} with its sign is the ticket itself. `help` lists all commands.",
        closing: "You get this mail on days when there is something to do.",
    },
    Phrases {
        language: "de",
        subject: "Ihre Tickets: {count}",
        opening: "Das wartet auf Sie, {date}.",
        headings: ["Überfällig", "Heute", "Ihre", "Um Ihre Zustimmung wird gebeten", "Von niemandem übernommen"],
        today: "heute eröffnet",
        yesterday: "1 Tag alt",
        days: "{days} Tage alt",
        due: "fällig {at}",
        overdue: "fällig seit {at}",
        wakes: "geht weiter {at}",
        starts: "beginnt {at}",
        from: "von {who}",
        more: "Es gibt weitere, die hier nicht stehen: {more}. `mine` und `untaken` nennen alle.",
        how: "Antworten Sie auf diese Mail, um über diese Nummern zu handeln, mit Zeilen wie `take 1 3`, `resolve 4` oder `wait 2 +3d`. Sie \
            bleiben die Nummern dieser Liste, was auch mit den Tickets geschieht; #{ticket} mit seinem Zeichen ist das Ticket selbst. \
            `help` nennt alle Befehle.",
        closing: "Sie erhalten diese Mail an Tagen, an denen etwas zu tun ist.",
    },
    Phrases {
        language: "fr",
        subject: "Vos tickets : {count}",
        opening: "Voici ce qui vous attend, {date}.",
        headings: ["En retard", "Aujourd'hui", "Les vôtres", "Votre accord est demandé", "Pris par personne"],
        today: "ouvert aujourd'hui",
        yesterday: "vieux d'un jour",
        days: "vieux de {days} jours",
        due: "échéance {at}",
        overdue: "échu depuis {at}",
        wakes: "reprend {at}",
        starts: "commence {at}",
        from: "de {who}",
        more: "Il y en a d'autres, qui ne figurent pas ici : {more}. `mine` et `untaken` les donnent tous.",
        how: "Répondez à ce message pour agir sur ces numéros, par des lignes comme `take 1 3`, `resolve 4` ou `wait 2 +3d`. Ils restent les \
            numéros de cette liste quoi qu'il arrive aux tickets ; #{ticket} avec son signe est le ticket lui-même. `help` donne toutes les \
            commandes.",
        closing: "Vous recevez ce message les jours où il y a quelque chose à faire.",
    },
    Phrases {
        language: "es",
        subject: "Sus tickets: {count}",
        opening: "Esto le espera, {date}.",
        headings: ["Atrasados", "Hoy", "Suyos", "Se pide su aprobación", "Sin nadie que los tenga"],
        today: "abierto hoy",
        yesterday: "de hace 1 día",
        days: "de hace {days} días",
        due: "vence {at}",
        overdue: "vencido desde {at}",
        wakes: "sigue {at}",
        starts: "empieza {at}",
        from: "de {who}",
        more: "Hay más, que no figuran aquí: {more}. `mine` y `untaken` los dan todos.",
        how: "Responda a este mensaje para actuar sobre estos números, con líneas como `take 1 3`, `resolve 4` o `wait 2 +3d`. Siguen siendo los \
            números de esta lista pase lo que pase con los tickets; #{ticket} con su signo es el propio ticket. `help` da todas las órdenes.",
        closing: "Recibe este mensaje los días en que hay algo que hacer.",
    },
];

/// Subject and text of a reminder, of what [`listed`] says; in English where the language is not known.
pub fn text(items: &[(Why, Item)], more: usize, now: &Now, language: &str) -> (String, String) {
    let general = language.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    let phrases = PHRASES.iter().find(|p| p.language == general).unwrap_or(&PHRASES[0]);
    let fill = |phrase: &str, name: &str, value: &str| phrase.replace(name, value);
    let mut text = crate::letter::wrapped(&fill(phrases.opening, "{date}", &shown(now.at, now, "%Y-%m-%d")));
    let mut last = None;
    for (number, (why, item)) in items.iter().enumerate() {
        if last != Some(*why) {
            text.push_str(&format!("\n{}:\n", phrases.headings.get(*why as usize).copied().unwrap_or_default()));
            last = Some(*why);
        }
        text.push_str(&format!("{:>4}  #{} {}\n", number + 1, item.ticket, bounded(&item.subject)));
        text.push_str(&format!("      {}\n", particulars(item, now, phrases)));
    }
    if more > 0 {
        text.push('\n');
        text.push_str(&crate::letter::wrapped(&fill(phrases.more, "{more}", &more.to_string())));
    }
    let first = items.first().map_or(0, |(_, item)| item.ticket).to_string();
    // Commands are not broken.
    let how = fill(phrases.how, "{ticket}", &first);
    let how: Vec<String> = how
        .split('`')
        .enumerate()
        .map(|(n, part)| if n % 2 == 1 { part.replace(' ', "\u{a0}") } else { part.to_owned() })
        .collect();
    text.push('\n');
    text.push_str(&crate::letter::wrapped(&how.join("`")).replace('\u{a0}', " "));
    text.push_str(&format!("\n-- \n{}\n", phrases.closing));
    let all = items.len().saturating_add(more);
    (fill(phrases.subject, "{count}", &all.to_string()), text)
}

/// What a ticket's second line says.
fn particulars(item: &Item, now: &Now, phrases: &Phrases) -> String {
    let age = match now.at.saturating_sub(item.created) / DAY {
        ..1 => phrases.today.to_owned(),
        1 => phrases.yesterday.to_owned(),
        days => phrases.days.replace("{days}", &days.to_string()),
    };
    let mut words = vec![item.queue.clone(), item.status.clone(), age];
    let mut time = |phrase: &str, at: i64| words.push(phrase.replace("{at}", &shown(at, now, "%Y-%m-%d %H:%M %Z")));
    if let Some(due) = item.due {
        time(if due <= now.at { phrases.overdue } else { phrases.due }, due);
    }
    item.wakes.into_iter().for_each(|at| time(phrases.wakes, at));
    item.starts.into_iter().filter(|at| *at > now.at).for_each(|at| time(phrases.starts, at));
    words.extend(item.requestor.as_ref().map(|who| phrases.from.replace("{who}", who)));
    words.join(", ")
}

fn shown(at: i64, now: &Now, form: &str) -> String {
    Timestamp::from_microsecond(at).unwrap_or_default().to_zoned(now.zone.clone()).strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::life_cycle;

    const HOUR: i64 = 3_600_000_000;
    /// Half past seven in the morning of 1970-01-11.
    const NOW: i64 = 10 * DAY + 7 * HOUR + HOUR / 2;

    fn now() -> Now {
        Now::new(NOW, TimeZone::UTC)
    }

    fn item(ticket: u64) -> Item {
        Item {
            ticket,
            subject: "Printer".into(),
            queue: "support".into(),
            status: "open".into(),
            created: NOW,
            ..Item::default()
        }
    }

    #[test]
    fn a179_what_is_listed_of_somebodys_own_tickets() {
        let waits = |wakes| Item { status: "stalled".into(), wakes, ..item(1) };
        let due = |due| Item { due: Some(due), ..item(1) };
        let starts = |starts| Item { starts: Some(starts), ..item(1) };
        for (item, expected) in [
            (item(1), Some(Why::Own)),
            (due(NOW - 1), Some(Why::Overdue)),
            (due(NOW), Some(Why::Overdue)),
            (due(NOW + 1), Some(Why::Today)),
            (due(11 * DAY - 1), Some(Why::Today)),
            (due(11 * DAY), Some(Why::Own)),
            (starts(NOW - 1), Some(Why::Own)),
            (starts(NOW + 1), Some(Why::Today)),
            (starts(11 * DAY), None),
            (waits(None), None),
            (waits(Some(11 * DAY - 1)), Some(Why::Today)),
            (waits(Some(11 * DAY)), None),
            (Item { due: Some(NOW - 1), ..waits(Some(20 * DAY)) }, Some(Why::Overdue)),
            (Item { due: Some(NOW - 1), ..starts(20 * DAY) }, Some(Why::Overdue)),
        ] {
            assert_eq!(own(&item, life_cycle::default(), &now()), expected, "{item:?}");
        }
    }

    #[test]
    fn a179_the_list_is_in_the_order_of_what_presses() {
        let mut items = vec![
            (Why::Untaken, item(1)),
            (Why::Own, item(2)),
            (Why::Own, Item { priority: 80, ..item(3) }),
            (Why::Approval, item(4)),
            (Why::Overdue, Item { due: Some(9), ..item(5) }),
            (Why::Overdue, Item { due: Some(8), ..item(6) }),
            (Why::Approval, item(2)),
        ];
        let (list, more) = listed(items.clone());
        assert_eq!((list.iter().map(|(_, item)| item.ticket).collect::<Vec<_>>(), more), (vec![6, 5, 3, 2, 4, 1], 0));
        items.extend((10..150).map(|ticket| (Why::Untaken, item(ticket))));
        let (list, more) = listed(items);
        assert_eq!((list.len(), more), (MOST, 46));
    }

    #[test]
    fn a179_a_reminder_is_a_numbered_list_in_four_languages() {
        let first =
            Item { due: Some(NOW - DAY), created: NOW - 3 * DAY, requestor: Some("carla@customer.example".into()), ..item(41) };
        let waits = Item { status: "stalled".into(), wakes: Some(NOW + HOUR), created: NOW - DAY, ..item(7) };
        let items = [(Why::Overdue, first), (Why::Today, waits), (Why::Untaken, item(9))];
        let (subject, english) = text(&items, 0, &now(), "en");
        assert_eq!(subject, "Your tickets: 3");
        let expected = "This is waiting for you, 1970-01-11.\n\nOverdue:\n   1  #41 Printer\n      support, open, 3 days old, due since \
            1970-01-10 07:30 UTC, from carla@customer.example\n\nToday:\n   2  #7 Printer\n      support, stalled, 1 day old, goes on \
            1970-01-11 08:30 UTC\n\nNobody has taken:\n   3  #9 Printer\n      support, open, opened today\n\nAnswer this mail";
        assert!(english.starts_with(expected), "{english}");
        for phrases in PHRASES {
            let (subject, text) = text(&items, 5, &now(), phrases.language);
            assert!(
                !(subject.clone() + &text).contains(['{', '}']) && text.contains("`wait 2 +3d`") && text.contains("5."),
                "{text}"
            );
            assert!(text.lines().all(|line| line.chars().count() <= 110) && text.contains("   3  #9 Printer\n"), "{text}");
            assert!(subject.ends_with('8'), "{subject}");
        }
        assert!(text(&items, 0, &now(), "de-AT").0.starts_with("Ihre") && text(&items, 0, &now(), "xx").0.starts_with("Your"));
    }
}
