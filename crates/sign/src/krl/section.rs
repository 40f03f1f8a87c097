//! What revocation lists are made of.

use std::fmt;

use super::serials::Serials;
use crate::verify::ClientVersion;
use certgate_facts::{SshKeyKind, SshPublicKey};

/// A section of a revocation list (PROTOCOL.krl §2 to §6). Entries are in order of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Section {
    /// Certificates of one authority, or of any; 1 on the wire.
    Certificates(CertificateSection),
    /// Keys in wire form; 2 on the wire. A certificate here revokes nothing.
    Keys(Vec<Box<[u8]>>),
    /// SHA-1 sums of keys in wire form; 3 on the wire.
    Sha1(Vec<[u8; 20]>),
    /// SHA-256 sums of keys in wire form; 5 on the wire.
    Sha256(Vec<[u8; 32]>),
    /// A signature over everything before; 4 on the wire, obsolete. Not verified.
    Signature {
        /// The key that signed, in wire form, unchecked.
        key: Box<[u8]>,
        /// The signature, unchecked.
        signature: Box<[u8]>,
    },
    /// Something newer; 255 on the wire.
    Extension(Extension),
    /// A section of any other number.
    Unknown {
        /// The number.
        kind: u8,
        /// What is in it.
        body: Box<[u8]>,
    },
}

/// Revoked certificates of one authority, or of any (PROTOCOL.krl §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateSection {
    pub(super) authority_key: Box<[u8]>,
    pub(super) reserved: Box<[u8]>,
    pub(super) subsections: Vec<CertificateSubsection>,
}

impl CertificateSection {
    /// A section of these parts, unchecked: [`RevocationList::of_sections`](super::RevocationList::of_sections) checks.
    #[must_use]
    pub fn new(authority_key: &[u8], reserved: &[u8], subsections: Vec<CertificateSubsection>) -> Self {
        Self { authority_key: authority_key.into(), reserved: reserved.into(), subsections }
    }

    /// The authority's key in wire form; empty for certificates of any authority. A certificate here makes the section
    /// revoke nothing.
    #[must_use]
    pub fn authority_key(&self) -> &[u8] {
        &self.authority_key
    }

    /// The field kept for later use; ignored by OpenSSH.
    #[must_use]
    pub fn reserved(&self) -> &[u8] {
        &self.reserved
    }

    /// What is revoked, in order of the wire.
    #[must_use]
    pub fn subsections(&self) -> &[CertificateSubsection] {
        &self.subsections
    }
}

/// Revoked certificates, named in one way (PROTOCOL.krl §3.1 to §3.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateSubsection {
    /// Serials one by one; 0x20 on the wire.
    SerialList(Vec<u64>),
    /// Serials from first to last, both included; 0x21 on the wire.
    SerialRange {
        /// The first serial.
        first: u64,
        /// The last serial.
        last: u64,
    },
    /// Serials as bits of a number; 0x22 on the wire.
    SerialBitmap {
        /// The serial of the lowest bit.
        offset: u64,
        /// The number, big-endian, as received: perhaps with leading zeros.
        bits: Box<[u8]>,
    },
    /// Key ids; 0x23 on the wire. As received: perhaps with one NUL at the end, which does not count.
    KeyIds(Vec<Box<[u8]>>),
    /// Something newer; 0x39 on the wire.
    Extension(Extension),
    /// A subsection of any other number.
    Unknown {
        /// The number.
        kind: u8,
        /// What is in it.
        body: Box<[u8]>,
    },
}

/// Something that newer versions know, or will know (PROTOCOL.krl §3.5 and §7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    pub(super) name: Box<[u8]>,
    pub(super) critical: u8,
    pub(super) contents: Box<[u8]>,
}

impl CertificateSubsection {
    /// The serials it names, spread out as far as runs of consecutive ones; none for the other kinds.
    #[must_use]
    pub fn serials(&self) -> Serials {
        let mut serials = Serials::default();
        // What a list holds has no serial 0 and no inverted range.
        let mut insert = |first, last| {
            let _ = serials.insert(first, last);
        };
        match self {
            Self::SerialList(list) => list.iter().for_each(|serial| insert(*serial, *serial)),
            Self::SerialRange { first, last } => insert(*first, *last),
            Self::SerialBitmap { offset, bits } => {
                set_bits(bits).map(|bit| offset.saturating_add(bit)).for_each(|serial| insert(serial, serial))
            }
            Self::KeyIds(_) | Self::Extension(_) | Self::Unknown { .. } => {}
        }
        serials
    }
}

/// The numbers of the bits that are set in a big-endian number, ascending.
fn set_bits(bits: &[u8]) -> impl Iterator<Item = u64> {
    (0u64..).zip(bits.iter().rev()).flat_map(|(at, byte)| {
        let byte = *byte;
        (0..8).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| at * 8 + bit)
    })
}

impl Extension {
    /// An extension of these parts. `critical` is the byte on the wire, 0 for no.
    #[must_use]
    pub fn new(name: &[u8], critical: u8, contents: &[u8]) -> Self {
        Self { name: name.into(), critical, contents: contents.into() }
    }

    /// The name, as received.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// Whether those who do not know it must refuse the list: the byte as received, 0 for no.
    #[must_use]
    pub const fn critical(&self) -> u8 {
        self.critical
    }

    /// What it says.
    #[must_use]
    pub fn contents(&self) -> &[u8] {
        &self.contents
    }

    fn unsupported_by(&self, client: ClientVersion) -> Option<Unsupported> {
        if client < EXTENSIONS_SINCE {
            Some(Unsupported::Extension)
        } else {
            (self.critical != 0).then_some(Unsupported::CriticalExtension)
        }
    }
}

/// What makes clients refuse a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsupported {
    /// An authority's key of a type that no client knows.
    AuthorityKeyType,
    /// An extension that must be known and is not.
    CriticalExtension,
    /// An extension at all, for clients before 9.4.
    Extension,
    /// A signature. Clients before 9.4 verify it, which is not done here; later ones pass over it.
    Signature,
    /// A section, or a part of a certificate section, of a number that no client knows.
    Section {
        /// The number.
        kind: u8,
    },
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuthorityKeyType => f.write_str("an authority's key of an unknown type"),
            Self::CriticalExtension => f.write_str("an unknown critical extension"),
            Self::Extension => f.write_str("an extension, which clients before 9.4 do not read"),
            Self::Signature => f.write_str("a signature, which clients before 9.4 may not accept"),
            Self::Section { kind } => write!(f, "a section of the unknown kind {kind:#04x}"),
        }
    }
}

/// The first client that reads lists with extensions.
const EXTENSIONS_SINCE: ClientVersion = ClientVersion::new(9, 4);

impl Section {
    pub(super) fn unsupported_by(&self, client: ClientVersion) -> Option<Unsupported> {
        match self {
            Self::Certificates(section) => section.unsupported_by(client),
            Self::Keys(_) | Self::Sha1(_) | Self::Sha256(_) => None,
            Self::Signature { .. } => (client < EXTENSIONS_SINCE).then_some(Unsupported::Signature),
            Self::Extension(extension) => extension.unsupported_by(client),
            Self::Unknown { kind, .. } => Some(Unsupported::Section { kind: *kind }),
        }
    }
}

impl CertificateSection {
    fn unsupported_by(&self, client: ClientVersion) -> Option<Unsupported> {
        let key = SshPublicKey::from_blob(&self.authority_key);
        if key.is_ok_and(|key| *key.kind() == SshKeyKind::Other) {
            return Some(Unsupported::AuthorityKeyType);
        }
        self.subsections.iter().find_map(|subsection| match subsection {
            CertificateSubsection::Extension(extension) => extension.unsupported_by(client),
            CertificateSubsection::Unknown { kind, .. } => Some(Unsupported::Section { kind: *kind }),
            _ => None,
        })
    }
}
