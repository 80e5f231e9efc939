//! The containers of mail programs: what in the attributes of an element says that it holds an older message, or stands above
//! one.

use aho_corasick::{Span, packed};
use std::sync::LazyLock;

/// What an element is to a quoted message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It holds the message, or its attribution.
    Holds,
    /// It holds the attribution and a blockquote; words behind the blockquote are an answer.
    Frame,
    /// The message begins here and goes on to the end.
    Begins,
    /// It stands above an element that holds the message, where the document has one; else as [`Kind::Begins`].
    Above,
    /// As [`Kind::Begins`], where the lines of a header follow: authors draw such boxes, too.
    Heads,
    /// As [`Kind::Begins`], where a field of a header follows.
    Precedes,
    /// A signature: neither the message nor an answer.
    Aside,
}

/// Marks in the attributes of elements, lower case, without spaces, and what they mean. Webmail that shows a mail of
/// another client puts `x_` before its names, which changes nothing here.
const MARKS: [(&str, Kind); 62] = [
    // Gmail, and who follows it: K-9, Mimestream
    ("gmail_attr", Kind::Holds),
    ("gmail_quote", Kind::Frame),
    ("gmail_signature", Kind::Aside),
    // Outlook for the desktop, from 2007 on
    ("border-top:solid#e1e1e1", Kind::Heads),
    ("border-top:solid#b5c4df", Kind::Heads),
    ("border-color:rgb(225,225,225)", Kind::Heads),
    ("border-top:1ptsolidrgb(225,225,225)", Kind::Heads),
    ("border-color:rgb(181,196,223)", Kind::Heads),
    ("name=\"_mailoriginal\"", Kind::Begins),
    ("name=_mailoriginal", Kind::Begins),
    ("outlookmessageheader", Kind::Begins),
    // Outlook in the browser, on the telephone and for the Mac
    ("divrplyfwdmsg", Kind::Begins),
    ("appendonsend", Kind::Precedes),
    ("ms-outlook-mobile-reference-message", Kind::Begins),
    ("mail-editor-reference-message-container", Kind::Begins),
    ("mac_outlook_attribution", Kind::Begins),
    ("ms-outlook-mobile-signature", Kind::Aside),
    // Windows Mail
    ("border-top-color:rgb(229,229,229)", Kind::Heads),
    // Apple Mail
    ("appleoriginalcontents", Kind::Holds),
    // Thunderbird
    ("moz-cite-prefix", Kind::Holds),
    ("moz-email-headers-table", Kind::Begins),
    ("moz-forward-container", Kind::Begins),
    ("moz-signature", Kind::Aside),
    // Yahoo, AOL
    ("yahoo_quoted", Kind::Holds),
    ("ydp_yahoo_quoted", Kind::Holds),
    ("yahooquoted", Kind::Holds),
    ("aolmail_quote", Kind::Holds),
    // Proton, Tuta
    ("protonmail_quote", Kind::Frame),
    ("tutanota_quote", Kind::Holds),
    // Zoho
    ("zmail_extra", Kind::Holds),
    // GMX, web.de, mail.com
    ("name=\"quote\"", Kind::Holds),
    // Zimbra
    ("zwchr", Kind::Above),
    ("data-marker=\"__divider__\"", Kind::Above),
    ("data-marker=\"__quoted_text__\"", Kind::Holds),
    // Roundcube, Fastmail
    ("reply-intro", Kind::Holds),
    ("qt-fastmail", Kind::Holds),
    // FairEmail, BlueMail, Spark, Airmail, Newton, Edison
    ("fairemail=\"reference\"", Kind::Holds),
    ("fairemail_quote", Kind::Holds),
    ("name=\"messagereplysection\"", Kind::Holds),
    ("bloop_original_html", Kind::Holds),
    ("clean_bq", Kind::Holds),
    ("cm_replymail_content", Kind::Holds),
    ("edo-original", Kind::Holds),
    ("blue_mail_quote", Kind::Holds),
    // Front, Missive, HubSpot, Superhuman
    ("front-blockquote", Kind::Holds),
    ("missive_quote", Kind::Frame),
    ("hs_reply", Kind::Holds),
    ("sh-quoted-content", Kind::Holds),
    // QQ, Foxmail, NetEase
    ("xm_mail_oringinal_describe", Kind::Above),
    ("qmbox", Kind::Holds),
    ("original-content", Kind::Holds),
    ("isreplycontent", Kind::Holds),
    ("foxdiv", Kind::Begins),
    // Mail.ru, Yandex
    ("mail-quote-collapse", Kind::Holds),
    ("wmi-quote", Kind::Holds),
    // Samsung, Infomaniak
    ("data-quoted=\"true\"", Kind::Holds),
    ("ik_mail_quote", Kind::Holds),
    // HCL Notes
    ("color=\"#5f5f5f\"", Kind::Heads),
    ("color=#5f5f5f", Kind::Heads),
    // Blockquotes that cite
    ("type=\"cite\"", Kind::Holds),
    ("type=cite", Kind::Holds),
    ("cite=\"mid:", Kind::Holds),
];

/// The marks that occur in a document at all. Most have none, and need no walk.
pub(super) fn marks_of(document: &str) -> Vec<(&'static str, Kind)> {
    let tags = tags(document);
    let mut found = [false; MARKS.len()];
    // Vectors of octets at once, where the machine has them; an automaton costs more to make than most documents to read.
    static VECTORS: LazyLock<Option<packed::Searcher>> = LazyLock::new(|| packed::Searcher::new(MARKS.map(|(mark, _)| mark)));
    match &*VECTORS {
        Some(vectors) => {
            let mut from = 0;
            while let Some(hit) = vectors.find_in(&tags, Span::from(from..tags.len())) {
                found[hit.pattern().as_usize()] = true;
                from = hit.start() + 1;
            }
        }
        None => {
            for (found, (mark, _)) in found.iter_mut().zip(&MARKS) {
                *found = memchr::memmem::find(&tags, mark.as_bytes()).is_some();
            }
        }
    }
    MARKS.iter().zip(found).filter(|(_, found)| *found).map(|(mark, _)| *mark).collect()
}

/// The tags of a document, compact, without the text between them.
fn tags(document: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(document.len() / 2);
    let mut rest = document.as_bytes();
    while let Some(start) = memchr::memchr(b'<', rest) {
        rest = &rest[start..];
        let end = memchr::memchr(b'>', rest).map_or(rest.len(), |end| end + 1);
        // Without attributes there is no mark.
        if memchr::memchr(b'=', &rest[..end]).is_some() {
            add_compact(&rest[..end], &mut out);
        }
        rest = &rest[end..];
    }
    out
}

/// Lower case, without white space, with one kind of quotation mark.
pub(super) fn compact(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    add_compact(text.as_bytes(), &mut out);
    out
}

fn add_compact(text: &[u8], out: &mut Vec<u8>) {
    let from = out.len();
    for word in text.split(u8::is_ascii_whitespace) {
        out.extend_from_slice(word);
    }
    let added = &mut out[from..];
    added.make_ascii_lowercase();
    for letter in added {
        *letter = if *letter == b'\'' { b'"' } else { *letter };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_found_and_none_hides_another() {
        for (mark, kind) in MARKS {
            let document = format!("<p>text<div\n{}>text", mark.to_uppercase().replace(':', ": ").replace('"', "'"));
            let document = if document.contains('=') { document } else { document.replace("<div\n", "<div class=\n") };
            assert!(marks_of(&document).contains(&(mark, kind)), "{document}");
            assert!(marks_of(&format!("<p class=x>{mark}</p>")).is_empty(), "{mark} in a text");
            let hidden = MARKS.iter().any(|(other, _)| *other != mark && other.starts_with(mark));
            assert!(!hidden, "{mark} begins another mark");
        }
    }
}
