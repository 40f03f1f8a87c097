//! Which hosts need a certificate, and why; and the gate before the signature.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use certgate_facts::{SshPublicKey, SshText, Timestamp};
use certgate_rules::{Finding, Fraction, HostCertificateRequest, Moment, Policy, judge};
use certgate_sign::renewal::Renewal;
use certgate_store::{
    AuthorityRecord, CertificateFilter, CertificateRecord, Certificates, Ledger, OpenLedger, Standing,
};

use super::Job;
use super::obstacles::{self, Obstacles};
use super::order::Order;
use super::row::{Row, Stage};
use super::threads;
use crate::command::ssh::fault;
use crate::failure::Failure;

/// Most certificates of one host key that are looked at: what is older than so many does not matter any more.
const OF_ONE_KEY_MAX: usize = 1000;

/// What the orders of a run are compared with.
struct Plan<'a> {
    ledger: Mutex<&'a mut OpenLedger>,
    authorities: Vec<AuthorityRecord>,
    obstacles: Obstacles,
    keys: KeysOfRun,
    policy: &'a Policy,
    due: Option<Fraction>,
}

/// Compares each order with what the ledger and the file have, and judges what is to be issued. Without leave to keep, that is
/// each.
pub(super) fn rows(job: &mut Job<'_>, orders: Vec<Result<Order, Row>>) -> Result<Vec<Row>, Failure> {
    let plan = Plan {
        authorities: job.ledger.authorities().map_err(fault)?,
        obstacles: Obstacles::of(&job.ledger, job.signing.replace_revoked)?,
        keys: KeysOfRun::of(&orders),
        ledger: Mutex::new(&mut job.ledger),
        policy: &job.policy,
        due: job.due,
    };
    let numbered = (0..).zip(orders).collect();
    threads::map_shares(numbered, job.threads, |share| plan.rows(share)).into_iter().collect()
}

impl Plan<'_> {
    /// Rows for some orders, each with its number in the run.
    fn rows(&self, orders: Vec<(usize, Result<Order, Row>)>) -> Vec<Result<Row, Failure>> {
        let known: Vec<_> = {
            // Nothing is changed under this lock. It is taken once for all, for threads that wait cost more than the look.
            let ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
            let keys = orders.iter().map(|(_, order)| order.as_ref().ok()?.public_key.fingerprint());
            keys.map(|key| known(&**ledger, key)).collect()
        };
        let rows = orders.into_iter().zip(known).map(|((number, order), known)| match order {
            Ok(order) => self.row(number, order, &known?),
            Err(row) => Ok(row),
        });
        rows.collect()
    }

    fn row(&self, number: usize, order: Order, known: &[CertificateRecord]) -> Result<Row, Failure> {
        let Some((index, authority)) =
            self.authorities.iter().enumerate().find(|(_, record)| record.name == order.authority)
        else {
            return Err(Failure::input(format!("authority {} is gone", order.authority)));
        };
        let own = known.iter().rev().find(|record| {
            record.certificate().is_some() && is_text(record.fields().key_id(), order.key_id.text())
        });
        let there = order.out.as_deref().map_or(Ok(None), obstacles::current);
        let repeated = || {
            let is_repeated = self.keys.repeated.contains(&number);
            is_repeated.then(|| "another host of this run has the same key and the same key id".to_owned())
        };
        let obstacle = self.obstacles.of_order(&order, authority, own).or_else(repeated);
        Ok(match (there, obstacle) {
            (Err(why), _) | (Ok(_), Some(why)) => Row::failed(order.key_id.text().to_owned(), order.out, why),
            (Ok(there), None) => self.compared(order, index, known, own, there.as_deref()),
        })
    }

    fn compared(
        &self,
        order: Order,
        authority: usize,
        known: &[CertificateRecord],
        own: Option<&CertificateRecord>,
        there: Option<&str>,
    ) -> Row {
        let mut reasons = order.remarks.clone();
        let stage = match (self.due, own) {
            (None, _) => None,
            (Some(_), None) => {
                reasons.push("it has no certificate yet".to_owned());
                None
            }
            (Some(due), Some(record)) => {
                let differences = differences(&order, record, self.policy.at(), due);
                let is_good = differences.is_empty();
                reasons.extend(differences.into_iter().filter(|one| !order.remarks.contains(one)));
                is_good.then(|| kept_or_copied(&order, record, there))
            }
        };
        if let Some(Stage::ToBeCopied(_)) = &stage {
            reasons.push("its file is missing or another; the ledger has the certificate".to_owned());
        }
        let (name, out) = (order.key_id.text().to_owned(), order.out.clone());
        let (findings, stage) = match stage {
            Some(stage) => (Vec::new(), stage),
            None => self.judged(order, authority, known),
        };
        Row { name, out, reasons, findings, stage }
    }

    /// The gate before the signature.
    fn judged(&self, order: Order, authority: usize, known: &[CertificateRecord]) -> (Vec<Finding>, Stage) {
        let holders = self.holders(&order, known);
        let request = HostCertificateRequest::new(
            order.public_key.into_reading(),
            order.key_id,
            order.principals,
            order.valid_after,
            order.valid_before,
        );
        let verdict = judge(request.with_key_holders(holders), self.policy);
        let findings = verdict.findings().to_vec();
        let stage = match verdict.clear() {
            Ok(cleared) => Stage::ToBeSigned(authority, Box::new(cleared)),
            Err(_) => Stage::Refused,
        };
        (findings, stage)
    }

    /// Other hosts that use the key: by valid certificates in the ledger, or in the same run.
    fn holders(&self, order: &Order, known: &[CertificateRecord]) -> Vec<String> {
        let valid = known.iter().filter(|record| record.standing(self.policy.at()) == Standing::Valid);
        let in_run = order.public_key.fingerprint().and_then(|key| self.keys.names.get(key));
        let mut holders: Vec<String> = valid
            .map(|record| record.fields().key_id().to_string())
            .chain(in_run.into_iter().flatten().cloned())
            .filter(|name| name != order.key_id.text())
            .collect();
        holders.sort_unstable();
        holders.dedup();
        holders
    }
}

/// Which hosts of one run have which key.
struct KeysOfRun {
    /// Their names, by the fingerprint of the key.
    names: HashMap<String, Vec<String>>,
    /// The numbers of orders whose key and name an earlier one has.
    repeated: HashSet<usize>,
}

impl KeysOfRun {
    fn of(orders: &[Result<Order, Row>]) -> Self {
        let mut names: HashMap<String, Vec<String>> = HashMap::with_capacity(orders.len());
        let (mut seen, mut repeated) = (HashSet::with_capacity(orders.len()), HashSet::new());
        for (number, order) in orders.iter().enumerate() {
            let Ok(order) = order else { continue };
            let Some(fingerprint) = order.public_key.fingerprint() else { continue };
            let name = order.key_id.text();
            if seen.insert((fingerprint, name)) {
                names.entry(fingerprint.to_owned()).or_default().push(name.to_owned());
            } else {
                repeated.insert(number);
            }
        }
        Self { names, repeated }
    }
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
    let line = certificate.to_line(order.public_key.key().map_or("", SshPublicKey::comment));
    if there == Some(&*line) { Stage::Kept } else { Stage::ToBeCopied(line + "\n") }
}

/// The newest certificates for a host key, oldest first.
fn known(ledger: &dyn Ledger, key: Option<&str>) -> Result<Vec<CertificateRecord>, Failure> {
    let Some(fingerprint) = key else { return Ok(Vec::new()) };
    let filter = CertificateFilter { host_key: Some(fingerprint.to_owned()), ..CertificateFilter::default() };
    let mut found = VecDeque::new();
    for record in Certificates::of(ledger, filter) {
        if found.len() == OF_ONE_KEY_MAX {
            found.pop_front();
        }
        found.push_back(record.map_err(fault)?);
    }
    Ok(found.into())
}

fn is_text(found: &SshText, wanted: &str) -> bool {
    found.as_bytes() == wanted.as_bytes()
}
