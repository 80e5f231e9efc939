//! Answers to invitations: whether a person wrote something into one, or programs alone (A141).
//!
//! Programs write a sentence that says who accepted what. It is known by the name of who answers or of the event beside a
//! word for yes, no or perhaps; whatever else stands there counts as written by a person, because nothing of theirs may be
//! lost among automatic mail.

use super::{Event, words};

/// What is known of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The event and who answers, lower case: name and address.
    names: Vec<String>,
    /// The year of the event.
    year: String,
    /// What the calendar says that they wrote.
    comment: String,
}

/// How answers begin, or stand in a sentence, in the languages of the calendar programs.
const ANSWERS: [&str; 52] = [
    "accept",
    "declin",
    "tentativ",
    "attend",
    "angenommen",
    "zugesagt",
    "abgelehnt",
    "abgesagt",
    "vorbehalt",
    "vorläufig",
    "refus",
    "provisoire",
    "provisional",
    "acept",
    "rechaz",
    "accett",
    "rifiut",
    "aceit",
    "recus",
    "afgewezen",
    "geweigerd",
    "voorlopig",
    "tackat",
    "avböj",
    "avvis",
    "godta",
    "godkän",
    "avslå",
    "afvis",
    "afslå",
    "hyväksy",
    "hylkä",
    "zaakcept",
    "odrzuc",
    "přija",
    "odmít",
    "prijal",
    "odmiet",
    "elfogad",
    "elutasít",
    "kabul",
    "reddet",
    "принял",
    "отклон",
    "прийня",
    "відхил",
    "承諾",
    "辞退",
    "接受",
    "拒绝",
    "수락",
    "거절",
];

/// Words for what was answered.
const INVITATIONS: [&str; 16] = [
    "invit",
    "einladung",
    "termin",
    "uitnodiging",
    "inbjud",
    "invitasjon",
    "kutsu",
    "zaprosz",
    "pozván",
    "meghív",
    "davet",
    "приглаш",
    "запрош",
    "招待",
    "邀请",
    "초대",
];

/// Whole lines of programs that name nobody.
const PHRASES: [&str; 6] = [
    "yes, i will attend.",
    "no, i won't attend.",
    "i might attend.",
    "ja, ich nehme teil.",
    "nein, ich nehme nicht teil.",
    "accepted",
];

/// A line with more words is nobody's sentence about an answer.
const WORDS: usize = 16;

impl Answer {
    /// The answer that an event is under a method of RFC 5546; `None` for what is no answer.
    pub(super) fn of(method: &str, event: &Event) -> Option<Answer> {
        if !matches!(method, "REPLY" | "COUNTER" | "REFRESH") {
            return None;
        }
        let year = event.start.as_ref().map(|start| start.at.year().to_string()).unwrap_or_default();
        let person = event.attendees.first().map(|a| a.person.clone()).unwrap_or_default();
        Some(Answer { year, comment: event.comment.clone(), ..Answer::told(&event.summary, &[&person.name, &person.email]) })
    }

    /// An answer that says which event and who in words.
    pub(crate) fn told(summary: &str, who: &[&str]) -> Answer {
        let names = who.iter().copied().chain([words::subject(summary)]).map(|n| n.trim().to_lowercase());
        Answer { names: names.filter(|n| n.chars().count() >= 2).collect(), ..Answer::default() }
    }

    /// Whether somebody wrote something, into the calendar or above it.
    pub(crate) fn is_commented(&self, above: &str) -> bool {
        self.comment.lines().chain(above.lines()).any(|line| self.is_written(line))
    }

    /// Whether a person wrote a line, as far as is seen.
    fn is_written(&self, line: &str) -> bool {
        let line = line.trim().to_lowercase();
        let words = line.split_whitespace().count();
        if !line.contains(char::is_alphanumeric) || PHRASES.contains(&line.as_str()) || self.names.contains(&line) {
            return false;
        }
        let has = |list: &[&str]| list.iter().any(|word| line.contains(word));
        let named = self.names.iter().any(|name| line.contains(name.as_str()));
        let label = line.split_once(':').is_some_and(|(label, _)| label.split_whitespace().count() <= 2);
        let dated = !self.year.is_empty() && line.contains(&self.year);
        let about = named || has(&INVITATIONS);
        let sentence = about && has(&ANSWERS) && !line.contains(['?', '!', ',', '，', '、']);
        let fact = (label || words <= 8) && (dated || named && label);
        let link = line.contains("://") && (line.contains("calendar") || words == 1);
        words > WORDS || !(sentence || fact || link)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Attendee, Person, When};
    use super::*;

    #[test]
    fn a141_what_programs_say_of_an_answer_is_nobodys_comment() {
        let person = Person { name: "Anna Smith".to_owned(), email: "anna@branch.example".to_owned() };
        let at = jiff::civil::date(2026, 11, 10).at(14, 0, 0, 0);
        let event = Event {
            summary: "Accepted: Printer roll-out".to_owned(),
            start: Some(When::utc(at)),
            attendees: vec![Attendee { person, status: "ACCEPTED".to_owned() }],
            ..Event::default()
        };
        assert_eq!(Answer::of("REQUEST", &event), None);
        let answer = Answer::of("REPLY", &event).unwrap();
        for program in [
            "",
            " \n\u{a0}\n--\n",
            "Anna Smith has accepted your event invitation.",
            "Anna Smith hat Ihre Einladung angenommen.",
            "anna@branch.example a accepté cette invitation",
            "Anna Smith さんが招待を承諾しました。",
            "Anna Smith has accepted this invitation.\n\nPrinter roll-out\nTuesday 10 Nov 2026 ⋅ 2pm – 3pm\nWhen: Tue 2026-11-10 14:00\nhttps://calendar.example.com/",
            "Yes, I will attend.",
            "Organizer: Anna Smith",
        ] {
            assert!(!answer.is_commented(program), "{program}");
        }
        for person in [
            "I will be there ten minutes late.",
            "OK",
            "Anna Smith has accepted your event invitation.\n\nCould we meet in room 4?",
            "I accepted the invitation, but the room is too small",
            "Bitte vorher Toner mitbringen",
            "Ich komme erst um 14:30",
            "The roll-out of printers should wait",
            "Is the Printer roll-out accepted by the board?",
        ] {
            assert!(answer.is_commented(person), "{person}");
        }
        let commented = Event { comment: "Sorry, I am away.".to_owned(), ..event };
        assert!(Answer::of("COUNTER", &commented).unwrap().is_commented(""));
        assert!(!Answer::told("Declined: Server move", &["Lena Vogt <l@example.org>"]).is_commented("\n"));
    }
}
