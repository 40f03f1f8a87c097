//! The certificates in relation to each other.

pub mod chain_duplicate;
pub mod chain_includes_root;
pub mod chain_incomplete;
pub mod chain_not_trusted;
pub mod chain_out_of_order;
