//! The private key.

pub mod key_does_not_match_leaf;
pub mod key_encrypted;
pub mod key_unsupported;
