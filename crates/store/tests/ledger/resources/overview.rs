//! Resources looked at from above.

use certgate_facts::Timestamp;
use certgate_store::{NewResource, ResourceCount, ResourceFacts, ResourceId, ResourceKind, Resources, wait};

use super::{Place, id, resource};
use crate::harness::{day, now};

const TLS: ResourceKind = ResourceKind::TlsCertificate;
const HOST: ResourceKind = ResourceKind::SshHostCertificate;

/// A resource that is valid from today to the end of a day.
fn until(kind: ResourceKind, number: u32, not_after: Timestamp) -> NewResource {
    let facts =
        ResourceFacts { not_before: Some(now()), not_after: Some(not_after), ..ResourceFacts::default() };
    NewResource { facts, ..resource(kind, number) }
}

fn ending(store: &dyn Resources, kinds: &[ResourceKind], from: Timestamp, limit: usize) -> Vec<ResourceId> {
    let found = wait(store.ending(kinds.to_vec(), from, limit)).unwrap();
    found.into_iter().map(|resource| resource.id).collect()
}

pub(crate) fn what_ends_first_comes_first(place: &dyn Place) {
    let store = place.open();
    for (kind, number, last) in
        [(TLS, 1, 9), (HOST, 2, 3), (TLS, 3, 3), (HOST, 4, 1), (TLS, 5, 2), (TLS, 6, 3)]
    {
        wait(store.create(until(kind, number, day(last)), now())).unwrap();
    }
    let all = [4, 5, 2, 3, 6, 1].map(id);
    assert_eq!(ending(store.as_ref(), &ResourceKind::ALL, now(), 10), all);
    assert_eq!(ending(store.as_ref(), &[HOST, TLS], now(), 3), all[..3]);
    assert_eq!(ending(store.as_ref(), &[TLS], now(), 10), [5, 3, 6, 1].map(id));
    assert_eq!(ending(store.as_ref(), &[], now(), 10), []);
    let first = wait(store.ending(vec![TLS], now(), 1)).unwrap().remove(0);
    assert_eq!((first.facts.not_before, first.facts.not_after), (Some(now()), Some(day(2))));
}

pub(crate) fn what_has_ended_or_has_no_end_or_is_gone_does_not_end(place: &dyn Place) {
    let store = place.open();
    for number in 1..=4 {
        wait(store.create(until(TLS, number, day(number.into())), now())).unwrap();
    }
    wait(store.create(resource(TLS, 5), now())).unwrap();
    wait(store.delete(TLS, &id(3), now())).unwrap();
    // On its last second it is valid.
    assert_eq!(ending(store.as_ref(), &[TLS], day(2), 10), [2, 4].map(id));
    let after = Timestamp::from_unix_secs(day(2).unix_secs() + 1);
    assert_eq!(ending(store.as_ref(), &[TLS], after, 10), [id(4)]);
}

pub(crate) fn what_was_created_last_comes_first(place: &dyn Place) {
    let store = place.open();
    for (number, kind) in [(1, HOST), (2, TLS), (3, TLS), (4, HOST)] {
        wait(store.create(resource(kind, number), day(number.into()))).unwrap();
    }
    wait(store.delete(TLS, &id(3), now())).unwrap();
    let newest = |limit| -> Vec<ResourceId> {
        wait(store.newest(limit)).unwrap().into_iter().map(|resource| resource.id).collect()
    };
    assert_eq!(newest(10), [4, 2, 1].map(id));
    assert_eq!(newest(1), [id(4)]);
}

pub(crate) fn all_is_counted_and_what_ended_by_then(place: &dyn Place) {
    let store = place.open();
    for (number, last) in [(1, 1), (2, 2), (3, 2), (4, 9)] {
        wait(store.create(until(TLS, number, day(last)), now())).unwrap();
    }
    wait(store.create(until(HOST, 1, day(1)), now())).unwrap();
    wait(store.create(resource(ResourceKind::SshCertificateAuthority, 1), now())).unwrap();
    wait(store.delete(TLS, &id(3), now())).unwrap();
    let counts = wait(store.counts(vec![day(2), day(3)])).unwrap();
    let due = |kind, total, ended: [u64; 2]| ResourceCount { kind, total, ended: ended.to_vec() };
    assert_eq!(
        counts,
        [
            due(ResourceKind::CertificateAuthority, 0, [0, 0]),
            due(ResourceKind::SshCertificateAuthority, 1, [0, 0]),
            due(HOST, 1, [1, 1]),
            due(ResourceKind::SshUserCertificate, 0, [0, 0]),
            due(TLS, 3, [1, 2]),
        ]
    );
}
