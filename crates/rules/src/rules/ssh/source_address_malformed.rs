#![doc = include_str!("source_address_malformed.md")]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::case::UserCertificateRequest;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(475),
    name: "source-address-malformed",
    summary: "the addresses that a user may come from do not read",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "ssh-keygen(1), -O source-address; sshd(8)",
    explanation: include_str!("source_address_malformed.md"),
    judge: Judge::UserCertificate(judge),
};

fn judge(request: &UserCertificateRequest, _: &Policy) -> Vec<Finding> {
    let Some(value) = request.critical_options().get("source-address") else { return Vec::new() };
    // One without a value has a rule of its own.
    let text = value.text();
    let fault = text.split(',').filter(|_| !text.is_empty()).find_map(|part| Some((part, fault_of(part)?)));
    let Some((part, fault)) = fault else { return Vec::new() };
    let message =
        format!("source-address has `{}`: {fault}; `sshd` refuses the certificate for it", Excerpt(part));
    let help =
        "write addresses and networks with commas and nothing else between them: 192.0.2.0/24,2001:db8::/32";
    vec![Finding::new(&RULE, message, value.label("does not read")).with_help(help)]
}

/// What is wrong with one address or network.
fn fault_of(part: &str) -> Option<String> {
    let (address, length) = match part.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (part, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else { return Some("that is no address".to_owned()) };
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let length = match length.map(str::parse::<u32>) {
        None => return None,
        Some(Ok(length)) if length <= bits => length,
        Some(_) => return Some(format!("the length of its prefix is no number up to {bits}")),
    };
    let network = network_of(address, length);
    (network != address).then(|| format!("its prefix of {length} bits is that of {network}/{length}"))
}

/// An address with all bits behind a prefix cleared.
fn network_of(address: IpAddr, length: u32) -> IpAddr {
    match address {
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
            Ipv4Addr::from_bits(ip.to_bits() & mask).into()
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
            Ipv6Addr::from_bits(ip.to_bits() & mask).into()
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-beyond-prefix-ipv6.json --critical-options:1:1 source-address has `2001:db8::7/32`: its prefix of 32 bits is that of 2001:db8::/32; `sshd` refuses the certificate for it
            write addresses and networks with commas and nothing else between them: 192.0.2.0/24,2001:db8::/32
        bad-beyond-prefix.json --critical-options:1:1 source-address has `10.1.2.3/8`: its prefix of 8 bits is that of 10.0.0.0/8; `sshd` refuses the certificate for it
            write addresses and networks with commas and nothing else between them: 192.0.2.0/24,2001:db8::/32
        bad-end.json --critical-options:1:1 source-address has ``: that is no address; `sshd` refuses the certificate for it
            write addresses and networks with commas and nothing else between them: 192.0.2.0/24,2001:db8::/32
        bad-long-prefix.json --critical-options:1:1 source-address has `192.0.2.0/33`: the length of its prefix is no number up to 32; `sshd` refuses the certificate for it
            write addresses and networks with commas and nothing else between them: 192.0.2.0/24,2001:db8::/32
        bad-name.json --critical-options:1:1 source-address has `bastion.example.com`: that is no address; `sshd` refuses the certificate for it
            write addresses and networks with commas and nothing else between them: 192.0.2.0/24,2001:db8::/32
        bad-space.json --critical-options:1:1 source-address has ` 198.51.100.0/24`: that is no address; `sshd` refuses the certificate for it
            write addresses and networks with commas and nothing else between them: 192.0.2.0/24,2001:db8::/32
        ");
    }
}
