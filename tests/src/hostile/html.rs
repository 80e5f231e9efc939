//! Pages.

use super::{Family, MB, Scale, Single, numbered, typed};

fn page(body: impl AsRef<[u8]>) -> Vec<u8> {
    typed("text/html; charset=utf-8", body)
}

/// One pattern over and over.
fn filled(s: Scale, text: &str) -> Vec<u8> {
    page(s.fill(text, 20 * MB))
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

/// Attacks that differ by their text alone.
pub(super) const FAMILIES: &[Family] = &[Family {
    make: filled,
    texts: &[
        ("entities", "&amp;"),
        ("a tag without end", "<a b='"),
        ("styles", "<style>p{}</style>"),
        ("styles without end", "<style>"),
        ("silent elements in turn", "<script><style><title></x><template><noframes><head>"),
        ("comments", "<!--"),
        ("comments that almost end", "<!-->--!>-- >"),
        ("declarations", "<!x><?y><![CDATA[z]]>"),
        ("angle brackets in a page", "<"),
        ("invisible characters in a page", "\u{200b}\u{34f}\u{ad}&zwnj;\n"),
    ],
}];

pub(super) const ATTACKS: &[Single] = &[
    Single { name: "divisions a hundred thousand deep", make: |s| inside(s, "<div>", "</div>", 100_000) },
    Single { name: "divisions at the limit", make: |_| page("<div>".repeat(199) + "deep") },
    Single { name: "divisions with wrong ends", make: |_| rendered("<div></x>", 9_900) },
    Single { name: "quotes with wrong ends", make: |_| rendered("<blockquote></p>", 9_900) },
    Single { name: "tables with wrong ends", make: |_| rendered("<table><tr><td></b></b></b>", 3_000) },
    Single { name: "lists with wrong ends", make: |_| rendered("<ul><li></b></b>", 4_900) },
    Single { name: "elements that only look void", make: |_| rendered("<o:p>", 19_000) },
    Single { name: "items inside each other", make: |_| rendered("<ul><li></ul><li>", 6_000) },
    Single { name: "paragraphs in buttons", make: |_| rendered("<p><button></x>", 6_000) },
    Single { name: "quotes a hundred thousand deep", make: |s| inside(s, "<blockquote>", "</blockquote>", 100_000) },
    Single { name: "tables a hundred thousand deep", make: |s| inside(s, "<table><tr><td>", "</table>", 100_000) },
    Single { name: "tables at the limit", make: |_| page("<table><tr><td>".repeat(66) + &"word ".repeat(50_000)) },
    Single { name: "quotes at the limit", make: |_| page("<blockquote>".repeat(199) + &"word<br>".repeat(19_000)) },
    Single { name: "lists at the limit", make: |_| page("<ul><li>".repeat(199) + &"word<br>".repeat(19_000)) },
    Single { name: "pre at the limit", make: |_| page("<blockquote>".repeat(190) + "<pre>" + &"x\n".repeat(200_000)) },
    Single { name: "a wide table", make: |s| page(format!("<table><tr>{}</table>", s.times("<td>x", 1_000_000))) },
    Single { name: "a wide table at the limit", make: |_| page(format!("<table><tr>{}</table>", "<td>x".repeat(3_990))) },
    Single {
        name: "a square table at the limit",
        make: |_| page(format!("<table>{}</table>", format!("<tr>{}", "<td>word word".repeat(60)).repeat(66))),
    },
    Single {
        name: "tables with large cells",
        make: |_| {
            page(format!("<table>{}</table>", format!("<tr>{}", format!("<td>{}", "word ".repeat(120)).repeat(30)).repeat(27)))
        },
    },
    Single {
        name: "cells that span millions",
        make: |_| rendered("<tr><td colspan=1000000 rowspan=1000000>x<td colspan=99999999999999999999>y", 1_900),
    },
    Single {
        name: "columns that span millions",
        make: |_| rendered("<table><colgroup span=1000000><col span=999999><tr><td ROWSPAN=65534 colSpan=1000>x</table>", 1_900),
    },
    Single { name: "tables beside each other", make: |_| rendered("<table><tr><td>a<td>b</table>", 1_900) },
    Single { name: "foster parents", make: |_| rendered("<table><b>x<tr>y", 3_900) },
    Single {
        name: "entities that are rendered",
        make: |_| rendered("&amp;&NotEqualTilde;&#x1f600;&bogus;&#0;&#xfffff;", RENDERED),
    },
    Single {
        name: "declared entities",
        make: |_| {
            let more = numbered(30, |n| format!("<!ENTITY l{} \"{}\">", n + 1, format!("&l{n};").repeat(10)));
            page(format!("<!DOCTYPE x [<!ENTITY l0 \"lol\">{more}]>\n<p>&l30;</p>{}", "&l30;".repeat(50_000)))
        },
    },
    Single {
        name: "an endless reference",
        make: |s| page(format!("&{}", s.fill("a", 10 * MB)) + &format!("&#{};", s.fill("9", 10 * MB))),
    },
    Single {
        name: "a tag with a million attributes",
        make: |s| page(format!("<p{}>Hello.</p>", numbered(s.of(1_000_000), |n| format!(" a{n}=1")))),
    },
    Single {
        name: "a tag with as many attributes as are rendered",
        make: |_| page(format!("<p{}>Hello.</p>", numbered(70_000, |n| format!(" {n:x}")))),
    },
    Single {
        name: "many tags with many attributes",
        make: |_| page(format!("<p{}>Hello.</p>", numbered(400, |n| format!(" {n:x}"))).repeat(260)),
    },
    Single {
        name: "an attribute of 20 MB",
        make: |s| page(format!("<a href=\"https://x.example/{}\">Hello.</a>", s.fill("x", 20 * MB))),
    },
    Single { name: "a style of 20 MB", make: |s| page(format!("<style>{}</style>Hello.", s.fill("p{color:red}", 20 * MB))) },
    Single {
        name: "formatting that is made anew in each paragraph",
        make: |_| page(numbered(198, |n| format!("<b id={n}>")).replacen("<b", "<p><b", 1) + &"</p><p>x".repeat(9_500)),
    },
    Single { name: "formatting that crosses", make: |_| rendered("<b><i><u><s></b></i></u></s>", 2_400) },
    Single { name: "formatting that crosses blocks", make: |_| rendered("<b><p></b><i><p></i>", 3_300) },
    Single { name: "formatting across tables", make: |_| rendered("<a><table><a><tr><a><td><a>", 2_400) },
    Single { name: "formatting and wrong ends", make: |_| page(numbered(9_000, |n| format!("<font size={n}></x>"))) },
    Single { name: "links inside each other", make: |s| inside(s, "<a href=\"https://x.example/\">", "</a>", 100_000) },
    Single {
        name: "links that repeat their text",
        make: |_| rendered("<a href=\"https://x.example/\">https://x.example</a>", 19_000),
    },
    Single {
        name: "links with targets of 2 kB",
        make: |_| rendered(&format!("<a href=\"https://x.example/{}\">x</a>", "y".repeat(1_900)), 1_000),
    },
    Single { name: "images", make: |_| rendered("<img alt=\"a picture of a picture\" src=cid:x>", 19_000) },
    Single { name: "breaks", make: |_| rendered("<br>", 19_000) },
    Single { name: "rules", make: |_| rendered("<hr>", 19_000) },
    Single { name: "rules in quotes", make: |_| page("<blockquote>".repeat(190) + &"<hr>".repeat(15_000)) },
    Single { name: "headings", make: |_| rendered("<h1>x</h1>", 9_900) },
    Single {
        name: "numbered lists",
        make: |_| page(format!("<ol start=9223372036854775807>{}", "<li>x".repeat(9_000)).repeat(2)),
    },
    Single { name: "definition lists", make: |_| rendered("<dl><dt>x<dd>y</dl>", 4_900) },
    Single { name: "one word of half a megabyte", make: |_| page(format!("<p>{}</p>", "x".repeat(RENDERED))) },
    Single {
        name: "one wide word of half a megabyte",
        make: |_| page(format!("<table><tr><td>{}</table>", "\u{6f22}".repeat(RENDERED / 3))),
    },
    Single { name: "combining marks in a page", make: |_| page(format!("<p>Z{}</p>", "\u{30c}".repeat(RENDERED / 2))) },
    Single { name: "drawings and formulas", make: |_| rendered("<svg><desc><math><mi><svg>", 3_800) },
    Single { name: "templates inside each other", make: |_| rendered("<template></x>", 9_900) },
    Single { name: "selections", make: |_| rendered("<select><option><optgroup></x>", 6_000) },
    Single { name: "frames and forms", make: |_| rendered("<frameset><frame><form></x><noframes>", 4_800) },
    Single { name: "ruby and small caps", make: |_| rendered("<ruby><rb><rt></x></x><sup><sub>", 3_800) },
    Single { name: "enriched text", make: |s| typed("text/enriched", s.fill("<<<bold><param>x</param>\n\n", 20 * MB)) },
];
