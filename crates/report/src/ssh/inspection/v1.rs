//! Version 1 of the JSON of inspected files.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use certgate_facts::{Reading, SshCertificate, SshContent, SshKeyKind, SshPublicKey};
use serde::Serialize;

use crate::json::v1::SshLine;
use crate::moment::moment;
use crate::ssh::Signature;

/// A file of public keys, certificates and known hosts.
#[derive(Clone, Debug, Serialize)]
pub struct Lines {
    /// The version of this format: 1.
    pub version: u8,
    /// The path as given.
    pub path: String,
    /// The lines that say something.
    pub lines: Vec<LineFacts>,
}

/// A line.
#[derive(Clone, Debug, Serialize)]
pub struct LineFacts {
    /// The fields that the API's resource of it has; `null` for what is no resource there.
    pub resource: Option<ApiFields>,
    /// Whether the authority's signature holds; `null` for what has none.
    pub signature: Option<Signature>,
    /// All that the line says.
    pub facts: SshLine,
}

/// Fields as the API names and writes them.
#[derive(Clone, Debug, Serialize)]
pub struct ApiFields {
    /// The certificate as one line; `null` for a plain key.
    pub certificate: Option<String>,
    /// The type of the certified key: `rsa`, `ecdsa` or `ed25519`; `null` for one that the API does not have.
    pub key_type: Option<&'static str>,
    /// The principals; empty for a plain key.
    pub principals: Vec<String>,
    /// The key as one line: of a certificate the certified one, without a comment.
    pub public_key: Option<String>,
    /// First second of validity, RFC 3339 in UTC; `null` for always, and for a plain key.
    pub valid_after: Option<String>,
    /// First second after validity; `null` for forever, and for a plain key.
    pub valid_until: Option<String>,
}

impl Lines {
    pub(super) fn of(reading: &Reading) -> Self {
        let source = reading.source();
        let line = |ssh: &certgate_facts::SshLine| {
            let number = source.location(ssh.span).line;
            let (resource, signature) = match &ssh.content {
                SshContent::Certificate(certificate) => {
                    (Some(ApiFields::of_certificate(certificate)), Some(Signature::of(certificate)))
                }
                SshContent::PublicKey(key) => (Some(ApiFields::of_key(key)), None),
                _ => (None, None),
            };
            LineFacts { resource, signature, facts: SshLine::of(number, &ssh.content) }
        };
        Self {
            version: 1,
            path: source.name().to_owned(),
            lines: reading.ssh_lines().iter().map(line).collect(),
        }
    }
}

impl ApiFields {
    fn of_key(key: &SshPublicKey) -> Self {
        Self {
            certificate: None,
            key_type: key_type(key),
            principals: Vec::new(),
            public_key: Some(line(key.name(), key.blob(), key.comment())),
            valid_after: None,
            valid_until: None,
        }
    }

    fn of_certificate(certificate: &SshCertificate) -> Self {
        let fields = certificate.fields();
        let key = fields.map(|fields| fields.public_key());
        Self {
            certificate: Some(line(certificate.name(), certificate.blob(), certificate.comment())),
            key_type: key.and_then(key_type),
            principals: fields
                .map(|fields| fields.principals().iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
            public_key: key.map(|key| line(key.name(), key.blob(), key.comment())),
            valid_after: fields.map(|fields| fields.valid_after()).filter(|after| *after > 0).map(moment),
            valid_until: fields
                .map(|fields| fields.valid_before())
                .filter(|before| *before < u64::MAX)
                .map(moment),
        }
    }
}

fn key_type(key: &SshPublicKey) -> Option<&'static str> {
    match key.kind() {
        SshKeyKind::Rsa { .. } => Some("rsa"),
        SshKeyKind::Ecdsa { .. } => Some("ecdsa"),
        SshKeyKind::Ed25519 => Some("ed25519"),
        _ => None,
    }
}

fn line(name: &str, blob: &[u8], comment: &str) -> String {
    format!("{name} {} {comment}", BASE64_STANDARD.encode(blob)).trim_end().to_owned()
}
