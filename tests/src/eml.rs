//! Writing mail as the world writes it.

use std::sync::atomic::{AtomicU64, Ordering};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A plain mail to be built. Everything has a sensible default but the sender and the recipient.
#[derive(Debug, Clone)]
pub struct Eml {
    headers: Vec<(String, String)>,
    text: String,
}

impl Eml {
    /// A mail with a Message-ID of its own at the sender's domain.
    pub fn new(from: &str, to: &str) -> Self {
        let domain = from.trim_end_matches('>').rsplit('@').next().unwrap_or("example.net").to_owned();
        let headers = [
            ("From", from.to_owned()),
            ("To", to.to_owned()),
            ("Date", "Sat, 21 Nov 2026 10:00:00 +0100".to_owned()),
            ("Message-ID", format!("<{}@{domain}>", unique())),
            ("Subject", "The printer is on fire".to_owned()),
        ];
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Eml { headers, text: "Smoke comes out of it.\n".to_owned() }
    }

    /// Sets the subject.
    pub fn subject(self, subject: &str) -> Self {
        self.header("Subject", subject)
    }

    /// Sets the text.
    pub fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    /// Sets a header field, in place of one of that name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Puts a header field above all others.
    pub fn first(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(0, (name.to_owned(), value.to_owned()));
        self
    }

    /// Removes a header field.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(present, _)| !present.eq_ignore_ascii_case(name));
        self
    }

    /// The Message-ID without its angle brackets.
    pub fn message_id(&self) -> String {
        let found = self.headers.iter().find(|(name, _)| name == "Message-ID").map(|(_, value)| value.as_str());
        found.unwrap_or_default().trim_matches(['<', '>']).to_owned()
    }

    /// The octets, lines ended by LF as a pipe from an MTA has them.
    pub fn bytes(&self) -> Vec<u8> {
        let mut mail = String::new();
        for (name, value) in &self.headers {
            mail.push_str(&format!("{name}: {value}\n"));
        }
        mail.push_str("MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n");
        mail.push_str(&self.text);
        mail.into_bytes()
    }
}

/// A word that no other mail of this run has.
pub fn unique() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock after 1970");
    format!("t{:x}.{:x}.{}", now.as_micros(), std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
