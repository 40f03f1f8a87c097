use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};

use super::*;
use crate::krl::{Header, Scope};

const AT: u64 = 1_780_000_000;
const OLD: ClientVersion = ClientVersion::new(10, 2);
const NEW: ClientVersion = ClientVersion::new(10, 3);

fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
    out.extend(bytes);
}

fn key(fill: u8) -> SshPublicKey {
    let mut blob = Vec::new();
    string(&mut blob, b"ssh-ed25519");
    string(&mut blob, &[fill; 32]);
    SshPublicKey::from_blob(&blob).unwrap()
}

/// The key of the authority. A test key, not a secret.
fn authority() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[1; 32]).unwrap()
}

fn authority_key() -> SshPublicKey {
    let mut blob = Vec::new();
    string(&mut blob, b"ssh-ed25519");
    string(&mut blob, authority().public_key().as_ref());
    SshPublicKey::from_blob(&blob).unwrap()
}

/// A certificate of the authority for `key(2)`, valid forever. The signature is real if it says `ssh-ed25519`.
fn certificate(principals: &[&str], algorithm: &str) -> SshCertificate {
    let mut blob = Vec::new();
    string(&mut blob, b"ssh-ed25519-cert-v01@openssh.com");
    string(&mut blob, &[0; 32]);
    string(&mut blob, &[2; 32]);
    blob.extend(7u64.to_be_bytes());
    blob.extend(2u32.to_be_bytes());
    string(&mut blob, b"web-1");
    let mut names = Vec::new();
    principals.iter().for_each(|name| string(&mut names, name.as_bytes()));
    string(&mut blob, &names);
    blob.extend(0u64.to_be_bytes());
    blob.extend(u64::MAX.to_be_bytes());
    (0..3).for_each(|_| string(&mut blob, b""));
    string(&mut blob, authority_key().blob());
    let mut signature = Vec::new();
    string(&mut signature, algorithm.as_bytes());
    string(&mut signature, authority().sign(&blob).as_ref());
    string(&mut blob, &signature);
    SshCertificate::from_blob(&blob).unwrap()
}

fn known() -> KnownHosts {
    use crate::known_hosts::{HostPatterns, authority_line};
    let line = authority_line(&HostPatterns::every_host(), &authority_key(), "").unwrap();
    KnownHosts::read(line.as_bytes()).unwrap()
}

fn decided(version: ClientVersion, principals: &[&str], host: &str) -> (Decision, Step) {
    let (known, certificate) = (known(), certificate(principals, "ssh-ed25519"));
    let known: &[&KnownHosts] = &[&known];
    let client = Client { version, known_hosts: known, revocation_lists: &[], signature_algorithms: None };
    let presented = Presented::Certificate(&certificate);
    let outcome = decide(&client, &Target::new(host, 22), presented, AT);
    (outcome.decision(), outcome.step())
}

#[test]
fn rules_for_principals_changed_with_10_3() {
    const YES: (Decision, Step) = (Decision::Certificate, Step::SignatureAlgorithm);
    const NO: (Decision, Step) = (Decision::Refused, Step::Principals);
    for (principals, host, old, new) in [
        (&["web.example.com"][..], "web.example.com", YES, YES),
        (&["web.example.com"], "WEB.example.com", YES, YES),
        (&["WEB.example.com"], "web.example.com", NO, NO),
        (&[], "web.example.com", YES, NO),
        (&["*.example.com"], "web.example.com", NO, YES),
        (&["*.example.com"], "a.b.example.com", NO, YES),
        (&["*.example.com"], "example.com", NO, NO),
        (&["web?.example.com"], "web1.example.com", NO, YES),
        (&["*"], "anything", NO, YES),
        (&["!web.example.com", "*.example.com"], "web.example.com", NO, YES),
        (&["a,web.example.com"], "web.example.com", NO, NO),
        (&["db.example.com", "web.example.com"], "web.example.com", YES, YES),
        (&["[web.example.com]:22"], "web.example.com", NO, NO),
        (&["2001:db8::7"], "2001:DB8:0::7", YES, YES),
        (&[""], "web.example.com", NO, NO),
    ] {
        assert_eq!(decided(OLD, principals, host), old, "{principals:?} {host} before 10.3");
        assert_eq!(decided(NEW, principals, host), new, "{principals:?} {host} since 10.3");
    }
}

#[test]
fn reasons_say_which_clients_would_accept() {
    let (known, certificate) = (known(), certificate(&["*.example.com"], "ssh-ed25519"));
    let client =
        Client { version: OLD, known_hosts: &[&known], revocation_lists: &[], signature_algorithms: None };
    let presented = Presented::Certificate(&certificate);
    let outcome = decide(&client, &Target::new("web.example.com", 2222), presented, AT);
    assert_eq!(
        outcome.reason(),
        "`web.example.com` matches the principal `*.example.com` only for clients from 10.3 on; \
         then no key is known for `web.example.com`"
    );
    assert_eq!(outcome.place(), Some(Place { file: 0, line: 1 }));
    assert_eq!(outcome.certificate_refusal().map(|attempt| attempt.step()), Some(Step::Principals));
}

#[test]
fn a_signature_that_does_not_hold_ends_the_key_exchange() {
    let known = known();
    let client =
        Client { version: NEW, known_hosts: &[&known], revocation_lists: &[], signature_algorithms: None };
    let step = |certificate: &SshCertificate| {
        decide(&client, &Target::new("web", 22), Presented::Certificate(certificate), AT).step()
    };
    let good = certificate(&["web"], "ssh-ed25519");
    assert_eq!(step(&good), Step::SignatureAlgorithm);
    let mut blob = good.blob().to_vec();
    *blob.last_mut().unwrap() ^= 1;
    assert_eq!(step(&SshCertificate::from_blob(&blob).unwrap()), Step::KeyExchange);
    assert_eq!(step(&certificate(&["web"], "rsa-sha2-512")), Step::KeyExchange);
    assert_eq!(step(&certificate(&["web"], "ssh-new@example.com")), Step::KeyExchange);
}

#[test]
fn a_signature_with_sha1_is_refused_by_whom_it_is_not_allowed_and_never_believed() {
    let (known, sha1) = (known(), certificate(&["web"], "ssh-rsa"));
    let decided = |version, signature_algorithms| {
        let client = Client { version, known_hosts: &[&known], revocation_lists: &[], signature_algorithms };
        let outcome = decide(&client, &Target::new("web", 22), Presented::Certificate(&sha1), AT);
        (outcome.decision(), outcome.step())
    };
    assert_eq!(decided(ClientVersion::new(8, 1), None), (Decision::Refused, Step::KeyExchange));
    assert_eq!(decided(ClientVersion::new(8, 2), None), (Decision::Refused, Step::SignatureAlgorithm));
    assert_eq!(decided(NEW, Some(&["ssh-rsa"])), (Decision::Refused, Step::KeyExchange));
    assert_eq!(decided(ClientVersion::new(8, 1), Some(&[])), (Decision::Refused, Step::SignatureAlgorithm));
}

#[test]
fn signatures_of_authorities_depend_on_the_option() {
    let (known, certificate) = (known(), certificate(&["web"], "ssh-ed25519"));
    let decided = |signature_algorithms| {
        let client =
            Client { version: NEW, known_hosts: &[&known], revocation_lists: &[], signature_algorithms };
        decide(&client, &Target::new("web", 22), Presented::Certificate(&certificate), AT).decision()
    };
    assert_eq!(decided(Some(&["ssh-ed25519"])), Decision::Certificate);
    assert_eq!(decided(Some(&["rsa-sha2-512"])), Decision::Refused);
}

#[test]
fn a_list_that_the_client_does_not_read_refuses_every_host() {
    let mut revoked = Revocations::new();
    revoked.revoke_serial(&Scope::any_authority(), 8).unwrap();
    let mut bytes = revoked.to_list(Header::new(1, AT, "").unwrap()).unwrap().to_bytes();
    let mut extension = Vec::new();
    string(&mut extension, b"n");
    extension.push(0);
    string(&mut extension, b"");
    bytes.push(255);
    string(&mut bytes, &extension);
    let list = RevocationList::read(&bytes).unwrap();
    let (known, certificate) = (known(), certificate(&["web"], "ssh-ed25519"));
    let decided = |version, presented| {
        let client = Client {
            version,
            known_hosts: &[&known],
            revocation_lists: &[&list],
            signature_algorithms: None,
        };
        decide(&client, &Target::new("web", 22), presented, AT)
    };
    let presented = Presented::Certificate(&certificate);
    let old = decided(ClientVersion::new(9, 2), presented);
    assert_eq!((old.decision(), old.step()), (Decision::Refused, Step::RevocationList));
    assert_eq!(
        old.reason(),
        "client 9.2 does not read the revocation list: an extension, which clients before 9.4 do not read"
    );
    assert_eq!(decided(ClientVersion::new(9, 4), presented).decision(), Decision::Certificate);
    let key = key(2);
    assert_eq!(decided(ClientVersion::new(9, 4), Presented::Key(&key)).step(), Step::Key);
}

#[test]
fn keys_that_clients_do_not_take_are_refused_first() {
    let rsa = |bytes: usize| {
        let mut blob = Vec::new();
        string(&mut blob, b"ssh-rsa");
        string(&mut blob, &[1, 0, 1]);
        string(&mut blob, &[&[0][..], &vec![0xc1; bytes]].concat());
        SshPublicKey::from_blob(&blob).unwrap()
    };
    let known = KnownHosts::default();
    let client =
        Client { version: NEW, known_hosts: &[&known], revocation_lists: &[], signature_algorithms: None };
    let step = |key: &SshPublicKey| decide(&client, &Target::new("web", 22), Presented::Key(key), AT).step();
    assert_eq!(step(&rsa(127)), Step::KeyExchange);
    assert_eq!(step(&rsa(128)), Step::Key);
}
