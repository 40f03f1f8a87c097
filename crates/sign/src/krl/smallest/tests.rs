use proptest::prelude::*;

use super::*;

fn set(ranges: &[(u64, u64)]) -> Serials {
    let mut serials = Serials::default();
    for (first, last) in ranges {
        serials.insert(*first, *last).unwrap();
    }
    serials
}

fn size(subsections: &[CertificateSubsection]) -> u64 {
    let one = |subsection: &CertificateSubsection| match subsection {
        CertificateSubsection::SerialList(serials) => OVERHEAD + 8 * u64::try_from(serials.len()).unwrap(),
        CertificateSubsection::SerialRange { .. } => RANGE,
        CertificateSubsection::SerialBitmap { bits, .. } => BITMAP + u64::try_from(bits.len()).unwrap(),
        other => panic!("{other:?} holds no serials"),
    };
    subsections.iter().map(one).sum()
}

fn as_list(runs: &[Run]) -> u64 {
    let count = |run: &Run| (run.1 - run.0).saturating_add(1).saturating_mul(8);
    runs.iter().map(count).fold(OVERHEAD, u64::saturating_add)
}

fn as_ranges(runs: &[Run]) -> u64 {
    RANGE * u64::try_from(runs.len()).unwrap()
}

/// Bitmaps filled one after the other, counted and not made.
fn as_bitmaps(runs: &[Run]) -> u64 {
    let mut bytes = 0u64;
    let mut open: Option<Run> = None;
    for run in runs {
        let mut first = run.0;
        loop {
            let start = open.map_or(first, |open| open.0);
            let full = start.saturating_add(BITMAP_BITS_MAX - 1);
            if first <= full {
                open = Some((start, run.1.min(full)));
            }
            if run.1 <= full || bytes > 1 << 24 {
                break;
            }
            first = first.max(full + 1);
            let (from, to) = open.take().unwrap();
            bytes += bitmap_size(to - from + 1);
        }
    }
    bytes + open.map_or(0, |(from, to)| bitmap_size(to - from + 1))
}

/// The least over every way to cut the runs into stretches, tried one by one.
fn by_trying(runs: &[Run]) -> u64 {
    let mut best = vec![0];
    for end in 1..=runs.len() {
        let costs = (0..end).map(|start| {
            let stretch = &runs[start..end];
            let span = stretch[stretch.len() - 1].1 - stretch[0].0;
            let mut least = as_list(stretch);
            if stretch.len() == 1 {
                least = least.min(RANGE);
            }
            if span < BITMAP_BITS_MAX {
                least = least.min(bitmap_size(span + 1));
            }
            least.saturating_add(best[start])
        });
        best.push(costs.min().unwrap());
    }
    best[runs.len()]
}

#[test]
fn each_form_is_chosen_where_it_is_smallest() {
    use CertificateSubsection::{SerialBitmap, SerialList, SerialRange};
    assert_eq!(subsections(&set(&[])), []);
    assert_eq!(subsections(&set(&[(5, 5)])), [SerialList(vec![5])]);
    assert_eq!(subsections(&set(&[(1, 90_000)])), [SerialRange { first: 1, last: 90_000 }]);
    assert_eq!(subsections(&set(&[(1, u64::MAX)])), [SerialRange { first: 1, last: u64::MAX }]);
    let bits = vec![0b0100_0101].into_boxed_slice();
    assert_eq!(
        subsections(&set(&[(100, 100), (102, 102), (106, 106)])),
        [SerialBitmap { offset: 100, bits }]
    );
    let bits = vec![0, 0b1000_0101].into_boxed_slice();
    assert_eq!(
        subsections(&set(&[(100, 100), (102, 102), (107, 107)])),
        [SerialBitmap { offset: 100, bits }]
    );
}

#[test]
fn bitmaps_stay_within_what_clients_read_and_divide_runs_where_that_pays() {
    // Runs of 160 with a gap of one: the last run that fits into a bitmap leaves much of it empty.
    let runs: Vec<_> = (0..60_000u64).map(|at| (1 + at * 161, 160 + at * 161)).collect();
    let serials = set(&runs);
    let found = subsections(&serials);
    assert!(size(&found) <= as_bitmaps(&runs));
    for subsection in &found {
        let CertificateSubsection::SerialBitmap { bits, .. } = subsection else {
            panic!("{subsection:?} is larger than a bitmap");
        };
        assert!(bits.len() <= 2048 && bits[0] < 0x80);
    }
    assert!(size(&found) < cheapest(&runs).0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_single_form_and_no_cut_is_smaller(
        start in prop_oneof![1..50u64, u64::MAX - 200_000..u64::MAX - 100_000],
        steps in prop::collection::vec((
            prop_oneof![1..4u64, 1..80u64, 1..3_000u64, 1..40_000u64],
            prop_oneof![Just(0u64), 0..3u64, 0..200u64, 0..20_000u64],
        ), 1..24),
    ) {
        let mut at = start;
        let mut ranges = Vec::new();
        for (gap, more) in steps {
            let Some(first) = at.checked_add(gap) else { break };
            ranges.push((first, first.saturating_add(more)));
            at = first.saturating_add(more);
        }
        let serials = set(&ranges);
        let runs: Vec<_> = serials.runs().collect();
        let found = subsections(&serials);
        let size = size(&found);
        prop_assert!(size <= as_list(&runs));
        prop_assert!(size <= as_ranges(&runs));
        prop_assert!(size <= as_bitmaps(&runs));
        prop_assert!(size <= by_trying(&runs));
    }
}
