//! Issuing: serials, and what became of each request.

use std::sync::atomic::{AtomicUsize, Ordering};

use certgate_facts::SshCertificate;
use certgate_sign::{Error as SignError, Signer as _, ToBeSigned};
use certgate_store::{
    AuthorityState, BATCH_CERTIFICATES_MAX, CertificateFilter, CertificateState, Conflict, Error, Ledger,
    NewAuthority, NotIssued, REASON_BYTES_MAX, SERIAL_START_END, SerialStart, Transition,
};

use super::Store;
use crate::harness::{
    Guarded, Preparing, Wish, add, day, found, issue_all, key, name, new_authority, now, rng, serial,
    serials_of, try_issue, wish,
};

fn wishes(count: usize) -> Vec<Wish> {
    (1..).take(count).map(wish).collect()
}

pub(super) fn serials_count_up_from_one_for_each_authority(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    add(&mut *ledger, "staging", 2);
    let mut serials = Vec::new();
    for (authority, seed, count) in [("prod", 1, 3), ("staging", 2, 2), ("prod", 1, 2)] {
        // Another process each time.
        let issued = issue_all(&mut *store.open(), authority, seed, &wishes(count));
        serials
            .push(issued.iter().map(|issued| serial(issued.certificate.certificate())).collect::<Vec<_>>());
    }
    assert_eq!(serials, [vec![1, 2, 3], vec![1, 2], vec![4, 5]]);
    assert_eq!(ledger.authority(&name("prod")).unwrap().unwrap().next_serial, 6);
    let certificates = found(&*ledger, CertificateFilter::default());
    assert_eq!(certificates.len(), 7);
    for certificate in certificates {
        assert_eq!(certificate.state(), CertificateState::Recorded);
        assert_eq!(certificate.closed_at(), Some(now()));
        certificate.certificate().unwrap().verify_signature().unwrap();
    }
}

pub(super) fn serials_start_where_they_are_told(store: &dyn Store) {
    let mut ledger = store.open();
    let at = NewAuthority { serial_start: SerialStart::at(1_000).unwrap(), ..new_authority("at", 1) };
    ledger.add_authority(&at, now()).unwrap();
    assert_eq!(serial(issue_all(&mut *ledger, "at", 1, &wishes(1))[0].certificate.certificate()), 1_000);
    let random = SerialStart::random(&mut rng(5)).unwrap();
    assert!(random.serial() > 1_000_000 && random.serial() < SERIAL_START_END);
    assert_ne!(random, SerialStart::random(&mut rng(6)).unwrap());
    ledger
        .add_authority(&NewAuthority { serial_start: random, ..new_authority("random", 2) }, now())
        .unwrap();
    let issued = issue_all(&mut *ledger, "random", 2, &wishes(2));
    let serials: Vec<_> = issued.iter().map(|issued| serial(issued.certificate.certificate())).collect();
    assert_eq!(serials, [random.serial(), random.serial() + 1]);
}

pub(super) fn a_request_that_cannot_be_signed_uses_up_no_serial(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let with_nul = Wish { principals: vec!["web\0".to_owned()], ..wish(2) };
    let asked = [wish(1), with_nul.clone(), wish(3), with_nul.clone(), with_nul];
    let outcomes = try_issue(&mut *ledger, "prod", &key(1), &asked).unwrap();
    assert_eq!(outcomes.len(), 5);
    for (outcome, due) in outcomes.iter().zip([Some(1), None, Some(2), None, None]) {
        match (outcome, due) {
            (Ok(issued), Some(due)) => assert_eq!(serial(issued.certificate.certificate()), due),
            (Err(NotIssued::Refused(SignError::NulInText { .. })), None) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(found(&*ledger, CertificateFilter::unfinished()), []);
    assert!(try_issue(&mut *ledger, "prod", &key(1), &[]).unwrap().is_empty());
}

pub(super) fn one_signature_that_fails_leaves_the_others(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let is_third = |bytes: &[u8]| {
        ToBeSigned::from_bytes_cleared_elsewhere(bytes).unwrap().fields().key_id().as_str() == Some("web-3")
    };
    let guard = |bytes: &[u8]| if is_third(bytes) { Err(SignError::AgentRefused) } else { Ok(()) };
    let outcomes = try_issue(&mut *ledger, "prod", &Guarded { key: key(1), guard }, &wishes(5)).unwrap();
    let failed = match &outcomes[2] {
        Err(NotIssued::SignatureFailed(id, SignError::AgentRefused)) => *id,
        other => panic!("{other:?}"),
    };
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 4);
    let unfinished = found(&*ledger, CertificateFilter::unfinished());
    assert_eq!((unfinished.len(), unfinished[0].id()), (1, failed));
    assert_eq!(serials_of(&unfinished), [3]);
    // The run is taken up again: what failed is asked for once more, under a new serial.
    assert_eq!(serial(issue_all(&mut *ledger, "prod", 1, &[wish(3)])[0].certificate.certificate()), 6);
}

pub(super) fn a_signer_that_never_signs_is_not_asked_for_ever(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let asked = AtomicUsize::new(0);
    let guard = |_: &[u8]| {
        asked.fetch_add(1, Ordering::Relaxed);
        Err(SignError::AgentDisconnected)
    };
    let signer = Guarded { key: key(1), guard };
    let outcomes = try_issue(&mut *ledger, "prod", &signer, &wishes(4 * BATCH_CERTIFICATES_MAX)).unwrap();
    assert_eq!(outcomes.len(), 4 * BATCH_CERTIFICATES_MAX);
    let (failed, untried) = outcomes.split_at(2 * BATCH_CERTIFICATES_MAX);
    assert!(failed.iter().all(|outcome| matches!(outcome, Err(NotIssued::SignatureFailed(..)))));
    assert!(untried.iter().all(|outcome| matches!(outcome, Err(NotIssued::NotTried))));
    assert_eq!(asked.load(Ordering::Relaxed), 2 * BATCH_CERTIFICATES_MAX);
    assert_eq!(found(&*ledger, CertificateFilter::unfinished()).len(), 2 * BATCH_CERTIFICATES_MAX);
}

pub(super) fn many_batches_are_reported_in_order(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let count = 2 * BATCH_CERTIFICATES_MAX + 17;
    let issued = issue_all(&mut *ledger, "prod", 1, &wishes(count));
    let serials: Vec<_> = issued.iter().map(|issued| serial(issued.certificate.certificate())).collect();
    assert_eq!(serials, (1..).take(count).collect::<Vec<u64>>());
    for (issued, number) in issued.iter().zip(1..) {
        let key_id = issued.certificate.certificate().fields().unwrap().key_id().to_string();
        assert_eq!(key_id, format!("web-{number}"));
    }
}

pub(super) fn only_what_signs_reserves(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "old", 1);
    let new = NewAuthority { succeeds: Some(name("old")), ..new_authority("new", 2) };
    ledger.add_authority(&new, now()).unwrap();
    let refused =
        |ledger: &mut dyn Ledger, who: &str, seed: u64| match try_issue(ledger, who, &key(seed), &[wish(1)])
            .unwrap_err()
        {
            Error::WrongState { state, transition: None, .. } => state,
            other => panic!("{other:?}"),
        };
    assert_eq!(refused(&mut *ledger, "new", 2), AuthorityState::Prepared);
    ledger.take_step(&name("new"), Transition::Publish, now()).unwrap();
    assert_eq!(refused(&mut *ledger, "new", 2), AuthorityState::Published);
    ledger.take_step(&name("new"), Transition::Switch, now()).unwrap();
    assert_eq!(refused(&mut *ledger, "old", 1), AuthorityState::Published);
    issue_all(&mut *ledger, "new", 2, &[wish(1)]);
    ledger.take_step(&name("old"), Transition::Retire, now()).unwrap();
    assert_eq!(refused(&mut *ledger, "old", 1), AuthorityState::Retired);
}

/// Reserves one for host 1, which is not signed.
fn unfinished(ledger: &mut dyn Ledger) -> certgate_store::CertificateRecord {
    let refusing = Guarded { key: key(1), guard: |_: &[u8]| Err(SignError::AgentRefused) };
    let outcomes = try_issue(ledger, "prod", &refusing, &[wish(1)]).unwrap();
    assert!(matches!(outcomes[0], Err(NotIssued::SignatureFailed(..))));
    found(ledger, CertificateFilter::unfinished()).remove(0)
}

fn signed(bytes: &[u8], seed: u64) -> SshCertificate {
    let bytes = ToBeSigned::from_bytes_cleared_elsewhere(bytes).unwrap();
    bytes.attach(&key(seed).sign(bytes.bytes()).unwrap()).unwrap()
}

pub(super) fn what_was_reserved_is_completed_or_abandoned(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let reserved = unfinished(&mut *ledger);
    assert_eq!((reserved.certificate(), reserved.closed_at()), (None, None));
    let certificate = signed(reserved.to_be_signed(), 1);
    ledger.complete(reserved.id(), &certificate, day(1)).unwrap();
    let completed = found(&*store.open(), CertificateFilter::default()).remove(0);
    assert_eq!(completed.certificate().unwrap().blob(), certificate.blob());
    assert_eq!((completed.state(), completed.closed_at()), (CertificateState::Recorded, Some(day(1))));
    assert_eq!(completed.reserved_at(), now());

    let reserved = unfinished(&mut *ledger);
    ledger.abandon(reserved.id(), "the agent is gone", day(2)).unwrap();
    let abandoned = found(&*store.open(), CertificateFilter::default()).remove(1);
    assert_eq!((abandoned.state(), abandoned.closed_at()), (CertificateState::Abandoned, Some(day(2))));
    assert_eq!(abandoned.certificate(), None);
    assert_eq!(abandoned.to_be_signed(), reserved.to_be_signed());
    assert_eq!(found(&*ledger, CertificateFilter::unfinished()), []);
    assert_eq!(serial(issue_all(&mut *ledger, "prod", 1, &[wish(1)])[0].certificate.certificate()), 3);
}

pub(super) fn what_was_reserved_long_ago_is_abandoned_in_batches(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    for (days, count) in [(0, BATCH_CERTIFICATES_MAX + 1), (1, 2)] {
        let mut preparing = Preparing::new(1, &wishes(count));
        ledger.reserve(&name("prod"), day(days), &mut preparing).unwrap();
    }
    assert_eq!(ledger.abandon_older(day(0), "lost", day(2)).unwrap(), 0);
    let error = ledger.abandon_older(day(1), &"x".repeat(REASON_BYTES_MAX + 1), day(2)).unwrap_err();
    assert!(matches!(error, Error::TextUnfit { field: "reason", .. }), "{error}");
    let rounds = [(); 3].map(|()| ledger.abandon_older(day(1), "lost", day(2)).unwrap());
    assert_eq!(rounds, [BATCH_CERTIFICATES_MAX, 1, 0]);
    let left = found(&*store.open(), CertificateFilter::unfinished());
    assert!(left.len() == 2 && left.iter().all(|certificate| certificate.reserved_at() == day(1)));
}

pub(super) fn what_is_closed_stays_closed(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let first = unfinished(&mut *ledger);
    let certificate = signed(first.to_be_signed(), 1);
    let other = issue_all(&mut *ledger, "prod", 1, &[wish(2)]).remove(0);
    let error = ledger.complete(first.id(), other.certificate.certificate(), now()).unwrap_err();
    assert!(matches!(error, Error::Conflict(Conflict::BytesDiffer)), "{error}");
    let mut forged = certificate.blob().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let forged = SshCertificate::from_blob(&forged).unwrap();
    let error = ledger.complete(first.id(), &forged, now()).unwrap_err();
    assert!(
        matches!(error, Error::Sign(SignError::Signature(certgate_facts::SshSignatureFault::Invalid))),
        "{error}"
    );
    let error = ledger.abandon(first.id(), &"x".repeat(REASON_BYTES_MAX + 1), now()).unwrap_err();
    assert!(matches!(error, Error::TextUnfit { .. }), "{error}");
    let nothing = certgate_store::CertificateId::from_number(999);
    let error = ledger.abandon(nothing, "", now()).unwrap_err();
    assert!(matches!(error, Error::Conflict(Conflict::CertificateUnknown { .. })), "{error}");

    ledger.abandon(first.id(), &"x".repeat(REASON_BYTES_MAX), now()).unwrap();
    let closed = [
        ledger.complete(first.id(), &certificate, now()),
        ledger.abandon(first.id(), "", now()),
        ledger.abandon(other.id, "", now()),
    ];
    for result in closed {
        assert!(matches!(result, Err(Error::Conflict(Conflict::CertificateClosed { .. }))), "{result:?}");
    }
}
