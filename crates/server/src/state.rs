//! What all requests share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use certgate_facts::Timestamp;
use certgate_sign::Authority;
use certgate_store::{MasterKey, ResourceId, ResourceKind, Resources};
use tokio::sync::Semaphore;

use crate::dice::Dice;
use crate::log::{Event, Log};
use crate::metrics::Metrics;
use crate::operation::Operations;
use crate::page::Ended;
use crate::problem::Refusal;
use crate::sequence::Sequence;
use crate::settings::Settings;

/// Most authorities whose keys are kept open.
const AUTHORITIES_OPEN_MAX: usize = 256;
/// The mode that a key file of its owner alone would have.
const OWNER_ONLY: u32 = 0o100_600;

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Resources>,
    pub(crate) master: MasterKey,
    pub(crate) clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    pub(crate) dice: Dice,
    pub(crate) operations: Operations,
    pub(crate) sequence: Sequence,
    pub(crate) settings: Settings,
    pub(crate) log: Log,
    pub(crate) metrics: Metrics,
    /// Places to make RSA keys at: as many as there are processors, for each takes one for seconds.
    pub(crate) key_makers: Arc<Semaphore>,
    /// Sessions of the page that are over before their time.
    pub(crate) ended: Ended,
    /// Authorities whose keys were opened.
    pub(crate) authorities: Mutex<HashMap<ResourceId, Arc<Authority>>>,
}

impl Shared {
    /// Tells what happened beside requests.
    pub(crate) fn happened(&self, event: Event, message: &str) {
        (self.log)(&event.to_json((self.clock)(), message));
    }

    /// The key of an authority; nothing if there is no such authority.
    pub(crate) async fn authority(&self, id: &ResourceId) -> Result<Option<Arc<Authority>>, Refusal> {
        if let Some(open) = self.authorities.lock().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(Some(Arc::clone(open)));
        }
        let Some(sealed) = self.store.secret(ResourceKind::SshCertificateAuthority, id).await? else {
            return Ok(None);
        };
        let file = self.master.open(id.as_str(), &sealed)?;
        // An RSA key is checked as it is read, which takes its time.
        let opening = move || Authority::from_key_file(&file, OWNER_ONLY, None);
        let opened = tokio::task::spawn_blocking(opening).await.map_err(Refusal::fault)?;
        let authority = Arc::new(opened.map_err(Refusal::fault)?);
        let mut open = self.authorities.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= AUTHORITIES_OPEN_MAX {
            open.clear();
        }
        open.insert(id.clone(), Arc::clone(&authority));
        Ok(Some(authority))
    }

    /// Forgets the key of an authority.
    pub(crate) fn forget(&self, id: &ResourceId) {
        self.authorities.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}
