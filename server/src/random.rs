//! Random bits from the operating system.

use app::message::Cid;

/// `BYTES` random bytes.
///
/// # Panics
/// When the system has no random bits to give; nothing here is safe without them.
pub fn bytes<const BYTES: usize>() -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).expect("the system gives random bits");
    bytes
}

/// `BYTES` random bytes in hexadecimal.
pub fn hex<const BYTES: usize>() -> String {
    crate::hex::hex(&bytes::<BYTES>())
}

/// A fresh id for a message.
pub fn cid(now_ms: i64) -> Cid {
    Cid::fresh(now_ms, u128::from_be_bytes(bytes()))
}

/// A number from `first` to `last`, both possible and all alike.
pub fn between(first: u32, last: u32) -> u32 {
    let span = u64::from(last - first) + 1;
    // 64 random bits over a span of at most 2^32: the unevenness is below 2^-32.
    first + (u64::from_le_bytes(bytes()) % span) as u32
}
