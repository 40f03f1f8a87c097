//! What other targets than the API say of uploads: see [`TARGETS`](crate::TARGETS).

pub mod chain_length_not_for_target;
pub mod expiry_too_near_for_target;
pub mod files_not_for_target;
pub mod key_format_not_for_target;
pub mod key_too_long_for_target;
pub mod key_type_not_for_target;
pub mod lines_not_for_target;
pub mod root_not_for_target;
