//! The octets beneath a session: TCP, or TLS over it, and how long each may take.

use super::reply::one_line;
use super::tls;
use rustls::{ClientConnection, StreamOwned};
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// A whole answer may take so many times as long as a silence in it. Tarpits say a character a second and mean it; without an end to
/// that, one server could keep a connection busy for days.
const SILENCES: u32 = 4;

/// A TCP connection. Waits for an octet as long as its patience lasts, for a whole answer some times as long.
pub(super) struct Socket {
    tcp: TcpStream,
    patience: Duration,
    until: Instant,
}

impl Socket {
    /// Tries every address that the name has, in the system's order.
    pub(super) fn connect(place: (&str, u16), patience: Duration) -> io::Result<Self> {
        let mut failed = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in place.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, patience) {
                Ok(tcp) => return Socket::new(tcp, patience),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    fn new(tcp: TcpStream, patience: Duration) -> io::Result<Self> {
        // Each write is something whole that is answered: waiting for more of it only costs time.
        tcp.set_nodelay(true)?;
        let mut socket = Socket { tcp, patience, until: Instant::now() };
        socket.set_patience(patience)?;
        Ok(socket)
    }

    pub(super) fn set_patience(&mut self, patience: Duration) -> io::Result<()> {
        self.patience = patience;
        self.tcp.set_read_timeout(Some(patience))?;
        self.tcp.set_write_timeout(Some(patience))
    }

    /// From here the time for a whole answer runs.
    pub(super) fn expect_answer(&mut self) {
        self.until = Instant::now() + self.patience * SILENCES;
    }
}

impl Read for Socket {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if Instant::now() > self.until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.tcp.read(into)
    }
}

impl Write for Socket {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.tcp.write(octets)
    }

    fn write_vectored(&mut self, octets: &[io::IoSlice<'_>]) -> io::Result<usize> {
        self.tcp.write_vectored(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}

/// A connection, in the clear or not.
pub(super) enum Stream {
    Plain(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>),
}

impl Stream {
    pub(super) fn is_encrypted(&self) -> bool {
        matches!(self, Stream::Tls(_))
    }

    pub(super) fn socket(&mut self) -> &mut Socket {
        match self {
            Stream::Plain(socket) => socket,
            Stream::Tls(stream) => &mut stream.sock,
        }
    }
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(socket) => socket.read(into),
            Stream::Tls(stream) => stream.read(into),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(socket) => socket.write(octets),
            Stream::Tls(stream) => stream.write(octets),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::Plain(socket) => socket.flush(),
            Stream::Tls(stream) => stream.flush(),
        }
    }
}

/// What went wrong with a connection, for people.
pub(super) fn words(error: &io::Error) -> String {
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return tls::words(error);
    }
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => "no answer in time".to_owned(),
        io::ErrorKind::UnexpectedEof => "the connection was closed".to_owned(),
        _ => one_line(&error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn every_answer_ends_in_time_however_slowly_it_comes() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let patience = Duration::from_millis(100);
        let mut socket = Socket::connect(("127.0.0.1", port), patience).unwrap();
        let (mut other, _) = listener.accept().unwrap();
        let drip = std::thread::spawn(move || {
            while other.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        socket.expect_answer();
        let begun = Instant::now();
        let error = loop {
            if let Err(error) = socket.read(&mut [0]) {
                break error;
            }
        };
        assert_eq!(words(&error), "no answer in time");
        assert!(begun.elapsed() >= patience * SILENCES && begun.elapsed() < patience * SILENCES * 20, "{:?}", begun.elapsed());
        drop(socket);
        drip.join().unwrap();
    }
}
