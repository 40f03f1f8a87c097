//! `DELETE /{collection}/{id}`.

use certgate_store::Deleting;

use super::id_of;
use crate::call::Call;
use crate::problem::Refusal;
use crate::served::Served;

/// Deletes a resource; its records stay in the audit chain.
pub(super) async fn delete<R: Served>(call: &Call, id: &str) -> Result<Option<String>, Refusal> {
    let id = id_of::<R>(id)?;
    match call.shared.store.delete(R::KIND, &id, call.at).await? {
        Deleting::Deleted => {
            call.shared.forget(&id);
            Ok(None)
        }
        Deleting::InUse => Err(Refusal::coded(
            1964,
            format!("'{id}' has signed certificates that are still here; delete these first"),
        )),
        Deleting::Unknown => Err(Refusal::not_found()),
    }
}
