//! Manifests, sound and not.

use super::*;

const TLS_ENTRY: &str =
    "[[tls_certificate]]\nname = \"www\"\ncertificate = \"www.pem\"\nprivate_key = \"www.key\"\n";
const HOST_ENTRY: &str = "[[ssh_host_certificate]]\nname = \"web-1\"\npublic_key = \"web-1.pub\"\nprincipals = [\"web-1.example.com\"]\nca = \"sshca_2rwwl5w69mehWeDVlbshgAxOzQS\"\n";

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Reads a manifest in a folder that has `www`, `api`, `web-1.pub`.
fn read_text(text: &str) -> Result<Manifest, String> {
    let folder = tempfile::tempdir().unwrap();
    for (from, to) in [
        ("chain/rich.pem", "www.pem"),
        ("chain/rich.key", "www.key"),
        ("chain/p256-depth-2.pem", "api.pem"),
        ("chain/p256-depth-2.key", "api.key"),
        ("ssh/ed25519.pub", "web-1.pub"),
    ] {
        std::fs::write(folder.path().join(to), fixture(from)).unwrap();
    }
    let path = folder.path().join("certgate.toml");
    std::fs::write(&path, text).unwrap();
    let shown = format!("{}/", folder.path().display());
    read(&path).map_err(|failure| failure.all_in_lines().replace(&shown, ""))
}

/// A manifest of the project `shop`.
fn shop(entries: &str) -> String {
    format!("project = \"shop\"\n{entries}")
}

#[track_caller]
fn refused(text: &str) -> String {
    match read_text(text) {
        Ok(_) => panic!("{text:?} is read"),
        Err(message) => message,
    }
}

#[test]
fn a_manifest_says_what_would_be_sent() {
    let text = shop(&format!(
        "max_lifetime = \"90d\"\n{TLS_ENTRY}description = \"the shop\"\nhostnames = [\"GATE.example.com\"]\nmetadata = {{ team = \"web\", build = 7, z = [1.5, true] }}\n\n{HOST_ENTRY}lifetime = \"60d\"\nrenew = 0.5\n"
    ));
    let manifest = read_text(&text).unwrap_or_else(|message| panic!("{message}"));
    assert_eq!(manifest.project, "shop");
    let www = &manifest.tls_certificates[0];
    assert_eq!(www.upload.description(), "the shop");
    assert_eq!(www.upload.metadata(), r#"{"build":7,"certgate":"shop/www","team":"web","z":[1.5,true]}"#);
    let host = &manifest.ssh_host_certificates[0];
    assert_eq!((host.lifetime.to_string(), host.renew.to_string()), ("60d".to_owned(), "0.5".to_owned()));
    let request = host.request("2026-11-01".parse().unwrap());
    assert_eq!(request.metadata().unwrap().text(), r#"{"certgate":"shop/web-1"}"#);
    let validity = request.validity().unwrap();
    assert_eq!((validity.valid_after, validity.lifetime_secs()), (1_793_491_140, 60 * 86_400));
    assert_eq!(request.public_key().unwrap().name(), "ssh-ed25519");
}

#[test]
fn faults_are_told_with_their_place_and_a_way_out() {
    let tls = |line: &str| shop(&format!("{TLS_ENTRY}{line}\n"));
    let host = |line: &str| shop(&format!("{HOST_ENTRY}{line}\n"));
    let long = "x".repeat(4096);
    let cases = [
        (String::new(), "certgate.toml:1:1: a manifest without project; put project = "),
        (shop(""), "certgate.toml:1:1: the manifest declares nothing; declare something with"),
        ("project = 7\n".to_owned(), "certgate.toml:1:11: expected a text in quotes"),
        ("project = \"a b\"\n".to_owned(), "certgate.toml:1:11: project: expected letters, digits"),
        (
            shop("[tls_certificate]\n"),
            "certgate.toml:2:1: `tls_certificate` is a list of tables: write each as",
        ),
        (
            shop("[[tls_certificates]]\n"),
            "certgate.toml:2:3: `tls_certificates` is unknown here: expected project, tls_certificate, ssh_host_certificate, fail_on, max_lifetime, expires_soon, for, hostnames, trust, levels, override or ignore; did you mean `tls_certificate`?",
        ),
        (
            tls("hostname = \"a\""),
            "certgate.toml:6:1: `hostname` is unknown here: expected name, certificate, private_key, description, metadata or hostnames; did you mean `hostnames`?",
        ),
        (
            shop("[[tls_certificate]]\nname = \"a\"\n"),
            "certgate.toml:2:1: a TLS certificate without certificate",
        ),
        (shop("[[tls_certificate]]\nname = \"a/b\"\n"), "certgate.toml:3:8: name: expected letters"),
        (tls("hostnames = \"gat.example.com\""), "certgate.toml:6:13: `hostnames` is a list"),
        (
            tls("hostnames = [\"gat.example.com\"]"),
            "certgate.toml:6:14: the leaf is not good for `gat.example.com`; it has `gate.example.com`",
        ),
        (tls("metadata = \"{}\""), "certgate.toml:6:12: `metadata` is a table: write"),
        (tls("metadata.certgate = \"mine\""), "certgate.toml:6:10: the metadata key `certgate` is taken"),
        (tls("metadata.since = 2026-11-01"), "certgate.toml:6:18: JSON has no dates; put it in quotes"),
        (tls("metadata.big = inf"), "certgate.toml:6:16: JSON has no number `inf`"),
        (tls("metadata.big = 99999999999999999999"), "certgate.toml:6:16: `99999999999999999999` is larger"),
        (
            tls(&format!("metadata = {{ a = \"{long}\" }}")),
            "certgate.toml:6:12: the metadata is 4126 bytes of JSON with the marker of this project, more than 4096; leave something out",
        ),
        (host("lifetime = \"long\""), "certgate.toml:7:12: `long`: not a length of time"),
        (host("renew = 2"), "certgate.toml:7:9: expected a text in quotes"),
        (host("renew = 1.5"), "certgate.toml:7:9: `1.5`: not a fraction"),
        (
            shop("[[ssh_host_certificate]]\nname = \"a\"\npublic_key = \"web-1.pub\"\n"),
            "certgate.toml:2:1: an SSH host certificate without ca; `certgate api",
        ),
        (shop(&TLS_ENTRY.replace("www.key", "-")), "certgate.toml:5:15: `-` is no file"),
        (shop("[[tls_certificate]\n"), "certgate.toml:2:"),
    ];
    for (text, expected) in cases {
        let message = refused(&text);
        assert!(message.starts_with(expected), "{text}: {message}");
    }
}

#[test]
fn all_faults_are_told_at_once_in_the_order_in_which_they_stand() {
    let text = shop(&format!(
        "{}{}{TLS_ENTRY}{HOST_ENTRY}{HOST_ENTRY}",
        TLS_ENTRY.replace("www.pem", "gone.pem").replace("www.key", "gone.key"),
        TLS_ENTRY.replace("www.", "api.").replace("\"www\"", "\"api\""),
    ));
    let text = format!("{text}\n{}", TLS_ENTRY.replace("\"www\"", "\"again\""));
    insta::assert_snapshot!(refused(&text), @"
    certgate.toml:4:15: cannot read `gone.pem`: No such file or directory (os error 2); paths are from the folder of the manifest
    certgate.toml:5:15: cannot read `gone.key`: No such file or directory (os error 2); paths are from the folder of the manifest
    certgate.toml:20:8: `web-1` is declared twice: in line 15, too; give each a name of its own
    certgate.toml:27:15: `www.pem` holds the same leaf as `www.pem` in line 12; declare each certificate once
    ");
}

#[test]
fn hosts_that_share_a_key_know_of_each_other() {
    let text = shop(&format!("{HOST_ENTRY}{}", HOST_ENTRY.replace("name = \"web-1\"", "name = \"web-2\"")));
    let manifest = read_text(&text).unwrap_or_else(|message| panic!("{message}"));
    let holders: Vec<_> =
        manifest.ssh_host_certificates.iter().map(|host| host.key_holders.join(" ")).collect();
    assert_eq!(holders, ["web-2", "web-1"]);
}

#[test]
fn a_manifest_that_is_not_there_says_what_one_is() {
    let message = read(Path::new("no/such/certgate.toml")).err().unwrap().all_in_lines();
    assert!(
        message.contains("`no/such/certgate.toml`") && message.contains("certgate plan --help"),
        "{message}"
    );
}

#[test]
fn a_manifest_has_a_limit_and_so_has_what_is_told_of_it() {
    let many = "[[tls_certificate]]\n".repeat(DECLARATIONS_MAX);
    let told = refused(&shop(&many));
    assert!(told.contains("certgate.toml:2:1: a TLS certificate without name"), "{told}");
    assert!(told.ends_with(&format!("and {} more", DECLARATIONS_MAX - 20)), "{told}");
    let message = refused(&shop(&(many + "[[ssh_host_certificate]]\n")));
    assert_eq!(message, "certgate.toml:1:1: more than 10000 declarations; split the manifest");
}
