//! The harness is believed only because it is tested: without Postern, against Postfix and itself.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::docs;
use harness::eml::Eml;
use harness::mail::{Mail, read_maildir};
use harness::postfix::{Postfix, free_port};
use harness::process::wait_until;
use harness::programs::not_run;
use std::collections::BTreeSet;
use std::time::Duration;

#[test]
fn the_private_postfix_delivers_to_maildirs_and_pipes() {
    if let Some(why) = Postfix::missing() {
        return not_run("harness: private Postfix", &why);
    }
    let postfix = Postfix::new(free_port());
    let (mail, out) = (postfix.path("mail"), postfix.path("mail/piped"));
    postfix.write_aliases(&format!("anna: {}/anna/\nsupport: \"|(id -un; env; cat) >{}\"\n", mail.display(), out.display()));
    postfix.start();
    let eml = Eml::new("someone@example.com", "support@example.org").text("one\n.two\n..three\n").bytes();
    postfix.send("someone@example.com", &["carla@example.net", "anna@example.org", "support+extra@example.org"], &eml);
    wait_until("all three deliveries", Duration::from_secs(30), || postfix.waiting() == 0);
    for person in ["carla", "anna"] {
        let mails = read_maildir(&postfix.maildir(person));
        assert_eq!(mails.len(), 1, "{}", postfix.log());
        assert_eq!(mails[0].text(), "one\n.two\n..three\n");
    }
    let piped = std::fs::read_to_string(out).unwrap();
    for expected in ["postern\n", "SENDER=someone@example.com\n", "RECIPIENT=support+extra@example.org\n", "EXTENSION=extra\n"] {
        assert!(piped.contains(expected), "no {expected:?} in {piped}");
    }
}

#[test]
fn a_deferred_delivery_is_tried_again_by_flush() {
    if let Some(why) = Postfix::missing() {
        return not_run("harness: deferred delivery", &why);
    }
    let postfix = Postfix::new(free_port());
    let out = postfix.path("mail/piped");
    let marker = postfix.path("mail/ready");
    postfix.write_aliases(&format!("support: \"|test -e {} || exit 75; cat >{}\"\n", marker.display(), out.display()));
    postfix.start();
    postfix.send(
        "someone@example.com",
        &["support@example.org"],
        &Eml::new("someone@example.com", "support@example.org").bytes(),
    );
    wait_until("the delivery to be put off", Duration::from_secs(30), || postfix.deferred() == 1);
    std::fs::write(marker, "").unwrap();
    postfix.flush();
    wait_until("the second try", Duration::from_secs(30), || postfix.waiting() == 0);
    assert!(std::fs::read_to_string(out).unwrap().contains("Smoke"));
}

#[test]
fn a_reply_is_made_as_mail_clients_make_it() {
    let directory = tempfile::TempDir::new().unwrap();
    let file = directory.path().join("1.eml");
    let arrived = "X-Envelope-From: <>\nX-Envelope-To: carla@example.net\nFrom: Support <support@example.org>\n\
        Reply-To: <support-reply@example.org>\nMessage-ID: <b@example.org>\nReferences: <a@example.org>\n\
        Subject: =?utf-8?q?=5B=231=5D_Gr=C3=BC=C3=9Fe?=\nContent-Type: text/plain; charset=utf-8\n\
        Content-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe\n";
    std::fs::write(&file, arrived).unwrap();
    let arrived = Mail::read(&file);
    assert_eq!((arrived.envelope_from.as_str(), arrived.envelope_to.as_str()), ("<>", "carla@example.net"));
    let reply = String::from_utf8(Reply::to(&arrived, "carla@example.net").text("Thanks").bytes()).unwrap();
    for line in [
        "To: <support-reply@example.org>\n",
        "Subject: Re: [#1] Grüße\n",
        "In-Reply-To: <b@example.org>\n",
        "References: <a@example.org>\n <b@example.org>\n",
        "\n\nThanks\n\n",
        "\n> Grüße\n",
    ] {
        assert!(reply.contains(line), "no {line:?} in {reply}");
    }
}

#[test]
fn the_docs_checker_finds_what_is_wrong() {
    let tests: BTreeSet<String> = ["a_test".to_owned(), "another".to_owned()].into();
    let check = |document: &str| docs::complaints(document, &tests, |file| file == "tests/corpus/x.eml");
    let good =
        "# Title\nProse.\n- A1 law — `a_test`\n* **B2** — with — `mod::another`, `tests/corpus/x.eml`\n| A3 | c | — `a_test` |\n";
    assert_eq!(check(good), Vec::<String>::new());
    let cases = [
        ("- A1 law — `a_test`\n- A1 again — `another`\n", "line 2: A1 stands in line 1 already"),
        ("- A1 law — `gone`\n", "line 1: A1 names `gone`, which does not exist"),
        ("- A1 law — `tests/gone.eml`\n", "line 1: A1 names `tests/gone.eml`, which does not exist"),
        ("- A1 law\n", "line 1: A1 names no test after a dash"),
        ("Nothing here.\n", "no item found at all"),
    ];
    for (document, complaint) in cases {
        assert_eq!(check(document), [complaint]);
    }
}

#[test]
fn the_docs_checker_knows_tests_from_other_functions() {
    let source = "fn helper() {}\n#[test]\nfn first() {}\nproptest! {\n  #[test]\n  #[ignore]\n  fn second(x in 0..1) {}\n}\n#[test] fn third() {}\n";
    assert_eq!(docs::tests_in(source), ["first", "second", "third"]);
}
