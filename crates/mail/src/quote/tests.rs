use super::{Clues, fold, new_text};

/// Checks what is new in a text of a mail that answers.
fn check(text: &str, expected: &str) {
    assert_eq!(fold(text, &ANSWERS).new, expected, "of {text:?}");
}

const ANSWERS: Clues<'_> = Clues { answers: true, quote_from: None, quote_to: None, sent: &[], heard: &[] };

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
        "---------- Forwarded message ---------\nFrom: Support\nDate: Mon, Nov 2, 2026 at 9:12 AM\n\nolder",
        "Begin forwarded message:\n\nFrom: Support <s@x.org>\nSubject: x\n\nolder",
        "--- Original message ---\n> older",
        "----- Исходное сообщение -----\nОт: Support\nКому: Anna\n\nolder",
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
    check(&format!("{}\n-----Original Message-----\nFrom: x\nTo: y\n\n{}", signature(3), "old\n".repeat(30)), "Above.");
}

#[test]
fn a128_dashes_without_their_space_end_the_text_only_above_a_plain_signature() {
    check("Text.\n\n--\nAnna Berg\nACME\nTel. +49 30 1234\nanna@example.net\n", "Text.");
    check("Text.\n\n—\nAnna Berg\n", "Text.");
    check("Text.\n\n--\nAnna Berg\n\nOn 2 Nov 2026, Support <s@x.org> wrote:\n> old\n", "Text.");
    check("Text.\n\n--\nAnna Berg\n\n-----Original Message-----\nFrom: x\nTo: y\n\nold\n", "Text.");
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
        "A car, please.\n\nFrom: Berlin\nTo: Hamburg\nDate: 3 May 2026\nSeats: 2",
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

#[test]
fn a86_large_texts_of_one_kind_of_line_are_read_in_one_pass() {
    let ours = "We have looked at the printer from here and need to know two more things before we can send somebody to you.";
    for line in [
        "> quoted\n",
        ">\n",
        "On\n",
        "On 2 Nov 2026 a@b\n",
        "On 2 Nov 2026, Anna <a@b.org> wrote:\n",
        "a wrote:\n",
        "From: x\n",
        "From: x\nTo: y\n",
        "name: value\n",
        "-- \n",
        "--\nA\n",
        "\n--\nA\n> b\n",
        "-----Original Message-----\n",
        "---- a ----\n",
        "____________________\n",
        "                                        To\n",
        "a wrote:\n| b\n",
        "a wrote:\nAB> c\n",
        "Sent from my iPhone\n",
        "This message is confidential and meant for the addressee only.\n",
        "We have looked at the printer\n> b\n",
        "printer ",
        "\n",
        "日本語",
    ] {
        let text = line.repeat((256 << 10) / line.len());
        let folded =
            fold(&text, &Clues { quote_to: None, quote_from: Some(128 << 10), answers: false, sent: &[ours, &text], heard: &[] });
        assert!(!folded.new.is_empty() || text.trim().is_empty(), "{line:?}");
        new_text(&text);
    }
    for line in ["> quoted\n", "On 2 Nov 2026, Anna <a@b.org> wrote:\n", "From: Anna\nTo: Bert\n"] {
        new_text(&line.repeat((2 << 20) / line.len()));
    }
}

/// What we sent on the ticket of these tests.
const SENT: &str = "Hello Anna,

thank you for your help. We have looked at the printer and need to know two things:

Which printer is it, the red one or the blue one?

Since when does it print grey stripes on every page?

Thank you for your patience.

On 2026-11-01 08:30 UTC, you wrote:
> The printer on the second floor prints stripes.

-- 
Example Support, https://support.example.org/help
Ticket #4711. To add something, just answer this mail.
";

/// Checks what is new in a reply to [`SENT`].
fn check_known(text: &str, expected: &str) {
    assert_eq!(
        fold(text, &Clues { quote_to: None, quote_from: None, answers: false, sent: &[SENT], heard: &[] }).new,
        expected,
        "of {text:?}"
    );
}

#[test]
fn a130_what_we_sent_is_known_without_any_mark() {
    check_known(&format!("It works.\n\n{SENT}"), "It works.");
    check_known(&format!("{SENT}\nIt works.\n"), "It works.");
    // Wrapped anew, in another case, with other marks and quotation marks.
    let words: Vec<&str> = SENT.split_whitespace().filter(|w| *w != ">").collect();
    let wrapped = words.chunks(7).map(|c| c.join(" ").to_uppercase()).collect::<Vec<_>>().join("\n");
    check_known(&format!("It works.\n\n{wrapped}\n"), "It works.");
    check_known(
        &format!("The printer on the second floor prints stripes.\n\n{SENT}"),
        "The printer on the second floor prints stripes.",
    );
    let barred = SENT.lines().map(|l| format!("  | {l}")).collect::<Vec<_>>().join("\n");
    check_known(&format!("It works.\n\n{barred}\n"), "It works.");
}

#[test]
fn a130_what_introduces_our_words_goes_with_them_in_any_language() {
    for head in [
        "Kwa tarehe 2 Nov 2026 saa 9:12 Support <support@example.org> aliandika:",
        "2 Nov 2026 09:12-cu il tarixində Support <support@example.org>\nbelə yazıb:",
        "------ Ujumbe wa awali ------\nKutoka: Support <support@example.org>\nTarehe: 2 Nov 2026 09:12\nKwa: Anna\nMada: Printa",
        "________________________________\nKutoka: Support <support@example.org>\nTarehe: 2 Nov 2026 09:12\nKwa: Anna",
    ] {
        check_known(&format!("Inafanya kazi.\n\n{head}\n\n{SENT}"), "Inafanya kazi.");
    }
    // What the author says above it stays.
    for text in ["Here is what you sent:", "Serial: 4711\nModel: X200", "See point 2:"] {
        check_known(&format!("{text}\n\n{SENT}"), text);
    }
}

#[test]
fn a130_polite_phrases_and_copied_words_are_the_authors() {
    for text in [
        "Thank you for your help",
        "Thank you for your patience.\n\nIt works.",
        "You asked which printer is it, the red one or the blue one? The red one.",
        "Which printer is it? The red one.",
        "the red one",
    ] {
        check_known(text, text);
        check_known(&format!("{text}\n\n{SENT}"), text);
    }
}

#[test]
fn a130_answers_between_our_lines_stay_with_them() {
    let text = SENT.replace("blue one?\n", "blue one?\n\nThe red one.\n").replace("every page?\n", "every page?\nSince May.\n");
    check_known(
        &text,
        "Hello Anna,\n\nthank you for your help. We have looked at the printer and need to know two things:\n\n\
         Which printer is it, the red one or the blue one?\n\nThe red one.\n\n\
         Since when does it print grey stripes on every page?\nSince May.",
    );
    // Outlook marks nothing: without our words all of it would be old.
    let head = "From: Support <support@example.org>\nSent: Monday, 2 November 2026 09:12\nTo: Anna\nSubject: Printer\n";
    let new = fold(
        &format!("See below.\n\n{head}\n{text}"),
        &Clues { quote_to: None, quote_from: None, answers: false, sent: &[SENT], heard: &[] },
    )
    .new;
    assert!(new.starts_with("See below.") && new.contains("The red one.") && new.ends_with("Since May."), "{new}");
    // On the line of the question itself.
    let same_line = SENT.replace("blue one?\n", "blue one? The red one.\n");
    let new = fold(&same_line, &Clues { quote_to: None, quote_from: None, answers: false, sent: &[SENT], heard: &[] }).new;
    assert!(new.contains("The red one."), "{new}");
}

#[test]
fn a130_links_below_our_words_go_with_them_and_others_stay() {
    let rewritten = "https://safe.example.com/?url=https%3A%2F%2Fsupport.example.org%2Fhelp&data=1";
    check_known(&format!("Yes.\n\n{SENT}<https://support.example.org/help>\n{rewritten}\n"), "Yes.");
    check_known(&format!("{SENT}\nhttps://photos.example.net/printer.jpg\n"), "https://photos.example.net/printer.jpg");
    check_known(&format!("{SENT}\n👍\n"), "👍");
}

#[test]
fn a130_the_newest_of_what_we_sent_counts_first_and_older_mail_is_old() {
    let older = "We will send somebody on Monday who brings a new drum for the printer with him.";
    let text = format!(
        "Agreed.\n\nFrom: Support\nSent: Monday\nTo: Anna\nSubject: x\n\n{SENT}\nFrom: Anna\nSent: Sunday\nTo: Support\nSubject: x\n\n\
         When will you come?\n\nFrom: Support\nSent: Friday\nTo: Anna\nSubject: x\n\n{older}\n"
    );
    assert_eq!(
        fold(&text, &Clues { quote_to: None, quote_from: None, answers: false, sent: &[SENT, older], heard: &[] }).new,
        "Agreed."
    );
}

#[test]
fn a129_folds_are_whole_lines_and_tell_all_that_is_not_new() {
    let text = format!(
        "It works.\n\nOn 2 Nov 2026, Support <s@x.org> wrote:\n> Since when does it print grey stripes on every page?\n\n{SENT}"
    );
    let folded = fold(&text, &Clues { quote_to: None, quote_from: None, answers: false, sent: &[SENT], heard: &[] });
    assert_eq!(folded.new, "It works.");
    let mut end = 0;
    for fold in &folded.folds {
        assert!(fold.start >= end && (fold.start == 0 || text.as_bytes()[fold.start - 1] == b'\n'));
        end = fold.end;
    }
    assert_eq!(end, text.len());
}

#[test]
fn a128_the_html_form_says_where_the_quote_begins() {
    let text = "It works.\n\nSome head that no table knows\n\nold words\n";
    let at = text.find("Some").unwrap();
    assert_eq!(
        fold(text, &Clues { quote_to: None, quote_from: Some(at), answers: false, sent: &[], heard: &[] }).new,
        "It works."
    );
    // Lines that lost their marks when they were wrapped.
    let wrapped = "It works.\n\n> a long line of old words that was\nwrapped\n> and another\n";
    let at = wrapped.find('>');
    assert_eq!(fold(wrapped, &Clues { quote_to: None, quote_from: at, answers: false, sent: &[], heard: &[] }).new, "It works.");
    for odd in [0, 1, 5, text.len(), text.len() + 9, usize::MAX] {
        assert!(
            !fold(text, &Clues { quote_to: None, quote_from: Some(odd), answers: false, sent: &[], heard: &[] }).new.is_empty()
        );
    }
}

#[test]
fn a129_answers_that_are_announced_inside_an_unmarked_message_show() {
    let head = "From: Support <s@x.org>\nSent: Monday\nTo: Anna\nSubject: x\n\nWhich one?\n\nThe red one.";
    for above in ["My answers are below in red.", "Antworten siehe unten im Text.", "Réponses ci-dessous.", "回答见下面"]
        .into_iter()
        .chain(["siehe rot", "See red text.", "Please find my input below"])
        .chain(["Hallo Anna, habe unten in den Text geschrieben.", "Voir en rouge.", "Inline."])
    {
        check(&format!("{above}\n\n{head}\n"), &format!("{above}\n\n{head}"));
    }
    for above in [
        "It works.",
        "It works inline.",
        "Please see below.",
        "Siehe unten.",
        "Ich sehe untendrunter nichts.",
        "The list was su.",
    ] {
        check(&format!("{above}\n\n{head}\n"), above);
    }
    // Where marks tell them apart, they do.
    check(
        "My answers are below.\n\nOn 2 Nov 2026 Support <s@x.org> wrote:\n> One?\nYes.\n> Bye\n",
        "My answers are below.\n\n> One?\nYes.",
    );
}

#[test]
fn a128_what_phones_add() {
    for line in [
        "Sent from my iPhone",
        "Sent from my Galaxy",
        "Sent from Outlook for Android",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "Envoyé de mon iPad",
        "Enviado desde mi iPhone",
        "Inviato da Libero Mail per Android",
        "Verzonden vanaf mijn Samsung Galaxy smartphone.",
        "Wysłane z iPhone'a",
        "Отправлено из мобильной Почты Mail.ru",
        "iPhone'umdan gönderildi",
        "iPhoneから送信",
        "发自我的iPhone",
        "나의 iPhone에서 보냄",
        "Sent from Yahoo Mail on Android\nhttps://go.onelink.me/107872968?pid=InProduct",
    ] {
        check(&format!("Yes.\n\n{line}\n"), "Yes.");
        check(&format!("Yes.\n\n{line}\n\nOn 2 Nov 2026 Support <s@x.org> wrote:\n> old\n"), "Yes.");
    }
    for line in [
        "Sent the phone back yesterday.",
        "I have sent it from my phone.",
        "Sent from the warehouse on Monday.",
        "The iPhone was sent?",
        "Gesendet",
    ] {
        check(&format!("Yes.\n\n{line}\n"), &format!("Yes.\n\n{line}"));
    }
}

#[test]
fn a128_disclaimers_below_the_text() {
    for footer in [
        "This email and any attachments are confidential and intended for the addressee only. If you are not the\n\
         intended recipient, please delete it.",
        "CONFIDENTIALITY NOTICE: This message is for the sole use of the intended recipient and may contain\nprivileged information.",
        "Diese E-Mail ist vertraulich und nur für den Empfänger bestimmt. Sollten Sie sie irrtümlich erhalten\nhaben, löschen Sie sie bitte.",
        "Ce message est confidentiel et destiné à l'usage exclusif de son destinataire. S'il vous est parvenu\npar erreur, merci de le détruire.",
        "本邮件及其附件含有保密信息，仅限于发送给上面地址中列出的收件人。如果您错收了本邮件，请立即删除。",
        "Please consider the environment before printing this email.",
    ] {
        check(&format!("Yes, please.\n\n{footer}\n"), "Yes, please.");
        check(&format!("Yes, please.\n\n----------\n{footer}\n\n> old\n"), "Yes, please.");
    }
    // The author's own words, and text that is nothing else.
    for text in [
        "The list is confidential, so please delete the copy that you have, and tell the others.",
        "I sent this message to the wrong person by mistake, could you delete it there?",
        "This email is confidential and intended only for the addressee. Delete it if you have received it in error.",
    ] {
        check(text, text);
    }
}
