//! What stands in the way of an order, whatever the rules say of the request.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use certgate_facts::{SSH_LINE_BYTES_MAX, SshPublicKey};
use certgate_store::{AuthorityId, AuthorityRecord, CertificateRecord, Ledger};

use super::order::Order;
use crate::command::ssh::fault;
use crate::failure::Failure;
use crate::ssh_input;

/// What is revoked.
pub(super) struct Obstacles {
    keys: HashSet<Vec<u8>>,
    key_ids: HashSet<(Option<AuthorityId>, Vec<u8>)>,
    may_replace_revoked: bool,
}

impl Obstacles {
    pub(super) fn of(ledger: &dyn Ledger, may_replace_revoked: bool) -> Result<Self, Failure> {
        let revoked = ledger.revoked(None).map_err(fault)?;
        Ok(Self {
            keys: revoked.keys.iter().map(|key| key.canonical_blob().into_owned()).collect(),
            key_ids: revoked.key_ids.into_iter().map(|one| (one.authority, one.key_id)).collect(),
            may_replace_revoked,
        })
    }

    /// Why nothing may be issued for an order. `own` is the newest certificate for this key under this key id.
    pub(super) fn of_order(
        &self,
        order: &Order,
        authority: &AuthorityRecord,
        own: Option<&CertificateRecord>,
    ) -> Option<String> {
        let key_id = order.key_id.text();
        if self.has_key(&authority.public_key) {
            return Some(format!("the key of authority {} is revoked", authority.name));
        }
        if order.public_key.key().is_some_and(|key| self.has_key(key)) {
            return Some("the host's key is revoked: it needs another one".to_owned());
        }
        let is_revoked =
            |scope| !self.key_ids.is_empty() && self.key_ids.contains(&(scope, key_id.as_bytes().to_vec()));
        if is_revoked(None) || is_revoked(Some(authority.id)) {
            return Some("its key id is revoked: choose another with key_id".to_owned());
        }
        // With the authority's key all that it signed is revoked, and no host is to blame.
        let is_revoked = |own: &CertificateRecord| {
            own.revocation().is_some() && !self.has_key(own.fields().authority_key())
        };
        if own.is_some_and(is_revoked) && !self.may_replace_revoked {
            return Some(
                "its certificate is revoked; --replace-revoked issues another for the same key".to_owned(),
            );
        }
        None
    }

    fn has_key(&self, key: &SshPublicKey) -> bool {
        !self.keys.is_empty() && self.keys.contains(&*key.canonical_blob())
    }
}

/// The certificate that a file holds now, without the line's end; `None` where there is no file, or an empty one.
///
/// Something else than a certificate is not written over: it may be anyone's key.
pub(super) fn current(path: &Path) -> Result<Option<String>, String> {
    let name = path.display();
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("`{name}`: {error}")),
        Ok(found) if !found.is_file() => return Err(format!("`{name}` is no plain file, and is left alone")),
        Ok(found) if found.len() == 0 => return Ok(None),
        Ok(_) => {}
    }
    let bytes = ssh_input::bytes(path, SSH_LINE_BYTES_MAX).map_err(|failure| failure.to_string())?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.trim_end();
    let first_word = line.split_whitespace().next().unwrap_or_default();
    if line.contains('\n') || !first_word.ends_with("-cert-v01@openssh.com") {
        return Err(format!("`{name}` is there and is no certificate: it is not written over"));
    }
    Ok(Some(line.to_owned()))
}
