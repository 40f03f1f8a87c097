//! Lengths the API caps.

pub mod description_too_long;
pub mod metadata_too_long;
