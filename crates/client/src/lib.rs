//! The certificate API's client.

pub mod plan;
