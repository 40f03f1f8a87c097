//! What stands in the two fields, before anything in it means something.

pub mod blocks_over_limit;
pub mod certificate_missing;
pub mod certificate_slot_holds_key;
pub mod certificate_unreadable;
pub mod container_unreadable;
pub mod input_needs_converting;
pub mod key_parameters_apart;
pub mod key_slot_holds_certificate;
pub mod pem_block_damaged;
pub mod pem_block_has_headers;
pub mod pem_block_type_unexpected;
pub mod private_key_missing;
pub mod text_encoding_unsupported;
pub mod text_around_blocks;
