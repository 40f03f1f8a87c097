use proptest::prelude::*;

use super::*;
use crate::ssh_key::SshPublicKey;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

fn read(line: &str) -> Result<Entry, LineDefect> {
    let known = KnownHosts::read(line.as_bytes()).unwrap();
    known.lines()[0].entry().cloned().map_err(Clone::clone)
}

fn key() -> SshPublicKey {
    SshPublicKey::read(KEY).unwrap()
}

#[test]
fn lines_have_numbers_markers_keys_and_comments() {
    let text =
        format!("# comment\n\n  a,b {KEY} it is\n@cert-authority  *.c\t{KEY}\r\n@revoked * {KEY}\nbroken\n");
    let known = KnownHosts::read(text.as_bytes()).unwrap();
    let numbers: Vec<_> = known.lines().iter().map(Line::number).collect();
    assert_eq!(numbers, [3, 4, 5, 6]);
    let markers: Vec<_> =
        known.lines().iter().map(|line| line.entry().ok().and_then(Entry::marker)).collect();
    assert_eq!(markers, [None, Some(Marker::CertAuthority), Some(Marker::Revoked), None]);
    let first = known.lines()[0].entry().unwrap();
    assert_eq!((first.comment(), first.key()), (&b"it is"[..], &key()));
    assert_eq!(known.lines()[3].entry(), Err(&LineDefect::KeyMissing));
    assert_eq!(known.matching("x.c").map(|(number, _)| number).collect::<Vec<_>>(), [4, 5]);
}

#[test]
fn a_marker_ends_at_the_first_space_of_the_line() {
    assert!(read(&format!("@cert-authority *.c {KEY}")).is_ok());
    assert_eq!(read(&format!("@cert-authority\t*.c {KEY}")), Err(LineDefect::MarkerBeforeTab));
    assert!(read(&format!("@cert-authority\t*.c {KEY}").replace(' ', "\t")).is_ok());
    assert!(read(&format!("@cert-authority \t*.c {KEY}")).is_ok());
    assert_eq!(read(&format!("@cert-authority @revoked *.c {KEY}")), Err(LineDefect::MarkerRepeated));
    for marker in ["@Revoked", "@revoke", "@revoked,", "@"] {
        let unknown = LineDefect::MarkerUnknown { marker: marker.to_owned() };
        assert_eq!(read(&format!("{marker} *.c {KEY}")), Err(unknown));
    }
    let unknown = LineDefect::MarkerUnknown { marker: "@revoke".to_owned() };
    assert_eq!(read(&format!("@revoke\t*.c {KEY}")), Err(unknown));
    assert_eq!(read("@revoked"), Err(LineDefect::KeyMissing));
}

#[test]
fn what_is_not_a_key_makes_no_entry() {
    assert_eq!(read("a # comment"), Err(LineDefect::KeyMissing));
    assert!(matches!(read("a ssh-ed25519"), Err(LineDefect::Key(_))));
    assert!(matches!(read("a 1024 35 123456"), Err(LineDefect::Key(_))));
    assert_eq!(read("a ssh-new AAAAB3NzaC1uZXc="), Err(LineDefect::KeyType));
    assert_eq!(read("|2|x|y ssh-ed25519 AAAA"), Err(LineDefect::Hash));
    assert_eq!(read("|1|AAAA|BBBB ssh-ed25519 AAAA"), Err(LineDefect::Hash));
    let columns = |line: &str| read(line).unwrap_err().column();
    assert_eq!(columns("@revoked  a,b \t ssh-ed25519 \t AAAA*AAA"), Some(35));
    assert_eq!(columns("a ssh-ed25519"), Some(14));
    assert_eq!(columns("a 1024 35 123456"), Some(8));
    assert_eq!(columns("a"), None);
    let known = KnownHosts::read(b"a \xff\xff AAAA").unwrap();
    assert_eq!(known.lines()[0].entry(), Err(&LineDefect::NotText));
}

#[test]
fn patterns_match_whole_names_in_any_case_and_negation_wins() {
    for (names, name, expected) in [
        ("web", "web", true),
        ("WEB.Example", "web.example", true),
        ("*.example.com", "a.b.example.com", true),
        ("*.example.com", "example.com", false),
        ("*.example.com,!old.example.com", "old.example.com", false),
        ("!old.example.com,*.example.com", "old.example.com", false),
        ("!old.example.com,*.example.com", "new.example.com", true),
        ("!old.example.com", "new.example.com", false),
        ("a,b,c", "b", true),
        ("a,,b", "", true),
        ("a,", "", false),
        (",a", "", true),
        ("web", "[web]:2222", false),
        ("[web]:2222", "[web]:2222", true),
        ("[*.example.com]:2222", "[a.example.com]:2222", true),
        ("*", "[web]:2222", true),
        ("host?", "host1", true),
    ] {
        let entry = read(&format!("{names} {KEY}")).unwrap();
        assert_eq!(entry.names().matches(name), expected, "{names} {name}");
    }
    let long = format!("{},web {KEY}", "a".repeat(HOST_PATTERN_BYTES_MAX + 1));
    assert!(!read(&long).unwrap().names().matches("web"));
    let fits = format!("{},web {KEY}", "a".repeat(HOST_PATTERN_BYTES_MAX));
    assert!(read(&fits).unwrap().names().matches("web"));
}

#[test]
fn ports_stand_in_names_unless_they_are_22() {
    assert_eq!(lookup_name("web", 22), "web");
    assert_eq!(lookup_name("web", 2222), "[web]:2222");
    assert_eq!(lookup_name("::1", 2222), "[::1]:2222");
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "@cert-authority",
        "@revoked",
        "@",
        " ",
        "  ",
        "\t",
        "*",
        "?",
        "!",
        ",",
        ".",
        "[",
        "]:22",
        "a",
        "A",
        "|1|",
        "|",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        KEY,
        "ssh-ed25519",
        "ssh-rsa",
        "#",
        "\n",
        "\r",
        "\0",
        "é",
        "ssh-ed25519-cert-v01@openssh.com",
        "=",
        "AAAAC3NzaC1lZDI1NTE5AAAA",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200), name in "[ -~]{0,9}") {
        let known = KnownHosts::read(&bytes).unwrap();
        let _ = known.matching(&name).count();
    }

    #[test]
    fn any_lines_are_read(text in pieces(), name in "[aA.\\[\\]:2*]{0,9}") {
        let known = KnownHosts::read(text.as_bytes()).unwrap();
        let _ = known.matching(&name).count();
        for line in known.lines() {
            if let Ok(entry) = line.entry() {
                let _ = entry.names().patterns().count();
            }
        }
    }
}
