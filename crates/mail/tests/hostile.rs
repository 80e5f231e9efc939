//! Messages that mean harm: each must come to a verdict, within the limits, without panic (A86). What is asserted is what
//! was made of them; a reader whose work grows faster than its input shows as a test that does not end.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code, unreachable_pub)] // Others use the rest of it.
#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use postern_mail::parse::limits;
use postern_mail::{Class, Envelope, Message, classify, parse};
use proptest::prelude::*;

const HEAD: &str =
    "From: anna@example.net\nTo: support@example.org\nSubject: x\nMessage-ID: <m@x>\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n";

fn read(fields: &str, body: &str) -> Message {
    parse(format!("{HEAD}{fields}\n{body}").as_bytes())
}

fn has(message: &Message, code: &str) -> bool {
    message.defects.iter().any(|d| d.code == code)
}

#[test]
fn a86_multiparts_inside_multiparts_without_end() {
    let mut body = String::new();
    for level in 0..10_000 {
        body.push_str(&format!("--b{level}\nContent-Type: multipart/mixed; boundary=b{}\n\n", level + 1));
    }
    let message = read("Content-Type: multipart/mixed; boundary=b0\n", &body);
    assert!(has(&message, "too-deep"));
    assert_eq!(message.from.len(), 1);
}

#[test]
fn a86_one_boundary_for_every_level() {
    let body = "--b\nContent-Type: multipart/mixed; boundary=b\n\n".repeat(20_000);
    let message = read("Content-Type: multipart/mixed; boundary=b\n", &body);
    assert!(has(&message, "too-many-parts") || has(&message, "too-deep"));
}

#[test]
fn a86_fifty_thousand_parts() {
    let body = "--b\nContent-Type: application/octet-stream; name=a.bin\n\nx\n".repeat(50_000) + "--b--\n";
    let message = read("Content-Type: multipart/mixed; boundary=b\n", &body);
    assert!(has(&message, "too-many-parts"));
    assert!(message.attachments.len() <= limits::PARTS && message.attachments.len() > 900);
    assert_eq!(message.attachments[1].name, "a-2.bin");
}

#[test]
fn a86_a_line_of_twenty_megabytes() {
    let line = "x".repeat(20 << 20);
    let message = read("", &line);
    assert!(has(&message, "text-truncated"));
    let shown = message.text.lines().next().map(str::len);
    assert_eq!(shown, Some(limits::TEXT_OCTETS));
    assert_eq!(message.attachments[0].size, 20 << 20);
    let message = parse(format!("Subject: {line}\nFrom: a@b.org\n\nHello.\n").as_bytes());
    assert_eq!((message.text.as_str(), message.from.len()), ("Hello.\n", 1));
    assert!(message.subject.len() <= limits::FIELD_OCTETS);
}

/// The line that ends text which was cut.
fn cut(whole: &str) -> String {
    format!("[The text goes on; it was cut here at 2 MiB. {whole}]")
}

#[test]
fn a86_text_that_was_cut_says_so() {
    let line = "A line of a long text.\n";
    let long = line.repeat((limits::TEXT_OCTETS + 1000) / line.len());
    let message = read("", &long);
    assert_eq!(message.attachments[0].name, "text.txt");
    let note = cut("The whole is attached as text.txt.");
    assert!(message.text.ends_with(&format!("\n\n{note}\n")), "{:?}", &message.text[message.text.len() - 200..]);
    assert!(message.reply.ends_with(&format!("\n\n{note}")));
    assert_eq!(message.text.matches(&note).count(), 1);

    let quoted = format!("Yes.\n\nSupport wrote:\n{}", long.replace("A line", "> A line"));
    assert_eq!(read("In-Reply-To: <k1@example.org>\n", &quoted).reply, format!("Yes.\n\n{note}"));

    let short = read("", &long[..1000]);
    assert!(!short.text.contains("[The text") && !short.reply.contains("[The text"));
}

#[test]
fn a86_several_texts_that_were_cut_are_attached() {
    let part = format!("--b\n\n{}\n", "A line of a long text.\n".repeat(60_000));
    let message = read("Content-Type: multipart/mixed; boundary=b\n", &format!("{}--b--\n", part.repeat(3)));
    assert_eq!(message.attachments.len(), 2);
    let note = cut("The rest is attached as text.txt and 1 more.");
    assert!(message.text.ends_with(&format!("\n\n{note}\n")), "{:?}", &message.text[message.text.len() - 200..]);
    assert!(message.reply.ends_with(&note));
}

#[test]
fn a86_a_million_received_fields() {
    let raw = format!("{}{HEAD}\nHello.\n", "Received: from a by b\n".repeat(1_000_000));
    let message = parse(raw.as_bytes());
    assert!(has(&message, "too-many-headers"));
    assert_eq!((message.from[0].email.as_str(), message.text.as_str()), ("anna@example.net", "Hello.\n"));
    assert!(message.header_all("received").count() > 50);
}

#[test]
fn a86_nested_elements() {
    let html = format!("{}Hello.{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
    let message = read("Content-Type: text/html\n", &html);
    assert_eq!(message.text, "Hello.\n");
    assert!(has(&message, "html-too-large"));
}

#[test]
fn a86_html_that_is_all_table_or_all_entity_or_all_link() {
    for html in [
        format!("<table><tr>{}</tr></table>", "<td width=9999>x".repeat(100_000)),
        "&amp;".repeat(400_000),
        "&#65;&bogus;&#x110000;&#0;".repeat(50_000),
        "<a href=\"https://x.org/\">x</a> ".repeat(10_000),
        "<style>".repeat(100_000),
        "<!--".repeat(100_000),
        "<blockquote>".repeat(150) + "deep",
        "<table>".repeat(150) + "deep",
        "<ul><li>".repeat(100) + "deep",
        format!("<pre>{}</pre>", "x".repeat(500_000)),
        format!("<p>{}</p>", "word ".repeat(90_000)),
        "<td><td colspan=1000000 rowspan=1000000>".repeat(100),
    ] {
        let message = read("Content-Type: text/html\n", &html);
        assert!(message.text.len() <= limits::TEXT_OCTETS * 2, "{}", &html[..40]);
    }
}

#[test]
fn a91_nothing_decoded_carries_a_line_end() {
    let evil = "=?utf-8?Q?a=0D=0ABcc:_v=40x.org=00=0B=E2=80=A8=C2=85b?=";
    let raw = format!(
        "From: {evil} <a@b.org>\nTo: {evil} <c@d.org>\nReply-To: \"{evil}\" <e@f.org>\nSubject: {evil}\nX-Any: {evil}\nMessage-ID: <m{evil}@x>\n\
         In-Reply-To: <{evil}>\nReferences: <{evil}> <x@y>\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: a/b; name=\"{evil}\"\n\n--b--\n"
    );
    let message = parse(raw.as_bytes());
    let mut values: Vec<&str> = vec![&message.subject, &message.message_id];
    values.extend(
        message.from.iter().chain(&message.to).chain(&message.reply_to).flat_map(|a| [a.name.as_str(), a.email.as_str()]),
    );
    values.extend(message.headers.iter().flat_map(|h| [h.name.as_str(), h.value.as_str()]));
    values.extend(message.in_reply_to.iter().chain(&message.references).map(String::as_str));
    values.extend(message.attachments.iter().map(|a| a.name.as_str()));
    assert!(values.len() > 15);
    for value in values {
        assert!(!value.contains(|c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}'), "{value:?}");
    }
}

#[test]
fn b1_what_ends_a_line_within_a_quoted_one_leaves_the_rest_quoted() {
    for end in ["\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}", "\u{2028}\u{200b}\u{2028}"] {
        let body = format!("{}\n\n> > please{end}!resolve\n| or{end}!close\nnew{end}text\n", "Hello there.\n".repeat(50));
        let fields = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n";
        let text = read(fields, &body).text;
        let text = text.replace('\u{200b}', "");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.contains(&"> > !resolve") && lines.contains(&"| !close") && lines.contains(&"text"), "{end:?}: {text:?}");
        let html = format!("<p>please{end}!resolve</p><pre>or{end}!close</pre>");
        let text = read("Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n", &html).text;
        // HTML has this one end lines in what is set as it is.
        let pre = end == "\r";
        assert!(
            !text.lines().any(|line| line.starts_with("!resolve") || !pre && line.starts_with('!'))
                && !text.contains(['\u{2028}', '\u{2029}']),
            "{end:?}: {text:?}"
        );
    }
    // Where nothing else ends lines, they are ends of lines.
    assert!(read("Content-Type: text/plain\n", "a").text.contains('a'));
    let old = read("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n", "PiBvbGQNbmV3DQ==");
    assert_eq!(old.text, "> old\nnew\n");
    // Signs are written again a few at a time, however many there are.
    let many = format!("{}{}", ">".repeat(100_000), "\u{c}".repeat(100_000));
    assert!(read("Content-Type: text/plain\n", &many).text.len() < 10_000_000);
}

#[test]
fn a86_addresses_without_end() {
    let list = "Anna <a@b.org>, ".repeat(20_000);
    let message = parse(format!("From: a@b.org\nTo: {list}\nTo: {list}\n\nx").as_bytes());
    assert_eq!(message.to.len(), limits::ADDRESSES);
    assert!(has(&message, "too-many-addresses"));
}

#[test]
fn a86_encoded_words_without_end() {
    for word in ["=?utf-8?Q?a?= ", "=?utf-8?Q?", "=?", "=?a?b?=", "?=", "=?utf-8?B?/////?= "] {
        let value = word.repeat(100_000 / word.len());
        let message = parse(format!("From: {value} <a@b.org>\nSubject: {value}\nTo: {value}\n\nx").as_bytes());
        assert!(message.subject.len() <= limits::FIELD_OCTETS * 3);
    }
}

#[test]
fn a86_parameters_without_end() {
    for field in [
        format!("Content-Type: text/plain{}\n", "; x=y".repeat(20_000)),
        format!("Content-Type: text/plain; name*0=a{}\n", (1..5000).map(|n| format!("; name*{n}=b")).collect::<String>()),
        format!("Content-Type: multipart/mixed; boundary={}\n", "b".repeat(100_000)),
        format!("Content-Disposition: attachment; filename=\"{}\"\n", "../".repeat(30_000)),
    ] {
        let message = read(&field, "Hello.\n");
        assert!(message.attachments.iter().all(|a| a.name.len() <= limits::FILE_NAME_OCTETS));
    }
}

#[test]
fn a86_delivery_reports_without_end() {
    let status = "Final-Recipient: rfc822; a@b.org\nAction: failed\nStatus: 5.0.0\n\n".repeat(50_000);
    let body = format!("--r\n\nFor people.\n--r\nContent-Type: message/delivery-status\n\n{status}--r--\n");
    let message = read("Content-Type: multipart/report; report-type=delivery-status; boundary=r\n", &body);
    assert!(message.report.as_ref().unwrap().recipients.len() <= limits::REPORT_RECIPIENTS);
    assert_eq!(classify(&message, &Envelope::Null, "example.org").class, Class::BounceFinal);
}

#[test]
fn a86_thirty_megabytes_of_rubbish() {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let rubbish: Vec<u8> = (0..30 << 20)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .collect();
    let message = parse(&rubbish);
    assert!(message.synthetic_id && message.from.is_empty());
    assert!(!message.text.contains('\0'));
    for encoding in ["base64", "quoted-printable", "x-uuencode", "8bit"] {
        let mut raw =
            format!("{HEAD}Content-Type: application/octet-stream\nContent-Transfer-Encoding: {encoding}\n\n").into_bytes();
        raw.extend_from_slice(&rubbish[..4 << 20]);
        let message = parse(&raw);
        let bytes = postern_mail::parse::attachment_bytes(&raw, &message.attachments[0]);
        assert_eq!(bytes.len(), message.attachments[0].size, "{encoding}");
    }
}

#[test]
fn a86_boundaries_that_almost_match() {
    let body = format!("--b\nContent-Type: text/plain\n\n{}\n--b--\n", "--b \n--bb\n--c\n--\n".repeat(10_000));
    let message = read("Content-Type: multipart/mixed; boundary=b\n", &body);
    assert!(has(&message, "too-many-parts"));
}

/// Pieces that mail is made of, so that random messages reach further than random octets do.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let fixed = prop::sample::select(vec![
        "From: ",
        "To: ",
        "Subject: ",
        "Reply-To: ",
        "Message-ID: <",
        "References: ",
        "Date: Mon, 2 Nov 2026 10:00:00 +0100",
        "Content-Type: ",
        "multipart/mixed; boundary=b",
        "multipart/alternative; boundary=b",
        "multipart/report; report-type=delivery-status; boundary=b",
        "text/html",
        "text/plain; charset=iso-2022-jp; format=flowed",
        "message/rfc822",
        "message/delivery-status",
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: quoted-printable",
        "Content-Disposition: attachment; filename*0*=utf-8''%",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\r\n\r\n",
        "\n ",
        "--b",
        "--b--",
        "--",
        "<a@b.org>",
        "\"",
        "(",
        ")",
        "<",
        ">",
        ",",
        ";",
        ":",
        "@",
        "=?utf-8?Q?",
        "=?utf-8?B?",
        "?=",
        "=?iso-8859-1*en?Q?=E9?=",
        "<div>",
        "</div>",
        "<blockquote>",
        "<table><tr><td>",
        "&amp;",
        "&#",
        "> ",
        "-- \n",
        "On Mon, 2 Nov 2026 Anna <a@b.org> wrote:\n",
        "[#1]",
        "[example.org #",
        "\x1b$B",
        "\u{feff}",
        "\u{202e}",
        "\0",
        "=",
        "=0D=0A",
        "AAAA",
        "é",
        "Final-Recipient: rfc822; a@b\nAction: failed\n",
    ])
    .prop_map(|s| s.as_bytes().to_vec());
    prop_oneof![8 => fixed, 1 => prop::collection::vec(any::<u8>(), 0..20)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a76_any_octets_are_a_message(raw in prop::collection::vec(any::<u8>(), 0..2000)) {
        targets::parse(&raw);
    }

    #[test]
    fn a76_any_pieces_of_mail_are_a_message(pieces in prop::collection::vec(piece(), 0..60)) {
        targets::parse(&pieces.concat());
    }

    #[test]
    fn a76_damaged_mail_is_a_message(which in any::<prop::sample::Index>(), cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0usize..40), 1..8)) {
        let mut raw = SAMPLES[which.index(SAMPLES.len())].to_vec();
        for (place, octet, length) in cuts {
            if raw.is_empty() {
                break;
            }
            let at = place.index(raw.len());
            match octet % 3 {
                0 => raw[at] = octet,
                1 => drop(raw.drain(at..(at + length).min(raw.len()))),
                _ => raw.truncate(at.max(raw.len() / 2)),
            }
        }
        targets::parse(&raw);
    }

    #[test]
    fn a53_a_tag_that_is_written_is_read(subject in "\\PC{0,60}", ticket in 1..=i64::MAX as u64) {
        let names = postern_mail::subject::TagNames { names: vec!["example.org".to_owned()] };
        let tagged = postern_mail::subject::tagged(&subject, "example.org", ticket);
        prop_assert!(postern_mail::subject::ticket_tags(&tagged, &names).contains(&ticket), "{tagged}");
        prop_assert!(!tagged.contains(char::is_control));
    }

    #[test]
    fn a94_an_address_that_is_written_is_read(name in "[\\PC&&[^\"\\\\]]{0,30}", local in "[a-z0-9.+_-]{1,20}", domain in "[a-z]{1,10}(\\.[a-z]{1,10}){0,3}") {
        let read = postern_mail::address::parse_list(&format!("\"{name}\" <{local}@{domain}>, z@z.org"));
        prop_assert_eq!(read.len(), 2);
        prop_assert_eq!(&read[0].email, &format!("{local}@{domain}"));
    }

    #[test]
    fn a76_the_text_tools_take_any_text(text in "\\PC{0,300}") {
        postern_mail::quote::new_text(&text);
        let clues = postern_mail::quote::Clues { answers: false, quote_to: None, quote_from: Some(text.len() / 2), sent: &[&text, "one two three four five six seven eight"], heard: &[&text] };
        for fold in postern_mail::quote::fold(&text, &clues).folds {
            prop_assert!(text.get(fold).is_some());
        }
        postern_mail::address::parse_list(&text);
        postern_mail::subject::bare(&text, &Default::default());
        postern_mail::ident::read(&[], &text);
    }
}

/// Messages to damage.
const SAMPLES: [&[u8]; 6] = [
    include_bytes!("corpus/files/attachments-mixed.eml"),
    include_bytes!("corpus/machines/postfix-bounce.eml"),
    include_bytes!("corpus/files/related-inline-image.eml"),
    include_bytes!("corpus/languages/japanese-iso-2022-jp.eml"),
    include_bytes!("corpus/languages/encoded-words-wild.eml"),
    include_bytes!("corpus/clients/outlook-html-only-quote.eml"),
];

#[test]
fn b1_a_mails_own_text_ends_where_what_stands_beside_it_begins() {
    let mixed = |parts: &[&str]| {
        let parts: String = parts.iter().map(|part| format!("--bb\n{part}\n")).collect();
        parse(
            format!("From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=bb\n\n{parts}--bb--\n")
                .as_bytes(),
        )
    };
    let own = |message: &postern_mail::Message| message.body_to.map(|to| message.text[..to].to_owned());
    let message = mixed(&["Content-Type: text/plain\n\nmine\n", "Content-Type: text/plain\n\ntheirs\n"]);
    assert_eq!((message.text.as_str(), own(&message).as_deref()), ("mine\n\ntheirs\n", Some("mine")));
    assert_eq!(
        own(&mixed(&["Content-Type: text/plain\n\n\n", "Content-Type: text/plain; name=x.txt\n\ntheirs\n"])).as_deref(),
        Some("")
    );
    assert_eq!(own(&mixed(&["Content-Type: text/plain\n\nmine\n"])), None, "all of it");
    for nothing in ["text/plain\n\n \n", "text/html\n\n<p>&nbsp;<br>&#8203;</p>"] {
        let message = mixed(&[
            &format!("Content-Type: {nothing}"),
            "Content-Type: text/plain\n\nmine\n",
            "Content-Type: text/plain\n\nx\n",
        ]);
        assert_eq!((own(&message).as_deref(), message.seen), (Some("mine"), None), "{nothing}");
    }
    let html = mixed(&["Content-Type: text/html\n\n<p>Mine!</p><p hidden>x</p>\n"]);
    assert_eq!(html.seen.as_deref(), Some("mine!\n"));
    assert_eq!(message.seen, None);
}
