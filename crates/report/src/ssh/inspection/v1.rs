//! Version 1 of the JSON of inspected files.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use certgate_facts::{Reading, SshCertificate, SshContent, SshKeyKind, SshPublicKey};
use certgate_sign::known_hosts::{self, KnownHosts, Marker};
use serde::Serialize;

use crate::json::v1::{SshKey, SshLine};
use crate::moment::moment;
use crate::ssh::Signature;

/// A file of public keys and certificates.
#[derive(Clone, Debug, Serialize)]
pub struct Keys {
    /// The version of this format: 1.
    pub version: u8,
    /// The path as given.
    pub path: String,
    /// The lines with keys and certificates.
    pub lines: Vec<LineFacts>,
}

/// A line with a key or a certificate.
#[derive(Clone, Debug, Serialize)]
pub struct LineFacts {
    /// The fields that the API's resource of it has; `null` for a line that does not read.
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

/// A file of known hosts.
#[derive(Clone, Debug, Serialize)]
pub struct KnownHostsFile {
    /// The version of this format: 1.
    pub version: u8,
    /// The path as given.
    pub path: String,
    /// The lines that are neither empty nor comments.
    pub known_hosts: Vec<KnownHost>,
}

/// A line of known hosts.
#[derive(Clone, Debug, Serialize)]
pub struct KnownHost {
    /// Its number, counted from 1.
    pub line: usize,
    /// `cert-authority` or `revoked`; `null` for a host's own key.
    pub marker: Option<&'static str>,
    /// The patterns of the hosts, `!` before those that take hosts away; empty for a hashed name.
    pub hosts: Vec<String>,
    /// Whether the host is one hashed name.
    pub hashed: bool,
    /// The key.
    pub key: Option<SshKey>,
    /// Why clients pass over the line; `null` if they do not.
    pub unreadable: Option<String>,
}

impl Keys {
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

impl KnownHostsFile {
    pub(super) fn of(path: &str, known: &KnownHosts) -> Self {
        let known_hosts = known.lines().iter().map(KnownHost::of).collect();
        Self { version: 1, path: path.to_owned(), known_hosts }
    }
}

impl KnownHost {
    fn of(line: &known_hosts::Line) -> Self {
        let entry = line.entry().ok();
        let pattern = |pattern: known_hosts::NamePattern<'_>| {
            let negation = if pattern.is_negated() { "!" } else { "" };
            format!("{negation}{}", String::from_utf8_lossy(pattern.pattern()))
        };
        let comment = |entry: &known_hosts::Entry| String::from_utf8_lossy(entry.comment()).into_owned();
        Self {
            line: line.number(),
            marker: entry.and_then(known_hosts::Entry::marker).map(|marker| match marker {
                Marker::CertAuthority => "cert-authority",
                _ => "revoked",
            }),
            hosts: entry.map(|entry| entry.names().patterns().map(pattern).collect()).unwrap_or_default(),
            hashed: entry.is_some_and(|entry| entry.names().is_hashed()),
            key: entry.map(|entry| SshKey { comment: comment(entry), ..SshKey::of(entry.key()) }),
            unreadable: line.entry().err().map(ToString::to_string),
        }
    }
}
