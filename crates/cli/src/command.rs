//! The commands, one file each.

pub(crate) mod api_key;
pub(crate) mod check;
pub(crate) mod explain;
pub(crate) mod rules;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod ssh;
