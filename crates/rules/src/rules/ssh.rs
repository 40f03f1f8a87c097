//! The rules about SSH keys, host certificates, and requests for them.

pub mod host_key_missing;
pub mod principals_empty;
