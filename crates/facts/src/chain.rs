//! The certificates of an upload in relation to each other: who signed whom, by signature and not by name alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::certificate::Certificate;
use crate::key::PublicKey;
use crate::signature::SignatureCheck;

/// The most signatures checked for one chain; links beyond are taken as [`Link::Unchecked`].
pub const SIGNATURE_CHECKS_MAX: usize = 256;

/// What ties a certificate to the one behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The next certificate's key did not make this one's signature.
    NotSigned,
    /// The next certificate's key made this one's signature.
    Signed,
    /// The signature's algorithm is not checked here; whether the names fit is all that is known.
    Unchecked {
        /// Whether the issuer here is the subject there.
        names_fit: bool,
    },
}

impl Link {
    /// Whether nothing speaks against the link.
    #[must_use]
    pub fn holds(self) -> bool {
        matches!(self, Self::Signed | Self::Unchecked { names_fit: true })
    }
}

/// What is known of certificates in the order they were given; every number is an index into that order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    links: Vec<Link>,
    leaf: Option<usize>,
    order: Vec<usize>,
    duplicates: Vec<Duplicate>,
    self_signed: Vec<usize>,
}

/// The same certificate, byte for byte, given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Where it stands first.
    pub first: usize,
    /// Where it stands again.
    pub again: usize,
}

impl Chain {
    /// Relates `certificates` to each other; `key` is the public half of the private key that comes with them.
    #[must_use]
    pub fn of(certificates: &[&Certificate], key: Option<&PublicKey>) -> Self {
        let mut signatures = Signatures { certificates, checked: BTreeMap::new() };
        let links = (1..certificates.len()).map(|above| signatures.link(above - 1, above)).collect();
        let duplicates = duplicates(certificates);
        let leaf = leaf(certificates, key);
        let order = leaf.map(|leaf| signatures.path_from(leaf)).unwrap_or_default();
        let self_signed = (0..certificates.len()).filter(|index| signatures.is_self_signed(*index)).collect();
        Self { links, leaf, order, duplicates, self_signed }
    }

    /// The tie of each certificate to the next; one fewer than certificates.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The first certificate not signed by the one behind it.
    #[must_use]
    pub fn first_broken_link(&self) -> Option<usize> {
        self.links.iter().position(|link| !link.holds())
    }

    /// The leaf: the certificate of the key, else the first that issued no other and is no CA, else the first that
    /// issued no other.
    #[must_use]
    pub fn leaf(&self) -> Option<usize> {
        self.leaf
    }

    /// The leaf and its issuers as far as they are here: the order in which they would pass.
    #[must_use]
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// Certificates that stand here more than once.
    #[must_use]
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// Certificates signed by their own key.
    #[must_use]
    pub fn self_signed(&self) -> &[usize] {
        &self.self_signed
    }

    /// Certificates that are neither on the path from the leaf nor a repetition of another.
    pub fn unrelated(&self) -> impl Iterator<Item = usize> {
        let all = 0..=self.links.len();
        all.filter(|index| !self.order.is_empty() && !self.order.contains(index))
            .filter(|index| self.duplicates.iter().all(|duplicate| duplicate.again != *index))
    }
}

fn duplicates(certificates: &[&Certificate]) -> Vec<Duplicate> {
    let mut seen = BTreeMap::new();
    let mut duplicates = Vec::new();
    for (index, certificate) in certificates.iter().enumerate() {
        let first = *seen.entry(certificate.der()).or_insert(index);
        if first != index {
            duplicates.push(Duplicate { first, again: index });
        }
    }
    duplicates
}

fn leaf(certificates: &[&Certificate], key: Option<&PublicKey>) -> Option<usize> {
    let of_key =
        |key: &PublicKey| certificates.iter().position(|certificate| certificate.public_key().matches(key));
    if let Some(index) = key.and_then(of_key) {
        return Some(index);
    }
    let issuers: BTreeSet<&[u8]> = certificates
        .iter()
        .filter(|certificate| !certificate.names_as_issuer(certificate))
        .map(|certificate| certificate.issuer().der())
        .collect();
    let issued_none = |certificate: &&&Certificate| !issuers.contains(certificate.subject().der());
    let position = |wanted: &dyn Fn(&&&Certificate) -> bool| {
        certificates.iter().position(|certificate| wanted(&certificate))
    };
    position(&|certificate| issued_none(certificate) && !certificate.is_ca())
        .or_else(|| position(&issued_none))
        .or(if certificates.is_empty() { None } else { Some(0) })
}

/// Signature checks, each done once and within [`SIGNATURE_CHECKS_MAX`].
struct Signatures<'a> {
    certificates: &'a [&'a Certificate],
    checked: BTreeMap<(usize, usize), SignatureCheck>,
}

impl Signatures<'_> {
    fn check(&mut self, below: usize, above: usize) -> SignatureCheck {
        if let Some(known) = self.checked.get(&(below, above)) {
            return *known;
        }
        if self.checked.len() == SIGNATURE_CHECKS_MAX {
            return SignatureCheck::Unchecked;
        }
        let check = self.certificates[below].signed_by(self.certificates[above].public_key());
        self.checked.insert((below, above), check);
        check
    }

    fn link(&mut self, below: usize, above: usize) -> Link {
        match self.check(below, above) {
            SignatureCheck::Valid => Link::Signed,
            SignatureCheck::Invalid => Link::NotSigned,
            SignatureCheck::Unchecked => Link::Unchecked {
                names_fit: self.certificates[below].names_as_issuer(self.certificates[above]),
            },
        }
    }

    fn is_self_signed(&mut self, index: usize) -> bool {
        let certificate = self.certificates[index];
        certificate.names_as_issuer(certificate) && self.check(index, index) == SignatureCheck::Valid
    }

    /// Follows issuers upwards: the next one in the given order first, so that a right order stays as it is.
    fn path_from(&mut self, leaf: usize) -> Vec<usize> {
        let mut path = vec![leaf];
        let mut last = leaf;
        while let Some(issuer) = self.issuer_of(last, &path) {
            path.push(issuer);
            last = issuer;
        }
        path
    }

    fn issuer_of(&mut self, below: usize, path: &[usize]) -> Option<usize> {
        let certificate = self.certificates[below];
        if certificate.names_as_issuer(certificate) && self.check(below, below) != SignatureCheck::Invalid {
            return None;
        }
        let others = (below + 1..self.certificates.len()).chain(0..below);
        let signers: Vec<usize> = others
            .filter(|above| {
                let issuer = self.certificates[*above];
                !path.contains(above)
                    && issuer.der() != certificate.der()
                    && certificate.names_as_issuer(issuer)
                    && self.check(below, *above) != SignatureCheck::Invalid
            })
            .collect();
        // Of several, one that leads on: to itself, or to another that is here.
        let leads_on = |above: &&usize| {
            let issuer = self.certificates[**above];
            let mut all = self.certificates.iter();
            all.any(|other| issuer.names_as_issuer(other))
        };
        signers.iter().find(leads_on).or_else(|| signers.first()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Entry, Reading, Source};

    fn outline(path: &str) -> String {
        let read = |extension: &str| {
            let path = format!("{}/../../fixtures/{path}.{extension}", env!("CARGO_MANIFEST_DIR"));
            Reading::of(Source::read("test", std::fs::File::open(path).unwrap()).unwrap())
        };
        let (chain, key) = (read("pem"), read("key"));
        let certificates: Vec<&Certificate> = chain.entries().iter().filter_map(Entry::certificate).collect();
        let key = key.entries().iter().find_map(Entry::private_key).and_then(|key| match key.state() {
            crate::PrivateKeyState::Usable(public) => Some(public),
            _ => None,
        });
        let outline = |key| {
            let chain = Chain::of(&certificates, key);
            let unrelated: Vec<usize> = chain.unrelated().collect();
            let again: Vec<usize> = chain.duplicates().iter().map(|duplicate| duplicate.again).collect();
            format!(
                "leaf {:?} order {:?} broken {:?} again {again:?} unrelated {unrelated:?} roots {:?}",
                chain.leaf,
                chain.order,
                chain.first_broken_link(),
                chain.self_signed
            )
        };
        assert_eq!(outline(key), outline(None), "the structure tells the same leaf as the key");
        outline(key)
    }

    #[test]
    fn a_chain_in_order_stays_as_it_is() {
        insta::assert_snapshot!(outline("chain/p384-depth-4"), @"leaf Some(0) order [0, 1, 2, 3] broken None again [] unrelated [] roots [3]");
        insta::assert_snapshot!(outline("chain/rsa-2048-depth-1"), @"leaf Some(0) order [0] broken None again [] unrelated [] roots [0]");
    }

    #[test]
    fn the_right_order_is_found_in_any_disorder() {
        insta::assert_snapshot!(outline("rules/chain-out-of-order/bad-swapped"), @"leaf Some(0) order [0, 2, 1, 3] broken Some(0) again [] unrelated [] roots [3]");
        insta::assert_snapshot!(outline("rules/key-does-not-match-leaf/bad-reversed"), @"leaf Some(2) order [2, 1, 0] broken Some(0) again [] unrelated [] roots [0]");
        insta::assert_snapshot!(outline("rules/chain-out-of-order/bad-leaf-twice"), @"leaf Some(0) order [0, 2, 3] broken Some(0) again [1] unrelated [] roots [3]");
        insta::assert_snapshot!(outline("rules/chain-out-of-order/bad-stranger-second"), @"leaf Some(0) order [0, 2, 3] broken Some(0) again [] unrelated [1] roots [3]");
        insta::assert_snapshot!(outline("rules/chain-out-of-order/bad-gap"), @"leaf Some(0) order [0] broken Some(0) again [] unrelated [1] roots [1]");
        insta::assert_snapshot!(outline("rules/chain-duplicate/bad-root-twice"), @"leaf Some(0) order [0, 1, 2] broken None again [3] unrelated [] roots [2, 3]");
    }

    #[test]
    fn a_thousand_namesakes_cost_a_bounded_number_of_checks() {
        let path = format!("{}/../../fixtures/chain/rsa-2048-depth-2.pem", env!("CARGO_MANIFEST_DIR"));
        let reading = Reading::of(Source::read("test", std::fs::File::open(path).unwrap()).unwrap());
        let root = reading.entries()[1].certificate().unwrap();
        let certificates = vec![root; 1000];
        let mut signatures = Signatures { certificates: &certificates, checked: BTreeMap::new() };
        let links: Vec<Link> = (1..1000).map(|above| signatures.link(above - 1, above)).collect();
        assert_eq!(signatures.checked.len(), SIGNATURE_CHECKS_MAX);
        assert_eq!(links[SIGNATURE_CHECKS_MAX], Link::Unchecked { names_fit: true });
    }
}
