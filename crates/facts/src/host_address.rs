//! Addresses as OpenSSH's client reads them where a host is named.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address that stands where a host is named, in any form that a client takes for one.
///
/// Its `Display` is the one form that the client puts it in before it compares it with anything.
///
/// ```
/// use certgate_facts::HostAddress;
///
/// let canonical = |text| HostAddress::read(text).map(|address| address.to_string());
/// assert_eq!(canonical("2001:DB8:0:0::7").as_deref(), Some("2001:db8::7"));
/// assert_eq!(canonical("192.0.513").as_deref(), Some("192.0.2.1"));
/// assert_eq!(canonical("010.0.0.1").as_deref(), Some("8.0.0.1")); // a leading zero means octal
/// assert_eq!(canonical("web-1.example.com"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HostAddress<'a> {
    ip: IpAddr,
    zone: Option<&'a str>,
}

impl<'a> HostAddress<'a> {
    /// Reads IPv6, with a zone or without, and every form of IPv4 that inet_aton(3) knows; `None` for anything else,
    /// white space and brackets included.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        if let Some(address) = ipv4(text) {
            return Some(Self { ip: address.into(), zone: None });
        }
        let (address, zone) = match text.split_once('%') {
            Some((address, zone)) => (address, Some(zone)),
            None => (text, None),
        };
        Some(Self { ip: address.parse::<Ipv6Addr>().ok()?.into(), zone })
    }

    /// The address, without its zone.
    #[must_use]
    pub const fn ip(&self) -> IpAddr {
        self.ip
    }

    /// The zone: the name that the client's machine gives to one of its interfaces.
    #[must_use]
    pub const fn zone(&self) -> Option<&'a str> {
        self.zone
    }
}

impl fmt::Display for HostAddress<'_> {
    /// As inet_ntop(3) writes it: like RFC 5952, and with a dotted end for the addresses of `::/96` too.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ip {
            IpAddr::V6(address) => match address.segments() {
                [0, 0, 0, 0, 0, 0, high, low] if high != 0 => {
                    write!(formatter, "::{}", Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))?;
                }
                _ => address.fmt(formatter)?,
            },
            IpAddr::V4(address) => address.fmt(formatter)?,
        }
        match self.zone {
            Some(zone) => write!(formatter, "%{zone}"),
            None => Ok(()),
        }
    }
}

/// One to four numbers, decimal, octal or hexadecimal, the last of which fills the bytes that are left.
fn ipv4(text: &str) -> Option<Ipv4Addr> {
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut numbers = [0; 4];
    let mut count = 0;
    for part in text.split('.') {
        *numbers.get_mut(count)? = ipv4_number(part)?;
        count += 1;
    }
    let (last, first) = numbers.get(..count)?.split_last()?;
    let bytes_left = 4u32.checked_sub(u32::try_from(first.len()).ok()?)?;
    if u64::from(*last) >> (8 * bytes_left) != 0 {
        return None;
    }
    let mut address = *last;
    for (number, shift) in first.iter().zip([24, 16, 8]) {
        address |= u32::from(u8::try_from(*number).ok()?) << shift;
    }
    Some(Ipv4Addr::from(address))
}

fn ipv4_number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix('0') {
        Some(rest) if rest.starts_with(['x', 'X']) => (rest.get(1..)?, 16),
        Some("") | None => (text, 10),
        Some(rest) => (rest, 8),
    };
    // Alone, `from_str_radix` would take a sign.
    let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_number.then(|| u32::from_str_radix(digits, radix).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_address_is_written_in_the_one_that_clients_compare() {
        for (text, expected) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.513", "192.0.2.1"),
            ("127.1", "127.0.0.1"),
            ("0x7f.0.0.01", "127.0.0.1"),
            ("0X7F.1", "127.0.0.1"),
            ("010.1.2.3", "8.1.2.3"),
            ("2130706433", "127.0.0.1"),
            ("4294967295", "255.255.255.255"),
            ("00", "0.0.0.0"),
            ("2001:DB8:0:0::7", "2001:db8::7"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("::FFFF:192.0.2.1", "::ffff:192.0.2.1"),
            ("::ffff:0:0", "::ffff:0.0.0.0"),
            ("::c000:201", "::192.0.2.1"),
            ("::1.2.0.0", "::1.2.0.0"),
            ("::0.0.0.5", "::5"),
            ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"),
            ("FE80::1%eth0", "fe80::1%eth0"),
        ] {
            assert_eq!(HostAddress::read(text).map(|address| address.to_string()).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_clients_look_up_as_a_name_is_no_address() {
        for text in [
            "",
            "web",
            "3com",
            "256.0.0.1",
            "1.2.3.4.5",
            "1.2.65536",
            "4294967296",
            "08.1",
            "099",
            "0x",
            "1..2",
            "1.",
            "+1.2.3.4",
            "-1",
            " 1",
            "[::1]",
            "::1.2.3.04",
            "2001:db8:::1",
            "1:2:3:4:5:6:7:8:22",
            "web%eth0",
        ] {
            assert_eq!(HostAddress::read(text), None, "{text}");
        }
    }
}
