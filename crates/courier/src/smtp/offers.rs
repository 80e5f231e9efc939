//! What a server offers in its answer to EHLO (RFC 5321 section 4.1.1.1).

use super::reply::Reply;

/// A way of logging in (RFC 4954).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mechanism {
    /// RFC 4616: everything at once.
    Plain,
    /// Never a standard, and the only one on some servers: first the user, then the password.
    Login,
}

/// A server's name and what it can do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Offers {
    /// Empty when the server did not tell it.
    pub(super) server_name: String,
    /// The words of each line, in capitals.
    extensions: Vec<Vec<String>>,
}

impl Offers {
    pub(super) fn new(reply: &Reply) -> Self {
        let words = |line: &String| {
            // `AUTH=PLAIN` is how it was written before RFC 2554.
            let words = line.split(|c: char| c.is_whitespace() || c == '=').filter(|word| !word.is_empty());
            words.map(str::to_ascii_uppercase).collect::<Vec<_>>()
        };
        Offers { server_name: first_word(reply), extensions: reply.lines.iter().skip(1).map(words).collect() }
    }

    /// The answer to HELO, which offers nothing.
    pub(super) fn nothing(reply: &Reply) -> Self {
        Offers { server_name: first_word(reply), extensions: Vec::new() }
    }

    /// Whether an extension is offered, by its keyword in capitals.
    pub(super) fn includes(&self, keyword: &str) -> bool {
        self.parameters(keyword).next().is_some()
    }

    /// The way of logging in to take, the one in fewer steps first. The error tells what is offered in place of it.
    pub(super) fn mechanism(&self) -> Result<Mechanism, String> {
        if !self.includes("AUTH") {
            return Err("it offers no authentication".to_owned());
        }
        let offered: Vec<&str> = self.parameters("AUTH").flatten().map(String::as_str).collect();
        if offered.contains(&"PLAIN") {
            Ok(Mechanism::Plain)
        } else if offered.contains(&"LOGIN") {
            Ok(Mechanism::Login)
        } else {
            Err(format!("it offers neither PLAIN nor LOGIN for authentication, but \"{}\"", offered.join(" ")))
        }
    }

    /// What stands behind a keyword, for each line that has it.
    fn parameters(&self, keyword: &str) -> impl Iterator<Item = &[String]> {
        let lines = self.extensions.iter().filter_map(|words| words.split_first());
        lines.filter(move |(first, _)| *first == keyword).map(|(_, parameters)| parameters)
    }
}

/// The name with which a greeting or an answer to EHLO begins.
pub(super) fn first_word(reply: &Reply) -> String {
    reply.lines.first().and_then(|line| line.split_whitespace().next()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn offers(lines: &[&str]) -> Offers {
        Offers::new(&Reply { code: 250, lines: lines.iter().map(|line| (*line).to_owned()).collect() })
    }

    #[test]
    fn extensions_are_known_in_any_case_and_the_first_line_is_none() {
        let found = offers(&["mx.example.org Hello STARTTLS", "8bitmime", "SmtpUtf8 ", "SIZE 52428800", "PIPELINING", ""]);
        assert_eq!(found.server_name, "mx.example.org");
        assert!(["8BITMIME", "SMTPUTF8", "SIZE", "PIPELINING"].into_iter().all(|keyword| found.includes(keyword)), "{found:?}");
        assert!(!found.includes("STARTTLS") && !found.includes("MX.EXAMPLE.ORG"), "{found:?}");
        assert_eq!(offers(&["", "STARTTLS"]).server_name, "");
        assert!(!offers(&["STARTTLS"]).includes("STARTTLS"));
    }

    #[test]
    fn plain_is_taken_before_login_and_the_old_form_is_read() {
        for (lines, expected) in [
            (&["mx", "AUTH LOGIN PLAIN CRAM-MD5"][..], Mechanism::Plain),
            (&["mx", "auth login"], Mechanism::Login),
            (&["mx", "AUTH=LOGIN PLAIN"], Mechanism::Plain),
            (&["mx", "AUTH CRAM-MD5", "AUTH=LOGIN"], Mechanism::Login),
        ] {
            assert_eq!(offers(lines).mechanism(), Ok(expected), "{lines:?}");
        }
        assert!(offers(&["mx", "SIZE"]).mechanism().unwrap_err().contains("no authentication"));
        assert!(offers(&["mx", "AUTH CRAM-MD5 GSSAPI"]).mechanism().unwrap_err().ends_with("but \"CRAM-MD5 GSSAPI\""));
    }

    proptest! {
        #[test]
        fn anything_may_be_offered(lines: Vec<String>, keyword: String) {
            let found = Offers::new(&Reply { code: 250, lines });
            let _ = (found.includes(&keyword), found.mechanism());
        }
    }
}
