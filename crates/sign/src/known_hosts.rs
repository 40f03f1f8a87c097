//! The lines by which OpenSSH clients know hosts and authorities (sshd(8) "SSH_KNOWN_HOSTS FILE FORMAT"): written here,
//! read and matched by `certgate-facts`, whose types stand here too.

mod host_patterns;
mod written;

pub use self::host_patterns::{HostPatternError, HostPatterns};
pub use self::written::{CommentError, authority_line, revoked_line};
pub use certgate_facts::known_hosts::{
    DEFAULT_PORT, Entry, HOST_PATTERN_BYTES_MAX, HostNames, KNOWN_HOSTS_BYTES_MAX, KnownHosts,
    KnownHostsError, Line, LineDefect, Marker, NamePattern, lookup_name,
};

#[cfg(test)]
mod tests;
