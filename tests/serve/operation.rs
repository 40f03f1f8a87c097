//! What the server's README says of running it is tried as far as that goes without systemd running and without containers.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::harness::{Certgate, Folder, workspace};

/// Systemd's own measure: 10 is all rights, below 2 is called OK.
const EXPOSURE_MAX_TENTHS: &str = "15";

/// The blocks of the README in this language.
fn blocks(language: &str) -> Vec<String> {
    let text = fs::read_to_string(workspace().join("crates/server/README.md")).unwrap();
    let parts = text.split("```").skip(1).step_by(2);
    let of_language = parts.filter_map(|part| part.strip_prefix(language)?.strip_prefix('\n'));
    of_language.map(str::to_owned).collect()
}

fn only(language: &str) -> String {
    let mut blocks = blocks(language);
    assert_eq!(blocks.len(), 1, "{language}");
    blocks.remove(0)
}

fn systemd_analyze(arguments: &[&str]) -> (bool, String) {
    let output = Command::new("systemd-analyze").args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("install systemd: {error}"));
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn the_unit_is_one_that_systemd_reads_without_a_complaint_and_calls_safe() {
    let folder = Folder::new();
    let unit = only("ini").replace("/usr/local/bin/certgate", env!("CARGO_BIN_EXE_certgate"));
    folder.write("certgate.service", unit);
    let path = folder.path("certgate.service").to_str().unwrap().to_owned();
    let (is_good, said) = systemd_analyze(&["verify", "--man=no", &path]);
    let about_it: Vec<&str> = said.lines().filter(|line| line.contains("certgate.service")).collect();
    assert!(is_good && about_it.is_empty(), "{said}");
    let threshold = format!("--threshold={EXPOSURE_MAX_TENTHS}");
    let (is_safe, said) = systemd_analyze(&["security", "--offline=true", "--no-pager", &threshold, &path]);
    assert!(is_safe, "{said}");
}

#[test]
fn what_the_unit_starts_is_a_server() {
    let unit = only("ini");
    let line = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let folder = Folder::new();
    let chain = workspace().join("fixtures/chain");
    for (from, to) in [("p256-depth-1.pem", "tls.crt"), ("p256-depth-1.key", "tls.key")] {
        fs::copy(chain.join(from), folder.path(to)).unwrap();
    }
    folder.write("master.key", "ab".repeat(32));
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o400);
    fs::set_permissions(folder.path("master.key"), mode).unwrap();
    // What systemd puts in, and ports that are free.
    let line = line.replace("%d", folder.path("").to_str().unwrap());
    let line = line.replace("0.0.0.0:4180", "127.0.0.1:0").replace("127.0.0.1:4181", "127.0.0.1:0");
    starts(line.split(' ').skip(1), &folder);
}

/// Starts `certgate` until it says where it listens.
fn starts<'a>(arguments: impl Iterator<Item = &'a str>, folder: &Folder) {
    let state = folder.path("state").to_str().unwrap().to_owned();
    let mut server = Certgate::new(arguments).variable("CERTGATE_STATE", &state).start();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    server.kill().unwrap();
    let output = server.wait_with_output().unwrap();
    assert!(line.starts_with("http"), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_container_is_built_of_what_is_there_and_starts_a_server() {
    let dockerfile = only("dockerfile").replace("\\\n", " ");
    let manifest = fs::read_to_string(workspace().join("Cargo.toml")).unwrap();
    let version = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")).unwrap();
    let version = version.split('"').next().unwrap();
    let mut stages = Vec::new();
    for line in dockerfile.lines().filter(|line| !line.is_empty()) {
        let (instruction, rest) = line.split_once(' ').unwrap();
        match instruction {
            "FROM" => stages.push(rest.to_owned()),
            "RUN" => {
                let shell = Command::new("/bin/sh").args(["-n", "-c", rest]).status().unwrap();
                assert!(shell.success(), "{rest}");
            }
            "COPY" if rest.starts_with("--from=build ") => {
                assert!(stages[0].ends_with(" AS build"));
                assert!(rest.contains(" /source/target/release/certgate "), "{rest}");
            }
            "COPY" => {
                let paths: Vec<&str> = rest.split(' ').collect();
                for path in &paths[..paths.len() - 1] {
                    assert!(workspace().join(path).exists(), "{path}");
                }
            }
            "VOLUME" => {
                let folders: Vec<PathBuf> = serde_json::from_str(rest).unwrap();
                assert!(folders.iter().all(|folder| folder.is_absolute()));
            }
            "ENTRYPOINT" => {
                let words: Vec<String> = serde_json::from_str(rest).unwrap();
                assert_eq!(words[0], "/usr/local/bin/certgate");
                let free = words.iter().skip(1).map(|word| match word.strip_prefix("0.0.0.0:") {
                    Some(_) => "127.0.0.1:0",
                    None => word,
                });
                starts(free, &Folder::new());
            }
            "WORKDIR" | "USER" | "ENV" | "EXPOSE" => {}
            other => panic!("{other} is not known"),
        }
    }
    assert_eq!(stages.len(), 2);
    assert!(stages[0].starts_with(&format!("rust:{version}-")), "{stages:?} and {version}");
    // The build sees every member of the workspace, and what its manifest names.
    for folder in ["crates", "tests", "fixtures"] {
        assert!(dockerfile.contains(&format!("COPY {folder} {folder}")), "{folder}");
    }
}

#[test]
fn the_commands_of_the_readme_parse() {
    let scripts = blocks("sh");
    assert!(!scripts.is_empty());
    for script in scripts {
        let shell =
            Command::new("/bin/sh").args(["-n", "-c", &script]).stderr(Stdio::piped()).output().unwrap();
        assert!(shell.status.success(), "{script}");
        for line in script.lines().filter_map(|line| line.strip_prefix("certgate ")) {
            // Words of a command that is there: whoever is asked for help shows it.
            let command = line.split(" --").next().unwrap();
            let words = command.strip_suffix(" &").unwrap_or(command).split(' ');
            Certgate::new(words.chain(["--help"])).exits(0);
        }
    }
}
