//! A request for an SSH host certificate.

use std::sync::Arc;

use certgate_facts::{Reading, SshContent, SshLine, SshPublicKey, Timestamp};

use super::Field;

/// When a certificate is valid: `valid_after <= now < valid_before`, in seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SshValidity {
    /// First second of validity.
    pub valid_after: u64,
    /// First second that is no longer in it; `u64::MAX` is forever.
    pub valid_before: u64,
}

impl SshValidity {
    /// The last second that RFC 3339 can write: 9999-12-31T23:59:59Z.
    const WRITABLE_SECS_MAX: u64 = 253_402_300_799;

    /// How many seconds lie in it: none where it ends before it begins, or as it does.
    #[must_use]
    pub const fn lifetime_secs(self) -> u64 {
        self.valid_before.saturating_sub(self.valid_after)
    }

    /// Whether it has no end, or one behind the year 9999.
    #[must_use]
    pub const fn is_forever(self) -> bool {
        self.valid_before > Self::WRITABLE_SECS_MAX
    }
}

/// One end of a validity, as seconds or as it was written.
#[derive(Clone)]
pub struct Moment {
    secs: Option<u64>,
    written: Option<Field>,
}

/// What is asked of an SSH authority, be it the API's or one's own: that it certifies a host's public key under some
/// names, for some time.
pub struct HostCertificateRequest {
    public_key: Arc<Reading>,
    key_id: Field,
    principals: Vec<Field>,
    valid_after: Moment,
    valid_before: Moment,
    authority_id: Option<Field>,
    description: Option<Field>,
    metadata: Option<Field>,
    key_holders: Vec<String>,
}

impl Moment {
    /// Seconds since 1970-01-01T00:00:00Z; `u64::MAX` is forever.
    #[must_use]
    pub const fn at(secs: u64) -> Self {
        Self { secs: Some(secs), written: None }
    }

    /// A text that should be RFC 3339, or a date; what is not, or lies before 1970, is for the rules to find.
    #[must_use]
    pub fn written(field: Field) -> Self {
        let secs = field.text().parse::<Timestamp>().ok().and_then(|at| u64::try_from(at.unix_secs()).ok());
        Self { secs, written: Some(field) }
    }

    /// The seconds; `None` for a text that is no moment.
    #[must_use]
    pub const fn secs(&self) -> Option<u64> {
        self.secs
    }

    /// The text, if it was given as one.
    #[must_use]
    pub const fn field(&self) -> Option<&Field> {
        self.written.as_ref()
    }
}

impl HostCertificateRequest {
    /// A request for the key on the first OpenSSH line of `public_key`, valid from `valid_after` and before
    /// `valid_before`.
    #[must_use]
    pub fn new(
        public_key: Arc<Reading>,
        key_id: Field,
        principals: Vec<Field>,
        valid_after: Moment,
        valid_before: Moment,
    ) -> Self {
        let (authority_id, description, metadata) = (None, None, None);
        Self {
            public_key,
            key_id,
            principals,
            valid_after,
            valid_before,
            authority_id,
            description,
            metadata,
            key_holders: Vec::new(),
        }
    }

    /// The API's id of the authority that is to sign, for requests that go there.
    #[must_use]
    pub fn with_authority_id(mut self, id: Field) -> Self {
        self.authority_id = Some(id);
        self
    }

    /// What goes into the API's `description`.
    #[must_use]
    pub fn with_description(mut self, description: Field) -> Self {
        self.description = Some(description);
        self
    }

    /// What goes into the API's `metadata`.
    #[must_use]
    pub fn with_metadata(mut self, metadata: Field) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// Other hosts, by name, that are known to use the same key: from a ledger, or an inventory.
    #[must_use]
    pub fn with_key_holders(mut self, names: Vec<String>) -> Self {
        self.key_holders = names;
        self
    }

    /// What was given as the public key.
    #[must_use]
    pub fn public_key_reading(&self) -> &Arc<Reading> {
        &self.public_key
    }

    /// The line that is taken as the public key, whatever it holds; `None` where there is none.
    #[must_use]
    pub fn public_key_line(&self) -> Option<&SshLine> {
        self.public_key.ssh_lines().first()
    }

    /// The public key to certify; `None` where what was given holds none that reads.
    #[must_use]
    pub fn public_key(&self) -> Option<&SshPublicKey> {
        match &self.public_key_line()?.content {
            SshContent::PublicKey(key) => Some(key),
            _ => None,
        }
    }

    /// What the certificate is to be known by, in logs and revocation lists.
    #[must_use]
    pub fn key_id(&self) -> &Field {
        &self.key_id
    }

    /// The names and addresses the host is to be known by, in the order given.
    #[must_use]
    pub fn principals(&self) -> &[Field] {
        &self.principals
    }

    /// The first moment of validity.
    #[must_use]
    pub fn valid_after(&self) -> &Moment {
        &self.valid_after
    }

    /// The first moment after validity.
    #[must_use]
    pub fn valid_before(&self) -> &Moment {
        &self.valid_before
    }

    /// When the certificate is to be valid; `None` where an end of it is no moment.
    #[must_use]
    pub fn validity(&self) -> Option<SshValidity> {
        let (valid_after, valid_before) = (self.valid_after.secs()?, self.valid_before.secs()?);
        Some(SshValidity { valid_after, valid_before })
    }

    /// The API's id of the authority that is to sign.
    #[must_use]
    pub fn authority_id(&self) -> Option<&Field> {
        self.authority_id.as_ref()
    }

    /// The field `description`.
    #[must_use]
    pub fn description(&self) -> Option<&Field> {
        self.description.as_ref()
    }

    /// The field `metadata`.
    #[must_use]
    pub fn metadata(&self) -> Option<&Field> {
        self.metadata.as_ref()
    }

    /// Other hosts that are known to use the same key.
    #[must_use]
    pub fn key_holders(&self) -> &[String] {
        &self.key_holders
    }
}
