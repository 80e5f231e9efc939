//! Messages that mean harm, made from nothing: every way we know to make a reader of mail slow, large, wrong or dead.
//!
//! Knows nothing of the programs that read them, and uses the standard library alone, so that tests of a crate can include
//! it by its path. The same attack and scale always give the same octets.

mod addresses;
mod files;
mod header;
mod html;
mod signed;
mod structure;
mod text;
mod transfer;
mod words;

/// An attack that is made in a way of its own.
struct Single {
    name: &'static str,
    make: fn(Scale) -> Vec<u8>,
}

/// Attacks that are made alike, and differ by a text.
struct Family {
    make: fn(Scale, &str) -> Vec<u8>,
    /// Their names and texts.
    texts: &'static [(&'static str, &'static str)],
}

/// How much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale(usize);

impl Scale {
    /// The whole of it: 20 MB, a million repetitions.
    pub const FULL: Scale = Scale(1);
    /// Small enough for a build that is made for tests. What is dear without being large stays whole.
    pub const SMALL: Scale = Scale(32);

    /// So many repetitions, at full scale.
    fn of(self, full: usize) -> usize {
        full / self.0
    }

    /// A text again and again, as often as `full` says at full scale.
    fn times(self, text: &str, full: usize) -> String {
        text.repeat(self.of(full))
    }

    /// A text again and again up to so many octets at full scale.
    fn fill(self, text: &str, octets: usize) -> String {
        text.repeat(self.of(octets) / text.len())
    }

    /// The same of any octets.
    fn fill_octets(self, octets: &[u8], full: usize) -> Vec<u8> {
        octets.repeat(self.of(full) / octets.len())
    }
}

/// One attack.
pub struct Attack {
    /// What it does, in few words.
    pub name: &'static str,
    /// Makes the message.
    pub make: Box<dyn Fn(Scale) -> Vec<u8>>,
}

/// Every attack.
pub fn all() -> Vec<Attack> {
    let families =
        [addresses::FAMILIES, words::FAMILIES, transfer::FAMILIES, html::FAMILIES, text::FAMILIES, files::FAMILIES].into_iter();
    let alike = families.flatten().flat_map(|Family { make, texts }| {
        texts.iter().map(move |(name, text)| Attack { name, make: Box::new(move |scale| make(scale, text)) })
    });
    let kinds = [
        header::ATTACKS,
        addresses::ATTACKS,
        words::ATTACKS,
        structure::ATTACKS,
        transfer::ATTACKS,
        html::ATTACKS,
        text::ATTACKS,
        files::ATTACKS,
        signed::ATTACKS,
    ];
    let single = kinds.into_iter().flatten().map(|Single { name, make }| Attack { name, make: Box::new(make) });
    alike.chain(single).collect()
}

const MB: usize = 1 << 20;

/// What makes an attack look like a mail; it stands in front, so that the sender is always known.
const HEAD: &str = "From: Mallory <mallory@example.net>\nTo: support@example.org\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n";

/// A message of ours with a subject and a Message-ID, some further fields, and a body.
fn mail(fields: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut raw = format!("{HEAD}Subject: Hello\nMessage-ID: <hostile@example.net>\nMIME-Version: 1.0\n{fields}\n").into_bytes();
    raw.extend_from_slice(body.as_ref());
    raw
}

/// A message that says it is from somebody who works here, as anybody may.
fn of_staff(fields: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let raw = mail(fields, body);
    let rest = raw.get("From: Mallory <mallory@example.net>".len()..).unwrap_or_default();
    [b"From: Anna <anna@example.org>", rest].concat()
}

/// A message whose header is the point.
fn header(fields: &str) -> Vec<u8> {
    format!("{HEAD}{fields}\nHello.\n").into_bytes()
}

/// A body with a Content-Type.
fn typed(content_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    mail(&format!("Content-Type: {content_type}\n"), body)
}

/// A multipart/mixed with the boundary `b`.
fn mixed(body: impl AsRef<[u8]>) -> Vec<u8> {
    typed("multipart/mixed; boundary=b", body)
}

/// Numbered pieces in a row.
fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

/// Octets without any order, the same ones each time.
fn rubbish(size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..size).map(next).collect()
}
