//! The keys that open the API.

use certgate_store::{
    API_KEY_DESCRIPTION_BYTES_MAX, ApiKeyHash, Conflict, Error, NewApiKey, ResourceKind, wait,
};

use super::{Place, id, resource};
use crate::harness::{day, now};

fn new(number: u32) -> NewApiKey {
    NewApiKey {
        id: id(number),
        hash: ApiKeyHash::of(&format!("key {number}")),
        description: format!("of host {number}"),
        is_read_only: number % 2 == 1,
    }
}

pub(crate) fn an_api_key_is_kept_until_it_is_revoked(place: &dyn Place) {
    let store = place.open();
    wait(store.add_api_key(new(1), now())).unwrap();
    let key = wait(place.open().api_keys()).unwrap().pop().unwrap();
    assert!(key.hash.is_of("key 1") && !key.hash.is_of("key 2"));
    assert_eq!((key.description.as_str(), key.is_read_only), ("of host 1", true));
    assert_eq!((key.created_at, key.revoked_at), (now(), None));
    assert!(wait(store.revoke_api_key(&id(1), day(1))).unwrap());
    assert_eq!(wait(store.api_keys()).unwrap()[0].revoked_at, Some(day(1)));
    for id in [id(1), id(2)] {
        assert!(!wait(store.revoke_api_key(&id, day(2))).unwrap(), "{id}");
    }
}

pub(crate) fn a_key_opens_until_it_is_revoked_and_comes_with_what_is_asked_for(place: &dyn Place) {
    let (store, other) = (place.open(), place.open());
    wait(store.add_api_key(new(1), now())).unwrap();
    wait(store.create(resource(ResourceKind::TlsCertificate, 7), now())).unwrap();
    let admitted = |asked| wait(store.admit(&id(1), asked)).unwrap();
    let admission = admitted(None).unwrap();
    assert!(admission.key.hash.is_of("key 1") && admission.key.is_read_only && admission.key.id == id(1));
    assert_eq!(admission.resource, None);
    let asked = (ResourceKind::TlsCertificate, id(7));
    let found = admitted(Some(asked.clone())).unwrap().resource;
    assert!(found.is_some());
    assert_eq!(found, wait(store.resource(asked.0, &asked.1)).unwrap());
    for absent in [(ResourceKind::TlsCertificate, id(8)), (ResourceKind::CertificateAuthority, id(7))] {
        assert_eq!(admitted(Some(absent)).unwrap().resource, None);
    }
    wait(store.delete(asked.0, &asked.1, now())).unwrap();
    assert_eq!(admitted(Some(asked.clone())).unwrap().resource, None);
    assert!(wait(store.admit(&id(2), Some(asked.clone()))).unwrap().is_none());
    // Whoever else has the store open sees it at once.
    assert!(wait(other.admit(&id(1), None)).unwrap().is_some());
    assert!(wait(store.revoke_api_key(&id(1), day(1))).unwrap());
    assert!(wait(other.admit(&id(1), Some(asked))).unwrap().is_none());
    assert!(admitted(None).is_none());
}

pub(crate) fn the_id_of_an_api_key_is_taken_once(place: &dyn Place) {
    let store = place.open();
    wait(store.add_api_key(new(1), now())).unwrap();
    let again = wait(store.add_api_key(new(1), now()));
    assert!(matches!(again, Err(Error::Conflict(Conflict::ApiKeyTaken { .. }))));
    for description in ["x".repeat(API_KEY_DESCRIPTION_BYTES_MAX + 1), "a\nb".to_owned()] {
        let unfit = wait(store.add_api_key(NewApiKey { description, ..new(2) }, now()));
        assert!(matches!(unfit, Err(Error::TextUnfit { .. })));
    }
}

pub(crate) fn api_keys_come_in_the_order_in_which_they_were_made(place: &dyn Place) {
    let store = place.open();
    for number in [5, 3, 4] {
        wait(store.add_api_key(new(number), now())).unwrap();
    }
    let found: Vec<_> = wait(store.api_keys()).unwrap().into_iter().map(|key| key.id).collect();
    assert_eq!(found, [id(5), id(3), id(4)]);
}
