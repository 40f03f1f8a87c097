//! Certificates in their table: one put in, many found.

use certgate_facts::{SshCertificate, SshCertificateFields, Timestamp};

use super::cells::{Cells, Row};
use super::change::Change;
use super::{Database, Snapshot, Value, values};
use crate::authority::AuthorityId;
use crate::certificate::{CertificateId, CertificateRecord, CertificateState, Standing};
use crate::entry::Entry;
use crate::error::Error;
use crate::filter::{CertificateFilter, Cursor, PAGE_CERTIFICATES_MAX, Page};
use crate::revocation::RevocationId;

/// Seconds of the wire as they are kept.
fn seconds(wire: u64) -> i64 {
    i64::try_from(wire).unwrap_or(i64::MAX)
}

/// Puts one in, numbered by its record.
pub(super) fn insert(
    change: &Change<'_>,
    id: u64,
    authority: AuthorityId,
    fields: &SshCertificateFields,
    state: CertificateState,
) -> Result<(), Error> {
    change.execute(
        "INSERT INTO certificate
         (id, authority, serial, key_id, host_key, valid_after, valid_before, state, closed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        values![
            id,
            authority.number(),
            &fields.serial().to_be_bytes(),
            fields.key_id().as_bytes(),
            fields.public_key().fingerprint(),
            seconds(fields.valid_after()),
            seconds(fields.valid_before()),
            state.name(),
            (state == CertificateState::Imported).then_some(id)
        ],
    )?;
    for principal in fields.principals() {
        change.execute(
            "INSERT INTO principal (name, certificate) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            values![principal.as_bytes(), id],
        )?;
    }
    Ok(())
}

/// A query, and what to put into it.
pub(crate) type Asked<'f> = (String, Vec<Value<'f>>);

/// What a filter asks for, as SQL.
struct Question<'f> {
    conditions: Vec<String>,
    values: Vec<Value<'f>>,
}

impl<'f> Question<'f> {
    fn of(filter: &'f CertificateFilter) -> Self {
        let mut question = Self { conditions: Vec::new(), values: Vec::new() };
        if let Some(name) = &filter.authority {
            question.add("authority = (SELECT id FROM authority WHERE name = ?)", name.as_str());
        }
        if let Some(serial) = filter.serial {
            question.add("serial = ?", serial.to_be_bytes().to_vec());
            if serial > 0 {
                question.require("serial > x'0000000000000000'");
            }
        }
        if let Some(key_id) = &filter.key_id {
            question.add("key_id = ?", key_id);
        }
        if let Some(principal) = &filter.principal {
            question.add("id IN (SELECT certificate FROM principal WHERE name = ?)", principal);
        }
        if let Some(fingerprint) = &filter.host_key {
            question.add("host_key = ?", fingerprint);
        }
        if let Some(at) = filter.expiring_before {
            question.add("valid_before < ?", at.unix_secs());
        }
        if filter.signed {
            question.require("state IN ('recorded', 'imported')");
        }
        if let Some((standing, at)) = filter.standing {
            question.add_standing(standing, at);
        }
        question
    }

    fn require(&mut self, condition: &str) {
        self.conditions.push(condition.to_owned());
    }

    /// A condition in which `?` stands for a value.
    fn add(&mut self, condition: &str, value: impl Into<Value<'f>>) {
        self.values.push(value.into());
        self.conditions.push(condition.replace('?', &format!("?{}", self.values.len())));
    }

    /// As [`CertificateRecord::standing`] has it.
    fn add_standing(&mut self, standing: Standing, at: Timestamp) {
        let at = at.unix_secs().max(0);
        self.require(match standing {
            Standing::Abandoned => "state = 'abandoned'",
            Standing::Unfinished => "id IN (SELECT id FROM certificate WHERE closed IS NULL)",
            Standing::Revoked => "state IN ('recorded', 'imported') AND revocation IS NOT NULL",
            Standing::NotYetValid | Standing::Valid | Standing::Expired => {
                "state IN ('recorded', 'imported') AND revocation IS NULL"
            }
        });
        match standing {
            Standing::Abandoned | Standing::Unfinished | Standing::Revoked => {}
            Standing::NotYetValid => self.add("valid_after > ?", at),
            Standing::Valid => {
                self.add("valid_after <= ?", at);
                self.add("valid_before > ?", at);
            }
            Standing::Expired => {
                self.add("valid_after <= ?", at);
                self.add("valid_before <= ?", at);
            }
        }
    }

    /// The query, and what to put into it.
    fn query(self, order: &str, limit: usize) -> Asked<'f> {
        let conditions = match self.conditions.as_slice() {
            [] => "true".to_owned(),
            conditions => conditions.join(" AND "),
        };
        let query = format!("SELECT * FROM listed WHERE {conditions} ORDER BY {order} LIMIT {limit}");
        (query, self.values)
    }
}

/// The queries for a page of what a filter lets through, one after the other until the page is full.
///
/// Many certificates end at the same second: those of the second where the last page ended are found by their numbers.
pub(crate) fn queries(filter: &CertificateFilter, after: Option<Cursor>) -> Vec<Asked<'_>> {
    let Some(Cursor { valid_before, id }) = after else {
        let order = if filter.expiring_before.is_some() { "valid_before, id" } else { "id" };
        return vec![Question::of(filter).query(order, PAGE_CERTIFICATES_MAX)];
    };
    let mut same_end = Question::of(filter);
    if filter.expiring_before.is_none() {
        same_end.add("id > ?", id.number());
        return vec![same_end.query("id", PAGE_CERTIFICATES_MAX)];
    }
    same_end.add("valid_before = ?", valid_before);
    same_end.add("id > ?", id.number());
    let mut later = Question::of(filter);
    later.add("valid_before > ?", valid_before);
    vec![same_end.query("id", PAGE_CERTIFICATES_MAX), later.query("valid_before, id", PAGE_CERTIFICATES_MAX)]
}

fn ask(sql: &dyn Database, (query, values): Asked<'_>) -> Result<Vec<CertificateRecord>, Error> {
    sql.all(&query, &values, read)
}

/// A page of what a filter lets through.
pub(super) fn page(
    sql: &dyn Database,
    filter: &CertificateFilter,
    after: Option<Cursor>,
) -> Result<Page, Error> {
    let mut certificates = Vec::new();
    let queries = queries(filter, after);
    // One query sees one state of things by itself.
    let _snapshot = if queries.len() > 1 { Some(Snapshot::of(sql)?) } else { None };
    for query in queries {
        if certificates.len() < PAGE_CERTIFICATES_MAX {
            certificates.extend(ask(sql, query)?);
        }
    }
    certificates.truncate(PAGE_CERTIFICATES_MAX);
    let cursor = |last: &CertificateRecord| Cursor {
        valid_before: seconds(last.fields().valid_before()),
        id: last.id(),
    };
    let is_full = certificates.len() == PAGE_CERTIFICATES_MAX;
    let next = certificates.last().filter(|_| is_full).map(cursor);
    Ok(Page { certificates, next })
}

/// The newest that a filter lets through.
pub(super) fn latest(
    sql: &dyn Database,
    filter: &CertificateFilter,
) -> Result<Option<CertificateRecord>, Error> {
    Ok(ask(sql, Question::of(filter).query("id DESC", 1))?.pop())
}

fn read(row: &dyn Row) -> Result<CertificateRecord, Error> {
    let cells = Cells::of(row, "certificate")?;
    let state = cells.parse("state", |text: String| CertificateState::from_name(text.as_bytes()))?;
    let made = entry(&cells, "made_kind", "made_body")?;
    let closed = cells.read::<Option<String>>("closed_kind")?;
    let closed = closed.map(|_| entry(&cells, "closed_kind", "closed_body")).transpose()?;
    let content = content(made, closed).ok_or_else(|| cells.fault("id"))?;
    let time = |seconds: Option<i64>| seconds.map(Timestamp::from_unix_secs);
    Ok(CertificateRecord {
        id: CertificateId(cells.id()),
        authority: AuthorityId(cells.read("authority")?),
        authority_name: cells.parse("authority_name", |text: String| text.parse().ok())?,
        state,
        reserved_at: Timestamp::from_unix_secs(cells.read("made_at")?),
        closed_at: time(cells.read("closed_at")?),
        revocation: cells.read::<Option<u64>>("revocation")?.map(RevocationId),
        content,
    })
}

fn entry(cells: &Cells<'_>, kind: &'static str, body: &'static str) -> Result<Entry, Error> {
    let kind: String = cells.read(kind)?;
    cells.parse(body, |bytes: Vec<u8>| Entry::read(&kind, &bytes))
}

/// The certificate that two records tell of: signed, or with an empty signature.
fn content(made: Entry, closed: Option<Entry>) -> Option<SshCertificate> {
    let blob = match (made, closed) {
        (Entry::CertificateImported { certificate, .. }, _) => certificate,
        (Entry::SerialReserved { to_be_signed, .. }, Some(Entry::CertificateRecorded { signature, .. })) => {
            with_signature(to_be_signed, &signature)
        }
        (Entry::SerialReserved { to_be_signed, .. }, _) => with_signature(to_be_signed, &[]),
        _ => return None,
    };
    SshCertificate::from_blob(&blob).ok().filter(|certificate| certificate.fields().is_some())
}

/// The bytes that were signed, and their signature as a string of the wire (RFC 4251 §5).
pub(super) fn with_signature(mut signed: Vec<u8>, signature: &[u8]) -> Vec<u8> {
    // Signatures are of a few hundred bytes.
    let length = u32::try_from(signature.len()).unwrap_or(u32::MAX);
    signed.extend_from_slice(&length.to_be_bytes());
    signed.extend_from_slice(signature);
    signed
}
