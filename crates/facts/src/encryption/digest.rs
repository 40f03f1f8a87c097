//! Hash functions (FIPS 180-4, RFC 1321) and HMAC (RFC 2104) over any of them.

use aws_lc_rs::digest;
use zeroize::Zeroizing;

/// A hash function of a key derivation or a MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digest {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512To224,
    Sha512To256,
}

impl Digest {
    /// The one with this object identifier.
    pub(crate) fn of_oid(oid: &str) -> Option<Self> {
        Some(match oid {
            "1.2.840.113549.2.5" => Self::Md5,
            "1.3.14.3.2.26" => Self::Sha1,
            "2.16.840.1.101.3.4.2.4" => Self::Sha224,
            "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            "2.16.840.1.101.3.4.2.5" => Self::Sha512To224,
            "2.16.840.1.101.3.4.2.6" => Self::Sha512To256,
            _ => return None,
        })
    }

    /// The one inside of the HMAC with this object identifier (RFC 8018 §B.1).
    pub(crate) fn of_hmac_oid(oid: &str) -> Option<Self> {
        Some(match oid {
            "1.2.840.113549.2.6" | "1.3.6.1.5.5.8.1.1" => Self::Md5,
            "1.2.840.113549.2.7" | "1.3.6.1.5.5.8.1.2" => Self::Sha1,
            "1.2.840.113549.2.8" => Self::Sha224,
            "1.2.840.113549.2.9" => Self::Sha256,
            "1.2.840.113549.2.10" => Self::Sha384,
            "1.2.840.113549.2.11" => Self::Sha512,
            "1.2.840.113549.2.12" => Self::Sha512To224,
            "1.2.840.113549.2.13" => Self::Sha512To256,
            _ => return None,
        })
    }

    /// Bytes that go in at a time.
    pub(crate) fn block_len(self) -> usize {
        match self {
            Self::Md5 | Self::Sha1 | Self::Sha224 | Self::Sha256 => 64,
            Self::Sha384 | Self::Sha512 | Self::Sha512To224 | Self::Sha512To256 => 128,
        }
    }

    /// The hash of `parts` one after the other.
    pub(crate) fn of(self, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
        let algorithm = match self {
            Self::Md5 => return hashed::<md5::Md5>(parts),
            Self::Sha512To224 => return hashed::<sha2::Sha512_224>(parts),
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha224 => &digest::SHA224,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
            Self::Sha512To256 => &digest::SHA512_256,
        };
        let mut context = digest::Context::new(algorithm);
        parts.iter().for_each(|part| context.update(part));
        Zeroizing::new(context.finish().as_ref().to_vec())
    }

    /// The HMAC of `message` under `key`.
    pub(crate) fn hmac(self, key: &[u8], message: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut block = Zeroizing::new(vec![0; self.block_len()]);
        let hashed;
        let key = if key.len() > block.len() {
            hashed = self.of(&[key]);
            &hashed
        } else {
            key
        };
        block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        let padded = |pad: u8| Zeroizing::new(block.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>());
        self.of(&[&padded(0x5c), &self.of(&[&padded(0x36), message])])
    }
}

fn hashed<D: md5::Digest>(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let mut context = D::new();
    parts.iter().for_each(|part| context.update(part));
    Zeroizing::new(context.finalize().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_and_macs_are_those_of_their_standards() {
        let hex = |bytes: &[u8]| crate::hex(bytes);
        // RFC 1321 §A.5; FIPS 180-4 examples of "abc".
        assert_eq!(hex(&Digest::Md5.of(&[b"a", b"bc"])), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(
            hex(&Digest::Sha512To224.of(&[b"abc"])),
            "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa"
        );
        // RFC 2202 §2 and RFC 4231 §4.7, the second with a key longer than a block.
        assert_eq!(
            hex(&Digest::Md5.hmac(b"Jefe", b"what do ya want for nothing?")),
            "750c783e6ab0b503eaa86e310a5db738"
        );
        assert_eq!(
            hex(&Digest::Sha256.hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
