//! Which hosts need a certificate, and why.

use std::collections::HashMap;

use certgate_facts::{SshContent, SshPublicKey, SshText, Timestamp};
use certgate_rules::{HostCertificateRequest, Moment};
use certgate_sign::renewal::{Fraction, Renewal};
use certgate_store::{CertificateFilter, CertificateRecord, Certificates, Ledger, Standing};

use super::Job;
use super::obstacles::{self, Obstacles};
use super::order::Order;
use super::row::{Row, Stage};
use crate::command::ssh::fault;
use crate::failure::Failure;

/// Most certificates of one host key that are looked at: what is older than so many does not matter any more.
const OF_ONE_KEY_MAX: usize = 1000;

/// A host that needs a certificate, before it is judged.
pub(super) struct Wanted {
    /// Its authority, as an index into the authorities of the ledger.
    pub(super) authority: usize,
    pub(super) request: HostCertificateRequest,
}

/// A host and what is planned for it.
pub(super) struct Planned {
    pub(super) row: Row,
    pub(super) wanted: Option<Wanted>,
}

/// Compares each order with what the ledger and the file have. Without leave to keep, each is to be issued.
pub(super) fn rows(job: &Job<'_>, orders: Vec<Result<Order, Row>>) -> Result<Vec<Planned>, Failure> {
    let names: HashMap<String, Vec<String>> = names_by_key(&orders);
    let authorities = job.ledger.authorities().map_err(fault)?;
    let mut obstacles = Obstacles::of(job)?;
    let mut planned = Vec::with_capacity(orders.len());
    for order in orders {
        let order = match order {
            Ok(order) => order,
            Err(row) => {
                planned.push(Planned { row, wanted: None });
                continue;
            }
        };
        let Some((index, authority)) =
            authorities.iter().enumerate().find(|(_, record)| record.name == order.authority)
        else {
            return Err(Failure::input(format!("authority {} is gone", order.authority)));
        };
        let known = of_host_key(&job.ledger, first_key(&order))?;
        let own = known.iter().rev().find(|record| {
            record.certificate().is_some() && is_text(record.fields().key_id(), order.key_id.text())
        });
        let there = order.out.as_deref().map_or(Ok(None), obstacles::current);
        let obstacle = obstacles.of_order(&order, authority, first_key(&order), own);
        planned.push(match (there, obstacle) {
            (Err(why), _) | (Ok(_), Some(why)) => {
                let row = Row::failed(order.key_id.text().to_owned(), order.out, why);
                Planned { row, wanted: None }
            }
            (Ok(there), None) => plan(job, order, index, &known, own, there.as_deref(), &names),
        });
    }
    Ok(planned)
}

fn plan(
    job: &Job<'_>,
    order: Order,
    authority: usize,
    known: &[CertificateRecord],
    own: Option<&CertificateRecord>,
    there: Option<&str>,
    names: &HashMap<String, Vec<String>>,
) -> Planned {
    let mut reasons = order.remarks.clone();
    let stage = match (job.due, own) {
        (None, _) => None,
        (Some(_), None) => {
            reasons.push("it has no certificate yet".to_owned());
            None
        }
        (Some(due), Some(record)) => {
            let differences = differences(&order, record, job.policy.at(), due);
            let is_good = differences.is_empty();
            reasons.extend(differences.into_iter().filter(|one| !order.remarks.contains(one)));
            is_good.then(|| kept_or_copied(&order, record, there))
        }
    };
    if let Some(Stage::ToBeCopied(_)) = &stage {
        reasons.push("its file is missing or another; the ledger has the certificate".to_owned());
    }
    let key_id = order.key_id.text();
    let holders = holders(job, key_id, known, first_key(&order), names);
    let row = Row {
        name: key_id.to_owned(),
        out: order.out.clone(),
        reasons,
        findings: Vec::new(),
        stage: Stage::Kept,
    };
    match stage {
        Some(stage) => Planned { row: Row { stage, ..row }, wanted: None },
        None => {
            let request = HostCertificateRequest::new(
                order.public_key,
                order.key_id,
                order.principals,
                order.valid_after,
                order.valid_before,
            );
            let request = request.with_key_holders(holders);
            Planned {
                row: Row { stage: Stage::InFlight, ..row },
                wanted: Some(Wanted { authority, request }),
            }
        }
    }
}

/// Other hosts that use the key: by valid certificates in the ledger, or in the same run.
fn holders(
    job: &Job<'_>,
    key_id: &str,
    known: &[CertificateRecord],
    key: Option<&SshPublicKey>,
    names: &HashMap<String, Vec<String>>,
) -> Vec<String> {
    let valid = known.iter().filter(|record| record.standing(job.policy.at()) == Standing::Valid);
    let in_run = key.and_then(|key| names.get(&key.fingerprint())).into_iter().flatten().cloned();
    let mut holders: Vec<String> = valid
        .map(|record| record.fields().key_id().to_string())
        .chain(in_run)
        .filter(|name| name != key_id)
        .collect();
    holders.sort_unstable();
    holders.dedup();
    holders
}

/// What sets a certificate apart from what is asked for now.
fn differences(order: &Order, record: &CertificateRecord, at: Timestamp, due: Fraction) -> Vec<String> {
    let mut found = Vec::new();
    let fields = record.fields();
    let begins = order.valid_after.secs().unwrap_or(0);
    match record.standing(at) {
        Standing::Valid => {}
        Standing::NotYetValid if fields.valid_after() <= begins => {}
        standing => found.push(format!("its certificate is {}", standing.name())),
    }
    if *record.authority_name() != order.authority {
        found.push(format!("the authority changes from {} to {}", record.authority_name(), order.authority));
    }
    let same_principals = fields.principals().len() == order.principals.len()
        && fields.principals().iter().zip(&order.principals).all(|(old, new)| is_text(old, new.text()));
    if !same_principals {
        found.push(principals_changed(fields.principals(), order));
    }
    let asked = |moment: &Moment| moment.field().and_then(|_| moment.secs());
    if asked(&order.valid_after).is_some_and(|secs| secs != fields.valid_after())
        || asked(&order.valid_before).is_some_and(|secs| secs != fields.valid_before())
    {
        found.push("its times change".to_owned());
    }
    let length = fields.valid_before().saturating_sub(fields.valid_after());
    if let Some(wanted) = order.lifetime.filter(|wanted| wanted.secs() != length) {
        found.push(format!("its lifetime changes to {wanted}"));
    }
    let now = u64::try_from(at.unix_secs()).unwrap_or(0);
    if let (true, Renewal::DueFrom(from)) = (found.is_empty(), Renewal::of(fields, due))
        && from <= now
    {
        let ends = Timestamp::from_unix_secs(i64::try_from(fields.valid_before()).unwrap_or(i64::MAX));
        found.push(format!("it is due: it ends {ends}"));
    }
    found
}

/// Which principals come and which go.
pub(super) fn principals_changed(old: &[SshText], order: &Order) -> String {
    let new = || order.principals.iter().map(certgate_rules::Field::text);
    let mut changes: Vec<String> = new()
        .filter(|name| !old.iter().any(|text| is_text(text, name)))
        .map(|name| format!("+{name}"))
        .collect();
    changes.extend(
        old.iter().filter(|text| !new().any(|name| is_text(text, name))).map(|text| format!("-{text}")),
    );
    if changes.is_empty() {
        "the principals change their order".to_owned()
    } else {
        format!("the principals change: {}", changes.join(" "))
    }
}

/// The certificate in the ledger is good: is it in the file, too?
fn kept_or_copied(order: &Order, record: &CertificateRecord, there: Option<&str>) -> Stage {
    let Some(certificate) = record.certificate().filter(|_| order.out.is_some()) else { return Stage::Kept };
    let line = certificate.to_line(first_key(order).map_or("", SshPublicKey::comment));
    if there == Some(&*line) { Stage::Kept } else { Stage::ToBeCopied(line + "\n") }
}

/// The newest certificates for a host key, oldest first.
fn of_host_key(ledger: &dyn Ledger, key: Option<&SshPublicKey>) -> Result<Vec<CertificateRecord>, Failure> {
    let Some(key) = key else { return Ok(Vec::new()) };
    let filter = CertificateFilter { host_key: Some(key.fingerprint()), ..CertificateFilter::default() };
    let mut found = std::collections::VecDeque::new();
    for record in Certificates::of(ledger, filter) {
        if found.len() == OF_ONE_KEY_MAX {
            found.pop_front();
        }
        found.push_back(record.map_err(fault)?);
    }
    Ok(found.into())
}

/// Which hosts of one run have which key.
fn names_by_key(orders: &[Result<Order, Row>]) -> HashMap<String, Vec<String>> {
    let mut names: HashMap<String, Vec<String>> = HashMap::with_capacity(orders.len());
    if orders.len() > 1 {
        for order in orders.iter().flatten() {
            if let Some(key) = first_key(order) {
                names.entry(key.fingerprint()).or_default().push(order.key_id.text().to_owned());
            }
        }
    }
    names
}

fn first_key(order: &Order) -> Option<&SshPublicKey> {
    match &order.public_key.ssh_lines().first()?.content {
        SshContent::PublicKey(key) => Some(key),
        _ => None,
    }
}

fn is_text(found: &SshText, wanted: &str) -> bool {
    found.as_bytes() == wanted.as_bytes()
}
