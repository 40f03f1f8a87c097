//! OpenSSH public keys, certificates and known hosts.

use certgate_facts::known_hosts::{Entry, Marker, NamePattern};
use certgate_facts::{SshContent, SshPublicKey};
use serde::Serialize;

use crate::moment::moment;

/// A line of an OpenSSH file; one of the four is there, the others are `null`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SshLine {
    /// Its number, counted from 1.
    pub line: usize,
    /// A plain public key.
    pub public_key: Option<SshKey>,
    /// A certificate.
    pub certificate: Option<SshCertificate>,
    /// What clients know of hosts.
    pub known_host: Option<KnownHost>,
    /// Why it does not read.
    pub unreadable: Option<String>,
}

/// An OpenSSH public key.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SshKey {
    /// The type as it is written, such as `ssh-ed25519`.
    #[serde(rename = "type")]
    pub key_type: String,
    /// The type in short, with its size: `ed25519`, `ecdsa p256`, `rsa 3072`.
    pub kind: String,
    /// `SHA256:` and base64, as `ssh-keygen -l` shows it.
    pub fingerprint: String,
    /// What follows the key on its line; may be empty.
    pub comment: String,
}

/// An OpenSSH certificate. Of a type whose layout is not known, everything but type and comment is `null` or empty.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SshCertificate {
    /// The type as it is written, such as `ssh-ed25519-cert-v01@openssh.com`.
    #[serde(rename = "type")]
    pub certificate_type: String,
    /// What follows the certificate on its line; may be empty.
    pub comment: String,
    /// Whom it is for.
    pub role: Option<SshRole>,
    /// The name that logs show; may be empty.
    pub key_id: Option<String>,
    /// The serial number in decimal: a text, for it may not fit a number of JSON.
    pub serial: Option<String>,
    /// Host or user names, in order; none at all means any to many servers and clients.
    pub principals: Vec<String>,
    /// First second of validity, RFC 3339 in UTC; `null` for always.
    pub valid_after: Option<String>,
    /// First second after validity; `null` for forever.
    pub valid_before: Option<String>,
    /// The certified key.
    pub public_key: Option<SshKey>,
    /// The key of the authority that signed; the signature is not checked.
    pub authority_key: Option<SshKey>,
    /// The name of the signature's algorithm.
    pub signature_algorithm: Option<String>,
    /// Options that must be understood, in order.
    pub critical_options: Vec<SshOption>,
    /// Options that need not be, in order.
    pub extensions: Vec<SshOption>,
}

/// Whom an OpenSSH certificate is for.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SshRole {
    /// A host.
    Host,
    /// A user.
    User,
}

/// A critical option or an extension.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SshOption {
    /// Its name.
    pub name: String,
    /// Its text; empty for a flag.
    pub value: String,
}

/// A line of known hosts.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct KnownHost {
    /// What it says of the key, if not that it is the hosts' own.
    pub marker: Option<KnownHostMarker>,
    /// The patterns of the hosts, `!` before those that take hosts away; empty for a hashed name.
    pub hosts: Vec<String>,
    /// Whether the host is one hashed name.
    pub hashed: bool,
    /// The key; of a certificate in place of a key, the key that it certifies.
    pub key: SshKey,
    /// Whether a certificate stands in place of a key.
    pub is_certificate: bool,
}

/// What a line of known hosts says of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum KnownHostMarker {
    /// It is that of an authority for the hosts.
    CertAuthority,
    /// It must not be accepted.
    Revoked,
}

impl SshLine {
    pub(crate) fn of(line: usize, content: &SshContent) -> Self {
        let mut shown =
            Self { line, public_key: None, certificate: None, known_host: None, unreadable: None };
        match content {
            SshContent::Certificate(certificate) => shown.certificate = Some(SshCertificate::of(certificate)),
            SshContent::PublicKey(key) => shown.public_key = Some(SshKey::of(key)),
            SshContent::KnownHosts(Ok(entry)) => shown.known_host = Some(KnownHost::of(entry)),
            SshContent::KnownHosts(Err(defect)) => shown.unreadable = Some(defect.to_string()),
            SshContent::Unreadable(defect) => shown.unreadable = Some(defect.to_string()),
            _ => shown.unreadable = Some("a kind of line that is not shown".to_owned()),
        }
        shown
    }
}

impl KnownHost {
    fn of(entry: &Entry) -> Self {
        let pattern = |pattern: NamePattern<'_>| {
            let negation = if pattern.is_negated() { "!" } else { "" };
            format!("{negation}{}", String::from_utf8_lossy(pattern.pattern()))
        };
        let comment = String::from_utf8_lossy(entry.comment()).into_owned();
        Self {
            marker: entry.marker().map(|marker| match marker {
                Marker::CertAuthority => KnownHostMarker::CertAuthority,
                _ => KnownHostMarker::Revoked,
            }),
            hosts: entry.names().patterns().map(pattern).collect(),
            hashed: entry.names().is_hashed(),
            key: SshKey { comment, ..SshKey::of(entry.key()) },
            is_certificate: entry.is_certificate(),
        }
    }
}

impl SshKey {
    fn of(key: &SshPublicKey) -> Self {
        Self {
            key_type: key.name().to_owned(),
            kind: key.kind().to_string(),
            fingerprint: key.fingerprint(),
            comment: key.comment().to_owned(),
        }
    }
}

impl SshCertificate {
    fn of(certificate: &certgate_facts::SshCertificate) -> Self {
        let certificate_type = certificate.name().to_owned();
        let comment = certificate.comment().to_owned();
        let Some(fields) = certificate.fields() else {
            return Self { certificate_type, comment, ..Self::default() };
        };
        Self {
            certificate_type,
            comment,
            role: match fields.role() {
                certgate_facts::SshRole::Host => Some(SshRole::Host),
                certgate_facts::SshRole::User => Some(SshRole::User),
                _ => None,
            },
            key_id: Some(fields.key_id().to_string()),
            serial: Some(fields.serial().to_string()),
            principals: fields.principals().iter().map(ToString::to_string).collect(),
            valid_after: (fields.valid_after() > 0).then(|| moment(fields.valid_after())),
            valid_before: (fields.valid_before() < u64::MAX).then(|| moment(fields.valid_before())),
            public_key: Some(SshKey::of(fields.public_key())),
            authority_key: Some(SshKey::of(fields.authority_key())),
            signature_algorithm: fields.signature_algorithm().map(str::to_owned),
            critical_options: fields.critical_options().iter().map(SshOption::of).collect(),
            extensions: fields.extensions().iter().map(SshOption::of).collect(),
        }
    }
}

impl SshOption {
    fn of(option: &certgate_facts::SshOption) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { name: text(option.name()), value: text(option.text().unwrap_or_else(|| option.value())) }
    }
}
