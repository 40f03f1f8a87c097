//! Certificates that `ssh-keygen` made with the key of an authority that was imported, beside those issued here.

use super::{ACCEPTED, Case, meet, shown, write_known_hosts};
use crate::harness::{Folder, Handshake};

pub(super) const HANDSHAKES: usize = 15;

const WEB: [&str; 2] = ["-n", "web.example.com"];

fn world() -> Folder {
    let folder = Folder::new();
    folder.key("ca", &["ed25519"]);
    folder.key("ca-rsa", &["rsa", "-b", "3072"]);
    folder.key("ca-unknown", &["ed25519"]);
    folder.key("host", &["ed25519"]);
    let made = |name: &str, ca: &str, more: &[&str]| {
        folder.copy("host.pub", &format!("{name}.pub"));
        folder.certify(ca, name, &[&["-I", name, "-z", "7"], more].concat());
    };
    let host = |name: &str, more: &[&str]| made(name, "ca", &[&["-h"], &WEB[..], more].concat());
    made("user", "ca", &WEB);
    host("critical", &["-O", "critical:option@example.com=x"]);
    host("extension", &["-O", "extension:option@example.com=x"]);
    host("over", &["-V", "20200101000000Z:20200201000000Z"]);
    host("later", &["-V", "20900101000000Z:20910101000000Z"]);
    host("forever", &["-V", "always:forever"]);
    made("upper", "ca", &["-h", "-n", "WEB.example.com"]);
    made("port", "ca", &["-h", "-n", "[web.example.com]:2222"]);
    made("sha-1", "ca-rsa", &["-h", "-t", "ssh-rsa", WEB[0], WEB[1]]);
    made("sha-256", "ca-rsa", &["-h", "-t", "rsa-sha2-256", WEB[0], WEB[1]]);
    made("unknown", "ca-unknown", &["-h", WEB[0], WEB[1]]);
    folder.certgate(["ca", "import", "grown", "--key", "ca", "--certificate", "forever-cert.pub"]).exits(0);
    folder.certgate(["ca", "import", "grown-rsa", "--key", "ca-rsa"]).exits(0);
    for authority in ["grown", "grown-rsa"] {
        let out = format!("{authority}-cert.pub");
        folder.issue("host", &["web.example.com"], &["--ca", authority, "--out", &out]);
    }
    write_known_hosts(&folder, "known_hosts", &["--host", "*.example.com"]);
    let lines = String::from_utf8(folder.read("known_hosts")).unwrap();
    folder.write("with-key", format!("{lines}web.example.com {}\n", folder.line("host.pub")));
    folder
}

#[test]
fn what_an_imported_authority_signed_before_and_signs_now_is_foretold() {
    let folder = world();
    let with_key = |certificate| Handshake { known_hosts: "with-key", ..shown(certificate) };
    let cases: [Case<'_>; HANDSHAKES] = [
        (shown("grown-cert.pub"), ACCEPTED),
        (shown("grown-rsa-cert.pub"), ACCEPTED),
        (shown("forever-cert.pub"), ACCEPTED),
        (shown("extension-cert.pub"), ACCEPTED),
        (shown("sha-256-cert.pub"), ACCEPTED),
        (shown("user-cert.pub"), "refused role"),
        (with_key("user-cert.pub"), "plain-key key"),
        (shown("critical-cert.pub"), "refused critical-options"),
        (with_key("critical-cert.pub"), "plain-key key"),
        (shown("over-cert.pub"), "refused valid-before"),
        (shown("later-cert.pub"), "refused valid-after"),
        (shown("upper-cert.pub"), "refused principals"),
        (Handshake { port: 2222, ..shown("port-cert.pub") }, "refused principals"),
        (shown("sha-1-cert.pub"), "refused signature-algorithm"),
        (shown("unknown-cert.pub"), "refused authority"),
    ];
    assert_eq!(meet(&folder, &cases), HANDSHAKES);
}
