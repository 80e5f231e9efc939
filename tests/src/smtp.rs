//! The smallest SMTP client that can hand a mail to a server on this machine.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Sends one mail. The octets may have LF line ends.
///
/// # Panics
/// When the server refuses anything.
#[track_caller]
pub fn send(port: u16, from: &str, to: &[&str], mail: &[u8]) {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap_or_else(|error| panic!("no SMTP server at port {port}: {error}"));
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time-out can be set");
    let mut session = Session { reader: BufReader::new(stream.try_clone().expect("a second handle")), stream };
    session.expect(220);
    session.say("EHLO client.example.net", 250);
    session.say(&format!("MAIL FROM:<{from}>"), 250);
    for recipient in to {
        session.say(&format!("RCPT TO:<{recipient}>"), 250);
    }
    session.say("DATA", 354);
    session.stream.write_all(&stuffed(mail)).expect("the server takes the mail");
    session.expect(250);
    session.say("QUIT", 221);
}

struct Session {
    reader: BufReader<TcpStream>,
    stream: TcpStream,
}

impl Session {
    #[track_caller]
    fn say(&mut self, line: &str, expected: u16) {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).expect("the server listens");
        self.expect(expected);
    }

    #[track_caller]
    fn expect(&mut self, code: u16) {
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line).expect("the server answers");
            assert!(line.starts_with(&code.to_string()), "{code} was expected, the server said {line:?}");
            if line.as_bytes().get(3) != Some(&b'-') {
                return;
            }
        }
    }
}

/// CRLF line ends, leading dots doubled (RFC 5321 section 4.5.2), the final dot.
fn stuffed(mail: &[u8]) -> Vec<u8> {
    let mut stuffed = Vec::with_capacity(mail.len() + 1024);
    for line in mail.strip_suffix(b"\n").unwrap_or(mail).split(|octet| *octet == b'\n') {
        if line.first() == Some(&b'.') {
            stuffed.push(b'.');
        }
        stuffed.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        stuffed.extend_from_slice(b"\r\n");
    }
    stuffed.extend_from_slice(b".\r\n");
    stuffed
}
