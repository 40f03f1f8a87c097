//! Where what was converted goes.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::Bytes;
use crate::failure::Failure;
use crate::{replacement, ssh_input};

/// A file, two files, or standard output.
pub(super) struct Destination<'a> {
    pub(super) path: Option<&'a Path>,
    pub(super) is_split: bool,
}

impl Destination<'_> {
    /// Writes what is public and what is secret; there is one of them at least.
    pub(super) fn write(&self, public: Bytes, secret: Option<Bytes>) -> Result<(), Failure> {
        match (self.path, secret) {
            (Some(path), None) => replacement::write(path, &public),
            (Some(path), Some(secret)) if self.is_split && !public.is_empty() => {
                let key = key_path(path)?;
                replacement::create_secret(&key, &secret)?;
                replacement::write(path, &public)
            }
            (Some(path), Some(secret)) => replacement::create_secret(path, &both(&public, &secret)),
            (None, secret) => {
                let is_binary = !public.starts_with(b"-----")
                    || secret.as_ref().is_some_and(|key| !key.starts_with(b"-----"));
                if io::stdout().is_terminal() && (secret.is_some() || is_binary) {
                    return Err(Failure::input(
                        "a private key, or binary data, is not written to a terminal",
                    )
                    .with_hint("name a file with --output"));
                }
                let secret = secret.unwrap_or_default();
                let mut stdout = io::stdout().lock();
                stdout.write_all(&public)?;
                stdout.write_all(&secret)?;
                Ok(stdout.flush()?)
            }
        }
    }
}

fn key_path(path: &Path) -> Result<PathBuf, Failure> {
    let key = path.with_extension("key");
    if key == path {
        return Err(ssh_input::unusable(path, "the private key would get the same name")
            .with_hint("choose a name for the chain that does not end in `.key`"));
    }
    Ok(key)
}

fn both(public: &[u8], secret: &[u8]) -> Bytes {
    let mut both = Bytes::new(Vec::with_capacity(public.len() + secret.len()));
    both.extend_from_slice(public);
    both.extend_from_slice(secret);
    both
}
