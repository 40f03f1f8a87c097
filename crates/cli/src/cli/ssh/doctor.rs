//! The arguments of `certgate ssh doctor`.

use std::path::PathBuf;

use certgate_facts::Timestamp;
use clap::Args;

use crate::cli::Format;

#[derive(Args)]
pub(crate) struct DoctorArguments {
    /// The configuration of the server
    #[arg(long, value_name = "FILE", default_value = "/etc/ssh/sshd_config")]
    pub(crate) sshd_config: PathBuf,

    /// A name or address by which clients reach the server: every certificate should have it (repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,

    /// Examine as of this time (RFC 3339, or a date) instead of now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,

    /// How to write the findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}
