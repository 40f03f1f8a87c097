//! The configuration as `sshd` and `ssh` read it.

use std::process::Command;

use certgate_sign::deploy::{revoked_host_keys, sshd_config};

use super::tools::{Folder, run, text, without_root};

#[test]
fn sshd_reads_the_snippet() {
    let folder = Folder::new();
    folder.key("host key", &["ed25519"]);
    folder.key("ca", &["ed25519"]);
    folder.certificate("ca", "host key", "host key", &["-h", "-I", "id", "-n", "web"]);
    let (key, certificate) = (folder.path("host key"), folder.path("host key-cert.pub"));
    let (key, certificate) = (key.to_str().unwrap(), certificate.to_str().unwrap());
    let path = folder.write("sshd_config", sshd_config([(key, certificate)]).unwrap());
    let words = [without_root(&folder), &["/usr/sbin/sshd", "-T", "-f"]].concat();
    let output = run(Command::new(words[0]).args(&words[1..]).arg(&path), "openssh-server");
    let shown = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(shown.contains(&format!("hostcertificate {certificate}")), "{shown}");
    assert!(shown.contains(&format!("hostkey {key}\n")), "{shown}");
}

#[test]
fn ssh_reads_the_path_of_the_revocation_list() {
    let folder = Folder::new();
    let path = folder.write("ssh_config", revoked_host_keys("/etc/ssh/revoked host keys").unwrap());
    let output = run(Command::new("ssh").arg("-F").arg(&path).args(["-G", "web"]), "openssh-client");
    let shown = text(&output.stdout);
    assert!(
        shown.contains("revokedhostkeys /etc/ssh/revoked host keys\n"),
        "{shown} {}",
        text(&output.stderr)
    );
}
