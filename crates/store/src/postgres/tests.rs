use std::sync::OnceLock;

use self::cluster::Cluster;
use super::*;
use crate::certificate::CertificateId;
use crate::filter::{CertificateFilter, Cursor};
use crate::sql::{Kind, overview, queries, search};

#[path = "../../../../tests/harness/postgres.rs"]
mod cluster;

fn session() -> Session {
    static DATABASE: OnceLock<String> = OnceLock::new();
    session_in(DATABASE.get_or_init(|| Cluster::shared().database()))
}

fn session_in(database: &str) -> Session {
    let address = PostgresAddress::read(&Cluster::shared().url(database)).unwrap();
    PostgresLedger::open(&address).unwrap().session
}

fn setting(session: &Session, name: &str) -> String {
    let session: &dyn Database = session;
    session.cell(&format!("SELECT current_setting('{name}')"), &[]).unwrap().unwrap()
}

#[test]
fn every_commit_is_synced_although_the_server_would_not() {
    assert_eq!(Cluster::shared().psql("postgres", "SHOW synchronous_commit"), "off");
    let session = session();
    assert_eq!(setting(&session, "synchronous_commit"), "on");
    assert_eq!(setting(&session, "search_path"), "certgate, pg_temp");
    session.begin_writing().unwrap();
    assert_eq!(setting(&session, "transaction_isolation"), "read committed");
    session.roll_back();
    session.begin_reading().unwrap();
    assert_eq!(setting(&session, "transaction_isolation"), "repeatable read");
    assert!(session.run("CREATE TABLE anything (x BIGINT)").is_err());
}

#[test]
fn only_reading_has_a_limit_on_its_time() {
    let address = PostgresAddress::read(&Cluster::shared().url(&Cluster::shared().database())).unwrap();
    let writing = PostgresLedger::open(&address).unwrap().session;
    let reading = Session::for_reading(&address).unwrap();
    assert_eq!(setting(&writing, "statement_timeout"), "0");
    assert_eq!(setting(&reading, "statement_timeout"), "1min");
    reading.run("SET statement_timeout = '10ms'").unwrap();
    let late = reading.run("SELECT pg_sleep(60)").unwrap_err();
    assert!(late.to_string().contains("statement timeout"), "{late}");
    // It can be asked again.
    assert_eq!(setting(&reading, "search_path"), "certgate, pg_temp");
}

#[test]
fn whoever_writes_for_too_long_is_named_to_those_who_wait() {
    let (writing, waiting) = (session(), session());
    writing.begin_writing().unwrap();
    waiting.run("SET lock_timeout = '10ms'").unwrap();
    assert!(matches!(waiting.begin_writing(), Err(Error::Busy)));
    writing.roll_back();
    waiting.begin_writing().unwrap();
}

#[test]
fn a_transaction_in_which_something_failed_is_not_committed() {
    let session = session();
    session.begin_writing().unwrap();
    session.run("CREATE TABLE half (x BIGINT)").unwrap();
    assert!(session.run("SELECT 1 / 0").is_err());
    assert!(matches!(session.commit(), Err(Error::Driver(_))));
    session.roll_back();
    assert!(session.run("SELECT * FROM half").is_err());
}

/// Puts some rows into tables that it must not go through as a whole.
fn fill(session: &Session) {
    let session: &dyn Database = session;
    let database: Option<String> = session.cell("SELECT current_database()::text", &[]).unwrap();
    Cluster::shared().psql(
        &database.unwrap(),
        "SET session_replication_role = replica; SET search_path = certgate;
         INSERT INTO audit SELECT n, 0, 'x', '', decode(repeat('00', 32), 'hex') FROM generate_series(1, 20010) AS n;
         INSERT INTO authority VALUES (1, 'prod', '', 'f', '', NULL, NULL, 'signing', 1, 1, 0);
         INSERT INTO certificate SELECT n + 10, 1, int8send(n), int8send(n), 'h' || n, 0, n, 'recorded', n + 10
             FROM generate_series(1, 20000) AS n;
         INSERT INTO principal SELECT key_id, id FROM certificate;
         INSERT INTO resource SELECT n, 'tls-certificate', 'cert_' || n, NULL, 0, '', '', NULL, NULL, 0, n, NULL, NULL
             FROM generate_series(1, 20000) AS n;
         ANALYZE",
    );
}

/// How PostgreSQL would answer a query whatever its values.
fn plan(session: &Session, query: &str, kinds: &[Kind]) -> String {
    let names =
        kinds.iter().map(|kind| cells::type_of(*kind).name().to_owned()).collect::<Vec<_>>().join(", ");
    let nulls = vec!["NULL"; kinds.len()].join(", ");
    let list = |words: String| if kinds.is_empty() { String::new() } else { format!("({words})") };
    session.run("SET plan_cache_mode = force_generic_plan").unwrap();
    session.run(&format!("PREPARE asked {} AS {}", list(names), statement::translated(query))).unwrap();
    let session: &dyn Database = session;
    let lines: Vec<String> =
        session.all(&format!("EXPLAIN EXECUTE asked {}", list(nulls)), &[], |row| row.at(0)).unwrap();
    session.run("DEALLOCATE asked").unwrap();
    lines.join("\n")
}

#[test]
fn every_filter_has_an_index() {
    let session = session_in(&Cluster::shared().database());
    fill(&session);
    let all = CertificateFilter::default;
    let name = || Some("prod".parse().unwrap());
    let cases = [
        (CertificateFilter { authority: name(), serial: Some(5), ..all() }, "certificate_serial"),
        (CertificateFilter { key_id: Some(Vec::new()), ..all() }, "certificate_key_id"),
        (CertificateFilter { host_key: Some(String::new()), ..all() }, "certificate_host_key"),
        (CertificateFilter { principal: Some(Vec::new()), ..all() }, "principal_name"),
        (
            CertificateFilter { expiring_before: Some(Timestamp::from_unix_secs(5)), ..all() },
            "certificate_valid_before",
        ),
        (CertificateFilter::unfinished(), "certificate_reserved"),
    ];
    for (filter, index) in cases {
        for page in [None, Some(Cursor { valid_before: 5, id: CertificateId(5) })] {
            for (query, values) in queries(&filter, page) {
                let kinds: Vec<Kind> = values.iter().map(|value| value.kind()).collect();
                let plan = plan(&session, &query, &kinds);
                assert!(plan.contains(index), "{index}: {plan}");
                assert!(!plan.contains("Seq Scan on certificate"), "{index}: {plan}");
            }
        }
    }
}

#[test]
fn what_is_listed_has_an_index_and_is_not_sorted() {
    let session = session_in(&Cluster::shared().database());
    fill(&session);
    let (text, number) = (Kind::Text, Kind::Integer);
    let block = search::number("not_after", 14);
    for (query, kinds, index) in [
        (search::walk_query("TRUE"), &[text, text, text, number][..], "resource_listed"),
        (search::heads_query(&block), &[text, text, text, number, number], "resource_not_after_14"),
        (
            search::place_query(search::THERE_BLOCKS, &block, "TRUE"),
            &[text, text, number, number],
            "resource_not_after_14",
        ),
        (overview::ending_query(), &[text, number, number], "resource_not_after"),
    ] {
        let plan = plan(&session, &query, kinds);
        assert!(plan.contains(index), "{index}: {plan}");
        assert!(!plan.contains("Seq Scan") && !plan.contains("Sort"), "{plan}");
    }
}
