//! Every message of `corpus/` against the expectations beside it: the fields named in NAME.json must be those of
//! `inspect`, `report` must be what is read from a report, and `evidence` facts that the class rests on; and what reading
//! and classifying share with nothing else must hold for all of them.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::disallowed_methods)] // The corpus is read from disk.

use postern_mail::{Class, Content, Envelope, classify, inspect, parse};
use serde_json::Value;
use std::path::PathBuf;

/// The messages of all folders, by name.
fn corpus() -> Vec<(String, PathBuf, Vec<u8>)> {
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "eml") {
                found.push((
                    path.file_stem().unwrap().to_string_lossy().into_owned(),
                    path.clone(),
                    std::fs::read(&path).unwrap(),
                ));
            }
        }
    }
    found.sort();
    found
}

/// What an expectation may name beside the fields of `inspect`: what the message reports, and facts that its class rests on.
const BESIDE: [&str; 2] = ["report", "evidence"];

#[test]
fn a76_the_corpus_reads_as_expected() {
    let mut wrong = Vec::new();
    for (name, path, raw) in corpus() {
        let expected: serde_json::Value = serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
        let found = serde_json::to_value(inspect(&raw)).unwrap();
        for (field, value) in expected.as_object().unwrap().iter().filter(|(field, _)| !BESIDE.contains(&field.as_str())) {
            if found.get(field) != Some(value) {
                wrong.push(format!("{name}: {field}\n  expected {value}\n  found    {}", found[field]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is named in `expected` and is otherwise in `found`: objects by the fields that are named, lists whole.
fn differences(place: &str, expected: &Value, found: &Value, wrong: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(named), Value::Object(all)) => {
            for (field, value) in named {
                differences(&format!("{place}.{field}"), value, all.get(field).unwrap_or(&Value::Null), wrong);
            }
        }
        (Value::Array(these), Value::Array(those)) if these.len() == those.len() => {
            for (at, (this, that)) in these.iter().zip(those).enumerate() {
                differences(&format!("{place}[{at}]"), this, that, wrong);
            }
        }
        _ if expected == found => {}
        _ => wrong.push(format!("{place}\n  expected {expected}\n  found    {found}")),
    }
}

#[test]
fn a121_the_reports_of_the_corpus_read_as_expected() {
    let (mut wrong, mut reports) = (Vec::new(), 0);
    for (name, path, raw) in corpus() {
        let expected: Value = serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
        let Some(expected) = expected.get("report") else { continue };
        reports += usize::from(!expected.is_null());
        differences(&format!("{name}: report"), expected, &serde_json::to_value(parse(&raw).report).unwrap(), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(reports >= 40, "{reports}");
}

#[test]
fn a106_the_evidence_of_the_corpus_is_as_expected() {
    let (mut wrong, mut facts) = (Vec::new(), 0);
    for (name, path, raw) in corpus() {
        let expected: Value = serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
        let found = classify(&parse(&raw), &Envelope::Unknown, "").evidence;
        for fact in expected.get("evidence").and_then(Value::as_array).into_iter().flatten() {
            facts += 1;
            if !found.iter().any(|f| Some(f.as_str()) == fact.as_str()) {
                wrong.push(format!("{name}: {fact}\n  found {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(facts >= 80, "{facts}");
}

/// The messages of one folder.
fn folder(folder: &str) -> Vec<(String, Vec<u8>)> {
    let inside = |path: &std::path::Path| path.parent().is_some_and(|p| p.ends_with(folder));
    corpus().into_iter().filter(|(_, path, _)| inside(path)).map(|(name, _, raw)| (name, raw)).collect()
}

/// Messages of `machines/` that a person wrote; everything else there must not be answered by a machine.
const PEOPLE: [&str; 6] = [
    "auto-submitted-no-with-comment",
    "contact-form",
    "exchange-human-wishes-silence-for-receipts",
    "human-about-out-of-office",
    "human-forwards-a-bounce",
    "human-at-postmaster",
];

#[test]
fn a110_no_machine_of_the_corpus_is_answered() {
    let machines = folder("machines");
    assert!(machines.len() >= 90, "{}", machines.len());
    for (name, raw) in machines {
        let classification = classify(&parse(&raw), &Envelope::Unknown, "");
        if PEOPLE.contains(&name.as_str()) {
            assert_eq!(classification.class, Class::Human, "{name}: {:?}", classification.evidence);
            continue;
        }
        assert!(classification.suppress_autoreply, "{name}: {:?}", classification.class);
        assert!(!classification.evidence.is_empty(), "{name}: no evidence");
    }
}

#[test]
fn a106_nobody_of_the_corpus_is_taken_for_a_machine() {
    for (name, raw) in folder("clients").into_iter().chain(folder("languages")) {
        let found = inspect(&raw);
        assert!(!found.auto && !found.bounce, "{name}: {:?}", found.class);
    }
}

#[test]
fn the_corpus_is_worth_its_name() {
    let all = corpus();
    assert!(all.len() >= 450, "{}", all.len());
    for (name, path, _) in &all {
        let expected: Value = serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
        for field in ["from", "subject", "text", "reply", "attachments", "auto", "bounce", "defects"] {
            assert!(expected.get(field).is_some(), "{name} says nothing of {field}");
        }
    }
    let mut names: Vec<_> = all.iter().map(|(name, ..)| name).collect();
    names.dedup();
    assert_eq!(names.len(), all.len(), "two messages of one name");
}

#[test]
fn a23_line_ends_do_not_change_what_a_message_says() {
    for (name, _, raw) in corpus() {
        // Where CR and LF are octets like others: halves of characters, counted octets, files. Old Mac line ends are their own case.
        let raw_octets = ["bare-cr", "mixed-line-ends", "attachments-mixed", "apple-mail-emlx"];
        if name.starts_with("file-") || raw_octets.contains(&name.as_str()) || name.contains("utf-16") {
            continue;
        }
        let lf: Vec<u8> = raw.iter().copied().filter(|b| *b != b'\r').collect();
        let crlf: Vec<u8> = lf.iter().flat_map(|b| if *b == b'\n' { vec![b'\r', b'\n'] } else { vec![*b] }).collect();
        let (a, b) = (parse(&lf), parse(&crlf));
        assert_eq!(
            (&a.text, &a.reply, &a.subject, &a.from, a.body_hash),
            (&b.text, &b.reply, &b.subject, &b.from, b.body_hash),
            "{name}"
        );
    }
}

#[test]
fn a142_attachments_are_views_of_the_raw_message() {
    for (name, _, raw) in corpus() {
        for file in parse(&raw).attachments {
            let Content::Range { start, end, .. } = file.content else { continue };
            assert!(start <= end && end <= raw.len(), "{name}: {}", file.name);
            assert_eq!(postern_mail::parse::attachment_bytes(&raw, &file).len(), file.size, "{name}: {}", file.name);
        }
    }
}

#[test]
fn a76_mailparse_agrees_about_the_structure_of_sound_messages() {
    let mut compared = 0;
    for (name, _, raw) in corpus() {
        let message = parse(&raw);
        // mailparse takes `X` for the boundary of `X.REL`, knows no mbox line, and leaves names as they are or takes them for Latin.
        let others = [
            "boundary-is-a-prefix",
            "mbox-from-line",
            "mixed-line-ends",
            "bidi-attachment-name",
            "raw-file-name",
            "message-in-base64",
            "apple-double",
            "mms-text-has-a-file-name",
        ];
        if !message.defects.is_empty() || others.contains(&name.as_str()) || name.starts_with("name") {
            continue;
        }
        let other = mailparse::parse_mail(&raw).unwrap();
        let named: Vec<String> =
            other.parts().filter_map(|p| p.get_content_disposition().params.get("filename").cloned()).collect();
        for wanted in named {
            assert!(message.attachments.iter().any(|a| a.name == wanted), "{name}: {wanted}");
        }
        compared += 1;
    }
    assert!(compared >= 15, "{compared}");
}
