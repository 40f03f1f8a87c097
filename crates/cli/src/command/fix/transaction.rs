//! Repaired files, written together: first it is seen that all can be, then each is replaced whole.

use std::path::{Path, PathBuf};

use certgate_facts::{Entry, Reading};
use certgate_rules::Fix;

use crate::failure::Failure;
use crate::{input, replacement, ssh_input};

/// Replaces files by what they should be; `paths` are those of the fixes. None is touched if one has changed meanwhile, is no plain
/// file, or a private key that is taken out would overwrite something.
///
/// Where two change together, the one that gets a private key is written first: until the other is, the key is in both, and never in
/// none.
pub(super) fn write(fixes: &[Fix], paths: &[&Path]) -> Result<(), Failure> {
    let mut writings: Vec<(&Fix, &Path)> = fixes.iter().zip(paths.iter().copied()).collect();
    for (fix, path) in &writings {
        replacement::plain_file(path)?;
        // A repair is of what was read, and not of what somebody has written meanwhile.
        if input::source(path)?.bytes() != fix.before().source().bytes() {
            let name = fix.before().source().name().escape_debug();
            return Err(Failure::input(format!("`{name}` has changed since it was read"))
                .with_hint("it is left as it is now: try again"));
        }
        if fix.taken_out().is_some() {
            let key = key_path(path)?;
            if replacement::plain_file(&key)?.is_some() {
                return Err(ssh_input::unusable(
                    &key,
                    "is there already, and the private key would go there",
                )
                .with_hint("a key is never overwritten: move it away, or take the key out by hand"));
            }
        }
    }
    writings.sort_by_key(|(fix, _)| !has_key(fix.after()));
    for (fix, path) in writings {
        if let Some(key) = fix.taken_out() {
            replacement::create_secret(&key_path(path)?, key.source().bytes())?;
        }
        let bytes = fix.after().source().bytes();
        if has_key(fix.after()) {
            replacement::write_secret(path, bytes)?;
        } else {
            replacement::write(path, bytes)?;
        }
    }
    Ok(())
}

/// Where a private key goes that is taken out of a file.
pub(super) fn key_path(path: &Path) -> Result<PathBuf, Failure> {
    let key = path.with_extension("key");
    if key == path {
        return Err(ssh_input::unusable(path, "its private key would get the same name")
            .with_hint("choose a name for the chain that does not end in `.key`"));
    }
    Ok(key)
}

fn has_key(reading: &Reading) -> bool {
    reading.entries().iter().any(Entry::is_private_key)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use certgate_rules::{Means, Policy, Scope, TrustAnchors, fixes_of, uploads_of};

    use super::*;

    #[test]
    fn a_file_that_has_changed_since_is_left_alone_and_so_are_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a.pem", "b.pem"].map(|name| folder.path().join(name));
        let fixture =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/rules/chain-out-of-order/bad-swapped.pem");
        for path in &paths {
            fs::copy(fixture, path).unwrap();
        }
        let policy = Policy::new("2026-11-01".parse().unwrap(), TrustAnchors::Mozilla);
        let fixes: Vec<Fix> = paths
            .iter()
            .flat_map(|path| {
                let reading: Arc<Reading> = input::read(path).unwrap();
                fixes_of(&[reading], &policy, Means::none_but(Scope::Safe), uploads_of, |_| None).unwrap()
            })
            .collect();
        let before = fs::read(&paths[0]).unwrap();
        fs::write(&paths[1], "somebody was faster").unwrap();
        let paths_of = paths.each_ref().map(|path| path.as_path());
        let refused = write(&fixes, &paths_of).unwrap_err().to_string();
        assert!(refused.contains("has changed since it was read"), "{refused}");
        assert_eq!(fs::read(&paths[0]).unwrap(), before);
        assert_eq!(fs::read(&paths[1]).unwrap(), b"somebody was faster");
        write(&fixes[..1], &paths_of[..1]).unwrap();
        assert_ne!(fs::read(&paths[0]).unwrap(), before);
    }
}
