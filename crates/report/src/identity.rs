//! What makes a finding the same one in the next run.
//!
//! It is its [fingerprint](certgate_rules::Fingerprint), and a number: findings of the same rule about the same thing in the same
//! file are counted in the order in which they stand there, reported or not.

use std::collections::BTreeMap;

use certgate_facts::{hex, sha256};
use certgate_rules::{Finding, Fingerprint, Suppression};

use crate::judged::Judged;

/// A finding and what it is recognised by.
pub(crate) struct Found<'a> {
    pub(crate) finding: &'a Finding,
    pub(crate) judged: &'a Judged,
    /// Why it is not reported, if it is not.
    pub(crate) suppression: Option<&'a Suppression>,
    fingerprint: Fingerprint,
    number: usize,
}

impl Found<'_> {
    /// The same wherever the file lies.
    pub(crate) fn in_any_file(&self) -> String {
        format!("{}:{}", self.fingerprint, self.number)
    }

    /// Another one for each file.
    pub(crate) fn in_this_file(&self) -> String {
        let digest = hex(self.fingerprint.digest());
        let of = format!("{digest} {} {}", self.number, self.finding.primary().path());
        hex(&sha256(of.as_bytes())[..16])
    }

    /// Whether it is reported.
    pub(crate) fn is_reported(&self) -> bool {
        self.suppression.is_none()
    }
}

/// The findings of each case, then those that are not reported.
pub(crate) fn found(verdicts: &[Judged]) -> Vec<Vec<Found<'_>>> {
    let mut numbers = BTreeMap::new();
    let mut of_case = |judged| -> Vec<Found<'_>> {
        let both = both(judged).map(|(finding, suppression)| {
            let fingerprint = finding.fingerprint();
            Found { finding, judged, suppression, fingerprint, number: 0 }
        });
        let mut found: Vec<Found<'_>> = both.collect();
        let mut in_file: Vec<&mut Found<'_>> = found.iter_mut().collect();
        in_file.sort_by_key(|found| found.finding.primary().span());
        for found in in_file {
            let number =
                numbers.entry((found.fingerprint, found.finding.primary().path())).or_insert(0_usize);
            *number += 1;
            found.number = *number;
        }
        found
    };
    verdicts.iter().map(&mut of_case).collect()
}

fn both(judged: &Judged) -> impl Iterator<Item = (&Finding, Option<&Suppression>)> {
    let suppressed = judged.suppressed().iter();
    let suppressed = suppressed.map(|suppressed| (&suppressed.finding, Some(&suppressed.by)));
    judged.findings().iter().map(|finding| (finding, None)).chain(suppressed)
}
