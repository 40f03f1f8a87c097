//! The arguments of `certgate api`: named as the API's own fields.

use std::path::PathBuf;

use certgate_facts::Timestamp;
use clap::{ArgGroup, Args, Subcommand};

use super::{ApiArguments, ConfigArguments, Format, LevelArguments};
use crate::lifetime::Lifetime;

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum ApiCommand {
    /// TLS certificates: a chain and its private key
    #[command(subcommand)]
    TlsCertificates(ResourceCommand<TlsCertificateArguments, Filter>),
    /// SSH host certificates, which an authority of the API signs
    #[command(subcommand)]
    SshHostCertificates(ResourceCommand<HostCertificateArguments, NoFilter>),
    /// SSH user certificates, which an authority of the API signs
    #[command(subcommand)]
    SshUserCertificates(ResourceCommand<UserCertificateArguments, NoFilter>),
    /// SSH certificate authorities, whose keys the API makes and keeps
    #[command(subcommand)]
    SshCertificateAuthorities(ResourceCommand<AuthorityArguments, Filter>),
}

/// What is done with resources of a kind, which is created from `C` and listed by `F`.
#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum ResourceCommand<C: Args, F: Args> {
    /// Judge what is given, and create it if it is cleared
    Create(Box<CreateArguments<C>>),
    /// Show one
    Get(IdArguments),
    /// List all, newest first, as they come in
    List(ListArguments<F>),
    /// Change description and metadata; nothing else can be changed
    Update(UpdateArguments),
    /// Delete one
    Delete(DeleteArguments),
}

#[derive(Args)]
pub(crate) struct CreateArguments<C: Args> {
    #[command(flatten)]
    pub(crate) resource: C,

    /// For people, at most 255 bytes
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) description: String,

    /// For programs, at most 4096 bytes
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) metadata: String,

    /// Judge as of this time (RFC 3339, or a date) instead of now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,

    #[command(flatten)]
    pub(crate) levels: LevelArguments,

    #[command(flatten)]
    pub(crate) config: ConfigArguments,

    /// Send it even though it is not cleared; the reason is printed
    #[arg(long, value_name = "REASON")]
    pub(crate) no_gate: Option<String>,

    #[command(flatten)]
    pub(crate) call: CallArguments,
}

#[derive(Args)]
pub(crate) struct TlsCertificateArguments {
    /// The chain, leaf first
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate_pem: PathBuf,

    /// The private key of the leaf, not encrypted
    #[arg(long, value_name = "FILE")]
    pub(crate) private_key_pem: PathBuf,
}

#[derive(Args)]
pub(crate) struct HostCertificateArguments {
    /// The authority that is to sign: `sshca_…`
    #[arg(long, value_name = "ID")]
    pub(crate) ssh_certificate_authority_id: String,

    /// The host's public key file
    #[arg(long, value_name = "FILE")]
    pub(crate) public_key: PathBuf,

    /// A name or address that the host is reached by (repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) principals: Vec<String>,

    /// The first moment of validity (RFC 3339) [default: 60 seconds ago, for clocks that are late]
    #[arg(long, value_name = "TIME")]
    pub(crate) valid_after: Option<String>,

    /// The first moment after validity (RFC 3339) [default: 30 days after --valid-after]
    #[arg(long, value_name = "TIME")]
    pub(crate) valid_until: Option<String>,

    /// The longest validity that is let through, a year at most [default: 30d]
    #[arg(long, value_name = "LENGTH")]
    pub(crate) max_lifetime: Option<Lifetime>,
}

#[derive(Args)]
pub(crate) struct UserCertificateArguments {
    /// The authority that is to sign: `sshca_…`
    #[arg(long, value_name = "ID")]
    pub(crate) ssh_certificate_authority_id: String,

    /// The user's public key file
    #[arg(long, value_name = "FILE")]
    pub(crate) public_key: PathBuf,

    /// A name that the user may log in under (repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) principals: Vec<String>,

    /// What a server must heed: force-command=COMMAND, source-address=NETWORKS or verify-required (repeatable)
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub(crate) critical_options: Vec<String>,

    /// What the user may do, such as permit-port-forwarding (repeatable) [default: permit-pty and permit-user-rc]
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub(crate) extensions: Vec<String>,

    /// The first moment of validity (RFC 3339) [default: 60 seconds ago, for clocks that are late]
    #[arg(long, value_name = "TIME")]
    pub(crate) valid_after: Option<String>,

    /// The first moment after validity (RFC 3339) [default: a day after --valid-after]
    #[arg(long, value_name = "TIME")]
    pub(crate) valid_until: Option<String>,

    /// The longest validity that is let through, a year at most [default: 30d]
    #[arg(long, value_name = "LENGTH")]
    pub(crate) max_lifetime: Option<Lifetime>,
}

#[derive(Args)]
pub(crate) struct AuthorityArguments {
    /// The type of its key: rsa, ecdsa or ed25519 [default: the API's choice]
    #[arg(long, value_name = "TYPE")]
    pub(crate) private_key_type: Option<String>,

    /// The curve of an ecdsa key: p256, p384 or p521 [default: the API's choice]
    #[arg(long, value_name = "CURVE")]
    pub(crate) elliptic_curve: Option<String>,

    /// The size of an rsa key: 2048 or 4096 [default: the API's choice]
    #[arg(long, value_name = "BITS", allow_negative_numbers = true)]
    pub(crate) key_size: Option<i64>,
}

#[derive(Args)]
pub(crate) struct IdArguments {
    /// The id of the resource
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) call: CallArguments,
}

#[derive(Args)]
pub(crate) struct ListArguments<F: Args> {
    /// How many to ask for at once; all pages are listed
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) limit: Option<u32>,

    /// Only what is older than this resource
    #[arg(long, value_name = "ID")]
    pub(crate) before_id: Option<String>,

    #[command(flatten)]
    pub(crate) filter: F,

    #[command(flatten)]
    pub(crate) call: CallArguments,
}

// A list that the API filters.
#[derive(Args)]
pub(crate) struct Filter {
    /// Only what this expression is true of, such as `obj.subject_common_name == "example.com"`
    #[arg(long, value_name = "EXPRESSION")]
    pub(crate) filter: Option<String>,
}

// A list that the API gives whole.
#[derive(Args)]
pub(crate) struct NoFilter {}

#[derive(Args)]
#[command(group = ArgGroup::new("change").required(true).multiple(true).args(["description", "metadata"]))]
pub(crate) struct UpdateArguments {
    /// The id of the resource
    pub(crate) id: String,

    /// For people, at most 255 bytes; empty to clear it
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,

    /// For programs, at most 4096 bytes; empty to clear it
    #[arg(long, value_name = "TEXT")]
    pub(crate) metadata: Option<String>,

    #[command(flatten)]
    pub(crate) call: CallArguments,
}

#[derive(Args)]
pub(crate) struct DeleteArguments {
    /// The id of the resource
    pub(crate) id: String,

    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) call: CallArguments,
}

// What is done with the request, and how its answer is written.
#[derive(Args)]
pub(crate) struct CallArguments {
    /// Show the request, without secrets, and send nothing
    #[arg(long, conflicts_with = "curl")]
    pub(crate) dry_run: bool,

    /// Write a command for bash that sends the request with curl, and send nothing; it takes secrets from files and the environment
    #[arg(long)]
    pub(crate) curl: bool,

    /// How to write the answer; as JSON, it is written as the API gave it, one resource a line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

impl From<&Filter> for Option<String> {
    fn from(given: &Filter) -> Self {
        given.filter.clone()
    }
}

impl From<&NoFilter> for Option<String> {
    fn from(_: &NoFilter) -> Self {
        None
    }
}
