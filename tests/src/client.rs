//! Answering as a mail client does: the headers it sets, the text it quotes.

use crate::eml::Eml;
use crate::mail::Mail;

/// A reply to a mail that arrived.
#[derive(Debug, Clone)]
pub struct Reply {
    eml: Eml,
    text: String,
    quoted: String,
}

impl Reply {
    /// Answers `mail` as `from`: to its Reply-To or From, with In-Reply-To, References, `Re:` and the text quoted.
    pub fn to(mail: &Mail, from: &str) -> Self {
        let message_id = mail.must("Message-ID");
        let subject = mail.header("Subject").unwrap_or_default();
        let subject = if subject.to_lowercase().starts_with("re:") { subject } else { format!("Re: {subject}") };
        let to = mail.header("Reply-To").unwrap_or_else(|| mail.must("From"));
        let references = match mail.header("References") {
            Some(references) => format!("{references}\n {message_id}"),
            None => message_id.clone(),
        };
        let quoted: String = mail.text().lines().map(|line| format!("> {line}\n")).collect();
        let eml = Eml::new(from, &to).subject(&subject).header("In-Reply-To", &message_id).header("References", &references);
        Reply { eml, text: String::new(), quoted: format!("\nOn Sat, 21 Nov 2026, {} wrote:\n{quoted}", mail.must("From")) }
    }

    /// What is written above the quotation.
    pub fn text(mut self, text: &str) -> Self {
        self.text = format!("{text}\n");
        self
    }

    /// Sends it to another address than the client would choose.
    pub fn readdressed(self, to: &str) -> Self {
        self.header("To", to)
    }

    /// A client or gateway that loses In-Reply-To and References: only the subject is left.
    pub fn without_threading(mut self) -> Self {
        self.eml = self.eml.without("In-Reply-To").without("References");
        self
    }

    /// Sets a header field.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.eml = self.eml.header(name, value);
        self
    }

    /// Sets the subject.
    pub fn subject(self, subject: &str) -> Self {
        self.header("Subject", subject)
    }

    /// The finished mail.
    pub fn eml(self) -> Eml {
        let Reply { eml, text, quoted } = self;
        eml.text(&format!("{text}{quoted}"))
    }

    /// The octets.
    pub fn bytes(self) -> Vec<u8> {
        self.eml().bytes()
    }
}
