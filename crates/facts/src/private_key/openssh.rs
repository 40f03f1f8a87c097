//! OpenSSH's private key format, `openssh-key-v1` (PROTOCOL.key). Its public half is always in the clear.

use super::{PrivateKeyState, Unreadable};
use crate::key::PublicKey;
use crate::ssh_key::SshPublicKey;
use crate::ssh_wire::{WireDefect, WireReader, printable};

/// What the format starts with.
const MAGIC: &[u8] = b"openssh-key-v1\0";

/// Whether the format's magic bytes are there.
pub(super) fn is_openssh(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Reads the framing and the public half. The private section is not looked into.
pub(super) fn read(bytes: &[u8]) -> PrivateKeyState {
    let Some(framing) = bytes.strip_prefix(MAGIC) else {
        return Unreadable::because("the content does not start as an OpenSSH private key does").into();
    };
    match read_framing(framing) {
        Ok(state) => state,
        Err(_) => Unreadable::because("the OpenSSH private key is cut off").into(),
    }
}

fn read_framing(framing: &[u8]) -> Result<PrivateKeyState, WireDefect> {
    let mut reader = WireReader::over(framing);
    let cipher = reader.string()?;
    let derivation = reader.string()?;
    reader.string()?;
    let count = reader.u32()?;
    if count != 1 {
        return Ok(
            Unreadable::because(format!("the OpenSSH file holds {count} keys and should hold one")).into()
        );
    }
    let blob = reader.string()?;
    reader.string()?;
    // An authenticating cipher leaves its tag behind the section.
    if cipher == b"none" && !reader.is_empty() {
        return Ok(Unreadable::because(format!(
            "{} bytes follow the end of the OpenSSH private key",
            reader.remaining()
        ))
        .into());
    }
    let name = printable(WireReader::over(blob).string()?);
    let public: Option<PublicKey> =
        SshPublicKey::from_blob(blob).ok().and_then(|key| key.public_key().cloned());
    if cipher == b"none" {
        return Ok(PrivateKeyState::Unsupported { algorithm: format!("OpenSSH format, {name}"), public });
    }
    let scheme = format!("OpenSSH, {} with {}", printable(cipher), printable(derivation));
    Ok(PrivateKeyState::Encrypted { scheme, public })
}
