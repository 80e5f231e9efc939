//! Full text: which documents hold which words. SQLite's FTS5 behind three statements and two conditions; another database has
//! its own, which must know the same columns, and which words there are. Words are told apart as Unicode says, without case and accents.
//!
//! The table keeps no text, only which words stand where; a document that is replaced is deleted before. What is deleted stays in the
//! file, unseen, until its part of the index is written anew: [`purge`] does that at once.

use super::{StoreError, Tx};
use crate::values;

/// What of a document is text of which kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The subject of a ticket.
    pub subject: String,
    /// What was written, for everybody who sees the ticket.
    pub text: String,
    /// Names of files, likewise.
    pub files: String,
    /// What was written for those who may see comments.
    pub internal: String,
    /// Names of files, likewise.
    pub internal_files: String,
}

/// Where words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// Everywhere.
    All,
    /// Where those who may not see comments may look.
    Public,
    /// In subjects.
    Subject,
}

/// Adds a document under an id that none has.
///
/// # Errors
/// What the database says.
pub fn add(tx: &Tx<'_>, id: i64, document: &Document) -> Result<(), StoreError> {
    let Document { subject, text, files, internal, internal_files } = document;
    let sql = "INSERT INTO search (rowid, subject, text, files, internal, internal_files) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    tx.execute(sql, values![id, subject, text, files, internal, internal_files]).map(|_| ())
}

/// Deletes a document, if it is there.
///
/// # Errors
/// What the database says.
pub fn remove(tx: &Tx<'_>, id: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM search WHERE rowid = ?1", values![id]).map(|_| ())
}

/// Pages of the index that are written in one step of [`purge`].
const PAGES: i64 = 64;

/// Writes the whole index anew, without what was deleted, in steps of bounded length; says whether that is done. The first call `begins`;
/// transactions of others may come between, and what these add is no part of it.
///
/// # Errors
/// What the database says.
pub fn purge(tx: &Tx<'_>, begins: bool) -> Result<bool, StoreError> {
    let changes =
        || Ok::<_, StoreError>(tx.query_opt("SELECT total_changes()", values![], |row| row.get::<i64>(0))?.unwrap_or(0));
    let before = changes()?;
    // Negative: all parts become one, however few; then that goes on. Nothing left to do shows in nothing written.
    let pages = if begins { -PAGES } else { PAGES };
    tx.execute("INSERT INTO search (search, rank) VALUES ('merge', ?1)", values![pages])?;
    Ok(changes()? - before < 2)
}

/// A statement for the ids of the documents that hold what is said in the place `place`, in order.
pub fn documents(place: &str) -> String {
    format!("SELECT rowid AS document FROM search WHERE search MATCH {place}")
}

/// A condition: one of the documents from `first` to `last` holds it. Finds them in the middle of many, but looks up the words
/// each time: not for words with many endings.
pub fn holds(place: &str, first: &str, last: &str) -> String {
    format!("EXISTS (SELECT 1 FROM search WHERE search MATCH {place} AND rowid BETWEEN {first} AND {last})")
}

/// What [`documents`] and [`holds`] take: these words, one after the other; the last may go on where `prefix`.
pub fn expression(words: &str, prefix: bool, within: Within) -> String {
    format!("{}{}{}", columns(within), quoted(words), if prefix { " *" } else { "" })
}

/// The same for phrases of which any may stand there.
pub fn any_of(phrases: &[String], within: Within) -> String {
    let phrases = phrases.iter().map(|words| quoted(words)).collect::<Vec<_>>().join(" OR ");
    format!("{}({phrases})", columns(within))
}

fn columns(within: Within) -> &'static str {
    match within {
        Within::All => "",
        Within::Public => "{subject text files} : ",
        Within::Subject => "{subject} : ",
    }
}

fn quoted(words: &str) -> String {
    // A NUL would end the expression.
    format!("\"{}\"", words.replace('\0', " ").replace('"', "\"\""))
}

/// Words in the index that begin so, as it writes them; not more than `most`. Of each only the first place where it stands is looked at.
///
/// # Errors
/// What the database says.
pub fn words_that_begin(tx: &Tx<'_>, beginning: &str, most: usize) -> Result<Vec<String>, StoreError> {
    // No word has such characters: one stands before all that follow, the other after.
    let until = format!("{beginning}{}", char::MAX);
    let (mut words, mut from) = (Vec::new(), beginning.to_owned());
    let sql = "SELECT term FROM search_term WHERE term >= ?1 AND term < ?2 LIMIT 1";
    while words.len() < most {
        let Some(word) = tx.query_opt(sql, values![&from, &until], |row| row.get::<String>(0))? else { break };
        from = format!("{word}\u{1}");
        words.push(word);
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::engine::Engine;
    use std::time::Duration;

    const WAIT: Duration = Duration::from_secs(5);

    fn found(engine: &Engine, words: &str, prefix: bool, within: Within) -> Vec<i64> {
        let expression = expression(words, prefix, within);
        engine.read::<_, StoreError>(|tx| tx.query(&documents("?1"), values![&expression], |row| row.get(0))).unwrap()
    }

    #[test]
    fn documents_are_found_by_their_words_and_gone_when_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("postern.db");
        let mut engine = Engine::create(&path).unwrap();
        let first = Document { subject: "Über den Drucker".into(), ..Document::default() };
        let second =
            Document { text: "disk is full, the diskette not".into(), files: "plan-b.pdf".into(), ..Document::default() };
        let third = Document { internal: "zanzibar full".into(), ..Document::default() };
        engine
            .write::<_, StoreError>(WAIT, |tx| {
                [(1, &first), (1 << 40, &second), (3, &third)].iter().try_for_each(|(id, document)| add(tx, *id, document))
            })
            .unwrap();
        for (words, prefix, within, expected) in [
            ("uber", false, Within::Subject, vec![1]),
            ("DRÜCKER", false, Within::Public, vec![1]),
            ("druck", false, Within::All, vec![]),
            ("druck", true, Within::All, vec![1]),
            ("is full", false, Within::All, vec![1 << 40]),
            ("full is", false, Within::All, vec![]),
            ("full", false, Within::All, vec![3, 1 << 40]),
            ("full", false, Within::Public, vec![1 << 40]),
            ("full", false, Within::Subject, vec![]),
            ("plan-b.pdf", false, Within::Public, vec![1 << 40]),
            ("\" OR full \0 (", false, Within::All, vec![]),
            ("!", false, Within::All, vec![]),
            ("!", true, Within::All, vec![]),
            ("", false, Within::All, vec![]),
        ] {
            assert_eq!(found(&engine, words, prefix, within), expected, "{words:?} {prefix} {within:?}");
        }
        let begin = |word: &str, most| engine.read::<_, StoreError>(|tx| words_that_begin(tx, word, most)).unwrap();
        assert_eq!(begin("d", 9), ["den", "disk", "diskette", "drucker"]);
        assert_eq!(begin("disk", 9), ["disk", "diskette"]);
        assert_eq!(begin("d", 2), ["den", "disk"]);
        assert_eq!(begin("zz", 2), Vec::<String>::new());
        let either = any_of(&["is full".to_owned(), "drucker".to_owned()], Within::Public);
        let either = engine.read::<_, StoreError>(|tx| tx.query(&documents("?1"), values![&either], |row| row.get::<i64>(0)));
        assert_eq!(either.unwrap(), [1, 1 << 40]);
        let sql = "SELECT count(*) FROM search_data WHERE instr(block, ?1) > 0";
        let kept = |engine: &Engine| {
            engine.read::<_, StoreError>(|tx| tx.query_opt(sql, values![b"zanzibar"], |row| row.get::<i64>(0))).unwrap()
        };
        assert_ne!(kept(&engine), Some(0));
        engine.write::<_, StoreError>(WAIT, |tx| remove(tx, 3).and_then(|()| remove(tx, 4))).unwrap();
        let mut begins = true;
        while !engine.write::<_, StoreError>(WAIT, |tx| purge(tx, begins)).unwrap() {
            begins = false;
        }
        assert_eq!(found(&engine, "zanzibar", false, Within::All), Vec::<i64>::new());
        assert_eq!(kept(&engine), Some(0), "nothing of it is left in the index");
    }
}
