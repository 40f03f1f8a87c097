//! The arguments of `certgate ssh ca`.

use std::path::PathBuf;

use certgate_sign::AuthorityKeyType;
use certgate_store::{AuthorityName, SerialStart};
use clap::{Args, Subcommand};

use super::StateArguments;
use crate::cli::Format;

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum CaCommand {
    /// Make an authority: a new key, or one that an ssh-agent holds
    Create(CreateArguments),
    /// Take over an authority that has signed before, with its key and its certificates
    Import(ImportArguments),
    /// List all authorities
    List(CaListArguments),
    /// Show one authority: its public key, its state, what it signed
    Show(CaShowArguments),
    /// Replace an authority step by step, each of which can be taken back
    #[command(subcommand)]
    Rotate(RotateCommand),
    /// Stop using an authority; refused while certificates under it can still be used
    Retire(RetireArguments),
}

// Where the private key of a new authority comes from.
#[derive(Args)]
pub(crate) struct NewKeyArguments {
    /// The type of the new key: ed25519, ecdsa-p256, ecdsa-p384, ecdsa-p521, rsa-3072 or rsa-4096
    #[arg(long, value_name = "TYPE", default_value = "ed25519", value_parser = key_type, conflicts_with = "agent")]
    pub(crate) key_type: AuthorityKeyType,

    /// Take the passphrase from the first line of this file instead of asking for it
    #[arg(long, value_name = "FILE", conflicts_with = "agent")]
    pub(crate) passphrase_file: Option<PathBuf>,

    /// Leave the key file unencrypted: whoever can read it can sign
    #[arg(long, conflicts_with_all = ["passphrase_file", "agent"])]
    pub(crate) without_passphrase: bool,

    /// Use the key of this public key file, which an ssh-agent holds: it never comes here
    #[arg(long, value_name = "FILE")]
    pub(crate) agent: Option<PathBuf>,

    /// Start serials at a random number, so that they do not tell how many certificates there are
    #[arg(long)]
    pub(crate) random_serials: bool,
}

#[derive(Args)]
pub(crate) struct CreateArguments {
    /// What to call it: letters a to z, digits, `.`, `_` and `-`
    pub(crate) name: AuthorityName,

    #[command(flatten)]
    pub(crate) key: NewKeyArguments,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

#[derive(Args)]
pub(crate) struct ImportArguments {
    /// What to call it: letters a to z, digits, `.`, `_` and `-`
    pub(crate) name: AuthorityName,

    /// The private key file. It stays where it is
    #[arg(long, value_name = "FILE", required_unless_present_any = ["agent", "certificate"], group = "new")]
    pub(crate) key: Option<PathBuf>,

    /// The public key file of a key that an ssh-agent holds
    #[arg(long, value_name = "FILE", conflicts_with = "key", group = "new")]
    pub(crate) agent: Option<PathBuf>,

    /// Take the passphrase from the first line of this file instead of asking for it
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with = "agent")]
    pub(crate) passphrase_file: Option<PathBuf>,

    /// The first serial to give, above all that it gave before [default: a random one]
    #[arg(long, value_name = "NUMBER", value_parser = first_serial, requires = "new")]
    pub(crate) first_serial: Option<SerialStart>,

    /// A certificate it signed before (repeatable); with neither --key nor --agent, of an authority that is there already
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

#[derive(Args)]
pub(crate) struct CaListArguments {
    /// How to write the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

#[derive(Args)]
pub(crate) struct CaShowArguments {
    /// Its name
    pub(crate) name: AuthorityName,

    /// Write the public key alone, as a line for a `.pub` file
    #[arg(long, conflicts_with = "format")]
    pub(crate) public_key: bool,

    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

/// The steps of a rotation, in their order.
#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum RotateCommand {
    /// 1: make the successor; nobody trusts it, and it does not sign
    Prepare(PrepareArguments),
    /// 2: `known-hosts` now writes both; give those lines to all clients
    Publish(StepArguments),
    /// 3: the successor signs, and the old one no more; renew all certificates, then retire the old one
    Switch(StepArguments),
    /// Take back the last step that can be taken back: the switch, else the publication
    Back(StepArguments),
}

#[derive(Args)]
pub(crate) struct PrepareArguments {
    /// What to call the successor
    pub(crate) name: AuthorityName,

    /// The authority that it is to replace
    #[arg(long, value_name = "NAME")]
    pub(crate) replacing: AuthorityName,

    #[command(flatten)]
    pub(crate) key: NewKeyArguments,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

#[derive(Args)]
pub(crate) struct StepArguments {
    /// The successor
    pub(crate) name: AuthorityName,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

#[derive(Args)]
pub(crate) struct RetireArguments {
    /// The authority
    pub(crate) name: AuthorityName,

    /// Retire it although hosts still show certificates of it, which clients will then refuse
    #[arg(long)]
    pub(crate) despite_valid_certificates: bool,

    #[command(flatten)]
    pub(crate) state: StateArguments,
}

fn first_serial(text: &str) -> Result<SerialStart, String> {
    let serial = text.parse().ok().and_then(SerialStart::at);
    serial.ok_or_else(|| "expected a number from 1, and below 2^62".to_owned())
}

fn key_type(text: &str) -> Result<AuthorityKeyType, String> {
    AuthorityKeyType::from_name(text).ok_or_else(|| {
        let names: Vec<&str> = AuthorityKeyType::ALL.iter().map(|key_type| key_type.name()).collect();
        format!("expected one of {}", names.join(", "))
    })
}
