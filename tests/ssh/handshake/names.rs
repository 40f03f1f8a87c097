//! What hosts are called, and what users type.

use super::{ACCEPTED, Case, meet, shown, write_known_hosts};
use crate::harness::{Folder, Handshake};

pub(super) const HANDSHAKES: usize = 22;

const NOT_LISTED: &str = "refused principals";

fn world() -> Folder {
    let folder = Folder::with_authority();
    let principals = ["web.example.com", "db.example.com", "192.0.2.1", "2001:db8::7", "intern"];
    folder.issue("host", &principals, &["--out", "several-cert.pub"]);
    folder.issue("host", &["*.example.com"], &["--allow-wildcard", "--out", "wildcard-cert.pub"]);
    folder.issue("host", &[], &["--allow-no-principals", "--out", "none-cert.pub"]);
    let all = ["--host", "*.example.com", "--host", "192.0.2.*", "--host", "2001:db8:*", "--host", "intern"];
    write_known_hosts(&folder, "known_hosts", &all);
    write_known_hosts(&folder, "on-2222", &["--host", "*.example.com", "--port", "2222"]);
    write_known_hosts(&folder, "every-host", &["--for-every-host"]);
    let but_one = ["--host", "*.example.com", "--host", "!db.example.com"];
    write_known_hosts(&folder, "but-one", &but_one);
    let lines = String::from_utf8(folder.read("known_hosts")).unwrap();
    let key = folder.line("host.pub");
    folder.write("with-key", format!("{lines}web.example.com,mail.example.com {key}\n"));
    folder
}

#[test]
fn the_names_that_users_type_are_found_among_the_principals_or_not() {
    let folder = world();
    let several = shown("several-cert.pub");
    let at = |host| Handshake { host, ..several };
    let on = |port, host| Handshake { port, ..at(host) };
    let knows = |known_hosts, host| Handshake { known_hosts, ..at(host) };
    let wildcard = |host| Handshake { host, ..shown("wildcard-cert.pub") };
    let none = |host| Handshake { host, ..shown("none-cert.pub") };
    let cases: [Case<'_>; HANDSHAKES] = [
        (several, ACCEPTED),
        (at("db.example.com"), ACCEPTED),
        (at("intern"), ACCEPTED),
        (at("WEB.Example.COM"), ACCEPTED),
        (at("192.0.2.1"), ACCEPTED),
        (at("2001:db8::7"), ACCEPTED),
        (at("2001:DB8:0:0::7"), ACCEPTED),
        (at("192.0.2.2"), NOT_LISTED),
        (at("2001:db8::8"), NOT_LISTED),
        (at("mail.example.com"), NOT_LISTED),
        (knows("every-host", "web.example.com."), NOT_LISTED),
        (at("web.example.net"), "refused authority"),
        (on(2222, "web.example.com"), ACCEPTED),
        (Handshake { known_hosts: "on-2222", ..on(2222, "web.example.com") }, ACCEPTED),
        (knows("on-2222", "web.example.com"), "refused authority"),
        (knows("but-one", "db.example.com"), "refused authority"),
        (knows("but-one", "web.example.com"), ACCEPTED),
        (knows("with-key", "mail.example.com"), "plain-key key"),
        (wildcard("web.example.com"), NOT_LISTED),
        (wildcard("a.b.example.com"), NOT_LISTED),
        (none("web.example.com"), ACCEPTED),
        (none("anything.example.com"), ACCEPTED),
    ];
    assert_eq!(meet(&folder, &cases), HANDSHAKES);
}
