//! Honest authors whose mail looks like a quote: structure alone never folds what they wrote. What others may have written is
//! folded all the same; that is tested beside.

use super::{Clues, fold};

const FIRST: Clues<'_> = Clues { answers: false, quote_from: None, quote_to: None, sent: &[], heard: &[] };
const ANSWER: Clues<'_> = Clues { answers: true, quote_from: None, quote_to: None, sent: &[], heard: &[] };

/// Checks that every line of a text shows, in a mail that answers and in one that does not.
fn shows(text: &str) {
    shows_in(text, &FIRST);
    shows_in(text, &ANSWER);
    // And above what such a mail answers.
    let quote = "On Mon, Nov 2, 2026 at 9:12 AM Support <support@example.org> wrote:\n> Which one is it?\n";
    let new = fold(&format!("{text}\n\n{quote}"), &ANSWER).new;
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        assert!(new.contains(line.trim_end()), "{line:?} is gone from {new:?}");
    }
}

fn shows_in(text: &str, clues: &Clues<'_>) {
    let folded = fold(text, clues);
    assert!(folded.folds.is_empty(), "of {text:?} there is only {:?}, answers: {}", folded.new, clues.answers);
}

/// Checks what a first mail shows.
fn first(text: &str, expected: &str) {
    assert_eq!(fold(text, &FIRST).new, expected, "of {text:?}");
}

/// Checks what a mail shows whether it answers or not.
fn both(text: &str, expected: &str) {
    first(text, expected);
    assert_eq!(fold(text, &ANSWER).new, expected, "of {text:?}");
}

#[test]
fn a129_a_mail_that_answers_nothing_is_not_cut_by_what_may_be_its_authors() {
    for text in [
        "Hello,\n\nOn Monday, November 2, 2026 at 9:12 AM Bob <bob@example.net> wrote:\n\nwe close at noon.\n\nIs that true?",
        "Is this mail a fraud?\n\nFrom: Bank <bank@example.net>\nSent: Monday, November 2, 2026 9:12 AM\nTo: Anna\nSubject: x\n\nPay now!",
        "Ist das echt?\n\nVon: Bank <bank@example.net>\nGesendet: Montag, 2. November 2026 09:12\nAn: Anna\nBetreff: x\n\nZahlen Sie!",
        "C'est vrai ?\n\nDe : Banque <b@example.net>\nEnvoyé : lundi 2 novembre 2026 09:12\nÀ : Anna\nObjet : x\n\nPayez !",
        "这是真的吗？\n\n发件人: 银行 <bank@example.net>\n发送时间: 2026年11月2日 9:12\n收件人: 安娜\n主题: 付款\n\n请付款。",
        "On the router I type\n\n> show interfaces\n> show ip route\n\nand it hangs.",
        "> select * from printers;\nERROR: no such table",
        "# Notes\n\n> Measure twice, cut once.\n\nPlease put that on the wall.",
        "12c12\n< port 25\n---\n> port 587\n\nWhich line is right?",
        "Hi,\n\nthe log says at 10:15 on 2 Nov 2026:\n> disk full\n> disk full\n\nWhat now?",
        ">>> Support <support@example.org> 02.11.2026 09:12 >>>\nis what our old program writes. Can it go?",
    ] {
        shows_in(text, &FIRST);
    }
}

#[test]
fn a129_whole_evidence_counts_in_a_mail_that_does_not_say_that_it_answers() {
    for quote in [
        "On Mon, Nov 2, 2026 at 9:12 AM Support <support@example.org> wrote:\n> old\n> words",
        "Am 02.11.26 um 09:12 schrieb Support:\n> old",
        "2026年11月2日(月) 9:12 Support <support@example.org>:\n> old",
        "Support <support@example.org>, 2 Kas 2026 Pzt, 09:12 tarihinde şunu yazdı:\n> old",
        "Support <support@example.org> kirjoitti 2.11.2026 kello 9.12:\n> old",
        "> On 2 Nov 2026, at 09:12, Support <support@example.org> wrote:\n>\n> old",
        "-----Original Message-----\nFrom: Support <support@example.org>\nSent: Monday, November 2, 2026 9:12 AM\nTo: Anna\nSubject: x\n\nold",
        "-----Ursprüngliche Nachricht-----\nVon: Support\nGesendet: Montag, 2. November 2026 09:12\nAn: Anna\nBetreff: x\n\nold",
        "________________________________\nFrom: Support <support@example.org>\nSent: Monday, November 2, 2026 9:12 AM\nTo: Anna\nSubject: x\n\nold",
        "------------------ 原始邮件 ------------------\n发件人: \"Support\" <support@example.org>;\n发送时间: 2026年11月2日(星期一) 上午9:12\n收件人: \"Anna\";\n主题: x\n\nold",
    ] {
        both(&format!("It works.\n\n{quote}\n"), "It works.");
    }
    // Where the quote has marks, an answer may stand below it.
    let head = "From: Support <support@example.org>\nSent: Monday, November 2, 2026 9:12 AM\nTo: Anna\nSubject: x";
    both(&format!("-----Original Message-----\n{head}\n\n> Which one?\n\nThe red one.\n"), "The red one.");
    // Marked lines above the attribution are the author's still.
    first("> uptime\nup 5 days\n\nOn 2 Nov 2026, Support <s@x.org> wrote:\n> Reboot it.\n", "> uptime\nup 5 days");
}

#[test]
fn a129_sentences_are_no_attributions() {
    for line in [
        "Since 12.10.2026 10:15 the device writes:",
        "since 12.10.2026 10:15 the device writes:",
        "Bitte überweisen Sie auf das Konto (DE12 5001 0517 5407 3249 31):",
        "I called +49 (0)89 1234567 and mailed <hotline@example.com>:",
        "IBAN DE12 5001 0517 5407 3249 31 of Bob (bob@example.com):",
        "In his letter of 12.10.2026, received 15.10.2026 at 10:15, Bob <bob@example.com> wrote that:",
        "For the record, the caller <bob@example.com> phoned at 10:15 on 2026-11-02 (bob@example.com):",
        "our mails from 12.10.2026 to 15.10.2026 between Bob and <carol@example.com>:",
        "die Anlage schreibt seit dem 12.10.2026 um 10:15:",
        "am 12.10.2026 um 10:15 schrieb der Drucker:",
        "le 12/10/2026 à 10:15 le serveur a écrit :",
        "el 12/10/2026 10:15 el servidor escribió:",
        "il 12/10/2026 10:15 la stampante ha scritto:",
        "op 12-10-2026 10:15 schreef de printer:",
        "den 12.10.2026 10:15 skrev printeren:",
        "12.10.2026 10:15 drukarka napisała:",
        "12.10.2026 в 10:15 сервер пишет:",
        "2026年10月12日 10:15 打印机写道：",
        "2026年10月12日 10:15 画面に次のように表示されました：",
        "12.10.2026 10:15 yazıcı şunu yazdı:",
        "في 12.10.2026 10:15 كتب الخادم:",
        "our script writes 100000 lines:",
        "2026-11-02 10:15:00 mailer wrote:",
        "10:17 on 2.11.2026 Anna wrote:",
    ] {
        shows(&format!("Hello,\n\n{line}\n\nE-0231 jam\n\nWhat now?"));
        shows(&format!("Hello,\n\n{line}\nE-0231 jam\n\nWhat now?"));
    }
}

#[test]
fn a129_lists_of_names_and_values_are_no_heads() {
    for block in [
        "From: Berlin\nTo: Munich\nDate: 5 November\nContact: anna@example.net",
        "From: Berlin\nTo: Paris\nDate: Mon, 5 Nov 2026 10:15\nSubject: business trip",
        "Von: Berlin\nNach: Köln\nDatum: 5.11.2026\nBetreff: Dienstreise",
        "De : Paris\nA : Lyon\nDate : 5 novembre 10:15\nObjet : déplacement",
        "От: Москва\nКому: Казань\nДата: 5 ноября 10:15\nТема: поездка",
        "Fra: Aarhus\nTil: København\nDato: 5. november kl. 10:15\nEmne: togrejse",
        "差出人: 山田\n宛先: 佐藤\n件名: 見積\n日時: 2026年11月2日",
        "From: Anna Berg\nTo: IT Department\nDate: 2 November 2026\nSubject: Laptop",
        "Von: Max Muster\nE-Mail: max@example.com\nDatum: 2.11.2026\nBetreff: Heizung",
        "From: old@example.net\nTo: new@example.net\nCc: boss@example.net",
        "From: bob@example.com\nTo: anna@example.net\nSubject: Offer\nDate: 2 Nov",
        "from: app@example.net\nto:\n  - ops@example.net\nsubject: \"backup\"\nschedule: daily",
        "From: Anna <anna@example.net>\nTo: bob@example.com\nSubject: x\nDate: Mon, 2 Nov 2026 09:00:00 +0100\nX-Spam-Status: Yes",
        "From 3b1f Mon Sep 17 00:00:00 2001\nFrom: Anna <anna@example.net>\nDate: Mon, 2 Nov 2026 10:15:00 +0100\nSubject: [PATCH] Fix\n\n---\n a.c | 2 +-",
        "Nov  2 10:15:01 mx smtp: to=<a@example.net>\nFrom: a@example.net\nTo: b@example.net\nDate: Mon, 2 Nov 2026 10:15:00 +0100\nSubject: x\nMessage-ID: <x@y>",
        "Von: Lager <lager@example.net>\nTo: Filiale\nData: 2.11.2026 10:15\nEmne: Toner",
        "--- Reisedaten ---\nVon: Berlin\nNach: Köln\nZeit: 10:00",
        "===== Route =====\nFrom: Berlin\nvia: Leipzig",
    ] {
        shows(&format!("Hello,\n\nplease look:\n\n{block}\n\nA window seat, if you can."));
    }
    first(
        "From: Anna Berg\nTo: IT\nDate: 2 November 2026\nSubject: x\n\nHelp.",
        "From: Anna Berg\nTo: IT\nDate: 2 November 2026\nSubject: x\n\nHelp.",
    );
}

#[test]
fn a129_titles_with_nothing_of_a_mail_below_are_the_authors() {
    for title in [
        "Original message on the screen was:",
        "Original appointment:",
        "Ursprünglicher Termin:",
        "Message original :",
        "Forwarded by request of Bob:",
        "----- Original Message -----",
        "-------- Weitergeleitete Nachricht --------",
        "----- Исходное сообщение -----",
        "------------------ 原始邮件 ------------------",
        "---------- Forwarded message ----------",
    ] {
        shows(&format!("Hello,\n\n{title}\n\nMonday 10:00, room 4\n\nTuesday is better."));
        shows(&format!("Hello,\n\n{title}\nFrom: the roof it drips.\nIt is wet."));
    }
}

#[test]
fn a128_what_stands_below_a_signature_shows() {
    let signed = |below: &str| {
        both(&format!("Text.\n-- \nAnna Berg\nExample GmbH\n{below}\n"), &format!("Text.\n\n{}", below.trim_start()))
    };
    for below in [
        "PS: I need toner, too.",
        "P.S. Please call me.",
        "\nPS: Bitte rufen Sie an.",
        "\nNachtrag: Es brennt.",
        "\n追伸：電話をください。",
        "\nI forgot: the machine is in room 5.\nPlease come today.",
        "\nCould you bring toner?",
        "\nIch habe vergessen: Es ist Raum 5, nicht 6.",
        "\n部屋は五号室です。今日来てください。",
    ] {
        signed(below);
    }
    // What belongs to a signature does not.
    for below in
        ["\nTel. +49 30 1234\nwww.example.net", "\nExample GmbH, Berlin, HRB 4711", "\n\"Measure twice, cut once.\" A proverb"]
    {
        both(&format!("Text.\n-- \nAnna Berg\n{below}\n"), "Text.");
    }
    both("Text.\n-- \nDr. Anna Berg, Ph.D.\nHead of Support\n", "Text.");
    both("Text.\n-- \nKind regards,\nAnna\n", "Text.");
    for text in [
        "Text.\n-- \nplease read on below, my client adds these dashes.\nThe printer burns.",
        "Run this:\n\n-- \n-- Table of users\n-- \nINSERT INTO users VALUES (1);\n\nIt fails at the INSERT.",
        "Steps:\n-- \n1. Open the lid and wait.\n2. Press start.",
    ] {
        shows(text);
    }
}

#[test]
fn a128_footers_are_whole_lines_in_known_shapes() {
    for end in [
        "the mail was last seen when it was\nsent from my iPhone",
        "On the new phone of Bob:\nGet Outlook for Android working",
        "Get Outlook for Mac licences for all of us",
        "the last words of the log were\nSent using Postfix on Android",
        "Nein. Das Bild wurde mit dem iPhone gesendet",
        "Diese Nachricht wurde von meinem iPhone nicht gesendet",
        "Sent from my iPad I can not print",
        "Gesendet vom iPhone wird aber nichts",
        "Why?\n\nSent from my phone is what it adds. How do I turn it off?",
    ] {
        shows(&format!("Hello,\n\n{end}"));
    }
    for end in [
        "Diese Nachricht ist vertraulich und nur für die Personalabteilung und Frau Berg bestimmt. Bitte löschen Sie den Benutzer Meier zum Monatsende und sperren Sie seine Karte.",
        "This message is confidential: please delete the account of John Miller on Friday and destroy his access card. Nobody else has been told.",
        "This email is confidential and intended for the IT team. Remove the mailbox of John Miller by Friday and hand it to his manager.",
        "Ce message est confidentiel. Merci de supprimer le compte de M. Martin vendredi soir et de désactiver son badge avant son retour.",
        "This message has been scanned but Defender still reports a virus in invoice.pdf. Please check it.",
        "This email originated from outside appears even above mails of the boss. Please switch it off.",
        "This message is confidential and intended only for you. Please delete report.pdf, it was sent by mistake in this message.",
        "This message is confidential and intended for the IT team. In the message 4711 the notice is wrong, which is a liability for us.",
        "Please consider the environment before printing 400 pages a day in the sales office.",
        "Este mensaje es confidencial y está destinado al equipo. Por favor elimine la cuenta de Juan el viernes por la tarde.",
        "Questo messaggio è riservato ed è destinato al reparto. Si prega di cancellare la casella del collega Rossi entro venerdì.",
        "This email originated from outside of the organization. Can you remove this banner?",
        "this email is confidential, please remove it from the public ticket and\ndelete this message from the archive, it was sent to you by mistake.",
        "This message contains confidential salary data and went to the wrong recipient\nby mistake. Can you delete it from the mail server at once?",
        "This email is confidential and was intended for Bob, I sent it in error. Delete it, or my boss will.",
        "Diese E-Mail ist vertraulich und war nur für Bob bestimmt. Können Sie sie im System löschen?",
        "please publish as our footer:\n\nThis email and any files are confidential and intended solely for the addressee.\nIf you received it in error, delete it.",
    ] {
        shows(&format!("Hello,\n\n{end}"));
    }
    for footer in [
        "Questo messaggio è riservato e destinato esclusivamente ai destinatari indicati. I dati e i file allegati\nvanno distrutti se ricevuti per errore.",
        "Tato zpráva je důvěrná a je určena pouze adresátovi. Pokud jste ji obdrželi omylem, smažte ji prosím ihned.",
        "Tämä viesti on luottamuksellinen ja tarkoitettu vain vastaanottajalle. Jos sait sen virheellisesti, poista se.",
        "This e-mail and any attachments are confidential and may be legally privileged. If you are not the intended recipient, please notify the sender and delete this message from your system. Example Trading Ltd, registered in England 01234567.",
        "Diese Nachricht ist vertraulich und ausschließlich für den Adressaten bestimmt. Jede Weitergabe ist untersagt. Bitte benachrichtigen Sie den Absender und löschen Sie diese E-Mail. Die Example GmbH haftet nicht für Viren.",
        "Este mensaje es confidencial y está destinado únicamente a su destinatario. Si lo ha recibido por error, le rogamos que lo elimine y avise al remitente.",
        "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Indien u dit bericht ten onrechte ontvangt, verzoeken wij u het te verwijderen.",
        "Настоящее сообщение является конфиденциальным и предназначено только адресату. Если вы получили его по ошибке, пожалуйста, удалите его и сообщите отправителю.",
        "この電子メールは機密情報を含み、宛先の方のみを対象としています。本メールを誤って受信された場合は、送信者に通知のうえ削除してください。",
        "This email has been scanned for viruses and malware by Mimecast.",
        "Virus-free. www.avast.com",
        "This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender and know the content is safe.",
        "Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail ausdrucken.",
        "CONFIDENTIALITY NOTICE:\n\nThis email is confidential and intended solely for the addressee. If you have received it in error, delete it.",
    ] {
        both(&format!("Yes, it does.\n\n{footer}\n"), "Yes, it does.");
    }
    both("Yes.\n\nDiese Nachricht wurde von meinem iPhone gesendet\n", "Yes.");
    both("Yes.\n\nSent with [Proton Mail](https://proton.example/) secure email.\n", "Yes.");
}

#[test]
fn a128_rulers_of_authors_cut_nothing() {
    for text in [
        "Please look at this\n____________________\nhttps://intranet.example.net/app/5 shows error 500\nsince this morning. Please fix it.",
        "Log\n_____________________________\nGET http://example.net/x 500\n_____________________________\nend of log, please help",
        "Our list has a footer:\n\n____________________________\ntalk mailing list\nhttps://lists.example.net/talk\n\nIs the link right?",
        "___________________________\nForm: https://example.net/form\nName: Anna\nPlease repair the lamp.",
    ] {
        shows(text);
    }
    let list = "_______________________________________________\nTalk mailing list\nTalk@lists.example.net\nhttps://lists.example.net/listinfo/talk\n";
    both(&format!("Text.\n{list}"), "Text.");
}

#[test]
fn a129_above_the_quote_of_the_html_form_nothing_is_cut() {
    let pasted = "From: Bank <bank@example.net>\nSent: Monday, November 2, 2026 9:12 AM\nTo: Anna\nSubject: x";
    let text = format!("Is this a fraud?\n\n{pasted}\n\nPay now!\n\nI did not pay.\n\nFrom Support, yesterday\n\nWhich mail?\n");
    let at = text.find("From Support");
    let new = fold(&text, &Clues { quote_from: at, ..ANSWER }).new;
    assert!(new.ends_with("I did not pay.") && new.contains("Pay now!"), "{new}");
    // The head right above it goes with it.
    let text = format!("It works.\n\n{pasted}\n\nold words\n");
    assert_eq!(fold(&text, &Clues { quote_from: text.find("old"), ..ANSWER }).new, "It works.");
}

#[test]
fn a130_lines_between_a_head_and_what_we_sent_show() {
    let ours = "We have looked at the printer from here and need to know two more things before we can send somebody to you.";
    let text = format!(
        "On Monday, November 2, 2026 at 9:12 AM Support <support@example.org> wrote:\n\nThe red one.\nIt smokes.\n\n{ours}\n\nSince May.\n"
    );
    let new = fold(&text, &Clues { sent: &[ours], ..ANSWER }).new;
    assert!(new.contains("The red one.\nIt smokes.") && new.ends_with("Since May."), "{new}");
}

#[test]
fn a129_words_below_a_signature_without_a_full_stop() {
    for below in [
        "Anna Berg\nSales\n\nThe printer in room 4 shows error 49\nI have rebooted it twice already",
        "Anna Berg\nBranch\n\n- 4 toner black\n- 2 toner cyan\n- deliver to room 12",
        "Anna Berg\n\n1. Toner\n2. Paper",
        "แอนนา\n\nเครื่องพิมพ์ในห้องสี่ใช้งานไม่ได้ กรุณาช่วยด้วยค่ะ",
        "अन्ना\n\nप्रिंटर कमरा चार में काम नहीं कर रहा है। कृपया मदद करें।",
        "Anna\nPS the door code is 4711",
        "Anna\n\nEdit: the door code is 4711",
        "\nSecond part with the error 49",
        "select * from users\nwhere id = 4\n\nThen tell me",
    ] {
        let last = below.lines().last().unwrap();
        let new = crate::quote::new_text(&format!("Hello,\n\n-- \n{below}\n"));
        assert!(new.ends_with(last), "{new}");
    }
    both(
        "Please create accounts for these.\n\n--\nAnna Berg\nBob Carter\nCarla Diaz\n",
        "Please create accounts for these.\n\n--\nAnna Berg\nBob Carter\nCarla Diaz",
    );
    for signature in [
        "Anna Berg\nHead of Sales\nExample Ltd\n\nTel +44 20 5550 1020\nwww.example.com",
        "Anna Berg\nPS Logistics\n\nRegistered in England and Wales under the number 0123",
        "Anna Berg\n\n\"To be or not to be is the question\"\n- Shakespeare",
        "แอนนา\nฝ่ายขาย",
    ] {
        both(&format!("Yes, it does.\n\n-- \n{signature}\n"), "Yes, it does.");
    }
}

#[test]
fn a129_a_ruler_with_words_about_a_mailing_list() {
    for below in [
        "Mailing list: sales@example.org\nAdd: bob@example.org\nRemove: carl@example.org\nThanks, Anna",
        "mailing list sales is broken since Monday\n\nNobody gets any mail\n\nAnna",
    ] {
        let text = format!("Hello,\n\n______________________________\n{below}");
        both(&text, &text);
    }
    both("Yes.\n\n______________________________\nsales mailing list\nsales@lists.example.org\n", "Yes.");
}
