//! What is counted while requests are answered. Counters begin at zero when the server starts.

mod exposition;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use certgate_api::{Route, Verb};
use certgate_facts::Timestamp;
use certgate_store::ResourceCount;
use tokio::time::Instant;

pub(crate) use exposition::{CONTENT_TYPE, moments, text};

/// Statuses that are counted each by itself.
const STATUSES: [u16; 10] = [200, 201, 204, 400, 403, 404, 415, 429, 500, 503];
/// Upper ends of the ranges of request times, as they are written and in microseconds.
const TIMES: [(&str, u64); 11] = [
    ("0.001", 1_000),
    ("0.0025", 2_500),
    ("0.005", 5_000),
    ("0.01", 10_000),
    ("0.025", 25_000),
    ("0.05", 50_000),
    ("0.1", 100_000),
    ("0.25", 250_000),
    ("1", 1_000_000),
    ("10", 10_000_000),
    ("60", 60_000_000),
];

/// What is counted.
pub(crate) struct Metrics {
    /// One for each route, and one for all that is no route.
    routes: Vec<Counts>,
    in_flight: Arc<AtomicU64>,
    connections: Arc<AtomicU64>,
    rate_limited: AtomicU64,
    handshakes_failed: AtomicU64,
    /// What the store counted last, and when; asked for by one at a time.
    pub(crate) kept: tokio::sync::Mutex<Option<(Instant, Vec<ResourceCount>)>>,
    /// When the certificate ends that the server shows; none is shown before 1970.
    tls_not_after: AtomicI64,
}

/// What is counted of one route.
#[derive(Default)]
struct Counts {
    /// By [`STATUSES`]; the last is for all others.
    statuses: [AtomicU64; STATUSES.len() + 1],
    /// By [`TIMES`]; the last is for what took longer.
    times: [AtomicU64; TIMES.len() + 1],
    micros: AtomicU64,
}

/// Something that is there for as long as this is.
pub(crate) struct Present(Arc<AtomicU64>);

impl Present {
    fn of(count: &Arc<AtomicU64>) -> Self {
        count.fetch_add(1, Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let places = Route::all().count() + 1;
        Self {
            routes: (0..places).map(|_| Counts::default()).collect(),
            in_flight: Arc::default(),
            connections: Arc::default(),
            rate_limited: AtomicU64::new(0),
            handshakes_failed: AtomicU64::new(0),
            kept: tokio::sync::Mutex::new(None),
            tls_not_after: AtomicI64::new(i64::MIN),
        }
    }

    /// A request that is being answered.
    pub(crate) fn request(&self) -> Present {
        Present::of(&self.in_flight)
    }

    /// A connection that is open.
    pub(crate) fn connection(&self) -> Present {
        Present::of(&self.connections)
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, route: Option<Route>, status: u16, taken: Duration) {
        let place = route.and_then(|route| Route::all().position(|known| known == route));
        let Some(counts) = self.routes.get(place.unwrap_or(self.routes.len() - 1)) else { return };
        let micros = u64::try_from(taken.as_micros()).unwrap_or(u64::MAX);
        let status = STATUSES.iter().position(|known| *known == status).unwrap_or(STATUSES.len());
        let time = TIMES.iter().position(|(_, most)| micros <= *most).unwrap_or(TIMES.len());
        for counter in [counts.statuses.get(status), counts.times.get(time)].into_iter().flatten() {
            counter.fetch_add(1, Relaxed);
        }
        counts.micros.fetch_add(micros, Relaxed);
    }

    /// Counts a request that came too soon.
    pub(crate) fn rate_limited(&self) {
        self.rate_limited.fetch_add(1, Relaxed);
    }

    /// Counts a client that did not come to an encrypted connection.
    pub(crate) fn handshake_failed(&self) {
        self.handshakes_failed.fetch_add(1, Relaxed);
    }

    /// Until when the certificate is valid that the server shows.
    pub(crate) fn shown_until(&self, not_after: Timestamp) {
        self.tls_not_after.store(not_after.unix_secs(), Relaxed);
    }

    /// How many resources a route created.
    fn created(&self, route: Route) -> u64 {
        let success = STATUSES.iter().position(|status| *status == route.success());
        let place = Route::all().position(|known| known == route && known.verb == Verb::Create);
        let counts = place.and_then(|place| self.routes.get(place));
        counts.zip(success).map_or(0, |(counts, success)| counts.statuses[success].load(Relaxed))
    }
}
