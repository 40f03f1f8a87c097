//! `certgate serve` under load, against what no server can be faster than, measured in the same run: bare axum that answers with
//! the same headers and body; bare axum that commits as many bytes to SQLite before it does, in groups and as durably, at once or in two
//! commits one after the other (the ledger has what is signed before it is, and then the signature); bare signatures.
//!
//! The servers are processes of their own; each round loads all of them in turn with the same requests over as many connections,
//! the first of a round changing. Medians of the ratios of one round are what counts: who asks and who answers share the cores, so
//! that all rates are lower than they could be. What comes over the wire is the same in both directions, but for the time and
//! the name of each request; what a server does with it is its own: the ceiling knows no keys and writes no log. `GET` asks for
//! 0.60 of bare axum, `POST` for 0.50 of the slower of its ceilings. A processor's time is that of the server for one
//! request, and how many times that of the ceiling it is.
//!
//! `cargo bench -p certgate --bench load`; `CONNECTIONS`, `ROUNDS` and `SECS` (of one load) in the environment change how much.

#[path = "load/bare.rs"]
mod bare;
mod client;
mod median;
mod server;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use certgate_sign::{Authority, AuthorityKeyType, Signer as _};
use client::{Run, ask, request, run};
use median::median;
use rand::rngs::SysRng;
use rusqlite::Connection;
use server::{Place, Server};

const HOST_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh";
/// How many certificates tell how many bytes are kept of each.
const SAMPLE: u32 = 20;
/// What is asked for, of `GET` and of `POST`.
const ASKED: [f64; 2] = [0.60, 0.50];

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("bare") {
        return bare::serve(arguments);
    }
    let folder =
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the target folder can be written to");
    let (connections, rounds) = (setting("CONNECTIONS", 32.0), setting("ROUNDS", 15.0));
    say(&format!("{connections} connections, {rounds} rounds; requests per second, medians"));
    say(
        "                         certgate       ceiling   ratio   asked         processor   p50 of certgate       p99",
    );
    let load = Load::new(folder.path());
    load.compare("GET by id", "GET", [&load.path, &load.path], ASKED[0]);
    load.compare("POST, over one commit", "POST", [COLLECTION, bare::ONCE], ASKED[1]);
    load.compare("POST, over two commits", "POST", [COLLECTION, bare::TWICE], ASKED[1]);
    load.signatures("bare signatures, Ed25519", AuthorityKeyType::Ed25519);
    say(&format!("peak memory of certgate: {:.0} MiB", load.ours.peak_mib()));
}

const COLLECTION: &str = "/ssh_host_certificates";

/// Both servers, and what they are asked.
struct Load {
    ours: Server,
    bare: Server,
    key: String,
    /// Of a certificate that is there.
    path: String,
    /// Of a request for another.
    body: String,
    /// How many bytes are signed for one.
    signed_bytes: usize,
}

impl Load {
    fn new(folder: &Path) -> Self {
        let state = folder.join("state");
        let place = Place { state: state.clone(), database: None };
        let key = place.api_key();
        let ours = Server::certgate(&place);
        let create = |path: &str, body: &str| {
            let answer = ask(&ours.address, &request("POST", path, &key, body));
            assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
            let json = answer.split_once("\r\n\r\n").expect("there is a body").1.to_owned();
            let id = json.split('"').nth(3).expect("the id comes first").to_owned();
            (id, json)
        };
        let (authority, _) = create("/ssh_certificate_authorities", "{}");
        let body = format!(
            r#"{{"ssh_certificate_authority_id":"{authority}","public_key":"{HOST_KEY}","principals":["web-1.example.com","192.0.2.7"]}}"#
        );
        let ledger = Connection::open(state.join(certgate_store::LEDGER_FILE_NAME)).expect("it is there");
        let kept = |query: &str| -> u32 { ledger.query_row(query, [], |row| row.get(0)).expect("SQL") };
        let all = "SELECT sum(length(body) + length(hash)) FROM audit";
        let before = kept(all);
        let (id, json) = (1..SAMPLE).fold(create(COLLECTION, &body), |_, _| create(COLLECTION, &body));
        let bytes = (kept(all) - before) / SAMPLE;
        let signed = kept("SELECT max(length(body)) FROM audit WHERE kind = 'serial-reserved'");
        say(&format!("{bytes} bytes are kept of a certificate, {signed} of them are signed"));
        let size = |bytes: u32| usize::try_from(bytes).expect("they are few");
        let bare = bare::start(folder, &json, size(bytes));
        Self { ours, bare, key, path: format!("{COLLECTION}/{id}"), body, signed_bytes: size(signed) }
    }

    /// Loads one and the other in turn.
    fn compare(&self, name: &str, method: &str, [ours, bare]: [&str; 2], asked: f64) {
        let (body, status) = if method == "GET" { ("", 200) } else { (self.body.as_str(), 201) };
        let whole = |number: f64| format!("{number:.0}").parse::<usize>().expect("it is a number");
        let (connections, rounds) = (whole(setting("CONNECTIONS", 32.0)), whole(setting("ROUNDS", 15.0)));
        let secs = setting("SECS", 1.0);
        let load = |(server, path): (&Server, &str)| {
            let request = request(method, path, &self.key, body);
            let before = processor(server);
            let run = run(&server.address, &request, status, connections, secs);
            let processor = (processor(server) - before).as_secs_f64() / run.count();
            (run, processor)
        };
        let (ours, bare) = ((&self.ours, ours), (&self.bare, bare));
        load(ours);
        load(bare);
        let (mut reached, mut ceiling) = (Vec::new(), Vec::new());
        for round in 0..rounds {
            if round % 2 == 0 {
                reached.push(load(ours));
            }
            ceiling.push(load(bare));
            if round % 2 == 1 {
                reached.push(load(ours));
            }
        }
        let of_all =
            |of: &dyn Fn(&Run) -> f64, runs: &[(Run, f64)]| median(runs.iter().map(|(run, _)| of(run)));
        let pairs = || reached.iter().zip(&ceiling);
        say(&format!(
            "{name:<24} {:>8.0} {:>13.0} {:>7.2} {asked:>7.2} {:>7.0} µs {:>6.2} {:>14.0} µs {:>8.0} µs",
            of_all(&Run::rate, &reached),
            of_all(&Run::rate, &ceiling),
            median(pairs().map(|((ours, _), (bare, _))| ours.rate() / bare.rate())),
            median(reached.iter().map(|(_, processor)| processor * 1e6)),
            median(pairs().map(|((_, ours), (_, bare))| ours / bare)),
            of_all(&|run| run.percentile_micros(50), &reached),
            of_all(&|run| run.percentile_micros(99), &reached),
        ));
    }

    /// How many signatures all cores together make, of as many bytes as a certificate has.
    #[expect(clippy::disallowed_methods, reason = "measuring time is what this is for")]
    fn signatures(&self, name: &str, key_type: AuthorityKeyType) {
        let authority = Authority::create(key_type, &mut SysRng).expect("a key is made");
        let bytes = vec![b'x'; self.signed_bytes];
        let length = Duration::from_secs_f64(setting("SECS", 1.0));
        let sign = || {
            let start = Instant::now();
            let signed = std::iter::repeat_with(|| authority.sign(&bytes).expect("it signs"));
            f64::from(
                u32::try_from(signed.take_while(|_| start.elapsed() < length).count()).expect("not so many"),
            )
        };
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let all: f64 = thread::scope(|scope| {
            let threads: Vec<_> = (0..cores).map(|_| scope.spawn(sign)).collect();
            threads.into_iter().map(|thread| thread.join().expect("it ends")).sum()
        });
        say(&format!("{name:<24} {:>22.0}", all / length.as_secs_f64()));
    }
}

/// The time of processors that a server took up to now, to a hundredth of a second.
fn processor(server: &Server) -> Duration {
    let stat = server.said_by_the_system("stat");
    // The name in parentheses may hold anything; times are the 14th and 15th field.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    Duration::from_millis(10 * ticks.filter_map(|field| field.parse::<u64>().ok()).sum::<u64>())
}

#[expect(clippy::disallowed_methods, reason = "how much to measure is for the one who measures")]
fn setting(name: &str, usual: f64) -> f64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[expect(clippy::print_stdout, reason = "a bench prints its table")]
fn say(text: &str) {
    println!("{text}");
}
