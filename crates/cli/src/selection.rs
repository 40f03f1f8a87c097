//! The files that arguments name: by themselves, by patterns, or by folders that they are in.

use std::collections::BTreeSet;
use std::fs::{self, DirEntry, FileType};
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::glob;

/// The most files of one run.
pub(crate) const FILES_MAX: usize = 200_000;

/// How many folders deep a file may lie in one that is named.
pub(crate) const DEPTH_MAX: usize = 64;

/// What git keeps for itself; nothing is deployed from there.
const GIT: &str = ".git";

/// Files to read, in the order of the arguments, those of a folder in the order of their paths.
#[derive(Default)]
pub(crate) struct Selection {
    pub(crate) files: Vec<Selected>,
    /// Folders that could not be listed.
    pub(crate) failures: Vec<Failure>,
    /// Symbolic links in folders, which are not followed.
    pub(crate) links: usize,
}

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selected {
    pub(crate) path: PathBuf,
    /// Whether it was named, by itself or by a pattern: then it is read as what it should be, whatever it holds.
    pub(crate) is_named: bool,
}

/// What may be selected.
struct Limits {
    files: usize,
    depth: usize,
}

/// The files that `paths` name, each once.
pub(crate) fn select(paths: &[PathBuf]) -> Result<Selection, Failure> {
    select_within(paths, &Limits { files: FILES_MAX, depth: DEPTH_MAX })
}

fn select_within(paths: &[PathBuf], limits: &Limits) -> Result<Selection, Failure> {
    let mut expanded = Vec::new();
    let mut selection = Selection::default();
    for path in paths {
        if glob::is_pattern(path) {
            let (matches, unlisted) = glob::matches(path);
            selection.failures.extend(unlisted.iter().map(|(folder, error)| unlistable(folder, error)));
            if matches.is_empty() {
                let name = path.display().to_string();
                selection.failures.push(Failure::input(format!("no file matches `{}`", name.escape_debug())));
            }
            expanded.extend(matches);
        } else {
            expanded.push(path.clone());
        }
    }
    let named: BTreeSet<&Path> =
        expanded.iter().filter(|path| !path.is_dir()).map(PathBuf::as_path).collect();
    let mut walk = Walk { selection, seen: BTreeSet::new(), limits };
    for path in &expanded {
        if named.contains(path.as_path()) {
            walk.add_named(path)?;
        } else {
            walk.folder(path, &named, 0)?;
        }
    }
    Ok(walk.selection)
}

struct Walk<'l> {
    selection: Selection,
    seen: BTreeSet<PathBuf>,
    limits: &'l Limits,
}

impl Walk<'_> {
    /// Adds a file that is named, once.
    fn add_named(&mut self, path: &Path) -> Result<(), Failure> {
        if self.seen.insert(path.to_owned()) { self.add(path.to_owned(), true) } else { Ok(()) }
    }

    fn add(&mut self, path: PathBuf, is_named: bool) -> Result<(), Failure> {
        if self.selection.files.len() == self.limits.files {
            return Err(Failure::input(format!("more than {} files are named", self.limits.files))
                .with_hint("name fewer folders in one run"));
        }
        self.selection.files.push(Selected { path, is_named });
        Ok(())
    }

    fn folder(&mut self, folder: &Path, named: &BTreeSet<&Path>, depth: usize) -> Result<(), Failure> {
        if !self.seen.insert(folder.to_owned()) {
            return Ok(());
        }
        let entries = match listed(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.selection.failures.push(unlistable(folder, &error));
                return Ok(());
            }
        };
        for (name, kind) in entries {
            let path = if folder == Path::new(".") { PathBuf::from(&name) } else { folder.join(&name) };
            if kind.is_dir() && name != GIT {
                if depth == self.limits.depth {
                    let shown = path.display().to_string();
                    let what = format!("`{}` lies deeper than {depth} folders", shown.escape_debug());
                    self.selection.failures.push(Failure::input(what).with_hint("name it by itself"));
                } else {
                    self.folder(&path, named, depth + 1)?;
                }
            } else if kind.is_file() {
                // A folder is listed once: what is in it comes twice only where it is named as well.
                match named.contains(path.as_path()) {
                    true => self.add_named(&path)?,
                    false => self.add(path, false)?,
                }
            } else if kind.is_symlink() && !named.contains(path.as_path()) {
                self.selection.links += 1;
            }
        }
        Ok(())
    }
}

/// What is in a folder, by name.
fn listed(folder: &Path) -> io::Result<Vec<(std::ffi::OsString, FileType)>> {
    let entry = |entry: io::Result<DirEntry>| {
        let entry = entry?;
        Ok((entry.file_name(), entry.file_type()?))
    };
    let mut entries = fs::read_dir(folder)?.map(entry).collect::<io::Result<Vec<_>>>()?;
    entries.sort_by(|(name, _), (other, _)| name.cmp(other));
    Ok(entries)
}

fn unlistable(folder: &Path, error: &io::Error) -> Failure {
    let name = folder.display().to_string();
    Failure::input(format!("cannot list the folder `{}`: {error}", name.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for path in paths {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    fn names(folder: &Path, selection: &Selection) -> Vec<String> {
        let name = |file: &Selected| {
            let mark = if file.is_named { "!" } else { "" };
            format!("{mark}{}", file.path.strip_prefix(folder).unwrap().display())
        };
        selection.files.iter().map(name).collect()
    }

    #[test]
    fn a_folder_gives_its_files_by_path_hidden_ones_too_and_links_are_counted() {
        let folder = tree(&["b/z.pem", "a.pem", "b/.k/x", "c", ".git/config", ".gitignore"]);
        std::os::unix::fs::symlink("a.pem", folder.path().join("link.pem")).unwrap();
        let at = |path: &str| folder.path().join(path);
        let selection = select(&[at("b/z.pem"), at("")]).unwrap();
        assert_eq!(names(folder.path(), &selection), ["!b/z.pem", ".gitignore", "a.pem", "b/.k/x", "c"]);
        assert_eq!((selection.links, selection.failures.len()), (1, 0));
        let selection = select(&[at("link.pem"), at("*.pem")]).unwrap();
        assert_eq!(names(folder.path(), &selection), ["!link.pem", "!a.pem"]);
    }

    #[test]
    fn what_is_not_there_is_left_to_be_read_and_a_pattern_without_a_match_is_a_failure() {
        let folder = tree(&["a"]);
        let selection = select(&[folder.path().join("none"), folder.path().join("*.pem")]).unwrap();
        assert_eq!(names(folder.path(), &selection), ["!none"]);
        let [failure] = &selection.failures[..] else { panic!("one failure") };
        assert!(failure.to_string().starts_with("no file matches `"), "{failure}");
    }

    #[test]
    fn files_and_depth_have_limits() {
        let folder = tree(&["a", "b", "c/d/e/f"]);
        let select = |files, depth| select_within(&[folder.path().to_owned()], &Limits { files, depth });
        assert_eq!(select(3, 3).unwrap().files.len(), 3);
        assert_eq!(select(2, 3).err().unwrap().to_string(), "more than 2 files are named");
        let selection = select(3, 2).unwrap();
        assert_eq!(names(folder.path(), &selection), ["a", "b"]);
        let [failure] = &selection.failures[..] else { panic!("one failure") };
        assert!(failure.to_string().ends_with("c/d/e` lies deeper than 2 folders"), "{failure}");
        let path = |depth: usize| (0..depth).map(|_| "d/").collect::<String>() + "f";
        let deepest = tree(&[&path(DEPTH_MAX)]);
        assert_eq!(super::select(&[deepest.path().to_owned()]).unwrap().files.len(), 1);
        let deeper = tree(&[&path(DEPTH_MAX + 1)]);
        assert!(super::select(&[deeper.path().to_owned()]).unwrap().files.is_empty());
    }
}
