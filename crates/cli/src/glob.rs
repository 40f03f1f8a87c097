//! Patterns of paths that the shell did not expand, such as `'certs/**/*.pem'`.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use certgate_facts::matches_pattern;

/// Any number of folders.
const FOLDERS: &str = "**";

/// The most paths that one pattern may match.
pub(crate) const MATCHES_MAX: usize = 200_000;

/// Whether a path is meant as a pattern: `*` and `?` are in few names, and in none that is there.
pub(crate) fn is_pattern(path: &Path) -> bool {
    path.as_os_str().as_bytes().iter().any(|byte| matches!(byte, b'*' | b'?')) && !path.exists()
}

/// What a pattern matches, in the order of the paths: `*` is any part of a name and `?` any byte of one, hidden or not; `**` is any
/// number of folders, symbolic links not among them. Folders that cannot be listed match nothing more; they are in the second list.
pub(crate) fn matches(pattern: &Path) -> (Vec<PathBuf>, Vec<(PathBuf, io::Error)>) {
    let mut found = Found { matches: Vec::new(), unlisted: Vec::new() };
    let components: Vec<Component<'_>> = pattern.components().collect();
    found.expand(Path::new(""), &components);
    found.matches.dedup();
    (found.matches, found.unlisted)
}

struct Found {
    matches: Vec<PathBuf>,
    unlisted: Vec<(PathBuf, io::Error)>,
}

impl Found {
    fn expand(&mut self, base: &Path, components: &[Component<'_>]) {
        if self.matches.len() > MATCHES_MAX {
            return;
        }
        let Some((first, rest)) = components.split_first() else {
            return self.matches.push(base.to_owned());
        };
        let name = first.as_os_str();
        if name == FOLDERS {
            if rest.is_empty() {
                return self.matches.push(if base.as_os_str().is_empty() {
                    ".".into()
                } else {
                    base.to_owned()
                });
            }
            self.expand(base, rest);
            for (path, is_link) in self.listed(base) {
                if !is_link && path.is_dir() {
                    self.expand(&path, components);
                }
            }
        } else if name.as_bytes().iter().any(|byte| matches!(byte, b'*' | b'?')) {
            for (path, _) in self.listed(base) {
                let fits = |found: &std::ffi::OsStr| matches_pattern(found.as_bytes(), name.as_bytes());
                if path.file_name().is_some_and(fits) && (rest.is_empty() || path.is_dir()) {
                    self.expand(&path, rest);
                }
            }
        } else {
            let path = base.join(name);
            if !rest.is_empty() || path.exists() {
                self.expand(&path, rest);
            }
        }
    }

    /// What is in a folder, and whether it is a symbolic link, by name.
    fn listed(&mut self, folder: &Path) -> Vec<(PathBuf, bool)> {
        let place = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        if !place.is_dir() {
            return Vec::new();
        }
        let listed = fs::read_dir(place).and_then(|entries| {
            entries
                .map(|entry| {
                    let entry = entry?;
                    Ok((folder.join(entry.file_name()), entry.file_type()?.is_symlink()))
                })
                .collect::<io::Result<Vec<_>>>()
        });
        match listed {
            Ok(mut paths) => {
                paths.sort();
                paths
            }
            Err(error) => {
                self.unlisted.push((folder.to_owned(), error));
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stay_within_a_name_and_two_of_them_cross_folders() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["a.pem", "b.key", "x/c.pem", "x/.hidden.pem", "x/y/d.pem", "x/y/e.crt"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        std::os::unix::fs::symlink(folder.path().join("x"), folder.path().join("z")).unwrap();
        for (pattern, expected) in [
            ("*.pem", "a.pem"),
            ("?.???", "a.pem b.key"),
            ("**/*.pem", "a.pem x/.hidden.pem x/c.pem x/y/d.pem"),
            ("x/**/*.pem", "x/.hidden.pem x/c.pem x/y/d.pem"),
            ("**/y/*", "x/y/d.pem x/y/e.crt"),
            ("*/c.pem", "x/c.pem z/c.pem"),
            ("x/**", "x"),
            ("*.p12", ""),
            ("none/*", ""),
        ] {
            let (matches, unlisted) = matches(&folder.path().join(pattern));
            let names: Vec<&str> = matches
                .iter()
                .map(|path| path.strip_prefix(folder.path()).unwrap().to_str().unwrap())
                .collect();
            assert_eq!((names.join(" ").as_str(), unlisted.len()), (expected, 0), "{pattern}");
        }
    }
}
