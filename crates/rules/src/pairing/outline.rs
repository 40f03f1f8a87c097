//! What pairing has to know of a source: a few hundred bytes, so that those of very many sources can be held.

use certgate_facts::{Certificate, Content, Entry, PublicKey, Reading, sha256};

use crate::census::Counted;

/// A source in outline. It holds no secret: of keys the public halves, digested.
pub struct Outline {
    pub(crate) name: Box<str>,
    pub(super) length: usize,
    pub(super) role: Role,
    /// Which Secret of its manifest it comes from.
    pub(super) secret: Option<usize>,
    /// The public keys of its certificates, in their order.
    pub(super) certified: Box<[[u8; 32]]>,
    /// The public half of its first private key.
    pub(super) key: Option<[u8; 32]>,
    pub(super) link: Option<Link>,
    /// The first certificate that is no authority's.
    pub(crate) leaf: Option<Box<Counted>>,
}

/// What a source gives.
pub(super) enum Role {
    /// Certificates.
    Chain,
    /// Private keys.
    Key,
    /// Both, each in these blocks.
    Both { chain: Box<[usize]>, key: Box<[usize]> },
    /// Neither.
    Unknown,
}

/// What ties a chain to others, by digests of names; nothing where it is not to be put together with any.
pub(super) struct Link {
    /// Of whom the last certificate says that it is its issuer.
    pub(super) issuer: Option<[u8; 32]>,
    /// The subjects, where all are issuers.
    pub(super) subjects: Option<Box<[[u8; 32]]>>,
}

impl Outline {
    /// What is to be known of a source.
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        let meant = reading.source().origin().and_then(|origin| {
            Some((if origin.meant_as_key()? { Role::Key } else { Role::Chain }, origin.unit()))
        });
        let secret = meant.as_ref().map(|(_, unit)| *unit);
        let role = meant.map_or_else(|| Role::of(reading.entries()), |(role, _)| role);
        let certificates = || reading.entries().iter().filter_map(Entry::certificate);
        let key = reading.entries().iter().find_map(Entry::private_key).and_then(|key| key.public_key());
        let is_chain = matches!(role, Role::Chain);
        Self {
            name: reading.source().name().into(),
            length: reading.source().text().len(),
            role,
            secret,
            certified: certificates().map(|certificate| certificate.public_key().identity()).collect(),
            key: key.map(PublicKey::identity),
            leaf: certificates()
                .find(|certificate| !certificate.is_ca())
                .map(|leaf| Box::new(Counted::of(leaf))),
            link: (is_chain && reading.can_be_joined()).then(|| Link::of(reading.entries())),
        }
    }

    /// What the source is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// That without the extension.
    pub(super) fn stem(&self) -> &str {
        self.name.rsplit_once('.').map_or(&self.name, |(stem, _)| stem)
    }
}

impl Role {
    fn of(entries: &[Entry]) -> Self {
        let indices = |wanted: &dyn Fn(&Entry) -> bool| -> Box<[usize]> {
            entries.iter().enumerate().filter(|(_, entry)| wanted(entry)).map(|(index, _)| index).collect()
        };
        let is_of_key =
            |entry: &Entry| entry.is_private_key() || matches!(entry.content(), Content::KeyParameters);
        match (entries.iter().any(Entry::is_certificate), entries.iter().any(Entry::is_private_key)) {
            (true, true) => {
                Self::Both { chain: indices(&|entry| !is_of_key(entry)), key: indices(&is_of_key) }
            }
            (true, false) => Self::Chain,
            (false, true) => Self::Key,
            (false, false) => Self::Unknown,
        }
    }
}

impl Link {
    fn of(entries: &[Entry]) -> Self {
        let certificates = || entries.iter().filter_map(Entry::certificate);
        let is_issuer = |entry: &Entry| entry.certificate().is_some_and(Certificate::is_ca);
        let subjects = || certificates().map(|certificate| sha256(certificate.subject().der())).collect();
        Self {
            issuer: certificates().next_back().map(|last| sha256(last.issuer().der())),
            subjects: (!entries.is_empty() && entries.iter().all(is_issuer)).then(subjects),
        }
    }
}
