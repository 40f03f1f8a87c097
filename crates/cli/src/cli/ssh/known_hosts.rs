//! The arguments of `certgate ssh known-hosts`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args)]
pub(crate) struct KnownHostsArguments {
    /// The public key of an authority for the hosts; both of them while one follows the other (repeatable)
    #[arg(long, value_name = "FILE", required_unless_present = "revoked", requires = "hosts")]
    pub(crate) authority: Vec<PathBuf>,

    /// The hosts: `web.example.com`, `*.example.com`, `!old.example.com` (repeatable)
    #[arg(long, value_name = "PATTERN", group = "hosts", requires = "authority")]
    pub(crate) host: Vec<String>,

    /// Trust the authority for every host there is
    #[arg(long, group = "hosts", requires = "authority")]
    pub(crate) for_every_host: bool,

    /// Trust the authority on this port alone; without it, on all
    #[arg(long, value_name = "PORT", requires = "host")]
    pub(crate) port: Option<u16>,

    /// Public keys, of hosts or authorities, that are revoked everywhere (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) revoked: Vec<PathBuf>,
}
