//! A mail server that misbehaves on demand: it takes everything, unless a script says otherwise at some point of the dialogue.
//!
//! It listens on the loopback, in threads of the test's own process that end with its value. It keeps what it heard and, apart
//! from that, what it took: a mail whose final dot it answered with a 2xx, or which the script took in silence.

use crate::mail::{Mail, bare};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What the server does in place of the usual.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Says this; without a line end at its end, one is added.
    Say(String),
    /// Says this as it stands, octet by octet with a pause before each.
    Trickle(String, Duration),
    /// Says these octets as they stand.
    Octets(Vec<u8>),
    /// Says these octets as they stand, and closes.
    OctetsAndClose(Vec<u8>),
    /// Waits, then does the usual.
    Slowly(Duration),
    /// Says this and closes.
    SayAndClose(String),
    /// Closes without a word.
    Close,
    /// After the final dot: takes the mail, and closes without a word.
    TakeAndClose,
}

impl Answer {
    /// [`Answer::Say`].
    pub fn say(words: &str) -> Option<Answer> {
        Some(Answer::Say(words.to_owned()))
    }

    /// Whether a mail is taken by answering its final dot so.
    fn takes_a_mail(&self) -> bool {
        match self {
            Answer::Say(words) | Answer::SayAndClose(words) | Answer::Trickle(words, _) => words.starts_with('2'),
            Answer::Octets(octets) | Answer::OctetsAndClose(octets) => octets.starts_with(b"2"),
            Answer::Slowly(_) | Answer::TakeAndClose => true,
            Answer::Close => false,
        }
    }
}

/// A moment of the dialogue at which the script is asked.
#[derive(Debug)]
pub struct Moment<'a> {
    /// `greeting`, a command line, or `.` when the whole mail was heard.
    pub line: &'a str,
    /// How often the same was heard before, over all connections.
    pub before: usize,
    /// Which connection this is; the first is 1.
    pub connection: usize,
    /// The bare recipient of the mail of this moment; empty before RCPT.
    pub to: &'a str,
}

impl Moment<'_> {
    /// Whether this is a command of that name, whatever follows it.
    pub fn is(&self, command: &str) -> bool {
        self.line.split([' ', ':']).next().is_some_and(|word| word.eq_ignore_ascii_case(command))
    }
}

/// What the server does at a moment; `None`: the usual.
pub type Script = dyn Fn(&Moment<'_>) -> Option<Answer> + Send + Sync;

/// The server. It ends with its value.
pub struct Nasty {
    port: u16,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    script: Mutex<Option<Arc<Script>>>,
    heard: Mutex<Heard>,
    streams: Mutex<Vec<TcpStream>>,
    ending: AtomicBool,
}

#[derive(Default)]
struct Heard {
    lines: BTreeMap<String, usize>,
    connections: usize,
    taken: Vec<Mail>,
}

impl Nasty {
    /// Listens at a port of 127.0.0.1.
    ///
    /// # Panics
    /// When the port is not free.
    #[track_caller]
    pub fn at(port: u16, script: impl Fn(&Moment<'_>) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap_or_else(|error| panic!("port {port}: {error}"));
        let port = listener.local_addr().expect("a bound listener has an address").port();
        let shared = Arc::new(Shared::default());
        *shared.script.lock().unwrap() = Some(Arc::new(script));
        let accepting = Some(thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        }));
        Nasty { port, shared, accepting }
    }

    /// Listens at a free port.
    #[track_caller]
    pub fn new(script: impl Fn(&Moment<'_>) -> Option<Answer> + Send + Sync + 'static) -> Self {
        Nasty::at(0, script)
    }

    /// Follows another script from now on.
    pub fn behave(&self, script: impl Fn(&Moment<'_>) -> Option<Answer> + Send + Sync + 'static) {
        *self.shared.script.lock().unwrap() = Some(Arc::new(script));
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The courier that sends to it in the clear.
    pub fn courier(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The mails that it took, in the order in which it took them.
    pub fn taken(&self) -> Vec<Mail> {
        self.shared.heard.lock().unwrap().taken.clone()
    }

    /// How often a command was said, whatever followed it; `.` counts whole mails.
    pub fn count(&self, command: &str) -> usize {
        let heard = self.shared.heard.lock().unwrap();
        let of = |line: &&String| line.split([' ', ':']).next() == Some(command);
        heard.lines.iter().filter(|(line, _)| of(line)).map(|(_, count)| count).sum()
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.shared.heard.lock().unwrap().connections
    }
}

impl Drop for Nasty {
    fn drop(&mut self) {
        self.shared.ending.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts; it sees that the end has come.
        TcpStream::connect(("127.0.0.1", self.port)).ok();
        if let Some(accepting) = self.accepting.take() {
            accepting.join().ok();
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut conversations = Vec::new();
    for stream in listener.incoming().flatten() {
        if shared.ending.load(Ordering::SeqCst) {
            break;
        }
        shared.streams.lock().unwrap().push(stream.try_clone().expect("a second handle"));
        let number = {
            let mut heard = shared.heard.lock().unwrap();
            heard.connections += 1;
            heard.connections
        };
        let shared = Arc::clone(shared);
        // That the client goes away in the middle is one of the things that happen.
        conversations.push(thread::spawn(move || Conversation::new(stream, shared, number).map(Conversation::hold).ok()));
    }
    for stream in shared.streams.lock().unwrap().drain(..) {
        stream.shutdown(Shutdown::Both).ok();
    }
    for conversation in conversations {
        conversation.join().ok();
    }
}

/// One connection.
struct Conversation {
    reader: BufReader<TcpStream>,
    stream: TcpStream,
    shared: Arc<Shared>,
    number: usize,
    from: String,
    to: Vec<String>,
}

impl Conversation {
    fn new(stream: TcpStream, shared: Arc<Shared>, number: usize) -> io::Result<Self> {
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        stream.set_nodelay(true)?;
        let reader = BufReader::new(stream.try_clone()?);
        Ok(Conversation { reader, stream, shared, number, from: String::new(), to: Vec::new() })
    }

    fn hold(mut self) {
        // An error is the client's going away, or the end of the test.
        self.converse().ok();
        self.stream.shutdown(Shutdown::Both).ok();
    }

    /// Goes on until somebody closes.
    fn converse(&mut self) -> io::Result<()> {
        let Some(_) = self.answer("greeting", "220 nasty.example ESMTP")? else { return Ok(()) };
        while let Some(line) = self.line()? {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            let Some(said) = self.answer(&line, self.usual(&line))? else { return Ok(()) };
            match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "MAIL" if said == b'2' => self.from = bare(&line),
                "RCPT" if said == b'2' => self.to.push(bare(&line)),
                "DATA" if said == b'3' && !self.take_mail()? => return Ok(()),
                "RSET" | "EHLO" => self.forget(),
                "QUIT" => return Ok(()),
                _ => {}
            }
        }
        Ok(())
    }

    fn usual(&self, line: &str) -> &'static str {
        match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => "250-nasty.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES",
            "MAIL" => "250 2.1.0 sender ok",
            "RCPT" => "250 2.1.5 recipient ok",
            "DATA" if self.to.is_empty() => "503 5.5.1 no recipient",
            "DATA" => "354 go on",
            "RSET" | "NOOP" => "250 2.0.0 ok",
            "QUIT" => "221 2.0.0 bye",
            _ => "500 5.5.2 what?",
        }
    }

    /// Hears the mail and answers its final dot; `false` when the connection is over.
    fn take_mail(&mut self) -> io::Result<bool> {
        let mut raw = Vec::new();
        loop {
            let Some(line) = self.line()? else { return Ok(false) };
            match line.as_slice() {
                b".\r\n" => break,
                [b'.', rest @ ..] => raw.extend_from_slice(rest),
                line => raw.extend_from_slice(line),
            }
        }
        let from = if self.from.is_empty() { "<>".to_owned() } else { self.from.clone() };
        let to = self.to.join(",");
        let mail = Mail { file: PathBuf::new(), raw, envelope_from: from, envelope_to: to };
        let answer = self.ask(".");
        // Before the answer is heard: whoever has heard it may look at once.
        if answer.as_ref().is_none_or(Answer::takes_a_mail) {
            self.shared.heard.lock().unwrap().taken.push(mail);
        }
        let said = self.give(answer, "250 2.0.0 taken")?;
        self.forget();
        Ok(said.is_some())
    }

    fn forget(&mut self) {
        self.from.clear();
        self.to.clear();
    }

    /// The first digit of what was said; `None` when the connection is over.
    fn answer(&mut self, line: &str, usual: &str) -> io::Result<Option<u8>> {
        let answer = self.ask(line);
        self.give(answer, usual)
    }

    fn ask(&self, line: &str) -> Option<Answer> {
        let before = {
            let mut heard = self.shared.heard.lock().unwrap();
            let count = heard.lines.entry(line.to_owned()).or_default();
            *count += 1;
            *count - 1
        };
        let recipient = if line.starts_with("RCPT") { bare(line) } else { self.to.join(",") };
        let script = self.shared.script.lock().unwrap().clone().expect("a server has a script");
        script(&Moment { line, before, connection: self.number, to: &recipient })
    }

    fn give(&mut self, answer: Option<Answer>, usual: &str) -> io::Result<Option<u8>> {
        let (words, over) = match answer {
            None => (format!("{usual}\r\n"), false),
            Some(Answer::Slowly(pause)) => {
                thread::sleep(pause);
                (format!("{usual}\r\n"), false)
            }
            Some(Answer::Say(words)) => (format!("{}\r\n", words.trim_end_matches("\r\n")), false),
            Some(Answer::SayAndClose(words)) => (format!("{words}\r\n"), true),
            Some(Answer::Octets(octets)) => {
                self.stream.write_all(&octets)?;
                return Ok(octets.first().copied());
            }
            Some(Answer::OctetsAndClose(octets)) => {
                self.stream.write_all(&octets)?;
                return Ok(None);
            }
            Some(Answer::Trickle(words, pause)) => {
                for octet in words.as_bytes() {
                    thread::sleep(pause);
                    self.stream.write_all(&[*octet])?;
                }
                return Ok(words.bytes().next());
            }
            Some(Answer::Close | Answer::TakeAndClose) => return Ok(None),
        };
        self.stream.write_all(words.as_bytes())?;
        Ok(words.bytes().next().filter(|_| !over))
    }

    /// A line with its end; `None` when the client has gone.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        self.reader.read_until(b'\n', &mut line)?;
        Ok(Some(line).filter(|line| !line.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smtp;

    #[test]
    fn it_takes_mail_as_it_was_and_does_what_the_script_says() {
        let server = Nasty::new(|moment| (moment.line == "." && moment.before == 1).then_some(Answer::TakeAndClose));
        smtp::send(server.port(), "a@example.net", &["b@example.org"], b"Subject: x\n\n.\n..\nend\n");
        let broken = thread::spawn({
            let port = server.port();
            move || smtp::send(port, "", &["c@example.org"], b"Subject: y\n\n")
        });
        assert!(broken.join().is_err(), "the second mail is not answered");
        let taken = server.taken();
        assert_eq!(taken[0].raw, b"Subject: x\r\n\r\n.\r\n..\r\nend\r\n");
        assert_eq!((taken[0].envelope_from.as_str(), taken[0].envelope_to.as_str()), ("a@example.net", "b@example.org"));
        assert_eq!((taken[1].envelope_from.as_str(), taken[1].envelope_to.as_str()), ("<>", "c@example.org"));
        assert_eq!((server.connections(), server.count("RCPT"), server.count(".")), (2, 2, 2));
    }
}
