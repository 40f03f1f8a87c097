//! One operation of the API, ready to be sent.

use std::fmt::Write;
use std::sync::Arc;

use certgate_api::{API_VERSION, Body, Create, Id, Resource, Route, Update, Verb};

/// What the client calls itself in the header `User-Agent`.
pub const USER_AGENT: &str = concat!("certgate/", env!("CARGO_PKG_VERSION"));

/// Which page of a list, and of which resources.
#[derive(Clone, Debug)]
pub struct ListQuery<R: Resource> {
    /// Only resources that are older than this one.
    pub before_id: Option<Id<R>>,
    /// How many on a page, at most [`PAGE_ITEMS_MAX`](certgate_api::PAGE_ITEMS_MAX), which is also the default.
    pub limit: Option<u32>,
    /// An expression of the API's filter language, for collections that take one.
    pub filter: Option<String>,
}

/// One operation of the API: method, target, body. It may hold a private key, and no formatting shows that.
#[derive(Clone)]
pub struct Call {
    route: Route,
    target: String,
    body: Option<Arc<Body>>,
}

impl Call {
    /// Creates a resource. That it was judged is for [`Client::push`](crate::Client::push) to see to: a call can be
    /// shown, and not sent.
    #[must_use]
    pub fn create<R: Resource>(create: &R::Create) -> Self {
        let route = Route::of::<R>(Verb::Create);
        Self { route, target: route.path(""), body: Some(Arc::new(create.to_body())) }
    }

    /// Gives a page of resources.
    #[must_use]
    pub fn list<R: Resource>(query: &ListQuery<R>) -> Self {
        let route = Route::of::<R>(Verb::List);
        let parameters = [
            ("before_id", query.before_id.map(|id| id.to_string())),
            ("filter", query.filter.clone()),
            ("limit", query.limit.map(|limit| limit.to_string())),
        ];
        let mut target = route.path("");
        let given = parameters.into_iter().filter_map(|(name, value)| Some((name, value?)));
        for (separator, (name, value)) in std::iter::once('?').chain(std::iter::repeat('&')).zip(given) {
            let _ = write!(target, "{separator}{name}={}", percent_encoded(&value));
        }
        Self { route, target, body: None }
    }

    /// Gives one resource.
    #[must_use]
    pub fn read<R: Resource>(id: &Id<R>) -> Self {
        Self::on(Route::of::<R>(Verb::Read), id)
    }

    /// Changes description and metadata.
    #[must_use]
    pub fn update<R: Resource>(id: &Id<R>, update: &Update) -> Self {
        Self { body: Some(Arc::new(update.to_body())), ..Self::on(Route::of::<R>(Verb::Update), id) }
    }

    /// Takes a resource away.
    #[must_use]
    pub fn delete<R: Resource>(id: &Id<R>) -> Self {
        Self::on(Route::of::<R>(Verb::Delete), id)
    }

    fn on<R: Resource>(route: Route, id: &Id<R>) -> Self {
        Self { route, target: route.path(&id.to_string()), body: None }
    }

    /// The page of the same list that an answer led to.
    pub(crate) fn page(route: Route, target: String) -> Self {
        Self { route, target, body: None }
    }

    /// What it does, and to what.
    #[must_use]
    pub const fn route(&self) -> Route {
        self.route
    }

    /// The path from the API's root on, and the query.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The body, if there is one.
    #[must_use]
    pub fn body(&self) -> Option<&Body> {
        self.body.as_deref()
    }

    pub(crate) fn shared_body(&self) -> Option<Arc<Body>> {
        self.body.clone()
    }

    /// The headers, but for `Authorization`, which holds the API key, and what HTTP itself needs.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let json = "application/json";
        let mut headers = vec![("Accept", json), ("Ngrok-Version", API_VERSION), ("User-Agent", USER_AGENT)];
        headers.extend(self.body.is_some().then_some(("Content-Type", json)));
        headers
    }
}

impl<R: Resource> Default for ListQuery<R> {
    /// The first page, in the API's own size, of all resources.
    fn default() -> Self {
        Self { before_id: None, limit: None, filter: None }
    }
}

/// All but the unreserved characters of RFC 3986 §2.3 as `%` and two digits.
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            byte => drop(write!(encoded, "%{byte:02X}")),
        }
        encoded
    })
}
