//! Files and forms of the text where the corpus cannot say it: marks, contents, and what must be nothing at all.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::disallowed_methods)] // The corpus is read from disk.

use postern_mail::parse::{attachment_bytes, html_document};
use postern_mail::{Content, Message, parse};

const HEAD: &str =
    "From: anna@example.net\nTo: support@example.org\nSubject: x\nMessage-ID: <m@x>\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n";

fn read(fields: &str, body: &str) -> Message {
    parse(format!("{HEAD}{fields}\n{body}").as_bytes())
}

/// Names of files, with a star behind those that belong to the text.
fn files(message: &Message) -> Vec<String> {
    message.attachments.iter().map(|a| format!("{}{}", a.name, if a.inline { "*" } else { "" })).collect()
}

const PICTURE: &str = "Content-Type: image/png; name=a.png\nContent-ID: <a@x>\nContent-Disposition: inline\n\nx\n";

#[test]
fn a139_a_picture_is_inline_where_the_html_shows_it() {
    let html = |source: &str| format!("--b\nContent-Type: text/html\n\n<p>x</p><img src=\"{source}\">\n--b\n{PICTURE}--b--\n");
    for (kind, source, expected) in [
        ("related", "cid:a@x", "a.png*"),
        ("related", "cid:a%40x", "a.png*"),
        ("related", "cid:other", "a.png*"),
        ("mixed", "cid:a@x", "a.png*"),
        ("mixed", "cid:other", "a.png"),
    ] {
        let message = read(&format!("Content-Type: multipart/{kind}; boundary=b\n"), &html(source));
        assert_eq!(files(&message), [expected], "{kind} {source}");
    }
    // Some programs call a picture an attachment that stands in the text.
    let attached = html("cid:a@x").replace("Disposition: inline", "Disposition: attachment");
    assert_eq!(files(&read("Content-Type: multipart/related; boundary=b\n", &attached)), ["a.png*"]);
    let placed = html("https://example.org/a.png").replace("Content-ID: <a@x>", "Content-Location: https://example.org/a.png");
    assert_eq!(files(&read("Content-Type: multipart/mixed; boundary=b\n", &placed)), ["a.png*"]);
}

/// An answer with a picture in its HTML: whether it is folded with the rest.
#[track_caller]
fn is_folded(html: &str, size: usize) -> bool {
    let page =
        format!("--b\nContent-Type: text/html; charset=utf-8\n\n{}\n", html.replace("PIC", "<img src=\"cid:a@x\" alt=\"a\">"));
    let body = format!("{page}--b\n{}--b--\n", PICTURE.replace("\nx\n", &format!("\n{}\n", "x".repeat(size))));
    let message = read("In-Reply-To: <q@example.org>\nContent-Type: multipart/related; boundary=b\n", &body);
    assert_eq!(files(&message), ["a.png*"]);
    message.is_folded_picture(0, &message.folds)
}

#[test]
fn a139_pictures_in_quotes_and_signatures_are_told_from_screenshots() {
    let quote = |inside: &str| {
        format!(
            "<div class=\"gmail_quote\"><div class=\"gmail_attr\">On Fri, 20 Nov 2026 at 09:12, Carla &lt;carla@example.net&gt; wrote:<br></div>\
             <blockquote class=\"gmail_quote\" style=\"margin:0 0 0 .8ex\">{inside}</blockquote></div>"
        )
    };
    let old = quote("<div>It looks like this:</div>PIC<div>Carla</div>");
    let plain = quote("<div>It looks like this.</div>");
    let signature = "<div>-- <br>Anna Larsen<br>PIC<br>Help Desk</div>";
    assert!(is_folded(&format!("<div>Press the green button.</div>{old}"), 10));
    assert!(is_folded(&format!("<div>Press the green button.</div>{old}"), 100_000), "whatever its size");
    assert!(is_folded(&format!("<div>Press the green button.</div>{signature}"), 10));
    assert!(!is_folded(&format!("<div>Press the green button.</div>{signature}"), 100_000), "no decoration");
    for new in [
        format!("<div>Press this one:</div>PIC{plain}"),
        format!("PIC<div>Press this one.</div>{plain}"),
        format!("<div>Press this one:</div>PIC{old}"),
        format!("{plain}PIC"),
        format!("<div>See below.</div>{plain}PIC"),
        format!("<div>See below.</div>{plain}PIC<div>-- <br>Anna Larsen</div>"),
        "PIC".to_owned(),
        old.clone(),
    ] {
        assert!(!is_folded(&new, 10), "{new}");
    }
}

#[test]
fn a139_what_belongs_to_no_text_is_known() {
    let part =
        |kind: &str, name: &str| format!("--b\nContent-Type: {kind}\nContent-Disposition: attachment; filename={name}\n\nx\n");
    let list = [
        ("application/pkcs7-signature", "smime.p7s", true),
        ("application/pgp-encrypted", "version.txt", true),
        ("application/pgp-signature", "signature.asc", true),
        ("application/pgp-signature", "plan.pdf.sig", false),
        ("application/pdf", "plan.pdf", false),
        ("application/ics", "invite.ics", true),
        ("text/calendar; method=REQUEST", "invitation.ics", false),
    ];
    let body: String = list.iter().map(|(kind, name, _)| part(kind, name)).collect();
    let message = read("Content-Type: multipart/mixed; boundary=b\n", &format!("--b\n\nx\n{body}--b--\n"));
    for (position, (_, name, expected)) in list.iter().enumerate() {
        assert_eq!(message.attachments[position].name, *name);
        assert_eq!(message.is_seal(position) || message.is_repeated_calendar(position), *expected, "{name}");
    }
}

#[test]
fn a142_a_text_keeps_its_charset_and_a_calendar_its_method() {
    for (kind, expected) in [
        ("text/plain; charset=\"utf-8\"; format=flowed", "; charset=utf-8"),
        ("text/html; charset=iso-8859-2", "; charset=iso-8859-2"),
        ("text/calendar; method=REQUEST; charset=UTF-8; name=x.ics", "; charset=UTF-8; method=REQUEST"),
        ("text/plain; charset=\"a; b=c\"", ""),
        ("application/pdf; charset=utf-8", ""),
        ("text/plain", ""),
    ] {
        let part = format!("--b\n\nx\n--b\nContent-Type: {kind}\nContent-Disposition: attachment; filename=a.txt\n\nx\n--b--\n");
        let message = read("Content-Type: multipart/mixed; boundary=b\n", &part);
        let file = &message.attachments[0];
        assert_eq!((file.content_type.as_str(), file.parameters.as_str()), (kind.split(';').next().unwrap(), expected), "{kind}");
    }
}

#[test]
fn a133_the_halves_of_a_file_of_a_mac() {
    let fork = "--b\nContent-Type: application/applefile; name=a.tif\n\nfork\n";
    let data = "--b\nContent-Type: image/tiff; name=a.tif\n\ndata\n";
    for body in [format!("{fork}{data}--b--\n"), format!("{data}{fork}--b--\n")] {
        let message = read("Content-Type: multipart/appledouble; boundary=b\n", &body);
        assert_eq!(files(&message), ["a.tif", "a.tif.applefile*"]);
        assert_eq!(
            attachment_bytes(
                format!("{HEAD}Content-Type: multipart/appledouble; boundary=b\n\n{body}").as_bytes(),
                &message.attachments[0]
            ),
            b"data"
        );
    }
}

#[test]
fn a137_mails_of_nothing_but_files_have_no_text() {
    for kind in [
        "application/pdf",
        "image/png",
        "text/csv",
        "audio/mpeg",
        "x/y",
        "text/plain; name=a.txt\nContent-Disposition: attachment",
    ] {
        let message = read(&format!("Content-Type: {kind}\n"), "a,b\n");
        assert_eq!((message.text.as_str(), message.reply.as_str(), message.attachments.len()), ("", "", 1), "{kind}");
    }
    for (fields, body) in [
        ("", ""),
        ("Content-Type: text/html\n", "<html><body><img src=x></body></html>"),
        ("Content-Type: text/html\n", "&nbsp;<br>"),
    ] {
        let message = read(fields, body);
        assert_eq!((message.text.trim(), message.attachments.len()), ("", 0), "{body}");
    }
}

#[test]
fn a85_the_html_has_the_footer_of_a_list_and_comes_out_of_winmail_and_signatures() {
    let raw = format!(
        "{HEAD}Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPHA+R3LDvMOfZTwvcD4=\n-- \nThe <list>\n"
    );
    let message = parse(raw.as_bytes());
    assert_eq!(message.text, "Grüße\n\n-- \nThe <list>\n");
    let document = html_document(raw.as_bytes(), &message);
    assert_eq!(document.as_deref(), Some("<p>Grüße</p>\n<pre>-- \nThe &lt;list></pre>"));
    for (name, words) in [
        ("tnef-html-body", "„Fehler 17“"),
        ("tnef-html-in-rtf", "<a href=\"https://status.example.net/vpn\">"),
        ("smime-signed-opaque-outlook-reply", "<html xmlns:o=\"urn:schemas"),
    ] {
        let path = format!("{}/tests/corpus/files/{name}.eml", env!("CARGO_MANIFEST_DIR"));
        let raw = std::fs::read(path).unwrap();
        let document = html_document(&raw, &parse(&raw)).unwrap_or_default();
        assert!(document.contains(words), "{name}: {document:?}");
    }
}

#[test]
fn a85_rtf_is_read_where_there_is_no_other_text() {
    let rtf = "{\\rtf1\\ansi Hello {\\b all}\\par}\n";
    for fields in [
        "Content-Type: text/rtf\n",
        "Content-Type: application/rtf; name=letter.rtf\nContent-Disposition: inline; filename=letter.rtf\n",
        "Content-Type: text/richtext\n",
        "Content-Type: text/plain\n",
    ] {
        let message = read(fields, rtf);
        assert_eq!((message.text.as_str(), message.attachments.len()), ("Hello all\n", 1), "{fields}");
        assert!(message.attachments[0].name.ends_with(".rtf") && message.html.is_none());
    }
    let part = |fields: &str| format!("--b\n{fields}\n\n{rtf}");
    let plain = "--b\nContent-Type: text/plain\n\nPlain words.\n";
    for (body, text) in [
        (format!("{plain}{}--b--\n", part("Content-Type: text/rtf")), "Plain words."),
        (format!("--b\n\n\n{}--b--\n", part("Content-Type: text/rtf")), "Hello all\n"),
        (part("Content-Type: text/rtf\nContent-Disposition: attachment; filename=a.rtf"), ""),
        (part("Content-Type: application/rtf").replace("{\\rtf1", "no RTF"), ""),
    ] {
        let message = read("Content-Type: multipart/alternative; boundary=b\n", &body);
        assert_eq!((message.text.trim_start_matches('\n'), message.attachments.len()), (text, 1), "{body}");
    }
}

#[test]
fn a85_the_html_is_kept_and_can_be_had() {
    let alternative = "--b\nContent-Type: text/plain\n\nGrüße und mehr\n--b\nContent-Type: text/html; charset=iso-8859-1\n\
                       Content-Transfer-Encoding: quoted-printable\n\n<p>Gr=FC=DFe und mehr</p>\n--b--\n";
    let raw = format!("{HEAD}Content-Type: multipart/alternative; boundary=b\n\n{alternative}");
    let message = parse(raw.as_bytes());
    assert!(matches!(message.html, Some(Content::Range { .. })));
    assert_eq!(html_document(raw.as_bytes(), &message).as_deref(), Some("<p>Grüße und mehr</p>"));
    let plain = read("", "Plain.\n");
    assert_eq!(html_document(HEAD.as_bytes(), &plain), None);
}

#[test]
fn a86_long_honest_html_keeps_its_structure() {
    let block = "<blockquote type=cite><p class=\"MsoNormal\"><span>A <a href=\"https://example.org/\">link</a></span></p><ul><li>item</li></ul></blockquote>";
    let message = read("Content-Type: text/html\n", &block.repeat(5_000));
    assert!(message.defects.is_empty(), "{:?}", message.defects);
    assert_eq!(message.text.matches("> A link <https://example.org/>\n").count(), 5_000);
    assert_eq!(message.text.matches("> * item\n").count(), 5_000);
    // A picture inside the document is no text.
    let heavy = format!("<p>before</p><img src=\"data:image/png;base64,{}\"><p>after</p>", "A".repeat(3 << 20));
    assert_eq!(read("Content-Type: text/html\n", &heavy).text, "before\n\nafter\n");
}
