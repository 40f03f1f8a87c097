//! The order that cannot be got wrong: reserve, sign, record, hand out.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use certgate_facts::Timestamp;
use certgate_sign::Signer as _;
use certgate_store::{
    BATCH_CERTIFICATES_MAX, CertificateFilter, CertificateState, Conflict, Error, Issuance, NotIssued,
    Reserving, RevocationTarget, Standing, issue,
};

use super::Store;
use crate::harness::{
    Guarded, Preparing, add, found, issue_all, key, name, now, rng, serial, try_issue, wish,
};

pub(super) fn everything_is_durable_before_it_is_signed(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let witness = Mutex::new(Witness(store.open()));
    let seen = Mutex::new(0);
    // Another connection looks, at the moment of signing.
    let guard = |bytes: &[u8]| {
        let witness = witness.lock().unwrap();
        let unfinished = found(&*witness.0, CertificateFilter::unfinished());
        assert!(unfinished.iter().any(|certificate| certificate.to_be_signed() == bytes));
        *seen.lock().unwrap() += 1;
        Ok(())
    };
    let wishes: Vec<_> = (1..=20).map(wish).collect();
    let outcomes = try_issue(&mut *ledger, "prod", &Guarded { key: key(1), guard }, &wishes).unwrap();
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(*seen.lock().unwrap(), 20);
}

/// A ledger that one thread after the other may look into.
struct Witness(Box<dyn certgate_store::Ledger + Send>);

pub(super) fn everything_is_recorded_before_it_is_handed_out(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let witness = store.open();
    let (signer, authority) = (key(1), name("prod"));
    let threads = NonZeroUsize::MIN;
    let issuance = Issuance { authority: &authority, signer: &signer, threads, clock: &now };
    let mut handed_out = 0;
    let requests = (1..=1_200).map(|number| wish(number).cleared());
    issue(&mut *ledger, &issuance, requests, &mut rng(1), &mut |batch| {
        for issued in batch.into_iter().map(Result::unwrap) {
            let certificate = issued.certificate.certificate();
            let filter = CertificateFilter { serial: Some(serial(certificate)), ..Default::default() };
            let record = witness.latest(&filter).unwrap().unwrap();
            assert_eq!((record.state(), record.id()), (CertificateState::Recorded, issued.id));
            assert_eq!(record.certificate().unwrap().blob(), certificate.blob());
            handed_out += 1;
        }
    })
    .unwrap();
    assert_eq!(handed_out, 1_200);
}

pub(super) fn each_batch_carries_the_time_at_which_it_was_made(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let (signer, authority) = (key(1), name("prod"));
    // An hour goes by whenever somebody looks.
    let hours = AtomicI64::new(0);
    let hour = || 1 + hours.fetch_add(1, Ordering::Relaxed);
    let clock = || Timestamp::from_unix_secs(now().unix_secs() + 3_600 * hour());
    let issuance =
        Issuance { authority: &authority, signer: &signer, threads: NonZeroUsize::MIN, clock: &clock };
    let requests =
        (1..=3 * BATCH_CERTIFICATES_MAX).map(|number| wish(u64::try_from(number).unwrap()).cleared());
    issue(&mut *ledger, &issuance, requests, &mut rng(1), &mut drop).unwrap();
    let made: BTreeSet<Timestamp> = found(&*ledger, CertificateFilter::default())
        .iter()
        .flat_map(|record| [record.reserved_at(), record.closed_at().unwrap()])
        .collect();
    assert_eq!(made.len(), 6, "each was reserved and recorded at a time of its own");
    assert!(made.first() > Some(&now()));
}

pub(super) fn what_is_being_signed_is_recorded_although_no_more_can_be_reserved(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let mut other = store.open();
    let (signer, authority) = (key(1), name("prod"));
    let issuance =
        Issuance { authority: &authority, signer: &signer, threads: NonZeroUsize::MIN, clock: &now };
    let requests = (1..=2 * BATCH_CERTIFICATES_MAX).map(|number| {
        if number == BATCH_CERTIFICATES_MAX + 1 {
            let key = RevocationTarget::Key(key(1).public_key().clone());
            other.revoke(&key, "stolen", now()).unwrap();
        }
        wish(u64::try_from(number).unwrap()).cleared()
    });
    let mut outcomes = Vec::new();
    let error = issue(&mut *ledger, &issuance, requests, &mut rng(1), &mut |batch| outcomes.extend(batch));
    assert!(matches!(error, Err(Error::AuthorityRevoked { .. })), "{error:?}");
    assert_eq!(outcomes.len(), BATCH_CERTIFICATES_MAX);
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(found(&*ledger, CertificateFilter::unfinished()), []);
}

pub(super) fn what_was_abandoned_while_being_signed_is_not_handed_out(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let other = Mutex::new(Witness(store.open()));
    let guard = |bytes: &[u8]| {
        let mut other = other.lock().unwrap();
        let unfinished = found(&*other.0, CertificateFilter::unfinished());
        let this = unfinished.iter().find(|certificate| certificate.to_be_signed() == bytes).unwrap();
        if this.fields().serial() == 2 {
            other.0.abandon(this.id(), "too late", now()).unwrap();
        }
        Ok(())
    };
    let wishes = [wish(1), wish(2), wish(3)];
    let outcomes = try_issue(&mut *ledger, "prod", &Guarded { key: key(1), guard }, &wishes).unwrap();
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok());
    assert!(matches!(outcomes[1], Err(NotIssued::ClosedMeanwhile(_))), "{outcomes:?}");
    let standing = Some((Standing::Abandoned, now()));
    assert_eq!(found(&*ledger, CertificateFilter { standing, ..Default::default() }).len(), 1);
}

pub(super) fn bytes_are_recorded_under_their_own_serial_only(store: &dyn Store) {
    let mut ledger = store.open();
    let authority = add(&mut *ledger, "prod", 1);
    let mut preparing = Preparing::new(1, &[wish(1), wish(2)]);
    let reserved = ledger.reserve(&authority.name, now(), &mut preparing).unwrap();
    let mut reservations: Vec<_> = reserved
        .into_iter()
        .map(|reserving| match reserving {
            Reserving::Reserved(reservation) => reservation,
            Reserving::Revoked(_) => panic!("nothing is revoked"),
        })
        .collect();
    assert_eq!(reservations.len(), 2);
    reservations.reverse();
    let certificates = preparing.prepared.into_iter().map(|prepared| prepared.sign(&key(1)).unwrap());
    let crossed: Vec<_> = reservations.into_iter().zip(certificates).collect();
    let error = ledger.record(&crossed, now()).unwrap_err();
    assert!(matches!(error, Error::Conflict(Conflict::BytesDiffer)), "{error}");
    assert_eq!(found(&*ledger, CertificateFilter::unfinished()).len(), 2);
}

pub(super) fn bytes_with_another_serial_are_not_reserved(store: &dyn Store) {
    let mut ledger = store.open();
    let authority = add(&mut *ledger, "prod", 1);
    let head = ledger.audit_head().unwrap();
    for (seed, serial_off) in [(1, 1), (2, 0)] {
        let mut preparing = Preparing { serial_off, ..Preparing::new(seed, &[wish(1)]) };
        let error = ledger.reserve(&authority.name, now(), &mut preparing).unwrap_err();
        assert!(matches!(error, Error::Conflict(Conflict::BytesDiffer)), "{error}");
    }
    assert_eq!(ledger.audit_head().unwrap(), head);
}

pub(super) fn two_at_once_never_share_a_serial(store: &dyn Store) {
    add(&mut *store.open(), "prod", 1);
    let ledgers: Vec<_> = (0..4).map(|_| Witness(store.open())).collect();
    let serials: Vec<u64> = std::thread::scope(|scope| {
        let workers: Vec<_> = ledgers
            .into_iter()
            .map(|mut ledger| {
                scope.spawn(move || {
                    let mut serials = Vec::new();
                    for _ in 0..10 {
                        let wishes: Vec<_> = (1..=5).map(wish).collect();
                        let issued = issue_all(&mut *ledger.0, "prod", 1, &wishes);
                        serials.extend(issued.iter().map(|issued| serial(issued.certificate.certificate())));
                    }
                    serials
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert_eq!(serials.len(), 200);
    assert_eq!(serials.into_iter().collect::<BTreeSet<_>>(), (1..=200).collect());
}
