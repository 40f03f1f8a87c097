//! An API in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use certgate_api::{COLLECTIONS, Ksuid, Timestamp};
use certgate_client::{
    ApiKey, ApiUrl, Client, PUBLIC_API_URL, RequestBody, Transport, TransportError, TransportFault,
};
use certgate_fixtures::JUDGED_AT_UNIX_SECS;
use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng;
use http::{Request, Response};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

/// A key of the API; it opens nothing.
pub(crate) const KEY: &str = "2TESTKEYtestkeyTESTKEYtestk_4TESTKEYtestkeyTESTKEY";

/// How long an answer takes.
pub(crate) const LATENCY: Duration = Duration::from_millis(20);

/// What becomes of a request.
#[derive(Clone)]
pub(crate) enum Fate {
    /// It is answered as it should be.
    Answered,
    /// It is answered with this status, these headers and this body, and nothing is done.
    Refused(u16, Vec<(&'static str, &'static str)>, String),
    /// It never leaves.
    Fault(TransportFault),
    /// It is done, and the connection breaks.
    DoneAndCut,
    /// The connection breaks, and it is done so much later.
    CutAndDoneAfter(Duration),
    /// It is done, and there is never an answer.
    DoneAndSilent,
    /// It is done, and the answer is this.
    DoneAndSaid(u16, &'static str, String),
}

/// A request as it came.
#[derive(Clone)]
pub(crate) struct Seen {
    pub call: String,
    pub headers: Vec<String>,
    pub body: String,
    /// Since the API began.
    pub at: Duration,
}

#[derive(Clone)]
pub(crate) struct Api(Arc<Mutex<State>>);

pub(crate) struct State {
    began: Instant,
    pub resources: Vec<Value>,
    late: Vec<(Instant, Value)>,
    pub script: VecDeque<Fate>,
    pub seen: Vec<Seen>,
    pub page_items: usize,
    pub is_dated: bool,
    /// Instead of where the next page is.
    pub next_page_uri: Option<Value>,
    /// The most requests in a window.
    pub limit: Option<(usize, Duration)>,
    counted: VecDeque<Instant>,
    pub too_many: usize,
    /// Differs from the client's clock by so much.
    pub clock_secs: i64,
    minted: u32,
}

impl Api {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            began: Instant::now(),
            resources: Vec::new(),
            late: Vec::new(),
            script: VecDeque::new(),
            seen: Vec::new(),
            page_items: 100,
            is_dated: true,
            next_page_uri: None,
            limit: None,
            counted: VecDeque::new(),
            too_many: 0,
            clock_secs: JUDGED_AT_UNIX_SECS,
            minted: 0,
        })))
    }

    pub(crate) fn with(fates: impl IntoIterator<Item = Fate>) -> Self {
        let api = Self::new();
        api.state().script.extend(fates);
        api
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// A client of this API, known as the public one.
    pub(crate) fn client(&self) -> Client<Self> {
        self.client_of(1)
    }

    /// One whose pauses are spread out by this seed.
    pub(crate) fn client_of(&self, seed: u64) -> Client<Self> {
        let url = ApiUrl::new(PUBLIC_API_URL).unwrap();
        Client::new(self.clone(), url, ApiKey::new(KEY).unwrap(), ChaCha20Rng::seed_from_u64(seed))
    }

    /// Method and target of every request.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.state().seen.iter().map(|seen| seen.call.clone()).collect()
    }

    /// How many requests had this method.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.calls().iter().filter(|call| call.starts_with(method)).count()
    }

    pub(crate) fn held(&self) -> usize {
        self.state().resources.len()
    }
}

impl State {
    fn now_secs(&self) -> i64 {
        self.clock_secs + i64::try_from(self.began.elapsed().as_secs()).unwrap()
    }

    fn date(&self) -> String {
        http_date(self.now_secs())
    }

    fn answer(&mut self, method: &str, target: &str, body: &str) -> (u16, String) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut segments = path.split('/').skip(1);
        let (collection, id) = (segments.next().unwrap().to_owned(), segments.next());
        let position =
            self.resources.iter().position(|resource| Some(resource["id"].as_str().unwrap()) == id);
        match (method, id, position) {
            ("POST", ..) => {
                let resource = self.made(&collection, body);
                self.resources.push(resource.clone());
                (201, resource.to_string())
            }
            ("GET", None, _) => (200, self.page(&collection, query).to_string()),
            (_, Some(_), None) => {
                (404, r#"{"status_code":404,"msg":"Resource not found","details":{}}"#.into())
            }
            ("GET", _, Some(position)) => (200, self.resources[position].to_string()),
            ("DELETE", _, Some(position)) => {
                self.resources.remove(position);
                (204, String::new())
            }
            (_, _, Some(position)) => {
                let changes: Value = serde_json::from_str(body).unwrap();
                for (name, value) in changes.as_object().unwrap() {
                    self.resources[position][name] = value.clone();
                }
                (200, self.resources[position].to_string())
            }
            (_, None, None) => panic!("no route for {method} {target}"),
        }
    }

    /// What a request creates; its key stays inside.
    pub(crate) fn made(&mut self, collection: &str, body: &str) -> Value {
        let now = Timestamp::from_unix_secs(self.now_secs()).unwrap();
        self.minted += 1;
        let mut random = [0; 16];
        random[..4].copy_from_slice(&self.minted.to_be_bytes());
        let ksuid = Ksuid::new(now, random).unwrap();
        let prefix = COLLECTIONS.iter().find(|known| known.name == collection).unwrap().prefix;
        let mut resource: Value = serde_json::from_str(body).unwrap();
        resource.as_object_mut().unwrap().remove("private_key_pem");
        resource["id"] = format!("{prefix}_{ksuid}").into();
        resource["uri"] = format!("{PUBLIC_API_URL}/{collection}/{prefix}_{ksuid}").into();
        resource["created_at"] = now.to_string().into();
        resource["not_before"] = now.to_string().into();
        resource["not_after"] = now.to_string().into();
        resource
    }

    /// Newest first.
    fn page(&self, collection: &str, query: &str) -> Value {
        let uri = format!("{PUBLIC_API_URL}/{collection}");
        let before = query.split('&').find_map(|pair| pair.strip_prefix("before_id="));
        let is_before =
            |resource: &&Value| before.is_none_or(|before| resource["id"].as_str().unwrap() < before);
        let is_here = |resource: &&Value| resource["uri"].as_str().unwrap().starts_with(&format!("{uri}/"));
        let mut all: Vec<&Value> = self.resources.iter().filter(is_here).filter(is_before).collect();
        all.sort_by_key(|resource| std::cmp::Reverse(resource["id"].as_str().unwrap()));
        let items: Vec<&Value> = all.iter().copied().take(self.page_items).collect();
        let more = (all.len() > items.len()).then(|| items.last().unwrap()["id"].as_str().unwrap());
        let next = more.map(|last| format!("{uri}?before_id={last}"));
        let next = self.next_page_uri.clone().unwrap_or_else(|| next.into());
        json!({ collection: items, "uri": uri, "next_page_uri": next })
    }

    fn settle(&mut self) {
        let now = Instant::now();
        let (due, late) = std::mem::take(&mut self.late).into_iter().partition(|(at, _)| *at <= now);
        self.late = late;
        self.resources.extend(Vec::<(Instant, Value)>::into_iter(due).map(|(_, resource)| resource));
    }

    /// Whether there are more requests in the window than it takes.
    fn is_too_many(&mut self) -> bool {
        let Some((requests, window)) = self.limit else { return false };
        let now = Instant::now();
        self.counted.retain(|at| now.duration_since(*at) < window);
        self.counted.push_back(now);
        let is_too_many = self.counted.len() > requests;
        self.too_many += usize::from(is_too_many);
        is_too_many
    }
}

impl Transport for Api {
    async fn send(&self, request: Request<RequestBody>) -> Result<Response<Vec<u8>>, TransportError> {
        sleep(LATENCY / 2).await;
        let cut = || Err(TransportError::new(TransportFault::Interrupted, "connection reset"));
        let (answer, is_silent) = {
            let mut state = self.state();
            state.settle();
            let target = request.uri().path_and_query().unwrap().as_str().to_owned();
            let body = String::from_utf8(request.body().as_ref().to_vec()).unwrap();
            let (method, at) = (request.method().to_string(), state.began.elapsed());
            let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
                format!("{name}: {}", value.to_str().unwrap())
            };
            let headers = request.headers().iter().map(header).collect();
            state.seen.push(Seen { call: format!("{method} {target}"), headers, body: body.clone(), at });
            let fate = match state.is_too_many() {
                true => Fate::Refused(429, Vec::new(), problem(429, "ERR_NGROK_226")),
                false => state.script.pop_front().unwrap_or(Fate::Answered),
            };
            let date = state.is_dated.then(|| state.date());
            let answer = |status: u16, headers: &[(&str, &str)], body: String| {
                let dated = date.iter().map(|date| ("date", date.as_str()));
                let mut response = Response::builder().status(status);
                for (name, value) in headers.iter().copied().chain(dated) {
                    response = response.header(name, value);
                }
                response.body(body.into_bytes()).unwrap()
            };
            let json = [("content-type", "application/json")];
            match fate {
                Fate::Answered => {
                    let (status, body) = state.answer(&method, &target, &body);
                    (Ok(answer(status, &json, body)), false)
                }
                Fate::Refused(status, headers, body) => {
                    let headers: Vec<_> = headers.into_iter().chain(json).collect();
                    (Ok(answer(status, &headers, body)), false)
                }
                Fate::Fault(fault) => (Err(TransportError::new(fault, "as scripted")), false),
                Fate::DoneAndCut => {
                    state.answer(&method, &target, &body);
                    (cut(), false)
                }
                Fate::CutAndDoneAfter(wait) => {
                    let resource = state.made(target.trim_start_matches('/'), &body);
                    state.late.push((Instant::now() + wait, resource));
                    (cut(), false)
                }
                Fate::DoneAndSilent => {
                    state.answer(&method, &target, &body);
                    (cut(), true)
                }
                Fate::DoneAndSaid(status, content_type, text) => {
                    state.answer(&method, &target, &body);
                    (Ok(answer(status, &[("content-type", content_type)], text)), false)
                }
            }
        };
        sleep(if is_silent { Duration::from_secs(86_400) } else { LATENCY / 2 }).await;
        answer
    }
}

/// A refusal, as the API words it.
pub(crate) fn problem(status: u16, code: &str) -> String {
    let details = json!({ "operation_id": "op_2rwwl6y1UCOM1WjSQhSj2VPegVh" });
    json!({ "error_code": code, "status_code": status, "msg": "as scripted.", "details": details })
        .to_string()
}

/// As HTTP writes a date; the name of the day is nobody's business.
pub(crate) fn http_date(secs: i64) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let at = Timestamp::from_unix_secs(secs).unwrap().to_string();
    let (date, time) = at.trim_end_matches('Z').split_once('T').unwrap();
    let [year, month, day] = date.split('-').collect::<Vec<_>>().try_into().unwrap();
    let month = MONTHS[month.parse::<usize>().unwrap() - 1];
    format!("Mon, {day} {month} {year} {time} GMT")
}
