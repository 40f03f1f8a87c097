//! What each kind of resource has of its own.

use std::future::Future;

use certgate_api::Resource;
use certgate_store::{ResourceKind, ResourceRecord};

use crate::call::Call;
use crate::fields::Shape;
use crate::problem::Refusal;

/// Most bytes of a description.
pub(crate) const DESCRIPTION_BYTES_MAX: usize = 255;
/// Most bytes of metadata.
pub(crate) const METADATA_BYTES_MAX: usize = 4096;

/// A kind of resource that is served. What is said here once, the five endpoints share.
pub(crate) trait Served: Resource {
    /// What the store calls it.
    const KIND: ResourceKind;
    /// The fields of the request that creates one.
    const FIELDS: &'static [(&'static str, Shape)];
    /// The codes for a description, and for metadata, that is too long.
    const TOO_LONG: [u16; 2];

    /// Creates one.
    fn create(
        call: &Call,
        create: Self::Create,
    ) -> impl Future<Output = Result<ResourceRecord, Refusal>> + Send;
}

/// Whether description and metadata are as short as the API has them.
pub(crate) fn check_texts<R: Served>(description: &str, metadata: &str) -> Result<(), Refusal> {
    let [description_code, metadata_code] = R::TOO_LONG;
    for (name, text, max, code) in [
        ("description", description, DESCRIPTION_BYTES_MAX, description_code),
        ("metadata", metadata, METADATA_BYTES_MAX, metadata_code),
    ] {
        if text.len() > max {
            let public = format!("{name} has {} bytes, and may have {max}; shorten it", text.len());
            return Err(Refusal::coded(code, public));
        }
    }
    Ok(())
}
