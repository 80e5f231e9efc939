//! Signatures without a mark: a name, a firm, a greeting below what somebody wrote.

/// Lines of a signature, and characters and words of each, at most.
const LINES: usize = 7;
const CHARACTERS: usize = 70;
const WORDS: usize = 7;

/// How people end a letter, and how telephones do, in lower case.
const CLOSINGS: &[&str] = &[
    "best",
    "best regards",
    "best wishes",
    "regards",
    "kind regards",
    "warm regards",
    "cheers",
    "greetings",
    "sincerely",
    "yours",
    "thanks",
    "thank you",
    "many thanks",
    "br",
    "gruß",
    "gruss",
    "grüße",
    "danke",
    "mfg",
    "vg",
    "lg",
    "cordialement",
    "bien cordialement",
    "bien à vous",
    "salutations",
    "merci",
    "saludos",
    "un saludo",
    "atentamente",
    "cordialmente",
    "gracias",
];

/// What such a line begins with, whatever follows.
const BEGINNINGS: &[&str] =
    &["mit freundlichen", "freundliche gr", "mit besten", "beste gr", "viele gr", "liebe gr", "schöne gr"];

/// How telephones sign, in lower case.
const TELEPHONES: &[&str] = &[
    "sent from",
    "sent with",
    "get outlook",
    "von meinem",
    "gesendet von",
    "gesendet mit",
    "envoyé de",
    "envoyé depuis",
    "enviado desde",
];

/// Words in a name that are written small.
const SMALL: &[&str] =
    &["of", "and", "for", "the", "de", "la", "du", "von", "van", "der", "zu", "und", "für", "et", "y", "del", "&", "e"];

/// Words with a full stop behind them that end no sentence.
const SHORTENED: &[&str] = &["ltd.", "inc.", "co.", "corp.", "dr.", "s.l.", "s.a.", "e.v.", "jr.", "sr."];

/// Whether lines are a signature, as far as can be seen: few and short, after a greeting, or nothing but names, addresses and numbers.
pub(crate) fn is_signature<'l>(lines: impl Iterator<Item = &'l str>) -> bool {
    let mut lines = lines.take(LINES + 1).filter(|line| !line.is_empty()).peekable();
    let Some(first) = lines.peek() else { return false };
    let closes = closes(first);
    let mut count = 0;
    let short = |line: &str| line.chars().take(CHARACTERS + 1).count() <= CHARACTERS;
    let all = lines.all(|line| {
        count += 1;
        short(line) && (closes && (count == 1 || !line.ends_with('?')) || is_name(line) || self::closes(line))
    });
    all && count <= LINES
}

/// Whether a line ends a letter.
pub(super) fn closes(line: &str) -> bool {
    let line: String = line.chars().take(CHARACTERS).flat_map(char::to_lowercase).collect();
    let words = line.split_whitespace().count();
    let ends = |rest: &str| !rest.trim_start().starts_with(char::is_alphanumeric);
    let is = |closing: &str| line.strip_prefix(closing).is_some_and(ends);
    let begins = BEGINNINGS.iter().chain(TELEPHONES).any(|begins| line.starts_with(begins));
    words <= WORDS && !line.ends_with(['?', ':']) && (begins || CLOSINGS.iter().any(|closing| is(closing)))
}

/// Whether a telephone signed with a line.
pub(crate) fn is_of_telephone(line: &str) -> bool {
    let line: String = line.chars().take(CHARACTERS).flat_map(char::to_lowercase).collect();
    line.split_whitespace().count() <= WORDS && TELEPHONES.iter().any(|begins| line.starts_with(begins))
}

/// `Anna Larsen`, `Example Ltd`, `+47 12 34 56`, `www.example.org`.
fn is_name(line: &str) -> bool {
    let words = || line.split_whitespace();
    let last = words().next_back().unwrap_or_default().to_lowercase();
    let sentence = line.ends_with(['.', '?', '!', ':', ';']) && !SHORTENED.contains(&last.as_str());
    let proper = |word: &str| {
        let begins = word.trim_start_matches(['(', '"', '\'', '|', '/', '-']).chars().next();
        begins.is_none_or(|c| !c.is_lowercase()) || SMALL.contains(&word) || word.contains(['@', '.', '/', ':'])
    };
    !sentence && words().take(WORDS + 1).count() <= WORDS && words().all(proper)
}

#[cfg(test)]
mod tests {
    use super::is_signature;

    #[test]
    fn signatures_are_told_from_sentences() {
        for text in [
            "Anna",
            "Anna Larsen\nExample Ltd",
            "Anna Larsen\nExample Ltd.\n+47 12 34 56 78\nwww.example.org",
            "Best regards\nAnna",
            "Best regards,\n\nAnna Larsen\nHead of operations, second floor",
            "Mit freundlichen Grüßen\nAnna",
            "Viele Grüße,\nAnna",
            "Cordialement,\nAnna",
            "Un saludo,\nAnna",
            "Sent from my Samsung phone",
            "Anna Larsen\nanna@example.org | Tel. 12",
        ] {
            assert!(is_signature(text.lines()), "{text}");
        }
        for text in [
            "",
            "Done now.",
            "Please tell me whether it works",
            "She is a pain.",
            "Thanks for nothing, the printer still burns and so does the scanner beside it",
            "Is it done?",
            "Best would be a new one",
            "A\nB\nC\nD\nE\nF\nG\nH\nI",
        ] {
            assert!(!is_signature(text.lines()), "{text}");
        }
    }
}
