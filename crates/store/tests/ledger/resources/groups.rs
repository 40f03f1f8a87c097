//! Several at once.

use std::thread;

use certgate_store::{Conflict, Error, ResourceKind, wait};

use super::{Place, id, ids, resource};
use crate::harness::now;

const KIND: ResourceKind = ResourceKind::TlsCertificate;

pub(crate) fn whoever_asks_at_the_same_time_gets_an_answer_each(place: &dyn Place) {
    let store = place.open();
    thread::scope(|scope| {
        for writer in 0..8 {
            let store = &store;
            scope.spawn(move || {
                for number in (0..25).map(|number| writer * 25 + number) {
                    let kept = wait(store.create(resource(KIND, number), now())).unwrap();
                    assert_eq!(kept.id, id(number));
                    // It is there for all others once there is an answer.
                    assert_eq!(wait(place.open().resource(KIND, &id(number))).unwrap(), Some(kept));
                    // What fails in between does no harm to the rest.
                    let again = wait(store.create(resource(KIND, number), now()));
                    assert!(matches!(again, Err(Error::Conflict(Conflict::ResourceTaken { .. }))));
                }
            });
        }
    });
    assert_eq!(ids(store.as_ref(), KIND).len(), 200);
}

pub(crate) fn what_nobody_waits_for_is_kept_whole_or_not_at_all(place: &dyn Place) {
    let store = place.open();
    for number in 0..5 {
        drop(store.create(resource(KIND, number), now()));
    }
    let waited_for = wait(store.create(resource(KIND, 5), now())).unwrap();
    drop(store);
    let store = place.open();
    assert_eq!(wait(store.resource(KIND, &id(5))).unwrap(), Some(waited_for));
    for number in 0..5 {
        let kept = wait(store.resource(KIND, &id(number))).unwrap();
        assert!(kept.is_none_or(|kept| kept.content == resource(KIND, number).content), "{number}");
    }
}

pub(crate) fn two_stores_on_one_place_see_each_other(place: &dyn Place) {
    let (left, right) = (place.open(), place.open());
    wait(left.create(resource(KIND, 1), now())).unwrap();
    assert_eq!(ids(right.as_ref(), KIND), [id(1)]);
    wait(right.delete(KIND, &id(1), now())).unwrap();
    assert_eq!(ids(left.as_ref(), KIND), []);
}
