//! The API's description of itself.

/// All operations and shapes as an OpenAPI 3.0 document, JSON. It is generated from the [routes](crate::Route) and the types of
/// this crate; servers of this API can give it to whoever asks.
pub const OPENAPI: &str = include_str!("openapi.json");

#[cfg(test)]
mod tests;
