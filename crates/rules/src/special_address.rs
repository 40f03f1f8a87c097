//! Addresses that belong to nobody in particular.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Blocks of the IANA IPv4 Special-Purpose Address Registry: first address, length of the prefix, what it is for.
const IPV4_BLOCKS: [(Ipv4Addr, u32, &str); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private networks"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "networks behind a carrier's address"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "the machine itself"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "one link"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private networks"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "protocols"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 31, 196, 0), 24, "protocols"),
    (Ipv4Addr::new(192, 52, 193, 0), 24, "protocols"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "protocols"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private networks"),
    (Ipv4Addr::new(192, 175, 48, 0), 24, "protocols"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "measurements"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "times to come"),
];

/// Blocks of the IANA IPv6 Special-Purpose Address Registry.
const IPV6_BLOCKS: [(Ipv6Addr, u32, &str); 14] = [
    (Ipv6Addr::UNSPECIFIED, 128, "no host"),
    (Ipv6Addr::LOCALHOST, 128, "the machine itself"),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, "IPv4 addresses"),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, "translation to IPv4"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "translation to IPv4"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 63, "what is to be discarded"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "protocols"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "documentation"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "IPv6 within IPv4"),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48, "protocols"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation"),
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16, "segment routing"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "private networks"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "one link"),
];

/// What the address is reserved for; `None` of one that a host of the internet may have.
pub(crate) fn reserved_for(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => {
            let is_in = |first: Ipv4Addr, length| (address.to_bits() ^ first.to_bits()) >> (32 - length) == 0;
            IPV4_BLOCKS.iter().find(|(first, length, _)| is_in(*first, *length)).map(|(.., what)| *what)
        }
        IpAddr::V6(address) => {
            let is_in =
                |first: Ipv6Addr, length| (address.to_bits() ^ first.to_bits()) >> (128 - length) == 0;
            IPV6_BLOCKS.iter().find(|(first, length, _)| is_in(*first, *length)).map(|(.., what)| *what)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_begin_and_end_where_the_registries_say() {
        for (address, expected) in [
            ("9.255.255.255", None),
            ("10.0.0.0", Some("private networks")),
            ("10.255.255.255", Some("private networks")),
            ("11.0.0.0", None),
            ("100.63.255.255", None),
            ("100.127.255.255", Some("networks behind a carrier's address")),
            ("172.31.255.255", Some("private networks")),
            ("172.32.0.0", None),
            ("192.0.1.0", None),
            ("198.19.255.255", Some("measurements")),
            ("255.255.255.255", Some("times to come")),
            ("8.8.8.8", None),
            ("::", Some("no host")),
            ("::1", Some("the machine itself")),
            ("::ffff:8.8.8.8", Some("IPv4 addresses")),
            ("2001:1ff:ffff::", Some("protocols")),
            ("2001:200::1", None),
            ("2001:db8::1", Some("documentation")),
            ("2606:4700::1111", None),
            ("fdff::1", Some("private networks")),
            ("fec0::1", None),
        ] {
            assert_eq!(reserved_for(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn every_block_begins_with_an_address_of_its_own() {
        for (first, length, _) in IPV4_BLOCKS {
            assert_eq!(u64::from(first.to_bits()) << length & 0xffff_ffff, 0, "{first}/{length}");
        }
        for (first, length, _) in IPV6_BLOCKS {
            assert_eq!(first.to_bits().checked_shl(length).unwrap_or(0), 0, "{first}/{length}");
        }
    }
}
