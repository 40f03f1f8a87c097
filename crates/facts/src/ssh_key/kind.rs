//! What kind of key an SSH public key is, and the fields that each kind has.

use std::fmt;

use super::{SshDefect, SshText};
use crate::key::{Curve, KeyType, PublicKey, bits};
use crate::ssh_wire::{WireDefect, WireReader};

/// The kind of an SSH public key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SshKeyKind {
    /// `ssh-dss` (RFC 4253 §6.6), which OpenSSH has dropped.
    Dss {
        /// Bits of the modulus p.
        bits: u32,
    },
    /// `ecdsa-sha2-nistp256` and its larger siblings (RFC 5656 §3.1).
    Ecdsa {
        /// The curve.
        curve: Curve,
    },
    /// `ssh-ed25519` (RFC 8709 §4).
    Ed25519,
    /// Any other type. Its fields are not read.
    Other,
    /// `ssh-rsa` (RFC 4253 §6.6).
    Rsa {
        /// Bits of the modulus.
        bits: u32,
    },
    /// `sk-ecdsa-sha2-nistp256@openssh.com`, held by a security key (PROTOCOL.u2f).
    SkEcdsaP256 {
        /// The relying party it was made for, usually `ssh:`.
        application: SshText,
    },
    /// `sk-ssh-ed25519@openssh.com`, held by a security key (PROTOCOL.u2f).
    SkEd25519 {
        /// The relying party it was made for, usually `ssh:`.
        application: SshText,
    },
}

/// Lower case, the family first, as for X.509 keys: `ed25519`, `ecdsa p256`, `rsa 3072`, `dsa 1024`,
/// `sk-ed25519`.
impl SshKeyKind {
    /// The kind without its size, as the API's `key_type` says it: `ecdsa`, `ed25519`, `rsa`; others get no certificates there.
    #[must_use]
    pub const fn family(&self) -> &'static str {
        match self {
            Self::Dss { .. } => "dsa",
            Self::Ecdsa { .. } => "ecdsa",
            Self::Ed25519 => "ed25519",
            Self::Other => "other",
            Self::Rsa { .. } => "rsa",
            Self::SkEcdsaP256 { .. } => "sk-ecdsa",
            Self::SkEd25519 { .. } => "sk-ed25519",
        }
    }
}

impl fmt::Display for SshKeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dss { bits } => write!(f, "dsa {bits}"),
            Self::Ecdsa { curve } => write!(f, "ecdsa {curve}"),
            Self::Ed25519 => f.write_str("ed25519"),
            Self::Other => f.write_str("another type"),
            Self::Rsa { bits } => write!(f, "rsa {bits}"),
            Self::SkEcdsaP256 { .. } => f.write_str("sk-ecdsa p256"),
            Self::SkEd25519 { .. } => f.write_str("sk-ed25519"),
        }
    }
}

/// The fields of a public key: its kind, and the same key for X.509 where there is such a thing.
pub(crate) struct Fields {
    pub(crate) kind: SshKeyKind,
    pub(crate) public: Option<PublicKey>,
}

/// The name of OpenSSH's key type for security keys on P-256.
const SK_ECDSA: &str = "sk-ecdsa-sha2-nistp256@openssh.com";
/// The name of OpenSSH's key type for security keys with Ed25519.
const SK_ED25519: &str = "sk-ssh-ed25519@openssh.com";

/// The names of the key types whose fields are read.
pub(crate) const KNOWN_TYPES: [&str; 8] = [
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    SK_ECDSA,
    SK_ED25519,
    "ssh-dss",
    "ssh-ed25519",
    "ssh-rsa",
];

/// Reads the fields of a key of type `name`, which come after the name in a key and after the nonce in a
/// certificate.
///
/// Of a type that is not known, nothing is read. Defects hold offsets for columns.
pub(crate) fn read_fields(name: &str, reader: &mut WireReader<'_>) -> Result<Fields, SshDefect> {
    match name {
        "ssh-ed25519" => ed25519(reader),
        "ssh-rsa" => rsa(reader),
        "ssh-dss" => dss(reader),
        "ecdsa-sha2-nistp256" => ecdsa(Curve::P256, reader),
        "ecdsa-sha2-nistp384" => ecdsa(Curve::P384, reader),
        "ecdsa-sha2-nistp521" => ecdsa(Curve::P521, reader),
        SK_ECDSA => {
            let public = ecdsa(Curve::P256, reader)?.public;
            let application = text(reader)?;
            Ok(Fields { kind: SshKeyKind::SkEcdsaP256 { application }, public })
        }
        SK_ED25519 => {
            let public = ed25519(reader)?.public;
            let application = text(reader)?;
            Ok(Fields { kind: SshKeyKind::SkEd25519 { application }, public })
        }
        _ => Ok(Fields { kind: SshKeyKind::Other, public: None }),
    }
}

/// A text without a NUL byte, anywhere.
pub(crate) fn text(reader: &mut WireReader<'_>) -> Result<SshText, SshDefect> {
    let column = reader.offset();
    let bytes = reader.string()?;
    if bytes.contains(&0) { Err(SshDefect::NulInText { column }) } else { Ok(SshText::new(bytes)) }
}

fn ed25519(reader: &mut WireReader<'_>) -> Result<Fields, SshDefect> {
    let column = reader.offset();
    let key = reader.string()?;
    let public =
        PublicKey::from_ed25519(key).map_err(|_| SshDefect::RawKeyLength { column, found: key.len() })?;
    Ok(Fields { kind: SshKeyKind::Ed25519, public: Some(public) })
}

fn ecdsa(curve: Curve, reader: &mut WireReader<'_>) -> Result<Fields, SshDefect> {
    let column = reader.offset();
    if reader.string()?.strip_prefix(b"nistp") != Some(curve.bits().to_string().as_bytes()) {
        return Err(SshDefect::CurveDiffers { column });
    }
    let column = reader.offset();
    let point = reader.string()?;
    let public = PublicKey::from_point(curve, point).ok().filter(|_| point.first() == Some(&4));
    match public {
        Some(public) => Ok(Fields { kind: SshKeyKind::Ecdsa { curve }, public: Some(public) }),
        None => Err(SshDefect::Point { column }),
    }
}

fn rsa(reader: &mut WireReader<'_>) -> Result<Fields, SshDefect> {
    let exponent = reader.mpint()?;
    let modulus = reader.mpint()?;
    let public = PublicKey::from_rsa(modulus, exponent).ok();
    Ok(Fields { kind: SshKeyKind::Rsa { bits: bits(modulus) }, public })
}

fn dss(reader: &mut WireReader<'_>) -> Result<Fields, SshDefect> {
    let mut number = || -> Result<_, WireDefect> { reader.mpint() };
    let (p, q, g, y) = (number()?, number()?, number()?, number()?);
    let public =
        PublicKey::from_dsa(p, q, g, y).ok().filter(|key| matches!(key.key_type(), KeyType::Dsa { .. }));
    Ok(Fields { kind: SshKeyKind::Dss { bits: bits(p) }, public })
}
