//! X.509 certificates.

use certgate_facts::{Entry, ExtendedKeyUsage, GeneralName, Source, hex};
use serde::Serialize;

use super::Key;

/// An X.509 certificate (RFC 5280).
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Certificate {
    /// The path as given.
    pub path: String,
    /// The line of the certificate's BEGIN boundary, counted from 1.
    pub line: usize,
    /// Whom it is about, attributes in certificate order: `CN=example.com, O=Example`.
    pub subject: String,
    /// Who says so, likewise.
    pub issuer: String,
    /// The first common name of the subject.
    pub common_name: Option<String>,
    /// The subject alternative names.
    pub subject_alternative_names: Names,
    /// The serial number in hexadecimal, two digits a byte, without sign.
    pub serial_number: String,
    /// First second of validity, RFC 3339 in UTC.
    pub not_before: String,
    /// Last second of validity, itself included.
    pub not_after: String,
    /// The certified key.
    pub public_key: Key,
    /// What the issuer signed with, such as `ecdsa with sha256`; of an unknown algorithm its object identifier.
    pub signature_algorithm: String,
    /// The key usages in bit order, as the API names them; `null` without the extension.
    pub key_usages: Option<Vec<String>>,
    /// The extended key usages in certificate order, as the API names them, others by object identifier; `null` without
    /// the extension.
    pub extended_key_usages: Option<Vec<String>>,
    /// Whether it may issue certificates; `null` without the extension.
    pub basic_constraints: Option<BasicConstraints>,
    /// Which names may be issued below it; `null` without the extension.
    pub name_constraints: Option<NameConstraints>,
    /// The key identifier of its issuer, in hexadecimal.
    pub authority_key_id: Option<String>,
    /// Its own key identifier, in hexadecimal.
    pub subject_key_id: Option<String>,
    /// Addresses of OCSP responders.
    pub ocsp: Vec<String>,
    /// Addresses of its issuer's certificate.
    pub ca_issuers: Vec<String>,
    /// Addresses of revocation lists.
    pub crl_points: Vec<String>,
    /// Object identifiers of certificate policies.
    pub policies: Vec<String>,
    /// How many signed certificate timestamps are embedded.
    pub sct_count: usize,
    /// Whether it asks for a stapled OCSP answer (RFC 7633).
    pub must_staple: bool,
    /// Object identifiers of critical extensions that are not understood.
    pub unknown_critical: Vec<String>,
    /// SHA-256 over the whole certificate, in hexadecimal.
    pub sha256: String,
}

/// Subject alternative names by kind, each kind in certificate order.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Names {
    /// Host names.
    pub dns_names: Vec<String>,
    /// IP addresses.
    pub ips: Vec<String>,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// URIs.
    pub uris: Vec<String>,
    /// Directory names.
    pub directory_names: Vec<String>,
    /// Kinds of names that have no text, such as `otherName`.
    pub others: Vec<String>,
}

/// Whether a certificate may issue others (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BasicConstraints {
    /// Whether it may.
    pub ca: bool,
    /// How many intermediates may follow below; `null` for any number.
    pub path_length_max: Option<u32>,
}

/// Which names may be issued (RFC 5280 §4.2.1.10), each as its kind and its text: `DNS:example.com`,
/// `IP:10.0.0.0/255.0.0.0`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NameConstraints {
    /// Only names within these.
    pub permitted: Vec<String>,
    /// No names within these.
    pub excluded: Vec<String>,
}

impl Certificate {
    pub(super) fn of(source: &Source, entry: &Entry, certificate: &certgate_facts::Certificate) -> Self {
        let extensions = certificate.extensions();
        let usage_name = |usage: &ExtendedKeyUsage| usage.name().unwrap_or_else(|| usage.oid()).to_owned();
        let texts = |names: &[GeneralName]| names.iter().map(ToString::to_string).collect();
        Self {
            path: source.name_at(entry.block().begin()).to_owned(),
            line: source.location(entry.block().begin()).line,
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            common_name: certificate.subject().first("CN").map(str::to_owned),
            subject_alternative_names: Names::of(extensions.subject_alternative_names()),
            serial_number: certificate.serial().to_string(),
            not_before: certificate.not_before().to_string(),
            not_after: certificate.not_after().to_string(),
            public_key: Key::of(certificate.public_key()),
            signature_algorithm: certificate.signature_algorithm().to_string(),
            key_usages: extensions.key_usage().map(|usage| usage.names().map(str::to_owned).collect()),
            extended_key_usages: extensions
                .extended_key_usages()
                .map(|usages| usages.iter().map(usage_name).collect()),
            basic_constraints: extensions.basic_constraints().map(|constraints| BasicConstraints {
                ca: constraints.is_ca,
                path_length_max: constraints.path_length_max,
            }),
            name_constraints: extensions.name_constraints().map(|constraints| NameConstraints {
                permitted: texts(&constraints.permitted),
                excluded: texts(&constraints.excluded),
            }),
            authority_key_id: extensions.authority_key_id().map(hex),
            subject_key_id: extensions.subject_key_id().map(hex),
            ocsp: extensions.ocsp().to_vec(),
            ca_issuers: extensions.ca_issuers().to_vec(),
            crl_points: extensions.crl_points().to_vec(),
            policies: extensions.policies().to_vec(),
            sct_count: extensions.sct_count(),
            must_staple: extensions.must_staple(),
            unknown_critical: extensions.unknown_critical().to_vec(),
            sha256: hex(&certificate.sha256()),
        }
    }
}

impl Names {
    fn of(names: &[GeneralName]) -> Self {
        let mut sorted = Self::default();
        for name in names {
            match name {
                GeneralName::Directory(name) => sorted.directory_names.push(name.to_string()),
                GeneralName::Dns(name) => sorted.dns_names.push(name.clone()),
                GeneralName::Email(address) => sorted.emails.push(address.clone()),
                GeneralName::Ip(address) => sorted.ips.push(address.to_string()),
                GeneralName::Uri(uri) => sorted.uris.push(uri.clone()),
                other => sorted.others.push(other.to_string()),
            }
        }
        sorted
    }
}
