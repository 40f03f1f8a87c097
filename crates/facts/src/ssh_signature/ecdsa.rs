//! ECDSA signatures: r and s as two numbers of any length on the wire (RFC 5656 §3.1.2), of fixed length for the
//! provider.

use super::{SshSignatureFault, malformed, padded};
use crate::der::trimmed;
use crate::ssh_wire::{WireReader, write_mpint};

/// Two fixed-length halves to two `mpint`s.
pub(super) fn to_wire(raw: &[u8], scalar_bytes: usize) -> Result<Vec<u8>, SshSignatureFault> {
    let (r, s) = raw.split_at_checked(scalar_bytes).ok_or(SshSignatureFault::Malformed)?;
    if s.len() != scalar_bytes {
        return Err(SshSignatureFault::Malformed);
    }
    let mut wire = Vec::with_capacity(raw.len() + 10);
    write_mpint(&mut wire, r);
    write_mpint(&mut wire, s);
    Ok(wire)
}

/// Two `mpint`s to two fixed-length halves. Neither may be negative or too long.
pub(super) fn from_wire(wire: &[u8], scalar_bytes: usize) -> Result<Vec<u8>, SshSignatureFault> {
    let mut reader = WireReader::over(wire);
    let mut half = || {
        let number = reader.string().map_err(malformed)?;
        if number.first().is_some_and(|first| *first >= 0x80) {
            return Err(SshSignatureFault::Malformed);
        }
        padded(trimmed(number), scalar_bytes)
    };
    let mut raw = half()?;
    raw.extend(half()?);
    if reader.is_empty() { Ok(raw) } else { Err(SshSignatureFault::Malformed) }
}
