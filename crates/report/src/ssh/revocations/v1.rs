//! Version 1 of the JSON of a revocation list: everything in it, in order of the wire.
//!
//! Numbers of 64 bits are texts in decimal, for they may not fit a number of JSON.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use certgate_sign::krl::{self, CertificateSubsection, RevocationList, Serials};
use serde::{Deserialize, Serialize};

use super::octets::{KeyBlob, Octets, base64};
use crate::moment::moment;

/// A list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// The version of this format: 1.
    pub version: u8,
    /// The path as given; not needed for rebuilding.
    #[serde(default)]
    pub path: String,
    /// The version of the list.
    pub krl_version: String,
    /// When it was made, RFC 3339 in UTC. May be left out for rebuilding.
    #[serde(default)]
    pub generated_at: Option<String>,
    /// When it was made, in seconds since 1970-01-01T00:00:00Z.
    pub generated_at_secs: String,
    /// Flags, of which none is defined.
    pub flags: String,
    /// The field kept for later use.
    pub reserved: Octets,
    /// The comment.
    pub comment: Octets,
    /// The sections.
    pub sections: Vec<Section>,
}

/// A section, told by its `kind`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Section {
    /// Certificates of one authority, or of any.
    Certificates {
        /// The authority's key; `null` for any.
        authority: Option<KeyBlob>,
        /// The field kept for later use.
        reserved: Octets,
        /// What is revoked.
        subsections: Vec<Subsection>,
    },
    /// Keys, with all certificates for them and by them.
    Keys {
        /// The keys.
        keys: Vec<KeyBlob>,
    },
    /// The same by SHA-1.
    Sha1 {
        /// `SHA1:` and unpadded base64, each.
        fingerprints: Vec<String>,
    },
    /// The same by SHA-256.
    Sha256 {
        /// `SHA256:` and unpadded base64, each, as `ssh-keygen -l` shows it.
        fingerprints: Vec<String>,
    },
    /// A signature, obsolete.
    Signature {
        /// The key that signed, base64.
        key: String,
        /// The signature, base64.
        signature: String,
    },
    /// Something newer.
    Extension(Extension),
    /// A section of another number.
    Unknown {
        /// The number on the wire.
        number: u8,
        /// What is in it, base64.
        body: String,
    },
}

/// Revoked certificates, named in one way, told by its `kind`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Subsection {
    /// Serials one by one.
    SerialList {
        /// The serials.
        serials: Vec<String>,
    },
    /// Serials from first to last, both included.
    SerialRange {
        /// The first.
        first: String,
        /// The last.
        last: String,
    },
    /// Serials as bits of a number.
    SerialBitmap {
        /// The serial of the lowest bit.
        offset: String,
        /// The number, big-endian, base64.
        bits: String,
        /// The serials, ranges as `5-9`. May be left out for rebuilding.
        #[serde(default)]
        serials: Option<Vec<String>>,
    },
    /// Key ids.
    KeyIds {
        /// The key ids.
        key_ids: Vec<Octets>,
    },
    /// Something newer.
    Extension(Extension),
    /// A subsection of another number.
    Unknown {
        /// The number on the wire.
        number: u8,
        /// What is in it, base64.
        body: String,
    },
}

/// Something that newer versions know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Its name.
    pub name: Octets,
    /// Whether those who do not know it must refuse the list: the byte on the wire, 0 for no.
    pub critical: u8,
    /// What it says, base64.
    pub contents: String,
}

impl List {
    pub(super) fn of(path: &str, list: &RevocationList) -> Self {
        let header = list.header();
        Self {
            version: 1,
            path: path.to_owned(),
            krl_version: header.version().to_string(),
            generated_at: Some(moment(header.generated_at())),
            generated_at_secs: header.generated_at().to_string(),
            flags: header.flags().to_string(),
            reserved: Octets::of(header.reserved()),
            comment: Octets::of(header.comment()),
            sections: list.sections().iter().map(Section::of).collect(),
        }
    }
}

impl Section {
    fn of(section: &krl::Section) -> Self {
        match section {
            krl::Section::Certificates(section) => Self::Certificates {
                authority: (!section.authority_key().is_empty())
                    .then(|| KeyBlob::of(section.authority_key())),
                reserved: Octets::of(section.reserved()),
                subsections: section.subsections().iter().map(Subsection::of).collect(),
            },
            krl::Section::Keys(keys) => {
                Self::Keys { keys: keys.iter().map(|key| KeyBlob::of(key)).collect() }
            }
            krl::Section::Sha1(sums) => {
                Self::Sha1 { fingerprints: sums.iter().map(|sum| fingerprint("SHA1:", sum)).collect() }
            }
            krl::Section::Sha256(sums) => {
                Self::Sha256 { fingerprints: sums.iter().map(|sum| fingerprint("SHA256:", sum)).collect() }
            }
            krl::Section::Signature { key, signature } => {
                Self::Signature { key: base64(key), signature: base64(signature) }
            }
            krl::Section::Extension(extension) => Self::Extension(Extension::of(extension)),
            krl::Section::Unknown { kind, body } => Self::Unknown { number: *kind, body: base64(body) },
        }
    }
}

impl Subsection {
    fn of(subsection: &CertificateSubsection) -> Self {
        match subsection {
            CertificateSubsection::SerialList(serials) => {
                Self::SerialList { serials: serials.iter().map(u64::to_string).collect() }
            }
            CertificateSubsection::SerialRange { first, last } => {
                Self::SerialRange { first: first.to_string(), last: last.to_string() }
            }
            CertificateSubsection::SerialBitmap { offset, bits } => Self::SerialBitmap {
                offset: offset.to_string(),
                bits: base64(bits),
                serials: Some(ranges(&subsection.serials())),
            },
            CertificateSubsection::KeyIds(ids) => {
                Self::KeyIds { key_ids: ids.iter().map(|id| Octets::of(id)).collect() }
            }
            CertificateSubsection::Extension(extension) => Self::Extension(Extension::of(extension)),
            CertificateSubsection::Unknown { kind, body } => {
                Self::Unknown { number: *kind, body: base64(body) }
            }
        }
    }
}

impl Extension {
    fn of(extension: &krl::Extension) -> Self {
        Self {
            name: Octets::of(extension.name()),
            critical: extension.critical(),
            contents: base64(extension.contents()),
        }
    }
}

/// `5`, `7-9`, ….
pub(super) fn ranges(serials: &Serials) -> Vec<String> {
    let range = |(first, last)| if first == last { format!("{first}") } else { format!("{first}-{last}") };
    serials.runs().map(range).collect()
}

pub(super) fn fingerprint(name: &str, sum: &[u8]) -> String {
    format!("{name}{}", BASE64_STANDARD_NO_PAD.encode(sum))
}
