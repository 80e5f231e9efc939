use super::*;

/// What stands between the fixed head and foot, without the styles.
fn body(text: &str) -> String {
    let page = document(text);
    let mut rest = page.strip_prefix(HEAD).unwrap().strip_suffix(FOOT).unwrap();
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once(" style=\"") {
        out.push_str(before);
        rest = after.split_once('"').unwrap().1;
    }
    out + rest
}

const QUOTE: &str = "<blockquote type=\"cite\" class=\"grey\">\n";
const END: &str = "</blockquote>\n";

fn p(text: &str) -> String {
    format!("<p dir=\"auto\">{text}</p>\n")
}

#[test]
fn paragraphs_keep_their_lines() {
    assert_eq!(body("one\ntwo\n\n\n\nthree\n"), p("one<br>\ntwo") + &p("three"));
    assert_eq!(body("one\r\ntwo\rthree"), p("one<br>\ntwo<br>\nthree"));
    assert_eq!(body("  \n\t\n\u{7}\n"), "");
    assert_eq!(body(""), "");
}

#[test]
fn lists_stay_as_they_are_typed() {
    assert_eq!(
        body("- one\n  more\n    deeper\n* two"),
        p("- one<br>\n&nbsp;&nbsp;more<br>\n&nbsp;&nbsp;&nbsp;&nbsp;deeper<br>\n* two")
    );
}

#[test]
fn a_line_of_its_own_is_set_off_and_several_are_a_listing() {
    assert_eq!(body("for it:\n\n    Printer\n\nNext"), p("for it:") + "<blockquote>\n" + &p("Printer") + END + &p("Next"));
    let listing = "<blockquote>\n<pre dir=\"auto\">if x:\n    y &lt; 1</pre>\n</blockquote>\n";
    assert_eq!(body("    if x:\n        y < 1\n"), listing);
    assert_eq!(body("\tif x:\n\t    y < 1\n"), listing);
    assert_eq!(body("    a\nb"), "<blockquote>\n".to_owned() + &p("a") + END + &p("b"));
}

#[test]
fn columns_stay_columns() {
    assert_eq!(body("Size    Used\n50G      48G\n"), "<pre dir=\"auto\">Size    Used\n50G      48G</pre>\n");
    assert_eq!(body("One.  Two.\nThree.  Four."), p("One.&nbsp; Two.<br>\nThree.&nbsp; Four."));
}

#[test]
fn quotes_nest() {
    assert_eq!(body("> a\n>\n> b\nme"), QUOTE.to_owned() + &p("a") + &p("b") + END + &p("me"));
    let nested = QUOTE.to_owned() + &p("a") + QUOTE + &p("b") + END + &p("c") + END;
    assert_eq!(body("> a\n>> b\n> c"), nested);
    assert_eq!(body(">a\n> > b\n>c"), nested);
    assert_eq!(body(">     x"), QUOTE.to_owned() + "<blockquote>\n" + &p("x") + END + END);
    let deep = body(&format!("{}x", ">".repeat(50)));
    assert_eq!((deep.matches(QUOTE).count(), deep.matches("&gt;").count()), (10, 40));
}

#[test]
fn the_footer_begins_at_its_delimiter() {
    let (before, footer) = FOOTER.split_once(" style").unwrap();
    let page =
        body("Hello\n-- \nTicket #1 | queue noc | owner anna\nRequestor: a@b.example\nRe: x\nAnswer this mail.\n\n> -- \n> x\n");
    assert!(page.starts_with(&(p("Hello") + before)) && footer.contains("grey"), "{page}");
    assert!(page.contains("<span>Ticket #1 |</span> <span>queue noc |</span> <span>owner anna</span><br>\n"), "{page}");
    assert!(page.contains("<b>Requestor:</b> <a href=\"mailto:a@b.example\">a@b.example</a><br>\nRe: x<br>\n"), "{page}");
    assert!(page.ends_with(&(QUOTE.to_owned() + &p("--<br>\nx") + END + "</div>\n")), "{page}");
    assert_eq!(page.matches("<hr").count(), 1);
    assert_eq!(body("Hello\n-- \n"), p("Hello"));
    assert_eq!(body("a\n-- \nb\n-- \n-- \nc\n").matches("<hr").count(), 2);
    assert_eq!(body("a\n--\nb: c"), p("a<br>\n--<br>\nb: c"));
}

#[test]
fn right_to_left() {
    assert_eq!(body("שלום Anna"), "<p dir=\"rtl\">שלום Anna</p>\n");
    assert_eq!(body("12) مرحبا"), "<p dir=\"rtl\">12) مرحبا</p>\n");
    assert_eq!(body("Anna שלום"), p("Anna שלום"));
    assert!(document("> مرحبا").contains("padding-right:12px;border:0;border-right:2px"));
    assert!(document("    مرحبا").contains("margin-right:24px"));
    assert!(body("-- \nفريق\nAnswer.").ends_with("<p dir=\"rtl\">فريق<br>\n<span dir=\"ltr\">Answer.</span></p>\n</div>\n"));
}

/// Elements open and close in order, and nothing of the text became one.
fn is_sound(page: &str) -> bool {
    let mut open = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').unwrap();
        rest = after;
        let name = tag.split([' ', '\n']).next().unwrap();
        match name {
            "!DOCTYPE" | "meta" | "hr" | "br" => {}
            "html" | "head" | "style" | "body" | "div" | "p" | "pre" | "blockquote" | "a" | "b" | "span" => open.push(name),
            closing => assert_eq!(open.pop().map(|name| format!("/{name}")), Some(closing.to_owned())),
        }
    }
    open.is_empty()
}

#[test]
fn size_stays_in_proportion() {
    let nests = format!("{}a\nb\n", ">".repeat(10));
    for piece in [
        "a\n\n",
        nests.as_str(),
        "    a\n\nb\n",
        "\"",
        "a@b.cc ",
        "http://.",
        "mailto:",
        "@a.",
        "http://a)",
        "-- \na: b\n",
        "\n",
        "a\n",
        "> ",
        "x | ",
    ] {
        let text = piece.repeat((1 << 20) / piece.len());
        let page = document(&text);
        assert!(page.len() < 12 << 20, "{piece:?}: {}", page.len());
        assert!(is_sound(&page), "{piece:?}");
    }
}

#[test]
fn what_is_beyond_the_bound_is_there_all_the_same() {
    let text = format!("{}> the <last> line\n", "a\n\n".repeat(BLOCKS + 10));
    let page = document(&text);
    assert!(page.contains("&gt; the &lt;last&gt; line</pre>"));
    assert_eq!(page.matches("<p ").count(), BLOCKS);
}

proptest::proptest! {
    #[test]
    fn any_text_gives_a_sound_document(text in "(?s)([> ]{0,4}(.{0,20}|-- |[a-z]{1,5}(@|://|: | \\| )[a-z.]{1,9}|<b>\"x'|&amp;|    x)\n{0,3}){0,12}") {
        let page = document(&text);
        proptest::prop_assert!(is_sound(&page), "{page}");
        for link in page.split("href=\"").skip(1) {
            let link = link.to_ascii_lowercase();
            proptest::prop_assert!(["http://", "https://", "mailto:"].iter().any(|scheme| link.starts_with(scheme)), "{link}");
        }
    }
}
