//! Inventories, sound and not.

use super::*;

fn read_named(name: &str, text: &str) -> Result<Vec<Host>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    let shown = format!("{}/", folder.path().display());
    read(&path).map_err(|failure| format!("{failure:?}").replace(&shown, ""))
}

fn summary(hosts: &[Host]) -> Vec<String> {
    let each = hosts.iter().map(|host| {
        let principals: Vec<&str> = host.principals.iter().map(Field::text).collect();
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        format!(
            "{} {} {:?} {} {} -> {}",
            name(&host.public_key),
            host.key_id.text(),
            principals,
            host.ca.as_ref().map_or("-", AuthorityName::as_str),
            host.valid_for.map_or_else(|| "-".to_owned(), |length| length.to_string()),
            name(&host.certificate_file)
        )
    });
    each.collect()
}

#[test]
fn both_forms_say_the_same() {
    let toml = "ca = \"hosts\"\n\n[[host]]\npublic_key = \"a.pub\"\nprincipals = [\"a.example.com\", \"192.0.2.1\"]\n\n\
                [[host]]\npublic_key = \"b.pub\"\nprincipals = [\"b.example.com\"]\nkey_id = \"b\"\nvalid_for = \"7d\"\nca = \"other\"\nout = \"b.crt\"\n";
    let csv = "public_key,principals,key_id,ca,valid_for,out\n# a comment\na.pub,a.example.com 192.0.2.1,,hosts,,\nb.pub,b.example.com,b,other,7d,b.crt\n";
    let expected = [
        "a.pub a.example.com [\"a.example.com\", \"192.0.2.1\"] hosts - -> a-cert.pub",
        "b.pub b [\"b.example.com\"] other 7d -> b.crt",
    ];
    assert_eq!(summary(&read_named("hosts.toml", toml).unwrap()), expected);
    assert_eq!(summary(&read_named("hosts.csv", csv).unwrap()), expected);
}

#[test]
fn faults_are_told_with_their_place() {
    let cases = [
        ("hosts.toml", "[[host]]\nprincipals = []\n", "hosts.toml:1:1: a host without public_key"),
        ("hosts.toml", "[[host]]\npublic-key = \"a\"\n", "hosts.toml:2:1: `public-key` is unknown"),
        ("hosts.toml", "[[host]]\npublic_key = 7\n", "hosts.toml:2:14: expected a text in quotes"),
        (
            "hosts.toml",
            "[[host]]\npublic_key = \"a\"\nvalid_for = \"long\"\n",
            "hosts.toml:3:13: `long`: not a length of time",
        ),
        ("hosts.toml", "[[host]\n", "hosts.toml:1:"),
        ("hosts.toml", "", "the inventory names no host"),
        ("hosts.csv", "public_key,names\n", "`names` is no column"),
        (
            "hosts.toml",
            "[[host]]\npublic_key = \"a\"\nprincipals = \"a\"\n",
            "hosts.toml:3:14: `principals` is a list: write it in brackets",
        ),
        (
            "hosts.toml",
            "[[host]]\npublic_key = \"a.pub\"\n[[host]]\npublic_key = \"./b/../a.pub\"\nout = \"./a-cert.pub\"\n",
            "hosts.toml:3:1: two hosts have their certificate",
        ),
        ("hosts.csv", "public_key,principals,principals\na,b,c\n", "names the column `principals` twice"),
        ("hosts.csv", "public_key\n", "names no column `principals`"),
        ("hosts.csv", "public_key,principals\na.pub\n", "no CSV"),
        (
            "hosts.csv",
            "public_key,principals\na.pub,a\na.pub,b\n",
            "hosts.csv:3:1: two hosts have their certificate",
        ),
    ];
    for (name, text, expected) in cases {
        let Err(message) = read_named(name, text) else { panic!("{text:?} is read") };
        assert!(message.contains(expected), "{text:?}: {message}");
    }
}

#[test]
fn a_certificate_is_beside_its_key_whatever_its_name_is_made_of() {
    for (key, certificate) in [
        (&b"a.pub"[..], &b"a-cert.pub"[..]),
        (b"keys/a", b"keys/a-cert.pub"),
        (b"\xff.pub", b"\xff-cert.pub"),
        (b"a.pub\n.pub", b"a.pub\n-cert.pub"),
    ] {
        let path = |bytes: &[u8]| PathBuf::from(OsString::from_vec(bytes.to_vec()));
        assert_eq!(beside(&path(key)), path(certificate));
    }
}

#[test]
fn one_file_is_one_file_under_all_its_names() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("real")).unwrap();
    std::os::unix::fs::symlink("real", folder.path().join("link")).unwrap();
    let inventory = folder.path().join("hosts.csv");
    let hosts = |one: &str, other: &str| {
        let text = format!("public_key,principals,out\na.pub,a,{one}\nb.pub,b,{other}\n");
        fs::write(&inventory, text).unwrap();
        read(&inventory).map(|hosts| hosts.len()).map_err(|failure| failure.to_string())
    };
    let whole = folder.path().join("a").display().to_string();
    for (one, other) in [
        ("a", "./a"),
        ("./a", "a"),
        ("a", "real/../a"),
        ("real/a", "link/a"),
        ("real/a", "real/.//a"),
        ("a", &whole),
        ("missing/a", "./missing/a"),
        ("b-cert.pub", ""),
    ] {
        let message = hosts(one, other).unwrap_err();
        assert!(message.contains("two hosts have their certificate in `"), "{one} {other}: {message}");
    }
    for (one, other) in [("a", "b"), ("a", "real/a"), ("real/a", "link/b"), ("a", "A")] {
        assert_eq!(hosts(one, other), Ok(2), "{one} {other}");
    }
}
