//! The host that a client is asked to reach.

use certgate_facts::HostAddress;

use crate::known_hosts::{DEFAULT_PORT, lookup_name};

/// A host as a client looks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    host: String,
    port: u16,
    alias: Option<String>,
}

impl Target {
    /// The host as typed, or as `HostName` or canonicalisation gives it, without brackets. Names are put in lower
    /// case, addresses in their canonical form.
    #[must_use]
    pub fn new(host: &str, port: u16) -> Self {
        Self { host: canonical(host), port, alias: None }
    }

    /// With a `HostKeyAlias`, which takes the place of name and port in every comparison.
    #[must_use]
    pub fn with_alias(self, alias: &str) -> Self {
        Self { alias: Some(alias.to_ascii_lowercase()), ..self }
    }

    /// The name that principals of certificates are compared with. It has no port.
    #[must_use]
    pub fn name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.host)
    }

    /// The names under which known hosts are searched, the second only if under the first
    /// nothing is settled.
    #[must_use]
    pub fn lookup_names(&self) -> (String, Option<String>) {
        match &self.alias {
            Some(alias) => (alias.clone(), None),
            None if self.port == DEFAULT_PORT => (self.host.clone(), None),
            None => (lookup_name(&self.host, self.port), Some(self.host.clone())),
        }
    }
}

fn canonical(host: &str) -> String {
    HostAddress::read(host).map_or_else(|| host.to_ascii_lowercase(), |address| address.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lowered_and_addresses_made_canonical() {
        for (typed, expected) in [
            ("WEB.Example.COM", "web.example.com"),
            ("web.example.com.", "web.example.com."),
            ("2001:DB8:0:0::7", "2001:db8::7"),
            ("::FFFF:192.0.2.1", "::ffff:192.0.2.1"),
            ("::192.0.2.1", "::192.0.2.1"),
            ("::1", "::1"),
            ("FE80::1%eth0", "fe80::1%eth0"),
            ("192.0.2.1", "192.0.2.1"),
            ("127.1", "127.0.0.1"),
            ("0x7f.0.0.01", "127.0.0.1"),
            ("2130706433", "127.0.0.1"),
            ("256.0.0.1", "256.0.0.1"),
            ("1.2.3.4.5", "1.2.3.4.5"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(Target::new(typed, 22).name(), expected);
        }
    }

    #[test]
    fn a_port_stands_in_the_first_name_only_and_an_alias_hides_it() {
        let target = Target::new("Web", 2222);
        assert_eq!(target.lookup_names(), ("[web]:2222".to_owned(), Some("web".to_owned())));
        assert_eq!(target.name(), "web");
        let alias = target.with_alias("Other");
        assert_eq!(alias.lookup_names(), ("other".to_owned(), None));
        assert_eq!(alias.name(), "other");
    }
}
