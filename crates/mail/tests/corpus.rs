//! Every message of `corpus/` against the expectations beside it: the fields named in NAME.json must be those of
//! `inspect`, and what reading and classifying share with nothing else must hold for all of them.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::disallowed_methods)] // The corpus is read from disk.

use postern_mail::{Content, inspect, parse};
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

#[test]
fn a76_the_corpus_reads_as_expected() {
    let mut wrong = Vec::new();
    for (name, path, raw) in corpus() {
        let expected: serde_json::Value = serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
        let found = serde_json::to_value(inspect(&raw)).unwrap();
        for (field, value) in expected.as_object().unwrap() {
            if found.get(field) != Some(value) {
                wrong.push(format!("{name}: {field}\n  expected {value}\n  found    {}", found[field]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_corpus_is_worth_its_name() {
    assert!(corpus().len() >= 60);
}

#[test]
fn a23_line_ends_do_not_change_what_a_message_says() {
    for (name, _, raw) in corpus() {
        // Encodings that use CR and LF as halves of characters do not occur here; old Mac line ends are their own case.
        if name == "bare-cr" || name == "mixed-line-ends" || name == "attachments-mixed" {
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
        // mailparse takes `X` for the boundary of `X.REL`, knows no mbox line, and leaves names as they are.
        let others = [
            "boundary-is-a-prefix",
            "mbox-from-line",
            "mixed-line-ends",
            "bidi-attachment-name",
            "message-in-base64",
            "apple-double",
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
