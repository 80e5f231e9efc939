//! Pages.

use super::{Attack, MB, Scale, numbered, typed};

fn page(body: impl AsRef<[u8]>) -> Vec<u8> {
    typed("text/html; charset=utf-8", body)
}

/// Half a megabyte of one pattern: what a page may have and still be rendered.
const RENDERED: usize = 500 << 10;

/// A pattern as often as is still rendered, at any scale: an eighth of it would not be beyond any limit.
fn rendered(text: &str, most: usize) -> Vec<u8> {
    page(text.repeat(most.min(RENDERED / text.len())))
}

/// Elements inside each other.
fn inside(s: Scale, open: &str, close: &str, count: usize) -> Vec<u8> {
    page(s.times(open, count) + "deep" + &s.times(close, count))
}

pub(super) const ATTACKS: &[Attack] = &[
    Attack { name: "divisions a hundred thousand deep", make: |s| inside(s, "<div>", "</div>", 100_000) },
    Attack { name: "divisions at the limit", make: |_| page("<div>".repeat(199) + "deep") },
    Attack { name: "divisions with wrong ends", make: |_| rendered("<div></x>", 9_900) },
    Attack { name: "quotes with wrong ends", make: |_| rendered("<blockquote></p>", 9_900) },
    Attack { name: "tables with wrong ends", make: |_| rendered("<table><tr><td></b></b></b>", 3_000) },
    Attack { name: "lists with wrong ends", make: |_| rendered("<ul><li></b></b>", 4_900) },
    Attack { name: "elements that only look void", make: |_| rendered("<o:p>", 19_000) },
    Attack { name: "items inside each other", make: |_| rendered("<ul><li></ul><li>", 6_000) },
    Attack { name: "paragraphs in buttons", make: |_| rendered("<p><button></x>", 6_000) },
    Attack { name: "quotes a hundred thousand deep", make: |s| inside(s, "<blockquote>", "</blockquote>", 100_000) },
    Attack { name: "tables a hundred thousand deep", make: |s| inside(s, "<table><tr><td>", "</table>", 100_000) },
    Attack { name: "tables at the limit", make: |_| page("<table><tr><td>".repeat(66) + &"word ".repeat(50_000)) },
    Attack { name: "quotes at the limit", make: |_| page("<blockquote>".repeat(199) + &"word<br>".repeat(19_000)) },
    Attack { name: "lists at the limit", make: |_| page("<ul><li>".repeat(199) + &"word<br>".repeat(19_000)) },
    Attack { name: "pre at the limit", make: |_| page("<blockquote>".repeat(190) + "<pre>" + &"x\n".repeat(200_000)) },
    Attack { name: "a wide table", make: |s| page(format!("<table><tr>{}</table>", s.times("<td>x", 1_000_000))) },
    Attack { name: "a wide table at the limit", make: |_| page(format!("<table><tr>{}</table>", "<td>x".repeat(3_990))) },
    Attack {
        name: "a square table at the limit",
        make: |_| page(format!("<table>{}</table>", format!("<tr>{}", "<td>word word".repeat(60)).repeat(66))),
    },
    Attack {
        name: "tables with large cells",
        make: |_| {
            page(format!("<table>{}</table>", format!("<tr>{}", format!("<td>{}", "word ".repeat(120)).repeat(30)).repeat(27)))
        },
    },
    Attack {
        name: "cells that span millions",
        make: |_| rendered("<tr><td colspan=1000000 rowspan=1000000>x<td colspan=99999999999999999999>y", 1_900),
    },
    Attack {
        name: "columns that span millions",
        make: |_| rendered("<table><colgroup span=1000000><col span=999999><tr><td ROWSPAN=65534 colSpan=1000>x</table>", 1_900),
    },
    Attack { name: "tables beside each other", make: |_| rendered("<table><tr><td>a<td>b</table>", 1_900) },
    Attack { name: "foster parents", make: |_| rendered("<table><b>x<tr>y", 3_900) },
    Attack { name: "entities", make: |s| page(s.fill("&amp;", 20 * MB)) },
    Attack {
        name: "entities that are rendered",
        make: |_| rendered("&amp;&NotEqualTilde;&#x1f600;&bogus;&#0;&#xfffff;", RENDERED),
    },
    Attack {
        name: "declared entities",
        make: |_| {
            let more = numbered(30, |n| format!("<!ENTITY l{} \"{}\">", n + 1, format!("&l{n};").repeat(10)));
            page(format!("<!DOCTYPE x [<!ENTITY l0 \"lol\">{more}]>\n<p>&l30;</p>{}", "&l30;".repeat(50_000)))
        },
    },
    Attack {
        name: "an endless reference",
        make: |s| page(format!("&{}", s.fill("a", 10 * MB)) + &format!("&#{};", s.fill("9", 10 * MB))),
    },
    Attack {
        name: "a tag with a million attributes",
        make: |s| page(format!("<p{}>Hello.</p>", numbered(s.of(1_000_000), |n| format!(" a{n}=1")))),
    },
    Attack {
        name: "a tag with as many attributes as are rendered",
        make: |_| page(format!("<p{}>Hello.</p>", numbered(70_000, |n| format!(" {n:x}")))),
    },
    Attack {
        name: "many tags with many attributes",
        make: |_| page(format!("<p{}>Hello.</p>", numbered(400, |n| format!(" {n:x}"))).repeat(260)),
    },
    Attack {
        name: "an attribute of 20 MB",
        make: |s| page(format!("<a href=\"https://x.example/{}\">Hello.</a>", s.fill("x", 20 * MB))),
    },
    Attack { name: "a tag without end", make: |s| page(s.fill("<a b='", 20 * MB)) },
    Attack { name: "styles", make: |s| page(s.fill("<style>p{}</style>", 20 * MB)) },
    Attack { name: "a style of 20 MB", make: |s| page(format!("<style>{}</style>Hello.", s.fill("p{color:red}", 20 * MB))) },
    Attack { name: "styles without end", make: |s| page(s.fill("<style>", 20 * MB)) },
    Attack {
        name: "silent elements in turn",
        make: |s| page(s.fill("<script><style><title></x><template><noframes><head>", 20 * MB)),
    },
    Attack { name: "comments", make: |s| page(s.fill("<!--", 20 * MB)) },
    Attack { name: "comments that almost end", make: |s| page(s.fill("<!-->--!>-- >", 20 * MB)) },
    Attack { name: "declarations", make: |s| page(s.fill("<!x><?y><![CDATA[z]]>", 20 * MB)) },
    Attack { name: "angle brackets in a page", make: |s| page(s.fill("<", 20 * MB)) },
    Attack {
        name: "formatting that is made anew in each paragraph",
        make: |_| page(numbered(198, |n| format!("<b id={n}>")).replacen("<b", "<p><b", 1) + &"</p><p>x".repeat(9_500)),
    },
    Attack { name: "formatting that crosses", make: |_| rendered("<b><i><u><s></b></i></u></s>", 2_400) },
    Attack { name: "formatting that crosses blocks", make: |_| rendered("<b><p></b><i><p></i>", 3_300) },
    Attack { name: "formatting across tables", make: |_| rendered("<a><table><a><tr><a><td><a>", 2_400) },
    Attack { name: "formatting and wrong ends", make: |_| page(numbered(9_000, |n| format!("<font size={n}></x>"))) },
    Attack { name: "links inside each other", make: |s| inside(s, "<a href=\"https://x.example/\">", "</a>", 100_000) },
    Attack {
        name: "links that repeat their text",
        make: |_| rendered("<a href=\"https://x.example/\">https://x.example</a>", 19_000),
    },
    Attack {
        name: "links with targets of 2 kB",
        make: |_| rendered(&format!("<a href=\"https://x.example/{}\">x</a>", "y".repeat(1_900)), 1_000),
    },
    Attack { name: "images", make: |_| rendered("<img alt=\"a picture of a picture\" src=cid:x>", 19_000) },
    Attack { name: "breaks", make: |_| rendered("<br>", 19_000) },
    Attack { name: "rules", make: |_| rendered("<hr>", 19_000) },
    Attack { name: "rules in quotes", make: |_| page("<blockquote>".repeat(190) + &"<hr>".repeat(15_000)) },
    Attack { name: "headings", make: |_| rendered("<h1>x</h1>", 9_900) },
    Attack {
        name: "numbered lists",
        make: |_| page(format!("<ol start=9223372036854775807>{}", "<li>x".repeat(9_000)).repeat(2)),
    },
    Attack { name: "definition lists", make: |_| rendered("<dl><dt>x<dd>y</dl>", 4_900) },
    Attack { name: "one word of half a megabyte", make: |_| page(format!("<p>{}</p>", "x".repeat(RENDERED))) },
    Attack {
        name: "one wide word of half a megabyte",
        make: |_| page(format!("<table><tr><td>{}</table>", "\u{6f22}".repeat(RENDERED / 3))),
    },
    Attack { name: "combining marks in a page", make: |_| page(format!("<p>Z{}</p>", "\u{30c}".repeat(RENDERED / 2))) },
    Attack { name: "invisible characters in a page", make: |s| page(s.fill("\u{200b}\u{34f}\u{ad}&zwnj;\n", 20 * MB)) },
    Attack { name: "drawings and formulas", make: |_| rendered("<svg><desc><math><mi><svg>", 3_800) },
    Attack { name: "templates inside each other", make: |_| rendered("<template></x>", 9_900) },
    Attack { name: "selections", make: |_| rendered("<select><option><optgroup></x>", 6_000) },
    Attack { name: "frames and forms", make: |_| rendered("<frameset><frame><form></x><noframes>", 4_800) },
    Attack { name: "ruby and small caps", make: |_| rendered("<ruby><rb><rt></x></x><sup><sub>", 3_800) },
    Attack { name: "enriched text", make: |s| typed("text/enriched", s.fill("<<<bold><param>x</param>\n\n", 20 * MB)) },
];
