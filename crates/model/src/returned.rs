//! Mail of ours that comes back: what is known of a mail that left, of an address whose mail comes back, and which refusals are
//! about the address itself (A123, A126).

use crate::decision::Step;
use postern_mail::report::enhanced_code;

/// What the trail says of whom nothing is sent to, behind the address and a comma.
pub const UNREACHABLE: &str = "cannot be reached: mail to this address comes back";

/// A mail of ours, as the outbox keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SentMail {
    /// Outbox row.
    pub id: i64,
    /// Ticket; `None` for mail that belongs to none, such as a digest.
    pub ticket: Option<u64>,
    /// Kind, as a word.
    pub kind: String,
    /// Envelope recipient, in lower case.
    pub address: String,
    /// Subject, tag included.
    pub subject: String,
    /// State, as a word.
    pub state: String,
    /// Whether it left with an envelope sender of its own, to which every true report about it comes.
    pub own_sender: bool,
}

impl SentMail {
    /// Whether it left and is not known to have come back. A report may be quicker than the word of the server that took the mail.
    pub fn is_out(&self) -> bool {
        matches!(self.state.as_str(), "sent" | "sending")
    }
}

/// What is known of an address whose mail came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trouble {
    /// Mails that came back because of the address itself.
    pub hard_bounces: u32,
    /// The last of them, by its outbox row.
    pub last_mail: Option<i64>,
    /// Whether nothing is sent there any more.
    pub suspended: bool,
}

/// Whom a decision would have told, if mail to them did not come back: sorted, each once.
pub fn unreachable(trail: &[Step]) -> Vec<&str> {
    let mut found: Vec<&str> = trail.iter().filter(|step| step.step == "mail").filter_map(|step| lost(&step.text)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The address in a step of the trail that says that mail to it comes back.
fn lost(text: &str) -> Option<&str> {
    let who = text.strip_suffix(UNREACHABLE)?.strip_suffix(", who ")?;
    who.rsplit_once(": not to ").map(|(_, address)| address)
}

/// Whether a refusal for good is about the address itself, so that nothing else sent there would arrive either. Told by its
/// enhanced status code (RFC 3463); words without one prove nothing.
///
/// - X.1.x are about addresses: 5.1.1 no such mailbox, 5.1.2 no such domain, 5.1.3 no address at all, 5.1.4 not one mailbox, 5.1.6
///   moved away, 5.1.10 a domain that takes no mail (RFC 7505). Not 5.1.7 and 5.1.8, which are about the sender, nor 5.1.0, with which
///   servers refuse senders and lists of blocked hosts.
/// - 5.2.1 is a mailbox that is closed. The other X.2.x pass: it is full, or the mail too long.
/// - 5.4.4, no route, is not among them: a name server of our own relay that fails would say it of every address.
/// - X.7.x, policy, is about us or the mail.
pub fn is_hard(reply: &str) -> bool {
    let code = enhanced_code(reply).unwrap_or_default();
    matches!(code.as_str(), "5.1.1" | "5.1.2" | "5.1.3" | "5.1.4" | "5.1.6" | "5.1.10" | "5.2.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a126_only_refusals_of_the_address_are_hard() {
        for hard in [
            "550 5.1.1 <x@example.net>: no such user",
            "550-5.1.1 The email account does not exist",
            "5.1.2 domain not found",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found",
            "556 5.1.10 null MX",
            "550 5.2.1 mailbox disabled",
            "its digest, mail 7, could not be delivered: 550 5.1.1 unknown",
        ] {
            assert!(is_hard(hard), "{hard}");
        }
        for soft in [
            "",
            "550 no such user",
            "552 5.2.2 mailbox full",
            "552 5.3.4 too big",
            "554 5.7.1 blocked, see 5.1.1",
            "550 5.1.0 sender rejected",
            "550 5.1.8 <us@example.org>: sender unknown",
            "5.4.4 no route",
            "given up after 5 days; last: 450 4.1.1 try later",
            "250 2.1.5 ok",
            "from 5.1.1.10",
        ] {
            assert!(!is_hard(soft), "{soft}");
        }
    }
}
