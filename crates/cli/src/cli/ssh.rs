//! The arguments of `certgate ssh`.

mod ca;
mod doctor;
mod issue;
mod krl;
mod ledger;
mod known_hosts;
mod needs_renewal;
mod show;
mod sshd_config;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::state::State;

pub(crate) use ca::{
    CaCommand, CaListArguments, CaShowArguments, ImportArguments, NewKeyArguments, RetireArguments,
    RotateCommand, StepArguments,
};
pub(crate) use doctor::DoctorArguments;
pub(crate) use issue::{IssueArguments, RenewArguments, SigningArguments, ValidityArguments};
pub(crate) use known_hosts::KnownHostsArguments;
pub(crate) use krl::{KeysAs, KrlBuildArguments, KrlCommand, KrlQueryArguments, KrlShowArguments};
pub(crate) use ledger::{
    AuditCloseArguments, AuditCommand, AuditVerifyArguments, ExportArguments, ExportAs, ListArguments,
    RevokeArguments, SelectionArguments, Status,
};
pub(crate) use needs_renewal::NeedsRenewalArguments;
pub(crate) use show::SshShowArguments;
pub(crate) use sshd_config::SshdConfigArguments;
pub(crate) use verify::VerifyArguments;

#[derive(Subcommand)]
#[command(defer = true)]
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
    /// Show what public keys, certificates, known hosts and revocation lists say
    Show(SshShowArguments),
    /// Show, ask and build key revocation lists
    #[command(subcommand)]
    Krl(KrlCommand),
    /// Write the lines by which clients know authorities, and keys that are revoked
    KnownHosts(KnownHostsArguments),
    /// Write what a server needs to show its certificates, and to have them renewed
    SshdConfig(SshdConfigArguments),
    /// Find what is wrong with the certificates of a server, where `sshd -t` finds nothing
    Doctor(DoctorArguments),
    /// Ask which certificates are to be renewed: exit code 0 none, 1 some, 2 could not tell
    NeedsRenewal(NeedsRenewalArguments),
}

// Where the ledger and the keys are.
#[derive(Args)]
pub(crate) struct StateArguments {
    /// The folder of the ledger and the keys [default: $CERTGATE_STATE, else `certgate` in the user's data folder]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) state: Option<PathBuf>,

    /// The PostgreSQL that has the ledger, as `postgres://user@host/database` [default: $CERTGATE_STORE, else a file]
    ///
    /// Its password is no part of it: that comes from PGPASSWORD, PGPASSFILE or ~/.pgpass.
    #[arg(long, value_name = "URL")]
    pub(crate) store: Option<String>,
}

impl StateArguments {
    /// The state that the arguments or the environment name.
    pub(crate) fn state(&self) -> Result<State, Failure> {
        State::of(self.state.as_deref(), self.store.as_deref())
    }
}
