//! The arguments of `certgate ssh`.

mod ca;
mod issue;
mod krl;
mod ledger;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::state::State;

pub(crate) use ca::{
    CaCommand, CaListArguments, CaShowArguments, ImportArguments, NewKeyArguments, RetireArguments,
    RotateCommand, StepArguments,
};
pub(crate) use issue::{IssueArguments, RenewArguments, SigningArguments, ValidityArguments};
pub(crate) use krl::{KeysAs, KrlBuildArguments, KrlCommand, KrlQueryArguments, KrlShowArguments};
pub(crate) use ledger::{
    AuditCloseArguments, AuditCommand, AuditVerifyArguments, ExportArguments, ExportAs, ListArguments,
    RevokeArguments, SelectionArguments, Status,
};
pub(crate) use verify::VerifyArguments;

#[derive(Subcommand)]
pub(crate) enum SshCommand {
    /// Make and keep host certificate authorities
    #[command(subcommand)]
    Ca(CaCommand),
    /// Issue a certificate for a host, or for all hosts of an inventory that need one
    Issue(IssueArguments),
    /// Replace certificates by new ones for the same keys
    Renew(RenewArguments),
    /// Revoke certificates, hosts or keys
    Revoke(RevokeArguments),
    /// List the certificates in the ledger
    List(ListArguments),
    /// Write certificates out of the ledger for somebody else: as files, as JSON, as requests to the API
    Export(ExportArguments),
    /// Prove what was signed
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Decide about a host certificate as OpenSSH clients would, and say which step decided
    Verify(VerifyArguments),
    /// Show, ask and build key revocation lists
    #[command(subcommand)]
    Krl(KrlCommand),
}

/// Where the ledger is.
#[derive(Args)]
pub(crate) struct StateArguments {
    /// The folder of the ledger and the keys [default: $CERTGATE_STATE, else `certgate` in the user's data folder]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) state: Option<PathBuf>,
}

impl StateArguments {
    /// The state that the arguments or the environment name.
    pub(crate) fn state(&self) -> Result<State, Failure> {
        State::of(self.state.as_deref())
    }
}
