//! Commands that somebody else wrote: in a subject that is repeated, in what is quoted or hidden, in an address that a header names.

use super::world::*;
use super::*;
use crate::decision::LetterKind;
use crate::letter::{Fate, Transcript};

fn anna(w: &World, more: &str, text: &str) -> Mail {
    let own = w.id(5, Audience::Staff);
    let mut mail = mail("anna@example.org", &format!("In-Reply-To: <{own}>\n{more}"));
    mail.text = mail.text.replace("It burns.\n", text);
    mail
}

fn transcript(d: &Decision) -> Option<&Transcript> {
    d.letters.iter().find_map(|l| if let LetterKind::Transcript(transcript) = &l.kind { Some(transcript) } else { None })
}

/// What was told of lines that were not looked at.
fn told(d: &Decision) -> Vec<&str> {
    let echoes = transcript(d).map(|t| t.echoes.as_slice()).unwrap_or_default();
    echoes.iter().filter(|echo| echo.fate == Fate::Disregarded).flat_map(|echo| &echo.answer).map(String::as_str).collect()
}

fn resolved(d: &Decision) -> bool {
    status_after(d) == Some(Status::RESOLVED)
}

/// A site at which anna may be verified.
fn at_a_border() -> (World, &'static str) {
    let mut w = world();
    w.site.trust.authserv_id = vec!["mx".into()];
    w.site.border = Some(crate::facts::Border { authserv_id: vec!["mx".into()], received_above: vec![0] });
    (w, "Authentication-Results: mx; dmarc=pass header.from=example.org\n")
}

#[test]
fn b1_a_subject_that_is_repeated_gives_no_commands() {
    let mut w = world();
    let answer = |w: &World, subject: &str| decided(w, &anna(w, &format!("Subject: {subject}"), "I look.\n"));
    // What she adds counts.
    assert!(resolved(&answer(&w, "Re: [#5] Printer [status=resolved]")));
    assert!(resolved(&answer(&w, "Re: [#5] Printer [status=resolved]")));
    // What a stranger put there does not, however it is written now, and nobody is told with each answer.
    w.tickets[0].subject = "Printer [status=resolved]".into();
    for subject in [
        "Re: [#5] Printer [status=resolved]",
        "[#5] Printer [Status = resolved]",
        "AW: [list] Re: [#5] Printer [ STATUS=resolved; ]",
    ] {
        let d = answer(&w, subject);
        assert_eq!((d.verdict, resolved(&d), transcript(&d)), (Verdict::Corresponded, false, None), "{subject}");
    }
    // Nor after the ticket was given another subject; that is told.
    let w = World { subjects: vec!["Printer [status=resolved] on fire"], ..world() };
    let d = answer(&w, "Re: [#5] Printer [status=resolved]");
    assert!(!resolved(&d) && told(&d)[0].contains("it stood there before"), "{:?}", told(&d));
    // Nor in an answer to a mail that nobody here knows.
    let w = world();
    for more in [
        "In-Reply-To: <carlas@customer.example>\nReferences: <x@y>\nSubject: Re: [#5] Printer [status=resolved]",
        "Subject: Re: [#5] Printer [status=resolved]",
    ] {
        let d = decided(&w, &mail("anna@example.org", more).released());
        assert_eq!((d.ticket, resolved(&d)), (Some(5), false), "{more}");
        assert!(told(&d)[0].contains("is not known here"), "{:?}", told(&d));
    }
    // What is wrong with a subject keeps commands in the text from nothing.
    let w = World { subjects: vec!["Printer [owner=me]"], ..world() };
    let d = decided(&w, &anna(&w, "Subject: Re: [#5] Printer [owner=me]", "!resolve\n\nDone.\n"));
    assert!(resolved(&d) && told(&d).len() == 1, "{:?}", d.letters);
}

/// The title of the transcript, in a language.
fn title(d: &Decision, language: &str) -> String {
    let letter = d.letters.iter().find(|letter| matches!(letter.kind, LetterKind::Transcript(_))).unwrap();
    let letter = crate::decision::Letter { language: language.to_owned(), ..letter.clone() };
    let scene = crate::letter::Scene { site: "example.org", place: "support", received: 0, delivery: 1, token: "k" };
    crate::letter::text(&letter, &scene).0
}

#[test]
fn b4_what_did_not_count_is_not_called_done() {
    let w = World { subjects: vec!["Printer [owner=me]"], ..world() };
    let answer = |text: &str| decided(&w, &anna(&w, "Subject: Re: [#5] Printer [owner=me]", text));
    let nothing = answer("I look.\n");
    for (language, begins) in
        [("en", "Not carried out:"), ("de", "Nicht ausgeführt:"), ("fr", "Non exécuté :"), ("es", "No cumplido:")]
    {
        assert!(title(&nothing, language).contains(begins), "{}", title(&nothing, language));
    }
    assert!(title(&answer("!resolve\n\nDone.\n"), "en").contains("Done:"));
    assert!(title(&answer("!whoami\n"), "en").contains("Done:"), "an answer to a question");
}

/// What staff forward, with a line below it.
fn forward_with(w: &World, verified: &str, last: &str) -> Decision {
    let mut mail = mail("anna@example.org", &format!("{verified}Subject: Fwd: Bill"));
    let original = "---------- Forwarded message ---------\nFrom: Dora <dora@customer.example>\nDate: Fri, 20 Nov 2026 09:12:04 +0100\n\
                    Subject: Bill\nTo: anna@example.org\n\nMy bill is wrong.\n";
    mail.text = mail.text.replace("It burns.\n", &format!("Please look.\n\n{original}\n{last}"));
    decided(w, &mail)
}

#[test]
fn b1_a_command_below_a_forwarded_mail_is_told() {
    let (w, verified) = at_a_border();
    for last in ["!priority=high\n", "Regards\n\n!take\n!priority=high\n"] {
        let d = forward_with(&w, verified, last);
        assert_eq!(d.verdict, Verdict::Created, "{}", d.reason);
        assert!(!d.changes.iter().any(|c| matches!(c, Change::SetPriority { .. } | Change::SetOwner { .. })), "{:?}", d.trail);
        assert!(
            told(&d).last().is_some_and(|why| why.contains("the mail passes another one on")),
            "{:?} {:?}",
            told(&d),
            d.trail
        );
        assert!(title(&d, "en").contains("Not carried out:"), "{}", title(&d, "en"));
        let text = d.changes.iter().find_map(|c| if let Change::Entry { entry, .. } = c { entry.text.clone() } else { None });
        assert!(text.is_some_and(|text| text.contains("My bill is wrong.")), "the text is the ticket's");
    }
    assert!(transcript(&forward_with(&w, verified, "Regards\n")).is_none());
    assert!(transcript(&forward_with(&w, verified, "What a day!\n")).is_none());
}

#[test]
fn b1_a_forwarded_subject_gives_no_commands() {
    let (w, verified) = at_a_border();
    let opened = |subject: &str, more: &str| {
        let d = decided(&w, &mail("anna@example.org", &format!("{verified}{more}Subject: {subject}")));
        assert_eq!(d.verdict, Verdict::Created, "{}", d.reason);
        d
    };
    let acts = |d: &Decision| d.changes.iter().any(|c| matches!(c, Change::SetPriority { .. }));
    assert!(acts(&opened("Bill [priority=high]", "")));
    for subject in [
        "Fwd: Bill [priority=high]",
        "WG: Bill [priority=high]",
        "[list] TR: Bill [priority=high]",
        "Vidarebefordrat: Bill [priority=high]",
        "=?utf-8?q?Fwd:_Bill_[priority=3Dhigh]?=",
    ] {
        let d = opened(subject, "");
        assert!(!acts(&d) && told(&d).len() == 1, "{subject}: {:?}", d.trail);
        assert!(
            d.changes.iter().any(|c| matches!(c, Change::CreateTicket { subject, .. } if subject.contains("[priority=high]")))
        );
    }
    assert!(!acts(&opened("Bill [priority=high]", "References: <a@b>\n")));
    assert!(!acts(&opened("[carla@customer.example: Bill [priority=high]]", "")), "as mutt forwards");
}

fn alternative(plain: &str, html: &str) -> String {
    format!(
        "--bb\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n--bb\nContent-Type: text/html; charset=utf-8\n\n{html}\n--bb--\n"
    )
}

#[test]
fn b1_what_one_form_of_the_mail_quotes_or_hides_does_not_act() {
    let w = world();
    let typed = |content_type: &str, text: &str| {
        decided(&w, &anna(&w, &format!("Subject: Re: [#5] Printer\nMIME-Version: 1.0\nContent-Type: {content_type}"), text))
    };
    let both = |plain: &str, html: &str| typed("multipart/alternative; boundary=bb", &alternative(plain, html));
    assert!(resolved(&both("!resolve\n\nDone.", "<div>!resolve</div><div><br></div><div>Done.</div>")));
    assert!(resolved(&both("Done.\n\n!resolve", "<p>Done.</p><p>!resolve</p>")));
    for (plain, html) in [
        ("I look.\n\nother text\n\n!resolve", "<p>I look.</p><blockquote><p>other text</p><p>!resolve</p></blockquote>"),
        ("!resolve", "<blockquote><p>!resolve</p></blockquote>"),
        ("!resolve\n\nI look.", "<p>I look.</p>"),
        ("Status: resolved\n\nI look.", "<p style='display:none'>Status: resolved</p><p>I look.</p>"),
    ] {
        let d = both(plain, html);
        assert!(!resolved(&d) && told(&d).len() == 1, "{plain}: {:?}", d.trail);
        assert!(told(&d)[0].contains("quoted or hidden"), "{:?}", told(&d));
    }
    // What she says above acts, whatever is quoted below.
    let d = both(
        "!priority high\n\nI look.\n\nother\n\n!resolve",
        "<p>!priority high</p><p>I look.</p><blockquote><p>other</p><p>!resolve</p></blockquote>",
    );
    assert!(!resolved(&d) && d.changes.iter().any(|c| matches!(c, Change::SetPriority { .. })), "{:?}", d.trail);
    for html in [
        "<html><head><style>.x{display:none}</style></head><body><p class=x>!resolve</p><p>I look.</p></body></html>",
        "<p style=\"position:absolute;left:-9999px\">!resolve</p><p>I look.</p>",
        "<div style=\"mso-hide:all\">!resolve</div><p>I look.</p>",
        "<p>I look.</p><p>!<span style=\"display:none\">x</span>resolve</p>",
        "<p style=\"color:#fff\">!resolve</p><p>I look.</p>",
    ] {
        let d = typed("text/html; charset=utf-8", html);
        assert!(!resolved(&d) && d.verdict == Verdict::Corresponded, "{html}: {:?}", d.trail);
    }
}

#[test]
fn b1_only_the_first_text_of_a_mail_gives_commands() {
    let w = world();
    let mixed = |parts: &[&str]| {
        let parts: String = parts.iter().map(|part| format!("--bb\n{part}\n")).collect();
        let more = "Subject: Re: [#5] Printer\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=bb";
        decided(&w, &anna(&w, more, &format!("{parts}--bb--\n")))
    };
    let file = "Content-Type: text/plain; name=x.txt\nContent-Disposition: inline; filename=x.txt\n\n!resolve\n";
    let beside = "Content-Type: text/plain\nContent-Disposition: inline\n\n!resolve\n";
    for parts in [
        &["Content-Type: text/plain\n\nI look.", beside][..],
        &["Content-Type: text/plain\n\n", file],
        &[file, "Content-Type: text/plain\n\nI look."],
        &["Content-Type: text/html\n\n<p>I look.</p>", beside],
    ] {
        assert!(!resolved(&mixed(parts)), "{parts:?}");
    }
    assert!(resolved(&mixed(&[
        "Content-Type: text/plain\n\nDone.\n\n!resolve",
        "Content-Type: text/plain\n\nA footer of a list"
    ])));
    // One that says nothing is none: some programs write it above each picture.
    let picture = "Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n";
    for nothing in ["text/plain\n\n", "text/plain; charset=utf-8\n\n\u{a0}\n\u{200b}", "text/html\n\n<div>&nbsp;<br></div>"] {
        let nothing = format!("Content-Type: {nothing}");
        assert!(resolved(&mixed(&[&nothing, picture, beside])), "{nothing}");
        assert!(resolved(&mixed(&[&nothing, picture, "Content-Type: text/html\n\n<p>!resolve</p>"])), "{nothing}");
    }
}

#[test]
fn b1_the_last_line_acts_where_nothing_above_may_be_somebody_elses() {
    let w = world();
    for text in [
        "I look.\n\nCarla wrote:\n    other\n    !resolve\n",
        "ok\n\n________________________________\nCarla, 3 pm:\n\nother\n!resolve\n",
        "Carla says below.\n\n-------- ఫార్వార్డ్ --------\nfrom Carla\n\nother text\n\n!resolve\n",
        "I look.\n\nFeladó: Carla <carla@customer.example>\nKüldve: hétfő\n\nother\n\n!resolve\n",
    ] {
        let d = decided(&w, &anna(&w, "Subject: Re: [#5] Printer", text));
        assert!(!resolved(&d) && transcript(&d).is_some(), "{text}: {:?}", d.trail);
        assert!(!d.notices.iter().any(|n| n.to.address == CARLA && n.text.contains("!resolve")), "{text}");
    }
    for text in [
        "Done.\n\nNote: it was the toner.\n\n!resolve\n",
        "Priority: high\nTime: 20\n\nDear Carla, done.\n\n!resolve\n\n-- \nAnna\n",
    ] {
        assert!(resolved(&decided(&w, &anna(&w, "Subject: Re: [#5] Printer", text))), "{text}");
    }
}

#[test]
fn b4_an_address_that_only_a_header_names_asks_for_nothing() {
    let mut w = world();
    w.site.delimiter = Some('+');
    let plain = anna(&w, "Subject: Re: [#5] Printer\nCc: support+6-done@example.org, support+5-done@example.org", "I look.\n");
    let d = decided(&w, &plain);
    assert_eq!((d.ticket, d.verdict, resolved(&d)), (Some(5), Verdict::Corresponded, false), "{:?}", d.trail);
    // Where the envelope is not known, the only address of ours in To counts, and no other.
    let unknown = |more: &str| {
        let mut mail = anna(&w, more, "Done.\n");
        mail.route.recipient = None;
        mail.route.queue = Some("support".into());
        decided(&w, &mail)
    };
    assert!(resolved(&unknown("To: support+5-done@example.org")));
    assert!(!resolved(&unknown("To: support@example.org\nCc: support+5-done@example.org")));
    assert!(!resolved(&unknown("To: carla@customer.example\nCc: support+5-done@example.org")));
    // One that names another ticket than the mail does asks for nothing, and that is told.
    let mut other = w.tickets[0].clone();
    other.number = 6;
    w.tickets.push(other);
    let d = decided(&w, &anna(&w, "Subject: Re: [#5] Printer", "Done.\n").at("support+6-done@example.org").released());
    assert!(
        !d.changes.iter().any(|c| matches!(c, Change::SetStatus { .. })) && told(&d)[0].contains("the address names #6"),
        "{:?}",
        d.trail
    );
    assert!(resolved(&decided(&w, &anna(&w, "Subject: Re: [#5] Printer", "Done.\n").at("support+5-done@example.org"))));
}

#[test]
fn b4_words_about_a_script_are_for_those_who_work_here() {
    let mut w = world();
    w.mailed.push(CARLA);
    let id = w.id(5, Audience::Customers);
    let carla = |text: &str| {
        let mut mail = mail(CARLA, &format!("In-Reply-To: <{id}>\nSubject: Re: [#5] Printer"));
        mail.text = mail.text.replace("It burns.\n", text);
        decided(&w, &mail)
    };
    for word in ["!quiet", "!noauto", "!partial", "!comment", "!from victim@v.example"] {
        let d = carla(&format!("{word}\n\nIt burns again.\n"));
        assert_eq!(d.verdict, Verdict::Corresponded, "{word}");
        assert!(d.notices.iter().any(|n| n.text.contains("It burns again.")), "{word}: {:?}", d.trail);
        assert!(told(&d)[0].contains("for those who work here"), "{word}");
    }
    let d = carla("!check\n!mute\n\nIt burns again.\n");
    assert_eq!(d.verdict, Verdict::Corresponded, "{}", d.reason);
    assert!(d.notices.iter().any(|n| n.text.contains("It burns again.")) && transcript(&d).is_some_and(|t| t.check));
    assert_eq!(carla("!check\n").verdict, Verdict::Recorded);
}

#[test]
fn e6_what_a_question_cannot_show_nobody_confirms_by_mail() {
    let w = world();
    let asked = |text: &str| {
        let mut mail = mail("anna@example.org", "Subject: Re: [#5] Printer");
        mail.text = mail.text.replace("It burns.\n", text);
        decided(&w, &mail)
    };
    let block: String = (0..90).map(|n| format!("!tags +t{n}\n")).collect();
    let d = asked(&format!("{block}!owner ben\n\nDone.\n"));
    let LetterKind::Confirmation { commands, .. } = &d.letters[0].kind else { panic!("{:?}", d.letters) };
    assert_eq!((commands.len(), commands.last().map(String::as_str)), (91, Some("!owner ben")));
    let d = asked(&format!("!subject {}\n\nDone.\n", "x ".repeat(300)));
    assert_eq!(d.verdict, Verdict::Quarantined);
    assert!(d.reason.contains("more than a question can show"), "{}", d.reason);
    assert!(!d.letters.iter().any(|l| matches!(l.kind, LetterKind::Confirmation { .. })), "{:?}", d.letters);
}

#[test]
fn b4_what_is_redirected_or_old_does_nothing_at_the_control_address() {
    let (mut w, verified) = at_a_border();
    w.site.commands.control_address = Some("control@example.org".into());
    w.site.own.push(crate::facts::OwnAddress {
        address: "control@example.org".into(),
        queue: None,
        purpose: crate::facts::Purpose::Control,
    });
    let control = |more: &str| {
        let mut mail = mail("anna@example.org", &format!("{verified}Subject: x{more}")).at("control@example.org");
        mail.text = mail.text.replace("It burns.", "5 status=resolved");
        decided(&w, &mail)
    };
    assert!(resolved(&control("")), "{:?}", control("").trail);
    let d = control("\nResent-From: carla@customer.example");
    assert_eq!((d.verdict, resolved(&d), d.letters.len()), (Verdict::Recorded, false, 0), "{}", d.reason);
    let d = control("\nDate: Thu, 01 Jan 1970 00:00:00 +0000");
    assert_eq!((d.verdict, resolved(&d)), (Verdict::Quarantined, false), "{}", d.reason);
    assert!(d.letters.iter().any(|l| matches!(l.kind, LetterKind::Confirmation { .. })), "{:?}", d.trail);
}

#[test]
fn b1_the_control_address_sees_what_readers_see() {
    let (mut w, verified) = at_a_border();
    w.site.commands.control_address = Some("control@example.org".into());
    let own =
        crate::facts::OwnAddress { address: "control@example.org".into(), queue: None, purpose: crate::facts::Purpose::Control };
    w.site.own.push(own);
    let html = |body: &str| {
        let more = format!("{verified}Subject: x\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8");
        let mut mail = mail("anna@example.org", &more).at("control@example.org");
        mail.text = mail.text.replace("It burns.", body);
        decided(&w, &mail)
    };
    assert!(resolved(&html("<p>5 status=resolved</p>")));
    for hidden in
        ["<style>.x{display:none}</style><p class=x>5 status=resolved</p>", "<p style=\"mso-hide:all\">5 status=resolved</p>"]
    {
        let d = html(&format!("<p>5 priority=high</p>{hidden}"));
        assert!(!resolved(&d) && d.changes.iter().any(|c| matches!(c, Change::SetPriority { .. })), "{hidden}: {:?}", d.trail);
        assert_eq!(told(&d).len(), 1, "{:?}", d.letters);
    }
}

#[test]
fn b1_styles_that_are_not_known_to_be_plain_give_no_commands() {
    let w = world();
    let typed = |html: &str| {
        decided(&w, &anna(&w, "Subject: Re: [#5] Printer\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8", html))
    };
    for style in [
        "color:hsl(0,0%,100%)",
        "color:color-mix(in srgb,white,white)",
        "font-size:2%",
        "scale:0",
        "zoom:.01",
        "letter-spacing:-1em",
        "border-left:1px solid #ccc;padding-left:1ex",
        "border-left:solid blue 1.5pt",
        "margin-left:40px",
        "text-decoration:line-through",
    ] {
        let d = typed(&format!("<p>Hello Carla, ok.</p><p style=\"{style}\">!resolve</p>"));
        assert!(!resolved(&d) && transcript(&d).is_some(), "{style}: {:?}", d.trail);
    }
    for (name, html) in [
        ("struck out", "<p>Hello Carla, ok.</p><p><del>!resolve</del></p>"),
        ("class", "<p>Hello Carla, ok.</p><div class=cite>!resolve</div>"),
    ] {
        assert!(!resolved(&typed(html)), "{name}");
    }
    for html in [
        "<p>Hello Carla, ok.</p><p style=\"font-size:11.0pt;color:#1F497D;background:white\">!resolve</p>",
        "<body bgcolor=black text=white><p>Hello Carla, ok.</p><p>!resolve</p>",
    ] {
        assert!(resolved(&typed(html)), "{html}");
    }
}

#[test]
fn b4_a_comment_that_is_not_looked_at_keeps_the_text_among_staff() {
    let w = world();
    let typed = |html: &str| {
        decided(&w, &anna(&w, "Subject: Re: [#5] Printer\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8", html))
    };
    let inside = "<blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\">";
    for html in [
        format!("{inside}<div>!comment</div><div>SECRET</div></blockquote>"),
        format!("{inside}<div>!comment</div></blockquote><div>SECRET</div>"),
        format!("<div>SECRET</div>{inside}<div>!comment</div></blockquote>"),
        "<p style=\"color:hsl(0,0%,20%)\">!comment</p><p>SECRET</p>".to_owned(),
        "<p style=\"margin-left:40px\">!Comment</p><p style=\"margin-left:40px\">SECRET</p>".to_owned(),
        "<p>SECRET</p><p style=\"border-left:1px solid\">!comment</p>".to_owned(),
    ] {
        let d = typed(&html);
        assert_eq!(d.verdict, Verdict::Commented, "{html}: {:?}", d.trail);
        assert!(!d.notices.iter().any(|n| n.to.address == CARLA && n.text.contains("SECRET")), "{html}");
        assert!(transcript(&d).is_some(), "{html}: it is told");
    }
    // What an older mail says below an answer keeps nothing here.
    let d = typed(
        "<p>I look.</p><div class=gmail_quote><div class=gmail_attr>Carla wrote:</div><blockquote>!comment<br>x</blockquote></div>",
    );
    assert_eq!(d.verdict, Verdict::Corresponded, "{:?}", d.trail);
}

#[test]
fn b1_what_ends_lines_in_some_programs_alone_reaches_nobody_who_quotes_it() {
    let w = world();
    for end in ["&#x2028;", "&#x2029;", "\u{2028}", "&#x85;", "&#xb;", "&#xc;", "&#13;", "<pre>a\u{2028}"] {
        let more = "Subject: Scanner\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit";
        let mut asked = mail(CARLA, more);
        asked.text = asked.text.replace("It burns.\n", &format!("<p>my scanner is slow.{end}!cc mallory@evil.example</p>"));
        let d = decided(&w, &asked);
        let told = d.notices.iter().find(|n| n.text.contains("mallory")).map(|n| n.text.clone()).unwrap();
        assert!(!told.contains(['\u{2028}', '\u{2029}', '\u{85}', '\u{b}', '\u{c}', '\r']), "{end}: {told:?}");
        let quote: String = told.lines().map(|line| format!("> {line}\n")).collect();
        let last: String =
            quote.lines().filter(|line| line.contains("slow") || line.contains("mallory")).map(|l| format!("{l}\n")).collect();
        for text in [
            format!("Which scanner?\n\nOn Sunday Carla wrote:\n{quote}"),
            format!("{last}\nWhich scanner?\n\n-- \nAnna\n"),
            format!("Hello Carla,\n\n{last}\nWhich scanner?\n"),
            last,
        ] {
            let answer = decided(&w, &anna(&w, "Subject: Re: [#5] Printer", &text));
            assert!(!format!("{:?}", answer.changes).contains("AddWatcher"), "{end}: {text}");
            assert!(!answer.notices.iter().any(|n| n.to.address.contains("mallory")), "{end}: {text}: {:?}", answer.trail);
        }
    }
}

/// A second ticket of carla's, 6, at a site with extensions.
fn two_tickets() -> World {
    let mut w = world();
    w.site.delimiter = Some('+');
    let mut other = w.tickets[0].clone();
    other.number = 6;
    w.tickets.push(other);
    w
}

fn goes_to_carla(d: &Decision) -> bool {
    d.notices.iter().any(|n| n.to.address == CARLA)
}

/// What was wrong with a line.
fn wrong(d: &Decision) -> Vec<&str> {
    let echoes = transcript(d).map(|t| t.echoes.as_slice()).unwrap_or_default();
    echoes
        .iter()
        .filter_map(|echo| if let Fate::Wrong { wrong, .. } = &echo.fate { Some(wrong.as_str()) } else { None })
        .collect()
}

#[test]
fn b4_an_address_with_a_verb_and_no_number_keeps_the_text_among_staff() {
    let w = two_tickets();
    let answer = |address: &str, text: &str| {
        decided(&w, &anna(&w, &format!("Subject: Re: [#5] Printer\nTo: {address}"), text).at(address))
    };
    // A comment is one, as at the comment address; nothing is wrong.
    let d = answer("support+comment@example.org", "The boss must not know.\n");
    assert_eq!(
        (d.verdict, d.ticket, goes_to_carla(&d), wrong(&d)),
        (Verdict::Commented, Some(5), false, vec![]),
        "{:?}",
        d.trail
    );
    // Another word, or nearly one, is told, and nothing else is done.
    for word in ["internal", "Coment", "take", "done", "comment-5"] {
        let d = answer(&format!("support+{word}@example.org"), "!resolve\n\nThe boss must not know.\n");
        assert_eq!((d.verdict, d.ticket, goes_to_carla(&d), resolved(&d)), (Verdict::Commented, Some(5), false, false), "{word}");
        assert!(
            wrong(&d)[0].contains("names no ticket") && wrong(&d)[0].contains("stays among staff"),
            "{word}: {:?}",
            d.letters
        );
    }
    // Behind a number too, where it is more than one word.
    let address = "support+5-comment-take@example.org";
    let d = answer(address, "The boss must not know.\n");
    assert_eq!((d.verdict, d.ticket, goes_to_carla(&d)), (Verdict::Commented, Some(5), false), "{:?}", d.trail);
    assert!(wrong(&d)[0].contains("words that are no command"), "{:?}", d.letters);
    let d = decided(&w, &mail("anna@example.org", &format!("Subject: x\nTo: {address}")).at(address).released());
    assert_eq!((d.verdict, d.ticket), (Verdict::Commented, Some(5)), "{:?}", d.trail);
    // Also where only the header has it: what a customer sees cannot be taken back.
    let headers = "Subject: Re: [#5] Printer\nTo: carla@customer.example\nCc: support+internal@example.org";
    let d = decided(&w, &anna(&w, headers, "Secret.\n"));
    assert_eq!((d.verdict, goes_to_carla(&d)), (Verdict::Commented, false), "{:?}", d.trail);
    // A new ticket begins so.
    for (word, told) in [("comment", 0), ("coment", 1)] {
        let address = format!("support+{word}@example.org");
        let d = decided(&w, &mail("anna@example.org", &format!("Subject: x\nTo: {address}")).at(&address).released());
        let internal = d.changes.iter().any(|c| matches!(c, Change::Entry { entry, .. } if entry.internal));
        assert_eq!((d.verdict, internal, wrong(&d).len()), (Verdict::Created, true, told), "{word}: {:?}", d.trail);
    }
    // Other words are the site's own, and customers write what they like.
    assert!(goes_to_carla(&answer("support+printer@example.org", "Seen.\n")));
    let d = decided(&w, &mail(CARLA, "Subject: Re: [#5] Printer").at("support+internal@example.org"));
    assert_eq!((d.verdict, transcript(&d)), (Verdict::Corresponded, None), "{:?}", d.trail);
    let d = decided(&world(), &anna(&world(), "Subject: Re: [#5] Printer", "Seen.\n").at("support+internal@example.org"));
    assert_eq!(d.verdict, Verdict::Corresponded, "a site that says nothing of extensions reads none");
}

#[test]
fn b4_addresses_of_two_tickets_do_nothing_and_it_is_told() {
    let w = two_tickets();
    let copy = |to: &str, at: &str| {
        let more = format!("Subject: x\nTo: {to}");
        decided(&w, &mail("anna@example.org", &more).at(at).released())
    };
    // Whichever copy comes first.
    let to = "support+5@example.org, support+6-done@example.org";
    let d = copy(to, "support+6-done@example.org");
    assert_eq!((d.ticket, resolved(&d)), (Some(6), false), "{:?}", d.trail);
    assert!(told(&d)[0].contains("the address names #6"), "{:?}", told(&d));
    let d = copy(to, "support+5@example.org");
    assert_eq!((d.ticket, resolved(&d)), (Some(5), false), "{:?}", d.trail);
    assert_eq!(told(&d), ["not done: the mail names other tickets, too"]);
    // Both verbs are told.
    let d = copy("support+5-done@example.org, support+6-take@example.org", "support+5-done@example.org");
    assert!(!resolved(&d) && told(&d).len() == 2, "{:?}", told(&d));
    let said: Vec<&str> = transcript(&d).unwrap().echoes.iter().map(|echo| echo.said.as_str()).collect();
    assert!(said.contains(&"take on #6 (by the address)"), "{said:?}");
    // Cc counts too; the plain address names no ticket.
    assert!(!resolved(&copy("support+5-done@example.org\nCc: support+6@example.org", "support+5-done@example.org")));
    assert!(resolved(&copy("support+5-done@example.org, support@example.org", "support+5-done@example.org")));
    // A copy that came without the verb says that it was not done.
    let d = copy("support@example.org, support+6-done@example.org", "support@example.org");
    assert!(!resolved(&d), "{:?}", d.trail);
    assert_eq!(told(&d), ["not done: the mail came by another address of ours, too"]);
}
