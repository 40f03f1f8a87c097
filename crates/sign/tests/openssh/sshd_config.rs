//! Configurations as `sshd` reads them, and as we do.

use std::fs;
use std::process::Command;

use certgate_facts::{Source, SourceError};
use certgate_sign::sshd_config::{Permissions, ServerFiles, SshdConfig};

use super::tools::{Folder, run, text, without_root};

/// The files of this machine.
struct Files;

impl ServerFiles for Files {
    fn source(&self, path: &str) -> Result<Source, SourceError> {
        Source::read(path, fs::File::open(path).map_err(SourceError::Io)?)
    }

    fn entries(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }

    fn permissions(&self, path: &str) -> Option<Permissions> {
        fs::metadata(path).ok().map(|_| Permissions { mode: 0o600, owner: 0 })
    }
}

/// The certificates in order, and the first of the banners, as `sshd -T` prints them; nothing if it does not start.
fn theirs(folder: &Folder) -> Option<(Vec<String>, String)> {
    let words = [without_root(folder), &["/usr/sbin/sshd", "-T", "-f"]].concat();
    let output = run(Command::new(words[0]).args(&words[1..]).arg(folder.path("config")), "openssh-server");
    let shown = text(&output.stdout);
    let values = |keyword: &str| -> Vec<String> {
        let start = format!("{keyword} ");
        shown.lines().filter_map(|line| line.strip_prefix(&start)).map(str::to_owned).collect()
    };
    output.status.success().then(|| (values("hostcertificate"), values("banner").concat()))
}

fn ours(folder: &Folder) -> Option<(Vec<String>, String)> {
    let config = SshdConfig::read(folder.path("config").to_str().unwrap(), &Files).ok()?;
    let values = |keyword| -> Vec<String> {
        config.global(keyword).map(|directive| directive.arguments()[0].clone()).collect()
    };
    let banner = values("banner").into_iter().next();
    Some((values("hostcertificate"), banner.unwrap_or_else(|| "none".to_owned())))
}

/// What follows `HostKey`; `{d}` is the folder.
const CONFIGURATIONS: [&str; 23] = [
    "HostCertificate /a",
    "HostCertificate /b\nHostCertificate /a",
    "hostcertificate=/a",
    "HOSTCERTIFICATE = /a",
    "\t HostCertificate\t/a \t\r",
    "HostCertificate \"/a b\"",
    "HostCertificate '/a b'",
    "HostCertificate /a\\ b",
    "HostCertificate /a\\b",
    "HostCertificate \"/a\\\"b\"",
    "HostCertificate /a # comment",
    "HostCertificate /a#b",
    "\"HostCertificate\" /a",
    "HostCertificate \"/a",
    "HostCertificate",
    "Banner /one\nBanner /two",
    "Include {d}/d/*.conf\nBanner /last",
    "Banner /first\nInclude {d}/d/*.conf",
    "Include {d}/d/2*.conf {d}/d/[!2]*.conf\n",
    "Include {d}/missing*\nInclude {d}/d/10.conf {d}/d/10.conf",
    "Match all\nBanner /in\nHostCertificate /in",
    "Match User nobody-at-all\nBanner /in\nMatch all\nHostCertificate /after",
    "Include {d}/d/match.inc\nHostCertificate /after",
];

#[test]
fn configurations_are_read_as_sshd_reads_them() {
    let folder = Folder::new();
    folder.key("key", &["ed25519"]);
    fs::create_dir(folder.path("d")).unwrap();
    folder.write("d/10.conf", "HostCertificate /ten\nBanner /ten\n");
    folder.write("d/20.conf", "HostCertificate /twenty\nBanner /twenty\n");
    folder.write("d/.hidden.conf", "HostCertificate /hidden\n");
    folder.write("d/match.inc", "Match User nobody-at-all\nBanner /in\n");
    let root = folder.root().to_str().unwrap();
    let mut read = 0;
    for configuration in CONFIGURATIONS {
        let configuration = configuration.replace("{d}", root);
        folder.write("config", format!("HostKey {root}/key\n{configuration}\n"));
        let (theirs, ours) = (theirs(&folder), ours(&folder));
        assert_eq!(ours, theirs, "{configuration}");
        read += usize::from(theirs.is_some());
    }
    assert!((15..CONFIGURATIONS.len()).contains(&read), "{read}");
}
