//! Names of hosts, as they are typed.

use crate::failure::Failure;

/// The name or address, if it is one without a port.
pub(crate) fn checked(host: &str) -> Result<&str, Failure> {
    let shown = host.escape_debug();
    let is_address = host.matches(':').count() > 1;
    if host.is_empty() || host.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        return Err(Failure::input(format!("`{shown}` is no host")));
    }
    if host.contains(['[', ']']) || (host.contains(':') && !is_address) {
        return Err(Failure::input(format!("`{shown}` has brackets or a port"))
            .with_hint("give the name or address alone, without the port"));
    }
    Ok(host)
}
