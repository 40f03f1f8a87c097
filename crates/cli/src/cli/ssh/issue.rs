//! The arguments of `certgate ssh issue` and `renew`.

use std::path::PathBuf;

use certgate_rules::{Fraction, SSH_LIFETIME_SECS_CAP};
use certgate_store::AuthorityName;
use clap::Args;

use super::StateArguments;
use crate::cli::Format;
use crate::lifetime::{Lifetime, NotALifetime};

/// What an inventory holds.
const INVENTORY_HELP: &str = "Many hosts at once: a TOML or CSV file with one entry for each

Hosts whose certificate is still good keep it, so that the same command can be run again at any time. Paths are from the
folder of the inventory. In TOML, `ca` and `valid_for` may stand above all hosts:

    ca = \"hosts\"

    [[host]]
    public_key = \"web-1.pub\"
    principals = [\"web-1.example.com\", \"192.0.2.7\"]
    key_id = \"web-1\"         # else the first principal
    valid_for = \"7d\"         # else --valid-for
    out = \"web-1-cert.pub\"   # else beside the key

In CSV, the first line names the columns, and principals are divided by spaces:

    public_key,principals,key_id,ca,valid_for,out
    web-1.pub,web-1.example.com 192.0.2.7,web-1,hosts,7d,";

#[derive(Args)]
pub(crate) struct IssueArguments {
    /// The authority that signs [default: the only one that does]
    #[arg(long, value_name = "NAME")]
    pub(crate) ca: Option<AuthorityName>,

    /// The host's public key file
    #[arg(long, value_name = "FILE", required_unless_present = "inventory")]
    pub(crate) public_key: Option<PathBuf>,

    /// A name or address that the host is reached by (repeatable)
    #[arg(long, value_name = "NAME", conflicts_with = "inventory")]
    pub(crate) principal: Vec<String>,

    /// What logs and revocation lists are to know the certificate by [default: the first principal]
    #[arg(long, value_name = "TEXT", conflicts_with = "inventory")]
    pub(crate) key_id: Option<String>,

    /// Where to put the certificate; `-` is standard output [default: beside the key, X-cert.pub for X.pub]
    #[arg(long, value_name = "FILE", conflicts_with = "inventory")]
    pub(crate) out: Option<PathBuf>,

    /// Many hosts at once: a TOML or CSV file with one entry for each
    #[arg(long, value_name = "FILE", conflicts_with = "public_key", long_help = INVENTORY_HELP)]
    pub(crate) inventory: Option<PathBuf>,

    /// Issue anew for the inventory's hosts whose certificate has less than this part of its lifetime left
    #[arg(long, value_name = "FRACTION", default_value = "0.33", conflicts_with = "public_key")]
    pub(crate) due: Fraction,

    #[command(flatten)]
    pub(crate) validity: ValidityArguments,

    #[command(flatten)]
    pub(crate) signing: SigningArguments,
}

#[derive(Args)]
pub(crate) struct RenewArguments {
    /// Certificates that are to be replaced by new ones for the same key
    #[arg(value_name = "CERTIFICATE", required = true)]
    pub(crate) certificates: Vec<PathBuf>,

    /// The authority that signs [default: the one that signed, or its successor]
    #[arg(long, value_name = "NAME")]
    pub(crate) ca: Option<AuthorityName>,

    /// Leave alone those that have more than this part of their lifetime left, such as 0.33
    #[arg(long, value_name = "FRACTION")]
    pub(crate) due: Option<Fraction>,

    /// The names from now on (repeatable) [default: those of the old certificate]
    #[arg(long, value_name = "NAME")]
    pub(crate) principal: Vec<String>,

    #[command(flatten)]
    pub(crate) validity: ValidityArguments,

    #[command(flatten)]
    pub(crate) signing: SigningArguments,
}

// From when until when.
#[derive(Args)]
pub(crate) struct ValidityArguments {
    /// How long it is to be valid, the minute before now included, such as 30d or 12h [default: 30d; to renew, as long as before]
    #[arg(long, value_name = "LENGTH", conflicts_with = "valid_until")]
    pub(crate) valid_for: Option<Lifetime>,

    /// The first moment of validity (RFC 3339) [default: 60 seconds ago, for clocks that are late]
    #[arg(long, value_name = "TIME")]
    pub(crate) valid_after: Option<String>,

    /// The first moment after validity (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) valid_until: Option<String>,

    /// The longest validity that is let through, a year at most [default: 30d]
    #[arg(long, value_name = "LENGTH", value_parser = max_lifetime)]
    pub(crate) max_lifetime: Option<Lifetime>,
}

// How it is judged, and signed.
#[derive(Args)]
pub(crate) struct SigningArguments {
    /// Let wildcards through: OpenSSH from 10.3 on takes them as patterns, earlier ones never match them
    #[arg(long)]
    pub(crate) allow_wildcard: bool,

    /// Let a certificate without principals through: valid for every host to OpenSSH before 10.3, for none to later ones
    #[arg(long)]
    pub(crate) allow_no_principals: bool,

    /// Issue even for a key whose last certificate under the same key id is revoked
    #[arg(long)]
    pub(crate) replace_revoked: bool,

    /// Take the passphrase of the authority's key from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,

    /// Say what would be issued and why; sign, record and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// How many signatures to make at once [default: as many as there are processors]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,

    /// How to write what was issued
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

fn max_lifetime(text: &str) -> Result<Lifetime, String> {
    let length: Lifetime = text.parse().map_err(|error: NotALifetime| error.to_string())?;
    let cap = Lifetime::of_secs(SSH_LIFETIME_SECS_CAP);
    if length > cap { Err(format!("longer than {cap}, the most that is let through")) } else { Ok(length) }
}
