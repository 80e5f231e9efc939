//! Charsets of whole messages: how they were found, and reading them again in another (A77, A83, E14).
#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_mail::parse::limits;
use postern_mail::{Confidence, Evidence, parse, parse_as};

/// A mail with a raw subject and a text, both in these octets.
fn mail(label: &str, text: &[u8]) -> Vec<u8> {
    let kind = if label.is_empty() { String::new() } else { format!("Content-Type: text/plain; charset={label}\n") };
    let mut raw = b"From: a@example.org\nSubject: ".to_vec();
    raw.extend_from_slice(text);
    raw.extend_from_slice(format!("\n{kind}\n").as_bytes());
    raw.extend_from_slice(text);
    raw
}

const RUSSIAN: &str = "Здравствуйте, принтер в бухгалтерии не печатает, посмотрите пожалуйста";

#[test]
fn e14_a_decoding_says_what_it_did() {
    let (octets, _, _) = encoding_rs::KOI8_R.encode(RUSSIAN);
    let message = parse(&mail("", &octets));
    let body = message.decodings.iter().find(|d| d.place == "text 1").unwrap();
    assert_eq!((message.text.as_str(), body.charset, body.evidence), (RUSSIAN, "KOI8-R", Evidence::Guess));
    assert!(body.confidence < Confidence::High && body.label.is_none(), "{body:?}");
    assert!(body.alternatives.contains(&"windows-1251"), "{body:?}");

    let message = parse(&mail("koi8-r", &octets));
    let found: Vec<_> = message.decodings.iter().map(|d| (d.place.as_str(), d.label.as_deref(), d.evidence)).collect();
    assert_eq!(found, [("header Subject", Some("koi8-r"), Evidence::Label), ("text 1", Some("koi8-r"), Evidence::Label)]);
    assert!(message.decodings.iter().all(|d| d.alternatives.is_empty()));
    assert!(parse(&mail("utf-8", b"plain")).decodings.is_empty(), "plain ASCII is not listed");
}

#[test]
fn e14_a_person_overrides_label_and_guess_and_can_come_back() {
    let (octets, _, _) = encoding_rs::WINDOWS_1251.encode(RUSSIAN);
    for label in ["", "koi8-r", "iso-8859-1", "utf-8", "shift_jis"] {
        let raw = mail(label, &octets);
        let first = parse(&raw);
        let wrong = parse_as(&raw, "ibm866").unwrap();
        assert_ne!(wrong.text, RUSSIAN);
        let right = parse_as(&raw, "windows-1251").unwrap();
        assert_eq!((right.text.as_str(), right.subject.as_str()), (RUSSIAN, RUSSIAN), "{label}");
        assert!(right.decodings.iter().all(|d| d.evidence == Evidence::Person && d.charset == "windows-1251"));
        assert_eq!(right.decodings.len(), 2);
        assert_eq!(parse(&raw), first);
    }
}

/// A mail without a word beyond ASCII, but for a subject and a sender's name of these encoded words.
fn worded(subject: &str, name: &str) -> Vec<u8> {
    format!("From: {name} <a@example.ru>\nSubject: {subject}\nContent-Type: text/plain; charset=us-ascii\n\nPrinter 3.\n")
        .into_bytes()
}

fn word(label: &str, octets: &[u8]) -> String {
    format!("=?{label}?B?{}?=", data_encoding::BASE64.encode(octets))
}

#[test]
fn e14_encoded_words_of_wrong_and_unknown_charsets_are_told() {
    let cyrillic = encoding_rs::WINDOWS_1251.encode(RUSSIAN).0.into_owned();
    let told = |raw: &[u8]| {
        let found = parse(raw).decodings;
        found.into_iter().map(|d| (d.place, d.label.unwrap_or_default(), d.charset, d.evidence)).collect::<Vec<_>>()
    };
    let is = |place: &str, label: &str, charset, evidence| (place.to_owned(), label.to_owned(), charset, evidence);
    // Honest words need no telling.
    assert_eq!(told(&worded(&word("windows-1251", &cyrillic), &word("UTF-8", "Анна".as_bytes()))), []);
    assert_eq!(told(&worded("=?iso-8859-2?Q?Micha=B3?=", "=?gb2312?B?w/vX1g==?=")), []);
    assert_eq!(told(&worded("=?iso-8859-1?Q?Gr=FC=DFe?=", "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=")), []);
    let guess = Evidence::Guess;
    let found = told(&worded(&word("iso-8859-1", &cyrillic), "Anna"));
    assert_eq!(found, [is("header Subject", "iso-8859-1", "windows-1251", guess)]);
    let found = told(&worded(&word("x-user-defined", &cyrillic), &word("iso-8859-1", "Анна".as_bytes())));
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], is("header From", "iso-8859-1", "UTF-8", Evidence::Utf8));
    assert_eq!(found[1], is("header Subject", "x-user-defined", "windows-1251", guess));
    // Each way once, and not without end.
    let many: String = (0..50).map(|n| format!("X-{n}: {}\n", word(&format!("x-{n}"), &cyrillic))).collect();
    let raw = format!("{many}{}", String::from_utf8(worded("x", "Anna")).unwrap());
    assert_eq!(told(raw.as_bytes()).len(), limits::HEADER_DECODINGS);
}

#[test]
fn e14_encoded_words_are_read_as_a_person_says() {
    let cyrillic = encoding_rs::WINDOWS_1251.encode("Привет").0.into_owned();
    for label in ["iso-8859-1", "x-unknown", "koi8-r", "utf-8", "us-ascii", "gb2312"] {
        let raw = worded(&word(label, &cyrillic), "Anna");
        let read = parse_as(&raw, "windows-1251").unwrap();
        assert_eq!(read.subject, "Привет", "{label}");
        assert_eq!(read.header("Subject"), Some("Привет"));
        let told: Vec<_> = read.decodings.iter().map(|d| (d.place.as_str(), d.evidence, d.label.as_deref())).collect();
        assert_eq!(told, [("header Subject", Evidence::Person, Some(label))]);
    }
    // What its octets prove stays, and so does what makes better words as it is labelled.
    for honest in ["=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "=?koi8-r?B?8NLJ18XU?=", "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?="] {
        let raw = worded(honest, "Anna");
        assert_eq!(parse_as(&raw, "windows-1251").unwrap().subject, parse(&raw).subject, "{honest}");
    }
    // Names of people and of files, too.
    let part = format!("Content-Disposition: attachment; filename=\"{}\"\n\nx\n", word("iso-8859-1", &cyrillic));
    let raw = format!(
        "From: {} <a@example.ru>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n{part}--b--\n",
        word("koi8-r", &cyrillic)
    );
    let read = parse_as(raw.as_bytes(), "windows-1251").unwrap();
    assert_eq!((read.from[0].name.as_str(), read.attachments[0].name.as_str()), ("Привет", "Привет"));
}

#[test]
fn e14_escapes_and_unknown_names() {
    let raw = mail("us-ascii", b"\x1b$B$3$s$K$A$O\x1b(B");
    assert_eq!(parse_as(&raw, "iso-2022-jp").unwrap().text, "こんにちは");
    assert_eq!(parse_as(&mail("us-ascii", b"Hi Mom +Jjo-!"), "utf-7").unwrap().text, "Hi Mom ☺!");
    assert!(parse_as(&raw, "klingon").is_none());
    assert_eq!(parse_as(&mail("us-ascii", b"plain"), "koi8-r").unwrap().text, "plain");
}

#[test]
fn e14_every_charset_is_known_by_the_name_that_it_is_told_by() {
    let forgotten =
        ["UTF-7", "UTF-32", "ISO-2022-KR", "ISO-2022-CN", "HZ-GB-2312", "IBM437", "IBM850", "IBM852", "VISCII", "x-mac-ce"];
    for name in ENCODINGS.iter().map(|e| e.name()).chain(forgotten) {
        let message = parse_as(b"From: a@example.org\n\n\xc1\xe1 +AOk- ~{VPND~} \x1b$B$3\x1b(B", name).unwrap();
        let body = message.decodings.iter().find(|d| d.place == "text 1").unwrap();
        assert_eq!((body.charset, body.evidence), (name, Evidence::Person));
    }
}

/// A value that nobody can break out of.
fn is_safe(value: &str) -> bool {
    !value.contains(|c: char| c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{202d}' | '\u{202e}'))
}

proptest::proptest! {
    #[test]
    fn a91_no_header_of_any_octets_carries_a_line_end(octets: Vec<u8>, words in "(=\\?(utf-8|koi8-r|iso-2022-jp|utf-7|x|utf-16)\\?[QB]\\?[ -~]{0,40}\\?=[ ]?){0,4}") {
        let mut raw = b"Subject: ".to_vec();
        raw.extend_from_slice(words.as_bytes());
        raw.extend(octets.iter().filter(|b| !matches!(b, b'\r' | b'\n')));
        let subject = raw[8..].to_vec();
        for name in [&b"\nFrom:"[..], b"\nTo: \"", b"\nX-Any:"] {
            raw.extend_from_slice(name);
            raw.extend_from_slice(&subject);
        }
        raw.extend_from_slice(b"\n\ntext");
        let message = parse(&raw);
        proptest::prop_assert!(is_safe(&message.subject), "{:?}", message.subject);
        proptest::prop_assert!(message.headers.iter().all(|h| is_safe(&h.value)));
        proptest::prop_assert!(message.from.iter().chain(&message.to).all(|a| is_safe(&a.name) && is_safe(&a.email)));
    }

    #[test]
    fn a94_any_text_is_a_list_of_addresses(text: String, odd in "[a-c@.,;:<>()\"'\\\\ =?]{0,60}") {
        for given in [&text, &odd] {
            for address in postern_mail::address::parse_list(given) {
                proptest::prop_assert!(is_safe(&address.name) && is_safe(&address.email), "{address:?}");
                proptest::prop_assert!(address.email.contains('@'));
            }
        }
    }

    #[test]
    fn a77_any_octets_are_text_in_any_charset(octets: Vec<u8>, label in 0usize..LABELS.len(), person in 0usize..LABELS.len()) {
        let raw = mail(LABELS[label], &octets);
        let message = parse(&raw);
        proptest::prop_assert!(!message.text.contains(['\0', '\r']));
        let again = parse_as(&raw, LABELS[person]).unwrap_or_default();
        proptest::prop_assert!(!again.text.contains(['\0', '\r']));
        proptest::prop_assert_eq!(parse(&raw), message);
    }

    #[test]
    fn a76_any_file_is_something(octets: Vec<u8>, head in 0usize..HEADS.len()) {
        let mut raw = HEADS[head].to_vec();
        raw.extend_from_slice(&octets);
        let message = parse(&raw);
        for file in &message.attachments {
            proptest::prop_assert_eq!(postern_mail::parse::attachment_bytes(&raw, file).len(), file.size);
        }
    }
}

const LABELS: [&str; 24] = [
    "",
    "utf-8",
    "us-ascii",
    "utf-7",
    "utf-16",
    "utf-32",
    "iso-2022-jp",
    "iso-2022-kr",
    "iso-2022-cn",
    "hz-gb-2312",
    "shift_jis",
    "euc-jp",
    "gb2312",
    "big5",
    "euc-kr",
    "koi8-r",
    "windows-1251",
    "iso-8859-1",
    "cp850",
    "viscii",
    "x-mac-cyrillic",
    "klingon",
    "windows-874",
    "default",
];

const HEADS: [&[u8]; 16] = [
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xff\xfe\0\0",
    b"\0\0\xfe\xff",
    b"\xef\xbb\xbf",
    b"From a Mon Jan 12 10:00:00 2026\n",
    b"> From: a@b\n> To: c\n>",
    b"12\nFrom: a@b\n",
    b"EHLO x\nDATA\nFrom: a@b\n",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x1f\x8b",
    b"<html>",
    b"{\"",
    b"\0F\0r\0o\0m\0:\0 ",
    b"F\0r\0o\0m\0:\0 \0a\0",
    b"From: a@b\n\n",
];

/// Texts, subjects and names in every language of the corpus.
#[allow(clippy::disallowed_methods)] // The corpus is read from disk.
fn texts_of_the_corpus() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/languages");
    let mut texts = std::collections::BTreeSet::new();
    for path in
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "json"))
    {
        let expected: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        for text in ["text", "subject", "from_name"].map(|field| expected[field].as_str().unwrap_or_default().to_owned()) {
            // Text that was ruined before it came proves nothing.
            if !text.is_ascii() && !text.contains(['\u{fffd}', 'Ã']) {
                texts.insert(text);
            }
        }
    }
    texts.into_iter().collect()
}

/// Its lines alone.
fn lines_of_the_corpus() -> Vec<String> {
    let texts = texts_of_the_corpus();
    let lines: std::collections::BTreeSet<&str> = texts.iter().flat_map(|t| t.lines().chain([t.as_str()])).collect();
    lines.into_iter().filter(|l| !l.is_ascii()).map(str::to_owned).collect()
}

const ENCODINGS: [&encoding_rs::Encoding; 27] = [
    encoding_rs::UTF_8,
    encoding_rs::WINDOWS_1250,
    encoding_rs::WINDOWS_1251,
    encoding_rs::WINDOWS_1252,
    encoding_rs::WINDOWS_1253,
    encoding_rs::WINDOWS_1254,
    encoding_rs::WINDOWS_1255,
    encoding_rs::WINDOWS_1256,
    encoding_rs::WINDOWS_1257,
    encoding_rs::WINDOWS_874,
    encoding_rs::ISO_8859_2,
    encoding_rs::ISO_8859_5,
    encoding_rs::ISO_8859_6,
    encoding_rs::ISO_8859_7,
    encoding_rs::ISO_8859_13,
    encoding_rs::ISO_8859_15,
    encoding_rs::KOI8_R,
    encoding_rs::KOI8_U,
    encoding_rs::IBM866,
    encoding_rs::MACINTOSH,
    encoding_rs::X_MAC_CYRILLIC,
    encoding_rs::SHIFT_JIS,
    encoding_rs::EUC_JP,
    encoding_rs::ISO_2022_JP,
    encoding_rs::GB18030,
    encoding_rs::BIG5,
    encoding_rs::EUC_KR,
];

#[test]
fn a78_a_right_label_is_not_overruled() {
    let (mut all, mut wrong) = (0, Vec::new());
    let mut lines = lines_of_the_corpus();
    let words: std::collections::BTreeSet<String> = lines.iter().flat_map(|l| l.split_whitespace()).map(str::to_owned).collect();
    lines.extend(words.into_iter().filter(|w| !w.is_ascii()));
    for line in lines {
        for encoding in ENCODINGS {
            let (octets, _, unmappable) = encoding.encode(&line);
            let there_and_back = encoding.decode_without_bom_handling(&octets).0 == line;
            if unmappable || !there_and_back {
                continue;
            }
            all += 1;
            let mut raw = format!("From: a@example.org\nContent-Type: text/plain; charset={}\n\n", encoding.name()).into_bytes();
            raw.extend_from_slice(&octets);
            let message = parse(&raw);
            if message.text != line {
                wrong.push(format!("{}: {line}\n   {}", encoding.name(), message.text));
            }
        }
    }
    assert!(all > 900, "{all}");
    assert!(wrong.is_empty(), "{} of {all}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Charsets in which mail of a country comes when it has no label.
const AT_HOME: [(&str, &encoding_rs::Encoding, char, char); 14] = [
    ("ru", encoding_rs::WINDOWS_1251, 'А', 'я'),
    ("ru", encoding_rs::KOI8_R, 'А', 'я'),
    ("gr", encoding_rs::WINDOWS_1253, 'Ά', 'ώ'),
    ("il", encoding_rs::WINDOWS_1255, 'א', 'ת'),
    ("eg", encoding_rs::WINDOWS_1256, 'ء', 'ي'),
    ("th", encoding_rs::WINDOWS_874, 'ก', '๛'),
    ("jp", encoding_rs::SHIFT_JIS, 'ぁ', 'ヶ'),
    ("jp", encoding_rs::EUC_JP, 'ぁ', 'ヶ'),
    ("kr", encoding_rs::EUC_KR, '가', '힣'),
    ("cn", encoding_rs::GB18030, '一', '龥'),
    ("tw", encoding_rs::BIG5, '一', '龥'),
    ("com", encoding_rs::WINDOWS_1251, 'А', 'я'),
    ("com", encoding_rs::KOI8_R, 'А', 'я'),
    ("com", encoding_rs::EUC_KR, '가', '힣'),
];

#[test]
fn a77_texts_without_a_label_are_mostly_read_right() {
    let (mut all, mut right, mut told) = (0, 0, 0);
    let mut wrong = Vec::new();
    for line in lines_of_the_corpus() {
        for (country, encoding, first, last) in AT_HOME {
            let (octets, _, unmappable) = encoding.encode(&line);
            let letters = line.chars().filter(|c| (first..=last).contains(c)).count();
            let foreign = line.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).count();
            if unmappable || letters < 6 || letters * 4 < foreign || encoding.decode(&octets).0 != line {
                continue;
            }
            // Chinese text in Japanese charsets and the like is nobody's mail.
            let kana = line.chars().any(|c| ('ぁ'..='ヶ').contains(&c));
            if matches!(country, "cn" | "tw") && kana {
                continue;
            }
            all += 1;
            let mut raw = format!("From: a@mail.{country}\n\n").into_bytes();
            raw.extend_from_slice(&octets);
            let message = parse(&raw);
            if message.text == line {
                right += 1;
            } else {
                let others = &message.decodings[0].alternatives;
                told += usize::from(others.contains(&encoding.name()));
                wrong.push(format!("{country} {}: {line}\n   {} {others:?}", encoding.name(), message.text));
            }
        }
    }
    // Of what is read wrongly, the right charset should stand among the alternatives.
    println!("{right} of {all} right, {told} of the others told\n{}", wrong.join("\n"));
    assert!(all > 100 && right * 100 >= all * 95, "{right} of {all}\n{}", wrong.join("\n"));
}
