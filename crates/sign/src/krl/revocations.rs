//! What is revoked, however a list says it.

use std::collections::{BTreeMap, BTreeSet};

use certgate_facts::{SshCertificateFields, SshPublicKey};

use super::defect::{RevocationError, RevocationListError};
use super::section::{CertificateSection, CertificateSubsection, Section};
use super::serials::Serials;
use super::{Header, REVOCATION_LIST_BYTES_MAX, RevocationList, smallest};
use crate::plain_key;
use crate::verify::ClientVersion;

/// The newest version with rules of its own: what it does not read, none does.
const NEWEST_KNOWN: ClientVersion = ClientVersion::new(10, 3);

/// Whose certificates are meant: those of one authority, or of any.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// In the one encoding that OpenSSH gives it.
    authority_key: Option<Box<[u8]>>,
}

impl Scope {
    /// The certificates of any authority.
    #[must_use]
    pub const fn any_authority() -> Self {
        Self { authority_key: None }
    }

    /// The certificates of the authority with this key.
    #[must_use]
    pub fn authority(key: &SshPublicKey) -> Self {
        Self { authority_key: Some(key.canonical_blob().into()) }
    }

    /// The authority's key in wire form (RFC 4253 §6.6); nothing for any authority.
    #[must_use]
    pub fn authority_key(&self) -> Option<&[u8]> {
        self.authority_key.as_deref()
    }
}

/// Revoked certificates of one scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RevokedCertificates {
    pub(super) serials: Serials,
    pub(super) key_ids: BTreeSet<Box<[u8]>>,
}

/// A set of revoked certificates and keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revocations {
    pub(super) certificates: BTreeMap<Scope, RevokedCertificates>,
    pub(super) keys: BTreeSet<Box<[u8]>>,
    pub(super) sha1: BTreeSet<[u8; 20]>,
    pub(super) sha256: BTreeSet<[u8; 32]>,
}

impl Revocations {
    /// Nothing revoked.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What a list revokes, as clients take it: unknown sections and extensions, signatures, and sections for an
    /// authority that is itself a certificate revoke nothing.
    #[must_use]
    pub fn of(list: &RevocationList) -> Self {
        let mut revoked = Self::new();
        for section in list.sections() {
            match section {
                Section::Certificates(section) => revoked.add_certificates(section),
                Section::Keys(keys) => revoked.keys.extend(keys.iter().cloned()),
                Section::Sha1(sums) => revoked.sha1.extend(sums),
                Section::Sha256(sums) => revoked.sha256.extend(sums),
                Section::Signature { .. } | Section::Extension(_) | Section::Unknown { .. } => {}
            }
        }
        revoked
    }

    fn add_certificates(&mut self, section: &CertificateSection) {
        let scope = match SshPublicKey::from_blob(section.authority_key()) {
            _ if section.authority_key().is_empty() => Scope::any_authority(),
            Ok(key) => Scope::authority(&key),
            Err(_) => return,
        };
        let revoked = self.certificates.entry(scope).or_default();
        for subsection in section.subsections() {
            revoked.serials.extend(&subsection.serials());
            if let CertificateSubsection::KeyIds(ids) = subsection {
                revoked.key_ids.extend(ids.iter().map(|id| id.strip_suffix(&[0]).unwrap_or(id).into()));
            }
        }
        self.forget_empty();
    }

    fn forget_empty(&mut self) {
        self.certificates.retain(|_, revoked| !revoked.serials.is_empty() || !revoked.key_ids.is_empty());
    }

    /// Revokes the certificate with this serial.
    ///
    /// # Errors
    ///
    /// [`RevocationError::SerialZero`].
    pub fn revoke_serial(&mut self, scope: &Scope, serial: u64) -> Result<(), RevocationError> {
        self.revoke_serials(scope, serial, serial)
    }

    /// Revokes the certificates with serials from `first` to `last`, both included.
    ///
    /// # Errors
    ///
    /// [`RevocationError::SerialZero`], [`RevocationError::RangeInverted`].
    pub fn revoke_serials(&mut self, scope: &Scope, first: u64, last: u64) -> Result<(), RevocationError> {
        let mut serials = Serials::default();
        serials.insert(first, last)?;
        self.certificates.entry(scope.clone()).or_default().serials.insert(first, last)
    }

    /// Revokes the certificates with this key id, byte for byte.
    ///
    /// # Errors
    ///
    /// [`RevocationError::KeyIdHasNul`], [`RevocationError::TooLarge`].
    pub fn revoke_key_id(&mut self, scope: &Scope, key_id: &[u8]) -> Result<(), RevocationError> {
        if key_id.contains(&0) {
            return Err(RevocationError::KeyIdHasNul);
        }
        if key_id.len() > REVOCATION_LIST_BYTES_MAX {
            return Err(RevocationError::TooLarge);
        }
        self.certificates.entry(scope.clone()).or_default().key_ids.insert(key_id.into());
        Ok(())
    }

    /// Revokes one certificate in the narrowest way: by the serial its authority gave it, or by its key id if that is
    /// 0, which no list can name.
    pub fn revoke_certificate(&mut self, certificate: &SshCertificateFields) {
        let scope = Scope::authority(certificate.authority_key());
        if self.revoke_serial(&scope, certificate.serial()).is_err() {
            let key_id = certificate.key_id().as_bytes().into();
            self.certificates.entry(scope).or_default().key_ids.insert(key_id);
        }
    }

    /// Revokes a key, all certificates for it, and if it is an authority's all certificates that it signed.
    pub fn revoke_key(&mut self, key: &SshPublicKey) {
        self.keys.insert(key.canonical_blob().into());
    }

    /// Revokes a key as [`Revocations::revoke_key`] does, by its SHA-1, for clients that know nothing better.
    pub fn revoke_key_by_sha1(&mut self, key: &SshPublicKey) {
        self.sha1.insert(plain_key::sha1(key));
    }

    /// Revokes a key as [`Revocations::revoke_key`] does, by its SHA-256: the list then does not show the key.
    pub fn revoke_key_by_sha256(&mut self, key: &SshPublicKey) {
        self.sha256.insert(plain_key::sha256(key));
    }

    /// Revokes the key with this SHA-1 of its wire form.
    pub fn revoke_sha1(&mut self, sum: [u8; 20]) {
        self.sha1.insert(sum);
    }

    /// Revokes the key with this SHA-256 of its wire form, which is what fingerprints show.
    pub fn revoke_sha256(&mut self, sum: [u8; 32]) {
        self.sha256.insert(sum);
    }

    /// Revokes all that `other` does too.
    pub fn merge(&mut self, other: &Self) {
        for (scope, theirs) in &other.certificates {
            let ours = self.certificates.entry(scope.clone()).or_default();
            ours.serials.extend(&theirs.serials);
            ours.key_ids.extend(theirs.key_ids.iter().cloned());
        }
        self.keys.extend(other.keys.iter().cloned());
        self.sha1.extend(&other.sha1);
        self.sha256.extend(&other.sha256);
    }

    /// Whether nothing is revoked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.keys.is_empty() && self.sha1.is_empty() && self.sha256.is_empty()
    }

    /// Scopes with revoked certificates, with the serials and the key ids of each, sorted.
    pub fn certificates(&self) -> impl Iterator<Item = (&Scope, &Serials, impl Iterator<Item = &[u8]>)> {
        self.certificates
            .iter()
            .map(|(scope, revoked)| (scope, &revoked.serials, revoked.key_ids.iter().map(AsRef::as_ref)))
    }

    /// The list that says this: sorted, in the fewest bytes, without anything that clients since 6.2 do not read, but
    /// for SHA-256 sums, which they read since 7.9.
    ///
    /// # Errors
    ///
    /// [`RevocationError::TooLarge`], [`RevocationError::TooManyEntries`]: the list could not be read again.
    /// [`RevocationError::AuthorityKeyType`]: no client could read it.
    pub fn to_list(&self, header: Header) -> Result<RevocationList, RevocationError> {
        let mut sections: Vec<Section> = self.certificates.iter().map(certificate_section).collect();
        if !self.keys.is_empty() {
            sections.push(Section::Keys(self.keys.iter().cloned().collect()));
        }
        if !self.sha1.is_empty() {
            sections.push(Section::Sha1(self.sha1.iter().copied().collect()));
        }
        if !self.sha256.is_empty() {
            sections.push(Section::Sha256(self.sha256.iter().copied().collect()));
        }
        let list = RevocationList { header, sections };
        match RevocationList::read(&list.to_bytes()) {
            Ok(list) if list.unsupported_by(NEWEST_KNOWN).is_some() => Err(RevocationError::AuthorityKeyType),
            Ok(_) => Ok(list),
            Err(RevocationListError::TooManyEntries { .. }) => Err(RevocationError::TooManyEntries),
            Err(_) => Err(RevocationError::TooLarge),
        }
    }
}

fn certificate_section((scope, revoked): (&Scope, &RevokedCertificates)) -> Section {
    let authority_key = scope.authority_key.clone().unwrap_or_default();
    let mut subsections = smallest::subsections(&revoked.serials);
    if !revoked.key_ids.is_empty() {
        subsections.push(CertificateSubsection::KeyIds(revoked.key_ids.iter().cloned().collect()));
    }
    Section::Certificates(CertificateSection { authority_key, reserved: Box::default(), subsections })
}
