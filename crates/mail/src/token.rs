//! Signed tokens in addresses and subjects: `support+123.k1.abcdefghijklmnop@example.org`.
//!
//! A token names a number and is bound to an address by a signature, so that it works for one person and tells nobody else
//! anything. Its characters survive every mail system: lower-case base32, digits and dots, compared without regard to case.

use crate::ident::Key;
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::borrow::Cow;

/// What a token lets do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Answer a ticket; the number is the ticket's. Bound to the address that was written to.
    Reply,
    /// Hear no more of a ticket; the number is the ticket's. Bound to the address that was written to.
    Unsubscribe,
    /// Report on a mail; the number is its row in the outbox.
    Bounce,
    /// Show that such addresses come back to us; the number is of the probe. Bound to the address without its extension.
    Probe,
    /// Say that one wrote a held mail; the number is its row in the ledger. Bound to the address that was asked.
    Confirm,
    /// Say that a held answer is meant as it is; the number is its mail's row in the ledger. Bound to the address that was asked.
    Send,
    /// Take back what the commands in a mail did; the number is its row in the ledger. Bound to the address that the transcript went to.
    Undo,
    /// Say that all of a mail's many commands are meant; the number is its row in the ledger. Bound to the address that was asked.
    Many,
    /// Act on the numbers of a reminder; the number is its row. Bound to the address that it went to.
    Remind,
}

impl Purpose {
    fn letter(self) -> &'static str {
        match self {
            Purpose::Reply => "",
            Purpose::Unsubscribe => "u",
            Purpose::Bounce => "b",
            Purpose::Probe => "p",
            Purpose::Confirm => "c",
            Purpose::Send => "s",
            Purpose::Undo => "t",
            Purpose::Many => "m",
            Purpose::Remind => "r",
        }
    }
}

/// Octets of the signature that are kept: 80 bits, 16 characters.
const MAC_OCTETS: usize = 10;
/// RFC 5321 section 4.5.3.1.1: octets of a local part.
const LONGEST_LOCAL_PART: usize = 64;

/// A token as it was read; only [`verify`] says whether it is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it lets do.
    pub purpose: Purpose,
    /// The number that it names.
    pub number: u64,
    key_id: String,
    mac: Vec<u8>,
}

fn signer(key: &Key, purpose: Purpose, number: u64, address: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.secret).ok()?;
    mac.update(b"postern token\0");
    mac.update(format!("{}{number}\0", purpose.letter()).as_bytes());
    mac.update(address.to_lowercase().as_bytes());
    Some(mac)
}

/// Makes a token: `<purpose><number>.<key>.<signature>`.
pub fn make(key: &Key, purpose: Purpose, number: u64, address: &str) -> String {
    // HMAC takes keys of any length, so there is always a signature.
    let mac = signer(key, purpose, number, address).map(|m| m.finalize().into_bytes()).unwrap_or_default();
    let mac = BASE32_NOPAD.encode(&mac[..MAC_OCTETS]).to_ascii_lowercase();
    format!("{}{number}.{}.{mac}", purpose.letter(), key.id.to_ascii_lowercase())
}

/// Reads a token; `None` if the text has not the form of one.
pub fn read(text: &str) -> Option<Token> {
    let mut fields = text.trim().split('.');
    let (head, key_id, mac) = (fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() || !text.is_ascii() || mac.len() != MAC_OCTETS * 8 / 5 {
        return None;
    }
    let head = head.to_ascii_lowercase();
    // Reply last: it has no letter.
    let purposes = [
        Purpose::Unsubscribe,
        Purpose::Bounce,
        Purpose::Probe,
        Purpose::Confirm,
        Purpose::Send,
        Purpose::Undo,
        Purpose::Many,
        Purpose::Remind,
        Purpose::Reply,
    ];
    let (purpose, digits) = purposes.into_iter().find_map(|p| Some((p, head.strip_prefix(p.letter())?)))?;
    let canonical =
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    let number = if canonical { digits.parse().ok()? } else { return None };
    let mac = BASE32_NOPAD.decode(mac.to_ascii_uppercase().as_bytes()).ok()?;
    Some(Token { purpose, number, key_id: key_id.to_ascii_lowercase(), mac })
}

/// Whether one of `keys` signed the token for this address.
pub fn verify(keys: &[Key], token: &Token, address: &str) -> bool {
    keys.iter()
        .filter(|key| key.id.eq_ignore_ascii_case(&token.key_id))
        .filter_map(|key| signer(key, token.purpose, token.number, address))
        .any(|signer| signer.verify_truncated_left(&token.mac).is_ok())
}

/// `support@example.org` with a token as its extension; `None` where the local part would get longer than mail allows.
pub fn extend(address: &str, delimiter: char, token: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let extended = format!("{local}{delimiter}{token}");
    (extended.len() <= LONGEST_LOCAL_PART && !local.starts_with('"')).then(|| format!("{extended}@{domain}"))
}

/// The token in the extension of an address.
pub fn in_address(address: &str, delimiter: char) -> Option<Token> {
    let (local, _) = address.rsplit_once('@')?;
    local.match_indices(delimiter).find_map(|(at, _)| read(&local[at + delimiter.len_utf8()..]))
}

/// A text without the tokens in its addresses: what one person may do is nobody else's business.
pub fn strip<'t>(text: &'t str, delimiters: &[char]) -> Cow<'t, str> {
    if next_delimiter(text, delimiters).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some((at, length)) = next_delimiter(rest, delimiters) {
        let (before, after) = rest.split_at(at);
        let (delimiter, after) = after.split_at(length);
        let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(after.len());
        out.push_str(before);
        let address = after[end..].starts_with('@') || after[end..].starts_with("%40");
        if address && read(&after[..end]).is_some() {
            rest = &after[end..];
        } else {
            out.push_str(delimiter);
            rest = after;
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Where the next delimiter is, and how many octets it takes: as it is, or as links write the plus.
fn next_delimiter(text: &str, delimiters: &[char]) -> Option<(usize, usize)> {
    text.char_indices().find_map(|(at, c)| match c {
        c if delimiters.contains(&c) => Some((at, c.len_utf8())),
        '%' if text[at..].starts_with("%2B") || text[at..].starts_with("%2b") => Some((at, 3)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> [Key; 2] {
        [Key { id: "k2".into(), secret: vec![2; 32] }, Key { id: "k1".into(), secret: vec![1; 32] }]
    }

    #[test]
    fn e5_a_token_works_for_one_address_one_purpose_and_one_number() {
        let keys = keys();
        let more = [Purpose::Confirm, Purpose::Send, Purpose::Undo, Purpose::Many, Purpose::Remind];
        for purpose in [Purpose::Reply, Purpose::Unsubscribe, Purpose::Bounce, Purpose::Probe].into_iter().chain(more) {
            for key in &keys {
                let text = make(key, purpose, 123, "carla@customer.example");
                for form in [text.clone(), text.to_uppercase()] {
                    let token = read(&form).unwrap_or_else(|| panic!("{form}"));
                    assert_eq!((token.purpose, token.number), (purpose, 123));
                    assert!(verify(&keys, &token, "Carla@customer.example"));
                    assert!(!verify(&keys, &token, "mallory@evil.example"));
                    assert!(!verify(&[], &token, "carla@customer.example"));
                    assert!(!verify(&keys, &Token { number: 124, ..token.clone() }, "carla@customer.example"));
                }
            }
        }
        let reply = read(&make(&keys[0], Purpose::Reply, 7, "a@b")).unwrap();
        assert!(!verify(&keys, &Token { purpose: Purpose::Unsubscribe, ..reply }, "a@b"));
    }

    #[test]
    fn a48_what_has_not_the_form_is_no_token() {
        let good = make(&keys()[0], Purpose::Reply, 123, "a@b");
        for bad in
            ["", "123", "123.k1", "x123.k1.abcdefghijklmnop", "0123.k1.abcdefghijklmnop", "123.k1.short", "é.k.abcdefghijklmnop"]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(read(&format!("{good}.more")), None);
        assert_eq!(read(&good.replace("123", "99999999999999999999")), None);
    }

    #[test]
    fn a48_addresses_are_extended_within_64_octets() {
        let token = make(&keys()[0], Purpose::Reply, 123, "a@b");
        let address = extend("support@example.org", '+', &token).unwrap();
        assert_eq!(address, format!("support+{token}@example.org"));
        assert_eq!(in_address(&address, '+'), read(&token));
        assert_eq!(in_address(&extend("help-desk@example.org", '-', &token).unwrap(), '-'), read(&token));
        assert_eq!(in_address("support@example.org", '+'), None);
        assert_eq!(extend(&format!("{}@example.org", "x".repeat(50)), '+', &token), None);
    }

    #[test]
    fn tokens_are_taken_out_of_what_is_passed_on() {
        let token = make(&keys()[0], Purpose::Reply, 123, "a@b");
        let text =
            format!("On Monday support+{token}@example.org wrote: 1+1=2, a+b@c, C++ +{token} <support+{token}@example.org>");
        let plain = format!("On Monday support@example.org wrote: 1+1=2, a+b@c, C++ +{token} <support@example.org>");
        assert_eq!(strip(&text, &['+', '-']), plain);
        let link = format!("<a href=\"mailto:support%2b{token}@example.org\"> mailto:support%2B{token}%40example.org 100%2B1");
        assert_eq!(strip(&link, &['+']), "<a href=\"mailto:support@example.org\"> mailto:support%40example.org 100%2B1");
    }
}
