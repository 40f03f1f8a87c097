//! `GET /{collection}`: pages, newest first.

use std::sync::Arc;

use certgate_store::{ResourceFilter, ResourceId, ResourcePage, wait};

use crate::call::Call;
use crate::problem::Refusal;
use crate::query::{Paging, encoded};
use crate::served::Served;
use crate::shown::{shown, uri};

/// Gives a page of resources. What comes behind it is told by its last id, so that its cost does not depend on how many
/// pages there are before.
pub(super) async fn list<R: Served>(mut call: Call) -> Result<Option<String>, Refusal> {
    let paging = call.paging.take().ok_or_else(|| Refusal::fault("a list without a page"))?;
    let Paging { before, limit, filter } = paging;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (text, filter) = filter.unzip();
    let ResourcePage { resources: found, has_more } = match filter {
        None => call.shared.store.resources(R::KIND, ResourceFilter::EVERYTHING, before, limit).await?,
        Some(filter) => filtered::<R>(&call, filter, before, limit).await?,
    };
    let list = uri::<R>(&call.origin, "");
    let filter = text.map(|text| format!("&filter={}", encoded(&text))).unwrap_or_default();
    let next = found
        .last()
        .filter(|_| has_more)
        .map(|last| format!("\"{list}?before_id={}{filter}&limit={limit}\"", last.id));
    let items: Vec<String> = found
        .iter()
        .map(|record| shown::<R>(record, &call.origin, call.shared.settings.emit_empty))
        .collect::<Result<_, _>>()?;
    Ok(Some(format!(
        "{{\"{}\":[{}],\"uri\":\"{list}\",\"next_page_uri\":{}}}",
        R::COLLECTION.name,
        items.join(","),
        next.as_deref().unwrap_or("null")
    )))
}

/// Searches on a thread of its own: some filters look at everything there is, while others want an answer.
async fn filtered<R: Served>(
    call: &Call,
    filter: ResourceFilter,
    before: Option<ResourceId>,
    limit: usize,
) -> Result<ResourcePage, Refusal> {
    let shared = Arc::clone(&call.shared);
    let search = move || wait(shared.store.resources(R::KIND, filter, before, limit));
    Ok(tokio::task::spawn_blocking(search).await.map_err(Refusal::fault)??)
}
