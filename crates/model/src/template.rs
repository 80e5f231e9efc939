//! Templates of outgoing mail: header lines, an empty line, the text. Mail text is data for them, never a template.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

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
    /// Who gets this mail.
    pub recipient: PersonScene<'a>,
    /// What was written.
    pub text: &'a str,
    /// Names of the files that came with it.
    pub attachments: Vec<&'a str>,
    /// What the event changed, in words.
    pub changes: Vec<String>,
    /// Remarks of the program for staff, such as why a new ticket was opened.
    pub notes: Vec<&'a str>,
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
    /// Requestors, named.
    pub requestors: Vec<String>,
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

/// The templates that come with the program, by name.
pub const DEFAULTS: &[(&str, &str)] = &[
    ("acknowledgement", include_str!("templates/acknowledgement.txt")),
    ("new-ticket", include_str!("templates/new-ticket.txt")),
    ("correspondence", include_str!("templates/correspondence.txt")),
    ("correspondence-staff", include_str!("templates/correspondence-staff.txt")),
    ("comment", include_str!("templates/comment.txt")),
];

/// The text of a default template.
pub fn default_template(name: &str) -> Option<&'static str> {
    DEFAULTS.iter().find(|(n, _)| *n == name).map(|(_, body)| *body)
}

/// Renders a template.
///
/// # Errors
/// A sentence that says what is wrong and where.
pub fn render(template: &str, scene: &Scene<'_>) -> Result<Rendered, String> {
    let env = environment();
    let out = env.render_str(template, Serde(scene)).map_err(|e| describe(&e))?;
    if out.len() > MAX_OUTPUT {
        return Err(format!("the text is longer than {MAX_OUTPUT} octets"));
    }
    split(&out)
}

/// Checks a template before it is kept: its syntax, and that it knows only names that exist.
///
/// # Errors
/// A sentence that says what is wrong and where.
pub fn check(template: &str) -> Result<(), String> {
    render(template, &sample()).map(|_| ())
}

/// The plain mail that leaves when a template fails: a notification is never lost to a template (A177).
pub fn fallback(scene: &Scene<'_>) -> Rendered {
    let text = if scene.text.is_empty() { String::new() } else { format!("\n{}\n", scene.text.trim_end()) };
    let line = format!("Ticket #{} in {}: {}\n", scene.ticket.number, scene.queue.display, scene.ticket.subject);
    Rendered { subject: scene.ticket.subject.to_owned(), text: line + &text }
}

/// Whether a condition holds. The empty condition always does.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn holds<S: Serialize>(condition: &str, facts: &S) -> Result<bool, String> {
    if condition.trim().is_empty() {
        return Ok(true);
    }
    let env = environment();
    let expression = env.compile_expression(condition).map_err(|e| describe(&e))?;
    expression.eval(Serde(facts)).map(|v: Value| v.is_true()).map_err(|e| describe(&e))
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
    env.add_filter("join", minijinja::filters::join);
    env.add_filter("upper", minijinja::filters::upper);
    env.add_filter("lower", minijinja::filters::lower);
    env.add_filter("trim", minijinja::filters::trim);
    env.add_filter("default", minijinja::filters::default);
    env.add_filter("length", minijinja::filters::length);
    env.add_filter("indent", minijinja::filters::indent);
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
            requestors: vec!["Carla Customer <carla@customer.example>".into()],
        },
        queue: QueueScene {
            name: "support",
            display: "Example Support",
            address: "support@example.org",
            comment_address: "support-comment@example.org",
            signature: "Example Support",
        },
        actor: person.clone(),
        recipient: person,
        text: "It burns.",
        attachments: vec!["fire.jpg"],
        changes: vec!["status: new -> open".into()],
        notes: vec!["A note."],
    }
}

/// The names that a condition may use, as a sample: for checking conditions when they are saved.
pub fn sample_condition_facts() -> minijinja::Value {
    context! { event => "create", class => "human", automatic => false, answerable => true, by_staff => false, queue => "support", status => "new" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid() {
        for (name, body) in DEFAULTS {
            check(body).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
    }

    #[test]
    fn a177_faults_are_found_when_a_template_is_checked() {
        let cases = [
            ("Subject: x\n\n{{ tiket.number }}", "undefined"),
            ("Subject: x\n\n{% if %}", "line 3"),
            ("no subject\n\ntext", "only Subject:"),
            ("Subject: x", "no empty line"),
            ("Subject: x\n\n{% for a in range(10000000) %}x{% endfor %}", "unknown function"),
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
    fn conditions() {
        let facts = sample_condition_facts();
        assert_eq!(holds("", &facts), Ok(true));
        assert_eq!(holds("answerable and not automatic", &facts), Ok(true));
        assert_eq!(holds("class == 'list'", &facts), Ok(false));
        assert!(holds("no_such_name", &facts).is_ok_and(|v| !v) || holds("no_such_name", &facts).is_err());
        assert!(holds("answerable and", &facts).is_err());
    }
}
