//! Words that may go on (`print*`). All texts that have some word beginning so would have to be put together before the first is known. So
//! first it is looked up which words there are; if those are few, they are asked for one by one, and each leads from text to text.

use crate::store::engine::full_text;
use crate::store::engine::{StoreError, Tx};
use postern_model::query::{Meaning, Search, Test, Wording};

/// So many words are asked for one by one.
const MOST: usize = 64;

/// A search with what its words may be.
pub(super) fn with_endings(tx: &Tx<'_>, search: &Search) -> Result<Search, StoreError> {
    let mut search = search.clone();
    fill(tx, &mut search.filter)?;
    Ok(search)
}

fn fill(tx: &Tx<'_>, meaning: &mut Meaning) -> Result<(), StoreError> {
    match meaning {
        Meaning::All(all) | Meaning::Any(all) => all.iter_mut().try_for_each(|inner| fill(tx, inner)),
        Meaning::Not(inner) => fill(tx, inner),
        Meaning::Is(Test::Text(wording) | Test::Subject(wording)) if wording.prefix => {
            if let Some(phrases) = phrases(tx, wording)? {
                (wording.phrases, wording.prefix) = (phrases, false);
            }
            Ok(())
        }
        Meaning::Is(_) => Ok(()),
    }
}

/// What the words may be; none: nothing, or too much, or it cannot be told here which word is the last one.
fn phrases(tx: &Tx<'_>, wording: &Wording) -> Result<Option<Vec<String>>, StoreError> {
    let before = wording.words.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
    let Some(last) = wording.words.strip_prefix(before).filter(|last| !last.is_empty()) else { return Ok(None) };
    // The database knows best where words begin and how they are written; of these letters it is certain.
    if !before.is_ascii() {
        return Ok(None);
    }
    let words = full_text::words_that_begin(tx, &last.to_ascii_lowercase(), MOST + 1)?;
    let certain = !words.is_empty() && words.len() <= MOST && words.iter().all(|word| word.is_ascii());
    Ok(certain.then(|| words.iter().map(|word| format!("{before}{word}")).collect()))
}
