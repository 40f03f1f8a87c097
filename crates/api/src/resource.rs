//! What all resources have in common.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::body::Body;
use crate::id::Id;
use crate::timestamp::Timestamp;

/// The resources of one kind, as the API names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Path segment, and the key under which lists hold them: `tls_certificates`.
    pub name: &'static str,
    /// What their ids begin with, without the underscore: `cert`.
    pub prefix: &'static str,
    /// What one of them is called in messages: `TLS certificate`.
    pub noun: &'static str,
    /// Whether lists take a `filter`.
    pub is_filterable: bool,
}

/// A resource of the API. Sealed: what there is, is decided here.
pub trait Resource:
    sealed::Sealed + Serialize + DeserializeOwned + Clone + Debug + PartialEq + Send + Sync + 'static
{
    /// The collection it is in.
    const COLLECTION: Collection;

    /// The body of the request that creates one.
    type Create: Create;

    /// Its id.
    fn id(&self) -> Id<Self>;

    /// When it was created, by the server's clock.
    fn created_at(&self) -> Timestamp;

    /// For people; empty if there is none.
    fn description(&self) -> &str;

    /// For programs, opaque to the API; empty if there is none.
    fn metadata(&self) -> &str;
}

/// The body of a request that creates a resource. Sealed.
///
/// Fields that are empty are left out when it is written, and optional ones may be omitted, empty or `null` when it is
/// read. Values stand as they were given: what is wrong with them is for whoever judges them.
pub trait Create: sealed::Sealed + DeserializeOwned + Send + Sync + 'static {
    /// The body, as JSON.
    fn to_body(&self) -> Body;
}

pub(crate) mod sealed {
    #[expect(unnameable_types, reason = "nobody else may name it")]
    pub trait Sealed {}
}

/// Implements [`Resource`] by fields that all of them have, and its `Create`, which serializes.
macro_rules! resource {
    ($resource:ident, $collection:expr, $create:ident) => {
        impl crate::resource::sealed::Sealed for $resource {}
        impl crate::resource::sealed::Sealed for $create {}

        impl crate::resource::Resource for $resource {
            const COLLECTION: crate::resource::Collection = $collection;
            type Create = $create;

            fn id(&self) -> crate::id::Id<Self> {
                self.id
            }

            fn created_at(&self) -> crate::timestamp::Timestamp {
                self.created_at
            }

            fn description(&self) -> &str {
                &self.description
            }

            fn metadata(&self) -> &str {
                &self.metadata
            }
        }
    };
}
pub(crate) use resource;
