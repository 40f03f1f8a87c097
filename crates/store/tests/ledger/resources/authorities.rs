//! SSH authorities that are resources, and what they sign.

use std::future::ready;

use certgate_rules::{Cleared, RequestFor, Role};
use certgate_sign::{IssuedCertificate, Prepared, Signer};
use certgate_store::{
    AuthorityState, CertificateFilter, Certificates, Conflict, Custody, Deleting, Error, Ledger, NewResource,
    NotIssued, ResourceIssuance, ResourceKind, ResourceRecord, Resources, RevocationTarget, Revoking,
    Serials, issue_resource, wait,
};

use super::{Place, id, ids, resource};
use crate::harness::{Guarded, day, host_key, key, now, rng, wish};

const AUTHORITY: ResourceKind = ResourceKind::SshCertificateAuthority;
const HOST: ResourceKind = ResourceKind::SshHostCertificate;

/// A store with an authority, number 1, whose key is that of seed 1.
fn store_with_authority(place: &dyn Place) -> Box<dyn Resources> {
    let store = place.open();
    let public_key = key(1).public_key().clone();
    wait(store.create_authority(resource(AUTHORITY, 1), public_key, now())).unwrap();
    store
}

/// A resource of what was issued: its content is the line.
fn host(number: u32, issued: &IssuedCertificate) -> NewResource {
    let content = issued.line().into_bytes();
    NewResource { authority: Some(id(1)), content, ..resource(HOST, number) }
}

fn issue(store: &dyn Resources, number: u32) -> Result<Result<ResourceRecord, NotIssued>, Error> {
    let request = wish(u64::from(number)).cleared();
    issue_by(store, &key(1), request, number, Serials::Ledger)
}

fn issue_by<C: Role>(
    store: &dyn Resources,
    signer: &dyn Signer,
    request: Cleared<RequestFor<C>>,
    number: u32,
    serials: Serials,
) -> Result<Result<ResourceRecord, NotIssued>, Error> {
    let (authority, public_key) = (id(1), signer.public_key());
    let issuance = ResourceIssuance { store, authority: &authority, public_key, serials, at: now() };
    let sign = |prepared: Prepared| ready(prepared.sign(signer));
    wait(issue_resource(issuance, request, sign, |issued| Ok(host(number, issued)), rng(3)))
}

fn unfinished(ledger: &dyn Ledger) -> usize {
    Certificates::of(ledger, CertificateFilter::unfinished()).count()
}

pub(crate) fn an_authority_is_in_the_ledger_too(place: &dyn Place) {
    let store = store_with_authority(place);
    let authority = place.ledger().authority(&id(1).authority_name().unwrap()).unwrap().unwrap();
    assert_eq!((authority.custody, authority.state), (Custody::Sealed, AuthorityState::Signing));
    assert_eq!(authority.public_key.blob(), key(1).public_key().blob());
    assert_eq!(ids(store.as_ref(), AUTHORITY), [id(1)]);
    // A key signs for one authority.
    let again = store.create_authority(resource(AUTHORITY, 2), key(1).public_key().clone(), now());
    assert!(matches!(wait(again), Err(Error::Conflict(Conflict::AuthorityKeyTaken { .. }))));
    assert_eq!(ids(store.as_ref(), AUTHORITY), [id(1)]);
}

pub(crate) fn a_certificate_is_in_the_ledger_and_a_resource(place: &dyn Place) {
    let store = store_with_authority(place);
    for number in [1, 2] {
        issue(store.as_ref(), number).unwrap().unwrap();
    }
    let ledger = place.ledger();
    let recorded: Vec<_> = Certificates::of(ledger.as_ref(), CertificateFilter::default())
        .map(|record| record.unwrap())
        .collect();
    assert_eq!(recorded.iter().map(|record| record.fields().serial()).collect::<Vec<_>>(), [1, 2]);
    let first = wait(store.resource(HOST, &id(1))).unwrap().unwrap();
    let line = recorded[0].certificate().unwrap().to_line("");
    assert!(String::from_utf8(first.content).unwrap().starts_with(line.trim_end()));
    assert_eq!(unfinished(ledger.as_ref()), 0);
}

pub(crate) fn an_authority_in_use_stays(place: &dyn Place) {
    let store = store_with_authority(place);
    issue(store.as_ref(), 1).unwrap().unwrap();
    assert_eq!(wait(store.delete(AUTHORITY, &id(1), now())).unwrap(), Deleting::InUse);
    assert_eq!(wait(store.delete(HOST, &id(1), now())).unwrap(), Deleting::Deleted);
    assert_eq!(wait(store.delete(AUTHORITY, &id(1), now())).unwrap(), Deleting::Deleted);
    let authority = place.ledger().authority(&id(1).authority_name().unwrap()).unwrap().unwrap();
    assert_eq!(authority.state, AuthorityState::Retired);
}

pub(crate) fn an_authority_that_is_deleted_signs_no_more(place: &dyn Place) {
    let store = store_with_authority(place);
    wait(store.delete(AUTHORITY, &id(1), now())).unwrap();
    assert!(matches!(issue(store.as_ref(), 1), Err(Error::WrongState { .. })));
    assert_eq!(unfinished(place.ledger().as_ref()), 0);
    assert_eq!(ids(store.as_ref(), HOST), []);
}

pub(crate) fn a_certificate_of_an_authority_that_went_meanwhile_is_no_resource(place: &dyn Place) {
    let store = store_with_authority(place);
    let guard = |_: &[u8]| {
        assert_eq!(wait(place.open().delete(AUTHORITY, &id(1), now())).unwrap(), Deleting::Deleted);
        Ok(())
    };
    let signer = Guarded { key: key(1), guard };
    let request = wish(1).cleared();
    let issued = issue_by(store.as_ref(), &signer, request, 1, Serials::Ledger);
    assert!(matches!(issued, Err(Error::Conflict(Conflict::ResourceAuthorityUnknown { .. }))));
    assert_eq!(ids(store.as_ref(), HOST), []);
    // It was signed, and the ledger knows that it may have been.
    assert_eq!(unfinished(place.ledger().as_ref()), 1);
}

pub(crate) fn a_signature_that_fails_leaves_something_unfinished(place: &dyn Place) {
    let store = store_with_authority(place);
    let signer = Guarded { key: key(1), guard: |_: &[u8]| Err(certgate_sign::Error::AgentRefused) };
    let request = wish(1).cleared();
    let issued = issue_by(store.as_ref(), &signer, request, 1, Serials::Ledger);
    assert!(matches!(issued, Ok(Err(NotIssued::SignatureFailed(..)))));
    assert_eq!(ids(store.as_ref(), HOST), []);
    assert_eq!(unfinished(place.ledger().as_ref()), 1);
}

pub(crate) fn what_is_revoked_is_not_certified(place: &dyn Place) {
    let store = store_with_authority(place);
    place.ledger().revoke(&RevocationTarget::Key(host_key(1)), "stolen", day(0)).unwrap();
    assert!(matches!(issue(store.as_ref(), 1), Ok(Err(NotIssued::Revoked(_)))));
    issue(store.as_ref(), 2).unwrap().unwrap();
}

pub(crate) fn serial_zero_is_given_where_it_is_asked_for_and_counts_nothing(place: &dyn Place) {
    let store = store_with_authority(place);
    for (number, serials) in
        [(1, Serials::Zero), (2, Serials::Ledger), (3, Serials::Zero), (4, Serials::Ledger)]
    {
        let request = wish(u64::from(number)).cleared();
        issue_by(store.as_ref(), &key(1), request, number, serials).unwrap().unwrap();
    }
    let mut ledger = place.ledger();
    let recorded = Certificates::of(ledger.as_ref(), CertificateFilter::default());
    let serials: Vec<u64> = recorded.map(|record| record.unwrap().fields().serial()).collect();
    assert_eq!(serials, [0, 1, 0, 2]);
    ledger.verify_audit().unwrap();
    // What has no serial of its own is revoked by what else it has.
    let target = RevocationTarget::Key(host_key(3));
    let Revoking::Revoked(revocation) = ledger.revoke(&target, "stolen", day(0)).unwrap() else {
        panic!("nothing")
    };
    assert!(revocation.added.serials.is_empty(), "{revocation:?}");
}
