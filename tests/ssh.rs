//! `certgate ssh`, with keys, certificates and lists that OpenSSH made.

mod doctor;
mod handshake;
mod known_hosts;
mod krl;
mod needs_renewal;
mod show;
mod sshd_config;
mod verify;
