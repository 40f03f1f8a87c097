//! The client: calls that are made, and made again.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use certgate_api::{Id, Ksuid, Page, Received, Resource, Timestamp, Update};
use rand_core::Rng;
use tokio::time::{sleep, timeout};

use crate::answer::{Answer, Setback};
use crate::api_key::ApiKey;
use crate::api_url::ApiUrl;
use crate::call::{Call, ListQuery};
use crate::error::{Error, Kind};
use crate::limiter::{Limiter, RateLimit};
use crate::pages::Pages;
use crate::retry::{Attempts, Next};
use crate::transport::{RequestBody, Transport, TransportError, TransportFault};

/// How long one attempt may take where nothing else is said, from the connection to the last byte of the answer.
pub const ATTEMPT_SECS_DEFAULT: u64 = 60;

/// A pause that the client makes, and why; for progress on a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// How long it is.
    pub length: Duration,
    /// Why it is made.
    pub reason: PauseReason,
}

/// Why a pause is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PauseReason {
    /// As many requests were sent as the client lets through.
    OwnLimit,
    /// The API said that there were too many requests.
    RateLimited,
    /// An attempt failed, and the next one follows.
    Fault,
    /// An answer got lost: what it may have created is looked for.
    Look,
}

/// Speaks with the API.
///
/// Calls may be made at the same time; the rate limit is theirs together. Nothing here reads a clock of the day:
/// what was created when is told by the server's own clock.
pub struct Client<T> {
    transport: T,
    url: ApiUrl,
    key: ApiKey,
    limiter: Limiter,
    attempt_max: Duration,
    random: Mutex<Box<dyn FnMut() -> u64 + Send>>,
    on_pause: Box<dyn Fn(Pause) + Send + Sync>,
    /// What this client created, or found created: no two creations have the same outcome.
    created: Mutex<BTreeSet<Ksuid>>,
}

impl<T: Transport> Client<T> {
    /// A client of the API at `url`; `rng` spreads out pauses, and need not be secure.
    pub fn new(transport: T, url: ApiUrl, key: ApiKey, mut rng: impl Rng + Send + 'static) -> Self {
        Self {
            transport,
            url,
            key,
            limiter: Limiter::new(RateLimit::OF_THE_API),
            attempt_max: Duration::from_secs(ATTEMPT_SECS_DEFAULT),
            random: Mutex::new(Box::new(move || rng.next_u64())),
            on_pause: Box::new(|_| {}),
            created: Mutex::default(),
        }
    }

    /// Sends as many requests as this, and no more.
    #[must_use]
    pub fn with_rate_limit(mut self, limit: RateLimit) -> Self {
        self.limiter = Limiter::new(limit);
        self
    }

    /// Lets one attempt take this long.
    #[must_use]
    pub fn with_attempt_max(mut self, length: Duration) -> Self {
        self.attempt_max = length;
        self
    }

    /// Tells of every pause, when it begins.
    #[must_use]
    pub fn with_pauses_told(mut self, told: impl Fn(Pause) + Send + Sync + 'static) -> Self {
        self.on_pause = Box::new(told);
        self
    }

    /// Where the API is.
    #[must_use]
    pub fn url(&self) -> &ApiUrl {
        &self.url
    }

    /// Gives one resource.
    ///
    /// # Errors
    /// [`Error::is_not_found`] if there is none; otherwise what the API or the way to it refused.
    pub async fn read<R: Resource>(&self, id: &Id<R>) -> Result<Received<R>, Error> {
        self.resource(&Call::read(id)).await
    }

    /// Gives a list, page by page.
    pub fn list<R: Resource>(&self, query: &ListQuery<R>) -> Pages<'_, R, T> {
        Pages::new(self, Call::list(query))
    }

    /// Changes description and metadata, and gives the resource as it is then.
    ///
    /// # Errors
    /// [`Error::is_not_found`] if there is none; otherwise what the API or the way to it refused.
    pub async fn update<R: Resource>(&self, id: &Id<R>, update: &Update) -> Result<Received<R>, Error> {
        self.resource(&Call::update(id, update)).await
    }

    /// Takes a resource away. Where an attempt may have done so and its answer got lost, it is enough that the resource
    /// is not there any more.
    ///
    /// # Errors
    /// [`Error::is_not_found`] if there is none; otherwise what the API or the way to it refused.
    pub async fn delete<R: Resource>(&self, id: &Id<R>) -> Result<(), Error> {
        match self.repeated(&Call::delete(id), |_| Ok(())).await {
            Err(error) if error.is_not_found() && error.follows_lost_answer() => Ok(()),
            outcome => outcome,
        }
    }

    async fn resource<R: Resource>(&self, call: &Call) -> Result<Received<R>, Error> {
        self.repeated(call, |answer| answer.parse(&self.key)).await
    }

    /// A page, and when it was given, by the server's clock.
    pub(crate) async fn page<R: Resource>(
        &self,
        call: &Call,
    ) -> Result<(Page<Received<R>>, Option<Timestamp>), Error> {
        self.repeated(call, |answer| Ok((answer.parse(&self.key)?, answer.date()))).await
    }

    /// Makes a call that may be made more than once, until there is an answer or no hope.
    async fn repeated<V>(
        &self,
        call: &Call,
        read: impl Fn(Answer) -> Result<V, Setback>,
    ) -> Result<V, Error> {
        let mut attempts = Attempts::default();
        loop {
            let setback = match self.attempt(call).await.and_then(&read) {
                Ok(value) => return Ok(value),
                Err(setback) => setback,
            };
            match self.next(&mut attempts, call, &setback) {
                Next::Again(pause) => self.pause_after(&setback.kind, pause).await,
                Next::Look | Next::GiveUp => return Err(Error::of(call, setback, &attempts)),
            }
        }
    }

    /// Makes a call once, when the rate limit lets it through.
    pub(crate) async fn attempt(&self, call: &Call) -> Result<Answer, Setback> {
        let request = self.request(call).ok_or(Kind::Unsendable("this cannot be written as HTTP"))?;
        let told = |length| (self.on_pause)(Pause { length, reason: PauseReason::OwnLimit });
        let _turn = self.limiter.turn(told).await;
        let sent = timeout(self.attempt_max, self.transport.send(request)).await;
        let timed_out = |_| Err(TransportError::new(TransportFault::TimedOut, ""));
        let response = sent.unwrap_or_else(timed_out);
        let response = response.map_err(|error| Kind::Transport(error.fit_to_be_shown(&self.key)))?;
        Answer::of(response, &self.key)
    }

    fn request(&self, call: &Call) -> Option<http::Request<RequestBody>> {
        let mut request = http::Request::builder()
            .method(call.route().method())
            .uri(self.url.join(call.target()))
            .header(http::header::AUTHORIZATION, self.key.authorization()?);
        for (name, value) in call.headers() {
            request = request.header(name, value);
        }
        request.body(RequestBody::new(call.shared_body())).ok()
    }

    /// What a failed attempt means for the next one.
    pub(crate) fn next(&self, attempts: &mut Attempts, call: &Call, setback: &Setback) -> Next {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.after(&setback.kind, call.route().verb, setback.retry_after, &mut *random)
    }

    /// Waits before the next attempt; after a rate limit, everyone does.
    pub(crate) async fn pause_after(&self, kind: &Kind, length: Duration) {
        let is_limited = matches!(kind, Kind::Refused { status: 429, .. });
        if is_limited {
            self.limiter.hold(length);
        }
        self.pause(length, if is_limited { PauseReason::RateLimited } else { PauseReason::Fault }).await;
    }

    pub(crate) async fn pause(&self, length: Duration, reason: PauseReason) {
        (self.on_pause)(Pause { length, reason });
        sleep(length).await;
    }

    /// The ids of what this client created, or found created.
    pub(crate) fn created_ids(&self) -> MutexGuard<'_, BTreeSet<Ksuid>> {
        self.created.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn key(&self) -> &ApiKey {
        &self.key
    }
}
