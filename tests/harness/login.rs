//! A real user who logs in at a real server.
//!
//! The client starts `sshd -i` as its proxy command: no port, no daemon, no root. Who logs in is the user that the server runs
//! as, since without root's rights it can let in nobody else.

use super::Folder;

/// How a server comes to trust an authority, whose public key is in the file `ca.pub`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trusting {
    /// By a line of authorized_keys.
    AuthorizedKeys,
    /// For all users, under names that a file has.
    Principals(&'static str),
    /// For all users, each under their own name.
    TrustedUserKeys,
}

impl Trusting {
    /// Whether the user `id`, who shows `id-cert.pub`, is let in, and all that is said meanwhile.
    #[track_caller]
    pub(crate) fn lets_in(self, folder: &Folder) -> (bool, String) {
        let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
        let authority = folder.line("ca.pub");
        folder.write("authorized", format!("cert-authority {authority}\n"));
        let trust = match self {
            Self::AuthorizedKeys => format!("AuthorizedKeysFile {}", path("authorized")),
            Self::Principals(names) => {
                folder.write("principals", names);
                let files = [path("ca.pub"), path("principals")];
                format!("TrustedUserCAKeys {}\nAuthorizedPrincipalsFile {}", files[0], files[1])
            }
            Self::TrustedUserKeys => format!("TrustedUserCAKeys {}", path("ca.pub")),
        };
        // Without PAM an account without a password of its own counts as locked.
        let config = format!("HostKey {}\nPidFile none\nStrictModes no\nUsePAM yes\n{trust}\n", path("host"));
        folder.write("sshd_config", config);
        let as_user = folder.without_root();
        let server = [as_user, &["/usr/sbin/sshd"]].concat().join(" ");
        let name = Self::user(folder);
        let options = [
            "BatchMode=yes".to_owned(),
            "PreferredAuthentications=publickey".to_owned(),
            "IdentitiesOnly=yes".to_owned(),
            format!("IdentityFile={}", path("id")),
            format!("CertificateFile={}", path("id-cert.pub")),
            "StrictHostKeyChecking=no".to_owned(),
            "UserKnownHostsFile=/dev/null".to_owned(),
            format!("ProxyCommand={server} -i -e -o LogLevel=VERBOSE -f {}", path("sshd_config")),
        ];
        let mut arguments = vec!["-v", "-F", "none", "-l", &name];
        arguments.extend(options.iter().flat_map(|option| ["-o", option]));
        arguments.extend(["web.example.com", "true"]);
        let output = folder.openssh("ssh", &arguments);
        let output = String::from_utf8_lossy(&output.stderr).into_owned();
        let is_let_in = output.contains("Authenticated to web.example.com");
        assert!(is_let_in || output.contains("Permission denied"), "{self:?}: {output}");
        (is_let_in, output)
    }

    /// The name of the user who logs in.
    pub(crate) fn user(folder: &Folder) -> String {
        let as_user = folder.without_root();
        let name = folder.openssh("id", if as_user.is_empty() { &["-un"] } else { &["-un", "65534"] });
        String::from_utf8(name.stdout).unwrap().trim().to_owned()
    }
}
