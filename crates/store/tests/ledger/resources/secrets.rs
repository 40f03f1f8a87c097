//! Secrets, and the master keys that seal them.

use certgate_store::{
    Entry, Error, MasterKey, NewResource, ResourceKind, Resources, rotate_master_key, wait,
};

use super::{Place, entries, id, ids, resource};
use crate::harness::{now, rng};

const KIND: ResourceKind = ResourceKind::TlsCertificate;

fn master(number: u8) -> MasterKey {
    MasterKey::read(&format!("{number:02x}").repeat(32)).unwrap()
}

fn with_secret(number: u32, master: &MasterKey) -> NewResource {
    let new = resource(KIND, number);
    let sealed = master.seal(new.id.as_str(), format!("secret {number}").as_bytes(), &mut rng(7)).unwrap();
    NewResource { secret: Some(sealed), ..new }
}

/// Opens what is kept.
fn opened(store: &dyn Resources, number: u32, master: &MasterKey) -> Result<Vec<u8>, Error> {
    let sealed = wait(store.secret(KIND, &id(number))).unwrap().unwrap();
    master.open(id(number).as_str(), &sealed).map(|secret| secret.to_vec())
}

pub(crate) fn a_secret_goes_with_its_resource(place: &dyn Place) {
    let store = place.open();
    wait(store.create(with_secret(1, &master(1)), now())).unwrap();
    wait(store.create(resource(KIND, 2), now())).unwrap();
    assert_eq!(opened(store.as_ref(), 1, &master(1)).unwrap(), b"secret 1");
    assert_eq!(wait(store.secret(KIND, &id(2))).unwrap(), None);
    assert_eq!(wait(store.master_keys()).unwrap(), [master(1).number()]);
    wait(store.delete(KIND, &id(1), now())).unwrap();
    assert_eq!(wait(store.secret(KIND, &id(1))).unwrap(), None);
    assert_eq!(wait(store.master_keys()).unwrap(), []);
}

pub(crate) fn a_rotation_seals_every_secret_anew(place: &dyn Place) {
    let store = place.open();
    for number in 0..20 {
        wait(store.create(with_secret(number, &master(1)), now())).unwrap();
    }
    wait(store.delete(KIND, &id(3), now())).unwrap();
    let count = wait(rotate_master_key(store.as_ref(), (master(1), master(2)), rng(1), now())).unwrap();
    assert_eq!(count, 19);
    for number in (0..20).filter(|number| *number != 3) {
        assert_eq!(
            opened(store.as_ref(), number, &master(2)).unwrap(),
            format!("secret {number}").as_bytes()
        );
        assert!(matches!(opened(store.as_ref(), number, &master(1)), Err(Error::MasterKeyDiffers { .. })));
    }
    assert_eq!(wait(store.master_keys()).unwrap(), [master(2).number()]);
    let last = entries(place).pop().unwrap();
    assert_eq!(last, Entry::SecretsResealed { master: master(2).number(), count: 19 });
}

pub(crate) fn nothing_is_sealed_by_another_master_key_than_what_is_there(place: &dyn Place) {
    let store = place.open();
    wait(store.create(with_secret(1, &master(1)), now())).unwrap();
    wait(rotate_master_key(store.as_ref(), (master(1), master(2)), rng(1), now())).unwrap();
    let late = wait(store.create(with_secret(2, &master(1)), now()));
    assert!(matches!(late, Err(Error::MasterKeyDiffers { due, .. }) if due == master(2).number()));
    assert_eq!(ids(store.as_ref(), KIND).len(), 1);
    wait(store.create(with_secret(2, &master(2)), now())).unwrap();
    wait(store.create(resource(KIND, 3), now())).unwrap();
}

pub(crate) fn a_rotation_that_fails_changes_nothing(place: &dyn Place) {
    let store = place.open();
    wait(store.create(with_secret(1, &master(1)), now())).unwrap();
    // Sealed for another resource: it does not open.
    let broken = NewResource { secret: with_secret(9, &master(1)).secret, ..with_secret(2, &master(1)) };
    wait(store.create(broken, now())).unwrap();
    let failed = wait(rotate_master_key(store.as_ref(), (master(1), master(2)), rng(1), now()));
    assert!(matches!(failed, Err(Error::SealBroken)));
    let failed = wait(rotate_master_key(store.as_ref(), (master(8), master(2)), rng(1), now()));
    assert!(matches!(failed, Err(Error::MasterKeyDiffers { .. })));
    assert_eq!(opened(store.as_ref(), 1, &master(1)).unwrap(), b"secret 1");
    assert_eq!(wait(store.master_keys()).unwrap(), [master(1).number()]);
    assert_eq!(entries(place).len(), 2);
    // The store goes on.
    wait(store.create(resource(KIND, 3), now())).unwrap();
    assert_eq!(ids(store.as_ref(), KIND).len(), 3);
}

pub(crate) fn a_rotation_can_be_repeated(place: &dyn Place) {
    let store = place.open();
    wait(store.create(with_secret(1, &master(1)), now())).unwrap();
    for _ in 0..2 {
        wait(rotate_master_key(store.as_ref(), (master(1), master(2)), rng(1), now())).unwrap();
        assert_eq!(opened(store.as_ref(), 1, &master(2)).unwrap(), b"secret 1");
    }
}
