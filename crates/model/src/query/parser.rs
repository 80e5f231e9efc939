//! Tokens to a query. Descends with the parentheses, so their depth is bounded; everything else is a loop.

use super::lexer::{Token, tokens};
use super::{Expr, Kind, MOST_DEPTH, MOST_OCTETS, MOST_WORDS, Place, Query, QueryError, Sort, SortBy, Term, words};

/// Reads a query. The empty one is every ticket.
///
/// # Errors
/// The first thing that cannot be understood, with its place and the right form.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    if text.len() > MOST_OCTETS {
        let wrong = format!("the query is longer than {MOST_OCTETS} octets");
        return Err(QueryError::new(Place(0), wrong, "ask for less at once"));
    }
    let tokens = tokens(text)?;
    let words = tokens.iter().filter(|(token, _)| matches!(token, Token::Word { .. } | Token::Text { .. } | Token::Saved(_)));
    if words.count() > MOST_WORDS {
        let wrong = format!("the query has more than {MOST_WORDS} words");
        return Err(QueryError::new(Place(0), wrong, "ask for less at once"));
    }
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), sort: Vec::new() };
    let filter = parser.any(0)?;
    match parser.tokens.next() {
        Some((_, at)) => {
            Err(QueryError::new(at, "a parenthesis is closed that was not opened", "take the ) away, or write a ( before"))
        }
        None => Ok(Query { filter, sort: parser.sort }),
    }
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<(Token, Place)>>,
    sort: Vec<Sort>,
}

impl Parser {
    fn any(&mut self, depth: usize) -> Result<Expr, QueryError> {
        let mut ways = vec![self.all(depth)?];
        while let Some((_, at)) = self.tokens.next_if(|(token, _)| *token == Token::Or) {
            let empty = |way: &Expr| *way == Expr::default();
            let way = self.all(depth)?;
            if empty(&way) || ways.iter().any(empty) {
                return Err(QueryError::new(at, "or stands between two searches", "write queue:noc or owner:me"));
            }
            ways.push(way);
        }
        Ok(if ways.len() == 1 { ways.remove(0) } else { Expr::Any(ways) })
    }

    fn all(&mut self, depth: usize) -> Result<Expr, QueryError> {
        let mut all = Vec::new();
        while let Some((token, at)) = self.tokens.next_if(|(token, _)| !matches!(token, Token::Or | Token::Close)) {
            all.extend(self.factor(token, at, depth)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expr::All(all) })
    }

    /// One thing that tickets must be; none for what says how they are sorted.
    fn factor(&mut self, token: Token, at: Place, depth: usize) -> Result<Option<Expr>, QueryError> {
        if depth >= MOST_DEPTH {
            let wrong = format!("more than {MOST_DEPTH} parentheses and negations stand inside one another");
            return Err(QueryError::new(at, wrong, "write it with fewer"));
        }
        match token {
            Token::Open => {
                let inner = self.any(depth + 1)?;
                match self.tokens.next() {
                    Some((Token::Close, _)) => {}
                    _ => return Err(QueryError::new(at, "a parenthesis is not closed", "write a ) where it ends")),
                }
                match inner {
                    Expr::All(nothing) if nothing.is_empty() => {
                        Err(QueryError::new(at, "there is nothing between the parentheses", "write (queue:noc or owner:me)"))
                    }
                    inner => Ok(Some(inner)),
                }
            }
            Token::Not => {
                let cure = "write -status:new, or not status:new";
                let Some((token, place)) = self.tokens.next_if(|(token, _)| !matches!(token, Token::Or | Token::Close)) else {
                    return Err(QueryError::new(at, "nothing follows what says not", cure));
                };
                match self.factor(token, place, depth + 1)? {
                    Some(inner) => Ok(Some(Expr::Not(Box::new(inner)))),
                    None => Err(QueryError::new(place, "an order cannot be negated", "write sort:-updated to turn it round")),
                }
            }
            Token::Saved(name) => saved(name, at).map(Some),
            Token::Text { value, prefix } => text(value, prefix, at).map(Some),
            Token::Word { name, field, value, prefix } => self.word((name, field), value, prefix, (at, depth)),
            Token::Close | Token::Or => Ok(None),
        }
    }

    fn word(
        &mut self,
        (name, field): (String, Option<String>),
        value: String,
        prefix: bool,
        (at, depth): (Place, usize),
    ) -> Result<Option<Expr>, QueryError> {
        let Some(word) = words::word(&name) else {
            let cure = format!("known are {}; to find it as text, write \"{name}:{value}\"", words::names(),);
            return Err(QueryError::new(at, format!("there is no word {name}:"), cure));
        };
        if value.is_empty() {
            return Err(QueryError::new(at, format!("{}: needs a value", word.name), format!("write {}", word.example)));
        }
        if (word.kind == Kind::Field) != field.as_ref().is_some_and(|field| !field.is_empty()) {
            return Err(QueryError::new(at, "a field of the site's own has a name", format!("write {}", word.example)));
        }
        match word.kind {
            Kind::Sort if depth > 0 => {
                Err(QueryError::new(at, "the order stands for the whole query", "write sort: outside parentheses"))
            }
            Kind::Sort => {
                self.sort.push(sort(&value, at)?);
                Ok(None)
            }
            Kind::Text => text(value, prefix, at).map(Some),
            _ => {
                let term = Term { word, field, value, prefix, at };
                super::values::check(&term)?;
                Ok(Some(Expr::Is(term)))
            }
        }
    }
}

fn text(value: String, prefix: bool, at: Place) -> Result<Expr, QueryError> {
    if !value.chars().any(char::is_alphanumeric) {
        let wrong = format!("{value:?} has no letter and no digit to be found");
        return Err(QueryError::new(at, wrong, "write the words that you look for"));
    }
    Ok(Expr::Is(Term { word: words::text(), field: None, value, prefix, at }))
}

fn saved(name: String, at: Place) -> Result<Expr, QueryError> {
    match super::is_name(&name) {
        true => Ok(Expr::Saved { name, at }),
        false => Err(QueryError::new(
            at,
            format!("{:?} is no name of a search", format!("@{name}")),
            "write @mine, or put it in quotes",
        )),
    }
}

fn sort(value: &str, at: Place) -> Result<Sort, QueryError> {
    let (down, name) = value.strip_prefix('-').map_or((false, value), |name| (true, name));
    match SortBy::ALL.iter().find(|(word, _)| word.eq_ignore_ascii_case(name)) {
        Some((_, by)) => Ok(Sort { by: *by, down }),
        None => {
            let known: Vec<&str> = SortBy::ALL.iter().map(|(word, _)| *word).collect();
            let cure = format!("tickets are sorted by {}; - before it turns it round", known.join(", "));
            Err(QueryError::new(at, format!("tickets are not sorted by {name:?}"), cure))
        }
    }
}
