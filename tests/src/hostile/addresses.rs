//! Address lists.

use super::{Attack, MB, Scale, header, numbered};

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

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "a hundred thousand addresses",
        make: |s| everywhere(&numbered(s.of(100_000), |n| format!("P {n} <p{n}@example.net>, "))),
    },
    Attack {
        name: "a hundred thousand folded addresses",
        make: |s| {
            everywhere(&numbered(s.of(100_000), |n| format!("P {n} <p{n}@example.net>,\n ")).trim_end().replace("\n ", "\n\t"))
        },
    },
    Attack {
        name: "a thousand To fields",
        make: |s| header(&s.times(&format!("To: {}\n", "a@b.example,".repeat(1_000)), 1_000)),
    },
    Attack { name: "comments a million deep", make: |s| everywhere(&(s.fill("(", MB) + "a@b.example" + &s.fill(")", MB))) },
    Attack { name: "comments without end", make: |s| pattern(s, "(a") },
    Attack { name: "comments one after the other", make: |s| pattern(s, "()(\\))") },
    Attack { name: "quotes without end", make: |s| pattern(s, "\"a\\") },
    Attack { name: "an odd number of quotes", make: |s| everywhere(&(s.fill("\"\"", MB) + "\"")) },
    Attack { name: "quoted local parts", make: |s| pattern(s, "\"a\"@b\"") },
    Attack { name: "groups in groups", make: |s| everywhere(&(s.fill("a:", MB) + "b@c.example" + &s.fill(";", MB))) },
    Attack { name: "groups one after the other", make: |s| pattern(s, "team: a@b.example;") },
    Attack { name: "angle brackets", make: |s| pattern(s, "<") },
    Attack { name: "closing angle brackets", make: |s| pattern(s, "<>") },
    Attack { name: "angle brackets and text", make: |s| pattern(s, "<a>b") },
    Attack { name: "addresses of at signs", make: |s| pattern(s, "@") },
    Attack { name: "words with at signs", make: |s| pattern(s, "a@ ") },
    Attack { name: "names of words that are addresses", make: |s| pattern(s, "a@b.example ") },
    Attack { name: "routes", make: |s| everywhere(&format!("<{}:a@b.example>", s.fill("@a.example,", MB))) },
    Attack { name: "commas", make: |s| pattern(s, ",") },
    Attack { name: "phrases without addresses", make: |s| pattern(s, "a, ") },
    Attack { name: "semicolons", make: |s| pattern(s, ";a") },
    Attack { name: "backslashes", make: |s| pattern(s, "\\") },
    Attack { name: "a local part of 1 MB", make: |s| everywhere(&format!("<{}@b.example>", s.fill("a", MB))) },
    Attack { name: "a domain of 1 MB of dots", make: |s| everywhere(&format!("a@{}", s.fill("b.", MB))) },
    Attack { name: "a name of 1 MB", make: |s| everywhere(&format!("{} <a@b.example>", s.fill("\u{fc}", MB))) },
    Attack {
        name: "names that turn around",
        make: |s| pattern(s, "\"\u{202e}\u{2066}gro.elpmaxe@anna\u{2069}\" <m@example.net>, "),
    },
    Attack { name: "names of invisible characters", make: |s| pattern(s, "\u{200b}\u{feff}\u{ad}<a\u{200b}@b.example>") },
    Attack { name: "names of combining marks", make: |s| pattern(s, "Z\u{30c}\u{323}\u{489} <z@b.example>, ") },
    Attack {
        name: "domains of every script",
        make: |s| {
            everywhere(&numbered(s.of(30_000), |n| {
                format!("a@{}{n}.\u{dcf}\u{d85}.xn--{}, ", "\u{fc}".repeat(40), "a-".repeat(20))
            }))
        },
    },
    Attack { name: "encoded words as addresses", make: |s| pattern(s, "=?utf-8?Q?a=40b.example=2C=3Cc=40d.example=3E?=,") },
];
