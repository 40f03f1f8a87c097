//! The first certificate.

pub mod address_reserved;
pub mod any_extended_key_usage;
pub mod authority_key_id_missing;
pub mod client_auth_included;
pub mod common_name_not_a_san;
pub mod dns_name_has_underscore;
pub mod dns_name_is_address;
pub mod dns_name_malformed;
pub mod extended_key_usage_missing;
pub mod hostname_not_covered;
pub mod internal_name;
pub mod issuer_address_unusable;
pub mod key_usage_unfit;
pub mod leaf_expired;
pub mod leaf_expires_soon;
pub mod leaf_has_no_san;
pub mod leaf_is_a_ca;
pub mod leaf_lifetime_over_limit;
pub mod leaf_not_yet_valid;
pub mod leaf_signs_certificates;
pub mod must_staple_without_ocsp;
pub mod server_auth_missing;
pub mod wildcard_malformed;
pub mod wildcard_on_public_suffix;
