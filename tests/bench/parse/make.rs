//! Mails as they come in, made anew: of a kind, with a number that varies them, or of a size.

use std::fmt::Write;

const SENTENCES: [&str; 8] = [
    "The printer in room 12 has been on fire since this morning, and now the curtain is, too.",
    "We tried another cable; the lamp stays dark.",
    "Could you please have a look at it today? The course begins at two.",
    "Frau Müller aus der Buchhaltung hat dasselbe Problem mit dem Gerät im dritten Stock.",
    "Please find the log attached.",
    "It says \"paper jam in tray 3\", but there is no tray 3.",
    "Yesterday's update went through on 41 of 43 machines; the other two were switched off.",
    "Thank you very much!",
];

/// `count` mails of a kind.
pub(crate) fn many(count: usize, make: fn(usize) -> Vec<u8>) -> Vec<Vec<u8>> {
    (0..count).map(make).collect()
}

fn sentence(n: usize) -> &'static str {
    SENTENCES[n % SENTENCES.len()]
}

fn paragraph(n: usize) -> String {
    (n..n + 2 + n % 4).map(sentence).collect::<Vec<_>>().join(" ")
}

/// Header fields as a message has gathered them on its way.
fn header(n: usize, content_type: &str, encoding: &str) -> String {
    let mut out = format!("Return-Path: <anna{n}@example.net>\r\n");
    for hop in 0..4 {
        let _ = write!(
            out,
            "Received: from mx{hop}.example.net (mx{hop}.example.net [192.0.2.{hop}])\r\n\tby mail{hop}.example.org (Postfix) \
             with ESMTPS id 4ZxK{n}{hop}\r\n\tfor <support@example.org>; Mon, 2 Nov 2026 10:0{hop}:00 +0100 (CET)\r\n"
        );
    }
    let _ = write!(
        out,
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=2026;\r\n\th=from:to:subject:date;\r\n\tbh={};\r\n\tb={}\r\n\
         From: =?utf-8?Q?Anna_M=C3=BCller?= <anna{n}@example.net>\r\nTo: Support <support@example.org>\r\nSubject: =?utf-8?Q?Drucker_br=C3=A4?= \
         =?utf-8?Q?nnt?= ({n})\r\nDate: Mon, 2 Nov 2026 10:00:00 +0100\r\nMessage-ID: <{n}.bench@example.net>\r\nReferences: <{n}.0@example.org> \
         <{n}.1@example.net>\r\nIn-Reply-To: <{n}.1@example.net>\r\nMIME-Version: 1.0\r\nContent-Type: {content_type}\r\n",
        "k".repeat(44),
        "s".repeat(340)
    );
    if !encoding.is_empty() {
        let _ = write!(out, "Content-Transfer-Encoding: {encoding}\r\n");
    }
    out + "\r\n"
}

/// Some paragraphs by mutt.
pub(crate) fn short_text(n: usize) -> Vec<u8> {
    let mut out = header(n, "text/plain; charset=utf-8", "8bit");
    for p in 0..3 {
        let _ = write!(out, "{}\r\n\r\n", wrapped(&paragraph(n + p), 72, ""));
    }
    (out + "-- \r\nAnna Müller, Accounting\r\n+49 30 1234567\r\n").into_bytes()
}

fn wrapped(text: &str, width: usize, prefix: &str) -> String {
    let mut out = String::from(prefix);
    let mut column = 0;
    for word in text.split(' ') {
        if column + word.len() > width {
            out.push_str("\r\n");
            out.push_str(prefix);
            column = 0;
        } else if column > 0 {
            out.push(' ');
        }
        out.push_str(word);
        column += word.len() + 1;
    }
    out
}

/// A reply by a webmailer: text and HTML, with a quote.
pub(crate) fn alternative(n: usize) -> Vec<u8> {
    let mut plain = format!("{}\r\n\r\nOn Mon, 2 Nov 2026 at 10:00, Support <support@example.org> wrote:\r\n\r\n", paragraph(n));
    let mut html = format!(
        "<div dir=\"ltr\"><div>{}</div><div><br></div></div><br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" \
         class=\"gmail_attr\">On Mon, 2 Nov 2026 at 10:00, Support &lt;<a href=\"mailto:support@example.org\">support@example.org</a>&gt; \
         wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex\">",
        paragraph(n)
    );
    for p in 0..6 {
        let text = paragraph(n + p);
        let _ = write!(plain, "{}\r\n>\r\n", wrapped(&text, 70, "> "));
        let _ = write!(html, "{text}<br>\r\n<br>\r\n");
    }
    html.push_str("</blockquote></div>\r\n");
    let b = "000000000000a1b2c3061234abcd";
    let out = header(n, &format!("multipart/alternative; boundary=\"{b}\""), "");
    format!(
        "{out}--{b}\r\nContent-Type: text/plain; charset=\"UTF-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n--{b}\r\n\
         Content-Type: text/html; charset=\"UTF-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n--{b}--\r\n",
        quoted_printable(&plain),
        quoted_printable(&html)
    )
    .into_bytes()
}

fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 5 / 4);
    let mut column = 0;
    for octet in text.bytes() {
        if octet == b'\r' || octet == b'\n' {
            out.push(octet as char);
            column = 0;
            continue;
        }
        if column >= 73 {
            out.push_str("=\r\n");
            column = 0;
        }
        if octet == b'=' || octet >= 0x80 {
            let _ = write!(out, "={octet:02X}");
            column += 3;
        } else {
            out.push(octet as char);
            column += 1;
        }
    }
    out
}

fn word_document(paragraphs: usize, n: usize) -> String {
    let mut html = String::from(
        "<html xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
         xmlns=\"http://www.w3.org/TR/REC-html40\">\r\n<head>\r\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\r\n\
         <meta name=\"Generator\" content=\"Microsoft Word 15 (filtered medium)\">\r\n<style><!--\r\n",
    );
    for style in 0..40 {
        let _ = write!(
            html,
            "p.Style{style}, li.Style{style}\r\n\t{{margin:0cm;\r\n\tfont-size:11.0pt;\r\n\tfont-family:\"Calibri\",sans-serif;}}\r\n"
        );
    }
    html.push_str(
        "--></style><!--[if gte mso 9]><xml>\r\n<o:shapedefaults v:ext=\"edit\" spidmax=\"1026\" />\r\n</xml><![endif]-->\r\n</head>\r\n\
         <body lang=\"EN-GB\" link=\"#0563C1\" vlink=\"#954F72\" style='word-wrap:break-word'>\r\n<div class=\"WordSection1\">\r\n",
    );
    for p in 0..paragraphs {
        let _ = write!(
            html,
            "<p class=\"MsoNormal\"><span lang=\"EN-GB\" style='font-size:11.0pt;font-family:\"Calibri\",sans-serif;color:#1F497D;\
             mso-fareast-language:EN-US'>{}<o:p></o:p></span></p>\r\n<p class=\"MsoNormal\"><span style='mso-fareast-language:EN-US'>\
             <o:p>&nbsp;</o:p></span></p>\r\n",
            paragraph(n + p)
        );
    }
    html + "</div>\r\n</body>\r\n</html>\r\n"
}

/// 40 to 100 kB of Word's markup, and nothing beside it.
pub(crate) fn outlook(n: usize) -> Vec<u8> {
    let out = header(n, "text/html; charset=\"utf-8\"", "quoted-printable");
    (out + &quoted_printable(&word_document(60 + n * 10, n))).into_bytes()
}

/// 80 kB of nested tables.
pub(crate) fn newsletter(n: usize) -> Vec<u8> {
    let mut html = String::from("<!doctype html><html><head><title>News</title><style>");
    html.push_str(&".column{width:100%!important;max-width:480px}@media only screen{.m{display:block!important}}\n".repeat(60));
    html.push_str("</style></head><body><div style=\"display:none;max-height:0\">What is new &zwnj;&nbsp;&zwnj;&nbsp;</div>");
    for p in 0..55 {
        let _ = write!(
            html,
            "<table role=\"presentation\" align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" width=\"600\" style=\"border-collapse:collapse;\
             mso-table-lspace:0pt;mso-table-rspace:0pt\"><tbody><tr><td align=\"left\" style=\"padding:20px 30px;font-family:Arial,Helvetica,sans-serif;\
             font-size:16px;line-height:24px;color:#333333\"><h2 style=\"margin:0 0 10px\">Story {p}</h2><p style=\"margin:0 0 16px\">{}</p>\
             <a href=\"https://news.example.com/c/{n}/{p}/{}\" target=\"_blank\" style=\"display:inline-block;padding:12px 24px;background:#0a66c2\">\
             Read on</a><img src=\"https://news.example.com/o/{p}.png\" width=\"1\" height=\"1\" alt=\"\"></td></tr></tbody></table>\r\n",
            paragraph(n + p),
            "x1Y2z3".repeat(30),
        );
    }
    html.push_str("</body></html>");
    (header(n, "text/html; charset=utf-8", "quoted-printable") + &quoted_printable(&html)).into_bytes()
}

/// A thread that was answered on top again and again: each answer quotes all before it.
pub(crate) fn thread(n: usize) -> Vec<u8> {
    let mut out = header(n, "text/plain; charset=utf-8", "8bit");
    for depth in 0..40 {
        let prefix = ">".repeat(depth) + if depth > 0 { " " } else { "" };
        let _ = write!(out, "{}\r\n{}\r\n", wrapped(&paragraph(n + depth), 72, &prefix), prefix.trim_end());
        let _ = write!(out, "{prefix}On Mon, 2 Nov 2026 at 10:00, Anna <anna@example.net> wrote:\r\n");
    }
    out.into_bytes()
}

fn base64(octets: usize) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(octets * 4 / 3 + octets / 28);
    let mut state = 12345u32;
    for at in 0..octets / 3 * 4 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        out.push(alphabet[(state >> 26) as usize] as char);
        if at % 76 == 75 {
            out.push_str("\r\n");
        }
    }
    out
}

/// A short text with 1 to 10 MB of files.
pub(crate) fn attachments(n: usize) -> Vec<u8> {
    with_attachments(n, &[(n + 1) * 700_000, n * 1_500_000])
}

fn with_attachments(n: usize, sizes: &[usize]) -> Vec<u8> {
    let b = "------------Qw3rTy0123456789";
    let mut out = header(n, &format!("multipart/mixed; boundary=\"{b}\""), "");
    let _ = write!(out, "--{b}\r\nContent-Type: text/plain; charset=UTF-8; format=flowed\r\n\r\n{}\r\n", paragraph(n));
    for (number, size) in sizes.iter().enumerate() {
        let _ = write!(
            out,
            "--{b}\r\nContent-Type: application/pdf; name=\"report {number}.pdf\"\r\nContent-Disposition: attachment; \
             filename*0=\"report \"; filename*1=\"{number}.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            base64(*size)
        );
    }
    let _ = write!(out, "--{b}--\r\n");
    out.into_bytes()
}

/// Plain text of a size.
pub(crate) fn text_of(size: usize) -> Vec<u8> {
    let mut out = header(0, "text/plain; charset=utf-8", "8bit");
    let mut n = 0;
    while out.len() < size {
        let _ = write!(out, "{}\r\n\r\n", wrapped(&paragraph(n), 72, ""));
        n += 1;
    }
    out.into_bytes()
}

/// An HTML document of a size.
pub(crate) fn html_of(size: usize) -> Vec<u8> {
    let paragraphs = (size / 700).max(1);
    (header(0, "text/html; charset=utf-8", "8bit") + &word_document(paragraphs, 0)).into_bytes()
}

/// One file of a size.
pub(crate) fn attachment_of(size: usize) -> Vec<u8> {
    with_attachments(0, &[size * 3 / 4])
}

/// Files of a kilobyte; of a large message the reader takes no more than a thousand of them.
pub(crate) fn parts_of(size: usize) -> Vec<u8> {
    with_attachments(0, &vec![1_000; (size / 1_700).max(1)])
}

/// Quoted lines with answers between them.
pub(crate) fn quotes_of(size: usize) -> Vec<u8> {
    let mut out = header(0, "text/plain; charset=utf-8", "8bit");
    let mut n = 0;
    while out.len() < size {
        let _ = write!(out, "{}\r\n\r\n{}\r\n\r\n", wrapped(&paragraph(n), 70, "> "), sentence(n));
        n += 1;
    }
    out.into_bytes()
}
