use super::find;

/// The text above the quote, as the place that `document` names cuts it out of `text`.
fn above<'t>(document: &str, text: &'t str) -> Option<&'t str> {
    let at = find(document)?.in_text(text)?;
    text.get(..at)
}

const TEXT: &str = "It works now, thank you.\n\nFrom: Support\nPlease try again.\n";

#[test]
fn a128_containers_of_clients_say_where_the_quote_begins() {
    for quote in [
        "<div class=\"gmail_quote\"><div class=\"gmail_attr\">From: Support</div><blockquote>Please try again.</blockquote></div>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt'><b>From:</b> Support</div><p>Please try again.</p>",
        "<div style=\"border-top: solid #B5C4DF 1.0pt\"><p>From: Support</p></div>Please try again.",
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
        "<font size=1 color=#5f5f5f face=\"sans-serif\">From: </font>Support<br>Please try again.",
        "<div name=\"messageReplySection\">From: Support<br>Please try again.</div>",
        "<div fairemail=\"reference\">From: Support<br>Please try again.</div>",
    ] {
        let document = format!("<html><body><p>It works <b>now</b>, thank you.</p>{quote}</body></html>");
        assert_eq!(above(&document, TEXT), Some("It works now, thank you.\n"), "{quote}");
    }
}

#[test]
fn a129_no_place_where_the_author_goes_on() {
    for document in [
        "<p>It works now, thank you.</p><blockquote type=\"cite\">From: Support</blockquote><p>And this.</p>",
        "<p>It works now, thank you.</p><div class=\"gmail_quote\">From: Support<blockquote>Please</blockquote>Yes.<blockquote>x</blockquote></div>",
        "<p>It works now, thank you.</p><blockquote>From: Support</blockquote>",
        "<p>It works now, thank you.</p><div style=\"border-top:solid #E1E1E1 1pt\">A box of mine</div>",
        "<p>Something else entirely.</p><blockquote type=\"cite\">From: Support</blockquote>",
        "<blockquote type=\"cite\">From: Support</blockquote>",
        "<blockquote type=\"cite\">From: Support</blockquote><p>It works now, thank you.</p>",
        "It works now, thank you. From: Support Please try again.",
        "",
    ] {
        assert_eq!(above(document, TEXT), None, "{document}");
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
        if let Some(place) = find(&document) {
            place.in_text(&"x".repeat(1 << 20));
        }
    }
    for odd in ["<div class=\"gmail_quote\u{e9}", "<\u{e9}>", "a<blockquote type=cite>\u{1F600}", "a<blockquote type=cite"] {
        find(odd);
    }
}
