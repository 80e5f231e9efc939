//! Tags, fields that the site defines, and time, from the command line.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::{Value, json};
use support::{Site, stderr};

const SITE: &str = r#"
[[queue]]
name = "support"
address = "support@example.org"
[[queue]]
name = "noc"
address = "noc@example.org"
[[person]]
login = "anna"
email = ["anna@example.org"]
role = "staff"
[[person]]
login = "ben"
email = ["ben@example.org"]
role = "staff"
[[field]]
name = "Customer"
required = ["support"]
help = "who pays"
[[field]]
name = "Rooms"
type = "choice"
values = ["12", "Hall of fame"]
many = true
queues = ["support"]
"#;

fn with_ticket() -> Site {
    let site = Site::new();
    std::fs::write(site.path("site.toml"), SITE).unwrap();
    let applied = site.text(&["apply"]);
    assert!(applied.contains("field Customer: added"), "{applied}");
    site.text(&["ticket", "create", "Printer", "--queue", "support", "--requestor", "carla@example.net", "--as", "anna"]);
    site
}

fn shown(site: &Site) -> Value {
    site.json(&["ticket", "show", "1"])
}

#[test]
fn a_ticket_says_its_tags_fields_and_times() {
    let site = with_ticket();
    let orders =
        ["tags=Printer, urgent", "field.customer=ACME", "CF.{Rooms}+=hall of fame", "time+=1h", "estimate=4h", "left=90"];
    let line: Vec<&str> = ["--as", "anna", "ticket", "set", "1"].into_iter().chain(orders).collect();
    site.text(&line);
    site.text(&["--as", "anna", "ticket", "set", "1", "time+=15 ben", "tags=-urgent +hall", "--quiet"]);
    let ticket = shown(&site);
    assert_eq!(ticket["tags"], json!(["hall", "printer"]));
    assert_eq!(ticket["fields"], json!({"Customer": "ACME", "Rooms": ["Hall of fame"]}));
    assert_eq!([&ticket["time_worked"], &ticket["time_estimated"], &ticket["time_left"]], [75, 240, 90]);
    assert_eq!(ticket["time_by"], json!([{"person": "anna", "minutes": 60}, {"person": "ben", "minutes": 15}]));
    assert_eq!(site.json(&["ticket", "list"])[0]["tags"], ticket["tags"]);
    let changes = ticket["history"].as_array().unwrap().last().unwrap()["changes"].clone();
    assert_eq!(changes[0], json!({"field": "time_worked", "from": 60, "to": 75}));
    assert_eq!(changes[1], json!({"field": "time_for", "from": null, "to": "15 ben"}));
    let page = site.text(&["ticket", "show", "1"]);
    for line in [
        "time worked 75 min (anna 60, ben 15)",
        "estimated   240 min",
        "time left   90 min",
        "tags        hall, printer",
        "Customer    ACME",
        "Rooms       Hall of fame",
        "field.Customer: + ACME",
        "time_for: + 15 ben",
    ] {
        assert!(page.contains(line), "{line} is not in\n{page}");
    }
    site.text(&["--as", "anna", "ticket", "set", "1", "queue=noc"]);
    assert_eq!(shown(&site)["fields"], json!({"Customer": "ACME"}), "noc has no rooms");
    site.text(&["--as", "anna", "ticket", "set", "1", "queue=support"]);
    assert_eq!(shown(&site)["fields"]["Rooms"], json!(["Hall of fame"]), "nothing is lost on the way");
}

#[test]
fn a_needed_field_holds_a_ticket_open() {
    let site = with_ticket();
    let refused = site.run(&["--as", "anna", "ticket", "resolve", "1"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("field Customer is needed: who pays"), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("write field.Customer=VALUE before"), "{}", stderr(&refused));
    site.text(&["--as", "anna", "ticket", "set", "1", "cf-customer=ACME", "status=resolved"]);
    assert_eq!(shown(&site)["status"], "resolved");
    let wrong = site.run(&["--as", "anna", "ticket", "set", "1", "field.rooms=13"]);
    assert!(stderr(&wrong).contains("\"13\" cannot be chosen"), "{}", stderr(&wrong));
    assert!(stderr(&wrong).contains("write one of 12, Hall of fame"), "{}", stderr(&wrong));
}

#[test]
fn the_sites_own_fields_are_listed_with_the_others() {
    let site = with_ticket();
    let table = site.text(&["ticket", "fields"]);
    let row = |name: &str| {
        table.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no {name} in\n{table}")).to_owned()
    };
    assert!(row("field.Customer").contains("field.Customer=words"), "{table}");
    assert!(row("field.Rooms").contains("field.Rooms+=12"), "{table}");
    assert!(row("status").contains("status=resolved"), "{table}");
    let listed = site.json(&["ticket", "fields"]);
    let rooms = listed.as_array().unwrap().iter().find(|field| field["name"] == "field.Rooms").unwrap();
    assert_eq!((&rooms["list"], &rooms["type"], &rooms["queues"]), (&json!(true), &json!("choice"), &json!(["support"])));
    assert_eq!(rooms["help"], "one of 12, Hall of fame; only in support");
    let nowhere = site.run(&["ticket", "fields", "--config", "/nonexistent/postern.toml"]);
    let text = String::from_utf8_lossy(&nowhere.stdout).into_owned();
    assert!(nowhere.status.success() && text.contains("field.Customer=ACME"), "{text}");
}

#[test]
fn b4_the_command_line_is_not_limited_as_mail_is() {
    let site = Site::new();
    // A mail of one command on one ticket is all that anybody sends here.
    let limits = "[commands]\nmost = 1\nmost_asked = 1\ntickets = 1\ntickets_asked = 1\n";
    std::fs::write(site.path("site.toml"), format!("{limits}{SITE}")).unwrap();
    site.text(&["apply"]);
    for subject in ["One", "Two", "Three"] {
        site.text(&["ticket", "create", subject, "--queue", "support", "--requestor", "carla@example.net", "--as", "anna"]);
    }
    let orders = ["priority=5", "tags=hall", "field.customer=ACME", "time+=5", "estimate=4h", "depends=#2, #3"];
    let line: Vec<&str> = ["--as", "anna", "ticket", "set", "1"].into_iter().chain(orders).collect();
    let done = site.json(&line);
    assert_eq!((&done["verdict"], &done["applied"]), (&json!("commanded"), &json!(true)), "{done}");
    let ticket = shown(&site);
    assert_eq!((&ticket["priority"], &ticket["tags"], &ticket["time_worked"]), (&json!(5), &json!(["hall"]), &json!(5)));
    assert_eq!(ticket["links"].as_array().map(Vec::len), Some(2), "three tickets changed at once");
    assert_eq!(ticket["fields"], json!({"Customer": "ACME"}));
}
