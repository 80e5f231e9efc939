//! `postern rule`, `template` and `key`: every verb, by the built program.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::{Value, json};
use support::{Site, assert_fails};

/// The sample site with a second queue.
fn site() -> Site {
    let site = Site::new();
    site.text(&["queue", "add", "noc", "address=noc@example.org", "language=de"]);
    site
}

fn rule(site: &Site, name: &str, queue: Option<&str>) -> Value {
    let mut arguments = vec!["rule", "list"];
    arguments.extend(queue.into_iter().flat_map(|queue| ["--queue", queue]));
    let rules = site.json(&arguments);
    rules.as_array().unwrap().iter().find(|rule| rule["name"] == name).unwrap().clone()
}

fn changes(site: &Site, arguments: &[&str]) -> Value {
    let dry = site.json(&[arguments, &["--dry-run"]].concat());
    let done = site.json(arguments);
    assert_eq!(dry["changes"], done["changes"], "{arguments:?}");
    assert_eq!(site.json(arguments)["changes"], json!([]), "{arguments:?} a second time");
    done["changes"].clone()
}

#[test]
fn rules_are_listed_in_their_order_with_what_decides() {
    let site = site();
    let text = site.text(&["rule", "list", "--queue", "noc"]);
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(head, ["RULE", "RUNS", "WHY", "ON", "WHEN", "NOTIFY", "TEMPLATE", "FROM"]);
    let first: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(first[..3], ["acknowledge", "yes", "on"]);
    let added =
        ["rule", "add", "tell anna", "on=create", "notify=owner,admincc", "audience=staff", "template=new-ticket", "queue=noc"];
    assert_eq!(changes(&site, &added), json!(["rule tell anna: added"]));
    let rules = site.json(&["rule", "list"]);
    assert_eq!(
        (&rules[0]["name"], &rules[0]["origin"], &rules[1]["origin"]),
        (&json!("tell anna"), &json!("site"), &json!("postern"))
    );
    assert_eq!(rule(&site, "tell anna", Some("support"))["why"], "for queue 'noc' alone");
    assert_eq!(rule(&site, "tell anna", Some("noc"))["runs"], true);
    assert_eq!(site.json(&["rule", "show", "tell anna"])["notify"], json!(["admincc", "owner"]));
    for verb in ["enable", "disable"] {
        let elsewhere = site.run(&["rule", verb, "tell anna", "--queue", "support"]);
        assert_fails(&elsewhere, 1, "the rule \"tell anna\" is for queue 'noc' alone; `postern rule edit");
    }
    assert!(site.text(&["rule", "show", "tell anna"]).contains("why       for queue 'noc' alone\n"));
}

#[test]
fn rules_are_enabled_and_disabled_everywhere_and_in_one_queue() {
    let site = site();
    let ack = |queue: Option<&str>| {
        let rule = rule(&site, "acknowledge", queue);
        (rule["runs"].as_bool().unwrap(), rule["why"].as_str().unwrap().to_owned())
    };
    let stands = "rule acknowledge: stands in for the one that comes with Postern: enabled true -> false";
    assert_eq!(changes(&site, &["rule", "disable", "acknowledge"]), json!([stands]));
    assert_eq!(ack(None), (false, "enabled = false".to_owned()));
    assert_eq!(changes(&site, &["rule", "enable", "acknowledge", "--queue", "noc"]), json!(["queue noc: rules_on +acknowledge"]));
    assert_eq!(ack(Some("noc")), (true, "rules_on of queue 'noc'".to_owned()));
    assert_eq!(ack(None), (false, "enabled = false, but on in noc".to_owned()));
    let moved = json!(["queue noc: rules_off +acknowledge", "queue noc: rules_on -acknowledge"]);
    assert_eq!(changes(&site, &["rule", "disable", "acknowledge", "--queue", "noc"]), moved);
    assert_eq!(
        changes(&site, &["rule", "enable", "acknowledge"]),
        json!(["rule acknowledge: back to the one that comes with Postern"])
    );
    assert_eq!(ack(Some("noc")), (false, "rules_off of queue 'noc'".to_owned()));
    assert_eq!(ack(Some("support")), (true, "on".to_owned()));
    assert_eq!(ack(None), (true, "on, but not in noc".to_owned()));
    // A queue that follows the site again says nothing.
    assert_eq!(
        changes(&site, &["rule", "enable", "acknowledge", "--queue", "noc"]),
        json!(["queue noc: rules_off -acknowledge"])
    );
    assert!(!site.text(&["export"]).contains("rules_o"));
}

#[test]
fn rules_are_changed_key_by_key_those_of_postern_too() {
    let site = site();
    let changed = changes(&site, &["rule", "edit", "acknowledge", "when=answerable and queue != 'noc'", "notify+=cc"]);
    assert_eq!(changed, json!(["rule acknowledge: stands in for the one that comes with Postern: when changed; notify +cc"]));
    assert_eq!(changes(&site, &["rule", "edit", "acknowledge", "notify-=cc"]), json!(["rule acknowledge: notify -cc"]));
    assert_eq!(rule(&site, "acknowledge", None)["origin"], "site");
    for (arguments, said) in [
        (
            &["rule", "edit", "acknowledge", "when=answerabel"][..],
            "rule acknowledge: key 'rule.when': there is no 'answerabel'; known are",
        ),
        (
            &["rule", "edit", "acknowledge", "notify=requester"],
            "key 'rule.notify': \"requester\" is not known here; write notify = ",
        ),
        (
            &["rule", "edit", "acknowledge", "audience=staff"],
            "key 'rule.audience': audience 'staff' is for owner and admincc; use",
        ),
        (&["rule", "edit", "acknowledge", "template=nosuch"], "key 'rule.template': there is no template \"nosuch\""),
        (&["rule", "edit", "acknowledge", "queue=nok"], "key 'rule.queue': there is no queue \"nok\"; did you mean 'noc'?"),
        (&["rule", "edit", "comment-to-staff", "notify+=requestor"], "comments never reach customers"),
        (&["rule", "edit", "acknowlege", "when="], "there is no rule \"acknowlege\"; did you mean 'acknowledge'?"),
        (
            &["rule", "add", "acknowledge", "on=create"],
            "the rule \"acknowledge\" is there already, and says something else; `postern rule edit acknowledge`",
        ),
        (&["rule", "add", "new"], "rule new: key 'rule.on': it is missing"),
        (&["rule", "enable", "acknowlege"], "there is no rule \"acknowlege\"; did you mean"),
        (&["rule", "disable", "acknowlege", "--queue", "noc"], "there is no rule \"acknowlege\"; did you mean"),
        (&["rule", "disable", "acknowledge", "--queue", "nok"], "there is no queue \"nok\"; did you mean 'noc'?"),
        (&["rule", "show", "acknowlege"], "there is no rule \"acknowlege\"; did you mean"),
        (&["rule", "show", "acknowledge", "--queue", "nok"], "there is no queue \"nok\"; did you mean"),
        (&["rule", "list", "--queue", "nok"], "there is no queue \"nok\"; did you mean"),
    ] {
        assert_fails(&site.run(arguments), 1, said);
        assert_fails(&site.run(&[arguments, &["--json"]].concat()), 1, said);
    }
    assert_fails(&site.run(&["rule", "edit", "acknowledge"]), 2, "nothing says what to change");
}

#[test]
fn what_a_change_does_elsewhere_is_told() {
    let site = site();
    let narrowed = "rule acknowledge now runs in queue noc only; the one that comes with Postern no longer runs elsewhere";
    assert_eq!(site.json(&["rule", "edit", "acknowledge", "queue=noc"])["warnings"], json!([narrowed]));
    assert_eq!(site.json(&["rule", "edit", "acknowledge", "when="])["warnings"], json!([]));
    let queue = ["queue", "edit", "noc", "admincc+=zoe"];
    assert_fails(&site.run(&queue), 1, "there is no login \"zoe\"; `postern person add zoe email=…` makes one");
}

fn write(site: &Site, text: &str) {
    std::fs::write(site.path("t.txt"), text).unwrap();
}

#[test]
fn templates_are_written_shown_and_reset_by_queue_and_language() {
    let site = site();
    let show = |arguments: &[&str]| site.text(&[&["template", "show", "comment"], arguments].concat());
    let postern = show(&[]);
    assert!(postern.starts_with("Subject: "), "{postern}");
    let edit = |text: &str, arguments: &[&str]| {
        write(&site, text);
        changes(&site, &[&["template", "edit", "comment", "--file", "t.txt"], arguments].concat())
    };
    assert_eq!(edit("Subject: a\n\nall\n", &[]), json!(["template comment: added"]));
    let wide = "template resolved is for every language: it stands in for Postern's texts in de, fr, es, too";
    let resolved = site.json(&["template", "edit", "resolved", "--file", "t.txt"]);
    assert_eq!(resolved["warnings"], json!([wide]));
    site.text(&["template", "reset", "resolved"]);
    assert_eq!(edit("Subject: a\n\nGerman\n", &["--language", "DE"]), json!(["template comment in de: added"]));
    assert_eq!(edit("Subject: a\n\nNOC\n", &["--queue", "noc"]), json!(["template comment for noc: added"]));
    assert_eq!(edit("Subject: a\n\nNOC!\n", &["--queue", "noc"]), json!(["template comment for noc: body changed"]));
    assert_eq!(show(&[]), "Subject: a\n\nall\n");
    assert_eq!(show(&["--language", "de"]), "Subject: a\n\nGerman\n");
    assert_eq!(show(&["--queue", "noc"]), "Subject: a\n\nNOC!\n", "the queue counts before the language");
    assert_eq!(show(&["--queue", "support"]), "Subject: a\n\nall\n");
    let reset = changes(&site, &["template", "reset", "comment", "--queue", "noc"]);
    assert_eq!(reset, json!(["template comment for noc: deleted"]));
    assert_eq!(show(&["--queue", "noc"]), "Subject: a\n\nGerman\n", "noc writes German");
    let listed = site.json(&["template", "list"]);
    let comments: Vec<&Value> = listed.as_array().unwrap().iter().filter(|template| template["origin"] == "site").collect();
    assert_eq!(
        comments,
        [
            &json!({"name": "comment", "queue": null, "language": null, "origin": "site", "replaces": true,
                    "replaced": ["en", "fr", "es"]}),
            &json!({"name": "comment", "queue": null, "language": "de", "origin": "site", "replaces": true, "replaced": ["de"]})
        ]
    );
    assert!(site.text(&["template", "list"]).contains("site, in the place of postern's in en, fr, es\n"));
    assert_eq!(changes(&site, &["template", "reset", "comment"]), json!(["template comment: deleted"]));
    assert_eq!(show(&[]), postern);
    assert_eq!(site.json(&["template", "show", "comment"])["origin"], "postern");
}

#[test]
fn templates_for_rules_of_ones_own_are_new_on_purpose() {
    let site = site();
    write(&site, "Subject: {{ ticket.subject }}\n\n{{ text }}\n");
    let edit = ["template", "edit", "boss", "--file", "t.txt"];
    assert_fails(&site.run(&edit), 1, "there is no template \"boss\"; `postern template list` shows what is there");
    assert_eq!(changes(&site, &[&edit[..], &["--new"]].concat()), json!(["template boss: added"]));
    let added = ["rule", "add", "tell", "on=create", "notify=owner", "audience=staff", "template=boss"];
    assert_eq!(changes(&site, &added), json!(["rule tell: added"]));
    assert_fails(&site.run(&["template", "reset", "boss"]), 1, "rule tell: key 'rule.template': there is no template \"boss\"");
    // Only in one language it would be there for some and not for others.
    assert_eq!(changes(&site, &[&edit[..], &["--language", "de"]].concat()), json!(["template boss in de: added"]));
    assert_fails(&site.run(&["template", "reset", "boss"]), 1, "the template \"boss\" is there in de only; add one");
}

#[test]
fn bad_templates_are_refused_with_the_place() {
    let site = site();
    for (text, said) in [
        ("Subject: x\n\n{{ nosuch }}", "line 3: there is no 'nosuch'; known are"),
        ("Subject: x\n\n{% if %}", "line 3"),
        ("no subject", "no empty line"),
    ] {
        write(&site, text);
        assert_fails(&site.run(&["template", "check", "t.txt"]), 1, said);
        assert_fails(
            &site.run(&["template", "edit", "comment", "--file", "t.txt"]),
            1,
            "template comment: key 'template.body': ",
        );
        assert_fails(&site.run(&["template", "edit", "comment", "--file", "t.txt"]), 1, said);
    }
    write(&site, "Subject: x\n\ny\n");
    assert_eq!(site.text(&["template", "check", "t.txt"]), "t.txt: a good template\n");
    assert_eq!(site.json(&["template", "check", "t.txt"]), json!({"file": "t.txt", "good": true}));
    let stdin = site.run_with(&["template", "check", "-"], b"Subject: x\n\ny\n");
    assert_eq!(stdin.stdout, b"standard input: a good template\n");
    for (arguments, status, said) in [
        (&["template", "edit", "comment"][..], 2, "there is no terminal for an editor; give the text with --file FILE"),
        (
            &["template", "edit", "comment", "--file", "t.txt", "--queue", "nok"],
            1,
            "there is no queue \"nok\"; did you mean 'noc'?",
        ),
        (
            &["template", "edit", "comment", "--file", "t.txt", "--language", "german"],
            1,
            "key 'template.language': \"german\" is no language",
        ),
        (&["template", "edit", "comment", "--file", "nosuch.txt"], 1, "reading nosuch.txt failed"),
        (&["template", "show", "coment"], 1, "there is no template \"coment\"; did you mean 'comment'?"),
        (&["template", "show", "comment", "--queue", "nok"], 1, "there is no queue \"nok\"; did you mean 'noc'?"),
        (&["template", "reset", "coment"], 1, "there is no template \"coment\"; did you mean 'comment'?"),
        (&["template", "reset", "comment", "--queue", "nok"], 1, "there is no queue \"nok\"; did you mean 'noc'?"),
    ] {
        assert_fails(&site.run(arguments), status, said);
    }
}

#[test]
fn keys_are_listed_rotated_and_retired() {
    let site = Site::new();
    let list = || -> Vec<(String, bool, bool)> {
        let keys = site.json(&["key", "list"]);
        let one = |key: &Value| (key["id"].as_str().unwrap().to_owned(), key["signs"] == true, key["retired"] != Value::Null);
        keys.as_array().unwrap().iter().map(one).collect()
    };
    let key = |id: &str, signs, retired| (id.to_owned(), signs, retired);
    assert_eq!(list(), [key("k1", true, false)]);
    let dry = site.json(&["key", "rotate", "--dry-run"]);
    assert_eq!(
        dry,
        json!({"applied": false, "changes": ["key k2: added, signs from now on; still accepted: k1"], "warnings": []})
    );
    assert_eq!(list().len(), 1);
    assert_eq!(site.text(&["key", "rotate"]), "key k2: added, signs from now on; still accepted: k1\n");
    // Also after the clock was set back the new one signs.
    site.fill(&["UPDATE signing_key SET created = 9000000000000000 WHERE id = 'k2'"]);
    site.text(&["key", "rotate"]);
    assert_eq!(list(), [key("k3", true, false), key("k2", false, false), key("k1", false, false)]);
    assert_fails(
        &site.run(&["key", "retire", "k3"]),
        1,
        "key k3 signs what leaves now; `postern key rotate` makes another first",
    );
    assert_fails(&site.run(&["key", "retire", "k9"]), 1, "there is no key \"k9\"; `postern key list` shows them");
    assert_fails(&site.run(&["key", "retire"]), 2, "<ID>");
    let retired = changes(&site, &["key", "retire", "k1"]);
    assert_eq!(retired, json!(["key k1: retired, no longer accepted"]));
    assert_eq!(list()[2], key("k1", false, true));
    let text = site.text(&["key", "list"]);
    let states: Vec<&str> = text.lines().map(|line| line.split_whitespace().nth(1).unwrap()).collect();
    assert_eq!(states, ["STATE", "signs", "accepted", "retired"]);
    for output in [text, site.json(&["key", "list"]).to_string()] {
        assert!(!output.contains("secret"), "{output}");
    }
    site.fill(&["UPDATE signing_key SET id = 'k999' WHERE id = 'k3'"]);
    assert_fails(&site.run(&["key", "rotate"]), 1, "there have been 999 keys");
}
