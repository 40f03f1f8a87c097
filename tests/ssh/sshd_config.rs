//! `certgate ssh sshd-config`.

use crate::harness::{Certgate, Folder};

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

#[test]
fn systemd_takes_the_units() {
    let folder = Folder::new();
    let certificates = [
        "--certificate",
        "/etc/ssh/ssh_host_ed25519_key-cert.pub",
        "--certificate",
        "/etc/ssh/rsa_key-cert.pub",
    ];
    let arguments = [&certificates[..], &["--systemd-timer", "--fraction", "0.5", "--out-dir", "."]].concat();
    let run = sshd_config(&folder, &arguments).exits(0);
    let names = ["certgate-host-certificates.conf", "certgate-ssh-renew.service", "certgate-ssh-renew.timer"];
    assert_eq!(run.stdout, names.map(|name| format!("./{name}\n")).concat());
    let service = String::from_utf8(folder.read(names[1])).unwrap();
    let paths = "0.5 /etc/ssh/ssh_host_ed25519_key-cert.pub /etc/ssh/rsa_key-cert.pub";
    assert!(service.contains(&format!("needs-renewal --fraction {paths}'\n")), "{service}");
    assert!(service.contains(&format!("\nExecStart=certgate ssh renew --due {paths}\n")), "{service}");
    // Installed, it stands where systemd finds it.
    folder.write(names[1], service.replace("=certgate ", &format!("={} ", env!("CARGO_BIN_EXE_certgate"))));
    let output = folder.openssh("systemd-analyze", &["verify", names[1], names[2]]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn files_that_say_something_else_are_left_alone() {
    let folder = Folder::new();
    let arguments = ["--certificate", "/etc/ssh/key-cert.pub", "--systemd-timer", "--out-dir", "."];
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
        (vec!["--certificate", "/a b-cert.pub", "--systemd-timer"], "cannot stand in a configuration"),
        (vec!["--certificate", "/a-cert.pub", "--fraction", "0.5"], "--systemd-timer"),
        (vec!["--certificate", "/a-cert.pub", "--out-dir", "missing"], "cannot write `missing/"),
    ] {
        let run = sshd_config(&folder, &arguments).exits(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}
