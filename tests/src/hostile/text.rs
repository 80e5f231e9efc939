//! Plain texts that hurt whoever looks for quotes, signatures, tags and files in them.

use super::{Attack, MB, Scale, mail, numbered, typed};

/// A little more than is read of any text.
const READ: usize = 5 * MB / 2;

/// Lines of one kind.
fn lines(s: Scale, text: &str) -> Vec<u8> {
    mail("", s.fill(text, READ))
}

fn flowed(s: Scale, text: &str) -> Vec<u8> {
    typed("text/plain; format=flowed; delsp=yes", s.fill(text, READ))
}

pub(super) const ATTACKS: &[Attack] = &[
    Attack { name: "2 MB of >", make: |s| lines(s, ">") },
    Attack { name: "lines of >", make: |s| lines(s, ">\n") },
    Attack { name: "lines of > and text in turn", make: |s| lines(s, "> a\nb\n") },
    Attack { name: "a million levels of quotes", make: |_| mail("", format!("{} deep\nAnswer.\n", "> ".repeat(MB))) },
    Attack { name: "deeper with every line", make: |_| mail("", numbered(2_000, |n| format!("{} x\n", ">".repeat(n)))) },
    Attack { name: "lines of On", make: |s| lines(s, "On \n") },
    Attack { name: "attributions", make: |s| lines(s, "On 1 Jan 2026 a@b.example wrote:\n") },
    Attack { name: "short attributions", make: |s| lines(s, "1a b:\n") },
    Attack { name: "attributions that go on", make: |s| lines(s, "On 1\n") },
    Attack {
        name: "attributions with one quote at the end",
        make: |_| mail("", "On 1 Jan 2026, 10:00 a@b.example wrote:\nx\n".repeat(40_000) + "> quote\n"),
    },
    Attack { name: "attributions and quotes in turn", make: |s| lines(s, "On 1 Jan 2026, 10:00 a@b.example wrote:\n> q\nx\n") },
    Attack { name: "an attribution of 2 MB", make: |_| mail("", format!("On {} wrote:\n> x\n", "1 ".repeat(MB))) },
    Attack { name: "lines of From", make: |s| lines(s, "From:\n") },
    Attack { name: "lines of From and Sent", make: |s| lines(s, "From: a\nx\nx\nx\nx\n") },
    Attack { name: "lines of From behind stars", make: |s| lines(s, "*From:*\n") },
    Attack { name: "stars", make: |s| lines(s, "*\n") },
    Attack { name: "stars between spaces", make: |s| lines(s, " * \n\n") },
    Attack { name: "dashes", make: |s| lines(s, "--\n") },
    Attack { name: "dashes between empty lines", make: |s| lines(s, "\n--\n\n") },
    Attack { name: "signatures", make: |s| lines(s, "-- \n") },
    Attack { name: "signatures with names", make: |s| lines(s, "\n--\nAnna\n") },
    Attack { name: "signatures above quotes", make: |s| lines(s, "\n--\nAnna\n>\n") },
    Attack {
        name: "signatures above a long quote",
        make: |_| mail("", "a\n\n--\nAnna\n\n".repeat(50_000) + &"> \n".repeat(500_000)),
    },
    Attack { name: "rulers", make: |s| lines(s, "____________________\n") },
    Attack { name: "rulers and empty lines", make: |s| lines(s, "____________________\n\n\n\n") },
    Attack { name: "rulers and stars", make: |s| lines(s, "____________________\n*\n") },
    Attack {
        name: "one ruler above empty lines",
        make: |_| mail("", "____________________\n".repeat(1_000) + &"\n".repeat(2_000_000)),
    },
    Attack { name: "original messages, nearly", make: |s| lines(s, "--- original massage ---\n") },
    Attack { name: "original messages", make: |s| lines(s, "x\n-----Original Message-----\n") },
    Attack { name: "sent from my", make: |s| lines(s, "Sent from my \n") },
    Attack { name: "escaped From", make: |s| lines(s, ">From \n") },
    Attack { name: "answers between quotes", make: |s| lines(s, "> a\n> On 1 Jan 2026 a@b.example wrote:\n\nb\n\n") },
    Attack { name: "quotes of one letter each", make: |s| lines(s, "a\n> b\n\n") },
    Attack { name: "colons of every script", make: |s| lines(s, "\u{ff1a}\u{fe30}:\u{53d1}\u{4ef6}\u{4eba}\u{ff1a}\n") },
    Attack { name: "words of every header block", make: |s| lines(s, "von: de: da: \u{43e}\u{442}: \u{627}\u{644}:\nbetreff\n") },
    Attack { name: "letters that grow in lower case", make: |s| lines(s, "1\u{130}\u{130}\u{130}\u{130}\u{130}:\n") },
    Attack { name: "shingles of ours", make: |s| lines(s, "the same five words again the same five words again and again\n") },
    Attack { name: "spaces", make: |s| lines(s, " ") },
    Attack { name: "spaces in front of every line", make: |_| mail("", numbered(1_500, |n| format!("{}x\n", " ".repeat(n)))) },
    Attack { name: "no-break spaces", make: |s| lines(s, "\u{a0}\u{a0}\n") },
    Attack { name: "empty lines", make: |s| lines(s, "\r\n\r\n") },
    Attack { name: "tabs", make: |s| lines(s, "\t\t\t\n") },
    Attack { name: "text that turns around", make: |s| lines(s, "\u{202e}\u{2066}> x\u{2069}\n") },
    Attack { name: "combining marks", make: |s| lines(s, "Z\u{30c}\u{323}\u{489}") },
    Attack { name: "flowed quotes", make: |s| flowed(s, "> \n>> \n") },
    Attack { name: "flowed without end", make: |s| flowed(s, "x \n") },
    Attack {
        name: "flowed a million levels deep",
        make: |_| typed("text/plain; format=flowed", ">".repeat(MB) + " x \n" + &">".repeat(MB)),
    },
    Attack { name: "flowed depths in turn", make: |s| flowed(s, &format!("{} x \n> y \n", ">".repeat(50))) },
    Attack { name: "flowed signatures", make: |s| flowed(s, "-- \n> -- \nx \n") },
    Attack {
        name: "forwarded inside forwarded",
        make: |s| lines(s, "---------- Forwarded message ---------\nFrom: a@b.example\nDate: x\nSubject: y\nTo: c@d.example\n\n"),
    },
    Attack { name: "forwarded, the lines only begun", make: |s| lines(s, "---------- Forwarded message ---------\nFrom: \nx\n") },
    Attack { name: "commands", make: |s| lines(s, "Status: resolved\nOwner: nobody\n#take\n!close\n") },
    Attack { name: "addresses in the text", make: |s| lines(s, "<a@b.example> https://x.example/?a=b mailto:c@d.example\n") },
    Attack { name: "one line of addresses", make: |s| lines(s, "a@b.example, <c@d.example>; ") },
];
