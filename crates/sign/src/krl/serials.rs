//! Sets of serials.

use std::collections::BTreeMap;

use super::defect::RevocationError;

/// A set of serials from 1 to 2^64-1, kept as runs of consecutive ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Serials {
    /// First of each run to its last. No two runs touch.
    runs: BTreeMap<u64, u64>,
}

impl Serials {
    /// Adds all serials from `first` to `last`, both included.
    ///
    /// # Errors
    ///
    /// [`RevocationError::SerialZero`] if `first` is 0, [`RevocationError::RangeInverted`] if `last` is less.
    pub fn insert(&mut self, first: u64, last: u64) -> Result<(), RevocationError> {
        if first == 0 {
            return Err(RevocationError::SerialZero);
        }
        if last < first {
            return Err(RevocationError::RangeInverted { first, last });
        }
        let (mut first, mut last) = (first, last);
        // Every run that overlaps or touches becomes part of the new one.
        while let Some((run_first, run_last)) = self.last_run_until(last.saturating_add(1)) {
            if run_last < first - 1 {
                break;
            }
            self.runs.remove(&run_first);
            first = first.min(run_first);
            last = last.max(run_last);
        }
        self.runs.insert(first, last);
        Ok(())
    }

    /// Adds all serials of another set.
    pub fn extend(&mut self, other: &Self) {
        for (first, last) in other.runs() {
            // Runs of a set have no serial 0 and are not inverted.
            let _ = self.insert(first, last);
        }
    }

    /// The run that a serial is in: its first and its last.
    #[must_use]
    pub fn run_of(&self, serial: u64) -> Option<(u64, u64)> {
        self.last_run_until(serial).filter(|(_, last)| serial <= *last)
    }

    /// The runs, first and last of each, in ascending order.
    pub fn runs(&self) -> impl ExactSizeIterator<Item = (u64, u64)> {
        self.runs.iter().map(|(first, last)| (*first, *last))
    }

    /// Whether there is no serial in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The last run that starts at `serial` or before.
    fn last_run_until(&self, serial: u64) -> Option<(u64, u64)> {
        self.runs.range(..=serial).next_back().map(|(first, last)| (*first, *last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(ranges: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let mut serials = Serials::default();
        for (first, last) in ranges {
            serials.insert(*first, *last).unwrap();
        }
        serials.runs().collect()
    }

    #[test]
    fn runs_that_touch_or_overlap_are_one() {
        assert_eq!(runs(&[(1, 1), (3, 3)]), [(1, 1), (3, 3)]);
        assert_eq!(runs(&[(1, 1), (3, 3), (2, 2)]), [(1, 3)]);
        assert_eq!(runs(&[(5, 9), (1, 20)]), [(1, 20)]);
        assert_eq!(runs(&[(1, 20), (5, 9)]), [(1, 20)]);
        assert_eq!(runs(&[(1, 5), (10, 15), (4, 11)]), [(1, 15)]);
        assert_eq!(runs(&[(u64::MAX, u64::MAX), (u64::MAX - 1, u64::MAX - 1)]), [(u64::MAX - 1, u64::MAX)]);
        assert_eq!(runs(&[(1, u64::MAX), (7, 7)]), [(1, u64::MAX)]);
    }

    #[test]
    fn zero_and_inverted_ranges_are_refused() {
        let mut serials = Serials::default();
        assert_eq!(serials.insert(0, 5), Err(RevocationError::SerialZero));
        assert_eq!(serials.insert(5, 4), Err(RevocationError::RangeInverted { first: 5, last: 4 }));
        assert!(serials.is_empty());
    }
}
