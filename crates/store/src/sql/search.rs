//! Pages of resources that a filter lets through, the greatest ids first.
//!
//! A page costs about the same however many resources there are and however few of them the filter lets through, where it
//! asks for a text by its value or a time by its range. The trouble with a range: those in it may be the oldest of all, so
//! that whoever walks from the greatest id down finds none of them for long; and they may be nearly all, so that whoever
//! walks the range has to sort them all. So there are indexes of times in blocks: of one second, of 2^7, 2^14, 2^21
//! seconds, and in each block by id. A range is some hundred blocks, the long ones in the middle and short ones at its ends;
//! each tells its greatest id at once, and those with the greatest are read first, until no other can have anything for the
//! page.

mod blocks;
mod ways;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use self::blocks::Block;
#[cfg(test)]
pub(crate) use self::blocks::heads_query;
pub(crate) use self::blocks::{THERE_BLOCKS, number};
use self::ways::{Bounds, Way, ways};
use super::condition::Condition;
use super::resources::{self, OF_KIND, SELECT};
use super::{Database, Snapshot, Value};
use crate::error::Error;
use crate::resource::{
    PAGE_RESOURCES_BYTES_MAX, PAGE_RESOURCES_MAX, ResourceId, ResourceKind, ResourcePage, ResourceRecord,
};
use crate::resource_filter::ResourceFilter;

/// Some of one kind, the greatest ids first.
pub(crate) fn page(
    sql: &dyn Database,
    kind: ResourceKind,
    filter: &ResourceFilter,
    before: Option<&ResourceId>,
    limit: usize,
) -> Result<ResourcePage, Error> {
    filter.check()?;
    let limit = limit.min(PAGE_RESOURCES_MAX);
    let bounds = Bounds::of(filter, before);
    // One more than there is room for tells whether there is another page.
    let mut found = match ways(filter, kind) {
        None => walked(sql, kind, filter, &bounds, limit + 1)?,
        Some(ways) => {
            let _snapshot = Snapshot::of(sql)?;
            let mut search = Search { sql, kind, filter, bounds, limit: limit + 1, found: BTreeMap::new() };
            for way in ways {
                search.take(way)?;
            }
            weighed(sql, search.found.into_values().rev().collect())?
        }
    };
    let fitting = fitting(&found, limit);
    let has_more = fitting < found.len();
    found.truncate(fitting);
    Ok(ResourcePage { resources: records(sql, &found)?, has_more })
}

/// The number of a resource, and how many bytes its record has.
type Weighed = (u64, usize);

/// How many of those found a page has: as many as are asked for, and no more bytes than it may have, or one resource.
fn fitting(found: &[Weighed], limit: usize) -> usize {
    let mut left = PAGE_RESOURCES_BYTES_MAX;
    let fits = |(place, (_, bytes)): &(usize, &Weighed)| {
        let room = left.checked_sub(*bytes);
        left = room.unwrap_or(0);
        *place == 0 || room.is_some()
    };
    found.iter().take(limit).enumerate().take_while(fits).count()
}

const WALK_PARAMETERS: usize = 4;

/// From the greatest id down.
pub(crate) fn walk_query(condition: &str) -> String {
    format!(
        "SELECT resource.id, length(made.body) FROM resource JOIN audit AS made ON made.seq = resource.id
         {OF_KIND} AND name > ?2 AND name < ?3 AND {condition} ORDER BY name DESC LIMIT ?4"
    )
}

fn walked(
    sql: &dyn Database,
    kind: ResourceKind,
    filter: &ResourceFilter,
    bounds: &Bounds<'_>,
    limit: usize,
) -> Result<Vec<Weighed>, Error> {
    let condition = Condition::of(filter, WALK_PARAMETERS + 1);
    let mut values = vec![kind.name().into(), bounds.above.into(), bounds.below.into(), limit.into()];
    values.extend(condition.values);
    sql.all(&walk_query(&condition.sql), &values, |row| Ok((row.at(0)?, row.at(1)?)))
}

/// The same numbers, in the same order.
fn weighed(sql: &dyn Database, ids: Vec<u64>) -> Result<Vec<Weighed>, Error> {
    let Some((list, values)) = listed(&ids) else { return Ok(Vec::new()) };
    let query = format!("SELECT seq, length(body) FROM audit WHERE seq IN ({list})");
    let bytes: BTreeMap<u64, usize> =
        sql.all(&query, &values, |row| Ok((row.at(0)?, row.at(1)?)))?.into_iter().collect();
    Ok(ids.into_iter().map(|id| (id, bytes.get(&id).copied().unwrap_or(0))).collect())
}

/// What was found, the greatest ids first.
fn records(sql: &dyn Database, found: &[Weighed]) -> Result<Vec<ResourceRecord>, Error> {
    let ids: Vec<u64> = found.iter().map(|(id, _)| *id).collect();
    let Some((list, values)) = listed(&ids) else { return Ok(Vec::new()) };
    let mut records =
        sql.all(&format!("{SELECT} WHERE resource.id IN ({list})"), &values, resources::read)?;
    records.sort_by(|one, other| other.id.cmp(&one.id));
    Ok(records)
}

/// Parameters for numbers; nothing for none.
fn listed(ids: &[u64]) -> Option<(String, Vec<Value<'static>>)> {
    let parameters: Vec<String> = (1..).take(ids.len()).map(|number| format!("?{number}")).collect();
    (!ids.is_empty()).then(|| (parameters.join(", "), ids.iter().map(|id| (*id).into()).collect()))
}

const PLACE_PARAMETERS: usize = 4;

/// From the greatest id at a place down. Nothing is said of ids that are too small: SQLite would think the index of ids as
/// good as that of the place.
pub(crate) fn place_query(there: &str, expression: &str, condition: &str) -> String {
    format!(
        "SELECT name, id FROM resource WHERE {there} AND {expression} = ?4 AND name < ?2 AND {condition}
         ORDER BY name DESC LIMIT ?3"
    )
}

/// A place that an index leads to, where resources are in the order of their ids.
struct Place<'v> {
    /// What the index says of the resources in it, word for word.
    there: &'static str,
    /// What the index has of them.
    expression: String,
    /// What that is here.
    value: Value<'v>,
}

/// A page that is being put together.
struct Search<'s> {
    sql: &'s dyn Database,
    kind: ResourceKind,
    filter: &'s ResourceFilter,
    bounds: Bounds<'s>,
    limit: usize,
    /// The greatest ids so far, and the numbers of their rows.
    found: BTreeMap<String, u64>,
}

impl Search<'_> {
    fn take(&mut self, way: Way<'_>) -> Result<(), Error> {
        match way {
            Way::Texts { column, texts } => texts.iter().try_for_each(|text| {
                self.look(&Place { there: THERE, expression: column.to_owned(), value: text.as_str().into() })
            }),
            Way::Range(column, range) => {
                let mut blocks = Vec::new();
                for run in blocks::runs(range) {
                    blocks.extend(Block::all(self.sql, self.kind, column, run, &self.bounds)?);
                }
                blocks.sort_by(|one, other| other.head.cmp(&one.head));
                for block in blocks {
                    if block.head.as_str() <= self.above() {
                        break;
                    }
                    let expression = number(column, block.secs_log);
                    self.look(&Place { there: THERE_BLOCKS, expression, value: block.number.into() })?;
                }
                Ok(())
            }
        }
    }

    /// The id that everything else must be above to be on the page.
    fn above(&self) -> &str {
        let last = self.found.keys().next().filter(|_| self.found.len() >= self.limit);
        last.map_or(self.bounds.above, String::as_str)
    }

    fn look(&mut self, place: &Place<'_>) -> Result<(), Error> {
        let Place { there, expression, value } = place;
        let condition = Condition::of(self.filter, PLACE_PARAMETERS + 1);
        let query = place_query(there, expression, &condition.sql);
        let mut values =
            vec![self.kind.name().into(), self.bounds.below.into(), self.limit.into(), value.clone()];
        values.extend(condition.values);
        let above = self.above().to_owned();
        let (found, limit) = (&mut self.found, self.limit);
        self.sql.each(&query, &values, &mut |row| {
            let name: String = row.at(0)?;
            if name <= above {
                return Ok(ControlFlow::Break(()));
            }
            found.insert(name, row.at(1)?);
            if found.len() > limit {
                found.pop_first();
            }
            Ok(ControlFlow::Continue(()))
        })
    }
}

/// What all places have in common.
const THERE: &str = "deleted IS NULL AND kind = ?1";
