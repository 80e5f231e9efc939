//! What our border mail server says about who sent a message (A98, A99): Authentication-Results, as RFC 8601 has it, and the
//! marks of spam filters.
//!
//! Nothing is verified here; a server is believed that has verified. Anybody can write such a field, so three things decide
//! which of them count:
//!
//! - The name. A field counts if its authserv-id is one that the site configured (RFC 8601 section 2.5), compared without
//!   regard to case. Nothing is forgiven, not even a trailing dot: a border removes forged fields by the same comparison
//!   (section 5), and what it does not take for its own must not be taken for its own here. OpenDKIM leaves `mx.example.org.`.
//! - The place. Servers prepend, so what ours wrote stands above everything that came to it. The topmost field with our name
//!   begins the run that counts; fields of ours belong to it while nothing stands between them but annotations, as filters
//!   write them beside each other: OpenDKIM and OpenDMARC each write a field of their own. A Received, another server's
//!   results or anything a sender writes ends the run. What stands below in our name is told, and not believed.
//! - The form. A field that is not of the grammar (`results`) proves nothing, and nor do those beside it.
//!
//! A Received is never crossed. By RFC 8601 section 7.1 the results of a server stand above the Received that it wrote; then
//! nobody outside can get into the run. OpenDKIM and OpenDMARC wrote theirs below it for many years (as the second field of the
//! message). There the sender's own header follows at once, and a forged field at its top is told from ours by nothing but that
//! the border removes it; OpenDKIM for some years left some of several. The same holds for mail to which the border
//! added nothing. So a site must not name an id before it has seen that several forged fields do not come through;
//! [`Authentication::received_above`] tells where the real one stands, [`Authentication::topmost_suffices`] whether others are
//! needed beside it.
//!
//! Of two results of one method the worse counts, and of two that disagree about what they are about, neither.

mod domains;
mod results;
mod spam;
mod verdict;

use crate::message::{Header, Message};
use crate::parse::limits;
use results::Field;
use serde::{Deserialize, Serialize};
pub use spam::{SpamMark, spam_mark};

/// The result of a method (RFC 8601 section 2.7), from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckResult {
    /// Proven. Nothing else proves anything.
    Pass,
    /// There was nothing to check: no signature, no record.
    #[serde(rename = "none")]
    Nothing,
    /// A word that is not known, such as `bestguesspass`.
    Other,
    /// The domain says nothing of it.
    Neutral,
    /// Well signed, and not good enough for a rule of the server's.
    Policy,
    /// The domain says that it is probably not from there.
    SoftFail,
    /// It could not be checked now.
    TempError,
    /// It cannot be checked.
    PermError,
    /// Disproven.
    Fail,
}

impl CheckResult {
    /// Reads the word in lower case.
    fn from_word(word: &str) -> CheckResult {
        match word {
            "pass" => CheckResult::Pass,
            "none" => CheckResult::Nothing,
            "neutral" => CheckResult::Neutral,
            "policy" => CheckResult::Policy,
            "softfail" => CheckResult::SoftFail,
            "temperror" | "error" => CheckResult::TempError,
            "permerror" => CheckResult::PermError,
            "fail" | "hardfail" => CheckResult::Fail,
            _ => CheckResult::Other,
        }
    }

    /// The word of RFC 8601.
    pub fn as_str(self) -> &'static str {
        match self {
            CheckResult::Pass => "pass",
            CheckResult::Nothing => "none",
            CheckResult::Other => "other",
            CheckResult::Neutral => "neutral",
            CheckResult::Policy => "policy",
            CheckResult::SoftFail => "softfail",
            CheckResult::TempError => "temperror",
            CheckResult::PermError => "permerror",
            CheckResult::Fail => "fail",
        }
    }
}

/// What a method came to, of those that have one result for a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The result; of several the worst.
    pub result: CheckResult,
    /// The domain that it is about, lower case, as A-labels: for SPF that of the envelope sender, for DMARC that of From.
    /// `None` when none was told, when it is none, or when results disagree about it.
    pub domain: Option<String>,
    /// Whom it is about, as it was written: for SPF the envelope sender, for a submission who logged in.
    pub identity: Option<String>,
}

/// What became of one DKIM signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DkimCheck {
    /// The result.
    pub result: CheckResult,
    /// The domain that signed: `header.d`, else that of `header.i`, which is the same or below it. Lower case, as A-labels.
    pub domain: Option<String>,
    /// `header.s`: by which key.
    pub selector: Option<String>,
    /// `header.i`, as it was written.
    pub identity: Option<String>,
}

/// How well the domain of From is proven, from not at all to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Alignment {
    /// Not.
    Unproven,
    /// The host may send for the domain of the envelope sender, which is that of From or above it. Weaker: many hosts serve
    /// more than one customer, and mail that is passed on looks the same.
    Spf,
    /// That domain, or one above it, signed; its DMARC says nothing.
    Dkim,
    /// By the rules that the domain itself publishes.
    Dmarc,
    /// Who logged in at our own server has the address in From.
    Submission,
}

/// What our border says about a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// The name under which it speaks, as it wrote it.
    pub authserv_id: String,
    /// Received fields above what it wrote. It is the same for all mail that goes one way; where a site knows its number, any
    /// other is a forgery.
    pub received_above: usize,
    /// SPF of the envelope sender; that of the HELO name does not count.
    pub spf: Option<Check>,
    /// Signatures, in order.
    pub dkim: Vec<DkimCheck>,
    /// DMARC.
    pub dmarc: Option<Check>,
    /// Whether the chain of those who passed it on is whole (RFC 8617). Proves nothing of From.
    pub arc: Option<Check>,
    /// Whether somebody logged in to send it (RFC 4954).
    pub sasl: Option<Check>,
    /// How well the domain of From is proven.
    pub alignment: Alignment,
    /// Whether the topmost field says so by itself. Those below it may have come with the message where the border does not
    /// remove all that is forged; against the topmost they could only take away.
    pub topmost_suffices: bool,
    /// Whether it is unproven, and something could only not be checked: the same mail may be proven another time.
    pub unchecked: bool,
    /// What led to it, for people: one fact a line, the conclusion last.
    pub evidence: Vec<String>,
}

impl Authentication {
    /// Whether the domain of From is proven. SPF alone does not suffice; policy may ask for [`Alignment::Spf`] itself.
    pub fn verified(&self) -> bool {
        self.alignment >= Alignment::Dkim
    }
}

/// What the border says, by the fields with one of the `trusted_ids`. `None` where there is no such field.
pub fn authentication(message: &Message, trusted_ids: &[String]) -> Option<Authentication> {
    let run = Run::find(&message.headers, trusted_ids)?;
    Some(verdict::of(message, &run))
}

/// The fields that count.
struct Run {
    /// Of our names the one that the topmost has.
    id: String,
    received_above: usize,
    fields: Vec<Field>,
    /// Fields in our name that stand below.
    below: usize,
    /// Why nothing is proven.
    fault: Option<&'static str>,
}

/// Where in a header the reader is.
#[derive(PartialEq, Eq)]
enum Place {
    Above,
    Inside,
    Below,
}

impl Run {
    fn find(headers: &[Header], trusted_ids: &[String]) -> Option<Run> {
        let mut run = Run { id: String::new(), received_above: 0, fields: Vec::new(), below: 0, fault: None };
        let mut place = Place::Above;
        for header in headers {
            let ours = is_results(header).then(|| results::id(&header.value).filter(|id| is_trusted(id, trusted_ids)));
            match (&place, ours) {
                (Place::Above, Some(Some(id))) => {
                    run.id = id;
                    place = Place::Inside;
                    run.add(&header.value);
                }
                (Place::Above, _) => run.received_above += usize::from(header.name.eq_ignore_ascii_case("Received")),
                (Place::Inside, Some(Some(_))) => run.add(&header.value),
                (Place::Inside, None) if is_annotation(&header.name) => {}
                (Place::Inside, _) => place = Place::Below,
                (Place::Below, Some(Some(_))) => run.below += 1,
                (Place::Below, _) => {}
            }
        }
        (place != Place::Above).then_some(run)
    }

    fn add(&mut self, value: &str) {
        if self.fields.len() == limits::AUTHENTICATION_FIELDS {
            self.fault = Some("there are more of them than are read");
            return;
        }
        let field = results::read(value);
        self.fault = self.fault.or(field.fault);
        self.fields.push(field);
    }
}

fn is_results(header: &Header) -> bool {
    header.name.eq_ignore_ascii_case("Authentication-Results")
}

fn is_trusted(id: &str, trusted_ids: &[String]) -> bool {
    let plain = id.bytes().all(|octet| octet.is_ascii_graphic());
    plain && !id.is_empty() && trusted_ids.iter().any(|trusted| trusted.trim().eq_ignore_ascii_case(id))
}

/// What filters of one server write between each other's results.
fn is_annotation(name: &str) -> bool {
    let prefix = |p: &str| name.get(..p.len()).is_some_and(|head| head.eq_ignore_ascii_case(p));
    ["X-", "ARC-", "DKIM-", "BIMI-"].into_iter().any(prefix) || name.eq_ignore_ascii_case("Received-SPF")
}

/// The values of all fields in one of these names, wherever they stand and whoever wrote them.
pub fn in_name_of<'m>(message: &'m Message, ids: &'m [String]) -> impl Iterator<Item = &'m str> {
    let ours = |header: &&Header| is_results(header) && results::id(&header.value).is_some_and(|id| is_trusted(&id, ids));
    message.headers.iter().filter(ours).map(|header| header.value.as_str())
}

/// What a field claims, whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// In whose name; `None` where it does not say.
    pub authserv_id: Option<String>,
    /// The method, lower case, such as `dkim`.
    pub method: String,
    /// The result, lower case, such as `pass`.
    pub result: String,
    /// The domain that it is about, where it is of a known method and names one.
    pub domain: Option<String>,
}

/// What all Authentication-Results claim, from the top. Anybody can write them: this is to be looked at, and to find the name
/// under which the border speaks.
pub fn claims(message: &Message) -> Vec<Claim> {
    let mut claims = Vec::new();
    for header in message.headers.iter().filter(|h| is_results(h)).take(limits::AUTHENTICATION_CLAIMS) {
        let field = results::read(&header.value);
        let of_field = field.outcomes.iter().map(|outcome| Claim {
            authserv_id: field.id.as_deref().map(shown),
            method: shown(&outcome.method),
            result: shown(&outcome.result),
            domain: verdict::domain_of(outcome),
        });
        claims.extend(of_field.take(limits::AUTHENTICATION_CLAIMS - claims.len()));
    }
    claims
}

/// A text as it is told: not longer than a line of evidence.
fn shown(text: &str) -> String {
    text[..text.floor_char_boundary(limits::EVIDENCE_OCTETS)].to_owned()
}
