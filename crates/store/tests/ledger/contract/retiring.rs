//! Retiring authorities.

use certgate_store::{AuthorityState, CertificateFilter, Error, Ledger, RevocationTarget, Transition};

use super::Store;
use crate::harness::{Guarded, add, day, found, issue_all, key, name, now, try_issue, wish};

fn retire(ledger: &mut dyn Ledger, day_of: i64) -> Result<AuthorityState, Error> {
    ledger.take_step(&name("prod"), Transition::Retire, day(day_of)).map(|authority| authority.state)
}

fn still_needed(result: Result<AuthorityState, Error>) -> (u64, i64) {
    match result {
        Err(Error::AuthorityStillNeeded { certificates, valid_before, .. }) => (certificates, valid_before),
        other => panic!("{other:?}"),
    }
}

pub(super) fn an_authority_does_not_retire_while_a_certificate_can_be_used(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    add(&mut *ledger, "other", 2);
    issue_all(&mut *ledger, "prod", 1, &[wish(1).until(10), wish(2).until(20), wish(3).until(30)]);
    issue_all(&mut *ledger, "other", 2, &[wish(4).until(90)]);
    assert_eq!(still_needed(retire(&mut *ledger, 0)), (3, day(30).unix_secs()));
    assert_eq!(
        retire(&mut *ledger, 0).unwrap_err().to_string(),
        "3 certificates of authority prod can still be used, replaced ones among them, \
         the last until 2026-12-01T00:00:00Z; wait until then, revoke them, or retire despite them"
    );
    // The first second after the end is not in it.
    assert_eq!(still_needed(retire(&mut *ledger, 10)), (2, day(30).unix_secs()));
    let target = RevocationTarget::Serials { authority: name("prod"), first: 3, last: 3 };
    ledger.revoke(&target, "lost", now()).unwrap();
    assert_eq!(still_needed(retire(&mut *ledger, 10)), (1, day(20).unix_secs()));
    assert_eq!(retire(&mut *ledger, 20).unwrap(), AuthorityState::Retired);
    // What is not valid yet will be.
    let mut later = wish(5).until(40);
    later.validity.valid_after += 35 * crate::harness::DAY_SECS;
    issue_all(&mut *ledger, "other", 2, &[later]);
    let error = ledger.take_step(&name("other"), Transition::Retire, day(0)).unwrap_err();
    assert!(matches!(error, Error::AuthorityStillNeeded { certificates: 2, .. }), "{error}");
}

pub(super) fn what_may_have_been_signed_keeps_an_authority_from_retiring(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let refusing = Guarded { key: key(1), guard: |_: &[u8]| Err(certgate_sign::Error::AgentRefused) };
    assert!(try_issue(&mut *ledger, "prod", &refusing, &[wish(1).until(30)]).unwrap()[0].is_err());
    assert_eq!(still_needed(retire(&mut *ledger, 0)), (1, day(30).unix_secs()));
    let unfinished = found(&*ledger, CertificateFilter::unfinished());
    ledger.abandon(unfinished[0].id(), "the agent refused", now()).unwrap();
    assert_eq!(retire(&mut *ledger, 0).unwrap(), AuthorityState::Retired);
}

pub(super) fn an_authority_retires_by_a_long_word_and_comes_back(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let mut forever = wish(1);
    forever.validity.valid_before = u64::MAX;
    issue_all(&mut *ledger, "prod", 1, &[forever]);
    assert_eq!(still_needed(retire(&mut *ledger, 9_999)), (1, i64::MAX));
    let message = retire(&mut *ledger, 9_999).unwrap_err().to_string();
    assert!(message.ends_with("the last for ever; revoke them, or retire despite them"), "{message}");
    let mut step = |transition| ledger.take_step(&name("prod"), transition, now()).unwrap().state;
    assert_eq!(step(Transition::RetireDespiteValidCertificates), AuthorityState::Retired);
    assert_eq!(step(Transition::Reinstate), AuthorityState::Published);
    assert_eq!(step(Transition::Switch), AuthorityState::Signing);
    issue_all(&mut *ledger, "prod", 1, &[wish(2)]);
}
