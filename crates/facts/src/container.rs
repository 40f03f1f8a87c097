//! Encodings other than PEM, told by their first bytes: named, not unpacked.

use crate::certificate::Certificate;
use crate::der::{INTEGER, OBJECT_IDENTIFIER, SEQUENCE, Walk};

/// What an input without any PEM block looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Container {
    /// Base64 as stands between BEGIN and END lines, without them.
    BareBase64,
    /// A certificate in DER.
    Certificate,
    /// PKCS#7 (RFC 5652 §3) in DER.
    Pkcs7,
    /// PKCS#12 (RFC 7292 §4).
    Pkcs12,
    /// A private key in DER: PKCS#1, PKCS#8 or SEC 1.
    PrivateKey,
}

/// Content of the object identifier `pkcs7-signedData`, 1.2.840.113549.1.7.2.
const SIGNED_DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

impl Container {
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        if Certificate::from_der(bytes).is_ok() {
            return Some(Self::Certificate);
        }
        if is_bare_base64(bytes) {
            return Some(Self::BareBase64);
        }
        let mut inside = Walk::over(bytes).due(SEQUENCE).ok()?.walk();
        let first = inside.any().ok()?;
        match (first.tag(), first.content()) {
            (OBJECT_IDENTIFIER, content) if content == SIGNED_DATA => Some(Self::Pkcs7),
            (INTEGER, [3]) => Some(Self::Pkcs12),
            (INTEGER, [0 | 1]) => Some(Self::PrivateKey),
            _ => None,
        }
    }
}

/// Every certificate and key begins with a SEQUENCE longer than 127 bytes: `MI` in base64.
fn is_bare_base64(bytes: &[u8]) -> bool {
    const LENGTH_MIN: usize = 64;
    let is_symbol = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=\r\n \t".contains(byte);
    let bytes = bytes.trim_ascii();
    bytes.starts_with(b"MI") && bytes.len() >= LENGTH_MIN && bytes.iter().all(is_symbol)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reading, Source};

    fn container(bytes: &[u8]) -> Option<Container> {
        Reading::of(Source::from_bytes("test", bytes.to_vec()).unwrap()).container()
    }

    fn der(path: &str) -> Vec<u8> {
        let bytes = std::fs::read(format!("{}/../../fixtures/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let reading = Reading::of(Source::from_bytes("test", bytes).unwrap());
        reading.entries()[0].block().der().unwrap().to_vec()
    }

    #[test]
    fn encodings_are_told_by_what_they_begin_with() {
        assert_eq!(container(&der("chain/p256-depth-1.pem")), Some(Container::Certificate));
        assert_eq!(container(&der("keys/rsa-2048-a.key")), Some(Container::PrivateKey));
        assert_eq!(container(&der("keys/rsa-2048-a.pkcs1.key")), Some(Container::PrivateKey));
        assert_eq!(container(&der("keys/p256-a.sec1.key")), Some(Container::PrivateKey));
        assert_eq!(container(&der("rules/pem-block-type-unexpected/bad-pkcs7.pem")), Some(Container::Pkcs7));
        assert_eq!(container(&[0x30, 0x05, 0x02, 0x01, 0x03, 0x05, 0x00]), Some(Container::Pkcs12));
    }

    #[test]
    fn pem_and_prose_are_no_containers() {
        assert_eq!(container(b"-----BEGIN X-----\nAAAA\n-----END X-----\n"), None);
        assert_eq!(
            container(b"MIND the gap between the train and the platform, if you please, ladies"),
            None
        );
        assert_eq!(container(b""), None);
        assert_eq!(container(&[b"MIIB".as_slice(), &[b'A'; 80]].concat()), Some(Container::BareBase64));
    }
}
