//! `certgate serve`, asked by `curl`.

mod authorities;
mod browser;
mod endpoints;
mod filter;
mod fixtures;
mod hosts;
mod keys;
mod killed;
mod log;
mod pages;
mod pushed;
mod requests;
mod seeds;
