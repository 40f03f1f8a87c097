//! Adding authorities, and their way from state to state.

use certgate_facts::SshPublicKey;
use certgate_store::{
    AuthorityState, COMMENT_BYTES_MAX, Conflict, Custody, Error, KEY_FILE_BYTES_MAX, Ledger, NewAuthority,
    Origin, SerialStart, Transition,
};

use super::Store;
use crate::harness::{Preparing, add, day, issue_all, name, new_authority, now, wish};

fn successor(text: &str, seed: u64, of: &str) -> NewAuthority {
    NewAuthority { succeeds: Some(name(of)), ..new_authority(text, seed) }
}

fn states(ledger: &dyn Ledger) -> Vec<AuthorityState> {
    ledger.authorities().unwrap().into_iter().map(|authority| authority.state).collect()
}

pub(super) fn an_authority_that_replaces_none_signs_at_once(store: &dyn Store) {
    let mut ledger = store.open();
    assert_eq!(ledger.authorities().unwrap(), []);
    let new = NewAuthority {
        comment: "made here, ä".to_owned(),
        custody: Custody::Agent,
        origin: Origin::Imported,
        serial_start: SerialStart::at(40).unwrap(),
        ..new_authority("prod", 1)
    };
    let added = ledger.add_authority(&new, day(1)).unwrap();
    assert_eq!((added.state, added.next_serial), (AuthorityState::Signing, 40));
    assert_eq!((&added.name, &added.comment, &added.custody), (&new.name, &new.comment, &new.custody));
    assert_eq!(added.public_key.blob(), new.public_key.blob());
    assert_eq!((added.added_at, added.state_since, &added.succeeds), (day(1), day(1), &None));
    let again = store.open();
    assert_eq!(again.authority(&name("prod")).unwrap(), Some(added.clone()));
    assert_eq!(again.authorities().unwrap(), [added]);
}

pub(super) fn a_successor_is_prepared_published_and_switched_to(store: &dyn Store) {
    use AuthorityState::{Prepared, Published, Retired, Signing};
    let mut ledger = store.open();
    add(&mut *ledger, "old", 1);
    let new = ledger.add_authority(&successor("new", 2, "old"), day(1)).unwrap();
    assert_eq!((new.state, new.succeeds), (Prepared, Some(name("old"))));
    let mut step = |who: &str, transition, at| ledger.take_step(&name(who), transition, at).unwrap();
    assert_eq!(step("new", Transition::Publish, day(2)).state, Published);
    let switched = step("new", Transition::Switch, day(3));
    assert_eq!((switched.state, switched.state_since, switched.added_at), (Signing, day(3), day(1)));
    assert_eq!(states(&*ledger), [Published, Signing]);
    let mut step = |who: &str, transition, at| ledger.take_step(&name(who), transition, at).unwrap();
    assert_eq!(step("old", Transition::Retire, day(4)).state, Retired);
    assert_eq!(states(&*store.open()), [Retired, Signing]);
    assert!(Signing.is_published() && Published.is_published());
    assert!(!Prepared.is_published() && !Retired.is_published());
}

pub(super) fn a_switch_is_undone_and_a_withdrawal_too(store: &dyn Store) {
    use AuthorityState::{Prepared, Published, Signing};
    let mut ledger = store.open();
    add(&mut *ledger, "old", 1);
    ledger.add_authority(&successor("new", 2, "old"), now()).unwrap();
    let mut step = |transition| ledger.take_step(&name("new"), transition, now());
    step(Transition::Publish).unwrap();
    step(Transition::Withdraw).unwrap();
    step(Transition::Publish).unwrap();
    step(Transition::Switch).unwrap();
    step(Transition::SwitchBack).unwrap();
    assert_eq!(states(&*ledger), [Signing, Published]);
    let mut step = |transition| ledger.take_step(&name("new"), transition, now());
    step(Transition::Switch).unwrap();
    issue_all(&mut *ledger, "new", 2, &[wish(1)]);
    let mut step = |transition| ledger.take_step(&name("new"), transition, now());
    step(Transition::SwitchBack).unwrap();
    let error = step(Transition::Withdraw).unwrap_err();
    assert!(matches!(error, Error::Conflict(Conflict::HasSigned { .. })), "{error}");
    step(Transition::Switch).unwrap();
    ledger.take_step(&name("old"), Transition::Retire, now()).unwrap();
    let error = ledger.take_step(&name("new"), Transition::SwitchBack, now()).unwrap_err();
    assert!(matches!(error, Error::Conflict(Conflict::PredecessorNotPublished { .. })), "{error}");
    assert!(!states(&*ledger).contains(&Prepared));
}

pub(super) fn names_and_keys_are_taken_once(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let error = ledger.add_authority(&new_authority("prod", 2), now()).unwrap_err();
    assert!(matches!(error, Error::Conflict(Conflict::AuthorityNameTaken { .. })), "{error}");
    let error = ledger.add_authority(&new_authority("staging", 1), now()).unwrap_err();
    assert!(
        matches!(&error, Error::Conflict(Conflict::AuthorityKeyTaken { name }) if name.as_str() == "prod"),
        "{error}"
    );
    ledger.take_step(&name("prod"), Transition::Retire, now()).unwrap();
    let error = ledger.add_authority(&new_authority("staging", 1), now()).unwrap_err();
    assert!(matches!(error, Error::Conflict(Conflict::AuthorityKeyTaken { .. })), "{error}");
    assert_eq!(ledger.authorities().unwrap().len(), 1);
}

pub(super) fn what_is_not_there_is_named(store: &dyn Store) {
    let mut ledger = store.open();
    let nobody = name("nobody");
    assert_eq!(ledger.authority(&nobody).unwrap(), None);
    let errors = [
        ledger.take_step(&nobody, Transition::Publish, now()).map(drop).unwrap_err(),
        ledger.reserve(&nobody, now(), &mut Preparing::new(1, &[])).map(drop).unwrap_err(),
        ledger.import(&nobody, &[], now()).map(drop).unwrap_err(),
        ledger.revoked(Some(&nobody)).map(drop).unwrap_err(),
        ledger.publish_krl(Some(&nobody), now()).map(drop).unwrap_err(),
        ledger.add_authority(&successor("new", 2, "nobody"), now()).map(drop).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.to_string(), "no authority is called nobody");
    }
}

pub(super) fn what_is_unfit_is_not_kept(store: &dyn Store) {
    let mut ledger = store.open();
    let good = new_authority("prod", 1);
    let long = |bytes| "x".repeat(bytes);
    let small = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDJzSbyaqS4vX/hfvM0uAv3IRLySBLBgn0GsDc1eqAfE3xe3dFs5G5P5z6jDj7KjY7s8sJ0dQ1jD2hl8KQ0eKkPZ1D8t8kq2rkF2aXHn8Ihc1sfPe+zJ2dkfFZl2oF0bS4c0q4hYJb0Qw9+3pM8fYVdXk2R9xkq3l1n9Yw3mJr5lQ==";
    let unfit = [
        NewAuthority { comment: "two\nlines".to_owned(), ..good.clone() },
        NewAuthority { comment: long(COMMENT_BYTES_MAX + 1), ..good.clone() },
        NewAuthority { custody: Custody::KeyFile(String::new()), ..good.clone() },
        NewAuthority { custody: Custody::KeyFile(long(KEY_FILE_BYTES_MAX + 1)), ..good.clone() },
        NewAuthority { public_key: SshPublicKey::read(small).unwrap(), ..good.clone() },
    ];
    for new in unfit {
        let error = ledger.add_authority(&new, now()).unwrap_err();
        assert!(matches!(error, Error::TextUnfit { .. } | Error::Sign(_)), "{error}");
    }
    assert_eq!(ledger.audit_head().unwrap(), None);
    let longest = NewAuthority {
        comment: long(COMMENT_BYTES_MAX),
        custody: Custody::KeyFile(long(KEY_FILE_BYTES_MAX)),
        ..good
    };
    assert_eq!(ledger.add_authority(&longest, now()).unwrap().custody, longest.custody);
}

pub(super) fn every_step_that_does_not_start_here_is_refused(store: &dyn Store) {
    use Transition::{Publish, Retire, Switch};
    let mut ledger = store.open();
    add(&mut *ledger, "old", 1);
    let ways: [&[Transition]; 4] = [&[], &[Publish], &[Publish, Switch], &[Retire]];
    for (way, seed) in ways.into_iter().zip(2..) {
        let who = format!("ca-{seed}");
        ledger.add_authority(&successor(&who, seed, "old"), now()).unwrap();
        for transition in way {
            ledger.take_step(&name(&who), *transition, now()).unwrap();
        }
        let state = ledger.authority(&name(&who)).unwrap().unwrap().state;
        let head = ledger.audit_head().unwrap();
        for transition in Transition::ALL.into_iter().filter(|transition| transition.from(state).is_none()) {
            let error = ledger.take_step(&name(&who), transition, now()).unwrap_err();
            assert!(
                matches!(error, Error::WrongState { state: found, transition: Some(asked), .. }
                    if found == state && asked == transition),
                "{error}"
            );
        }
        assert_eq!(ledger.audit_head().unwrap(), head);
        let _ = ledger.take_step(&name(&who), Retire, now());
    }
}

pub(super) fn an_authority_has_one_successor(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "old", 1);
    ledger.add_authority(&successor("first", 2, "old"), now()).unwrap();
    let error = ledger.add_authority(&successor("second", 3, "old"), now()).unwrap_err();
    assert!(
        matches!(&error, Error::Conflict(Conflict::SuccessorExists { name }) if name.as_str() == "first"),
        "{error}"
    );
    ledger.take_step(&name("first"), Transition::Retire, now()).unwrap();
    ledger.add_authority(&successor("second", 3, "old"), now()).unwrap();
    let error = ledger.take_step(&name("first"), Transition::Reinstate, now()).unwrap_err();
    assert!(matches!(error, Error::Conflict(Conflict::SuccessorExists { .. })), "{error}");
    ledger.take_step(&name("second"), Transition::Retire, now()).unwrap();
    let reinstated = ledger.take_step(&name("first"), Transition::Reinstate, now()).unwrap();
    assert_eq!(reinstated.state, AuthorityState::Published);
}
