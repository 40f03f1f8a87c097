//! Lines matched by `ssh-keygen -F`, hashed by `ssh-keygen -H`, and by us.

use certgate_sign::known_hosts::{HostPatterns, KnownHosts, authority_line, lookup_name, revoked_line};

use super::tools::{Folder, text};

/// The numbers of the lines that `ssh-keygen -l -F` finds and can read.
fn found_by_ssh_keygen(folder: &Folder, name: &str) -> Vec<usize> {
    let output = folder.keygen(&["-l", "-F", name, "-f", "known_hosts"]);
    let shown = text(&output.stdout);
    let numbers = shown.lines().filter_map(|line| line.strip_prefix("# Host ")?.split_once("found: line "));
    numbers.map(|(_, rest)| rest.split_whitespace().next().unwrap().parse().unwrap()).collect()
}

fn found_by_us(folder: &Folder, name: &str) -> Vec<usize> {
    let known = KnownHosts::read(&folder.read("known_hosts")).unwrap();
    known.matching(name).map(|(number, _)| number).collect()
}

const NAMES: &[&str] = &[
    "web",
    "web.example.com",
    "WEB.example.com",
    "a.b.example.com",
    "example.com",
    "old.example.com",
    "192.0.2.1",
    "2001:db8::7",
    "[web]:2222",
    "[web.example.com]:2222",
    "[192.0.2.1]:2222",
    "host1",
    "host12",
    "*",
    "!web",
    "@revoked",
];

/// Lines with `{key}` for a key and `{cert}` for a certificate.
fn lines() -> Vec<String> {
    let mut lines: Vec<_> = [
        "web {key}",
        "web,192.0.2.1 {key} a comment",
        "  \tweb {key}",
        "WEB.Example.COM {key}",
        "*.example.com {key}",
        "*.example.com,!old.example.com {key}",
        "!old.example.com,*.example.com {key}",
        "!web {key}",
        "* {key}",
        "*,!* {key}",
        "host? {key}",
        "[*.example.com]:2222 {key}",
        "[web]:2222,web {key}",
        "2001:db8::7 {key}",
        "@cert-authority *.example.com {key}",
        "@cert-authority  *.example.com  {key}",
        "@cert-authority\t*.example.com {key}",
        "@cert-authority \t*.example.com\t{key}",
        "@revoked * {key}",
        "@revoked @cert-authority * {key}",
        "@unknown * {key}",
        "@revoked",
        "# web {key}",
        "",
        "web",
        "web ",
        "web # {key}",
        "web ssh-ed25519",
        "web ssh-ed25519 AAAA",
        "web ssh-new AAAAB3NzaC1uZXc=",
        "web 1024 35 1234567890",
        "web ssh-rsa {blob}",
        "web ssh-ed25519 {blob}x",
        "web ssh-ed25519 {blob}=",
        "web ssh-ed25519 {blob} # comment",
        "web\t \tssh-ed25519 \t {blob}\t ",
        "web {key}\r",
        "web {cert}",
        "@cert-authority web {cert}",
        "a,,web {key}",
        ",web {key}",
        "web, {key}",
        "w*b {key}",
        "w**b {key}",
        "?eb {key}",
        "|1|x|y {key}",
        "|2|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA= {key}",
    ]
    .map(str::to_owned)
    .to_vec();
    for length in [1022, 1023] {
        lines.push(format!("{},web {{key}}", "a".repeat(length)));
    }
    lines
}

fn file(folder: &Folder) -> String {
    folder.key("key", &["ed25519"]);
    folder.key("ca", &["ed25519"]);
    folder.certificate("ca", "key", "signed", &["-h", "-I", "id", "-n", "web"]);
    let key = folder.line("key.pub");
    let key = key.rsplit_once(' ').unwrap().0;
    let blob = key.split_once(' ').unwrap().1;
    let fill = |line: &String| {
        let line = line.replace("{key}", key).replace("{blob}", blob);
        line.replace("{cert}", &folder.line("signed-cert.pub"))
    };
    lines().iter().map(|line| fill(line) + "\n").collect()
}

#[test]
fn ssh_keygen_finds_the_lines_that_we_find() {
    let folder = Folder::new();
    folder.write("known_hosts", file(&folder));
    let mut found = 0;
    for name in NAMES {
        let theirs = found_by_ssh_keygen(&folder, name);
        assert_eq!(found_by_us(&folder, name), theirs, "{name}: we, then ssh-keygen");
        found += theirs.len();
    }
    assert!(found > 60, "{found} lines found");
}

#[test]
fn hashed_names_are_found_as_ssh_keygen_finds_them() {
    let folder = Folder::new();
    folder.key("key", &["ed25519"]);
    let key = folder.line("key.pub");
    let names = ["web.example.com,192.0.2.1", "[web.example.com]:2222", "2001:db8::7", "*.example.com"];
    let plain: String = names.iter().map(|names| format!("{names} {key}\n")).collect();
    folder.write("known_hosts", format!("{plain}@cert-authority *.example.com {key}\n"));
    folder.keygen_ok(&["-H", "-f", "known_hosts"]);
    let hashed = text(&folder.read("known_hosts"));
    assert_eq!(hashed.matches("|1|").count(), 4, "{hashed}");
    // Hashed authorities do not come from -H and work all the same; only one name is in a hash.
    let authority = hashed.lines().next().unwrap();
    folder.write(
        "known_hosts",
        format!("{hashed}@cert-authority {authority}\n{}\n", authority.replace('|', ",|")),
    );
    for name in
        ["web.example.com", "192.0.2.1", "[web.example.com]:2222", "2001:db8::7", "a.example.com", "other"]
    {
        let theirs = found_by_ssh_keygen(&folder, name);
        assert_eq!(found_by_us(&folder, name), theirs, "{name}");
        assert_eq!(theirs.is_empty(), name == "other", "{name}");
    }
}

#[test]
fn ssh_keygen_finds_what_we_write() {
    let folder = Folder::new();
    let key = folder.key("key", &["ed25519"]);
    let hosts =
        HostPatterns::new(["*.Example.com", "!old.example.com", "[bastion]:2222", "2001:db8::7"]).unwrap();
    let lines = [
        authority_line(&hosts, &key, "host authority").unwrap(),
        revoked_line(&HostPatterns::every_host(), &key, "").unwrap(),
    ];
    folder.write("known_hosts", lines.join("\n"));
    let bastion = lookup_name("bastion", 2222);
    for (name, expected) in [
        ("a.example.com", &[1, 2][..]),
        ("old.example.com", &[2]),
        (bastion.as_str(), &[1, 2]),
        ("2001:db8::7", &[1, 2]),
        ("other", &[2]),
    ] {
        assert_eq!(found_by_ssh_keygen(&folder, name), expected, "{name}");
        assert_eq!(found_by_us(&folder, name), expected, "{name}");
    }
}
