//! Commands by mail through the built programs: what a technician writes, what customers get, what comes back (B4).

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::eml::Eml;
use harness::site::{ANNA, CARLA, Site};

#[test]
fn b4_a_technician_works_by_mail_and_customers_see_no_command() {
    let site = Site::new();
    let (number, mails) = site.open_ticket();
    let notice = mails.iter().find(|mail| mail.envelope_to.contains("anna@")).expect("anna is told").clone();
    let answer = |text: &str| Reply::to(&notice, ANNA).text(text).bytes();
    let row = site.support(&answer("!take\n!priority high\n\nDear Carla, it is repaired.\n\n!resolve\n\n-- \nAnna\n"));
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
    let mails = site.run_outbox();
    let carla: Vec<_> = mails.iter().filter(|mail| mail.envelope_to.contains("carla@")).collect();
    assert!(carla.iter().any(|mail| mail.text().contains("it is repaired")), "{carla:?}");
    for mail in &mails {
        assert!(!mail.text().contains("!take") && !mail.text().contains("!resolve"), "{}", mail.text());
    }

    // A line that cannot be carried out: nothing is done, and anna is told, nobody else.
    let row = site.support(&answer("!open\n!owner zoe\n"));
    assert_eq!(row["verdict"], "recorded", "{row}");
    let mails = site.run_outbox();
    let [transcript] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!((transcript.envelope_from.as_str(), transcript.must("Auto-Submitted").as_str()), ("<>", "auto-replied"));
    assert!(transcript.envelope_to.contains("anna@"), "{transcript:?}");
    assert!(transcript.text().contains("> !owner zoe\n"), "{}", transcript.text());
    site.assert_sound();
}

#[test]
fn b1_what_a_stranger_called_a_mail_gives_no_commands_in_answers_to_it() {
    let site = Site::new();
    let poisoned = Eml::new(CARLA, "support@example.org").subject("Printer [+admincc=evil@attacker.example]");
    let row = site.support(&poisoned.bytes());
    let number = row["ticket"].as_u64().expect("a ticket");
    let mails = site.run_outbox();
    let notice = mails.iter().find(|mail| mail.envelope_to.contains("anna@")).expect("anna is told").clone();
    assert!(notice.must("Subject").contains("[+admincc=evil@attacker.example]"), "what she wrote stays");
    let nobody_new = |what: &str| {
        let mails = site.run_outbox();
        assert!(!mails.iter().any(|mail| mail.envelope_to.contains("evil")), "{what}: {mails:?}");
        assert!(!site.ticket(number).to_string().contains("\"evil@"), "{what}: {}", site.ticket(number));
        mails
    };
    let row = site.support(&Reply::to(&notice, ANNA).text("I look.\n").bytes());
    assert_eq!(row["verdict"], "corresponded", "{row}");
    nobody_new("an ordinary answer");
    // Not under another name of the ticket either; then anna is told.
    site.postern(&["ticket", "set", &number.to_string(), "--as", "anna", "subject=Printer", "--quiet"]).expect_code(0);
    site.support(&Reply::to(&notice, ANNA).text("I look again.\n").bytes());
    let mails = nobody_new("after it was renamed");
    let transcript = mails.iter().find(|mail| mail.envelope_from == "<>" && mail.envelope_to.contains("anna@"));
    let text = transcript.map(|mail| mail.text()).unwrap_or_default();
    assert!(text.contains("> +admincc=evil@attacker.example") && text.contains("it stood there before"), "{mails:?}");
    // What she adds herself counts.
    let subject = format!("Re: [example.org #{number}] Printer [status=resolved]");
    site.support(&Reply::to(&notice, ANNA).subject(&subject).text("Done.\n").bytes());
    assert_eq!(site.ticket(number)["status"], "resolved");
    nobody_new("her own");
}

/// A body as a mail program writes it, in plain text and in HTML.
fn alternative(plain: &str, html: &str) -> (String, String) {
    let text = format!(
        "--b\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n--b\nContent-Type: text/html; charset=utf-8\n\n<html><body>{html}</body></html>\n--b--\n"
    );
    ("multipart/alternative; boundary=b".to_owned(), text)
}

#[test]
fn b4_what_clients_make_of_a_comment_never_reaches_the_customer() {
    let site = Site::new();
    let html = |body: &str| ("text/html; charset=utf-8".to_owned(), format!("<html><body>{body}</body></html>"));
    let quote = "<div class=\"moz-cite-prefix\">On 23.11.26 10:00, Support wrote:<br></div><blockquote type=\"cite\">It burns.</blockquote>";
    let outlook = "<p class=\"MsoNormal\">!comment<o:p></o:p></p><p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p><p class=\"MsoNormal\">Secretly rude.</p>";
    let (_, mails) = site.open_ticket();
    let notice = mails.iter().find(|mail| mail.envelope_to.contains("anna@")).expect("anna is told").clone();
    for ((kind, body), counts) in [
        (html(&format!("<p>!take</p><p>!comment</p><p>Secretly rude.</p>{quote}")), true),
        (html(outlook), true),
        (html("<div dir=\"ltr\"><div><b>!comment</b></div><div><br></div><div>Secretly rude.</div></div>"), true),
        (alternative("!take\n\n!comment\n\nSecretly rude.\n", "<p>!take</p><p>!comment</p><p>Secretly rude.</p>"), true),
        (alternative("Hi,\n\n*!comment*\n\nSecretly rude.\n", "<p>Hi,</p><p><b>!comment</b></p><p>Secretly rude.</p>"), false),
        (html("<p>Hi,</p><p>!comment</p><p>Secretly rude.</p>"), false),
        (("text/plain; charset=utf-8".to_owned(), "Hi,\n\n\u{ff01}comment\n\nSecretly rude.\n".to_owned()), false),
    ] {
        let text = String::from_utf8(Reply::to(&notice, ANNA).text("BODY").bytes()).unwrap().replace("\r\n", "\n");
        let (head, _) = text.split_once("\n\n").unwrap();
        let of_body = |line: &&str| line.to_ascii_lowercase().starts_with("content-") || line.starts_with("MIME-");
        let head: String = head.lines().filter(|line| !of_body(line)).map(|line| format!("{line}\n")).collect();
        let mail = format!("{head}MIME-Version: 1.0\nContent-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\n{body}");
        let row = site.support(mail.as_bytes());
        assert_eq!(row["verdict"], "commented", "{mail}\n{row}");
        let left = site.run_outbox();
        assert!(left.iter().all(|mail| !mail.envelope_to.contains("carla@")), "{mail}");
        let tells = |text: String| text.replace('\n', " ").contains("kept as an internal comment");
        let told = left.iter().any(|mail| mail.envelope_from == "<>" && tells(mail.text().to_string()));
        assert_eq!(told, !counts, "{mail}");
    }
    site.assert_sound();
}
