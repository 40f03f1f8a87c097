//! Signed is judged, or it is not handed out.

use certgate_facts::{
    PRINCIPALS_MAX, SSH_LINE_BYTES_MAX, SshCertificate, SshRole, SshSignature, SshSignatureFault,
};
use certgate_rules::SshValidity;
use certgate_sign::{
    AuthorityKeyType, CertificateField, Error, NONCE_BYTES, Signer as _, ToBeSigned, algorithm_of_authority,
    issue, prepare,
};

use crate::harness::{DAY, Parts, Tampering, Wish, authorities, authority, ed25519, host_line, rng, string};

fn wish() -> Wish {
    Wish::new(host_line(), &["web-1.example.com", "192.0.2.7", "2001:db8::7"])
}

#[test]
fn a_certificate_says_what_was_cleared_and_nothing_else() {
    for (key_type, authority) in authorities() {
        let issued = issue(wish().cleared(), authority, 7, &mut rng(3)).unwrap();
        let certificate = issued.certificate();
        assert_eq!(certificate.name(), "ssh-ed25519-cert-v01@openssh.com");
        let fields = certificate.fields().unwrap();
        assert_eq!((fields.serial(), fields.role()), (7, SshRole::Host), "{key_type}");
        assert_eq!(fields.nonce().len(), NONCE_BYTES);
        assert_eq!(fields.key_id().as_str(), Some("web-1 (example)"));
        let principals: Vec<_> = fields.principals().iter().filter_map(|name| name.as_str()).collect();
        assert_eq!(principals, ["web-1.example.com", "192.0.2.7", "2001:db8::7"]);
        assert_eq!((fields.valid_after(), fields.valid_before()), (DAY.valid_after, DAY.valid_before));
        assert!(fields.critical_options().is_empty() && fields.extensions().is_empty());
        assert!(fields.reserved().is_empty());
        assert_eq!(fields.authority_key().blob(), authority.public_key().blob());
        assert_eq!(
            certificate.verify_signature().unwrap(),
            algorithm_of_authority(authority.public_key()).unwrap()
        );
        let again = SshCertificate::read(&issued.line()).unwrap();
        assert_eq!((again.blob(), again.comment()), (certificate.blob(), "root@web-1"));
        // The encoder of these tests, which knows nothing of the crate's, writes the same bytes.
        assert_eq!(Some(Parts::of(certificate).bytes().as_slice()), certificate.signed_bytes());
    }
}

#[test]
fn the_same_seed_gives_the_same_certificate_and_another_one_another_nonce() {
    let authority = ed25519(1);
    let line = |seed| issue(wish().cleared(), &authority, 7, &mut rng(seed)).unwrap().line();
    assert_eq!(line(3), line(3));
    assert_ne!(line(3), line(4));
}

#[test]
fn serial_zero_is_refused() {
    let error = issue(wish().cleared(), &ed25519(1), 0, &mut rng(3)).unwrap_err();
    assert!(matches!(error, Error::SerialZero), "{error}");
    assert!(issue(wish().cleared(), &ed25519(1), u64::MAX, &mut rng(3)).is_ok());
}

#[test]
fn what_openssh_reads_otherwise_than_it_looks_is_refused() {
    let refusal = |change: &dyn Fn(&mut Wish)| {
        let mut wish = wish();
        change(&mut wish);
        prepare(wish.cleared(), ed25519(1).public_key(), 7, &mut rng(3)).err().unwrap()
    };
    let found = refusal(&|wish| wish.principals[1].push('\0'));
    assert!(matches!(found, Error::NulInText { field: CertificateField::Principals }), "{found}");
    let found = refusal(&|wish| wish.key_id.insert(0, '\0'));
    assert!(matches!(found, Error::NulInText { field: CertificateField::KeyId }), "{found}");
    let found = refusal(&|wish| wish.principals = vec!["a".to_owned(); PRINCIPALS_MAX + 1]);
    assert!(matches!(found, Error::TooManyPrincipals { count: 257 }), "{found}");
}

#[test]
fn what_the_api_would_refuse_never_comes_to_be_signed() {
    let refused = |change: &dyn Fn(&mut Wish)| {
        let mut wish = wish();
        change(&mut wish);
        wish.try_cleared().is_none()
    };
    assert!(!refused(&|_| {}));
    let sk = [string(b"sk-ssh-ed25519@openssh.com"), string(&[9; 32]), string(b"ssh:")].concat();
    let sk = crate::harness::line_of(&certgate_facts::SshPublicKey::from_blob(&sk).unwrap());
    assert!(refused(&|wish| wish.validity = SshValidity { valid_after: 5, valid_before: 5 }));
    assert!(refused(&|wish| wish.key_line = "no key".to_owned()));
    assert!(refused(&|wish| wish.key_line = sk.clone()));
}

#[test]
fn a_certificate_that_no_reader_of_lines_would_take_is_not_handed_out() {
    let mut long = wish();
    long.key_id = "x".repeat(SSH_LINE_BYTES_MAX * 3 / 4);
    let error = issue(long.cleared(), &ed25519(1), 7, &mut rng(3)).unwrap_err();
    assert!(matches!(error, Error::CertificateTooLong { .. }), "{error}");
    long.key_id.truncate(SSH_LINE_BYTES_MAX * 3 / 4 - 1000);
    let issued = issue(long.cleared(), &ed25519(1), 7, &mut rng(3)).unwrap();
    assert!(SshCertificate::read(&issued.line()).is_ok());
}

#[test]
fn every_altered_field_is_found_however_well_it_is_signed() {
    type Edit = (CertificateField, fn(&mut Parts));
    let edits: [Edit; 15] = [
        (CertificateField::Type, |parts| {
            parts.type_name = "ssh-ed25519-cert".to_owned();
        }),
        (CertificateField::Nonce, |parts| parts.nonce[0] ^= 1),
        (CertificateField::PublicKey, |parts| {
            let other = ed25519(98);
            parts.key_fields = other.public_key().blob()[15..].to_vec();
        }),
        (CertificateField::Serial, |parts| parts.serial += 1),
        (CertificateField::Serial, |parts| parts.serial = 0),
        (CertificateField::Role, |parts| parts.role = 1),
        (CertificateField::KeyId, |parts| parts.key_id.push(b'!')),
        (CertificateField::Principals, |parts| parts.principals.swap(0, 1)),
        (CertificateField::Principals, |parts| parts.principals.clear()),
        (CertificateField::Principals, |parts| parts.principals.push(b"*".to_vec())),
        (CertificateField::ValidAfter, |parts| parts.valid_after -= 1),
        (CertificateField::ValidBefore, |parts| parts.valid_before = u64::MAX),
        (CertificateField::CriticalOptions, |parts| {
            parts.critical_options = [string(b"force-command"), string(&string(b"true"))].concat();
        }),
        (CertificateField::Extensions, |parts| {
            parts.extensions = [string(b"permit-pty"), string(b"")].concat();
        }),
        (CertificateField::Reserved, |parts| parts.reserved = vec![0]),
    ];
    let authority = ed25519(1);
    let honest = issue(wish().cleared(), &authority, 7, &mut rng(3)).unwrap();
    let parts = Parts::of(honest.certificate());
    let accept = |certificate| {
        prepare(wish().cleared(), authority.public_key(), 7, &mut rng(3)).unwrap().accept(certificate)
    };
    assert!(accept(parts.signed(&authority)).is_ok());
    for (due, edit) in edits {
        let mut altered = parts.clone();
        edit(&mut altered);
        let error = accept(altered.signed(&authority)).unwrap_err();
        assert!(matches!(error, Error::IssuedDiffersFromJudged { field } if field == due), "{due}: {error}");
    }
    let other = ed25519(2);
    let mut of_other = parts;
    of_other.authority_key = other.public_key().blob().to_vec();
    let error = accept(of_other.signed(&other)).unwrap_err();
    assert!(
        matches!(error, Error::IssuedDiffersFromJudged { field: CertificateField::AuthorityKey }),
        "{error}"
    );
}

#[test]
fn a_field_altered_after_signing_is_found() {
    let authority = ed25519(1);
    let honest = issue(wish().cleared(), &authority, 7, &mut rng(3)).unwrap();
    let signed_len = honest.certificate().signed_bytes().unwrap().len();
    for at in 0..honest.certificate().blob().len() {
        let mut blob = honest.certificate().blob().to_vec();
        blob[at] ^= 1;
        let Ok(certificate) = SshCertificate::from_blob(&blob) else { continue };
        let prepared = prepare(wish().cleared(), authority.public_key(), 7, &mut rng(3)).unwrap();
        let error = prepared.accept(certificate).unwrap_err();
        let is_difference = matches!(error, Error::IssuedDiffersFromJudged { .. });
        assert_eq!(is_difference, at < signed_len, "byte {at}: {error}");
    }
}

#[test]
fn signatures_that_the_authority_did_not_make_are_refused() {
    let (ours, other) = (ed25519(1), ed25519(2));
    let refusal = |sign: &dyn Fn(&[u8]) -> Result<SshSignature, Error>| {
        let signer = Tampering { public_key: ours.public_key().clone(), sign };
        issue(wish().cleared(), &signer, 7, &mut rng(3)).unwrap_err()
    };
    let by_another_key = refusal(&|message| other.sign(message));
    assert!(matches!(by_another_key, Error::Signature(SshSignatureFault::Invalid)), "{by_another_key}");
    let over_other_bytes = refusal(&|message| ours.sign(&[message, b"!"].concat()));
    assert!(matches!(over_other_bytes, Error::Signature(SshSignatureFault::Invalid)), "{over_other_bytes}");
    let ecdsa = authority(AuthorityKeyType::EcdsaP256);
    let of_another_type = refusal(&|message| ecdsa.sign(message));
    assert!(
        matches!(of_another_type, Error::Signature(SshSignatureFault::OfOtherAlgorithm { .. })),
        "{of_another_type}"
    );
    let refused = refusal(&|_| Err(Error::AgentRefused));
    assert!(matches!(refused, Error::AgentRefused), "{refused}");
}

#[test]
fn what_was_prepared_for_one_authority_is_not_signed_by_another() {
    let (ours, other) = (ed25519(1), ed25519(2));
    let prepared = prepare(wish().cleared(), ours.public_key(), 7, &mut rng(3)).unwrap();
    let error = prepared.sign(&other).unwrap_err();
    let Error::AuthorityDiffers { due, found } = error else { panic!("{error}") };
    assert_eq!((due, found), (ours.public_key().fingerprint(), other.public_key().fingerprint()));
}

#[test]
fn bytes_can_be_kept_carried_away_and_signed_elsewhere() {
    for (key_type, authority) in authorities() {
        let prepared = prepare(wish().cleared(), authority.public_key(), 7, &mut rng(3)).unwrap();
        let carried = ToBeSigned::from_bytes_cleared_elsewhere(prepared.to_be_signed().bytes()).unwrap();
        assert_eq!(&carried, prepared.to_be_signed());
        assert_eq!((carried.fields().serial(), prepared.serial()), (7, 7));
        let signature = authority.sign(carried.bytes()).unwrap();
        assert_eq!(signature.algorithm(), carried.algorithm(), "{key_type}");
        let attached = carried.attach(&signature).unwrap();
        let brought_back = SshSignature::read(&signature.blob()).unwrap();
        let issued = prepared.attach(&brought_back).unwrap();
        assert_eq!(issued.certificate(), &attached);
        let forged = ed25519(5).sign(carried.bytes()).unwrap();
        assert!(carried.attach(&forged).is_err());
    }
}

#[test]
fn bytes_that_this_crate_would_not_write_are_not_to_be_signed() {
    type Edit = (&'static str, fn(&mut Parts));
    let edits: [Edit; 7] = [
        ("type name", |parts| parts.type_name = "ssh-ed25519-cert".to_owned()),
        ("nonce", |parts| parts.nonce.truncate(16)),
        ("never be valid", |parts| parts.valid_before = parts.valid_after),
        ("critical options", |parts| {
            parts.critical_options = [string(b"force-command"), string(&string(b"true"))].concat();
        }),
        ("extensions", |parts| parts.extensions = [string(b"permit-pty"), string(b"")].concat()),
        ("reserved", |parts| parts.reserved = vec![0]),
        ("do not read", |parts| parts.key_id.push(0)),
    ];
    let issued = issue(wish().cleared(), &ed25519(1), 7, &mut rng(3)).unwrap();
    let parts = Parts::of(issued.certificate());
    assert!(ToBeSigned::from_bytes_cleared_elsewhere(&parts.bytes()).is_ok());
    for (what, edit) in edits {
        let mut altered = parts.clone();
        edit(&mut altered);
        let error = ToBeSigned::from_bytes_cleared_elsewhere(&altered.bytes()).unwrap_err();
        assert!(matches!(error, Error::NotToBeSigned { reason } if reason.contains(what)), "{error}");
    }
}
