//! Folders and patterns: everything in them that is a certificate or a key is judged, in one order, whatever the threads.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use crate::harness::{Case, Certgate, Run, fixtures};

/// A folder with a sound chain of every kind, each with its key, in folders of their own.
fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (place, name) in
        [("web", "p256-depth-3"), ("web/.hidden", "ed25519-depth-2"), ("mail", "rsa-2048-depth-3")]
    {
        let place = folder.path().join(place);
        fs::create_dir_all(&place).unwrap();
        for extension in ["pem", "key"] {
            let from = fixtures().join("chain").join(name).with_extension(extension);
            fs::copy(from, place.join(name).with_extension(extension)).unwrap();
        }
    }
    fs::write(folder.path().join("notes.txt"), "the certificates of the week").unwrap();
    folder
}

fn check(folder: &Path, arguments: &[&str]) -> Run {
    Certgate::check(arguments).folder(folder).run()
}

fn paths(run: &Run) -> Vec<Vec<String>> {
    let inputs = |case: &Case| {
        let inputs = case.json()["inputs"].as_array().unwrap().clone();
        inputs.iter().map(|input| input["path"].as_str().unwrap().to_owned()).collect()
    };
    run.cases().iter().map(inputs).collect()
}

#[test]
fn a_folder_is_judged_whole_in_the_order_of_its_paths() {
    let folder = tree();
    let run = check(folder.path(), &[".", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        paths(&run),
        [
            ["mail/rsa-2048-depth-3.pem", "mail/rsa-2048-depth-3.key"],
            ["web/.hidden/ed25519-depth-2.pem", "web/.hidden/ed25519-depth-2.key"],
            ["web/p256-depth-3.pem", "web/p256-depth-3.key"],
        ]
    );
    assert_eq!(run.stderr, "passed over: 1 file without a certificate or a key\n");
}

#[test]
fn a_pattern_that_the_shell_left_alone_names_files() {
    let folder = tree();
    let run = check(folder.path(), &["**/*-depth-3.*", "--format", "json"]);
    assert_eq!(paths(&run).concat().len(), 4, "{run:?}");
    let run = check(folder.path(), &["*.p12", "--format", "json"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert_eq!(run.stderr, "error: no file matches `*.p12`\n");
    // What a pattern matches is named: it is judged, whatever it holds.
    assert_eq!(check(folder.path(), &["*.txt"]).code, 1);
}

#[test]
fn the_output_is_the_same_with_any_number_of_threads() {
    for format in ["text", "json", "sarif", "junit", "github", "gitlab"] {
        let run = |threads| {
            Certgate::check([".", "--format", format, "--threads", threads, "--passphrase-file", "/dev/null"])
                .run()
        };
        let one = run("1");
        assert!(one.stdout.len() > 500, "{one:?}");
        for threads in ["2", "7"] {
            let other = run(threads);
            assert!(one.stdout == other.stdout, "{format} with {threads} threads");
            assert_eq!((one.code, &one.stderr), (other.code, &other.stderr), "{format}");
        }
    }
}

#[test]
fn one_that_cannot_be_read_does_not_stop_the_rest() {
    let folder = tree();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("web/large.pem"), "-----BEGIN CERTIFICATE-----\n".repeat(700_000)).unwrap();
    fs::write(at("web/large.bin"), vec![7; 17 * 1024 * 1024]).unwrap();
    symlink("p256-depth-3.pem", at("web/link.pem")).unwrap();
    let run = check(folder.path(), &[".", "gone.pem", "--quiet"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stdout.ends_with("3 uploads: 3 accepted, 0 refused; 4 warnings\n"), "{run:?}");
    let told = "passed over: 2 files without a certificate or a key, 1 symbolic link not followed\n";
    assert!(run.stderr.starts_with(told), "{run:?}");
    assert!(run.stderr.contains("error: cannot read `web/large.pem`: larger than the limit"), "{run:?}");
    assert!(run.stderr.contains("error: cannot read `gone.pem`: "), "{run:?}");
    assert!(!run.stderr.contains("large.bin"), "{run:?}");
}

#[test]
fn what_should_be_a_certificate_by_its_name_is_judged_and_a_request_beside_one_is_not() {
    let folder = tree();
    fs::write(folder.path().join("web/empty.pem"), "").unwrap();
    fs::write(folder.path().join("mail/page.CRT"), "<html>moved</html>").unwrap();
    fs::copy(
        fixtures().join("rules/pem-block-type-unexpected/bad-request.pem"),
        folder.path().join("web/request.pem"),
    )
    .unwrap();
    let run = check(folder.path(), &[".", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(paths(&run)[3..], [["mail/page.CRT"], ["web/empty.pem"]]);
    assert_eq!(run.stderr, "passed over: 2 files without a certificate or a key\n");
}

#[test]
fn a_folder_with_nothing_to_judge_is_no_success() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "nothing").unwrap();
    let run = check(folder.path(), &["."]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("error: nothing to judge in 1 files\nhint: "), "{run:?}");
}

#[test]
fn a_folder_is_shown_too() {
    let folder = tree();
    let run = Certgate::new(["show", "."]).folder(folder.path()).exits(0);
    assert_eq!(run.stdout.matches(": certificate 1, leaf\n").count(), 3, "{run:?}");
}

#[test]
fn a_file_that_is_judged_is_not_overwritten_wherever_it_was_found() {
    let folder = tree();
    let run = check(folder.path(), &[".", "--output", "json=web/p256-depth-3.pem"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("is read, and would be overwritten"), "{run:?}");
    let before = fixtures().join("chain/p256-depth-3.pem");
    assert_eq!(fs::read(folder.path().join("web/p256-depth-3.pem")).unwrap(), fs::read(before).unwrap());
}

#[test]
fn a_folder_that_cannot_be_listed_is_told_of() {
    let folder = tree();
    let closed = folder.path().join("mail");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    // Root may list it all the same.
    let is_closed = fs::read_dir(&closed).is_err();
    let run = check(folder.path(), &[".", "--quiet"]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(run.code, if is_closed { 2 } else { 0 }, "{run:?}");
    assert_eq!(run.stderr.contains("error: cannot list the folder `mail`: "), is_closed, "{run:?}");
}

#[test]
fn what_comes_through_a_pipe_is_read_once_and_judged() {
    let read = |name: &str| fs::read(fixtures().join("chain").join(name)).unwrap();
    let both = [read("p256-depth-3.pem"), read("p256-depth-3.key")].concat();
    let run = Certgate::check(["-", "--format", "json"]).stdin(both).exits(0);
    assert!(run.case().is_accepted(), "{run:?}");
}
