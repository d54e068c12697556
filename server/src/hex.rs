//! Bytes as text.

/// Bytes in hexadecimal, two small digits each.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
