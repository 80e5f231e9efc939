//! Message-IDs that we make: they carry ticket, event and audience, and a signature that nobody else can make (A62, A154).

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// For whom a mail of ours was. Answers to a mail for staff stay among staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Not a mail: the root under which all mails of a ticket thread.
    Root,
    /// Requestors and Ccs.
    Customers,
    /// Owner and AdminCcs.
    Staff,
    /// Readers of internal comments who work here.
    Comments,
    /// Readers of internal comments who do not: what they answer is internal, and shows nobody to be staff.
    Readers,
}

/// What one of our own Message-IDs says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct OwnId {
    /// Ticket number.
    pub ticket: u64,
    /// History entry that the mail tells of; 0 for [`Audience::Root`].
    pub event: u64,
    /// For whom it was.
    pub audience: Audience,
}

/// A signing key: its short name, written into each id, and its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Key id: one to four lower-case letters or digits.
    pub id: String,
    /// Secret octets, at least 16.
    pub secret: Vec<u8>,
}

/// Octets of the signature that are kept: 80 bits, 16 characters.
const MAC_OCTETS: usize = 10;

/// Longer ids are not ours.
const LONGEST: usize = 256;

impl Audience {
    fn letter(self) -> char {
        match self {
            Audience::Root => 'r',
            Audience::Customers => 'c',
            Audience::Staff => 's',
            Audience::Comments => 'i',
            Audience::Readers => 'n',
        }
    }

    fn from_letter(letter: &str) -> Option<Self> {
        Some(match letter {
            "r" => Audience::Root,
            "c" => Audience::Customers,
            "s" => Audience::Staff,
            "i" => Audience::Comments,
            "n" => Audience::Readers,
            _ => return None,
        })
    }
}

/// The signed part of an id.
fn claim(key_id: &str, id: OwnId) -> String {
    format!("{key_id}.{}.{}.{}", id.ticket, id.event, id.audience.letter())
}

/// The signature state over a claim. The prefix keeps these signatures apart from any other use of the key.
fn signer(key: &Key, claim: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.secret).ok()?;
    mac.update(b"postern message-id\0");
    mac.update(claim.as_bytes());
    Some(mac)
}

/// The domain of ids that stand in for a missing Message-ID (A72). RFC 2606 section 2 keeps it from ever existing.
pub const SYNTHETIC_DOMAIN: &str = "synthetic.invalid";

/// Whether an id stands in for a missing one: nobody else knows it, so no mail can name it.
pub fn is_synthetic(message_id: &str) -> bool {
    message_id.rsplit_once('@').is_some_and(|(_, domain)| domain == SYNTHETIC_DOMAIN)
}

/// Makes the Message-ID, without angle brackets: `<key>.<ticket>.<event>.<audience>.<mac>@<domain>`.
pub fn make(key: &Key, id: OwnId, domain: &str) -> String {
    let claim = claim(&key.id.to_ascii_lowercase(), id);
    // HMAC takes keys of any length, so there is always a signature.
    let mac = signer(key, &claim).map(|m| m.finalize().into_bytes()).unwrap_or_default();
    let mac = BASE32_NOPAD.encode(&mac[..MAC_OCTETS]).to_ascii_lowercase();
    let domain: String = domain.chars().filter(|c| c.is_alphanumeric() || ".-_".contains(*c)).collect();
    format!("{claim}.{mac}@{}", domain.to_lowercase())
}

/// Reads a Message-ID. `None` unless one of `keys` signed it. The domain does not count: relays rewrite it.
pub fn read(keys: &[Key], message_id: &str) -> Option<OwnId> {
    let id = message_id.trim().trim_start_matches('<').trim_end_matches('>');
    if id.len() > LONGEST || !id.is_ascii() {
        return None;
    }
    let local = id.split_once('@').map_or(id, |(local, _)| local).to_ascii_lowercase();
    let mut fields = local.split('.');
    let (key_id, ticket, event, audience, mac) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() || mac.len() != MAC_OCTETS * 8 / 5 {
        return None;
    }
    let own = OwnId { ticket: number(ticket)?, event: number(event)?, audience: Audience::from_letter(audience)? };
    let mac = BASE32_NOPAD.decode(mac.to_ascii_uppercase().as_bytes()).ok()?;
    // `verify_truncated_left` compares in constant time.
    keys.iter()
        .filter(|key| key.id.eq_ignore_ascii_case(key_id))
        .filter_map(|key| signer(key, &claim(key_id, own)))
        .any(|signer| signer.verify_truncated_left(&mac).is_ok())
        .then_some(own)
}

/// A decimal number in its one form: digits only, no zeros in front.
fn number(text: &str) -> Option<u64> {
    let canonical = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if canonical { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str, secret: u8) -> Key {
        Key { id: id.to_owned(), secret: vec![secret; 32] }
    }

    const ID: OwnId = OwnId { ticket: 123, event: 456, audience: Audience::Staff };

    #[test]
    fn a62_what_is_made_is_read() {
        let keys = [key("k1", 1)];
        for audience in [Audience::Root, Audience::Customers, Audience::Staff, Audience::Comments, Audience::Readers] {
            for ticket in [1, 123, u64::MAX] {
                let id = OwnId { ticket, event: 7, audience };
                assert_eq!(read(&keys, &make(&keys[0], id, "example.org")), Some(id));
            }
        }
        let text = make(&keys[0], ID, "Example.org");
        assert!(text.starts_with("k1.123.456.s.") && text.ends_with("@example.org"), "{text}");
        assert_eq!(text.len(), "k1.123.456.s.".len() + 16 + "@example.org".len());
    }

    #[test]
    fn a62_case_brackets_and_domain_do_not_count() {
        let keys = [key("k1", 1)];
        let text = make(&keys[0], ID, "example.org");
        for form in
            [text.to_uppercase(), format!("<{text}>"), format!(" <{text}> "), text.replace("example.org", "relay.invalid")]
        {
            assert_eq!(read(&keys, &form), Some(ID), "{form}");
        }
        assert_eq!(read(&keys, text.split('@').next().unwrap()), Some(ID));
    }

    #[test]
    fn a62_nothing_of_it_can_be_changed() {
        let keys = [key("k1", 1)];
        let text = make(&keys[0], ID, "example.org");
        for forged in [
            text.replace(".123.", ".124."),
            text.replace(".123.", ".0123."),
            text.replace(".123.", ".+123."),
            text.replace(".456.", ".457."),
            text.replace(".s.", ".c."),
            text.replace("k1.", "k2."),
            text.replace('@', "x@"),
            text.replace('@', ".x@"),
            format!("{}{}", &text[..13], &text[14..]),
            String::new(),
            "....@".to_owned(),
            "a".repeat(100_000),
        ] {
            assert_eq!(read(&keys, &forged), None, "{forged}");
        }
        assert_eq!(read(&[key("k1", 2)], &text), None);
        assert_eq!(read(&[], &text), None);
    }

    #[test]
    fn a154_every_audience_has_its_own_signature() {
        let signature = |audience| make(&key("k1", 1), OwnId { audience, ..ID }, "x").split('.').nth(4).map(str::to_owned);
        assert_ne!(signature(Audience::Customers), signature(Audience::Comments));
    }

    #[test]
    fn a62_keys_rotate() {
        let (old, new) = (key("a", 1), key("b", 2));
        let text = make(&old, ID, "example.org");
        assert_eq!(read(&[new.clone(), old], &text), Some(ID));
        assert_eq!(read(&[new], &text), None);
    }
}
