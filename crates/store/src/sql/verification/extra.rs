//! Rows that no record made.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use certgate_facts::SshCertificate;

use super::rows::distinct_principals;
use crate::entry::Entry;
use crate::error::Error;
use crate::sql::{Database, Row, certificates, chain};

/// Tables whose rows are numbered by the record that made them, and of which kinds that is.
const NUMBERED: [(&str, &str); 7] = [
    ("audit", "SELECT seq FROM audit WHERE seq < 1"),
    (
        "authority",
        "SELECT id FROM authority WHERE id NOT IN (SELECT seq FROM audit WHERE kind = 'authority-added')",
    ),
    (
        "certificate",
        "SELECT id FROM certificate WHERE NOT EXISTS (SELECT 1 FROM audit WHERE seq = id
         AND kind IN ('serial-reserved', 'certificate-imported'))",
    ),
    (
        "resource",
        "SELECT id FROM resource WHERE NOT EXISTS
         (SELECT 1 FROM audit WHERE seq = id AND kind = 'resource-created')",
    ),
    ("secret", "SELECT resource FROM secret WHERE resource NOT IN (SELECT id FROM resource)"),
    (
        "api_key",
        "SELECT id FROM api_key WHERE NOT EXISTS (SELECT 1 FROM audit WHERE seq = id AND kind = 'api-key-added')",
    ),
    ("krl", "SELECT id FROM krl WHERE id NOT IN (SELECT seq FROM audit WHERE kind = 'krl-published')"),
];
/// Tables whose rows tell which revocation made them.
const REVOKED: [(&str, &str); 3] = [
    ("revoked_serials", "SELECT revocation, count(*) FROM revoked_serials GROUP BY revocation"),
    ("revoked_key_id", "SELECT revocation, count(*) FROM revoked_key_id GROUP BY revocation"),
    ("revoked_key", "SELECT revocation, count(*) FROM revoked_key GROUP BY revocation"),
];

/// Looks for them, where each row that should be there is known to be.
pub(super) fn find(
    sql: &dyn Database,
    principals: u64,
    revoked: &BTreeMap<u64, [usize; 3]>,
) -> Result<(), Error> {
    for (table, query) in NUMBERED {
        if let Some(id) = sql.cell::<i64>(query, &[])? {
            let id = u64::try_from(id).unwrap_or(0);
            return Err(Error::Inconsistent { table, column: "id", id });
        }
    }
    for (kind, (table, query)) in REVOKED.into_iter().enumerate() {
        sql.each(query, &[], &mut |row| {
            let (id, found): (u64, usize) = (row.at(0)?, row.at(1)?);
            match revoked.get(&id).and_then(|due| due.get(kind)) == Some(&found) {
                true => Ok(ControlFlow::Continue(())),
                false => Err(Error::Inconsistent { table, column: "revocation", id }),
            }
        })?;
    }
    match sql.cell("SELECT count(*) FROM principal", &[])? == Some(principals) {
        true => Ok(()),
        false => Err(extra_principal(sql)?),
    }
}

/// Which certificate has a principal too many.
fn extra_principal(sql: &dyn Database) -> Result<Error, Error> {
    let counted = "SELECT certificate, count(*) FROM principal GROUP BY certificate";
    let fault = |id| Error::Inconsistent { table: "principal", column: "certificate", id };
    let read = |row: &dyn Row| Ok((row.at(0)?, row.at(1)?));
    for (id, found) in sql.all::<(u64, usize)>(counted, &[], read)? {
        let blob = match chain::entry(sql, id)? {
            Some((_, Entry::SerialReserved { to_be_signed, .. })) => {
                certificates::with_signature(to_be_signed, &[])
            }
            Some((_, Entry::CertificateImported { certificate, .. })) => certificate,
            _ => return Ok(fault(id)),
        };
        let due = SshCertificate::from_blob(&blob)
            .ok()
            .and_then(|certificate| certificate.fields().map(|fields| distinct_principals(fields).len()));
        if due != Some(found) {
            return Ok(fault(id));
        }
    }
    Ok(fault(0))
}
