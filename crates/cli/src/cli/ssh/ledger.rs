//! The arguments of the commands that read the ledger, or write something else into it than certificates.

use std::path::PathBuf;

use certgate_facts::Timestamp;
use certgate_store::AuthorityName;
use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use super::StateArguments;
use crate::cli::Format;

// Which certificates of the ledger.
#[derive(Args)]
pub(crate) struct SelectionArguments {
    /// Of this authority
    #[arg(long, value_name = "NAME")]
    pub(crate) ca: Option<AuthorityName>,

    /// With this serial
    #[arg(long, value_name = "NUMBER")]
    pub(crate) serial: Option<u64>,

    /// With this key id
    #[arg(long, value_name = "TEXT")]
    pub(crate) key_id: Option<String>,

    /// With this principal among others
    #[arg(long, value_name = "NAME")]
    pub(crate) principal: Option<String>,

    /// For the host key with this fingerprint, as `ssh-keygen -l` shows it
    #[arg(long, value_name = "SHA256:…", value_parser = fingerprint)]
    pub(crate) host_key: Option<String>,

    /// That stand so
    #[arg(long, value_enum)]
    pub(crate) status: Option<Status>,

    /// Whose validity ends before this time (RFC 3339, or a date)
    #[arg(long, value_name = "TIME")]
    pub(crate) expiring_before: Option<Timestamp>,

    /// Tell by this time (RFC 3339, or a date) instead of now what is valid
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,
}

/// How a certificate stands.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Status {
    /// It can be used
    Valid,
    /// Its time has not come
    NotYetValid,
    /// Its time is over
    Expired,
    /// It is revoked
    Revoked,
    /// It was reserved, and may have been signed
    Unfinished,
    /// It was reserved, and given up
    Abandoned,
}

#[derive(Args)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,

    /// How to write the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

#[derive(Args)]
#[command(group = ArgGroup::new("what").required(true))]
pub(crate) struct RevokeArguments {
    /// Certificates of this authority alone; serials need it
    #[arg(long, value_name = "NAME")]
    pub(crate) ca: Option<AuthorityName>,

    /// The certificate with this serial, or all from the first to the last: 7, or 7-19
    #[arg(long, value_name = "NUMBER[-NUMBER]", group = "what", requires = "ca")]
    pub(crate) serial: Option<String>,

    /// All certificates with this key id, those still to come too
    #[arg(long, value_name = "TEXT", group = "what")]
    pub(crate) key_id: Option<String>,

    /// All certificates that name this principal
    #[arg(long, value_name = "NAME", group = "what")]
    pub(crate) principal: Option<String>,

    /// All certificates for every host key that was ever certified for this name; keys that were stolen are revoked by --key
    #[arg(long, value_name = "NAME", group = "what")]
    pub(crate) host: Option<String>,

    /// This key: a host's, or an authority's with all that it signed
    #[arg(long, value_name = "FILE", group = "what", conflicts_with = "ca")]
    pub(crate) key: Option<PathBuf>,

    /// Why; it is kept in the ledger
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum AuditCommand {
    /// Recompute the chain of records, and compare everything in the ledger with it
    Verify(AuditVerifyArguments),
    /// Write number and hash of the last record, to be kept where nobody can change it
    Head(AuditHeadArguments),
    /// Write all records, one JSON object a line
    Export(AuditExportArguments),
    /// Complete or give up what was reserved and perhaps signed: `certgate ssh list --status unfinished` names them
    Close(AuditCloseArguments),
}

#[derive(Args)]
pub(crate) struct AuditVerifyArguments {
    /// A head that was kept, as `audit head` wrote it: the chain must contain it
    #[arg(long, value_name = "NUMBER:HASH")]
    pub(crate) contains: Option<String>,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

#[derive(Args)]
pub(crate) struct AuditHeadArguments {
    #[command(flatten)]
    pub(crate) state: StateArguments,
}

#[derive(Args)]
pub(crate) struct AuditExportArguments {
    #[command(flatten)]
    pub(crate) state: StateArguments,
}

#[derive(Args)]
#[command(group = ArgGroup::new("how").required(true))]
pub(crate) struct AuditCloseArguments {
    /// The certificate's number in the ledger
    #[arg(value_name = "NUMBER", required_unless_present = "all")]
    pub(crate) number: Option<u64>,

    /// Give up everything unfinished that was reserved more than an hour ago
    #[arg(long, requires = "abandon", conflicts_with_all = ["number", "certificate"])]
    pub(crate) all: bool,

    /// The certificate, which was signed after all
    #[arg(long, value_name = "FILE", group = "how")]
    pub(crate) certificate: Option<PathBuf>,

    /// Give it up for this reason; its serial is not given again, and can be revoked
    #[arg(long, value_name = "REASON", group = "how")]
    pub(crate) abandon: Option<String>,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

/// What certificates are written as.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportAs {
    /// The body of the request that has the API issue the same, one JSON object a line
    ApiRequest,
    /// A `-cert.pub` file for each, named after authority and serial
    Files,
    /// A JSON list, as `certgate ssh list` has it
    Json,
}

#[derive(Args)]
pub(crate) struct ExportArguments {
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,

    /// What to write them as
    #[arg(long = "as", value_enum, value_name = "FORM")]
    pub(crate) form: ExportAs,

    /// The API's id of the authority that is to sign there, `sshca_…`
    #[arg(long, value_name = "ID", required_if_eq("form", "api-request"))]
    pub(crate) authority_id: Option<String>,

    /// The folder to put files in
    #[arg(long, value_name = "FOLDER", required_if_eq("form", "files"))]
    pub(crate) out_dir: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

/// A fingerprint: 32 bytes in base64 after the name of the hash.
fn fingerprint(text: &str) -> Result<String, String> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    match text.strip_prefix("SHA256:") {
        Some(digits) if digits.len() == 43 && digits.bytes().all(is_base64) => Ok(text.to_owned()),
        _ => Err("expected `SHA256:` and 43 characters of base64".to_owned()),
    }
}
