//! `POST /ssh_user_certificates`.

use std::collections::BTreeMap;

use certgate_api::{SshUserCertificate, SshUserCertificateCreate, SshUserCertificateId};
use certgate_rules::{Field, ForUser};
use certgate_store::{ResourceKind, ResourceRecord};

use super::gate;
use super::issuing::{Decided, Fields, Wanted, issue};
use crate::call::Call;
use crate::fields::Shape;
use crate::problem::Refusal;
use crate::served::Served;
use crate::shown::kept;

/// How long a certificate is valid where nothing else is said: a day.
const LIFETIME_SECS_DEFAULT: u64 = 86_400;
/// What a user may do where nothing else is said.
const EXTENSIONS_DEFAULT: [&str; 2] = ["permit-pty", "permit-user-rc"];

impl Served for SshUserCertificate {
    const KIND: ResourceKind = ResourceKind::SshUserCertificate;
    const FIELDS: &'static [(&'static str, Shape)] = &[
        ("ssh_certificate_authority_id", Shape::Text),
        ("public_key", Shape::Text),
        ("principals", Shape::Texts),
        ("critical_options", Shape::NamedTexts),
        ("extensions", Shape::NamedTexts),
        ("valid_after", Shape::Text),
        ("valid_until", Shape::Text),
        ("description", Shape::Text),
        ("metadata", Shape::Text),
    ];
    const TOO_LONG: [u16; 2] = [1947, 1948];

    async fn create(call: &Call, mut create: SshUserCertificateCreate) -> Result<ResourceRecord, Refusal> {
        // Clients that leave it out send it empty.
        if create.extensions.is_empty() {
            create.extensions = EXTENSIONS_DEFAULT.map(|name| (name.to_owned(), String::new())).into();
        }
        let id: SshUserCertificateId = call.new_id()?;
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
        let request = fields.request::<ForUser>(call.at)?;
        let request = request
            .with_critical_options(options("critical_options", &create.critical_options)?)
            .with_extensions(options("extensions", &create.extensions)?);
        let cleared = gate::clear(request, call.at)?;
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
            critical_options: create.critical_options,
            extensions: create.extensions,
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
            authority_unknown: 1951,
        };
        issue(call, cleared, wanted, |certificate| kept(&Self { certificate, ..resource })).await
    }
}

fn options(name: &str, options: &BTreeMap<String, String>) -> Result<BTreeMap<String, Field>, Refusal> {
    let field = |(option, value): (&String, &String)| Ok((option.clone(), gate::field(name, value)?));
    options.iter().map(field).collect()
}
