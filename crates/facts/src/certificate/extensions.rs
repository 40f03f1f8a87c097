//! The extensions of a certificate (RFC 5280 §4.2).

use std::collections::BTreeMap;

use x509_parser::asn1_rs::{FromDer, Oid};
use x509_parser::extensions::{
    AuthorityInfoAccess, CRLDistributionPoint, DistributionPointName, GeneralName as Parsed, GeneralSubtree,
    ParsedExtension, X509Extension,
};

use crate::san::GeneralName;
use crate::usage::{ExtendedKeyUsage, KeyUsage};

/// authorityKeyIdentifier (RFC 5280 §4.2.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorityKeyIdentifier {
    /// keyIdentifier: what the issuer's subjectKeyIdentifier says.
    pub key_id: Option<Vec<u8>>,
    /// Whether authorityCertIssuer is there.
    pub names_issuer: bool,
    /// Whether authorityCertSerialNumber is there.
    pub names_serial: bool,
}

/// basicConstraints (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the certificate may issue others.
    pub is_ca: bool,
    /// How many intermediates may follow below.
    pub path_length_max: Option<u32>,
}

/// nameConstraints (RFC 5280 §4.2.1.10).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// Only names within these may be issued.
    pub permitted: Vec<GeneralName>,
    /// Names within these may not be issued.
    pub excluded: Vec<GeneralName>,
}

impl NameConstraints {
    /// Reads the extension's value from DER, as lists of trust anchors hold it; `None` where it is malformed.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (rest, parsed) = x509_parser::extensions::NameConstraints::from_der(der).ok()?;
        rest.is_empty().then_some(())?;
        Self::read(&parsed)
    }

    fn read(parsed: &x509_parser::extensions::NameConstraints<'_>) -> Option<Self> {
        Some(Self {
            permitted: read_trees(parsed.permitted_subtrees.as_deref())?,
            excluded: read_trees(parsed.excluded_subtrees.as_deref())?,
        })
    }
}

/// Everything the extensions say; what is absent is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    authority_key_identifier: Option<AuthorityKeyIdentifier>,
    basic_constraints: Option<BasicConstraints>,
    ca_issuers: Vec<String>,
    crl_points: Vec<String>,
    criticality: BTreeMap<String, bool>,
    extended_key_usages: Option<Vec<ExtendedKeyUsage>>,
    key_usage: Option<KeyUsage>,
    must_staple: bool,
    name_constraints: Option<NameConstraints>,
    ocsp: Vec<String>,
    policies: Vec<String>,
    sct_count: usize,
    subject_alternative_names: Vec<GeneralName>,
    subject_key_id: Option<Vec<u8>>,
    unknown_critical: Vec<String>,
}

/// TLS feature (RFC 7633); its one value in use is 5, status_request.
const TLS_FEATURE: &str = "1.3.6.1.5.5.7.1.24";
/// `SEQUENCE { INTEGER 5 }`, the DER of "must staple".
const MUST_STAPLE: [u8; 5] = [0x30, 0x03, 0x02, 0x01, 0x05];
const OCSP: &str = "1.3.6.1.5.5.7.48.1";
const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";

impl Extensions {
    pub(super) fn read(extensions: &[X509Extension<'_>]) -> Result<Self, String> {
        let mut facts = Self::default();
        for extension in extensions {
            let oid = extension.oid.to_id_string();
            if facts.criticality.insert(oid.clone(), extension.critical).is_some() {
                return Err(format!("the extension {} appears twice", title(&oid)));
            }
            facts
                .add(extension, &oid)
                .ok_or_else(|| format!("the extension {} cannot be read", title(&oid)))?;
        }
        Ok(facts)
    }

    /// `None` where the extension's value is malformed.
    fn add(&mut self, extension: &X509Extension<'_>, oid: &str) -> Option<()> {
        match extension.parsed_extension() {
            ParsedExtension::ParseError { .. } => return None,
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.authority_key_identifier = Some(AuthorityKeyIdentifier {
                    key_id: id.key_identifier.as_ref().map(|id| id.0.to_vec()),
                    names_issuer: id.authority_cert_issuer.is_some(),
                    names_serial: id.authority_cert_serial.is_some(),
                });
            }
            ParsedExtension::SubjectKeyIdentifier(id) => self.subject_key_id = Some(id.0.to_vec()),
            ParsedExtension::BasicConstraints(constraints) => {
                let path_length_max = constraints.path_len_constraint;
                self.basic_constraints = Some(BasicConstraints { is_ca: constraints.ca, path_length_max });
            }
            ParsedExtension::KeyUsage(usage) => self.key_usage = Some(KeyUsage::from_bits(usage.flags)),
            ParsedExtension::ExtendedKeyUsage(_) => {
                let (_, oids) = <Vec<Oid<'_>>>::from_der(extension.value).ok()?;
                self.extended_key_usages =
                    Some(oids.iter().map(|oid| ExtendedKeyUsage::from_oid(oid.to_id_string())).collect());
            }
            ParsedExtension::SubjectAlternativeName(san) => {
                self.subject_alternative_names =
                    san.general_names.iter().map(read_address_name).collect::<Option<_>>()?;
            }
            ParsedExtension::NameConstraints(constraints) => {
                self.name_constraints = Some(NameConstraints::read(constraints)?);
            }
            ParsedExtension::AuthorityInfoAccess(access) => self.add_addresses(access),
            ParsedExtension::CRLDistributionPoints(points) => {
                self.crl_points = points.iter().flat_map(addresses_of_point).collect();
            }
            ParsedExtension::CertificatePolicies(policies) => {
                self.policies = policies.iter().map(|policy| policy.policy_id.to_id_string()).collect();
            }
            ParsedExtension::SCT(timestamps) => self.sct_count = timestamps.len(),
            ParsedExtension::UnsupportedExtension { .. } | ParsedExtension::Unparsed
                if oid == TLS_FEATURE =>
            {
                self.must_staple = extension.value == MUST_STAPLE;
            }
            ParsedExtension::UnsupportedExtension { .. } | ParsedExtension::Unparsed
                if extension.critical =>
            {
                self.unknown_critical.push(oid.to_owned());
            }
            _ => {}
        }
        Some(())
    }

    fn add_addresses(&mut self, access: &AuthorityInfoAccess<'_>) {
        for description in &access.accessdescs {
            let Parsed::URI(uri) = description.access_location else { continue };
            match description.access_method.to_id_string().as_str() {
                OCSP => self.ocsp.push(uri.to_owned()),
                CA_ISSUERS => self.ca_issuers.push(uri.to_owned()),
                _ => {}
            }
        }
    }

    /// Whether there are none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.criticality.is_empty()
    }

    /// keyIdentifier of authorityKeyIdentifier.
    #[must_use]
    pub fn authority_key_id(&self) -> Option<&[u8]> {
        self.authority_key_identifier.as_ref()?.key_id.as_deref()
    }

    /// authorityKeyIdentifier, whole.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&AuthorityKeyIdentifier> {
        self.authority_key_identifier.as_ref()
    }

    /// basicConstraints.
    #[must_use]
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.basic_constraints
    }

    /// Addresses of the issuer's certificate, from authorityInfoAccess.
    #[must_use]
    pub fn ca_issuers(&self) -> &[String] {
        &self.ca_issuers
    }

    /// Whether the extension of this object identifier (dotted decimal) is marked critical; `None` where it is absent.
    #[must_use]
    pub fn criticality(&self, oid: &str) -> Option<bool> {
        self.criticality.get(oid).copied()
    }

    /// Addresses of revocation lists, from cRLDistributionPoints.
    #[must_use]
    pub fn crl_points(&self) -> &[String] {
        &self.crl_points
    }

    /// extKeyUsage in certificate order; `None` without the extension.
    #[must_use]
    pub fn extended_key_usages(&self) -> Option<&[ExtendedKeyUsage]> {
        self.extended_key_usages.as_deref()
    }

    /// keyUsage; `None` without the extension.
    #[must_use]
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.key_usage
    }

    /// Whether the TLS feature extension (RFC 7633) asks for a stapled OCSP answer.
    #[must_use]
    pub fn must_staple(&self) -> bool {
        self.must_staple
    }

    /// nameConstraints.
    #[must_use]
    pub fn name_constraints(&self) -> Option<&NameConstraints> {
        self.name_constraints.as_ref()
    }

    /// Addresses of OCSP responders, from authorityInfoAccess.
    #[must_use]
    pub fn ocsp(&self) -> &[String] {
        &self.ocsp
    }

    /// Policy identifiers in dotted decimal, from certificatePolicies.
    #[must_use]
    pub fn policies(&self) -> &[String] {
        &self.policies
    }

    /// How many signed certificate timestamps (RFC 6962) are embedded.
    #[must_use]
    pub fn sct_count(&self) -> usize {
        self.sct_count
    }

    /// subjectAltName in certificate order; empty without the extension.
    #[must_use]
    pub fn subject_alternative_names(&self) -> &[GeneralName] {
        &self.subject_alternative_names
    }

    /// subjectKeyIdentifier.
    #[must_use]
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        self.subject_key_id.as_deref()
    }

    /// Critical extensions that nothing here understands, in dotted decimal.
    #[must_use]
    pub fn unknown_critical(&self) -> &[String] {
        &self.unknown_critical
    }
}

fn addresses_of_point(point: &CRLDistributionPoint<'_>) -> Vec<String> {
    let Some(DistributionPointName::FullName(names)) = &point.distribution_point else { return Vec::new() };
    let uri = |name: &Parsed<'_>| match name {
        Parsed::URI(uri) => Some((*uri).to_owned()),
        _ => None,
    };
    names.iter().filter_map(uri).collect()
}

/// `None` where a name is malformed.
fn read_trees(trees: Option<&[GeneralSubtree<'_>]>) -> Option<Vec<GeneralName>> {
    trees.unwrap_or_default().iter().map(|tree| GeneralName::read(&tree.base)).collect()
}

/// In a subject alternative name an address is one host; only constraints have ranges.
fn read_address_name(name: &Parsed<'_>) -> Option<GeneralName> {
    GeneralName::read(name).filter(|name| !matches!(name, GeneralName::IpRange(..)))
}

fn title(oid: &str) -> String {
    let name = match oid {
        "2.5.29.14" => "subjectKeyIdentifier",
        "2.5.29.15" => "keyUsage",
        "2.5.29.17" => "subjectAltName",
        "2.5.29.19" => "basicConstraints",
        "2.5.29.30" => "nameConstraints",
        "2.5.29.31" => "cRLDistributionPoints",
        "2.5.29.32" => "certificatePolicies",
        "2.5.29.35" => "authorityKeyIdentifier",
        "2.5.29.37" => "extKeyUsage",
        "1.3.6.1.5.5.7.1.1" => "authorityInfoAccess",
        _ => return oid.to_owned(),
    };
    format!("{name} ({oid})")
}
