//! What creating SSH certificates of hosts and of users has in common.

use std::sync::Arc;

use certgate_api::{SshCertificateAuthorityId, Timestamp as WireTime};
use certgate_facts::{SshKeyKind, Timestamp};
use certgate_rules::{CertificateRequest, Cleared, Moment, RequestFor, Role, SshValidity};
use certgate_sign::{Authority, Error as SignError, IssuedCertificate, Prepared, Signer as _};
use certgate_store::{
    Conflict, Error, NewResource, NotIssued, ResourceFacts, ResourceIssuance, ResourceKind, ResourceRecord,
    issue_resource,
};

use super::gate;
use crate::call::{Call, wire_time};
use crate::problem::Refusal;

/// The fields that requests for hosts and for users share, as they came.
pub(super) struct Fields<'a> {
    pub(super) id: &'a str,
    pub(super) authority_id: &'a str,
    pub(super) public_key: &'a str,
    pub(super) principals: &'a [String],
    pub(super) valid_after: &'a str,
    pub(super) valid_until: &'a str,
    /// How long the certificate is valid where nothing is said.
    pub(super) lifetime_secs: u64,
    pub(super) description: &'a str,
    pub(super) metadata: &'a str,
}

/// What is decided once a request is cleared.
pub(super) struct Decided {
    pub(super) authority_id: SshCertificateAuthorityId,
    pub(super) key_type: String,
    pub(super) valid_after: WireTime,
    pub(super) valid_until: WireTime,
    /// What of it is searched.
    pub(super) facts: ResourceFacts,
}

/// A certificate that is to be a resource.
pub(super) struct Wanted<'a> {
    pub(super) kind: ResourceKind,
    /// Its id, which is its key id and comment, too.
    pub(super) id: &'a str,
    pub(super) authority_id: SshCertificateAuthorityId,
    /// What of it is searched.
    pub(super) facts: ResourceFacts,
    pub(super) description: String,
    pub(super) metadata: String,
    /// The code for an authority that there is not.
    pub(super) authority_unknown: u16,
}

impl Fields<'_> {
    /// The request, with the moments that it leaves out.
    pub(super) fn request<R: Role>(&self, at: Timestamp) -> Result<RequestFor<R>, Refusal> {
        let given = |name: &str, text: &str| -> Result<Option<Moment>, Refusal> {
            if text.is_empty() {
                Ok(None)
            } else {
                gate::field(name, text).map(|field| Some(Moment::written(field)))
            }
        };
        let now = u64::try_from(at.unix_secs()).unwrap_or_default();
        let valid_after = given("valid_after", self.valid_after)?.unwrap_or_else(|| Moment::at(now));
        let end = valid_after.secs().unwrap_or(now).saturating_add(self.lifetime_secs);
        let valid_until = given("valid_until", self.valid_until)?.unwrap_or_else(|| Moment::at(end));
        let principals = self.principals.iter().map(|name| gate::field("principals", name));
        let request = RequestFor::new(
            gate::reading("public_key", self.public_key)?,
            gate::field("id", self.id)?,
            principals.collect::<Result<_, _>>()?,
            valid_after,
            valid_until,
        );
        Ok(request
            .with_authority_id(gate::field("ssh_certificate_authority_id", self.authority_id)?)
            .with_description(gate::field("description", self.description)?)
            .with_metadata(gate::field("metadata", self.metadata)?))
    }
}

impl Decided {
    pub(super) fn of(request: &CertificateRequest) -> Result<Self, Refusal> {
        let early = || Refusal::coded(241, "a certificate counts time from 1970 on; say a later time");
        let late =
            |_| Refusal::coded(241, "the certificate would be valid beyond the year 9999; say earlier times");
        let SshValidity { valid_after, valid_before } = request.validity().ok_or_else(early)?;
        let authority_id = request.authority_id().map_or("", |field| field.text());
        Ok(Self {
            authority_id: authority_id.parse().map_err(Refusal::fault)?,
            key_type: request.public_key().map_or("", |key| key.kind().family()).to_owned(),
            valid_after: wire_time(moment(valid_after)).map_err(late)?,
            valid_until: wire_time(moment(valid_before)).map_err(late)?,
            facts: ResourceFacts {
                not_before: Some(moment(valid_after)),
                not_after: Some(moment(valid_before.saturating_sub(1))),
                ..ResourceFacts::default()
            },
        })
    }
}

/// Issues what was cleared; `content` is what is kept of it, once its line is known.
pub(super) async fn issue<R: Role>(
    call: &Call,
    cleared: Cleared<RequestFor<R>>,
    wanted: Wanted<'_>,
    content: impl FnOnce(String) -> Result<Vec<u8>, serde_json::Error>,
) -> Result<ResourceRecord, Refusal> {
    let Wanted { kind, id, authority_id: by, facts, description, metadata, authority_unknown } = wanted;
    let unknown =
        || Refusal::coded(authority_unknown, format!("there is no SSH certificate authority '{by}'"));
    let authority_id = by.to_string().parse()?;
    let authority = call.shared.authority(&authority_id).await?.ok_or_else(unknown)?;
    let new = NewResource {
        kind,
        id: id.parse()?,
        authority: Some(authority_id.clone()),
        description,
        metadata,
        facts,
        content: Vec::new(),
        secret: None,
    };
    let resource_of = |issued: &IssuedCertificate| {
        let content = content(issued.certificate().to_line(id));
        let content = content.map_err(|error| Error::Driver(Box::new(error)))?;
        Ok(NewResource { content, ..new })
    };
    let public_key = authority.public_key().clone();
    let issuance = ResourceIssuance {
        store: call.shared.store.as_ref(),
        authority: &authority_id,
        public_key: &public_key,
        serials: call.shared.settings.serials,
        at: call.at,
    };
    let sign = |prepared| sign(authority, prepared);
    match issue_resource(issuance, cleared, sign, resource_of, call.shared.dice.clone()).await {
        Ok(outcome) => outcome.map_err(|reason| not_issued(&reason)),
        Err(Error::AuthorityRevoked { .. } | Error::WrongState { .. }) => Err(Refusal::coded(
            authority_unknown,
            format!(
                "the SSH certificate authority '{by}' signs no more: its key is revoked, or it is retired"
            ),
        )),
        Err(Error::AuthorityUnknown { .. } | Error::Conflict(Conflict::ResourceAuthorityUnknown { .. })) => {
            Err(unknown())
        }
        Err(error) => Err(error.into()),
    }
}

/// Signs here, or where nobody else waits for it: with RSA it takes milliseconds.
async fn sign(authority: Arc<Authority>, prepared: Prepared) -> Result<IssuedCertificate, SignError> {
    if !matches!(authority.public_key().kind(), SshKeyKind::Rsa { .. }) {
        return prepared.sign(authority.as_ref());
    }
    let signed = tokio::task::spawn_blocking(move || prepared.sign(authority.as_ref())).await;
    signed.unwrap_or(Err(SignError::ProviderFailed { what: "to sign" }))
}

fn moment(secs: u64) -> Timestamp {
    Timestamp::from_unix_secs(i64::try_from(secs).unwrap_or(i64::MAX))
}

/// What is told of a request that came to no certificate.
fn not_issued(reason: &NotIssued) -> Refusal {
    match reason {
        // What OpenSSH would read otherwise than it looks, or not at all.
        NotIssued::Refused(error) => Refusal::coded(215, error.to_string()),
        NotIssued::Revoked(_) => Refusal::coded(1950, "the public key is revoked here; make a new one"),
        reason => Refusal::fault(format!("{reason:?}")),
    }
}
