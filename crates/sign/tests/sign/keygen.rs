//! Certificates: ours before `ssh-keygen`, `ssh-keygen`'s before us.

use std::fs;
use std::path::Path;

use certgate_facts::{SshCertificate, SshCertificateFields, SshSignatureFault};
use certgate_rules::SshValidity;
use certgate_sign::{Authority, IssuedCertificate, Signer as _, issue};

use crate::harness::{
    DAY, Wish, authorities, ed25519, folder, host_keys, keygen, public_line, rng, run, run_well, text,
    write_private,
};

#[test]
fn ssh_keygen_reads_all_of_ours() {
    let folder = folder();
    let path = folder.path().join("host-cert.pub");
    for (host_type, line) in host_keys() {
        let wish = Wish::new(line.clone(), &["web-1.example.com", "192.0.2.7", "*.example.net"]);
        for (ca_type, authority) in authorities() {
            let issued = issue(wish.cleared(), authority, 4_294_967_297, &mut rng(2)).unwrap();
            fs::write(&path, issued.line()).unwrap();
            // It verifies the signature before it prints anything.
            let listed = run_well("ssh-keygen", &["-L", "-f", text(&path)]);
            for due in [
                &format!("Type: {} host certificate", issued.certificate().name()),
                &format!("{} (using ", authority.public_key().fingerprint()),
                "Key ID: \"web-1 (example)\"",
                "Serial: 4294967297",
                "Valid: from 2026-11-01T00:00:00 to 2026-11-02T00:00:00",
                "web-1.example.com\n",
                "192.0.2.7\n",
                "*.example.net\n",
                "Critical Options: (none)",
                "Extensions: (none)",
            ] {
                assert!(listed.contains(due), "{host_type} by {ca_type}: {due} is not in {listed}");
            }
        }
    }
}

#[test]
fn ssh_keygen_refuses_ours_once_a_byte_is_changed() {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    let folder = folder();
    let path = folder.path().join("host-cert.pub");
    let wish = Wish::new(crate::harness::host_line(), &["web-1.example.com"]);
    let issued = issue(wish.cleared(), &ed25519(1), 7, &mut rng(2)).unwrap();
    let mut blob = issued.certificate().blob().to_vec();
    let at = blob.windows(5).position(|window| window == b"web-1").unwrap();
    blob[at + 4] = b'2';
    fs::write(&path, format!("{} {}\n", issued.certificate().name(), BASE64_STANDARD.encode(blob))).unwrap();
    assert!(!run("ssh-keygen", &["-L", "-f", text(&path)]).status.success());
}

/// One request in the terms of `ssh-keygen`.
struct Row {
    key_id: &'static str,
    principals: Vec<String>,
    serial: u64,
    validity: SshValidity,
}

fn rows() -> Vec<Row> {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let forever = SshValidity { valid_after: 0, valid_before: u64::MAX };
    let row = |key_id, principals, serial, validity| Row { key_id, principals, serial, validity };
    vec![
        row("one", names(&["web-1.example.com"]), 1, DAY),
        row("some", names(&["web-1", "web-1.example.com", "192.0.2.7", "2001:db8::7"]), 2, DAY),
        row("order kept", names(&["z", "a", "m", "a"]), 3, DAY),
        row("as they are", names(&["Web-1.EXAMPLE.com.", "[::1]:2222", "*.example.com"]), 4, DAY),
        row("größer \u{2014} ключ", names(&["xn--bcher-kva.example"]), 5, DAY),
        row("", names(&["no-key-id"]), 6, DAY),
        row("largest serial", names(&["a"]), u64::MAX, DAY),
        row("forever", names(&["a"]), 7, forever),
        row("a second", names(&["a"]), 8, SshValidity { valid_after: 1, valid_before: 2 }),
        row("many", (0..256).map(|n| format!("host-{n}.example.com")).collect(), 9, DAY),
        row("for every host", names(&[]), 10, DAY),
    ]
}

/// `ssh-keygen -s`; gives the certificate that it writes beside the public key.
fn sign_with_keygen(ca: &Path, host: &Path, row: &Row, more: &[&str]) -> SshCertificate {
    let serial = row.serial.to_string();
    let validity = format!("0x{:x}:0x{:x}", row.validity.valid_after, row.validity.valid_before);
    let validity = if row.validity.valid_before == u64::MAX { "always:forever" } else { &validity };
    let names = row.principals.join(",");
    let public = host.with_extension("pub");
    let mut arguments = vec!["-q", "-s", text(ca), "-I", row.key_id, "-z", &serial, "-V", validity];
    if !names.is_empty() {
        arguments.extend(["-n", &names]);
    }
    arguments.extend(more);
    arguments.push(text(&public));
    run_well("ssh-keygen", &arguments);
    let written = host.with_file_name(format!("{}-cert.pub", host.file_name().unwrap().to_str().unwrap()));
    SshCertificate::read(&fs::read_to_string(written).unwrap()).unwrap()
}

/// Everything but what is random: nonce and signature.
fn assert_same_facts(ours: &SshCertificate, theirs: &SshCertificate, context: &str) {
    assert_eq!((ours.name(), ours.comment()), (theirs.name(), theirs.comment()), "{context}");
    let facts = |fields: &SshCertificateFields| {
        (
            (fields.nonce().len(), fields.public_key().clone(), fields.serial(), fields.role()),
            (fields.key_id().clone(), fields.principals().to_vec()),
            (fields.valid_after(), fields.valid_before()),
            (fields.critical_options().to_vec(), fields.extensions().to_vec(), fields.reserved().to_vec()),
            (fields.authority_key().clone(), fields.signature_algorithm().map(str::to_owned)),
        )
    };
    assert_eq!(facts(ours.fields().unwrap()), facts(theirs.fields().unwrap()), "{context}");
    assert_eq!(ours.verify_signature().unwrap(), theirs.verify_signature().unwrap(), "{context}");
}

/// What we wrote, as it would be found in a file.
fn reread(issued: &IssuedCertificate) -> SshCertificate {
    SshCertificate::read(&issued.line()).unwrap()
}

fn ca_file(folder: &Path, authority: &Authority) -> std::path::PathBuf {
    let path = folder.join(authority.public_key().fingerprint().replace('/', "_"));
    write_private(&path, &authority.to_openssh_without_encryption("").unwrap());
    path
}

#[test]
fn the_same_request_gives_the_same_facts_as_ssh_keygen() {
    let folder = folder();
    let host = keygen(folder.path(), "ed25519", "0", "");
    let authority = ed25519(1);
    let ca = ca_file(folder.path(), &authority);
    for row in rows() {
        let theirs = sign_with_keygen(&ca, &host, &row, &["-h"]);
        let mut wish = Wish::new(public_line(&host), &[]);
        (wish.key_id, wish.principals, wish.validity) =
            (row.key_id.to_owned(), row.principals.clone(), row.validity);
        let ours = issue(wish.cleared(), &authority, row.serial, &mut rng(2)).unwrap();
        assert_same_facts(&reread(&ours), &theirs, row.key_id);
    }
}

#[test]
fn so_does_every_type_of_key_under_every_type_of_authority() {
    let folder = folder();
    let host = folder.path().join("host");
    for (host_type, line) in host_keys() {
        fs::write(host.with_extension("pub"), line).unwrap();
        for (ca_type, authority) in authorities() {
            let ca = ca_file(folder.path(), authority);
            let row = Row {
                key_id: "web-1 (example)",
                principals: vec!["a".to_owned(), "b".to_owned()],
                serial: 11,
                validity: DAY,
            };
            let theirs = sign_with_keygen(&ca, &host, &row, &["-h"]);
            let wish = Wish::new(line.clone(), &["a", "b"]);
            let ours = issue(wish.cleared(), authority, 11, &mut rng(2)).unwrap();
            assert_same_facts(&reread(&ours), &theirs, &format!("{host_type} by {ca_type}"));
        }
    }
}

#[test]
fn signatures_in_certificates_that_only_ssh_keygen_makes_verify_too() {
    let folder = folder();
    let host = keygen(folder.path(), "ecdsa", "384", "");
    let rsa = keygen(folder.path(), "rsa", "2048", "");
    let row = rows().swap_remove(1);
    let user = sign_with_keygen(&rsa, &host, &row, &["-O", "force-command=true", "-O", "no-pty"]);
    assert_eq!(user.verify_signature().unwrap().name(), "rsa-sha2-512");
    assert!(!user.fields().unwrap().critical_options().is_empty());
    let sha256 = sign_with_keygen(&rsa, &host, &row, &["-h", "-t", "rsa-sha2-256"]);
    assert_eq!(sha256.verify_signature().unwrap().name(), "rsa-sha2-256");
    let sha1 = sign_with_keygen(&rsa, &host, &row, &["-h", "-t", "ssh-rsa"]);
    let error = sha1.verify_signature().unwrap_err();
    assert!(matches!(&error, SshSignatureFault::AlgorithmRefused { name } if name == "ssh-rsa"), "{error}");
}
