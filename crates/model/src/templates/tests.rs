//! The templates that come with the program: whole in every language, and well laid out whatever a mail has to tell.

use super::*;
use std::collections::BTreeSet;

/// Languages that have every template.
const LANGUAGES: &[&str] = &["en", "de", "fr", "es"];
/// The longest line of our own words.
const WIDTH: usize = 78;

/// Names of the default templates in a language.
fn names(language: &str) -> BTreeSet<&'static str> {
    DEFAULTS.iter().filter(|d| d.language == language).map(|d| d.name).collect()
}

/// The values that a template uses.
fn used(body: &str) -> BTreeSet<String> {
    let env = environment();
    env.template_from_str(body).unwrap().undeclared_variables(true).into_iter().collect()
}

#[test]
fn defaults_are_valid() {
    for DefaultTemplate { name, language, body } in DEFAULTS {
        check(body).unwrap_or_else(|e| panic!("{name} ({language}): {e}"));
        assert!(LANGUAGES.contains(language) && default_template(name, "en").is_some(), "{name} ({language})");
    }
}

#[test]
fn every_language_has_every_template_and_every_fact_in_it() {
    for language in LANGUAGES {
        assert_eq!(names(language), names("en"), "{language}");
        for name in names(language) {
            let (ours, english) = (default_template(name, language).unwrap(), default_template(name, "en").unwrap());
            assert_eq!(used(ours), used(english), "{name} ({language})");
            assert_eq!(ours.lines().next(), english.lines().next(), "{name} ({language}): mail programs thread by the subject");
            assert_eq!(ours == english, *language == "en", "{name} ({language}) is a translation");
        }
    }
}

#[test]
fn a_language_stands_for_its_regions_and_english_for_the_others() {
    let of = |language| default_template("resolved", language).unwrap();
    assert_eq!((of("de-AT"), of("pt")), (of("de"), of("en")));
    assert!(of("DE").contains("Guten Tag") && of("fr_CA").contains("Bonjour") && of("es").contains("Hola"));
}

/// A scene with the least that there can be, in words so short that what is wide is ours.
fn least() -> Scene<'static> {
    let nobody = PersonScene { name: "", address: "" };
    Scene {
        site: "s",
        tag: "t",
        ticket: TicketScene {
            number: 1,
            subject: "u",
            status: "new",
            owner: "",
            priority: 0,
            requestors: Vec::new(),
            cc: Vec::new(),
            undelivered: Vec::new(),
        },
        queue: QueueScene { name: "q", display: "Q", address: "q@b", comment_address: "", signature: "" },
        actor: nobody,
        by_staff: false,
        recipient: PersonScene { name: "r@b", address: "r@b" },
        text: "",
        folded: 0,
        attachments: Vec::new(),
        left_out: Vec::new(),
        changes: Vec::new(),
        resolved: false,
        notes: Vec::new(),
        commands: false,
        quote: QuoteScene::default(),
        about: Vec::new(),
        freed: FreedScene::default(),
    }
}

/// What a mail may have to tell, one thing each.
const TURNS: &[fn(&mut Scene<'static>)] = &[
    |s| s.ticket.requestors = vec!["R <r@b>".into()],
    |s| s.ticket.requestors = vec!["R <r@b>".into(), "m@b".into()],
    |s| s.ticket.cc = vec!["D <d@b>".into()],
    |s| s.ticket.cc = vec!["d@b".into(), "e@b".into()],
    |s| s.ticket.owner = "O",
    |s| s.ticket.priority = 5,
    |s| s.queue.comment_address = "c@b",
    |s| s.queue.signature = "Q team\nhttps://b\n",
    |s| s.actor = PersonScene { name: "A", address: "a@b" },
    |s| s.actor = PersonScene { name: "a@b", address: "a@b" },
    |s| s.by_staff = true,
    |s| s.recipient = PersonScene { name: "R", address: "r@b" },
    |s| s.text = "\nOne.\n\n    two\n",
    |s| s.folded = 1,
    |s| s.folded = 12,
    |s| s.attachments = vec!["f", "g"],
    |s| s.left_out = vec!["h (1 MB)"],
    |s| s.about = vec![QuoteScene { author: "a".into(), date: "d".into(), text: "> One.".into() }; 2],
    |s| s.left_out = vec!["h (1 MB)", "i (2 MB)"],
    |s| s.changes = vec!["status: new -> resolved".into(), "owner: nobody -> o".into()],
    |s| s.resolved = true,
    |s| s.notes = vec!["n", "m"],
    |s| s.commands = true,
    |s| (s.freed.free, s.freed.waited_for) = (true, vec!["#5 \"p\"".into()]),
    |s| s.freed.free = true,
    |s| (s.freed.whole, s.freed.parts) = (true, vec!["#5 \"p\"".into(), "#6 \"q\"".into()]),
    |s| s.freed.whole = true,
    |s| s.quote = QuoteScene { author: "A".into(), date: "2026-11-21 16:00 UTC".into(), text: "> w".into() },
    |s| s.quote = QuoteScene { author: String::new(), date: "2026-11-21 16:00 UTC".into(), text: "> w".into() },
    |s| s.quote = QuoteScene { author: "R".into(), date: "2026-11-21 16:00 UTC".into(), text: "> w\n>\n> v".into() },
];

/// Nothing, everything, and both with one thing or two turned.
fn scenes() -> Vec<Scene<'static>> {
    let mut all = Vec::new();
    for (i, one) in TURNS.iter().enumerate() {
        for (k, two) in TURNS.iter().enumerate().skip(i) {
            let (mut few, mut many) = (least(), least());
            one(&mut few);
            two(&mut few);
            TURNS.iter().enumerate().filter(|(n, _)| *n != i && *n != k).for_each(|(_, turn)| turn(&mut many));
            all.extend([few, many]);
        }
    }
    all.push(least());
    all
}

/// What is wrong with the layout of a text, if anything is.
fn fault(text: &str) -> Option<&'static str> {
    let lines: Vec<&str> = text.lines().collect();
    let footers: Vec<usize> = (0..lines.len()).filter(|i| lines[*i] == "-- ").collect();
    let [footer] = footers[..] else { return Some("one footer") };
    let ours = || lines.iter().filter(|line| **line != "-- ");
    match () {
        () if text.contains("\n\n\n") || text.starts_with('\n') || text.ends_with("\n\n") => Some("empty lines"),
        () if !lines[footer - 1].is_empty() || lines[footer + 1..].contains(&"") => {
            Some("an empty line before the footer, none in it")
        }
        () if ours().any(|line| line.trim_end() != *line || line.trim_start().contains("  ")) => Some("white space"),
        () if ours().any(|line| line.chars().count() > WIDTH) => Some("a line that is too long"),
        () if [" .", " ,", ",,", "()", "<>", "{", "}"].iter().any(|odd| text.contains(odd)) => Some("a gap"),
        () => None,
    }
}

#[test]
fn every_mail_is_well_laid_out_whatever_it_has_to_tell() {
    let scenes = scenes();
    for DefaultTemplate { name, language, body } in DEFAULTS {
        for scene in &scenes {
            let text = render(body, scene).unwrap_or_else(|e| panic!("{name} ({language}): {e}")).text;
            if let Some(fault) = fault(&text) {
                panic!("{name} ({language}), {fault}:\n{text}\nof {scene:#?}");
            }
        }
    }
}

/// The text of a default template in English.
#[track_caller]
fn english(name: &str, scene: &Scene<'_>) -> String {
    render(default_template(name, "en").unwrap(), scene).unwrap().text
}

#[test]
fn an_acknowledgement_speaks_of_a_message_only_where_there_was_one() {
    let mut scene = sample();
    assert!(english("acknowledgement", &scene).contains("we have received your message"));
    scene.by_staff = true;
    let by_phone = english("acknowledgement", &scene);
    assert!(by_phone.contains("we have opened ticket #1 for your request") && !by_phone.contains("message"), "{by_phone}");
}

#[test]
fn words_of_a_customer_are_neither_unsigned_nor_signed_by_us() {
    let mut scene = sample();
    scene.queue.signature = "Your friendly team";
    let customer = english("correspondence", &scene);
    assert!(customer.starts_with("Carla Customer wrote:\n\nIt burns.") && !customer.contains("friendly"), "{customer}");
    scene.by_staff = true;
    let ours = english("correspondence", &scene);
    assert!(ours.starts_with("It burns.\n") && ours.contains("-- \nYour friendly team\n"), "{ours}");
}

#[test]
fn a_mail_says_whom_an_answer_reaches() {
    let mut scene = sample();
    let says = |scene: &Scene<'_>, name: &str, words: &str| assert!(english(name, scene).contains(words), "{name}: {words}");
    for name in ["new-ticket", "correspondence-staff", "owner", "moved", "status", "undelivered", "freed"] {
        scene.ticket.cc = vec!["dora@customer.example".into()];
        says(&scene, name, "the requestor and those in Cc get your answer");
        scene.ticket.cc.clear();
        says(&scene, name, "the requestor gets your answer");
        let requestors = std::mem::take(&mut scene.ticket.requestors);
        says(&scene, name, "your answer to this mail reaches staff alone");
        scene.ticket.cc = vec!["dora@customer.example".into()];
        says(&scene, name, "those in Cc get your answer");
        scene.ticket.requestors = requestors;
    }
    says(&scene, "comment", "customers see neither this mail nor an answer to it");
    says(&scene, "correspondence", "Your answer goes to the others on this ticket too.");
    scene.ticket.cc.clear();
    assert!(!english("correspondence", &scene).contains("others"));
}
