//! General names (RFC 5280 §4.2.1.6): subject alternative names and the names of constraints.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use x509_parser::extensions::GeneralName as Parsed;

use crate::name::Name;

/// One general name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GeneralName {
    /// directoryName.
    Directory(Name),
    /// dNSName, as written in the certificate.
    Dns(String),
    /// rfc822Name.
    Email(String),
    /// iPAddress of 4 or 16 bytes.
    Ip(IpAddr),
    /// iPAddress of a name constraint: address and mask.
    IpRange(IpAddr, IpAddr),
    /// Any other kind, by its name in RFC 5280.
    Other(&'static str),
    /// uniformResourceIdentifier.
    Uri(String),
}

impl GeneralName {
    /// `None` where an address has no meaningful length, or a name is not of the ASCII its type asks for.
    pub(crate) fn read(name: &Parsed<'_>) -> Option<Self> {
        Some(match name {
            Parsed::DNSName(name) | Parsed::RFC822Name(name) | Parsed::URI(name) if !name.is_ascii() => {
                return None;
            }
            Parsed::DNSName(name) => Self::Dns((*name).to_owned()),
            Parsed::RFC822Name(name) => Self::Email((*name).to_owned()),
            Parsed::URI(uri) => Self::Uri((*uri).to_owned()),
            Parsed::IPAddress(bytes) => return read_ip(bytes),
            Parsed::DirectoryName(name) => Self::Directory(Name::read_as_it_stands(name)),
            Parsed::OtherName(..) => Self::Other("otherName"),
            Parsed::X400Address(_) => Self::Other("x400Address"),
            Parsed::EDIPartyName(_) => Self::Other("ediPartyName"),
            Parsed::RegisteredID(_) => Self::Other("registeredID"),
            Parsed::Invalid(..) => return None,
        })
    }
}

fn read_ip(bytes: &[u8]) -> Option<GeneralName> {
    let v4 = |bytes: &[u8]| <[u8; 4]>::try_from(bytes).map(|octets| IpAddr::V4(Ipv4Addr::from(octets))).ok();
    let v6 = |bytes: &[u8]| <[u8; 16]>::try_from(bytes).map(|octets| IpAddr::V6(Ipv6Addr::from(octets))).ok();
    match bytes.len() {
        4 => v4(bytes).map(GeneralName::Ip),
        16 => v6(bytes).map(GeneralName::Ip),
        8 => Some(GeneralName::IpRange(v4(&bytes[..4])?, v4(&bytes[4..])?)),
        32 => Some(GeneralName::IpRange(v6(&bytes[..16])?, v6(&bytes[16..])?)),
        _ => None,
    }
}

impl fmt::Display for GeneralName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(name) => write!(formatter, "DirName:{name}"),
            Self::Dns(name) => write!(formatter, "DNS:{name}"),
            Self::Email(address) => write!(formatter, "email:{address}"),
            Self::Ip(address) => write!(formatter, "IP:{address}"),
            Self::IpRange(address, mask) => write!(formatter, "IP:{address}/{mask}"),
            Self::Other(kind) => formatter.write_str(kind),
            Self::Uri(uri) => write!(formatter, "URI:{uri}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_in_canonical_form() {
        let address = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7];
        assert_eq!(read_ip(&address).unwrap().to_string(), "IP:2001:db8::7");
        assert_eq!(read_ip(&[10, 0, 0, 0, 255, 0, 0, 0]).unwrap().to_string(), "IP:10.0.0.0/255.0.0.0");
        assert_eq!(read_ip(&[1, 2, 3]), None);
    }
}
