//! The words of the daily mail to administrators: what of the day before wants to be looked at (A181).

use jiff::Timestamp;

/// What there is to say. What is nothing is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Mails that are held.
    pub held: u64,
    /// When the oldest of them arrived, microseconds since 1970 UTC.
    pub held_since: Option<i64>,
    /// Answers that are held for what they repeat of internal comments.
    pub answers: u64,
    /// The day's arrivals by verdict, in one line that balances.
    pub arrivals: String,
    /// Whether that line balances.
    pub balanced: bool,
    /// The day's automatic mails that belong to no ticket.
    pub recorded: u64,
    /// Our mails that could not be delivered, given up that day.
    pub failed: u64,
}

impl Report {
    /// Whether anybody has to look at anything.
    pub fn says_something(&self) -> bool {
        self.held > 0 || self.answers > 0 || self.recorded > 0 || self.failed > 0 || !self.balanced
    }
}

/// The phrases of a language. `{held}` and the like are filled in.
struct Phrases {
    language: &'static str,
    subject: &'static str,
    held: &'static str,
    answers: &'static str,
    arrivals: &'static str,
    unbalanced: &'static str,
    recorded: &'static str,
    failed: &'static str,
    closing: &'static str,
}

const PHRASES: &[Phrases] = &[
    Phrases {
        language: "en",
        subject: "Mails held: {held}",
        held: "Mails that are held: {held}, the oldest since {since}.\n    postern mail quarantine list",
        answers: "Answers on tickets that are held because they repeat words of internal comments: {answers}.\n    postern outbox list",
        arrivals: "Yesterday: {arrivals}.",
        unbalanced: "These numbers do not add up: rows of the ledger are missing or damaged.\n    postern mail counts",
        recorded: "Automatic mails that belong to no ticket and were only recorded: {recorded}.\n    postern mail list",
        failed: "Mails of ours that could not be delivered: {failed}.\n    postern outbox list",
        closing: "You get this mail as an administrator, on days when there is something to look at.",
    },
    Phrases {
        language: "de",
        subject: "Zurückgehaltene Mails: {held}",
        held: "Zurückgehaltene Mails: {held}, die älteste seit {since}.\n    postern mail quarantine list",
        answers: "Antworten auf Tickets, die zurückgehalten werden, weil sie Worte interner Kommentare wiederholen: {answers}.\n    postern outbox list",
        arrivals: "Gestern: {arrivals}.",
        unbalanced: "Diese Zahlen gehen nicht auf: Zeilen des Eingangsbuchs fehlen oder sind beschädigt.\n    postern mail counts",
        recorded: "Automatische Mails, die zu keinem Ticket gehören und nur verzeichnet wurden: {recorded}.\n    postern mail list",
        failed: "Eigene Mails, die nicht zugestellt werden konnten: {failed}.\n    postern outbox list",
        closing: "Sie erhalten diese Mail als Administrator, an Tagen, an denen etwas anzusehen ist.",
    },
    Phrases {
        language: "fr",
        subject: "Messages retenus : {held}",
        held: "Messages retenus : {held}, le plus ancien depuis {since}.\n    postern mail quarantine list",
        answers: "Réponses sur des tickets qui sont retenues parce qu'elles répètent les mots de commentaires internes : {answers}.\n    postern outbox list",
        arrivals: "Hier : {arrivals}.",
        unbalanced: "Ces nombres ne concordent pas : des lignes du registre manquent ou sont endommagées.\n    postern mail counts",
        recorded: "Messages automatiques sans ticket, seulement enregistrés : {recorded}.\n    postern mail list",
        failed: "Nos messages qui n'ont pas pu être livrés : {failed}.\n    postern outbox list",
        closing: "Vous recevez ce message comme administrateur, les jours où il y a quelque chose à voir.",
    },
    Phrases {
        language: "es",
        subject: "Mensajes retenidos: {held}",
        held: "Mensajes retenidos: {held}, el más antiguo desde {since}.\n    postern mail quarantine list",
        answers: "Respuestas en tickets que están retenidas porque repiten palabras de comentarios internos: {answers}.\n    postern outbox list",
        arrivals: "Ayer: {arrivals}.",
        unbalanced: "Estos números no cuadran: faltan filas del registro o están dañadas.\n    postern mail counts",
        recorded: "Mensajes automáticos sin ticket, solo registrados: {recorded}.\n    postern mail list",
        failed: "Mensajes nuestros que no se pudieron entregar: {failed}.\n    postern outbox list",
        closing: "Recibe este mensaje como administrador, los días en que hay algo que mirar.",
    },
];

/// Subject and text of the daily mail; in English where the language is not known.
pub fn text(report: &Report, language: &str) -> (String, String) {
    let general = language.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    let phrases = PHRASES.iter().find(|p| p.language == general).unwrap_or(&PHRASES[0]);
    let since = report.held_since.and_then(|at| Timestamp::from_microsecond(at).ok()).unwrap_or_default();
    let fill = |phrase: &str| {
        phrase
            .replace("{held}", &report.held.to_string())
            .replace("{answers}", &report.answers.to_string())
            .replace("{since}", &since.strftime("%Y-%m-%d %H:%M UTC").to_string())
            .replace("{recorded}", &report.recorded.to_string())
            .replace("{failed}", &report.failed.to_string())
            .replace("{arrivals}", &report.arrivals)
    };
    let told = [
        (report.held > 0, phrases.held),
        (report.answers > 0, phrases.answers),
        (true, phrases.arrivals),
        (!report.balanced, phrases.unbalanced),
        (report.recorded > 0, phrases.recorded),
        (report.failed > 0, phrases.failed),
    ];
    let mut text: String = told.iter().filter(|(holds, _)| *holds).map(|(_, phrase)| fill(phrase) + "\n\n").collect();
    text.push_str(&format!("-- \n{}\n", phrases.closing));
    (fill(phrases.subject), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a181_the_daily_mail_tells_what_wants_to_be_looked_at() {
        let report = Report {
            held: 2,
            held_since: Some(0),
            answers: 1,
            arrivals: "3 arrived = 1 created + 2 quarantined".into(),
            balanced: true,
            recorded: 0,
            failed: 1,
        };
        let (subject, words) = text(&report, "en");
        assert_eq!(subject, "Mails held: 2");
        assert_eq!(
            words,
            "Mails that are held: 2, the oldest since 1970-01-01 00:00 UTC.\n    postern mail quarantine list\n\n\
             Answers on tickets that are held because they repeat words of internal comments: 1.\n    postern outbox list\n\n\
             Yesterday: 3 arrived = 1 created + 2 quarantined.\n\n\
             Mails of ours that could not be delivered: 1.\n    postern outbox list\n\n\
             -- \nYou get this mail as an administrator, on days when there is something to look at.\n"
        );
        for phrases in PHRASES {
            let (subject, words) = text(&Report { recorded: 4, balanced: false, ..report.clone() }, phrases.language);
            assert!(!(subject + &words).contains(['{', '}']), "{words}");
        }
        assert!(text(&report, "de-AT").0.starts_with("Zurück"));
    }

    #[test]
    fn a181_a_day_on_which_all_went_well_is_not_told() {
        let quiet = Report { arrivals: "9 arrived = 9 created".into(), balanced: true, ..Report::default() };
        assert!(!quiet.says_something());
        for report in [
            Report { held: 1, ..quiet.clone() },
            Report { answers: 1, ..quiet.clone() },
            Report { recorded: 1, ..quiet.clone() },
            Report { failed: 1, ..quiet.clone() },
            Report { balanced: false, ..quiet },
        ] {
            assert!(report.says_something(), "{report:?}");
        }
    }
}
