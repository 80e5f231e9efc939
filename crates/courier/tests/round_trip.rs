//! What is composed can be read: the reader of incoming mail finds in it what the row said.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_core::outbox::{MailHeaders, Mailbox, OutgoingMail};
use postern_courier::compose;
use proptest::prelude::*;

fn id() -> impl Strategy<Value = String> {
    "[a-z0-9]{1,12}(\\.[a-z0-9=_+-]{1,30}){0,3}@[a-z0-9]{1,20}\\.example"
}

/// A name as people have them, and worse.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[A-Z][a-z]{1,10} [A-Z][a-z]{1,12}", "[A-Za-zäöüß日本😀\"\\\\,.;:()<>@ -]{1,60}"]
}

fn mailbox() -> impl Strategy<Value = Mailbox> {
    (name(), "[a-z0-9_+-]{1,20}(\\.[a-z0-9_+-]{1,10}){0,2}@[a-z0-9]{1,20}\\.example")
        .prop_map(|(name, email)| Mailbox { name, email })
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Readers trim quotes and punctuation at the ends of a name; the letters must be the same.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

prop_compose! {
    fn mail()(
        from in mailbox(),
        to in proptest::collection::vec(mailbox(), 1..4),
        subject in "[ -~äöüßéèñ漢字かな😀]{0,200}",
        text in "[ -~äöüß漢字😀\n]{0,600}",
        message_id in id(),
        in_reply_to in proptest::option::of(id()),
        references in proptest::collection::vec(id(), 0..30),
        date in 0i64..4_000_000_000,
    ) -> OutgoingMail {
        let headers = MailHeaders {
            from, to, subject, message_id, in_reply_to, references, date: date * 1_000_000, ..MailHeaders::default()
        };
        OutgoingMail { id: 1, attempts: 0, envelope_from: None, envelope_to: "a@b.example".into(), headers, text, html: false, files: Vec::new() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_composed_is_read_again(mail in mail()) {
        let octets = compose(&mail);
        let shown = String::from_utf8_lossy(&octets).into_owned();
        let read = postern_mail::parse(&octets);
        let emails = |list: &[postern_mail::Address]| list.iter().map(|a| a.email.clone()).collect::<Vec<_>>();
        prop_assert_eq!(words(&read.subject), words(&mail.headers.subject), "{}", shown);
        prop_assert_eq!(&read.message_id, &mail.headers.message_id);
        prop_assert_eq!(&read.in_reply_to, &mail.headers.in_reply_to.iter().cloned().collect::<Vec<_>>());
        prop_assert_eq!(&read.references, &mail.headers.references);
        prop_assert_eq!(read.date, Some(mail.headers.date));
        prop_assert_eq!(emails(&read.from), vec![mail.headers.from.email.clone()], "{}", shown);
        prop_assert_eq!(emails(&read.to), mail.headers.to.iter().map(|to| to.email.clone()).collect::<Vec<_>>(), "{}", shown);
        prop_assert_eq!(letters(&read.from[0].name), letters(&mail.headers.from.name), "{}", shown);
        prop_assert_eq!(read.text.trim(), mail.text.trim(), "{}", shown);
    }
}
