//! Whole folders: what belongs together is repaired together, and one summary is written.

use crate::harness::{Certgate, Folder, Run, fixtures};

use super::AT;

/// A folder with uploads in folders of their own, two of which can be repaired, and something else.
fn project() -> Folder {
    let folder = Folder::new();
    for (name, from) in [
        ("one", "rules/chain-out-of-order/bad-swapped"),
        ("two", "rules/text-encoding-unsupported/bad-key-utf16-le"),
        ("three", "chain/ed25519-depth-3"),
    ] {
        std::fs::create_dir(folder.path(name)).unwrap();
        for extension in ["pem", "key"] {
            let from = fixtures().join(format!("{from}.{extension}"));
            std::fs::copy(from, folder.path(&format!("{name}/tls.{extension}"))).unwrap();
        }
    }
    folder.write("README", "nothing to repair\n");
    folder
}

fn fix(folder: &Folder, arguments: &[&str]) -> Run {
    Certgate::new(["fix"]).arguments(arguments).arguments(AT).folder(folder.root()).run()
}

#[test]
fn a_folder_is_repaired_and_summed_up() {
    let folder = project();
    let shown = fix(&folder, &["."]);
    assert_eq!(shown.code, 1);
    assert!(shown.stdout.contains("one/tls.pem: can be repaired: reorder-chain\n"), "{}", shown.stdout);
    assert!(shown.stdout.ends_with("3 uploads: 2 files can be repaired\n"), "{}", shown.stdout);
    let done = fix(&folder, &[".", "--write"]);
    insta::assert_snapshot!(done.stdout, @"
    one/tls.pem: repaired: reorder-chain
    two/tls.key: repaired: encode-as-utf-8
    3 uploads: 2 files repaired
    ");
    assert_eq!(done.code, 0);
    assert!(done.stderr.contains("passed over: 1 file without a certificate or a key"), "{}", done.stderr);
    Certgate::check(["."]).folder(folder.root()).exits(0);
    assert_eq!(fix(&folder, &[".", "--write"]).stdout, "");
}

#[test]
fn a_pattern_names_the_files_that_it_matches() {
    let folder = project();
    let done = fix(&folder, &["o*/*.pem", "one/tls.key", "--write"]);
    assert_eq!(
        (done.code, done.stdout.as_str()),
        (0, "one/tls.pem: repaired: reorder-chain\n"),
        "{}",
        done.stderr
    );
    let none = fix(&folder, &["four/*.pem", "one", "--write"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("no file matches `four/*.pem`"), "{}", none.stderr);
}

#[test]
fn one_file_that_cannot_be_read_does_not_keep_the_others_from_being_repaired() {
    let folder = project();
    let done = fix(&folder, &["one", "two", "none.pem", "--write"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("cannot read `none.pem`"), "{}", done.stderr);
    assert!(done.stdout.contains("two/tls.key: repaired: encode-as-utf-8\n"), "{}", done.stdout);
}
