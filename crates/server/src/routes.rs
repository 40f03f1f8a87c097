//! The endpoints: what is the same for all kinds of resources, and below `create` what is not.

mod create;
mod delete;
mod list;
mod read;
mod update;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::Request;
use axum::response::Response;
use axum::routing::{get, options};
use certgate_api::{Id, IdError, Route, Verb};
use certgate_store::ResourceId;

use crate::answering::{self, Answering, within};
use crate::problem::Refusal;
use crate::served::Served;
use crate::state::Shared;

type Asked = State<Arc<Shared>>;

/// The paths of one kind of resource.
pub(crate) fn of<R: Served>() -> Router<Arc<Shared>> {
    let collection = get(|State(shared): Asked, request: Request<Body>| answer_list::<R>(shared, request))
        .post(|State(shared): Asked, request: Request<Body>| answer_create::<R>(shared, request))
        .merge(options(|State(shared): Asked, request: Request<Body>| {
            answering::preflight(shared, request, &["GET", "POST"])
        }))
        .fallback(answering::unrouted);
    let one = get(|State(shared): Asked, Path(id): Path<String>, request: Request<Body>| {
        answer_read::<R>(shared, id, request)
    })
    .patch(|State(shared): Asked, Path(id): Path<String>, request: Request<Body>| {
        answer_update::<R>(shared, id, request)
    })
    .delete(|State(shared): Asked, Path(id): Path<String>, request: Request<Body>| {
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
    let outcome = within(async { create::create::<R>(&answering.call(request).await?).await }).await;
    answering.answer(outcome)
}

async fn answer_list<R: Served>(shared: Arc<Shared>, request: Request<Body>) -> Response {
    let mut answering = Answering::of(shared, &request, Some(Route::of::<R>(Verb::List)));
    let outcome = within(async { list::list::<R>(&answering.call(request).await?).await }).await;
    answering.answer(outcome)
}

async fn answer_read<R: Served>(shared: Arc<Shared>, id: String, request: Request<Body>) -> Response {
    let mut answering = Answering::of(shared, &request, Some(Route::of::<R>(Verb::Read)));
    let outcome = within(async { read::read::<R>(&answering.call(request).await?, &id).await }).await;
    answering.answer(outcome)
}

async fn answer_update<R: Served>(shared: Arc<Shared>, id: String, request: Request<Body>) -> Response {
    let mut answering = Answering::of(shared, &request, Some(Route::of::<R>(Verb::Update)));
    let outcome = within(async { update::update::<R>(&answering.call(request).await?, &id).await }).await;
    answering.answer(outcome)
}

async fn answer_delete<R: Served>(shared: Arc<Shared>, id: String, request: Request<Body>) -> Response {
    let mut answering = Answering::of(shared, &request, Some(Route::of::<R>(Verb::Delete)));
    let outcome = within(async { delete::delete::<R>(&answering.call(request).await?, &id).await }).await;
    answering.answer(outcome)
}

/// The id in a path, if it has the shape of one.
fn id_of<R: Served>(text: &str) -> Result<ResourceId, Refusal> {
    let refusal = |error: IdError| {
        let public = format!("'{}' is no id of a {}: {error}", text.escape_debug(), R::COLLECTION.noun);
        Refusal::coded(222, public)
    };
    Ok(text.parse::<Id<R>>().map_err(refusal)?.to_string().parse()?)
}
