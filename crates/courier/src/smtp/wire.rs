//! Commands and replies: the connection, EHLO, STARTTLS and AUTH, and one thing said and answered at a time.
//!
//! This is a client of our own, because the mail clients that exist stand between a server's code and who must act on it: lettre's
//! fails on a reply without text (a bare `250`, which RFC 5321 section 4.2 allows), on one that is not UTF-8, and holds a line without
//! an end in memory. What a server answered so after the final dot is the server's, and would be sent again and again.
//!
//! Replies must be as many as commands, and of the kind that a command has (RFC 5321 section 4.3.2): one out of turn would be taken for
//! the answer to the next command, and in the end a mail for taken that was not.

use super::offers::{Mechanism, Offers, first_word};
use super::reply::{Reply, read_reply};
use super::stream::{self, Socket, Stream};
use super::tls::Tls;
use data_encoding::BASE64;
use std::io::{self, BufReader, Write};
use std::time::{Duration, Instant};

/// Why there is no good reply.
#[derive(Debug)]
pub(super) enum Fault {
    /// The server said no: a reply of 400 and above.
    Refused(Reply),
    /// There was no reply, or none that could be understood; in words.
    NoReply(String),
}

impl Fault {
    pub(super) fn words(self) -> String {
        match self {
            Fault::Refused(reply) => reply.words(),
            Fault::NoReply(words) => words,
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Fault::NoReply(stream::words(&error))
    }
}

/// A connection on which the server has said what it can do.
pub(super) struct Wire {
    stream: BufReader<Stream>,
    offers: Offers,
    /// The server's name until it tells a better one.
    name: String,
}

impl Wire {
    /// Connects, with TLS from the first octet if it is given, hears the greeting and says EHLO. `patience` is for each answer; all of
    /// them, and those to what is said next, must have come by `end`.
    pub(super) fn connect(
        place: (&str, u16),
        (patience, end): (Duration, Instant),
        hello: &str,
        tls: Option<&Tls>,
    ) -> Result<Wire, Fault> {
        let socket = Socket::connect(place, patience, end)?;
        let stream = match tls {
            Some(tls) => tls.over(socket)?,
            None => Stream::Plain(socket),
        };
        let mut wire = Wire::over(stream, place.0.to_owned());
        let greeting = wire.hear().and_then(completed)?;
        let name = first_word(&greeting);
        if !name.is_empty() {
            wire.name = name;
        }
        wire.hello(hello)?;
        Ok(wire)
    }

    fn over(stream: Stream, name: String) -> Wire {
        Wire { stream: BufReader::with_capacity(4096, stream), offers: Offers::default(), name }
    }

    /// EHLO; HELO where it is not known, with which nothing is offered (RFC 5321 section 3.2).
    fn hello(&mut self, hello: &str) -> Result<(), Fault> {
        match self.say(&format!("EHLO {hello}\r\n")) {
            Ok(reply) => self.offers = Offers::new(&reply),
            Err(Fault::Refused(refusal)) if refusal.code >= 500 => match self.say(&format!("HELO {hello}\r\n")) {
                Ok(reply) => self.offers = Offers::nothing(&reply),
                Err(Fault::NoReply(_)) => return Err(Fault::Refused(refusal)),
                Err(fault) => return Err(fault),
            },
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    /// STARTTLS (RFC 3207), and EHLO once more: nothing that was said in the clear is believed. What came with the answer in the clear
    /// may have been put in by others, to be read as if it had come encrypted.
    pub(super) fn start_tls(mut self, tls: &Tls, hello: &str) -> Result<Wire, Fault> {
        self.say("STARTTLS\r\n")?;
        if !self.stream.buffer().is_empty() {
            return Err(Fault::NoReply("something was said in the clear where TLS should begin".to_owned()));
        }
        let Stream::Plain(socket) = self.stream.into_inner() else {
            return Err(Fault::NoReply("TLS is spoken already".to_owned()));
        };
        let mut wire = Wire::over(tls.over(socket)?, self.name);
        wire.hello(hello)?;
        Ok(wire)
    }

    /// AUTH (RFC 4954) with PLAIN or LOGIN, whichever is offered.
    pub(super) fn log_in(&mut self, user: &str, password: &str) -> Result<(), Fault> {
        let mechanism = self.offers.mechanism().map_err(Fault::NoReply)?;
        let (command, answers) = login(mechanism, user, password);
        let mut reply = self.exchange(&command)?;
        for answer in answers {
            if reply.code / 100 != 3 {
                break;
            }
            reply = self.exchange(&format!("{answer}\r\n"))?;
        }
        completed(reply).map(drop)
    }

    /// Says one thing, in one write, and hears that it is done (2xx).
    pub(super) fn say(&mut self, text: &str) -> Result<Reply, Fault> {
        self.exchange(text).and_then(completed)
    }

    /// DATA: the mail may be sent (354).
    pub(super) fn begin_data(&mut self) -> Result<Reply, Fault> {
        match self.exchange("DATA\r\n")? {
            reply if reply.code / 100 == 3 => Ok(reply),
            reply => Err(out_of_place(&reply)),
        }
    }

    fn exchange(&mut self, text: &str) -> Result<Reply, Fault> {
        if !self.stream.buffer().is_empty() {
            // Said without being asked: goodbye (RFC 5321 section 3.8), or nothing that can be made sense of.
            return match self.hear() {
                Err(Fault::Refused(goodbye)) if goodbye.code == 421 => Err(Fault::Refused(goodbye)),
                Err(Fault::NoReply(why)) => Err(Fault::NoReply(why)),
                Ok(reply) | Err(Fault::Refused(reply)) => Err(out_of_place(&reply)),
            };
        }
        let stream = self.stream.get_mut();
        stream.socket().begin();
        match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
            Ok(()) => self.hear(),
            Err(error) => Err(self.last_words(error)),
        }
    }

    /// Who closes while we speak may have said why.
    fn last_words(&mut self, error: io::Error) -> Fault {
        let closed = [io::ErrorKind::BrokenPipe, io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionAborted];
        if closed.contains(&error.kind())
            && let Err(Fault::Refused(reply)) = self.hear()
        {
            return Fault::Refused(reply);
        }
        error.into()
    }

    fn hear(&mut self) -> Result<Reply, Fault> {
        self.stream.get_mut().socket().begin();
        let reply = read_reply(&mut self.stream).map_err(|unheard| Fault::NoReply(unheard.to_string()))?;
        if reply.code >= 400 { Err(Fault::Refused(reply)) } else { Ok(reply) }
    }

    /// Whether the server offers an extension, by its keyword in capitals.
    pub(super) fn offers(&self, keyword: &str) -> bool {
        self.offers.includes(keyword)
    }

    pub(super) fn server_name(&self) -> &str {
        if self.offers.server_name.is_empty() { &self.name } else { &self.offers.server_name }
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.stream.get_ref().is_encrypted()
    }

    /// What says how long to wait.
    pub(super) fn socket(&mut self) -> &mut Socket {
        self.stream.get_mut().socket()
    }
}

/// The command with which a login begins, and what is answered to each question (334) after it. An end to the questions that does not
/// come is `*`, with which the server must give up (RFC 4954 section 4).
fn login(mechanism: Mechanism, user: &str, password: &str) -> (String, Vec<String>) {
    let encoded = |text: &str| BASE64.encode(text.as_bytes());
    let give_up = "*".to_owned();
    match mechanism {
        Mechanism::Plain => (format!("AUTH PLAIN {}\r\n", encoded(&format!("\0{user}\0{password}"))), vec![give_up]),
        Mechanism::Login => ("AUTH LOGIN\r\n".to_owned(), vec![encoded(user), encoded(password), give_up]),
    }
}

fn completed(reply: Reply) -> Result<Reply, Fault> {
    if reply.code / 100 == 2 { Ok(reply) } else { Err(out_of_place(&reply)) }
}

fn out_of_place(reply: &Reply) -> Fault {
    Fault::NoReply(format!("a reply that makes no sense here: {}", reply.words()))
}

/// The name with which we say hello: the machine's, or an address where there is none that can be said (RFC 5321 section 4.1.4).
pub(super) fn own_name() -> String {
    let system = rustix::system::uname();
    match system.nodename().to_str() {
        Ok(name) if !name.is_empty() && name.bytes().all(|octet| octet.is_ascii_graphic()) => name.to_owned(),
        _ => "[127.0.0.1]".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_as_the_standards_have_them() {
        let (command, answers) = login(Mechanism::Plain, "anna", "secret");
        assert_eq!((command.as_str(), answers), ("AUTH PLAIN AGFubmEAc2VjcmV0\r\n", vec!["*".to_owned()]));
        let (command, answers) = login(Mechanism::Login, "anna", "schlüssel");
        assert_eq!(command, "AUTH LOGIN\r\n");
        assert_eq!(answers, ["YW5uYQ==", "c2NobMO8c3NlbA==", "*"]);
    }

    #[test]
    fn the_machine_has_a_name_that_can_be_said() {
        let name = own_name();
        assert!(!name.is_empty() && name.bytes().all(|octet| octet.is_ascii_graphic()), "{name:?}");
    }
}
