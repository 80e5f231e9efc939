//! Encoded words.

use super::{Family, MB, Scale, Single, header, numbered, typed};

/// A value in all the fields that people see, and as a file's name.
fn everywhere(value: &str) -> Vec<u8> {
    let file = format!("Content-Type: application/pdf; name=\"{value}\"\nContent-Disposition: attachment; filename={value}\n");
    let people = format!("From: {value} <m@example.net>\nSubject: {value}\nTo: {value} <a@b.example>\n");
    let mut raw = people.into_bytes();
    raw.extend(header(&format!("Cc: {value}\nX-A: {value}\nReferences: <{value}>\nThread-Topic: {value}\n{file}")));
    raw
}

/// One pattern over and over.
fn pattern(s: Scale, text: &str) -> Vec<u8> {
    everywhere(&s.fill(text, MB))
}

/// Attacks that differ by their text alone.
pub(super) const FAMILIES: &[Family] = &[Family {
    make: pattern,
    texts: &[
        ("encoded words that begin only", "=?utf-8?Q?"),
        ("encoded words of nothing", "=?utf-8?Q??="),
        ("half encoded words", "=?"),
        ("ends of encoded words", "?="),
        ("encoded words of unknown kind", "=?a?x?b?= "),
        ("encoded words in base64 rubbish", "=?utf-8?B?/////=*?= "),
        ("encoded words inside each other", "=?utf-8?Q?=3D=3Futf-8=3FQ=3F=3D3D?="),
        ("line ends in encoded words", "=?utf-8?Q?a=0D=0ABcc:_spy=40example.net=0D=0A=0D=0A=00=E2=80=A8=C2=85?= "),
        ("escapes in encoded words", "=?iso-2022-jp?B?GyRCGyhCGyRAGyhKGyRC?= "),
        ("raw escapes in a header", "\x1b$B\x1b(B"),
        ("raw escapes that change with every octet", "\x1b$Ba\x1b(Ja\x1b(I"),
        ("raw octets in encoded words", "=?iso-8859-1?Q?\u{fc}\u{65e5}?= "),
        ("encoded words turned around", "=?utf-8?B?4oCu4oGm4oCP?=fdp.exe "),
    ],
}];

pub(super) const ATTACKS: &[Single] = &[
    Single { name: "a million encoded words", make: |s| header(&format!("Subject: {}\n", s.times("=?utf-8?Q?a?= ", 1_000_000))) },
    Single {
        name: "one encoded word of 20 MB",
        make: |s| {
            header(&format!("Subject: =?utf-8?B?{}?=\nX-A: =?utf-8?Q?{}?=\n", s.fill("QUFB", 10 * MB), s.fill("=41", 10 * MB)))
        },
    },
    Single {
        name: "encoded words of changing charsets",
        make: |s| {
            let label = ["utf-8", "iso-8859-1", "koi8-r", "shift_jis", "gb18030", "iso-2022-jp", "utf-7", "utf-16", "nonsense"];
            everywhere(&numbered(s.of(60_000), |n| format!("=?{}*en?Q?=E4=DF?= ", label[n % label.len()])))
        },
    },
    Single {
        name: "encoded words in parameters without end",
        make: |s| typed(&format!("application/x; name==?utf-8?Q?{}?=", s.fill("=2F..=2F", MB)), "x"),
    },
    Single { name: "charset labels of 1 MB in encoded words", make: |s| everywhere(&format!("=?{}?Q?a?=", s.fill("x", MB))) },
];
