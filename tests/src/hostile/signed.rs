//! Signatures of S/MIME that wrap what they sign: lengths that lie, elements without an end, signatures inside signatures.

use super::files::base64;
use super::{MB, Single, mixed, rubbish};

/// 1.2.840.113549.1.7.2 and .1: signed data, and data.
const SIGNED: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 7, 2];
const DATA: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 7, 1];

/// What stands before the digests.
fn head() -> Vec<u8> {
    [&[0x30, 0x80][..], &SIGNED, &[0xa0, 0x80, 0x30, 0x80, 2, 1, 1]].concat()
}

/// A signature of a string that is encoded already; nothing in it has an end.
fn signed(string: &[u8]) -> Vec<u8> {
    [&head()[..], &[0x31, 0, 0x30, 0x80], &DATA, &[0xa0, 0x80], string].concat()
}

/// Octets as one string of a length.
fn string(octets: &[u8]) -> Vec<u8> {
    let length = u32::try_from(octets.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&[4, 0x84][..], &length, octets].concat()
}

/// A part that holds a signature.
fn part(octets: &[u8]) -> String {
    let kind = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m";
    format!("Content-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{}", base64(octets))
}

fn mail(octets: &[u8]) -> Vec<u8> {
    mixed(format!("--b\n{}--b--\n", part(octets)))
}

/// A text inside so many signatures.
fn nested(levels: usize, text: &str) -> Vec<u8> {
    let mut inner = format!("Content-Type: text/plain\n\n{text}");
    for _ in 0..levels {
        inner = part(&signed(&string(inner.as_bytes())));
    }
    mixed(format!("--b\n{inner}--b--\n"))
}

pub(super) const ATTACKS: &[Single] = &[
    Single { name: "strings in strings without end", make: |s| mail(&signed(&s.fill_octets(&[0x24, 0x80], 15 * MB))) },
    Single { name: "sets in sets without end", make: |s| mail(&[head(), s.fill_octets(&[0x31, 0x80], 15 * MB)].concat()) },
    Single { name: "ends of nothing", make: |s| mail(&signed(&[&[0x24, 0x80][..], &s.fill_octets(&[0, 0], 15 * MB)].concat())) },
    Single {
        name: "a million empty pieces",
        make: |s| mail(&signed(&[&[0x24, 0x80][..], &s.fill_octets(&[4, 0], 2 * MB)].concat())),
    },
    Single {
        name: "pieces longer than everything",
        make: |s| mail(&signed(&s.fill_octets(&[0x24, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 4, 0x88], 15 * MB))),
    },
    Single { name: "a signature of rubbish", make: |s| mail(&signed(&string(&rubbish(s.of(15 * MB))))) },
    Single { name: "two dozen signatures inside each other", make: |_| nested(24, "Hello.\n") },
    Single { name: "a large text in twelve signatures", make: |s| nested(12, &s.fill("Hello. ", MB / 2)) },
    Single {
        name: "a thousand signatures of a thousand files",
        make: |_| {
            let files = "--c\nContent-Type: image/png\n\nx\n".repeat(1_000);
            let all = format!("Content-Type: multipart/mixed; boundary=c\n\n{files}");
            mixed(format!("--b\n{}", part(&signed(&string(all.as_bytes())))).repeat(400))
        },
    },
    Single {
        name: "a signature of parts in parts",
        make: |s| {
            let open = s.times("--c\nContent-Type: multipart/mixed; boundary=c\n\n", 100_000);
            let all = format!("Content-Type: multipart/mixed; boundary=c\n\n{open}");
            mail(&signed(&string(all.as_bytes())))
        },
    },
];
