//! The key of a new authority.

use certgate_facts::SshPublicKey;
use certgate_sign::{Authority, Signer};
use certgate_store::{AuthorityName, Custody};

use crate::cli::NewKeyArguments;
use crate::failure::Failure;
use crate::state::State;
use crate::{authority_key, passphrase, randomness, replacement};

/// Makes a key file, or sees that the agent holds the key; gives the public half and where the private one is.
pub(super) fn of(
    state: &State,
    name: &AuthorityName,
    arguments: &NewKeyArguments,
) -> Result<(SshPublicKey, Custody), Failure> {
    if let Some(path) = &arguments.agent {
        let public_key = super::public_key_file(path)?;
        authority_key::in_agent(&public_key)?;
        return Ok((public_key, Custody::Agent));
    }
    let (path, relative) = state.new_key_file(name)?;
    if path.exists() {
        return Err(Failure::input(format!("`{}` is there already", path.display())).with_hint(
            "certgate never overwrites a key: move it away, or import it with `certgate ssh ca import`",
        ));
    }
    let protection = match arguments.without_passphrase {
        true => None,
        false => {
            Some(passphrase::for_new_key(&format!("authority {name}"), arguments.passphrase_file.as_deref())?)
        }
    };
    let mut rng = randomness::system();
    let cannot = |error| Failure::input(format!("no key was made: {error}"));
    let authority = Authority::create(arguments.key_type, &mut rng).map_err(cannot)?;
    let comment = format!("certgate authority {name}");
    let text = match protection {
        Some(passphrase) => authority.to_openssh(&passphrase, &comment, &mut rng),
        None => authority.to_openssh_without_encryption(&comment),
    };
    replacement::create_secret(&path, text.map_err(cannot)?.as_bytes())?;
    Ok((authority.public_key().clone(), Custody::KeyFile(relative)))
}
