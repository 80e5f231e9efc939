//! Working on tickets from the command line: what each verb does, and what it says.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::{Value, json};
use support::{Site, stderr};

/// Two queues; Anna and Ben watch the first; otto works elsewhere.
const SITE: &str = r#"
[[queue]]
name = "support"
address = "support@example.org"
comment_address = "support-comment@example.org"
admincc = ["anna", "ben"]
[[queue]]
name = "noc"
address = "noc@example.org"
[[person]]
login = "anna"
name = "Anna"
email = ["anna@example.org"]
role = "staff"
[[person]]
login = "ben"
name = "Ben"
email = ["ben@example.org"]
role = "staff"
[[person]]
login = "otto"
name = "Otto"
email = ["otto@example.org"]
role = "staff"
"#;

fn desk() -> Site {
    let site = Site::new();
    std::fs::write(site.path("site.toml"), SITE).unwrap();
    site.text(&["apply"]);
    site
}

/// A desk with Carla's ticket 1, which Anna opened for her. Its mails are not counted.
fn with_ticket() -> Site {
    let site = desk();
    site.text(&[
        "ticket",
        "create",
        "Printer",
        "on",
        "fire",
        "--queue",
        "support",
        "--requestor",
        "carla@example.net",
        "--as",
        "anna",
    ]);
    site
}

/// Runs a verb as somebody; its JSON.
fn act(site: &Site, who: &str, arguments: &[&str]) -> Value {
    site.json(&[&["ticket"], arguments, &["--as", who]].concat())
}

/// The same with something on standard input.
fn act_with(site: &Site, who: &str, arguments: &[&str], input: &[u8]) -> Value {
    let output = site.run_with(&[&["ticket"], arguments, &["--as", who, "--json"]].concat(), input);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Who is mailed, sorted.
fn mailed(done: &Value) -> Vec<&str> {
    let mut to: Vec<&str> = done["mails"].as_array().unwrap().iter().map(|mail| mail["to"].as_str().unwrap()).collect();
    to.sort_unstable();
    to
}

fn ticket(site: &Site, number: u64) -> Value {
    site.json(&["ticket", "show", &number.to_string()])
}

fn last_entry(site: &Site, number: u64) -> Value {
    ticket(site, number)["history"].as_array().unwrap().last().unwrap().clone()
}

#[test]
fn a_line_opens_a_ticket() {
    let site = desk();
    let done = act(&site, "anna", &["create", "Printer", "in", "room", "12", "--queue", "support"]);
    assert_eq!((&done["ticket"], &done["verdict"], &done["applied"]), (&json!(1), &json!("created"), &json!(true)));
    assert_eq!(mailed(&done), ["anna@example.org", "ben@example.org"], "whoever opens it for nobody else asks for it");
    assert_eq!(
        done["mails"][0],
        json!({"to": "anna@example.org", "kind": "acknowledgement", "subject": "[example.org #1] Printer in room 12"})
    );
    let shown = ticket(&site, 1);
    assert_eq!((&shown["subject"], &shown["requestors"]), (&json!("Printer in room 12"), &json!(["anna@example.org"])));
    assert_eq!(shown["history"][0]["kind"], "create");
    assert_eq!(shown["history"][0]["text"], "");
    assert_eq!(shown["history"][0]["message"], Value::Null, "no mail came");
}

#[test]
fn a_ticket_is_opened_with_all_its_fields() {
    let site = desk();
    std::fs::write(site.path("plan.pdf"), b"%PDF-1.4").unwrap();
    let done = act_with(
        &site,
        "anna",
        &[
            "create",
            "Printer on fire",
            "-",
            "--queue",
            "support",
            "--requestor",
            "Carla <carla@example.net>",
            "--requestor",
            "ben",
            "--cc",
            "dora@example.net",
            "--owner",
            "me",
            "--priority",
            "high",
            "--set",
            "due=2026-12-01",
            "--set",
            "time=1h20",
            "--attach",
            "plan.pdf",
        ],
        b"It burns.\r\nReally.\n",
    );
    assert_eq!(mailed(&done), ["ben@example.org", "carla@example.net", "dora@example.net"], "{done}");
    let shown = ticket(&site, 1);
    for (key, value) in [
        ("requestors", json!(["ben@example.org", "carla@example.net"])),
        ("cc", json!(["dora@example.net"])),
        ("owner", json!("anna")),
        ("priority", json!(80)),
        ("due", json!("2026-12-01T23:59:59Z")),
        ("time_worked", json!(80)),
        ("links", json!([])),
        ("squelched", json!([])),
        ("attachments", json!([{"number": 1, "name": "plan.pdf", "type": "application/pdf", "size": 8, "entry": 1}])),
    ] {
        assert_eq!(shown[key], value, "{key}");
    }
    assert_eq!(shown["history"][0]["text"], "It burns.\nReally.\n");
    assert_eq!(site.json(&["ticket", "list"])[0]["priority"], 80);
    assert_eq!(site.run(&["ticket", "attachment", "1", "1", "--output", "-"]).stdout, b"%PDF-1.4");
}

#[test]
fn an_internal_ticket_is_not_told_to_customers() {
    let site = desk();
    let arguments = [
        "create",
        "Angry customer",
        "--queue",
        "support",
        "--requestor",
        "carla@example.net",
        "--text",
        "Be kind.",
        "--internal",
    ];
    let done = act(&site, "anna", &arguments);
    assert_eq!(mailed(&done), ["ben@example.org"], "{done}");
    assert_eq!(last_entry(&site, 1)["internal"], true);
}

#[test]
fn an_answer_reaches_the_customer_and_its_one_time_cc() {
    let site = with_ticket();
    std::fs::write(site.path("photo.jpg"), b"\xff\xd8\xff").unwrap();
    let arguments = ["reply", "#1", "-", "--cc", "dora@example.net", "--attach", "photo.jpg", "--set", "time+=20"];
    let done = act_with(&site, "anna", &arguments, "Grüße\n".as_bytes());
    assert_eq!(done["verdict"], "corresponded");
    assert_eq!(mailed(&done), ["ben@example.org", "carla@example.net", "dora@example.net"]);
    assert_eq!(
        done["changes"],
        json!([{"field": "time_worked", "from": 0, "to": 20}, {"field": "status", "from": "new", "to": "open"}])
    );
    let shown = ticket(&site, 1);
    assert_eq!((&shown["status"], &shown["cc"]), (&json!("open"), &json!([])), "once is once");
    let entry = last_entry(&site, 1);
    assert_eq!((&entry["kind"], &entry["text"], &entry["actor"]), (&json!("correspond"), &json!("Grüße\n"), &json!("anna")));
    assert_eq!(entry["changes"], done["changes"]);
    assert_eq!(shown["attachments"][0]["name"], "photo.jpg");
    let again = act(&site, "anna", &["reply", "1", "--text", "More."]);
    assert_eq!(mailed(&again), ["ben@example.org", "carla@example.net"]);
}

#[test]
fn a_trial_has_one_line_for_whoever_waits_for_a_digest() {
    let site = with_ticket();
    site.text(&["person", "edit", "ben", "digest=daily"]);
    let said = site.text(&["ticket", "comment", "1", "--text", "Seen.", "--as", "anna", "--dry-run"]);
    assert!(said.contains("mail to ben@example.org (daily digest): "), "{said}");
    assert!(!said.contains("no mail: comment-to-staff: to ben@example.org"), "{said}");
}

#[test]
fn tickets_are_listed_by_who_has_to_do_with_them() {
    let site = with_ticket();
    let listed = |words: &[&str]| -> usize {
        let all = [&["ticket", "list", "--as", "anna"], words].concat();
        site.json(&all).as_array().unwrap().len()
    };
    assert_eq!((listed(&["owner:nobody"]), listed(&["owner:me"]), listed(&["requestor:carla@example.net"])), (1, 0, 1));
    act(&site, "anna", &["take", "1"]);
    assert_eq!((listed(&["owner:nobody"]), listed(&["owner:me"]), listed(&["owner:anna", "status:new"])), (0, 1, 1));
    let nobody = site.run(&["ticket", "list", "owner:me", "--as", "system"]);
    support::assert_fails(&nobody, 1, "system has no tickets of its own; say --as LOGIN");
    let unknown = site.run(&["ticket", "list", "owner:anja"]);
    support::assert_fails(
        &unknown,
        1,
        "there is no person with the login \"anja\" (character 1 of the query); `postern person list`",
    );
}

#[test]
fn many_recipients_are_counted() {
    let site = with_ticket();
    let crowd: Vec<String> = (1..=9).map(|n| format!("c{n}@example.net")).collect();
    act(&site, "anna", &["set", "1", &format!("cc={}", crowd.join(","))]);
    let said = site.text(&["ticket", "reply", "1", "--text", "Hello, all.", "--as", "anna"]);
    assert!(said.starts_with("#1 answered, status: new -> open; mails to "), "{said}");
    assert!(said.ends_with(" and 5 more\n") && said.len() < 220, "{said}");
}

#[test]
fn a_comment_stays_inside() {
    let site = with_ticket();
    let done = act(&site, "anna", &["comment", "1", "--text", "She is right."]);
    assert_eq!((&done["verdict"], mailed(&done)), (&json!("commented"), vec!["ben@example.org"]));
    assert_eq!((&last_entry(&site, 1)["internal"], &ticket(&site, 1)["status"]), (&json!(true), &json!("new")));
}

#[test]
fn a_file_needs_no_text() {
    let site = with_ticket();
    std::fs::write(site.path("log"), b"x").unwrap();
    assert_eq!(act(&site, "anna", &["reply", "1", "--attach", "log"])["verdict"], "corresponded");
    assert_eq!(ticket(&site, 1)["attachments"][0]["type"], "application/octet-stream");
}

#[test]
fn quiet_mails_nobody() {
    let site = with_ticket();
    assert_eq!(mailed(&act(&site, "anna", &["reply", "1", "--text", "Hush.", "--quiet"])), [""; 0]);
    assert_eq!(last_entry(&site, 1)["text"], "Hush.");
    assert_eq!(site.text(&["ticket", "stall", "1", "--quiet", "--as", "anna"]), "#1 status: open -> stalled; nobody is mailed\n");
}

#[test]
fn resolving_tells_the_requestor_in_one_mail() {
    let site = with_ticket();
    for verb in [&["resolve", "1"][..], &["reply", "1", "--resolve", "--text", "Done."], &["resolve", "1", "--text", "Done."]] {
        let done = act(&site, "anna", verb);
        let to_carla = mailed(&done).iter().filter(|to| **to == "carla@example.net").count();
        assert_eq!((to_carla, &ticket(&site, 1)["status"]), (1, &json!("resolved")), "{verb:?}: {done}");
        act(&site, "anna", &["open", "1", "--quiet"]);
    }
    let done = act_with(&site, "anna", &["resolve", "1", "-", "--internal"], b"She called.\n");
    assert_eq!(done["verdict"], "commented");
    assert!(mailed(&done).contains(&"carla@example.net"), "she is told that it is resolved, and not the comment: {done}");
    let sent = site.json(&["ticket", "resolve", "1", "--dry-run", "--as", "anna"]);
    assert!(!sent.to_string().contains("She called"));
}

#[test]
fn every_status_has_its_verb() {
    let site = with_ticket();
    for (verb, status) in
        [("open", "open"), ("stall", "stalled"), ("resolve", "resolved"), ("close", "closed"), ("reject", "rejected")]
    {
        let done = act(&site, "anna", &[verb, "1"]);
        assert_eq!((&done["verdict"], &done["changes"][0]["to"]), (&json!("commanded"), &json!(status)));
        assert_eq!(ticket(&site, 1)["status"], status);
    }
}

#[test]
fn several_tickets_are_set_each_by_itself() {
    let site = with_ticket();
    act(&site, "anna", &["create", "Second", "--queue", "noc"]);
    let output = site.run(&["ticket", "set", "1", "99", "2", "owner=ben", "cc+=dora@example.net,otto", "--as", "anna"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output), "postern: there is no ticket 99; `postern ticket list` lists them\n");
    let lines = String::from_utf8(output.stdout).unwrap();
    let change = "owner: none -> ben, cc: + dora@example.net, cc: + otto@example.org; mail to ben@example.org\n";
    assert_eq!(lines, format!("#1 {change}#2 {change}"));
    assert_eq!(ticket(&site, 2)["cc"], json!(["dora@example.net", "otto@example.org"]));
    let done = act(&site, "anna", &["set", "1", "2", "cc-=otto", "admincc=otto"]);
    assert_eq!(done[1]["changes"][0], json!({"field": "cc", "from": "otto@example.org", "to": null}));
    let output = site.run(&["ticket", "set", "2", "1", "owner=carla@example.net", "--as", "anna", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let failed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(failed[0]["ticket"], 2);
    assert!(failed[1]["error"].as_str().unwrap().contains("owner"), "{failed}");
    assert!(stderr(&output).contains("postern: #2: owner: "), "{}", stderr(&output));
}

#[test]
fn fields_change_and_show() {
    let site = with_ticket();
    let words =
        ["queue=noc", "subject=Another = subject", "priority=7", "due=2026-12-01T17:00", "time=15", "squelch+=carla@example.net"];
    act(&site, "anna", &[&["set", "1"][..], &words].concat());
    let shown = ticket(&site, 1);
    for (key, value) in [
        ("queue", json!("noc")),
        ("subject", json!("Another = subject")),
        ("priority", json!(7)),
        ("due", json!("2026-12-01T17:00:00Z")),
        ("time_worked", json!(15)),
        ("squelched", json!(["carla@example.net"])),
    ] {
        assert_eq!(shown[key], value, "{key}");
    }
    assert!(site.text(&["ticket", "show", "1"]).contains("\nno mail to  carla@example.net\n"));
    assert_eq!(mailed(&act(&site, "anna", &["reply", "1", "--text", "Hello?"])), [""; 0], "squelched");
    act(&site, "anna", &["set", "1", "due=none", "squelch="]);
    assert_eq!((&ticket(&site, 1)["due"], &ticket(&site, 1)["squelched"]), (&Value::Null, &json!([])));
}

#[test]
fn what_is_so_already_is_said() {
    let site = with_ticket();
    let done = act(&site, "anna", &["set", "1", "status=new"]);
    assert_eq!((&done["verdict"], &done["changes"], &done["mails"]), (&json!("joined"), &json!([]), &json!([])));
    assert_eq!(site.text(&["ticket", "set", "1", "status=new", "--as", "anna"]), "#1 is so already; nothing was done\n");
    assert_eq!(ticket(&site, 1)["history"].as_array().unwrap().len(), 1);
}

#[test]
fn taking_and_giving_back() {
    let site = with_ticket();
    assert_eq!(site.text(&["ticket", "take", "1", "--as", "anna"]), "#1 owner: none -> anna; nobody is mailed\n");
    assert_eq!(act(&site, "anna", &["take", "1"])["verdict"], "joined", "it is hers");
    assert_eq!(
        act(&site, "ben", &["take", "1", "--steal"])["changes"][0],
        json!({"field": "owner", "from": "anna", "to": "ben"})
    );
    act(&site, "ben", &["untake", "1"]);
    assert_eq!(ticket(&site, 1)["owner"], Value::Null);
}

#[test]
fn options_behind_the_words_of_a_verb_are_options() {
    let site = with_ticket();
    act(&site, "anna", &["ask", "1", "ben"]);
    act(&site, "ben", &["accept", "1", "within", "the", "budget"]);
    let approval = &ticket(&site, 1)["approvals"][0];
    assert_eq!((&approval["answer"], &approval["remark"]), (&json!("yes"), &json!("within the budget")));
    act(&site, "ben", &["decline", "1", "not before the audit"]);
    assert_eq!(ticket(&site, 1)["approvals"][0]["remark"], "not before the audit");
    act(&site, "anna", &["clone", "1", "-1"]);
    assert_eq!(ticket(&site, 2)["subject"], "Printer on fire");
}

#[test]
fn watching_and_not_any_more() {
    let site = with_ticket();
    act(&site, "otto", &["watch", "1"]);
    act(&site, "anna", &["watch", "1", "dora@example.net", "ben", "--as-admincc"]);
    let shown = ticket(&site, 1);
    assert_eq!(shown["cc"], json!(["otto@example.org"]));
    assert_eq!(shown["admincc"], json!(["ben@example.org", "dora@example.net"]));
    act(&site, "anna", &["unwatch", "1", "otto", "dora@example.net"]);
    let shown = ticket(&site, 1);
    assert_eq!((&shown["cc"], &shown["admincc"]), (&json!([]), &json!(["ben@example.org"])));
}

#[test]
fn an_entry_is_forwarded_and_its_answer_stays_inside() {
    let site = with_ticket();
    std::fs::write(site.path("log.txt"), b"line\n").unwrap();
    act(&site, "anna", &["reply", "1", "--text", "See the log.", "--attach", "log.txt"]);
    let entry = last_entry(&site, 1)["id"].to_string();
    let trial =
        act(&site, "anna", &["forward", "1", &entry, "--to", "vendor@example.com", "--text", "Your printer?", "--dry-run"]);
    assert_eq!(mailed(&trial), ["vendor@example.com"]);
    let mail = &trial["mails"][0];
    let text = mail["text"].as_str().unwrap();
    assert!(text.starts_with("Your printer?\n") && text.contains("See the log."), "{text}");
    assert_eq!(mail["files"], json!([format!("file 1 of entry {entry}")]));
    let done = act_with(&site, "anna", &["forward", "1", "-", "--to", "vendor@example.com", "--to", "otto"], b"Please look.\n");
    assert_eq!((&done["verdict"], mailed(&done)), (&json!("commented"), vec!["otto@example.org", "vendor@example.com"]));
    let entry = last_entry(&site, 1);
    assert_eq!((&entry["internal"], &entry["kind"]), (&json!(true), &json!("comment")));
    assert!(entry["text"].as_str().unwrap().starts_with("Please look.\n"), "{entry}");
    assert_eq!(
        site.text(&["ticket", "forward", "1", "--to", "vendor@example.com", "--as", "anna"]),
        "#1 forwarded; mail to vendor@example.com\n"
    );
}

#[test]
fn a_trial_tells_all_and_does_nothing() {
    let site = with_ticket();
    let before = (ticket(&site, 1), site.json(&["outbox", "list"]));
    let arguments = ["reply", "1", "--text", "It is out.", "--resolve", "--dry-run"];
    let trial = act(&site, "anna", &arguments);
    assert_eq!((&trial["applied"], &trial["verdict"]), (&json!(false), &json!("corresponded")));
    assert!(trial["mails"].as_array().unwrap().iter().all(|mail| mail["text"].as_str().unwrap().contains("It is out.")));
    let left_out: Vec<&str> = trial["left_out"].as_array().unwrap().iter().map(|why| why.as_str().unwrap()).collect();
    assert!(left_out.iter().any(|why| why.ends_with("not to anna@example.org, who did it")), "{left_out:?}");
    assert!(!trial["trail"].as_array().unwrap().is_empty());
    let text = site.text(&[&["ticket"], &arguments[..], &["--as", "anna"]].concat());
    for said in [
        "This would be done: Anna answered on #1\n",
        "  status: new -> resolved\n",
        "mail to carla@example.net: Re: [example.org #1] Printer on fire\n",
        "not to anna@example.org, who did it\n",
        "Nothing was done; leave --dry-run away to do it.\n",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    assert!(!text.contains("It is out."), "the texts come with --verbose");
    let verbose = site.text(&[&["ticket"], &arguments[..], &["--as", "anna", "--verbose"]].concat());
    assert!(verbose.contains("    It is out.\n"), "{verbose}");
    act(&site, "anna", &["create", "Not made", "--queue", "noc", "--dry-run"]);
    act(&site, "anna", &["set", "1", "status=closed", "--dry-run"]);
    assert_eq!((ticket(&site, 1), site.json(&["outbox", "list"])), before);
    assert_eq!(site.json(&["ticket", "list"]).as_array().unwrap().len(), 1);
}

#[test]
fn fields_are_listed_without_a_site() {
    let output = support::postern(&["ticket", "fields", "--json"], b"");
    let fields: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(fields.as_array().unwrap().iter().any(|field| field["name"] == "cc" && field["list"] == true), "{fields}");
    let table = String::from_utf8(support::postern(&["ticket", "fields"], b"").stdout).unwrap();
    assert!(table.contains("cc+=dora@customer.example"), "{table}");
}

#[test]
fn text_in_another_charset_is_read_with_a_warning() {
    let site = with_ticket();
    let output = site.run_with(&["ticket", "comment", "1", "-", "--as", "anna"], b"Gr\xfc\xdfe aus K\xf6ln\n");
    assert!(output.status.success());
    assert!(stderr(&output).contains("is not UTF-8 and was read as windows-1252; "), "{}", stderr(&output));
    assert_eq!(last_entry(&site, 1)["text"], "Grüße aus Köln\n");
    let output = site.run_with(&["ticket", "comment", "1", "-", "--as", "anna"], "\u{feff}Grüße".as_bytes());
    assert_eq!((stderr(&output).as_str(), &last_entry(&site, 1)["text"]), ("", &json!("Grüße")));
}

#[test]
fn a126_who_is_not_mailed_because_mail_comes_back_is_said() {
    let site = with_ticket();
    site.fill(&[
        "INSERT INTO address_trouble (address, hard_bounces, first_at, last_at, last_reply, last_mail, suspended) VALUES
                 ('carla@example.net', 3, 0, 0, '550 5.1.1 no', 9, 0)",
    ]);
    let anna = |arguments: &[&str]| site.text(&[&["ticket"], arguments, &["--as", "anna"]].concat());
    let reply = ["reply", "1", "--text", "Still there?"];
    let lost = "; mail to ben@example.org; not to carla@example.net: mail there comes back\n";
    assert_eq!(anna(&reply), format!("#1 answered, status: new -> open{lost}"));
    assert_eq!(anna(&["comment", "1", "--text", "Hm."]), "#1 commented; mail to ben@example.org\n", "she would not read that");
    site.text(&["queue", "edit", "support", "admincc="]);
    assert_eq!(anna(&reply), "#1 answered; nobody is mailed: mail to carla@example.net comes back\n");
    let done = act(&site, "anna", &["resolve", "1"]);
    assert_eq!((&done["mails"], &done["unreachable"]), (&json!([]), &json!(["carla@example.net"])), "{done}");
    assert_eq!(anna(&[&reply[..], &["--quiet"]].concat()), "#1 answered; nobody is mailed\n", "as was wished");
    assert_eq!(act(&site, "anna", &["take", "1"])["unreachable"], json!([]));
}
