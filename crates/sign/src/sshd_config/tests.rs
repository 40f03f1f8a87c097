use std::collections::BTreeMap;
use std::io;

use proptest::prelude::*;

use super::*;

/// Files in memory, all of them readable.
struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
    }
}

impl ServerFiles for Memory {
    fn source(&self, path: &str) -> Result<Source, SourceError> {
        let bytes = self.0.get(path).ok_or_else(|| SourceError::Io(io::ErrorKind::NotFound.into()))?;
        Source::from_bytes(path, bytes.clone())
    }

    fn entries(&self, folder: &str) -> Vec<String> {
        let start = format!("{}/", folder.trim_end_matches('/'));
        let below = self.0.keys().filter_map(|path| path.strip_prefix(&start)?.split('/').next());
        let mut names: Vec<String> = below.map(str::to_owned).collect();
        names.dedup();
        names
    }

    fn permissions(&self, path: &str) -> Option<Permissions> {
        self.0.get(path).map(|_| Permissions { mode: 0o600, owner: 0 })
    }
}

/// `path:line keyword argument…` of each directive, those in a `Match` block after a `|`.
fn read(files: &[(&str, &str)]) -> Result<Vec<String>, SshdConfigError> {
    let config = SshdConfig::read("/sshd_config", &Memory::new(files))?;
    let shown = |directive: &Directive| {
        let inside = if directive.is_in_match() { "| " } else { "" };
        format!("{inside}{} {} {}", directive.place(), directive.keyword(), directive.arguments().join("|"))
    };
    Ok(config.directives().iter().map(shown).collect())
}

fn place(path: &str, line: usize) -> ConfigPlace {
    ConfigPlace { path: path.to_owned(), line }
}

#[test]
fn lines_are_taken_apart_as_sshd_does() {
    for (line, expected) in [
        ("HostKey /a", Some("hostkey /a")),
        ("  HOSTKEY\t /a  \r", Some("hostkey /a")),
        ("HostKey=/a", Some("hostkey /a")),
        ("HostKey = /a", Some("hostkey /a")),
        ("HostKey \"/a b\"", Some("hostkey /a b")),
        ("HostKey '/a b'", Some("hostkey /a b")),
        ("HostKey /a\\ b", Some("hostkey /a b")),
        ("HostKey /a\\b", Some("hostkey /a\\b")),
        ("HostKey \"/a\\\"b\"", Some("hostkey /a\"b")),
        ("\"HostKey\" /a", Some("hostkey /a")),
        ("HostKey /a # b", Some("hostkey /a")),
        ("HostKey /a#b", Some("hostkey /a#b")),
        ("AcceptEnv A B\t\"\"", Some("acceptenv A|B|")),
        ("# HostKey /a", None),
        ("", None),
        (" \t", None),
    ] {
        let expected: Vec<String> = expected.iter().map(|words| format!("/sshd_config:1 {words}")).collect();
        assert_eq!(read(&[("/sshd_config", line)]), Ok(expected), "{line}");
    }
    let error = |line| read(&[("/sshd_config", line)]).unwrap_err();
    assert_eq!(error("\nHostKey \"/a"), SshdConfigError::Quotes { place: place("/sshd_config", 2) });
    let missing =
        SshdConfigError::ArgumentMissing { place: place("/sshd_config", 1), keyword: "hostkey".to_owned() };
    assert_eq!((error("HostKey"), error("HostKey #")), (missing.clone(), missing));
}

#[test]
fn what_is_included_stands_in_its_place_and_match_ends_with_its_file() {
    let read = read(&[
        (
            "/sshd_config",
            "A 1\nInclude /etc/ssh/d/*.conf rest\nB 2\nMatch Host y\nC 3\nInclude /etc/ssh/in\nD 4\nMatch ALL\nL 12\n",
        ),
        ("/etc/ssh/d/20.conf", "E 5\nMatch User x\nF 6\n"),
        ("/etc/ssh/d/10.conf", "G 7"),
        ("/etc/ssh/d/.hidden.conf", "H 8"),
        ("/etc/ssh/d/10.off", "I 9"),
        ("/etc/ssh/rest", "J 10"),
        ("/etc/ssh/in", "K 11"),
    ]);
    let expected = [
        "/sshd_config:1 a 1",
        "/etc/ssh/d/10.conf:1 g 7",
        "/etc/ssh/d/20.conf:1 e 5",
        "| /etc/ssh/d/20.conf:2 match User|x",
        "| /etc/ssh/d/20.conf:3 f 6",
        "/etc/ssh/rest:1 j 10",
        "/sshd_config:3 b 2",
        "| /sshd_config:4 match Host|y",
        "| /sshd_config:5 c 3",
        "| /etc/ssh/in:1 k 11",
        "| /sshd_config:7 d 4",
        "/sshd_config:8 match ALL",
        "/sshd_config:9 l 12",
    ];
    assert_eq!(read, Ok(expected.map(str::to_owned).to_vec()));
}

#[test]
fn patterns_of_paths_match_as_shells_have_it() {
    let paths = ["/d/a.conf", "/d/ab.conf", "/d/b1.conf", "/d/[x]", "/d/.a.conf", "/e/a.conf", "/d/-"];
    let files = Memory::new(&paths.map(|path| (path, "")));
    for (pattern, expected) in [
        ("/d/*.conf", &["/d/a.conf", "/d/ab.conf", "/d/b1.conf"][..]),
        ("/d/?.conf", &["/d/a.conf"]),
        ("/d/[ab]*.conf", &["/d/a.conf", "/d/ab.conf", "/d/b1.conf"]),
        ("/d/[!a]*.conf", &["/d/b1.conf"]),
        ("/d/b[0-9].conf", &["/d/b1.conf"]),
        ("/d/\\[x\\]", &["/d/[x]"]),
        ("/d/[[]x]", &["/d/[x]"]),
        ("/d/[]-]", &["/d/-"]),
        ("/d/[x", &[]),
        ("/d/.*", &["/d/.a.conf"]),
        ("/*/a.conf", &["/d/a.conf", "/e/a.conf"]),
        ("/d/missing", &[]),
        ("/d/a.conf", &["/d/a.conf"]),
    ] {
        assert_eq!(
            expand(pattern, &files),
            Some(expected.iter().map(|path| (*path).to_owned()).collect()),
            "{pattern}"
        );
    }
}

#[test]
fn limits_hold() {
    let own = read(&[("/sshd_config", "\nInclude /sshd_config")]);
    assert_eq!(own, Err(SshdConfigError::TooDeep { place: place("/sshd_config", 2) }));
    let twice = read(&[("/sshd_config", "Include /a /a"), ("/a", "Include /b /b\n"), ("/b", "X 1")]);
    assert_eq!(twice.map(|lines| lines.len()), Ok(4));
    let many: Vec<(String, &str)> = (0..CONFIG_FILES_MAX).map(|at| (format!("/d/{at}"), "")).collect();
    let mut files: Vec<(&str, &str)> = many.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    files.push(("/sshd_config", "Include /d/*"));
    assert_eq!(read(&files), Err(SshdConfigError::TooManyFiles { place: place("/sshd_config", 1) }));
    files.remove(0);
    assert_eq!(read(&files), Ok(Vec::new()));
    let large = "#".repeat(CONFIG_BYTES_MAX + 1);
    let error = SshdConfigError::TooLarge { path: "/sshd_config".to_owned() };
    assert_eq!(read(&[("/sshd_config", &large)]), Err(error));
    assert_eq!(read(&[("/sshd_config", &large[1..])]), Ok(Vec::new()));
    assert!(matches!(read(&[]), Err(SshdConfigError::Unreadable { place: None, .. })));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(
        text in "([ -~\t\r\n]|Include |/d/|Match |\"|\\\\|\\[|\\]|\\*|é){0,60}",
        name in "[a-c\\[\\]*.-]{0,5}",
    ) {
        let path = format!("/d/{name}");
        let files = [("/sshd_config", text.as_str()), (path.as_str(), "X 1"), ("/d/a", "Include /d/*")];
        let _ = read(&files);
    }
}
