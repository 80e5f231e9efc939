//! CRC-32 as ZIP has it (polynomial 0xedb88320): yEnc ends with it, and compressed RTF begins with a variant.

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let (mut value, mut bit) = (at as u32, 0);
        while bit < 8 {
            value = if value & 1 == 1 { value >> 1 ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[at] = value;
        at += 1;
    }
    table
};

/// Takes more octets into a remainder.
pub(crate) fn update(remainder: u32, octets: &[u8]) -> u32 {
    octets.iter().fold(remainder, |rest, octet| TABLE[usize::from(rest as u8 ^ octet)] ^ rest >> 8)
}

/// The CRC-32 of octets.
pub(crate) fn of(octets: &[u8]) -> u32 {
    !update(!0, octets)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a87_the_checksum_is_the_common_one() {
        assert_eq!(super::of(b"123456789"), 0xcbf4_3926);
        assert_eq!(super::of(b""), 0);
    }
}
