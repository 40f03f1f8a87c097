//! Where files are, as seen from a folder.

use std::path::{Component, Path, PathBuf};

use crate::failure::Failure;

/// A folder, by its whole path.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Where we are.
    current: PathBuf,
    path: PathBuf,
}

/// Where we are.
pub(crate) fn current() -> Result<PathBuf, Failure> {
    std::env::current_dir()
        .map_err(|error| Failure::input(format!("cannot tell the current folder: {error}")))
}

impl Folder {
    /// The one a file is in.
    pub(crate) fn of_file(file: &Path) -> Result<Self, Failure> {
        let current = current()?;
        let path = whole(&current, file.parent().unwrap_or_else(|| Path::new("")));
        Ok(Self { current, path })
    }

    /// The names on the way from the root to a file, as it was given; none for what is no file: standard input, arguments.
    pub(crate) fn whole(&self, name: &str) -> Vec<String> {
        if name.starts_with('-') { Vec::new() } else { names(&whole(&self.current, Path::new(name))) }
    }

    /// The way to a file from this folder; what is no file keeps its name.
    pub(crate) fn way_to(&self, name: &str) -> String {
        if name.starts_with('-') {
            return name.to_owned();
        }
        if let Some(below) = self.below(name) {
            return below.join("/");
        }
        let (file, folder) = (self.whole(name), names(&self.path));
        let shared = file.iter().zip(&folder).take_while(|(one, other)| one == other).count();
        let up = folder[shared..].iter().map(|_| "..".to_owned());
        up.chain(file[shared..].iter().cloned()).collect::<Vec<_>>().join("/")
    }

    /// The names on the way from this folder to a file; `None` where it is not in it.
    pub(crate) fn below(&self, name: &str) -> Option<Vec<String>> {
        if name.starts_with('-') {
            return None;
        }
        let path = whole(&self.current, Path::new(name));
        match path.strip_prefix(&self.path) {
            Ok(below) => Some(names(below)),
            // One of both may be named by way of a link.
            Err(_) => {
                let folder = path.parent()?.canonicalize().ok()?;
                let below = folder.join(path.file_name()?);
                below.strip_prefix(self.path.canonicalize().ok()?).ok().map(names)
            }
        }
    }
}

/// The path from the root, without detours; links are left as they are.
fn whole(current: &Path, path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for component in current.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            other => whole.push(other),
        }
    }
    whole
}

fn names(path: &Path) -> Vec<String> {
    let normal = path.components().filter(|component| matches!(component, Component::Normal(_)));
    normal.map(|name| name.as_os_str().to_string_lossy().into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(path: &str) -> Folder {
        Folder { current: PathBuf::from("/srv/shop"), path: PathBuf::from(path) }
    }

    fn below(at: &str, name: &str) -> Option<String> {
        folder(at).below(name).map(|names| names.join("/"))
    }

    #[test]
    fn a_file_is_seen_from_the_folder_whatever_it_was_called() {
        for name in ["certs/a.pem", "./certs/a.pem", "certs/../certs//a.pem", "/srv/shop/certs/a.pem"] {
            assert_eq!(below("/srv/shop", name).unwrap(), "certs/a.pem", "{name}");
            assert_eq!(below("/srv", name).unwrap(), "shop/certs/a.pem");
        }
        assert_eq!(below("/srv/shop/certs", "../other/a.pem"), None);
        assert_eq!(below("/srv/shop/certs", "a.pem"), None);
    }

    #[test]
    fn the_way_to_a_file_leads_up_where_it_must() {
        for (at, name, way) in [
            ("/srv/shop/.ci", "certs/a.pem", "../certs/a.pem"),
            ("/srv/shop", "./certs/a.pem", "certs/a.pem"),
            ("/srv", "/etc/ssl/a.pem", "../etc/ssl/a.pem"),
            ("/srv", "-", "-"),
        ] {
            assert_eq!(folder(at).way_to(name), way);
        }
    }

    #[test]
    fn standard_input_and_arguments_are_no_files() {
        assert_eq!((below("/srv", "-"), below("/srv", "--principal")), (None, None));
        assert_eq!(folder("/srv").whole("-"), Vec::<String>::new());
    }

    #[test]
    fn a_folder_that_is_reached_by_a_link_is_the_same() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("real")).unwrap();
        std::fs::write(root.path().join("real/a.pem"), "").unwrap();
        std::os::unix::fs::symlink("real", root.path().join("link")).unwrap();
        let folder = Folder { current: root.path().to_owned(), path: root.path().join("real") };
        assert_eq!(folder.below("link/a.pem").unwrap(), ["a.pem"]);
        assert_eq!(folder.below("a.pem"), None);
    }
}
