//! Whether a leaf is good for the hosts it is declared for.

use certgate_facts::Certificate;
use certgate_rules::TlsUpload;

use crate::handwritten::{Fault, Value};
use crate::nearest::nearest;

/// The names that the leaf does not cover; none where there is no leaf, which is for the rules to find.
pub(super) fn uncovered(hostnames: &[Value], upload: &TlsUpload) -> Vec<Fault> {
    let Some((_, leaf)) = upload.leaf() else { return Vec::new() };
    let uncovered = hostnames.iter().filter(|name| !leaf.is_good_for(&name.text));
    uncovered.map(|name| fault(name, leaf)).collect()
}

fn fault(name: &Value, leaf: &Certificate) -> Fault {
    let addresses: Vec<String> = leaf.ip_addresses().map(|address| address.to_string()).collect();
    let names: Vec<&str> = leaf.dns_names().chain(addresses.iter().map(String::as_str)).collect();
    let fault = Fault::new(name.span, format!("the leaf is not good for `{}`", name.text));
    match (nearest(&name.text, names.iter().copied()), names.as_slice()) {
        (_, []) => fault.with_hint("it names no host at all: give the certificate that does"),
        (Some(near), _) => fault.with_hint(format!("it has `{near}`")),
        (None, [first]) => fault.with_hint(format!("it has `{first}` and nothing else")),
        (None, [first, rest @ ..]) => fault.with_hint(format!("it has `{first}` and {} more", rest.len())),
    }
}
