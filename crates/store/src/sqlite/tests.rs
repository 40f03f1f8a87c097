mod searching;

use std::sync::mpsc;

use super::*;
use crate::certificate::CertificateId;
use crate::filter::{CertificateFilter, Cursor};
use crate::ledger::Ledger as _;
use crate::pending::wait;
use crate::resource::{NewResource, ResourceFacts, ResourceKind, ResourceRecord};
use crate::revocation::{REVOKED_TEXT_BYTES_MAX, RevocationTarget, Revoking};
use crate::sql::{Change, Value, create, overview, queries, search};

fn ledger() -> (tempfile::TempDir, SqliteLedger) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    (folder, ledger)
}

fn now() -> Timestamp {
    Timestamp::from_unix_secs(1_793_491_200)
}

/// Revokes a key id that is as long as can be.
fn grow(ledger: &mut SqliteLedger, number: u32) -> Result<Revoking, Error> {
    let mut key_id = vec![b'x'; REVOKED_TEXT_BYTES_MAX];
    key_id[..4].copy_from_slice(&(number | 0x4040_4040).to_be_bytes());
    ledger.revoke(&RevocationTarget::KeyId { authority: None, key_id }, "", now())
}

#[test]
fn a_full_ledger_says_so_and_goes_on_when_there_is_room() {
    let (_folder, mut ledger) = ledger();
    ledger.connection.execute_batch("PRAGMA max_page_count = 400").unwrap();
    let mut before = None;
    let error = (0..100)
        .find_map(|number| {
            before = ledger.audit_head().unwrap();
            grow(&mut ledger, number).err()
        })
        .unwrap();
    assert!(matches!(error, Error::Full), "{error}");
    assert!(before.is_some());
    assert_eq!(ledger.verify_audit().unwrap(), before);
    assert!(matches!(grow(&mut ledger, 200), Err(Error::Full)));
    ledger.connection.execute_batch("PRAGMA max_page_count = 4000").unwrap();
    grow(&mut ledger, 201).unwrap();
    assert_eq!(ledger.verify_audit().unwrap().map(|head| head.seq), before.map(|head| head.seq + 1));
}

#[test]
fn a_change_that_nobody_waits_for_any_more_is_not_made() {
    let (_folder, ledger) = ledger();
    let writer = Writer::start(Box::new(ledger.connection)).unwrap();
    let (go, held) = mpsc::channel();
    let first = writer.make(now(), move |_: &mut Change<'_>| Ok(held.recv().is_ok()));
    let (made, is_made) = mpsc::channel();
    let given_up = writer.make(now(), move |_: &mut Change<'_>| Ok(made.send(()).is_ok()));
    drop(given_up);
    go.send(()).unwrap();
    assert!(wait(first).unwrap());
    drop(writer);
    assert!(is_made.recv().is_err());
}

#[test]
fn every_commit_is_synced_and_foreign_keys_hold() {
    let (_folder, ledger) = ledger();
    let number = |pragma: &str| -> i64 { ledger.connection.query_row(pragma, [], |row| row.get(0)).unwrap() };
    assert_eq!(number("PRAGMA synchronous"), 2);
    assert_eq!(number("PRAGMA foreign_keys"), 1);
    assert_eq!(number("PRAGMA busy_timeout"), 30_000);
}

#[test]
fn another_that_writes_for_too_long_is_named() {
    let (folder, ledger) = ledger();
    let mut waiting = SqliteLedger::open(folder.path()).unwrap();
    waiting.connection.busy_timeout(std::time::Duration::from_millis(1)).unwrap();
    ledger.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(grow(&mut waiting, 1), Err(Error::Busy)));
    assert_eq!(waiting.audit_head().unwrap(), None);
    ledger.connection.execute_batch("ROLLBACK").unwrap();
    grow(&mut waiting, 1).unwrap();
}

/// The steps in which SQLite answers a query.
fn plan(ledger: &SqliteLedger, query: &str, values: Vec<Value<'_>>) -> Vec<String> {
    let mut statement = ledger.connection.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
    let steps = statement.query_map(rusqlite::params_from_iter(values), |row| row.get(3)).unwrap();
    steps.collect::<Result<_, _>>().unwrap()
}

#[test]
fn every_filter_has_an_index() {
    let (_folder, ledger) = ledger();
    let all = CertificateFilter::default;
    let name = || Some("prod".parse().unwrap());
    let cases = [
        (CertificateFilter { authority: name(), serial: Some(5), ..all() }, "INDEX certificate_serial"),
        (CertificateFilter { key_id: Some(Vec::new()), ..all() }, "INDEX certificate_key_id"),
        (CertificateFilter { host_key: Some(String::new()), ..all() }, "INDEX certificate_host_key"),
        (CertificateFilter { principal: Some(Vec::new()), ..all() }, "SEARCH principal USING PRIMARY KEY"),
        (CertificateFilter { expiring_before: Some(now()), ..all() }, "INDEX certificate_valid_before"),
        (CertificateFilter::unfinished(), "INDEX certificate_reserved"),
    ];
    let after = Some(Cursor { valid_before: 5, id: CertificateId(5) });
    for (filter, index) in cases {
        for page in [None, after] {
            for (query, values) in queries(&filter, page) {
                let plan = plan(&ledger, &query, values);
                assert!(plan.iter().any(|step| step.contains(index)), "{index}: {plan:#?}");
                assert_eq!(plan.iter().find(|step| *step == "SCAN certificate"), None, "{index}: {plan:#?}");
            }
        }
    }
    // Pages begin where the last one ended, however much lies before.
    for (filter, due) in [
        (all(), vec!["INTEGER PRIMARY KEY (rowid>?)"]),
        (
            CertificateFilter { expiring_before: Some(now()), ..all() },
            vec!["(valid_before=? AND rowid>?)", "(valid_before>? AND valid_before<?)"],
        ),
    ] {
        let queries = queries(&filter, after);
        for ((query, values), due) in queries.into_iter().zip(due) {
            let plan = plan(&ledger, &query, values);
            assert!(plan.iter().any(|step| step.contains(due)), "{due}: {plan:#?}");
        }
    }
}

#[test]
fn what_is_listed_and_counted_has_an_index_and_is_not_sorted() {
    let (_folder, ledger) = ledger();
    let covering = "USING COVERING INDEX resource_not_after";
    let cases = [
        (
            search::walk_query("TRUE"),
            "USING COVERING INDEX resource_listed (kind=? AND name>? AND name<?)".to_owned(),
        ),
        (overview::ending_query(), "USING INDEX resource_not_after (kind=? AND not_after>?)".to_owned()),
        (overview::ENDED.to_owned(), format!("{covering} (kind=? AND not_after<?)")),
        (overview::TOTAL.to_owned(), "USING COVERING INDEX resource_listed (kind=?)".to_owned()),
    ];
    for (query, due) in cases {
        let plan = plan(&ledger, &query, vec![Value::from(None::<i64>); query.matches('?').count()]);
        assert!(plan[0].contains(&due), "{due}: {plan:#?}");
        assert!(!plan.iter().any(|step| step.contains("SCAN") || step.contains("B-TREE")), "{plan:#?}");
    }
}

/// Keeps a resource with content of this size.
fn keep(change: &mut Change<'_>, id: &str, bytes: usize) -> Result<ResourceRecord, Error> {
    let new = NewResource {
        kind: ResourceKind::TlsCertificate,
        id: id.parse().unwrap(),
        authority: None,
        description: String::new(),
        metadata: String::new(),
        facts: ResourceFacts::default(),
        content: vec![7; bytes],
        secret: None,
    };
    create(change, new)
}

#[test]
fn what_fails_in_a_group_leaves_the_others_and_the_chain_whole() {
    let (_folder, ledger) = ledger();
    let mut change = Change::begin(&ledger.connection, now()).unwrap();
    for (id, is_kept) in [("a", true), ("a", false), ("b", true), ("b", false), ("c", true)] {
        assert_eq!(change.attempt(now(), |change| keep(change, id, 10)).is_ok(), is_kept, "{id}");
        assert!(!change.is_lost());
    }
    change.commit().unwrap();
    assert_eq!(ledger.verify_audit().unwrap().unwrap().seq, 3);
}

#[test]
fn a_disk_that_is_full_in_the_middle_of_a_group_keeps_all_of_it_or_nothing() {
    let (_folder, ledger) = ledger();
    ledger.connection.execute_batch("PRAGMA max_page_count = 400").unwrap();
    let mut change = Change::begin(&ledger.connection, now()).unwrap();
    change.attempt(now(), |change| keep(change, "a", 10)).unwrap();
    let error = change.attempt(now(), |change| keep(change, "b", 4_000_000)).unwrap_err();
    assert!(matches!(error, Error::Full), "{error}");
    let is_lost = change.is_lost();
    assert_eq!(change.commit().is_err(), is_lost);
    let head = ledger.verify_audit().unwrap();
    assert_eq!(head.map(|head| head.seq), (!is_lost).then_some(1));
}
