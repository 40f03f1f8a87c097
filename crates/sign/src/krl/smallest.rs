//! The smallest way to write a set of serials.
//!
//! A set is a row of runs of consecutive serials. Each stretch of runs becomes a list, a range (of one run) or a
//! bitmap; which stretches are cheapest in all is found in one pass from the left, as a shortest path. A bitmap of many
//! runs costs what comes before it plus what it spans, rounded down to bytes; among starts that are equal modulo 8 the
//! cheapest is thus the same for every end, and a queue of candidates for each residue makes the pass linear.

use std::collections::VecDeque;

use super::section::CertificateSubsection;
use super::serials::Serials;

/// Kind and length before every subsection.
const OVERHEAD: u64 = 5;
/// A range, all in all.
const RANGE: u64 = OVERHEAD + 16;
/// A bitmap but for its bits: overhead, offset, length.
const BITMAP: u64 = OVERHEAD + 8 + 4;
/// Most bits of a bitmap that is written: with the sign bit that a number has, 2,048 bytes.
const BITMAP_BITS_MAX: u64 = 16_383;

/// A run: its first serial and its last.
type Run = (u64, u64);

#[derive(Clone, Copy)]
enum Form {
    List,
    Range,
    Bitmap,
}

/// How a stretch of runs is best written when it ends at a given run: in which form, and from which run on.
#[derive(Clone, Copy)]
struct Choice {
    form: Form,
    start: usize,
}

/// The subsections for a set of serials, in ascending order; no others are shorter in all.
pub(super) fn subsections(serials: &Serials) -> Vec<CertificateSubsection> {
    let runs: Vec<Run> = serials.runs().collect();
    let (size, choices) = cheapest(&runs);
    if let Some(bitmaps) = bitmaps_below(&runs, size) {
        return bitmaps;
    }
    let mut found = Vec::new();
    let mut end = runs.len();
    while let Some(choice) = end.checked_sub(1).and_then(|last| choices.get(last)) {
        let stretch = runs.get(choice.start..end).unwrap_or_default();
        found.push(subsection(choice.form, stretch));
        end = choice.start;
    }
    found.reverse();
    found
}

/// The bytes of the smallest encoding that divides no run, and the choices that lead to it.
fn cheapest(runs: &[Run]) -> (u64, Vec<Choice>) {
    let mut choices = Vec::with_capacity(runs.len());
    let mut open_bitmaps = OpenBitmaps::default();
    let mut before = 0;
    let mut list: Option<(u64, usize)> = None;
    for (index, run) in runs.iter().enumerate() {
        let fresh = (before + OVERHEAD, index);
        let (cost, start) = list.map_or(fresh, |open| if open.0 <= fresh.0 { open } else { fresh });
        let serials = (run.1 - run.0).saturating_add(1);
        let listed = cost.saturating_add(serials.saturating_mul(8));
        list = Some((listed, start));
        let mut best = (before + RANGE, Choice { form: Form::Range, start: index });
        if listed <= best.0 {
            best = (listed, Choice { form: Form::List, start });
        }
        open_bitmaps.open(index, run.0, before);
        if let Some((cost, start)) = open_bitmaps.cheapest_until(run.1)
            && cost < best.0
        {
            best = (cost, Choice { form: Form::Bitmap, start });
        }
        before = best.0;
        choices.push(best.1);
    }
    (before, choices)
}

/// A place where a bitmap may begin.
struct Start {
    index: usize,
    first: u64,
    before: u64,
}

impl Start {
    /// What tells starts of one residue apart; the rest of their cost is the same.
    fn rank(&self) -> i128 {
        i128::from(self.before) - i128::from(self.first / 8)
    }
}

/// Where the bitmap that ends at the present run may begin, best first, by residue of the first serial modulo 8.
#[derive(Default)]
struct OpenBitmaps {
    by_residue: [VecDeque<Start>; 8],
}

impl OpenBitmaps {
    fn open(&mut self, index: usize, first: u64, before: u64) {
        let start = Start { index, first, before };
        let residue = usize::try_from(first % 8).unwrap_or_default();
        let Some(queue) = self.by_residue.get_mut(residue) else {
            return;
        };
        while queue.back().is_some_and(|worse| worse.rank() >= start.rank()) {
            queue.pop_back();
        }
        queue.push_back(start);
    }

    /// The least cost of everything up to serial `last`, and the run at which the last bitmap begins.
    fn cheapest_until(&mut self, last: u64) -> Option<(u64, usize)> {
        for queue in &mut self.by_residue {
            while queue.front().is_some_and(|start| last - start.first >= BITMAP_BITS_MAX) {
                queue.pop_front();
            }
        }
        let cost = |start: &Start| start.before + bitmap_size(last - start.first + 1);
        let fronts = self.by_residue.iter().filter_map(VecDeque::front);
        fronts.map(|start| (cost(start), start.index)).min()
    }
}

/// Bytes of a bitmap that spans this many serials.
const fn bitmap_size(span: u64) -> u64 {
    BITMAP + span / 8 + 1
}

/// Bitmaps only, dividing runs where one is full, if that takes less than `size` bytes.
///
/// Long stretches of short runs are the one case where it pays to divide a run.
fn bitmaps_below(runs: &[Run], size: u64) -> Option<Vec<CertificateSubsection>> {
    let mut found = Vec::new();
    let mut stretch: Vec<Run> = Vec::new();
    let mut left = size;
    let mut close = |stretch: &mut Vec<Run>| -> Option<()> {
        let (first, last) = (stretch.first()?.0, stretch.last()?.1);
        left = left.checked_sub(bitmap_size(last - first + 1)).filter(|left| *left > 0)?;
        found.push(subsection(Form::Bitmap, stretch));
        stretch.clear();
        Some(())
    };
    for run in runs {
        let mut first = run.0;
        loop {
            let start = stretch.first().map_or(first, |run| run.0);
            let full = start.saturating_add(BITMAP_BITS_MAX - 1);
            if first <= full {
                stretch.push((first, run.1.min(full)));
            }
            if run.1 <= full {
                break;
            }
            first = first.max(full + 1);
            close(&mut stretch)?;
        }
    }
    close(&mut stretch)?;
    Some(found)
}

fn subsection(form: Form, runs: &[Run]) -> CertificateSubsection {
    let (first, last) = (runs.first().map_or(1, |run| run.0), runs.last().map_or(1, |run| run.1));
    match form {
        Form::List => CertificateSubsection::SerialList(runs.iter().flat_map(|run| run.0..=run.1).collect()),
        Form::Range => CertificateSubsection::SerialRange { first, last },
        Form::Bitmap => CertificateSubsection::SerialBitmap { offset: first, bits: bits(first, last, runs) },
    }
}

/// The number with a bit for every serial, big-endian, its highest bit clear.
fn bits(first: u64, last: u64, runs: &[Run]) -> Box<[u8]> {
    let length = usize::try_from((last - first + 1) / 8 + 1).unwrap_or_default();
    let mut bits = vec![0u8; length];
    for serial in runs.iter().flat_map(|run| run.0..=run.1) {
        let bit = serial - first;
        let at = usize::try_from(bit / 8).ok().and_then(|byte| (length - 1).checked_sub(byte));
        if let Some(byte) = at.and_then(|at| bits.get_mut(at)) {
            *byte |= 1 << (bit % 8);
        }
    }
    bits.into_boxed_slice()
}

#[cfg(test)]
mod tests;
