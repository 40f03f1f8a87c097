//! The certificates in relation to each other.

pub mod chain_duplicate;
pub mod chain_includes_root;
pub mod chain_incomplete;
pub mod chain_member_expires_soon;
pub mod chain_member_out_of_date;
pub mod chain_member_unrelated;
pub mod chain_not_trusted;
pub mod chain_out_of_order;
pub mod critical_extension_unknown;
pub mod issuer_expires_before_leaf;
pub mod issuer_signs_no_certificates;
pub mod key_ids_contradict;
pub mod serial_number_malformed;
pub mod signature_digest_broken;
pub mod version_without_extensions;
