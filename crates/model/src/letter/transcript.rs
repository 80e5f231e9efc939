//! The words of transcripts: what became of each line of a mail that gave commands.

use super::{filled, wrapped};
use crate::decision::FieldChange;
use crate::telling::Teller;

/// What a transcript tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    /// Subject of the mail that gave the commands.
    pub subject: String,
    /// Its lines, each with what became of it.
    pub echoes: Vec<Echo>,
    /// What changed, or would have, by ticket.
    pub changed: Vec<(u64, Vec<FieldChange>)>,
    /// Lines that could not be carried out.
    pub errors: usize,
    /// Whether it was only asked what they would do.
    pub check: bool,
    /// Whether something was done.
    pub done: bool,
    /// Whether the text stayed among staff, because of a line that does not count.
    pub kept: bool,
    /// Where the text of the mail is, if it was filed.
    pub filed: Option<Filed>,
    /// For how many hours an answer to it takes back what was done, where it does.
    pub undo_hours: Option<u32>,
    /// The Message-ID of the list whose numbers the commands name, if they name any.
    pub list: Option<String>,
    /// Whether the mail answers such a list and holds no commands.
    pub prose: bool,
}

/// Where the text of a mail of commands is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filed {
    /// Where it would be without commands.
    AsUsual,
    /// Among staff, because it answers a transcript.
    Comment,
}

/// A line, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echo {
    /// The line as it was written; empty where it is about all of them.
    pub said: String,
    /// What became of it.
    pub fate: Fate,
    /// The answers to what it asks.
    pub answer: Vec<String>,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It was carried out; in a trial it can be.
    Done,
    /// It could have been, and was not, because of others.
    NotDone,
    /// Nothing had to be done.
    SoAlready,
    /// It was a question, or says how to take the others.
    Answered,
    /// It is taken for a signature, as what follows.
    Ignored,
    /// It reads as a command and does not count, for a reason that is told.
    Disregarded,
    /// It could not be carried out.
    Wrong {
        /// What is wrong.
        wrong: String,
        /// What to do: the right form.
        cure: String,
    },
}

/// The words of a language.
struct Phrases {
    language: &'static str,
    /// Subjects.
    fine: &'static str,
    not_carried_out: &'static str,
    one_error: &'static str,
    errors: &'static str,
    trial: &'static str,
    /// What was done as a whole.
    done: &'static str,
    nothing: &'static str,
    refused: &'static str,
    /// Behind it, where a text was filed.
    as_usual: &'static str,
    /// Where the text of an answer to a transcript is, and the title where that is all.
    comment: &'static str,
    comment_title: &'static str,
    kept: &'static str,
    partly: &'static str,
    tried: &'static str,
    /// What became of a line.
    ok: &'static str,
    can: &'static str,
    not_done: &'static str,
    so_already: &'static str,
    ignored: &'static str,
    /// Above the changes.
    changed: &'static str,
    would_change: &'static str,
    undo: &'static str,
    /// What can be answered to a list of tickets.
    prose: &'static str,
}

const PHRASES: &[Phrases] = &[
    Phrases {
        language: "en",
        fine: "Done: {subject}",
        not_carried_out: "Not carried out: {subject}",
        one_error: "1 error: {subject}",
        errors: "{errors} errors: {subject}",
        trial: "Checked: {subject}",
        done: "Your commands were carried out.",
        nothing: "Nothing was changed.",
        refused: "None of your commands was carried out, because not all of them can be.",
        as_usual: "What else you wrote was filed as usual.",
        comment: "What you wrote answers a mail of the program about your commands, so it is filed as an internal comment: nobody but staff gets it. To write to the requestor, answer a mail about the ticket, or write !reply on the first line.",
        comment_title: "Filed as a comment: {subject}",
        kept: "None of your commands was carried out. What else you wrote is kept as an internal comment: nobody but staff gets it. Write what \
            others are to read once more.",
        partly: "What could be carried out was. The rest was not.",
        tried: "Nothing was done: you asked what your commands would do.",
        ok: "done",
        can: "can be done",
        not_done: "not done, because of the others",
        so_already: "it is so already",
        ignored: "taken for a signature, and not looked at",
        changed: "What changed:",
        would_change: "What would change:",
        undo: "To take it all back, answer this mail with the word undo, within {hours} hours.",
        prose: "This answers the list of your tickets, and no line of it is a command. Nothing was done, and your words were filed on no ticket.\n\n\
            Write lines such as `take 1 3`, `resolve 4` or `wait 2 +3d`, with the numbers of that list; `help` lists all commands. To write on a \
            ticket, answer a mail about it.\n",
    },
    Phrases {
        language: "de",
        fine: "Erledigt: {subject}",
        not_carried_out: "Nicht ausgeführt: {subject}",
        one_error: "1 Fehler: {subject}",
        errors: "{errors} Fehler: {subject}",
        trial: "Geprüft: {subject}",
        done: "Ihre Befehle wurden ausgeführt.",
        nothing: "Nichts wurde geändert.",
        refused: "Keiner Ihrer Befehle wurde ausgeführt, weil nicht alle ausgeführt werden können.",
        as_usual: "Was Sie sonst geschrieben haben, wurde wie immer abgelegt.",
        comment: "Was Sie geschrieben haben, antwortet auf eine Mail des Programms über Ihre Befehle. Es ist darum als interner Kommentar abgelegt: Nur Mitarbeiter bekommen es. Um dem Anfragenden zu schreiben, antworten Sie auf eine Mail zum Ticket oder schreiben Sie !reply in die erste Zeile.",
        comment_title: "Als Kommentar abgelegt: {subject}",
        kept: "Keiner Ihrer Befehle wurde ausgeführt. Was Sie sonst geschrieben haben, ist als interner Kommentar abgelegt: Nur \
            Mitarbeiter bekommen es. Schreiben Sie noch einmal, was andere lesen sollen.",
        partly: "Was ausgeführt werden konnte, wurde ausgeführt, das Übrige nicht.",
        tried: "Nichts ist geschehen: Sie haben gefragt, was Ihre Befehle tun würden.",
        ok: "erledigt",
        can: "geht",
        not_done: "nicht getan, der anderen wegen",
        so_already: "es ist schon so",
        ignored: "für eine Unterschrift gehalten und nicht beachtet",
        changed: "Was sich geändert hat:",
        would_change: "Was sich ändern würde:",
        undo: "Um alles zurückzunehmen, antworten Sie binnen {hours} Stunden auf diese Mail mit dem Wort undo.",
        prose: "Das antwortet auf die Liste Ihrer Tickets, und keine Zeile davon ist ein Befehl. Nichts ist geschehen, und Ihre Worte wurden auf \
            keinem Ticket abgelegt.\n\n\
            Schreiben Sie Zeilen wie `take 1 3`, `resolve 4` oder `wait 2 +3d`, mit den Nummern jener Liste; `help` nennt alle Befehle. Um auf \
            einem Ticket zu schreiben, antworten Sie auf eine Mail dazu.\n",
    },
    Phrases {
        language: "fr",
        fine: "Fait : {subject}",
        not_carried_out: "Non exécuté : {subject}",
        one_error: "1 erreur : {subject}",
        errors: "{errors} erreurs : {subject}",
        trial: "Vérifié : {subject}",
        done: "Vos commandes ont été exécutées.",
        nothing: "Rien n'a été changé.",
        refused: "Aucune de vos commandes n'a été exécutée, car toutes ne peuvent pas l'être.",
        as_usual: "Le reste de votre message a été classé comme d'habitude.",
        comment: "Ce que vous avez écrit répond à un message du programme sur vos commandes ; c'est donc classé comme commentaire interne : seul le personnel le reçoit. Pour écrire au demandeur, répondez à un message sur le ticket ou écrivez !reply sur la première ligne.",
        comment_title: "Classé comme commentaire : {subject}",
        kept: "Aucune de vos commandes n'a été exécutée. Le reste de votre message est classé comme commentaire interne : seul le \
            personnel le reçoit. Écrivez à nouveau ce que d'autres doivent lire.",
        partly: "Ce qui pouvait être exécuté l'a été, le reste non.",
        tried: "Rien n'a été fait : vous avez demandé ce que feraient vos commandes.",
        ok: "fait",
        can: "possible",
        not_done: "pas fait, à cause des autres",
        so_already: "c'est déjà ainsi",
        ignored: "pris pour une signature et laissé de côté",
        changed: "Ce qui a changé :",
        would_change: "Ce qui changerait :",
        undo: "Pour tout annuler, répondez à ce message par le mot undo, dans les {hours} heures.",
        prose: "Ceci répond à la liste de vos tickets, et aucune de ses lignes n'est une commande. Rien n'a été fait, et vos mots n'ont été classés \
            sur aucun ticket.\n\n\
            Écrivez des lignes comme `take 1 3`, `resolve 4` ou `wait 2 +3d`, avec les numéros de cette liste ; `help` donne toutes les commandes. \
            Pour écrire sur un ticket, répondez à un message qui le concerne.\n",
    },
    Phrases {
        language: "es",
        fine: "Hecho: {subject}",
        not_carried_out: "No cumplido: {subject}",
        one_error: "1 error: {subject}",
        errors: "{errors} errores: {subject}",
        trial: "Comprobado: {subject}",
        done: "Sus órdenes se han cumplido.",
        nothing: "No se ha cambiado nada.",
        refused: "No se ha cumplido ninguna de sus órdenes, porque no todas se pueden cumplir.",
        as_usual: "Lo demás que escribió se ha archivado como siempre.",
        comment: "Lo que escribió responde a un mensaje del programa sobre sus órdenes; por eso queda como comentario interno: solo lo recibe el personal. Para escribir al solicitante, responda a un mensaje sobre el ticket o escriba !reply en la primera línea.",
        comment_title: "Archivado como comentario: {subject}",
        kept: "No se ha cumplido ninguna de sus órdenes. Lo demás que escribió queda como comentario interno: solo lo recibe el \
            personal. Escriba de nuevo lo que otros deban leer.",
        partly: "Lo que se podía cumplir se ha cumplido, lo demás no.",
        tried: "No se ha hecho nada: preguntó qué harían sus órdenes.",
        ok: "hecho",
        can: "se puede hacer",
        not_done: "no hecho, a causa de las otras",
        so_already: "ya es así",
        ignored: "tomado por una firma y no mirado",
        changed: "Lo que cambió:",
        would_change: "Lo que cambiaría:",
        undo: "Para deshacerlo todo, responda a este mensaje con la palabra undo, dentro de {hours} horas.",
        prose: "Esto responde a la lista de sus tickets, y ninguna de sus líneas es una orden. No se ha hecho nada, y sus palabras no se han archivado \
            en ningún ticket.\n\n\
            Escriba líneas como `take 1 3`, `resolve 4` o `wait 2 +3d`, con los números de esa lista; `help` da todas las órdenes. Para escribir en \
            un ticket, responda a un mensaje sobre él.\n",
    },
];

/// Octets after which no more lines and changes are told. Answers fill 256 KiB at most.
const MOST_OCTETS: usize = 300 << 10;

/// So many changes are told, and so many octets of each.
const MOST_CHANGES: usize = 1000;
const MOST_OF_CHANGE: usize = 500;

/// Title and text of a transcript.
pub(super) fn text(transcript: &Transcript, language: &str) -> (String, String) {
    let Some(phrases) = PHRASES.iter().find(|p| p.language == language).or_else(|| PHRASES.first()) else {
        return Default::default();
    };
    let teller = Teller::of(language);
    let errors = transcript.errors.to_string();
    let bare = transcript.filed == Some(Filed::Comment) && transcript.echoes.is_empty();
    let title = match (transcript.errors, transcript.check) {
        _ if bare => phrases.comment_title,
        (0, true) => phrases.trial,
        (0, false) if does_not_count(transcript) => phrases.not_carried_out,
        (0, false) => phrases.fine,
        (1, _) => phrases.one_error,
        _ => phrases.errors,
    };
    let title = filled(title, &[("errors", &errors), ("subject", &transcript.subject)]);
    let head = if transcript.prose { phrases.prose } else { head(transcript, phrases) };
    let mut text = match (transcript.filed, head == phrases.refused) {
        (Some(Filed::Comment), _) if bare => wrapped(phrases.comment),
        (Some(Filed::Comment), _) if !transcript.kept => format!("{}\n{}", wrapped(head), wrapped(phrases.comment)),
        (Some(Filed::AsUsual), true) => wrapped(&format!("{head} {}", phrases.as_usual)),
        _ => wrapped(head),
    };
    for (at, echo) in transcript.echoes.iter().enumerate() {
        if text.len() > MOST_OCTETS {
            text.push_str(&format!("\n    … +{}\n", transcript.echoes.len().saturating_sub(at)));
            break;
        }
        text.push('\n');
        text.push_str(&echoed(echo, transcript.check, phrases));
    }
    if !transcript.changed.is_empty() && (transcript.done || transcript.check) {
        let head = if transcript.check { phrases.would_change } else { phrases.changed };
        text.push_str(&format!("\n{head}\n"));
        let changes = transcript.changed.iter().flat_map(|(ticket, changes)| changes.iter().map(move |change| (ticket, change)));
        let mut told = 0;
        for (ticket, FieldChange { field, from, to }) in changes.clone().take(MOST_CHANGES) {
            if text.len() > MOST_OCTETS {
                break;
            }
            told += 1;
            let change = teller.change(field, from.as_deref(), to.as_deref());
            let change = change.get(..change.floor_char_boundary(MOST_OF_CHANGE)).unwrap_or(&change);
            text.push_str(&format!("    #{ticket} {change}\n"));
        }
        let more = changes.skip(told).count();
        if more > 0 {
            text.push_str(&format!("    … +{more}\n"));
        }
    }
    if let Some(hours) = transcript.undo_hours.filter(|_| transcript.done) {
        text.push('\n');
        text.push_str(&wrapped(&filled(phrases.undo, &[("hours", &hours.to_string())])));
    }
    (title.trim().to_owned(), text)
}

/// Whether all that it tells is that lines did not count.
fn does_not_count(transcript: &Transcript) -> bool {
    let counts = |echo: &Echo| !matches!(echo.fate, Fate::Disregarded | Fate::Ignored);
    !transcript.done && !transcript.echoes.is_empty() && !transcript.echoes.iter().any(counts)
}

fn head(transcript: &Transcript, phrases: &Phrases) -> &'static str {
    match transcript {
        Transcript { check: true, .. } => phrases.tried,
        Transcript { errors: 0, done: true, .. } => phrases.done,
        Transcript { errors: 0, .. } => phrases.nothing,
        Transcript { done: true, .. } => phrases.partly,
        Transcript { kept: true, .. } => phrases.kept,
        _ => phrases.refused,
    }
}

/// A line as a quote, so that it commands nothing when it comes back; below it what became of it.
fn echoed(echo: &Echo, check: bool, phrases: &Phrases) -> String {
    let mut text = if echo.said.is_empty() { String::new() } else { format!("> {}\n", echo.said) };
    match &echo.fate {
        Fate::Done if check => text.push_str(&format!("    {}\n", phrases.can)),
        Fate::Done => text.push_str(&format!("    {}\n", phrases.ok)),
        Fate::NotDone => text.push_str(&format!("    {}\n", phrases.not_done)),
        Fate::SoAlready => text.push_str(&format!("    {}\n", phrases.so_already)),
        Fate::Ignored => text.push_str(&format!("    {}\n", phrases.ignored)),
        Fate::Answered | Fate::Disregarded => {}
        Fate::Wrong { wrong, cure } => text.push_str(&format!("    {wrong}\n    {cure}\n")),
    }
    for line in echo.answer.iter().flat_map(|answer| answer.lines()) {
        text.push_str(format!("    {line}").trim_end());
        text.push('\n');
    }
    text
}
