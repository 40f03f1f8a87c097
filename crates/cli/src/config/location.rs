//! Where the configuration is.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::place;

/// What it is called.
const NAME: &str = "certgate.toml";

/// The nearest one, upwards from where we are; named from there.
///
/// A repository has its own: no folder above the one with `.git` is looked into. Nor is, above where we are, one in which everybody may
/// put files, such as `/tmp`.
pub(super) fn nearest() -> Result<Option<PathBuf>, Failure> {
    Ok(nearest_to(&place::current()?))
}

fn nearest_to(folder: &Path) -> Option<PathBuf> {
    let mut way = PathBuf::new();
    for (height, folder) in folder.ancestors().enumerate() {
        let is_trusted = height == 0 || !is_for_everybody(folder);
        if is_trusted && folder.join(NAME).is_file() {
            return Some(way.join(NAME));
        }
        if folder.join(".git").exists() {
            return None;
        }
        way.push("..");
    }
    None
}

/// Whether everybody may put files there, and nobody take away those of others.
fn is_for_everybody(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    /// The sticky bit, and that others may write.
    const SHARED: u32 = 0o1002;
    folder.metadata().is_ok_and(|folder| folder.permissions().mode() & SHARED == SHARED)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn nearest_in(folder: &Path) -> Option<String> {
        nearest_to(folder).map(|path| path.display().to_string())
    }

    #[test]
    fn the_nearest_one_upwards_counts() {
        let root = tempfile::tempdir().unwrap();
        let (middle, deep) = (root.path().join("a"), root.path().join("a/b/c"));
        fs::create_dir_all(&deep).unwrap();
        fs::create_dir(root.path().join(".git")).unwrap();
        assert_eq!(nearest_in(&deep), None);
        fs::write(root.path().join(NAME), "").unwrap();
        assert_eq!(nearest_in(&deep).unwrap(), "../../../certgate.toml");
        fs::write(middle.join(NAME), "").unwrap();
        assert_eq!(nearest_in(&deep).unwrap(), "../../certgate.toml");
        assert_eq!(nearest_in(&middle).unwrap(), "certgate.toml");
        // A folder of that name is none.
        fs::create_dir(deep.join(NAME)).unwrap();
        assert_eq!(nearest_in(&deep).unwrap(), "../../certgate.toml");
    }

    #[test]
    fn a_repository_is_not_left_be_it_a_working_tree_beside_it() {
        let root = tempfile::tempdir().unwrap();
        let inside = root.path().join("repository/certs");
        fs::create_dir_all(&inside).unwrap();
        fs::write(root.path().join(NAME), "").unwrap();
        assert_eq!(nearest_in(&inside).unwrap(), "../../certgate.toml");
        fs::write(root.path().join("repository/.git"), "gitdir: elsewhere\n").unwrap();
        assert_eq!(nearest_in(&inside), None);
    }

    #[test]
    fn what_strangers_may_have_put_above_us_is_passed_over() {
        let root = tempfile::tempdir().unwrap();
        let inside = root.path().join("shared/mine");
        fs::create_dir_all(&inside).unwrap();
        fs::create_dir(root.path().join(".git")).unwrap();
        let shared = root.path().join("shared");
        fs::write(shared.join(NAME), "").unwrap();
        fs::set_permissions(&shared, fs::Permissions::from_mode(0o1777)).unwrap();
        assert_eq!(nearest_in(&inside), None);
        assert_eq!(nearest_in(&shared).unwrap(), "certgate.toml");
        fs::set_permissions(&shared, fs::Permissions::from_mode(0o777)).unwrap();
        assert_eq!(nearest_in(&inside).unwrap(), "../certgate.toml");
    }
}
