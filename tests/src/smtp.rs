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
    let mut session = Session::open(port);
    session.hand_over(from, to);
    session.stream.write_all(&stuffed(mail)).expect("the server takes the mail");
    session.expect(250);
    session.say("QUIT", 221);
}

/// Who a client says that it is, where the server lets it (XCLIENT).
#[derive(Debug, Clone, Copy)]
pub struct Client {
    /// Its name by DNS, and in EHLO.
    pub name: &'static str,
    /// Its address.
    pub address: &'static str,
}

/// Sends one mail as if from another host, to a server that takes this client's word for who it is; returns what the server says to the mail.
///
/// # Panics
/// When the server refuses anything before the mail.
#[track_caller]
pub fn send_as(client: Client, port: u16, from: &str, to: &[&str], mail: &[u8]) -> String {
    let mut session = Session::open(port);
    session.say("EHLO client.example.net", 250);
    session.say(&format!("XCLIENT NAME={name} ADDR={} HELO={name}", client.address, name = client.name), 220);
    session.hand_over(from, to);
    session.stream.write_all(&stuffed(mail)).expect("the server takes the mail");
    let mut said = String::new();
    session.reader.read_line(&mut said).expect("the server answers");
    said
}

struct Session {
    reader: BufReader<TcpStream>,
    stream: TcpStream,
}

impl Session {
    #[track_caller]
    fn open(port: u16) -> Self {
        let stream =
            TcpStream::connect(("127.0.0.1", port)).unwrap_or_else(|error| panic!("no SMTP server at port {port}: {error}"));
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time-out can be set");
        let mut session = Session { reader: BufReader::new(stream.try_clone().expect("a second handle")), stream };
        session.expect(220);
        session
    }

    /// From EHLO to the moment at which the mail itself is due.
    #[track_caller]
    fn hand_over(&mut self, from: &str, to: &[&str]) {
        self.say("EHLO client.example.net", 250);
        self.say(&format!("MAIL FROM:<{from}>"), 250);
        for recipient in to {
            self.say(&format!("RCPT TO:<{recipient}>"), 250);
        }
        self.say("DATA", 354);
    }

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
