//! What is news on a ticket: whatever is not on it yet, however much it looks like a quote.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_mail::quote::{Clues, fold};

const ASKED: &str = "Hello,\n\nthe printer prints stripes since this morning. Could somebody look at it?\n\nCarla\n";

const SENT: &str = "Hello Carla,

I have looked at your printer today.

1. Did you change the cartridge last week?
2. Is the paper tray full?
3. Which driver do you use on your computer?

Please answer these questions below. The invoice number is INV-2026-001. The
password for the portal is not needed.
Shall we [ ] replace the drum or [ ] send a technician or [ ] do nothing?
Our offer: 3 drums at 120 EUR each, delivery on 24 December 2026 at 10:00.

Best regards
Anna
";

const FORM: &str = "Hello Carla,

please fill in this form and send it back to us, so that we can order the part:

Full name of the contact person:
Room and floor of the printer:
Serial number on the back of it:
[ ] yes, I accept the costs of 120 EUR
☐ no, I do not accept the costs

Best regards
Anna
";

const OUTLOOK: &str = "From: support <support@example.org>\nSent: Monday, November 21, 2026 5:00 PM\n\
                       To: Carla Customer <carla@example.net>\nSubject: Re: Printer\n\n";

const GMAIL: &str = "On Sat, Nov 21, 2026 at 5:00 PM support <support@example.org> wrote:\n";

/// What is new in a text on a ticket with these texts.
fn news_of(text: &str, sent: &[&str]) -> String {
    fold(text, &Clues { answers: true, quote_to: None, quote_from: None, sent, heard: &[ASKED] }).new
}

fn news(text: &str) -> String {
    news_of(text, &[SENT])
}

fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}\n").replace("> \n", ">\n")).collect()
}

/// The same text in the forms in which clients hold it: below Outlook's block, below an attribution with marks, and bare.
fn forms(above: &str, text: &str) -> [String; 3] {
    [format!("{above}{OUTLOOK}{text}"), format!("{above}{GMAIL}{}", quoted(text)), format!("{above}{text}")]
}

#[test]
fn a130_a_mail_that_is_passed_on_onto_a_ticket_is_told_whole() {
    let said = "The drum has serial 4711 and is recalled.";
    for forward in [
        "---------- Forwarded message ---------\nFrom: Vendor <v@vendor.example>\nDate: Fri, Nov 20, 2026 at 10:00 AM\n\
         Subject: Drum DR-2400\nTo: Carla <carla@example.net>\n",
        "From: Vendor <v@vendor.example>\nSent: Friday, November 20, 2026 10:00 AM\nTo: Carla\nSubject: Drum\n",
        "________________________________\nFrom: Vendor <v@vendor.example>\nSent: Friday\nTo: Carla\nSubject: Drum\n",
        "Begin forwarded message:\n\nFrom: Vendor <v@vendor.example>\nSubject: Drum\nDate: 20 November 2026\nTo: Carla <carla@example.net>\n",
        "> Begin forwarded message:\n>\n> From: Vendor <v@vendor.example>\n> Subject: Drum\n> Date: 20 November 2026\n>",
        "-------- Forwarded Message --------\nSubject: \tDrum\nDate: \tFri, 20 Nov 2026\nFrom: \tVendor <v@vendor.example>\nTo: \tCarla\n",
    ] {
        let said = if forward.starts_with('>') { format!("> {said}") } else { said.to_owned() };
        let text = format!("The vendor wrote this:\n\n{forward}\n{said}");
        assert_eq!(news(&text), text.replace("\n\n\n", "\n\n"), "{text}");
    }
    let html = "<html><body><div>The vendor wrote this:</div><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> \
                Vendor &lt;v@vendor.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Carla<br><b>Subject:</b> Drum<br></div>\
                <div>The drum has serial 4711.</div></body></html>";
    let raw = format!("From: carla@example.net\nContent-Type: text/html; charset=utf-8\n\n{html}\n");
    let message = postern_mail::parse(raw.as_bytes());
    assert!(!message.reply.contains("4711"), "structure alone folds it: {}", message.reply);
    let new = message.fold(&[SENT], &[ASKED]).new;
    assert!(new.contains("v@vendor.example") && new.contains("serial 4711"), "{new}");
}

#[test]
fn a130_answers_typed_inside_our_mail_show_below_hi() {
    let text = SENT.replace("last week?", "last week?\nyes of course").replace("tray full?", "tray full?\nIt is not full");
    for above in ["", "Hi,\n\n", "Hello Anna,\n\n", "See below.\n\n"] {
        for text in forms(above, &text) {
            let new = news(&text);
            let at = |words: &str| new.find(words).unwrap_or_else(|| panic!("{words} is gone from {new} of {text}"));
            assert!(at("yes of course") < at("It is not full"), "{new}");
            assert!(!new.contains("Which driver") && !new.contains("Our offer") && !new.contains("Sent: Monday"), "{new}");
        }
    }
    let new = news(&format!("Hi,\n\n{OUTLOOK}{text}"));
    assert!(new.contains("cartridge last week?\nyes of course\n2. Is the paper tray full?\nIt is not full"), "{new}");
}

#[test]
fn a130_a_filled_in_form_shows_what_was_filled_in() {
    let filled = FORM
        .replace("person:", "person: Carla Customer")
        .replace("printer:", "printer: 12, second")
        .replace("back of it:", "back of it: SN4711")
        .replace("[ ] yes", "[x] yes")
        .replace("☐ no", "☑ no");
    for above in ["", "Hi,\n\n", "Done.\n\n", "Hello Anna, I have filled in the form.\n\n"] {
        for text in forms(above, &filled) {
            let new = news_of(&text, &[FORM]);
            for words in ["Carla Customer", "12, second", "SN4711", "[x] yes", "☑ no", above.trim()] {
                assert!(new.contains(words), "{words} is gone from {new} of {text}");
            }
        }
    }
    // Untouched, it is ours.
    for text in forms("Which form?\n\n", FORM) {
        assert_eq!(news_of(&text, &[FORM]), "Which form?", "{text}");
    }
}

#[test]
fn a130_a_changed_number_or_word_shows_its_line() {
    for (ours, theirs) in [
        ("120 EUR", "90 EUR"),
        ("3 drums", "5 drums"),
        ("24 December", "20 January"),
        ("[ ] send", "[x] send"),
        ("INV-2026-001", "INV-2026-002"),
        ("is not needed", "is needed"),
        ("tray full?", "tray full? no"),
        ("at 10:00.", "at 11:00."),
    ] {
        let changed = SENT.replace(ours, theirs);
        assert_ne!(changed, SENT);
        let line = changed.lines().find(|line| line.contains(theirs)).unwrap();
        for text in forms("I agree.\n\n", &changed) {
            let new = news(&text);
            assert!(new.contains("I agree.") && new.contains(line), "{line:?} is gone from {new:?} of {text:?}");
        }
    }
}

const CHOICES: &str = "Hello Carla,

please correct these lines about the coffee machine in your branch:

( ) deliver on Monday morning
( ) deliver on Tuesday morning
Quantity of filters: ____
The pump costs 100 € with the new seal
The price is 100 EUR plus tax
The temperature is +5 degrees in the basement
The pressure is < 5 bar at the valve
The discount is 5 % of the whole price
Written in C for the old controller
We can come on Tuesday with the pump
Option one is chosen: no

* This - \"as agreed\" - isn't all...

Best regards
Anna
";

#[test]
fn a130_answers_made_of_signs_show_their_line() {
    for (ours, theirs) in [
        ("( ) deliver on Tue", "(*) deliver on Tue"),
        ("( ) deliver on Tue", "--> ( ) deliver on Tue"),
        ("( ) deliver on Tue", "✓ ( ) deliver on Tue"),
        ("Tuesday morning", "Tuesday morning 👍"),
        ("Tuesday morning", "Tuesday morning <--"),
        ("Tuesday morning", "Tuesday morning ✓"),
        ("with the pump", "with the pump ❌"),
        ("with the pump", "with the pump ✔️"),
        ("with the pump", "with the pump !!!"),
        ("with the pump", "(with the pump?)"),
        ("plus tax", "plus tax ???"),
        ("100 €", "100 $"),
        ("100 €", "100 € <--"),
        ("100 EUR", "-100 EUR"),
        ("+5 degrees", "-5 degrees"),
        ("< 5 bar", "> 5 bar"),
        ("5 %", "5 ‰"),
        ("in C for", "in C++ for"),
        ("filters: ____", "filters: -"),
        ("chosen: no", "chosen: NO"),
        ("We can come", "~~We~~ can come"),
    ] {
        let changed = CHOICES.replace(ours, theirs);
        let line = changed.lines().find(|line| line.contains(theirs)).unwrap();
        for above in ["Hello, see my corrections.\n\n", "Hi\n\n"] {
            for text in forms(above, &changed) {
                let new = news_of(&text, &[CHOICES]);
                assert!(new.contains(line), "{line:?} is gone from {new:?} of {text:?}");
                assert!(!new.contains("agreed"), "{new:?} of {text:?}");
            }
        }
    }
}

#[test]
fn a130_signs_that_clients_change_are_no_news() {
    let typographic = CHOICES
        .replace("* This - \"as agreed\" - isn't all...", "• This – “as agreed” — isn’t *all*…")
        .replace("plus tax", "plus _tax_ ")
        .replace("100 €", "100\u{a0}€")
        .replace("please correct", "please *correct*")
        .replace("costs 100", "costs\n100");
    for text in [CHOICES, &typographic].into_iter().flat_map(|text| forms("I will call you.\n\n", text)) {
        assert_eq!(news_of(&text, &[CHOICES]), "I will call you.", "{text}");
    }
}

#[test]
fn a130_what_nobody_on_the_ticket_knows_is_no_quote() {
    for text in [
        "Please type this in the terminal:\n\n> lpstat -p\n> cupsenable drum",
        "Please make a mail like this:\n\nFrom: you@example.net\nTo: unlock@printer.example\nSubject: UNLOCK\nDate: today\n\n\
         and then restart the printer with the red button.",
        "On 20 Nov 2026 Dora Neumann <dora@example.net> wrote:\n> The drum has to be ordered by Friday.\n\nShe is right.",
        "Make a mail like this:\n\nFrom: you@example.net\nTo: unlock@printer.example\nSubject: UNLOCK\nDate: today",
        "My program says:\n\n> error 17 in module 5\n> cannot continue",
        "First part.\n________________________________\nSecond part, which is new: see https://portal.example.org/x",
    ] {
        assert_eq!(news(text), text);
        let alone = fold(text, &Clues::default()).new;
        assert_eq!(
            fold(text, &Clues { answers: false, quote_to: None, quote_from: None, sent: &[], heard: &[] }).new,
            alone,
            "without knowledge, structure decides"
        );
        // Above what is known it is news, too.
        let new = news(&format!("{text}\n\n{GMAIL}{}", quoted(SENT)));
        assert_eq!(new, text, "right above what is known");
        let new = news_of(&format!("{text}\n\n{GMAIL}{}", quoted(SENT)), &[&format!("No.\n\n{GMAIL}{}", quoted(SENT)), SENT]);
        assert_eq!(new, text, "and under an attribution that is known");
        assert_eq!(news(&format!("{text}\n\nMore below.\n\n{GMAIL}{}", quoted(SENT))), format!("{text}\n\nMore below."));
    }
}

#[test]
fn a130_what_is_known_and_its_frame_stay_folded() {
    for text in forms("It works.\n\n", SENT).into_iter().chain([
        format!("It works.\n\n-- \nCarla Customer\n+44 20 7946 0001\n\n{OUTLOOK}{SENT}"),
        format!("It works.\n\nSent from my iPhone 12\n\n{GMAIL}>\n{}", quoted(SENT)),
        format!("It works.\n\n-----Original Message-----\n{OUTLOOK}{SENT}"),
        format!("It works.\n\nOn 20 Nov 2026 Carla wrote:\n{}", quoted(ASKED)),
        format!("It works.\n\n{OUTLOOK}{SENT}\n{OUTLOOK}{ASKED}"),
    ]) {
        assert_eq!(news(&text), "It works.", "{text}");
    }
    // Short texts are too short for runs of words.
    let known = |text: &str| {
        fold(text, &Clues { answers: true, quote_to: None, quote_from: None, sent: &["Any news?\n"], heard: &["It burns.\n"] })
            .new
    };
    assert_eq!(known("Yes.\n\nAnna wrote:\n> Any news?\n"), "Yes.");
    assert_eq!(known("Yes.\n\nAnna wrote:\n> Any\n> news?\n>\n> Carla wrote:\n>> It burns.\n"), "Yes.");
    assert_eq!(known("Yes.\n\nAnna wrote:\n> news\n"), "Yes.\n\nAnna wrote:\n> news");
}

#[test]
fn a130_older_mail_below_what_is_known_is_old_and_above_it_is_news() {
    let bert = "From: Bert <bert@example.net>\nSent: Sunday\nTo: Carla\nSubject: x\n\nRoom 12 burns too.\n";
    assert_eq!(news(&format!("Agreed.\n\n{OUTLOOK}{SENT}\n{bert}")), "Agreed.");
    assert_eq!(
        news(&format!("Agreed.\n\n{GMAIL}{}>\n> On Sunday Bert wrote:\n>> Room 12 burns too.\n", quoted(SENT))),
        "Agreed."
    );
    let new = news(&format!("Agreed.\n\n{bert}\n{OUTLOOK}{SENT}"));
    assert_eq!(new, format!("Agreed.\n\n{}", bert.trim_end()));
}

#[test]
fn a130_a_disclaimer_with_a_number_in_it_shows() {
    let legal = "This email is confidential and intended for the addressee only. If you are not the intended recipient, please\n\
                 delete it.";
    assert_eq!(news(&format!("Here it is.\n\n{legal}\n")), "Here it is.");
    let secret = legal.replace("delete it.", "delete it. The password of the printer is tiger42.");
    assert!(news(&format!("Here it is.\n\n{secret}\n")).contains("tiger42"));
}

/// Every word that is on the ticket nowhere shows, wherever it stands.
#[test]
fn a130_no_word_that_the_ticket_does_not_know_is_lost() {
    let lines: Vec<&str> = SENT.lines().collect();
    for at in 0..=lines.len() {
        for news_line in
            ["zanzibar", "zanzibar 17", "yes zanzibar of course, as we said", "zanzibar: the red one or the blue one?"]
        {
            let mut inside = lines.clone();
            inside.insert(at, news_line);
            let appended = lines
                .iter()
                .enumerate()
                .map(|(n, line)| if n == at { format!("{line} {news_line}") } else { (*line).to_owned() });
            for text in [inside.join("\n"), appended.collect::<Vec<_>>().join("\n")] {
                for text in forms("Hi\n\n", &text).iter().chain(&forms("", &text)).filter(|text| text.contains("zanzibar")) {
                    let new = news(text);
                    assert!(new.contains(news_line), "{news_line:?} is gone from {new:?} of {text:?}");
                }
            }
        }
    }
}
