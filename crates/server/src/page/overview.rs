//! What the page shows, taken from the store.

use certgate_facts::{SshPublicKey, Timestamp};
use certgate_store::{ResourceCount, ResourceFilter, ResourceKind, ResourceRecord, Resources};
use serde::Deserialize;

use super::urgency::{DAY_SECS, MONTH_DAYS, Validity, WEEK_DAYS};
use crate::problem::Refusal;

/// Most certificates that are shown of those still to expire.
pub(super) const CERTIFICATES_MAX: usize = 100;
/// Most that are shown of those that expired within [`MONTH_DAYS`].
pub(super) const EXPIRED_MAX: usize = 20;
/// Most authorities of each kind that are shown.
pub(super) const AUTHORITIES_MAX: usize = 50;
/// Most resources that are shown of those that came last.
pub(super) const NEWEST_MAX: usize = 12;

/// The kinds that are certificates, and no authorities.
const CERTIFICATES: [ResourceKind; 3] =
    [ResourceKind::TlsCertificate, ResourceKind::SshHostCertificate, ResourceKind::SshUserCertificate];
const AUTHORITIES: [ResourceKind; 2] =
    [ResourceKind::SshCertificateAuthority, ResourceKind::CertificateAuthority];

/// What the page shows.
pub(super) struct Overview {
    pub(super) now: Timestamp,
    pub(super) counts: Counts,
    /// Those that expired of late, then those that expire next: by the end of their validity.
    pub(super) certificates: Vec<Shown>,
    pub(super) authorities: Vec<Shown>,
    /// Of all kinds, the last to be created first.
    pub(super) newest: Vec<Shown>,
}

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) certificates: u64,
    pub(super) expired: u64,
    /// Expire within [`WEEK_DAYS`].
    pub(super) week: u64,
    /// Expire within [`MONTH_DAYS`], these among them.
    pub(super) month: u64,
    pub(super) authorities: u64,
}

/// A resource as it is shown.
pub(super) struct Shown {
    pub(super) kind: ResourceKind,
    pub(super) id: String,
    pub(super) created_at: Timestamp,
    pub(super) description: String,
    /// What it is good for, or called.
    pub(super) names: Vec<String>,
    /// Nothing for what does not expire.
    pub(super) validity: Option<Validity>,
    /// Who signed it, if that is said.
    pub(super) issuer: String,
    /// Fingerprint of an SSH authority's key.
    pub(super) fingerprint: Option<String>,
}

/// What is read of a resource's content.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Content {
    subject_alternative_names: AlternativeNames,
    principals: Vec<String>,
    issuer_common_name: String,
    ssh_certificate_authority_id: String,
    public_key: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct AlternativeNames {
    dns_names: Vec<String>,
    ips: Vec<String>,
}

impl Overview {
    /// What is there now.
    pub(super) async fn of(store: &dyn Resources, now: Timestamp) -> Result<Self, Refusal> {
        let in_days = |days: i64| Timestamp::from_unix_secs(now.unix_secs().saturating_add(days * DAY_SECS));
        let counts = store.counts(vec![now, in_days(WEEK_DAYS), in_days(MONTH_DAYS)]).await?;
        let mut certificates = store.ending(CERTIFICATES.to_vec(), in_days(-MONTH_DAYS), EXPIRED_MAX).await?;
        certificates.retain(|record| record.facts.not_after < Some(now));
        certificates.extend(store.ending(CERTIFICATES.to_vec(), now, CERTIFICATES_MAX).await?);
        let mut authorities = Vec::new();
        for kind in AUTHORITIES {
            let page = store.resources(kind, ResourceFilter::EVERYTHING, None, AUTHORITIES_MAX).await?;
            authorities.extend(page.resources);
        }
        let newest = store.newest(NEWEST_MAX).await?;
        let shown = |records: Vec<ResourceRecord>| -> Result<Vec<Shown>, Refusal> {
            records.into_iter().map(Shown::of).collect()
        };
        Ok(Self {
            now,
            counts: Counts::of(&counts),
            certificates: shown(certificates)?,
            authorities: shown(authorities)?,
            newest: shown(newest)?,
        })
    }
}

impl Counts {
    /// Of counts with those that ended by now, within [`WEEK_DAYS`], within [`MONTH_DAYS`].
    fn of(counts: &[ResourceCount]) -> Self {
        let mut sum = Self::default();
        for ResourceCount { kind, total, ended } in counts {
            if !CERTIFICATES.contains(kind) {
                sum.authorities += total;
                continue;
            }
            sum.certificates += total;
            if let [expired, week, month] = ended.as_slice() {
                sum.expired += expired;
                sum.week += week.saturating_sub(*expired);
                sum.month += month.saturating_sub(*expired);
            }
        }
        sum
    }
}

impl Shown {
    fn of(record: ResourceRecord) -> Result<Self, Refusal> {
        let ResourceRecord { kind, id, created_at, description, facts, content, .. } = record;
        let content: Content = serde_json::from_slice(&content)
            .map_err(|error| Refusal::fault(format!("{id} does not read: {error}")))?;
        let validity = facts.not_before.zip(facts.not_after);
        let AlternativeNames { dns_names, ips } = content.subject_alternative_names;
        let mut names = Vec::new();
        let common_name = facts.subject_common_name.into_iter();
        for name in common_name.chain(dns_names).chain(ips).chain(content.principals) {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        let issuer = [content.issuer_common_name, content.ssh_certificate_authority_id];
        let is_authority = kind == ResourceKind::SshCertificateAuthority;
        let key = is_authority.then(|| SshPublicKey::read(&content.public_key).ok()).flatten();
        Ok(Self {
            kind,
            id: id.to_string(),
            created_at,
            description,
            names,
            validity: validity.map(|(first, last)| Validity { first, last }),
            issuer: issuer.into_iter().find(|issuer| !issuer.is_empty()).unwrap_or_default(),
            fingerprint: key.map(|key| key.fingerprint()),
        })
    }
}

#[cfg(test)]
mod tests;
