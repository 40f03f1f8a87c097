//! The rules, one file each: card, judgement, and beside it the page that explains it.

pub mod chain;
pub mod input;
pub mod key;
pub mod leaf;
pub mod limit;
pub mod setting;
pub mod ssh;
pub mod target;
