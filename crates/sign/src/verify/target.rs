//! The host that a client is asked to reach.

use std::net::{Ipv4Addr, Ipv6Addr};

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
    if let Some(address) = ipv4(host) {
        return address.to_string();
    }
    let (address, zone) = host.split_once('%').map_or((host, None), |(address, zone)| (address, Some(zone)));
    match (address.parse::<Ipv6Addr>(), zone) {
        (Ok(address), None) => ipv6_text(address),
        (Ok(address), Some(zone)) => format!("{}%{zone}", ipv6_text(address)),
        (Err(_), _) => host.to_ascii_lowercase(),
    }
}

/// An address in any form that inet_aton(3) reads: one to four numbers, decimal, octal or hexadecimal, the last of
/// which fills the bytes that are left.
fn ipv4(host: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u32> = host.split('.').map(ipv4_number).collect::<Option<_>>()?;
    let (last, first) = parts.split_last()?;
    let bytes_left = 4u32.checked_sub(u32::try_from(first.len()).ok()?).filter(|left| *left > 0)?;
    if u64::from(*last) >> (8 * bytes_left) != 0 {
        return None;
    }
    let mut address = *last;
    for (part, shift) in first.iter().zip([24, 16, 8]) {
        address |= u32::from(u8::try_from(*part).ok()?) << shift;
    }
    Some(Ipv4Addr::from(address))
}

fn ipv4_number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix('0') {
        Some(rest) if rest.starts_with(['x', 'X']) => (rest.get(1..)?, 16),
        Some("") | None => (text, 10),
        Some(rest) => (rest, 8),
    };
    if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        u32::from_str_radix(digits, radix).ok()
    } else {
        None
    }
}

/// As inet_ntop(3) writes it: like RFC 5952, with a dotted end for addresses compatible with IPv4 too.
fn ipv6_text(address: Ipv6Addr) -> String {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => {
            format!("::{}", Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
        }
        _ => address.to_string(),
    }
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
