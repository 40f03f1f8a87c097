//! An API that answers as the real one is documented to, on a port of this machine.
//!
//! It keeps its resources in memory, records every request, signs host certificates with `ssh-keygen`, and goes wrong where
//! a [`Script`] says so. What a client can meet is answered: authorization, versions, content types, queries, bodies, pages,
//! the limit of requests, and the codes of the certificate resources.

mod account;
mod authority;
mod body;
mod connection;
mod date;
mod entrance;
mod fault;
mod host_certificate;
mod ksuid;
pub(crate) mod openapi;
mod page;
mod problem;
mod recorded;
mod reply;
mod resource;
mod route;
mod tls_certificate;

use std::collections::HashMap;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

pub(crate) use self::account::API_KEY;
use self::account::Account;
pub(crate) use self::fault::{Fault, Script};
use self::recorded::Recorded;
use super::Certgate;

/// The server, until it is dropped.
pub(crate) struct ApiServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

/// What the threads of all connections share.
struct Shared {
    account: Mutex<Account>,
    is_over: AtomicBool,
    connections: Mutex<HashMap<SocketAddr, TcpStream>>,
}

impl ApiServer {
    /// An account without resources; the clock is the real one.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            account: Mutex::new(Account::new(format!("http://{address}"))),
            is_over: AtomicBool::new(false),
            connections: Mutex::new(HashMap::new()),
        });
        let of_listener = Arc::clone(&shared);
        let listener = thread::spawn(move || accept(&listener, &of_listener));
        Self { address, shared, listener: Some(listener) }
    }

    /// The same, with a clock that stands still, for output that is compared: ids and operation ids are the same each time.
    pub(crate) fn start_at(unix_secs: i64) -> Self {
        let server = Self::start();
        server.account().stop_clock(unix_secs);
        server
    }

    /// Where it is, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same run, told where the server is and with its key.
    pub(crate) fn with(&self, run: Certgate) -> Certgate {
        run.variable("CERTGATE_API_URL", &self.url()).variable("CERTGATE_API_KEY", API_KEY)
    }

    /// Lets at most `count` requests through within any `window`; the others meet 429.
    pub(crate) fn allow(&self, count: usize, window: Duration) {
        self.account().allow(count, window);
    }

    /// Puts `Retry-After` into each 429 from now on.
    pub(crate) fn say_when_to_retry(&self, value: &str) {
        self.account().retry_after = Some(value.to_owned());
    }

    /// Lets something go wrong.
    pub(crate) fn script(&self, script: Script) {
        self.account().scripts.push(script);
    }

    /// How many requests the scripts that are not used up are still waiting for.
    pub(crate) fn scripts_left(&self) -> usize {
        self.account().scripts.iter().filter(|script| !script.is_used_up()).count()
    }

    /// Every request so far, in the order in which they were read.
    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.account().recorded.clone()
    }

    /// The requests so far whose method and path begin like this, such as `POST /tls_certificates`.
    pub(crate) fn requests_of(&self, start: &str) -> Vec<Recorded> {
        self.requests().into_iter().filter(|request| request.line().starts_with(start)).collect()
    }

    /// What a collection such as `tls_certificates` holds, newest first, as lists show it.
    pub(crate) fn held(&self, collection: &str) -> Vec<Value> {
        let account = self.account();
        let resources = account.newest_first(route::Collection::named(collection));
        resources.map(|resource| resource.to_value()).collect()
    }

    /// Puts a resource there, past all checks. Fields that are missing are made up: `id`, `uri` and all times for now, the others
    /// empty. Gives its id.
    pub(crate) fn hold(&self, collection: &str, fields: Value) -> String {
        self.account().hold(route::Collection::named(collection), fields)
    }

    /// Creates a resource as a request with this body would, and gives it; nothing is recorded.
    #[track_caller]
    pub(crate) fn create(&self, collection: &str, body: Value) -> Value {
        let created = self.account().create(route::Collection::named(collection), &body);
        created.unwrap_or_else(|problem| panic!("{problem:?}")).to_value()
    }

    /// Creates an SSH authority with an Ed25519 key, and gives its id.
    pub(crate) fn ssh_authority(&self) -> String {
        let created = self.create("ssh_certificate_authorities", serde_json::json!({}));
        created["id"].as_str().unwrap().to_owned()
    }

    /// Lets later requests be odd: they are not compared with the API's own specification.
    pub(crate) fn expect_odd_requests(&self) {
        self.account().expects_odd_requests = true;
    }

    fn account(&self) -> MutexGuard<'_, Account> {
        self.shared.account()
    }
}

impl Shared {
    /// A test that failed while it looked must not make others fail for it.
    fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn connections(&self) -> MutexGuard<'_, HashMap<SocketAddr, TcpStream>> {
        self.connections.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    thread::scope(|scope| {
        for stream in listener.incoming() {
            if shared.is_over.load(Ordering::SeqCst) {
                return;
            }
            let Ok(stream) = stream else { continue };
            let Ok(client) = stream.peer_addr() else { continue };
            shared.connections().extend(stream.try_clone().map(|stream| (client, stream)));
            scope.spawn(move || {
                connection::serve(stream, shared);
                // Only now, with its last handle, the connection is closed.
                shared.connections().remove(&client);
            });
        }
    });
}

impl Drop for ApiServer {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Whoever waits for a connection or for a request is woken.
        let _ = TcpStream::connect(self.address);
        for (_, connection) in self.shared.connections().drain() {
            let _ = connection.shutdown(Shutdown::Both);
        }
        let ended = self.listener.take().map(JoinHandle::join);
        if thread::panicking() {
            return;
        }
        assert!(ended.is_none_or(|ended| ended.is_ok()), "the server itself failed");
        let faults = std::mem::take(&mut self.account().openapi_faults);
        assert_eq!(faults, Vec::<String>::new(), "requests that the API's own specification does not have");
    }
}
