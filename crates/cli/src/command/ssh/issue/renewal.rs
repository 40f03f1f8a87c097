//! The orders of certificates that are to be replaced.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Reading, Source, SshCertificate, SshCertificateFields, SshRole};
use certgate_rules::Field;
use certgate_store::{
    AuthorityName, AuthorityRecord, AuthorityState, CertificateFilter, Certificates, Ledger,
};

use super::order::{self, HostKey, Order, Times};
use super::plan::principals_changed;
use super::row::Row;
use crate::cli::RenewArguments;
use crate::command::ssh::fault;
use crate::failure::Failure;
use crate::lifetime::Lifetime;
use crate::ssh_input;

/// For each certificate an order for its key under its names; what differs from it is remarked.
pub(super) fn orders(
    arguments: &RenewArguments,
    ledger: &dyn Ledger,
    times: &Times,
) -> Result<Vec<Result<Order, Row>>, Failure> {
    let authorities = ledger.authorities().map_err(fault)?;
    let given: Result<Vec<Field>, Failure> =
        arguments.principal.iter().map(|text| order::field("--principal", text)).collect();
    let given = given?;
    if arguments.certificates.len() > 1 && !given.is_empty() {
        return Err(Failure::input("--principal goes with one certificate")
            .with_hint("renew those whose names change one by one"));
    }
    let chosen = arguments.ca.as_ref().map(|name| order::authority(ledger, Some(name))).transpose()?;
    let mut paths: Vec<&PathBuf> = Vec::new();
    for path in &arguments.certificates {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let known = Known { ledger, authorities: &authorities };
    let order = |path: &PathBuf| {
        let certificate = ssh_input::certificate(path).map_err(|failure| failure.in_one_line());
        certificate.and_then(|certificate| {
            of_certificate(path, &certificate, &known, chosen.as_ref(), &given, times)
        })
    };
    let failed = |path: &PathBuf, why| Row::failed(path.display().to_string(), Some(path.clone()), why);
    Ok(paths.into_iter().map(|path| order(path).map_err(|why| failed(path, why))).collect())
}

/// What this machine knows that it signed.
struct Known<'a> {
    ledger: &'a dyn Ledger,
    authorities: &'a [AuthorityRecord],
}

impl Known<'_> {
    /// That the certificate is in the ledger, byte for byte, and not revoked: a signature alone proves nothing once a key was
    /// stolen.
    fn require(
        &self,
        signed_by: &AuthorityRecord,
        certificate: &SshCertificate,
        fields: &SshCertificateFields,
    ) -> Result<(), String> {
        let filter = CertificateFilter {
            authority: Some(signed_by.name.clone()),
            host_key: Some(fields.public_key().fingerprint()),
            serial: Some(fields.serial()),
            signed: true,
            ..CertificateFilter::default()
        };
        for record in Certificates::of(self.ledger, filter) {
            let record = record.map_err(|error| error.to_string())?;
            if record.certificate().is_some_and(|found| found.blob() == certificate.blob()) {
                return match record.revocation() {
                    Some(_) => {
                        Err("it is revoked; `certgate ssh issue` is for hosts with a new key".to_owned())
                    }
                    None => Ok(()),
                };
            }
        }
        let name = &signed_by.name;
        Err(format!(
            "the ledger does not know it; if {name} really signed it: certgate ssh ca import {name} --certificate FILE"
        ))
    }
}

fn of_certificate(
    path: &Path,
    certificate: &SshCertificate,
    known: &Known<'_>,
    chosen: Option<&AuthorityName>,
    given: &[Field],
    times: &Times,
) -> Result<Order, String> {
    let fields = certificate
        .fields()
        .ok_or_else(|| format!("certificates of type {} are not known", certificate.name()))?;
    if fields.role() != SshRole::Host {
        return Err("it is a certificate for users, not for a host".to_owned());
    }
    certificate.verify_signature().map_err(|error| format!("it is not to be believed: {error}"))?;
    let signed_by = known
        .authorities
        .iter()
        .find(|record| record.public_key.blob() == fields.authority_key().blob())
        .ok_or("no authority of the ledger signed it; `certgate ssh ca import` takes one over")?;
    known.require(signed_by, certificate, fields)?;
    let authority = match chosen {
        Some(name) => name.clone(),
        None => now_signing(signed_by, known.authorities)?,
    };
    let name = path.display().to_string();
    let field = |text: String| Field::new(name.clone(), text).map_err(|error| error.to_string());
    let principals: Result<Vec<Field>, String> = match given {
        [] => fields.principals().iter().map(|text| field(text.to_string())).collect(),
        given => Ok(given.to_vec()),
    };
    let old_lifetime = Lifetime::of_secs(fields.valid_before().saturating_sub(fields.valid_after()).max(1));
    let (valid_after, valid_before) = times.moments(times.valid_for().or(Some(old_lifetime)));
    let mut order = Order {
        authority,
        public_key: HostKey::of(Arc::new(public_key(&name, fields, certificate.comment())?)),
        key_id: field(fields.key_id().to_string())?,
        principals: principals?,
        valid_after,
        valid_before,
        lifetime: times.valid_for(),
        out: Some(path.to_owned()),
        remarks: Vec::new(),
    };
    let old = fields.principals().iter().map(ToString::to_string);
    if !given.is_empty() && !old.eq(given.iter().map(|name| name.text().to_owned())) {
        let changed = principals_changed(fields.principals(), &order);
        order.remarks.push(changed);
    }
    if order.authority != signed_by.name {
        order.remarks.push(format!("the authority changes from {} to {}", signed_by.name, order.authority));
    }
    Ok(order)
}

/// The authority itself, or the one that signs in its place by now.
fn now_signing(
    signed_by: &AuthorityRecord,
    authorities: &[AuthorityRecord],
) -> Result<AuthorityName, String> {
    let mut record = signed_by;
    loop {
        if record.state == AuthorityState::Signing {
            return Ok(record.name.clone());
        }
        let successor = |next: &&AuthorityRecord| {
            next.succeeds.as_ref() == Some(&record.name) && next.state != AuthorityState::Retired
        };
        match authorities.iter().find(successor) {
            Some(next) => record = next,
            None => {
                let (name, state) = (&record.name, record.state);
                return Err(format!(
                    "authority {name} does not sign any more: it is {state}; name another with --ca"
                ));
            }
        }
    }
}

/// The certified key, as if it stood in a `.pub` file.
fn public_key(name: &str, fields: &SshCertificateFields, comment: &str) -> Result<Reading, String> {
    let line = fields.public_key().to_line(comment);
    let source = Source::from_bytes(name, line.into_bytes()).map_err(|error| error.to_string())?;
    Ok(Reading::of(source))
}
