//! Blocks of time, in which resources stand by their ids.

use std::ops::{ControlFlow, RangeInclusive};

use super::ways::Bounds;
use crate::error::Error;
use crate::resource::ResourceKind;
use crate::sql::{Database, values};

/// How long blocks are that are longer than a second, each as a power of two: two minutes, four and a half hours, and 24
/// days. The schema has an index for each.
const ROUGH_SECS_LOG: [u32; 3] = [7, 14, 21];
/// How many more bits each of them leaves out.
const STEP: u32 = 7;
const STEP_MASK: i64 = (1 << STEP) - 1;

/// What is in blocks: X.509, since nothing else is asked for by its times. Word for word what the indexes say of themselves.
pub(super) const THERE_BLOCKS: &str =
    "deleted IS NULL AND kind = ?1 AND kind IN ('certificate-authority', 'tls-certificate')";

/// Blocks of one length, from the first to the last by their numbers: seconds since 1970 by the length.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) secs_log: u32,
    numbers: RangeInclusive<i64>,
}

/// A block in which something is.
pub(super) struct Block {
    pub(super) secs_log: u32,
    pub(super) number: i64,
    /// The greatest id in it, of those between the bounds.
    pub(super) head: String,
}

/// The fewest blocks of which a range consists.
pub(super) fn runs(range: RangeInclusive<i64>) -> Vec<Run> {
    let (mut first, mut last) = range.into_inner();
    let (mut runs, mut secs_log) = (Vec::new(), 0);
    for longer in ROUGH_SECS_LOG {
        // What fills no longer block stays in shorter ones.
        let (cuts_first, cuts_last) = (first & STEP_MASK != 0, last & STEP_MASK != STEP_MASK);
        let inner = (first >> STEP) + i64::from(cuts_first)..=(last >> STEP) - i64::from(cuts_last);
        if inner.is_empty() {
            break;
        }
        if cuts_first {
            runs.push(Run { secs_log, numbers: first..=first | STEP_MASK });
        }
        if cuts_last {
            runs.push(Run { secs_log, numbers: last & !STEP_MASK..=last });
        }
        ((first, last), secs_log) = (inner.into_inner(), longer);
    }
    if first <= last {
        runs.push(Run { secs_log, numbers: first..=last });
    }
    runs
}

/// The number of the block in which a time is, as an index has it.
pub(super) fn number(column: &str, secs_log: u32) -> String {
    match secs_log {
        0 => column.to_owned(),
        _ => format!("({column} >> {secs_log})"),
    }
}

impl Block {
    /// Those of a run in which there is something between the bounds.
    pub(super) fn all(
        sql: &dyn Database,
        kind: ResourceKind,
        column: &str,
        run: Run,
        bounds: &Bounds<'_>,
    ) -> Result<Vec<Self>, Error> {
        let (first, last) = run.numbers.into_inner();
        let values = values![kind.name(), bounds.above, bounds.below, first, last];
        let mut blocks = Vec::new();
        sql.each(&heads_query(&number(column, run.secs_log)), values, &mut |row| {
            if let Some(head) = row.at(1)? {
                blocks.push(Self { secs_log: run.secs_log, number: row.at(0)?, head });
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(blocks)
    }
}

/// The numbers of blocks in which something is, and the greatest id in each: from one such block to the next, each found by
/// the index.
fn heads_query(number: &str) -> String {
    format!(
        "WITH RECURSIVE block (number) AS (
             SELECT (SELECT {number} FROM resource WHERE {THERE_BLOCKS} AND {number} >= ?4 ORDER BY {number} LIMIT 1)
             UNION ALL
             SELECT (SELECT {number} FROM resource WHERE {THERE_BLOCKS} AND {number} > block.number
                 ORDER BY {number} LIMIT 1) FROM block WHERE block.number < ?5)
         SELECT number, (SELECT name FROM resource WHERE {THERE_BLOCKS} AND {number} = block.number
             AND name > ?2 AND name < ?3 ORDER BY name DESC LIMIT 1) FROM block WHERE number <= ?5"
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The seconds of a run, as far as they can be counted.
    fn secs(run: &Run) -> (i128, i128) {
        let (first, last) = (i128::from(*run.numbers.start()), i128::from(*run.numbers.end()));
        (first << run.secs_log, ((last + 1) << run.secs_log) - 1)
    }

    proptest! {
        #[test]
        fn a_range_is_cut_into_few_blocks_and_nothing_is_lost_or_added(
            first in prop_oneof![Just(i64::MIN), any::<i64>(), -5_000_000_000_i64..5_000_000_000],
            length in prop_oneof![Just(u64::MAX), any::<u64>(), 0_u64..5_000_000_000],
        ) {
            let last = first.saturating_add_unsigned(length);
            let mut cut: Vec<_> = runs(first..=last).iter().map(secs).collect();
            cut.sort_unstable();
            prop_assert_eq!(cut.first().map(|run| run.0), Some(i128::from(first)));
            prop_assert_eq!(cut.last().map(|run| run.1), Some(i128::from(last)));
            prop_assert!(cut.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0), "{:?}", cut);
            for run in runs(first..=last) {
                let is_rough = Some(&run.secs_log) == ROUGH_SECS_LOG.last();
                prop_assert!(is_rough || run.numbers.end() - run.numbers.start() < 2 << STEP);
            }
        }
    }

    #[test]
    fn an_empty_range_has_no_blocks() {
        assert_eq!(runs(RangeInclusive::new(1, 0)), []);
    }
}
