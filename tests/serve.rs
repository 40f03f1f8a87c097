//! `certgate serve`, asked by `curl`.

mod authorities;
mod browser;
mod connections;
mod endpoints;
mod fixtures;
mod hosts;
mod keys;
mod killed;
mod log;
mod master_key;
mod metrics;
mod operation;
mod origin;
mod pages;
mod pushed;
mod requests;
mod seeds;
mod tls;
mod waiting;

use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "tests about how long something takes")]
fn now() -> Instant {
    Instant::now()
}
