//! "Did you mean": the known word that somebody probably meant by one that is not known.

/// Words that are longer are looked at by nobody, in characters: the work grows with their square.
const LONGEST: usize = 60;

/// The word that somebody probably meant, if one is near enough: with a slip or two in it, or cut short.
pub fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    if length > LONGEST {
        return None;
    }
    let worst = (length / 3).clamp(1, 3);
    let near = |distance: usize, known: &str| {
        let known = known.to_lowercase();
        // One letter for another says nothing of words of one or two.
        (distance <= worst && (length > 2 || known.len() > 2))
            || (length > 3 && (known.starts_with(&word) || word.starts_with(&known)))
    };
    words
        .into_iter()
        .filter(|known| !known.is_empty() && known.chars().count().abs_diff(length) <= LONGEST)
        .map(|known| (strsim::damerau_levenshtein(&word, &known.to_lowercase()), known))
        .filter(|(distance, known)| near(*distance, known))
        .min()
        .map(|(_, known)| known)
}

/// The same as a sentence: `did you mean 'resolved'?`
pub fn did_you_mean<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, words).map(|near| format!("did you mean '{near}'?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_understood_and_another_word_is_not() {
        let words = ["status", "owner", "priority", "resolve", "Customer", "to"];
        for (word, meant) in [
            ("stauts", Some("status")),
            ("STATUSS", Some("status")),
            ("prio", Some("priority")),
            ("resolv", Some("resolve")),
            ("custommer", Some("Customer")),
            ("me", None),
            ("xy", None),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, words), meant, "{word}");
        }
        let long = "resolve".repeat(100_000);
        assert_eq!((nearest(&long, words), nearest("x", [long.as_str()])), (None, None));
        assert_eq!(did_you_mean("ownr", words).as_deref(), Some("did you mean 'owner'?"));
    }
}
