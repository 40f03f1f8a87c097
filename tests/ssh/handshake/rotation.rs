//! One authority after the other, with clients that have the lines of before, of meanwhile, and of after.

use super::{ACCEPTED, Case, meet, shown, write_known_hosts};
use crate::harness::{Folder, Handshake};

pub(super) const HANDSHAKES: usize = 11;

const UNKNOWN: &str = "refused authority";

fn lines(folder: &Folder, name: &str) -> usize {
    write_known_hosts(folder, name, &["--host", "*.example.com"]);
    String::from_utf8(folder.read(name)).unwrap().lines().count()
}

#[test]
fn while_authorities_overlap_clients_accept_both_and_before_and_after_one() {
    let folder = Folder::with_authority();
    let rotate = |step: &str, name: &str| folder.certgate(["ca", "rotate", step, name]).exits(0);
    folder.issue("host", &["web.example.com"], &["--out", "old-cert.pub"]);
    let prepare = ["ca", "rotate", "prepare", "next", "--replacing", "hosts", "--without-passphrase"];
    folder.certgate(prepare).arguments(["--key-type", "ecdsa-p384"]).exits(0);
    assert_eq!(lines(&folder, "before"), 1);
    rotate("publish", "next");
    assert_eq!(lines(&folder, "both"), 2);
    folder.copy("old-cert.pub", "meanwhile-cert.pub");
    folder.certgate(["renew", "meanwhile-cert.pub"]).exits(0);
    rotate("switch", "next");
    assert_eq!(lines(&folder, "switched"), 2);
    folder.copy("old-cert.pub", "new-cert.pub");
    let run = folder.certgate(["renew", "new-cert.pub"]).exits(0);
    assert!(run.stdout.contains("the authority changes from hosts to next"), "{run:?}");
    folder.certgate(["ca", "retire", "hosts", "--despite-valid-certificates"]).exits(0);
    assert_eq!(lines(&folder, "after"), 1);
    rotate("back", "hosts");
    assert_eq!(lines(&folder, "reinstated"), 2);
    let knows = |known_hosts, certificate| Handshake { known_hosts, ..shown(certificate) };
    let cases: [Case<'_>; HANDSHAKES] = [
        (knows("before", "old-cert.pub"), ACCEPTED),
        (knows("before", "meanwhile-cert.pub"), ACCEPTED),
        (knows("before", "new-cert.pub"), UNKNOWN),
        (knows("both", "old-cert.pub"), ACCEPTED),
        (knows("both", "new-cert.pub"), ACCEPTED),
        (knows("switched", "meanwhile-cert.pub"), ACCEPTED),
        (knows("switched", "new-cert.pub"), ACCEPTED),
        (knows("after", "old-cert.pub"), UNKNOWN),
        (knows("after", "new-cert.pub"), ACCEPTED),
        (knows("reinstated", "old-cert.pub"), ACCEPTED),
        (knows("reinstated", "new-cert.pub"), ACCEPTED),
    ];
    assert_eq!(meet(&folder, &cases), HANDSHAKES);
}
