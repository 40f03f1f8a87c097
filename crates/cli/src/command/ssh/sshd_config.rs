//! `certgate ssh sshd-config`.

use std::io::Write;
use std::path::{Path, PathBuf};

use certgate_sign::deploy::{self, PathError, RenewalSettings, renewal_units};

use crate::cli::{ColorChoice, SshdConfigArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, replacement, ssh_input};

/// What the names of certificates end in.
const SUFFIX: &str = "-cert.pub";
/// Most bytes of a file that is compared with what would be written.
const OLD_BYTES_MAX: usize = 1 << 20;

/// Writes what a server needs to show its certificates, and to have them renewed.
pub(super) fn run(arguments: &SshdConfigArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let files = files(arguments)?;
    let mut stdout = output::stdout(color);
    match &arguments.out_dir {
        None => {
            for (index, (name, text)) in files.iter().enumerate() {
                let gap = if index > 0 { "\n" } else { "" };
                write!(stdout, "{gap}# {name}\n{text}")?;
            }
        }
        Some(folder) => {
            for path in write(&files, folder, arguments.overwrite)? {
                writeln!(stdout, "{}", ssh_input::name(&path).escape_debug())?;
            }
        }
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

/// Names and texts.
fn files(arguments: &SshdConfigArguments) -> Result<Vec<(&'static str, String)>, Failure> {
    let certificates = &arguments.certificate;
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for certificate in certificates {
        let key = certificate.strip_suffix(SUFFIX).filter(|key| !key.ends_with('/')).ok_or_else(|| {
            Failure::input(format!("`{}` does not end in `{SUFFIX}`", certificate.escape_debug())).with_hint(
                "call the certificate as its key, with `-cert.pub` after it, and put it beside the key",
            )
        })?;
        if pairs.contains(&(key, certificate)) {
            return Err(Failure::input(format!("`{}` is named twice", certificate.escape_debug())));
        }
        pairs.push((key, certificate));
    }
    let mut files =
        vec![("certgate-host-certificates.conf", deploy::sshd_config(pairs).map_err(|error| path(&error))?)];
    // The one requires the other.
    if let (true, Some(state)) = (arguments.systemd_timer, &arguments.state) {
        let certificates: Vec<&str> = certificates.iter().map(String::as_str).collect();
        let settings = RenewalSettings {
            certificates: &certificates,
            left: arguments.fraction,
            state,
            passphrase_file: arguments.passphrase_file.as_deref(),
            agent_socket: arguments.agent_socket.as_deref(),
        };
        let units = renewal_units(&settings).map_err(|error| path(&error))?;
        files.extend([
            ("certgate-ssh-renew.service", units.service),
            ("certgate-ssh-renew.timer", units.timer),
        ]);
    }
    Ok(files)
}

fn path(error: &PathError) -> Failure {
    Failure::input(error).with_hint("give the path as the server sees it, from `/` on")
}

/// Writes the files that are not there yet, after a look at all of them. Gives the paths of all.
fn write(files: &[(&str, String)], folder: &Path, overwrite: bool) -> Result<Vec<PathBuf>, Failure> {
    let mut due = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        if replacement::plain_file(&path)?.is_some() {
            if ssh_input::bytes(&path, OLD_BYTES_MAX).is_ok_and(|old| old == text.as_bytes()) {
                continue;
            }
            if !overwrite {
                return Err(ssh_input::unusable(&path, "already there, and says something else")
                    .with_hint("`--overwrite` writes over it"));
            }
        }
        due.push((path, text));
    }
    for (path, text) in due {
        replacement::write(&path, text.as_bytes())?;
    }
    Ok(files.iter().map(|(name, _)| folder.join(name)).collect())
}
