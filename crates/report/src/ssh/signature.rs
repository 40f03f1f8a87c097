//! Whether the authority's signature in a certificate holds.

use certgate_facts::{SshCertificate, SshSignatureFault};
use serde::Serialize;

/// Whether the authority's signature in a certificate holds.
#[derive(Clone, Debug, Serialize)]
pub struct Signature {
    /// Whether it holds.
    pub state: SignatureState,
    /// Why not, or why nobody knows; `null` if it holds.
    pub reason: Option<String>,
}

/// Whether a signature holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureState {
    /// The key named in the certificate made it, over these bytes.
    Valid,
    /// It did not.
    Invalid,
    /// It is of an algorithm, or the certificate of a type, that is not verified here.
    Unknown,
}

impl Signature {
    /// Asks it of a certificate.
    #[must_use]
    pub fn of(certificate: &SshCertificate) -> Self {
        let Err(fault) = certificate.verify_signature() else {
            return Self { state: SignatureState::Valid, reason: None };
        };
        let state = match fault {
            SshSignatureFault::AlgorithmRefused { .. }
            | SshSignatureFault::AlgorithmUnsupported { .. }
            | SshSignatureFault::CertificateTypeUnknown { .. } => SignatureState::Unknown,
            _ => SignatureState::Invalid,
        };
        Self { state, reason: Some(fault.to_string()) }
    }

    /// In a few words.
    pub(crate) fn words(&self) -> String {
        let state = match self.state {
            SignatureState::Valid => "valid",
            SignatureState::Invalid => "invalid",
            SignatureState::Unknown => "unknown",
        };
        match &self.reason {
            Some(reason) => format!("{state}: {reason}"),
            None => state.to_owned(),
        }
    }
}
