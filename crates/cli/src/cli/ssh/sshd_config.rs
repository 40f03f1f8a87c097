//! The arguments of `certgate ssh sshd-config`.

use std::path::PathBuf;

use certgate_rules::Fraction;
use clap::Args;

#[derive(Args)]
pub(crate) struct SshdConfigArguments {
    /// A certificate as the server will see it, `KEY-cert.pub` in the folder of its key (repeatable)
    #[arg(long, value_name = "PATH", required = true)]
    pub(crate) certificate: Vec<String>,

    /// Write a service and a timer of systemd, too, that renew the certificates
    #[arg(long, requires = "state")]
    pub(crate) systemd_timer: bool,

    /// The folder of the ledger and the keys, as the service will see it
    #[arg(long, value_name = "FOLDER", requires = "systemd_timer")]
    pub(crate) state: Option<String>,

    /// The file with the passphrase of the authority's key, as the service will see it
    #[arg(long, value_name = "FILE", requires = "systemd_timer")]
    pub(crate) passphrase_file: Option<String>,

    /// The socket of the ssh-agent that holds the authority's key, as the service will see it
    #[arg(long, value_name = "PATH", requires = "systemd_timer", conflicts_with = "passphrase_file")]
    pub(crate) agent_socket: Option<String>,

    /// The part of its lifetime that a certificate should have left, at least, before the timer has it renewed
    #[arg(long, value_name = "FRACTION", default_value = "0.33", requires = "systemd_timer")]
    pub(crate) fraction: Fraction,

    /// Write files into this folder, instead of to standard output
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out_dir: Option<PathBuf>,

    /// Write over files of these names that say something else
    #[arg(long, requires = "out_dir")]
    pub(crate) overwrite: bool,
}
