//! Encodings other than PEM: told by their first bytes, and unpacked.

mod assembly;
mod fault;
mod pkcs12;
mod pkcs7;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use crate::certificate::Certificate;
use crate::der::{INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, Walk};
use crate::encryption::Budget;
use crate::passphrase::Passphrases;

pub(crate) use assembly::Unit;
pub use fault::ContainerFault;

/// The most certificates, keys and other things that are taken out of one container.
pub(crate) const PARTS_MAX: usize = 512;

/// What an input is that is not PEM as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Container {
    /// Base64 as stands between BEGIN and END lines, without them.
    BareBase64,
    /// Certificates in DER, one after the other.
    Certificate,
    /// A key store of Java's own, JKS or JCEKS.
    JavaKeyStore,
    /// A manifest with Secrets of Kubernetes.
    KubernetesSecret,
    /// PKCS#7 (RFC 5652 §3) in DER.
    Pkcs7,
    /// PKCS#12 (RFC 7292 §4).
    Pkcs12,
    /// A private key in DER: PKCS#1, PKCS#8 or SEC 1.
    PrivateKey,
    /// PEM in several files, of which one continues the chain of the other.
    SeparateFiles,
}

impl std::fmt::Display for Container {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::BareBase64 => "base64 without BEGIN and END lines",
            Self::Certificate => "a certificate in DER",
            Self::JavaKeyStore => "a Java key store",
            Self::KubernetesSecret => "a Kubernetes Secret",
            Self::Pkcs7 => "PKCS#7",
            Self::Pkcs12 => "PKCS#12",
            Self::PrivateKey => "a private key in DER",
            Self::SeparateFiles => "a chain in several files",
        })
    }
}

impl Container {
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        // JKS and JCEKS, by what they begin with.
        if bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) || bytes.starts_with(&[0xce; 4]) {
            return Some(Self::JavaKeyStore);
        }
        if is_bare_base64(bytes) {
            return Some(Self::BareBase64);
        }
        if Walk::over(bytes).due(SEQUENCE).is_ok_and(|first| Certificate::from_der(first.whole()).is_ok()) {
            return Some(Self::Certificate);
        }
        // A length may be indefinite here.
        let [SEQUENCE, length, rest @ ..] = bytes else { return None };
        let octets = if *length > 0x80 { usize::from(length - 0x80) } else { 0 };
        let mut inside = Walk::over(rest.get(octets..)?);
        let first = inside.any().ok()?;
        match (first.tag(), first.content()) {
            (OBJECT_IDENTIFIER, content) if content == pkcs7::SIGNED_DATA => Some(Self::Pkcs7),
            (INTEGER, [3]) => Some(Self::Pkcs12),
            (INTEGER, [0 | 1]) => Some(Self::PrivateKey),
            (SEQUENCE, content) if is_algorithm(content) && inside.next_tag() == Some(OCTET_STRING) => {
                Some(Self::PrivateKey)
            }
            _ => None,
        }
    }

    /// What is inside, ready to be judged: units that have nothing to do with each other, one at least.
    pub(crate) fn unpack(
        self,
        bytes: &[u8],
        passphrases: &Passphrases,
        budget: &mut Budget,
    ) -> Result<Vec<Unit>, ContainerFault> {
        match self {
            Self::BareBase64 => {
                let bytes = decoded(bytes)?;
                let inner = Self::of(&bytes).filter(|inner| *inner != Self::BareBase64);
                let inner = inner.ok_or_else(|| {
                    ContainerFault::malformed("what it encodes is no certificate and no key")
                })?;
                inner.unpack(&bytes, passphrases, budget)
            }
            Self::Certificate => assembly::of_certificates(bytes),
            Self::JavaKeyStore => Err(ContainerFault::unsupported("Java's own algorithm")),
            Self::KubernetesSecret | Self::SeparateFiles => {
                Err(ContainerFault::malformed("nothing is packed in it"))
            }
            Self::Pkcs7 => assembly::of_pkcs7(bytes),
            Self::Pkcs12 => assembly::of_pkcs12(pkcs12::open(bytes, passphrases, budget)?),
            Self::PrivateKey => Ok(vec![assembly::of_private_key(bytes, passphrases, budget)]),
        }
    }
}

fn too_many_parts() -> ContainerFault {
    ContainerFault::OverLimit { reason: format!("more than {PARTS_MAX} things lie in it") }
}

fn is_algorithm(content: &[u8]) -> bool {
    Walk::over(content).next_tag() == Some(OBJECT_IDENTIFIER)
}

fn decoded(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, ContainerFault> {
    let is_symbol = |byte: &u8| !byte.is_ascii_whitespace();
    let mut symbols = Zeroizing::new(Vec::with_capacity(bytes.len()));
    symbols.extend(bytes.iter().copied().filter(is_symbol));
    let mut decoded = Zeroizing::new(vec![0; symbols.len().div_ceil(4) * 3]);
    let length = BASE64_STANDARD
        .decode_slice(&*symbols, &mut decoded)
        .map_err(|_| ContainerFault::malformed("its base64 does not decode"))?;
    decoded.truncate(length);
    Ok(decoded)
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
