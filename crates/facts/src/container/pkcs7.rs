//! PKCS #7, now CMS (RFC 5652): the certificates of a `SignedData`, whether it signs anything or not.

use super::ContainerFault;
use crate::ber;
use crate::der::{CONTEXT_0, INTEGER, OBJECT_IDENTIFIER, SEQUENCE, SET, Walk};

/// Content of the object identifier `pkcs7-signedData`, 1.2.840.113549.1.7.2.
pub(super) const SIGNED_DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// The certificates, in the order in which they lie there, and how many things else lie among them.
pub(super) fn certificates(bytes: &[u8]) -> Result<(Vec<Vec<u8>>, usize), ContainerFault> {
    let (value, _) = ber::first_value(bytes)?;
    let mut info = Walk::only_sequence(&value)?;
    let kind = info.due(OBJECT_IDENTIFIER)?;
    if kind.content() != SIGNED_DATA {
        return Err(ContainerFault::unsupported(format!("the content type {}", kind.dotted()?)));
    }
    let mut signed = info.due(CONTEXT_0)?.walk().due(SEQUENCE)?.walk();
    signed.due(INTEGER)?;
    signed.due(SET)?;
    signed.due(SEQUENCE)?;
    let mut certificates = Vec::new();
    let mut others = 0;
    if let Some(set) = signed.optional(CONTEXT_0)? {
        let mut set = set.walk();
        while set.next_tag().is_some() {
            if certificates.len() == super::PARTS_MAX {
                return Err(super::too_many_parts());
            }
            let choice = set.any()?;
            match choice.tag() {
                SEQUENCE => certificates.push(choice.whole().to_vec()),
                _ => others += 1,
            }
        }
    }
    Ok((certificates, others))
}
