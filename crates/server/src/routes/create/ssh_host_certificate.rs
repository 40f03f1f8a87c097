//! `POST /ssh_host_certificates`.

use certgate_api::{SshHostCertificate, SshHostCertificateCreate, SshHostCertificateId};
use certgate_rules::ForHost;
use certgate_store::{ResourceKind, ResourceRecord};

use super::gate;
use super::issuing::{Decided, Fields, Wanted, issue};
use crate::call::Call;
use crate::fields::Shape;
use crate::problem::Refusal;
use crate::served::Served;
use crate::shown::kept;

/// How long a certificate is valid where nothing else is said: 365 days.
const LIFETIME_SECS_DEFAULT: u64 = 365 * 86_400;

impl Served for SshHostCertificate {
    const KIND: ResourceKind = ResourceKind::SshHostCertificate;
    const FIELDS: &'static [(&'static str, Shape)] = &[
        ("ssh_certificate_authority_id", Shape::Text),
        ("public_key", Shape::Text),
        ("principals", Shape::Texts),
        ("valid_after", Shape::Text),
        ("valid_until", Shape::Text),
        ("description", Shape::Text),
        ("metadata", Shape::Text),
    ];
    const TOO_LONG: [u16; 2] = [1945, 1946];

    async fn create(call: &Call, create: SshHostCertificateCreate) -> Result<ResourceRecord, Refusal> {
        let id: SshHostCertificateId = call.new_id()?;
        let fields = Fields {
            id: &id.to_string(),
            authority_id: &create.ssh_certificate_authority_id,
            public_key: &create.public_key,
            principals: &create.principals,
            valid_after: &create.valid_after,
            valid_until: &create.valid_until,
            lifetime_secs: LIFETIME_SECS_DEFAULT,
            description: &create.description,
            metadata: &create.metadata,
        };
        let cleared = gate::clear(fields.request::<ForHost>(call.at)?, call.at)?;
        let decided = Decided::of(cleared.case())?;
        let resource = Self {
            id,
            uri: String::new(),
            created_at: call.wire_time()?,
            description: String::new(),
            metadata: String::new(),
            public_key: create.public_key,
            key_type: decided.key_type,
            ssh_certificate_authority_id: decided.authority_id,
            principals: create.principals,
            valid_after: decided.valid_after,
            valid_until: decided.valid_until,
            certificate: String::new(),
        };
        let wanted = Wanted {
            kind: Self::KIND,
            id: &id.to_string(),
            authority_id: decided.authority_id,
            facts: decided.facts,
            description: create.description,
            metadata: create.metadata,
            authority_unknown: 1949,
        };
        issue(call, cleared, wanted, |certificate| kept(&Self { certificate, ..resource })).await
    }
}
