//! Text to tokens: parentheses, `or`, `-`, names of saved searches, words with values, words alone. One pass.

use super::{Place, QueryError};

/// A piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Or,
    Not,
    /// `@name`
    Saved(String),
    /// `name:value`, `name.field:value`
    Word {
        name: String,
        field: Option<String>,
        value: String,
        prefix: bool,
    },
    /// Words alone.
    Text {
        value: String,
        prefix: bool,
    },
}

/// Whether a value can stand without quotes.
pub(super) fn is_plain_value(value: &str) -> bool {
    !value.is_empty() && !value.ends_with('*') && !value.chars().any(special)
}

/// Whether a word alone can stand without quotes.
pub(super) fn is_plain_text(value: &str) -> bool {
    is_plain_value(value) && !value.starts_with(['-', '@']) && !value.contains(':') && keyword(value).is_none()
}

/// Whether the name of a field can stand without quotes.
pub(super) fn is_plain_name(name: &str) -> bool {
    is_plain_value(name) && !name.contains([':', '.'])
}

fn special(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '"')
}

/// In quotes, so that it is read again as it is.
pub(super) fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fn keyword(word: &str) -> Option<Option<Token>> {
    match () {
        () if word.eq_ignore_ascii_case("or") => Some(Some(Token::Or)),
        () if word.eq_ignore_ascii_case("not") => Some(Some(Token::Not)),
        () if word.eq_ignore_ascii_case("and") => Some(None),
        () => None,
    }
}

struct Lexer<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    at: usize,
}

/// All tokens with their places.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Place)>, QueryError> {
    let mut lexer = Lexer { rest: text.chars().peekable(), at: 1 };
    let mut tokens = Vec::new();
    while let Some(&next) = lexer.rest.peek() {
        let place = Place(lexer.at);
        let token = match next {
            c if c.is_whitespace() => {
                lexer.next();
                continue;
            }
            '(' => lexer.only(Token::Open),
            ')' => lexer.only(Token::Close),
            '-' => lexer.only(Token::Not),
            '@' => lexer.saved(),
            _ => match lexer.word(place)? {
                Some(token) => token,
                None => continue,
            },
        };
        tokens.push((token, place));
    }
    Ok(tokens)
}

impl Lexer<'_> {
    fn next(&mut self) -> Option<char> {
        self.at += 1;
        self.rest.next()
    }

    fn only(&mut self, token: Token) -> Token {
        self.next();
        token
    }

    /// What stands until something special, or one of `ends`.
    fn bare(&mut self, ends: &[char]) -> String {
        let mut taken = String::new();
        while let Some(&c) = self.rest.peek() {
            if special(c) || ends.contains(&c) {
                break;
            }
            taken.push(c);
            self.next();
        }
        taken
    }

    fn saved(&mut self) -> Token {
        self.next();
        Token::Saved(self.bare(&[]))
    }

    /// What stands in quotes. A quote that is never closed ends with the query.
    fn quotes(&mut self, place: Place) -> Result<String, QueryError> {
        self.next();
        let mut taken = String::new();
        while let Some(c) = self.next() {
            match c {
                '"' => return Ok(taken),
                '\\' => taken.extend(self.next()),
                c => taken.push(c),
            }
        }
        Err(QueryError::new(place, "a quotation is not closed", "end it with another \""))
    }

    fn star(&mut self) -> bool {
        let star = self.rest.peek() == Some(&'*');
        if star {
            self.next();
        }
        star
    }

    fn quotes_or_bare(&mut self, place: Place, ends: &[char]) -> Result<(String, bool, bool), QueryError> {
        if self.rest.peek() == Some(&'"') {
            let value = self.quotes(place)?;
            let star = self.star();
            return Ok((value, true, star));
        }
        let value = self.bare(ends);
        Ok((value, false, false))
    }

    /// A word with or without a value; `None`: it says nothing.
    fn word(&mut self, place: Place) -> Result<Option<Token>, QueryError> {
        let (name, in_quotes, star) = self.quotes_or_bare(place, &[':', '.'])?;
        if in_quotes {
            return Ok(Some(Token::Text { value: name, prefix: star }));
        }
        // A dot is part of a word, unless it is that of field.NAME.
        let (name, field) = match self.rest.peek() {
            Some('.') if name.eq_ignore_ascii_case("field") => {
                self.next();
                let at = Place(self.at);
                let (field, ..) = self.quotes_or_bare(at, &[':'])?;
                (name, Some(field))
            }
            Some('.') => (name + &self.bare(&[':']), None),
            _ => (name, None),
        };
        if self.rest.peek() == Some(&':') {
            self.next();
            let at = Place(self.at);
            let (value, in_quotes, star) = self.quotes_or_bare(at, &[])?;
            let (value, prefix) = if in_quotes { (value, star) } else { starred(value) };
            return Ok(Some(Token::Word { name, field, value, prefix }));
        }
        let name = match field {
            Some(field) => format!("{name}.{field}"),
            None => name,
        };
        if let Some(token) = keyword(&name) {
            return Ok(token);
        }
        let (value, prefix) = starred(name);
        Ok(Some(Token::Text { value, prefix }))
    }
}

fn starred(value: String) -> (String, bool) {
    match value.strip_suffix('*') {
        Some(stem) => (stem.trim_end_matches('*').to_owned(), true),
        None => (value, false),
    }
}
