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
    check(text, "Hi,\n\nThe red one.\n\nMonday.");
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
    let long = format!("Above.\n--\n{}", "line\n".repeat(30));
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
    for line in ["--\n", "-- \n", "____________________\n", "On\n", "> \n", "From: x\n", "a wrote:\n", "On 2026 a@b\n"] {
        new_text(&line.repeat(200_000 / line.len()));
    }
}
