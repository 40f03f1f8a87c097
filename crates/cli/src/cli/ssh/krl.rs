//! The arguments of `certgate ssh krl`.

use std::path::PathBuf;
use std::str::FromStr;

use certgate_facts::Timestamp;
use certgate_store::AuthorityName;
use clap::{Args, Subcommand, ValueEnum};

use super::StateArguments;
use crate::cli::Format;

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum KrlCommand {
    /// Show what is in a key revocation list; as JSON, all of it, so that the same bytes can be built again
    Show(KrlShowArguments),
    /// Ask whether a key revocation list names keys or certificates
    Query(KrlQueryArguments),
    /// Build a key revocation list, or the next version of one
    Build(Box<KrlBuildArguments>),
}

#[derive(Args)]
pub(crate) struct KrlShowArguments {
    /// The list; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) list: PathBuf,

    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Args)]
pub(crate) struct KrlQueryArguments {
    /// The list; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) list: PathBuf,

    /// Public keys and certificates, one a line; the exit code is 1 if any is revoked
    #[arg(value_name = "KEYS", required = true)]
    pub(crate) keys: Vec<PathBuf>,

    /// How to write the answers
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Args)]
pub(crate) struct KrlBuildArguments {
    /// Where to write the list, all at once or not at all
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,

    /// The list that the new one continues: all that it revokes stays revoked, the version goes up
    #[arg(long, value_name = "FILE")]
    pub(crate) update: Option<PathBuf>,

    /// Revoke all that the ledger says is revoked, under the next version of the ledger
    #[arg(long, conflicts_with_all = ["update", "from_json", "revoke_serial", "revoke_key_id", "authority",
        "any_authority", "revoke_key", "revoke_certificate", "keys_as", "krl_version", "at"])]
    pub(crate) from_ledger: bool,

    /// Of the ledger, this authority alone, with what is revoked of any
    #[arg(long, value_name = "NAME")]
    pub(crate) ca: Option<AuthorityName>,

    #[command(flatten)]
    pub(crate) state: StateArguments,

    /// Build exactly what this says: the output of `krl show --format json`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["update", "revoke_serial", "revoke_key_id", "authority",
        "any_authority", "revoke_key", "revoke_certificate", "keys_as", "krl_version", "comment", "at"])]
    pub(crate) from_json: Option<PathBuf>,

    /// Revoke a certificate with this serial, or those from one to another: 7, 10-20 (repeatable)
    #[arg(long, value_name = "SERIAL", requires = "scope")]
    pub(crate) revoke_serial: Vec<SerialRange>,

    /// Revoke certificates with this key id (repeatable)
    #[arg(long, value_name = "TEXT", requires = "scope")]
    pub(crate) revoke_key_id: Vec<String>,

    /// The public key of the authority whose serials and key ids are meant
    #[arg(long, value_name = "FILE", group = "scope")]
    pub(crate) authority: Option<PathBuf>,

    /// Mean serials and key ids of any authority there is
    #[arg(long, group = "scope")]
    pub(crate) any_authority: bool,

    /// Revoke a public key, all certificates for it, and all by it if it is an authority's (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) revoke_key: Vec<PathBuf>,

    /// Revoke a certificate by its serial; one with serial 0 by its key id (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) revoke_certificate: Vec<PathBuf>,

    /// How the list names keys
    #[arg(long, value_enum, value_name = "FORM", default_value_t = KeysAs::Key, requires = "revoke_key")]
    pub(crate) keys_as: KeysAs,

    /// The version of the list [default: 1, or one more than that of the list before]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) krl_version: Option<u64>,

    /// The comment in the list [default: that of the list before]
    #[arg(long, value_name = "TEXT")]
    pub(crate) comment: Option<String>,

    /// When the list is made (RFC 3339, or a date), instead of now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,

    /// Write over another list than the one that is continued: what that one revokes is revoked no more
    #[arg(long)]
    pub(crate) overwrite: bool,

    /// How to write what was built
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// How a list names keys.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeysAs {
    /// By the keys themselves, which the list then shows
    Key,
    /// By their SHA-256, for clients since 7.9
    Sha256,
    /// By their SHA-1
    Sha1,
}

/// Serials, both included.
#[derive(Clone, Copy)]
pub(crate) struct SerialRange {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl FromStr for SerialRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let number = |text: &str| {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|_| is_plain)
        };
        match (number(first), number(last)) {
            (Some(first), Some(last)) => Ok(Self { first, last }),
            _ => Err("not a serial such as 7, or a range such as 10-20".to_owned()),
        }
    }
}
