//! OpenSSH, the witness of what is said of its certificates, in a folder that disappears.

use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::Certgate;

/// A folder for keys, certificates and lists.
pub(crate) struct Folder {
    folder: TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// A file that nobody but its owner may read.
    pub(crate) fn write_secret(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.write(name, bytes);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        path
    }

    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The only line of a file.
    #[track_caller]
    pub(crate) fn line(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap().trim_end().to_owned()
    }

    /// A key and a certificate of it by an authority, all new: `ca`, `host`, `host-cert.pub`. Valid through 2026.
    pub(crate) fn with_certificate(principals: &str) -> Self {
        let folder = Self::new();
        folder.key("ca", &["ed25519"]);
        folder.key("host", &["ed25519"]);
        folder.certify("ca", "host", &["-h", "-I", "web-1", "-z", "7", "-n", principals, "-V", YEAR_2026]);
        folder
    }

    /// A new key without a passphrase in `name`, its public half in `name.pub`.
    pub(crate) fn key(&self, name: &str, kind: &[&str]) {
        self.keygen_ok(&[&["-q", "-N", "", "-C", name, "-f", name, "-t"], kind].concat());
    }

    /// A certificate in `key-cert.pub`; `more` are arguments of `ssh-keygen -s`.
    pub(crate) fn certify(&self, authority: &str, key: &str, more: &[&str]) {
        self.keygen_ok(&[&["-q", "-s", authority], more, &[&format!("{key}.pub")]].concat());
    }

    /// Another name for the same key.
    pub(crate) fn copy(&self, from: &str, to: &str) {
        std::fs::copy(self.path(from), self.path(to)).unwrap();
    }

    /// `ssh-keygen`, and it must succeed.
    #[track_caller]
    pub(crate) fn keygen_ok(&self, arguments: &[&str]) -> String {
        let output = self.openssh("ssh-keygen", arguments);
        assert!(
            output.status.success(),
            "ssh-keygen {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// A program in this folder, with nothing of the surroundings but where programs are.
    #[track_caller]
    pub(crate) fn openssh<A: AsRef<OsStr>>(&self, program: &str, arguments: &[A]) -> Output {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.root()).stdin(Stdio::null()).env_clear();
        command.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        command.output().unwrap_or_else(|error| {
            panic!("install openssh-client, openssh-server, systemd: {program}: {error}")
        })
    }

    /// `sshd`, without root's rights.
    #[track_caller]
    pub(crate) fn sshd(&self, arguments: &[&str]) -> Output {
        let words = self.without_root();
        let program: Vec<&str> = words.iter().copied().chain(["/usr/sbin/sshd"]).collect();
        self.openssh(program[0], &[&program[1..], arguments].concat())
    }

    /// The words before a program that make it run without root's rights, for which `sshd` would want folders of the system.
    /// Everything in the folder then belongs to who runs it.
    #[track_caller]
    pub(crate) fn without_root(&self) -> &'static [&'static str] {
        let id = self.openssh("id", &["-u"]);
        if String::from_utf8_lossy(&id.stdout).trim() != "0" {
            return &[];
        }
        let owner = self.openssh("chown", &["-R", "65534:65534", "."]);
        assert!(owner.status.success(), "{owner:?}");
        &["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    }

    /// `certgate ssh` in this folder, with its state in `state`.
    pub(crate) fn certgate<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Certgate {
        Certgate::new(["ssh"]).folder(self.root()).variable("CERTGATE_STATE", "state").arguments(arguments)
    }
}

/// A validity for `ssh-keygen -V`.
pub(crate) const YEAR_2026: &str = "20260101000000Z:20270101000000Z";
