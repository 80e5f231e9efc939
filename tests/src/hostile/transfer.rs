//! Transfer encodings and charsets of a body.

use super::{Family, MB, Single, mail, rubbish, typed};

fn encoded(encoding: &str, kind: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    mail(&format!("Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n"), body)
}

/// Attacks that differ by their text alone.
pub(super) const FAMILIES: &[Family] = &[
    Family {
        make: |s, text| mail("", s.fill(text, 20 * MB)),
        texts: &[
            ("a line of text of 20 MB", "x"),
            ("a line of words of 20 MB", "word "),
            ("NULs as text", "\0"),
            ("controls as text", "\x1b[31m\x07\x08\x7f\x0b\x0c"),
            ("unlabelled escapes", "\x1b(Ba\x1b$@\x1b$"),
            ("escapes that say nothing", "\x1b"),
        ],
    },
    Family {
        make: |s, text| encoded("base64", "text/plain", s.fill(text, 20 * MB)),
        texts: &[("a line of base64 of 20 MB", "QUFB"), ("base64 that ends all the time", "QQ=="), ("base64 of padding", "=")],
    },
];

pub(super) const ATTACKS: &[Single] = &[
    Single { name: "rubbish as a message", make: |s| rubbish(s.of(20 * MB)) },
    Single { name: "rubbish as text", make: |s| mail("", rubbish(s.of(20 * MB))) },
    Single { name: "rubbish as a page", make: |s| typed("text/html", rubbish(s.of(20 * MB))) },
    Single { name: "rubbish in base64", make: |s| encoded("base64", "text/plain", rubbish(s.of(20 * MB))) },
    Single { name: "a file in one line of base64 of 30 MB", make: |s| encoded("base64", "image/png", s.fill("QUFB", 30 * MB)) },
    Single { name: "base64 of white space", make: |s| encoded("base64", "image/png", s.fill(" \t\r\n", 20 * MB)) },
    Single { name: "a page in base64", make: |s| encoded("base64", "text/html", s.fill("PGRpdj4=", 20 * MB)) },
    Single { name: "quoted-printable of =", make: |s| encoded("quoted-printable", "text/plain", s.fill("=", 20 * MB)) },
    Single { name: "quoted-printable of soft ends", make: |s| encoded("quoted-printable", "text/plain", s.fill("=\n", 20 * MB)) },
    Single {
        name: "quoted-printable of spaces",
        make: |s| encoded("quoted-printable", "text/plain", s.fill(" ", 20 * MB) + "\n"),
    },
    Single {
        name: "quoted-printable of coded octets",
        make: |s| encoded("quoted-printable", "text/html", s.fill("=3C=64=69=76=3E", 20 * MB)),
    },
    Single {
        name: "uuencode as an encoding",
        make: |s| encoded("x-uuencode", "text/plain", s.fill("begin 644 a\n%:&5L;&\\\n", 20 * MB)),
    },
    Single { name: "uuencode of long lines", make: |s| encoded("x-uuencode", "image/png", s.fill("M", 20 * MB)) },
    Single { name: "an encoding that nobody knows", make: |s| encoded("x-rot13", "text/plain", s.fill("uryyb\n", 20 * MB)) },
    Single { name: "NULs as a message", make: |s| s.fill("\0", 20 * MB).into_bytes() },
    Single { name: "NULs as a page", make: |s| typed("text/html", s.fill("<p>\0", 20 * MB)) },
    Single { name: "no charset: octets above ASCII", make: |s| mail("", s.fill_octets(b"\x80\xbf\xfe\xff", 20 * MB)) },
    Single {
        name: "UTF-8 that never ends",
        make: |s| typed("text/plain; charset=utf-8", s.fill_octets(b"\xf0\x9f\x98", 20 * MB)),
    },
    Single { name: "UTF-8 half broken", make: |s| typed("text/plain; charset=utf-8", s.fill_octets(b"\xc3\xbc\xc3 ", 20 * MB)) },
    Single {
        name: "a label that is wrong",
        make: |s| typed("text/plain; charset=shift_jis", s.fill_octets(b"\xc3\xbc\x81 \xfd", 20 * MB)),
    },
    Single { name: "a storm of UTF-7", make: |s| typed("text/plain; charset=utf-7", s.fill("+AOQ-+2D3eAA-+", 20 * MB)) },
    Single { name: "pluses in UTF-7", make: |s| typed("text/plain; charset=utf-7", s.fill("+", 20 * MB)) },
    Single { name: "pages in UTF-7", make: |s| typed("text/html; charset=utf-7", s.fill("+ADw-script+AD4-", 20 * MB)) },
    Single {
        name: "UTF-16 with a mark",
        make: |s| typed("text/plain", [&b"\xff\xfe"[..], &s.fill_octets(b"a\0", 20 * MB)].concat()),
    },
    Single { name: "UTF-16 of halves", make: |s| typed("text/plain; charset=utf-16", s.fill_octets(b"\xd8\x00\xdc", 20 * MB)) },
    Single { name: "UTF-16 that is odd", make: |s| typed("text/plain; charset=utf-16le", s.fill_octets(b"a\0b", 20 * MB)) },
    Single { name: "UTF-32", make: |s| typed("text/plain; charset=utf-32", s.fill_octets(b"a\0\0\0", 20 * MB)) },
    Single {
        name: "a storm of ISO-2022-JP escapes",
        make: |s| typed("text/plain; charset=iso-2022-jp", s.fill("\x1b$B\x1b(B", 20 * MB)),
    },
    Single {
        name: "a storm of ISO-2022-KR shifts",
        make: |s| typed("text/plain; charset=iso-2022-kr", s.fill("\x1b$)C\x0ea\x0f", 20 * MB)),
    },
    Single { name: "a storm of HZ", make: |s| typed("text/plain; charset=hz-gb-2312", s.fill("~{<:~}~~", 20 * MB)) },
    Single {
        name: "GB18030 in four octets",
        make: |s| typed("text/plain; charset=gb18030", s.fill_octets(b"\x81\x30\x81\x30", 20 * MB)),
    },
    Single { name: "Big5 that becomes two", make: |s| typed("text/plain; charset=big5", s.fill_octets(b"\x88\x62", 20 * MB)) },
];
