//! Requests for SSH certificates, of hosts and of users.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use certgate_facts::{Reading, SshContent, SshLine, SshPublicKey, SshRole, Timestamp};

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

/// What is asked of an SSH authority, be it the API's or one's own: that it certifies a public key under some names, for
/// some time.
///
/// As such it is judged by nobody: what can be judged, and so cleared, says whom it is for, a [`HostCertificateRequest`] or a
/// [`UserCertificateRequest`].
pub struct CertificateRequest {
    role: SshRole,
    public_key: Arc<Reading>,
    key_id: Field,
    principals: Vec<Field>,
    valid_after: Moment,
    valid_before: Moment,
    critical_options: BTreeMap<String, Field>,
    extensions: BTreeMap<String, Field>,
    authority_id: Option<Field>,
    description: Option<Field>,
    metadata: Option<Field>,
    key_holders: Vec<String>,
}

/// A request for a certificate of one role. It reads as a [`CertificateRequest`].
pub struct RequestFor<R> {
    request: CertificateRequest,
    role: PhantomData<R>,
}

/// Certificates of hosts: they prove to users which machine that is.
pub enum ForHost {}

/// Certificates of users: they prove to hosts who logs in.
pub enum ForUser {}

/// A request for an SSH host certificate. It has no options: none is defined for hosts, and clients refuse those they find.
pub type HostCertificateRequest = RequestFor<ForHost>;

/// A request for an SSH user certificate.
pub type UserCertificateRequest = RequestFor<ForUser>;

/// Whom a certificate is for. Sealed.
pub trait Role: sealed::Sealed + Send + Sync + 'static {
    /// As facts have it.
    const ROLE: SshRole;
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else may name it")]
    pub trait Sealed {}
    impl Sealed for super::ForHost {}
    impl Sealed for super::ForUser {}
}

impl Role for ForHost {
    const ROLE: SshRole = SshRole::Host;
}

impl Role for ForUser {
    const ROLE: SshRole = SshRole::User;
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

impl<R: Role> RequestFor<R> {
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
        let (critical_options, extensions) = (BTreeMap::new(), BTreeMap::new());
        let (authority_id, description, metadata) = (None, None, None);
        let request = CertificateRequest {
            role: R::ROLE,
            public_key,
            key_id,
            principals,
            valid_after,
            valid_before,
            critical_options,
            extensions,
            authority_id,
            description,
            metadata,
            key_holders: Vec::new(),
        };
        Self { request, role: PhantomData }
    }

    /// The API's id of the authority that is to sign, for requests that go there.
    #[must_use]
    pub fn with_authority_id(mut self, id: Field) -> Self {
        self.request.authority_id = Some(id);
        self
    }

    /// What goes into the API's `description`.
    #[must_use]
    pub fn with_description(mut self, description: Field) -> Self {
        self.request.description = Some(description);
        self
    }

    /// What goes into the API's `metadata`.
    #[must_use]
    pub fn with_metadata(mut self, metadata: Field) -> Self {
        self.request.metadata = Some(metadata);
        self
    }

    /// The request alone: whom it is for is then known by its [role](CertificateRequest::role), and no longer by its type.
    #[must_use]
    pub fn into_request(self) -> CertificateRequest {
        self.request
    }
}

impl HostCertificateRequest {
    /// Other hosts, by name, that are known to use the same key: from a ledger, or an inventory.
    #[must_use]
    pub fn with_key_holders(mut self, names: Vec<String>) -> Self {
        self.request.key_holders = names;
        self
    }
}

impl UserCertificateRequest {
    /// Options that a server must know and heed, such as `force-command`, by name, each with its value; an empty value is none.
    #[must_use]
    pub fn with_critical_options(mut self, options: BTreeMap<String, Field>) -> Self {
        self.request.critical_options = options;
        self
    }

    /// Options that a server may pass over, such as `permit-pty`, by name, each with its value; an empty value is none.
    #[must_use]
    pub fn with_extensions(mut self, extensions: BTreeMap<String, Field>) -> Self {
        self.request.extensions = extensions;
        self
    }
}

impl<R> Deref for RequestFor<R> {
    type Target = CertificateRequest;

    fn deref(&self) -> &CertificateRequest {
        &self.request
    }
}

impl CertificateRequest {
    /// Whom it is for.
    #[must_use]
    pub const fn role(&self) -> SshRole {
        self.role
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

    /// The names and addresses a host is to be known by, or the names a user may log in under, in the order given.
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

    /// Options that must be known and heeded, by name, each with its value; none for hosts.
    #[must_use]
    pub fn critical_options(&self) -> &BTreeMap<String, Field> {
        &self.critical_options
    }

    /// Options that may be passed over, by name, each with its value; none for hosts.
    #[must_use]
    pub fn extensions(&self) -> &BTreeMap<String, Field> {
        &self.extensions
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
