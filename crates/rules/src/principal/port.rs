//! Ports behind hosts.

use std::net::Ipv6Addr;

/// The host in front of a port, without brackets: of `[host]:22`, `host:22`, and a full IPv6 address with `:22` behind.
/// `None` where there is no port.
pub(super) fn host_of(text: &str) -> Option<&str> {
    let (host, port) = text.rsplit_once(':')?;
    if !port.bytes().all(|byte| byte.is_ascii_digit()) && port != "ssh" {
        return None;
    }
    if let Some(inside) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return Some(inside);
    }
    let is_address = |text: &str| text.parse::<Ipv6Addr>().is_ok();
    let is_of_address = |byte: u8| byte.is_ascii_hexdigit() || b":.*?".contains(&byte);
    // The last number of an IPv6 address, or of a pattern for some, is no port.
    let is_end_of_address = host.contains(':') && host.bytes().all(is_of_address);
    let is_behind_address = is_address(host) && !is_address(text) && !host.ends_with(':');
    (!is_end_of_address || is_behind_address).then_some(host)
}
