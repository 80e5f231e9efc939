//! What somebody who works here meant for the program, and what did not count where it stands: customers never see it.

use super::world::*;
use super::*;
use crate::decision::LetterKind;
use crate::letter::Transcript;

/// From anna, who answers a mail that went to her as staff.
fn anna(w: &World, text: &str) -> Mail {
    let mut mail = mail("anna@example.org", &format!("Subject: Re: [#5] Printer\nIn-Reply-To: <{}>", w.id(5, Audience::Staff)));
    mail.text = mail.text.replace("It burns.\n", text);
    mail
}

/// The same with a body of another form.
fn form(w: &World, kind: &str, body: &str) -> Mail {
    let mut mail = anna(w, body);
    mail.text = mail.text.replace("Message-ID", &format!("MIME-Version: 1.0\nContent-Type: {kind}\nMessage-ID"));
    mail
}

fn transcript(d: &Decision) -> Option<&Transcript> {
    d.letters
        .iter()
        .find_map(|letter| if let LetterKind::Transcript(transcript) = &letter.kind { Some(transcript) } else { None })
}

fn to_carla(d: &Decision) -> Option<&str> {
    d.notices.iter().find(|n| n.to.address == CARLA).map(|n| n.text.as_str())
}

fn is_comment(d: &Decision) -> bool {
    let own = d
        .changes
        .iter()
        .find_map(|c| if let Change::Entry { entry, .. } = c { Some(entry).filter(|e| e.of_event) } else { None });
    d.verdict == Verdict::Commented && own.is_some_and(|entry| entry.internal)
}

const HTML: &str = "text/html; charset=utf-8";

/// Texts, in each of the forms in which mail programs write them.
fn forms(w: &World, text: &str) -> Vec<Mail> {
    let paragraphs: String = text.lines().filter(|line| !line.is_empty()).map(|line| format!("<p>{line}</p>")).collect();
    let lines: String = text
        .lines()
        .map(|line| if line.is_empty() { "<div><br></div>".to_owned() } else { format!("<div>{line}</div>") })
        .collect();
    let apart: String = text.lines().filter(|line| !line.is_empty()).map(|line| format!("{line}\n\n")).collect();
    let both = |plain: &str, html: &str| {
        format!(
            "--b\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n--b\nContent-Type: text/html; charset=utf-8\n\n<html><body>{html}</body></html>\n--b--\n"
        )
    };
    vec![
        anna(w, text),
        anna(w, &apart),
        form(w, HTML, &format!("<html><body>{paragraphs}</body></html>\n")),
        form(w, HTML, &format!("<html><body>{lines}</body></html>\n")),
        form(w, "multipart/alternative; boundary=b", &both(text, &lines)),
        form(w, "multipart/alternative; boundary=b", &both(&apart, &paragraphs)),
    ]
}

#[test]
fn b4_commands_in_paragraphs_of_their_own_are_commands_in_every_form() {
    let w = world();
    for mail in forms(&w, "!stall\n!priority high\n\nHello Carla, it comes tomorrow.\n") {
        let d = decided(&w, &mail);
        assert_eq!((d.verdict, status_after(&d)), (Verdict::Corresponded, Some(Status::STALLED)), "{}", mail.text);
        assert!(d.changes.iter().any(|c| matches!(c, Change::SetPriority { priority: 80, .. })), "{}", mail.text);
        assert_eq!(
            to_carla(&d).map(|text| (text.contains("tomorrow"), text.contains('!'))),
            Some((true, false)),
            "{}",
            mail.text
        );
    }
    for mail in forms(&w, "!stall\n!comment\n\nInternal: she is rude.\n") {
        let d = decided(&w, &mail);
        assert_eq!((is_comment(&d), to_carla(&d), status_after(&d)), (true, None, Some(Status::STALLED)), "{}", mail.text);
    }
    for mail in forms(&w, "Hello Carla, it is done.\n\n!time 10\n!resolve\n\nAnna Larsen\nExample Ltd\n") {
        let d = decided(&w, &mail);
        assert_eq!(
            (d.verdict, status_after(&d), transcript(&d)),
            (Verdict::Corresponded, Some(Status::RESOLVED), None),
            "{}",
            mail.text
        );
        assert!(d.changes.iter().any(|c| matches!(c, Change::SetTimeWorked { minutes: 10, .. })), "{}", mail.text);
        assert!(
            d.notices.iter().all(|notice| !notice.text.contains("!resolve") && !notice.text.contains("!time")),
            "{}",
            mail.text
        );
    }
}

#[test]
fn b4_a_line_that_does_not_count_keeps_the_text_among_staff_and_is_told() {
    let w = world();
    for (text, line) in [
        ("Hi Carla\n\n!comment\n\nShe is a pain, as ever.\n", "!comment"),
        ("Hi Carla\n\n!kommentar\n\nShe is a pain, as ever.\n", "!kommentar"),
        ("!commentaire\n\nShe is a pain, as ever.\n", "!commentaire"),
        ("Hi Carla,\n\nit is done.\n\n!resolve\n\nPlease tell me whether it works for you, too.\n", "!resolve"),
        ("Hi Carla,\n\n!time 10\n!resolv\n", "!time 10"),
        ("!important note on her\n\nShe never pays.\n", "!important note on her"),
        ("AddCc: foo@customer.example\nTimeWorked: 5\nCF.{Room}: 3\nStatus: open\nTxnCF.{x}: 2\n\nText\n", "TxnCF.{x}: 2"),
    ] {
        for mail in forms(&w, text).into_iter().take(if line.starts_with('!') { 6 } else { 1 }) {
            let d = decided(&w, &mail);
            assert_eq!((is_comment(&d), to_carla(&d), status_after(&d)), (true, None, None), "{}", mail.text);
            let told = transcript(&d).unwrap_or_else(|| panic!("{}", mail.text));
            assert_eq!(
                (told.echoes[0].said.as_str(), told.errors, told.kept, told.done),
                (line, 1, true, false),
                "{}",
                mail.text
            );
        }
    }
    let scene = crate::letter::Scene { site: "example.org", place: "support", received: NOW, delivery: 7, token: "" };
    for (language, words) in [
        ("en", "nobody but staff gets it"),
        ("de", "als interner Kommentar"),
        ("fr", "commentaire interne"),
        ("es", "comentario interno"),
    ] {
        let mut w = world();
        w.people[0].language = Some(language.to_owned());
        let d = decided(&w, &anna(&w, "Hi\n\n!comment\n\nShe is a pain.\n"));
        let (_, text) = crate::letter::text(&d.letters[0], &scene);
        assert!(text.replace('\n', " ").contains(words), "{text}");
    }
}

/// Parts of a mail, one below the other.
fn parts(w: &World, kind: &str, parts: &[&str]) -> Mail {
    let parts: String = parts.iter().map(|part| format!("--b\nContent-Type: {part}\n")).collect();
    form(w, &format!("multipart/{kind}; boundary=b"), &format!("{parts}--b--\n"))
}

#[test]
fn b4_a_comment_that_does_not_count_keeps_the_text_among_staff_and_is_told() {
    let w = world();
    let plain = "text/plain; charset=utf-8\n\n!comment\n\nShe never pays.\n";
    let picture = "image/png; name=a.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n";
    let html = |body: &str| form(&w, HTML, &format!("<html><body>{body}<p>She never pays.</p></body></html>\n"));
    for mail in [
        // In another text of the mail than its own.
        parts(&w, "mixed", &["text/plain\n\nHello Carla\n", picture, plain]),
        parts(&w, "mixed", &["text/plain\n\nCAUTION: this mail is from outside.\n", plain]),
        parts(&w, "mixed", &["text/plain\n\nHello Carla\n", &plain.replace("!comment", "!kommentar")]),
        parts(&w, "mixed", &["text/plain\n\nHello Carla\n", &plain.replace("!comment", "So.\n\n!resolve\n")]),
        parts(&w, "mixed", &["text/html\n\n<p>Hello Carla</p>", "text/html\n\n<p>!comment</p><p>She never pays.</p>"]),
        // In one form of two.
        parts(&w, "alternative", &[plain, "text/html\n\n<p>She never pays.</p>"]),
        parts(
            &w,
            "alternative",
            &[
                "text/plain\n\nWhat a comment. She never pays.\n",
                "text/html\n\n<p>!comment</p><p>What a comment. She never pays.</p>",
            ],
        ),
        // In a list, a table, a quote; white on white.
        html("<ul><li>!comment</li></ul>"),
        html("<ol><li>!comment</li></ol>"),
        html("<table><tr><td>x</td><td>!comment</td></tr></table>"),
        html("<p>Hello</p><ul><li>one</li><li>!comment</li></ul>"),
        html("<blockquote>!comment</blockquote>"),
        html("<p style=\"color:white\">!comment</p>"),
        anna(&w, "> !comment\n\nShe never pays.\n"),
        anna(&w, "```\n!comment\n```\n\nShe never pays.\n"),
        anna(&w, "On Sun Carla wrote:\n\n!comment\n\nShe never pays.\n"),
        anna(&w, "-- \n!comment\n\nShe never pays.\n"),
        // Beside something else.
        anna(&w, "!reply comment\n\nShe never pays.\n"),
        anna(&w, "!take !comment\n\nShe never pays.\n"),
        anna(&w, "!status=stalled comment\n\nShe never pays.\n"),
        anna(&w, "!time 10 comment\n\nShe never pays.\n"),
    ] {
        let d = decided(&w, &mail);
        assert_eq!((is_comment(&d), to_carla(&d), status_after(&d)), (true, None, None), "{}\n{:?}", mail.text, d.trail);
        assert!(transcript(&d).is_some_and(|told| told.kept && told.errors > 0 && !told.done), "{}", mail.text);
    }
    // Where the first part says nothing, the next one is the mail's text.
    for nothing in ["text/plain\n\n\n", "text/plain; charset=utf-8\n\n\u{a0}\n", "text/html\n\n<div>&nbsp;</div>\n"] {
        for rest in [&[picture, plain][..], &[plain], &[picture, "text/html\n\n<p>!comment</p><p>She never pays.</p>"]] {
            let mail = parts(&w, "mixed", &[&[nothing], rest].concat());
            let d = decided(&w, &mail);
            assert_eq!((is_comment(&d), to_carla(&d), transcript(&d)), (true, None, None), "{}", mail.text);
        }
    }
    // Behind stop, and in prose, it is text.
    let stop = parts(&w, "mixed", &["text/plain\n\n!stop\n\nWrite so:\n", plain]);
    assert!(to_carla(&decided(&w, &stop)).is_some());
    let footer = parts(&w, "mixed", &["text/plain\n\nHello Carla\n", "text/plain\n\nThe list: write !help or leave\n"]);
    assert!(to_carla(&decided(&w, &footer)).is_some());
}

#[test]
fn b4_what_only_looks_like_a_command_reaches_the_customer() {
    let w = world();
    for text in [
        "Hello,\n\nWow!important\n\nBye.\n",
        "Write\n\n!= is not equal\n\nBye.\n",
        "In the shell, write\n\n!!\n!ls -l\n!42\n\nand it comes again.\n",
        "It says\n\n!important\n\nin the style, which is right.\n",
        "As in\n\n```\n!resolve\n```\n\nwhich you need not.\n",
        "!stop\n\nWe write\n\n!resolve\n\nat the top.\n",
        "From: Dora <dora@customer.example>\nSent: Monday, 23 November 2026 10:00\nTo: support@example.org\nSubject: Toner\nCc: x@y.example\n\nShe wrote so.\n",
        "Status: open\nis what the printer shows.\n",
        "!! Note: it is off on Monday.\n",
        "Hello! Comments are welcome.\n\n- !important: read this\n",
    ] {
        let d = decided(&w, &anna(&w, text));
        assert_eq!((d.verdict, transcript(&d)), (Verdict::Corresponded, None), "{text}: {:?}", d.trail);
        assert!(to_carla(&d).is_some(), "{text}");
    }
    // What a customer writes is theirs, wherever it stands.
    for text in ["Hello,\n\n!resolve\n\nit said.\n", "Hello,\n\n!comment\n\nit said.\n", "TimeWorked: 5\nHello\n"] {
        let mut mail = mail(CARLA, &format!("In-Reply-To: <{}>", w.id(5, Audience::Customers)));
        mail.text = mail.text.replace("It burns.\n", text);
        let d = decided(&w, &mail);
        assert_eq!((d.verdict, transcript(&d)), (Verdict::Corresponded, None), "{text}");
        assert!(d.notices.iter().any(|n| n.text.contains("Hello") || n.text.contains("it said")), "{text}");
    }
}

#[test]
fn b4_a_ticket_that_opens_with_such_a_line_is_for_staff_alone() {
    let mut w = world();
    w.site.trust.staff = Some(Trust::Authenticated);
    let mut new = mail("anna@example.org", "Subject: Toner\nCc: dora@customer.example").released();
    new.text = new.text.replace("It burns.", "She called.\n\n!comment\n\nShe never pays.");
    let d = decided(&w, &new);
    assert_eq!(d.verdict, Verdict::Created);
    assert!(d.notices.iter().all(|n| n.to.address.ends_with("@example.org")), "{:?}", d.notices);
    assert!(transcript(&d).is_some_and(|told| told.kept));
    // Nobody shows that she wrote it: she is asked before anything leaves.
    new.released = false;
    assert_eq!(decided(&w, &new).verdict, Verdict::Quarantined);
}

#[test]
fn a155_minutes_of_somebody_else_are_noted_by_mail_as_on_the_command_line() {
    let w = world();
    let d = decided(&w, &anna(&w, "Time: 15 otto\n"));
    assert!(d.changes.iter().any(|c| matches!(c, Change::SetTimeWorked { minutes: 15, .. })), "{:?}", d.changes);
    let entry = d.changes.iter().find_map(|c| if let Change::Entry { entry, .. } = c { Some(entry) } else { None }).unwrap();
    let changed: Vec<(&str, Option<&str>)> = entry.changes.iter().map(|c| (c.field.as_ref(), c.to.as_deref())).collect();
    assert_eq!(changed, [("time_worked", Some("15")), ("time_for", Some("15 otto"))]);
    for (text, expected) in
        [("20 min", 20), ("1 h", 60), ("90 minutes", 90), ("1:30", 90), ("0.5h", 30), ("1,5h", 90), ("1 h 5 min", 65)]
    {
        for line in [format!("Time: {text}\n"), format!("!time {text}\n"), format!("TimeWorked: {text}\n")] {
            let d = decided(&w, &anna(&w, &line));
            assert!(
                d.changes.iter().any(|c| matches!(c, Change::SetTimeWorked { minutes, .. } if *minutes == expected)),
                "{line}"
            );
        }
    }
}

#[test]
fn b4_minus_one_is_the_clone_above_it_and_else_takes_out() {
    let w = || {
        let mut w = world();
        w.tickets.push(Ticket { number: 1, subject: "Toner".into(), ..w.tickets[0].clone() });
        w.links = vec![(5, crate::link::LinkKind::DependsOn, crate::link::LinkTarget::Ticket(1))];
        w
    };
    let links = |d: &Decision| -> Vec<(u64, String, bool)> {
        let link = |c: &Change| match c {
            Change::Link { ticket, kind: crate::link::LinkKind::DependsOn, target, on } => {
                Some((*ticket, format!("{target:?}"), *on))
            }
            _ => None,
        };
        d.changes.iter().filter_map(link).collect()
    };
    for (text, expected) in [
        ("!clone -1\n!depends -1\n", vec![(5, "Ticket(6)".to_owned(), true)]),
        ("!clone -1\nDepends: -1\n", vec![(5, "Ticket(6)".to_owned(), true)]),
        ("!clone -1\n!depends -#1\n", vec![(5, "Ticket(1)".to_owned(), false)]),
        ("!clone -2\n!depends -1\n", vec![(5, "Ticket(1)".to_owned(), false)]),
        ("!depends -1\n", vec![(5, "Ticket(1)".to_owned(), false)]),
        ("Depends: -#1\n", vec![(5, "Ticket(1)".to_owned(), false)]),
    ] {
        let w = w();
        let d = decided(&w, &anna(&w, text));
        assert_eq!(links(&d), expected, "{text}: {:?}", transcript(&d));
    }
}
