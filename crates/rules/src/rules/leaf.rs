//! The first certificate.

pub mod authority_key_id_missing;
pub mod hostname_not_covered;
pub mod issuer_address_unusable;
pub mod leaf_expired;
pub mod leaf_has_no_san;
pub mod leaf_is_a_ca;
pub mod leaf_not_yet_valid;
pub mod must_staple_without_ocsp;
