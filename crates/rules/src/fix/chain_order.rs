//! Which certificates of a chain stay, and in which order.

use std::collections::BTreeSet;

use certgate_facts::{Certificate, SignatureCheck};

use super::repair::Repair;
use crate::anchor::TrustAnchors;
use crate::case::TlsUpload;
use crate::rules::chain::chain_incomplete;

/// An order of certificates, counted as [`TlsUpload::certificates`] counts them, and the repairs that lead to it.
pub(super) struct ChainOrder {
    pub(super) certificates: Vec<usize>,
    /// What follows them.
    pub(super) appended: Vec<Certificate>,
    pub(super) repairs: BTreeSet<Repair>,
}

/// Most certificates that a chain is completed with; real ones have four in all.
const APPENDED_MAX: usize = 8;

impl ChainOrder {
    /// The best order for what `calls_for` says is to be done. A root that clients do not know may be what they are told to look
    /// for: only one that `is_known` is dropped.
    pub(super) fn of(
        upload: &TlsUpload,
        anchors: &TrustAnchors,
        intermediates: &[Certificate],
        is_known: impl Fn(&Certificate) -> bool,
        calls_for: impl Fn(Repair) -> bool,
    ) -> Self {
        let chain = upload.chain();
        let repeated: BTreeSet<usize> = chain.duplicates().iter().map(|duplicate| duplicate.again).collect();
        let certificates = (0..upload.certificates().count()).collect();
        let mut order = Self { certificates, appended: Vec::new(), repairs: BTreeSet::new() };
        if calls_for(Repair::DuplicatesDropped) {
            order.keep(Repair::DuplicatesDropped, |index| !repeated.contains(&index));
        }
        // Only what the issuers at hand lead to is known to be of no use.
        let top = chain.order().last().and_then(|index| upload.certificates().nth(*index));
        let is_complete = top.is_some_and(|(_, top)| chain_incomplete::is_complete(top, anchors));
        if is_complete && calls_for(Repair::UnrelatedDropped) {
            let unrelated: BTreeSet<usize> = chain.unrelated().collect();
            order.keep(Repair::UnrelatedDropped, |index| !unrelated.contains(&index));
        }
        let path: Vec<usize> =
            chain.order().iter().copied().filter(|index| order.certificates.contains(index)).collect();
        if calls_for(Repair::ChainReordered)
            && path.len() == order.certificates.len()
            && path != order.certificates
        {
            order.certificates = path;
            order.repairs.insert(Repair::ChainReordered);
        }
        if calls_for(Repair::RootDropped) {
            let is_root = |index: &usize| {
                let root = upload.certificates().nth(*index);
                Some(*index) != chain.leaf() && root.is_some_and(|(_, root)| is_known(root))
            };
            let roots: BTreeSet<usize> = chain.self_signed().iter().copied().filter(is_root).collect();
            order.keep(Repair::RootDropped, |index| !roots.contains(&index));
        }
        if let Some((_, top)) = top
            && order.certificates.last() == chain.order().last()
            && calls_for(Repair::ChainCompleted)
        {
            order.complete(top, anchors, intermediates);
        }
        order
    }

    /// Appends issuers, up to one that clients know or that is its own.
    fn complete(&mut self, top: &Certificate, anchors: &TrustAnchors, intermediates: &[Certificate]) {
        let issued = |issuer: &Certificate, top: &Certificate| {
            top.names_as_issuer(issuer) && top.signed_by(issuer.public_key()) == SignatureCheck::Valid
        };
        let mut top = top;
        while self.appended.len() < APPENDED_MAX && !chain_incomplete::is_complete(top, anchors) {
            let is_new =
                |issuer: &&Certificate| !self.appended.iter().any(|other| other.der() == issuer.der());
            let Some(issuer) = intermediates.iter().filter(is_new).find(|issuer| issued(issuer, top)) else {
                break;
            };
            self.appended.push(issuer.clone());
            self.repairs.insert(Repair::ChainCompleted);
            top = issuer;
        }
    }

    fn keep(&mut self, repair: Repair, is_kept: impl Fn(usize) -> bool) {
        let before = self.certificates.len();
        self.certificates.retain(|index| is_kept(*index));
        if self.certificates.len() < before {
            self.repairs.insert(repair);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use certgate_facts::{Reading, Source};

    use super::*;
    use crate::Slot;

    #[test]
    fn a_root_is_dropped_if_clients_know_it() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/chain/p256-depth-3.pem");
        let source = Source::read("chain", std::fs::File::open(path).unwrap()).unwrap();
        let upload = TlsUpload::new(Slot::whole(Arc::new(Reading::of(source))), Slot::absent());
        let order = |is_known| ChainOrder::of(&upload, &TrustAnchors::None, &[], |_| is_known, |_| true);
        assert_eq!((order(false).certificates, order(false).repairs.len()), (vec![0, 1, 2], 0));
        assert_eq!(order(true).certificates, [0, 1]);
        assert_eq!(order(true).repairs, BTreeSet::from([Repair::RootDropped]));
    }
}
