//! The words of letters: questions to people about mail in their name, and warnings to administrators. Each is one text in each
//! language; a site does not replace them, for what they ask and what an answer does belong together.

mod transcript;

use crate::decision::{Letter, LetterKind};
use crate::facts::Queue;
use crate::types::Person;
use jiff::Timestamp;
use postern_mail::is_unseen;
pub use transcript::{Echo, Fate, Filed, Transcript};

/// How long an answer to a question counts, in microseconds: three days.
pub const ANSWER_WITHIN: i64 = 3 * 86_400_000_000;

/// Characters of a subject that a letter names.
const SUBJECT_CHARS: usize = 120;
/// Octets of the commands of a held mail that its question lists.
const COMMANDS: usize = 24 << 10;

/// Characters of a command on one line.
const COMMAND_CHARS: usize = 70;

/// Characters of a line.
const LINE_CHARS: usize = 78;

/// What a letter tells besides what it is.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The site's name.
    pub site: &'a str,
    /// Where the mail arrived, such as `support (support@example.org)`.
    pub place: &'a str,
    /// When, microseconds since 1970 UTC.
    pub received: i64,
    /// Its row in the ledger.
    pub delivery: i64,
    /// The token that an answer carries; empty where none is asked for.
    pub token: &'a str,
}

/// The words of a language: subjects and texts with `{names}` to be filled in.
struct Phrases {
    language: &'static str,
    /// What the held mail would do.
    would: &'static str,
    would_open: &'static str,
    question: &'static str,
    confirmation: &'static str,
    commands: &'static str,
    all_of_it: &'static str,
    many: &'static str,
    held: &'static str,
    repeats: &'static str,
    look: &'static str,
    warning: &'static str,
}

const PHRASES: &[Phrases] = &[EN, DE, FR, ES];

const EN: Phrases = Phrases {
    language: "en",
    would: "act on ticket #{ticket} in your name",
    would_open: "do something in your name that only people who work here may do",
    question: "Did you write this?",
    confirmation: "A mail in your name arrived at {place} at {received}. Its subject is:\n\n    {subject}\n\n\
        Anybody can write a name into a mail, and nothing shows yet that this one is from you. So it is held, and nothing was done. \
        It would {would}.\n\n{commands}\
        If you wrote it, answer this mail with the word\n\n    yes\n\n\
        If you did not, do nothing; or answer with the word no, and your administrators hear of it.\n\n\
        It is held until {until}. After that only an administrator can let it in.\n",
    commands: "Its commands are:",
    all_of_it: "Are all of these commands meant?",
    many: "A mail of yours arrived at {place} at {received}. Its subject is:\n\n    {subject}\n\n\
        Its commands ({orders}) are for so many tickets ({tickets}) that you are asked first. It is held, and nothing was done.\n\n{commands}\
        If all of it is meant, answer this mail with the word\n\n    yes\n\n\
        If it is not, do nothing, or answer with the word no.\n\n\
        It is held until {until}. After that only an administrator can let it in.\n",
    held: "Your answer on ticket #{ticket} is held",
    repeats: "What you wrote on ticket #{ticket} ({subject}) has not gone to anybody outside: it repeats words of an internal comment.\n\n{words}\n\
        If they are meant to be read outside, answer this mail with the word\n\n    yes\n\n\
        If not, answer with the word no: those mails are dropped, and you can write your answer anew. The ticket's history keeps it.\n\n\
        An answer counts until {until}. After that an administrator can send those mails: \
        `postern ticket show {ticket}` numbers them, `postern outbox retry NUMBER` sends one.\n",
    look: "A mail needs to be looked at",
    warning: "{reason}\n\n\
        `postern mail show {number}` shows the mail and how this was decided; `postern mail quarantine list` shows all that is held.\n",
};

const DE: Phrases = Phrases {
    language: "de",
    would: "in Ihrem Namen auf Ticket #{ticket} handeln",
    would_open: "in Ihrem Namen etwas tun, das nur darf, wer hier arbeitet",
    question: "Haben Sie das geschrieben?",
    confirmation: "Eine Mail in Ihrem Namen ist bei {place} angekommen, um {received}. Ihr Betreff ist:\n\n    {subject}\n\n\
        Einen Namen kann jeder in eine Mail schreiben, und noch zeigt nichts, dass diese von Ihnen ist. Daher wird sie zurückgehalten, \
        und nichts ist geschehen. Sie würde {would}.\n\n{commands}\
        Wenn Sie sie geschrieben haben, antworten Sie auf diese Mail mit dem Wort\n\n    ja\n\n\
        Wenn nicht, tun Sie nichts; oder antworten Sie mit dem Wort nein, dann erfahren es Ihre Administratoren.\n\n\
        Sie wird bis {until} zurückgehalten. Danach kann nur ein Administrator sie einlassen.\n",
    commands: "Ihre Befehle sind:",
    all_of_it: "Sind alle diese Befehle gemeint?",
    many: "Eine Mail von Ihnen ist bei {place} angekommen, um {received}. Ihr Betreff ist:\n\n    {subject}\n\n\
        Ihre Befehle ({orders}) gelten so vielen Tickets ({tickets}), dass Sie erst gefragt werden. Sie wird zurückgehalten, und nichts \
        ist geschehen.\n\n{commands}\
        Wenn alles gemeint ist, antworten Sie auf diese Mail mit dem Wort\n\n    ja\n\n\
        Wenn nicht, tun Sie nichts, oder antworten Sie mit dem Wort nein.\n\n\
        Sie wird bis {until} zurückgehalten. Danach kann nur ein Administrator sie einlassen.\n",
    held: "Ihre Antwort auf Ticket #{ticket} wird zurückgehalten",
    repeats: "Was Sie auf Ticket #{ticket} ({subject}) geschrieben haben, ist an niemanden draußen gegangen: es wiederholt Worte eines internen Kommentars.\n\n\
        {words}\n\
        Wenn sie draußen gelesen werden sollen, antworten Sie auf diese Mail mit dem Wort\n\n    ja\n\n\
        Wenn nicht, antworten Sie mit dem Wort nein: diese Mails entfallen, und Sie können Ihre Antwort neu schreiben. Die Geschichte \
        des Tickets behält sie.\n\n\
        Eine Antwort gilt bis {until}. Danach kann ein Administrator diese Mails senden: \
        `postern ticket show {ticket}` zeigt ihre Nummern, `postern outbox retry NUMMER` sendet eine.\n",
    look: "Eine Mail will angesehen werden",
    warning: "{reason}\n\n\
        `postern mail show {number}` zeigt die Mail und wie entschieden wurde; `postern mail quarantine list` zeigt alles, was zurückgehalten wird.\n",
};

const FR: Phrases = Phrases {
    language: "fr",
    would: "agir en votre nom sur le ticket #{ticket}",
    would_open: "faire en votre nom ce que seuls peuvent faire ceux qui travaillent ici",
    question: "Avez-vous écrit ceci ?",
    confirmation: "Un message en votre nom est arrivé chez {place} à {received}. Son sujet est :\n\n    {subject}\n\n\
        N'importe qui peut écrire un nom dans un message, et rien ne montre encore que celui-ci vient de vous. Il est donc retenu, et \
        rien n'a été fait. Il voudrait {would}.\n\n{commands}\
        Si vous l'avez écrit, répondez à ce message par le mot\n\n    oui\n\n\
        Sinon, ne faites rien ; ou répondez par le mot non, et vos administrateurs en seront avertis.\n\n\
        Il est retenu jusqu'à {until}. Ensuite, seul un administrateur peut le laisser entrer.\n",
    commands: "Ses commandes sont :",
    all_of_it: "Voulez-vous vraiment toutes ces commandes ?",
    many: "Un message de vous est arrivé chez {place} à {received}. Son sujet est :\n\n    {subject}\n\n\
        Ses commandes ({orders}) portent sur tant de tickets ({tickets}) que la question vous est posée d'abord. Il est retenu, et rien \
        n'a été fait.\n\n{commands}\
        Si vous voulez tout cela, répondez à ce message par le mot\n\n    oui\n\n\
        Sinon, ne faites rien, ou répondez par le mot non.\n\n\
        Il est retenu jusqu'à {until}. Ensuite, seul un administrateur peut le laisser entrer.\n",
    held: "Votre réponse sur le ticket #{ticket} est retenue",
    repeats: "Ce que vous avez écrit sur le ticket #{ticket} ({subject}) n'est parti vers personne à l'extérieur : cela répète les mots d'un commentaire interne.\n\n\
        {words}\n\
        S'ils sont destinés à l'extérieur, répondez à ce message par le mot\n\n    oui\n\n\
        Sinon, répondez par le mot non : ces messages sont abandonnés, et vous pouvez récrire votre réponse. L'historique du ticket la \
        garde.\n\n\
        Une réponse compte jusqu'à {until}. Ensuite, un administrateur peut envoyer ces messages : \
        `postern ticket show {ticket}` les numérote, `postern outbox retry NUMÉRO` en envoie un.\n",
    look: "Un message est à examiner",
    warning: "{reason}\n\n\
        `postern mail show {number}` montre le message et comment cela fut décidé ; `postern mail quarantine list` montre tout ce qui est retenu.\n",
};

const ES: Phrases = Phrases {
    language: "es",
    would: "actuar en su nombre en el ticket #{ticket}",
    would_open: "hacer en su nombre lo que solo puede hacer quien trabaja aquí",
    question: "¿Ha escrito usted esto?",
    confirmation: "Un mensaje en su nombre llegó a {place} a las {received}. Su asunto es:\n\n    {subject}\n\n\
        Cualquiera puede escribir un nombre en un mensaje, y nada muestra todavía que este sea de usted. Por eso está retenido, y no se \
        ha hecho nada. Iba a {would}.\n\n{commands}\
        Si lo escribió usted, responda a este mensaje con la palabra\n\n    sí\n\n\
        Si no, no haga nada; o responda con la palabra no, y sus administradores lo sabrán.\n\n\
        Está retenido hasta {until}. Después solo un administrador puede dejarlo entrar.\n",
    commands: "Sus órdenes son:",
    all_of_it: "¿Quiere de verdad todas estas órdenes?",
    many: "Un mensaje suyo llegó a {place} a las {received}. Su asunto es:\n\n    {subject}\n\n\
        Sus órdenes ({orders}) son para tantos tickets ({tickets}) que antes se le pregunta. Está retenido, y no se ha hecho nada.\n\n{commands}\
        Si todo está bien así, responda a este mensaje con la palabra\n\n    sí\n\n\
        Si no, no haga nada, o responda con la palabra no.\n\n\
        Está retenido hasta {until}. Después solo un administrador puede dejarlo entrar.\n",
    held: "Su respuesta en el ticket #{ticket} está retenida",
    repeats: "Lo que escribió en el ticket #{ticket} ({subject}) no ha salido a nadie de fuera: repite palabras de un comentario interno.\n\n{words}\n\
        Si deben leerse fuera, responda a este mensaje con la palabra\n\n    sí\n\n\
        Si no, responda con la palabra no: esos mensajes se descartan, y puede escribir su respuesta de nuevo. El historial del ticket la \
        conserva.\n\n\
        Una respuesta cuenta hasta {until}. Después un administrador puede enviar esos mensajes: \
        `postern ticket show {ticket}` los numera, `postern outbox retry NÚMERO` envía uno.\n",
    look: "Un mensaje necesita atención",
    warning: "{reason}\n\n\
        `postern mail show {number}` muestra el mensaje y cómo se decidió; `postern mail quarantine list` muestra todo lo retenido.\n",
};

/// The language of a letter: the person's, else the queue's, else English.
pub fn language<'a>(person: Option<&'a Person>, queue: Option<&'a Queue>) -> &'a str {
    let own = person.and_then(|p| p.language.as_deref());
    own.or_else(|| queue.and_then(|q| q.language.as_deref())).unwrap_or("en")
}

/// What a held mail would do, as its question says.
pub fn would(language: &str, ticket: Option<u64>) -> String {
    match ticket {
        Some(number) => filled(phrases(language).would, &[("ticket", &number.to_string())]),
        None => phrases(language).would_open.to_owned(),
    }
}

/// A subject as a letter names it: one line of bounded length.
pub fn bounded(subject: &str) -> String {
    let line = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let line: String = line.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    match line.char_indices().nth(SUBJECT_CHARS) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

/// Subject and text of a letter. An answer finds its way by the subject, too: some programs lose what threads.
pub fn text(letter: &Letter, scene: &Scene<'_>) -> (String, String) {
    let phrases = phrases(&letter.language);
    let time = |at: i64| Timestamp::from_microsecond(at).unwrap_or_default().strftime("%Y-%m-%d\u{a0}%H:%M\u{a0}UTC").to_string();
    let (received, until) = (time(scene.received), time(scene.received.saturating_add(ANSWER_WITHIN)));
    let delivery = scene.delivery.to_string();
    let common = [("place", scene.place), ("received", &received), ("until", &until), ("delivery", &delivery)];
    let (title, text) = match &letter.kind {
        LetterKind::Confirmation { subject, would, commands } => {
            let names = [("subject", bounded(subject)), ("would", would.clone()), ("commands", listed(phrases, commands))];
            (phrases.question.to_owned(), with(phrases.confirmation, &common, &names))
        }
        LetterKind::Many { subject, orders, tickets, commands } => {
            let names = [
                ("subject", bounded(subject)),
                ("orders", orders.to_string()),
                ("tickets", tickets.to_string()),
                ("commands", listed(phrases, commands)),
            ];
            (phrases.all_of_it.to_owned(), with(phrases.many, &common, &names))
        }
        LetterKind::Repeats { ticket, subject, words } => {
            let words: String = words.iter().map(|piece| format!("    {piece}\n\n")).collect();
            let words = words.strip_suffix('\n').unwrap_or(&words).to_owned();
            let names = [("ticket", ticket.to_string()), ("subject", bounded(subject)), ("words", words)];
            (with(phrases.held, &common, &names), with(phrases.repeats, &common, &names))
        }
        LetterKind::Warning { about } => {
            let number = about.number().map_or(delivery.clone(), |number| number.to_string());
            let names = [("reason", about.text(phrases.language)), ("number", number)];
            (phrases.look.to_owned(), with(phrases.warning, &common, &names))
        }
        LetterKind::Transcript(transcript) => transcript::text(transcript, phrases.language),
    };
    let token = if scene.token.is_empty() { String::new() } else { format!(" ({})", scene.token) };
    (format!("[{}] {title}{token}", scene.site), text)
}

/// Whether a question can list all of these commands. What it does not show nobody can confirm.
pub fn can_list(commands: &[String]) -> bool {
    let octets = commands.iter().map(|line| line.len() + 1).fold(0, usize::saturating_add);
    octets <= COMMANDS && !commands.iter().any(|line| line.ends_with('…'))
}

/// The commands of a held mail, all of them, as they are written in it; a long one goes on further right.
fn listed(phrases: &Phrases, commands: &[String]) -> String {
    if commands.is_empty() {
        return String::new();
    }
    let mut lines = String::new();
    for command in commands {
        let shown: Vec<char> = neutral(command).chars().collect();
        for (n, piece) in shown.chunks(COMMAND_CHARS).enumerate() {
            let indent = if n == 0 { "    " } else { "        " };
            lines.push_str(indent);
            lines.extend(piece);
            lines.push('\n');
        }
    }
    format!("{}\n\n{lines}\n", phrases.commands)
}

/// A line of somebody else's on which nothing looks like anything but what it is: what ends lines, turns the order of letters or is not
/// seen is spelt out.
fn neutral(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        let harmful = c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || is_unseen(c);
        match harmful {
            true => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
            false => out.push(c),
        }
    }
    out
}

/// In English where the language is not known; `de-AT` is content with `de`.
fn phrases(language: &str) -> &'static Phrases {
    let general = language.split(['-', '_']).next().unwrap_or_default();
    PHRASES.iter().find(|p| p.language.eq_ignore_ascii_case(general)).unwrap_or(&EN)
}

fn with(phrase: &str, common: &[(&str, &str)], names: &[(&str, String)]) -> String {
    let all: Vec<(&str, &str)> = common.iter().copied().chain(names.iter().map(|(n, v)| (*n, v.as_str()))).collect();
    let text = filled(phrase, &all);
    // Neither times nor commands are broken.
    let whole = |(n, part): (usize, &str)| if n % 2 == 1 { part.replace(' ', "\u{a0}") } else { part.to_owned() };
    let text = text.split('`').enumerate().map(whole).collect::<Vec<_>>().join("`");
    wrapped(&text).replace('\u{a0}', " ")
}

/// A text whose paragraphs are broken into lines; what is indented stays as it is.
pub(crate) fn wrapped(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut length = 0;
        for word in line.split(' ') {
            let chars = word.chars().count();
            if length > 0 && !line.starts_with(' ') && length + chars >= LINE_CHARS {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\n');
                length = 0;
            }
            out.push_str(word);
            out.push(' ');
            length += chars + 1;
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
    out
}

/// A phrase with its names filled in, in one pass: what is filled in is not read again.
pub(crate) fn filled(phrase: &str, names: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(names.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value));
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Party;
    use crate::warning::Warned;

    fn letter(language: &str, kind: LetterKind) -> Letter {
        let to = Party { person: None, address: "anna@example.org".into(), name: "Anna".into() };
        Letter { kind, to, language: language.into(), queue: None }
    }

    #[test]
    fn e6_letters_are_whole_in_every_language() {
        let scene = Scene {
            site: "example.org",
            place: "support (s@example.org)",
            received: 0,
            delivery: 7,
            token: "c7.k1.abcdefghijklmnop",
        };
        for phrases in PHRASES {
            let kinds = [
                LetterKind::Confirmation {
                    subject: "{ticket} of fire".into(),
                    would: would(phrases.language, Some(5)),
                    commands: vec!["!take".into(); 100],
                },
                LetterKind::Confirmation { subject: String::new(), would: would(phrases.language, None), commands: vec![] },
                LetterKind::Many {
                    subject: "{ticket} of fire".into(),
                    orders: 60,
                    tickets: 51,
                    commands: vec!["resolve 1".into()],
                },
                LetterKind::Repeats { ticket: 5, subject: "Printer".into(), words: vec!["one two".into(), "three".into()] },
                LetterKind::Warning { about: Warned::Forged { address: "a@x".into(), number: 2, subject: "Pay".into() } },
            ];
            for kind in kinds {
                let (subject, text) = text(&letter(phrases.language, kind.clone()), &scene);
                assert!(subject.starts_with("[example.org] ") && subject.ends_with(" (c7.k1.abcdefghijklmnop)"), "{subject}");
                assert!(!text.replace("{ticket} of fire", "").contains(['{', '}']) && text.ends_with('\n'), "{text}");
                assert!(
                    !matches!(kind, LetterKind::Warning { .. }) || text.contains("`postern mail show 2`"),
                    "the forgery: {text}"
                );
                assert!(matches!(kind, LetterKind::Warning { .. }) || text.contains("1970-01-04 00:00 UTC"), "{text}");
            }
        }
        assert!(would("de-AT", Some(5)).contains("#5") && would("xx", None).starts_with("do "));
    }

    #[test]
    fn e6_a_question_shows_every_command_whole() {
        let mut commands: Vec<String> = (0..90).map(|n| format!("1 tags=+t{n}")).collect();
        commands.push(format!("1 subject={}", "x".repeat(200)));
        commands.push("1 subject=\u{202e}evil\u{2028}yes".into());
        commands.push("1 owner=mal".into());
        assert!(can_list(&commands));
        let kind = LetterKind::Confirmation { subject: "x".into(), would: would("en", None), commands };
        let scene = Scene { site: "example.org", place: "support", received: 0, delivery: 7, token: "" };
        let (_, text) = text(&letter("en", kind), &scene);
        assert!(text.contains("    1 tags=+t89\n    1 subject=xxx") && text.contains("\n        xxxx"), "{text}");
        assert!(text.contains("    1 subject=<U+202E>evil<U+2028>yes\n    1 owner=mal\n"), "{text}");
        assert!(!can_list(&["1 subject=x…".into()]) && !can_list(&vec!["1 owner=mal".into(); 10_000]));
    }

    #[test]
    fn e6_of_a_held_mail_a_letter_names_one_bounded_line() {
        assert_eq!(bounded("a\r\nBcc: x\u{7}\t b"), "a Bcc: x b");
        assert_eq!(bounded("a\u{2028}b \u{202e}c"), "a b c");
        assert_eq!(bounded(&"ä".repeat(500)).chars().count(), SUBJECT_CHARS + 1);
    }
}
