//! What readings of mail mean for tickets: what we sent is recognised when it comes back, and what came out garbled is read
//! again.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::mail::Mail;
use harness::site::{ANNA, CARLA, Site, only_to};
use serde_json::Value;

const ANSWER: &str = "Please pull the plug of the printer at once, and leave the window of the room open.\n\
                      Then wait for ten minutes before you look into it, and write to us what you see there.\n\nAnna";
/// In no language that a table of words could hold.
const NEW: &str = "Mi farvis tion, sed la fumo ankorau venas.\nKio nun?";

/// Carla has asked, Anna has answered: what Carla got.
fn answered(site: &Site) -> Mail {
    let (_, mails) = site.open_ticket();
    site.support(&Reply::to(only_to(&mails, "anna@example.org"), ANNA).text(ANSWER).bytes());
    only_to(&site.run_outbox(), "carla@example.net").clone()
}

/// Carla's client: the mail that she answers stands below hers without a mark, each paragraph one line.
fn unmarked(got: &Mail) -> Vec<u8> {
    let flowed = got.text().replace("\n\n", "\0").replace('\n', " ").replace('\0', "\n\n");
    let introduction = "Vendre la 21 de Novo Anna via support skribuis";
    let eml = Reply::to(got, CARLA).eml();
    eml.text(&format!("{NEW}\n\n{introduction}\n\n{flowed}\n")).bytes()
}

#[test]
fn a130_what_we_sent_is_folded_in_a_language_that_nobody_knows() {
    let site = Site::new();
    let got = answered(&site);
    assert!(got.text().contains("wait for ten minutes"), "{}", got.text());
    let row = site.support(&unmarked(&got));
    assert_eq!(row["verdict"], "corresponded");
    let told = only_to(&site.run_outbox(), "anna@example.org").text();
    assert!(told.contains("fumo ankorau venas") && told.contains("Kio nun?"), "{told}");
    assert!(!told.contains("ten minutes") && !told.contains("pull the plug"), "{told}");

    let shown = site.postern(&["ticket", "show", "1"]).expect_code(0).out.clone();
    let tail = shown.rsplit("-- carla@example.net wrote").next().unwrap();
    assert!(tail.contains("Kio nun?") && tail.contains("folded lines; --all shows them]"), "{shown}");
    assert!(!tail.contains("ten minutes"), "{shown}");
    let all = site.postern(&["ticket", "show", "1", "--all"]).expect_code(0).out.clone();
    let tail = all.rsplit("-- carla@example.net wrote").next().unwrap();
    assert!(tail.contains("ten minutes") && !tail.contains("folded line"), "{all}");

    let entry = site.history(1).pop().unwrap();
    let text = |field: &str| entry[field].as_str().unwrap().to_owned();
    assert!(text("text").contains("ten minutes"), "nothing is deleted: {entry}");
    assert!(text("reply").starts_with(NEW) && !text("reply").contains("ten minutes"), "{entry}");
    site.assert_sound();
}

#[test]
fn what_is_new_stays_new_beside_what_was_sent() {
    let site = Site::new();
    let got = answered(&site);
    let between = got.text().replacen("Then wait", "\nKiun ŝtopilon, la ruĝan au la bluan?\n\nThen wait", 1);
    site.support(&Reply::to(&got, CARLA).eml().text(&format!("{NEW}\n\n{between}\n")).bytes());
    let told = only_to(&site.run_outbox(), "anna@example.org").text();
    assert!(told.contains("Kio nun?") && told.contains("la ruĝan au la bluan?"), "answers inside stay: {told}");
}

const OUTLOOK: &str = "From: support <support@example.org>\nSent: Monday, November 21, 2026 5:00 PM\n\
                       To: Carla Customer <carla@example.net>\nSubject: Re: Printer\n\n";

/// Carla answers what she got with this text: what Anna and `ticket show` tell of it.
fn told(site: &Site, got: &Mail, text: &str) -> String {
    site.support(&Reply::to(got, CARLA).eml().text(text).bytes());
    let told = only_to(&site.run_outbox(), "anna@example.org").text();
    let reply = site.history(1).pop().unwrap()["reply"].as_str().unwrap().to_owned();
    assert!(told.contains(reply.trim()), "{reply:?} is not in {told:?}");
    reply
}

#[test]
fn a130_a_forward_on_a_ticket_is_told_whole() {
    let site = Site::new();
    let got = answered(&site);
    let forward = "The vendor wrote this:\n\n---------- Forwarded message ---------\nFrom: Vendor <v@vendor.example>\n\
                   Date: Fri, Nov 20, 2026 at 10:00 AM\nSubject: Drum\nTo: Carla <carla@example.net>\n\n\
                   The drum has serial 4711 and is recalled.\n";
    assert_eq!(told(&site, &got, forward), forward.trim_end());
    site.assert_sound();
}

#[test]
fn a130_a_form_that_was_filled_in_inside_our_mail_is_told() {
    let site = Site::new();
    let (_, mails) = site.open_ticket();
    let form = "Please fill in this form and send it back, so that we can order the part:\n\nName of the contact person:\n\
                Serial number on its back:\n[ ] yes, I accept the costs of 120 EUR for it\n\nAnna";
    site.support(&Reply::to(only_to(&mails, "anna@example.org"), ANNA).text(form).bytes());
    let got = only_to(&site.run_outbox(), "carla@example.net").clone();
    let filled = got.text().replace("person:", "person: Carla").replace("its back:", "its back: SN4711");
    let filled = filled.replace("[ ] yes", "[x] yes").replace("120 EUR", "90 EUR");
    let reply = told(&site, &got, &format!("Hi,\n\n{OUTLOOK}{filled}\n"));
    for words in ["Name of the contact person: Carla", "back: SN4711", "[x] yes, I accept the costs of 90 EUR"] {
        assert!(reply.contains(words), "{words} is gone from {reply}");
    }
    let untouched = told(&site, &got, &format!("Which form?\n\n{OUTLOOK}{}\n", got.text()));
    assert_eq!(untouched, "Which form?");
    site.assert_sound();
}

#[test]
fn a130_what_a_technician_writes_as_a_quote_reaches_the_customer() {
    let site = Site::new();
    let (_, mails) = site.open_ticket();
    let notice = only_to(&mails, "anna@example.org");
    let mut answers = vec!["Please type this:\n\n> lpstat -p\n> cupsenable drum".to_owned()];
    answers.push(
        "On 20 Nov 2026 Dora Neumann <dora@vendor.example> wrote:\n> The drum comes on Friday.\n\nShe keeps her word.".to_owned(),
    );
    answers.push(
        "Make a mail like this:\n\nFrom: you@example.net\nTo: unlock@printer.example\nSubject: UNLOCK\nDate: today".to_owned(),
    );
    for answer in answers {
        site.support(&Reply::to(notice, ANNA).text(&format!("{answer}\n")).bytes());
        let got = only_to(&site.run_outbox(), "carla@example.net").text();
        assert!(got.contains(&answer), "{answer:?} is not in {got:?}");
    }
    // What they answered themselves is not sent back to anybody.
    let quoted = notice.text().lines().map(|line| format!("> {line}\n")).collect::<String>();
    let answer = format!("It comes today.\n\nOn 21 Nov 2026 support <support@example.org> wrote:\n{quoted}");
    site.support(&Reply::to(notice, ANNA).text(&answer).bytes());
    let reply = site.history(1).pop().unwrap()["reply"].as_str().unwrap().to_owned();
    assert_eq!(reply, "It comes today.");
    site.assert_sound();
}

/// A Japanese mail that says it is Chinese: its kana are the same in both, its other characters are not.
fn mislabelled() -> Vec<u8> {
    let octets = |text: &str| encoding_rs::EUC_JP.encode(text).0.into_owned();
    let head = "From: Kenji <kenji@example.net>\nTo: support@example.org\nMessage-ID: <jp@example.net>\nSubject: ";
    let kind = "\nMIME-Version: 1.0\nContent-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: 8bit\n\n";
    [head.as_bytes(), &octets(SUBJECT), kind.as_bytes(), &octets(TEXT)].concat()
}

const SUBJECT: &str = "印刷機が燃えています";
const TEXT: &str = "印刷機から煙が出ています。助けてください。\n";

fn first_entry(site: &Site) -> (Value, Value) {
    let ticket = site.ticket(1);
    (ticket["subject"].clone(), ticket["history"][0]["text"].clone())
}

#[test]
fn e14_a_garbled_mail_is_repaired_and_goes_back() {
    let site = Site::new();
    let row = site.support(&mislabelled());
    let id = row["id"].to_string();
    let redecode = |more: &[&str]| site.postern(&[&["mail", "redecode", &id, "--charset"], more].concat());
    let garbled = first_entry(&site);
    assert!(!garbled.0.as_str().unwrap().contains("印刷機"), "{garbled:?}");

    let tried = redecode(&["euc-jp", "--dry-run"]);
    let said = tried.expect_code(0).out.clone();
    assert!(said.contains("read again as EUC-JP, before as gb18030") && said.contains("煙が出ています"), "{said}");
    assert!(said.contains("Nothing is changed"), "{said}");
    assert_eq!(first_entry(&site), garbled);

    let mails = site.outbox().len();
    redecode(&["euc-jp"]).expect_code(0);
    assert_eq!(first_entry(&site), (SUBJECT.into(), TEXT.into()));
    assert_eq!(site.outbox().len(), mails, "nobody is mailed");
    let note = site.history(1).pop().unwrap();
    assert_eq!((&note["kind"], &note["internal"]), (&"note".into(), &true.into()));
    assert_eq!(note["changes"][0], serde_json::json!({"field": "charset", "from": "auto", "to": "EUC-JP"}));
    assert!(note["text"].as_str().unwrap().contains(&format!("`postern mail redecode {id} --charset auto` goes back")), "{note}");
    let shown = site.postern(&["mail", "show", &id]).expect_code(0).out.clone();
    assert!(shown.contains("EUC-JP, as a person said") && shown.contains("煙が出ています"), "{shown}");
    assert!(shown.contains(&format!("postern mail redecode {id} --charset auto")), "{shown}");
    let shown = site.json(&["mail", "show", &id]);
    assert_eq!((&shown["charset"], &shown["decodings"][0]["evidence"]), (&"EUC-JP".into(), &"person".into()), "{shown}");

    let same = redecode(&["euc-jp"]);
    assert!(same.expect_code(0).out.starts_with(&format!("Nothing changes: mail {id} is read as EUC-JP already.")), "{same:?}");
    let back = site.json(&["mail", "redecode", &id, "--charset", "auto"]);
    assert_eq!((&back["changed"], &back["charset"], &back["ticket"]), (&true.into(), &Value::Null, &1.into()), "{back}");
    assert_eq!(first_entry(&site), garbled);
    site.assert_sound();
}

#[test]
fn what_cannot_be_read_again_is_told_with_what_to_do() {
    let site = Site::new();
    let id = site.support(&mislabelled())["id"].to_string();
    for (arguments, code, said) in [
        (vec![id.as_str(), "--charset", "euc-pj"], 2, "there is no charset \"euc-pj\"; did you mean EUC-JP?"),
        (vec!["99", "--charset", "euc-jp"], 1, "the ledger has no mail 99; `postern mail list` shows which there are"),
        (vec![id.as_str()], 2, "--charset"),
    ] {
        let outcome = site.postern(&[&["mail", "redecode"], arguments.as_slice()].concat());
        assert!(outcome.expect_code(code).err.contains(said), "{outcome:?}");
    }
}

/// A photo without a word, and without the end of the parts.
const DAMAGED: &[u8] =
    b"From: Carla <carla@example.net>\nTo: support@example.org\nSubject: Photo\nDate: Sat, 21 Nov 2026 12:00:00 +0000\n\
    Message-ID: <photo@example.net>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n\
    --b\nContent-Type: image/jpeg; name=\"photo.jpg\"\nContent-Transfer-Encoding: base64\n\n/9j/4AAQ\n";

#[test]
fn a76_what_is_damaged_and_what_files_there_are_is_shown_with_the_mail() {
    let site = Site::new();
    let row = site.support(DAMAGED);
    let (id, ticket) = (row["id"].to_string(), row["ticket"].to_string());
    let shown = site.postern(&["mail", "show", &id]).expect_code(0).out.clone();
    let file = format!("    photo.jpg (image/jpeg, 6 bytes): postern ticket attachment {ticket} 1\n");
    assert!(shown.contains("\ndamaged      a multipart has no end\n"), "{shown}");
    assert!(shown.ends_with(&format!("What it says\n    (no text)\n\nIts files\n{file}")), "{shown}");
    let said = "Something in this mail could not be read whole: a multipart has no end.";
    let mails = site.run_outbox();
    assert!(only_to(&mails, "anna@example.org").text().contains(&format!("Note: {said}\n")));
    assert!(!only_to(&mails, "carla@example.net").text().contains("read whole"), "customers are told nothing of it");
    let shown = site.json(&["mail", "show", &id]);
    assert_eq!(shown["defects"], serde_json::json!(["unterminated-multipart: a multipart has no end"]));
    let file = serde_json::json!([{"name": "photo.jpg", "type": "image/jpeg", "size": 6, "number": 1}]);
    assert_eq!((&shown["attachments"], &shown["text"]), (&file, &"".into()));
    let same = site.postern(&["mail", "redecode", &id, "--charset", "windows-1251"]).expect_code(0).out.clone();
    assert_eq!(same, format!("Nothing changes: mail {id} has no text; its file is passed on as it came.\n"));

    let row =
        site.support(b"From: carla@example.net\nTo: support@example.org\nSubject: Hi\nMessage-ID: <odd@example.net>\n\nText\n");
    let shown = site.postern(&["mail", "show", &row["id"].to_string()]).expect_code(0).out.clone();
    assert!(shown.contains("\nodd          no readable Date\n") && !shown.contains("damaged"), "{shown}");
    assert!(shown.ends_with("What it says\n    Text\n"), "{shown}");
    site.assert_sound();
}
