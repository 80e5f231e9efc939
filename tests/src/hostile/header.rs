//! Header blocks and the fields that are no addresses.

use super::{HEAD, MB, Single, header, mail, numbered, rubbish, typed};

pub(super) const ATTACKS: &[Single] = &[
    Single {
        name: "a subject that goes on without spaces",
        make: |s| header(&format!("Subject: x\n{}From: a@b\n", s.fill("words\nwords\nwords\nX-A: b\nSubject: x\n", 20 * MB))),
    },
    Single {
        name: "a line after a subject of 20 MB",
        make: |s| header(&format!("Subject: x\n{}\nTo: a@b\n", s.fill("x", 20 * MB))),
    },
    Single { name: "a million Received fields", make: |s| header(&s.times("Received: from a by b\n", 1_000_000)) },
    Single {
        name: "a million Received fields in front",
        make: |s| {
            let mut raw =
                s.times("Received: from a.example by b.example; Mon, 2 Nov 2026 10:00:00 +0000\n", 300_000).into_bytes();
            raw.extend(header("Subject: behind\n"));
            raw
        },
    },
    Single {
        name: "a million fields of different names",
        make: |s| header(&numbered(s.of(1_000_000), |n| format!("X-{n}: y\n"))),
    },
    Single { name: "a subject of 20 MB", make: |s| header(&format!("Subject: {}\n", s.fill("x", 20 * MB))) },
    Single { name: "a subject of 20 MB of words", make: |s| header(&format!("Subject: {}\n", s.fill("x ", 20 * MB))) },
    Single { name: "a field name of 20 MB", make: |s| header(&format!("{}: y\n", s.fill("x", 20 * MB))) },
    Single { name: "a subject folded over 20 MB", make: |s| header(&format!("Subject: a\n{}", s.fill(" b\n", 20 * MB))) },
    Single { name: "folds of white space over 20 MB", make: |s| header(&format!("Subject: a\n{}", s.fill(" \n", 20 * MB))) },
    Single { name: "folds and nothing else", make: |s| s.fill(" a\n", 20 * MB).into_bytes() },
    Single { name: "a header without end", make: |s| format!("{HEAD}{}", s.fill("a:b\n", 20 * MB)).into_bytes() },
    Single { name: "colons only", make: |s| format!("{HEAD}{}", s.fill(":\n", 20 * MB)).into_bytes() },
    Single { name: "colons in one line", make: |s| format!("{HEAD}{}", s.fill(":", 20 * MB)).into_bytes() },
    Single { name: "every second line no field", make: |s| header(&s.fill("rubbish\nX-A: b\n", 20 * MB)) },
    Single { name: "a hundred thousand subjects", make: |s| header(&numbered(s.of(100_000), |n| format!("Subject: [#{n}]\n"))) },
    Single { name: "a hundred thousand From fields", make: |s| header(&s.times("From: Mallory <m@example.net>\n", 100_000)) },
    Single { name: "two thousand large fields", make: |s| header(&s.times(&format!("X-A: {}\n", "y".repeat(9_000)), 2_000)) },
    Single { name: "a Message-ID of 1 MB", make: |s| header(&format!("Message-ID: <{}@x>\n", s.fill("m", MB))) },
    Single { name: "a Message-ID of brackets", make: |s| header(&format!("Message-ID: {}\n", s.fill("<", MB))) },
    Single {
        name: "References to a million ids",
        make: |s| header(&format!("References: {}\n", numbered(s.of(1_000_000), |n| format!("<{n}@x> ")))),
    },
    Single {
        name: "References folded over a million lines",
        make: |s| header(&format!("References: <a@b>\n{}", numbered(s.of(1_000_000), |n| format!(" <{n}@x>\n")))),
    },
    Single {
        name: "In-Reply-To a million ids",
        make: |s| header(&format!("In-Reply-To: {}\n", numbered(s.of(1_000_000), |n| format!("<{n}@x>")))),
    },
    Single { name: "References of bare words", make: |s| header(&format!("References: {}\n", s.fill("a@b,", 2 * MB))) },
    Single {
        name: "many fields of References",
        make: |s| header(&s.times(&format!("References: {}\n", "<a@b>".repeat(100)), 20_000)),
    },
    Single {
        name: "dates out of range",
        make: |s| {
            header(&s.times(
                "Date: Xxx, 99 Foo 99999999999999999999 99:99:99 +9999999999\nDate: Mon, 1 Jan -9999 00:00:00 -9999\n",
                10_000,
            ))
        },
    },
    Single {
        name: "a date of comments",
        make: |s| {
            let comments = s.fill("(", MB / 2) + &s.fill(")", MB / 2);
            format!("Date: {comments} 1 Jan 2026\nFrom: m@example.net\nDate: {}\n\nHello.\n", s.fill("9", MB)).into_bytes()
        },
    },
    Single {
        name: "a hundred thousand parameters",
        make: |s| typed(&format!("text/plain{}", numbered(s.of(100_000), |n| format!("; p{n}=y"))), "Hello.\n"),
    },
    Single {
        name: "parameters that are only semicolons",
        make: |s| typed(&format!("text/plain{}", s.fill(";", MB)), "Hello.\n"),
    },
    Single {
        name: "a hundred thousand continuations",
        make: |s| {
            let name = numbered(s.of(100_000), |n| format!(";\n filename*{n}*=%41"));
            mail(&format!("Content-Type: application/pdf\nContent-Disposition: attachment{name}\n"), "x")
        },
    },
    Single {
        name: "continuations numbered beyond 64 bits",
        make: |s| {
            let name = s.times("; name*18446744073709551616=a; name*4294967295*=%41; name*-1=b; name**=c; name*=d'", 20_000);
            mail(&format!("Content-Type: application/pdf{name}\nContent-Disposition: attachment{name}\n"), "x")
        },
    },
    Single {
        name: "a file name of percent signs",
        make: |s| {
            mail(&format!("Content-Type: a/b\nContent-Disposition: attachment; filename*=utf-8''{}\n", s.fill("%", MB)), "x")
        },
    },
    Single {
        name: "a charset label of 1 MB",
        make: |s| typed(&format!("text/plain; charset={}", s.fill("x", MB)), "Gr\u{fc}\u{df}e\n"),
    },
    Single {
        name: "a transfer encoding of 1 MB",
        make: |s| mail(&format!("Content-Transfer-Encoding: {}\n", s.fill("x", MB)), "Hello.\n"),
    },
    Single {
        name: "a Content-ID of 1 MB",
        make: |s| mail(&format!("Content-Type: image/png\nContent-ID: <{}>\n", s.fill("x", MB)), "Hello.\n"),
    },
    Single { name: "a media type of 1 MB", make: |s| typed(&s.fill("x", MB), "Hello.\n") },
    Single { name: "a header of NULs", make: |s| header(&format!("Subject: {}\n", s.fill("\0", 20 * MB))) },
    Single {
        name: "raw octets in every field",
        make: |s| {
            let mut raw = HEAD.as_bytes().to_vec();
            for _ in 0..s.of(2_000) {
                raw.extend_from_slice(b"Subject: ");
                raw.extend(rubbish(500).into_iter().filter(|b| !matches!(b, b'\r' | b'\n')).map(|b| b | 0x80));
                raw.push(b'\n');
            }
            raw.extend_from_slice(b"\nHello.\n");
            raw
        },
    },
    Single {
        name: "empty lines in front of it",
        make: |s| [s.fill("\r\n", 20 * MB).into_bytes(), header("Subject: x\n")].concat(),
    },
    Single {
        name: "mbox lines in front of it",
        make: |s| [s.fill(">From a\n", 20 * MB).into_bytes(), header("Subject: x\n")].concat(),
    },
    Single {
        name: "CR alone over 20 MB",
        make: |s| format!("{}\r{}", HEAD.replace('\n', "\r"), s.fill("a line\r", 20 * MB)).into_bytes(),
    },
    Single { name: "a letter and CR", make: |s| format!("x{}", s.fill("\r", 20 * MB)).into_bytes() },
    Single { name: "a letter and LF", make: |s| format!("x{}", s.fill("\n", 20 * MB)).into_bytes() },
    Single {
        name: "line ends of every kind",
        make: |s| mail("", s.fill("a\rb\nc\r\r\nd\n\re\u{2028}f\u{85}g\u{b}h\u{c}", 20 * MB)),
    },
    Single {
        name: "a hundred thousand list fields",
        make: |s| header(&s.times("List-Id: <x.example>\nList-Unsubscribe: <mailto:a@b.example>\nPrecedence: list\n", 100_000)),
    },
    Single {
        name: "a hundred thousand marks of machines",
        make: |s| header(&s.times("Auto-Submitted: no;x\nX-Auto-Response-Suppress: ,;,;\nX-Loop: y\nX-Spam-Flag: NO\n", 100_000)),
    },
    Single {
        name: "suppressions without end",
        make: |s| header(&format!("X-Auto-Response-Suppress: {}\n", s.fill("none,", MB))),
    },
    Single {
        name: "results of authentication without end",
        make: |s| {
            header(&s.times(
                &format!("Authentication-Results: mx.example; {}\n", "dkim=pass (ok) header.d=example.org; ".repeat(100)),
                5_000,
            ))
        },
    },
    Single {
        name: "tags and prefixes without end",
        make: |s| {
            header(&format!(
                "Subject: {}{}\n",
                s.fill("Re: [example.org #18446744073709551616] AW[99999999999]: ", MB),
                "[#1]".repeat(9_999)
            ))
        },
    },
    Single {
        name: "a tag turned around",
        make: |s| {
            header(&format!(
                "Subject: {}[\u{202e}1# gro.elpmaxe\u{202c}] [example.org #\u{661}] [\u{2066}#1\u{2069}]\n",
                s.fill("\u{202e}[", 4_000)
            ))
        },
    },
    Single { name: "a subject of brackets", make: |s| header(&format!("Subject: {}{}\n", s.fill("[", MB), s.fill("]", MB))) },
    Single {
        name: "a header in UTF-16",
        make: |s| header(&s.fill("Subject: x\n", MB)).into_iter().flat_map(|b| [b, 0]).collect(),
    },
];
