//! A mail server for tests: takes everything, unless the test says otherwise at some point of the dialogue.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// What the server does instead of what it would do.
pub(crate) enum Answer {
    /// Says this; lines end with CRLF.
    Say(&'static str),
    /// Closes the connection without a word.
    Close,
    /// Closes the connection after these words.
    SayAndClose(&'static str),
    /// Goes on with TLS: at the greeting, or when STARTTLS was said.
    Encrypt,
    /// Waits, then goes on as usual.
    Slowly(Duration),
}

/// A mail that the server took or at least heard whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) data: String,
}

/// What has been heard so far.
#[derive(Default)]
pub(crate) struct Record {
    pub(crate) commands: Vec<String>,
    pub(crate) mails: Vec<Heard>,
    pub(crate) connections: usize,
}

pub(crate) struct Sink {
    pub(crate) port: u16,
    record: Arc<Mutex<Record>>,
}

type Script = dyn Fn(&str, usize) -> Option<Answer> + Send + Sync;

impl Sink {
    /// `script` is asked at `greeting`, at every command line and at `.`, with the number of times that the same was heard before
    /// (a command counts by its first word); `None` is what a server usually does.
    pub(crate) fn start(script: impl Fn(&str, usize) -> Option<Answer> + Send + Sync + 'static) -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let record = Arc::new(Mutex::new(Record::default()));
        let (script, shared): (Arc<Script>, _) = (Arc::new(script), Arc::clone(&record));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (script, record) = (Arc::clone(&script), Arc::clone(&shared));
                std::thread::spawn(move || {
                    record.lock().unwrap().connections += 1;
                    let _ = converse(stream, &*script, &record);
                });
            }
        });
        Sink { port, record }
    }

    pub(crate) fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap()
    }

    #[allow(dead_code, reason = "each test program uses its share of this module")]
    pub(crate) fn mails(&self) -> Vec<Heard> {
        self.record().mails.clone()
    }

    #[allow(dead_code, reason = "each test program uses its share of this module")]
    pub(crate) fn commands(&self) -> Vec<String> {
        self.record().commands.clone()
    }
}

fn converse(stream: TcpStream, script: &Script, record: &Mutex<Record>) -> std::io::Result<()> {
    let mut stream = Stream::Plain(BufReader::new(stream));
    let mut heard = Heard { from: String::new(), to: String::new(), data: String::new() };
    let mut line = "greeting".to_owned();
    loop {
        match note(&line, script, record) {
            None => stream.say(usual(&line))?,
            Some(Answer::Slowly(pause)) => {
                std::thread::sleep(pause);
                stream.say(usual(&line))?;
            }
            Some(Answer::Say(words)) => stream.say(words)?,
            Some(Answer::SayAndClose(words)) => return stream.say(words),
            Some(Answer::Close) => return Ok(()),
            Some(Answer::Encrypt) => {
                stream.say(if line == "STARTTLS" { "220 go on\r\n" } else { "" })?;
                stream = stream.encrypted()?;
                stream.say(if line == "STARTTLS" { "" } else { usual("greeting") })?;
            }
        }
        line = match stream.next()? {
            Some(line) => line,
            None => return Ok(()),
        };
        if let Some(path) = line.strip_prefix("MAIL FROM:") {
            heard.from = path.to_owned();
        } else if let Some(path) = line.strip_prefix("RCPT TO:") {
            heard.to = path.to_owned();
        } else if line == "DATA" && script_is_usual(&line, script, record) {
            stream.say(usual("DATA"))?;
            heard.data = stream.data()?;
            record.lock().unwrap().mails.push(heard.clone());
            line = ".".to_owned();
        }
    }
}

/// DATA is asked twice at most: here whether it goes on at all, and by the loop when it does not.
fn script_is_usual(line: &str, script: &Script, record: &Mutex<Record>) -> bool {
    let before = count(line, record);
    let usual = script(line, before).is_none();
    if usual {
        record.lock().unwrap().commands.push(line.to_owned());
    }
    usual
}

fn note(line: &str, script: &Script, record: &Mutex<Record>) -> Option<Answer> {
    let before = count(line, record);
    record.lock().unwrap().commands.push(line.to_owned());
    script(line, before)
}

fn count(line: &str, record: &Mutex<Record>) -> usize {
    let word = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    record.lock().unwrap().commands.iter().filter(|other| word(other) == word(line)).count()
}

fn usual(line: &str) -> &'static str {
    match line.split(' ').next().unwrap_or_default() {
        "greeting" => "220 sink.example ESMTP\r\n",
        "EHLO" => "250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
        "DATA" => "354 go on\r\n",
        "." => "250 2.0.0 taken\r\n",
        "AUTH" => "235 2.7.0 welcome\r\n",
        "QUIT" => "221 bye\r\n",
        _ => "250 ok\r\n",
    }
}

/// A connection, in the clear or with the certificate beside this file, which nobody signed.
enum Stream {
    Plain(BufReader<TcpStream>),
    Tls(Box<BufReader<StreamOwned<ServerConnection, TcpStream>>>),
}

impl Stream {
    fn encrypted(self) -> std::io::Result<Stream> {
        let Stream::Plain(plain) = self else { return Ok(self) };
        let certificate = CertificateDer::from_pem_slice(include_bytes!("certificate.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("key.pem")).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![certificate], key))
            .unwrap();
        let connection = ServerConnection::new(Arc::new(config)).unwrap();
        Ok(Stream::Tls(Box::new(BufReader::new(StreamOwned::new(connection, plain.into_inner())))))
    }

    fn say(&mut self, words: &str) -> std::io::Result<()> {
        match self {
            Stream::Plain(stream) => stream.get_mut().write_all(words.as_bytes()),
            Stream::Tls(stream) => stream.get_mut().write_all(words.as_bytes()),
        }
    }

    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        match self {
            Stream::Plain(stream) => stream.read_line(&mut line)?,
            Stream::Tls(stream) => stream.read_line(&mut line)?,
        };
        Ok(line)
    }

    fn next(&mut self) -> std::io::Result<Option<String>> {
        let line = self.line()?;
        Ok((!line.is_empty()).then(|| line.trim_end_matches("\r\n").to_owned()))
    }

    /// The mail as it was meant: dots unstuffed, without the last line.
    fn data(&mut self) -> std::io::Result<String> {
        let mut mail = String::new();
        loop {
            let line = self.line()?;
            match line.as_str() {
                "" => return Err(std::io::ErrorKind::UnexpectedEof.into()),
                ".\r\n" => return Ok(mail),
                line => mail.push_str(line.strip_prefix('.').unwrap_or(line)),
            }
        }
    }
}
