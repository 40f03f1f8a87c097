//! The first certificate.

pub mod hostname_not_covered;
pub mod leaf_expired;
pub mod leaf_has_no_san;
pub mod leaf_is_a_ca;
pub mod leaf_not_yet_valid;
