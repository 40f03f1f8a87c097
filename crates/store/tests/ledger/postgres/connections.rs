//! Connections that break, and servers that crash.

use std::thread;
use std::time::Duration;

use certgate_sign::ToBeSigned;
use certgate_store::{
    AuthorityName, Error, Ledger as _, OpenLedger, PostgresLedger, PostgresStore, Preparation, ResourceKind,
    Resources as _, wait,
};

use super::Database;
use super::relay::{Cut, Relay};
use crate::cluster::Cluster;
use crate::harness::{Preparing, add, issue_all, name, now, wish};
use crate::resources::{id, resource};

const KIND: ResourceKind = ResourceKind::TlsCertificate;

#[test]
fn a_connection_that_broke_is_made_again() {
    let database = Database::new();
    let (mut ledger, store) = (database.ledger(), database.store());
    add(&mut ledger, "prod", 1);
    for number in 1..4 {
        disconnect(&database);
        assert_eq!(ledger.authorities().unwrap().len(), 1);
        disconnect(&database);
        issue_all(&mut ledger, "prod", 1, &[wish(u64::from(number))]);
        wait(store.create(resource(KIND, number), now())).unwrap();
        assert!(wait(store.resource(KIND, &id(number))).unwrap().is_some());
    }
    ledger.verify_audit().unwrap();
}

/// Ends every connection, as an administrator would.
fn disconnect(database: &Database) {
    let of_others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()";
    Cluster::shared().psql(&database.name, &format!("SELECT pg_terminate_backend(pid) {of_others}"));
}

/// Ends all connections while something is being reserved.
struct Disconnecting<'d>(Preparing, &'d Database);

impl Preparation for Disconnecting<'_> {
    fn next(&mut self, serial: u64) -> Option<&ToBeSigned> {
        disconnect(self.1);
        self.0.next(serial)
    }
}

#[test]
fn a_connection_that_breaks_in_the_middle_of_a_change_leaves_nothing_of_it() {
    let database = Database::new();
    let mut ledger = database.ledger();
    add(&mut ledger, "prod", 1);
    let head = ledger.audit_head().unwrap();
    let mut preparation = Disconnecting(Preparing::new(1, &[wish(1), wish(2)]), &database);
    let error = ledger.reserve(&name("prod"), now(), &mut preparation).unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    assert_eq!(ledger.audit_head().unwrap(), head);
    let issued = issue_all(&mut ledger, "prod", 1, &[wish(1)]);
    assert_eq!(crate::harness::serial(issued[0].certificate.certificate()), 1);
}

/// A ledger behind a wire, with an authority in it.
fn wired() -> (Database, Relay, OpenLedger) {
    let database = Database::new();
    let relay = Relay::to(&database);
    let mut ledger = PostgresLedger::open(&relay.address()).unwrap().into();
    add(&mut ledger, "prod", 1);
    (database, relay, ledger)
}

fn abandoned_authority(ledger: &mut OpenLedger) -> Result<AuthorityName, Error> {
    ledger.add_authority(&crate::harness::new_authority("next", 2), now()).map(|record| record.name)
}

#[test]
fn a_commit_that_did_not_arrive_is_not_made_and_said_to_be_so() {
    let (database, relay, mut ledger) = wired();
    relay.cut(Cut::BeforeCommit);
    let error = abandoned_authority(&mut ledger).unwrap_err();
    assert!(matches!(error, Error::NotCommitted(_)), "{error:?}");
    assert_eq!(database.ledger().authorities().unwrap().len(), 1);
    relay.cut(Cut::Never);
    abandoned_authority(&mut ledger).unwrap();
    database.ledger().verify_audit().unwrap();
}

#[test]
fn a_commit_whose_answer_was_lost_is_found_and_not_repeated() {
    let (database, relay, mut ledger) = wired();
    relay.cut(Cut::AfterCommit);
    assert_eq!(abandoned_authority(&mut ledger).unwrap(), name("next"));
    relay.cut(Cut::Never);
    assert_eq!(ledger.verify_audit().unwrap().unwrap().seq, 2);
    assert_eq!(database.ledger().authorities().unwrap().len(), 2);
}

#[test]
fn a_commit_of_which_nothing_can_be_learned_is_said_to_be_unknown() {
    let (database, relay, mut ledger) = wired();
    relay.cut(Cut::AfterCommitForGood);
    let error = abandoned_authority(&mut ledger).unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown(_)), "{error:?}");
    assert!(error.to_string().starts_with("whether the change was made is not known: "), "{error}");
    assert_eq!(database.ledger().authorities().unwrap().len(), 2);
}

#[test]
fn a_server_that_crashes_again_and_again_has_all_that_was_said_to_be_kept() {
    let cluster = Cluster::start("listen_addresses = ''\n", "local all all trust\n");
    let address = certgate_store::PostgresAddress::read(&cluster.url(&cluster.database())).unwrap();
    let stores = [(); 2].map(|()| PostgresStore::open(&address).unwrap());
    let kept: Vec<u32> = thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|writer: u32| {
                let store = &stores[usize::try_from(writer % 2).unwrap()];
                // What fails is not tried again: whether it was made is for the ledger to say.
                let make = move |number: &u32| {
                    let is_made = wait(store.create(resource(KIND, *number), now())).is_ok();
                    thread::sleep(Duration::from_millis(if is_made { 2 } else { 50 }));
                    is_made
                };
                scope.spawn(move || (writer * 300..writer * 300 + 300).filter(make).collect::<Vec<_>>())
            })
            .collect();
        for _ in 0..3 {
            thread::sleep(Duration::from_millis(300));
            // Every process of it ends at once.
            cluster.run("pg_ctl", &["-D", &cluster.data(), "-m", "immediate", "-w", "stop"]);
            cluster.begin();
        }
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    assert!(kept.len() > 200, "{}", kept.len());
    for number in kept {
        assert!(wait(stores[0].resource(KIND, &id(number))).unwrap().is_some(), "{number}");
    }
    PostgresLedger::open(&address).unwrap().verify_audit().unwrap();
}
