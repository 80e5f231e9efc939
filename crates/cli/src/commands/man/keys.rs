//! Pages of the two files, made from the tables that read them.

use super::facts;
use super::page::Page;
use postern_core::config::{self, Form, Key, Section};
use postern_core::site;
use roff::{bold, italic, roman};

/// `postern.toml.5` and `site.toml.5`.
pub(super) fn pages() -> [Page; 2] {
    let mut machine = Page::new("postern.toml", 5, "what Postern must know of this machine");
    machine.heading("DESCRIPTION");
    machine.paragraph(
        "Where the database is, how mail leaves, how it comes in. `postern` and `postern-mailgate` read the file that `--config` \
         names, else $POSTERN_CONFIG, else /etc/postern/postern.toml. Relative paths are relative to the file. What is about the \
         organisation stands in `site.toml`(5).",
    );
    rest(&mut machine, config::SECTIONS, facts::POSTERN_TOML_EXAMPLE);
    let mut site = Page::new("site.toml", 5, "queues, people and rules of a Postern site");
    site.heading("DESCRIPTION");
    site.paragraph(
        "What is about the organisation. `postern apply` brings the database to what the file says, `postern apply --dry-run` only \
         shows what would change, and `postern export` prints what the database has in the same form. What is about the machine \
         stands in `postern.toml`(5).",
    );
    rest(&mut site, site::SECTIONS, facts::SITE_TOML_EXAMPLE);
    [machine, site]
}

fn rest(page: &mut Page, sections: &[Section], example: &str) {
    page.paragraph(
        "The form is TOML. Unknown keys and values of the wrong form are errors that name file, line and key; nothing is done \
         then. A section in two pairs of brackets may stand there any number of times.",
    );
    page.heading("SECTIONS");
    for section in sections {
        page.part(&if section.many { format!("[[{}]]", section.name) } else { format!("[{}]", section.name) });
        page.paragraph(section.help);
        section.keys.iter().for_each(|key| entry(page, key));
    }
    page.heading("EXAMPLES");
    page.example(example);
}

fn entry(page: &mut Page, key: &Key) {
    let form = if key.needed { format!("{}, needed", form(key.form)) } else { form(key.form) };
    let meaning = format!("{}\n\nExample: `{} = {}`", key.help, key.name, key.example);
    page.entry(vec![bold(key.name), roman(" = "), italic(form)], &meaning);
}

/// A form in words.
fn form(form: Form) -> String {
    match form {
        Form::Line => "text on one line".to_owned(),
        Form::Text => "text".to_owned(),
        Form::Name => "name (one line without [, ] and #)".to_owned(),
        Form::Login => "login (letters, digits, '.', '_' and '-')".to_owned(),
        Form::Language => "language (de, pt-br)".to_owned(),
        Form::Address => "mail address".to_owned(),
        Form::Addresses => "mail address, or a list of them".to_owned(),
        Form::Words => "word, or a list of them".to_owned(),
        Form::OneOf(words) => words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" | "),
        Form::AnyOf(words) => format!("some of {}", words.join(", ")),
        Form::SomeOf(words) => {
            format!("any of {}, \"group:NAME\"", words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", "))
        }
        Form::Flag => "true | false".to_owned(),
        Form::Number(low, high) => format!("number, {low} to {high}"),
        Form::Duration(low, high) => format!("length of time, {low} s to {high} s"),
        Form::Size(0) => "size".to_owned(),
        Form::Size(low) => format!("size, at least {low} octets"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_read_without_a_complaint() {
        let directory = tempfile::tempdir().unwrap();
        let machine = directory.path().join("postern.toml");
        std::fs::write(&machine, facts::POSTERN_TOML_EXAMPLE).unwrap();
        config::Config::read(&machine).unwrap();
        let organisation = directory.path().join("site.toml");
        std::fs::write(&organisation, facts::SITE_TOML_EXAMPLE).unwrap();
        site::read(&organisation).unwrap();
    }
}
