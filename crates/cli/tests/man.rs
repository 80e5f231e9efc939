//! Man pages: all verbs and all keys are there, groff has nothing to say against them.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeMap;
use std::process::Command;
use support::{assert_fails, not_run, postern, stderr, verbs};

/// All pages by their file names.
fn pages() -> BTreeMap<String, String> {
    let directory = tempfile::tempdir().unwrap();
    let output = postern(&["man", directory.path().to_str().unwrap(), "--json"], b"");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let files: Vec<String> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!files.is_empty());
    let mut pages = BTreeMap::new();
    for file in files {
        let (directory, name) = file.rsplit_once('/').unwrap();
        assert!(directory.ends_with(&format!("man{}", &name[name.len() - 1..])), "{file}");
        pages.insert(name.to_owned(), std::fs::read_to_string(&file).unwrap());
    }
    pages
}

/// A page as text without its escapes.
fn plain(page: &str) -> String {
    ["\\fB", "\\fR", "\\fI", "\\&", "\\:"]
        .iter()
        .fold(page.replace("\\-", "-").replace("\\*(Aq", "'"), |page, escape| page.replace(escape, ""))
        .replace("\\\\", "\\")
}

#[test]
fn every_verb_has_its_place_on_a_page() {
    let pages = pages();
    for verb in verbs() {
        let page = match verb.as_slice() {
            [alone] if !pages.contains_key(&format!("postern-{alone}.1")) => "postern.1".to_owned(),
            [group, ..] => format!("postern-{group}.1"),
            [] => continue,
        };
        let page = plain(pages.get(&page).unwrap_or_else(|| panic!("{page} for {verb:?}")));
        let words = format!("postern {}", verb.join(" "));
        assert!(page.contains(&words), "{words} in {page}");
    }
}

#[test]
fn every_option_of_a_verb_is_on_its_page() {
    let pages = pages();
    for verb in verbs() {
        let mut arguments: Vec<&str> = verb.iter().map(String::as_str).collect();
        arguments.push("--help");
        let help = String::from_utf8(postern(&arguments, b"").stdout).unwrap();
        let group = pages.get(&format!("postern-{}.1", verb[0]));
        let page = plain(group.unwrap_or(&pages["postern.1"]));
        for option in help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2) {
            let name: String = option.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            assert!(page.contains(&name), "{name} of {verb:?}");
        }
    }
}

#[test]
fn every_key_is_in_section_5() {
    let pages = pages();
    let files = [("postern.toml.5", postern_core::config::SECTIONS), ("site.toml.5", postern_core::site::SECTIONS)];
    for (file, sections) in files {
        let page = plain(&pages[file]);
        for section in sections {
            let (header, help) = (section.name, section.help.split('`').next().unwrap());
            assert!(page.contains(&format!("[{header}]")) && page.contains(help), "[{header}] in {file}");
            for key in section.keys {
                assert!(page.contains(&format!("\n{} = ", key.name)), "{header}.{} in {file}", key.name);
                assert!(
                    page.contains(&format!("Example: {} = {}", key.name, key.example)),
                    "the example of {header}.{}",
                    key.name
                );
            }
        }
    }
}

#[test]
fn pages_have_the_sections_that_readers_look_for() {
    for (name, page) in pages() {
        let mut wanted = vec!["NAME", "DESCRIPTION", "\"SEE ALSO\""];
        match &name[name.len() - 1..] {
            "5" => wanted.extend(["SECTIONS", "EXAMPLES"]),
            _ => wanted.extend(["SYNOPSIS", "\"EXIT STATUS\""]),
        }
        if name == "postern.1" || name == "postern-mailgate.8" {
            wanted.extend(["ENVIRONMENT", "FILES", "EXAMPLES"]);
        }
        for heading in wanted {
            assert!(page.contains(&format!("\n.SH {heading}\n")), "{heading} in {name}");
        }
    }
    let gateway = &plain(&pages()["postern-mailgate.8"]);
    for option in ["--queue", "--action", "--extension", "--ticket", "--sender", "--recipient", "--timeout", "--dry-run", "--url"]
    {
        assert!(gateway.contains(&format!("\n{option}")), "{option}");
    }
}

#[test]
fn groff_has_nothing_to_say() {
    let directory = tempfile::tempdir().unwrap();
    let wrote = postern(&["man", directory.path().to_str().unwrap()], b"");
    assert_eq!(wrote.status.code(), Some(0));
    for (name, _) in pages() {
        let file = directory.path().join(format!("man{}", &name[name.len() - 1..])).join(&name);
        match Command::new("groff").args(["-man", "-ww", "-Kutf8", "-Tutf8"]).arg(&file).output() {
            Ok(output) => assert!(output.status.success() && output.stderr.is_empty(), "{name}: {}", stderr(&output)),
            Err(error) => return not_run("groff_has_nothing_to_say", &format!("groff is not here: {error}")),
        }
    }
}

#[test]
fn a_page_can_be_printed_by_its_short_name() {
    for name in ["ticket", "postern-ticket", "postern-ticket.1"] {
        let output = postern(&["man", "--page", name], b"");
        assert!(output.stdout.windows(12).any(|octets| octets == b".TH POSTERN-"), "{name}");
    }
    assert_fails(&postern(&["man", "--page", "nosuch"], b""), 1, "there is no man page \"nosuch\"; `postern man` lists");
    assert_fails(&postern(&["man", "/dev/null/x"], b""), 1, "writing /dev/null/x/man1/postern.1 failed");
    let list = String::from_utf8(postern(&["man"], b"").stdout).unwrap();
    assert!(list.lines().any(|line| line.starts_with("site.toml")), "{list}");
}

#[test]
fn a_word_is_a_page_or_a_directory_that_is_there_and_makes_none() {
    let here = tempfile::tempdir().unwrap();
    let run = |word: &str| support::command(&["man", word]).current_dir(here.path()).output().unwrap();
    for name in ["mail", "postern-mail", "postern-mail.1"] {
        assert!(run(name).stdout.starts_with(&postern(&["man", "--page", "mail"], b"").stdout), "{name}");
    }
    assert_fails(&run("nosuch"), 1, "there is no man page \"nosuch\", and no such directory; `postern man` lists");
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0, "nothing was made");
    assert!(run("./new").status.success() && here.path().join("new/man1/postern.1").is_file());
    std::fs::create_dir(here.path().join("there")).unwrap();
    assert!(run("there").status.success() && here.path().join("there/man1/postern-mail.1").is_file());
}
