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
    /// The languages whose texts of the program it is in the place of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<&'static str>,
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
    all.extend(site.templates.iter().map(|own| of_site(site, own)));
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
    let general = language.as_deref().and_then(general);
    let fits = |own: &&TemplateDefinition| {
        own.name == name
            && (own.queue.is_none() || own.queue.as_deref() == queue)
            && (own.language.is_none() || own.language == language || own.language.as_deref() == general)
    };
    // As the facts of a decision have it: the queue counts before the language, `de-at` before `de` before none.
    let distance = |own: &&TemplateDefinition| match &own.language {
        Some(own) if Some(own) == language.as_ref() => 0,
        Some(_) => 1,
        None => 2,
    };
    let own = site.templates.iter().filter(fits).min_by_key(|own| (own.queue.is_none(), distance(own)));
    if let Some(own) = own {
        return Ok(of_site(site, own));
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

/// The language of which another is a kind: `de` for `de-at`.
pub(crate) fn general(language: &str) -> Option<&str> {
    language.split(['-', '_']).next().filter(|general| !general.is_empty())
}

/// Checks the text of a template, as it is checked when a site is applied.
///
/// # Errors
/// A sentence that says what is wrong and where: it begins with the line, if there is one to name.
pub fn check_template(body: &str) -> Result<(), String> {
    postern_model::template::check(body).map_err(|wrong| match line_of(body, &wrong) {
        Some(line) => format!("line {line}: {wrong}"),
        None => wrong,
    })
}

/// The line that a mistake is about, where the sentence does not begin with it: that of the name or header line which it quotes.
fn line_of(body: &str, wrong: &str) -> Option<usize> {
    let quoted = |begin: &str, end: &str| Some(wrong.strip_prefix(begin)?.split_once(end)?.0.to_owned());
    if let Some(name) = quoted("there is no '", "'; ") {
        return body.lines().position(|line| mentions(line, &name)).map(|before| before + 1);
    }
    let header = quoted("header line '", "': ")?;
    body.lines().position(|line| line == header).map(|before| before + 1)
}

/// Whether a line has this name as a whole, and not as a part of another.
fn mentions(line: &str, name: &str) -> bool {
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(begin, found)| {
        let (before, after) = (&line[..begin], &line[begin + found.len()..]);
        !before.ends_with(|c| is_of_name(c) || c == '.') && !after.starts_with(is_of_name)
    })
}

/// The languages whose texts of the program a site's own template is in the place of: all that have one, if it names no language.
/// Those of which the site has one for itself, in the same queue or everywhere, are not among them.
pub(super) fn stands_in_for(site: &SiteDefinition, own: &TemplateDefinition) -> Vec<&'static str> {
    let nearer = |language: &str| {
        site.templates
            .iter()
            .any(|other| other.name == own.name && other.queue == own.queue && other.language.as_deref() == Some(language))
    };
    let fits = |text: &&DefaultTemplate| match &own.language {
        Some(language) => language == text.language,
        None => !nearer(text.language),
    };
    texts::all().iter().filter(|text| text.name == own.name).filter(fits).map(|text| text.language).collect()
}

fn of_program(text: &DefaultTemplate) -> TemplateInUse {
    TemplateInUse {
        name: text.name.to_owned(),
        queue: None,
        language: Some(text.language.to_owned()),
        origin: Origin::Postern,
        replaces: false,
        replaced: Vec::new(),
        body: text.body.to_owned(),
    }
}

fn of_site(site: &SiteDefinition, own: &TemplateDefinition) -> TemplateInUse {
    TemplateInUse {
        name: own.name.clone(),
        queue: own.queue.clone(),
        language: own.language.clone(),
        origin: Origin::Site,
        replaces: texts::names().contains(&own.name.as_str()),
        replaced: stands_in_for(site, own),
        body: own.body.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_has_its_line() {
        for (body, begins) in [
            (
                "Subject: x\n\n{{ ticket.numbers }}\n{{ ticket.number }} {{ recipient.nam }}\n",
                "line 4: there is no 'recipient.nam'",
            ),
            ("Subject: x\n\nticket.nam {{ recipient.nam }}", "line 3: "),
            ("Subject: x\nTo: y\n\nHello", "line 2: header line 'To: y'"),
            ("Subject: x\n\n{% if %}", "line 3: "),
        ] {
            let body = body.replace("{{ ticket.numbers }}", "recipient.name");
            let wrong = check_template(&body).unwrap_err();
            assert!(wrong.starts_with(begins), "{wrong}");
        }
        assert_eq!(check_template("Subject: x\n\nHello\n"), Ok(()));
    }

    #[test]
    fn a_text_without_language_is_in_the_place_of_those_without_one_of_their_own() {
        let own = |language: Option<&str>| TemplateDefinition {
            name: "acknowledgement".into(),
            language: language.map(str::to_owned),
            ..TemplateDefinition::default()
        };
        let mut site = SiteDefinition { templates: vec![own(None)], ..SiteDefinition::default() };
        assert_eq!(stands_in_for(&site, &own(None)), ["en", "de", "fr", "es"]);
        site.templates.push(own(Some("fr")));
        assert_eq!(stands_in_for(&site, &own(None)), ["en", "de", "es"]);
        assert_eq!(stands_in_for(&site, &own(Some("fr"))), ["fr"]);
        assert_eq!(stands_in_for(&site, &own(Some("nl"))), [""; 0]);
    }

    #[test]
    fn the_general_language_counts_before_none() {
        let own = |language: Option<&str>, body: &str| TemplateDefinition {
            name: "acknowledgement".into(),
            language: language.map(str::to_owned),
            body: body.into(),
            ..TemplateDefinition::default()
        };
        let site = SiteDefinition { templates: vec![own(None, "none"), own(Some("de"), "de")], ..SiteDefinition::default() };
        let used = |language| template_in_use(&site, "acknowledgement", None, Some(language)).unwrap().body;
        assert_eq!((used("de-at").as_str(), used("de").as_str(), used("fr").as_str()), ("de", "de", "none"));
    }
}
