//! A resource together with the text it was read from.

use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

use crate::resource::Resource;

/// A resource, and the JSON it was read from, as the server wrote it.
#[derive(Clone, Debug)]
pub struct Received<R> {
    /// What was read.
    pub resource: R,
    /// The text of the object: with fields that are not known here, and without a change.
    pub json: Box<RawValue>,
}

impl<'de, R: Resource> Deserialize<'de> for Received<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        let resource = serde_json::from_str(json.get()).map_err(de::Error::custom)?;
        Ok(Self { resource, json })
    }
}
