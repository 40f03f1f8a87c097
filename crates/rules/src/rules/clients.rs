//! What clients will do.

pub mod scts_too_few;
