//! The options of user certificates that OpenSSH knows (draft-ietf-sshm-cert §2.3 and §2.4).

/// An option by its name.
pub(crate) struct Known {
    pub(crate) name: &'static str,
    pub(crate) value: Value,
}

/// Whether an option has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// It must have one.
    Needed,
    /// It is only there or not.
    None,
}

/// What a server must know and heed.
pub(crate) static CRITICAL_OPTIONS: [Known; 3] =
    [needing("force-command"), needing("source-address"), flag("verify-required")];

/// What a server may pass over.
pub(crate) static EXTENSIONS: [Known; 6] = [
    flag("no-touch-required"),
    flag("permit-X11-forwarding"),
    flag("permit-agent-forwarding"),
    flag("permit-port-forwarding"),
    flag("permit-pty"),
    flag("permit-user-rc"),
];

/// The names, to be read in a message.
pub(crate) fn names(known: &[Known]) -> String {
    known.iter().map(|known| known.name).collect::<Vec<_>>().join(", ")
}

const fn needing(name: &'static str) -> Known {
    Known { name, value: Value::Needed }
}

const fn flag(name: &'static str) -> Known {
    Known { name, value: Value::None }
}
