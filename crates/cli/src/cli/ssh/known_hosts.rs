//! The arguments of `certgate ssh known-hosts`.

use std::path::PathBuf;

use clap::Args;

use super::StateArguments;

#[derive(Args)]
pub(crate) struct KnownHostsArguments {
    /// The public key of an authority for the hosts; both of them while one follows the other (repeatable)
    #[arg(long, value_name = "FILE", required_unless_present_any = ["revoked", "from_ledger"], requires = "hosts")]
    pub(crate) authority: Vec<PathBuf>,

    /// The hosts: `web.example.com`, `*.example.com`, `!old.example.com` (repeatable)
    #[arg(long, value_name = "PATTERN", group = "hosts", conflicts_with = "for_every_host")]
    pub(crate) host: Vec<String>,

    /// Trust the authority for every host there is
    #[arg(long, group = "hosts", conflicts_with = "port")]
    pub(crate) for_every_host: bool,

    /// Trust the authority on this port alone; without it, on all
    #[arg(long, value_name = "PORT", requires = "host")]
    pub(crate) port: Option<u16>,

    /// Take from the ledger the authorities that are published, while one replaces another both, and the keys that are revoked
    #[arg(long, requires = "hosts")]
    pub(crate) from_ledger: bool,

    #[command(flatten)]
    pub(crate) state: StateArguments,

    /// Public keys, of hosts or authorities, that are revoked everywhere (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) revoked: Vec<PathBuf>,
}
