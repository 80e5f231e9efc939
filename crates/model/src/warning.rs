//! Why an administrator is warned, and the words of it in each language. The ledger has the English ones.

use crate::letter::bounded;

/// What a warning is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warned {
    /// A mail is held.
    Held {
        /// Who says to have sent it.
        from: String,
        /// The address of ours that it came to.
        to: String,
        /// Why.
        why: Why,
        /// Mails held by now.
        held: u64,
    },
    /// Somebody was asked whether they wrote a mail, and did not.
    Forged {
        /// The address in whose name it was.
        address: String,
        /// Its number in the ledger.
        number: u64,
        /// Its subject.
        subject: String,
    },
}

/// Why a mail is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Our own mail came back.
    OwnMail,
    /// Too many hops.
    Hops {
        /// Received fields.
        count: usize,
        /// More than so many are too many.
        limit: u32,
    },
    /// Too many mails.
    Many(Counted),
    /// Too many mails of programs.
    ManyOfPrograms(Counted),
    /// Too many that say the same.
    Alike(Counted),
    /// In English.
    Other(String),
}

/// What a brake counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Who wrote.
    pub writer: String,
    /// To where.
    pub place: String,
    /// How many.
    pub count: u64,
    /// More than so many are too many.
    pub limit: u64,
    /// In which time.
    pub within: Within,
}

/// The time in which a brake counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// So many hours.
    Hours(u32),
    /// A day.
    Day,
    /// A week.
    Week,
}

/// The words of a language, with `{names}`.
struct Phrases {
    language: &'static str,
    held: &'static str,
    forged: &'static str,
    own: &'static str,
    hops: &'static str,
    many: &'static str,
    programs: &'static str,
    alike: &'static str,
    hours: &'static str,
    day: &'static str,
    week: &'static str,
}

const PHRASES: &[Phrases] = &[
    Phrases {
        language: "en",
        held: "From {from} to {to}: {why}.\n\nMails held by now: {held}.",
        forged: "Somebody wrote in the name of {address}, who was asked and says that it was not them. It did nothing, and is kept as mail \
                 {number} of the ledger. Its subject is: {subject}",
        own: "our own mail came back: a loop or a forward to ourselves",
        hops: "{count} Received fields, more than {limit}: it is going in circles",
        many: "{writer} sent {count} mails to {place} within {within}, more than {limit}; further ones are held, too, until there are \
               fewer",
        programs: "{writer} sent {count} mails of programs to {place} within {within}, more than {limit}; further ones are held, too, \
                   until there are fewer",
        alike: "{writer} said the same to {place} {count} times within {within}, more than {limit}; further ones are held, too, until \
                there are fewer",
        hours: "{hours} hours",
        day: "a day",
        week: "a week",
    },
    Phrases {
        language: "de",
        held: "Von {from} an {to}: {why}.\n\nZurückgehaltene Mails bis jetzt: {held}.",
        forged: "Jemand hat im Namen von {address} geschrieben; wer diese Adresse hat, wurde gefragt und war es nicht. Die Mail hat nichts \
                 getan und liegt als Mail {number} im Eingangsbuch. Ihr Betreff ist: {subject}",
        own: "eine eigene Mail kam zurück: eine Schleife oder eine Weiterleitung an uns selbst",
        hops: "{count} Received-Felder, mehr als {limit}: sie läuft im Kreis",
        many: "{writer} hat innerhalb von {within} {count} Mails an {place} gesendet, mehr als {limit}; weitere werden auch \
               zurückgehalten, bis es weniger sind. `postern mail quarantine list` zeigt sie",
        programs: "{writer} hat innerhalb von {within} {count} Mails von Programmen an {place} gesendet, mehr als {limit}; weitere werden \
                   auch zurückgehalten, bis es weniger sind. `postern mail quarantine list` zeigt sie",
        alike: "{writer} hat innerhalb von {within} {count} Mal dasselbe an {place} geschrieben, mehr als {limit} Mal; weitere Mails werden \
                auch zurückgehalten, bis es weniger sind. `postern mail quarantine list` zeigt sie",
        hours: "{hours} Stunden",
        day: "einem Tag",
        week: "einer Woche",
    },
    Phrases {
        language: "fr",
        held: "De {from} à {to} : {why}.\n\nMessages retenus à présent : {held}.",
        forged: "Quelqu'un a écrit au nom de {address}, qui a été interrogé et dit ne pas l'avoir fait. Le message n'a rien fait et reste le \
                 message {number} du registre. Son sujet est : {subject}",
        own: "notre propre message est revenu : une boucle ou un renvoi vers nous-mêmes",
        hops: "{count} champs Received, plus de {limit} : il tourne en rond",
        many: "{writer} a envoyé {count} messages à {place} en {within}, plus de {limit} ; les suivants sont retenus aussi, jusqu'à ce \
               qu'il y en ait moins. `postern mail quarantine list` les montre",
        programs: "{writer} a envoyé {count} messages de programmes à {place} en {within}, plus de {limit} ; les suivants sont retenus \
                   aussi, jusqu'à ce qu'il y en ait moins. `postern mail quarantine list` les montre",
        alike: "{writer} a dit {count} fois la même chose à {place} en {within}, plus de {limit} ; les suivants sont retenus aussi, jusqu'à \
                ce qu'il y en ait moins. `postern mail quarantine list` les montre",
        hours: "{hours} heures",
        day: "un jour",
        week: "une semaine",
    },
    Phrases {
        language: "es",
        held: "De {from} a {to}: {why}.\n\nMensajes retenidos hasta ahora: {held}.",
        forged: "Alguien escribió en nombre de {address}, a quien se preguntó y dice que no fue. El mensaje no hizo nada y queda como \
                 mensaje {number} del registro. Su asunto es: {subject}",
        own: "un mensaje nuestro volvió: un bucle o un reenvío a nosotros mismos",
        hops: "{count} campos Received, más de {limit}: da vueltas",
        many: "{writer} envió {count} mensajes a {place} en {within}, más de {limit}; los siguientes también se retienen, hasta que haya \
               menos. `postern mail quarantine list` los muestra",
        programs: "{writer} envió {count} mensajes de programas a {place} en {within}, más de {limit}; los siguientes también se \
                   retienen, hasta que haya menos. `postern mail quarantine list` los muestra",
        alike: "{writer} dijo lo mismo a {place} {count} veces en {within}, más de {limit}; los siguientes también se retienen, hasta que \
                haya menos. `postern mail quarantine list` los muestra",
        hours: "{hours} horas",
        day: "un día",
        week: "una semana",
    },
];

impl Warned {
    /// The number of the mail that it is about, where that is not the one that made the warning.
    pub fn number(&self) -> Option<u64> {
        match self {
            Warned::Held { .. } => None,
            Warned::Forged { number, .. } => Some(*number),
        }
    }

    /// What it says.
    pub fn text(&self, language: &str) -> String {
        let phrases = phrases(language);
        match self {
            Warned::Held { from, to, why, held } => {
                let names = [("from", from.clone()), ("to", to.clone()), ("why", why.text(language)), ("held", held.to_string())];
                filled(phrases.held, &names)
            }
            Warned::Forged { address, number, subject } => {
                let names = [("address", address.clone()), ("number", number.to_string()), ("subject", bounded(subject))];
                filled(phrases.forged, &names)
            }
        }
    }
}

impl Why {
    /// What it says.
    pub fn text(&self, language: &str) -> String {
        let phrases = phrases(language);
        match self {
            Why::OwnMail => phrases.own.to_owned(),
            Why::Hops { count, limit } => filled(phrases.hops, &[("count", count.to_string()), ("limit", limit.to_string())]),
            Why::Many(counted) => counted.text(phrases, phrases.many),
            Why::ManyOfPrograms(counted) => counted.text(phrases, phrases.programs),
            Why::Alike(counted) => counted.text(phrases, phrases.alike),
            Why::Other(text) => text.clone(),
        }
    }
}

impl Counted {
    fn text(&self, phrases: &Phrases, phrase: &str) -> String {
        let within = match self.within {
            Within::Hours(hours) => filled(phrases.hours, &[("hours", hours.to_string())]),
            Within::Day => phrases.day.to_owned(),
            Within::Week => phrases.week.to_owned(),
        };
        let (count, limit) = (self.count.to_string(), self.limit.to_string());
        let (writer, place) = (self.writer.clone(), self.place.clone());
        filled(phrase, &[("writer", writer), ("place", place), ("count", count), ("limit", limit), ("within", within)])
    }
}

fn filled(phrase: &str, names: &[(&str, String)]) -> String {
    let names: Vec<(&str, &str)> = names.iter().map(|(name, value)| (*name, value.as_str())).collect();
    crate::letter::filled(phrase, &names)
}

/// In English where the language is not known.
fn phrases(language: &str) -> &'static Phrases {
    let general = language.split(['-', '_']).next().unwrap_or_default();
    let known = PHRASES.iter().find(|phrases| phrases.language.eq_ignore_ascii_case(general));
    known.unwrap_or(&PHRASES[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a110_warnings_are_whole_in_every_language() {
        let counted = |within| Counted { writer: "a@x".into(), place: "b@y".into(), count: 61, limit: 60, within };
        let whys = [
            Why::OwnMail,
            Why::Hops { count: 51, limit: 50 },
            Why::Many(counted(Within::Hours(3))),
            Why::ManyOfPrograms(counted(Within::Day)),
            Why::Alike(counted(Within::Week)),
        ];
        for phrases in PHRASES {
            for why in &whys {
                let held = Warned::Held { from: "f@x".into(), to: "t@y".into(), why: why.clone(), held: 7 };
                let text = held.text(phrases.language);
                assert!(text.contains("f@x") && text.contains('7') && !text.contains(['{', '}']), "{text}");
                assert_eq!(phrases.language == "en", why.text(phrases.language) == why.text("en"), "{text}");
            }
            let forged = Warned::Forged { address: "a@x".into(), number: 2, subject: "Pay".into() };
            let text = forged.text(phrases.language);
            assert!(text.contains("a@x") && text.contains(" 2 ") && text.contains("Pay"), "{text}");
        }
    }
}
