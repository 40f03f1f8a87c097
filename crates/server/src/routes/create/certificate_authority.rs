//! `POST /certificate_authorities`. There are no rules for these yet: what is judged here is the form.

use certgate_api::{CertificateAuthority, CertificateAuthorityCreate};
use certgate_facts::{Certificate, Content, Reading};
use certgate_store::{NewResource, ResourceFacts, ResourceKind, ResourceRecord};

use super::certificate_facts::{extended_key_usages, key_usages, pem_of, subject};
use super::gate;
use crate::call::{Call, wire_time};
use crate::fields::Shape;
use crate::problem::Refusal;
use crate::served::{Served, check_texts};
use crate::shown::kept;

/// Most bytes of a certificate authority's PEM.
const CA_PEM_BYTES_MAX: usize = 16_384;
/// Most characters that a message shows of what is no PEM.
const SHOWN_CHARS_MAX: usize = 20;

impl Served for CertificateAuthority {
    const KIND: ResourceKind = ResourceKind::CertificateAuthority;
    const FIELDS: &'static [(&'static str, Shape)] =
        &[("description", Shape::Text), ("metadata", Shape::Text), ("ca_pem", Shape::Text)];
    const TOO_LONG: [u16; 2] = [1914, 1915];

    async fn create(call: &Call, create: CertificateAuthorityCreate) -> Result<ResourceRecord, Refusal> {
        let new = new_resource(call, create)?;
        Ok(call.shared.store.create(new, call.at).await?)
    }
}

fn new_resource(call: &Call, create: CertificateAuthorityCreate) -> Result<NewResource, Refusal> {
    let CertificateAuthorityCreate { description, metadata, ca_pem } = create;
    let reading = judged(&ca_pem)?;
    let (der, authority) = only(&reading)?;
    check_texts::<CertificateAuthority>(&description, &metadata)?;
    let resource = CertificateAuthority {
        id: call.new_id()?,
        uri: String::new(),
        created_at: call.wire_time()?,
        description: String::new(),
        metadata: String::new(),
        ca_pem: pem_of(std::iter::once(der)),
        subject_common_name: subject(authority, "CN"),
        not_before: wire_time(authority.not_before())?,
        not_after: wire_time(authority.not_after())?,
        key_usages: key_usages(authority),
        extended_key_usages: extended_key_usages(authority),
    };
    let facts = ResourceFacts {
        subject_common_name: Some(resource.subject_common_name.clone()),
        serial_number: None,
        not_before: Some(authority.not_before()),
        not_after: Some(authority.not_after()),
    };
    Ok(NewResource {
        kind: ResourceKind::CertificateAuthority,
        id: resource.id.to_string().parse()?,
        authority: None,
        description,
        metadata,
        facts,
        content: kept(&resource).map_err(Refusal::fault)?,
        secret: None,
    })
}

/// Whether a text is PEM of certificates and nothing else.
fn judged(text: &str) -> Result<std::sync::Arc<Reading>, Refusal> {
    if text.is_empty() {
        return Err(Refusal::coded(1919, "ca_pem is missing; send the authority's certificate as PEM"));
    }
    if text.len() > CA_PEM_BYTES_MAX {
        let public = format!("ca_pem has {} bytes, and may have {CA_PEM_BYTES_MAX}", text.len());
        return Err(Refusal::coded(1921, public));
    }
    let reading = gate::reading("ca_pem", text)?;
    if reading.entries().is_empty() {
        let start: String = text.chars().take(SHOWN_CHARS_MAX).collect();
        let public = format!("ca_pem starts with '{}', and has no PEM block", start.escape_debug());
        return Err(Refusal::coded(1920, public));
    }
    for entry in reading.entries() {
        if !entry.is_certificate() {
            let label = entry.block().label();
            let public = format!("ca_pem has a block of type '{}'; send a CERTIFICATE", label.escape_debug());
            return Err(Refusal::coded(1911, public));
        }
        if !entry.block().headers().is_empty() {
            return Err(Refusal::coded(1910, "a PEM block of ca_pem has headers; take them out"));
        }
    }
    Ok(reading)
}

/// The one certificate there is, which must be an authority's.
fn only(reading: &Reading) -> Result<(&[u8], &Certificate), Refusal> {
    let names = || {
        let certificates = reading.entries().iter().filter_map(|entry| entry.certificate());
        certificates.map(|certificate| certificate.subject().title()).collect::<Vec<_>>().join(", ")
    };
    let [entry] = reading.entries() else {
        let public = format!("ca_pem has {} certificates ({}); send one", reading.entries().len(), names());
        return Err(Refusal::coded(1912, public));
    };
    let certificate = match (entry.content(), entry.block().der()) {
        (Content::Certificate(certificate), Some(der)) => (der, certificate.as_ref()),
        (Content::NotACertificate(defect), _) => {
            return Err(Refusal::coded(1900, format!("the certificate does not read: {}", defect.kind)));
        }
        _ => return Err(Refusal::coded(1900, "the certificate does not read: its base64 is damaged")),
    };
    match certificate.1.is_ca() {
        true => Ok(certificate),
        false => Err(Refusal::coded(
            1913,
            "the certificate is no authority's: its basic constraints do not say CA",
        )),
    }
}
