//! `postern person`, `queue` and `group`: every verb, by the built program.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::json;
use support::{Site, assert_fails, stderr};

/// The sample site, with a second person.
fn site() -> Site {
    let site = Site::new();
    site.text(&["person", "add", "ben", "email=Ben@example.org, ben@private.example", "role=staff"]);
    site
}

fn with_customer() -> Site {
    let site = site();
    site.fill(&[
        "INSERT INTO person (id, login, name, role, from_mail, disabled, created) VALUES (50, NULL, 'Karl' || char(27), 'guest', 1, 0, 0)",
        "INSERT INTO person_address (address, person_id, position) VALUES ('karl@new.example', 50, 0), ('\"k k\"@new.example', 50, 1)",
    ]);
    site
}

#[test]
fn people_are_added_listed_and_shown() {
    let site = Site::new();
    assert_eq!(
        site.json(&[
            "person",
            "add",
            "ben",
            "email=Ben@example.org,ben@private.example",
            "role=staff",
            "language=DE",
            "notify=mine"
        ]),
        json!({"applied": true, "changes": ["person ben: added"], "warnings": []})
    );
    assert_eq!(
        site.text(&["person", "list"]),
        "LOGIN  NAME         ADDRESSES                             ROLE   NOTIFY  LANGUAGE  STATE\n\
         anna   Anna Larsen  anna@example.org                      admin  all     -         -\n\
         ben    -            ben@example.org, ben@private.example  staff  mine    de        -\n"
    );
    let ben = json!({"login": "ben", "name": null, "email": ["ben@example.org", "ben@private.example"], "role": "staff",
                     "notify": "mine", "digest": null, "language": "de", "disabled": false, "suspended": []});
    assert_eq!(site.json(&["person", "list"])[1], ben);
    site.text(&["group", "add", "noc", "members=ben"]);
    site.text(&["queue", "edit", "support", "admincc+=group:noc"]);
    for who in ["ben", "BEN@private.example"] {
        let shown = site.json(&["person", "show", who]);
        assert_eq!((&shown["login"], &shown["groups"]), (&json!("ben"), &json!(["noc"])));
        assert_eq!(shown["queues"], json!([{"queue": "support", "role": "admincc"}]));
    }
    let text = site.text(&["person", "show", "ben"]);
    for line in
        ["login     ben\n", "email     ben@example.org, ben@private.example\n", "groups    noc\n", "queues    support admincc\n"]
    {
        assert!(text.contains(line), "{line:?} in {text}");
    }
}

#[test]
fn people_are_changed_key_by_key() {
    let site = site();
    let edit = |changes: &[&str]| {
        let mut all = vec!["person", "edit", "ben"];
        all.extend(changes);
        let preview = site.json(&[&all[..], &["--dry-run"]].concat());
        let done = site.json(&all);
        assert_eq!((&preview["applied"], &done["applied"]), (&json!(false), &json!(true)));
        assert_eq!(preview["changes"], done["changes"]);
        assert_eq!(site.json(&all)["changes"], json!([]), "a second time");
        done["changes"].clone()
    };
    assert_eq!(
        edit(&["name=Ben B.", "notify=none"]),
        json!(["person ben: name (none) -> Ben B.", "person ben: notify all -> none"])
    );
    assert_eq!(
        edit(&["email+=b@x.example", "email-=BEN@example.org"]),
        json!(["person ben: email ben@example.org, ben@private.example -> ben@private.example, b@x.example"])
    );
    assert_eq!(
        edit(&["name=", "language=pt-BR"]),
        json!(["person ben: name Ben B. -> (none)", "person ben: language (none) -> pt-br"])
    );
    assert_eq!(edit(&["disabled=true", "email="]).as_array().unwrap().len(), 2);
    let text = site.text(&["person", "edit", "ben", "role=guest", "--dry-run"]);
    assert_eq!(text, "person ben: role staff -> guest\nNothing was changed; leave --dry-run away to do it.\n");
    assert_eq!(site.text(&["person", "edit", "ben", "role=staff"]), "Nothing changes.\n");
    assert!(site.text(&["export"]).contains("language = \"pt-br\""));
}

#[test]
fn what_makes_no_sense_is_told_in_the_words_of_apply() {
    let site = site();
    for (arguments, said) in [
        (&["person", "edit", "ben", "emial=x"][..], "person ben: key 'person.emial': unknown key; did you mean 'email'?"),
        (&["person", "edit", "ben", "xyzzyx=1"], "unknown key; known here are login, name, email"),
        (&["person", "edit", "ben", "notify=some"], "key 'person.notify': \"some\" is not known here; write notify = \"all\""),
        (&["person", "edit", "ben", "language=german"], "key 'person.language': \"german\" is no language"),
        (&["person", "edit", "ben", "disabled=yes"], "key 'person.disabled': true or false is wanted, not text"),
        (&["person", "edit", "ben", "email=anna@example.org"], "it is an address of person 'anna'; an address belongs to one"),
        (&["person", "edit", "ben", "email+=support@example.org"], "it is the address of queue 'support'; mail to it would"),
        (&["person", "edit", "ben", "email="], "person ben: key 'person.email': it is missing; add a line like email ="),
        (&["person", "edit", "ben", "role+=staff"], "person ben: key 'role': it holds one value, not a list; write role=value"),
        (
            &["person", "edit", "ben", "login=benno"],
            "person ben: key 'person.login': it is what the person is known by; `postern export`",
        ),
        (&["person", "edit", "bem", "role=guest"], "there is no person \"bem\"; did you mean 'ben'?"),
        (&["person", "show", "nobody"], "there is no person \"nobody\"; `postern person list` shows what is there"),
        (&["person", "show", "x@y.example"], "nobody has the address x@y.example; `postern person list --all`"),
        (
            &["person", "add", "ben", "email=c@example.org"],
            "the person \"ben\" is there already, and says something else; `postern person edit ben` changes it",
        ),
        (&["person", "add", "carl"], "person carl: key 'person.email': it is missing"),
        (&["person", "add", "system", "email=c@example.org"], "key 'person.login': \"system\" is Postern itself"),
        (
            &["queue", "edit", "support", "admincc+=bne"],
            "queue support: key 'queue.admincc': there is no login \"bne\"; did you mean 'ben'?",
        ),
        (&["queue", "edit", "support", "rules_off=acknowlege"], "there is no rule \"acknowlege\"; did you mean 'acknowledge'?"),
        (&["queue", "edit", "support", "reopen_days=soon"], "key 'queue.reopen_days': a whole number is wanted"),
        (&["queue", "edit", "support", "reopen_days=9999"], "9999 is not between 0 and 3650"),
        (&["queue", "edit", "suport", "quote=true"], "there is no queue \"suport\"; did you mean 'support'?"),
        (&["queue", "show", "suport"], "there is no queue \"suport\"; did you mean 'support'?"),
        (&["queue", "add", "noc"], "queue noc: key 'queue.address': it is missing"),
        (
            &["queue", "add", "Support", "address=x@example.org"],
            "key 'queue.name': \"Support\" is there already; write one section",
        ),
        (&["queue", "add", "noc", "address=support@example.org"], "support@example.org cannot be the address of queue 'noc'"),
        (&["group", "add", "noc", "members=anna,carl"], "group noc: key 'group.members': there is no login \"carl\""),
        (&["group", "show", "noc"], "there is no group \"noc\"; `postern group list`"),
        (&["group", "edit", "noc", "members=anna"], "there is no group \"noc\""),
    ] {
        let before = site.text(&["export"]);
        for more in [None, Some("--json"), Some("--dry-run")] {
            let mut all = arguments.to_vec();
            all.extend(more.filter(|more| *more != "--dry-run" || arguments[1] != "show"));
            let output = site.run(&all);
            assert_fails(&output, 1, said);
            assert!(!stderr(&output).contains("(line"), "{}", stderr(&output));
        }
        assert_eq!(site.text(&["export"]), before);
    }
    for (arguments, said) in [
        (&["person", "edit", "ben", "role"][..], "\"role\" changes no key; write key=value"),
        (
            &["person", "edit", "ben"],
            "nothing says what to change, and there is no terminal for an editor; write key=value, keys are name, email",
        ),
        (&["person", "edit", "ben", "role=guest", "--file", "x"], "--file"),
        (&["queue", "edit"], "<NAME>"),
    ] {
        assert_fails(&site.run(arguments), 2, said);
    }
}

#[test]
fn customers_have_name_wish_and_language() {
    let site = with_customer();
    assert_eq!(site.json(&["person", "list"]).as_array().unwrap().len(), 2);
    assert!(site.text(&["person", "list", "--all"]).contains("karl@new.example"));
    assert_eq!(
        site.json(&["person", "edit", "Karl@new.example", "notify=none", "language=DE"]),
        json!({"applied": true, "warnings": [],
               "changes": ["customer karl@new.example: notify all -> none", "customer karl@new.example: language (none) -> de"]})
    );
    assert_eq!(
        site.json(&["person", "show", "karl@new.example"]),
        json!({"login": null, "name": "Karl\u{1b}", "email": ["karl@new.example", "\"k k\"@new.example"], "role": "guest", "notify": "none", "digest": null,
               "language": "de", "disabled": false, "groups": [], "queues": [], "trouble": []})
    );
    let dry = site.text(&["person", "edit", "karl@new.example", "name=Karl K.", "--dry-run"]);
    assert_eq!(dry, "customer karl@new.example: name Karl␛ -> Karl K.\nNothing was changed; leave --dry-run away to do it.\n");
    site.text(&["person", "edit", "karl@new.example", "name=Karl K."]);
    assert_eq!(site.text(&["person", "edit", "karl@new.example", "name=Karl K."]), "Nothing changes.\n");
    assert_eq!(site.json(&["person", "list", "--all"])[2]["name"], "Karl K.");
    assert!(!site.text(&["export"]).contains("karl"));
    for (change, said) in [
        (
            "role=staff",
            "customer karl@new.example: key 'person.role': customers have none; name, notify, language can be changed; for the rest give them a login: postern person add LOGIN email=karl@new.example",
        ),
        ("notify=some", "customer karl@new.example: key 'person.notify': \"some\" is not known here"),
        ("language=german", "customer karl@new.example: key 'person.language'"),
    ] {
        assert_fails(&site.run(&["person", "edit", "karl@new.example", change]), 1, said);
    }
    assert_fails(&site.run(&["person", "edit", "karl@new.example"]), 1, "write what changes: name=");
    let named = site.json(&["person", "add", "karl", "email=karl@new.example", "role=staff"]);
    assert_eq!(named["changes"], json!(["person karl: added; wrote in before as a customer and keeps that history"]));
}

#[test]
fn queues_are_added_changed_listed_and_shown() {
    let site = site();
    let added = site.json(&[
        "queue",
        "add",
        "noc",
        "address=NOC@example.org",
        "automatic_mail=ticket",
        "from_name=The NOC",
        "quote=true",
    ]);
    assert_eq!(added["changes"], json!(["queue noc: added, noc@example.org"]));
    let changed = site.json(&[
        "queue",
        "edit",
        "noc",
        "admincc+=ben,Anna@example.org",
        "rules_off+=acknowledge",
        "show_names=false",
        "acknowledge_forwarded=true",
        "html=false",
        "language=fr",
        "reopen_days=3",
    ]);
    assert_eq!(
        changed["changes"],
        json!([
            "queue noc: admincc +anna +ben",
            "queue noc: reopen_days 14 -> 3",
            "queue noc: language (none) -> fr",
            "queue noc: html true -> false",
            "queue noc: show_names true -> false",
            "queue noc: acknowledge_forwarded false -> true",
            "queue noc: rules_off +acknowledge"
        ])
    );
    // Watchers are kept as logins, and taken away by address too.
    assert_eq!(site.json(&["queue", "edit", "noc", "admincc-=anna@example.org"])["changes"], json!(["queue noc: admincc -anna"]));
    assert_eq!(
        site.text(&["queue", "list"]),
        "QUEUE    ADDRESS              COMMENTS TO                  ADMINCC  LANGUAGE  STATE\n\
         support  support@example.org  support-comment@example.org  anna     -         -\n\
         noc      noc@example.org      -                            ben      fr        -\n"
    );
    let shown = site.json(&["queue", "show", "noc"]);
    assert_eq!(shown, site.json(&["queue", "list"])[1]);
    assert_eq!((&shown["rules_off"], &shown["reopen_days"], &shown["quote"]), (&json!(["acknowledge"]), &json!(3), &json!(true)));
    assert!(site.text(&["queue", "show", "noc"]).contains("rules_off              acknowledge\n"));
    let warned = site.json(&["queue", "edit", "noc", "disabled=true"]);
    assert!(warned["warnings"][0].as_str().unwrap().starts_with("queue noc is disabled: mail"), "{warned}");
    assert!(site.text(&["queue", "list"]).contains("disabled"));
}

#[test]
fn groups_are_added_changed_listed_and_shown() {
    let site = site();
    assert_eq!(site.text(&["group", "list"]), "");
    let add = ["group", "add", "night", "members=anna,ben"];
    assert_eq!(site.text(&add), "group night: added: anna, ben\n");
    assert_eq!(site.text(&add), "Nothing changes.\n");
    assert_fails(&site.run(&["group", "add", "night", "members=anna"]), 1, "the group \"night\" is there already, and says");
    assert_eq!(site.text(&["group", "edit", "night", "members-=ben"]), "group night: members -ben\n");
    site.fill(&["DELETE FROM group_member", "DELETE FROM people_group"]);
    assert_eq!(site.text(&["group", "add", "noc", "members=anna"]), "group noc: added: anna\n");
    assert_eq!(site.text(&["group", "edit", "noc", "members+=ben", "members-=anna"]), "group noc: members +ben -anna\n");
    assert_eq!(site.text(&["group", "list"]), "GROUP  MEMBERS\nnoc    ben\n");
    assert_eq!(site.json(&["group", "list"]), json!([{"name": "noc", "members": ["ben"]}]));
    assert_eq!(site.json(&["group", "show", "noc"]), json!({"name": "noc", "members": ["ben"]}));
    assert_eq!(site.text(&["group", "edit", "noc", "members="]), "group noc: members -ben\n");
    assert_eq!(site.text(&["group", "show", "noc"]), "KEY      VALUE\nname     noc\nmembers  -\n");
}

#[test]
fn a_whole_entry_comes_from_a_file() {
    let site = site();
    let entry = b"[[queue]]\nname = \"support\"\naddress = \"help@example.org\"\nsignature = '''\nA\nB'''\n";
    let lines = site.run_with(&["queue", "edit", "support", "--file", "-", "--json"], entry);
    let done: serde_json::Value = serde_json::from_slice(&lines.stdout).unwrap();
    assert_eq!(
        done["changes"],
        json!([
            "queue support: address support@example.org -> help@example.org",
            "queue support: comment_address support-comment@example.org -> (none)",
            "queue support: signature set",
            "queue support: admincc -anna"
        ])
    );
    for (text, said) in [
        (
            "[[queue]]\nname = \"support\"\nadress = \"x\"\n",
            "entry.toml:3: key 'queue.adress': unknown key; did you mean 'address'?",
        ),
        (
            "[[queue]]\nname = \"other\"\naddress = \"x@example.org\"\n",
            "queue support: key 'queue.name': it is what the queue is known by",
        ),
        ("[[group]]\nname = \"support\"\n", "entry.toml: one [[queue]] is wanted, and nothing else; "),
        ("", "entry.toml: one [[queue]] is wanted, and nothing else; "),
        (
            "[[queue]]\nname = \"support\"\naddress = \"anna@example.org\"\n",
            "key 'person.email': anna@example.org cannot be an address of person 'anna'",
        ),
        ("[[queue]\n", "entry.toml:1: "),
    ] {
        std::fs::write(site.path("entry.toml"), text).unwrap();
        assert_fails(&site.run(&["queue", "edit", "support", "--file", "entry.toml"]), 1, said);
    }
    std::fs::write(site.path("entry.toml"), b"\xff").unwrap();
    assert_fails(&site.run(&["queue", "edit", "support", "--file", "entry.toml"]), 1, "entry.toml is not UTF-8; save it");
    assert_fails(&site.run(&["queue", "edit", "support", "--file", "none.toml"]), 1, "reading none.toml failed");
}

/// Runs a command line on a terminal of its own, with an editor that is a shell script.
fn on_a_terminal(site: &Site, line: &str, editor: &str) -> String {
    let script = site.path("editor.sh");
    std::fs::write(&script, editor).unwrap();
    let program = env!("CARGO_BIN_EXE_postern");
    let line = format!("{program} --config {} {line}", site.path("postern.toml").display());
    let output = std::process::Command::new("script")
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .env("VISUAL", format!("sh {}", script.display()))
        .env("TMPDIR", site.path(""))
        .env("NO_COLOR", "1")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("script, of util-linux");
    String::from_utf8_lossy(&output.stdout).replace('\r', "")
}

#[test]
fn on_a_terminal_the_entry_opens_in_the_editor() {
    let site = site();
    let text = on_a_terminal(&site, "person edit ben", "sed -i 's/^role = .*/role = \"admin\"/' \"$1\"");
    assert!(text.contains("person ben: role staff -> admin\n"), "{text}");
    assert!(text.contains("site.toml no longer says the same: `postern"), "{text}");
    assert_eq!(on_a_terminal(&site, "person edit ben", "true"), "Nothing changes.\n");
    assert!(
        on_a_terminal(&site, "person edit ben", "exit 3").contains("failed (exit status: 3), nothing was done"),
        "an editor that fails changes nothing"
    );
    // What cannot be used is not lost.
    let text = on_a_terminal(&site, "person edit ben", "sed -i 's/^role = .*/role = \"boss\"/' \"$1\"");
    let (said, kept) = text.trim().split_once("; your text is kept in ").unwrap();
    assert!(said.contains("what you wrote:4: key 'person.role': \"boss\" is not known here"), "{said}");
    let kept = std::fs::read_to_string(kept).unwrap();
    assert!(kept.starts_with("[[person]]\nlogin = \"ben\"\n") && kept.contains("role = \"boss\""), "{kept}");
    assert!(kept.contains("# Language of mails to them. Default: the queue's.\n#language = \"de\"\n"), "{kept}");
    let text = on_a_terminal(&site, "template edit comment", "echo more >> \"$1\"");
    assert!(text.contains("template comment: added\n"), "{text}");
    assert!(site.text(&["template", "show", "comment"]).ends_with("more\n"));
}

#[test]
fn help_names_the_keys_of_the_file() {
    let site = Site::new();
    for (verb, key) in [
        ("queue", "admincc=anna,group:noc\n"),
        ("person", "name='Anna Larsen'\n"),
        ("group", "members=anna,group:night\n"),
        ("rule", "on=create\n"),
    ] {
        for action in ["edit", "add"] {
            let help = site.text(&[verb, action, "--help"]);
            assert!(help.contains("\nKeys:\n") && help.contains(key), "{verb} {action}: {help}");
        }
    }
}

/// Ben's private address gets nothing, one mail to his other came back, and nothing to Karl's arrives either.
fn with_trouble() -> Site {
    let site = with_customer();
    site.fill(&[
        "INSERT INTO address_trouble (address, hard_bounces, first_at, last_at, last_reply, last_mail, suspended) VALUES
         ('ben@private.example', 3, 0, 60000000, '550 5.1.1 no such user', 9, 60000000),
         ('ben@example.org', 1, 0, 0, '5.1.2 no such ' || char(27) || 'domain', 8, NULL),
         ('gone@old.example', 3, 0, 0, '550 5.1.1 gone', 7, 0), ('karl@new.example', 3, 0, 0, '550 5.1.1 no', 6, 0)",
    ]);
    site
}

#[test]
fn a126_trouble_with_an_address_is_said_in_words() {
    let site = with_trouble();
    let text = site.text(&["person", "show", "ben"]);
    assert!(!text.contains("trouble"), "{text}");
    assert!(
        text.ends_with(
            "ben@example.org: 1 mail came back, the last at 1970-01-01T00:00:00Z: 5.1.2 no such ␛domain; it is still sent to\n\
             ben@private.example: nothing is sent there since 1970-01-01T00:01:00Z: 3 mails came back, last: 550 5.1.1 no such user; \
             `postern person resume ben@private.example` tries again\n"
        ),
        "{text}"
    );
    assert_eq!(site.json(&["person", "show", "ben"])["trouble"][1]["hard_bounces"], 3);
    assert!(!site.text(&["person", "show", "anna"]).contains("came back"));
    let list = site.text(&["person", "list", "--all"]);
    let state = |who: &str| list.lines().find(|line| line.contains(who)).unwrap().split_whitespace().last().unwrap().to_owned();
    assert_eq!(
        (state("anna").as_str(), state("ben@").as_str(), state("karl").as_str()),
        ("-", "suspended", "suspended"),
        "{list}"
    );
    assert_eq!(site.json(&["person", "list"])[1]["suspended"], json!(["ben@private.example"]));
}

#[test]
fn a126_resume_takes_logins_and_addresses() {
    let site = with_trouble();
    assert_eq!(
        site.json(&["person", "resume", "ben"]),
        json!([{"address": "ben@example.org", "resumed": true}, {"address": "ben@private.example", "resumed": true}])
    );
    assert_eq!(
        site.text(&["person", "resume", "ben"]),
        "No mail to ben@example.org came back; nothing changes.\nNo mail to ben@private.example came back; nothing changes.\n"
    );
    assert_eq!(site.text(&["person", "resume", "Karl@new.example"]), "karl@new.example gets mail again.\n");
    assert_eq!(site.text(&["person", "resume", "gone@old.example"]), "gone@old.example gets mail again.\n", "nobody's any more");
    for (who, said) in [
        ("bne", "there is no person \"bne\"; did you mean 'ben'?"),
        ("gone@old.example", "nobody has the address gone@old.example; `postern person list --all`"),
    ] {
        assert_fails(&site.run(&["person", "resume", who]), 1, said);
    }
}

#[test]
fn groups_take_groups_in_and_put_them_out() {
    let site = site();
    site.text(&["group", "add", "night", "members=ben"]);
    site.text(&["group", "add", "noc", "members=anna,group:night"]);
    assert_eq!(site.text(&["group", "list"]), "GROUP  MEMBERS\nnight  ben\nnoc    anna, group:night\n");
    assert_eq!(site.json(&["person", "show", "ben"])["groups"], json!(["night", "noc"]));
    let circle = site.run(&["group", "edit", "night", "members+=group:noc"]);
    assert_fails(&circle, 1, "the group \"night\" is in itself: night -> noc -> night; take one of them out of the other");
    assert_fails(&site.run(&["group", "edit", "noc", "members+=group:nigth"]), 1, "no group \"nigth\"; did you mean 'night'?");
    site.text(&["group", "edit", "noc", "members-=group:night"]);
    assert_eq!(site.json(&["person", "show", "ben"])["groups"], json!(["night"]));
}

/// The sample site with what the rest of site.toml says.
fn with_rights(said: &str) -> Site {
    let site = site();
    site.text(&["group", "add", "night", "members=ben"]);
    let file = site.path("more.toml");
    std::fs::write(&file, format!("{}\n{said}", site.text(&["export"]))).unwrap();
    site.text(&["apply", file.to_str().unwrap()]);
    site
}

const STAFF_SEE: &str =
    "[rights]\nstaff = [\"create\"]\n\n[[grant]]\nto = \"group:night\"\nrights = [\"see\", \"reply\"]\nqueue = \"support\"\n";

#[test]
fn rights_are_shown_with_the_reason() {
    let site = with_rights(STAFF_SEE);
    let text = site.text(&["person", "rights", "ben"]);
    for line in [
        "RIGHT         MAY  WHY\n",
        "see           yes  granted to group:night in queue support\n",
        "create        yes  the level staff gives it\n",
        "comment       no   nothing gives the right comment in queue support\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let answer = json!({"right": "reply", "allowed": true, "why": "granted to group:night in queue support"});
    let found = site.json(&["person", "rights", "ben", "--queue", "support"]);
    assert_eq!((&found[0]["queue"], &found[0]["ticket"], &found[0]["rights"][2]), (&json!("support"), &json!(null), &answer));
    site.text(&["ticket", "create", "Printer", "--requestor", "carla@customer.example"]);
    let asked = site.text(&["person", "rights", "carla@customer.example", "--ticket", "1"]);
    assert!(asked.contains("reply         yes  the role requestor gives it\n"), "{asked}");
    let stranger = site.text(&["person", "rights", "new@customer.example", "--ticket", "#1"]);
    assert!(stranger.contains("reply         no   nothing gives the right reply in queue support\n"), "{stranger}");
    site.text(&["queue", "add", "noc", "address=noc@example.org"]);
    let both = site.text(&["person", "rights", "ben"]);
    assert!(both.starts_with("QUEUE    MAY                 MAY NOT\nsupport  see, create, reply  comment, "), "{both}");
    assert_fails(&site.run(&["person", "rights", "bne"]), 1, "there is no person \"bne\"; did you mean 'ben'?");
    let gone = std::fs::read_to_string(site.path("more.toml")).unwrap().replace("group:night", "group:late");
    std::fs::write(site.path("gone.toml"), gone).unwrap();
    let refused = site.run(&["apply", site.path("gone.toml").to_str().unwrap()]);
    assert_fails(&refused, 1, "key 'grant.to': there is no group \"late\"; add a [[group]] with name = \"late\"");
}

#[test]
fn tickets_are_shown_as_whoever_asks_may_see_them() {
    let site = with_rights(STAFF_SEE);
    site.text(&["person", "add", "zoe", "email=zoe@example.org", "role=staff"]);
    site.text(&["ticket", "create", "Printer", "--requestor", "carla@customer.example"]);
    site.run_with(&["ticket", "comment", "1", "-"], b"A SECRET");
    site.run_with(&["ticket", "reply", "1", "-"], b"An answer");
    let everything = site.text(&["ticket", "show", "1"]);
    assert!(everything.contains("A SECRET") && everything.contains("An answer"), "{everything}");
    let bens = site.text(&["ticket", "show", "1", "--as", "ben"]);
    assert!(!bens.contains("A SECRET") && bens.contains("An answer"), "{bens}");
    assert_eq!(site.json(&["ticket", "list", "--as", "ben"]).as_array().map(Vec::len), Some(1));
    assert_eq!(site.json(&["ticket", "list", "--as", "zoe"]), json!([]));
    let kinds = |who: &[&str]| {
        let happened = site.json(&[&["history"], who].concat());
        happened.as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&[]), ["create", "comment", "correspond"]);
    assert_eq!(kinds(&["--as", "ben"]), ["create", "correspond"], "comments are not for him");
    assert_eq!(kinds(&["--as", "ben", "--ticket", "1"]), ["create", "correspond"]);
    assert_eq!(kinds(&["--as", "zoe"]), [""; 0]);
    for verb in [&["ticket", "show", "1"][..], &["ticket", "attachment", "1"], &["ticket", "attachment", "1", "1"]] {
        let output = site.run(&[verb, &["--as", "zoe"]].concat());
        assert_fails(&output, 1, "zoe may not see ticket 1; `postern person rights zoe --ticket 1` says why");
    }
    let refused = site.run_with(&["ticket", "comment", "1", "-", "--as", "ben"], b"x");
    assert_fails(
        &refused,
        1,
        "ben may not comment #1: nothing gives the right comment in queue support; an administrator grants",
    );
}
