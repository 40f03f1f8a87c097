//! The commands, one file each.

pub(crate) mod api_key;
pub(crate) mod api;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod convert;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod fix;
pub(crate) mod master_key;
pub(crate) mod plan;
pub(crate) mod push;
pub(crate) mod rules;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod ssh;
