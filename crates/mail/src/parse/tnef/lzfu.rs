//! Compressed RTF (MS-OXRTFCP): a dictionary of 4096 octets, and at most eight octets out for one octet in.

use super::super::crc32;

/// What the dictionary holds before the first octet (MS-OXRTFCP 2.1.2.1).
const DICTIONARY: &[u8; 207] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

const COMPRESSED: &[u8; 4] = b"LZFu";
const UNCOMPRESSED: &[u8; 4] = b"MELA";

/// RTF, and what was odd about it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unpacked {
    /// The RTF.
    pub octets: Vec<u8>,
    /// Its checksum is wrong, or it is shorter than it says.
    pub damaged: bool,
    /// It was longer than `limit`.
    pub cut: bool,
}

/// Unpacks at most `limit` octets. `None` when it is no compressed RTF.
pub(super) fn unpack(data: &[u8], limit: usize) -> Option<Unpacked> {
    let (head, body) = data.split_first_chunk::<16>()?;
    let [s0, s1, s2, s3, r0, r1, r2, r3, k0, k1, k2, k3, sum @ ..] = *head;
    let number = |octets: [u8; 4]| usize::try_from(u32::from_le_bytes(octets)).unwrap_or(usize::MAX);
    // The first size counts everything behind itself.
    let body = &body[..body.len().min(number([s0, s1, s2, s3]).saturating_sub(12))];
    let size = number([r0, r1, r2, r3]);
    match &[k0, k1, k2, k3] {
        UNCOMPRESSED => {
            let kept = body.len().min(size).min(limit);
            Some(Unpacked { octets: body[..kept].to_vec(), damaged: body.len() < size, cut: size.min(body.len()) > limit })
        }
        COMPRESSED => {
            let mut unpacked = expand(body, limit);
            unpacked.damaged |= crc32::update(0, body) != u32::from_le_bytes(sum);
            Some(unpacked)
        }
        _ => None,
    }
}

fn expand(body: &[u8], limit: usize) -> Unpacked {
    let mut window = Window { octets: [b' '; 4096], at: DICTIONARY.len() };
    window.octets[..DICTIONARY.len()].copy_from_slice(DICTIONARY);
    // The size that the sender names may be a lie: the room grows with what comes.
    let mut out = Vec::with_capacity(body.len().saturating_mul(3).min(limit));
    let mut input = body.iter().copied();
    while let Some(control) = input.next() {
        for bit in 0..8 {
            if out.len() >= limit {
                return Unpacked { octets: out, damaged: false, cut: true };
            }
            if control >> bit & 1 == 0 {
                let Some(octet) = input.next() else { return Unpacked { octets: out, damaged: true, cut: false } };
                window.push(octet, &mut out);
                continue;
            }
            let (Some(high), Some(low)) = (input.next(), input.next()) else {
                return Unpacked { octets: out, damaged: true, cut: false };
            };
            let from = usize::from(high) << 4 | usize::from(low >> 4);
            // A reference to the place of writing is the end.
            if from == window.at {
                return Unpacked { octets: out, damaged: false, cut: false };
            }
            for step in 0..usize::from(low & 15) + 2 {
                window.push(window.octets[(from + step) % 4096], &mut out);
            }
        }
    }
    Unpacked { octets: out, damaged: true, cut: false }
}

struct Window {
    octets: [u8; 4096],
    at: usize,
}

impl Window {
    fn push(&mut self, octet: u8, out: &mut Vec<u8>) {
        self.octets[self.at] = octet;
        self.at = (self.at + 1) % 4096;
        out.push(octet);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// MS-OXRTFCP 4.1.1, the example of the standard.
    const SIMPLE: &[u8] = &[
        0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00, 0x72, 0x63, 0x70,
        0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c,
        0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
    ];

    #[test]
    fn a140_the_example_of_the_standard_unpacks() {
        let found = unpack(SIMPLE, 1000).unwrap();
        assert_eq!(String::from_utf8_lossy(&found.octets), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        assert!(!found.damaged && !found.cut);
    }

    #[test]
    fn a140_sizes_that_lie_cost_nothing() {
        let mut lie = SIMPLE.to_vec();
        lie[..8].fill(0xff);
        assert_eq!(unpack(&lie, 1000).map(|u| u.octets.len()), Some(43));
        lie[8..12].copy_from_slice(b"MELA");
        assert!(unpack(&lie, 1000).unwrap().damaged);
        lie[8..12].copy_from_slice(b"XXXX");
        assert_eq!(unpack(&lie, 1000), None);
        assert_eq!(unpack(b"LZFu", 10), None);
        assert_eq!(unpack(&[0; 16], 10), None);
    }

    #[test]
    fn a140_a_bomb_stops_at_the_limit() {
        // Every reference copies 17 octets: the most that one octet can become.
        let mut bomb = vec![0xff; 4];
        bomb.extend([0xff, 0xff, 0xff, 0xff]);
        bomb.extend(b"LZFu\0\0\0\0");
        let mut at = DICTIONARY.len();
        for _ in 0..100_000 {
            bomb.extend([0xff]);
            for _ in 0..8 {
                let from = (at + 1) % 4096;
                bomb.extend([(from >> 4) as u8, (from << 4) as u8 | 15]);
                at = (at + 17) % 4096;
            }
        }
        let found = unpack(&bomb, 1 << 20).unwrap();
        assert!(found.cut && found.octets.len() < (1 << 20) + 17, "{}", found.octets.len());
    }
}
