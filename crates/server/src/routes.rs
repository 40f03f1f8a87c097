//! The endpoints: what is the same for all kinds of resources, and below `create` what is not.

mod create;
mod delete;
mod list;
mod read;
mod update;

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::Request;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, options};
use certgate_api::{Id, IdError, Route, Verb};
use certgate_store::ResourceId;

use crate::answering::{self, Answering, changed_within, within};
use crate::problem::Refusal;
use crate::served::Served;
use crate::state::Shared;

type Asked = State<Arc<Shared>>;

/// The id in a path. One that is no UTF-8 stands as it was sent: it is no id, and that is told like of any other.
struct GivenId(String);

impl<S: Send + Sync> FromRequestParts<S> for GivenId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let given = Path::<String>::from_request_parts(parts, state).await;
        let as_sent = || parts.uri.path().rsplit('/').next().unwrap_or_default().to_owned();
        Ok(Self(given.map_or_else(|_| as_sent(), |Path(id)| id)))
    }
}

/// The paths of one kind of resource.
pub(crate) fn of<R: Served>() -> Router<Arc<Shared>> {
    let collection = get(|State(shared): Asked, request: Request<Body>| answer_list::<R>(shared, request))
        .post(|State(shared): Asked, request: Request<Body>| answer_create::<R>(shared, request))
        .merge(options(|State(shared): Asked, request: Request<Body>| {
            answering::preflight(shared, request, &["GET", "POST"])
        }))
        .fallback(answering::unrouted);
    let one = get(|State(shared): Asked, GivenId(id): GivenId, request: Request<Body>| {
        answer_read::<R>(shared, id, request)
    })
    .patch(|State(shared): Asked, GivenId(id): GivenId, request: Request<Body>| {
        answer_update::<R>(shared, id, request)
    })
    .delete(|State(shared): Asked, GivenId(id): GivenId, request: Request<Body>| {
        answer_delete::<R>(shared, id, request)
    })
    .merge(options(|State(shared): Asked, request: Request<Body>| {
        answering::preflight(shared, request, &["GET", "PATCH", "DELETE"])
    }))
    .fallback(answering::unrouted);
    let name = R::COLLECTION.name;
    Router::new().route(&format!("/{name}"), collection).route(&format!("/{name}/{{id}}"), one)
}

async fn answer_create<R: Served>(shared: Arc<Shared>, request: Request<Body>) -> Response {
    let mut answering = Answering::of(shared, &request, Some(Route::of::<R>(Verb::Create)));
    let outcome =
        changed_within(pin!(async { create::create::<R>(&answering.call::<R>(request).await?).await })).await;
    answering.answer(outcome)
}

async fn answer_list<R: Served>(shared: Arc<Shared>, request: Request<Body>) -> Response {
    let mut answering = Answering::of(shared, &request, Some(Route::of::<R>(Verb::List)));
    let outcome = within(pin!(async { list::list::<R>(answering.call::<R>(request).await?).await })).await;
    answering.answer(outcome)
}

async fn answer_read<R: Served>(shared: Arc<Shared>, id: String, request: Request<Body>) -> Response {
    let mut answering = Answering::of(shared, &request, Some(Route::of::<R>(Verb::Read)));
    let given = id_of::<R>(&id);
    let asked = given.as_ref().ok().map(|id| (R::KIND, id.clone()));
    let outcome =
        within(pin!(async { read::read::<R>(&answering.call_for::<R>(request, asked).await?, given) })).await;
    answering.answer(outcome)
}

async fn answer_update<R: Served>(shared: Arc<Shared>, id: String, request: Request<Body>) -> Response {
    let mut answering = Answering::of(shared, &request, Some(Route::of::<R>(Verb::Update)));
    let outcome =
        changed_within(pin!(async { update::update::<R>(&answering.call::<R>(request).await?, &id).await }))
            .await;
    answering.answer(outcome)
}

async fn answer_delete<R: Served>(shared: Arc<Shared>, id: String, request: Request<Body>) -> Response {
    let mut answering = Answering::of(shared, &request, Some(Route::of::<R>(Verb::Delete)));
    let outcome =
        changed_within(pin!(async { delete::delete::<R>(&answering.call::<R>(request).await?, &id).await }))
            .await;
    answering.answer(outcome)
}

/// The id in a path, if it has the shape of one.
fn id_of<R: Served>(text: &str) -> Result<ResourceId, Refusal> {
    let refusal = |error: IdError| {
        let public = format!("'{}' is no id of a {}: {error}", text.escape_debug(), R::COLLECTION.noun);
        Refusal::coded(222, public)
    };
    text.parse::<Id<R>>().map_err(refusal)?;
    Ok(text.parse()?)
}
