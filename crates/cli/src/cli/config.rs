//! The arguments of `config`, and which configuration is in force.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{FailOn, Format, LevelArguments};

/// What a configuration holds.
const CONFIG_HELP: &str = "The configuration [default: the nearest certgate.toml, from here upwards to the folder with .git]

What the command line says of a rule counts before all that the file says of its level.

    fail_on = \"warning\"                # what makes the exit code of check 1 [default: error]
    expires_soon = 0.25                # of its lifetime left, for TLS [default: a third]

    for = \"aws-acm\"                    # where uploads go, to be judged by what is taken there [default: ngrok]

    [levels]                           # of rules, by name or code: allow, warning or error
    chain-includes-root = \"allow\"

    [[override]]                       # the same for some files; of several that match, the last counts
    path = \"staging/**\"                # from the folder of this file, or from the root: /…
    levels.leaf-expired = \"warning\"
    for = \"ngrok\"

    [[ignore]]                         # findings that are accepted as they are
    rule = \"leaf-expired\"
    path = \"legacy\"                    # a folder is all that is in it; or fingerprint = \"…\", or both
    reason = \"kept to reproduce a report\"
    until = 2027-01-31                 # the last day [default: for ever]

What is ignored is not reported, and stays what the API refuses. An ignore that matches nothing, or is over, is found itself.";

// Which configuration is in force.
#[derive(Args)]
pub(crate) struct ConfigArguments {
    /// The configuration [default: the nearest certgate.toml, from here upwards to the folder with .git]
    #[arg(long, value_name = "FILE", long_help = CONFIG_HELP)]
    pub(crate) config: Option<PathBuf>,

    /// No configuration: what the command line says, and defaults
    #[arg(long, conflicts_with = "config")]
    pub(crate) isolated: bool,
}

/// What a configuration says, and may say.
#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum ConfigCommand {
    /// Show what is in force here, and what says so: a line of the file, the command line, or nothing
    Show(ConfigShowArguments),
    /// Write what a configuration may hold, as JSON Schema
    Schema,
}

#[derive(Args)]
pub(crate) struct ConfigShowArguments {
    /// Leave out what is not for this file
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// As `check` has it
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) fail_on: Option<FailOn>,

    #[command(flatten)]
    pub(crate) levels: LevelArguments,

    #[command(flatten)]
    pub(crate) config: ConfigArguments,

    /// What is over by this time (RFC 3339, or a date) instead of now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<certgate_facts::Timestamp>,

    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}
