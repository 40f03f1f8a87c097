//! OpenSSL, the witness of what is said of X.509 and of keys.

use std::ffi::OsStr;
use std::process::{Command, Output, Stdio};

use super::fixtures;

/// Runs `openssl` in `fixtures/`. It is never left out: a witness who does not come ends the trial.
#[track_caller]
pub(crate) fn openssl<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Output {
    Command::new("openssl")
        .args(arguments)
        .env_remove("OPENSSL_CONF")
        .env("LC_ALL", "C")
        .current_dir(fixtures())
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("install openssl: {error}"))
}

/// What `openssl` prints, where it does not fail.
#[track_caller]
pub(crate) fn openssl_says<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Option<String> {
    let output = openssl(arguments);
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
