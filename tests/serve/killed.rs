//! Servers that are killed under load: whatever they said they did, they did.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Cluster, Connection, Served, fixtures};

const WRITERS: usize = 8;
const ROUNDS: usize = 200;
const AUTHORITIES: &str = "ssh_certificate_authorities";
const HOSTS: &str = "ssh_host_certificates";
const UPLOADS: &str = "tls_certificates";

fn host_of(authority: &str) -> Value {
    json!({
        "ssh_certificate_authority_id": authority,
        "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh",
    })
}

/// The ids that came with a 201.
#[derive(Default)]
struct Created {
    authorities: Mutex<BTreeSet<String>>,
    hosts: Mutex<BTreeSet<String>>,
    uploads: Mutex<BTreeSet<String>>,
}

impl Created {
    /// Waits until the servers are at work.
    fn wait_for_another(&self) {
        let count = || self.hosts.lock().unwrap().len() + self.uploads.lock().unwrap().len();
        let before = count();
        for _ in 0..10_000 {
            if count() > before {
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
        panic!("nothing was created for ten seconds");
    }

    /// Creates until the server is gone, or it is said to be enough. One writer makes an authority of its own before.
    fn write(
        &self,
        writer: usize,
        way: &(String, String),
        authority: &str,
        upload: &Value,
        is_over: &AtomicBool,
    ) {
        let Some(mut connection) = Connection::open(way) else { return };
        let note = |ids: &Mutex<BTreeSet<String>>, id: String| {
            assert!(ids.lock().unwrap().insert(id.clone()), "{id} is given twice");
        };
        let mut authority = authority.to_owned();
        if writer == 0 {
            let Some(id) = connection.create(AUTHORITIES, &json!({})) else { return };
            note(&self.authorities, id.clone());
            authority = id;
        }
        while !is_over.load(Ordering::Relaxed) {
            let (name, body, ids) = match writer % 2 {
                0 if writer > 0 => (UPLOADS, upload, &self.uploads),
                _ => (HOSTS, &host_of(&authority), &self.hosts),
            };
            let Some(id) = connection.create(name, body) else { return };
            note(ids, id);
        }
    }
}

/// Loads servers over the same store, and kills one of them, again and again. What they said they created comes back.
fn killed_under_load(replicas: &mut [Served]) -> Created {
    let authority = replicas[0].authority();
    let file = |name: &str| std::fs::read_to_string(fixtures().join("chain").join(name)).unwrap();
    let upload =
        json!({ "certificate_pem": file("p256-depth-1.pem"), "private_key_pem": file("p256-depth-1.key") });
    let created = Created::default();
    created.authorities.lock().unwrap().insert(authority.clone());
    let mut dice = 1_u64;
    let mut throw = |sides: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(dice >> 33).unwrap() % sides
    };
    for _ in 0..ROUNDS {
        let ways: Vec<_> = replicas.iter().map(Served::way).collect();
        let is_over = AtomicBool::new(false);
        let victim = throw(replicas.len());
        let pause = Duration::from_millis(20 + u64::try_from(throw(60)).unwrap());
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let way = &ways[writer / 2 % ways.len()];
                let (created, authority, upload, is_over) = (&created, &authority, &upload, &is_over);
                scope.spawn(move || created.write(writer, way, authority, upload, is_over));
            }
            created.wait_for_another();
            thread::sleep(pause);
            replicas[victim].killed_and_started();
            is_over.store(true, Ordering::Relaxed);
        });
    }
    created
}

/// Everything that was created is there and works.
fn nothing_is_lost(served: &Served, created: &Created) {
    let mut connection = Connection::open(&served.way()).unwrap();
    let mut counts = Vec::new();
    for (name, ids) in
        [(AUTHORITIES, &created.authorities), (HOSTS, &created.hosts), (UPLOADS, &created.uploads)]
    {
        let (ids, listed) = (ids.lock().unwrap(), connection.listed(name, &served.origin));
        let lost: Vec<_> = ids.difference(&listed).collect();
        assert_eq!(lost, Vec::<&String>::new());
        assert!(ids.len() >= ROUNDS / 10, "{} {name}", ids.len());
        counts.push(ids.len());
    }
    for authority in created.authorities.lock().unwrap().iter() {
        connection.create(HOSTS, &host_of(authority)).unwrap();
    }
    let run = served.certgate(&["ssh", "list", "--format", "json"]).exits(0).json();
    let records = run["certificates"].as_array().unwrap();
    let serial = |record: &Value| (record["authority"].to_string(), record["serial"].to_string());
    let serials: BTreeSet<_> = records.iter().map(serial).collect();
    assert_eq!(serials.len(), records.len(), "a serial was given twice");
    assert!(records.len() > counts[1]);
    served.certgate(&["ssh", "audit", "verify"]).exits(0);
    // To seal what is sealed under another key, all of it has to be opened.
    let next = served.state().join("next");
    let run = served.certgate(&["master-key", "rotate", "--to", next.to_str().unwrap()]).exits(0);
    let sealed = run.stderr.lines().find_map(|line| line.split_once(" private keys are sealed"));
    let sealed: usize = sealed.unwrap().0.parse().unwrap();
    assert!(sealed >= counts[0] + counts[2], "{sealed}");
}

#[test]
fn a_server_that_is_killed_loses_nothing_and_gives_no_serial_twice() {
    let mut replicas = [Served::new()];
    let created = killed_under_load(&mut replicas);
    nothing_is_lost(&replicas[0], &created);
}

/// Servers over one database of PostgreSQL.
fn over_postgres<const COUNT: usize>() -> [Served; COUNT] {
    let cluster = Cluster::shared();
    let url = cluster.url(&cluster.database());
    let master_key = "5a".repeat(32);
    let variables = [("CERTGATE_STORE", url.as_str()), ("CERTGATE_MASTER_KEY", master_key.as_str())];
    [(); COUNT].map(|()| Served::among(&variables, &[]))
}

#[test]
fn a_server_over_postgresql_that_is_killed_loses_nothing_and_gives_no_serial_twice() {
    let mut replicas = over_postgres::<1>();
    let created = killed_under_load(&mut replicas);
    nothing_is_lost(&replicas[0], &created);
}

#[test]
fn of_two_replicas_either_may_be_killed_and_nothing_is_lost() {
    let mut replicas = over_postgres::<2>();
    let created = killed_under_load(&mut replicas);
    for replica in &replicas {
        replica.authority();
    }
    nothing_is_lost(&replicas[0], &created);
}
