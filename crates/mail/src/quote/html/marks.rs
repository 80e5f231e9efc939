//! The containers of mail programs: what in the attributes of an element says that it holds an older message, or stands above
//! one.

use aho_corasick::AhoCorasick;
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
    static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(MARKS.map(|(mark, _)| mark)).ok());
    let Some(words) = &*WORDS else { return Vec::new() };
    let compact = compact(document);
    let mut found = [false; MARKS.len()];
    for hit in words.find_overlapping_iter(&compact) {
        found[hit.pattern().as_usize()] = true;
    }
    MARKS.iter().zip(found).filter(|(_, found)| *found).map(|(mark, _)| *mark).collect()
}

/// Lower case, without white space, with one kind of quotation mark.
pub(super) fn compact(text: &str) -> Vec<u8> {
    let mut letters = text.to_ascii_lowercase().into_bytes();
    letters.retain_mut(|b| {
        if *b == b'\'' {
            *b = b'"';
        }
        !b.is_ascii_whitespace()
    });
    letters
}
