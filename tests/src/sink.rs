//! An SMTP server that takes everything, quickly, and notes who got which Message-ID.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// Copies of a mail, by Message-ID and envelope recipient.
pub type Copies = BTreeMap<(String, String), usize>;

/// The server; it ends with the process.
#[derive(Debug)]
pub struct Sink {
    /// Its port on 127.0.0.1.
    pub port: u16,
    taken: Arc<Mutex<Copies>>,
}

impl Sink {
    /// Listens on a free port.
    ///
    /// # Panics
    /// When the system gives none.
    pub fn start() -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("a bound socket").port();
        let taken = Arc::new(Mutex::new(Copies::new()));
        let shared = Arc::clone(&taken);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let taken = Arc::clone(&shared);
                // A client that is killed in the middle ends its conversation, and no other.
                std::thread::spawn(move || converse(&stream, &taken));
            }
        });
        Sink { port, taken }
    }

    /// What was taken so far.
    pub fn taken(&self) -> Copies {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many were taken so far, copies included.
    pub fn count(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }
}

fn converse(stream: &TcpStream, taken: &Mutex<Copies>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let say = |words: &str| (&*stream).write_all(words.as_bytes());
    say("220 sink.example ESMTP\r\n")?;
    let (mut line, mut recipient) = (String::new(), String::new());
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        match line.split([' ', '\r']).next().unwrap_or_default() {
            "EHLO" => say("250-sink.example\r\n250 8BITMIME\r\n")?,
            "RCPT" => {
                recipient = line.trim_end().trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                say("250 2.1.5 ok\r\n")?;
            }
            "DATA" => {
                say("354 go on\r\n")?;
                let id = hear(&mut reader, &mut line)?;
                // Noted before it is acknowledged: whoever dies in between has sent it.
                *taken.lock().unwrap_or_else(PoisonError::into_inner).entry((id, recipient.clone())).or_default() += 1;
                say("250 2.0.0 taken\r\n")?;
            }
            "QUIT" => return say("221 2.0.0 bye\r\n"),
            _ => say("250 2.0.0 ok\r\n")?,
        }
    }
}

/// Hears a mail to its final dot; returns its Message-ID.
fn hear(reader: &mut impl BufRead, line: &mut String) -> io::Result<String> {
    let (mut id, mut header) = (String::new(), true);
    loop {
        line.clear();
        if reader.read_line(line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match line.trim_end() {
            "." if line.len() == 3 => return Ok(id),
            "" => header = false,
            text if header => {
                if let Some(value) = text.strip_prefix("Message-ID:") {
                    value.trim().clone_into(&mut id);
                }
            }
            _ => {}
        }
    }
}
