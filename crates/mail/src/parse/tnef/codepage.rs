//! Windows code pages, which TNEF and RTF name by number.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// A code page by its number; 0 where none was named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CodePage {
    encoding: Option<&'static Encoding>,
}

impl CodePage {
    /// The code page of this number.
    pub(super) fn new(number: u32) -> Self {
        CodePage { encoding: by_number(number) }
    }

    /// The charset that it is, where it is known.
    pub(super) fn encoding(self) -> Option<&'static Encoding> {
        self.encoding
    }

    /// Text in this code page; in UTF-8 or windows-1252 where it is not known. Ends at the first NUL, as strings of
    /// Windows do.
    pub(super) fn text(self, octets: &[u8]) -> String {
        let octets = octets.split(|b| *b == 0).next().unwrap_or_default();
        let encoding = self.encoding.unwrap_or(if std::str::from_utf8(octets).is_ok() { UTF_8 } else { WINDOWS_1252 });
        encoding.decode_without_bom_handling(octets).0.into_owned()
    }
}

/// The charset that a Windows code page is.
fn by_number(number: u32) -> Option<&'static Encoding> {
    let label: &str = match number {
        437 | 850 | 1252 | 20127 | 28591 => "windows-1252",
        866 => "ibm866",
        874 => "windows-874",
        932 => "shift_jis",
        936 | 54936 => "gb18030",
        949 | 51949 => "euc-kr",
        950 => "big5",
        1250..=1258 => return Encoding::for_label(format!("windows-{number}").as_bytes()),
        10000 => "macintosh",
        10007 => "x-mac-cyrillic",
        20866 => "koi8-r",
        21866 => "koi8-u",
        28592..=28606 => return Encoding::for_label(format!("iso-8859-{}", number - 28590).as_bytes()),
        50220..=50222 => "iso-2022-jp",
        51932 => "euc-jp",
        65001 => "utf-8",
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// The code page of a font's `\fcharset` in RTF; `None` for those that follow the document.
pub(super) fn of_font(charset: i32) -> Option<&'static Encoding> {
    by_number(match charset {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

/// UTF-16, little end first, up to the first NUL.
pub(super) fn utf16(octets: &[u8]) -> String {
    let (units, _) = octets.as_chunks::<2>();
    let units = units.iter().map(|u| u16::from_le_bytes(*u)).take_while(|u| *u != 0);
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
