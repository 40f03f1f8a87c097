use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use proptest::prelude::*;
use ssh_key::Certificate;

use super::*;
use crate::fixture::{names, ssh_line};
use crate::ssh_key::SshKeyKind;
use crate::ssh_wire::write_string;

fn certificates() -> Vec<String> {
    names("ssh").into_iter().filter(|name| name.ends_with("-cert.pub") || name.contains("-cert-")).collect()
}

/// A host certificate for an Ed25519 key, each part open to change. The signature is noise.
struct Recipe {
    name: &'static str,
    role: u32,
    key_id: Vec<u8>,
    principals: Vec<Vec<u8>>,
    options: Vec<u8>,
    authority: Vec<u8>,
    after: Vec<u8>,
}

impl Default for Recipe {
    fn default() -> Self {
        let mut authority = Vec::new();
        write_string(&mut authority, b"ssh-ed25519");
        write_string(&mut authority, &[7; 32]);
        Self {
            name: "ssh-ed25519-cert-v01@openssh.com",
            role: 2,
            key_id: b"id".to_vec(),
            principals: vec![b"host.example.com".to_vec()],
            options: Vec::new(),
            authority,
            after: Vec::new(),
        }
    }
}

impl Recipe {
    fn blob(&self) -> Vec<u8> {
        let mut blob = Vec::new();
        write_string(&mut blob, self.name.as_bytes());
        write_string(&mut blob, &[1; 32]);
        write_string(&mut blob, &[9; 32]);
        blob.extend_from_slice(&5_u64.to_be_bytes());
        blob.extend_from_slice(&self.role.to_be_bytes());
        write_string(&mut blob, &self.key_id);
        let mut principals = Vec::new();
        self.principals.iter().for_each(|principal| write_string(&mut principals, principal));
        write_string(&mut blob, &principals);
        blob.extend_from_slice(&10_u64.to_be_bytes());
        blob.extend_from_slice(&u64::MAX.to_be_bytes());
        write_string(&mut blob, &self.options);
        write_string(&mut blob, b"");
        write_string(&mut blob, b"reserved");
        write_string(&mut blob, &self.authority);
        write_string(&mut blob, b"signature");
        blob.extend_from_slice(&self.after);
        blob
    }

    fn read(&self) -> Result<SshCertificate, SshDefect> {
        SshCertificate::read(&format!("{} {} note", self.name, BASE64_STANDARD.encode(self.blob())))
    }

    fn defect(&self) -> SshDefect {
        self.read().unwrap_err()
    }
}

#[test]
fn certificates_read_as_the_second_reader_reads_them() {
    let names = certificates();
    assert!(names.len() >= 10, "{names:?}");
    for name in names {
        let line = ssh_line(&name);
        let ours = SshCertificate::read(&line).unwrap();
        let theirs = Certificate::from_openssh(&line).unwrap();
        assert_eq!(ours.name(), theirs.algorithm().to_certificate_type(), "{name}");
        assert_eq!(ours.blob(), theirs.to_bytes().unwrap(), "{name}");
        assert_eq!(ours.comment(), theirs.comment(), "{name}");
        let fields = ours.fields().unwrap();
        assert_eq!(fields.nonce(), theirs.nonce(), "{name}");
        let public = ssh_key::PublicKey::from(theirs.public_key().clone());
        assert_eq!(fields.public_key().blob(), public.to_bytes().unwrap(), "{name}");
        let authority = ssh_key::PublicKey::from(theirs.signature_key().clone());
        assert_eq!(fields.authority_key().blob(), authority.to_bytes().unwrap(), "{name}");
        assert_eq!(fields.serial(), theirs.serial(), "{name}");
        assert_eq!(fields.role() == SshRole::Host, theirs.cert_type().is_host(), "{name}");
        assert_eq!(fields.key_id().as_str(), Some(theirs.key_id()), "{name}");
        let principals: Vec<_> = fields.principals().iter().map(|text| text.as_str().unwrap()).collect();
        assert_eq!(principals, theirs.valid_principals(), "{name}");
        assert_eq!(
            (fields.valid_after(), fields.valid_before()),
            (theirs.valid_after(), theirs.valid_before())
        );
        assert_eq!(texts(fields.critical_options()), pairs(theirs.critical_options()), "{name}");
        assert_eq!(texts(fields.extensions()), pairs(theirs.extensions()), "{name}");
        assert!(fields.signature().ends_with(theirs.signature().as_bytes()), "{name}");
        assert_eq!(fields.signature_algorithm(), Some(theirs.signature().algorithm().as_str()), "{name}");
        let signature =
            [&u32::try_from(fields.signature().len()).unwrap().to_be_bytes()[..], fields.signature()]
                .concat();
        assert_eq!([ours.signed_bytes().unwrap(), &signature].concat(), ours.blob(), "{name}");
    }
}

fn texts(options: &[SshOption]) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    options.iter().map(|option| (text(option.name()), text(option.text().unwrap_or_default()))).collect()
}

fn pairs(options: &ssh_key::certificate::OptionsMap) -> Vec<(String, String)> {
    options.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[test]
fn every_field_is_read() {
    let certificate = Recipe::default().read().unwrap();
    let fields = certificate.fields().unwrap();
    assert_eq!((fields.nonce(), fields.serial(), fields.role()), (&[1; 32][..], 5, SshRole::Host));
    assert_eq!((fields.key_id().as_str(), fields.principals().len()), (Some("id"), 1));
    assert_eq!((fields.valid_after(), fields.valid_before()), (10, u64::MAX));
    assert_eq!((fields.reserved(), fields.signature()), (&b"reserved"[..], &b"signature"[..]));
    assert_eq!(fields.public_key().kind(), &SshKeyKind::Ed25519);
    assert_eq!((certificate.comment(), certificate.blob()), ("note", &Recipe::default().blob()[..]));
}

#[test]
fn what_the_parser_of_openssh_refuses_is_refused() {
    assert!(matches!(Recipe { role: 0, ..Recipe::default() }.defect(), SshDefect::Role { found: 0, .. }));
    assert!(matches!(Recipe { role: 3, ..Recipe::default() }.defect(), SshDefect::Role { found: 3, .. }));
    let principals = |count| Recipe { principals: vec![b"a".to_vec(); count], ..Recipe::default() };
    assert_eq!(principals(PRINCIPALS_MAX).read().unwrap().fields().unwrap().principals().len(), 256);
    assert!(matches!(principals(PRINCIPALS_MAX + 1).defect(), SshDefect::TooManyPrincipals { .. }));
    for text in [&b"a\0b"[..], b"a\0"] {
        let key_id = Recipe { key_id: text.to_vec(), ..Recipe::default() };
        assert!(matches!(key_id.defect(), SshDefect::NulInText { .. }));
        let principal = Recipe { principals: vec![text.to_vec()], ..Recipe::default() };
        assert!(matches!(principal.defect(), SshDefect::NulInText { .. }));
    }
    let odd = Recipe { options: b"\0\0\0\x01a".to_vec(), ..Recipe::default() };
    assert!(matches!(odd.defect(), SshDefect::OptionsMalformed { .. }));
    assert!(matches!(
        Recipe { after: vec![0], ..Recipe::default() }.defect(),
        SshDefect::TrailingBytes { count: 1, .. }
    ));
    let nested = Recipe { authority: Recipe::default().blob(), ..Recipe::default() };
    assert!(matches!(nested.defect(), SshDefect::AuthorityKeyIsCertificate { .. }));
    for authority in
        [&b""[..], b"\0\0\0\x07ssh-new", b"\0\0\0\x07ssh-dss", b"\0\0\0\x0bssh-ed25519\0\0\0\x01a"]
    {
        let recipe = Recipe { authority: authority.to_vec(), ..Recipe::default() };
        assert!(matches!(recipe.defect(), SshDefect::AuthorityKey { .. }), "{authority:?}");
    }
    let line = ssh_line("ed25519-host-cert.pub").replacen("ssh-ed25519-cert", "ssh-rsa-cert", 1);
    assert!(matches!(SshCertificate::read(&line), Err(SshDefect::TypeDiffers { .. })));
    assert!(matches!(SshCertificate::read(&ssh_line("ed25519.pub")), Err(SshDefect::NotCertificate { .. })));
}

#[test]
fn what_openssh_accepts_is_accepted() {
    let empty = Recipe { key_id: Vec::new(), principals: Vec::new(), ..Recipe::default() };
    assert!(empty.read().is_ok());
    let long = Recipe { key_id: vec![b'k'; 65_536], ..Recipe::default() };
    assert_eq!(long.read().unwrap().fields().unwrap().key_id().as_bytes().len(), 65_536);
    let not_utf8 = Recipe { key_id: vec![0xff], ..Recipe::default() };
    assert_eq!(not_utf8.read().unwrap().fields().unwrap().key_id().as_str(), None);
    // A flag, an empty text and a text are three things; order and duplicates are as received.
    let mut options = Vec::new();
    for (name, value) in [("z", &b""[..]), ("a", b"\0\0\0\0"), ("a", b"\0\0\0\x01x")] {
        write_string(&mut options, name.as_bytes());
        write_string(&mut options, value);
    }
    let certificate = Recipe { options, ..Recipe::default() }.read().unwrap();
    let options = certificate.fields().unwrap().critical_options();
    let texts: Vec<_> = options.iter().map(|option| (option.name(), option.text())).collect();
    assert_eq!(texts, [(&b"z"[..], None), (b"a", Some(&b""[..])), (b"a", Some(b"x"))]);
}

#[test]
fn security_keys_are_certified_too() {
    let mut blob = Vec::new();
    let whole = Recipe::default().blob();
    write_string(&mut blob, b"sk-ssh-ed25519-cert-v01@openssh.com");
    // Nonce and key, then the application, then the rest.
    let key_end = 4 + 32 + 36 + 36;
    blob.extend_from_slice(&whole[4 + 32..key_end]);
    write_string(&mut blob, b"ssh:");
    blob.extend_from_slice(&whole[key_end..]);
    let certificate = SshCertificate::from_blob(&blob).unwrap();
    let key = certificate.fields().unwrap().public_key();
    assert_eq!((key.name(), key.kind().to_string().as_str()), ("sk-ssh-ed25519@openssh.com", "sk-ed25519"));
}

#[test]
fn types_of_unknown_layout_are_opaque() {
    for name in ["ssh-new-cert-v01@openssh.com", "ssh-new-cert", "ssh-ed25519-cert-v02@openssh.com"] {
        let certificate = Recipe { name, ..Recipe::default() }.read().unwrap();
        assert!(certificate.fields().is_none() && certificate.signed_bytes().is_none());
        assert_eq!((certificate.name(), certificate.blob().is_empty()), (name, false));
    }
    assert!(Recipe { name: "ssh-ed25519-cert", ..Recipe::default() }.read().unwrap().fields().is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6_000))]

    #[test]
    fn arbitrary_bytes_do_not_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        tail in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let _ = SshCertificate::from_blob(&bytes);
        let mut blob = Vec::new();
        write_string(&mut blob, b"ssh-rsa-cert-v01@openssh.com");
        blob.extend_from_slice(&tail);
        let _ = SshCertificate::from_blob(&blob);
    }

    #[test]
    fn mutated_certificates_do_not_panic_and_what_reads_keeps_its_bytes(
        name in prop::sample::select(certificates()),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut blob = SshCertificate::read(&ssh_line(&name)).unwrap().blob().to_vec();
        for (at, value) in edits {
            let at = at.index(blob.len());
            blob[at] = value;
        }
        if let Some(cut) = cut {
            blob.truncate(cut.index(blob.len()));
        }
        if let Ok(certificate) = SshCertificate::from_blob(&blob) {
            prop_assert_eq!(certificate.blob(), &blob[..]);
            let signed = certificate.signed_bytes().map_or(0, <[u8]>::len);
            prop_assert!(signed < blob.len());
        }
    }
}
