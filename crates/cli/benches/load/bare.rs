//! What no server can be faster than: the same framework, and the same database under the same durability, with nothing else.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{self, Sender};
use std::thread;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::routing::{get, post};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::server::Server;

/// Most rows in one commit: as many changes as the store has in one.
const GROUP: usize = certgate_store::GROUP_CHANGES_MAX;

/// Who is told of a commit, and of how many bytes.
type Job = (oneshot::Sender<()>, usize);

/// Where a creation is one commit, and where it is two, one after the other.
pub(crate) const ONCE: &str = "/ssh_host_certificates";
pub(crate) const TWICE: &str = "/twice";

/// Starts this program once more, as such a server. It answers with what is in `answer`; before it answers a creation, it commits rows of
/// `bytes` together.
pub(crate) fn start(folder: &Path, answer: &str, bytes: usize) -> Server {
    let file = folder.join("answer.json");
    std::fs::write(&file, answer).expect("the folder can be written to");
    let program = std::env::current_exe().expect("a program knows where it is");
    Server::of(Command::new(program).arg("bare").arg(&file).arg(bytes.to_string()))
}

/// Is that server, until it is ended from outside.
pub(crate) fn serve(mut arguments: impl Iterator<Item = String>) {
    let file = PathBuf::from(arguments.next().expect("a file"));
    let bytes: usize = arguments.next().and_then(|text| text.parse().ok()).expect("a number");
    let answer = Bytes::from(std::fs::read(&file).expect("the answer can be read"));
    let writer = writer(&file.with_extension("sqlite3"));
    // The headers of our answers, of the same lengths.
    let json = || {
        [
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (
                HeaderName::from_static("ngrok-operation-id"),
                HeaderValue::from_static("op_2rwwl6y1UCOM1WjSQhSj2VPegVh"),
            ),
        ]
    };
    let read = answer.clone();
    let one = get(move || async move { (json(), read) });
    let create = |commits: usize| {
        let (writer, answer) = (writer.clone(), answer.clone());
        post(move |body: Bytes| async move {
            for _ in 0..commits {
                let (job, done) = oneshot::channel();
                writer.send((job, bytes / commits)).expect("the writer goes on");
                done.await.expect("it commits");
            }
            drop(body);
            (StatusCode::CREATED, json(), answer)
        })
    };
    let router = Router::new()
        .route("/ssh_host_certificates/{id}", one)
        .route(ONCE, create(1))
        .route(TWICE, create(2));
    let threads = thread::available_parallelism().map_or(2, |count| count.get().max(2));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    runtime.expect("there are threads").block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        crate::say(&listener.local_addr().expect("it has one").to_string());
        axum::serve(listener, router).await.expect("it is ended from outside");
    });
}

/// One thread that writes a row for each that asks, and commits together what waits.
fn writer(path: &Path) -> Sender<Job> {
    let mut connection = Connection::open(path).expect("the folder can be written to");
    let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096;
        CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;";
    connection.execute_batch(settings).expect("it is a database");
    let (sender, jobs) = mpsc::channel::<Job>();
    let write = move || {
        while let Ok(first) = jobs.recv() {
            let rest = std::iter::from_fn(|| jobs.try_recv().ok());
            let group: Vec<Job> = std::iter::once(first).chain(rest).take(GROUP).collect();
            let transaction = connection.transaction().expect("nobody else writes");
            {
                let mut insert =
                    transaction.prepare_cached("INSERT INTO bare (bytes) VALUES (?1)").expect("SQL");
                for (_, bytes) in &group {
                    insert.execute([vec![b'x'; *bytes]]).expect("there is room");
                }
            }
            transaction.commit().expect("the disk takes it");
            group.into_iter().for_each(|(job, _)| job.send(()).expect("it is waited for"));
        }
    };
    thread::spawn(write);
    sender
}
