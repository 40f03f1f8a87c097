//! Finding certificates.

use certgate_store::{
    CertificateFilter, Certificates, Ledger, PAGE_CERTIFICATES_MAX, RevocationTarget, Standing,
};

use super::Store;
use crate::harness::{
    Guarded, Keygen, add, day, found, host_key, issue_all, key, name, now, serials_of, try_issue, wish,
};

const STANDINGS: [Standing; 6] = [
    Standing::Abandoned,
    Standing::Unfinished,
    Standing::Revoked,
    Standing::NotYetValid,
    Standing::Valid,
    Standing::Expired,
];

fn all() -> CertificateFilter {
    CertificateFilter::default()
}

/// One of every standing at the 15th day, and more; serial 5 is unfinished, serial 6 abandoned.
fn one_of_each(ledger: &mut dyn Ledger) {
    add(ledger, "prod", 1);
    add(ledger, "other", 2);
    let mut later = wish(4).until(60);
    later.validity.valid_after += 20 * crate::harness::DAY_SECS;
    issue_all(ledger, "prod", 1, &[wish(1).until(30), wish(2).until(15), wish(3).until(30), later]);
    let refusing = Guarded { key: key(1), guard: |_: &[u8]| Err(certgate_sign::Error::AgentRefused) };
    assert!(try_issue(ledger, "prod", &refusing, &[wish(5), wish(6)]).unwrap()[0].is_err());
    let abandoned = found(ledger, CertificateFilter { serial: Some(6), ..all() });
    ledger.abandon(abandoned[0].id(), "", now()).unwrap();
    let target = RevocationTarget::Serials { authority: name("prod"), first: 3, last: 3 };
    ledger.revoke(&target, "", now()).unwrap();
    issue_all(ledger, "other", 2, &[wish(1).until(40)]);
    let imported = Keygen::with_key(1).certificate(1, "imported", &["-h", "-z", "90"]);
    ledger.import(&name("prod"), &[imported], now()).unwrap().remove(0).unwrap();
}

pub(super) fn every_filter_finds_what_it_names(store: &dyn Store) {
    let mut ledger = store.open();
    one_of_each(&mut *ledger);
    let find = |filter| serials_of(&found(&*ledger, filter));
    assert_eq!(find(all()), [1, 2, 3, 4, 5, 6, 1, 90]);
    assert_eq!(find(CertificateFilter { authority: Some(name("other")), ..all() }), [1]);
    assert_eq!(find(CertificateFilter { authority: Some(name("nobody")), ..all() }), []);
    assert_eq!(find(CertificateFilter { serial: Some(1), ..all() }), [1, 1]);
    assert_eq!(find(CertificateFilter { serial: Some(7), ..all() }), []);
    assert_eq!(find(CertificateFilter { key_id: Some(b"web-2".to_vec()), ..all() }), [2]);
    assert_eq!(find(CertificateFilter { key_id: Some(b"web".to_vec()), ..all() }), []);
    let principal = |name: &str| Some(name.as_bytes().to_vec());
    assert_eq!(find(CertificateFilter { principal: principal("web-1.example.com"), ..all() }), [1, 1]);
    assert_eq!(find(CertificateFilter { principal: principal("old.example.com"), ..all() }), [90]);
    let host_one = Some(host_key(1).fingerprint());
    assert_eq!(find(CertificateFilter { host_key: host_one.clone(), ..all() }), [1, 1, 90]);
    assert_eq!(find(CertificateFilter { signed: true, ..all() }), [1, 2, 3, 4, 1, 90]);
    // In the order of their ends; the imported one ends on 2026-12-01.
    let soon = CertificateFilter { expiring_before: Some(day(31)), signed: true, ..all() };
    assert_eq!(find(soon.clone()), [2, 1, 3, 90]);
    assert_eq!(find(CertificateFilter { expiring_before: Some(day(15)), ..all() }), []);
    let host_one_of_prod = CertificateFilter { authority: Some(name("prod")), host_key: host_one, ..soon };
    assert_eq!(find(host_one_of_prod), [1, 90]);
}

pub(super) fn standings_are_the_same_in_the_ledger_and_in_the_record(store: &dyn Store) {
    let mut ledger = store.open();
    one_of_each(&mut *ledger);
    let everything = found(&*ledger, all());
    for at in [day(-9_999), day(-1), now(), day(15), day(20), day(29), day(30), day(100)] {
        let mut count = 0;
        for standing in STANDINGS {
            let filter = CertificateFilter { standing: Some((standing, at)), ..all() };
            let asked = serials_of(&found(&*ledger, filter));
            let alike: Vec<_> = everything
                .iter()
                .filter(|certificate| certificate.standing(at) == standing)
                .cloned()
                .collect();
            assert_eq!(asked, serials_of(&alike), "{} at {at}", standing.name());
            count += asked.len();
            if at == day(15) {
                assert!(!asked.is_empty(), "{}", standing.name());
            }
        }
        assert_eq!(count, everything.len());
    }
}

pub(super) fn all_pages_come_and_in_order(store: &dyn Store) {
    let mut ledger = store.open();
    add(&mut *ledger, "prod", 1);
    let count = 2 * u64::try_from(PAGE_CERTIFICATES_MAX).unwrap();
    // Many end at the same time, and later ones earlier.
    let wishes: Vec<_> =
        (1..=count).map(|number| wish(number % 200).until(1 + (count - number) / 7)).collect();
    issue_all(&mut *ledger, "prod", 1, &wishes);
    assert_eq!(serials_of(&found(&*ledger, all())), (1..=count).collect::<Vec<_>>());
    let filter = CertificateFilter { expiring_before: Some(day(9_999)), ..all() };
    let by_end = found(&*ledger, filter);
    let mut due = found(&*ledger, all());
    due.sort_by_key(|certificate| (certificate.fields().valid_before(), certificate.id()));
    assert_eq!(serials_of(&by_end), serials_of(&due));
    let page = ledger.certificates(&all(), None).unwrap();
    assert_eq!(page.certificates.len(), PAGE_CERTIFICATES_MAX);
    // What comes in while one reads is not in the way.
    let mut reader = Certificates::of(&*ledger, all());
    assert_eq!(reader.next().unwrap().unwrap().fields().serial(), 1);
    issue_all(&mut *store.open(), "prod", 1, &[wish(1)]);
    assert_eq!(reader.count(), 2 * PAGE_CERTIFICATES_MAX);
}

pub(super) fn the_latest_is_the_one_reserved_last(store: &dyn Store) {
    let mut ledger = store.open();
    one_of_each(&mut *ledger);
    let latest = |filter| ledger.latest(&filter).unwrap().map(|record| record.fields().serial());
    let host_one = Some(host_key(1).fingerprint());
    assert_eq!(latest(CertificateFilter { host_key: host_one.clone(), ..all() }), Some(90));
    let of_other = CertificateFilter { host_key: host_one, authority: Some(name("other")), ..all() };
    assert_eq!(latest(of_other), Some(1));
    assert_eq!(latest(CertificateFilter { key_id: Some(b"web-5".to_vec()), ..all() }), Some(5));
    let signed = CertificateFilter { key_id: Some(b"web-5".to_vec()), signed: true, ..all() };
    assert_eq!(latest(signed), None);
    assert_eq!(latest(CertificateFilter { host_key: Some("SHA256:".to_owned()), ..all() }), None);
}

pub(super) fn unfinished_ones_show_what_was_to_be_signed(store: &dyn Store) {
    let mut ledger = store.open();
    one_of_each(&mut *ledger);
    let unfinished = found(&*ledger, CertificateFilter::unfinished());
    assert_eq!(unfinished.len(), 1);
    let fields = unfinished[0].fields();
    assert_eq!((fields.serial(), fields.key_id().as_str()), (5, Some("web-5")));
    assert_eq!(unfinished[0].reserved_at(), now());
    assert!(unfinished[0].to_be_signed().ends_with(fields.authority_key().blob()));
    assert_eq!(unfinished[0].authority_name(), &name("prod"));
    assert_eq!(Some(unfinished[0].authority()), ledger.authority(&name("prod")).unwrap().map(|ca| ca.id));
}
