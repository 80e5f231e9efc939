//! Which templates there are, and which one is used where.

use postern_model::site::{SiteDefinition, TemplateDefinition};
use postern_model::template::DefaultTemplate;
use serde::Serialize;

use super::edit::EditError;
use super::texts;

/// Where a template comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The program.
    Postern,
    /// The site.
    Site,
}

/// A template that is used somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TemplateInUse {
    /// Its name.
    pub name: String,
    /// The queue that it is for; every queue when absent.
    pub queue: Option<String>,
    /// The language that it is for; every language when absent.
    pub language: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether it is in the place of one that comes with the program.
    pub replaces: bool,
    /// Its text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// Every template: those that come with the program as far as the site has none in their place, and the site's own. In the
/// order of the program's, then by name.
pub fn templates(site: &SiteDefinition) -> Vec<TemplateInUse> {
    let replaced = |text: &DefaultTemplate| {
        let fits = |own: &TemplateDefinition| own.language.as_deref().is_none_or(|language| language == text.language);
        site.templates.iter().any(|own| own.name == text.name && own.queue.is_none() && fits(own))
    };
    let mut all: Vec<TemplateInUse> = texts::all().iter().filter(|text| !replaced(text)).map(of_program).collect();
    all.extend(site.templates.iter().map(of_site));
    let names = texts::names();
    let place = |name: &str| names.iter().position(|known| *known == name).unwrap_or(names.len());
    all.sort_by(|one, other| {
        let key = |it: &TemplateInUse| (place(&it.name), it.name.clone(), it.queue.clone(), it.language.clone());
        key(one).cmp(&key(other))
    });
    all
}

/// The template that mail of this queue in this language is made with. Without a queue the one for every queue; without a
/// language the queue's, which is English where it says nothing.
///
/// # Errors
/// There is no such queue or template.
pub fn template_in_use(
    site: &SiteDefinition,
    name: &str,
    queue: Option<&str>,
    language: Option<&str>,
) -> Result<TemplateInUse, EditError> {
    let home = match queue {
        Some(queue) => Some(super::edit::queue(site, queue)?),
        None => None,
    };
    let language = language.map(str::to_ascii_lowercase).or_else(|| home.and_then(|queue| queue.language.clone()));
    let fits = |own: &&TemplateDefinition| {
        own.name == name
            && (own.queue.is_none() || own.queue.as_deref() == queue)
            && (own.language.is_none() || own.language == language)
    };
    // As the facts of a decision have it: the queue counts before the language.
    let own = site.templates.iter().filter(fits).min_by_key(|own| (own.queue.is_none(), own.language.is_none()));
    if let Some(own) = own {
        return Ok(of_site(own));
    }
    match texts::find(name, language.as_deref().unwrap_or(texts::LANGUAGE)) {
        Some(text) => Ok(of_program(&text)),
        None => {
            let own = site.templates.iter().map(|template| template.name.as_str());
            let known: Vec<&str> = texts::names().into_iter().chain(own).collect();
            Err(match known.contains(&name) {
                true => EditError::refused(
                    format!("the template {name:?} is not used there"),
                    "`postern template list` shows for which queues and languages it is",
                ),
                false => EditError::absent("template", name, known),
            })
        }
    }
}

/// Checks the text of a template, as it is checked when a site is applied.
///
/// # Errors
/// A sentence that says what is wrong and where.
pub fn check_template(body: &str) -> Result<(), String> {
    postern_model::template::check(body)
}

fn of_program(text: &DefaultTemplate) -> TemplateInUse {
    TemplateInUse {
        name: text.name.to_owned(),
        queue: None,
        language: Some(text.language.to_owned()),
        origin: Origin::Postern,
        replaces: false,
        body: text.body.to_owned(),
    }
}

fn of_site(own: &TemplateDefinition) -> TemplateInUse {
    TemplateInUse {
        name: own.name.clone(),
        queue: own.queue.clone(),
        language: own.language.clone(),
        origin: Origin::Site,
        replaces: texts::names().contains(&own.name.as_str()),
        body: own.body.clone(),
    }
}
