//! `certgate ssh`, with keys, certificates and lists that OpenSSH made.

mod arguments;
mod audit;
mod ca;
mod doctor;
mod durability;
mod gate;
mod handshake;
mod inventory;
mod issue;
mod known_hosts;
mod krl;
mod list;
mod needs_renewal;
mod renew;
mod revoke;
mod rotate;
mod secrets;
mod show;
mod sshd_config;
mod verify;
