//! The arguments of `fix`.

use std::path::PathBuf;

use clap::Args;

use super::{ConfigArguments, LevelArguments, PassphraseArguments};
use crate::upload_target::{self, UploadTarget};

#[derive(Args)]
pub(crate) struct FixArguments {
    /// Chains and private keys in PEM, in any order; folders of them; a chain's key tells which certificate is the leaf; `-` is
    /// standard input
    ///
    /// Folders and patterns are read as `check` reads them. Files that make uploads together are repaired together or not at all;
    /// what stands in the way of some does not keep others from it.
    #[arg(value_name = "FILE", required_unless_present_any = ["certificate", "private_key"])]
    pub(crate) files: Vec<PathBuf>,

    /// The file that goes into the API's certificate field; a private key in it is taken out, or goes where it belongs
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub(crate) certificate: Option<PathBuf>,

    /// The file that goes into the API's private key field
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub(crate) private_key: Option<PathBuf>,

    /// Where the upload goes: ngrok, aws-acm, azure-key-vault, cloudflare, fastly, gcp [default: for of the configuration, else ngrok]
    #[arg(long = "for", value_name = "TARGET", value_parser = upload_target::parsed)]
    pub(crate) target: Option<UploadTarget>,

    /// Complete chains with certificates out of the files in this folder, by who signed whom
    #[arg(long, value_name = "DIR")]
    pub(crate) intermediates: Option<PathBuf>,

    /// Repair the files in place instead of showing what would change
    ///
    /// Each file is replaced whole, keeps its owner and its mode, and is refused if it is a symbolic link or has changed since it
    /// was read. One with a private key is left to its owner alone.
    #[arg(long, conflicts_with = "diff")]
    pub(crate) write: bool,

    /// Show what would change and leave the files as they are, which is done unless --write is given
    #[arg(long)]
    pub(crate) diff: bool,

    /// Drop, too, what the chain does not need: unrelated certificates, the root that clients have, parameters; decrypt private
    /// keys, and take them out of the certificate file
    #[arg(long = "unsafe")]
    pub(crate) is_unsafe: bool,

    #[command(flatten)]
    pub(crate) passphrases: PassphraseArguments,

    /// Judge as of this time (RFC 3339, or a date) instead of now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<certgate_facts::Timestamp>,

    #[command(flatten)]
    pub(crate) levels: LevelArguments,

    #[command(flatten)]
    pub(crate) config: ConfigArguments,
}
