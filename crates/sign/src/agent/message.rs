//! The messages that are sent, and what is read in the replies (RFC 9987).

use super::AgentIdentity;
use crate::error::Error;
use crate::wire::{Reader, Truncated, write_string};
use certgate_facts::SshSignatureAlgorithm;

/// Most keys in a list, as OpenSSH has it.
pub const AGENT_IDENTITIES_MAX: u32 = 2048;

// The message numbers SSH_AGENT_… and SSH_AGENTC_…, and the flags SSH_AGENT_RSA_SHA2_… of RFC 9987.
const FAILURE: u8 = 5;
const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;
const RSA_SHA2_256: u32 = 2;
const RSA_SHA2_512: u32 = 4;

/// Asks for the list.
pub(super) fn request_identities() -> Vec<u8> {
    framed(&[REQUEST_IDENTITIES])
}

/// Asks for a signature over `message` by the key in `blob`.
pub(super) fn sign_request(blob: &[u8], message: &[u8], algorithm: SshSignatureAlgorithm) -> Vec<u8> {
    let flags = match algorithm {
        SshSignatureAlgorithm::RsaSha256 => RSA_SHA2_256,
        SshSignatureAlgorithm::RsaSha512 => RSA_SHA2_512,
        _ => 0,
    };
    let mut request = vec![SIGN_REQUEST];
    write_string(&mut request, blob);
    write_string(&mut request, message);
    request.extend_from_slice(&flags.to_be_bytes());
    framed(&request)
}

/// Reads the list.
pub(super) fn read_identities(reply: &[u8]) -> Result<Vec<AgentIdentity>, Error> {
    let mut reader = body(reply, IDENTITIES_ANSWER)?;
    let count = reader.u32().map_err(cut_off)?;
    if count > AGENT_IDENTITIES_MAX {
        return Err(malformed("it lists too many keys"));
    }
    let mut identities = Vec::new();
    for _ in 0..count {
        let blob = reader.string().map_err(cut_off)?;
        let comment = reader.string().map_err(cut_off)?;
        identities.push(AgentIdentity::new(blob, comment));
    }
    ended(reader).map(|()| identities)
}

/// Reads a signature: its wire form, unread.
pub(super) fn read_signature(reply: &[u8]) -> Result<Vec<u8>, Error> {
    let mut reader = body(reply, SIGN_RESPONSE)?;
    let blob = reader.string().map_err(cut_off)?;
    ended(reader).map(|()| blob.to_vec())
}

/// What follows the number of the message that is due.
fn body(reply: &[u8], due: u8) -> Result<Reader<'_>, Error> {
    let mut reader = Reader::over(reply);
    match reader.u8() {
        Ok(number) if number == due => Ok(reader),
        Ok(FAILURE) => Err(Error::AgentRefused),
        Ok(_) => Err(malformed("it answers something else")),
        Err(Truncated) => Err(malformed("it is empty")),
    }
}

fn ended(reader: Reader<'_>) -> Result<(), Error> {
    if reader.is_empty() { Ok(()) } else { Err(malformed("bytes follow its end")) }
}

/// A message with its length before it. Bytes to be signed are limited where they are made.
fn framed(message: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(message.len() + 4);
    write_string(&mut framed, message);
    framed
}

fn cut_off(_: Truncated) -> Error {
    malformed("it is cut off")
}

const fn malformed(reason: &'static str) -> Error {
    Error::AgentReplyMalformed { reason }
}
