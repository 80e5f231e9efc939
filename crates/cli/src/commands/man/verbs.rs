//! Pages of commands, made from their parsers: a verb that is added to a parser is on its page.

use super::facts::{self, Fact};
use super::page::{Page, option};
use clap::{Arg, Command};
use roff::{Inline, bold, italic, roman};

/// `postern.1` and a page for each group of verbs.
pub(super) fn pages(parser: &Command) -> Vec<Page> {
    let (groups, alone): (Vec<_>, Vec<_>) = verbs(parser).partition(|verb| verb.has_subcommands());
    let mut pages = vec![main_page(parser, &groups, &alone)];
    pages.extend(groups.iter().map(|group| group_page(parser, group)));
    pages
}

/// `postern-mailgate.8`.
pub(super) fn mailgate_page(parser: &Command) -> Page {
    let mut page = Page::new("postern-mailgate", 8, "files one message from standard input");
    page.heading("SYNOPSIS");
    page.lines(&[usage(parser)]);
    page.heading("DESCRIPTION");
    page.paragraph(
        "Mail servers run it for every mail to a queue's address: out of an alias file, or as a transport. It opens the \
         database itself and needs no daemon. It says nothing on success, and one line on standard error otherwise; `postern \
         check` prints the lines for the mail server.",
    );
    page.paragraph(
        "Option names and meanings are those of rt-mailgate, so that an alias line written for it works after the \
                    program's name is changed.",
    );
    page.heading("OPTIONS");
    own_arguments(parser).for_each(|argument| entry(&mut page, argument));
    page.entry(option("-h, --help", ""), "Print help, and end with 75.");
    page.entry(option("-V, --version", ""), "Print the version, and end with 75.");
    table(&mut page, "EXIT STATUS", facts::MAILGATE_EXIT);
    table(&mut page, "ENVIRONMENT", facts::MAILGATE_ENVIRONMENT);
    table(&mut page, "FILES", &facts::FILES[..1]);
    page.heading("EXAMPLES");
    page.paragraph("Aliases of a queue, and one for failure reports, which belongs to no queue:");
    page.example(facts::MAILGATE_EXAMPLE);
    page
}

fn main_page(parser: &Command, groups: &[&Command], alone: &[&Command]) -> Page {
    let mut page = Page::new("postern", 1, &about(parser));
    page.heading("SYNOPSIS");
    page.lines(&[vec![bold("postern"), roman(" [options] "), italic("verb"), roman(" ...")]]);
    page.heading("DESCRIPTION");
    page.paragraph(
        "`postern` sets up a site, shows what came in by mail and why it went where it went, and works on tickets. Listings are \
         tables on a terminal and complete, one line each, in a pipe; `--json` prints JSON for scripts. Begin with `postern init`.",
    );
    page.heading("GROUPS OF VERBS");
    for group in groups {
        let name = vec![bold(format!("postern {}", group.get_name())), roman(" "), italic("verb")];
        page.entry(name, &format!("{}. See `postern-{}`(1).", about(group).trim_end_matches('.'), group.get_name()));
    }
    page.heading("VERBS");
    alone.iter().for_each(|verb| verb_part(&mut page, verb));
    ending(&mut page, parser);
    page
}

fn group_page(parser: &Command, group: &Command) -> Page {
    let mut page = Page::new(&format!("postern-{}", group.get_name()), 1, &about(group));
    let leaves = leaves(group);
    page.heading("SYNOPSIS");
    page.lines(&leaves.iter().map(|verb| usage(verb)).collect::<Vec<_>>());
    page.heading("DESCRIPTION");
    let whole = group.get_long_about().or(group.get_about()).map(ToString::to_string).unwrap_or_default();
    page.paragraph(&format!("{}.", whole.trim_end_matches('.')));
    page.paragraph("What holds for every verb, files and the environment are in `postern`(1).");
    page.heading("VERBS");
    leaves.iter().for_each(|verb| verb_part(&mut page, verb));
    ending(&mut page, parser);
    page
}

/// What stands at the end of every page.
fn ending(page: &mut Page, parser: &Command) {
    page.heading("OPTIONS OF EVERY VERB");
    page.paragraph("They may stand anywhere on the line.");
    parser.get_arguments().filter(|argument| argument.is_global_set()).for_each(|argument| entry(page, argument));
    page.entry(option("-h, --help", ""), "Print help, after any verb.");
    if page.name == "postern" {
        page.entry(option("-V, --version", ""), "Print the version.");
    }
    table(page, "EXIT STATUS", facts::EXIT);
    if page.name == "postern" {
        table(page, "ENVIRONMENT", facts::ENVIRONMENT);
        table(page, "FILES", facts::FILES);
    }
    let examples: Vec<_> = facts::EXAMPLES.iter().filter(|(name, ..)| *name == page.name).collect();
    if !examples.is_empty() {
        page.heading("EXAMPLES");
    }
    for (_, purpose, line) in examples {
        page.paragraph(purpose);
        page.example(line);
    }
}

fn table(page: &mut Page, title: &str, facts: &[Fact]) {
    page.heading(title);
    facts.iter().for_each(|(name, meaning)| page.entry(option(name, ""), meaning));
}

/// A verb: how it is written, what it does, its arguments and options.
fn verb_part(page: &mut Page, verb: &Command) {
    page.part(&bin_name(verb));
    page.lines(&[usage(verb)]);
    page.paragraph(&verb.get_long_about().or(verb.get_about()).map(|text| full_stop(&text.to_string())).unwrap_or_default());
    own_arguments(verb).for_each(|argument| entry(page, argument));
    if let Some(more) = verb.get_after_long_help().or(verb.get_after_help()) {
        page.example(&more.to_string());
    }
}

fn entry(page: &mut Page, argument: &Arg) {
    page.entry(tag(argument), &meaning(argument));
}

fn tag(argument: &Arg) -> Vec<Inline> {
    let value =
        if argument.is_positional() || argument.get_action().takes_values() { placeholder(argument) } else { String::new() };
    if argument.is_positional() {
        return vec![italic(value)];
    }
    let short = argument.get_short().map(|short| format!("-{short}"));
    let long = argument.get_long().map(|long| format!("--{long}"));
    let names: Vec<String> = short.into_iter().chain(long).collect();
    option(&names.join(", "), &value)
}

fn placeholder(argument: &Arg) -> String {
    let names: Vec<&str> = argument.get_value_names().unwrap_or_default().iter().map(|name| name.as_str()).collect();
    let many = argument.get_num_args().is_some_and(|range| range.max_values() > 1) && names.len() < 2;
    format!("{}{}", names.join(" "), if many { "..." } else { "" })
}

fn meaning(argument: &Arg) -> String {
    let help = argument.get_long_help().or(argument.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut meaning = full_stop(&help);
    let words: Vec<String> = match argument.get_action().takes_values() && !argument.is_hide_possible_values_set() {
        true => {
            argument.get_possible_values().iter().filter(|v| !v.is_hide_set()).map(|v| format!("`{}`", v.get_name())).collect()
        }
        false => Vec::new(),
    };
    if !words.is_empty() {
        meaning.push_str(&format!(" One of {}.", words.join(", ")));
    }
    let defaults = argument.get_default_values();
    if !defaults.is_empty() && argument.get_action().takes_values() && !argument.is_hide_default_value_set() {
        let defaults: Vec<_> = defaults.iter().map(|value| value.to_string_lossy()).collect();
        meaning.push_str(&format!(" Default: {}.", defaults.join(" ")));
    }
    meaning
}

fn full_stop(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':', ']']) { text.to_owned() } else { format!("{text}.") }
}

/// Its usage line, the program and its verbs bold.
fn usage(verb: &Command) -> Vec<Inline> {
    let rendered = verb.clone().render_usage().to_string();
    let line = rendered.trim_start_matches("Usage:").split_whitespace().collect::<Vec<_>>().join(" ");
    let name = bin_name(verb);
    match line.strip_prefix(&name) {
        Some(rest) => vec![bold(name), roman(rest)],
        None => vec![roman(line)],
    }
}

fn bin_name(verb: &Command) -> String {
    verb.get_bin_name().unwrap_or(verb.get_name()).to_owned()
}

fn about(verb: &Command) -> String {
    verb.get_about().map(ToString::to_string).unwrap_or_default()
}

fn verbs(parser: &Command) -> impl Iterator<Item = &Command> {
    parser.get_subcommands().filter(|verb| verb.get_name() != "help" && !verb.is_hide_set())
}

/// The verbs of a group, those of groups within it too.
fn leaves(group: &Command) -> Vec<&Command> {
    verbs(group).flat_map(|verb| if verb.has_subcommands() { leaves(verb) } else { vec![verb] }).collect()
}

/// Positional arguments first; without those of every verb, and help and version.
fn own_arguments(verb: &Command) -> impl Iterator<Item = &Arg> {
    let own = |argument: &&Arg| {
        !argument.is_global_set() && !argument.is_hide_set() && !matches!(argument.get_id().as_str(), "help" | "version")
    };
    let (positional, options): (Vec<&Arg>, Vec<&Arg>) =
        verb.get_arguments().filter(own).partition(|argument| argument.is_positional());
    positional.into_iter().chain(options)
}
