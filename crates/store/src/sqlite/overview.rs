//! What there is of resources, looked at from above: what ends when, what came last, how much there is.

use std::cmp::Reverse;

use certgate_facts::Timestamp;
use rusqlite::{Connection, params};

use super::resources::{self, SELECT};
use crate::error::Error;
use crate::resource::{PAGE_RESOURCES_MAX, ResourceCount, ResourceKind, ResourceRecord};

/// Those that are valid at `from` or later, the first to end first.
pub(super) fn ending(
    sql: &Connection,
    kinds: &[ResourceKind],
    from: Timestamp,
    limit: usize,
) -> Result<Vec<ResourceRecord>, Error> {
    let limit = limit.min(PAGE_RESOURCES_MAX);
    let mut found = Vec::new();
    let mut statement = sql.prepare_cached(&ending_query())?;
    for kind in kinds {
        found.extend(resources::all(statement.query(params![kind.name(), from.unix_secs(), limit])?)?);
    }
    found.sort_by(|one, other| {
        (one.facts.not_after, one.kind, &one.id).cmp(&(other.facts.not_after, other.kind, &other.id))
    });
    found.truncate(limit);
    Ok(found)
}

pub(super) fn ending_query() -> String {
    format!("{SELECT} AND not_after >= ?2 ORDER BY not_after, name LIMIT ?3")
}

/// Those of all kinds that were created last, the last of all first.
pub(super) fn newest(sql: &Connection, limit: usize) -> Result<Vec<ResourceRecord>, Error> {
    let mut found = Vec::new();
    for kind in ResourceKind::ALL {
        found.extend(resources::page(sql, kind, None, limit)?);
    }
    found.sort_by_key(|resource| Reverse((resource.created_at, resource.kind)));
    found.truncate(limit.min(PAGE_RESOURCES_MAX));
    Ok(found)
}

/// How many there are of each kind, and how many of them end before each of the moments.
pub(super) fn counts(sql: &Connection, moments: &[Timestamp]) -> Result<Vec<ResourceCount>, Error> {
    let snapshot = sql.unchecked_transaction()?;
    let mut total = snapshot.prepare_cached(TOTAL)?;
    let mut ended = snapshot.prepare_cached(ENDED)?;
    let count = |kind: ResourceKind| {
        Ok(ResourceCount {
            kind,
            total: total.query_row([kind.name()], |row| row.get(0))?,
            ended: moments
                .iter()
                .map(|moment| ended.query_row(params![kind.name(), moment.unix_secs()], |row| row.get(0)))
                .collect::<Result<_, _>>()?,
        })
    };
    ResourceKind::ALL.into_iter().map(count).collect()
}

pub(super) const TOTAL: &str = "SELECT count(*) FROM resource WHERE deleted IS NULL AND kind = ?1";
pub(super) const ENDED: &str =
    "SELECT count(*) FROM resource WHERE deleted IS NULL AND kind = ?1 AND not_after < ?2";
