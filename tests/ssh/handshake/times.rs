//! When certificates are valid.

use std::thread;
use std::time::Duration;

use super::{ACCEPTED, Case, meet, shown, write_known_hosts};
use crate::harness::{Folder, Handshake};

pub(super) const HANDSHAKES: usize = 8;

#[test]
fn certificates_are_accepted_from_their_first_second_to_their_last() {
    let folder = Folder::with_authority();
    let issue = |more: &[&str]| folder.issue("host", &["web.example.com"], more);
    // The minute that validity reaches back counts: one second is left.
    issue(&["--valid-for", "61s", "--out", "over-cert.pub"]);
    let (tomorrow, next_week) = (folder.moment("1 day"), folder.moment("1 week"));
    issue(&["--valid-after", &tomorrow, "--valid-until", &next_week, "--out", "later-cert.pub"]);
    let (last_week, soon) = (folder.moment("-1 week"), folder.moment("1 hour"));
    issue(&["--valid-after", &last_week, "--valid-until", &soon, "--out", "now-cert.pub"]);
    issue(&["--valid-for", "365d", "--max-lifetime", "366d", "--out", "year-cert.pub"]);
    issue(&["--valid-for", "61s", "--out", "renewed-cert.pub"]);
    write_known_hosts(&folder, "known_hosts", &["--host", "*.example.com"]);
    let lines = String::from_utf8(folder.read("known_hosts")).unwrap();
    folder.write("with-key", format!("{lines}web.example.com {}\n", folder.line("host.pub")));
    thread::sleep(Duration::from_secs(2));
    let renewed = shown("renewed-cert.pub");
    let cases: [Case<'_>; HANDSHAKES - 1] = [
        (shown("now-cert.pub"), ACCEPTED),
        (shown("year-cert.pub"), ACCEPTED),
        (shown("over-cert.pub"), "refused valid-before"),
        (Handshake { known_hosts: "with-key", ..shown("over-cert.pub") }, "plain-key key"),
        (shown("later-cert.pub"), "refused valid-after"),
        (Handshake { known_hosts: "with-key", ..shown("later-cert.pub") }, "plain-key key"),
        (renewed, "refused valid-before"),
    ];
    let before = meet(&folder, &cases);
    folder.certgate(["renew", "renewed-cert.pub", "--valid-for", "1h"]).exits(0);
    assert_eq!(before + meet(&folder, &[(renewed, ACCEPTED)]), HANDSHAKES);
}
