//! What a million certificates cost against a thousand: a page of the newest, a page in the middle, one certificate, and those that
//! a filter on `not_after` finds, each asked of a server over the one and of a server over the other in turn.
//!
//! Prints medians, and the median of the ratios: 1 is as fast, and 1.30 is granted. Peak memory of both servers comes last.
//!
//! The stores are filled by what the server itself calls, so that the audit chain is whole; it takes minutes. Of the first
//! certificate, which is uploaded, all others are copies with ids and ends of validity of their own, and without a private key.
//! As many certificates match the filter in both stores: what ends first, in no order of ids.
//!
//! `cargo bench -p certgate --bench scale` asks SQLite, and then a PostgreSQL that it starts itself and that is gone behind it:
//! `initdb` and its like are to be there. `STORE=sqlite` or `STORE=postgres` in the environment asks one of the two, `ROWS` and
//! `ROUNDS` change how many.

mod client;
#[path = "../../../tests/harness/postgres.rs"]
#[expect(clippy::unwrap_used, reason = "it is shared with tests")]
mod cluster;
mod median;
mod server;

use std::path::Path;

use certgate_api::{Id, Ksuid, TlsCertificate};
use certgate_facts::Timestamp;
use certgate_store::{
    NewResource, PostgresAddress, PostgresStore, ResourceFacts, ResourceKind, ResourceRecord, Resources,
    SqliteStore, wait,
};
use client::{ask, request, run};
use cluster::Cluster;
use median::median;
use server::{Place, Server};

/// How many certificates are asked to be kept before the first of them is waited for.
const BATCH: usize = 4096;
/// How many certificates match the filter.
const MATCHES: i64 = 50;
/// Seconds for which the same is asked in one round.
const SECS: f64 = 0.2;
/// When the first certificate was made and ends.
const MADE_AT: i64 = 1_700_000_000;
const ENDS_AT: i64 = 1_800_000_000;
const COLLECTION: &str = "/tls_certificates";
/// How much slower a store may be for its size.
const GRANTED: f64 = 1.3;

fn main() {
    let folder =
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the target folder can be written to");
    let chosen = chosen();
    if let Some(name) = &chosen {
        assert!(["sqlite", "postgres"].contains(&name.as_str()), "STORE is {name}; give sqlite or postgres");
    }
    for store in [Store::Sqlite, Store::Postgres] {
        if chosen.as_deref().is_none_or(|chosen| chosen == store.name()) {
            measure(store, folder.path());
        }
    }
}

/// What keeps the certificates.
#[derive(Clone, Copy)]
enum Store {
    Sqlite,
    Postgres,
}

impl Store {
    const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

fn measure(store: Store, folder: &Path) {
    let sizes = [1_000, setting("ROWS", 1_000_000)];
    let [few, many] = sizes.map(|rows| {
        let filled = Filled::new(store, folder, rows);
        say(&format!("{}: {rows} certificates are kept", store.name()));
        filled
    });
    say(&format!("{:<22} {:>10} {:>14} {:>7} {:>8}", store.name(), sizes[0], sizes[1], "ratio", "granted"));
    let end = Timestamp::from_unix_secs(ENDS_AT + MATCHES);
    let filter = format!("obj.not_after%20%3C%20timestamp(%22{end}%22)");
    let asked: [(&str, PathOf<'_>); 4] = [
        ("first page", &|_| COLLECTION.to_owned()),
        ("middle page", &|filled| format!("{COLLECTION}?before_id={}", filled.middle)),
        ("one", &|filled| format!("{COLLECTION}/{}", filled.middle)),
        ("filtered by not_after", &|_| format!("{COLLECTION}?filter={filter}")),
    ];
    for (name, path) in asked {
        compare(name, [&few, &many], path);
    }
    let [few, many] = [few, many].map(|filled| filled.server.peak_mib());
    say(&format!("{:<22} {few:>6.0} MiB {many:>10.0} MiB {:>7.2}", "peak memory", many / few));
}

/// What is asked for of a store.
type PathOf<'p> = &'p dyn Fn(&Filled) -> String;

/// A store with certificates in it, and a server over it.
struct Filled {
    server: Server,
    key: String,
    /// The id of the certificate in the middle.
    middle: String,
}

impl Filled {
    fn new(store: Store, folder: &Path, rows: usize) -> Self {
        let database = match store {
            Store::Sqlite => None,
            Store::Postgres => Some(Cluster::shared().database()),
        };
        let place = Place {
            state: folder.join(format!("{}-{rows}", store.name())),
            database: database.as_deref().map(|name| Cluster::shared().url(name)),
        };
        let key = place.api_key();
        let first = upload(&Server::certgate(&place), &key);
        let store: Box<dyn Resources> = match &place.database {
            Some(url) => Box::new(
                PostgresStore::open(&PostgresAddress::read(url).expect("it is a URL"))
                    .expect("it is a store"),
            ),
            None => Box::new(SqliteStore::open(&place.state).expect("it is a store")),
        };
        let id = first.parse().expect("it is an id");
        let first = wait(store.resource(ResourceKind::TlsCertificate, &id)).expect("it can be read");
        fill(store.as_ref(), &first.expect("it is there"), rows);
        if let Some(name) = database {
            // What a server of some age has done by itself.
            Cluster::shared().psql(&name, "VACUUM ANALYZE");
        }
        Self { server: Server::certgate(&place), key, middle: id_of(rows / 2) }
    }

    fn request(&self, path: &str) -> Vec<u8> {
        request("GET", path, &self.key, "")
    }
}

/// Uploads a certificate; its id comes back.
fn upload(server: &Server, key: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/chain");
    let file = |name: &str| std::fs::read_to_string(folder.join(name)).expect("the fixture is there");
    let body = serde_json::json!({
        "certificate_pem": file("p256-depth-1.pem"),
        "private_key_pem": file("p256-depth-1.key"),
    });
    let answer = ask(&server.address, &request("POST", COLLECTION, key, &body.to_string()));
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    let json = answer.split_once("\r\n\r\n").expect("there is a body").1;
    json.split('"').nth(3).expect("the id comes first").to_owned()
}

/// The id of the certificate of this number, of which a greater one sorts behind.
fn id_of(number: usize) -> String {
    let number = u64::try_from(number).expect("they are not so many");
    let made_at =
        i64::try_from(number).ok().and_then(|secs| certgate_api::Timestamp::from_unix_secs(MADE_AT + secs));
    let mut random = [0; 16];
    random[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    let ksuid =
        made_at.and_then(|made_at| Ksuid::new(made_at, random)).expect("it is a moment of the calendar");
    Id::<TlsCertificate>::new(ksuid).to_string()
}

/// Keeps copies of a certificate.
fn fill(store: &dyn Resources, first: &ResourceRecord, rows: usize) {
    let content = String::from_utf8(first.content.clone()).expect("it is JSON");
    let end = first.facts.not_after.expect("a certificate ends").to_string();
    let copy = |number: usize| {
        // A prime that divides no power of ten: every number has its turn.
        let rank = i64::try_from(number * 7919 % rows).expect("they are not so many");
        let not_after = Timestamp::from_unix_secs(ENDS_AT + rank);
        NewResource {
            kind: first.kind,
            id: id_of(number).parse().expect("it is an id"),
            authority: None,
            description: String::new(),
            metadata: String::new(),
            facts: ResourceFacts { not_after: Some(not_after), ..first.facts.clone() },
            content: content.replace(&end, &not_after.to_string()).into_bytes(),
            secret: None,
        }
    };
    let numbers: Vec<usize> = (0..rows).collect();
    for batch in numbers.chunks(BATCH) {
        let at = |number: usize| Timestamp::from_unix_secs(MADE_AT + i64::try_from(number).unwrap_or(0));
        let pending: Vec<_> = batch.iter().map(|number| store.create(copy(*number), at(*number))).collect();
        for created in pending {
            wait(created).expect("it is kept");
        }
    }
}

/// Asks one and the other in turn.
fn compare(name: &str, servers: [&Filled; 2], path: PathOf<'_>) {
    let ask = |filled: &Filled| {
        let run = run(&filled.server.address, &filled.request(&path(filled)), 200, 1, SECS);
        assert!(run.rate() > 1.0, "{name} takes seconds");
        run.percentile_micros(50)
    };
    let [few, many] = servers;
    let (mut fews, mut manys) = (Vec::new(), Vec::new());
    for round in 0..setting("ROUNDS", 31) {
        if round % 2 == 0 {
            fews.push(ask(few));
        }
        manys.push(ask(many));
        if round % 2 == 1 {
            fews.push(ask(few));
        }
    }
    let ratio = median(manys.iter().zip(&fews).map(|(many, few)| many / few));
    say(&format!(
        "{name:<22} {:>7.0} µs {:>11.0} µs {ratio:>7.2} {GRANTED:>8.2}",
        median(fews.iter().copied()),
        median(manys)
    ));
}

#[expect(clippy::disallowed_methods, reason = "what to measure is for the one who measures")]
fn chosen() -> Option<String> {
    std::env::var("STORE").ok().filter(|name| !name.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "how much to measure is for the one who measures")]
fn setting(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[expect(clippy::print_stdout, reason = "a bench prints its table")]
fn say(text: &str) {
    println!("{text}");
}
