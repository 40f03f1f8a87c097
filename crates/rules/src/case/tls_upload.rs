//! A request to create a TLS certificate.

use certgate_facts::{Certificate, Chain, Entry, KeyFormat, PrivateKeyState, PublicKey};

use super::clients;
use super::slot::Slot;
use crate::anchor::{Anchor, TrustAnchors};
use crate::ct_log;
use crate::path::{ClientAnswer, ClientKind, Path, PathFault, PathQuestion, Profile, Purpose};
use crate::policy::Policy;

/// Certificates between leaf and anchor: more than any public CA has, fewer than any client gives up at.
const INTERMEDIATES_MAX: usize = 8;

/// A request to create a TLS certificate, before it is sent.
pub struct TlsUpload {
    certificate: Slot,
    private_key: Slot,
    description: String,
    metadata: String,
    chain: Chain,
    seen_chain: Option<Chain>,
    path: Option<Result<Path, PathFault>>,
    is_public: bool,
    clients: Vec<(ClientKind, ClientAnswer)>,
}

impl TlsUpload {
    /// What goes into `certificate_pem` and `private_key_pem`.
    #[must_use]
    pub fn new(certificate: Slot, private_key: Slot) -> Self {
        let key = usable_public_key(private_key.first_private_key());
        let certificates: Vec<&Certificate> = certificate.entries().filter_map(Entry::certificate).collect();
        let chain = Chain::of(&certificates, key);
        let seen: Vec<&Certificate> =
            certificate.entries_found_by_api().filter_map(Entry::certificate).collect();
        let seen_chain = (seen.len() < certificates.len()).then(|| Chain::of(&seen, key));
        let (description, metadata) = (String::new(), String::new());
        Self {
            certificate,
            private_key,
            description,
            metadata,
            chain,
            seen_chain,
            path: None,
            is_public: false,
            clients: Vec::new(),
        }
    }

    /// What goes into `description`; empty is the same as none.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// What goes into `metadata`; empty is the same as none.
    #[must_use]
    pub fn with_metadata(mut self, metadata: impl Into<String>) -> Self {
        self.metadata = metadata.into();
        self
    }

    /// The field `certificate_pem`.
    #[must_use]
    pub fn certificate(&self) -> &Slot {
        &self.certificate
    }

    /// The field `private_key_pem`.
    #[must_use]
    pub fn private_key(&self) -> &Slot {
        &self.private_key
    }

    /// The field `description`.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The field `metadata`.
    #[must_use]
    pub fn metadata(&self) -> &str {
        &self.metadata
    }

    /// The certificates that read, in the order given, each with its block.
    pub fn certificates(&self) -> impl Iterator<Item = (&Entry, &Certificate)> {
        self.certificate.entries().filter_map(|entry| Some((entry, entry.certificate()?)))
    }

    /// How the certificates that read relate; indices count [`TlsUpload::certificates`].
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The path from the leaf that is meant to an anchor of the policy, as clients judge it; `None` before the case is
    /// judged, without anchors, and without a leaf. Places count [`TlsUpload::certificates`] without that leaf.
    pub(crate) fn path(&self) -> Option<&Result<Path, PathFault>> {
        self.path.as_ref()
    }

    /// What clients of each kind answer; empty where nobody knows whether they have the root: before the case is judged, without
    /// anchors, and under Mozilla's roots of a chain that ends in another.
    #[must_use]
    pub fn clients(&self) -> &[(ClientKind, ClientAnswer)] {
        &self.clients
    }

    /// The certificates that read, but for the leaf that is meant: what a client may go through.
    pub(crate) fn certificates_above(&self) -> Vec<(&Entry, &Certificate)> {
        let leaf = self.leaf_meant().map(|(entry, _)| entry);
        self.certificates().filter(|(entry, _)| leaf.is_none_or(|leaf| !std::ptr::eq(leaf, *entry))).collect()
    }

    /// The same, each once: what stands there again has a finding of its own.
    pub(crate) fn members_above(&self) -> impl Iterator<Item = (&Entry, &Certificate)> {
        let leaf = self.leaf_meant().map(|(entry, _)| entry);
        let is_again = |index| self.chain.duplicates().iter().any(|duplicate| duplicate.again == index);
        let members = self.certificates().enumerate().filter(move |(index, (entry, _))| {
            !is_again(*index) && leaf.is_none_or(|leaf| !std::ptr::eq(leaf, *entry))
        });
        members.map(|(_, member)| member)
    }

    pub(super) fn find_path(&mut self, policy: &Policy) {
        let Some((_, leaf)) = self.leaf_meant() else { return };
        let above = self.certificates_above();
        let others: Vec<&Certificate> = above.iter().map(|(_, certificate)| *certificate).collect();
        let question = PathQuestion {
            leaf,
            others: &others,
            anchors: policy.anchors().all(),
            at: policy.at(),
            profile: Profile::Clients,
            purpose: Purpose::ServerAuth,
            names: &[],
            key_usages: &[],
            intermediates_max: INTERMEDIATES_MAX,
            revocation_lists: &[],
        };
        if !question.anchors.is_empty() {
            let path = question.answer();
            // Behind a block that does not read the issuer may stand.
            let is_whole = self
                .certificate
                .entries()
                .all(|entry| !entry.is_certificate() || entry.certificate().is_some());
            if clients::is_judged(&path, &question, policy.anchors(), is_whole) {
                self.clients = clients::answers(&PathQuestion { names: policy.hosts(), ..question });
            }
            self.path = Some(path);
        }
        self.is_public = policy.is_every_chain_public() || self.ends_at_public_root(policy);
        let leaf = self.leaf_meant().filter(|_| self.is_public && !self.clients.is_empty());
        if let Some(lack) = leaf.and_then(|(_, leaf)| ct_log::lack(leaf, policy.at())) {
            clients::hear_of_logs(&mut self.clients, &lack);
        }
    }

    /// Where no path holds, the last certificate of the chain says where it was to end.
    fn ends_at_public_root(&self, policy: &Policy) -> bool {
        if let Some(Ok(path)) = &self.path {
            return policy.anchors().all().get(path.anchor).is_some_and(Anchor::is_public);
        }
        let top = self.chain.order().last().and_then(|index| self.certificates().nth(*index));
        top.is_some_and(|(_, top)| TrustAnchors::Mozilla.include(top) || TrustAnchors::Mozilla.issued(top))
    }

    /// Whether the rules of the CA/Browser Forum and of the root programmes bind who issued it: the chain ends at a root of
    /// Mozilla's programme, or the policy says so of all; known once the case is judged.
    pub(crate) fn is_public(&self) -> bool {
        self.is_public
    }

    /// The certificates that read among the blocks the API finds.
    pub(crate) fn certificates_seen(&self) -> impl Iterator<Item = &Certificate> {
        self.certificate.entries_found_by_api().filter_map(Entry::certificate)
    }

    /// How the certificates that the API sees relate; indices count those.
    pub(crate) fn chain_seen(&self) -> &Chain {
        self.seen_chain.as_ref().unwrap_or(&self.chain)
    }

    /// Whether the API does not see the block that is meant as the leaf.
    pub(crate) fn leaf_is_hidden(&self) -> bool {
        let first = self.certificate.entries().find(|entry| entry.is_certificate());
        first.is_some_and(|leaf| !leaf.block().is_found_by_go())
    }

    /// The first `CERTIFICATE` block, which the API takes as the leaf; `None` where it does not read.
    #[must_use]
    pub fn leaf(&self) -> Option<(&Entry, &Certificate)> {
        let first = self.certificate.entries().find(|entry| entry.is_certificate())?;
        Some((first, first.certificate()?))
    }

    /// The certificate that is meant to be the leaf: the first, unless the order is wrong and another one is it.
    #[must_use]
    pub fn leaf_meant(&self) -> Option<(&Entry, &Certificate)> {
        match (self.chain.first_broken_link(), self.chain.leaf()) {
            (Some(_), Some(index)) => self.certificates().nth(index),
            _ => self.leaf(),
        }
    }

    /// The same, unless it is an authority: what holds for leaves is not asked of those, of which `leaf-is-a-ca` tells.
    pub(crate) fn leaf_for_servers(&self) -> Option<(&Entry, &Certificate)> {
        self.leaf_meant().filter(|(_, leaf)| !leaf.is_ca())
    }

    /// The private key block the API takes: the first it finds.
    #[must_use]
    pub fn private_key_seen(&self) -> Option<&Entry> {
        self.private_key.entries_found_by_api().find(|entry| entry.is_private_key())
    }

    /// The public half of the private key the API takes, where it is one it can use, once it is decrypted.
    #[must_use]
    pub fn public_key(&self) -> Option<&PublicKey> {
        usable_public_key(self.private_key_seen())
    }
}

/// Also of one that is encrypted, where a passphrase showed it: what else is wrong is told along with that.
fn usable_public_key(entry: Option<&Entry>) -> Option<&PublicKey> {
    let key = entry?.private_key()?;
    match key.state() {
        PrivateKeyState::Usable(public) => Some(public),
        PrivateKeyState::Encrypted { public, .. } if key.format() != KeyFormat::OpenSsh => public.as_ref(),
        _ => None,
    }
}
