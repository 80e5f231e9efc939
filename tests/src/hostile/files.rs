//! Files in text, and files that hold others.

use super::{Family, MB, Scale, Single, mail, mixed, numbered, typed};

/// How deep a winmail.dat is put into others.
const LEVELS: usize = 2_000;

/// Octets as base64, in lines.
pub(super) fn base64(octets: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(octets.len() / 3 * 4 + octets.len() / 57 + 8);
    for line in octets.chunks(57) {
        for group in line.chunks(3) {
            let at = |n: usize| u32::from(group.get(n).copied().unwrap_or(0));
            let bits = at(0) << 16 | at(1) << 8 | at(2);
            for digit in 0..4 {
                let shown = if digit <= group.len() { alphabet[(bits >> (18 - 6 * digit) & 63) as usize] } else { b'=' };
                out.push(shown as char);
            }
        }
        out.push('\n');
    }
    out
}

/// A winmail.dat with so many attributes of one shape.
fn tnef(attribute: &[u8], count: usize) -> Vec<u8> {
    let mut octets = 0x223e_9f78u32.to_le_bytes().to_vec();
    octets.extend([1, 0]);
    for _ in 0..count {
        octets.extend_from_slice(attribute);
    }
    let file = base64(&octets);
    let kind = "Content-Type: application/ms-tnef; name=\"winmail.dat\"\nContent-Transfer-Encoding: base64\n";
    mixed(format!("--b\n\nHello.\n--b\n{kind}\n{file}--b--\n"))
}

/// An attribute of a winmail.dat: level, kind, data, checksum.
fn attribute(level: u8, kind: u32, data: &[u8]) -> Vec<u8> {
    let sum = data.iter().fold(0u16, |sum, octet| sum.wrapping_add(u16::from(*octet)));
    let size = u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes();
    [&[level], &kind.to_le_bytes()[..], &size, data, &sum.to_le_bytes()].concat()
}

/// The MAPI properties of a message: one of a kind, again and again.
fn properties(property: &[u8], count: usize) -> Vec<u8> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    attribute(1, 0x0006_9003, &[&count.to_le_bytes()[..], &property.repeat(count as usize)].concat())
}

/// RTF in Microsoft's compression that claims 4 GB and repeats itself.
fn rtf(size: usize) -> Vec<u8> {
    let tokens = [0xffu8, 0, 15, 0, 15, 0, 15, 0, 15, 0, 15, 0, 15, 0, 15, 0, 15].repeat(size / 17);
    let length = u32::try_from(tokens.len() + 12).unwrap_or(u32::MAX);
    let stream = [&length.to_le_bytes()[..], &u32::MAX.to_le_bytes(), b"LZFu", &[0; 4], &tokens].concat();
    let padded = stream.len().next_multiple_of(4);
    let count = u32::try_from(stream.len()).unwrap_or(u32::MAX);
    let mut property = [&0x1009_0102u32.to_le_bytes()[..], &1u32.to_le_bytes(), &count.to_le_bytes(), &stream].concat();
    property.resize(12 + padded, 0);
    property
}

fn calendar(s: Scale, lines: &str) -> Vec<u8> {
    let events = s.fill(lines, 20 * MB);
    typed("text/calendar; method=REQUEST; charset=utf-8", format!("BEGIN:VCALENDAR\nMETHOD:REQUEST\n{events}END:VCALENDAR\n"))
}

/// Attacks that differ by their text alone.
pub(super) const FAMILIES: &[Family] = &[Family {
    make: calendar,
    texts: &[
        ("a million events", "BEGIN:VEVENT\nSUMMARY:x\nDTSTART:20261102T100000Z\nEND:VEVENT\n"),
        ("events inside each other", "BEGIN:VEVENT\n"),
        ("an event without end", "ATTENDEE;CN=\"x\":mailto:a@b.example\n"),
        ("an event folded without end", " x\n"),
        ("an event with parameters without end", "DTSTART;TZID=x;VALUE=DATE;"),
    ],
}];

pub(super) const ATTACKS: &[Single] = &[
    Single {
        name: "20 MB of RTF for a body",
        make: |s| typed("text/rtf", format!("{{\\rtf1 {}", s.fill("{\\b x}\\par ", 20 * MB))),
    },
    Single {
        name: "RTF groups without end for a body",
        make: |s| typed("text/rtf", format!("{{\\rtf1 {}", s.fill("{", 20 * MB))),
    },
    Single {
        name: "HTML in RTF in every part",
        make: |_| mixed("--b\nContent-Type: text/rtf\n\n{\\rtf1\\fromhtml1 {\\*\\htmltag64 <p>}x}\n".repeat(900)),
    },
    Single {
        name: "a report of Exchange about a million recipients",
        make: |s| {
            let row = [&1u32.to_le_bytes()[..], &0x0c15_0003u32.to_le_bytes(), &1u32.to_le_bytes()].concat();
            let count = s.of(1_000_000);
            let table = [&u32::MAX.to_le_bytes()[..], &row.repeat(count)].concat();
            let class = attribute(1, 0x0007_8008, b"REPORT.IPM.Note.NDR\0");
            tnef(&[class, attribute(1, 0x0006_9004, &table)].concat(), 1)
        },
    },
    Single { name: "uuencode that begins only", make: |s| mail("", s.times("begin 644 a.txt\n", 200_000)) },
    Single { name: "a hundred thousand uuencoded files", make: |s| mail("", s.times("begin 644 a.txt\nend\n", 100_000)) },
    Single {
        name: "uuencoded files in every part",
        make: |_| mixed(format!("--b\n\n{}", "begin 644 a\nend\n".repeat(1_000)).repeat(999)),
    },
    Single { name: "uuencoded lines of rubbish", make: |s| mail("", format!("begin 644 a.txt\n{}", s.fill("M!!!\n", 20 * MB))) },
    Single {
        name: "yEnc that begins only",
        make: |s| mail("", s.times("=ybegin line=128 size=99999999999999999999 name=a.bin\n", 100_000)),
    },
    Single {
        name: "a hundred thousand yEnc files",
        make: |s| mail("", s.times("=ybegin line=128 size=1 name=a.bin\nk\n=yend size=1 crc32=00000000\n", 100_000)),
    },
    Single {
        name: "yEnc of parts without end",
        make: |s| {
            mail("", s.times("=ybegin part=1 total=2 line=1 size=4294967296 name=a\n=ypart begin=1 end=4294967296\nk\n", 50_000))
        },
    },
    Single {
        name: "names that are all the same",
        make: |_| {
            let name = "a".repeat(170);
            mixed(format!("--b\nContent-Type: image/png; name=\"{name}.png\"\n\nx\n").repeat(1_000))
        },
    },
    Single {
        name: "names of paths",
        make: |s| {
            mail(&format!("Content-Type: a/b\nContent-Disposition: attachment; filename=\"{}x\"\n", s.fill("../", MB)), "x")
        },
    },
    Single {
        name: "file names that turn around",
        make: |_| {
            mixed("--b\nContent-Type: application/pdf; name=\"=?utf-8?Q?=E2=80=AEfdp=2Eexe=00=0D=0AX:?=\"\n\nx\n".repeat(1_000))
        },
    },
    Single { name: "winmail.dat of a million attributes", make: |s| tnef(&attribute(1, 0x0006_9003, &[0; 4]), s.of(1_000_000)) },
    Single {
        name: "winmail.dat of a million files",
        make: |s| {
            let file =
                [attribute(2, 0x0006_9002, &[0; 14]), attribute(2, 0x0001_8010, b"a.txt\0"), attribute(2, 0x0006_800f, b"x")];
            tnef(&file.concat(), s.of(200_000))
        },
    },
    Single {
        name: "winmail.dat that claims 4 GB",
        make: |s| tnef(&[&[1][..], &0x0006_9003u32.to_le_bytes(), &u32::MAX.to_le_bytes(), &vec![0xff; s.of(MB)]].concat(), 1),
    },
    Single {
        name: "winmail.dat of a million properties",
        make: |s| tnef(&properties(&[3, 0, 1, 0, 0xff, 0xff, 0xff, 0xff], s.of(1_000_000)), 1),
    },
    Single {
        name: "winmail.dat of values without end",
        make: |s| {
            let many = [&0x3001_101fu32.to_le_bytes()[..], &u32::MAX.to_le_bytes(), &[0; 8]].concat();
            tnef(&properties(&many, s.of(200_000)), 1)
        },
    },
    Single { name: "winmail.dat with a text that unpacks", make: |s| tnef(&properties(&rtf(s.of(10 * MB)), 1), 1) },
    Single { name: "winmail.dat with many texts that unpack", make: |s| tnef(&properties(&rtf(20_000), s.of(500)), 1) },
    Single {
        name: "winmail.dat in winmail.dat",
        make: |_| {
            let mut inner = attribute(2, 0x0006_800f, b"x");
            for _ in 0..LEVELS {
                let whole = [&0x223e_9f78u32.to_le_bytes()[..], &[1, 0], &inner].concat();
                inner = attribute(2, 0x0006_800f, &whole);
            }
            tnef(&inner, 1)
        },
    },
    Single {
        name: "an empty winmail.dat in every part",
        make: |_| {
            let kind = "Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n";
            mixed(format!("--b\n{kind}\n{}", base64(&[0x78, 0x9f, 0x3e, 0x22, 1, 0])).repeat(999))
        },
    },
    Single {
        name: "an event that repeats for ever",
        make: |s| {
            calendar(
                s,
                "RRULE:FREQ=SECONDLY;INTERVAL=0;COUNT=99999999999999999999;BYDAY=99MO\nEXDATE:99999999T999999Z\nDURATION:P99999999999999999999D\n",
            )
        },
    },
    Single {
        name: "zones of its own",
        make: |s| {
            calendar(
                s,
                "BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nTZOFFSETFROM:+9999\nTZOFFSETTO:-9999\nEND:STANDARD\nEND:VTIMEZONE\n",
            )
        },
    },
    Single {
        name: "a hundred calendars",
        make: |_| {
            let event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n".repeat(100);
            mixed(numbered(999, |n| format!("--b\nContent-Type: text/calendar; name=\"{n}.ics\"\n\n{event}")))
        },
    },
];
