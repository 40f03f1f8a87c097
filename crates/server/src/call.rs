//! A request that passed all that does not depend on what it asks for.

use std::sync::Arc;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request};
use certgate_api::{API_VERSION, Id, Ksuid, Resource, Route, Timestamp as WireTime, Update, Verb};
use certgate_facts::Timestamp;
use certgate_store::{Admission, ResourceId, ResourceKind, ResourceRecord};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::fields::{Fields, Shape};
use crate::problem::Refusal;
use crate::query::{Paging, Query};
use crate::served::Served;
use crate::state::Shared;
use crate::{auth, body, rate};

/// A request on its way to an endpoint.
pub(crate) struct Call {
    pub(crate) shared: Arc<Shared>,
    /// When it came.
    pub(crate) at: Timestamp,
    /// What URIs in the answer begin with: where the request was sent.
    pub(crate) origin: String,
    /// The page that is asked for, of a list.
    pub(crate) paging: Option<Paging>,
    /// The resource that was asked for; nothing if there is none, or none was.
    pub(crate) resource: Option<ResourceRecord>,
    body: Zeroizing<Vec<u8>>,
}

impl Call {
    /// Lets a request through, or refuses it for the first thing that is wrong. `known` is told the id of its key. What is
    /// `asked` for comes with it.
    pub(crate) async fn of<R: Served>(
        shared: Arc<Shared>,
        request: Request<Body>,
        route: Route,
        asked: Option<(ResourceKind, ResourceId)>,
        known: &mut Option<ResourceId>,
    ) -> Result<Self, Refusal> {
        let (Parts { headers, uri, .. }, body) = request.into_parts();
        let Admission { key, resource } = auth::admit(&headers, shared.store.as_ref(), asked).await?;
        let id = known.insert(key.id);
        rate::count(&shared, id).await?;
        if key.is_read_only && !matches!(route.verb, Verb::List | Verb::Read) {
            return Err(Refusal::coded(635, "this API key reads only; use another one to change something"));
        }
        check_version(&headers)?;
        let query = Query::read(uri.query().unwrap_or_default(), route)?;
        let is_list = route.verb == Verb::List;
        let paging = is_list.then(|| query.paging::<R>((shared.clock)())).transpose()?;
        let body = body::of(&headers, body, route).await?;
        let at = (shared.clock)();
        let origin = shared.settings.origin.of(&uri, &headers)?;
        Ok(Self { shared, at, origin, paging, resource, body })
    }

    /// The body, if it has the fields that are known, and holds in them what it may.
    pub(crate) fn read<T: DeserializeOwned>(&self, known: &[(&str, Shape)]) -> Result<T, Refusal> {
        // What a reader says of a text may quote it.
        let unreadable = |error: serde_json::Error| {
            let (line, column) = (error.line(), error.column());
            Refusal::coded(213, format!("the body is no JSON object: line {line}, column {column}"))
        };
        Fields::read(&self.body).map_err(unreadable)?.check(known)?;
        serde_json::from_slice(&self.body).map_err(unreadable)
    }

    /// The body of a change.
    pub(crate) fn update(&self) -> Result<Update, Refusal> {
        self.read(&[("id", Shape::Text), ("description", Shape::Text), ("metadata", Shape::Text)])
    }

    /// A new id, of now.
    pub(crate) fn new_id<R: Resource>(&self) -> Result<Id<R>, Refusal> {
        let random = self.shared.sequence.next(self.at, &self.shared.dice).map_err(Refusal::fault)?;
        let ksuid = Ksuid::new(self.wire_time()?, random);
        ksuid.map(Id::new).ok_or_else(|| Refusal::fault("the clock is before 2014 or after 2150"))
    }

    /// Now, as the wire has it.
    pub(crate) fn wire_time(&self) -> Result<WireTime, Refusal> {
        wire_time(self.at)
    }
}

/// A moment, as the wire has it.
pub(crate) fn wire_time(at: Timestamp) -> Result<WireTime, Refusal> {
    WireTime::from_unix_secs(at.unix_secs())
        .ok_or_else(|| Refusal::fault(format!("{at} is no moment of the calendar")))
}

fn check_version(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut versions = headers.get_all("ngrok-version").iter();
    let first = versions.next();
    if versions.next().is_some() {
        return Err(Refusal::coded(217, "there are several Ngrok-Version headers; send one"));
    }
    let given = first.map(|value| String::from_utf8_lossy(value.as_bytes()));
    match given.as_deref().map(str::trim) {
        Some(API_VERSION) => Ok(()),
        Some(other) => {
            let other = other.escape_debug();
            let public = format!("API version '{other}' is not supported; supported here: {API_VERSION}");
            Err(Refusal::coded(217, public))
        }
        None => {
            let public = format!("send the header `Ngrok-Version`; supported here: {API_VERSION}");
            Err(Refusal::coded(218, public))
        }
    }
}
