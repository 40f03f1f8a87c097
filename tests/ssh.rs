//! `certgate ssh`, with keys, certificates and lists that OpenSSH made.

mod krl;
mod show;
mod verify;
