//! A wire between a ledger and its database, that can be cut at the worst moment.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use certgate_store::PostgresAddress;
use tempfile::TempDir;

use super::Database;
use crate::cluster::Cluster;

/// What becomes of the next commit, and of what follows.
#[derive(Clone, Copy)]
pub(crate) enum Cut {
    /// Nothing.
    Never = 0,
    /// The commit does not arrive.
    BeforeCommit = 1,
    /// The commit arrives, and its answer does not.
    AfterCommit = 2,
    /// As before, and nobody can connect any more.
    AfterCommitForGood = 3,
}

/// The wire; it listens in a folder of its own.
pub(crate) struct Relay {
    folder: TempDir,
    database: String,
    cut: Arc<AtomicU8>,
}

impl Relay {
    pub(crate) fn to(database: &Database) -> Self {
        let (folder, cut) = (tempfile::tempdir_in("/tmp").unwrap(), Arc::new(AtomicU8::new(0)));
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let (server, shared) = (Cluster::shared().path(".s.PGSQL.5432"), Arc::clone(&cut));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if shared.load(Ordering::SeqCst) != Cut::AfterCommitForGood as u8 {
                    relay(client, &server, &shared);
                }
            }
        });
        Self { folder, database: database.name.clone(), cut }
    }

    pub(crate) fn address(&self) -> PostgresAddress {
        let folder = self.folder.path().to_str().unwrap().replace('/', "%2F");
        PostgresAddress::read(&format!("postgres://certgate@{folder}/{}", self.database)).unwrap()
    }

    pub(crate) fn cut(&self, cut: Cut) {
        self.cut.store(cut as u8, Ordering::SeqCst);
    }
}

/// Carries bytes both ways, in threads.
fn relay(client: UnixStream, server: &PathBuf, cut: &Arc<AtomicU8>) {
    let server = UnixStream::connect(server).unwrap();
    let (mut from_server, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    thread::spawn(move || {
        let _ = std::io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Both);
    });
    let cut = Arc::clone(cut);
    thread::spawn(move || carry(client, server, &cut));
}

/// Carries what a client says, until it is cut.
fn carry(mut client: UnixStream, mut server: UnixStream, cut: &AtomicU8) {
    let mut buffer = [0; 1 << 16];
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let said = &buffer[..length];
        let commits = said.windows(8).any(|window| window == b"; COMMIT");
        let cut_now = if commits { cut.load(Ordering::SeqCst) } else { 0 };
        if cut_now == Cut::BeforeCommit as u8 {
            break;
        }
        if cut_now > 0 {
            // The answer must not come.
            let _ = client.shutdown(Shutdown::Both);
        }
        if server.write_all(said).is_err() || cut_now > 0 {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Write);
}
