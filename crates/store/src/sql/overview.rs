//! What there is of resources, looked at from above: what ends when, what came last, how much there is.

use std::cmp::Reverse;

use certgate_facts::Timestamp;

use super::resources::{self, OF_KIND, SELECT};
use super::{Database, Snapshot, search, values};
use crate::error::Error;
use crate::resource::{PAGE_RESOURCES_MAX, ResourceCount, ResourceKind, ResourceRecord};
use crate::resource_filter::ResourceFilter;

/// Those that are valid at `from` or later, the first to end first.
pub(super) fn ending(
    sql: &dyn Database,
    kinds: &[ResourceKind],
    from: Timestamp,
    limit: usize,
) -> Result<Vec<ResourceRecord>, Error> {
    let limit = limit.min(PAGE_RESOURCES_MAX);
    let mut found = Vec::new();
    let query = ending_query();
    for kind in kinds {
        found.extend(sql.all(&query, values![kind.name(), from.unix_secs(), limit], resources::read)?);
    }
    found.sort_by(|one, other| {
        (one.facts.not_after, one.kind, &one.id).cmp(&(other.facts.not_after, other.kind, &other.id))
    });
    found.truncate(limit);
    Ok(found)
}

pub(crate) fn ending_query() -> String {
    format!("{SELECT} {OF_KIND} AND not_after >= ?2 ORDER BY not_after, name LIMIT ?3")
}

/// Those of all kinds that were created last, the last of all first.
pub(super) fn newest(sql: &dyn Database, limit: usize) -> Result<Vec<ResourceRecord>, Error> {
    let mut found = Vec::new();
    for kind in ResourceKind::ALL {
        found.extend(search::page(sql, kind, &ResourceFilter::EVERYTHING, None, limit)?.resources);
    }
    found.sort_by_key(|resource| Reverse((resource.created_at, resource.kind)));
    found.truncate(limit.min(PAGE_RESOURCES_MAX));
    Ok(found)
}

/// How many there are of each kind, and how many of them end before each of the moments.
pub(super) fn counts(sql: &dyn Database, moments: &[Timestamp]) -> Result<Vec<ResourceCount>, Error> {
    let _snapshot = Snapshot::of(sql)?;
    let ended = |kind: ResourceKind, moment: &Timestamp| {
        Ok(sql.cell(ENDED, values![kind.name(), moment.unix_secs()])?.unwrap_or(0))
    };
    let count = |kind: ResourceKind| {
        Ok(ResourceCount {
            kind,
            total: sql.cell(TOTAL, values![kind.name()])?.unwrap_or(0),
            ended: moments.iter().map(|moment| ended(kind, moment)).collect::<Result<_, Error>>()?,
        })
    };
    ResourceKind::ALL.into_iter().map(count).collect()
}

pub(crate) const TOTAL: &str = "SELECT count(*) FROM resource WHERE deleted IS NULL AND kind = ?1";
pub(crate) const ENDED: &str =
    "SELECT count(*) FROM resource WHERE deleted IS NULL AND kind = ?1 AND not_after < ?2";
