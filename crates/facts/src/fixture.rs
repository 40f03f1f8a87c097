//! Test inputs from `fixtures/`, read without the help of the code under test.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// The last PEM block of a file, split by hand.
pub(crate) struct PemBlock {
    pub(crate) label: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The last PEM block of `fixtures/keys/<name>`.
pub(crate) fn key_block(name: &str) -> PemBlock {
    let text = text(&format!("keys/{name}"));
    let (_, block) = text.rsplit_once("-----BEGIN ").unwrap();
    let (label, rest) = block.split_once("-----\n").unwrap();
    let (inside, _) = rest.split_once("\n-----END ").unwrap();
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    let base64: String = inside.lines().filter(|line| header(line).is_none()).collect();
    PemBlock {
        label: label.to_owned(),
        headers: inside.lines().filter_map(header).collect(),
        body: BASE64_STANDARD.decode(base64).unwrap(),
    }
}

/// The names of all files in `fixtures/<folder>`.
pub(crate) fn names(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(folder);
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The line of `fixtures/ssh/<name>` that is not a comment.
pub(crate) fn ssh_line(name: &str) -> String {
    text(&format!("ssh/{name}")).lines().find(|line| !line.starts_with('#')).unwrap().to_owned()
}
