//! What is to be done to one source.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use certgate_facts::{
    Certificate, Content, DefectKind, Entry, Manner, Piece, PrivateKeyState, Reading, SourceError,
    private_key_as, private_key_label, rearranged,
};

use super::chain_order::ChainOrder;
use super::judgement::Judgement;
use super::repair::{Means, Repair};
use crate::anchor::TrustAnchors;
use crate::case::Slot;
use crate::finding::Finding;
use crate::rule::Rule;

/// The repairs of one source, gathered from the uploads that it is part of.
pub(super) struct Plan {
    reading: Arc<Reading>,
    repairs: BTreeSet<Repair>,
    /// The labels of blocks that are to be written again.
    labels: BTreeMap<usize, String>,
    dropped: BTreeSet<usize>,
    /// Blocks and, in their places, others.
    places: BTreeMap<usize, usize>,
    /// Certificates that come behind the last one.
    appended: Vec<Certificate>,
    /// Private keys in place of those under a passphrase.
    opened: BTreeMap<usize, Piece>,
    /// Private keys that get a file of their own.
    taken_out: Vec<usize>,
    /// How it is written.
    manner: Manner,
}

/// What a plan made of its source.
pub(super) struct Outcome {
    pub(super) after: Reading,
    /// The private keys that were taken out of it.
    pub(super) taken_out: Option<Reading>,
    pub(super) repairs: BTreeSet<Repair>,
}

/// What is asked of a plan.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) means: Means<'a>,
    pub(super) anchors: &'a TrustAnchors,
    /// Only what this rule found is to be repaired.
    pub(super) only: Option<&'static Rule>,
}

/// What was found in one slot of an upload.
struct Found<'a> {
    judgement: Judgement<'a>,
    slot: &'a Slot,
    order: Order<'a>,
}

impl Found<'_> {
    /// Whether there is something for a repair to do, and it may be done.
    fn calls_for(&self, repair: Repair) -> bool {
        self.finding(repair).is_some()
    }

    /// The finding that calls for a repair which may be done.
    fn finding(&self, repair: Repair) -> Option<&Finding> {
        let is_in_slot = |reading: &Reading| std::ptr::eq(reading, &**self.slot.reading());
        let mut findings = self.judgement.findings.iter();
        let may_be = repair.scope() <= self.order.means.scope
            && self.order.only.is_none_or(|only| std::ptr::eq(only, repair.rule()));
        findings.find(|finding| {
            may_be && std::ptr::eq(finding.rule(), repair.rule()) && is_in_slot(finding.primary().reading())
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
            appended: Vec::new(),
            opened: BTreeMap::new(),
            taken_out: Vec::new(),
            manner: Manner::AS_IT_IS,
        }
    }

    /// Adds what a verdict asks for, where it is about this source.
    pub(super) fn repair(&mut self, judgement: Judgement<'_>, order: Order<'_>) {
        if self.reading.source().origin().is_some() {
            return;
        }
        let upload = judgement.upload;
        let is_here = |slot: &Slot| slot.is_given() && Arc::ptr_eq(slot.reading(), &self.reading);
        let [of_certificate, of_key] = [upload.certificate(), upload.private_key()].map(is_here);
        let found = |slot| Found { judgement, slot, order };
        if of_certificate {
            self.repair_text(&found(upload.certificate()));
            self.repair_blocks(&found(upload.certificate()));
            self.repair_chain(&found(upload.certificate()));
            self.take_key_out(&found(upload.certificate()));
        }
        if of_key {
            self.repair_text(&found(upload.private_key()));
            self.decrypt_key(&found(upload.private_key()));
            self.convert_key(&found(upload.private_key()));
            self.drop_key_parameters(&found(upload.private_key()));
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
        if found.calls_for(Repair::TextStripped) {
            self.repairs.insert(Repair::TextStripped);
            self.manner.is_bare = true;
        }
        let is_trimmed = found.calls_for(Repair::LinesTrimmed);
        if is_trimmed {
            self.repairs.insert(Repair::LinesTrimmed);
            self.manner.ends_in_feeds = true;
        }
        for (index, entry) in found.entries().filter(|(_, entry)| is_readable(entry)) {
            if is_trimmed && entry.block().headers().is_empty() {
                self.rewrite(index, entry);
            }
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

    fn repair_chain(&mut self, found: &Found<'_>) {
        let upload = found.judgement.upload;
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
            found.order.anchors,
            found.order.means.intermediates,
            |root| found.order.anchors.include(root),
            |repair| found.calls_for(repair),
        );
        self.repairs.extend(order.repairs);
        self.appended = order.appended;
        let mut wanted = order.certificates.iter().filter_map(|number| certificates.get(*number).copied());
        for place in &certificates {
            match wanted.next() {
                Some(block) => drop(self.places.insert(*place, block)),
                None => drop(self.dropped.insert(*place)),
            }
        }
    }

    /// A private key that one of the passphrases opens, or that only its label says is under one.
    fn decrypt_key(&mut self, found: &Found<'_>) {
        if !found.calls_for(Repair::KeyDecrypted) {
            return;
        }
        for (index, entry) in found.entries().filter(|(_, entry)| entry.is_private_key()) {
            if let Ok(der) = entry.open_private_key(found.order.means.passphrases) {
                let label = private_key_label(&der).to_owned();
                self.repairs.insert(Repair::KeyDecrypted);
                self.opened.insert(index, Piece::Written { instead_of: Some(index), label, der });
            }
        }
    }

    /// A private key that reads, in a format that the target of the upload does not.
    fn convert_key(&mut self, found: &Found<'_>) {
        let Some(refusal) = found.finding(Repair::KeyConverted).and_then(Finding::refusal) else { return };
        let Some(format) = refusal.target().takes.key_formats.first() else { return };
        for (index, entry) in found.entries().filter(|(_, entry)| entry.is_private_key()) {
            let is_usable =
                entry.private_key().is_some_and(|key| matches!(key.state(), PrivateKeyState::Usable(_)));
            let der = entry.block().der().filter(|_| is_usable);
            if let Some(Ok(der)) = der.map(|der| private_key_as(*format, der)) {
                let label = private_key_label(&der).to_owned();
                self.repairs.insert(Repair::KeyConverted);
                self.opened.insert(index, Piece::Written { instead_of: Some(index), label, der });
            }
        }
    }

    /// Parameters beside a private key that names its curve itself.
    fn drop_key_parameters(&mut self, found: &Found<'_>) {
        if !found.calls_for(Repair::KeyParametersDropped) {
            return;
        }
        let parameters =
            found.entries().filter(|(_, entry)| matches!(entry.content(), Content::KeyParameters));
        self.dropped.extend(parameters.map(|(index, _)| index));
        self.repairs.insert(Repair::KeyParametersDropped);
    }

    /// Private keys among certificates; a file with nothing else is a key file in the wrong place.
    fn take_key_out(&mut self, found: &Found<'_>) {
        let has_certificate = found.entries().any(|(_, entry)| entry.is_certificate());
        if !has_certificate || !found.calls_for(Repair::KeyTakenOut) {
            return;
        }
        let of_key =
            |entry: &Entry| entry.is_private_key() || matches!(entry.content(), Content::KeyParameters);
        self.taken_out = found.entries().filter(|(_, entry)| of_key(entry)).map(|(index, _)| index).collect();
        self.dropped.extend(&self.taken_out);
        self.repairs.insert(Repair::KeyTakenOut);
    }

    fn rewrite(&mut self, index: usize, entry: &Entry) {
        self.labels.entry(index).or_insert_with(|| entry.block().label().to_owned());
    }

    /// What is to be done.
    pub(super) fn repairs(&self) -> impl Iterator<Item = Repair> {
        self.repairs.iter().copied()
    }

    /// The source as it would be, and what was done; nothing where there is nothing to be done.
    pub(super) fn carried_out(mut self) -> Result<Option<Outcome>, SourceError> {
        if self.repairs.is_empty() {
            return Ok(None);
        }
        let entries = self.reading.entries();
        let last = entries.iter().rposition(|entry| entry.certificate().is_some());
        let mut pieces = Vec::new();
        for place in 0..entries.len() {
            if !self.dropped.contains(&place) {
                let block = self.places.get(&place).copied().unwrap_or(place);
                pieces.push(match (self.opened.remove(&block), self.labels.get(&block)) {
                    (Some(opened), _) => opened,
                    (None, Some(label)) => Piece::Rewritten { block, label: label.clone() },
                    (None, None) => Piece::Kept(block),
                });
            }
            if Some(place) == last {
                pieces.extend(self.appended.iter().map(Piece::certificate));
            }
        }
        let taken_out: Vec<Piece> = self.taken_out.iter().copied().map(Piece::Kept).collect();
        let taken_out = match &taken_out[..] {
            [] => None,
            pieces => Some(rearranged(&self.reading, pieces, self.manner)?),
        };
        let after = rearranged(&self.reading, &pieces, self.manner)?;
        Ok(Some(Outcome { after, taken_out, repairs: self.repairs }))
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
