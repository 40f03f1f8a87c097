//! Revoking, and versions of the list.

use certgate_facts::SshPublicKey;
use certgate_sign::{Error as SignError, Signer as _};
use certgate_store::{
    CertificateFilter, Conflict, Error, Ledger, NotIssued, REASON_BYTES_MAX, REVOKED_TEXT_BYTES_MAX,
    RevocationId, RevocationTarget, Revoked, Revoking, Standing,
};

use super::Store;
use crate::harness::{
    Guarded, Keygen, Wish, add, day, found, host_key, issue_all, key, name, now, rsa_line, serial,
    serials_of, try_issue, wish,
};

fn revoke(ledger: &mut dyn Ledger, target: &RevocationTarget) -> Revoking {
    ledger.revoke(target, "a reason", now()).unwrap()
}

/// What a revocation added.
fn added(ledger: &mut dyn Ledger, target: &RevocationTarget) -> Revoked {
    match revoke(ledger, target) {
        Revoking::Revoked(revocation) => revocation.added,
        other => panic!("{other:?}"),
    }
}

fn runs(revoked: &Revoked) -> Vec<(u64, u64)> {
    revoked.serials.iter().map(|run| (run.first, run.last)).collect()
}

fn serials(first: u64, last: u64) -> RevocationTarget {
    RevocationTarget::Serials { authority: name("prod"), first, last }
}

fn key_id(text: &str) -> RevocationTarget {
    RevocationTarget::KeyId { authority: None, key_id: text.into() }
}

fn principal(text: &str) -> RevocationTarget {
    RevocationTarget::Principal { authority: None, name: text.into() }
}

fn host(text: &str) -> RevocationTarget {
    RevocationTarget::Host { authority: None, name: text.into() }
}

fn revoked_serials(ledger: &dyn Ledger) -> Vec<u64> {
    let standing = Some((Standing::Revoked, now()));
    serials_of(&found(ledger, CertificateFilter { standing, ..Default::default() }))
}

pub(super) fn serials_are_revoked_in_runs_that_never_overlap(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    add(&mut *ledger, "other", 2);
    issue_all(&mut *ledger, "prod", 1, &(1..=9).map(wish).collect::<Vec<_>>());
    issue_all(&mut *ledger, "other", 2, &[wish(1)]);
    assert_eq!(runs(&added(&mut *ledger, &serials(3, 4))), [(3, 4)]);
    assert_eq!(runs(&added(&mut *ledger, &serials(7, 7))), [(7, 7)]);
    assert_eq!(runs(&added(&mut *ledger, &serials(2, 8))), [(2, 2), (5, 6), (8, 8)]);
    let head = ledger.audit_head().unwrap();
    assert_eq!(revoke(&mut *ledger, &serials(2, 8)), Revoking::AlreadyRevoked);
    assert_eq!(revoke(&mut *ledger, &serials(4, 5)), Revoking::AlreadyRevoked);
    assert_eq!(ledger.audit_head().unwrap(), head);
    assert_eq!(revoked_serials(&*store.open()), (2..=8).collect::<Vec<_>>());
    let all = runs(&ledger.revoked(None).unwrap());
    assert_eq!(all, [(2, 2), (3, 4), (5, 6), (7, 7), (8, 8)]);
    assert_eq!(ledger.revoked(Some(&name("other"))).unwrap(), Revoked::default());
}

pub(super) fn a_key_id_and_a_key_stay_revoked(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    add(&mut *ledger, "other", 2);
    issue_all(&mut *ledger, "prod", 1, &[wish(1), wish(2), wish(3)]);
    issue_all(&mut *ledger, "other", 2, &[wish(3)]);
    let only_prod = RevocationTarget::KeyId { authority: Some(name("prod")), key_id: b"web-3".to_vec() };
    assert_eq!(added(&mut *ledger, &key_id("web-1")).key_ids[0].authority, None);
    assert_eq!(added(&mut *ledger, &only_prod).key_ids.len(), 1);
    assert_eq!(revoke(&mut *ledger, &key_id("web-1")), Revoking::AlreadyRevoked);
    let key = RevocationTarget::Key(host_key(2));
    assert_eq!(added(&mut *ledger, &key).keys, [host_key(2)]);
    assert_eq!(revoke(&mut *ledger, &key), Revoking::AlreadyRevoked);
    assert_eq!(revoked_serials(&*ledger), [1, 2, 3]);

    let mut other_key_id = wish(2);
    other_key_id.key_id = "renamed".to_owned();
    let mut other_key = wish(1);
    other_key.host_key = crate::harness::host_line(77);
    let wishes = [wish(8), other_key_id, other_key, wish(3), wish(9)];
    let outcomes = try_issue(&mut *ledger, "prod", &crate::harness::key(1), &wishes).unwrap();
    for (outcome, due) in outcomes.iter().zip([Some(4), None, None, None, Some(5)]) {
        match (outcome, due) {
            (Ok(issued), Some(due)) => assert_eq!(serial(issued.certificate.certificate()), due),
            (Err(NotIssued::Revoked(id)), None) => {
                assert_eq!(ledger.revocation(*id).unwrap().unwrap().reason, "a reason");
            }
            other => panic!("{other:?}"),
        }
    }
    // Under the other authority the key id is as good as any.
    issue_all(&mut *ledger, "other", 2, &[wish(3)]);
    let of_other = ledger.revoked(Some(&name("other"))).unwrap();
    assert_eq!((of_other.key_ids.len(), of_other.keys.len()), (1, 1));
    // What any authority is told includes what one is.
    assert_eq!(added(&mut *ledger, &key_id("web-3")).key_ids.len(), 1);
}

pub(super) fn another_encoding_makes_no_other_key(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let (plain, padded) = (rsa_line(1), rsa_line(3));
    let key_of = |line: &str| SshPublicKey::read(line).unwrap();
    assert_ne!(key_of(&plain).blob(), key_of(&padded).blob());
    let hosts = [&plain, &padded].map(|line| Wish { host_key: line.clone(), ..wish(1) });
    issue_all(&mut *ledger, "prod", 1, &hosts);
    assert_eq!(added(&mut *ledger, &RevocationTarget::Key(key_of(&padded))).keys, [key_of(&plain)]);
    assert_eq!(revoke(&mut *ledger, &RevocationTarget::Key(key_of(&plain))), Revoking::AlreadyRevoked);
    assert_eq!(revoked_serials(&*ledger), [1, 2]);
    for outcome in try_issue(&mut *ledger, "prod", &key(1), &hosts).unwrap() {
        assert!(matches!(outcome, Err(NotIssued::Revoked(_))), "{outcome:?}");
    }
}

pub(super) fn principals_and_hosts_are_those_of_now(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    add(&mut *ledger, "other", 2);
    let mut renamed = wish(1);
    renamed.principals = vec!["renamed.example.com".to_owned()];
    issue_all(&mut *ledger, "prod", 1, &[wish(1), wish(1), wish(2), renamed.clone()]);
    issue_all(&mut *ledger, "other", 2, &[renamed]);
    let zero = Keygen::with_key(1).certificate(1, "zero", &["-h"]);
    ledger.import(&name("prod"), &[zero], now()).unwrap().remove(0).unwrap();
    assert_eq!(revoke(&mut *ledger, &principal("nowhere.example.com")), Revoking::NothingFound);
    assert_eq!(revoke(&mut *ledger, &host("web-1")), Revoking::NothingFound);
    assert_eq!(runs(&added(&mut *ledger, &principal("web-1.example.com"))), [(1, 2)]);
    assert_eq!(revoke(&mut *ledger, &principal("web-1.example.com")), Revoking::AlreadyRevoked);
    let of_prod =
        RevocationTarget::Host { authority: Some(name("prod")), name: b"web-1.example.com".to_vec() };
    let host_of_prod = added(&mut *ledger, &of_prod);
    assert_eq!(runs(&host_of_prod), [(4, 4)]);
    assert_eq!(host_of_prod.key_ids[0].key_id, b"zero");
    let everywhere = added(&mut *ledger, &host("web-1.example.com"));
    assert_eq!((runs(&everywhere), everywhere.key_ids.len()), (vec![(1, 1)], 0));
    // A new one takes the place of what was revoked.
    let issued = issue_all(&mut *ledger, "prod", 1, &[wish(1)]);
    assert_eq!(ledger.latest(&CertificateFilter::default()).unwrap().unwrap().id(), issued[0].id);
    assert_eq!(ledger.latest(&CertificateFilter::default()).unwrap().unwrap().revocation(), None);
}

pub(super) fn the_key_of_an_authority_takes_all_it_signed(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    add(&mut *ledger, "other", 2);
    issue_all(&mut *ledger, "prod", 1, &[wish(1), wish(2)]);
    issue_all(&mut *ledger, "other", 2, &[wish(3)]);
    let line = format!("{} a comment", crate::harness::host_line(0));
    assert_eq!(SshPublicKey::read(&line).unwrap().comment(), "a comment");
    added(&mut *ledger, &RevocationTarget::Key(key(1).public_key().clone()));
    assert_eq!(revoked_serials(&*ledger), [1, 2]);
    let error = try_issue(&mut *ledger, "prod", &key(1), &[wish(1)]).unwrap_err();
    assert!(matches!(error, Error::AuthorityRevoked { .. }), "{error}");
    // A comment makes no other key.
    added(&mut *ledger, &RevocationTarget::Key(SshPublicKey::read(&line).unwrap()));
    assert_eq!(revoke(&mut *ledger, &RevocationTarget::Key(host_key(0))), Revoking::AlreadyRevoked);
}

pub(super) fn what_was_not_recorded_can_be_revoked(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let refusing = Guarded { key: key(1), guard: |_: &[u8]| Err(SignError::AgentRefused) };
    assert!(try_issue(&mut *ledger, "prod", &refusing, &[wish(1), wish(1)]).unwrap()[0].is_err());
    let unfinished = found(&*ledger, CertificateFilter::unfinished());
    ledger.abandon(unfinished[1].id(), "", now()).unwrap();
    assert_eq!(runs(&added(&mut *ledger, &host("web-1.example.com"))), [(1, 2)]);
    let record = ledger.latest(&CertificateFilter::unfinished()).unwrap().unwrap();
    assert!(record.revocation().is_some());
    assert_eq!(record.standing(now()), Standing::Unfinished);
}

pub(super) fn a_revocation_is_found_again_with_its_reason(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    issue_all(&mut *ledger, "prod", 1, &[wish(1)]);
    let Revoking::Revoked(made) = ledger.revoke(&serials(1, 1), "stolen\nfrom the shelf", day(4)).unwrap()
    else {
        panic!("it was not revoked");
    };
    let certificate = ledger.latest(&CertificateFilter::default()).unwrap().unwrap();
    let found = ledger.revocation(certificate.revocation().unwrap()).unwrap().unwrap();
    assert_eq!(found, *made);
    assert_eq!((found.at, found.reason.as_str()), (day(4), "stolen\nfrom the shelf"));
    assert_eq!(found.target, serials(1, 1));
    // Not every record is one.
    let other = RevocationId::from_number(1);
    assert_eq!(ledger.revocation(other).unwrap(), None);
}

pub(super) fn what_cannot_be_revoked_is_refused(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let long = "x".repeat(REVOKED_TEXT_BYTES_MAX + 1);
    let refused = [serials(0, 5), serials(5, 4), key_id("a\0b"), key_id(&long), principal(&long), host("\0")];
    for target in refused {
        let error = ledger.revoke(&target, "", now()).unwrap_err();
        assert!(
            matches!(error, Error::TextUnfit { .. } | Error::Conflict(Conflict::RangeUnfit { .. })),
            "{error}"
        );
    }
    let error = ledger.revoke(&serials(1, 1), &"x".repeat(REASON_BYTES_MAX + 1), now()).unwrap_err();
    assert!(matches!(error, Error::TextUnfit { field: "reason", .. }), "{error}");
    assert_eq!(ledger.revoked(None).unwrap(), Revoked::default());
    added(&mut *ledger, &key_id(&long[1..]));
}

pub(super) fn revoked_serials_are_skipped_until_none_is_left(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    added(&mut *ledger, &serials(2, 5));
    added(&mut *ledger, &serials(7, 8));
    let issued = issue_all(&mut *ledger, "prod", 1, &[wish(1), wish(2), wish(3)]);
    let given: Vec<_> = issued.iter().map(|issued| serial(issued.certificate.certificate())).collect();
    assert_eq!(given, [1, 6, 9]);
    added(&mut *ledger, &serials(12, u64::MAX));
    // The last two are given, and the third request of the same batch is told that there are no more.
    let outcomes = try_issue(&mut *ledger, "prod", &key(1), &[wish(1), wish(2), wish(3)]).unwrap();
    assert!(outcomes[0].is_ok() && outcomes[1].is_ok());
    assert!(matches!(outcomes[2], Err(NotIssued::NotTried)), "{outcomes:?}");
    let error = try_issue(&mut *ledger, "prod", &key(1), &[wish(1)]).unwrap_err();
    assert!(matches!(error, Error::SerialsExhausted { .. }), "{error}");
}

pub(super) fn versions_of_the_list_increase_and_lose_nothing(store: &dyn Store) {
    let (mut one, mut two) = (store.open(), store.open());
    add(&mut *one, "prod", 1);
    add(&mut *one, "other", 2);
    let mut versions = Vec::new();
    let mut lengths = Vec::new();
    for round in 1..=4 {
        added(&mut *one, &serials(round * 10, round * 10));
        let authority = (round % 2 == 0).then(|| name("prod"));
        let list = two.publish_krl(authority.as_ref(), now()).unwrap();
        assert_eq!(list.revoked, one.revoked(authority.as_ref()).unwrap());
        versions.push(list.version);
        lengths.push(list.revoked.len());
    }
    let of_other = one.publish_krl(Some(&name("other")), now()).unwrap();
    assert_eq!((versions, lengths), (vec![1, 2, 3, 4], vec![1, 2, 3, 4]));
    assert_eq!((of_other.version, of_other.revoked.is_empty()), (5, true));
}
