use certgate_facts::SshPublicKey;
use proptest::prelude::*;

use super::*;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

fn read(line: &str) -> Entry {
    let known = KnownHosts::read(line.as_bytes()).unwrap();
    known.lines()[0].entry().cloned().unwrap()
}

fn key() -> SshPublicKey {
    SshPublicKey::read(KEY).unwrap()
}

#[test]
fn every_host_must_be_spelled() {
    for (patterns, expected) in [
        (&[][..], HostPatternError::Empty),
        (&[""], HostPatternError::PatternEmpty),
        (&["!"], HostPatternError::PatternEmpty),
        (&["*"], HostPatternError::EveryHost { pattern: "*".to_owned() }),
        (&["[*]:2222"], HostPatternError::EveryHost { pattern: "[*]:2222".to_owned() }),
        (&["*:*"], HostPatternError::EveryHost { pattern: "*:*".to_owned() }),
        (&["?*.*"], HostPatternError::EveryHost { pattern: "?*.*".to_owned() }),
        (&["!a", "!b"], HostPatternError::OnlyNegated),
        (&["a,b"], HostPatternError::Character { pattern: "a,b".to_owned(), character: ',' }),
        (&["a b"], HostPatternError::Character { pattern: "a b".to_owned(), character: ' ' }),
        (&["a", "|1|x"], HostPatternError::Character { pattern: "|1|x".to_owned(), character: '|' }),
        (&["@revoked"], HostPatternError::Character { pattern: "@revoked".to_owned(), character: '@' }),
        (&["bücher"], HostPatternError::Character { pattern: "bücher".to_owned(), character: 'ü' }),
        (&["[a]:22"], HostPatternError::DefaultPort { pattern: "[a]:22".to_owned() }),
        (&["[a]"], HostPatternError::Brackets { pattern: "[a]".to_owned() }),
    ] {
        assert_eq!(HostPatterns::new(patterns.iter().copied()), Err(expected));
    }
    let hosts =
        HostPatterns::new(["*.Example.com", "!old.example.com", "[b.example.com]:2222", "::1"]).unwrap();
    assert!(HostPatterns::new(["::", "[::]:2222"]).is_ok());
    assert_eq!(
        authority_line(&hosts, &key(), "host ca 2026").unwrap(),
        format!("@cert-authority *.example.com,!old.example.com,[b.example.com]:2222,::1 {KEY} host ca 2026")
    );
    assert_eq!(revoked_line(&HostPatterns::every_host(), &key(), "").unwrap(), format!("@revoked * {KEY}"));
    let error = revoked_line(&HostPatterns::every_host(), &key(), "a\nb").unwrap_err();
    assert_eq!(error.character(), '\n');
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn lines_that_are_written_are_read(
        names in prop::collection::vec("!?[a-z*][a-z0-9.*?-]{0,12}", 1..5),
        comment in "[ -~é]{0,12}",
    ) {
        let Ok(hosts) = HostPatterns::new(names.iter().map(String::as_str)) else { return Ok(()) };
        let line = authority_line(&hosts, &key(), &comment).unwrap();
        let entry = read(&line);
        prop_assert_eq!(entry.marker(), Some(Marker::CertAuthority));
        prop_assert_eq!(entry.key(), &key());
        prop_assert_eq!(entry.names().as_bytes().to_vec(), hosts.to_string().into_bytes());
        prop_assert_eq!(entry.comment(), comment.trim().as_bytes());
    }
}
