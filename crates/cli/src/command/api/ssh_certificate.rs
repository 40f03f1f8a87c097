//! SSH certificates that are to be created, of hosts and of users, made cases that can be judged.

use std::collections::BTreeMap;
use std::path::Path;

use certgate_facts::Timestamp;
use certgate_rules::{
    Field, HostCertificateRequest, Moment, Policy, RequestFor, Role, SSH_BACKDATING_SECS_DEFAULT,
    SSH_LIFETIME_SECS_DEFAULT, UserCertificateRequest,
};

use super::case::{BodyOf, Creation, Texts, field};
use super::issued::Expected;
use crate::cli::api::{HostCertificateArguments, UserCertificateArguments};
use crate::failure::Failure;
use crate::input;
use crate::lifetime::Lifetime;

/// How long a user certificate is valid where nothing is said: a day, as the API has it.
const USER_LIFETIME_SECS_DEFAULT: u64 = 86_400;

/// What both kinds of requests have.
struct Given<'a> {
    authority_id: &'a str,
    public_key: &'a Path,
    principals: &'a [String],
    valid_after: &'a Option<String>,
    valid_until: &'a Option<String>,
    lifetime_secs: u64,
}

impl Given<'_> {
    fn request<R: Role>(&self, texts: &Texts<'_>, at: Timestamp) -> Result<RequestFor<R>, Failure> {
        let public_key = input::read(self.public_key)?;
        let now = u64::try_from(at.unix_secs()).unwrap_or_default();
        let written = |name: &str, text: &Option<String>| {
            text.as_deref().map(|text| field(name, text).map(Moment::written)).transpose()
        };
        let valid_after = written("--valid-after", self.valid_after)?;
        let valid_after =
            valid_after.unwrap_or_else(|| Moment::at(now.saturating_sub(SSH_BACKDATING_SECS_DEFAULT)));
        let begins = valid_after.secs().unwrap_or(now);
        let valid_until = written("--valid-until", self.valid_until)?;
        let valid_until =
            valid_until.unwrap_or_else(|| Moment::at(begins.saturating_add(self.lifetime_secs)));
        let principals: Result<Vec<Field>, Failure> =
            self.principals.iter().map(|name| field("--principals", name)).collect();
        let key_id = field("the id that the API gives", "")?;
        let request = RequestFor::new(public_key, key_id, principals?, valid_after, valid_until);
        Ok(request
            .with_authority_id(field("--ssh-certificate-authority-id", self.authority_id)?)
            .with_description(field("--description", texts.description)?)
            .with_metadata(field("--metadata", texts.metadata)?))
    }
}

impl Creation for HostCertificateArguments {
    type Case = HostCertificateRequest;

    fn case(&self, texts: &Texts<'_>, at: Timestamp) -> Result<HostCertificateRequest, Failure> {
        let given = Given {
            authority_id: &self.ssh_certificate_authority_id,
            public_key: &self.public_key,
            principals: &self.principals,
            valid_after: &self.valid_after,
            valid_until: &self.valid_until,
            lifetime_secs: SSH_LIFETIME_SECS_DEFAULT,
        };
        given.request(texts, at)
    }

    fn policy(&self, policy: Policy) -> Policy {
        with_lifetime_max(policy, self.max_lifetime)
    }

    fn expected(body: &BodyOf<Self>) -> Option<Expected> {
        Some(Expected::of_host(body.clone()))
    }
}

impl Creation for UserCertificateArguments {
    type Case = UserCertificateRequest;

    fn case(&self, texts: &Texts<'_>, at: Timestamp) -> Result<UserCertificateRequest, Failure> {
        let given = Given {
            authority_id: &self.ssh_certificate_authority_id,
            public_key: &self.public_key,
            principals: &self.principals,
            valid_after: &self.valid_after,
            valid_until: &self.valid_until,
            lifetime_secs: USER_LIFETIME_SECS_DEFAULT,
        };
        let request: UserCertificateRequest = given.request(texts, at)?;
        Ok(request
            .with_critical_options(options("--critical-options", &self.critical_options)?)
            .with_extensions(options("--extensions", &self.extensions)?))
    }

    fn policy(&self, policy: Policy) -> Policy {
        with_lifetime_max(policy, self.max_lifetime)
    }

    fn expected(body: &BodyOf<Self>) -> Option<Expected> {
        Some(Expected::of_user(body.clone()))
    }
}

fn with_lifetime_max(policy: Policy, max: Option<Lifetime>) -> Policy {
    match max {
        Some(length) => policy.with_lifetime_secs_max(length.secs()),
        None => policy,
    }
}

/// Options as they are typed, `name` or `name=value`, none of them twice.
fn options(argument: &str, given: &[String]) -> Result<BTreeMap<String, Field>, Failure> {
    let mut options = BTreeMap::new();
    for text in given {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let value = field(&format!("{argument} {}", name.escape_debug()), value)?;
        if options.insert(name.to_owned(), value).is_some() {
            let words = format!("{argument}: `{}` is given twice", name.escape_debug());
            return Err(Failure::input(words).with_hint("give each option once"));
        }
    }
    Ok(options)
}
