//! Filters of templates and conditions. Those that could make much of little stop where the output would.

use super::MAX_OUTPUT;
use minijinja::value::{Kwargs, StringInput};
use minijinja::{Environment, Error, ErrorKind, Value, filters};
use std::fmt::{self, Write};

/// The widest indentation.
const MAX_INDENT: usize = 80;

/// Adds one filter to an environment, under this name.
type Add = fn(&mut Environment<'static>, &'static str);

/// All filters, as they are listed in messages.
const FILTERS: &[(&str, Add)] = &[
    ("join", |env, name| env.add_filter(name, join)),
    ("upper", |env, name| env.add_filter(name, filters::upper)),
    ("lower", |env, name| env.add_filter(name, filters::lower)),
    ("trim", |env, name| env.add_filter(name, filters::trim)),
    ("default", |env, name| env.add_filter(name, filters::default)),
    ("length", |env, name| env.add_filter(name, filters::length)),
    ("indent", |env, name| env.add_filter(name, indent)),
];

/// Adds all filters.
pub(super) fn add(env: &mut Environment<'static>) {
    FILTERS.iter().for_each(|(name, add)| add(env, name));
}

/// Their names.
pub(super) fn names() -> Vec<&'static str> {
    FILTERS.iter().map(|(name, _)| *name).collect()
}

/// A list as text, its items with something between them.
fn join(list: &Value, between: Option<StringInput<'_>>) -> Result<String, Error> {
    let between = between.as_ref().map_or("", |text| text.as_str());
    let mut out = Bounded::default();
    for (i, item) in list.try_iter()?.enumerate() {
        let separator = if i == 0 { "" } else { between };
        write!(out, "{separator}{item}").map_err(|_| too_long())?;
    }
    Ok(out.text)
}

/// The library's, with a bound on the width and on what comes of it.
fn indent(
    text: StringInput<'_>,
    width: Option<usize>,
    first: Option<bool>,
    blank: Option<bool>,
    named: Kwargs,
) -> Result<Value, Error> {
    let width = match width {
        Some(width) => width,
        None => named.get::<Option<usize>>("width")?.unwrap_or(4),
    };
    if width > MAX_INDENT {
        return Err(Error::new(ErrorKind::InvalidOperation, format!("indent takes at most {MAX_INDENT} columns, not {width}")));
    }
    let lines = 1 + text.as_str().bytes().filter(|octet| *octet == b'\n').count();
    if text.as_str().len() + lines * width > MAX_OUTPUT {
        return Err(too_long());
    }
    filters::indent(text, Some(width), first, blank, named)
}

fn too_long() -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("a text is longer than {MAX_OUTPUT} octets"))
}

/// A text that refuses to become too long.
#[derive(Default)]
struct Bounded {
    text: String,
}

impl Write for Bounded {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        if self.text.len() + more.len() > MAX_OUTPUT {
            return Err(fmt::Error);
        }
        self.text.push_str(more);
        Ok(())
    }
}
