//! The words of a digest: what happened, ticket by ticket, with the first lines of each mail (A178).

use jiff::Timestamp;
use postern_mail::subject;
use postern_mail::subject::TagNames;

/// Lines of each mail that are shown, and the longest of them in characters.
const LINES: usize = 6;
const LONGEST: usize = 200;

/// A mail that is told of.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    /// Its ticket.
    pub ticket: u64,
    /// Its subject, tag included.
    pub subject: &'a str,
    /// The name in its From.
    pub from: &'a str,
    /// When, microseconds since 1970 UTC.
    pub at: i64,
    /// Its text.
    pub text: &'a str,
}

/// How its reader gets to see all of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole<'a> {
    /// By a mail to this address.
    ByMail(&'a str),
    /// At the command line.
    AtTerminal,
    /// Not at all: the reader does not work here.
    Nowhere,
}

/// The phrases of a language: subject, opening with the numbers of mails and tickets, the closing words, and how all of a ticket is to be
/// had, by mail and at the command line.
struct Phrases {
    language: &'static str,
    subject: &'static str,
    opening: &'static str,
    closing: &'static str,
    by_mail: &'static str,
    at_terminal: &'static str,
}

const PHRASES: &[Phrases] = &[
    Phrases {
        language: "en",
        subject: "Digest of your queues",
        opening: "This happened in your queues (mails: {mails}, tickets: {tickets}).",
        closing: "You get this mail because you asked for a digest. Your own tickets are told to you at once.",
        by_mail: "To read all of a ticket, write `show NUMBER` to {address}.",
        at_terminal: "postern ticket show NUMBER shows all of a ticket.",
    },
    Phrases {
        language: "de",
        subject: "Zusammenfassung Ihrer Warteschlangen",
        opening: "Das ist in Ihren Warteschlangen geschehen (Mails: {mails}, Tickets: {tickets}).",
        closing: "Sie erhalten diese Mail, weil Sie eine Zusammenfassung wünschen. Was Ihre eigenen Tickets betrifft, erfahren Sie\n\
                  sofort.",
        by_mail: "Um ein Ticket ganz zu lesen, schreiben Sie `show NUMMER` an {address}.",
        at_terminal: "postern ticket show NUMMER zeigt ein Ticket ganz.",
    },
    Phrases {
        language: "fr",
        subject: "Résumé de vos files",
        opening: "Voici ce qui s'est passé dans vos files (messages : {mails}, tickets : {tickets}).",
        closing: "Vous recevez ce message parce que vous avez demandé un résumé. Ce qui concerne vos propres tickets vous\n\
                  parvient aussitôt.",
        by_mail: "Pour lire un ticket en entier, écrivez `show NUMÉRO` à {address}.",
        at_terminal: "postern ticket show NUMÉRO montre un ticket en entier.",
    },
    Phrases {
        language: "es",
        subject: "Resumen de sus colas",
        opening: "Esto ha ocurrido en sus colas (mensajes: {mails}, tickets: {tickets}).",
        closing: "Recibe este mensaje porque pidió un resumen. Lo que toca a sus propios tickets le llega enseguida.",
        by_mail: "Para leer un ticket entero, escriba `show NÚMERO` a {address}.",
        at_terminal: "postern ticket show NÚMERO muestra un ticket entero.",
    },
];

/// Subject and text of a digest, its items sorted by ticket; in English where the language is not known.
pub fn text(items: &[Item<'_>], language: &str, whole: Whole<'_>) -> (String, String) {
    let general = language.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    let phrases = PHRASES.iter().find(|p| p.language == general).unwrap_or(&PHRASES[0]);
    let mut tickets: Vec<u64> = items.iter().map(|item| item.ticket).collect();
    tickets.dedup();
    let count =
        |phrase: &str| phrase.replace("{mails}", &items.len().to_string()).replace("{tickets}", &tickets.len().to_string());
    let mut text = count(phrases.opening) + "\n";
    let mut last = None;
    for item in items {
        if last != Some(item.ticket) {
            text.push_str(&format!("\n#{} {}\n", item.ticket, bare(item)));
            last = Some(item.ticket);
        }
        let at = Timestamp::from_microsecond(item.at).unwrap_or(Timestamp::UNIX_EPOCH).strftime("%Y-%m-%d %H:%M UTC");
        text.push_str(&format!("\n{}, {at}\n", item.from));
        beginning(item.text).iter().for_each(|line| text.push_str(&format!("    {line}\n")));
    }
    text.push_str(&format!("\n-- \n{}\n", phrases.closing));
    match whole {
        Whole::ByMail(address) => text.push_str(&format!("{}\n", phrases.by_mail.replace("{address}", address))),
        Whole::AtTerminal => text.push_str(&format!("{}\n", phrases.at_terminal)),
        Whole::Nowhere => {}
    }
    (phrases.subject.to_owned(), text)
}

/// The subject without the tag that says the number once more.
fn bare(item: &Item<'_>) -> String {
    let name = item.subject.split_once('[').and_then(|(_, rest)| rest.split_once(" #")).map(|(name, _)| name.to_owned());
    subject::bare(item.subject, &TagNames { names: name.into_iter().collect() })
}

/// The first lines of a mail, without what stands under its text.
fn beginning(text: &str) -> Vec<String> {
    let own = text.split("\n-- \n").next().unwrap_or_default();
    let lines: Vec<&str> = own.lines().filter(|line| !line.trim().is_empty()).collect();
    let cut = |line: &str| match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    };
    let mut shown: Vec<String> = lines.iter().take(LINES).map(|line| cut(line)).collect();
    if lines.len() > LINES {
        shown.push("…".to_owned());
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a178_a_digest_tells_what_happened_ticket_by_ticket() {
        let long = "one\n\ntwo\nthree\nfour\nfive\nsix\nseven\n\n-- \nTicket #5 | queue support\n";
        let items = [
            Item {
                ticket: 5,
                subject: "[example.org #5] Printer",
                from: "Carla via support",
                at: 0,
                text: "It burns.\n\n-- \nx\n",
            },
            Item { ticket: 5, subject: "Re: [example.org #5] Printer", from: "Anna via support", at: 60_000_000, text: long },
            Item { ticket: 7, subject: "[example.org #7] Scanner", from: "Dora via support", at: 0, text: "Hello?\n" },
        ];
        let (subject, text) = text(&items, "en", Whole::Nowhere);
        assert_eq!(subject, "Digest of your queues");
        let expected = "This happened in your queues (mails: 3, tickets: 2).\n\n#5 Printer\n\nCarla via support, 1970-01-01 00:00 UTC\n    \
            It burns.\n\nAnna via support, 1970-01-01 00:01 UTC\n    one\n    two\n    three\n    four\n    five\n    six\n    …\n\n\
            #7 Scanner\n\nDora via support, 1970-01-01 00:00 UTC\n    Hello?\n\n-- \n";
        assert!(text.starts_with(expected), "{text}");
        assert!(super::text(&items, "de-AT", Whole::Nowhere).0.starts_with("Zusammenfassung"));
        assert!(super::text(&items, "xx", Whole::Nowhere).0.starts_with("Digest"));
    }

    #[test]
    fn a178_a_digest_says_how_its_reader_sees_all_of_a_ticket() {
        for phrases in PHRASES {
            let text = |whole| super::text(&[], phrases.language, whole).1;
            let by_mail = text(Whole::ByMail("control@example.org"));
            assert!(by_mail.contains("`show N") && by_mail.contains(" control@example.org."), "{by_mail}");
            assert!(text(Whole::AtTerminal).contains("postern ticket show N"));
            // Who has only a mail program is told of no other; who does not work here, of neither.
            assert!(!by_mail.contains("postern ") && !text(Whole::Nowhere).contains("show"));
        }
    }
}
