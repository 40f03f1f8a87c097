//! `certgate ssh doctor`.

use std::io::Write;

use certgate_report::ssh::examination::Examination;
use certgate_sign::doctor::{Server, examine};
use certgate_sign::sshd_config::{ServerFiles, SshdConfig};

use crate::cli::{ColorChoice, DoctorArguments, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local_files::LocalFiles;
use crate::{clock, host, output, ssh_input};

/// Examines the certificates of a server; exit code 1 if there is an error.
pub(super) fn run(arguments: &DoctorArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let hosts: Result<Vec<String>, Failure> =
        arguments.host.iter().map(|name| host::checked(name).map(str::to_owned)).collect();
    let hosts = hosts?;
    let path = ssh_input::name(&arguments.sshd_config);
    let config = SshdConfig::read(&path, &LocalFiles).map_err(|error| {
        Failure::input(error.to_string().escape_debug()).with_hint("`sshd -t` says what it takes")
    })?;
    let at = clock::at(arguments.at);
    // Who owns the configuration runs the server.
    let user = LocalFiles.permissions(&path).map(|permissions| permissions.owner).unwrap_or_default();
    let server = Server {
        config: &config,
        files: &LocalFiles,
        user,
        hosts: &hosts,
        at: u64::try_from(at.unix_secs()).unwrap_or_default(),
    };
    let examination = Examination::of(&path, at, &examine(&server));
    let mut stdout = output::stdout(color);
    match arguments.format {
        Format::Text => examination.write_text(&mut stdout)?,
        Format::Json => stdout.write_all(examination.json()?.as_bytes())?,
    }
    stdout.flush()?;
    Ok(if examination.summary.errors > 0 { Exit::Findings } else { Exit::Clean })
}
