#![doc = include_str!("principal_address_not_canonical.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer;
use crate::policy::Policy;
use crate::principal::{OddAddress, Oddity, PrincipalFault};
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(422),
    name: "principal-address-not-canonical",
    summary: "an address is not written as clients compare it",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "ssh.c, resolve_addr; RFC 5952 §4; inet_aton(3)",
    explanation: include_str!("principal_address_not_canonical.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    misnomer::findings(subject, PrincipalFault::AddressNotCanonical, |name| {
        let (fact, otherwise) = fact(OddAddress::of(name.text()).map(|address| address.oddity));
        let otherwise = otherwise.as_deref().unwrap_or("give the address again, or a name of the host");
        name.never_found(&RULE, format!("{} {fact}", name.shown()), otherwise)
    })
}

/// What is said of an address, and what is to be done where nothing can be put in its place.
fn fact(oddity: Option<Oddity<'_>>) -> (String, Option<String>) {
    let fact = match oddity {
        Some(Oddity::Ipv4Form) => "is an IPv4 address, and not in the form that clients compare".to_owned(),
        Some(Oddity::Ipv4Octal(read, decimal)) => {
            let fact = format!("has a number that begins with 0, octal to clients: they compare {read}");
            return (fact, Some(format!("write `{decimal}` if that is meant, else `{read}`")));
        }
        Some(Oddity::Ipv6Form) => "is an IPv6 address, and not in the form that clients compare".to_owned(),
        Some(Oddity::Mapped(inside)) => {
            format!("is an IPv4 address in the form of IPv6: clients that are given {inside} compare that")
        }
        Some(Oddity::Zone(zone)) => {
            let zone = misnomer::shown(zone);
            let fact = format!("has the zone {zone}, an interface that each client names otherwise");
            return (fact, Some("name the host, or give an address that is not link-local".to_owned()));
        }
        Some(Oddity::NotAnAddress) | None => "looks like an address, and is none".to_owned(),
    };
    (fact, None)
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-ipv4-octal.json --principal:1:1 `010.1.2.3` has a number that begins with 0, octal to clients: they compare 8.1.2.3
            write `10.1.2.3` if that is meant, else `8.1.2.3`
        bad-ipv4-one-number.json --principal:1:1 `3221225991` is an IPv4 address, and not in the form that clients compare
            write `192.0.2.7`
        bad-ipv4-out-of-range.json --principal:1:1 `192.0.2.256` looks like an address, and is none
            give the address again, or a name of the host
        bad-ipv4-zeros.json --principal:1:1 `192.000.002.007` is an IPv4 address, and not in the form that clients compare
            write `192.0.2.7`
        bad-ipv6-capitals.json --principal:1:1 `2001:DB8::1` is an IPv6 address, and not in the form that clients compare
            write `2001:db8::1`
        bad-ipv6-link-local.json --principal:1:1 `fe80::1%eth0` has the zone `eth0`, an interface that each client names otherwise
            name the host, or give an address that is not link-local
        bad-ipv6-mapped.json --principal:1:1 `::ffff:192.0.2.7` is an IPv4 address in the form of IPv6: clients that are given 192.0.2.7 compare that
            write `192.0.2.7`
        bad-ipv6-zeros.json --principal:1:1 `2001:db8:0:0:0:0:0:1` is an IPv6 address, and not in the form that clients compare
            write `2001:db8::1`
        bad-ipv6-zone.json --principal:1:1 `2001:db8::1%eth0` has the zone `eth0`, an interface that each client names otherwise
            write `2001:db8::1`
        bad-mac.json --principal:1:1 `00:00:5e:00:53:01` looks like an address, and is none
            give the address again, or a name of the host
        ");
    }
}
