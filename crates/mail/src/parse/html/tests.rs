use super::*;

#[track_caller]
fn reads(html: &str, expected: &str) {
    assert_eq!(strip(html), expected, "{}", &html[..html.floor_char_boundary(300)]);
}

#[test]
fn a85_paragraphs_lists_links_quotes() {
    reads(
        "<html><head><title>x</title><style>p{}</style></head><body><p>Hello <b>Anna</b>,</p><p>one<br>two</p>\
         <ul><li>a</li><li>b</li></ul><blockquote><p>quoted</p><p>more</p></blockquote>\
         <p><a href=\"https://x.org/a\">here</a> and <a href=\"https://x.org/\">https://x.org</a>, \
         <a href=\"mailto:a@b.org\">a@b.org</a></p></body></html>",
        "Hello Anna,\n\none\ntwo\n\n* a\n* b\n\n> quoted\n>\n> more\n\nhere <https://x.org/a> and https://x.org, a@b.org\n",
    );
    reads("<a href=\"javascript:x()\">a</a> <a href=\"#top\">b</a>", "a b\n");
    reads("<a href=https://x.org/><img src=x></a>after", "after\n");
    reads("<a href=https://x.org/><div>button</div></a><p>after</p>", "button <https://x.org/>\n\nafter\n");
}

#[track_caller]
fn reads_of(answer: bool, html: &str, expected: &str) {
    assert_eq!(read(html, Origin { answer }).text, expected, "{html}");
}

#[test]
fn a85_an_indent_is_no_quote() {
    for style in [
        "margin:0 0 0 40px;border:none;padding:0px",
        "margin: 0px 0px 0px 40px; border: medium none; padding: 0px;",
        "margin-left:40px",
        "margin-left:.5in;margin-right:0in",
    ] {
        let html = format!(
            "<div>The address:</div><blockquote style=\"{style}\"><div>Berg Ltd</div><div>Mill Road 4</div></blockquote><div>Anna</div>"
        );
        for answer in [true, false] {
            reads_of(answer, &html, "The address:\n\n    Berg Ltd\n    Mill Road 4\n\nAnna\n");
        }
    }
    // Two of them, one in the other, and one in a quote.
    reads(
        "<blockquote style='margin:0 0 0 40px;border:none'>a<blockquote style='margin:0 0 0 40px;border:none'>b</blockquote></blockquote>",
        "    a\n\n        b\n",
    );
    reads(
        "<blockquote type=cite>a<blockquote style='margin:0 0 0 40px;border:none'>b</blockquote>c</blockquote>",
        "> a\n>\n>     b\n>\n> c\n",
    );
}

#[test]
fn a85_a_bare_blockquote_is_a_quote_where_something_says_so() {
    reads_of(true, "<p>Yes.</p><blockquote>Does it work?</blockquote>", "Yes.\n\n> Does it work?\n");
    reads_of(false, "<p>See:</p><blockquote>Hold the button.</blockquote>", "See:\n\n    Hold the button.\n");
    reads_of(
        false,
        "<p>See:</p><blockquote class=gmail_quote style='border-left:1px solid'>Hold.</blockquote>",
        "See:\n\n    Hold.\n",
    );
    for cites in ["type=cite", "cite=\"mid:a@b\"", "class=\"protonmail_quote\"", "id=\"blockquote_zmail\""] {
        reads_of(false, &format!("<p>Yes.</p><blockquote {cites}>Hold.</blockquote>"), "Yes.\n\n> Hold.\n");
    }
    for above in [
        "On Mon, 2 Nov 2026 at 09:12, Support &lt;s@example.org&gt; wrote:",
        "Am 02.11.2026 um 09:12<br>schrieb Support:",
        "-----Original Message-----",
        "Från: Support<br>Ämne: Skrivare",
        "Qaldırılıb 02.11.2026 09:12 Support &lt;s@example.org&gt;:",
    ] {
        let html = format!(
            "<p>{above}</p><blockquote style=\"margin-left:40px\">Hold.</blockquote><p>And</p><blockquote>so on.</blockquote>"
        );
        let text = read(&html, Origin { answer: false }).text;
        assert!(text.contains("\n> Hold.\n") && text.contains("\n> so on.\n"), "{text}");
    }
    // Thunderbird marks what it quotes, so that what it does not mark is its button "indent".
    reads_of(
        true,
        "<blockquote type=\"cite\">Which?</blockquote><p>This:</p><blockquote>web1</blockquote>",
        "> Which?\n\nThis:\n\n    web1\n",
    );
}

#[test]
fn a85_nested_and_numbered_lists() {
    reads(
        "<ol start=3><li>three<ul><li>a</li><li><p>b</p><p>more</p></li></ul></li><li>four<li value=9>nine</ol>after",
        "3. three\n  * a\n  * b\n\n    more\n4. four\n9. nine\n\nafter\n",
    );
    reads(
        "<ol type=a><li>one<ol type=I><li>a</li><li>b</li></ol></li><li>two</li></ol><ol style='list-style-type: upper-alpha' start=26><li>z<li>more</ol>",
        "a. one\n  I. a\n  II. b\nb. two\n\nZ. z\n27. more\n",
    );
    reads(&format!("<ol type=i start=44>{}</ol>", "<li>x".repeat(6)), "xliv. x\nxlv. x\nxlvi. x\nxlvii. x\nxlviii. x\nxlix. x\n");
    reads("<dl><dt>Word</dt><dd>Meaning</dd></dl>", "Word\n    Meaning\n");
}

#[test]
fn a85_tables() {
    reads(
        "<p>Hosts:</p><table><tr><th>Host</th><th>State</th><th>Since</th></tr><tr><td>web1</td><td></td><td>10:00</td></tr>\
         <tr><td><p class=MsoNormal>db<o:p></o:p></p></td><td>up</td></tr></table><p>End</p>",
        "Hosts:\n\nHost | State | Since\nweb1 | | 10:00\ndb | up\n\nEnd\n",
    );
    // Layout: cells of several lines stand one below the other, and spacers are nothing.
    reads("<table><tr><td>&nbsp;</td><td><p>one</p><p>two</p></td><td>three</td></tr></table>", "one\n\ntwo\n\nthree\n");
    reads(
        "<table width=600><tr><td>Name:</td><td>Anna</td></tr><tr><td colspan=2><table><tr><td>inner</td></tr></table></td></tr></table>",
        "Name: Anna\n\ninner\n",
    );
    reads(&format!("<table><tr>{}</tr></table>", "<td>abc</td>".repeat(200)), &"abc\n".repeat(200));
    // A cell of a table with headings may be folded.
    reads(
        "<table><tr><th>Item<th>Count</tr><tr><td>Lamp<br><small>red</small></td><td>2</td></tr><tr><td>Cable<td>1</tr></table>",
        "Item | Count\nLamp red | 2\nCable | 1\n",
    );
    reads("<table border=1><tr><td>one<br>two</td></tr></table>", "one\ntwo\n");
    reads("<table border=1><tr><td>a<td><ul><li>b<li>c</ul></tr></table>", "a\n\n* b\n* c\n");
    reads("<table><tr><td>a<td>b<tr><td>c<td>d</table>e", "a | b\nc | d\n\ne\n");
}

#[test]
fn a85_what_is_shown_in_the_end_is_read() {
    reads("<div style='visibility:hidden'>no<span style='visibility:visible'>yes</span></div>", "yes\n");
    reads("<p style='display:none;display:block'>yes</p>", "yes\n");
    reads("<script>no()</script><noscript><p>yes &amp; <b>no</b> script</p></noscript><p>end</p>", "yes & no script\n\nend\n");
}

#[test]
fn a85_hidden_text_is_left_out() {
    for hidden in [
        "<div style=\"display:none\">no<div>no</div>no</div>",
        "<span style='visibility:hidden'>no</span>",
        "<div hidden>no</div>",
        "<span class=preheader>no</span>",
        "<div style=\"max-height:0;overflow:hidden;mso-hide:all\">no &zwnj;&nbsp;&zwnj;&nbsp;</div>",
        "<div style=\"font-size:0px\">no</div>",
        "<style>no</style><script>if (a<b) no()</script><!-- no --><!--[if mso]><p>no</p><![endif]-->",
        "<svg><text>no</text></svg><template>no</template>",
        "<p>&zwnj;&nbsp;&#847; &#8199;&#65279;&#847;</p>",
    ] {
        reads(&format!("{hidden}<p>yes</p>"), "yes\n");
    }
    reads("<td style=\"font-size:0\"><div style=\"font-size:13px\">yes</div></td>", "yes\n");
    reads("<![if !mso]><p>yes</p><![endif]><!--[if !mso]><!--><p>also</p><!--<![endif]-->", "yes\n\nalso\n");
    reads("<a href=https://x.org/go style='mso-hide:all'>Go</a>", "Go <https://x.org/go>\n");
    reads("<div style=\"display:none\">never ends, and is all there is", "never ends, and is all there is\n");
    reads("<script>never closed", "never closed\n");
    reads("<html><body><div style=display:none>x</div></body></html>", "");
}

#[test]
fn a85_outlook() {
    reads(
        "<p class=MsoNormal>Hello,<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>one<o:p></o:p></p>\
         <p class=MsoNormal>two</p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]>\
         <span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span></span>\
         <![endif]>item<o:p></o:p></p><p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>2.<span>&nbsp; </span></span>second</p>",
        "Hello,\n\none\ntwo\n* item\n  2. second\n",
    );
    // Without Word's style sheet these are paragraphs like any other.
    reads("<p class=MsoNormal>one</p><p class=MsoNormal>two</p>", "one\n\ntwo\n");
}

#[test]
fn a85_lines_spaces_and_characters() {
    reads("a<br>b<br><br>c<div><br></div><div>d</div><div>e</div>", "a\nb\n\nc\n\nd\ne\n");
    reads("  a \n b&nbsp;&nbsp;c <b> d</b><i>e</i>", "a b  c de\n");
    reads("<pre>\nif a:\n    b\n\n  c\n</pre>x", "if a:\n    b\n\n  c\n\nx\n");
    reads("<div style='white-space:pre-wrap'>a\n  b</div>", "a\n  b\n");
    reads("日本語の\n  文章です。<br>한국어\n문장", "日本語の文章です。\n한국어 문장\n");
    reads("<div dir=rtl>שלום <b>עולם</b></div>", "שלום עולם\n");
    reads(
        "&lt;b&gt; &amp;amp; &#8364; &#x41; &bogus; &CounterClockwiseContourIntegral; &frac12 1 < 2",
        "<b> &amp; € A &bogus; ∳ ½ 1 < 2\n",
    );
    reads("می\u{200c}خواهم soft\u{ad}hyphen", "می\u{200c}خواهم softhyphen\n");
    reads("<span>-- </span><br>Anna", "-- \nAnna\n");
    reads("<h1>Title</h1>text<hr>more", "Title\n\ntext\n\n________________________________\nmore\n");
    reads("see <img src=a alt='the plan'> <img alt='😀'><img alt=x width=1 height=1>", "see [the plan] 😀\n");
}

#[test]
fn a85_misnested_tags() {
    reads("<b><p>a</b>b</p><p>c</div>d</p>", "ab\n\ncd\n");
    reads("<table><tr><td><div>a</td><td>b</div></td></tr></table>c", "a | b\n\nc\n");
    reads("<ul><li>a<ul><li>b</ul></ul></ul></blockquote></td>c", "* a\n  * b\n\nc\n");
    reads("<p>a<table><tr><td>b</table>c", "a\n\nb\n\nc\n");
    for odd in [
        "<",
        "</",
        "<!",
        "<!--",
        "&",
        "&#",
        "&#x110000;",
        "<a",
        "a<b",
        "<\u{e9}>",
        "<a href",
        "<a href=",
        "</p",
        "<![CDATA[",
        "<?x",
    ] {
        strip(odd);
    }
}

#[test]
fn a86_hostile_documents_are_read_in_one_pass() {
    let deep = read(&("<div>".repeat(100_000) + "deep"), Origin { answer: true });
    assert!(deep.limited);
    assert_eq!(deep.text, "deep\n");
    for html in [
        "<table><tr><td>x".repeat(50_000),
        format!("<table><tr>{}</table>", "<td>x</td>".repeat(100_000)),
        "<b ".repeat(300_000),
        "<blockquote>".repeat(100_000) + "x",
        format!(
            "{}<br>On Monday:<br>{}",
            "word ".repeat(200_000),
            "<blockquote>.</blockquote><br>x:<blockquote></blockquote>".repeat(30_000)
        ),
        format!("{}<br>1:<br>{}", "word ".repeat(200_000), "<blockquote></blockquote>".repeat(100_000)),
        "<ul><li>".repeat(100_000) + "x",
        "<ol><li>".repeat(1000) + &"<br>x".repeat(100_000),
        "</div>".repeat(200_000),
        "<p><b><i><a href=x>".repeat(50_000),
        "&".repeat(500_000),
        "<a href=https://x.org/>x".repeat(50_000),
        "<style>".repeat(100_000),
        "<script><!--".repeat(50_000),
        "<td colspan=1000000 rowspan=1000000>x".repeat(20_000),
    ] {
        assert!(strip(&html).len() <= limits::HTML_TEXT_OCTETS + 4_000, "{}", &html[..40]);
    }
}

#[test]
fn a84_visible_length() {
    assert_eq!(visible_length("<p>a b&nbsp;&amp; ü</p><!-- x --><style>p{}</style><title>x</title>c", 99), 5);
    assert_eq!(visible_length("<style>never", 99), 5);
    assert_eq!(visible_length(&"<style>".repeat(100_000), 99), 0);
}

#[test]
fn a85_enriched_text() {
    let text = "<bold>Now</bold> is\nthe time\n\nfor <<b> & all<param>x</param>\n\n\nEnd<excerpt>quoted</excerpt>";
    assert_eq!(strip(&from_enriched(text)), "Now is the time\nfor <b> & all\n\nEnd\n\n> quoted\n");
}
