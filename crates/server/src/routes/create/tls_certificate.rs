//! `POST /tls_certificates`.

use certgate_api::{SubjectAlternativeNames, TlsCertificate, TlsCertificateCreate};
use certgate_facts::{Certificate, KeyType};
use certgate_rules::{Slot, TlsUpload};
use certgate_store::{NewResource, ResourceFacts, ResourceKind, ResourceRecord};

use super::certificate_facts::{extended_key_usages, key_usages, pem_of, subject};
use super::gate;
use crate::call::{Call, wire_time};
use crate::fields::Shape;
use crate::problem::Refusal;
use crate::served::Served;
use crate::shown::kept;

impl Served for TlsCertificate {
    const KIND: ResourceKind = ResourceKind::TlsCertificate;
    const FIELDS: &'static [(&'static str, Shape)] = &[
        ("description", Shape::Text),
        ("metadata", Shape::Text),
        ("certificate_pem", Shape::Text),
        ("private_key_pem", Shape::Text),
    ];
    const TOO_LONG: [u16; 2] = [1916, 1917];

    async fn create(call: &Call, create: TlsCertificateCreate) -> Result<ResourceRecord, Refusal> {
        let new = new_resource(call, create)?;
        Ok(call.shared.store.create(new, call.at).await?)
    }
}

/// Judges an upload, and seals its key.
fn new_resource(call: &Call, create: TlsCertificateCreate) -> Result<NewResource, Refusal> {
    let TlsCertificateCreate { description, metadata, certificate_pem, private_key_pem } = create;
    let slot = |name, text: &str| Ok::<_, Refusal>(Slot::whole(gate::reading(name, text)?));
    let upload = TlsUpload::new(
        slot("certificate_pem", &certificate_pem)?,
        slot("private_key_pem", &private_key_pem)?,
    )
    .with_description(description.clone())
    .with_metadata(metadata.clone());
    let cleared = gate::clear(upload, call.at)?;
    let upload = cleared.spend();
    gate::refuse_if_cut("certificate_pem", upload.certificate().reading())?;
    gate::refuse_if_cut("private_key_pem", upload.private_key().reading())?;
    let resource = resource_of(call, &upload)?;
    let id = resource.id.to_string();
    let sealed = call.shared.master.seal(&id, private_key_pem.as_bytes(), &mut call.shared.dice.clone())?;
    let leaf = upload.leaf().map(|(_, leaf)| leaf);
    let facts = ResourceFacts {
        subject_common_name: Some(resource.subject_common_name.clone()),
        serial_number: Some(resource.serial_number.clone()),
        not_before: leaf.map(Certificate::not_before),
        not_after: leaf.map(Certificate::not_after),
    };
    Ok(NewResource {
        kind: ResourceKind::TlsCertificate,
        id: id.parse()?,
        authority: None,
        description,
        metadata,
        facts,
        content: kept(&resource).map_err(Refusal::fault)?,
        secret: Some(sealed),
    })
}

/// What is shown of an upload.
fn resource_of(call: &Call, upload: &TlsUpload) -> Result<TlsCertificate, Refusal> {
    let (_, leaf) = upload.leaf().ok_or_else(|| Refusal::fault("cleared without a leaf"))?;
    let blocks = upload.certificate().entries().filter(|entry| entry.is_certificate());
    let key = upload.public_key().unwrap_or_else(|| leaf.public_key());
    Ok(TlsCertificate {
        id: call.new_id()?,
        uri: String::new(),
        created_at: call.wire_time()?,
        description: String::new(),
        metadata: String::new(),
        certificate_pem: pem_of(blocks.filter_map(|entry| entry.block().der())),
        subject_common_name: subject(leaf, "CN"),
        subject_alternative_names: SubjectAlternativeNames {
            dns_names: leaf.dns_names().map(str::to_owned).collect(),
            ips: leaf.ip_addresses().map(|address| address.to_canonical().to_string()).collect(),
        },
        issued_at: None,
        not_before: wire_time(leaf.not_before())?,
        not_after: wire_time(leaf.not_after())?,
        key_usages: key_usages(leaf),
        extended_key_usages: extended_key_usages(leaf),
        private_key_type: KeyType::api_name(key.key_type()).unwrap_or_default().to_owned(),
        issuer_common_name: leaf.issuer().first("CN").unwrap_or_default().to_owned(),
        serial_number: leaf.serial().to_string(),
        subject_organization: subject(leaf, "O"),
        subject_organizational_unit: subject(leaf, "OU"),
        subject_locality: subject(leaf, "L"),
        subject_province: subject(leaf, "ST"),
        subject_country: subject(leaf, "C"),
    })
}
