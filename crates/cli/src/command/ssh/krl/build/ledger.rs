//! The list of all that the ledger says is revoked.

use certgate_facts::SshPublicKey;
use certgate_sign::krl::{Header, RevocationError, RevocationList, Revocations, Scope};
use certgate_store::{AuthorityId, Ledger, Revoked};

use crate::cli::KrlBuildArguments;
use crate::command::ssh::{ca, fault};
use crate::failure::Failure;
use crate::{clock, replacement, ssh_input};

/// Takes the next version of the ledger, and makes the list that goes with it.
pub(super) fn list(arguments: &KrlBuildArguments) -> Result<RevocationList, Failure> {
    let mut ledger = arguments.state.state()?.ledger()?;
    if let Some(name) = &arguments.ca {
        ca::known(&ledger, name)?;
    }
    let before = match replacement::plain_file(&arguments.out)? {
        Some(_) if !arguments.overwrite => Some(ssh_input::revocation_list(&arguments.out)?),
        _ => None,
    };
    let at = clock::now();
    let published = ledger.publish_krl(arguments.ca.as_ref(), at).map_err(fault)?;
    let keys: Vec<(AuthorityId, SshPublicKey)> = ledger
        .authorities()
        .map_err(fault)?
        .into_iter()
        .map(|authority| (authority.id, authority.public_key))
        .collect();
    let revocations = revocations(&published.revoked, &keys).map_err(Failure::input)?;
    if let Some(before) = before {
        continues(arguments, &before, published.version, &revocations)?;
    }
    let at = u64::try_from(at.unix_secs()).unwrap_or(0);
    let comment = arguments.comment.as_deref().unwrap_or_default();
    let header = Header::new(published.version, at, comment).map_err(Failure::input)?;
    revocations.to_list(header).map_err(Failure::input)
}

/// That the list goes on from the one whose place it takes: a later version, and nothing revoked is forgotten.
fn continues(
    arguments: &KrlBuildArguments,
    before: &RevocationList,
    version: u64,
    revocations: &Revocations,
) -> Result<(), Failure> {
    let mut both = revocations.clone();
    both.merge(&Revocations::of(before));
    let old = before.header().version();
    let why = if old >= version {
        format!("a list of version {old}, and the ledger is at {version}: it is of another ledger")
    } else if both != *revocations {
        "a list that revokes more than the ledger says: by hand, or of other authorities".to_owned()
    } else {
        return Ok(());
    };
    Err(ssh_input::unusable(&arguments.out, why).with_hint(
        "name another file; `--overwrite` takes its place, and what it revokes is revoked no more",
    ))
}

/// What the ledger says, in the terms of a list.
fn revocations(
    revoked: &Revoked,
    keys: &[(AuthorityId, SshPublicKey)],
) -> Result<Revocations, RevocationError> {
    // Every number of an authority in the ledger is that of one of its authorities; any covers what would not be.
    let scope = |id: Option<AuthorityId>| {
        let key = id.and_then(|id| keys.iter().find(|(of, _)| *of == id));
        key.map_or_else(Scope::any_authority, |(_, key)| Scope::authority(key))
    };
    let mut list = Revocations::new();
    for run in &revoked.serials {
        list.revoke_serials(&scope(Some(run.authority)), run.first, run.last)?;
    }
    for key_id in &revoked.key_ids {
        list.revoke_key_id(&scope(key_id.authority), &key_id.key_id)?;
    }
    revoked.keys.iter().for_each(|key| list.revoke_key(key));
    Ok(list)
}
