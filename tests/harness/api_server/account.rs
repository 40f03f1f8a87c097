//! What the server holds and counts.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use certgate_facts::Timestamp;
use serde_json::{Map, Value};
use tempfile::TempDir;

use super::body::{Fields, Type};
use super::fault::{Fault, Script};
use super::problem::Problem;
use super::recorded::Recorded;
use super::reply::Reply;
use super::resource::Resource;
use super::route::{self, Collection, Verb};
use super::{authority, date, entrance, host_certificate, ksuid, page, tls_certificate};

/// The one key that opens the account; made for tests, good for nothing else.
pub(crate) const API_KEY: &str = "2rwwl5MarkedTestKeyNoSecret_6MarkedNeverToBeSeen";

/// One account.
pub(super) struct Account {
    pub(super) origin: String,
    resources: Vec<Resource>,
    stopped_at: Option<i64>,
    count: u64,
    /// How many requests within which time, and when the last ones came.
    allowed: Option<(usize, Duration)>,
    times: VecDeque<Instant>,
    pub(super) retry_after: Option<String>,
    pub(super) next_page_origin: Option<String>,
    pub(super) scripts: Vec<Script>,
    pub(super) recorded: Vec<Recorded>,
    pub(super) expects_odd_requests: bool,
    pub(super) openapi_faults: Vec<String>,
    /// The private keys of the SSH authorities, each in a file with the name of its id.
    pub(super) keys: TempDir,
}

impl Account {
    pub(super) fn new(origin: String) -> Self {
        Self {
            origin,
            resources: Vec::new(),
            stopped_at: None,
            count: 0,
            allowed: None,
            times: VecDeque::new(),
            retry_after: None,
            next_page_origin: None,
            scripts: Vec::new(),
            recorded: Vec::new(),
            expects_odd_requests: false,
            openapi_faults: Vec::new(),
            keys: tempfile::tempdir().unwrap(),
        }
    }

    pub(super) fn stop_clock(&mut self, unix_secs: i64) {
        self.stopped_at = Some(unix_secs);
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub(super) fn now(&self) -> i64 {
        let real = || std::time::UNIX_EPOCH.elapsed().expect("it is after 1970").as_secs();
        self.stopped_at.unwrap_or_else(|| i64::try_from(real()).unwrap())
    }

    pub(super) fn allow(&mut self, count: usize, window: Duration) {
        self.allowed = Some((count, window));
        self.times.clear();
    }

    /// Counts a request that is let through, or refuses it.
    #[expect(clippy::disallowed_methods, reason = "a window in real time")]
    pub(super) fn counted(&mut self) -> Result<(), Problem> {
        let Some((count_max, window)) = self.allowed else { return Ok(()) };
        let now = Instant::now();
        while self.times.front().is_some_and(|time| now.duration_since(*time) >= window) {
            self.times.pop_front();
        }
        if self.times.len() >= count_max {
            return Err(Problem::new(429, 226, format!("limited to {count_max} API requests per minute")));
        }
        self.times.push_back(now);
        Ok(())
    }

    /// An id that was never there, later than all others.
    pub(super) fn new_id(&mut self, prefix: &str) -> String {
        self.count += 1;
        format!("{prefix}_{}", ksuid::ksuid(self.now(), self.count))
    }

    pub(super) fn newest_first(&self, collection: Collection) -> impl Iterator<Item = &Resource> {
        let mut found: Vec<&Resource> =
            self.resources.iter().filter(|resource| resource.collection == collection).collect();
        found.sort_by(|one, other| other.id().cmp(one.id()));
        found.into_iter()
    }

    pub(super) fn resource(&self, id: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.id() == id)
    }

    pub(super) fn remove(&mut self, id: &str) -> bool {
        let count = self.resources.len();
        self.resources.retain(|resource| resource.id() != id);
        self.resources.len() < count
    }

    /// Holds what has these fields; those that are missing are made up.
    pub(super) fn hold(&mut self, collection: Collection, fields: Value) -> String {
        let Value::Object(mut fields) = fields else { panic!("a resource is an object") };
        let id = match fields.get("id").and_then(Value::as_str) {
            Some(id) => id.to_owned(),
            None => self.new_id(collection.prefix()),
        };
        let uri = format!("{}/{}/{id}", self.origin, collection.name());
        fields.insert("id".to_owned(), id.as_str().into());
        fields.entry("uri").or_insert_with(|| uri.into());
        let now = Timestamp::from_unix_secs(self.now()).to_string();
        fields.entry("created_at").or_insert_with(|| now.into());
        let mut resource = Resource { collection, fields };
        resource.complete();
        self.resources.push(resource);
        id
    }

    /// What `POST` does with its body.
    pub(super) fn create(&mut self, collection: Collection, body: &Value) -> Result<Resource, Problem> {
        let id = self.new_id(collection.prefix());
        let mut fields: Map<String, Value> = match collection {
            Collection::TlsCertificates => tls_certificate::create(body)?,
            Collection::SshHostCertificates => host_certificate::create(self, &id, body)?,
            Collection::SshCertificateAuthorities => authority::create(self, &id, body)?,
        };
        fields.insert("id".to_owned(), id.as_str().into());
        for field in ["description", "metadata"] {
            if let Some(text) = body[field].as_str().filter(|text| !text.is_empty()) {
                fields.insert(field.to_owned(), text.into());
            }
        }
        let id = self.hold(collection, Value::Object(fields));
        Ok(self.resource(&id).expect("it was just put there").clone())
    }

    /// What a request is answered, after what it asks for is done.
    pub(super) fn answer(&mut self, request: &Recorded, fault: Option<&Fault>) -> Reply {
        if let Some(Fault::PagesOn(origin)) = fault {
            self.next_page_origin = Some(origin.clone());
        }
        let operation_id = self.new_id("op");
        let reply = match route::of(&request.method, request.path()) {
            None => Problem::unrouted(request.path()).into_reply(&operation_id),
            Some((collection, verb)) => match self.done(request, collection, &verb) {
                Ok(reply) => reply,
                Err(problem) => problem.into_reply(&operation_id),
            },
        };
        self.next_page_origin = None;
        let reply = match &self.retry_after {
            Some(value) if reply.status == 429 => reply.with("Retry-After", value.as_str()),
            _ => reply,
        };
        reply.with("Ngrok-Operation-Id", operation_id).with("Date", date::of(self.now()))
    }

    fn done(&mut self, request: &Recorded, collection: Collection, verb: &Verb) -> Result<Reply, Problem> {
        let parameters = entrance::pass(self, request, collection, verb)?;
        match verb {
            Verb::Create => {
                let body = Fields::read(&request.body)?;
                Ok(Reply::json(201, self.create(collection, &body)?.to_json()))
            }
            Verb::List => page::of(self, collection, &parameters),
            Verb::Get(id) => Ok(Reply::json(200, self.known(collection, id)?.to_json())),
            Verb::Update(id) => {
                let known = [("id", Type::Text), ("description", Type::Text), ("metadata", Type::Text)];
                let fields = Fields::of(&Fields::read(&request.body)?, &known)?;
                fields.short_enough(collection)?;
                let resource = self.known(collection, id)?;
                for field in ["description", "metadata"] {
                    if let Some(text) = fields.sent(field) {
                        resource.set(field, text);
                    }
                }
                Ok(Reply::json(200, resource.to_json()))
            }
            Verb::Delete(id) => {
                self.known(collection, id)?;
                if self.resources.iter().any(|other| other.text("ssh_certificate_authority_id") == id) {
                    return Err(Problem::new(400, 1964, format!("'{id}' still has certificates")));
                }
                self.remove(id);
                Ok(Reply::nothing())
            }
        }
    }

    fn known(&mut self, collection: Collection, id: &str) -> Result<&mut Resource, Problem> {
        if !ksuid::is_id(id, collection.prefix()) {
            let message = format!("'{id}' is no id of {}", collection.name());
            return Err(Problem::new(404, 222, message));
        }
        let found = self
            .resources
            .iter_mut()
            .find(|resource| resource.collection == collection && resource.id() == id);
        found.ok_or_else(Problem::not_found)
    }
}
