//! `MacData` (RFC 7292 §4): under which passphrase the file was sealed.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::container::ContainerFault;
use crate::der::{INTEGER, OCTET_STRING, SEQUENCE, Tlv};
use crate::encryption::{Budget, Derivation, Digest, Purpose, pkcs12_derivation};
use crate::key::{AlgorithmIdentifier, algorithm};
use crate::passphrase::Form;

/// PBMAC1 (RFC 8018 §7.1, RFC 9579).
const PBMAC1: &str = "1.2.840.113549.1.5.14";
/// The longest key of a MAC, in bytes: the block of the largest hash function.
const KEY_LEN_MAX: usize = 128;

/// Which of `forms` the MAC over `content` fits.
pub(super) fn fitting(
    mac: Tlv<'_>,
    content: &[u8],
    forms: &[&Form],
    budget: &mut Budget,
) -> Result<usize, ContainerFault> {
    let mut walk = mac.walk();
    let mut info = walk.due(SEQUENCE)?.walk();
    let scheme = algorithm(&mut info)?;
    let value = info.due(OCTET_STRING)?.content();
    let salt = walk.due(OCTET_STRING)?.content();
    let iterations = walk.optional(INTEGER)?.map(Tlv::small).transpose()?.unwrap_or(1);
    let seal = Seal::of(scheme, salt, iterations)?;
    for (index, form) in forms.iter().enumerate() {
        let ours = seal.over(content, form, budget)?;
        if verify_slices_are_equal(&ours, value).is_ok() {
            return Ok(index);
        }
    }
    Err(ContainerFault::PassphraseWrong)
}

enum Seal<'a> {
    Pbmac1 { derivation: Derivation<'a>, digest: Digest, key_len: usize },
    Pkcs12 { digest: Digest, salt: &'a [u8], iterations: u64 },
}

impl<'a> Seal<'a> {
    fn of(scheme: AlgorithmIdentifier<'a>, salt: &'a [u8], iterations: u64) -> Result<Self, ContainerFault> {
        let oid = scheme.dotted()?;
        if oid != PBMAC1 {
            let digest = Digest::of_oid(&oid);
            let digest =
                digest.ok_or_else(|| ContainerFault::unsupported(format!("a MAC over the hash {oid}")))?;
            return Ok(Self::Pkcs12 { digest, salt, iterations });
        }
        let parameters =
            scheme.parameters().ok_or_else(|| ContainerFault::malformed("PBMAC1 has no parameters"))?;
        let mut walk = parameters.walk();
        let derivation = Derivation::of(algorithm(&mut walk)?)?;
        let mac = algorithm(&mut walk)?.dotted()?;
        let digest = Digest::of_hmac_oid(&mac);
        let digest = digest.ok_or_else(|| ContainerFault::unsupported(format!("PBMAC1 with {mac}")))?;
        let stated = derivation.key_len().and_then(|stated| usize::try_from(stated).ok());
        let key_len = stated.filter(|stated| (1..=KEY_LEN_MAX).contains(stated));
        let key_len = key_len.ok_or_else(|| {
            ContainerFault::malformed("PBMAC1 says no length of its key, or one that is out of range")
        })?;
        Ok(Self::Pbmac1 { derivation, digest, key_len })
    }

    fn over(
        &self,
        content: &[u8],
        form: &Form,
        budget: &mut Budget,
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, ContainerFault> {
        let (digest, key) = match self {
            Self::Pbmac1 { derivation, digest, key_len } => {
                (digest, derivation.derive(&form.bytes, *key_len, budget)?)
            }
            Self::Pkcs12 { digest, salt, iterations } => {
                let length = digest.of(&[]).len();
                (
                    digest,
                    pkcs12_derivation(*digest, &form.bmp, salt, *iterations, Purpose::Mac, length, budget)?,
                )
            }
        };
        Ok(digest.hmac(&key, content))
    }
}
