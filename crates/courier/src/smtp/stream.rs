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

/// Nothing takes longer than this: no mail to be written, no answer to be heard, however steadily its octets drip. RFC 5321 section
/// 4.5.3.2.6 wants ten minutes for the answer to the final dot. A mail is leased for an hour, and whoever still sends it when the lease
/// ends sends it twice: writing and hearing must leave room for all that comes before them.
pub(super) const WHOLE: Duration = Duration::from_secs(15 * 60);

/// A TCP connection. Waits for an octet as long as its patience lasts, for a whole answer some times as long.
pub(super) struct Socket {
    tcp: TcpStream,
    patience: Duration,
    /// What is being written or heard ends by then.
    until: Instant,
    /// Nothing that is written or heard takes longer.
    whole: Duration,
    /// All that is said ends by then.
    end: Option<Instant>,
}

impl Socket {
    /// Tries every address that the name has, in the system's order. All that is said from here ends by `end`.
    pub(super) fn connect(place: (&str, u16), patience: Duration, end: Instant) -> io::Result<Self> {
        let mut failed = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in place.to_socket_addrs()? {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            match TcpStream::connect_timeout(&address, patience.min(left)) {
                Ok(tcp) => return Socket::new(tcp, patience, end),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    fn new(tcp: TcpStream, patience: Duration, end: Instant) -> io::Result<Self> {
        // Each write is something whole that is answered: waiting for more of it only costs time.
        tcp.set_nodelay(true)?;
        Ok(Socket { tcp, patience, until: Instant::now(), whole: WHOLE, end: Some(end) })
    }

    pub(super) fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// All that is said from here ends by `end`, or in its own time.
    pub(super) fn set_end(&mut self, end: Option<Instant>) {
        self.end = end;
    }

    /// Nothing that is written or heard takes longer than `whole`.
    pub(super) fn set_whole(&mut self, whole: Duration) {
        self.whole = whole;
    }

    /// From here the time runs for what is written next, or for a whole answer.
    pub(super) fn begin(&mut self) {
        let until = Instant::now() + (self.patience * SILENCES).min(self.whole);
        self.until = self.end.map_or(until, |end| until.min(end));
    }

    /// How long to wait for the next octet.
    fn left(&self) -> io::Result<Option<Duration>> {
        match self.until.saturating_duration_since(Instant::now()) {
            Duration::ZERO => Err(io::ErrorKind::TimedOut.into()),
            left => Ok(Some(left.min(self.patience))),
        }
    }
}

impl Read for Socket {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.tcp.set_read_timeout(self.left()?)?;
        self.tcp.read(into)
    }
}

impl Write for Socket {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.tcp.set_write_timeout(self.left()?)?;
        self.tcp.write(octets)
    }

    fn write_vectored(&mut self, octets: &[io::IoSlice<'_>]) -> io::Result<usize> {
        self.tcp.set_write_timeout(self.left()?)?;
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
        let mut socket = Socket::connect(("127.0.0.1", port), patience, Instant::now() + WHOLE).unwrap();
        let (mut other, _) = listener.accept().unwrap();
        let drip = std::thread::spawn(move || {
            while other.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        socket.begin();
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
