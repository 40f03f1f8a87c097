//! What a store of resources does, however it is kept.

use certgate_facts::{SshPublicKey, Timestamp};
use certgate_rules::{Cleared, RequestFor, Role};
use certgate_sign::{
    Error as SignError, IssuedCertificate, Prepared, prepare, prepare_without_serial_revocable_by_key_id_only,
};
use rand_core::TryCryptoRng;

use crate::api_key::{Admission, ApiKeyRecord, NewApiKey};
use crate::error::Error;
use crate::issuance::NotIssued;
use crate::pending::Pending;
use crate::reservation::Reservation;
use crate::resource::{
    Deleting, NewResource, ResourceCount, ResourceId, ResourceKind, ResourcePage, ResourceRecord,
    ResourceUpdate,
};
use crate::resource_filter::ResourceFilter;
use crate::seal::{MasterKey, MasterKeyNumber, Sealed};
use crate::serial::Serials;

/// Makes the bytes to be signed under the serial that it is given.
pub type Preparing = Box<dyn FnOnce(u64) -> Result<Prepared, SignError> + Send>;
/// Seals a secret anew that was sealed for the resource of this id.
pub type Resealing = Box<dyn FnMut(&str, &Sealed) -> Result<Sealed, Error> + Send>;

/// The resources of a certificate API and the keys that open it, beside the ledger of what their SSH authorities signed.
///
/// Every method that changes something does all of it or nothing, with one record for each change in the ledger's audit
/// chain, and its answer comes only when that is durable. Several may work on the same store at once, in several processes.
/// `at` is the time to be recorded.
///
/// Answers are boxed futures that need no runtime: an embedded database and one behind a socket then fit the same trait, and
/// which of the two it is can be said at start.
///
/// # Errors
///
/// Any method may give [`Error::Busy`], [`Error::Damaged`], [`Error::Driver`] and [`Error::Inconsistent`], and those that
/// write [`Error::Full`], [`Error::NotCommitted`] and [`Error::ReadOnly`]. Others are said where they are given.
pub trait Resources: Send + Sync {
    /// Keeps a resource.
    ///
    /// # Errors
    ///
    /// - [`Error::MasterKeyDiffers`] for a secret that another master key seals than those that are here.
    /// - [`Error::Conflict`] for an id that is taken, and an authority that is not there.
    /// - [`Error::TextUnfit`] for what is too long to be kept.
    fn create(&self, new: NewResource, at: Timestamp) -> Pending<'_, ResourceRecord>;

    /// Keeps an SSH certificate authority, and adds it to the ledger, where it is called as
    /// [`ResourceId::authority_name`] has it.
    ///
    /// # Errors
    ///
    /// Those of [`Resources::create`], and [`Error::Sign`] for a key that does not sign certificates.
    fn create_authority(
        &self,
        new: NewResource,
        public_key: SshPublicKey,
        at: Timestamp,
    ) -> Pending<'_, ResourceRecord>;

    /// Reserves a serial of an authority's, or 0 where that is asked for, and makes the bytes to be signed under it durable.
    ///
    /// # Errors
    ///
    /// - [`Error::AuthorityUnknown`] for an authority that is not in the ledger.
    /// - [`Error::AuthorityRevoked`], [`Error::WrongState`], [`Error::SerialsExhausted`] for one that does not sign.
    fn reserve(
        &self,
        authority: &ResourceId,
        serials: Serials,
        preparing: Preparing,
        at: Timestamp,
    ) -> Pending<'_, Result<(Reservation, Prepared), NotIssued>>;

    /// Records a certificate that was just signed, and keeps the resource that it is.
    ///
    /// # Errors
    ///
    /// Those of [`Resources::create`]; [`Error::Conflict`] for a certificate that is not the one reserved.
    fn record(
        &self,
        reservation: Reservation,
        certificate: IssuedCertificate,
        new: NewResource,
        at: Timestamp,
    ) -> Pending<'_, Result<ResourceRecord, NotIssued>>;

    /// A resource.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn resource(&self, kind: ResourceKind, id: &ResourceId) -> Pending<'_, Option<ResourceRecord>>;

    /// Resources of one kind that a filter lets through, the greatest ids first: at most `limit`, and no more than
    /// [`PAGE_RESOURCES_MAX`](crate::PAGE_RESOURCES_MAX), with ids below `before`. It is fewer where they would have more than
    /// [`PAGE_RESOURCES_BYTES_MAX`](crate::PAGE_RESOURCES_BYTES_MAX).
    ///
    /// How long it takes does not depend on how many there are where the filter asks for an id, a serial number or the
    /// common name of a subject by its value, for one of several, or for `not_before` or `not_after` in a range: alone, or
    /// with whatever else. All other filters look at one resource after the other until the page is full.
    ///
    /// # Errors
    ///
    /// [`Error::TextUnfit`] for a filter of too many tests.
    fn resources(
        &self,
        kind: ResourceKind,
        filter: ResourceFilter,
        before: Option<ResourceId>,
        limit: usize,
    ) -> Pending<'_, ResourcePage>;

    /// Resources of these kinds that are still valid at `from`, or not valid before it, by the end of their validity, the
    /// first to end first: at most `limit`, and no more than [`PAGE_RESOURCES_MAX`](crate::PAGE_RESOURCES_MAX). Those
    /// without an end are not among them.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn ending(
        &self,
        kinds: Vec<ResourceKind>,
        from: Timestamp,
        limit: usize,
    ) -> Pending<'_, Vec<ResourceRecord>>;

    /// Resources of all kinds, the last to be created first: at most `limit`, and no more than
    /// [`PAGE_RESOURCES_MAX`](crate::PAGE_RESOURCES_MAX). Of each kind it is those with the greatest ids.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn newest(&self, limit: usize) -> Pending<'_, Vec<ResourceRecord>>;

    /// How many resources there are of each kind, and, for each of the moments, how many are not valid any more then. All
    /// is counted at the same time.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn counts(&self, moments: Vec<Timestamp>) -> Pending<'_, Vec<ResourceCount>>;

    /// Changes a resource; how it is then comes back, or nothing if there is none.
    ///
    /// # Errors
    ///
    /// [`Error::TextUnfit`] for what is too long to be kept.
    fn update(
        &self,
        kind: ResourceKind,
        id: &ResourceId,
        update: ResourceUpdate,
        at: Timestamp,
    ) -> Pending<'_, Option<ResourceRecord>>;

    /// Deletes a resource, and its secret. An SSH certificate authority is retired in the ledger, even if certificates
    /// that are no resources any more could still be used.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn delete(&self, kind: ResourceKind, id: &ResourceId, at: Timestamp) -> Pending<'_, Deleting>;

    /// The secret of a resource, if there is one.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn secret(&self, kind: ResourceKind, id: &ResourceId) -> Pending<'_, Option<Sealed>>;

    /// The master keys that seal something here.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn master_keys(&self) -> Pending<'_, Vec<MasterKeyNumber>>;

    /// Seals every secret anew, under the master key of this number; how many there are comes back.
    ///
    /// # Errors
    ///
    /// What `resealing` gives, the first of it.
    fn reseal(&self, resealing: Resealing, to: MasterKeyNumber, at: Timestamp) -> Pending<'_, u64>;

    /// Keeps an API key.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] for an id that is taken; [`Error::TextUnfit`] for a description that is not kept.
    fn add_api_key(&self, new: NewApiKey, at: Timestamp) -> Pending<'_, ()>;

    /// The API key of this id, unless it is revoked, and the resource that is `asked` for: both as they are at one moment,
    /// for the price of one question.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn admit(
        &self,
        key: &ResourceId,
        asked: Option<(ResourceKind, ResourceId)>,
    ) -> Pending<'_, Option<Admission>>;

    /// All API keys, in the order in which they were made.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn api_keys(&self) -> Pending<'_, Vec<ApiKeyRecord>>;

    /// Counts a request that an API key makes, unless `limit` were made in the [`RATE_WINDOW_SECS`](crate::RATE_WINDOW_SECS)
    /// before: then how many seconds it takes until there is room again comes back, and nothing is counted. All who serve the
    /// same database count together. Counts are forgotten in a crash.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn count_request(&self, key: &ResourceId, limit: u32, at: Timestamp) -> Pending<'_, Option<u64>>;

    /// Revokes an API key; whether there was one to revoke comes back.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn revoke_api_key(&self, id: &ResourceId, at: Timestamp) -> Pending<'_, bool>;
}

/// By which authority a certificate is issued that is a resource, and how.
#[derive(Clone, Copy)]
pub struct ResourceIssuance<'s> {
    /// Where it is kept.
    pub store: &'s dyn Resources,
    /// The authority.
    pub authority: &'s ResourceId,
    /// Its key.
    pub public_key: &'s SshPublicKey,
    /// What serial it gets.
    pub serials: Serials,
    /// The time to be recorded.
    pub at: Timestamp,
}

/// Issues an SSH certificate and keeps it as the resource that `resource_of` makes of it: reserve, sign, record. Where and
/// when it is signed is up to `sign`.
///
/// # Errors
///
/// Those of [`Resources::reserve`] and [`Resources::record`], and what `resource_of` gives.
pub async fn issue_resource<C: Role, R: TryCryptoRng + Send + 'static, S>(
    issuance: ResourceIssuance<'_>,
    request: Cleared<RequestFor<C>>,
    sign: impl FnOnce(Prepared) -> S,
    resource_of: impl FnOnce(&IssuedCertificate) -> Result<NewResource, Error>,
    mut rng: R,
) -> Result<Result<ResourceRecord, NotIssued>, Error>
where
    S: Future<Output = Result<IssuedCertificate, SignError>>,
{
    let ResourceIssuance { store, authority, public_key, serials, at } = issuance;
    let key = public_key.clone();
    let preparing = Box::new(move |serial| match serials {
        Serials::Ledger => prepare(request, &key, serial, &mut rng),
        Serials::Zero => prepare_without_serial_revocable_by_key_id_only(request, &key, &mut rng),
    });
    let (reservation, prepared) = match store.reserve(authority, serials, preparing, at).await? {
        Ok(reserved) => reserved,
        Err(refusal) => return Ok(Err(refusal)),
    };
    match sign(prepared).await {
        Ok(issued) => {
            let new = resource_of(&issued)?;
            store.record(reservation, issued, new, at).await
        }
        Err(error) => Ok(Err(NotIssued::SignatureFailed(reservation.id(), error))),
    }
}

/// Seals every secret under another master key; how many there are comes back. What the new key seals already, as after
/// another process did this, stays as it is.
///
/// # Errors
///
/// - [`Error::MasterKeyDiffers`] if neither key opens a secret.
/// - [`Error::SealBroken`] for a secret that was changed.
/// - Those of [`Resources::reseal`].
pub async fn rotate_master_key<R: TryCryptoRng + Send + 'static>(
    store: &dyn Resources,
    (from, to): (MasterKey, MasterKey),
    mut rng: R,
    at: Timestamp,
) -> Result<u64, Error> {
    let number = to.number();
    let resealing = move |id: &str, sealed: &Sealed| match sealed.master == to.number() {
        true => Ok(sealed.clone()),
        false => to.seal(id, &from.open(id, sealed)?, &mut rng),
    };
    store.reseal(Box::new(resealing), number, at).await
}
