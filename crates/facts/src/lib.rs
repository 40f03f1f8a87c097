//! Reads what people upload to certificate APIs: PEM text, X.509 certificates, private keys, OpenSSH keys and
//! certificates.
//!
//! Reading holds no opinion and never fails on bad input: it gives facts, and a [`Defect`] with its place for
//! everything that cannot be read. Whether any of it is good enough is for `certgate-rules` to judge.
//!
//! ```
//! use certgate_facts::{Reading, Source};
//!
//! let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/seed/example.com.pem"));
//! let reading = Reading::of(Source::from_bytes("example.com.pem", pem.to_vec())?);
//! let certificate = reading.entries()[0].certificate().expect("the example is a certificate");
//! assert_eq!(certificate.subject().first("CN"), Some("example.com"));
//! assert_eq!(certificate.public_key().key_type().to_string(), "rsa 2048");
//! # Ok::<(), certgate_facts::SourceError>(())
//! ```
//!
//! In reading order: a [`Source`] is bytes with a name; a [`Span`] is a place in it; a [`Reading`] is all that a
//! source holds, [`Block`] by [`Block`]; a [`Certificate`], a [`PrivateKey`] and a [`PublicKey`] are what blocks hold;
//! what is [arranged](rearranged) otherwise is written again;
//! what is no PEM is [unpacked](Reading::unpacked) into PEM with its [`Origin`]; a [`Chain`] is certificates in relation to each other; [`known_hosts`] are the lines by which OpenSSH clients know
//! hosts.
//!
//! Invariants: nothing here panics on any input, allocates more than a small multiple of it, knows the time, or opens
//! a file. Private key bytes stay in the [`Source`] and its [`Block`]s, are wiped on drop, and are shown by no
//! formatting.

mod span;
mod origin;
mod source;
mod defect;
mod blank;
mod pem;
mod der;
mod ber;
mod passphrase;
mod encryption;
mod timestamp;
mod serial;
mod name;
mod san;
mod host_address;
mod usage;
mod key;
mod signature;
mod certificate;
mod private_key;
mod crl;
mod chain;
mod armor;
mod container;
mod manifest;
mod unpacking;
mod sealing;
mod ssh_wire;
mod ssh_key;
mod ssh_certificate;
mod ssh_signature;
mod pattern;
pub mod known_hosts;
mod ssh_line;
mod reading;
mod arrangement;
#[cfg(test)]
mod fixture;

pub use armor::armor;
pub use arrangement::{Manner, Piece, rearranged};
pub use certificate::{
    AuthorityKeyIdentifier, BasicConstraints, Certificate, CertificateError, Extensions, NameConstraints,
    sha256,
};
pub use chain::{Chain, Duplicate, Link, SIGNATURE_CHECKS_MAX};
pub use container::{Container, ContainerFault};
pub use crl::CertificateRevocationList;
pub use defect::{Defect, DefectKind};
pub use host_address::HostAddress;
pub use key::{Curve, KeyDefect, KeyType, PublicKey};
pub use name::{Attribute, Name};
pub use origin::Origin;
pub use passphrase::Passphrases;
pub use pattern::matches_pattern;
pub use pem::{BLOCKS_MAX, Block, Header};
pub use private_key::{
    KeyEncodingError, KeyFormat, PrivateKey, PrivateKeyState, is_private_key_label, private_key_as,
    private_key_label,
};
pub use reading::{Content, Entry, LINE_SHOWN_BYTES_MAX, Reading};
pub use san::GeneralName;
pub use sealing::{Pkcs12Randomness, pkcs12};
pub use serial::Serial;
pub use signature::{SignatureAlgorithm, SignatureCheck};
pub use source::{Encoding, SOURCE_BYTES_MAX, Source, SourceError};
pub use span::{Location, Span};
pub use ssh_certificate::{PRINCIPALS_MAX, SshCertificate, SshCertificateFields, SshOption, SshRole};
pub use ssh_key::{SSH_LINE_BYTES_MAX, SshDefect, SshKeyKind, SshPublicKey, SshText};
pub use ssh_line::{SSH_LINES_MAX, SshContent, SshLine};
pub use ssh_signature::{SshSignature, SshSignatureAlgorithm, SshSignatureFault};
pub use timestamp::{NotATimestamp, Timestamp};
pub use usage::{ExtendedKeyUsage, KeyUsage};

/// Lower-case hexadecimal, two digits a byte, nothing in between.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
