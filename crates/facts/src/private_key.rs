//! Private keys: in which format they are, whether they can be used, and the public key they imply.
//!
//! Nothing here keeps a secret byte. The reader looks at the bytes, derives the public half, and leaves.

mod encoding;
mod encrypted;
mod openssh;
mod pkcs1;
mod pkcs8;
mod sec1;

use std::fmt;

use zeroize::Zeroizing;

use crate::container::ContainerFault;
use crate::der::{self, DerDefect, Tlv, Walk};
use crate::encryption::{self, Budget, decrypt_with_headers};
use crate::key::{PublicKey, algorithm};
use crate::passphrase::{Form, Passphrases};

pub use encoding::{KeyEncodingError, private_key_as};

/// What encapsulation a private key is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyFormat {
    /// The six integers that OpenSSL writes under `DSA PRIVATE KEY`.
    DsaTraditional,
    /// OpenSSH's own format, `openssh-key-v1`.
    OpenSsh,
    /// `RSAPrivateKey` of PKCS #1 (RFC 8017 §A.1.2).
    Pkcs1,
    /// `PrivateKeyInfo`, `OneAsymmetricKey` or `EncryptedPrivateKeyInfo` of PKCS #8 (RFC 5208 §5 and §6, RFC
    /// 5958 §2 and §3).
    Pkcs8,
    /// `ECPrivateKey` of SEC 1 (RFC 5915 §3).
    Sec1,
    /// None of these.
    Unknown,
}

impl fmt::Display for KeyFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DsaTraditional => "traditional DSA",
            Self::OpenSsh => "OpenSSH",
            Self::Pkcs1 => "PKCS#1",
            Self::Pkcs8 => "PKCS#8",
            Self::Sec1 => "SEC 1",
            Self::Unknown => "unknown",
        })
    }
}

/// What can be done with a private key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrivateKeyState {
    /// Encrypted under a passphrase.
    Encrypted {
        /// The public half, where the format leaves it in the clear.
        public: Option<PublicKey>,
        /// How: the key derivation with its cost, and the cipher.
        scheme: String,
    },
    /// Not a key in any format read here, or one whose numbers cannot be right.
    Unreadable {
        /// What is wrong, as half a sentence. Never quotes key bytes.
        reason: String,
    },
    /// Readable, but of an algorithm or in a format that TLS servers do not take.
    Unsupported {
        /// What it is.
        algorithm: String,
        /// The public half, where it can be read or derived.
        public: Option<PublicKey>,
    },
    /// Readable, unencrypted, and of an algorithm for TLS servers: RSA, ECDSA on a NIST curve, Ed25519.
    Usable(PublicKey),
}

/// The facts about a private key. Holds no part of the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateKey {
    format: KeyFormat,
    state: PrivateKeyState,
    fault: Option<ContainerFault>,
}

impl PrivateKey {
    /// The format, by content; by label where encryption hides the content.
    #[must_use]
    pub const fn format(&self) -> KeyFormat {
        self.format
    }

    /// Usable, or why not.
    #[must_use]
    pub const fn state(&self) -> &PrivateKeyState {
        &self.state
    }

    /// The public half, in whatever state the key is, if it is known.
    #[must_use]
    pub const fn public_key(&self) -> Option<&PublicKey> {
        match &self.state {
            PrivateKeyState::Encrypted { public, .. } | PrivateKeyState::Unsupported { public, .. } => {
                public.as_ref()
            }
            PrivateKeyState::Unreadable { .. } => None,
            PrivateKeyState::Usable(public) => Some(public),
        }
    }

    /// Why the passphrases that were given do not open it; nothing where none was, and where one does.
    #[must_use]
    pub const fn fault(&self) -> Option<&ContainerFault> {
        self.fault.as_ref()
    }

    const fn new(format: KeyFormat, state: PrivateKeyState) -> Self {
        Self { format, state, fault: None }
    }

    /// The same key with its public half, or with why that stays unknown.
    pub(crate) fn opened(
        mut self,
        headers: &[(&str, &str)],
        bytes: &[u8],
        passphrases: &Passphrases,
        budget: &mut Budget,
    ) -> Self {
        let is_openssh = self.format == KeyFormat::OpenSsh;
        if let PrivateKeyState::Encrypted { public, .. } = &mut self.state
            && !passphrases.is_empty()
            && !is_openssh
        {
            match decrypt(headers, bytes, passphrases, budget) {
                Ok(plain) => *public = read("PRIVATE KEY", &[], &plain).public_key().cloned(),
                Err(fault) => self.fault = Some(fault),
            }
        }
        self
    }
}

/// Decrypts a key under one of the passphrases: PKCS #8, or a traditional key with the headers that say how.
pub(crate) fn decrypt(
    headers: &[(&str, &str)],
    bytes: &[u8],
    passphrases: &Passphrases,
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, ContainerFault> {
    let forms = passphrases.forms();
    let forms: Vec<&Form> = forms.iter().collect();
    let is_key = |plain: &[u8]| !matches!(Shape::of(plain), Err(_) | Ok(Shape::Unknown));
    if let Some(dek_info) = encrypted::dek_info(headers) {
        return decrypt_with_headers(dek_info, bytes, &forms, is_key);
    }
    let mut walk = Walk::only_sequence(bytes)?;
    let scheme = algorithm(&mut walk)?;
    let data = walk.due(der::OCTET_STRING)?.content();
    Ok(encryption::decrypt(scheme, data, &forms, budget, is_key)?.1)
}

/// The PEM label under which readers expect a key in DER; that of PKCS #8 for what is none.
#[must_use]
pub fn private_key_label(bytes: &[u8]) -> &'static str {
    match Shape::of(bytes) {
        Ok(Shape::Pkcs1) => "RSA PRIVATE KEY",
        Ok(Shape::Sec1) => "EC PRIVATE KEY",
        Ok(Shape::Dsa(_)) => LABEL_DSA,
        Ok(Shape::EncryptedPkcs8) => LABEL_ENCRYPTED,
        Ok(Shape::Pkcs8 | Shape::Unknown) | Err(_) => "PRIVATE KEY",
    }
}

/// What stops the reading of a key, as half a sentence.
struct Unreadable(String);

impl Unreadable {
    fn because(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

impl From<DerDefect> for Unreadable {
    fn from(defect: DerDefect) -> Self {
        Self::because(defect)
    }
}

impl From<Unreadable> for PrivateKeyState {
    fn from(Unreadable(reason): Unreadable) -> Self {
        Self::Unreadable { reason }
    }
}

/// Whether a PEM label (RFC 7468 §2) announces a private key: `PRIVATE KEY`, or anything before a space and
/// those words.
///
/// `EC PARAMETERS` and `DSA PARAMETERS` do not.
#[must_use]
pub fn is_private_key_label(label: &str) -> bool {
    label.strip_suffix("PRIVATE KEY").is_some_and(|before| before.is_empty() || before.ends_with(' '))
}

/// The label of an `EncryptedPrivateKeyInfo` (RFC 7468 §11).
const LABEL_ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
/// The label of OpenSSH's format.
const LABEL_OPENSSH: &str = "OPENSSH PRIVATE KEY";
/// The label of a traditional DSA key.
const LABEL_DSA: &str = "DSA PRIVATE KEY";

/// Reads the decoded body of a PEM block whose label [announces a private key](is_private_key_label).
///
/// The content decides, not the label, because servers try every format on every such block. The label counts
/// where the content cannot be seen (encryption) or is ambiguous (six integers are a DSA key, or an RSA key
/// without its optional part).
///
/// What is checked: RSA as [`pkcs1`] says, elliptic curve keys as [`sec1`] says. Ed25519 keys (RFC 8410 §7)
/// always have their public half derived from the seed. A stated public half is never believed where the
/// derivation is at hand.
pub(crate) fn read(label: &str, headers: &[(&str, &str)], bytes: &[u8]) -> PrivateKey {
    if let Some(scheme) = encrypted::legacy_scheme(headers) {
        let state = PrivateKeyState::Encrypted { scheme, public: None };
        return PrivateKey::new(format_of_label(label), state);
    }
    if label == LABEL_OPENSSH || openssh::is_openssh(bytes) {
        return PrivateKey::new(KeyFormat::OpenSsh, openssh::read(bytes));
    }
    let (format, state) = match Shape::of(bytes) {
        Ok(Shape::Dsa(numbers)) if label == LABEL_DSA || !pkcs1::is_product(&numbers) => {
            (KeyFormat::DsaTraditional, read_dsa(&numbers))
        }
        Ok(Shape::Dsa(_) | Shape::Pkcs1) => (KeyFormat::Pkcs1, pkcs1::read(bytes)),
        Ok(Shape::EncryptedPkcs8) => (KeyFormat::Pkcs8, encrypted::read(bytes)),
        Ok(Shape::Pkcs8) => (KeyFormat::Pkcs8, pkcs8::read(bytes)),
        Ok(Shape::Sec1) => (KeyFormat::Sec1, sec1::read(bytes, None)),
        Ok(Shape::Unknown) => (
            KeyFormat::Unknown,
            Unreadable::because("the content has the shape of no private key format").into(),
        ),
        Err(defect) => (KeyFormat::Unknown, Unreadable::from(defect).into()),
    };
    if label == LABEL_ENCRYPTED && matches!(state, PrivateKeyState::Unreadable { .. }) {
        let scheme = "an unreadable scheme".to_owned();
        return PrivateKey::new(KeyFormat::Pkcs8, PrivateKeyState::Encrypted { scheme, public: None });
    }
    PrivateKey::new(format, state)
}

fn format_of_label(label: &str) -> KeyFormat {
    match label {
        "RSA PRIVATE KEY" => KeyFormat::Pkcs1,
        "EC PRIVATE KEY" => KeyFormat::Sec1,
        "PRIVATE KEY" | LABEL_ENCRYPTED => KeyFormat::Pkcs8,
        LABEL_DSA => KeyFormat::DsaTraditional,
        LABEL_OPENSSH => KeyFormat::OpenSsh,
        _ => KeyFormat::Unknown,
    }
}

/// Which format a SEQUENCE has, told by the types of its first elements.
enum Shape<'a> {
    /// Six integers: version, p, q, g, y, x; or an RSA key's version, n, e, d, p, q.
    Dsa(Box<[Tlv<'a>; 6]>),
    EncryptedPkcs8,
    Pkcs1,
    Pkcs8,
    Sec1,
    Unknown,
}

impl<'a> Shape<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self, DerDefect> {
        let mut walk = Walk::only_sequence(bytes)?;
        let mut rest = walk.clone();
        let first = rest.any()?.tag();
        let second = rest.any()?.tag();
        match (first, second) {
            (der::SEQUENCE, der::OCTET_STRING) => return Ok(Self::EncryptedPkcs8),
            (der::INTEGER, der::SEQUENCE) => return Ok(Self::Pkcs8),
            (der::INTEGER, der::OCTET_STRING) => return Ok(Self::Sec1),
            (der::INTEGER, der::INTEGER) => {}
            _ => return Ok(Self::Unknown),
        }
        let numbers = [walk.any()?, walk.any()?, walk.any()?, walk.any()?, walk.any()?, walk.any()?];
        let integers = numbers.iter().all(|number| number.tag() == der::INTEGER);
        Ok(if integers && walk.end().is_ok() { Self::Dsa(Box::new(numbers)) } else { Self::Pkcs1 })
    }
}

fn read_dsa(numbers: &[Tlv<'_>; 6]) -> PrivateKeyState {
    match dsa_public(numbers) {
        Ok(public) => unsupported("dsa", public),
        Err(defect) => Unreadable::from(defect).into(),
    }
}

fn dsa_public([_, p, q, g, y, _]: &[Tlv<'_>; 6]) -> Result<Option<PublicKey>, DerDefect> {
    Ok(PublicKey::from_dsa(p.magnitude()?, q.magnitude()?, g.magnitude()?, y.magnitude()?).ok())
}

/// A key that is named by its type if there is a public half, else by `name`.
fn unsupported(name: impl fmt::Display, public: Option<PublicKey>) -> PrivateKeyState {
    let algorithm = public.as_ref().map_or_else(|| name.to_string(), |key| key.key_type().to_string());
    PrivateKeyState::Unsupported { algorithm, public }
}

#[cfg(test)]
mod tests;
