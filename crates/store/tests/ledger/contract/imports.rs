//! Certificates from before there was a ledger, made by `ssh-keygen -s`.

use certgate_facts::SshCertificate;
use certgate_sign::{Error as SignError, Signer as _, ToBeSigned};
use certgate_store::{
    CertificateFilter, CertificateState, Conflict, Error, Importing, Ledger, NewAuthority, SERIAL_START_END,
    SerialStart,
};

use super::Store;
use crate::harness::{
    Guarded, Keygen, add, day, found, issue_all, key, name, new_authority, now, serial, try_issue, wish,
};

fn import(ledger: &mut dyn Ledger, certificate: &SshCertificate) -> Result<Importing, Error> {
    ledger.import(&name("prod"), std::slice::from_ref(certificate), now()).unwrap().remove(0)
}

fn next_serial(ledger: &dyn Ledger) -> u64 {
    ledger.authority(&name("prod")).unwrap().unwrap().next_serial
}

pub(super) fn certificates_are_imported_once(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let keygen = Keygen::with_key(1);
    let certificates =
        [keygen.certificate(1, "a", &["-h", "-z", "7"]), keygen.certificate(2, "b", &["-h", "-z", "5"])];
    let imported = ledger.import(&name("prod"), &certificates, day(3)).unwrap();
    let ids: Vec<_> = imported.into_iter().map(Result::unwrap).collect();
    assert!(ids.iter().all(|importing| matches!(importing, Importing::Imported(_))));
    let head = ledger.audit_head().unwrap();
    let again = ledger.import(&name("prod"), &certificates, day(4)).unwrap();
    for (again, before) in again.into_iter().zip(ids) {
        assert_eq!(again.unwrap(), Importing::Known(before.id()));
    }
    assert_eq!(ledger.audit_head().unwrap(), head);
    let kept = found(&*store.open(), CertificateFilter::default());
    for (kept, certificate) in kept.iter().zip(&certificates) {
        assert_eq!(kept.certificate().unwrap().blob(), certificate.blob());
        assert_eq!((kept.state(), kept.closed_at()), (CertificateState::Imported, Some(day(3))));
    }
    assert_eq!(kept.len(), 2);
    assert_eq!(next_serial(&*ledger), 8);
}

pub(super) fn an_import_pushes_the_counter_and_a_random_serial_does_not(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let keygen = Keygen::with_key(1);
    let of_serial = |serial: u64| keygen.certificate(1, "a", &["-h", "-z", &serial.to_string()]);
    issue_all(&mut *ledger, "prod", 1, &[wish(1), wish(2)]);
    let beyond = [100, 50, SERIAL_START_END, u64::MAX, SERIAL_START_END - 1];
    let due = [101, 101, 101, 101, SERIAL_START_END];
    for (imported, due) in beyond.into_iter().zip(due) {
        import(&mut *ledger, &of_serial(imported)).unwrap();
        assert_eq!(next_serial(&*ledger), due);
    }
    let issued = issue_all(&mut *ledger, "prod", 1, &[wish(1)]);
    // The one that was due is taken.
    assert_eq!(serial(issued[0].certificate.certificate()), SERIAL_START_END + 1);
}

pub(super) fn serial_zero_may_be_imported_often(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let keygen = Keygen::with_key(1);
    let zeros: Vec<_> =
        [(1, "a"), (1, "b"), (2, "a")].map(|(host, key_id)| keygen.certificate(host, key_id, &["-h"])).into();
    for certificate in &zeros {
        assert!(matches!(import(&mut *ledger, certificate), Ok(Importing::Imported(_))));
    }
    for certificate in &zeros {
        assert!(matches!(import(&mut *ledger, certificate), Ok(Importing::Known(_))));
    }
    assert_eq!(next_serial(&*ledger), 1);
    let filter = CertificateFilter { serial: Some(0), ..Default::default() };
    assert_eq!(found(&*ledger, filter).len(), 3);
}

pub(super) fn a_serial_that_is_taken_is_not_given_again(store: &dyn Store) {
    let mut ledger = store.open();
    let last = SerialStart::at(SERIAL_START_END - 1).unwrap();
    ledger.add_authority(&NewAuthority { serial_start: last, ..new_authority("prod", 1) }, now()).unwrap();
    let keygen = Keygen::with_key(1);
    for serial in [SERIAL_START_END, SERIAL_START_END + 1, SERIAL_START_END + 3] {
        import(&mut *ledger, &keygen.certificate(1, "a", &["-h", "-z", &serial.to_string()])).unwrap();
    }
    let issued = issue_all(&mut *ledger, "prod", 1, &[wish(1), wish(2), wish(3)]);
    let serials: Vec<_> = issued.iter().map(|issued| serial(issued.certificate.certificate())).collect();
    assert_eq!(serials, [SERIAL_START_END - 1, SERIAL_START_END + 2, SERIAL_START_END + 4]);
    let other = keygen.certificate(9, "other", &["-h", "-z", &SERIAL_START_END.to_string()]);
    let error = import(&mut *ledger, &other).unwrap_err();
    assert!(matches!(error, Error::Conflict(Conflict::SerialTaken { serial: SERIAL_START_END })), "{error}");
}

pub(super) fn what_was_reserved_is_completed_by_its_import(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let refusing = Guarded { key: key(1), guard: |_: &[u8]| Err(SignError::AgentRefused) };
    assert!(try_issue(&mut *ledger, "prod", &refusing, &[wish(1), wish(2)]).unwrap()[0].is_err());
    let reserved = found(&*ledger, CertificateFilter::unfinished());
    let certificate = |at: usize| {
        let bytes = ToBeSigned::from_bytes_cleared_elsewhere(reserved[at].to_be_signed()).unwrap();
        bytes.attach(&key(1).sign(bytes.bytes()).unwrap()).unwrap()
    };
    assert_eq!(import(&mut *ledger, &certificate(0)).unwrap(), Importing::Completed(reserved[0].id()));
    assert_eq!(import(&mut *ledger, &certificate(0)).unwrap(), Importing::Known(reserved[0].id()));
    ledger.abandon(reserved[1].id(), "lost", now()).unwrap();
    let error = import(&mut *ledger, &certificate(1)).unwrap_err();
    assert!(matches!(error, Error::Conflict(Conflict::CertificateClosed { .. })), "{error}");
}

pub(super) fn what_the_authority_did_not_sign_for_a_host_is_refused(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let keygen = Keygen::with_key(1);
    let good = keygen.certificate(1, "a", &["-h", "-z", "1"]);
    let mut forged = good.blob().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let certificates = [
        Keygen::with_key(2).certificate(1, "a", &["-h", "-z", "1"]),
        keygen.certificate(1, "a", &["-z", "1"]),
        SshCertificate::from_blob(&forged).unwrap(),
        good,
    ];
    let results = ledger.import(&name("prod"), &certificates, now()).unwrap();
    assert!(matches!(results[0], Err(Error::Conflict(Conflict::BytesDiffer))), "{results:?}");
    assert!(matches!(results[1], Err(Error::Conflict(Conflict::NotForHosts))), "{results:?}");
    assert!(
        matches!(
            results[2],
            Err(Error::Sign(SignError::Signature(certgate_facts::SshSignatureFault::Invalid)))
        ),
        "{results:?}"
    );
    // One that is refused leaves the others.
    assert!(matches!(results[3], Ok(Importing::Imported(_))), "{results:?}");
}
