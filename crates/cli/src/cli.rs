//! The arguments, as they are typed.

mod serve;
pub(crate) mod api;
mod api_arguments;
mod baseline;
mod config;
mod convert;
mod declared;
mod fix;
mod report_arguments;
mod ssh;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::threads::THREADS_MAX;
use crate::upload_target::{self, UploadTarget};

pub(crate) use api::ApiCommand;
pub(crate) use api_arguments::ApiArguments;
pub(crate) use baseline::BaselineArguments;
pub(crate) use config::{ConfigArguments, ConfigCommand, ConfigShowArguments};
pub(crate) use convert::{ConvertArguments, ConvertTo};
pub(crate) use declared::{DeclaredArguments, ExportCommand, PlanArguments, PushArguments};
pub(crate) use fix::FixArguments;
pub(crate) use report_arguments::{Output, ReportArguments, VerdictFormat};
pub(crate) use serve::*;
pub(crate) use ssh::*;

/// Says offline whether a certificate API will take an upload: the code it would answer, the line at fault, the repair.
#[derive(Parser)]
#[command(name = "certgate", version, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to colour the output
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub(crate) color: ColorChoice,
}

// Here and below, the arguments of a command are put together when it is asked for: no run pays for those of others. Then,
// what documents the struct of the arguments would be shown as what the command does: those have plain comments.
#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Judge TLS chains and private keys before they are uploaded; OpenSSH keys, certificates and known hosts
    Check(CheckArguments),
    /// Show what certificates and keys say; as JSON, the very fields the API would return
    Show(ShowArguments),
    /// Repair chains and private keys in PEM: show what would change, or write it
    Fix(FixArguments),
    /// Write a chain and its private key in another format: PEM, DER, PKCS#12; keys in PKCS#8, PKCS#1 or SEC 1
    Convert(ConvertArguments),
    /// Explain a rule, or a code the API answers
    Explain(ExplainArguments),
    /// List all rules
    Rules(RulesArguments),
    /// Show what `certgate.toml` says here, and what it may say
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Create, show, list, change and delete what the API holds, one resource at a time
    #[command(subcommand)]
    Api(ApiCommand),
    /// Show what would be done at the API so that it holds what a manifest declares
    Plan(PlanArguments),
    /// Do it: create, update, replace; delete where asked to
    Push(PushArguments),
    /// Write what a manifest declares for other tools
    #[command(subcommand)]
    Export(ExportCommand),
    /// Verify, inspect and revoke OpenSSH host certificates, and set servers and clients up for them
    #[command(subcommand)]
    Ssh(SshCommand),
    /// Serve the certificate API on this machine, behind the same gate
    Serve(ServeArguments),
    /// Replace the key that seals the private keys of the served API
    #[command(subcommand)]
    MasterKey(MasterKeyCommand),
    /// Make, list and revoke the keys that open the served API
    #[command(subcommand)]
    ApiKey(ApiKeyCommand),
}

/// When to colour the output.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What output is written as.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

// What to read.
#[derive(Args)]
pub(crate) struct InputArguments {
    /// Certificates and private keys (PEM, DER, PKCS#12, PKCS#7, Secrets of Kubernetes), OpenSSH files (.pub, known_hosts), in any
    /// order; folders of them; `-` is standard input
    ///
    /// Of a folder everything is read that holds such a thing, hidden files too, but for what git keeps in `.git`; symbolic links in
    /// it are not followed, and what is passed over is counted. A pattern that the shell left alone, such as 'certs/**/*.pem', names
    /// the files that it matches.
    ///
    /// What a file is, is found by its content; private keys are paired with chains by public key, and a chain that goes on in
    /// another file is judged as one. Each line of an OpenSSH file is judged by itself.
    #[arg(value_name = "FILE", required_unless_present_any = ["certificate", "private_key"])]
    pub(crate) files: Vec<PathBuf>,

    /// The file that goes into the API's certificate field, whatever it holds
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub(crate) certificate: Option<PathBuf>,

    /// The file that goes into the API's private key field, whatever it holds
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub(crate) private_key: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) passphrases: PassphraseArguments,
}

// What opens the inputs.
#[derive(Args, Default)]
pub(crate) struct PassphraseArguments {
    /// Try the first line of this file as the passphrase of what is under one (repeatable)
    ///
    /// The file must be readable by its owner alone. Without it, the passphrase of a PKCS#12 file is asked for on the terminal,
    /// where there is one.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Vec<PathBuf>,
}

#[derive(Args)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    /// The description that goes with the upload
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) description: String,

    /// The metadata that goes with the upload
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) metadata: String,

    /// Judge as of this time (RFC 3339, or a date) instead of now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<certgate_facts::Timestamp>,

    /// Where the upload goes: ngrok, aws-acm, azure-key-vault, cloudflare, fastly, gcp [default: for of the configuration, else ngrok]
    ///
    /// Others than ngrok are judged by what their documents say; `certgate rules` names those that refuse what a rule finds.
    #[arg(long = "for", value_name = "TARGET", value_parser = upload_target::parsed)]
    pub(crate) target: Option<UploadTarget>,

    /// What makes the exit code 1 [default: fail_on of the configuration, else error]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) fail_on: Option<FailOn>,

    #[command(flatten)]
    pub(crate) clients: ClientArguments,

    /// Read and judge in so many threads, 256 at most, instead of one for each processor
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=THREADS_MAX))]
    pub(crate) threads: Option<u16>,

    #[command(flatten)]
    pub(crate) levels: LevelArguments,

    #[command(flatten)]
    pub(crate) config: ConfigArguments,

    #[command(flatten)]
    pub(crate) baseline: BaselineArguments,

    #[command(flatten)]
    pub(crate) report: ReportArguments,
}

// What clients ask for, and whom they know.
#[derive(Args)]
pub(crate) struct ClientArguments {
    /// A name or address that the leaf must cover (repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) hostname: Vec<String>,

    /// Whom clients trust: mozilla, system, none, or a file or folder of root certificates (repeatable) [default: mozilla]
    #[arg(long, value_name = "ANCHORS")]
    pub(crate) trust: Vec<PathBuf>,

    /// Judge by what binds public authorities, whatever root a chain ends at
    ///
    /// The limits of the CA/Browser Forum and of the browsers' root programmes are no business of a private authority. With
    /// this they are: for test chains of a public one, and for whoever keeps them all the same.
    #[arg(long)]
    pub(crate) public: bool,
}

// How much rules weigh.
#[derive(Args)]
pub(crate) struct LevelArguments {
    /// Do not report what this rule finds (name or CG code; repeatable)
    #[arg(long, value_name = "RULE")]
    pub(crate) allow: Vec<String>,

    /// Report what this rule finds as a warning
    #[arg(long, value_name = "RULE")]
    pub(crate) warn: Vec<String>,

    /// Report what this rule finds as an error
    #[arg(long, value_name = "RULE")]
    pub(crate) deny: Vec<String>,
}

/// What makes the exit code 1.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// A finding that is an error
    Error,
    /// Any finding
    Warning,
    /// Nothing
    Never,
}

#[derive(Args)]
pub(crate) struct ShowArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    /// How to write the facts
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Args)]
pub(crate) struct ExplainArguments {
    /// A rule's name (`leaf-expired`), its code (`CG101`), or a code of the API (`ERR_NGROK_1923`)
    #[arg(value_name = "RULE|CODE")]
    pub(crate) word: String,
}

#[derive(Args)]
pub(crate) struct RulesArguments {
    /// How to write the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}
