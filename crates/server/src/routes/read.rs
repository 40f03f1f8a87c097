//! `GET /{collection}/{id}`.

use certgate_store::ResourceId;

use crate::call::Call;
use crate::problem::Refusal;
use crate::served::Served;
use crate::shown::shown;

/// Gives one resource: that which came with the call, if what was given is an id at all.
pub(super) fn read<R: Served>(
    call: &Call,
    given: Result<ResourceId, Refusal>,
) -> Result<Option<String>, Refusal> {
    given?;
    let record = call.resource.as_ref().ok_or_else(Refusal::not_found)?;
    shown::<R>(record, &call.origin, call.shared.settings.emit_empty).map(Some)
}
