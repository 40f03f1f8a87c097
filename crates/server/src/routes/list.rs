//! `GET /{collection}`: pages, newest first.

use crate::call::Call;
use crate::problem::Refusal;
use crate::query::Paging;
use crate::served::Served;
use crate::shown::{shown, uri};

/// Gives a page of resources. What comes behind it is told by its last id, so that its cost does not depend on how many
/// pages there are before.
pub(super) async fn list<R: Served>(call: &Call) -> Result<Option<String>, Refusal> {
    let Paging { before, limit } = call.query.paging::<R>()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    // One more than asked for: it tells whether there is another page.
    let mut found = call.shared.store.resources(R::KIND, before, limit + 1).await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let list = uri::<R>(&call.origin, "");
    let next = found
        .last()
        .filter(|_| has_more)
        .map(|last| format!("\"{list}?before_id={}&limit={limit}\"", last.id));
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
