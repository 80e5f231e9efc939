//! What a charset's label means: by the WHATWG's table, by Microsoft's habits, and by the habits of mail.

use super::Charset;
use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, SHIFT_JIS, UTF_8, WINDOWS_874, X_USER_DEFINED};

/// What a charset label asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    /// There is none, or one that says nothing.
    Missing,
    /// One that nobody knows.
    Unknown,
    /// One that is known.
    Known(Charset),
}

/// Labels that are written by programs that do not know the charset either.
const EMPTY: [&str; 22] = [
    "us-ascii",
    "ascii",
    "ansi_x3.4-1968",
    "unknown-8bit",
    "x-unknown",
    "x-unknown-8bit",
    "unknown",
    "default",
    "default_charset",
    "x-user-defined",
    "user-defined",
    "ansi",
    "8bit",
    "7bit",
    "binary",
    "none",
    "null",
    "iso-8859-1-unknown",
    "_autodetect",
    "_autodetect_all",
    "_autodetect_kr",
    "text/plain",
];

/// Labels that the WHATWG's table lacks, or takes for less than mail means by them.
const OF_MAIL: [(&str, Charset); 35] = [
    ("utf-7", Charset::Utf7),
    ("unicode-1-1-utf-7", Charset::Utf7),
    ("x-unicode-2-0-utf-7", Charset::Utf7),
    ("csunicode11utf7", Charset::Utf7),
    ("iso-2022-kr", Charset::Iso2022Kr),
    ("csiso2022kr", Charset::Iso2022Kr),
    ("hz-gb-2312", Charset::Hz),
    ("hz", Charset::Hz),
    ("utf8mb4", Charset::Web(UTF_8)),
    ("utf-8-unix", Charset::Web(UTF_8)),
    ("utf_8", Charset::Web(UTF_8)),
    ("cp65001", Charset::Web(UTF_8)),
    ("cp932", Charset::Web(SHIFT_JIS)),
    ("ms932", Charset::Web(SHIFT_JIS)),
    ("cp943", Charset::Web(SHIFT_JIS)),
    ("shift_jis-2004", Charset::Web(SHIFT_JIS)),
    ("cp949", Charset::Web(EUC_KR)),
    ("ms949", Charset::Web(EUC_KR)),
    ("uhc", Charset::Web(EUC_KR)),
    ("x-windows-949", Charset::Web(EUC_KR)),
    ("euc-cn", Charset::Web(GB18030)),
    ("cp936", Charset::Web(GB18030)),
    ("ms936", Charset::Web(GB18030)),
    ("gb18030-2022", Charset::Web(GB18030)),
    ("cp950", Charset::Web(BIG5)),
    ("ms950", Charset::Web(BIG5)),
    ("big5-eten", Charset::Web(BIG5)),
    ("iso-2022-jp-ms", Charset::Web(ISO_2022_JP)),
    ("iso-2022-jp-1", Charset::Web(ISO_2022_JP)),
    ("iso-2022-jp-2", Charset::Web(ISO_2022_JP)),
    ("iso-2022-jp-3", Charset::Web(ISO_2022_JP)),
    ("iso-2022-jp-2004", Charset::Web(ISO_2022_JP)),
    ("cp50220", Charset::Web(ISO_2022_JP)),
    ("cp50221", Charset::Web(ISO_2022_JP)),
    ("cp874", Charset::Web(WINDOWS_874)),
];

/// Reads a label as it stands in a message: quoted, with a prefix, several of them.
pub(crate) fn read(label: Option<&str>) -> Label {
    let Some(label) = label else { return Label::Missing };
    let lower = label.trim().trim_matches(['"', '\'', '<', '>', '\\', ';']).trim().to_ascii_lowercase();
    let lower = lower.strip_prefix("charset=").unwrap_or(&lower).trim_matches(['"', '\'']);
    if lower.is_empty() || EMPTY.contains(&lower) {
        return Label::Missing;
    }
    if let Some(charset) = by_name(lower) {
        return Label::Known(charset);
    }
    // Several labels: the first that means something.
    let several = |c: char| matches!(c, ',' | ';' | ' ' | '\t' | '/');
    match lower.split(several).filter(|w| w.len() < lower.len()).find_map(|w| by_name(w.trim_matches(['"', '\'']))) {
        Some(charset) => Label::Known(charset),
        None => Label::Unknown,
    }
}

fn by_name(label: &str) -> Option<Charset> {
    if let Some((_, charset)) = OF_MAIL.iter().find(|(name, _)| *name == label) {
        return Some(*charset);
    }
    let known = Encoding::for_label_no_replacement(label.as_bytes()).or_else(|| windows_code_page(label));
    match known {
        Some(encoding) if encoding == GBK => Some(Charset::Web(GB18030)),
        Some(encoding) if encoding == X_USER_DEFINED => None,
        Some(encoding) => Some(Charset::Web(encoding)),
        None => None,
    }
}

/// `cp1251`, `win-1251`, `ansi-1251` and the like.
fn windows_code_page(label: &str) -> Option<&'static Encoding> {
    let digits = label.trim_start_matches(|c: char| !c.is_ascii_digit());
    if digits.len() != 4 || !digits.starts_with("125") {
        return None;
    }
    Encoding::for_label(format!("windows-{digits}").as_bytes())
}
