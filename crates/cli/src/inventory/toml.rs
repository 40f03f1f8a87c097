//! Inventories in TOML.
//!
//! ```toml
//! ca = "hosts"            # for all hosts that name none
//! valid_for = "30d"
//!
//! [[host]]
//! public_key = "web-1.pub"
//! principals = ["web-1.example.com", "192.0.2.7"]
//! key_id = "web-1"        # else the first principal
//! valid_for = "7d"
//! out = "web-1-cert.pub"  # else beside the key
//! ```

use super::Entry;
use crate::handwritten::{Fault, Table, parsed_toml, span_of};

/// What may stand above all hosts, and the hosts.
const KEYS: [&str; 3] = ["ca", "valid_for", "host"];
/// What may stand in a host.
const KEYS_OF_HOST: [&str; 6] = ["public_key", "principals", "key_id", "ca", "valid_for", "out"];

/// All hosts, with what stands above them for those that do not say.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, Fault> {
    let document = parsed_toml(text)?;
    let top = Table::of(document.get_ref(), span_of(document.span()), &KEYS)?;
    let (ca, valid_for) = (top.text("ca")?, top.text("valid_for")?);
    let hosts = top.tables("host", &KEYS_OF_HOST)?;
    let entries = hosts.iter().map(|host| {
        Ok(Entry {
            span: host.span(),
            ca: host.text("ca")?.or_else(|| ca.clone()),
            public_key: host.text("public_key")?,
            principals: host.texts("principals")?,
            key_id: host.text("key_id")?,
            valid_for: host.text("valid_for")?.or_else(|| valid_for.clone()),
            out: host.text("out")?,
        })
    });
    entries.collect()
}
