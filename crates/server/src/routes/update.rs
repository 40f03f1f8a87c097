//! `PATCH /{collection}/{id}`: description and metadata, and nothing else.

use certgate_store::ResourceUpdate;

use super::id_of;
use crate::call::Call;
use crate::problem::Refusal;
use crate::served::{Served, check_texts};
use crate::shown::shown;

/// Changes a resource.
pub(super) async fn update<R: Served>(call: &Call, id: &str) -> Result<Option<String>, Refusal> {
    let certgate_api::Update { description, metadata } = call.update()?;
    check_texts::<R>(description.as_deref().unwrap_or_default(), metadata.as_deref().unwrap_or_default())?;
    let update = ResourceUpdate { description, metadata };
    let updated = call.shared.store.update(R::KIND, &id_of::<R>(id)?, update, call.at).await?;
    let record = updated.ok_or_else(Refusal::not_found)?;
    shown::<R>(&record, &call.origin, call.shared.settings.emit_empty).map(Some)
}
