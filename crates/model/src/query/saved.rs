//! Searches with a name: those that come with the program, and how names are replaced by what they stand for.

use super::{Expr, MOST_DEPTH, MOST_WORDS, Place, Query, QueryError, parse};

/// A search that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name.
    pub name: &'static str,
    /// What it stands for.
    pub query: &'static str,
    /// What it is for.
    pub help: &'static str,
}

/// The searches that come with the program; a site's own of the same name hides one.
pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn { name: "mine", query: "owner:me -status:inactive", help: "what I have to do" },
    BuiltIn { name: "untaken", query: "owner:nobody -status:inactive", help: "what nobody has taken" },
    BuiltIn { name: "overdue", query: "is:overdue sort:due", help: "what should be done by now" },
    BuiltIn { name: "watched", query: "watcher:me -status:inactive", help: "what I am told of" },
];

/// The search that comes with the program under this name.
pub fn built_in(name: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|search| search.name.eq_ignore_ascii_case(name))
}

/// Whether a search can have this name: letters, digits, `-`, `_` and `.`, at most 64 octets.
pub fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && name.len() <= 64 && name.chars().all(fits)
}

impl Query {
    /// Puts what names stand for in their places. `named` knows the searches of a site and of whoever asks; those of the program
    /// are known anyway. The order is that of the query itself; where it says none, that of the first search which does.
    ///
    /// # Errors
    /// A name that nobody has given, a search that cannot be understood, names that lead back to themselves, too many words.
    pub fn expand(self, named: &impl Fn(&str) -> Option<String>) -> Result<Query, QueryError> {
        if !self.has_names() {
            return Ok(self);
        }
        let mut expansion = Expansion { named, sort: self.sort, words: 0 };
        let filter = expansion.expand(self.filter, &mut Vec::new())?;
        Ok(Query { filter, sort: expansion.sort })
    }
}

struct Expansion<'n, F> {
    named: &'n F,
    sort: Vec<super::Sort>,
    words: usize,
}

impl<F: Fn(&str) -> Option<String>> Expansion<'_, F> {
    fn expand(&mut self, expr: Expr, inside: &mut Vec<String>) -> Result<Expr, QueryError> {
        self.words += 1;
        // Parentheses count as well: what is counted is the work.
        if self.words > 4 * MOST_WORDS {
            let wrong = format!("with its saved searches the query has more than {MOST_WORDS} words");
            return Err(QueryError::new(Place(0), wrong, "ask for less at once"));
        }
        let mut each = |list: Vec<Expr>| list.into_iter().map(|inner| self.expand(inner, inside)).collect::<Result<Vec<_>, _>>();
        match expr {
            Expr::All(all) => Ok(Expr::All(each(all)?)),
            Expr::Any(any) => Ok(Expr::Any(each(any)?)),
            Expr::Not(inner) => Ok(Expr::Not(Box::new(self.expand(*inner, inside)?))),
            Expr::Is(term) => Ok(Expr::Is(term)),
            Expr::Saved { name, at } => self.saved(name, at, inside),
        }
    }

    fn saved(&mut self, name: String, at: Place, inside: &mut Vec<String>) -> Result<Expr, QueryError> {
        if inside.contains(&name) {
            let wrong = format!("the saved search @{name} leads back to itself");
            return Err(QueryError::new(at, wrong, "save one of them without the other"));
        }
        if inside.len() >= MOST_DEPTH {
            return Err(QueryError::new(at, "too many saved searches stand inside one another", "save them with fewer"));
        }
        let text = (self.named)(&name).or_else(|| built_in(&name).map(|search| search.query.to_owned()));
        let Some(text) = text else {
            let wrong = format!("there is no saved search @{name}");
            return Err(QueryError::missing(at, wrong, "`postern search list` shows which there are"));
        };
        let query = parse(&text).map_err(|error| {
            let wrong = format!("the saved search @{name} cannot be understood: {}", error.wrong);
            QueryError { wrong, at: at.0, ..error }
        })?;
        if self.sort.is_empty() {
            self.sort = query.sort;
        }
        inside.push(name);
        let expanded = self.expand(query.filter, inside);
        inside.pop();
        expanded
    }
}
