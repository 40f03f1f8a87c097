//! Requests of API keys, counted.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use certgate_facts::Timestamp;
use certgate_store::wait;

use super::{Place, id};
use crate::harness::now;

fn after(secs: i64) -> Timestamp {
    Timestamp::from_unix_secs(now().unix_secs() + secs)
}

pub(crate) fn requests_are_counted_over_a_window_that_rolls(place: &dyn Place) {
    let store = place.open();
    let count = |key, secs| wait(store.count_request(&id(key), 2, after(secs))).unwrap();
    assert_eq!((count(1, 0), count(1, 30)), (None, None));
    // Another key is counted for itself, and what is refused is not counted.
    assert_eq!((count(1, 58), count(1, 59), count(2, 59)), (Some(2), Some(1), None));
    assert_eq!((count(1, 60), count(1, 60)), (None, Some(30)));
    assert_eq!((count(1, 90), count(1, 90)), (None, Some(30)));
    assert_eq!((count(1, 500), count(1, 500), count(1, 500)), (None, None, Some(60)));
    // A clock that is set back refuses for longer, and for not ever.
    assert_eq!(count(1, 490), Some(70));
    assert_eq!(count(1, 560), None);
    // By more than the window, and it begins anew.
    assert_eq!((count(1, -7_000), count(1, -7_000), count(1, -7_000)), (None, None, Some(60)));
}

pub(crate) fn requests_at_the_same_time_are_all_counted(place: &dyn Place) {
    let store = place.open();
    let let_through = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    if wait(store.count_request(&id(1), 25, now())).unwrap().is_none() {
                        let_through.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert_eq!(let_through.into_inner(), 25);
}
