//! Commands by mail on a real database: mail in, ticket changed, mails and transcripts in the outbox.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff};
use postern_core::model::Verdict;
use postern_core::values;

/// Support, where anna and ben work. Carla has opened ticket 1.
fn site() -> Site {
    let support = queue("support", "comment_address = \"support-comment@example.org\"\nadmincc = [\"anna\", \"ben\"]");
    let mut site = Site::with(&(support + &queue("noc", "") + &staff("anna", "") + &staff("ben", "")));
    let asked = "From: Carla <carla@customer.example>\nTo: support@example.org\nMessage-ID: <q@x>\nSubject: Fire\n\nIt burns.\n";
    assert_eq!(site.one(asked, NOW).ticket, Some(1));
    site
}

/// Mails of a kind in the outbox: to whom, Message-ID, envelope sender, subject, text.
fn mails(site: &Site, kind: &str) -> Vec<(String, String, String, String, String)> {
    let sql =
        "SELECT o.address, o.headers, o.envelope_from, CAST(c.data AS TEXT) FROM outbox o JOIN content c ON c.id = o.text_id
               WHERE o.kind = ?1 ORDER BY o.id";
    let read =
        |headers: &str, key: &str| serde_json::from_str::<serde_json::Value>(headers).unwrap()[key].as_str().unwrap().to_owned();
    let rows = site.engine.read(|tx| {
        tx.query(sql, values![kind], |row| {
            let headers: String = row.get(1)?;
            Ok((row.get(0)?, read(&headers, "message_id"), row.get(2)?, read(&headers, "subject"), row.get(3)?))
        })
    });
    rows.unwrap()
}

/// The Message-ID of the last mail that went to anna as staff.
fn to_anna(site: &Site) -> String {
    mails(site, "notification").into_iter().rfind(|(to, ..)| to == "anna@example.org").unwrap().1
}

/// Anna's answer to a mail that went to her as staff.
fn by_anna(site: &Site, id: &str, text: &str) -> String {
    let parent = to_anna(site);
    format!(
        "From: Anna <anna@example.org>\nTo: support@example.org\nMessage-ID: <{id}@x>\nIn-Reply-To: <{parent}>\nSubject: Re: [example.org #1] Fire\n\n{text}\n"
    )
}

fn one(site: &Site, sql: &str) -> Option<String> {
    site.engine.read(|tx| tx.query_opt(sql, &[], |row| row.get(0))).unwrap()
}

#[test]
fn b4_a_technician_resolves_by_mail_and_the_customer_sees_no_command() {
    let mut site = site();
    let mail = by_anna(&site, "a1", "Status: resolved\nPriority: high\n\nThe fire is out.\n-- \nAnna");
    let outcome = site.one(&mail, NOW + 1);
    assert_eq!((outcome.verdict, outcome.ticket), (Verdict::Corresponded, Some(1)), "{outcome:?}");
    assert_eq!(one(&site, "SELECT status || ' ' || priority FROM ticket WHERE id = 1").as_deref(), Some("resolved 80"));
    let carla: Vec<_> = mails(&site, "notification").into_iter().filter(|(to, ..)| to == "carla@customer.example").collect();
    assert_eq!(carla.len(), 1, "{carla:?}");
    assert!(carla[0].4.contains("The fire is out.") && !carla[0].4.contains("Priority: high"), "{}", carla[0].4);
    assert_eq!(mails(&site, "transcript"), []);
    // The same mail again does nothing.
    assert_eq!(site.one(&mail, NOW + 2).verdict, Verdict::Duplicate);
}

#[test]
fn b4_what_fails_is_told_to_whoever_wrote_it() {
    let mut site = site();
    let mail = by_anna(&site, "a1", "!resolve\n!queue nowhere\n\nThe fire is out.");
    assert_eq!(site.one(&mail, NOW + 1).verdict, Verdict::Corresponded);
    assert_eq!(one(&site, "SELECT status FROM ticket WHERE id = 1").as_deref(), Some("open"), "answering opens it, and no more");
    let transcripts = mails(&site, "transcript");
    let [(to, id, envelope, subject, text)] = transcripts.as_slice() else { panic!("{transcripts:?}") };
    assert_eq!((to.as_str(), envelope.as_str()), ("anna@example.org", ""));
    assert!(id.starts_with("transcript.t"), "{id}");
    assert!(subject.starts_with("[example.org] 1 error: Re: [example.org #1] Fire ("), "{subject}");
    assert!(text.contains("> !queue nowhere\n    there is no queue \"nowhere\""), "{text}");
}
