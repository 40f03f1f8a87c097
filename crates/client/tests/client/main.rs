//! The client against an API in memory, whose faults are scripted and whose clock stands still unless someone waits.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

mod api;
mod cases;
mod calls;
mod retries;
mod ambiguity;
mod pages;
mod limits;
mod secrets;
mod network;
mod served;
