//! The texts that come with the program, as the rest of the site sees them: by name and language.
//!
//! The only place here that knows how the model keeps them.

use postern_model::template::{DEFAULTS, DefaultTemplate, default_template};

/// The language of mails where nobody asked for another.
pub(super) const LANGUAGE: &str = "en";

/// Every template that comes with the program.
pub(super) fn all() -> &'static [DefaultTemplate] {
    DEFAULTS
}

/// Their names, each once.
pub(super) fn names() -> Vec<&'static str> {
    let mut names = Vec::new();
    for text in all() {
        if !names.contains(&text.name) {
            names.push(text.name);
        }
    }
    names
}

/// The template that comes with the program which mail in this language is made with.
pub(super) fn find(name: &str, language: &str) -> Option<DefaultTemplate> {
    let body = default_template(name, language)?;
    all().iter().find(|text| text.name == name && text.body == body).copied()
}
