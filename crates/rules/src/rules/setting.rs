//! What a configuration says that is of no use any more.

pub mod ignore_expired;
pub mod ignore_matches_nothing;
