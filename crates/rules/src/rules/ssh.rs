//! The rules about SSH keys, host certificates, and requests for them.

pub mod backdating_missing;
pub mod certificate_expired;
pub mod certificate_not_yet_valid;
pub mod host_key_is_certificate;
pub mod host_key_missing;
pub mod host_key_shared;
pub mod host_key_type_unsupported;
pub mod host_key_unreadable;
pub mod host_key_weak;
pub mod lifetime_forever;
pub mod lifetime_not_positive;
pub mod lifetime_over_policy;
pub mod principals_empty;
pub mod time_unreadable;
