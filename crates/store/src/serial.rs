//! Serial numbers: where they start, and sets of them.

use certgate_sign::Error as SignError;
use rand_core::TryCryptoRng;

use crate::error::Error;

/// One above the highest serial that counting may start from, or be pushed to by an import: above it there is room to
/// count for ever.
pub const SERIAL_START_END: u64 = 1 << 62;
/// One above the highest serial that is ever given: what comes after it still fits into 63 bits.
pub(crate) const SERIAL_END: u64 = (1 << 63) - 1;

/// What serials certificates get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Serials {
    /// The authority's next, which no other certificate of its has: what it can be revoked by.
    #[default]
    Ledger,
    /// 0, all of them, as the public certificate API has it: such a certificate is revoked by its key id, or by its key.
    Zero,
}

/// The first serial of an authority: from 1, below [`SERIAL_START_END`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SerialStart(u64);

impl SerialStart {
    /// Start at 1: serials then tell how many certificates there are.
    pub const ONE: Self = Self(1);

    /// Start at a number; for an authority that has signed before, one above the highest it gave.
    #[must_use]
    pub const fn at(serial: u64) -> Option<Self> {
        if serial == 0 || serial >= SERIAL_START_END { None } else { Some(Self(serial)) }
    }

    /// Start anywhere, so that serials do not tell how many certificates there are.
    ///
    /// # Errors
    ///
    /// [`Error::Sign`] if `rng` fails.
    pub fn random<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Self, Error> {
        let number = rng.try_next_u64().map_err(|_| Error::Sign(SignError::RandomnessUnavailable))?;
        Ok(Self((number % SERIAL_START_END).max(1)))
    }

    /// The serial.
    #[must_use]
    pub const fn serial(self) -> u64 {
        self.0
    }
}

/// The counter after an import: behind the imported serial, unless that is one of those that are thrown by dice.
pub(crate) const fn pushed_by_import(next: u64, imported: u64) -> u64 {
    if imported >= next && imported < SERIAL_START_END { imported + 1 } else { next }
}

/// Serials from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl Run {
    /// The fewest runs that hold these serials, which must ascend. Serial 0 is left out.
    pub(crate) fn of_ascending(serials: impl IntoIterator<Item = u64>) -> Vec<Self> {
        let mut runs: Vec<Self> = Vec::new();
        for serial in serials.into_iter().filter(|serial| *serial > 0) {
            match runs.last_mut() {
                Some(run) if serial <= run.last.saturating_add(1) => run.last = serial,
                _ => runs.push(Self { first: serial, last: serial }),
            }
        }
        runs
    }

    /// What is left of it without `others`, which must ascend and not overlap.
    pub(crate) fn without(self, others: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let (mut left, mut rest) = (Vec::new(), Some(self));
        for other in others {
            let Some(run) = rest else { break };
            if other.last < run.first || other.first > run.last {
                continue;
            }
            if other.first > run.first {
                left.push(Self { first: run.first, last: other.first - 1 });
            }
            rest = (other.last < run.last).then(|| Self { first: other.last + 1, last: run.last });
        }
        left.extend(rest);
        left
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn members(runs: &[Run]) -> BTreeSet<u64> {
        runs.iter().flat_map(|run| run.first..=run.last).collect()
    }

    #[test]
    fn counting_starts_where_there_is_room_to_count() {
        assert_eq!((SerialStart::at(0), SerialStart::at(SERIAL_START_END)), (None, None));
        assert_eq!(
            SerialStart::at(SERIAL_START_END - 1).map(SerialStart::serial),
            Some(SERIAL_START_END - 1)
        );
    }

    #[test]
    fn an_import_pushes_the_counter_but_a_random_serial_does_not_exhaust_it() {
        assert_eq!(pushed_by_import(5, 4), 5);
        assert_eq!(pushed_by_import(5, 5), 6);
        assert_eq!(pushed_by_import(5, 900), 901);
        assert_eq!(pushed_by_import(5, SERIAL_START_END), 5);
        assert_eq!(pushed_by_import(5, u64::MAX), 5);
    }

    #[test]
    fn the_last_serial_of_all_can_be_in_a_run() {
        assert_eq!(
            Run::of_ascending([u64::MAX - 1, u64::MAX]),
            [Run { first: u64::MAX - 1, last: u64::MAX }]
        );
        let all = Run { first: 1, last: u64::MAX };
        assert_eq!(all.without([all]), []);
    }

    proptest! {
        #[test]
        fn runs_hold_what_they_were_made_of(serials in proptest::collection::btree_set(0..60_u64, 0..40)) {
            let runs = Run::of_ascending(serials.iter().copied());
            prop_assert_eq!(members(&runs), &serials - &BTreeSet::from([0]));
            prop_assert!(runs.windows(2).all(|pair| pair[0].last + 1 < pair[1].first));
        }

        #[test]
        fn without_takes_out_and_nothing_else(
            first in 1..60_u64,
            length in 0..40_u64,
            others in proptest::collection::btree_set(1..60_u64, 0..40),
        ) {
            let run = Run { first, last: first + length };
            let left = run.without(Run::of_ascending(others.iter().copied()));
            prop_assert_eq!(members(&left), &members(&[run]) - &others);
        }
    }
}
