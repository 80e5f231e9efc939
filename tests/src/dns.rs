//! A name server for mail filters: the TXT records that it was given, and nothing else in the world. It listens at port 53 of a
//! loopback address of its own, because some filters ask at no other port.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

static NEXT: AtomicU8 = AtomicU8::new(1);
const HEADER: usize = 12;
const TXT: [u8; 2] = [0, 16];
const TRIES: usize = 200;

/// It answers while this lives.
#[derive(Debug)]
pub struct Dns {
    address: Ipv4Addr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Dns {
    /// Serves TXT records, by names in lower case.
    ///
    /// # Panics
    /// When no address is free, or this is not root's process.
    pub fn start(records: BTreeMap<String, String>) -> Self {
        let (socket, address) = (0..TRIES)
            .find_map(|_| {
                let [high, low, ..] = std::process::id().to_le_bytes();
                let address = Ipv4Addr::new(127, 64 | (high & 63), low, NEXT.fetch_add(1, Ordering::Relaxed).max(1));
                UdpSocket::bind((address, 53)).ok().map(|socket| (socket, address))
            })
            .expect("a loopback address with port 53 free, as root");
        socket.set_read_timeout(Some(Duration::from_millis(100))).expect("a time-out can be set");
        let stop = Arc::new(AtomicBool::new(false));
        let asked_to_stop = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut query = [0; 1500];
            while !asked_to_stop.load(Ordering::Relaxed) {
                let Ok((length, from)) = socket.recv_from(&mut query) else { continue };
                if let Some(answer) = answer(&query[..length], &records) {
                    socket.send_to(&answer, from).ok();
                }
            }
        });
        Dns { address, stop, thread: Some(thread) }
    }

    /// Where it listens, at port 53.
    pub fn address(&self) -> Ipv4Addr {
        self.address
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// The answer to a query of one question (RFC 1035 section 4): what we have, or that there is no such thing.
fn answer(query: &[u8], records: &BTreeMap<String, String>) -> Option<Vec<u8>> {
    let (name, end) = question(query)?;
    let record = records.get(&name).filter(|_| query.get(end - 4..end - 2) == Some(&TXT));
    let within = format!(".{name}");
    let exists = records.keys().any(|known| *known == name || known.ends_with(&within));
    let mut answer = query.get(..2)?.to_vec();
    // An answer, authoritative, recursion desired and available; NXDOMAIN for names that are nowhere.
    answer.extend([0x85, if exists { 0x80 } else { 0x83 }, 0, 1, 0, u8::from(record.is_some()), 0, 0, 0, 0]);
    answer.extend(query.get(HEADER..end)?);
    if let Some(text) = record {
        // The name of the question, TXT, IN, a minute.
        answer.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        let strings: Vec<u8> = text.as_bytes().chunks(255).flat_map(|part| [&[part.len() as u8], part].concat()).collect();
        answer.extend((strings.len() as u16).to_be_bytes());
        answer.extend(strings);
    }
    Some(answer)
}

/// The name that is asked for, in lower case, and where the question ends.
fn question(query: &[u8]) -> Option<(String, usize)> {
    let (mut labels, mut at) = (Vec::new(), HEADER);
    loop {
        let length = usize::from(*query.get(at)?);
        let label = query.get(at + 1..at + 1 + length)?;
        at += 1 + length;
        if length == 0 {
            // Type and class.
            return query.get(at..at + 4).map(|_| (labels.join("."), at + 4));
        }
        labels.push(String::from_utf8_lossy(label).to_lowercase());
    }
}
