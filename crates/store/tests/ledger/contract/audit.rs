//! The chain of records.

use certgate_store::{
    AuditRecords, CertificateFilter, Entry, Error, PAGE_RECORDS_MAX, RevocationTarget, Transition,
};

use super::Store;
use crate::harness::{
    Guarded, Keygen, Preparing, add, day, found, issue_all, key, name, now, try_issue, wish,
};

pub(super) fn every_change_is_one_record(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let new = certgate_store::NewAuthority {
        succeeds: Some(name("prod")),
        ..crate::harness::new_authority("next", 2)
    };
    ledger.add_authority(&new, day(1)).unwrap();
    issue_all(&mut *ledger, "prod", 1, &[wish(1)]);
    let refusing = Guarded { key: key(1), guard: |_: &[u8]| Err(certgate_sign::Error::AgentRefused) };
    assert!(try_issue(&mut *ledger, "prod", &refusing, &[wish(2)]).unwrap()[0].is_err());
    let unfinished = found(&*ledger, CertificateFilter::unfinished());
    ledger.abandon(unfinished[0].id(), "lost", now()).unwrap();
    let imported = Keygen::with_key(1).certificate(3, "old", &["-h", "-z", "9"]);
    ledger.import(&name("prod"), std::slice::from_ref(&imported), now()).unwrap().remove(0).unwrap();
    ledger.revoke(&RevocationTarget::KeyId { authority: None, key_id: b"x".to_vec() }, "why", now()).unwrap();
    ledger.publish_krl(None, now()).unwrap();
    ledger.take_step(&name("next"), Transition::Publish, now()).unwrap();
    ledger.take_step(&name("next"), Transition::Switch, day(2)).unwrap();

    let records: Vec<_> = AuditRecords::of(&*ledger).collect::<Result<_, _>>().unwrap();
    let kinds: Vec<_> = records.iter().map(|record| record.entry.kind()).collect();
    assert_eq!(
        kinds,
        [
            "authority-added",
            "authority-added",
            "serial-reserved",
            "certificate-recorded",
            "serial-reserved",
            "certificate-abandoned",
            "certificate-imported",
            "revoked",
            "krl-published",
            "authority-moved",
            "authority-moved",
            "authority-moved",
        ]
    );
    assert_eq!((records[1].at, records[11].at), (day(1), day(2)));
    assert!(matches!(&records[6].entry, Entry::CertificateImported { certificate, .. }
        if certificate == imported.blob()));
    // The old one stops before the new one starts.
    let prod = ledger.authority(&name("prod")).unwrap().unwrap().id;
    assert!(matches!(records[10].entry, Entry::AuthorityMoved { authority, .. } if authority == prod));
}

pub(super) fn nothing_is_written_where_nothing_changes(store: &dyn Store) {
    let mut ledger = store.open();
    assert_eq!(ledger.verify_audit().unwrap(), None);
    add(&mut *ledger, "prod", 1);
    let head = ledger.audit_head().unwrap();
    assert_eq!(head.unwrap().seq, 1);
    assert!(ledger.reserve(&name("prod"), now(), &mut Preparing::new(1, &[])).unwrap().is_empty());
    assert!(ledger.record(&[], now()).unwrap().is_empty());
    assert!(ledger.import(&name("prod"), &[], now()).unwrap().is_empty());
    let nothing = RevocationTarget::Principal { authority: None, name: b"nowhere".to_vec() };
    ledger.revoke(&nothing, "", now()).unwrap();
    let error = ledger.take_step(&name("prod"), Transition::Publish, now()).unwrap_err();
    assert!(matches!(error, Error::WrongState { .. }), "{error}");
    assert_eq!(ledger.audit_head().unwrap(), head);
    assert_eq!(ledger.verify_audit().unwrap(), head);
}

pub(super) fn records_come_in_pages_and_are_linked(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let wishes: Vec<_> = (1..=u64::try_from(PAGE_RECORDS_MAX).unwrap()).map(wish).collect();
    issue_all(&mut *ledger, "prod", 1, &wishes);
    assert_eq!(ledger.audit_records(0).unwrap().len(), PAGE_RECORDS_MAX);
    let records: Vec<_> = AuditRecords::of(&*ledger).collect::<Result<_, _>>().unwrap();
    assert_eq!(records.len(), 1 + 2 * PAGE_RECORDS_MAX);
    assert_eq!(records[0].previous.bytes(), &[0; 32]);
    for (pair, seq) in records.windows(2).zip(1..) {
        assert_eq!((pair[0].seq, pair[1].previous), (seq, pair[0].hash));
    }
    let head = ledger.audit_head().unwrap().unwrap();
    let last = records.last().unwrap();
    assert_eq!((head.seq, head.hash), (last.seq, last.hash));
    assert!(ledger.audit_records(head.seq).unwrap().is_empty());
    assert!(ledger.audit_records(head.seq + 1).unwrap().is_empty());
}
