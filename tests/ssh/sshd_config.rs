//! `certgate ssh sshd-config`.

use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use crate::harness::{Agent, Certgate, Folder};

fn sshd_config(folder: &Folder, arguments: &[&str]) -> Certgate {
    folder.certgate(["sshd-config"]).arguments(arguments)
}

#[test]
fn sshd_shows_the_certificates_of_the_snippet() {
    let folder = Folder::with_certificate("web.example.com");
    let certificate = folder.path("host-cert.pub");
    let certificate = certificate.to_str().unwrap();
    let run = sshd_config(&folder, &["--certificate", certificate]).exits(0);
    assert_eq!(run.stderr, "");
    assert!(
        run.stdout.starts_with("# certgate-host-certificates.conf\n") && run.stdout.contains("reload"),
        "{run:?}"
    );
    folder.write("sshd_config", &run.stdout);
    let output = folder.sshd(&["-T", "-f", folder.path("sshd_config").to_str().unwrap()]);
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains(&format!("\nhostcertificate {certificate}\n")), "{output:?}");
    let key = certificate.strip_suffix("-cert.pub").unwrap();
    assert!(shown.contains(&format!("\nhostkey {key}\n")), "{output:?}");
}

const NAMES: [&str; 3] =
    ["certgate-host-certificates.conf", "certgate-ssh-renew.service", "certgate-ssh-renew.timer"];

/// The service that renews these certificates, with the ledger in the folder's `state`.
fn service(folder: &Folder, certificates: &[&str], more: &[&str]) -> String {
    let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    let certificates = certificates.iter().flat_map(|name| ["--certificate".to_owned(), path(name)]);
    let run = folder.certgate(["sshd-config", "--systemd-timer", "--out-dir", "."]);
    let run = run.arguments(["--state".to_owned(), path("state")]).arguments(certificates).arguments(more);
    assert_eq!(run.exits(0).stdout, NAMES.map(|name| format!("./{name}\n")).concat());
    let output = folder.openssh("systemd-analyze", &["verify", NAMES[1], NAMES[2]]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(folder.read(NAMES[1])).unwrap()
}

/// Runs what systemd runs for a line of the service, with no variables but those of the service, and with the programs in
/// the folder's `bin` before all others.
fn started(folder: &Folder, service: &str, line: &str) -> Output {
    let values = |key: &str| {
        let values = service.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        values.map(str::to_owned).collect::<Vec<_>>()
    };
    let [command] = &values(line)[..] else { panic!("{service}") };
    let script = command.strip_prefix("/bin/sh -c '").unwrap().strip_suffix('\'').unwrap();
    assert!(!script.contains('\''), "{script}");
    let path = format!("PATH={}:/usr/sbin:/usr/bin:/sbin:/bin", folder.path("bin").to_str().unwrap());
    let shell = ["/bin/sh".to_owned(), "-c".to_owned(), script.replace("$$", "$")];
    let words = ["-i".to_owned(), path].into_iter().chain(values("Environment")).chain(shell);
    folder.openssh("env", &words.collect::<Vec<_>>())
}

/// A program in the folder's `bin` that notes its arguments in `log`, and then does this.
fn program(folder: &Folder, name: &str, script: &str) {
    let log = folder.path("log");
    let text = format!("#!/bin/sh\necho {name} \"$@\" >> {}\n{script}\n", log.to_str().unwrap());
    let _ = std::fs::create_dir(folder.path("bin"));
    let path = folder.write(&format!("bin/{name}"), text);
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
}

#[test]
fn the_service_reloads_whatever_became_of_the_renewal_and_fails_if_anything_did() {
    let folder = Folder::new();
    let service = service(
        &folder,
        &["a-cert.pub", "b-cert.pub"],
        &["--passphrase-file", "/etc/certgate/p", "--fraction", "0.5"],
    );
    let root = folder.root().to_str().unwrap();
    let renew = format!(
        "certgate ssh renew --due 0.5 --passphrase-file /etc/certgate/p {root}/a-cert.pub {root}/b-cert.pub\n"
    );
    let (ssh, sshd) = ("systemctl reload ssh.service\n", "systemctl reload sshd.service\n");
    for (renewed, of_ssh, of_sshd, code, reloaded) in [
        (0, 0, 0, 0, ssh.to_owned()),
        (0, 5, 0, 0, ssh.to_owned() + sshd),
        (0, 5, 6, 6, ssh.to_owned() + sshd),
        (2, 0, 0, 2, ssh.to_owned()),
        (1, 5, 0, 1, ssh.to_owned() + sshd),
    ] {
        let _ = std::fs::remove_file(folder.path("log"));
        program(&folder, "certgate", &format!("exit {renewed}"));
        program(&folder, "systemctl", &format!("[ $2 = ssh.service ] && exit {of_ssh}; exit {of_sshd}"));
        let output = started(&folder, &service, "ExecStart");
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert_eq!(String::from_utf8(folder.read("log")).unwrap(), renew.clone() + &reloaded);
    }
    // Conditions hold for exit code 0: due, or could not be told.
    for (told, code) in [(0, 1), (1, 0), (2, 0)] {
        program(&folder, "certgate", &format!("exit {told}"));
        let output = started(&folder, &service, "ExecCondition");
        assert_eq!(output.status.code(), Some(code), "{output:?}");
    }
}

/// A folder whose `bin` has this program, and a `systemctl` that notes what it is asked.
fn with_programs() -> Folder {
    let folder = Folder::new();
    program(&folder, "certgate", &format!("exec {} \"$@\"", env!("CARGO_BIN_EXE_certgate")));
    program(&folder, "systemctl", "");
    folder.key("host", &["ed25519"]);
    folder.key("other", &["ed25519"]);
    folder.key("stranger", &["ed25519"]);
    folder
}

#[test]
fn the_service_opens_an_encrypted_key_and_one_certificate_that_fails_keeps_no_other_from_its_host() {
    let folder = with_programs();
    let passphrase = folder.write_secret("passphrase", "of the authority\n");
    folder.certgate(["ca", "create", "hosts", "--passphrase-file", "passphrase"]).exits(0);
    folder.issue("host", &["web.example.com"], &["--passphrase-file", "passphrase", "--valid-for", "1h"]);
    folder.certify("stranger", "other", &["-h", "-I", "other", "-n", "other", "-V", "-1h:+1m"]);
    let (host, other) = (folder.read("host-cert.pub"), folder.read("other-cert.pub"));
    let more = ["--passphrase-file", passphrase.to_str().unwrap(), "--fraction", "0.999999"];
    let service = service(&folder, &["host-cert.pub", "other-cert.pub"], &more);
    assert!(started(&folder, &service, "ExecCondition").status.success());
    let output = started(&folder, &service, "ExecStart");
    assert!(!output.status.success(), "{output:?}");
    assert!(folder.read("host-cert.pub") != host, "{output:?}");
    assert_eq!(folder.read("other-cert.pub"), other);
    assert!(folder.line("log").ends_with("\nsystemctl reload ssh.service"));
}

#[test]
fn the_service_signs_by_an_agent() {
    let folder = with_programs();
    let agent = Agent::start(&folder);
    agent.take(&folder, "stranger");
    let create = ["ca", "create", "hosts", "--agent", "stranger.pub"];
    agent.with(folder.certgate(create)).exits(0);
    let issue = ["issue", "--public-key", "host.pub", "--principal", "web.example.com", "--valid-for", "1h"];
    agent.with(folder.certgate(issue)).exits(0);
    let before = folder.read("host-cert.pub");
    let more = ["--agent-socket", agent.socket(), "--fraction", "0.999999"];
    let service = service(&folder, &["host-cert.pub"], &more);
    let output = started(&folder, &service, "ExecStart");
    assert!(output.status.success(), "{output:?}");
    assert!(folder.read("host-cert.pub") != before, "{output:?}");
}

#[test]
fn files_that_say_something_else_are_left_alone() {
    let folder = Folder::new();
    let arguments =
        ["--certificate", "/etc/ssh/key-cert.pub", "--systemd-timer", "--state", "/s", "--out-dir", "."];
    sshd_config(&folder, &arguments).exits(0);
    sshd_config(&folder, &arguments).exits(0);
    folder.write("certgate-ssh-renew.timer", "mine");
    std::fs::remove_file(folder.path("certgate-ssh-renew.service")).unwrap();
    let run = sshd_config(&folder, &arguments).exits(2);
    assert!(run.stderr.contains("says something else"), "{}", run.stderr);
    assert!(!folder.path("certgate-ssh-renew.service").exists());
    sshd_config(&folder, &arguments).arguments(["--overwrite"]).exits(0);
    assert!(folder.line("certgate-ssh-renew.timer").contains("[Timer]"));
}

#[test]
fn paths_that_cannot_stand_in_a_configuration_are_exit_code_2() {
    let folder = Folder::new();
    for (arguments, message) in [
        (vec![], "--certificate"),
        (vec!["--certificate", "/etc/ssh/key.pub"], "does not end in `-cert.pub`"),
        (vec!["--certificate", "/etc/ssh/-cert.pub"], "does not end in `-cert.pub`"),
        (vec!["--certificate", "key-cert.pub"], "does not begin with `/`"),
        (vec!["--certificate", "/a\nb-cert.pub"], "cannot stand in a configuration"),
        (vec!["--certificate", "/a-cert.pub", "--certificate", "/a-cert.pub"], "named twice"),
        (vec!["--certificate", "/a b-cert.pub", "--systemd-timer", "--state", "/s"], "cannot stand"),
        (vec!["--certificate", "/a-cert.pub", "--systemd-timer", "--state", "s"], "does not begin with `/`"),
        (vec!["--certificate", "/a-cert.pub", "--systemd-timer"], "--state"),
        (vec!["--certificate", "/a-cert.pub", "--state", "/s"], "--systemd-timer"),
        (vec!["--certificate", "/a-cert.pub", "--fraction", "0.5"], "--systemd-timer"),
        (vec!["--certificate", "/a-cert.pub", "--out-dir", "missing"], "cannot write `missing/"),
    ] {
        let run = sshd_config(&folder, &arguments).exits(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}
