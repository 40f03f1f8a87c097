//! How often each API key may be used.

use certgate_store::ResourceId;

use crate::problem::Refusal;
use crate::state::Shared;

/// Counts a request of a key, or refuses it; one that is refused is not counted.
pub(crate) async fn count(shared: &Shared, key: &ResourceId) -> Result<(), Refusal> {
    let Some(limit) = shared.settings.rate_limit else { return Ok(()) };
    match shared.store.count_request(key, limit, (shared.clock)()).await? {
        None => Ok(()),
        Some(wait_secs) => {
            shared.metrics.rate_limited();
            let public =
                format!("this key is limited to {limit} API requests per minute; wait and try again");
            Err(Refusal::coded(226, public).with_retry_after(wait_secs))
        }
    }
}
