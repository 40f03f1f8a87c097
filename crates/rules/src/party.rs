//! Whom a certificate is for, and who takes it from them, in words.

use certgate_facts::SshRole;

/// A host or a user, as messages name them.
pub(crate) struct Party {
    /// Who shows the certificate.
    pub(crate) noun: &'static str,
    /// Who is shown it.
    pub(crate) judges: &'static str,
    /// Where the public key stands.
    pub(crate) key_file: &'static str,
    /// How another key is made.
    pub(crate) new_key: &'static str,
}

const HOST: Party = Party {
    noun: "host",
    judges: "clients",
    key_file: "/etc/ssh/ssh_host_ed25519_key.pub",
    new_key: "make another key on the host: `ssh-keygen -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key`",
};

const USER: Party = Party {
    noun: "user",
    judges: "servers",
    key_file: "~/.ssh/id_ed25519.pub",
    new_key: "let the user make another key: `ssh-keygen -t ed25519`",
};

impl Party {
    pub(crate) const fn of(role: SshRole) -> &'static Self {
        match role {
            SshRole::User => &USER,
            _ => &HOST,
        }
    }
}
