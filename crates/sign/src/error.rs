//! Why a certificate was not issued, or a signature not believed.

use std::{error, fmt, io};

use certgate_facts::{SshDefect, SshSignatureFault};

use crate::signer::AUTHORITY_RSA_BITS_MIN;

/// Why something was not signed, or what was signed is not handed out.
///
/// No variant and no text holds a byte of a private key or of a passphrase.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The agent's connection ended, or carried something else than a reply, earlier on: nothing more is asked of it.
    AgentDisconnected,
    /// The agent holds no key of this fingerprint.
    AgentHoldsNoSuchKey {
        /// `SHA256:` and unpadded base64.
        fingerprint: String,
    },
    /// The agent refused to sign or to list: locked, not confirmed, or the key may not sign such things.
    AgentRefused,
    /// The agent's reply is not what RFC 9987 lays down.
    AgentReplyMalformed {
        /// What is wrong, as half a sentence.
        reason: &'static str,
    },
    /// The agent announced a reply that is too long to be one.
    AgentReplyTooLong {
        /// Bytes announced.
        bytes: u32,
    },
    /// The agent could not be written to or read from.
    AgentUnreachable(io::Error),
    /// What is to sign is not the authority that the certificate was prepared for.
    AuthorityDiffers {
        /// Fingerprint of the authority in the certificate.
        due: String,
        /// Fingerprint of the one that was to sign.
        found: String,
    },
    /// The authority's key file holds something that should be a private key and cannot be read as one.
    AuthorityKeyDamaged {
        /// What is wrong, as half a sentence.
        reason: String,
    },
    /// The authority's key file is encrypted and no passphrase was given.
    AuthorityKeyEncrypted,
    /// The authority's key file holds no private key.
    AuthorityKeyMissing,
    /// Others than its owner may read, change or run the authority's key file.
    AuthorityKeyModeTooOpen {
        /// The permission bits of the file (POSIX `st_mode`, low twelve bits).
        mode: u32,
    },
    /// The authority's RSA key is below the floor of
    /// [`AUTHORITY_RSA_BITS_MIN`](crate::AUTHORITY_RSA_BITS_MIN).
    AuthorityKeyTooSmall {
        /// Bits of the modulus.
        bits: u32,
    },
    /// The authority's key is of a type, or in a format, that is not used here to sign.
    AuthorityKeyUnsupported {
        /// What it is.
        name: String,
    },
    /// The passphrase does not open the authority's key file.
    AuthorityPassphraseWrong,
    /// The certificate would be longer than what is read back as one line.
    CertificateTooLong {
        /// Bytes of its line.
        bytes: usize,
    },
    /// The request has no public key that can be read.
    PublicKeyMissing,
    /// The public key is of a type for which no certificates are issued.
    PublicKeyUnsupported {
        /// The name of its type.
        name: String,
    },
    /// The finished certificate, read back, does not say what was judged. It is not handed out.
    IssuedDiffersFromJudged {
        /// The first field that differs, in order of the wire.
        field: CertificateField,
    },
    /// The finished bytes do not read back as a certificate at all.
    IssuedUnreadable(SshDefect),
    /// The key file asks for more rounds of key derivation than
    /// [`KEY_DERIVATION_ROUNDS_MAX`](crate::KEY_DERIVATION_ROUNDS_MAX).
    KeyDerivationTooCostly {
        /// Rounds asked for.
        rounds: u32,
    },
    /// Bytes to be signed that are not those of a certificate as this crate writes them.
    NotToBeSigned {
        /// What is wrong, as half a sentence.
        reason: &'static str,
    },
    /// An option without a name.
    OptionNameEmpty,
    /// A NUL byte in the key id, in a principal or in an option, which some readers pass over and others stop at.
    NulInText {
        /// Where.
        field: CertificateField,
    },
    /// An empty passphrase, where a key is to be encrypted.
    PassphraseEmpty,
    /// The signature provider failed at something that does not depend on the input.
    ProviderFailed {
        /// At what, as half a sentence.
        what: &'static str,
    },
    /// The random generator that was passed in failed.
    RandomnessUnavailable,
    /// Serial number 0, which no revocation list can name.
    SerialZero,
    /// What is wrong with a signature: it is not the authority's, or not of the algorithm asked for.
    Signature(SshSignatureFault),
    /// More principals than OpenSSH reads, [`PRINCIPALS_MAX`](certgate_facts::PRINCIPALS_MAX).
    TooManyPrincipals {
        /// How many.
        count: usize,
    },
    /// `valid_before` is not after `valid_after`: the certificate would never be valid.
    ValidityEmpty {
        /// First second of validity, since 1970-01-01T00:00:00Z.
        valid_after: u64,
        /// First second after it.
        valid_before: u64,
    },
    /// An end of the validity was written as a text that is no time.
    ValidityUnreadable,
}

/// A field of a certificate (draft-ietf-sshm-cert), for errors that are about one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateField {
    /// The authority's public key.
    AuthorityKey,
    /// The critical options.
    CriticalOptions,
    /// The extensions.
    Extensions,
    /// The key id.
    KeyId,
    /// The nonce.
    Nonce,
    /// The principals.
    Principals,
    /// The public key that is certified.
    PublicKey,
    /// The field kept for later use.
    Reserved,
    /// Host or user.
    Role,
    /// The serial number.
    Serial,
    /// The bytes before the signature as a whole: every field is right, and yet they are others.
    SignedBytes,
    /// The name of the certificate type.
    Type,
    /// The first second of validity.
    ValidAfter,
    /// The first second after validity.
    ValidBefore,
}

impl fmt::Display for CertificateField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AuthorityKey => "authority key",
            Self::CriticalOptions => "critical options",
            Self::Extensions => "extensions",
            Self::KeyId => "key id",
            Self::Nonce => "nonce",
            Self::Principals => "principals",
            Self::PublicKey => "public key",
            Self::Reserved => "reserved field",
            Self::Role => "role",
            Self::Serial => "serial",
            Self::SignedBytes => "signed bytes",
            Self::Type => "certificate type",
            Self::ValidAfter => "valid_after",
            Self::ValidBefore => "valid_before",
        })
    }
}

/// The fact, in lower case, without a full stop.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AgentDisconnected => f.write_str("the connection to the agent is broken"),
            Self::AgentHoldsNoSuchKey { fingerprint } => write!(f, "the agent holds no key {fingerprint}"),
            Self::AgentRefused => f.write_str("the agent refused: locked, not confirmed, or not allowed"),
            Self::AgentReplyMalformed { reason } => write!(f, "the agent's reply is malformed: {reason}"),
            Self::AgentReplyTooLong { bytes } => write!(f, "the agent announced a reply of {bytes} bytes"),
            Self::AgentUnreachable(cause) => write!(f, "the agent cannot be reached: {cause}"),
            Self::AuthorityDiffers { due, found } => write!(f, "prepared for {due}, to be signed by {found}"),
            Self::AuthorityKeyDamaged { reason } => write!(f, "the authority's key is unreadable: {reason}"),
            Self::AuthorityKeyEncrypted => {
                f.write_str("the authority's key is encrypted; give its passphrase")
            }
            Self::AuthorityKeyMissing => f.write_str("the authority's key file holds no private key"),
            Self::AuthorityKeyModeTooOpen { mode } => {
                write!(f, "the authority's key file has mode {mode:04o}; make it 0600 with chmod 600")
            }
            Self::AuthorityKeyTooSmall { bits } => {
                write!(
                    f,
                    "the authority's rsa key has {bits} bits, fewer than {AUTHORITY_RSA_BITS_MIN}; one should have 3072"
                )
            }
            Self::AuthorityKeyUnsupported { name } => write!(f, "the authority's key cannot sign: {name}"),
            Self::AuthorityPassphraseWrong => f.write_str("wrong passphrase for the authority's key"),
            Self::CertificateTooLong { bytes } => write!(f, "the certificate would have {bytes} bytes"),
            Self::PublicKeyMissing => f.write_str("no public key to certify"),
            Self::PublicKeyUnsupported { name } => write!(f, "no certificates for keys of type {name}"),
            Self::IssuedDiffersFromJudged { field } => {
                write!(f, "the issued certificate differs from what was judged: {field}")
            }
            Self::IssuedUnreadable(defect) => write!(f, "the issued certificate does not read: {defect}"),
            Self::KeyDerivationTooCostly { rounds } => {
                write!(f, "the key file asks for {rounds} rounds of key derivation")
            }
            Self::NotToBeSigned { reason } => write!(f, "not a certificate to sign: {reason}"),
            Self::NulInText { field } => write!(f, "a NUL byte in the {field}"),
            Self::OptionNameEmpty => f.write_str("an option without a name"),
            Self::PassphraseEmpty => f.write_str("the passphrase is empty"),
            Self::ProviderFailed { what } => write!(f, "the signature provider failed {what}"),
            Self::RandomnessUnavailable => f.write_str("the random generator failed"),
            Self::SerialZero => f.write_str("serial 0 cannot be revoked; serials start at 1"),
            Self::Signature(fault) => fault.fmt(f),
            Self::TooManyPrincipals { count } => write!(f, "{count} principals, and OpenSSH reads 256"),
            Self::ValidityEmpty { valid_after, valid_before } => {
                write!(f, "never valid: from {valid_after} until before {valid_before}, in unix seconds")
            }
            Self::ValidityUnreadable => f.write_str("an end of the validity is no time"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::AgentUnreachable(cause) => Some(cause),
            Self::IssuedUnreadable(defect) => Some(defect),
            Self::Signature(fault) => Some(fault),
            _ => None,
        }
    }
}

impl From<SshSignatureFault> for Error {
    fn from(fault: SshSignatureFault) -> Self {
        Self::Signature(fault)
    }
}
