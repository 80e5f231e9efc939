use super::find;

/// The text above the quote, as the place that `document` names cuts it out of `text`.
fn above<'t>(document: &str, text: &'t str) -> Option<&'t str> {
    let quoted = find(document, true)?.in_text(text)?;
    text.get(..quoted.from).filter(|_| quoted.to.is_none())
}

/// The text below it.
fn below<'t>(document: &str, text: &'t str) -> Option<&'t str> {
    text.get(find(document, true)?.in_text(text)?.to?..).map(str::trim_start)
}

const TEXT: &str = "It works now, thank you.\n\nFrom: Support\nPlease try again.\n";

/// A header as Outlook and others write it.
const HEAD: &str = "<b>From:</b> Support<br><b>Sent:</b> 2 November 2026 09:12<br><b>Subject:</b> Printer<br>";

#[test]
fn a128_containers_of_clients_say_where_the_quote_begins() {
    for quote in [
        "<div class=\"gmail_quote\"><div class=\"gmail_attr\">From: Support</div><blockquote>Please try again.</blockquote></div>",
        "<hr><div id=\"x_divRplyFwdMsg\"><b>From:</b> Support</div><div>Please try again.</div>",
        "<div id=\"appendonsend\"></div><hr><div>From: Support</div>Please try again.",
        "<p><a name=\"_MailOriginal\">From: Support</a></p>Please try again.",
        "<div id=\"ms-outlook-mobile-reference-message\">From: Support<br>Please try again.</div>",
        "<blockquote type=\"cite\">From: Support<br>Please try again.</blockquote>",
        "<div class=\"moz-cite-prefix\">From: Support<br></div><blockquote cite=\"mid:x@y\">Please try again.</blockquote>",
        "<div id=\"yahoo_quoted_1\" class=\"yahoo_quoted\">From: Support<br>Please try again.</div>",
        "<div class=\"protonmail_quote\">From: Support<blockquote type=\"cite\">Please try again.</blockquote></div>",
        "<div class=\"zmail_extra\">From: Support<blockquote>Please try again.</blockquote></div>",
        "<div name=\"quote\">From: Support<br>Please try again.</div>",
        "<hr id=\"zwchr\">From: Support<br>Please try again.",
        "<div name=\"messageReplySection\">From: Support<br>Please try again.</div>",
        "<div fairemail=\"reference\">From: Support<br>Please try again.</div>",
    ] {
        let document = format!("<html><body><p>It works <b>now</b>, thank you.</p>{quote}</body></html>");
        assert_eq!(above(&document, TEXT), Some("It works now, thank you.\n"), "{quote}");
    }
}

#[test]
fn a128_a_box_with_a_whole_header_begins_the_quote() {
    let text = "It works now, thank you.\n\nFrom: Support\nSent: 2 November 2026 09:12\nSubject: Printer\n\nPlease try again.\n";
    let plain = HEAD.replace("<b>", "").replace("</b>", "");
    let all = plain.replace("<br>Subject", "<br>To: Anna<br>Subject");
    for (open, close) in [
        ("<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt'><p class=MsoNormal>", "</p></div>"),
        ("<div style=\"border-top: solid #B5C4DF 1.0pt\"><p>", "</p></div>"),
        ("<div style=\"border-top-color: rgb(229, 229, 229)\">", "</div>"),
        ("<font size=1 color=#5f5f5f face=\"sans-serif\">", "</font>"),
    ] {
        let document = |head: &str| format!("<p>It works now, thank you.</p>{open}{head}{close}<p>Please try again.</p>");
        assert_eq!(above(&document(HEAD), text), Some("It works now, thank you.\n"), "{open}");
        let all_of_text = text.replace("\nSubject", "\nTo: Anna\nSubject");
        assert_eq!(above(&document(&all), &all_of_text), Some("It works now, thank you.\n"), "{open}");
        if open.starts_with("<div") {
            assert_eq!(above(&document(&plain), text), None, "{open}");
        }
        for own in [
            "Date: 9 November",
            "From: Monday<br>To: Friday",
            "<b>Date:</b> Monday<br><b>From:</b> the shop<br><b>Subject:</b> x",
        ] {
            assert_eq!(above(&document(own), text), None, "{own}");
        }
    }
}

#[test]
fn a129_no_place_where_the_author_goes_on() {
    for document in [
        "<p>It works now, thank you.</p><blockquote type=\"cite\">From: Support</blockquote><p>And this.</p>",
        "<p>It works now, thank you.</p><div class=\"gmail_quote\">From: Support<blockquote>Please</blockquote>Yes.<blockquote>x</blockquote></div>",
        "<p>It works now, thank you.</p><blockquote>From: Support</blockquote>",
        "<p>It works now, thank you.</p><div style=\"border-top:solid #E1E1E1 1pt\">A box of mine</div>",
        "<p>It works now, thank you.</p><div id=\"appendonsend\"></div><p>Please try again.</p>",
        "<p>Something else entirely.</p><blockquote type=\"cite\">From: Support</blockquote>",
        "<blockquote type=\"cite\">From: Support</blockquote>",
        "<blockquote type=\"cite\">From: Support</blockquote><p>It works now, thank you.</p>",
        "<p>It works now, thank you.</p><blockquote type=\"cite\">From: Support</blockquote><p>:-)</p>",
        "It works now, thank you. From: Support Please try again.",
        "",
    ] {
        assert_eq!(above(document, TEXT), None, "{document}");
    }
}

/// Containers of clients that end, with `From: Support` and `Please try again.` in them.
const CLOSED: [&str; 26] = [
    "<hr id=\"zwchr\" data-marker=\"__DIVIDER__\"><div data-marker=\"__HEADERS__\"><b>From: </b>Support<br></div><div data-marker=\"__QUOTED_TEXT__\">Please try again.</div>",
    "<div class=\"xm_mail_oringinal_describe\"><div>From: Support</div></div><div class=\"qmbox\"><div>Please try again.</div></div>",
    "<div class=\"gmail_quote\"><div class=\"gmail_attr\">From: Support</div><blockquote class=\"gmail_quote\">Please try again.</blockquote></div>",
    "<div class=\"gmail_quote\">From: Support<br>Please try again.</div>",
    "<div class=\"moz-cite-prefix\">From: Support<br></div><blockquote type=\"cite\" cite=\"mid:x@y\">Please try again.</blockquote>",
    "<blockquote type=\"cite\"><div>From: Support</div><div>Please try again.</div></blockquote>",
    "<div id=\"yahoo_quoted_1\" class=\"yahoo_quoted\"><div>From: Support<br></div>Please try again.</div>",
    "<div class=\"protonmail_quote\">From: Support<br><blockquote class=\"protonmail_quote\" type=\"cite\">Please try again.</blockquote></div>",
    "<div data-marker=\"__QUOTED_TEXT__\">From: Support<br><blockquote>Please try again.</blockquote></div>",
    "<p id=\"reply-intro\">From: Support</p><blockquote type=\"cite\">Please try again.</blockquote>",
    "<blockquote type=\"cite\" style=\"border-left:2px solid blue;\"><p>From: Support</p>Please try again.</blockquote>",
    "<div name=\"quote\" style=\"border-left:2px solid #C3D9E5\"><div>From: Support</div><div name=\"quoted-content\">Please try again.</div></div>",
    "<div class=\"mail-quote-collapse\">From: Support<br><blockquote>Please try again.</blockquote></div>",
    "<blockquote class=\"wmi-quote\">From: Support<br>Please try again.</blockquote>",
    "<div class=\"qmbox\">From: Support<br>Please try again.</div>",
    "<blockquote id=\"isReplyContent\">From: Support<br>Please try again.</blockquote>",
    "<div id=\"divNeteaseMailCard\"></div><div id=\"isReplyContent\"><p>From: Support</p>Please try again.</div>",
    "<div data-quoted=\"true\">From: Support<br>Please try again.</div>",
    "<div name=\"messageReplySection\">From: Support<blockquote type=\"cite\">Please try again.</blockquote></div>",
    "<blockquote class=\"front-blockquote\">From: Support<br>Please try again.</blockquote>",
    "<div class=\"hs_reply\">From: Support<br>Please try again.</div>",
    "<div fairemail=\"reference\"><p>From: Support</p>Please try again.</div>",
    "<div class=\"zmail_extra\">From: Support<blockquote>Please try again.</blockquote></div>",
    "<div id=\"qt\" class=\"qt-fastmail\">From: Support<br></div><blockquote type=\"cite\">Please try again.</blockquote>",
    "<div class=\"tutanota_quote\">From: Support<br>Please try again.</div>",
    "<div class=\"AppleOriginalContents\">From: Support<br>Please try again.</div>",
];

#[test]
fn a129_below_a_container_the_author_goes_on() {
    let text = format!("{TEXT}\nBoth lamps are red.\n\nAnna\n");
    let bottom = text.replace("It works now, thank you.\n\n", "");
    for quote in CLOSED {
        let document = format!("<p>It works now, thank you.</p>{quote}<div><br></div><p>Both lamps are red.</p><p>Anna</p>");
        assert_eq!(above(&document, TEXT), None, "{quote}");
        assert_eq!(below(&document, &text), Some("Both lamps are red.\n\nAnna\n"), "{quote}");
        let document = format!("<body>{quote}<div><br></div><div>Both lamps are red.</div><p>Anna</p></body>");
        assert_eq!(below(&document, &bottom), Some("Both lamps are red.\n\nAnna\n"), "{quote}");
    }
}

/// What is new in a mail that is HTML alone.
fn new_in(document: &str) -> String {
    let head = "From: anna@example.net\nSubject: Re: Printer\nContent-Type: text/html; charset=utf-8\n\n";
    crate::parse(format!("{head}{document}").as_bytes()).reply
}

#[test]
fn a129_what_stands_above_and_below_a_container_is_new() {
    for quote in CLOSED {
        // In a language that no table knows.
        let quote = quote.replace("From: Support", "2026-11-02 09:12 Support \u{10d3}\u{10d0}\u{10ec}\u{10d4}\u{10e0}\u{10d0}");
        let document = format!("<p>It works now.</p>{quote}<div><br></div><p>Both lamps are red.</p><p>Anna</p>");
        // Marked lines that are answered show as what is answered.
        let new: Vec<String> =
            new_in(&document).lines().filter(|l| !l.is_empty() && !l.starts_with('>')).map(str::to_owned).collect();
        assert_eq!(new, ["It works now.", "Both lamps are red.", "Anna"], "{quote}");
        let document = format!("{quote}<div><br></div><div>Both lamps are red.</div><div>Anna</div>");
        assert_eq!(new_in(&document), "Both lamps are red.\nAnna", "{quote}");
    }
}

#[test]
fn a129_what_an_author_pastes_takes_nothing_with_it() {
    let rows =
        "<tr><th>Date:</th><td>20 November</td></tr><tr><th>From:</th><td>08:00</td></tr><tr><th>To:</th><td>09:00</td></tr>";
    for pasted in [
        "<div style=\"border-left:4px solid #f90;padding-left:10px\"><p>Planned work</p><p>Names resolve slowly.</p></div>"
            .to_owned(),
        "<hr><p>Planned work</p><p>https://status.example/20</p>".to_owned(),
        "<hr><h2>Planned work</h2><p>See <a href=\"https://status.example/20\">the page</a></p><hr>".to_owned(),
        format!("<h3>Planned work</h3><table style=\"border-top:solid #E1E1E1 1.0pt\">{rows}</table>"),
        format!("<p>Planned work</p><div style=\"border:none;border-top:solid #B5C4DF 1.0pt\"><table>{rows}</table></div>"),
        "<font color=#5f5f5f>Date: 20 November</font><br><font color=#5f5f5f>Planned work</font>".to_owned(),
        "<p>Planned work</p><blockquote style=\"border-left:3px solid #ccc\">Names resolve slowly.</blockquote>".to_owned(),
        "<div style=\"margin-left:.5in\">Planned work</div><p style=\"margin-left:.5in\">Names resolve slowly.</p>".to_owned(),
        "<div id=\"appendonsend\"></div><p>Planned work</p>".to_owned(),
        "<fieldset><legend>Planned work</legend>Names resolve slowly.</fieldset>".to_owned(),
    ] {
        let own = format!("<p>This came today.</p>{pasted}<p>What does it mean for us?</p><p>Anna</p>");
        let head = "From: anna@example.net\nSubject: Planned work\nContent-Type: text/html; charset=utf-8\n\n";
        let message = crate::parse(format!("{head}{own}").as_bytes());
        assert!(message.folds.is_empty(), "{pasted}\n{}", message.text);
        assert!(
            message.reply.contains("Planned work") && message.reply.ends_with("What does it mean for us?\n\nAnna"),
            "{pasted}"
        );
        let cite = "<blockquote type=\"cite\">On 2 November 2026 at 09:12, Support wrote:<br>Any news?</blockquote>";
        let new = new_in(&format!("{own}{cite}"));
        assert!(new.contains("Planned work") && new.ends_with("What does it mean for us?\n\nAnna"), "{pasted}\n{new}");
    }
}

#[test]
fn a129_an_indent_below_the_quote_is_the_authors() {
    let text = format!("{TEXT}\nBoth lamps are red.\n");
    let cite = "<blockquote type=\"cite\">From: Support<br>Please try again.</blockquote>";
    let gmail = "<div class=\"gmail_quote\">From: Support<blockquote class=\"gmail_quote\">Please try again.</blockquote></div>";
    let indent = "<blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\">Both lamps are red.</blockquote>";
    for (quote, own) in [(cite, "<blockquote>Both lamps are red.</blockquote>"), (cite, indent), (gmail, indent)] {
        let document = format!("<p>It works now, thank you.</p>{quote}{own}");
        assert_eq!(below(&document, &text), Some("Both lamps are red.\n"), "{quote}{own}");
    }
}

#[test]
fn a129_what_a_new_mail_quotes_is_the_authors() {
    let document = |above: &str, quote: &str| {
        format!("<p>It works now, thank you.</p>{above}<blockquote class=\"gmail_quote\">{quote}</blockquote>")
    };
    let own = document("", "Hold the button.");
    assert!(find(&own, true).is_some() && find(&own, false).is_none());
    for (above, quote) in [
        ("<div>On Mon, 2 Nov 2026 at 09:12, Support &lt;s@example.org&gt; wrote:</div>", "Hold the button."),
        ("", "From: Support<br>Hold the button."),
        ("", "-----Original Message-----<br>Hold the button."),
        ("<p>Am 02.11.2026 um 09:12 schrieb Support:</p>", "Hold the button."),
    ] {
        assert!(find(&document(above, quote), false).is_some(), "{above}{quote}");
    }
}

#[test]
fn a128_the_plain_form_may_have_a_title_besides() {
    let text =
        "It works now, thank you.\n\n----- Original Message -----\nFrom: Support\nPlease try again.\n\nBoth lamps are red.\n";
    for quote in CLOSED {
        let document = format!("<p>It works now, thank you.</p>{quote}<p>Both lamps are red.</p>");
        assert_eq!(below(&document, text), Some("Both lamps are red.\n"), "{quote}");
        let document = format!("{quote}<p>Both lamps are red.</p>");
        assert_eq!(below(&document, text.split_once("\n\n").unwrap().1), Some("Both lamps are red.\n"), "{quote}");
    }
}

#[test]
fn a128_the_plain_form_may_have_links_and_images_besides() {
    let document = "<p>See <a href=\"https://x.org/a\">this page</a>.</p><img src=\"cid:1\"><p>Anna</p><div class=\"yahoo_quoted\">From: Support</div>";
    let text = "See this page<https://x.org/a>.\n\n[cid:image001.png@01DB]\n\nAnna\n\nFrom: Support\nold\n";
    assert_eq!(above(document, text), text.split_once("\nFrom").map(|(above, _)| above));
}

#[test]
fn a128_a_signature_below_the_quote_is_no_answer() {
    let document = "<p>It works now, thank you.</p><blockquote type=\"cite\">From: Support</blockquote><div class=\"moz-signature\">-- <br>Anna</div>";
    assert_eq!(above(document, TEXT), Some("It works now, thank you.\n"));
}

#[test]
fn a86_any_markup_is_searched_in_one_pass() {
    for piece in [
        "<",
        "<a ",
        "<div class=\"gmail_quote\">",
        "<blockquote type=cite>",
        "<!--",
        "<style>",
        "</div>",
        "<p>x",
        "&",
        "<div style=\"border-top:solid #E1E1E1\">",
    ] {
        let document = piece.repeat((512 << 10) / piece.len());
        if let Some(place) = find(&document, false) {
            place.in_text(&"x".repeat(1 << 20));
        }
    }
    for odd in ["<div class=\"gmail_quote\u{e9}", "<\u{e9}>", "a<blockquote type=cite>\u{1F600}", "a<blockquote type=cite"] {
        find(odd, true);
    }
}

#[test]
fn a128_what_nobody_sees_behind_a_container_is_no_text_of_the_author() {
    let quote = "<div id=\"yahoo_quoted_1\" class=\"yahoo_quoted\">From: Support<br>Please try again.</div>";
    for behind in [
        "&#160;",
        "&#xA0;",
        "&zwnj;",
        "&#8203;",
        "&ensp;",
        "&shy;",
        "--",
        "<div style=\"display:none\">x</div>",
        "<span style='visibility: hidden'><a>tracker</a> 5</span>&nbsp;",
    ] {
        let document = format!("<p>It works now, thank you.</p>{quote}<div>{behind}</div>");
        assert_eq!(above(&document, TEXT), Some("It works now, thank you.\n"), "{behind}");
    }
    let text = "It works now, thank you.\n\nFrom: Support\nPlease try again.\n\nÉ 5 more\n";
    for behind in ["&Eacute; 5 more", "&#201; 5 more", "É 5 more", "<div style=\"display:none\"></div>&nbsp;É 5 more"] {
        let document = format!("<p>It works now, thank you.</p>{quote}<div>{behind}</div>");
        assert_eq!(below(&document, text), Some("É 5 more\n"), "{behind}");
    }
}

#[test]
fn a129_boxes_and_citations_of_a_first_mail_are_its_authors() {
    let boxed = "<div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3pt\">";
    for own in [
        format!(
            "<p>Please fill this in:</p>{boxed}<b>From:</b> Berlin<br><b>To:</b> Paris<br><b>Date:</b> 3 Nov</div><p>And book it.</p>"
        ),
        format!("<p>This mail was lost:</p>{boxed}{HEAD}</div><p>Look in the logs please.</p>"),
        "<p>I get this since 2 Nov 2026 9:12 from anna@example.net:</p><blockquote type=\"cite\"><p>Error 5</p></blockquote>"
            .to_owned(),
    ] {
        assert_eq!(find(&own, false), None, "{own}");
    }
    let quoted =
        "<p>On 2 Nov 2026 9:12 Anna &lt;anna@example.net&gt; wrote:</p><blockquote type=\"cite\"><p>Error 5</p></blockquote>";
    assert!(find(&format!("<p>Hello</p>{quoted}"), false).is_some());
}
