use base64::prelude::BASE64_STANDARD;
use proptest::prelude::*;

use super::*;
use crate::fixture::{names, ssh_line};

fn plain_keys() -> Vec<String> {
    names("ssh").into_iter().filter(|name| name.ends_with(".pub") && !name.contains("-cert")).collect()
}

fn ed25519() -> String {
    ssh_line("ed25519.pub")
}

fn defect(line: &str) -> SshDefect {
    SshPublicKey::read(line).unwrap_err()
}

/// A line whose base64 holds these strings.
fn line_of(name: &str, strings: &[&[u8]]) -> String {
    let mut blob = Vec::new();
    write_string(&mut blob, name.as_bytes());
    strings.iter().for_each(|string| write_string(&mut blob, string));
    format!("{name} {}", BASE64_STANDARD.encode(blob))
}

#[test]
fn keys_read_as_the_second_reader_reads_them() {
    for name in plain_keys() {
        let line = ssh_line(&name);
        let ours = SshPublicKey::read(&line).unwrap();
        let theirs = ssh_key::PublicKey::from_openssh(&line).unwrap();
        assert_eq!(ours.name(), theirs.algorithm().as_str(), "{name}");
        assert_eq!(ours.blob(), theirs.to_bytes().unwrap(), "{name}");
        assert_eq!(ours.comment(), theirs.comment().as_str().unwrap(), "{name}");
        assert_eq!(ours.fingerprint(), theirs.fingerprint(ssh_key::HashAlg::Sha256).to_string(), "{name}");
        let sizes = match theirs.key_data() {
            ssh_key::public::KeyData::Ecdsa(key) => format!("ecdsa p{}", &key.curve().as_str()[5..]),
            ssh_key::public::KeyData::Ed25519(_) => "ed25519".to_owned(),
            ssh_key::public::KeyData::Rsa(key) => format!("rsa {}", key.key_size()),
            ssh_key::public::KeyData::SkEcdsaSha2NistP256(_) => "sk-ecdsa p256".to_owned(),
            ssh_key::public::KeyData::SkEd25519(_) => "sk-ed25519".to_owned(),
            // Built without support for DSA.
            _ => "dsa 2048".to_owned(),
        };
        assert_eq!(ours.kind().to_string(), sizes, "{name}");
    }
}

#[test]
fn security_keys_tell_their_application() {
    for name in ["sk-ed25519.pub", "sk-ecdsa-p256.pub"] {
        match SshPublicKey::read(&ssh_line(name)).unwrap().kind() {
            SshKeyKind::SkEcdsaP256 { application } | SshKeyKind::SkEd25519 { application } => {
                assert_eq!(application.as_str(), Some("ssh:"));
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn white_space_and_comments_are_kept_apart() {
    let bare: Vec<String> = ed25519().split(' ').take(2).map(str::to_owned).collect();
    let key = SshPublicKey::read(&format!("  {}\t {}  a comment here \r\n", bare[0], bare[1])).unwrap();
    assert_eq!(key.comment(), "a comment here");
    assert_eq!(SshPublicKey::read(&bare.join(" ")).unwrap().comment(), "");
}

#[test]
fn faults_of_the_line_have_their_column() {
    assert_eq!(defect(" \t"), SshDefect::Empty);
    assert_eq!(defect("ssh-ed25519"), SshDefect::KeyMissing { column: 12 });
    assert_eq!(defect("ssh-ed25519 AAAA*AAA"), SshDefect::Base64 { column: 17 });
    assert_eq!(defect("ssh-ed25519 AAAAC"), SshDefect::Base64 { column: 18 });
    let options = format!("  from=\"a b\",no-pty {}", ed25519());
    assert_eq!(defect(&options), SshDefect::OptionsBeforeKey { column: 3 });
    assert_eq!(
        defect(&"a".repeat(SSH_LINE_BYTES_MAX + 1)),
        SshDefect::LineTooLong { bytes: SSH_LINE_BYTES_MAX + 1 }
    );
    assert!(matches!(
        defect(&ed25519().replacen("ssh-ed25519", "ssh-rsa", 1)),
        SshDefect::TypeDiffers { .. }
    ));
    assert!(matches!(defect(&ssh_line("ed25519-host-cert.pub")), SshDefect::IsCertificate { .. }));
}

#[test]
fn faults_inside_the_key_have_the_column_of_their_base64() {
    // The name takes 4 + 11 bytes, so that the key starts at the sixth group of four.
    let short = line_of("ssh-ed25519", &[&[7; 31]]);
    assert_eq!(defect(&short), SshDefect::RawKeyLength { column: 13 + 20, found: 31 });
    assert_eq!(defect(&short).column(), Some(33));
    let long = line_of("ssh-ed25519", &[&[7; 32], b"more"]);
    assert_eq!(defect(&long), SshDefect::TrailingBytes { column: 13 + 51 / 3 * 4, count: 8 });
    assert_eq!(defect(&line_of("ssh-ed25519", &[])), SshDefect::Truncated { column: 33 });
    let curve = line_of("ecdsa-sha2-nistp256", &[b"nistp384", &[4; 65]]);
    assert!(matches!(defect(&curve), SshDefect::CurveDiffers { .. }));
    let point = line_of("ecdsa-sha2-nistp256", &[b"nistp256", &[4; 65]]);
    assert!(matches!(defect(&point), SshDefect::Point { .. }));
    let compressed = line_of("ecdsa-sha2-nistp256", &[b"nistp256", &[2; 33]]);
    assert!(matches!(defect(&compressed), SshDefect::Point { .. }));
    assert!(matches!(defect(&line_of("ssh-rsa", &[&[0x80], &[5]])), SshDefect::NumberNegative { .. }));
    assert!(matches!(defect(&line_of("ssh-rsa", &[&[3], &[5; 3000]])), SshDefect::NumberTooLong { .. }));
    let nul = line_of("sk-ssh-ed25519@openssh.com", &[&[7; 32], b"ssh:\0"]);
    assert!(matches!(defect(&nul), SshDefect::NulInText { .. }));
    assert_eq!(SshPublicKey::from_blob(b"").unwrap_err().column(), None);
}

#[test]
fn unknown_types_are_opaque() {
    let key = SshPublicKey::read(&line_of("ssh-new@example.com", &[b"whatever"])).unwrap();
    assert_eq!((key.kind(), key.name()), (&SshKeyKind::Other, "ssh-new@example.com"));
    let with_comment = format!("{} not an ssh-rsa key", line_of("ssh-new@example.com", &[b"whatever"]));
    assert_eq!(SshPublicKey::read(&with_comment).unwrap().comment(), "not an ssh-rsa key");
}

#[test]
fn leading_zeros_make_no_other_key() {
    let rsa = |zeros: usize| {
        let modulus = [vec![0; zeros], vec![0xc1; 256]].concat();
        SshPublicKey::read(&line_of("ssh-rsa", &[&[1, 0, 1], &modulus])).unwrap()
    };
    let (plain, padded) = (rsa(1), rsa(3));
    assert_ne!(plain.blob(), padded.blob());
    assert_eq!(padded.canonical_blob(), plain.blob());
    assert_eq!(plain.canonical_blob(), plain.blob());
    assert_eq!(padded.fingerprint(), plain.fingerprint());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6_000))]

    #[test]
    fn arbitrary_text_does_not_panic(line in "\\PC{0,80}", blob in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = SshPublicKey::read(&line);
        let _ = SshPublicKey::from_blob(&blob);
        let _ = SshPublicKey::read(&format!("ssh-rsa {}", BASE64_STANDARD.encode(blob)));
    }

    #[test]
    fn mutated_keys_do_not_panic_and_what_reads_keeps_its_bytes(
        name in prop::sample::select(plain_keys()),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut blob = SshPublicKey::read(&ssh_line(&name)).unwrap().blob().to_vec();
        for (at, value) in edits {
            let range = if value % 2 == 0 { blob.len() } else { blob.len().min(64) };
            blob[at.index(range)] = value;
        }
        if let Ok(key) = SshPublicKey::from_blob(&blob) {
            prop_assert_eq!(key.blob(), &blob[..]);
        }
    }
}
