//! The names of charsets, for people who name one.

/// Charsets that mail is written in, each by the name that is used here. Many other labels mean one of them.
pub const NAMES: &[&str] = &[
    "UTF-8",
    "UTF-7",
    "ISO-2022-KR",
    "HZ-GB-2312",
    "UTF-32",
    "ISO-2022-CN",
    "IBM437",
    "IBM850",
    "IBM852",
    "VISCII",
    "x-mac-ce",
    "UTF-16LE",
    "UTF-16BE",
    "Big5",
    "EUC-JP",
    "EUC-KR",
    "gb18030",
    "ISO-2022-JP",
    "Shift_JIS",
    "IBM866",
    "ISO-8859-2",
    "ISO-8859-3",
    "ISO-8859-4",
    "ISO-8859-5",
    "ISO-8859-6",
    "ISO-8859-7",
    "ISO-8859-8",
    "ISO-8859-8-I",
    "ISO-8859-10",
    "ISO-8859-13",
    "ISO-8859-14",
    "ISO-8859-15",
    "ISO-8859-16",
    "KOI8-R",
    "KOI8-U",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
];

/// Labels that people write and that are no names.
pub const LABELS: &[&str] = &["utf8", "latin1", "latin2", "iso-8859-1", "sjis", "cp1251", "cp1252", "cp866", "gb2312"];

/// The one name of a charset, whatever it is called: what [`crate::parse_as`] reads by. `None` when there is no charset of that name.
pub fn name_of(label: &str) -> Option<&'static str> {
    crate::parse::charset_name(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_the_one_name_and_every_label_has_one() {
        for name in NAMES {
            assert_eq!(name_of(name), Some(*name));
        }
        for label in LABELS {
            assert!(name_of(label).is_some_and(|name| NAMES.contains(&name)), "{label}");
        }
        assert_eq!(name_of(" Latin1 "), Some("windows-1252"));
        assert_eq!(name_of("klingon"), None);
    }
}
