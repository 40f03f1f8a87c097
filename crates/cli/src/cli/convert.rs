//! The arguments of `convert`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::PassphraseArguments;

#[derive(Args)]
pub(crate) struct ConvertArguments {
    /// A chain and its private key, together or apart, in any format that `check` reads; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// What to write
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: ConvertTo,

    /// Write to this file instead of standard output; one with a private key is made for its owner alone, over none
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Write the private key to a file of its own: that of --output with the extension `key`
    #[arg(long, requires = "output")]
    pub(crate) split: bool,

    #[command(flatten)]
    pub(crate) passphrases: PassphraseArguments,

    /// Seal PKCS#12 with the first line of this file instead of asking for a passphrase
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
}

/// What is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConvertTo {
    /// The chain as PEM, leaf first, then the private key in PKCS#8
    Pem,
    /// The chain in DER, or the private key in PKCS#8; both with --split
    Der,
    /// The private key alone, as PEM in PKCS#8
    Pkcs8,
    /// The private key alone, as PEM in PKCS#1: RSA
    Pkcs1,
    /// The private key alone, as PEM in SEC 1: ECDSA
    Sec1,
    /// Both in PKCS#12, under a new passphrase
    P12,
}
