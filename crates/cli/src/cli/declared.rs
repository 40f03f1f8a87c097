//! The arguments of `certgate plan`, `push` and `export`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{ApiArguments, Format};
use crate::lifetime::Lifetime;
use crate::served_host::ServedHost;

/// What a manifest holds.
const MANIFEST_HELP: &str = "The manifest: what should exist at the API [default: the nearest certgate.toml, from here upwards to the folder with .git]

Levels, overrides and ignores that stand in it (`certgate check --help`) are in force. Paths are from its folder. What was created says so in its metadata, under the key `certgate`: nothing that does not bear
the mark of the project is ever touched.

    project = \"shop\"
    max_lifetime = \"90d\"              # of host certificates [default: 30d]

    [[tls_certificate]]
    name = \"www\"
    certificate = \"tls/www.pem\"
    private_key = \"tls/www.key\"
    hostnames = [\"www.example.com\"]   # that the leaf must be good for
    description = \"the shop\"
    metadata.team = \"web\"

    [[ssh_host_certificate]]
    name = \"web-1\"
    public_key = \"ssh/web-1.pub\"
    principals = [\"web-1.example.com\", \"192.0.2.7\"]
    ca = \"sshca_2rwwl5w69mehWeDVlbshgAxOzQS\"
    lifetime = \"30d\"
    renew = \"0.33\"                    # anew when no more than this part of the lifetime is left";

// What is declared, and how it is judged.
#[derive(Args)]
pub(crate) struct DeclaredArguments {
    /// The manifest: what should exist at the API [default: the nearest certgate.toml]
    #[arg(value_name = "MANIFEST", long_help = MANIFEST_HELP)]
    pub(crate) manifest: Option<PathBuf>,

    /// The longest validity of host certificates that is let through, a year at most [default: max_lifetime of the manifest,
    /// else 30d]
    #[arg(long, value_name = "LENGTH")]
    pub(crate) max_lifetime: Option<Lifetime>,

    #[command(flatten)]
    pub(crate) levels: super::LevelArguments,
}

#[derive(Args)]
pub(crate) struct PlanArguments {
    #[command(flatten)]
    pub(crate) declared: DeclaredArguments,

    /// Plan the deletion of what bears the project's mark and is not declared, or superseded
    #[arg(long)]
    pub(crate) prune: bool,

    /// Exit with 1 where anything is to be done
    #[arg(long)]
    pub(crate) detailed_exit_code: bool,

    /// Judge and compare as of this time (RFC 3339, or a date) instead of now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<certgate_facts::Timestamp>,

    /// How to write the plan
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

#[derive(Args)]
pub(crate) struct PushArguments {
    #[command(flatten)]
    pub(crate) declared: DeclaredArguments,

    /// Delete, at the end, what bears the project's mark and is not declared, or superseded
    #[arg(long)]
    pub(crate) prune: bool,

    /// Delete without asking
    #[arg(long)]
    pub(crate) yes: bool,

    /// How many resources to work on at once
    #[arg(long, value_name = "COUNT", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) concurrency: u8,

    /// Connect afterwards, and say whether the declared leaf is served (repeatable)
    ///
    /// The declaration is the one whose leaf is good for HOST; where several are, or HOST is an address that no leaf names, say
    /// which: NAME=HOST. The port is 443 where none is given.
    #[arg(long, value_name = "[NAME=]HOST[:PORT]")]
    pub(crate) verify_served: Vec<ServedHost>,

    /// How to write what was done
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

/// What is declared, for other tools.
#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum ExportCommand {
    /// As a Terraform configuration; private keys are read from their files
    Terraform(DeclaredArguments),
    /// As a script of bash, curl and jq; private keys are read from their files, the API key from where it is
    Curl(ExportCurlArguments),
    /// As the bodies of requests, one object a line
    Json(ExportJsonArguments),
}

#[derive(Args)]
pub(crate) struct ExportCurlArguments {
    #[command(flatten)]
    pub(crate) declared: DeclaredArguments,

    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

#[derive(Args)]
pub(crate) struct ExportJsonArguments {
    #[command(flatten)]
    pub(crate) declared: DeclaredArguments,

    /// Write private keys, too; otherwise a fingerprint stands in their place
    #[arg(long)]
    pub(crate) with_private_keys: bool,
}
