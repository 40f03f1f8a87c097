//! Lengths the API caps.

pub mod authority_id_malformed;
pub mod description_too_long;
pub mod host_certificate_description_too_long;
pub mod host_certificate_metadata_too_long;
pub mod metadata_too_long;
pub mod ssh_authority_description_too_long;
pub mod ssh_authority_metadata_too_long;
pub mod user_certificate_description_too_long;
pub mod user_certificate_metadata_too_long;
