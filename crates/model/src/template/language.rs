//! What templates and conditions may say: a small part of the template language, in which nothing grows but the output.
//!
//! The library counts steps, but one step of `~`, `*` or a captured block can double a text, so thirty lines could fill the
//! memory. What can build large values is therefore refused before anything is compiled, in branches too that are never
//! taken. Faults of syntax are left to the library, which words them better.

/// Statements that templates may have. All others keep values or text aside (`set`, `with`, `filter`), or hide braces (`raw`).
const STATEMENTS: &[&str] = &["if", "elif", "else", "endif", "for", "endfor"];
/// Words after which a bracket begins a list and not a part of what stands before it.
const OPERATORS: &[&str] = &["in", "not", "and", "or", "if", "else", "elif"];

/// A piece of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Number,
    Literal,
    Sign(char),
}

/// Checks a template.
///
/// # Errors
/// The first thing that cannot be used, with its line.
pub(super) fn check_template(source: &str, filters: &[&str]) -> Result<(), String> {
    let mut at = 0;
    while let Some(begin) = source[at..].find("{").map(|i| at + i) {
        let inside = begin + 2;
        let line = || 1 + source[..begin].matches('\n').count();
        at = match source.as_bytes().get(begin + 1) {
            Some(b'#') => source[inside..].find("#}").map_or(source.len(), |end| inside + end + 2),
            Some(b'{') => {
                let (tokens, length) = tokens(&source[inside..], Some("}}"));
                check_tokens(&tokens, filters).map_err(|wrong| format!("line {}: {wrong}", line()))?;
                inside + length
            }
            Some(b'%') => {
                let (tokens, length) = tokens(&source[inside..], Some("%}"));
                check_statement(&tokens)
                    .and_then(|()| check_tokens(&tokens, filters))
                    .map_err(|w| format!("line {}: {w}", line()))?;
                inside + length
            }
            _ => begin + 1,
        };
    }
    Ok(())
}

/// Checks an expression that stands alone.
///
/// # Errors
/// The first thing that cannot be used.
pub(super) fn check_expression(source: &str, filters: &[&str]) -> Result<(), String> {
    check_tokens(&tokens(source, None).0, filters)
}

fn check_statement(tokens: &[Token<'_>]) -> Result<(), String> {
    match tokens.iter().find(|token| **token != Token::Sign('-')) {
        Some(Token::Word(word)) if !STATEMENTS.contains(word) => {
            Err(format!("'{{% {word} %}}' cannot be used; the statements are {}", STATEMENTS.join(", ")))
        }
        _ => Ok(()),
    }
}

fn check_tokens(tokens: &[Token<'_>], filters: &[&str]) -> Result<(), String> {
    for (i, token) in tokens.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| tokens[i]);
        match (before, *token) {
            (_, Token::Sign(sign @ ('*' | '~' | '+' | ':' | '{'))) => {
                return Err(format!("'{sign}' cannot be used: texts, lists and numbers are used as they are"));
            }
            (Some(Token::Sign('|')), Token::Word(name)) if !filters.contains(&name) => {
                return Err(format!("there is no filter '{name}'; the filters are {}", filters.join(", ")));
            }
            (Some(Token::Sign('.')), Token::Word(_)) => {}
            (_, Token::Word(word @ ("is" | "recursive"))) => return Err(format!("'{word}' cannot be used")),
            (Some(before), Token::Sign('[')) if ends_value(before) && tokens.get(i + 1) == Some(&Token::Literal) => {
                return Err("a name in brackets cannot be used; write it after a dot, such as ticket.number".into());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a bracket after this takes a part of it.
fn ends_value(token: Token<'_>) -> bool {
    match token {
        Token::Word(word) => !OPERATORS.contains(&word),
        Token::Sign(sign) => matches!(sign, ')' | ']'),
        Token::Number | Token::Literal => true,
    }
}

/// The tokens up to `end`, and how many octets they and it take.
fn tokens<'a>(source: &'a str, end: Option<&str>) -> (Vec<Token<'a>>, usize) {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        if let Some(end) = end {
            // A minus or plus at either border is about white space.
            let border = rest.strip_prefix(['-', '+']).unwrap_or(rest);
            if border.starts_with(end) {
                return (tokens, source.len() - border.len() + end.len());
            }
            if at == 0 && matches!(c, '-' | '+') {
                at += 1;
                continue;
            }
        }
        let length = match c {
            '"' | '\'' => literal(rest, c),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        match c {
            c if c.is_whitespace() => {}
            '"' | '\'' => tokens.push(Token::Literal),
            '0'..='9' => tokens.push(Token::Number),
            c if is_word(c) => tokens.push(Token::Word(&rest[..length])),
            c => tokens.push(Token::Sign(c)),
        }
        at += length;
    }
    (tokens, source.len())
}

/// The length of a literal text with its quotes; of everything, where the second one is missing.
fn literal(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return i + 1,
            _ => {}
        }
    }
    rest.len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILTERS: &[&str] = &["join", "upper"];

    #[test]
    fn what_can_grow_is_refused_wherever_it_stands() {
        for (template, said) in [
            ("{{ 'x' * 1000000 }}", "line 1: '*'"),
            ("a\n{{ text ~ text }}", "line 2: '~'"),
            ("{{ text + text }}", "'+'"),
            ("{{ 2 ** 100 }}", "'*'"),
            ("{{ text[:5] }}", "':'"),
            ("{{ {'a': 1}.a }}", "'{'"),
            ("{% if false %}\n\n{{ 'x' * 3 }}{% endif %}", "line 3: '*'"),
            ("{% set a = text %}", "'{% set %}' cannot be used; the statements are if,"),
            ("{%- set a %}{{ text }}{% endset %}", "{% set %}"),
            ("{%+ with a = text %}{% endwith %}", "{% with %}"),
            ("{% filter upper %}{{ text }}{% endfilter %}", "{% filter %}"),
            ("{% raw %}{{ {% endraw %}", "{% raw %}"),
            ("{% for a in changes recursive %}{% endfor %}", "'recursive'"),
            ("{{ text | nosuch }}", "there is no filter 'nosuch'; the filters are join, upper"),
            ("{# comment #}{{ text|nosuch }}", "nosuch"),
            ("{{ text is defined }}", "'is'"),
            ("{{ ticket['number'] }}", "after a dot"),
            ("{{ '\\'' * 3 }}", "'*'"),
            ("{ {{ '}}' ~ 1 }}", "'~'"),
        ] {
            let error = check_template(template, FILTERS).unwrap_err();
            assert!(error.contains(said), "{template:?} gave {error:?}, expected {said:?}");
        }
    }

    #[test]
    fn everything_else_passes() {
        for template in [
            "plain * text ~ with + signs { % : [",
            "{{ 'x * y ~ z {% set %}' }} * {{- text -}} + {{+ text +}}",
            "{%- if a == 'b' and c in ['d', \"e\"] -%} x {%+ else +%} y {% endif %}",
            "{# 'x' * 3 #}{# {{ a ~ b }} #}",
            "{% for a in ticket.requestors %}{{ loop.index - 1 }}{{ a | join(', ') | upper }}{% endfor %}",
            "{{ ticket.is }}{{ a[0] }}",
            "{{ never closed",
            "{% if never closed",
            "{{ 'never closed",
            "{# never closed",
            "{{ 'é\\",
            "{",
            "",
        ] {
            assert_eq!(check_template(template, FILTERS), Ok(()), "{template:?}");
        }
    }

    #[test]
    fn expressions_have_the_same_rules() {
        assert_eq!(check_expression("a and not b or c == 'x * y'", FILTERS), Ok(()));
        assert!(check_expression("'x' * 100000000 == ''", FILTERS).unwrap_err().contains("'*'"));
        assert!(check_expression("a or b|nosuch", FILTERS).unwrap_err().contains("nosuch"));
    }
}
