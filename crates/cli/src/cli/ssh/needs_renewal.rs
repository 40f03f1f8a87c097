//! The arguments of `certgate ssh needs-renewal`.

use std::path::PathBuf;

use certgate_facts::Timestamp;
use certgate_rules::Fraction;
use clap::Args;

use crate::cli::Format;

#[derive(Args)]
pub(crate) struct NeedsRenewalArguments {
    /// Certificates, one a file; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// The part of its lifetime that a certificate should have left, at least
    #[arg(long, value_name = "FRACTION", default_value = "0.33")]
    pub(crate) fraction: Fraction,

    /// Ask as of this time (RFC 3339, or a date) instead of now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,

    /// How to write the answers
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}
