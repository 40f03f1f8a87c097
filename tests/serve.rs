//! `certgate serve`, asked by `curl`.

mod authorities;
mod browser;
mod connections;
mod described;
mod ending;
mod endpoints;
mod every_route;
mod filter;
mod fixtures;
mod hosts;
mod keys;
mod killed;
mod log;
mod malformed;
mod master_key;
mod metrics;
mod operation;
mod origin;
mod page;
mod pages;
mod pushed;
mod requests;
mod rust_client;
mod seeds;
mod tls;
mod users;
mod waiting;

use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "tests about how long something takes")]
fn now() -> Instant {
    Instant::now()
}
