//! Addresses that are not written as clients compare them.

use std::fmt::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use certgate_facts::HostAddress;

/// An address that clients do not compare in the form it has.
pub(crate) struct OddAddress<'a> {
    pub(crate) oddity: Oddity<'a>,
    canonical: Option<String>,
}

/// What is odd about an address.
pub(crate) enum Oddity<'a> {
    /// IPv4 with other than four decimal numbers.
    Ipv4Form,
    /// IPv4 with a number that begins with 0: what clients read, to whom that is octal, and what it is in decimal.
    Ipv4Octal(Ipv4Addr, Ipv4Addr),
    /// IPv6 in capital letters, or longer than it could be.
    Ipv6Form,
    /// This IPv4 address in the form of IPv6.
    Mapped(Ipv4Addr),
    /// It looks like an address, and nothing reads it as one.
    NotAnAddress,
    /// IPv6 with the name of an interface, which is the client's own.
    Zone(&'a str),
}

/// Whether a text is an address in the very form that clients compare. Allocates nothing.
pub(super) fn is_as_compared(text: &str) -> bool {
    HostAddress::read(text).is_some_and(|address| {
        let is_plain = address.zone().is_none() && address.ip().to_canonical() == address.ip();
        let mut rest = Rest(text);
        is_plain && write!(rest, "{address}").is_ok() && rest.0.is_empty()
    })
}

/// What is left of a text that is compared with what is written.
struct Rest<'a>(&'a str);

impl fmt::Write for Rest<'_> {
    fn write_str(&mut self, written: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(written).ok_or(fmt::Error)?;
        Ok(())
    }
}

impl<'a> OddAddress<'a> {
    /// `None` for what is no address, and for an address as clients compare it.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        if is_as_compared(text) {
            return None;
        }
        let Some(address) = HostAddress::read(text) else {
            let canonical = decimal(text).map(|address| address.to_string());
            return looks_like_address(text).then_some(Self { oddity: Oddity::NotAnAddress, canonical });
        };
        let canonical = address.to_string();
        let (oddity, canonical) = match address.ip() {
            IpAddr::V4(ip) => match decimal(text).filter(|decimal| *decimal != ip) {
                Some(decimal) => (Oddity::Ipv4Octal(ip, decimal), None),
                None => (Oddity::Ipv4Form, Some(canonical)),
            },
            IpAddr::V6(ip) => match (address.zone(), ip.to_ipv4_mapped()) {
                (Some(zone), _) => (Oddity::Zone(zone), without_zone(ip)),
                (None, Some(inside)) => (Oddity::Mapped(inside), Some(inside.to_string())),
                (None, None) => (Oddity::Ipv6Form, Some(canonical)),
            },
        };
        Some(Self { oddity, canonical })
    }

    /// The form that clients compare; `None` where there is none for all of them.
    pub(crate) fn canonical(self) -> Option<String> {
        self.canonical
    }
}

/// A link-local address means nothing without its zone, and so has no form that all clients compare.
fn without_zone(ip: Ipv6Addr) -> Option<String> {
    (!ip.is_unicast_link_local() && !ip.is_multicast()).then(|| ip.to_string())
}

/// Numbers with dots between them, or hexadecimal digits with colons.
fn looks_like_address(text: &str) -> bool {
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    let has_colons = address.bytes().filter(|byte| *byte == b':').count() >= 2;
    let is_of_ipv6 = |byte: u8| byte.is_ascii_hexdigit() || b":.".contains(&byte);
    (has_colons && address.bytes().all(is_of_ipv6)) || (text.contains('.') && text.split('.').all(is_number))
}

/// Four decimal numbers, whatever zeros they begin with.
fn decimal(text: &str) -> Option<Ipv4Addr> {
    let mut bytes = [0; 4];
    let mut parts = text.split('.');
    for byte in &mut bytes {
        *byte = parts.next().filter(|part| is_number(part))?.parse().ok()?;
    }
    parts.next().is_none().then(|| bytes.into())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
