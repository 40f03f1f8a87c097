//! User certificates: what was cleared for a user is what `ssh-keygen` reads, options and all.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use certgate_facts::{Reading, Source, SshRole, Timestamp};
use certgate_rules::{
    Cleared, Field, Level, Moment, Policy, RULES, TrustAnchors, UserCertificateRequest, judge,
};
use certgate_sign::{
    Authority, AuthorityKeyType, CertificateField, Error, Signer as _, ToBeSigned, issue, prepare,
    prepare_without_serial_revocable_by_key_id_only,
};

use crate::harness::{DAY, Parts, ed25519, folder, host_line, rng, run_well, string, text};

type Options<'a> = &'a [(&'a str, &'a str)];

/// A request of alice's, cleared under a policy that lets everything pass.
fn cleared(critical: Options<'_>, extensions: Options<'_>) -> Cleared<UserCertificateRequest> {
    let line = Source::from_bytes("id.pub", host_line().into_bytes()).unwrap();
    let field = |name: &str, text: &str| Field::new(name, text).unwrap();
    let options = |options: Options<'_>| -> BTreeMap<String, Field> {
        options.iter().map(|(name, value)| ((*name).to_owned(), field(name, value))).collect()
    };
    let request = UserCertificateRequest::new(
        Arc::new(Reading::of(line)),
        field("--key-id", "alice"),
        vec![field("--principal", "alice"), field("--principal", "Ops@example.com")],
        Moment::at(DAY.valid_after),
        Moment::at(DAY.valid_before),
    )
    .with_critical_options(options(critical))
    .with_extensions(options(extensions));
    let at = Timestamp::from_unix_secs(1_793_491_200);
    let policy = RULES
        .iter()
        .fold(Policy::new(at, TrustAnchors::Mozilla), |policy, rule| policy.with_level(rule, Level::Allow));
    judge(request, &policy).clear().unwrap()
}

#[test]
fn ssh_keygen_reads_ours_with_the_options_in_order() {
    let folder = folder();
    let path = folder.path().join("id-cert.pub");
    let critical = [("source-address", "192.0.2.0/24"), ("force-command", "/usr/bin/true a b")];
    let extensions = [("permit-pty", ""), ("permit-X11-forwarding", ""), ("login@example.com", "alice")];
    let issued = issue(cleared(&critical, &extensions), &ed25519(1), 7, &mut rng(2)).unwrap();
    assert_eq!(issued.certificate().fields().unwrap().role(), SshRole::User);
    fs::write(&path, issued.line()).unwrap();
    let listed = run_well("ssh-keygen", &["-L", "-f", text(&path)]);
    let flat = listed.split_whitespace().collect::<Vec<_>>().join(" ");
    for due in [
        "Type: ssh-ed25519-cert-v01@openssh.com user certificate",
        "Key ID: \"alice\" Serial: 7",
        "Principals: alice Ops@example.com Critical Options: force-command /usr/bin/true a b source-address 192.0.2.0/24",
        "permit-X11-forwarding permit-pty",
    ] {
        assert!(flat.contains(due), "{due} is not in {flat}");
    }
}

#[test]
fn a_certificate_that_says_otherwise_than_was_judged_is_not_handed_out() {
    let authority = ed25519(1);
    let request = || cleared(&[("force-command", "/bin/true")], &[("permit-pty", "")]);
    let section = |name: &str, value: &[u8]| [string(name.as_bytes()), string(value)].concat();
    let true_command = string(b"/bin/true");
    type Edit<'e> = (CertificateField, &'e dyn Fn(&mut Parts));
    let edits: [Edit<'_>; 6] = [
        (CertificateField::Role, &|parts| {
            (parts.role, parts.critical_options, parts.extensions) = (2, Vec::new(), Vec::new());
        }),
        (CertificateField::CriticalOptions, &|parts| parts.critical_options = Vec::new()),
        (CertificateField::CriticalOptions, &|parts| {
            parts.critical_options = section("force-command", &string(b"/bin/sh"));
        }),
        // Without a length inside it is no text.
        (CertificateField::CriticalOptions, &|parts| {
            parts.critical_options = section("force-command", b"/bin/true");
        }),
        (CertificateField::Extensions, &|parts| parts.extensions = section("permit-pty", &string(b""))),
        (CertificateField::Extensions, &|parts| {
            parts.extensions = [section("permit-pty", b""), section("permit-user-rc", b"")].concat();
        }),
    ];
    let parts_of = |seed| {
        let issued = issue(request(), &authority, 7, &mut rng(seed)).unwrap();
        let mut parts = Parts::of(issued.certificate());
        parts.role = 1;
        parts.critical_options = section("force-command", &true_command);
        parts.extensions = section("permit-pty", b"");
        assert_eq!(Some(parts.bytes().as_slice()), issued.certificate().signed_bytes());
        parts
    };
    for (due, edit) in edits {
        let mut parts = parts_of(3);
        edit(&mut parts);
        let prepared = prepare(request(), authority.public_key(), 7, &mut rng(3)).unwrap();
        let error = prepared.accept(parts.signed(&authority)).unwrap_err();
        assert!(matches!(error, Error::IssuedDiffersFromJudged { field } if field == due), "{due}: {error}");
    }
}

#[test]
fn options_that_do_not_read_as_they_look_are_not_signed() {
    let error =
        |critical: Options<'_>| issue(cleared(critical, &[]), &ed25519(1), 7, &mut rng(3)).unwrap_err();
    assert!(matches!(error(&[("", "x")]), Error::OptionNameEmpty));
    for option in [("force\0command", "x"), ("force-command", "a\0b")] {
        let error = error(&[option]);
        assert!(matches!(error, Error::NulInText { field: CertificateField::CriticalOptions }), "{error}");
    }
    let issued = issue(cleared(&[], &[]), &ed25519(1), 7, &mut rng(3)).unwrap();
    let mut parts = Parts::of(issued.certificate());
    parts.role = 1;
    assert!(ToBeSigned::from_bytes_cleared_elsewhere(&parts.bytes()).is_ok());
    for names in [["b", "a"], ["a", "a"]] {
        parts.extensions =
            names.iter().flat_map(|name| [string(name.as_bytes()), string(b"")].concat()).collect();
        let error = ToBeSigned::from_bytes_cleared_elsewhere(&parts.bytes()).unwrap_err();
        assert!(matches!(error, Error::NotToBeSigned { reason } if reason.contains("order")), "{error}");
    }
}

#[test]
fn serial_zero_is_signed_where_it_is_asked_for_by_its_long_name() {
    let authority = ed25519(1);
    assert!(matches!(issue(cleared(&[], &[]), &authority, 0, &mut rng(3)), Err(Error::SerialZero)));
    let key = authority.public_key();
    let prepared =
        prepare_without_serial_revocable_by_key_id_only(cleared(&[], &[]), key, &mut rng(3)).unwrap();
    let issued = prepared.sign(&authority).unwrap();
    assert_eq!(issued.certificate().fields().unwrap().serial(), 0);
}

#[test]
fn an_authority_of_2048_bits_signs_and_is_none_to_choose() {
    assert!(!AuthorityKeyType::ALL.contains(&AuthorityKeyType::Rsa2048));
    assert_eq!(AuthorityKeyType::from_name("rsa-2048"), None);
    let authority = Authority::create(AuthorityKeyType::Rsa2048, &mut rng(1)).unwrap();
    let issued = issue(cleared(&[], &[]), &authority, 7, &mut rng(3)).unwrap();
    assert_eq!(issued.certificate().verify_signature().unwrap().name(), "rsa-sha2-512");
}
