//! Resources beside the ledger, in the same database.

use certgate_facts::{SshPublicKey, Timestamp};
use certgate_sign::{Error as SignError, IssuedCertificate, Prepared, ToBeSigned};

use super::change::Change;
use super::writer::Writer;
use super::{Database, api_keys, overview, reservations, resources, search};
use crate::api_key::{Admission, ApiKeyRecord, NewApiKey};
use crate::error::Error;
use crate::issuance::NotIssued;
use crate::pending::Pending;
use crate::reservation::{Preparation, Recording, Reservation, Reserving};
use crate::resource::{
    Deleting, NewResource, ResourceCount, ResourceId, ResourceKind, ResourcePage, ResourceRecord,
    ResourceUpdate,
};
use crate::resource_filter::ResourceFilter;
use crate::resources::{Preparing, Resealing, Resources};
use crate::seal::{MasterKeyNumber, Sealed};
use crate::serial::Serials;

/// A store that is kept in a database.
pub(crate) trait Keeps: Send + Sync {
    /// What writes.
    fn writer(&self) -> &Writer;

    /// Reads.
    fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&dyn Database) -> Result<T, Error> + Send + 'static,
    ) -> Pending<'_, T>;

    /// As [`Resources::count_request`].
    fn count(&self, key: &ResourceId, limit: u32, at: Timestamp) -> Pending<'_, Option<u64>>;
}

impl<K: Keeps> Resources for K {
    fn create(&self, new: NewResource, at: Timestamp) -> Pending<'_, ResourceRecord> {
        self.writer().make(at, |change| resources::create(change, new))
    }

    fn create_authority(
        &self,
        new: NewResource,
        public_key: SshPublicKey,
        at: Timestamp,
    ) -> Pending<'_, ResourceRecord> {
        self.writer().make(at, |change| resources::create_authority(change, new, public_key))
    }

    fn reserve(
        &self,
        authority: &ResourceId,
        serials: Serials,
        preparing: Preparing,
        at: Timestamp,
    ) -> Pending<'_, Result<(Reservation, Prepared), NotIssued>> {
        let name = authority.authority_name();
        self.writer().make(at, move |change| {
            let mut one = One { preparing: Some(preparing), prepared: None };
            let reserved = reservations::reserve(change, &name?, serials, &mut one)?.pop();
            Ok(match (one.prepared, reserved) {
                (Some(Ok(prepared)), Some(Reserving::Reserved(reservation))) => Ok((reservation, prepared)),
                (_, Some(Reserving::Revoked(revocation))) => Err(NotIssued::Revoked(revocation)),
                (Some(Err(refusal)), _) => Err(NotIssued::Refused(refusal)),
                _ => Err(NotIssued::NotTried),
            })
        })
    }

    fn record(
        &self,
        reservation: Reservation,
        certificate: IssuedCertificate,
        new: NewResource,
        at: Timestamp,
    ) -> Pending<'_, Result<ResourceRecord, NotIssued>> {
        self.writer().make(at, |change| {
            let authority = resources::look_at(change.sql(), &new)?;
            match reservations::record(change, &[(reservation, certificate)])?.pop() {
                Some(Recording::ClosedMeanwhile(id)) => Ok(Err(NotIssued::ClosedMeanwhile(id))),
                _ => resources::keep(change, new, authority).map(Ok),
            }
        })
    }

    fn resource(&self, kind: ResourceKind, id: &ResourceId) -> Pending<'_, Option<ResourceRecord>> {
        let id = id.clone();
        self.read(move |sql| resources::one(sql, kind, &id))
    }

    fn resources(
        &self,
        kind: ResourceKind,
        filter: ResourceFilter,
        before: Option<ResourceId>,
        limit: usize,
    ) -> Pending<'_, ResourcePage> {
        self.read(move |sql| search::page(sql, kind, &filter, before.as_ref(), limit))
    }

    fn ending(
        &self,
        kinds: Vec<ResourceKind>,
        from: Timestamp,
        limit: usize,
    ) -> Pending<'_, Vec<ResourceRecord>> {
        self.read(move |sql| overview::ending(sql, &kinds, from, limit))
    }

    fn newest(&self, limit: usize) -> Pending<'_, Vec<ResourceRecord>> {
        self.read(move |sql| overview::newest(sql, limit))
    }

    fn counts(&self, moments: Vec<Timestamp>) -> Pending<'_, Vec<ResourceCount>> {
        self.read(move |sql| overview::counts(sql, &moments))
    }

    fn update(
        &self,
        kind: ResourceKind,
        id: &ResourceId,
        update: ResourceUpdate,
        at: Timestamp,
    ) -> Pending<'_, Option<ResourceRecord>> {
        let id = id.clone();
        self.writer().make(at, move |change| resources::update(change, kind, &id, update))
    }

    fn delete(&self, kind: ResourceKind, id: &ResourceId, at: Timestamp) -> Pending<'_, Deleting> {
        let id = id.clone();
        self.writer().make(at, move |change| resources::delete(change, kind, &id))
    }

    fn secret(&self, kind: ResourceKind, id: &ResourceId) -> Pending<'_, Option<Sealed>> {
        let id = id.clone();
        self.read(move |sql| resources::secret(sql, kind, &id))
    }

    fn master_keys(&self) -> Pending<'_, Vec<MasterKeyNumber>> {
        self.read(resources::master_keys)
    }

    fn reseal(&self, resealing: Resealing, to: MasterKeyNumber, at: Timestamp) -> Pending<'_, u64> {
        self.writer().make(at, move |change: &mut Change<'_>| resources::reseal(change, resealing, to))
    }

    fn add_api_key(&self, new: NewApiKey, at: Timestamp) -> Pending<'_, ()> {
        self.writer().make(at, |change| api_keys::add(change, new))
    }

    fn admit(
        &self,
        key: &ResourceId,
        asked: Option<(ResourceKind, ResourceId)>,
    ) -> Pending<'_, Option<Admission>> {
        let key = key.clone();
        self.read(move |sql| api_keys::admit(sql, &key, asked.as_ref()))
    }

    fn api_keys(&self) -> Pending<'_, Vec<ApiKeyRecord>> {
        self.read(api_keys::all)
    }

    fn count_request(&self, key: &ResourceId, limit: u32, at: Timestamp) -> Pending<'_, Option<u64>> {
        self.count(key, limit, at)
    }

    fn revoke_api_key(&self, id: &ResourceId, at: Timestamp) -> Pending<'_, bool> {
        let id = id.clone();
        self.writer().make(at, move |change| api_keys::revoke(change, &id))
    }
}

/// One certificate on its way into the ledger.
struct One {
    preparing: Option<Preparing>,
    prepared: Option<Result<Prepared, SignError>>,
}

impl Preparation for One {
    fn next(&mut self, serial: u64) -> Option<&ToBeSigned> {
        // Asked a second time, there is no other.
        let preparing = self.preparing.take()?;
        self.prepared.insert(preparing(serial)).as_ref().ok().map(Prepared::to_be_signed)
    }
}
