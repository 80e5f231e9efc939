//! What is composed can be read, when people write what they do: any script, lines that look like something else, names that
//! look like addresses. The plainer properties stand in round_trip.rs.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_core::outbox::{MailHeaders, Mailbox, OutgoingFile, OutgoingMail};
use postern_courier::compose;
use proptest::prelude::*;
use std::sync::Arc;

/// Words of many scripts, marks and pairs of code units included.
const WORDS: [&str; 24] = [
    "Grüße",
    "日本語",
    "한국어",
    "Привет",
    "שלום",
    "مرحبا",
    "สวัสดี",
    "हिन्दी",
    "Ελλάδα",
    "e\u{301}",
    "😀",
    "👩\u{200d}👩\u{200d}👧",
    "𝔘𝔫𝔦",
    "ﬁ",
    "İstanbul",
    "plain",
    "a=b",
    "=?utf-8?Q?=41?=",
    "100%",
    "it's",
    "(c)",
    "a,b;c:d",
    "<x@y.example>",
    "\u{2014}",
];

fn words(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(prop::sample::select(&WORDS[..]), 0..most).prop_map(|words| words.join(" "))
}

/// Lines that mail treats as something else, and lines of every length.
fn line() -> impl Strategy<Value = String> {
    let fixed = vec![
        "",
        ".",
        "..",
        ". x",
        "From here on",
        ">From here on",
        "--b",
        "begin 644 a.txt of ours",
        "=",
        "=20",
        "x=",
        "a = b",
        "\tindented",
        "  two",
        "-----",
        "Subject: x",
        "trailing",
        "a \u{feff}mark inside",
    ];
    prop_oneof![
        3 => prop::sample::select(fixed).prop_map(str::to_owned),
        3 => words(30),
        1 => (1usize..3_000).prop_map(|n| "x".repeat(n)),
        1 => (1usize..1_000).prop_map(|n| "漢".repeat(n)),
        1 => "[ -~]{0,120}",
        1 => "[\\PC&&[^\u{ad}]]{0,80}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(line(), 0..12).prop_map(|lines| lines.join("\n"))
}

fn name() -> impl Strategy<Value = String> {
    const FIXED: [&str; 8] = [
        "\"Quoted\"",
        "O'Brien, Pat",
        "a@b.example",
        "=?utf-8?Q?x?=",
        "Dr. (med.) X",
        "x <y@z.example>",
        "back\\slash",
        "Team: a;",
    ];
    prop_oneof![words(6), prop::sample::select(&FIXED[..]).prop_map(str::to_owned), "[\\PC]{0,40}"]
}

fn mailbox() -> impl Strategy<Value = Mailbox> {
    let local = prop_oneof!["[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,30}", "[a-z]{1,5}(\\.[a-z]{1,5}){1,5}"];
    (name(), local, "[a-z0-9]{1,20}(-[a-z0-9]{1,5})?\\.example")
        .prop_filter("such a local part is no address", |(_, local, _)| !local.contains("=?"))
        .prop_map(|(name, local, domain)| Mailbox { name, email: format!("{local}@{domain}") })
}

/// What a reader of mail cannot know any more is left out: white space at ends of lines and of the text, and what ends lines in some
/// programs alone.
fn shown(text: &str) -> String {
    let text = text.replace(['\u{2028}', '\u{2029}'], " ");
    let lines: Vec<&str> = text.split('\n').map(|l| l.trim_end()).collect();
    lines.join("\n").trim().to_owned()
}

fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

prop_compose! {
    fn mail()(
        from in mailbox(),
        to in proptest::collection::vec(mailbox(), 1..5),
        cc in proptest::collection::vec(mailbox(), 0..5),
        reply_to in proptest::option::of(mailbox()),
        subject in words(40),
        text in text(),
        references in proptest::collection::vec("[a-z0-9.$%+=_-]{1,200}@[a-z0-9-]{1,60}\\.example", 0..60),
        html in any::<bool>(),
    ) -> OutgoingMail {
        let headers = MailHeaders {
            from, to, cc, reply_to, subject, message_id: "m@a.example".into(), references, date: 1_000_000, ..MailHeaders::default()
        };
        OutgoingMail { id: 1, attempts: 0, envelope_from: None, envelope_to: "a@b.example".into(), headers, text, html, files: Vec::new() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_write_is_read_again(mail in mail()) {
        let octets = compose(&mail);
        let raw = String::from_utf8_lossy(&octets).into_owned();
        let read = postern_mail::parse(&octets);
        let all = |list: &[postern_mail::Address]| list.iter().map(|a| (a.email.clone(), letters(&a.name))).collect::<Vec<_>>();
        // A name that is the address says nothing, and readers leave it out.
        let meant = |list: &[Mailbox]| list.iter().map(|a| (a.email.clone(), letters(&a.name))).collect::<Vec<_>>();
        prop_assert_eq!(one_line(&read.subject), one_line(&mail.headers.subject), "{}", raw);
        prop_assert_eq!(shown(&read.text), shown(&mail.text), "{}", raw);
        prop_assert_eq!(all(&read.from), meant(std::slice::from_ref(&mail.headers.from)), "{}", raw);
        prop_assert_eq!(all(&read.to), meant(&mail.headers.to), "{}", raw);
        prop_assert_eq!(all(&read.cc), meant(&mail.headers.cc), "{}", raw);
        prop_assert_eq!(all(&read.reply_to), meant(mail.headers.reply_to.as_slice()), "{}", raw);
        prop_assert_eq!(&read.references, &mail.headers.references.iter().fold(Vec::new(), |mut seen: Vec<String>, id| {
            if !seen.contains(id) {
                seen.push(id.clone());
            }
            seen
        }));
        prop_assert_eq!(&read.defects, &[], "{}", raw);
        prop_assert!(read.attachments.is_empty(), "{}", raw);
    }

    #[test]
    fn any_octets_under_any_name_are_the_same_file(octets in proptest::collection::vec(any::<u8>(), 0..5_000), name in name()) {
        let headers = MailHeaders {
            from: Mailbox { name: String::new(), email: "a@b.example".into() }, message_id: "m@a.example".into(), ..MailHeaders::default()
        };
        let files = vec![Arc::new(OutgoingFile { name: format!("{name}.bin"), content_type: "application/octet-stream".into(), octets })];
        let mail = OutgoingMail { id: 1, attempts: 0, envelope_from: None, envelope_to: "a@b.example".into(), headers, text: String::new(), html: false, files };
        let raw = compose(&mail);
        let read = postern_mail::parse(&raw);
        prop_assert_eq!(read.attachments.len(), 1);
        prop_assert_eq!(&postern_mail::parse::attachment_bytes(&raw, &read.attachments[0]), &mail.files[0].octets);
        prop_assert!(read.attachments[0].name.ends_with(".bin") || read.attachments[0].name == "bin", "{}", read.attachments[0].name);
        prop_assert_eq!(read.text.trim(), "");
    }
}
