//! Slips of the pen: lines that are nearly commands, in four languages, and lines of RT's CommandByMail that nobody writes in a letter.

use super::line;
use super::names;

/// Words that say, in front of a text, that it is for staff alone.
const COMMENTS: &[&str] = &[
    "comment",
    "comments",
    "internal",
    "intern",
    "note",
    "private",
    "kommentar",
    "kommentare",
    "notiz",
    "privat",
    "commentaire",
    "commentaires",
    "interne",
    "remarque",
    "privé",
    "comentario",
    "comentarios",
    "interno",
    "nota",
    "privado",
];

/// Words that say whom an answer is for.
const REPLIES: &[&str] = &["reply", "answer", "antwort", "antworten", "réponse", "répondre", "respuesta", "responder"];

/// The longest name that is compared, in octets.
const LONGEST: usize = 30;

/// Names before a colon with which header fields begin that somebody pasted, in lower case.
const HEADERS: &[&str] = &[
    "from", "sent", "to", "date", "reply-to", "von", "gesendet", "an", "datum", "betreff", "de", "envoyé", "à", "objet",
    "enviado", "para", "fecha", "asunto",
];

/// Names of RT's CommandByMail that are no words of a letter, in lower case.
const OF_RT: &[&str] = &[
    "timeworked",
    "timeestimated",
    "timeleft",
    "finalpriority",
    "admincc",
    "dependson",
    "dependedonby",
    "refersto",
    "referredtoby",
    "memberof",
    "hasmember",
];

/// Its lists: `AddCc`, `DelRequestors`, `AddDependsOn`.
const LISTS_OF_RT: &[&str] =
    &["requestor", "cc", "admincc", "dependson", "dependedonby", "refersto", "referredtoby", "memberof", "member"];

/// Its names with a dot and a name in brackets: `CF.{Room}`, `AddCustomField.{Room}`, `TxnCF.{x}`.
const DOTTED: &[&str] =
    &["cf", "customfield", "txncf", "txncustomfield", "transactioncf", "transactioncustomfield", "customrole", "cr", "field"];

fn name_of(line: &str) -> String {
    line::split(line).map_or("", |said| said.name()).chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect()
}

/// Whether a marked line names what makes a text one for staff alone.
pub(super) fn hushes(line: &str) -> bool {
    let name = name_of(line);
    COMMENTS.contains(&name.as_str()) || COMMENTS.iter().any(|word| is_near(&name, word))
}

/// Whether a marked line that is no command is nearly one.
pub(super) fn is_slip(line: &str) -> bool {
    let name = name_of(line);
    let name = name.trim_end_matches(|c: char| !c.is_alphanumeric());
    let all = || COMMENTS.iter().chain(REPLIES).copied().chain(names::all());
    name.len() <= LONGEST && all().any(|word| word == name || is_near(name, word))
}

/// Whether one word is the other with a letter too much, too few, another, or two of them exchanged; of long ones, two such slips. Short
/// ones begin alike: `make` is not `take`.
fn is_near(name: &str, word: &str) -> bool {
    let (one, other) = (name.chars().count(), word.chars().count());
    let most = match one.min(other) {
        0..4 => return false,
        4..7 => 1,
        _ => 2,
    };
    let alike = most > 1 || one.min(other) > 5 || name.chars().next() == word.chars().next();
    alike && one <= LONGEST && one.abs_diff(other) <= most && strsim::osa_distance(name, word) <= most
}

/// Whether a line is a header field that somebody pasted.
pub(super) fn is_header(line: &str) -> bool {
    let name = line.split(':').next().filter(|name| name.len() < line.len() && name.len() <= LONGEST);
    name.is_some_and(|name| HEADERS.contains(&name.trim().to_lowercase().as_str()))
}

/// Whether a line without a mark is one of CommandByMail that nobody writes in a letter.
pub(super) fn is_of_rt(line: &str) -> bool {
    let Some((name, value)) = line.split_once(':').filter(|(name, value)| name.len() <= 60 && !value.trim().is_empty()) else {
        return false;
    };
    let name = name.trim().to_ascii_lowercase();
    if let Some((head, inner)) = name.split_once('.') {
        let head = head.strip_prefix("add").or(head.strip_prefix("del")).unwrap_or(head);
        return DOTTED.contains(&head) && !inner.is_empty() && inner.starts_with(['{', '(', '['])
            || head == "field" && !inner.contains(' ');
    }
    let list = name.strip_prefix("add").or(name.strip_prefix("del"));
    let is = |list: &str| LISTS_OF_RT.contains(&list) || list.strip_suffix('s').is_some_and(|one| LISTS_OF_RT.contains(&one));
    !value.ends_with(['?', '!']) && (OF_RT.contains(&name.as_str()) || list.is_some_and(is))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_near_and_other_words_are_not() {
        for line in [
            "!coment",
            "!Commment",
            "!kommentar",
            "!Commentaire",
            "!comentario",
            "!resolv",
            "!reslove",
            "!priorty 5",
            "!repply",
            "!antwort",
            "！resolv",
        ] {
            assert!(is_slip(line), "{line}");
        }
        for line in
            ["!ls", "!make", "!cat x", "!important", "!python", "!import os", "!DOCTYPE", "!include", "!wow", "!= x", "!x", "!vi"]
        {
            assert!(!is_slip(line), "{line}");
        }
        for line in
            ["TimeWorked: 5", "CF.{Room}: 3", "TxnCF.{x}: 2", "AddCc: a@b.example", "DelAdminCcs: ben", "AddCustomField.{a}: b"]
        {
            assert!(is_of_rt(line), "{line}");
        }
        for line in [
            "Time worked: two hours",
            "Address: x",
            "Add: salt",
            "Cc: a@b.example",
            "TimeWorked:",
            "See CF.{Room}",
            "Delivery: today",
        ] {
            assert!(!is_of_rt(line), "{line}");
        }
    }
}
