//! `certgate serve`, asked by `curl`.

mod authorities;
mod browser;
mod described;
mod endpoints;
mod every_route;
mod fixtures;
mod hosts;
mod keys;
mod killed;
mod log;
mod malformed;
mod pages;
mod pushed;
mod requests;
mod rust_client;
mod seeds;
