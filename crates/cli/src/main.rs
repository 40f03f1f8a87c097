//! `certgate`: arguments in, one library call, output out. The only place that reads files, the environment, the clock
//! and the terminal.

mod at_once;
mod authority_key;
mod cli;
mod clock;
mod command;
mod config;
mod confirmation;
mod core_dump;
mod database;
mod ending;
mod exit;
mod failure;
mod glob;
mod handwritten;
mod host;
mod input;
mod inventory;
mod key_file;
mod known;
mod lifetime;
mod local_files;
mod log;
mod master_key;
mod manifest;
mod nearest;
mod network;
mod open_files;
mod output;
mod passphrase;
mod place;
mod policy;
mod progress;
mod randomness;
mod rate;
mod replacement;
mod report;
mod selection;
mod served_host;
mod sources;
mod ssh_input;
mod state;
mod survey;
mod threads;
mod tls_files;
mod trust;
mod upload_target;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::exit::Exit;

fn main() -> ExitCode {
    core_dump::forbid();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return exit::of_usage(&error),
    };
    let result = match &cli.command {
        Command::Check(arguments) => command::check::run(arguments, cli.color),
        Command::Show(arguments) => command::show::run(arguments, cli.color),
        Command::Fix(arguments) => command::fix::run(arguments, cli.color),
        Command::Convert(arguments) => command::convert::run(arguments, cli.color),
        Command::Explain(arguments) => command::explain::run(arguments, cli.color),
        Command::Rules(arguments) => command::rules::run(arguments, cli.color),
        Command::Config(command) => command::config::run(command, cli.color),
        Command::Api(command) => command::api::run(command, cli.color),
        Command::Plan(arguments) => command::plan::run(arguments, cli.color),
        Command::Push(arguments) => command::push::run(arguments, cli.color),
        Command::Export(command) => command::export::run(command, cli.color),
        Command::Ssh(command) => command::ssh::run(command, cli.color),
        Command::Serve(arguments) => command::serve::run(arguments, cli.color),
        Command::MasterKey(command) => command::master_key::run(command, cli.color),
        Command::ApiKey(command) => command::api_key::run(command, cli.color),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.report(cli.color);
            Exit::Failed.into()
        }
    }
}
