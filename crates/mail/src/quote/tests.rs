use super::new_text;

/// Checks what is new in a text.
fn check(text: &str, expected: &str) {
    assert_eq!(new_text(text), expected, "of {text:?}");
}

#[test]
fn a129_text_without_quotes_stays() {
    check("Hello,\n\nthe printer is on fire.\n\nAnna\n", "Hello,\n\nthe printer is on fire.\n\nAnna");
    check("", "");
    check("one", "one");
}

#[test]
fn a128_attribution_lines_of_many_clients() {
    for attribution in [
        "On Mon, 2 Nov 2026 at 10:00, Support <support@example.org> wrote:",
        "On Mon, Nov 2, 2026 at 10:00 AM Support via Example <\nsupport@example.org> wrote:",
        "On 02/11/2026 10:00, Support wrote:",
        "Am 02.11.26 um 10:00 schrieb Support:",
        "Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Support <support@example.org>:",
        "Le lun. 2 nov. 2026 à 10:00, Support <support@example.org> a écrit :",
        "El lun, 2 nov 2026 a las 10:00, Support (<support@example.org>) escribió:",
        "Il giorno lun 2 nov 2026 alle ore 10:00 Support <support@example.org> ha scritto:",
        "Em seg., 2 de nov. de 2026 às 10:00, Support <support@example.org> escreveu:",
        "Op ma 2 nov 2026 om 10:00 schreef Support <support@example.org>:",
        "Den mån 2 nov. 2026 kl 10:00 skrev Support <support@example.org>:",
        "pon., 2 lis 2026 o 10:00 Support <support@example.org> napisał(a):",
        "пн, 2 нояб. 2026 г. в 10:00, Support <support@example.org>:",
        "2026年11月2日(月) 10:00 Support <support@example.org>:",
        "Support <support@example.org> 于2026年11月2日周一 10:00写道：",
        "2 Kas 2026 Pzt 10:00 tarihinde Support <support@example.org> şunu yazdı:",
        "Support wrote:",
    ] {
        check(&format!("It works now.\n\n{attribution}\n\n> older\n> words\n"), "It works now.");
        check(&format!("It works now.\n\n{attribution}\n> older\n"), "It works now.");
    }
}

#[test]
fn a128_original_message_blocks() {
    for block in [
        "-----Original Message-----\nFrom: Support\nSent: Monday\nTo: Anna\nSubject: x\n\nolder",
        "-----Ursprüngliche Nachricht-----\nVon: Support\nGesendet: Montag\nAn: Anna\nBetreff: x\n\nolder",
        "________________________________\nFrom: Support <s@x.org>\nSent: Monday, 2 November 2026\nTo: Anna\nSubject: x\n\nolder",
        "From: Support <s@x.org>\nSent: Monday\nTo: Anna\nSubject: x\n\nolder",
        "*From:* Support <s@x.org>\n*Sent:* Monday\n*To:* Anna\n*Subject:* x\n\nolder",
        "Von: Support\nGesendet: Montag, 2. November 2026\nAn: Anna\nBetreff: x\n\nolder",
        "De : Support\nEnvoyé : lundi\nÀ : Anna\nObjet : x\n\nolder",
        "发件人: Support\n发送时间: 2026年\n收件人: Anna\n主题: x\n\nolder",
        "---------- Forwarded message ---------\nFrom: Support\n\nolder",
        "Begin forwarded message:\n\nFrom: Support\nolder",
        "--- Original message ---\nolder",
        "----- Исходное сообщение -----\nolder",
        "On Monday, November 2, 2026 at 10:00:00 AM GMT+1, Support <s@x.org> wrote:\n\nolder words without marks",
    ] {
        check(&format!("It works now.\n\n{block}\n"), "It works now.");
    }
}

#[test]
fn a129_inline_answers_stay_in_order() {
    let text =
        "Hi,\n\nOn 02/11/2026 10:00, Support wrote:\n> Which printer?\n\nThe red one.\n\n> Since when?\n\nMonday.\n\n-- \nAnna\n";
    check(text, "Hi,\n\n> Which printer?\n\nThe red one.\n\n> Since when?\n\nMonday.");
}

#[test]
fn a129_inline_answers_keep_what_they_answer() {
    // Directly below its question, as many people write.
    check("> One?\nYes.\n> Two?\nNo.\n", "> One?\nYes.\n> Two?\nNo.");
    // What stands below the last answer is answered by nobody.
    check("> One?\nYes.\n\n> Two?\nNo.\n\n> Regards\n> Support\n", "> One?\nYes.\n\n> Two?\nNo.");
    check("> One?\nYes.\n> Two?\nNo.\n\n-----Original Message-----\nFrom: x\n> old\n", "> One?\nYes.\n> Two?\nNo.");
    // Words above the quote are the first block, the one answer below it is the second.
    check("See below.\n\nSupport wrote:\n> Which one?\n\nThe red one.\n", "See below.\n\n> Which one?\n\nThe red one.");
    // An attribution inside the quote goes, as it does above the quote; so do empty lines at the ends of a quote.
    check(
        "See below.\n\n> On 2. Nov 2026, at 09:12, Support <s@x.org> wrote:\n>\n> Which?\n>\n> Since when?\n>\n\nRed.\n",
        "See below.\n\n> Which?\n>\n> Since when?\n\nRed.",
    );
    check("> One?\nYes.\n\nAnna wrote:\n>> Two?\n\nBert wrote:\n> Three?\nNo.\n", "> One?\nYes.\n\n>> Two?\n\n> Three?\nNo.");
    // Quotes inside the quote are needed to understand it.
    check(
        ">> It is broken.\n> Which part?\nThe lid.\n> Since when?\nMay.\n",
        ">> It is broken.\n> Which part?\nThe lid.\n> Since when?\nMay.",
    );
}

#[test]
fn a129_one_answer_needs_no_quote() {
    check("Yes.\n\nSupport wrote:\n> One?\n>\n> Two?\n", "Yes.");
    check("Support wrote:\n> One?\n>\n> Two?\n\nYes.\n\nThank you.\n", "Yes.\n\nThank you.");
    // A salutation above the quote is no answer.
    check("Hallo Anna,\n\nSupport wrote:\n> One?\n\nYes.\n", "Hallo Anna,\n\nYes.");
    // Neither is a signature below it.
    check("Yes.\n\nSupport wrote:\n> One?\n\n-- \nAnna\n", "Yes.");
    check("Yes.\n\n> One?\n\nSent from my iPhone\n", "Yes.");
}

#[test]
fn a129_an_answer_below_the_quote() {
    check("Support wrote:\n> Does it work?\n\nYes, it does.\n", "Yes, it does.");
    check("> Does it work?\nYes.\n", "Yes.");
}

#[test]
fn a129_never_empty() {
    check("> only a quote\n", "> only a quote");
    check("-----Original Message-----\nFrom: x\n", "-----Original Message-----\nFrom: x");
    check("-- \nAnna\n", "-- \nAnna");
    check("Sent from my iPhone\n", "Sent from my iPhone");
}

#[test]
fn a128_signatures() {
    check("Text.\n-- \nAnna Berg\nACME\n", "Text.");
    check("Text.\n\n--\nAnna\n", "Text.");
    check("Text.\n-- \nAnna\n\nSupport wrote:\n> old\n\nBelow.\n", "Text.\n\nBelow.");
    check("Text.\n\nSent from my iPhone\n", "Text.");
    check("Text.\n\nVon meinem iPhone gesendet\n\n> old\n", "Text.");
}

#[test]
fn a128_a_signature_is_at_most_fifteen_lines() {
    let signature = |lines: usize| format!("Above.\n-- \n{}", "line\n".repeat(lines));
    check(&signature(15), "Above.");
    check(&signature(16), signature(16).replace("-- ", "--").trim_end());
    check(&format!("{}\nSupport wrote:\n> old\n", signature(15)), "Above.");
    check(&format!("{}\n-----Original Message-----\nFrom: x\n{}", signature(3), "old\n".repeat(30)), "Above.");
}

#[test]
fn a128_dashes_without_their_space_end_the_text_only_above_a_plain_signature() {
    check("Text.\n\n--\nAnna Berg\nACME\nTel. +49 30 1234\nanna@example.net\n", "Text.");
    check("Text.\n\n—\nAnna Berg\n", "Text.");
    check("Text.\n\n--\nAnna Berg\n\nOn 2 Nov 2026, Support <s@x.org> wrote:\n> old\n", "Text.");
    check("Text.\n\n--\nAnna Berg\n\n-----Original Message-----\nFrom: x\n\nold\n", "Text.");
    check("Text.\n\n--\n山田太郎\n", "Text.");
    for text in [
        "Steps:\n--\nfirst\nsecond",
        "Steps:\n\n--\nFirst\nSecond",
        "Please do this\n\n--\nfirst\nsecond",
        "Please do this\n\n--\nOpen the lid\nShut it",
        "Please do this.\n\n--\n1. Open\n2. Shut",
        "Please do this.\n\n--\nOpen\n- Shut",
        "Please do this.\n--\nRestart\nLog in",
        "One part.\n\n--\nAnother part of it.",
        "One part.\n\n--\nOther\nIt has a sentence.",
        "One part.\n\n--\nAnna\nACME\nBerlin\nGermany\nEurope",
        "One part.\n\n--\nAnna\nA line that is far too long for a signature, because it goes on and on and on",
        "One part.\n\n--\nAnna\n\n--\nand the other part",
    ] {
        check(text, text);
    }
    check("One.\n\n--\nTwo\n\n> old\n\nThree.\n", "One.\n\n--\nTwo\n\n> old\n\nThree.");
    let long = format!("Above.\n\n--\n{}", "line\n".repeat(30));
    check(&long, long.trim_end());
}

#[test]
fn a128_list_footers() {
    let footer = "_______________________________________________\ntalk mailing list\nhttps://lists.example.net/talk\n";
    check(&format!("Text.\n{footer}"), "Text.");
}

#[test]
fn a129_prose_is_not_taken_for_a_quote() {
    for text in [
        "To sum up:\n> is the prompt",
        "From: the roof it drips.\nIt is wet.",
        "He wrote: no.\nI agree.",
        "The steps are:\n1. open\n2. shut",
        "Date: tomorrow\nPlace: here",
        "Our customer anna@example.net wrote:\n\nThe printer is on fire.",
        "- Original message was lost.\n- The new one is here.",
        "| column | column |\n| a      | b      |",
        "From: a to b\nprose\nprose\nprose\nprose\nDate: x\nSubject: y",
        "____________________\nName\n____________________\nAddress of the person who filled in this form",
    ] {
        let new = new_text(text);
        let prose: Vec<&str> = text.lines().filter(|l| !l.starts_with('>')).collect();
        for line in prose {
            assert!(new.contains(line), "{line:?} is gone from {new:?}");
        }
    }
}

#[test]
fn a86_many_rulers_are_read_in_one_pass() {
    for line in [
        "--\n",
        "-- \n",
        "____________________\n",
        "On\n",
        "> \n",
        "> a\nb\n",
        "--\n\n\n",
        "\n--\nA\n> b\n",
        "From: x\n",
        "a wrote:\n",
        "On 2026 a@b\n",
    ] {
        new_text(&line.repeat(200_000 / line.len()));
    }
}
