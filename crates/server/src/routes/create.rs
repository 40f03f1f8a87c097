//! `POST /{collection}`.

mod certificate_authority;
mod certificate_facts;
mod gate;
mod issuing;
mod ssh_certificate_authority;
mod ssh_host_certificate;
mod ssh_user_certificate;
mod tls_certificate;

use crate::call::Call;
use crate::problem::Refusal;
use crate::served::Served;
use crate::shown::shown;

/// Creates a resource.
pub(super) async fn create<R: Served>(call: &Call) -> Result<Option<String>, Refusal> {
    let record = R::create(call, call.read(R::FIELDS)?).await?;
    shown::<R>(&record, &call.origin, call.shared.settings.emit_empty).map(Some)
}
