//! What a certificate must be to stand in its place on a path, whatever stands around it.

use certgate_facts::{Certificate, Curve, KeyType};

use super::fault::PathReason;
use super::host::ReferenceName;
use super::{PathQuestion, Profile, Purpose, constraints, subject_names};

const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
const NAME_CONSTRAINTS: &str = "2.5.29.30";
const POLICY_CONSTRAINTS: &str = "2.5.29.36";
const SUBJECT_ALTERNATIVE_NAME: &str = "2.5.29.17";
const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";

/// Most bytes of a serial number (RFC 5280 §4.1.2.2); the first of them below 0x80.
const SERIAL_BYTES_MAX: usize = 20;
/// Fewest bits of an RSA modulus (Baseline Requirements §6.1.5).
const RSA_BITS_MIN: u32 = 2048;

/// Signature algorithms of the Baseline Requirements §7.1.3.2: RSA and ECDSA with SHA-2.
const SIGNATURE_ALGORITHMS: [&str; 7] = [
    "1.2.840.113549.1.1.11",
    "1.2.840.113549.1.1.12",
    "1.2.840.113549.1.1.13",
    "1.2.840.113549.1.1.10",
    "1.2.840.10045.4.3.2",
    "1.2.840.10045.4.3.3",
    "1.2.840.10045.4.3.4",
];

/// RSA with MD5 and, under two identifiers, with SHA-1; ECDSA with SHA-1.
const BROKEN_ALGORITHMS: [&str; 4] =
    ["1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.3.14.3.2.29", "1.2.840.10045.4.1"];

/// Why the leaf cannot be one.
pub(super) fn leaf_reason(leaf: &Certificate, question: &PathQuestion<'_>) -> Option<PathReason> {
    let is_self_issued = leaf.names_as_issuer(leaf);
    let reasons = any_reasons(leaf, question, true)
        .chain(signed_reasons(leaf, question.profile))
        .chain(key_identifier_reasons(leaf, is_self_issued))
        .chain(leaf_extension_reasons(leaf, question.profile))
        .chain(leaf_usage_reasons(leaf, question))
        .chain(subject_names::reason(leaf))
        .chain(uncovered(leaf, question));
    first(reasons, question)
}

/// Why an intermediate cannot be one.
pub(super) fn intermediate_reason(
    certificate: &Certificate,
    question: &PathQuestion<'_>,
) -> Option<PathReason> {
    let extended = certificate.extensions().extended_key_usages();
    let lacks = extended.is_some_and(|usages| {
        !usages.iter().any(|usage| {
            usage.name() == Some(purpose(question))
                || (usage.name() == Some("any") && any_purpose_counts(question.profile))
        })
    });
    let reasons = any_reasons(certificate, question, false)
        .chain(signed_reasons(certificate, question.profile))
        .chain(key_identifier_reasons(certificate, false))
        .chain(issuer_reasons(certificate))
        .chain(lacks.then_some(PathReason::ExtendedKeyUsageLacks(purpose(question))));
    first(reasons, question)
}

/// Why the certificate of an anchor cannot be one.
pub(super) fn anchor_reason(certificate: &Certificate, question: &PathQuestion<'_>) -> Option<PathReason> {
    let is_root = certificate.names_as_issuer(certificate);
    let has_purposes = certificate.extensions().extended_key_usages().is_some();
    let reasons = any_reasons(certificate, question, false)
        .chain(key_identifier_reasons(certificate, true))
        .chain(root_key_identifier_reason(certificate).filter(|_| is_root))
        .chain(issuer_reasons(certificate))
        .chain((is_root && has_purposes).then_some(PathReason::ExtendedKeyUsageInRoot));
    first(reasons, question)
}

fn first(mut reasons: impl Iterator<Item = PathReason>, question: &PathQuestion<'_>) -> Option<PathReason> {
    reasons.find(|reason| reason.counts(question.profile))
}

/// Whether anyExtendedKeyUsage stands for the purpose too.
fn any_purpose_counts(profile: Profile) -> bool {
    match profile {
        Profile::Of(kind) => kind.takes_any_purpose(),
        Profile::Clients | Profile::Rfc5280 | Profile::WebPki => true,
    }
}

/// The API's word for the purpose of the question.
fn purpose(question: &PathQuestion<'_>) -> &'static str {
    match question.purpose {
        Purpose::ClientAuth => "client_auth",
        Purpose::ServerAuth => "server_auth",
    }
}

/// What holds for every certificate of a path.
fn any_reasons<'a>(
    certificate: &'a Certificate,
    question: &PathQuestion<'_>,
    is_leaf: bool,
) -> impl Iterator<Item = PathReason> + use<'a> {
    let at = question.at;
    let extensions = certificate.extensions();
    let policies_unchecked = extensions.criticality(POLICY_CONSTRAINTS) == Some(true);
    [
        (certificate.version() != 3).then(|| PathReason::Version(certificate.version())),
        (certificate.not_before() > at).then(|| PathReason::NotYetValid(certificate.not_before())),
        (certificate.not_after() < at).then(|| PathReason::Expired(certificate.not_after())),
        certificate.issuer().attributes().is_empty().then_some(PathReason::EmptyName("issuer")),
        key_weakness(certificate.public_key().key_type(), question.profile, is_leaf).map(PathReason::KeyWeak),
        extensions.unknown_critical().first().map(|oid| PathReason::UnknownCriticalExtension(oid.clone())),
        // What policies a path has is not worked out: where a certificate insists on one, it is not trusted.
        policies_unchecked.then(|| PathReason::UnknownCriticalExtension(POLICY_CONSTRAINTS.to_owned())),
        wrong_criticality(certificate, POLICY_CONSTRAINTS, "policyConstraints", true),
        wrong_criticality(certificate, AUTHORITY_INFO_ACCESS, "authorityInfoAccess", false),
        wrong_criticality(certificate, AUTHORITY_KEY_IDENTIFIER, "authorityKeyIdentifier", false),
        wrong_criticality(certificate, SUBJECT_KEY_IDENTIFIER, "subjectKeyIdentifier", false),
    ]
    .into_iter()
    .flatten()
}

/// What holds for everything that an issuer above has signed; nobody checks a root's signature, and some roots that are
/// trusted everywhere have the serial number zero.
fn signed_reasons(certificate: &Certificate, profile: Profile) -> impl Iterator<Item = PathReason> {
    let algorithm = certificate.signature_algorithm();
    let is_taken = matches!(profile, Profile::Of(kind) if kind.takes_unusual_signature(algorithm.oid()));
    let is_unusual = !SIGNATURE_ALGORITHMS.contains(&algorithm.oid()) && !is_taken;
    let is_weak = BROKEN_ALGORITHMS.contains(&algorithm.oid());
    let serial = certificate.serial().magnitude();
    let serial_is_long = serial.len() > SERIAL_BYTES_MAX
        || (serial.len() == SERIAL_BYTES_MAX && serial.first().is_some_and(|byte| *byte >= 0x80));
    [
        is_weak.then(|| PathReason::SignatureWeak(algorithm.to_string())),
        is_unusual.then(|| PathReason::SignatureUnusual(algorithm.to_string())),
        (serial.is_empty() || serial_is_long).then_some(PathReason::SerialForm),
    ]
    .into_iter()
    .flatten()
}

fn key_weakness(key: &KeyType, profile: Profile, is_leaf: bool) -> Option<String> {
    if let Profile::Of(kind) = profile {
        return (!kind.takes_key(key, is_leaf)).then(|| key.to_string());
    }
    match key {
        KeyType::Rsa { bits } if *bits < RSA_BITS_MIN || bits % 8 != 0 => Some(key.to_string()),
        KeyType::Rsa { .. } | KeyType::Ecdsa { curve: Curve::P256 | Curve::P384 | Curve::P521 } => None,
        _ => Some(key.to_string()),
    }
}

fn wrong_criticality(
    certificate: &Certificate,
    oid: &str,
    extension: &'static str,
    due: bool,
) -> Option<PathReason> {
    let is_critical = certificate.extensions().criticality(oid)?;
    (is_critical != due).then_some(PathReason::Criticality { extension, due })
}

/// authorityKeyIdentifier must be there and hold a key identifier; what signed itself, or is trusted anyway, may leave
/// it out.
fn key_identifier_reasons(certificate: &Certificate, may_lack: bool) -> impl Iterator<Item = PathReason> {
    match certificate.extensions().authority_key_identifier() {
        None if may_lack => None,
        None => Some(PathReason::AuthorityKeyIdMissing),
        Some(identifier) => identifier.key_id.is_none().then_some(PathReason::AuthorityKeyIdForm),
    }
    .into_iter()
}

/// Of a root: its own key identifier and nothing else (Baseline Requirements §7.1.2.1.3).
fn root_key_identifier_reason(root: &Certificate) -> Option<PathReason> {
    let identifier = root.extensions().authority_key_identifier()?;
    if identifier.names_issuer || identifier.names_serial {
        return Some(PathReason::AuthorityKeyIdForm);
    }
    let own = root.extensions().subject_key_id();
    (identifier.key_id.as_deref() != own).then_some(PathReason::AuthorityKeyIdMismatch)
}

/// What holds for everything that issues.
fn issuer_reasons(certificate: &Certificate) -> impl Iterator<Item = PathReason> {
    let extensions = certificate.extensions();
    let signs = extensions.key_usage().is_none_or(certgate_facts::KeyUsage::may_sign_certificates);
    [
        extensions.basic_constraints().is_none().then_some(PathReason::BasicConstraintsMissing),
        (!certificate.is_ca()).then_some(PathReason::NotACa),
        wrong_criticality(certificate, BASIC_CONSTRAINTS, "basicConstraints", true),
        (!signs).then_some(PathReason::SignsNoCertificates),
        certificate.subject().attributes().is_empty().then_some(PathReason::EmptyName("subject")),
        extensions.subject_key_id().is_none().then_some(PathReason::SubjectKeyIdMissing),
        wrong_criticality(certificate, NAME_CONSTRAINTS, "nameConstraints", true),
        extensions.name_constraints().and_then(constraints::malformed),
    ]
    .into_iter()
    .flatten()
}

fn leaf_extension_reasons(leaf: &Certificate, profile: Profile) -> impl Iterator<Item = PathReason> {
    let extensions = leaf.extensions();
    let usage = extensions.key_usage();
    let signs = usage.is_some_and(certgate_facts::KeyUsage::may_sign_certificates);
    let is_of_one_kind = matches!(profile, Profile::Of(_));
    let has_no_subject = leaf.subject().attributes().is_empty();
    [
        (signs && !leaf.is_ca()).then_some(PathReason::LeafSignsCertificates),
        // Those who mind refuse any CA in the place of a leaf.
        (leaf.is_ca() && usage.is_some() && !signs && !is_of_one_kind)
            .then_some(PathReason::SignsNoCertificates),
        leaf.is_ca().then_some(PathReason::LeafIsCa),
        (!leaf.is_ca() && extensions.name_constraints().is_some())
            .then_some(PathReason::NameConstraintsInLeaf),
        extensions.subject_alternative_names().is_empty().then_some(PathReason::SanMissing),
        wrong_criticality(leaf, SUBJECT_ALTERNATIVE_NAME, "subjectAltName", has_no_subject),
    ]
    .into_iter()
    .flatten()
}

fn leaf_usage_reasons(leaf: &Certificate, question: &PathQuestion<'_>) -> impl Iterator<Item = PathReason> {
    let purpose = purpose(question);
    let extended = leaf.extensions().extended_key_usages();
    let has = |name| extended.is_some_and(|usages| usages.iter().any(|usage| usage.name() == Some(name)));
    let usages: Option<Vec<&str>> = leaf.extensions().key_usage().map(|usage| usage.names().collect());
    let lacking = usages.and_then(|usages| question.key_usages.iter().find(|due| !usages.contains(due)));
    [
        extended.is_none().then_some(PathReason::ExtendedKeyUsageMissing),
        wrong_criticality(leaf, EXTENDED_KEY_USAGE, "extKeyUsage", false),
        has("any").then_some(PathReason::ExtendedKeyUsageAny),
        (extended.is_some() && !has(purpose) && !(has("any") && any_purpose_counts(question.profile)))
            .then_some(PathReason::ExtendedKeyUsageLacks(purpose)),
        lacking.map(|due| PathReason::KeyUsageLacks((*due).to_owned())),
    ]
    .into_iter()
    .flatten()
}

fn uncovered(leaf: &Certificate, question: &PathQuestion<'_>) -> Option<PathReason> {
    let name = question.names.iter().find(|name| !covers(leaf, name, question.profile))?;
    Some(PathReason::NameNotCovered(name.to_string()))
}

fn covers(leaf: &Certificate, name: &ReferenceName, profile: Profile) -> bool {
    match profile {
        Profile::Of(kind) => name.is_covered_for(kind, leaf),
        Profile::Clients | Profile::Rfc5280 | Profile::WebPki => name.is_covered_by(leaf),
    }
}
