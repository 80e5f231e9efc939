//! Address lists.

use super::{Family, MB, Scale, Single, header, numbered};

/// The same list in every field that holds addresses, one large field of each and many of To.
fn everywhere(list: &str) -> Vec<u8> {
    let fields = ["Sender", "Reply-To", "To", "Cc", "To", "Cc", "X-Failed-Recipients"].map(|f| format!("{f}: {list}\n"));
    let mut raw = format!("From: {list}\n").into_bytes();
    raw.extend(header(&format!("{}Subject: x\n", fields.concat())));
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
        ("comments without end", "(a"),
        ("comments one after the other", "()(\\))"),
        ("quotes without end", "\"a\\"),
        ("quoted local parts", "\"a\"@b\""),
        ("groups one after the other", "team: a@b.example;"),
        ("angle brackets", "<"),
        ("closing angle brackets", "<>"),
        ("angle brackets and text", "<a>b"),
        ("addresses of at signs", "@"),
        ("words with at signs", "a@ "),
        ("names of words that are addresses", "a@b.example "),
        ("commas", ","),
        ("phrases without addresses", "a, "),
        ("semicolons", ";a"),
        ("backslashes", "\\"),
        ("names that turn around", "\"\u{202e}\u{2066}gro.elpmaxe@anna\u{2069}\" <m@example.net>, "),
        ("names of invisible characters", "\u{200b}\u{feff}\u{ad}<a\u{200b}@b.example>"),
        ("names of combining marks", "Z\u{30c}\u{323}\u{489} <z@b.example>, "),
        ("encoded words as addresses", "=?utf-8?Q?a=40b.example=2C=3Cc=40d.example=3E?=,"),
    ],
}];

pub(super) const ATTACKS: &[Single] = &[
    Single {
        name: "a hundred thousand addresses",
        make: |s| everywhere(&numbered(s.of(100_000), |n| format!("P {n} <p{n}@example.net>, "))),
    },
    Single {
        name: "a hundred thousand folded addresses",
        make: |s| {
            everywhere(&numbered(s.of(100_000), |n| format!("P {n} <p{n}@example.net>,\n ")).trim_end().replace("\n ", "\n\t"))
        },
    },
    Single {
        name: "a thousand To fields",
        make: |s| header(&s.times(&format!("To: {}\n", "a@b.example,".repeat(1_000)), 1_000)),
    },
    Single { name: "comments a million deep", make: |s| everywhere(&(s.fill("(", MB) + "a@b.example" + &s.fill(")", MB))) },
    Single { name: "an odd number of quotes", make: |s| everywhere(&(s.fill("\"\"", MB) + "\"")) },
    Single { name: "groups in groups", make: |s| everywhere(&(s.fill("a:", MB) + "b@c.example" + &s.fill(";", MB))) },
    Single { name: "routes", make: |s| everywhere(&format!("<{}:a@b.example>", s.fill("@a.example,", MB))) },
    Single { name: "a local part of 1 MB", make: |s| everywhere(&format!("<{}@b.example>", s.fill("a", MB))) },
    Single { name: "a domain of 1 MB of dots", make: |s| everywhere(&format!("a@{}", s.fill("b.", MB))) },
    Single { name: "a name of 1 MB", make: |s| everywhere(&format!("{} <a@b.example>", s.fill("\u{fc}", MB))) },
    Single {
        name: "domains of every script",
        make: |s| {
            everywhere(&numbered(s.of(30_000), |n| {
                format!("a@{}{n}.\u{dcf}\u{d85}.xn--{}, ", "\u{fc}".repeat(40), "a-".repeat(20))
            }))
        },
    },
];
