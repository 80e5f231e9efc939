//! Templates of outgoing mail: header lines, an empty line, the text. Mail text is data for them, never a template.

mod filters;
mod language;
mod renderer;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, ValueKind};
use minijinja::{AutoEscape, Environment, Template, UndefinedBehavior, Value};
pub use renderer::Renderer;
use serde::Serialize;
use std::collections::HashSet;
use std::io;

/// Steps that a template may take before it is stopped; the longest of ours takes a few hundred.
const FUEL: u64 = 100_000;
/// The longest text that a template may make, in octets.
const MAX_OUTPUT: usize = 4 * 1024 * 1024;

/// What every template sees.
#[derive(Debug, Clone, Serialize)]
pub struct Scene<'a> {
    /// The site's name.
    pub site: &'a str,
    /// The name in this ticket's subject tags.
    pub tag: &'a str,
    /// The ticket.
    pub ticket: TicketScene<'a>,
    /// The queue.
    pub queue: QueueScene<'a>,
    /// Who did it.
    pub actor: PersonScene<'a>,
    /// Whether one of our people did it, or the program. With `actor` it says whose words these are: a mail to customers
    /// signs ours, and names whoever else wrote.
    pub by_staff: bool,
    /// Who gets this mail.
    pub recipient: PersonScene<'a>,
    /// What was written.
    pub text: &'a str,
    /// Lines that it leaves out because they look old, though nobody on the ticket knows them. None in mails to customers, who
    /// could do nothing about it.
    pub folded: usize,
    /// Names of the files that go with this mail.
    pub attachments: Vec<&'a str>,
    /// Names and sizes of files that are too large to go with it.
    pub left_out: Vec<&'a str>,
    /// What the event changed, in words.
    pub changes: Vec<String>,
    /// Whether it resolved the ticket.
    pub resolved: bool,
    /// Remarks of the program for staff, such as why a new ticket was opened.
    pub notes: Vec<&'a str>,
    /// Whether an answer to a mail may give commands.
    pub commands: bool,
    /// What customers last saw before, where the queue wants it under its answers; else empty.
    pub quote: QuoteScene,
    /// What was written on the ticket first and last before, where somebody is asked about it; else empty.
    pub about: Vec<QuoteScene>,
    /// What is done that the ticket waited for, or was made of.
    pub freed: FreedScene,
}

/// What is done that a ticket waited for, or was made of; named are tickets that the reader may see: `#5 "Order paper"`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FreedScene {
    /// Whether all its parts are done.
    pub whole: bool,
    /// The last of its parts.
    pub parts: Vec<String>,
    /// Whether nothing that it waited for is left.
    pub free: bool,
    /// The last that it waited for.
    pub waited_for: Vec<String>,
}

/// Earlier words under an answer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct QuoteScene {
    /// Who wrote them; empty where that is not known, or not said to customers.
    pub author: String,
    /// When.
    pub date: String,
    /// The words, each line quoted; empty: nothing is quoted.
    pub text: String,
}

/// A ticket in a template.
#[derive(Debug, Clone, Serialize)]
pub struct TicketScene<'a> {
    /// Number.
    pub number: u64,
    /// Subject.
    pub subject: &'a str,
    /// Status after the event.
    pub status: &'a str,
    /// Owner's name; empty: nobody.
    pub owner: &'a str,
    /// Priority.
    pub priority: i64,
    /// Requestors, named.
    pub requestors: Vec<String>,
    /// Ccs of ticket and queue, named: they get every answer too.
    pub cc: Vec<String>,
    /// Addresses whose last mail about the ticket did not arrive.
    pub undelivered: Vec<String>,
}

/// A queue in a template.
#[derive(Debug, Clone, Serialize)]
pub struct QueueScene<'a> {
    /// Name.
    pub name: &'a str,
    /// The name that customers see.
    pub display: &'a str,
    /// Where customers write.
    pub address: &'a str,
    /// Where staff write comments; empty: nowhere.
    pub comment_address: &'a str,
    /// Text under mails to customers; may be empty.
    pub signature: &'a str,
}

/// A person in a template.
#[derive(Debug, Clone, Serialize)]
pub struct PersonScene<'a> {
    /// Name, or the address where there is none.
    pub name: &'a str,
    /// Bare address; may be empty.
    pub address: &'a str,
}

/// What a template made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Subject, without tag.
    pub subject: String,
    /// Text, line ends `\n`, one at the end.
    pub text: String,
}

/// A template that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct DefaultTemplate {
    /// Its name.
    pub name: &'static str,
    /// Its language.
    pub language: &'static str,
    /// Its text.
    pub body: &'static str,
}

/// The templates of one language; each must be there in English.
macro_rules! defaults {
    ($($language:literal: $($name:literal)+;)+) => {
        &[$($(DefaultTemplate {
            name: $name,
            language: $language,
            body: include_str!(concat!("templates/", $language, "/", $name, ".txt")),
        },)+)+]
    };
}

/// The templates that come with the program.
pub const DEFAULTS: &[DefaultTemplate] = defaults! {
    "en": "acknowledgement" "new-ticket" "new-ticket-cc" "correspondence" "correspondence-staff" "comment" "resolved" "owner" "former-owner" "moved"
          "status" "undelivered" "forward" "approval" "approval-answer" "freed";
    "de": "acknowledgement" "new-ticket" "new-ticket-cc" "correspondence" "correspondence-staff" "comment" "resolved" "owner" "former-owner" "moved"
          "status" "undelivered" "forward" "approval" "approval-answer" "freed";
    "fr": "acknowledgement" "new-ticket" "new-ticket-cc" "correspondence" "correspondence-staff" "comment" "resolved" "owner" "former-owner" "moved"
          "status" "undelivered" "forward" "approval" "approval-answer" "freed";
    "es": "acknowledgement" "new-ticket" "new-ticket-cc" "correspondence" "correspondence-staff" "comment" "resolved" "owner" "former-owner" "moved"
          "status" "undelivered" "forward" "approval" "approval-answer" "freed";
};

/// The text of a default template: in this language (`de-at` is content with `de`), else in English.
pub fn default_template(name: &str, language: &str) -> Option<&'static str> {
    let general = language.split(['-', '_']).next().unwrap_or_default();
    let find = |wanted: &str| DEFAULTS.iter().find(|d| d.name == name && d.language.eq_ignore_ascii_case(wanted)).map(|d| d.body);
    find(language).or_else(|| find(general)).or_else(|| find("en"))
}

/// Renders a template.
///
/// # Errors
/// A sentence that says what is wrong and where.
pub fn render(template: &str, scene: &Scene<'_>) -> Result<Rendered, String> {
    language::check_template(template, &filters::names())?;
    let env = environment();
    fill(&env.template_from_str(template).map_err(|e| describe(&e))?, scene)
}

/// What a compiled template makes of a scene.
fn fill(compiled: &Template<'_, '_>, scene: &Scene<'_>) -> Result<Rendered, String> {
    let mut out = Output::default();
    match compiled.render_captured_to(Serde(scene), &mut out) {
        Err(_) if out.is_full => return Err(format!("the text is longer than {MAX_OUTPUT} octets")),
        Err(error) => return Err(describe(&error)),
        Ok(_) => {}
    }
    // Values and template are text, so is what becomes of them.
    split(&String::from_utf8_lossy(&out.octets))
}

/// Checks a template before it is kept: its syntax, and that it knows only names that exist, in branches too that the
/// sample does not take.
///
/// # Errors
/// A sentence that says what is wrong and where.
pub fn check(template: &str) -> Result<(), String> {
    language::check_template(template, &filters::names())?;
    let scene = sample();
    let env = environment();
    let compiled = env.template_from_str(template).map_err(|e| describe(&e))?;
    check_names(compiled.undeclared_variables(true), &Value::from(Serde(&scene)))?;
    render(template, &scene).map(|_| ())
}

/// The plain mail that leaves when a template fails: a notification is never lost to a template (A177).
pub fn fallback(scene: &Scene<'_>) -> Rendered {
    let text = if scene.text.is_empty() { String::new() } else { format!("\n{}\n", scene.text.trim_end()) };
    let line = format!("Ticket #{} in {}: {}\n", scene.ticket.number, scene.queue.display, scene.ticket.subject);
    Rendered { subject: scene.ticket.subject.to_owned(), text: line + &text }
}

/// Whether a condition holds. The empty condition always does. A name that is not among the facts is an error wherever it
/// stands: taken for false, a typing error would switch a rule off without a word.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn holds<S: Serialize>(condition: &str, facts: &S) -> Result<bool, String> {
    if condition.trim().is_empty() {
        return Ok(true);
    }
    language::check_expression(condition, &filters::names())?;
    let env = environment();
    let expression = env.compile_expression(condition).map_err(|e| describe(&e))?;
    let facts = Value::from(Serde(facts));
    check_names(expression.undeclared_variables(true), &facts)?;
    let value = expression.eval(facts).map_err(|e| describe(&e))?;
    if value.is_undefined() {
        return Err("its result is undefined".into());
    }
    Ok(value.is_true())
}

/// Checks that names, such as `ticket.number`, are among the values.
fn check_names(names: HashSet<String>, known: &Value) -> Result<(), String> {
    let exists = |name: &str| {
        let found =
            name.split('.').try_fold(known.clone(), |value, part| value.get_attr(part).ok().filter(|v| !v.is_undefined()));
        found.is_some()
    };
    // Sorted, so that the same template always has the same message.
    match names.into_iter().filter(|name| !exists(name)).min() {
        Some(unknown) => Err(format!("there is no '{unknown}'; known are {}", known_names("", known).join(", "))),
        None => Ok(()),
    }
}

/// The names of values and of what is in them: `site`, `ticket.number`.
fn known_names(prefix: &str, values: &Value) -> Vec<String> {
    let mut names = Vec::new();
    for key in values.try_iter().into_iter().flatten() {
        let name = format!("{prefix}{key}");
        match values.get_item(&key) {
            Ok(inner) if inner.kind() == ValueKind::Map => names.extend(known_names(&format!("{name}."), &inner)),
            _ => names.push(name),
        }
    }
    names
}

/// What a template wrote, as far as there is room: what stops here was never made.
#[derive(Debug, Default)]
struct Output {
    octets: Vec<u8>,
    is_full: bool,
}

impl io::Write for &mut Output {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        if self.octets.len() + octets.len() > MAX_OUTPUT {
            self.is_full = true;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.octets.extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn environment() -> Environment<'static> {
    let mut env = Environment::empty();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|_| AutoEscape::None);
    // This builder fails on clashing delimiters only, and these are the default ones.
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        env.set_syntax(syntax);
    }
    env.set_fuel(Some(FUEL));
    filters::add(&mut env);
    env
}

fn describe(error: &minijinja::Error) -> String {
    let line = error.line().map(|n| format!("line {n}: ")).unwrap_or_default();
    let detail = error.detail().map(|d| format!(": {d}")).unwrap_or_default();
    format!("{line}{}{detail}", error.kind())
}

/// Takes the header lines off: only Subject means something.
fn split(out: &str) -> Result<Rendered, String> {
    let (head, text) = out.split_once("\n\n").ok_or("no empty line between the header lines and the text")?;
    let mut subject = None;
    for line in head.lines() {
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("subject") => subject = Some(value.trim().to_owned()),
            _ => return Err(format!("header line '{line}': only Subject: can stand before the first empty line")),
        }
    }
    let subject = subject.ok_or("no Subject: line")?;
    Ok(Rendered { subject, text: format!("{}\n", text.trim_end()) })
}

fn sample() -> Scene<'static> {
    let person = PersonScene { name: "Carla Customer", address: "carla@customer.example" };
    Scene {
        site: "example.org",
        tag: "example.org",
        ticket: TicketScene {
            number: 1,
            subject: "Printer on fire",
            status: "open",
            owner: "Anna",
            priority: 50,
            requestors: vec!["Carla Customer <carla@customer.example>".into()],
            cc: vec!["dora@customer.example".into()],
            undelivered: vec!["dora@customer.example".into()],
        },
        queue: QueueScene {
            name: "support",
            display: "Example Support",
            address: "support@example.org",
            comment_address: "support-comment@example.org",
            signature: "Example Support",
        },
        actor: person.clone(),
        by_staff: false,
        recipient: person,
        text: "It burns.",
        folded: 2,
        attachments: vec!["fire.jpg"],
        left_out: vec!["film.mp4 (90.0 MB)"],
        changes: vec!["status: open -> resolved".into()],
        resolved: true,
        notes: vec!["A note."],
        commands: true,
        quote: QuoteScene { author: "Anna".into(), date: "2026-11-21 16:00 UTC".into(), text: "> Where?".into() },
        about: vec![QuoteScene { author: "Carla".into(), date: "2026-11-21 15:00 UTC".into(), text: "> It burns.".into() }],
        freed: FreedScene { free: true, waited_for: vec!["#5 \"Order paper\"".into()], ..FreedScene::default() },
    }
}

/// What conditions of rules see.
#[derive(Debug, Clone, Serialize)]
pub struct ConditionFacts<'a> {
    /// The rule's event, one of [`crate::rules::EVENTS`].
    pub event: &'a str,
    /// Class of the mail, such as `human`.
    pub class: &'a str,
    /// Whether the mail is automatic.
    pub automatic: bool,
    /// Whether the sender may get an automatic answer.
    pub answerable: bool,
    /// Whether the sender says to be of the staff.
    pub by_staff: bool,
    /// Name of the ticket's queue.
    pub queue: &'a str,
    /// The ticket's status after the event.
    pub status: &'a str,
    /// Whether somebody owns the ticket.
    pub owned: bool,
    /// Addresses whose last mail about the ticket did not arrive.
    pub undelivered: &'a [String],
}

/// A sample of what conditions see: for checking them when they are saved.
pub fn sample_condition_facts() -> ConditionFacts<'static> {
    ConditionFacts {
        event: "create",
        class: "human",
        automatic: false,
        answerable: true,
        by_staff: false,
        queue: "support",
        status: "new",
        owned: false,
        undelivered: &[],
    }
}

#[cfg(test)]
#[path = "templates/tests.rs"]
mod default_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a177_faults_are_found_when_a_template_is_checked() {
        let cases = [
            ("Subject: x\n\n{{ tiket.number }}", "there is no 'tiket.number'; known are "),
            ("Subject: x\n\n{{ ticket.nummer }}", "there is no 'ticket.nummer'"),
            ("Subject: x\n\n{% if not text %}{{ nosuch }}{% endif %}", "there is no 'nosuch'"),
            ("Subject: x\n\n{% if not text %}{{ queue.nosuch|upper }}{% endif %}", "there is no 'queue.nosuch'"),
            ("Subject: x\n\n{% for note in notes %}{{ note }}{% endfor %}{{ note }}", "there is no 'note'"),
            ("Subject: x\n\n{% if not text %}{{ text|nosuch }}{% endif %}", "there is no filter 'nosuch'"),
            ("Subject: x\n\n{{ text.upper() }}", "there is no 'text.upper'"),
            ("Subject: x\n\n{% if %}", "line 3"),
            ("no subject\n\ntext", "only Subject:"),
            ("Subject: x", "no empty line"),
            ("Subject: x\n\n{% for a in range(10000000) %}x{% endfor %}", "there is no 'range'"),
        ];
        for (template, expected) in cases {
            let error = check(template).unwrap_err();
            assert!(error.contains(expected), "{template:?} gave {error:?}, expected {expected:?}");
        }
    }

    #[test]
    fn mail_text_is_never_a_template() {
        let mut scene = sample();
        scene.text = "{{ ticket.number }} {% raise %}";
        let rendered = render("Subject: s\n\n{{ text }}", &scene).unwrap();
        assert_eq!(rendered.text, "{{ ticket.number }} {% raise %}\n");
    }

    #[test]
    fn an_unknown_name_is_answered_with_those_that_exist() {
        let error = check("Subject: x\n\n{{ nosuch }}").unwrap_err();
        for name in
            ["site", "ticket.number", "ticket.requestors", "queue.comment_address", "actor.name", "recipient.address", "notes"]
        {
            assert!(error.contains(name), "{name} in {error}");
        }
    }

    #[test]
    fn nothing_can_be_made_large() {
        let mut scene = sample();
        let lines = "\n".repeat(MAX_OUTPUT / 8);
        let long = "x".repeat(MAX_OUTPUT / 2 - 100);
        scene.attachments = vec!["a"; 100_000];
        for (template, said, text) in [
            ("{{ text|indent(400000000) }}", "at most 80", "x"),
            ("{{ text|indent(width=400000000) }}", "at most 80", "x"),
            ("{{ text|indent(80, true, true) }}", "longer than", &lines),
            ("{{ attachments|join(text) }}", "longer than", &lines),
            ("{{ text }}{{ text }}{{ text }}", "longer than", &long),
            ("{% for a in attachments %}{{ text }}{% endfor %}", "longer than", &long),
            ("{% for a in attachments %}{% for b in attachments %}{{ a|length }}{% endfor %}{% endfor %}", "fuel", "x"),
            ("{{ 'x' * 1000000 }}", "'*' cannot be used", "x"),
            ("{{ '%s'|format(text) }}", "no filter 'format'", "x"),
        ] {
            scene.text = text;
            let error = render(&format!("Subject: s\n\n{template}"), &scene).unwrap_err();
            assert!(error.contains(said), "{template:?} gave {error:?}, expected {said:?}");
        }
        scene.text = &long;
        assert!(render("Subject: s\n\n{{ text }}{{ text }}", &scene).is_ok(), "what fits is sent");
    }

    #[test]
    fn filters_do_what_they_say() {
        for (template, text) in [
            ("{{ attachments|join(', ') }}", "fire.jpg\n"),
            ("{{ ticket.requestors|join }}", "Carla Customer <carla@customer.example>\n"),
            ("{{ text|upper }}{{ text|lower }} {{ text|length }}", "IT BURNS.it burns. 9\n"),
            ("{{ '' |default('none', true) }}", "none\n"),
            ("{{ ' a ' | trim }}|", "a|\n"),
            ("> {{ 'a\\nb' | indent(2) }}", "> a\n  b\n"),
            (".{{ 'a\\n\\nb'|indent(width=1, first=true) }}", ". a\n\n b\n"),
        ] {
            assert_eq!(render(&format!("Subject: s\n\n{template}"), &sample()).unwrap().text, text, "{template}");
        }
    }

    #[test]
    fn conditions() {
        let facts = sample_condition_facts();
        for (condition, expected) in [
            ("", true),
            (" ", true),
            ("answerable", true),
            ("answerable and not automatic", true),
            ("class == 'list'", false),
            ("queue in ['support', 'noc'] and status|length == 3", true),
        ] {
            assert_eq!(holds(condition, &facts), Ok(expected), "{condition}");
        }
        for (condition, said) in [
            ("answerabel", "there is no 'answerabel'; known are event, class, automatic, answerable, by_staff, queue, status"),
            ("answerable or nosuch", "there is no 'nosuch'"),
            ("answerable and (status|length == 3 or nosuch)", "there is no 'nosuch'"),
            ("answerable or nosuch()", "there is no 'nosuch'"),
            ("answerable or queue.name", "there is no 'queue.name'"),
            ("answerable or queue|nosuch", "there is no filter 'nosuch'"),
            ("queue[100]", "undefined"),
            ("answerable and", "unexpected end"),
            ("'x' * 100000000 == queue", "'*' cannot be used"),
        ] {
            let error = holds(condition, &facts).unwrap_err();
            assert!(error.contains(said), "{condition:?} gave {error:?}, expected {said:?}");
        }
    }
}
