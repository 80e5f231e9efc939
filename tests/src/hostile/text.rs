//! Plain texts that hurt whoever looks for quotes, signatures, tags and files in them.

use super::{Family, MB, Scale, Single, mail, numbered, of_staff, rubbish, typed};

/// A little more than is read of any text.
const READ: usize = 5 * MB / 2;

/// Lines of one kind.
fn lines(s: Scale, text: &str) -> Vec<u8> {
    mail("", s.fill(text, READ))
}

fn flowed(s: Scale, text: &str) -> Vec<u8> {
    typed("text/plain; format=flowed; delsp=yes", s.fill(text, READ))
}

/// Attacks that differ by their text alone.
pub(super) const FAMILIES: &[Family] = &[
    Family {
        make: lines,
        texts: &[
            ("2 MB of >", ">"),
            ("lines of >", ">\n"),
            ("lines of > and text in turn", "> a\nb\n"),
            ("lines of On", "On \n"),
            ("attributions", "On 1 Jan 2026 a@b.example wrote:\n"),
            ("short attributions", "1a b:\n"),
            ("attributions that go on", "On 1\n"),
            ("attributions and quotes in turn", "On 1 Jan 2026, 10:00 a@b.example wrote:\n> q\nx\n"),
            ("lines of From", "From:\n"),
            ("lines of From and Sent", "From: a\nx\nx\nx\nx\n"),
            ("lines of From behind stars", "*From:*\n"),
            ("stars", "*\n"),
            ("stars between spaces", " * \n\n"),
            ("dashes", "--\n"),
            ("dashes between empty lines", "\n--\n\n"),
            ("signatures", "-- \n"),
            ("signatures with names", "\n--\nAnna\n"),
            ("signatures above quotes", "\n--\nAnna\n>\n"),
            ("rulers", "____________________\n"),
            ("rulers and empty lines", "____________________\n\n\n\n"),
            ("rulers and stars", "____________________\n*\n"),
            ("original messages, nearly", "--- original massage ---\n"),
            ("original messages", "x\n-----Original Message-----\n"),
            ("sent from my", "Sent from my \n"),
            ("escaped From", ">From \n"),
            ("answers between quotes", "> a\n> On 1 Jan 2026 a@b.example wrote:\n\nb\n\n"),
            ("quotes of one letter each", "a\n> b\n\n"),
            ("colons of every script", "\u{ff1a}\u{fe30}:\u{53d1}\u{4ef6}\u{4eba}\u{ff1a}\n"),
            ("words of every header block", "von: de: da: \u{43e}\u{442}: \u{627}\u{644}:\nbetreff\n"),
            ("letters that grow in lower case", "1\u{130}\u{130}\u{130}\u{130}\u{130}:\n"),
            ("shingles of ours", "the same five words again the same five words again and again\n"),
            ("spaces", " "),
            ("no-break spaces", "\u{a0}\u{a0}\n"),
            ("empty lines", "\r\n\r\n"),
            ("tabs", "\t\t\t\n"),
            ("text that turns around", "\u{202e}\u{2066}> x\u{2069}\n"),
            ("combining marks", "Z\u{30c}\u{323}\u{489}"),
            (
                "forwarded inside forwarded",
                "---------- Forwarded message ---------\nFrom: a@b.example\nDate: x\nSubject: y\nTo: c@d.example\n\n",
            ),
            ("forwarded, the lines only begun", "---------- Forwarded message ---------\nFrom: \nx\n"),
            ("commands", "Status: resolved\nOwner: nobody\n#take\n!close\n"),
            ("addresses in the text", "<a@b.example> https://x.example/?a=b mailto:c@d.example\n"),
            ("one line of addresses", "a@b.example, <c@d.example>; "),
        ],
    },
    Family {
        make: flowed,
        texts: &[("flowed quotes", "> \n>> \n"), ("flowed without end", "x \n"), ("flowed signatures", "-- \n> -- \nx \n")],
    },
];

/// Words with the mark of commands that are none, each compared with those that are.
fn slips(s: Scale, above: &str, end: &str) -> Vec<u8> {
    of_staff("", above.to_owned() + &numbered(s.of(80_000), |n| format!("!qqqq{n:06}{end}")))
}

/// Two forms of one text.
fn forms(plain: &str, html: &str) -> Vec<u8> {
    let body = format!("--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n");
    of_staff("Content-Type: multipart/alternative; boundary=b\n", body)
}

/// Octets without a meaning, a NUL among the first, so that they look like text of two octets a character.
fn random(s: Scale, head: &[u8]) -> Vec<u8> {
    [head, &rubbish(s.of(30 * MB))].concat()
}

pub(super) const ATTACKS: &[Single] = &[
    Single { name: "slips of commands below a text", make: |s| slips(s, "Hello\n\n", "\n") },
    Single { name: "slips of commands in one paragraph with a text", make: |s| slips(s, "Hello\n", "\n") },
    Single { name: "slips of commands", make: |s| slips(s, "", "\n") },
    Single { name: "slips of commands in paragraphs", make: |s| slips(s, "!take\n\n", "\n\n") },
    Single { name: "fields of commands", make: |s| of_staff("", "Status: open\n".to_owned() + &s.times("Foo: bar\n", 200_000)) },
    Single { name: "commands of one form", make: |s| forms(&s.times("!take\n", 120_000), "<p>Hello</p>") },
    Single {
        name: "commands in paragraphs of HTML",
        make: |s| {
            let text = s.times("<div>", 20_000) + &s.times("<p>!take", 20_000);
            of_staff("Content-Type: text/html\n", text)
        },
    },
    Single {
        name: "commands in a second text",
        make: |s| {
            let text = numbered(s.of(80_000), |n| format!("!qqqq{n:06}\n"));
            let first = "--b\nContent-Type: text/plain\n\nHello\n--b\nContent-Type: text/plain\n\n";
            of_staff("Content-Type: multipart/mixed; boundary=b\n", format!("{first}{text}--b--\n"))
        },
    },
    Single { name: "random octets of 30 MB for a mail", make: |s| random(s, b"\0") },
    Single { name: "random octets of 30 MB for a body", make: |s| random(s, b"Subject: x\n\n\0") },
    Single { name: "random octets of 30 MB behind a mark of UTF-16", make: |s| random(s, b"\xff\xfe") },
    Single { name: "30 MB of UTF-16", make: |s| [&b"\xff\xfe"[..], &s.fill_octets(&[0x2d, 0x4e, 0x87, 0x65], 30 * MB)].concat() },
    Single { name: "a million levels of quotes", make: |_| mail("", format!("{} deep\nAnswer.\n", "> ".repeat(MB))) },
    Single { name: "deeper with every line", make: |_| mail("", numbered(2_000, |n| format!("{} x\n", ">".repeat(n)))) },
    Single {
        name: "attributions with one quote at the end",
        make: |_| mail("", "On 1 Jan 2026, 10:00 a@b.example wrote:\nx\n".repeat(40_000) + "> quote\n"),
    },
    Single { name: "an attribution of 2 MB", make: |_| mail("", format!("On {} wrote:\n> x\n", "1 ".repeat(MB))) },
    Single {
        name: "signatures above a long quote",
        make: |_| mail("", "a\n\n--\nAnna\n\n".repeat(50_000) + &"> \n".repeat(500_000)),
    },
    Single {
        name: "one ruler above empty lines",
        make: |_| mail("", "____________________\n".repeat(1_000) + &"\n".repeat(2_000_000)),
    },
    Single { name: "spaces in front of every line", make: |_| mail("", numbered(1_500, |n| format!("{}x\n", " ".repeat(n)))) },
    Single {
        name: "flowed a million levels deep",
        make: |_| typed("text/plain; format=flowed", ">".repeat(MB) + " x \n" + &">".repeat(MB)),
    },
    Single { name: "flowed depths in turn", make: |s| flowed(s, &format!("{} x \n> y \n", ">".repeat(50))) },
];
