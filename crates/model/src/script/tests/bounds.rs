//! Texts that are no letters: reading them takes no longer than they are.

use super::*;

/// Many words with a mark, none of which is a command.
fn slips(end: &str) -> String {
    (0..80_000).map(|word| format!("!qqqq{word:06}{end}")).collect()
}

#[test]
fn a86_so_many_lines_are_no_commands() {
    let lines = |count: usize, end: &str| (0..count).map(|_| format!("!time 5{end}")).collect::<String>();
    assert_eq!(read_text(&lines(500, "\n"), true).lines.len(), 500);
    assert_eq!(read_text(&lines(500, "\n\n"), true).lines.len(), 500);
    // As many stand at the top, and as many at the end.
    assert_eq!(read_text(&lines(1000, "\n\n"), true).lines.len(), 1000);
    for text in [lines(501, "\n"), lines(1001, "\n\n"), "Hello\n\n".to_owned() + &lines(501, "\n")] {
        let script = read_text(&text, true);
        assert!(script.refused.is_some() && script.hushes, "{:?}", script.lines.len());
        assert!(script.lines.len() <= 500 && script.places.len() <= 500);
    }
    let script = read_text(&lines(501, "\n"), false);
    assert!(script.refused.is_some_and(|line| line.said == "!time 5") && script.places.len() <= 501);
}

#[test]
fn huge_texts_take_no_longer_than_they_are() {
    let site = site();
    for text in [
        "!take\n".repeat(200_000),
        "Status: open ".repeat(100_000),
        "!".repeat(1 << 20),
        "[".repeat(1 << 20),
        "x\n\n".to_owned() + &"!resolve\n".repeat(50_000) + "it.",
        "x\n\n".to_owned() + &"!rezzolvx\n\n".repeat(50_000),
        "x\n\n".to_owned() + &"!resolve\n\n".repeat(50_000),
        format!("!cc {}", "a@b.example,".repeat(100_000)),
        "a=b ".repeat(300_000),
        "take; ".repeat(200_000),
        "priority=\"x ".repeat(100_000),
        format!("!{}", "status=open ".repeat(100_000)),
        "block 3 by 4 ".repeat(100_000),
        "Hello\n\n".to_owned() + &slips("\n"),
        slips("\n"),
        slips("\n\n"),
        "Hello\n".to_owned() + &slips("\n"),
        "Status: open\n".to_owned() + &"Foo: bar\n".repeat(200_000),
        "!take\n\n".repeat(100_000),
        "| ! | !".repeat(200_000),
        "- !x\n".repeat(200_000),
    ] {
        let source = Source { text: &text, old: &[], plain: true, last: true };
        let _ = read(Known { site: &site }, &source);
        let _ = read_control(Known { site: &site }, &source, Numbers::Places(&[7, 5]));
        let _ = suffix(Known { site: &site }, &text);
    }
}
