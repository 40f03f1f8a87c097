//! The arguments of `certgate ssh verify`.

use std::path::PathBuf;

use certgate_facts::Timestamp;
use certgate_sign::verify::ClientVersion;
use clap::Args;

use crate::cli::Format;

#[derive(Args)]
pub(crate) struct VerifyArguments {
    /// The certificate, as a file whose name usually ends in `-cert.pub`, or the API's reply with it; `-` is standard input
    #[arg(value_name = "CERTIFICATE")]
    pub(crate) certificate: PathBuf,

    /// The host that the client is told to reach: a name or an address, without a port
    #[arg(long, value_name = "NAME")]
    pub(crate) host: String,

    /// The port that the client is told to reach
    #[arg(long, value_name = "PORT", default_value_t = 22)]
    pub(crate) port: u16,

    /// Known hosts of the client (repeatable, searched in the order given)
    #[arg(long, value_name = "FILE", required_unless_present = "authority")]
    pub(crate) known_hosts: Vec<PathBuf>,

    /// The public key of an authority that the client trusts for every host (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) authority: Vec<PathBuf>,

    /// A key revocation list of the client (repeatable; clients before 10.3 have one at most)
    #[arg(long, value_name = "FILE")]
    pub(crate) krl: Vec<PathBuf>,

    /// Decide as of this time (RFC 3339, or a date) instead of now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,

    /// A version of OpenSSH to decide as (repeatable), such as 9.2 [default: 10.2 and 10.3, between which the rules
    /// changed]
    #[arg(long, value_name = "VERSION")]
    pub(crate) client_version: Vec<ClientVersion>,

    /// How to write the decision
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}
