//! Multiparts and attached messages.

use super::{MB, Single, mail, mixed, numbered, typed};

/// Multiparts of a kind inside each other, each with its own boundary, and perhaps with its end.
fn nested(kind: &str, levels: usize, leaf: &str, ends: bool) -> Vec<u8> {
    let open = |n: usize| format!("--b{n}\nContent-Type: multipart/{kind}; boundary=b{}\n\n", n + 1);
    let mut body = numbered(levels, open);
    body += &format!("--b{levels}\n{leaf}");
    if ends {
        (0..=levels).rev().for_each(|n| body += &format!("\n--b{n}--\n"));
    }
    typed(&format!("multipart/{kind}; boundary=b0"), body)
}

const HTML: &str = "Content-Type: text/html\n\n<p>Hello.</p>\n";

pub(super) const ATTACKS: &[Single] = &[
    Single { name: "multiparts ten thousand deep", make: |s| nested("mixed", s.of(10_000), "\nHello.\n", true) },
    Single { name: "multiparts a hundred thousand deep, no end", make: |s| nested("mixed", s.of(100_000), "\nHello.\n", false) },
    Single { name: "alternatives inside each other", make: |s| nested("alternative", s.of(1_000), HTML, true) },
    Single {
        name: "alternatives with a large page inside each other",
        make: |s| {
            let page = format!("Content-Type: text/html\n\n{}", s.fill("<p>word</p>", 20 * MB));
            let text = "Content-Type: text/plain\n\nx\n";
            let open = |n: usize| format!("--b{n}\n{text}--b{n}\nContent-Type: multipart/alternative; boundary=b{}\n\n", n + 1);
            typed("multipart/alternative; boundary=b0", numbered(30, open) + "--b30\n" + text + "--b30\n" + &page)
        },
    },
    Single { name: "related sets inside each other", make: |s| nested("related; start=\"<a@b>\"", s.of(1_000), HTML, true) },
    Single {
        name: "one boundary for every level",
        make: |_| mixed("--b\nContent-Type: multipart/mixed; boundary=b\n\n".repeat(100_000)),
    },
    Single {
        name: "fifty thousand parts",
        make: |_| mixed("--b\nContent-Type: application/octet-stream; name=a.bin\n\nx\n".repeat(50_000) + "--b--\n"),
    },
    Single { name: "a million parts without header", make: |s| mixed(s.times("--b\n\nx\n", 1_000_000)) },
    Single { name: "a million boundaries and nothing else", make: |s| mixed(s.times("--b\n", 1_000_000)) },
    Single { name: "a million ends", make: |s| mixed(s.times("--b--\n", 1_000_000)) },
    Single {
        name: "boundaries that almost match",
        make: |s| mixed(format!("--b\n\n{}", s.fill("--b \t --b\n--bb\n--c\n--\n--b-\n", 20 * MB))),
    },
    Single {
        name: "lines of two dashes at 32 levels",
        make: |s| {
            let long = "x".repeat(900);
            let open = |n: usize| format!("--{long}{n}\nContent-Type: multipart/mixed; boundary={long}{}\n\n", n + 1);
            let body = numbered(31, open) + &s.fill(&format!("--{long}\n--\n--{long}999\n"), 10 * MB) + &s.fill("--\n", 10 * MB);
            typed(&format!("multipart/mixed; boundary={long}0"), body)
        },
    },
    Single {
        name: "boundaries that are prefixes",
        make: |s| {
            let open =
                |n: usize| format!("--{}\nContent-Type: multipart/mixed; boundary={}\n\n", "b".repeat(n + 1), "b".repeat(n + 2));
            typed("multipart/mixed; boundary=b", numbered(s.of(1_000), open))
        },
    },
    Single {
        name: "a boundary of 1 MB",
        make: |s| {
            let boundary = s.fill("b", MB);
            typed(&format!("multipart/mixed; boundary=\"{boundary}\""), format!("--{boundary}\n\nHello.\n--{boundary}--\n"))
        },
    },
    Single { name: "a boundary that nobody names", make: |s| typed("multipart/mixed", s.fill("--\n--a\n--guess me\n", 20 * MB)) },
    Single {
        name: "multiparts without boundary in each part",
        make: |_| mixed("--b\nContent-Type: multipart/mixed\n\n--guess\n".repeat(50_000)),
    },
    Single {
        name: "headers of parts without end",
        make: |s| mixed(s.times(&format!("--b\n{}\n", "X-A: yyyyyyyy\n".repeat(10_000)), 150)),
    },
    Single {
        name: "large fields in a thousand parts",
        make: |s| {
            let large = "p=yyyy; ".repeat(1_500);
            mixed(s.times(&format!("--b\nContent-Type: a/b; {large}\nContent-Disposition: attachment; {large}\n\nx\n"), 1_000))
        },
    },
    Single {
        name: "a defect of its own in every part",
        make: |s| {
            mixed(numbered(s.of(300_000), |n| {
                format!("--b\nContent-Transfer-Encoding: x-{n}\nContent-Type: text/plain; charset=x{n}\n\n\u{fc}\n")
            }))
        },
    },
    Single {
        name: "messages ten thousand deep",
        make: |s| mail("Content-Type: message/rfc822\n", s.times("Content-Type: message/rfc822\n\n", 10_000)),
    },
    Single {
        name: "a digest of fifty thousand",
        make: |_| {
            typed("multipart/digest; boundary=b", "--b\n\nSubject: one of many\nFrom: a@b.example\n\nHello.\n".repeat(50_000))
        },
    },
    Single {
        name: "attached messages of one subject",
        make: |_| {
            let subject = "=?utf-8?Q?=E2=80=AE?= ".repeat(500);
            mixed(format!("--b\nContent-Type: message/rfc822\n\nSubject: {subject}\n\nHello.\n").repeat(1_000))
        },
    },
    Single {
        name: "a thousand alternatives",
        make: |s| typed("multipart/alternative; boundary=b", s.times(&format!("--b\n{HTML}"), 8_000) + "--b--\n"),
    },
    Single {
        name: "three hundred alternatives with pages",
        make: |s| {
            let page = "<p>word</p>".repeat(6_000);
            let one = format!("--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nx\n--c\n{HTML}{page}\n--c--\n");
            mixed(s.times(&one, 300))
        },
    },
    Single {
        name: "a thousand pages",
        make: |s| mixed(s.times(&format!("--b\n{HTML}{}\n", "<table><tr><td>a<td>b</table>".repeat(300)), 1_000)),
    },
    Single {
        name: "a report of a hundred thousand groups",
        make: |s| {
            let status = s.times("Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.0.0\n\n", 100_000);
            report("delivery-status", &format!("--b\nContent-Type: message/delivery-status\n\n{status}"))
        },
    },
    Single {
        name: "a report of one group",
        make: |s| {
            let status = s.fill("X-A: b\n c\n", 20 * MB);
            report("delivery-status", &format!("--b\nContent-Type: message/delivery-status\n\n{status}Action: failed\n"))
        },
    },
    Single {
        name: "a report of a thousand reports",
        make: |s| {
            let status = "Action: failed\nX:\n\n".repeat(1_000);
            report("delivery-status", &s.times(&format!("--b\nContent-Type: message/delivery-status\n\n{status}"), 1_000))
        },
    },
    Single {
        name: "receipts without end",
        make: |s| {
            let receipt = s.fill("Original-Message-ID: <>\n", 20 * MB);
            report("disposition-notification", &format!("--b\nContent-Type: message/disposition-notification\n\n{receipt}"))
        },
    },
    Single {
        name: "feedback without end",
        make: |s| {
            let fields = s.fill("Feedback-Type: abuse\n\n", 10 * MB);
            report(
                "feedback-report",
                &format!("--b\nContent-Type: message/feedback-report\n\n{fields}--b\nContent-Type: message/rfc822\n\n{fields}"),
            )
        },
    },
    Single {
        name: "a bounce in prose without end",
        make: |s| {
            let raw = mail(
                "X-Failed-Recipients: a@b.example\n",
                s.fill("> > Message-ID: \nSubject:\n> From MAILER-DAEMON\n550 5.1.1 <a@b.example>\n", 4 * MB),
            );
            String::from_utf8_lossy(&raw).replace("Mallory <mallory@", "<MAILER-DAEMON@").into_bytes()
        },
    },
    Single {
        name: "an S/MIME and PGP tower",
        make: |s| {
            nested(
                "signed; protocol=\"application/pgp-signature\"",
                s.of(1_000),
                "Content-Type: application/pkcs7-mime\n\nAAAA\n",
                true,
            )
        },
    },
    Single {
        name: "fragments and bodies elsewhere",
        make: |_| {
            mixed("--b\nContent-Type: message/partial; number=1; total=99999999999; id=x\n\n--b\nContent-Type: message/external-body; access-type=local-file; name=\"/etc/passwd\"\n\n".repeat(20_000))
        },
    },
];

fn report(kind: &str, parts: &str) -> Vec<u8> {
    typed(&format!("multipart/report; report-type={kind}; boundary=b"), format!("--b\n\nFor people.\n{parts}\n--b--\n"))
}
