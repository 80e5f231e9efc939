//! A message as the JSON of `postern mail inspect`: the contract, and nothing that is not in it.

use crate::authentication::{self, Claim};
use crate::classify::{self, Class, Classification, Envelope};
use crate::message::{Decoding, Message};
use serde::Serialize;

/// A file, as the contract names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InspectedFile {
    /// Its name.
    pub name: String,
    /// Its media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Its decoded size in octets.
    pub size: usize,
}

/// How octets became text, in the words of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InspectedDecoding {
    /// Where: `header Subject`, or `text 1` and so on.
    pub place: String,
    /// The charset that was used.
    pub charset: &'static str,
    /// What the mail called it, where it did.
    pub label: Option<String>,
    /// Why this one: label, mark, escapes, utf-8, html, guess, person.
    pub evidence: &'static str,
    /// How sure that is: low, middle, high.
    pub confidence: &'static str,
    /// Others that would fit as well, likeliest first.
    pub alternatives: Vec<&'static str>,
}

impl From<&Decoding> for InspectedDecoding {
    fn from(decoding: &Decoding) -> Self {
        InspectedDecoding {
            place: decoding.place.clone(),
            charset: decoding.charset,
            label: decoding.label.clone(),
            evidence: decoding.evidence.as_str(),
            confidence: decoding.confidence.as_str(),
            alternatives: decoding.alternatives.clone(),
        }
    }
}

/// What `mail inspect` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// The sender's bare address.
    pub from: Option<String>,
    /// The sender's name; empty when there was none.
    pub from_name: String,
    /// Where answers go, when the message says so.
    pub reply_to: Option<String>,
    /// Subject.
    pub subject: String,
    /// Date in RFC 3339, UTC.
    pub date: Option<String>,
    /// The kind of mail.
    pub class: Class,
    /// Whether a machine sent it.
    pub auto: bool,
    /// Whether it reports that a delivery failed.
    pub bounce: bool,
    /// The whole readable text.
    pub text: String,
    /// The new text, without quotes and signature.
    pub reply: String,
    /// Files.
    pub attachments: Vec<InspectedFile>,
    /// How its octets became text. Plain ASCII is not listed.
    pub decodings: Vec<InspectedDecoding>,
    /// What Authentication-Results claim, from the top. Nobody has said yet which of them is to be believed.
    pub authentication: Vec<Claim>,
    /// What was wrong: `code: sentence`.
    pub defects: Vec<String>,
}

impl Inspection {
    /// The contract's view of a message that was read and classified.
    pub fn new(message: &Message, classification: &Classification) -> Self {
        let date = message.date.and_then(|t| jiff::Timestamp::from_microsecond(t).ok()).map(|t| t.to_string());
        let file =
            |a: &crate::Attachment| InspectedFile { name: a.name.clone(), media_type: a.content_type.clone(), size: a.size };
        Inspection {
            message_id: message.message_id.clone(),
            from: message.author().map(|a| a.email.clone()),
            from_name: message.author().map(|a| a.name.clone()).unwrap_or_default(),
            reply_to: message.reply_to.first().map(|a| a.email.clone()),
            subject: message.subject.clone(),
            date,
            class: classification.class,
            auto: classification.class.is_automatic(),
            bounce: classification.class == Class::BounceFinal,
            text: message.text.clone(),
            reply: message.reply.clone(),
            attachments: message.attachments.iter().map(file).collect(),
            decodings: message.decodings.iter().map(InspectedDecoding::from).collect(),
            authentication: authentication::claims(message),
            defects: message.defects.iter().map(crate::Defect::in_words).collect(),
        }
    }
}

/// Reads octets and says what they are. No envelope is known and no site is ours.
pub fn inspect(raw: &[u8]) -> Inspection {
    let message = crate::parse::parse(raw);
    let classification = classify::classify(&message, &Envelope::Unknown, "");
    Inspection::new(&message, &classification)
}
