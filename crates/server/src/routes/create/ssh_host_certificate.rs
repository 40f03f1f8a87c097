//! `POST /ssh_host_certificates`.

use certgate_api::{
    SshCertificateAuthorityId, SshHostCertificate, SshHostCertificateCreate, SshHostCertificateId,
};
use certgate_facts::Timestamp;
use certgate_rules::{Cleared, HostCertificateRequest, Moment};
use certgate_sign::IssuedCertificate;
use certgate_store::{
    Conflict, Error, NewResource, NotIssued, ResourceFacts, ResourceKind, ResourceRecord, issue_resource,
};

use super::gate;
use crate::call::{Call, wire_time};
use crate::fields::Shape;
use crate::problem::Refusal;
use crate::served::Served;
use crate::shown::kept;

/// How long a certificate is valid where nothing else is said: 365 days.
const LIFETIME_SECS_DEFAULT: u64 = 365 * 86_400;
/// The code for an authority that there is not.
const AUTHORITY_UNKNOWN: u16 = 1949;

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
        let cleared = cleared(call, &create, id)?;
        let by: SshCertificateAuthorityId =
            create.ssh_certificate_authority_id.parse().map_err(Refusal::fault)?;
        let unknown =
            || Refusal::coded(AUTHORITY_UNKNOWN, format!("there is no SSH certificate authority '{by}'"));
        let authority_id = by.to_string().parse()?;
        let authority = call.shared.authority(&authority_id).await?.ok_or_else(unknown)?;
        let (valid_after, valid_until) = match cleared.case().validity() {
            Some(validity) => (validity.valid_after, validity.valid_before),
            None => {
                return Err(Refusal::coded(241, "a certificate counts time from 1970 on; say a later time"));
            }
        };
        let resource = Self {
            id,
            uri: String::new(),
            created_at: call.wire_time()?,
            description: String::new(),
            metadata: String::new(),
            public_key: create.public_key,
            key_type: cleared.case().public_key().map_or("", |key| key.kind().family()).to_owned(),
            ssh_certificate_authority_id: by,
            principals: create.principals,
            valid_after: wire_time(moment(valid_after))?,
            valid_until: wire_time(moment(valid_until))?,
            certificate: String::new(),
        };
        let new = NewResource {
            kind: Self::KIND,
            id: id.to_string().parse()?,
            authority: Some(authority_id.clone()),
            description: create.description,
            metadata: create.metadata,
            facts: ResourceFacts {
                not_before: Some(moment(valid_after)),
                not_after: Some(moment(valid_until.saturating_sub(1))),
                ..ResourceFacts::default()
            },
            content: Vec::new(),
            secret: None,
        };
        let resource_of = |issued: &IssuedCertificate| {
            let certificate = issued.certificate().to_line(&id.to_string());
            let content = kept(&Self { certificate, ..resource });
            let content = content.map_err(|error| Error::Driver(Box::new(error)))?;
            Ok(NewResource { content, ..new })
        };
        let issued = issue_resource(
            call.shared.store.as_ref(),
            (&authority_id, authority.as_ref()),
            cleared,
            resource_of,
            call.shared.dice.clone(),
            call.at,
        );
        match issued.await {
            Ok(outcome) => outcome.map_err(|reason| not_issued(&reason)),
            Err(
                Error::AuthorityUnknown { .. }
                | Error::WrongState { .. }
                | Error::Conflict(Conflict::ResourceAuthorityUnknown { .. }),
            ) => Err(unknown()),
            Err(error) => Err(error.into()),
        }
    }
}

fn moment(secs: u64) -> Timestamp {
    Timestamp::from_unix_secs(i64::try_from(secs).unwrap_or(i64::MAX))
}

/// Judges a request, with the moments that it leaves out.
fn cleared(
    call: &Call,
    create: &SshHostCertificateCreate,
    id: SshHostCertificateId,
) -> Result<Cleared<HostCertificateRequest>, Refusal> {
    let given = |name: &str, text: &str| -> Result<Option<Moment>, Refusal> {
        if text.is_empty() {
            Ok(None)
        } else {
            gate::field(name, text).map(|field| Some(Moment::written(field)))
        }
    };
    let now = u64::try_from(call.at.unix_secs()).unwrap_or_default();
    let valid_after = given("valid_after", &create.valid_after)?.unwrap_or_else(|| Moment::at(now));
    let year_on = valid_after.secs().unwrap_or(now).saturating_add(LIFETIME_SECS_DEFAULT);
    let valid_until = given("valid_until", &create.valid_until)?.unwrap_or_else(|| Moment::at(year_on));
    let principals = create.principals.iter().map(|name| gate::field("principals", name));
    let request = HostCertificateRequest::new(
        gate::reading("public_key", &create.public_key)?,
        gate::field("id", &id.to_string())?,
        principals.collect::<Result<_, _>>()?,
        valid_after,
        valid_until,
    )
    .with_authority_id(gate::field("ssh_certificate_authority_id", &create.ssh_certificate_authority_id)?)
    .with_description(gate::field("description", &create.description)?)
    .with_metadata(gate::field("metadata", &create.metadata)?);
    gate::clear(request, call.at)
}

/// What is told of a request that came to no certificate.
fn not_issued(reason: &NotIssued) -> Refusal {
    match reason {
        // What OpenSSH would read otherwise than it looks, or not at all.
        NotIssued::Refused(error) => Refusal::coded(215, error.to_string()),
        NotIssued::Revoked(_) => {
            Refusal::coded(1950, "the host's public key is revoked here; make a new one")
        }
        reason => Refusal::fault(format!("{reason:?}")),
    }
}
