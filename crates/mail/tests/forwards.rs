//! Which mails are forwards, and whose mail they pass on: every message `fwd-*` of the corpus, and mails that look like
//! forwards and are none.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::disallowed_methods)] // The corpus is read from disk.

use postern_mail::{ForwardSource, Message, parse};
use std::collections::BTreeSet;
use std::path::PathBuf;

use ForwardSource::{Attached, Block, Resent};

/// Message of the corpus; who wrote what it forwards, and with which name; its subject; what shows it.
type Case = (&'static str, Option<(&'static str, &'static str, &'static str, ForwardSource)>);

const CORPUS: &[Case] = &[
    ("fwd-apple-mail", Some(("carla@example.net", "Carla Customer", "Old invoice", Block))),
    (
        "fwd-attached-alert",
        Some(("nagios@monitor.example.net", "Nagios", "** PROBLEM Service Alert: db1/Disk is CRITICAL **", Attached)),
    ),
    ("fwd-attached-alone", Some(("carla@example.net", "Carla Customer", "Heating in room 12", Attached))),
    ("fwd-attached-base64-eml", Some(("carla@example.net", "Carla Customer", "Heating in room 12", Attached))),
    ("fwd-attached-in-attached", Some(("ben@example.org", "Ben Berg", "Fwd: Heating in room 12", Attached))),
    ("fwd-chinese-wide-colons", Some(("wang@kunde.example", "王芳", "Re: 打印机", Block))),
    ("fwd-exchange-links", Some(("carla@example.net", "Carla Customer", "Door badge", Block))),
    ("fwd-gmail", Some(("carla@example.net", "Carla Customer", "The scanner eats paper", Block))),
    ("fwd-gmail-html-only", Some(("joerg@kunde.example", "Jörg Kunde", "Angebot 4711", Block))),
    ("fwd-gmx", Some(("joerg@kunde.example", "Jörg Kunde", "Rechnung", Block))),
    ("fwd-iphone-french", Some(("camille@client.example", "Camille Client", "Imprimante en panne", Block))),
    ("fwd-lotus-notes", Some(("carla@example.net", "Carla Customer", "Phone list", Block))),
    ("fwd-mail-ru", Some(("ivan@client.example", "Иван Клиент", "Нет доступа", Block))),
    ("fwd-mutt", Some(("carla@example.net", "Carla Customer", "Backup tapes", Block))),
    ("fwd-notes-dutch", Some(("karel@klant.example", "Karel Klant", "Sleutel kwijt", Block))),
    // Who wrote it has a name and no address; the program that sent it is nobody.
    ("fwd-on-behalf", None),
    ("fwd-outlook", Some(("carla@example.net", "Carla Customer", "The scanner eats paper", Block))),
    ("fwd-outlook-french", Some(("camille@client.example", "Camille Client", "Badge perdu", Block))),
    ("fwd-outlook-german-html", Some(("joerg@kunde.example", "Jörg Kunde", "Lieferschein fehlt", Block))),
    ("fwd-outlook-italian", Some(("carla@cliente.example", "Carla Cliente", "Preventivo", Block))),
    ("fwd-outlook-japanese", Some(("yamada@client.example", "山田 太郎", "請求書", Block))),
    ("fwd-outlook-korean", Some(("minsu@client.example", "김민수", "비밀번호", Block))),
    ("fwd-outlook-mailto", Some(("carla@example.net", "Carla Customer", "Toner", Block))),
    ("fwd-outlook-norwegian", Some(("kari@kunde.example", "Kari Kunde", "Ny skjerm", Block))),
    ("fwd-outlook-polish", Some(("klara@klient.example", "Klara Klient", "Faktura", Block))),
    ("fwd-outlook-spanish", Some(("clara@cliente.example", "Clara Cliente", "Factura", Block))),
    ("fwd-outlook-swedish", Some(("karin@kund.example", "Karin Kund", "Ny skärm", Block))),
    ("fwd-proton", Some(("carla@example.net", "Carla Customer", "Keys", Block))),
    ("fwd-qq-mail", Some(("lilei@client.example", "李雷", "打印机坏了", Block))),
    ("fwd-resent", Some(("carla@example.net", "Carla Customer", "Lost parcel", Resent))),
    ("fwd-rfc822-root", Some(("carla@example.net", "Carla Customer", "Heating in room 12", Attached))),
    ("fwd-thunderbird", Some(("carla@example.net", "Carla Customer", "Router reboots", Block))),
    ("fwd-thunderbird-attached", Some(("carla@example.net", "Carla Customer", "Heating in room 12", Attached))),
    ("fwd-thunderbird-german", Some(("joerg@kunde.example", "Jörg Kunde", "WLAN im Keller", Block))),
    ("fwd-thunderbird-html", Some(("carla@example.net", "Carla Customer", "Router reboots", Block))),
    // Only the first block counts.
    ("fwd-two-blocks", Some(("ben@example.org", "Ben Berg", "FW: Leak", Block))),
    ("fwd-yahoo", Some(("sam@shop.example", "Sam Shop", "Order 88", Block))),
    ("fwd-yandex", Some(("ivan@client.example", "Иван Клиент", "", Block))),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/files")
}

fn read(name: &str) -> Message {
    parse(&std::fs::read(folder().join(format!("{name}.eml"))).unwrap())
}

#[test]
fn a134_forwards_of_many_clients_name_the_original_sender() {
    let mut wrong = Vec::new();
    for (name, expected) in CORPUS {
        let message = read(name);
        let found = message
            .forwarded
            .as_ref()
            .map(|f| (f.from.email.as_str(), f.from.name.as_str(), f.subject.as_deref().unwrap_or_default(), f.source));
        if found != *expected {
            wrong.push(format!("{name}\n  expected {expected:?}\n  found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let tested: BTreeSet<&str> = CORPUS.iter().map(|(name, _)| *name).collect();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let name = name.strip_suffix(".eml").filter(|n| n.starts_with("fwd-"));
        assert!(name.is_none_or(|n| tested.contains(n)), "{name:?} has no line in this table");
    }
}

#[test]
fn a76_forwards_that_break_off_anywhere_are_messages() {
    for (name, _) in CORPUS {
        let raw = std::fs::read(folder().join(format!("{name}.eml"))).unwrap();
        for end in (0..raw.len()).step_by(11) {
            let from = parse(&raw[..end]).forwarded.map(|f| f.from.email);
            assert!(from.as_ref().is_none_or(|email| email.contains('@')), "{name}, {end} octets: {from:?}");
        }
    }
}

#[test]
fn no_other_message_of_the_corpus_is_a_forward() {
    let mut folders = vec![folder().parent().unwrap().to_owned()];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".eml") && !name.starts_with("fwd-") {
                let found = parse(&std::fs::read(&path).unwrap()).forwarded;
                // Forwards among the mails of clients and of files are named so; a daemon that fails to forward is none.
                let own = !path.parent().unwrap().ends_with("machines") && name.contains("forward");
                assert_eq!(found.is_some(), own, "{name}: {found:?}");
            }
        }
    }
}

#[test]
fn a134_what_the_forwarded_mail_says_of_itself() {
    let attached = read("fwd-thunderbird-attached").forwarded.unwrap();
    assert_eq!(attached.date, Some(1_795_162_324_000_000));
    assert_eq!(attached.to[0].email, "anna@example.org");
    assert_eq!(attached.ids, ["heat.12@mail.example.net", "heat.11@example.org", "heat.10@mail.example.net"]);
    assert!(attached.answerable);
    assert!(!read("fwd-attached-alert").forwarded.unwrap().answerable, "a program wrote it");
    let block = read("fwd-thunderbird").forwarded.unwrap();
    assert_eq!((block.date, block.to.len()), (Some(1_795_162_324_000_000), 1));
    assert_eq!(block.ids, ["router.1@mail.example.net"], "as the forward names it");
    assert_eq!(read("fwd-outlook").forwarded.unwrap().date, None, "its date has no time zone");
    let resent = read("fwd-resent");
    assert_eq!(resent.resent_from.unwrap().email, "anna@example.org");
}

/// A mail from Anna, whose text begins as `text`.
fn mail(subject: &str, more: &str, text: &str) -> Message {
    let header = "From: Anna <anna@example.org>\nTo: support@example.org\nMessage-ID: <a@example.org>\n";
    parse(format!("{header}Subject: {subject}\n{more}\n{text}").as_bytes())
}

const OUTLOOK: &str =
    "From: Carla <carla@example.net>\nSent: Friday\nTo: Anna <anna@example.org>\nSubject: Toner\n\nIt is empty.\n";
const GMAIL: &str =
    "---------- Forwarded message ---------\nFrom: Carla <carla@example.net>\nDate: Fri\nSubject: Toner\n\nEmpty.\n";

#[test]
fn a134_what_only_looks_like_a_forward_is_none() {
    let long = "A line of prose.\n".repeat(30);
    let wide = "word ".repeat(600);
    let cases: Vec<(&str, &str, String)> = vec![
        ("an answer above Outlook's block", "Re: Toner", format!("Done.\n\n{OUTLOOK}")),
        ("an answer above Outlook's block, German", "AW: Toner", format!("Erledigt.\n\n{OUTLOOK}")),
        ("an answer to a forward", "Re: Fwd: Toner", format!("Done.\n\n{GMAIL}")),
        ("an answer with a list's tag", "[help] RE: Toner", format!("Done.\n\n{GMAIL}")),
        ("a block and no prefix", "Toner", format!("See below.\n\n{OUTLOOK}")),
        (
            "a Finnish answer",
            "VS: Toner",
            "Lähettäjä: Carla <carla@example.net>\nLähetetty: perjantai\nVastaanottaja: Anna\nAihe: Toner\n\nTyhjä.\n".into(),
        ),
        ("a prefix and no block", "Fwd: Toner", "Carla <carla@example.net> says that it is empty.\n".into()),
        ("a prefix and an address in prose", "Fwd: Toner", "From: carla@example.net, I hear, it is empty.\nWho goes?\n".into()),
        ("a block deep down", "Fwd: Toner", format!("{long}\n{OUTLOOK}")),
        ("a block below a long note", "Fwd: Toner", format!("{wide}\n\n{GMAIL}")),
        ("a quoted forward", "Toner", format!("Done.\n\n{}", GMAIL.lines().map(|l| format!("> {l}\n")).collect::<String>())),
        ("a quote before the block", "Fwd: Toner", format!("> Which one?\n\nThis one:\n\n{OUTLOOK}")),
        (
            "an attribution before the block",
            "Toner",
            format!("On Fri, Nov 20, 2026 at 9:12 AM Ben <ben@example.org> wrote:\n\n{GMAIL}"),
        ),
        ("a sender without an address", "Fwd: Toner", OUTLOOK.replace(" <carla@example.net>", "")),
        ("an Exchange address", "FW: Toner", OUTLOOK.replace("Carla <carla@example.net>", "Larsen, Carla </o=EX/ou=A/cn=carla>")),
        ("two fields only", "Fwd: Toner", "From: Carla <carla@example.net>\nSubject: Toner\n\nIt is empty.\n".into()),
        (
            "a marker and no field",
            "Fwd: Toner",
            "---------- Forwarded message ---------\ncarla@example.net asks for toner.\n".into(),
        ),
        (
            "a marker, and a sender elsewhere",
            "Fwd: Toner",
            "---------- Forwarded message ---------\nSubject: Toner\n\nFrom: Carla <carla@example.net>\n".into(),
        ),
        (
            "a sentence about a forwarded message",
            "Toner",
            format!("Forwarded message follows, as you asked for it in the meeting on Monday:\n\n{OUTLOOK}"),
        ),
        (
            "a marker and a sender alone",
            "Fwd: Toner",
            "---------- Forwarded message ---------\nFrom: Carla <carla@example.net>\n\nEmpty.\n".into(),
        ),
        ("an empty mail", "Fwd: Toner", String::new()),
        (
            "an agent",
            "FW: Toner",
            OUTLOOK.replace("Carla <carla@example.net>", "bot@crm.example <bot@crm.example> on behalf of Carla"),
        ),
    ];
    for (name, subject, text) in &cases {
        let message = mail(subject, "", text);
        assert_eq!(message.forwarded, None, "{name}");
    }
    assert!(cases.len() >= 15);
}

#[test]
fn a134_what_is_a_forward_all_the_same() {
    let from = |subject: &str, text: &str| mail(subject, "", text).forwarded.map(|f| f.from.email);
    let carla = Some("carla@example.net".to_owned());
    assert_eq!(from("Toner", GMAIL), carla, "the line above the block is enough");
    assert_eq!(from("[help] Fwd: Re: Toner", OUTLOOK), carla, "a forwarded answer");
    assert_eq!(from("FW: Toner", &format!("{}\n{OUTLOOK}", "_".repeat(32))), carla);
    assert_eq!(from("Fwd: Toner", &format!("Hi,\n\nBen\n-- \nBen Berg\nHelp Desk\n\n{GMAIL}")), carla, "a signature");
    let second = format!("{GMAIL}\n{}", GMAIL.replace("carla@", "mallory@"));
    assert_eq!(from("Fwd: Toner", &second), carla, "the first block counts");
    let folded = OUTLOOK.replace("Carla <carla", "A Very Long Name of Somebody\n <carla");
    assert_eq!(from("Fwd: Toner", &folded), carla);
    let agent = OUTLOOK.replace("Carla <carla@", "bot@crm.example [mailto:bot@crm.example] On Behalf Of Carla <carla@");
    assert_eq!(from("Fwd: Toner", &agent), carla, "who wrote it, not who sent it");
    let twice = OUTLOOK.replace("Sent:", "From: Mallory <mallory@example.com>\nSent:");
    assert_eq!(from("Fwd: Toner", &twice), carla, "the first sender counts");
}

/// A mail whose parts are these.
fn parts(subject: &str, parts: &[&str]) -> Message {
    let body: String = parts.iter().map(|part| format!("--b\n{part}\n")).collect();
    let more = "Content-Type: multipart/mixed; boundary=b\n";
    mail(subject, more, &format!("{body}--b--\n"))
}

#[test]
fn a133_an_attached_mail_counts_alone_or_with_a_note() {
    let inner = "Content-Type: message/rfc822\n\nFrom: Carla <carla@example.net>\nSubject: Toner\nDate: Fri, 20 Nov 2026 09:12:04 +0100\n\nEmpty.\n";
    let note = "Content-Type: text/plain\n\nFor you.\n";
    let logo = "Content-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline; filename=l.png\n\nx\n";
    let file = "Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\nx\n";
    let long = format!("Content-Type: text/plain\n\n{}", "A line of prose.\n".repeat(30));
    let quoting = "Content-Type: text/plain\n\nDone.\n\n> Is it?\n";
    let block = format!("Content-Type: text/plain\n\n{}", OUTLOOK.replace("carla@", "dora@"));
    let from = |subject: &str, list: &[&str]| parts(subject, list).forwarded.map(|f| (f.from.email, f.source));
    let carla = Some(("carla@example.net".to_owned(), Attached));
    assert_eq!(from("Toner", &[inner]), carla);
    assert_eq!(from("Toner", &[note, inner]), carla);
    assert_eq!(from("Toner", &[note, logo, inner]), carla);
    assert_eq!(from("Toner", &[note, inner, inner]), None, "two mails");
    assert_eq!(from("Toner", &[note, inner, file]), None, "a file of their own");
    assert_eq!(from("Re: Toner", &[note, inner]), None, "an answer with a mail for proof");
    assert_eq!(from("Toner", &[quoting, inner]), None);
    assert_eq!(from("Toner", &[&long, inner]), None, "more than a note");
    let dora = Some(("dora@example.net".to_owned(), Block));
    assert_eq!(from("Fwd: Toner", &[&block, inner]), dora, "the attached mail came with what is forwarded");
    assert_eq!(from("Toner", &[&block, inner]), None);
    assert_eq!(from("Toner", &["Content-Type: message/rfc822\n\nSubject: nobody's\n\nx\n"]), None);
}

#[test]
fn a133_a_mail_attached_below_a_note_reads_like_one_in_the_text() {
    let inner = "Content-Type: message/rfc822\n\nFrom: Carla <carla@example.net>\nSubject: Toner\n\nEmpty.\n\n-- \nCarla\n";
    let note = "Content-Type: text/plain\n\nBeware, she is cross.\n";
    let shown =
        "---------- Forwarded message ----------\nFrom: Carla <carla@example.net>\nSubject: Toner\n\nEmpty.\n\n-- \nCarla\n";
    for subject in ["Fwd: Toner", "WG: Toner", "Toner"] {
        let message = parts(subject, &[note, inner]);
        assert_eq!(message.text, format!("Beware, she is cross.\n\n{shown}"), "{subject}");
        assert!(message.reply.starts_with("Beware, she is cross."), "{subject}");
        assert_eq!(postern_mail::without_note(&message.text), Some(shown), "{subject}");
        assert_eq!((message.attachments.len(), message.forwarded.unwrap().from.email.as_str()), (1, "carla@example.net"));
    }
    let file = "Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\nx\n";
    for (subject, list) in
        [("Look at this", &[note, inner][..]), ("Re: Toner", &[note, inner]), ("Fwd: Toner", &[note, inner, file])]
    {
        assert_eq!(parts(subject, list).text, "Beware, she is cross.\n", "{subject}: a file as others");
    }
}

#[test]
fn a133_a_mail_that_is_nothing_but_a_mail_shows_that_one() {
    let message =
        parts("Toner", &["Content-Type: message/rfc822\n\nFrom: Carla <carla@example.net>\nSubject: Toner\n\nEmpty.\n"]);
    assert_eq!(message.text, "From: Carla <carla@example.net>\nSubject: Toner\n\nEmpty.\n");
    assert_eq!(message.reply, message.text.trim_end());
    assert_eq!(message.attachments.len(), 1, "it stays a file");
}

#[test]
fn a133_mails_inside_mails_end_somewhere() {
    let mut octets =
        b"From: carla@example.net\nMessage-ID: <x@y>\nDate: Fri, 20 Nov 2026 09:12:04 +0100\n\nThe innermost.\n".to_vec();
    for _ in 0..3 {
        octets = [b"From: anna@example.org\nContent-Type: message/rfc822\n\n".as_slice(), &octets].concat();
    }
    assert!(parse(&octets).text.ends_with("The innermost.\n"));
    for _ in 0..50_000 {
        octets = [b"From: a@b.c\nContent-Type: message/rfc822\n\n".as_slice(), &octets].concat();
        if octets.len() > 400_000 {
            break;
        }
    }
    let message = parse(&octets);
    assert!(message.defects.iter().any(|d| d.code == "forwarded-too-deep"), "{:?}", message.defects);
    assert!(!message.text.contains("innermost"));
}

#[test]
fn a133_a_large_attached_mail_is_read_in_part() {
    let mut text = "From: anna@example.org\nContent-Type: message/rfc822\n\nFrom: carla@example.net\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nThe text.\n--i\nContent-Type: image/png\n\n".to_owned();
    text.push_str(&"0123456789abcdef\n".repeat(300_000));
    text.push_str("--i--\n");
    let message = parse(text.as_bytes());
    assert!(message.text.contains("The text."));
    assert!(message.defects.iter().any(|d| d.code == "forwarded-too-large"), "{:?}", message.defects);
    assert_eq!(message.forwarded.unwrap().from.email, "carla@example.net");
}

#[test]
fn a135_redirected_mail_is_its_senders() {
    let redirected = mail("Toner", "Resent-From: Ben <ben@example.org>\nResent-From: Otto <otto@example.org>\n", "Empty.\n");
    assert_eq!(redirected.resent_from.as_ref().unwrap().email, "ben@example.org");
    let forwarded = redirected.forwarded.unwrap();
    assert_eq!((forwarded.from.email.as_str(), forwarded.source), ("anna@example.org", Resent));
    assert_eq!(mail("Toner", "Resent-From: anna@example.org\n", "Empty.\n").forwarded, None, "one's own mail, sent again");
    let both = mail("Fwd: Toner", "Resent-From: support@example.org\n", GMAIL);
    assert_eq!(both.forwarded.unwrap().source, Block, "a mailbox that redirects hides no forward");
}
