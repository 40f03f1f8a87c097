//! `GET /{collection}/{id}`.

use super::id_of;
use crate::call::Call;
use crate::problem::Refusal;
use crate::served::Served;
use crate::shown::shown;

/// Gives one resource.
pub(super) async fn read<R: Served>(call: &Call, id: &str) -> Result<Option<String>, Refusal> {
    let found = call.shared.store.resource(R::KIND, &id_of::<R>(id)?).await?;
    let record = found.ok_or_else(Refusal::not_found)?;
    shown::<R>(&record, &call.origin, call.shared.settings.emit_empty).map(Some)
}
