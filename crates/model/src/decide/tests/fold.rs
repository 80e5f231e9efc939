//! What of a mail that joins a ticket is new: told to people, and kept with the entry.

use super::world::*;
use super::*;
use crate::Decision;
use postern_mail::ident::Audience;
use std::ops::Range;

/// Carla's answer on her ticket with this text.
fn answer(text: &str) -> Mail {
    let mut mail = mail(CARLA, "In-Reply-To: <first@customer.example>");
    mail.text = mail.text.replace("It burns.\n", text);
    mail
}

fn folds(d: &Decision) -> Option<Vec<Range<usize>>> {
    d.changes.iter().find_map(|c| if let Change::Entry { entry, .. } = c { entry.folds.clone() } else { None })
}

fn told<'d>(d: &'d Decision, to: &str) -> &'d str {
    d.notices.iter().find(|n| n.to.address == to).map_or("", |n| &n.text)
}

const SENT: &str = "Please pull the plug of the printer at once.\nThen wait for ten minutes before you put it back.\n\nAnna\n";

#[test]
fn a130_what_we_sent_is_recognised_without_marks_and_in_any_language() {
    let mut w = world();
    w.sent = vec![SENT];
    let d = decided(&w, &answer(&format!("Hela po vert.\n\nZurfan 21 merdun Anna skribo\n\n{SENT}")));
    assert_eq!(outcome(&d).0, Verdict::Corresponded);
    let anna = told(&d, "anna@example.org");
    assert!(anna.contains("Hela po vert.") && !anna.contains("ten minutes"), "{anna}");
    let text = "Hela po vert.\n\nZurfan 21 merdun Anna skribo\n\n";
    let kept = folds(&d).unwrap();
    assert!(kept.iter().any(|fold| fold.contains(&text.len())), "{kept:?}");
    assert!(kept.iter().all(|fold| fold.start >= "Hela po vert.\n".len()), "{kept:?}");
    assert!(d.trail.iter().any(|step| step.step == "text" && step.text.contains("compared with a text on #5")), "{:?}", d.trail);
}

#[test]
fn a130_a_short_answer_of_which_nothing_is_folded_needs_no_look_up() {
    let quote = SENT.lines().map(|line| format!("> {line}\n")).collect::<String>();
    for (text, asked) in [
        ("Thanks.\n".to_owned(), false),
        ("The printer on the second floor, as you asked, is the red one.\n".to_owned(), false),
        (format!("Thanks.\n\nOn 21 Nov 2026 Anna wrote:\n{quote}"), true),
        (format!("Thanks.\n\n{SENT}"), true),
        (format!("Thanks. {}\n", SENT.replace('\n', " ").repeat(2)), true),
    ] {
        let w = World { sent: vec![SENT], ..world() };
        decided(&w, &answer(&text));
        assert_eq!(w.asked_for_sent.get(), asked, "{text}");
    }
}

#[test]
fn a130_what_only_looks_quoted_is_told() {
    let w = World { sent: vec![SENT], heard: vec!["It burns.\n"], ..world() };
    let d = decided(&w, &answer("See what Dora says.\n\nOn 20 Nov 2026 Dora wrote:\n> Room 12 burns too.\n"));
    let anna = told(&d, "anna@example.org");
    assert!(anna.contains("On 20 Nov 2026 Dora wrote:\n> Room 12 burns too."), "{anna}");
    assert_eq!(folds(&d), Some(vec![]));
    let d = decided(&w, &answer("Still.\n\nOn 20 Nov 2026 Carla wrote:\n> It burns.\n"));
    let anna = told(&d, "anna@example.org");
    assert!(anna.contains("Still.") && !anna.contains("It burns."), "what came in before is known: {anna}");
}

/// What a colleague's mail says of lines that only look old.
fn says(text: &str, lines: &str) -> bool {
    text.contains(&format!("{lines} not shown here:\nwrite !show all on the first line"))
}

#[test]
fn a130_staff_are_told_of_folded_lines_that_nobody_knows() {
    let quote = SENT.lines().map(|line| format!("> {line}\n")).collect::<String>();
    let below = |lines: &str| format!("Still.\n\nOn 21 Nov 2026 Anna wrote:\n{quote}>\n> On 20 Nov 2026 Emil wrote:\n{lines}");
    let w = World { sent: vec![SENT], heard: vec!["It burns.\n"], ..world() };
    for (lines, says_so) in [
        ("> > The fuse was fine.\n", Some("2 lines that look like a quote are")),
        ("> > The fuse was fine.\n> >\n> > Emil\n", Some("3 lines that look like a quote are")),
        ("> > It burns.\n", None),
    ] {
        let d = decided(&w, &answer(&below(lines)));
        let anna = told(&d, "anna@example.org");
        assert!(anna.contains("Still.") && !anna.contains("fuse") && !anna.contains("plug"), "{anna}");
        assert_eq!(anna.contains("not shown here"), says_so.is_some(), "{anna}");
        assert!(says_so.is_none_or(|line| says(anna, line)), "{anna}");
        for customer in d.notices.iter().filter(|n| n.audience == Audience::Customers) {
            assert!(!customer.text.contains("not shown here"), "{}", customer.text);
        }
    }
    let d = decided(&w, &answer(&below("> > The fuse was fine.\n")));
    assert!(told(&d, "cecil@customer.example").contains("Still."), "customers get the answer and no such line");
    assert!(d.trail.iter().any(|step| step.text.ends_with("; 2 folded that only look old")), "{:?}", d.trail);
}

#[test]
fn a130_where_nothing_is_known_staff_are_told_how_much_structure_folded() {
    let d = decided(&world(), &answer("Yes.\n\n> The left one?\n"));
    assert!(says(told(&d, "anna@example.org"), "1 line that looks like a quote is"), "{}", told(&d, "anna@example.org"));
    let signed = decided(&world(), &answer("Yes.\n\n-- \nCarla\nAccounts\n"));
    assert!(!told(&signed, "anna@example.org").contains("not shown here"), "a signature is no news");
}

#[test]
fn a129_folds_are_kept_with_the_entry() {
    let quoted = "Yes.\n\nOn 21 Nov 2026 Anna wrote:\n> The left one?\n";
    let expected = postern_mail::quote::fold(quoted, &Default::default()).folds;
    assert!(!expected.is_empty());
    assert_eq!(folds(&decided(&world(), &answer(quoted))), Some(expected.clone()), "an answer");
    let new = Mail { text: answer(quoted).text.replace("In-Reply-To: <first@customer.example>\n", ""), ..answer(quoted) };
    let d = decided(&world(), &new);
    assert_eq!((d.verdict, folds(&d)), (Verdict::Created, Some(expected)), "a new ticket");
    assert!(told(&d, "anna@example.org").contains("The left one?"), "a new ticket is told whole");
    assert_eq!(folds(&decided(&world(), &answer("Yes.\n"))), Some(vec![]), "somebody looked, and all of it is new");
}

#[test]
fn a129_automatic_mail_is_folded_too() {
    let mut auto = answer("Away.\n\nOn 21 Nov 2026 Anna wrote:\n> The left one?\n");
    auto.text = auto.text.replacen("From:", "Auto-Submitted: auto-replied\nFrom:", 1);
    let d = decided(&world(), &auto);
    assert_eq!(d.verdict, Verdict::Joined);
    assert!(folds(&d).is_some_and(|folds| !folds.is_empty()));
}
