//! What a charset's label means: by the WHATWG's table, by Microsoft's habits, and by the habits of mail.

use super::Charset;
use super::tables::TABLES;
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, SHIFT_JIS, UTF_8, WINDOWS_874, X_USER_DEFINED};

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
const OF_MAIL: [(Charset, &[&str]); 12] = [
    (Charset::Utf7, &["utf-7", "utf7", "unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "csunicode11utf7", "cp65000"]),
    (Charset::Utf32, &["utf-32", "utf-32le", "utf-32be", "utf32", "ucs-4", "iso-10646-ucs-4"]),
    (Charset::Iso2022Kr, &["iso-2022-kr", "csiso2022kr"]),
    (Charset::Iso2022Cn, &["iso-2022-cn", "iso-2022-cn-ext"]),
    (Charset::Hz, &["hz-gb-2312", "hz", "hz-gb2312"]),
    (Charset::Web(UTF_8), &["utf8mb4", "utf-8-unix", "cp65001", "utf-8-mac", "utf", "unicode-utf-8", "utf-8utf-8"]),
    (Charset::Web(SHIFT_JIS), &["cp932", "ms932", "cp943", "shift_jis-2004", "shift-jisx0213", "x-mac-japanese", "sjis-win"]),
    (Charset::Web(EUC_JP), &["ujis", "eucjp", "eucjp-win", "eucjp-ms", "euc-jisx0213"]),
    (Charset::Web(EUC_KR), &["cp949", "ms949", "uhc", "x-windows-949", "ks_c_5601", "ksc_5601-1987", "ks-c-5601-1987", "euckr"]),
    (Charset::Web(GB18030), &["euc-cn", "euccn", "cp936", "ms936", "gb18030-2022", "gb18030-2005", "gb2312-80", "gbk18030"]),
    (Charset::Web(BIG5), &["cp950", "ms950", "big5-eten", "big5_hkscs", "big5-hkscs-2004"]),
    (
        Charset::Web(ISO_2022_JP),
        &[
            "iso-2022-jp-ms",
            "iso-2022-jp-1",
            "iso-2022-jp-2",
            "iso-2022-jp-3",
            "iso-2022-jp-2004",
            "cp50220",
            "cp50221",
            "jis",
            "jis7",
        ],
    ),
];

/// Reads a label as it stands in a message: quoted, with a prefix, several of them.
pub(crate) fn read(label: Option<&str>) -> Label {
    let Some(label) = label else { return Label::Missing };
    // Most of all labels, before a look into any table.
    if label.eq_ignore_ascii_case("utf-8") {
        return Label::Known(Charset::Web(UTF_8));
    }
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
    if let Some((charset, _)) = OF_MAIL.iter().find(|(_, names)| names.contains(&label)) {
        return Some(*charset);
    }
    if let Some(table) = TABLES.iter().find(|t| t.labels.contains(&label)) {
        return Some(Charset::Table(table));
    }
    let web = |l: &str| Encoding::for_label_no_replacement(l.as_bytes());
    match web(label).or_else(|| by_number(label)) {
        Some(encoding) if encoding == GBK => Some(Charset::Web(GB18030)),
        Some(encoding) if encoding == X_USER_DEFINED => None,
        Some(encoding) => Some(Charset::Web(encoding)),
        None => spelt_otherwise(label),
    }
}

/// `UTF_8`, `iso 8859 1`, `cp-850`, `x-utf-8`: the same name in another spelling.
fn spelt_otherwise(label: &str) -> Option<Charset> {
    let bare: String = label.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect();
    let dashed = label.replace(['_', ' '], "-");
    [bare.as_str(), dashed.as_str(), label.strip_prefix("x-").unwrap_or("")].into_iter().find_map(|other| {
        (other.len() >= 3 && other != label).then(|| match Encoding::for_label_no_replacement(other.as_bytes()) {
            Some(encoding) if encoding == GBK => Some(Charset::Web(GB18030)),
            Some(encoding) => Some(Charset::Web(encoding)),
            None => OF_MAIL
                .iter()
                .find(|(_, names)| names.contains(&other))
                .map(|(charset, _)| *charset)
                .or_else(|| TABLES.iter().find(|t| t.labels.contains(&other)).map(Charset::Table)),
        })?
    })
}

/// `cp1251`, `win-1251`, `ansi-1251`, `iso8859-15-windows`, `8859_1` and the like.
fn by_number(label: &str) -> Option<&'static Encoding> {
    let digits = label.trim_start_matches(|c: char| !c.is_ascii_digit());
    if digits.len() == 4 && digits.starts_with("125") {
        return Encoding::for_label(format!("windows-{digits}").as_bytes());
    }
    if label == "874" || label.ends_with("cp874") {
        return Some(WINDOWS_874);
    }
    let part = digits.strip_prefix("8859")?.trim_start_matches(['-', '_', ' ', '.', ':']);
    let part: String = part.chars().take_while(char::is_ascii_digit).collect();
    Encoding::for_label(format!("iso-8859-{part}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a78_labels_as_they_occur() {
        for (label, expected) in [
            ("utf-8", "UTF-8"),
            (" \"UTF-8\" ", "UTF-8"),
            ("'utf8'", "UTF-8"),
            ("UTF_8", "UTF-8"),
            ("utf 8", "UTF-8"),
            ("x-utf-8", "UTF-8"),
            ("charset=utf-8", "UTF-8"),
            ("utf-8; format=flowed", "UTF-8"),
            ("iso-8859-1,utf-8", "windows-1252"),
            ("iso-8859-1", "windows-1252"),
            ("latin1", "windows-1252"),
            ("8859_1", "windows-1252"),
            ("iso 8859 2", "ISO-8859-2"),
            ("iso-8859-15-windows", "ISO-8859-15"),
            ("iso-8859-8-i", "ISO-8859-8-I"),
            ("cp1251", "windows-1251"),
            ("win-1251", "windows-1251"),
            ("cp-850", "IBM850"),
            ("ibm437", "IBM437"),
            ("viscii", "VISCII"),
            ("tis-620", "windows-874"),
            ("gb2312", "gb18030"),
            ("gb_2312-80", "gb18030"),
            ("big5-hkscs", "Big5"),
            ("ks_c_5601-1987", "EUC-KR"),
            ("iso-2022-jp-ms", "ISO-2022-JP"),
            ("iso-2022-jp-1", "ISO-2022-JP"),
            ("cp932", "Shift_JIS"),
            ("x-sjis", "Shift_JIS"),
            ("hz-gb-2312", "HZ-GB-2312"),
            ("unicode-1-1-utf-7", "UTF-7"),
            ("utf-32", "UTF-32"),
            ("iso-2022-cn", "ISO-2022-CN"),
        ] {
            assert!(matches!(read(Some(label)), Label::Known(c) if c.name() == expected), "{label}: {:?}", read(Some(label)));
        }
        for label in ["", "us-ascii", "default", "x-unknown", "_autodetect_all", "ansi", "unknown-8bit"] {
            assert_eq!(read(Some(label)), Label::Missing, "{label}");
        }
        for label in ["klingon", "utf-9", "iso-8859-99", "x", "🙂", "125"] {
            assert_eq!(read(Some(label)), Label::Unknown, "{label}");
        }
    }
}
