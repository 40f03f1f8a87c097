//! What is to be done to one source.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use certgate_facts::{
    Certificate, Content, DefectKind, Entry, Piece, PrivateKeyState, Reading, SourceError, rearranged,
};

use super::chain_order::ChainOrder;
use super::repair::{Repair, Scope};
use crate::case::{Slot, TlsUpload};
use crate::policy::Policy;
use crate::verdict::Verdict;

/// The repairs of one source, gathered from the uploads that it is part of.
pub(super) struct Plan {
    reading: Arc<Reading>,
    repairs: BTreeSet<Repair>,
    /// The labels of blocks that are to be written again.
    labels: BTreeMap<usize, String>,
    dropped: BTreeSet<usize>,
    /// Blocks and, in their places, others.
    places: BTreeMap<usize, usize>,
}

/// What a verdict found in one slot of its upload.
struct Found<'a> {
    verdict: &'a Verdict<TlsUpload>,
    slot: &'a Slot,
    scope: Scope,
}

impl Found<'_> {
    /// Whether there is something for a repair to do, and it may be done.
    fn calls_for(&self, repair: Repair) -> bool {
        let is_in_slot = |reading: &Reading| std::ptr::eq(reading, &**self.slot.reading());
        let mut findings = self.verdict.findings().iter();
        repair.scope() <= self.scope
            && findings.any(|finding| {
                std::ptr::eq(finding.rule(), repair.rule()) && is_in_slot(finding.primary().reading())
            })
    }

    fn entries(&self) -> impl Iterator<Item = (usize, &Entry)> {
        let entries = self.slot.reading().entries();
        self.slot.indices().iter().filter_map(|index| Some((*index, entries.get(*index)?)))
    }
}

impl Plan {
    pub(super) fn of(reading: Arc<Reading>) -> Self {
        Self {
            reading,
            repairs: BTreeSet::new(),
            labels: BTreeMap::new(),
            dropped: BTreeSet::new(),
            places: BTreeMap::new(),
        }
    }

    /// Adds what a verdict asks for, where it is about this source.
    pub(super) fn repair(&mut self, verdict: &Verdict<TlsUpload>, policy: &Policy, scope: Scope) {
        let upload = verdict.case();
        for slot in [upload.certificate(), upload.private_key()] {
            if Arc::ptr_eq(slot.reading(), &self.reading) && self.reading.source().origin().is_none() {
                self.repair_text(&Found { verdict, slot, scope });
            }
        }
        let slot = upload.certificate();
        if Arc::ptr_eq(slot.reading(), &self.reading) && self.reading.source().origin().is_none() {
            let found = Found { verdict, slot, scope };
            self.repair_blocks(&found);
            self.repair_chain(&found, policy);
        }
    }

    fn repair_text(&mut self, found: &Found<'_>) {
        // What stands around a string may be of use to others: it is no file of blocks.
        let is_embedded =
            |kind: &DefectKind| matches!(kind, DefectKind::LineEndsEscaped { is_embedded: true });
        if self.reading.defects().iter().any(|defect| is_embedded(&defect.kind)) {
            return;
        }
        if found.calls_for(Repair::TextReencoded) {
            self.repairs.insert(Repair::TextReencoded);
        }
        for (index, entry) in found.entries().filter(|(_, entry)| is_readable(entry)) {
            let is_hidden = !entry.block().is_found_by_go();
            if is_hidden && found.calls_for(Repair::BlocksRewritten) && !entry.block().defects().is_empty() {
                self.repairs.insert(Repair::BlocksRewritten);
                self.rewrite(index, entry);
            } else if is_hidden && found.calls_for(Repair::TextReencoded) {
                self.rewrite(index, entry);
            }
        }
    }

    fn repair_blocks(&mut self, found: &Found<'_>) {
        for (index, entry) in found.entries() {
            let is_parameters = matches!(entry.content(), Content::KeyParameters);
            if entry.certificate().is_some()
                && !entry.block().headers().is_empty()
                && found.calls_for(Repair::HeadersDropped)
            {
                self.repairs.insert(Repair::HeadersDropped);
                self.rewrite(index, entry);
            } else if is_parameters && found.calls_for(Repair::ParametersDropped) {
                self.repairs.insert(Repair::ParametersDropped);
                self.dropped.insert(index);
            } else if is_mislabelled(entry) && found.calls_for(Repair::LabelsCorrected) {
                self.repairs.insert(Repair::LabelsCorrected);
                self.labels.insert(index, "CERTIFICATE".to_owned());
            }
        }
    }

    fn repair_chain(&mut self, found: &Found<'_>, policy: &Policy) {
        let upload = found.verdict.case();
        let certificates: Vec<usize> = found
            .entries()
            .filter(|(_, entry)| entry.certificate().is_some())
            .map(|(index, _)| index)
            .collect();
        // Behind what does not read anything may be hidden.
        if found.entries().any(|(_, entry)| entry.is_certificate() && entry.certificate().is_none()) {
            return;
        }
        let order = ChainOrder::of(
            upload,
            policy,
            |root| policy.anchors().include(root),
            |repair| found.calls_for(repair),
        );
        self.repairs.extend(order.repairs);
        let mut wanted = order.certificates.iter().filter_map(|number| certificates.get(*number).copied());
        for place in &certificates {
            match wanted.next() {
                Some(block) => drop(self.places.insert(*place, block)),
                None => drop(self.dropped.insert(*place)),
            }
        }
    }

    fn rewrite(&mut self, index: usize, entry: &Entry) {
        self.labels.entry(index).or_insert_with(|| entry.block().label().to_owned());
    }

    /// The source as it would be, and what was done; nothing where there is nothing to be done.
    pub(super) fn carried_out(self) -> Result<Option<(Reading, BTreeSet<Repair>)>, SourceError> {
        if self.repairs.is_empty() {
            return Ok(None);
        }
        let places = (0..self.reading.entries().len()).filter(|place| !self.dropped.contains(place));
        let pieces: Vec<Piece> = places
            .map(|place| {
                let block = self.places.get(&place).copied().unwrap_or(place);
                match self.labels.get(&block) {
                    Some(label) => Piece::Rewritten { block, label: label.clone() },
                    None => Piece::Kept(block),
                }
            })
            .collect();
        Ok(Some((rearranged(&self.reading, &pieces)?, self.repairs)))
    }
}

/// Whether a block holds what its label says: else something of it may be lost.
fn is_readable(entry: &Entry) -> bool {
    match entry.content() {
        Content::Certificate(_) => true,
        Content::PrivateKey(key) => !matches!(key.state(), PrivateKeyState::Unreadable { .. }),
        _ => false,
    }
}

/// Whether it is a certificate under the label of older tools.
fn is_mislabelled(entry: &Entry) -> bool {
    let is_certificate = |der: &[u8]| Certificate::from_der(der).is_ok();
    entry.block().label() == "X509 CERTIFICATE" && entry.block().der().is_some_and(is_certificate)
}
