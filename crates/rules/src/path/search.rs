//! Building paths: from the leaf upwards, depth first, the nearest candidates first.

use std::collections::BTreeMap;

use certgate_facts::{Certificate, PublicKey, SignatureCheck};

use super::issuer::Issuer;
use crate::anchor::Anchor;

use super::budget::{Budget, Exhausted};
use super::fault::{PathFault, PathPlace, PathReason};
use super::{Path, PathQuestion, Profile, constraints, member, revocation};

/// Certificates on a path, however many of them are self-issued.
const PATH_MEMBERS_MAX: usize = 32;

pub(super) fn answer(question: &PathQuestion<'_>) -> Result<Path, PathFault> {
    if let Some(reason) = member::leaf_reason(question.leaf, question) {
        return Err(PathFault { place: PathPlace::Leaf, reason });
    }
    if matches!(question.profile, Profile::Of(kind) if kind.trusts_leaf_itself()) {
        let is_leaf =
            |anchor: &Anchor| anchor.certificate().is_some_and(|root| root.der() == question.leaf.der());
        if let Some(anchor) = question.anchors.iter().position(is_leaf) {
            return Ok(Path { through: Vec::new(), anchor });
        }
    }
    let mut search = Search { question, budget: Budget::new(), signatures: BTreeMap::new(), closest: None };
    match search.extend(&mut Vec::new()) {
        Ok(Some(path)) => Ok(path),
        Ok(None) => Err(search.closest.map_or(
            PathFault { place: PathPlace::Leaf, reason: PathReason::IssuerMissing },
            |(_, fault)| fault,
        )),
        Err(Exhausted(what)) => {
            Err(PathFault { place: PathPlace::Leaf, reason: PathReason::BudgetExhausted(what) })
        }
    }
}

/// One that may have signed: a certificate of the question or an anchor, by its place there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Signer {
    Anchor(usize),
    Other(usize),
}

struct Search<'a> {
    question: &'a PathQuestion<'a>,
    budget: Budget,
    /// Whether the first was signed by the second; the leaf is `None`.
    signatures: BTreeMap<(Option<usize>, Signer), SignatureCheck>,
    /// The fault that came closest so far, and how close.
    closest: Option<((u8, usize), PathFault)>,
}

impl<'a> Search<'a> {
    /// Finds a path that goes on from the leaf through `through`, whose last one has no issuer yet.
    fn extend(&mut self, through: &mut Vec<usize>) -> Result<Option<Path>, Exhausted> {
        let last = self.last(through);
        let mut has_candidate = false;
        for (place, anchor) in self.question.anchors.iter().enumerate() {
            if anchor.subject_der() != last.issuer().der() {
                continue;
            }
            has_candidate = true;
            self.budget.step()?;
            match self.anchor_reason(place, anchor, through)? {
                None => return Ok(Some(Path { through: through.clone(), anchor: place })),
                Some(fault) => self.note(fault, through),
            }
        }
        for place in self.candidates(last, through) {
            has_candidate = true;
            self.budget.step()?;
            if let Some(fault) = self.issuer_reason(place, through)? {
                self.note(fault, through);
                continue;
            }
            through.push(place);
            let found = self.extend(through)?;
            through.pop();
            if found.is_some() {
                return Ok(found);
            }
        }
        if !has_candidate {
            self.note(PathFault { place: place_of(through), reason: PathReason::IssuerMissing }, through);
        }
        Ok(None)
    }

    fn last(&self, through: &[usize]) -> &'a Certificate {
        through.last().map_or(self.question.leaf, |place| self.question.others[*place])
    }

    /// Certificates of the issuer's name, those with the key identifier asked for first; none that would close a
    /// circle: the same name and key twice on one path leads nowhere new.
    fn candidates(&self, last: &Certificate, through: &[usize]) -> Vec<usize> {
        let others = self.question.others;
        let stands_already = |candidate: &Certificate| {
            std::iter::once(self.question.leaf).chain(through.iter().map(|place| others[*place])).any(
                |member| {
                    member.der() == candidate.der()
                        || (member.subject().der() == candidate.subject().der()
                            && member.public_key() == candidate.public_key()
                            && !std::ptr::eq(member, self.question.leaf))
                },
            )
        };
        let mut places: Vec<usize> = (0..others.len())
            .filter(|place| last.names_as_issuer(others[*place]) && !stands_already(others[*place]))
            .collect();
        let asked_for = last.extensions().authority_key_id();
        places.sort_by_key(|place| {
            asked_for.is_some() && others[*place].extensions().subject_key_id() != asked_for
        });
        places
    }

    fn anchor_reason(
        &mut self,
        place: usize,
        anchor: &Anchor,
        through: &[usize],
    ) -> Result<Option<PathFault>, Exhausted> {
        let at_anchor = |reason| PathFault { place: PathPlace::Anchor(place), reason };
        let counts_whole = !matches!(self.question.profile, Profile::Of(kind) if !kind.reads_roots());
        if let Some(certificate) = anchor.certificate().filter(|_| counts_whole) {
            let reason = member::anchor_reason(certificate, self.question)
                .or_else(|| self.length_reason(certificate, through));
            if let Some(reason) = reason {
                return Ok(Some(at_anchor(reason)));
            }
        }
        self.issued_reason(&Issuer::Anchor(anchor), Signer::Anchor(place), through)
    }

    fn issuer_reason(&mut self, place: usize, through: &[usize]) -> Result<Option<PathFault>, Exhausted> {
        let issuer = self.question.others[place];
        let reason = member::intermediate_reason(issuer, self.question)
            .or_else(|| self.length_reason(issuer, through))
            .or_else(|| self.depth_reason(issuer, through));
        if let Some(reason) = reason {
            return Ok(Some(PathFault { place: PathPlace::Other(place), reason }));
        }
        self.issued_reason(&Issuer::Certificate(issuer), Signer::Other(place), through)
    }

    /// Why the last on the path is not one that `issuer` issued and still stands by.
    fn issued_reason(
        &mut self,
        issuer: &Issuer<'_>,
        signer: Signer,
        through: &[usize],
    ) -> Result<Option<PathFault>, Exhausted> {
        let at_last = |reason| PathFault { place: place_of(through), reason };
        if matches!(self.question.profile, Profile::Of(kind) if kind.goes_by_key_id())
            && issuer.has_another_key_id_than(self.last(through))
        {
            return Ok(Some(at_last(PathReason::AuthorityKeyIdMismatch)));
        }
        match self.signature(through, signer, issuer.key())? {
            SignatureCheck::Valid => {}
            SignatureCheck::Invalid => return Ok(Some(at_last(PathReason::SignatureInvalid))),
            SignatureCheck::Unchecked => return Ok(Some(at_last(PathReason::SignatureUnchecked))),
        }
        if let Some(constraints) = issuer.name_constraints()
            && let Some(fault) = self.name_reason(constraints, through)?
        {
            return Ok(Some(fault));
        }
        Ok(revocation::reason(self.last(through), issuer, self.question).map(at_last))
    }

    /// Intermediates on the path that count: a self-issued one is the same CA once more (RFC 5280 §4.2.1.9).
    fn counted(&self, through: &[usize]) -> usize {
        let others = self.question.others;
        through.iter().filter(|place| !others[**place].names_as_issuer(others[**place])).count()
    }

    fn length_reason(&self, issuer: &Certificate, through: &[usize]) -> Option<PathReason> {
        let max = issuer.extensions().basic_constraints()?.path_length_max?;
        let below = u32::try_from(self.counted(through)).unwrap_or(u32::MAX);
        (below > max).then_some(PathReason::PathLengthExceeded(max))
    }

    fn depth_reason(&self, issuer: &Certificate, through: &[usize]) -> Option<PathReason> {
        let counts = usize::from(!issuer.names_as_issuer(issuer));
        let max = self.question.intermediates_max;
        let is_too_long = self.counted(through) + counts > max || through.len() + 1 > PATH_MEMBERS_MAX;
        is_too_long.then_some(PathReason::PathTooLong(max))
    }

    fn signature(
        &mut self,
        through: &[usize],
        signer: Signer,
        key: &PublicKey,
    ) -> Result<SignatureCheck, Exhausted> {
        let pair = (through.last().copied(), signer);
        if let Some(known) = self.signatures.get(&pair) {
            return Ok(*known);
        }
        self.budget.signature()?;
        let check = self.last(through).signed_by(key);
        self.signatures.insert(pair, check);
        Ok(check)
    }

    /// Constraints hold for all that stands below, except self-issued intermediates (RFC 5280 §6.1.3 b).
    fn name_reason(
        &mut self,
        constraints: &certgate_facts::NameConstraints,
        through: &[usize],
    ) -> Result<Option<PathFault>, Exhausted> {
        let others = self.question.others;
        let intermediates = through
            .iter()
            .map(|place| (PathPlace::Other(*place), others[*place]))
            .filter(|(_, certificate)| !certificate.names_as_issuer(certificate));
        let leaf = std::iter::once((PathPlace::Leaf, self.question.leaf));
        for (place, certificate) in leaf.chain(intermediates) {
            if let Some(reason) = constraints::reason(constraints, certificate, &mut self.budget)? {
                return Ok(Some(PathFault { place, reason }));
            }
        }
        Ok(None)
    }

    fn note(&mut self, fault: PathFault, through: &[usize]) {
        let closeness = (fault.reason.rank(), through.len());
        if self.closest.as_ref().is_none_or(|(known, _)| closeness > *known) {
            self.closest = Some((closeness, fault));
        }
    }
}

fn place_of(through: &[usize]) -> PathPlace {
    through.last().map_or(PathPlace::Leaf, |place| PathPlace::Other(*place))
}
