//! Repeatable chance: a small generator whose seed is printed, so that a failing run can be run again.

/// A pseudo-random generator (xorshift64*), good enough to choose moments and messages.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Seeded from `$POSTERN_SEED`, else from the clock; prints the seed.
    pub fn seeded() -> Self {
        let seed = std::env::var("POSTERN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock after 1970");
            u64::try_from(now.as_nanos() & u128::from(u64::MAX)).expect("masked to 64 bits")
        });
        eprintln!("POSTERN_SEED={seed}");
        Random(seed | 1)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16) % limit.max(1)
    }
}
