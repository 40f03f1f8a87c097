//! Runs OpenSSH in a folder that disappears.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use certgate_facts::{SshCertificate, SshPublicKey};
use tempfile::TempDir;

/// A folder for keys, certificates and lists.
pub(crate) struct Folder {
    folder: TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn line(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap().trim_end().to_owned()
    }

    /// Runs `ssh-keygen` here, whatever comes of it.
    pub(crate) fn keygen(&self, arguments: &[&str]) -> Output {
        run(Command::new("ssh-keygen").args(arguments).current_dir(self.root()), "openssh-client")
    }

    /// Runs `ssh-keygen` here, and it must succeed.
    pub(crate) fn keygen_ok(&self, arguments: &[&str]) -> String {
        let output = self.keygen(arguments);
        assert!(output.status.success(), "ssh-keygen {arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// A new key in `name`, its public half in `name.pub`.
    pub(crate) fn key(&self, name: &str, kind: &[&str]) -> SshPublicKey {
        self.keygen_ok(&[&["-q", "-N", "", "-C", name, "-f", name, "-t"], kind].concat());
        self.public(&format!("{name}.pub"))
    }

    pub(crate) fn public(&self, name: &str) -> SshPublicKey {
        SshPublicKey::read(&self.line(name)).unwrap()
    }

    /// A certificate in `out-cert.pub` for the key in `key.pub`; `more` are arguments of `ssh-keygen -s`.
    pub(crate) fn certificate(&self, authority: &str, key: &str, out: &str, more: &[&str]) -> SshCertificate {
        let public = format!("{out}.pub");
        if key != out {
            fs::copy(self.path(&format!("{key}.pub")), self.path(&public)).unwrap();
        }
        self.keygen_ok(&[&["-q", "-s", authority], more, &[&public]].concat());
        SshCertificate::read(&self.line(&format!("{out}-cert.pub"))).unwrap()
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a program with nothing of the surroundings but where programs are.
pub(crate) fn run(command: &mut Command, package: &str) -> Output {
    command.env_clear().env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    command.stdin(Stdio::null());
    let output = command.output();
    output.unwrap_or_else(|error| panic!("install {package}: {:?}: {error}", command.get_program()))
}

/// The words before `sshd` that make it run without root's rights, for which it would want folders of the system.
///
/// Everything in the folder then belongs to who runs it.
pub(crate) fn without_root(folder: &Folder) -> &'static [&'static str] {
    let output = run(Command::new("id").arg("-u"), "coreutils");
    if text(&output.stdout).trim() != "0" {
        return &[];
    }
    let output = run(Command::new("chown").args(["-R", "65534:65534"]).arg(folder.root()), "coreutils");
    assert!(output.status.success(), "{}", text(&output.stderr));
    &["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
}
