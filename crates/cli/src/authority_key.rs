//! The private keys of authorities: in a file, or in an ssh-agent.

use std::env;
use std::fs::File;
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use certgate_facts::SshPublicKey;
use certgate_sign::{Agent, Authority, Error, Signer};
use certgate_store::{AuthorityRecord, Custody};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::state::State;
use crate::{key_file, passphrase};

/// The largest key file that is read; one with RSA-16384 has 13 KiB.
const KEY_FILE_BYTES_MAX: usize = 64 * 1024;
/// How long an agent may take to answer: it may ask its user first.
const AGENT_TIMEOUT: Duration = Duration::from_secs(120);

/// What signs for an authority, once it has been found, unlocked, and seen to be the one in the ledger.
pub(crate) fn signer(
    state: &State,
    authority: &AuthorityRecord,
    passphrase_file: Option<&Path>,
) -> Result<Box<dyn Signer + Sync>, Failure> {
    match &authority.custody {
        Custody::Agent => Ok(Box::new(in_agent(&authority.public_key)?)),
        Custody::Sealed => {
            Err(Failure::input(format!("the key of authority {} is sealed in the ledger", authority.name))
                .with_hint("`certgate serve` signs with it, at POST /ssh_host_certificates"))
        }
        Custody::KeyFile(path) => {
            let path = state.resolve(path);
            let key = in_file(&path, passphrase_file)?;
            if key.public_key().blob() == authority.public_key.blob() {
                return Ok(Box::new(key));
            }
            Err(Failure::input(format!(
                "`{}` holds another key than authority {} has: {}",
                path.display(),
                authority.name,
                key.public_key().fingerprint()
            ))
            .with_hint("put the right key file back; the ledger knows it by its public key"))
        }
    }
}

/// A key that the user's agent holds.
pub(crate) fn in_agent(public_key: &SshPublicKey) -> Result<impl Signer + Sync + use<>, Failure> {
    let socket = agent_socket()?;
    let cannot = |error: std::io::Error| {
        Failure::input(format!("cannot reach the ssh-agent at `{}`: {error}", socket.display()))
    };
    let stream = UnixStream::connect(&socket).map_err(cannot)?;
    stream.set_read_timeout(Some(AGENT_TIMEOUT)).map_err(cannot)?;
    stream.set_write_timeout(Some(AGENT_TIMEOUT)).map_err(cannot)?;
    Agent::over(stream).authority(public_key).map_err(|error| {
        let failure = Failure::input(format!("ssh-agent: {error}"));
        match error {
            Error::AgentHoldsNoSuchKey { .. } => {
                failure.with_hint("`ssh-add KEYFILE` puts it there; `ssh-add -l` lists what it holds")
            }
            _ => failure,
        }
    })
}

/// A key in a file; its passphrase is asked for only if it is encrypted.
pub(crate) fn in_file(path: &Path, passphrase_file: Option<&Path>) -> Result<Authority, Failure> {
    let name = path.display().to_string();
    let (bytes, mode) = read(path)?;
    let open = |passphrase: Option<&[u8]>| Authority::from_key_file(&bytes, mode, passphrase);
    let opened = match open(None) {
        Err(Error::AuthorityKeyEncrypted) => {
            let passphrase = passphrase::of_key(&format!("`{name}`"), passphrase_file)?;
            open(Some(&passphrase))
        }
        // Whoever names a public key is not to change its mode.
        Err(Error::AuthorityKeyModeTooOpen { .. }) if !has_private_key(&bytes) => {
            Err(Error::AuthorityKeyMissing)
        }
        other => other,
    };
    opened.map_err(|error| {
        let failure = Failure::input(format!("`{}`: {error}", name.escape_debug()));
        match error {
            Error::AuthorityKeyMissing => {
                failure.with_hint("name the private key, not the file ending in `.pub`")
            }
            _ => failure,
        }
    })
}

/// Whether there is the beginning of a private key in it, in whatever format.
fn has_private_key(bytes: &[u8]) -> bool {
    let mark = b"PRIVATE KEY-----";
    bytes.windows(mark.len()).any(|part| part == mark)
}

fn read(path: &Path) -> Result<(Zeroizing<Vec<u8>>, u32), Failure> {
    let name = path.display().to_string();
    let cannot = |error: std::io::Error| {
        Failure::input(format!("cannot read the key file `{}`: {error}", name.escape_debug()))
    };
    let mut file = File::open(path).map_err(cannot)?;
    let mode = key_file::mode(&file.metadata().map_err(cannot)?);
    // Room from the start: a buffer that grows leaves copies behind that nobody wipes.
    let mut bytes = Zeroizing::new(Vec::with_capacity(KEY_FILE_BYTES_MAX + 1));
    let limit = u64::try_from(KEY_FILE_BYTES_MAX).unwrap_or(u64::MAX) + 1;
    file.by_ref().take(limit).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() > KEY_FILE_BYTES_MAX {
        return Err(Failure::input(format!(
            "`{}` is no key file: it has more than {KEY_FILE_BYTES_MAX} bytes",
            name.escape_debug()
        )));
    }
    Ok((bytes, mode))
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads where the agent is")]
fn agent_socket() -> Result<PathBuf, Failure> {
    env::var_os("SSH_AUTH_SOCK").filter(|value| !value.is_empty()).map(PathBuf::from).ok_or_else(|| {
        Failure::input("there is no ssh-agent: SSH_AUTH_SOCK is not set")
            .with_hint("`eval $(ssh-agent)` starts one")
    })
}
