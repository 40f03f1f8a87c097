//! Manifests of Kubernetes, in YAML or JSON, with Secrets that hold a chain and its key.
//!
//! Every other document is passed over. Aliases are not followed: nothing grows.

mod node;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use memchr::memmem;
use zeroize::Zeroizing;

use crate::container::{Container, ContainerFault};
use crate::defect::{Defect, DefectKind};
use crate::origin::{Origin, Part, Place};
use crate::source::Source;
use crate::span::{Location, Span};
use node::{Kind, Node};

/// The largest manifest that is read, in bytes: four times what Kubernetes stores in one object.
pub(crate) const MANIFEST_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most Secrets that are read from one manifest.
pub(crate) const SECRETS_MAX: usize = 512;

/// The fields that make a Secret one for TLS (`kubernetes.io/tls`), and what stands in them.
const FIELDS: [&str; 2] = ["tls.crt", "tls.key"];

/// The fields of every Secret for TLS, each a source; `None` where `source` is no such manifest.
pub(crate) fn secrets(source: &Source) -> Option<Result<Vec<Source>, Defect>> {
    let text = source.text();
    let has = |word: &[u8]| memmem::find(text, word).is_some();
    if !(has(b"Secret") && has(b"kind") && FIELDS.iter().any(|field| has(field.as_bytes()))) {
        return None;
    }
    let text = str::from_utf8(text).ok()?;
    let at = |line: usize| source.line(line).unwrap_or_else(|| Span::new(0, 0));
    let defect = |fault, line| {
        let kind = DefectKind::Container { container: Container::KubernetesSecret, fault };
        Defect { kind, span: at(line) }
    };
    if text.len() > MANIFEST_BYTES_MAX {
        let reason = format!("the manifest has more than {MANIFEST_BYTES_MAX} bytes");
        return Some(Err(defect(ContainerFault::OverLimit { reason }, 1)));
    }
    let (documents, fault) = node::documents(text);
    let mut sources = Vec::new();
    let mut count = 0;
    for secret in documents.iter().flat_map(of_document).filter(|secret| is_secret(secret)) {
        let fields = fields(source, secret, count);
        match fields {
            Ok(fields) if fields.is_empty() => continue,
            Ok(fields) => sources.extend(fields),
            Err((fault, line)) => return Some(Err(defect(fault, line))),
        }
        count += 1;
        if count > SECRETS_MAX {
            let reason = format!("more than {SECRETS_MAX} Secrets for TLS lie in it");
            return Some(Err(defect(ContainerFault::OverLimit { reason }, 1)));
        }
    }
    match fault {
        Some((reason, line)) => {
            // Text that only speaks of Secrets is none of this.
            let looks_like_one = count > 0
                || text.lines().any(|line| matches!(line.trim(), "kind: Secret" | "\"kind\": \"Secret\","));
            looks_like_one.then(|| Err(defect(ContainerFault::malformed(reason), line)))
        }
        None if count == 0 => None,
        None => Some(Ok(sources)),
    }
}

/// The objects of a document: itself, or the items of a list.
fn of_document(document: &Node) -> Vec<&Node> {
    match document.field("items").map(|items| &items.kind) {
        Some(Kind::List(items)) => items.iter().collect(),
        _ => vec![document],
    }
}

fn is_secret(object: &Node) -> bool {
    object.field("kind").and_then(Node::text) == Some("Secret")
}

/// The fields of one Secret that are there; the fault of one that cannot be read, and its line.
fn fields(source: &Source, secret: &Node, unit: usize) -> Result<Vec<Source>, (ContainerFault, usize)> {
    let name = secret.field("metadata").and_then(|metadata| metadata.field("name")).and_then(Node::text);
    let mut sources = Vec::new();
    for field in FIELDS {
        // What stands in `stringData` goes before what stands in `data`.
        let plain = secret.field("stringData").and_then(|fields| fields.field(field));
        let encoded = secret.field("data").and_then(|fields| fields.field(field));
        let Some((node, is_encoded)) =
            plain.map(|node| (node, false)).or_else(|| encoded.map(|node| (node, true)))
        else {
            continue;
        };
        let fault = |reason: &str| (ContainerFault::malformed(format!("`{field}` {reason}")), node.line);
        let value = node.text().ok_or_else(|| fault("is no text"))?;
        let text = if is_encoded {
            decoded(value).ok_or_else(|| fault("is not base64"))?
        } else {
            Zeroizing::new(value.as_bytes().to_vec())
        };
        let title = name.map_or_else(|| field.to_owned(), |name| format!("{field} of {name}"));
        let at = place(source, node);
        let place = match node.block_indent {
            Some(indent) if !is_encoded => Place::Below { first_line: node.line, indent, at },
            _ => Place::At(at),
        };
        let part = Part { span: Span::new(0, text.len().max(1)), title, path: None, place };
        let (parts, order, container) = (vec![part], Vec::new(), Container::KubernetesSecret);
        let meant_as_key = Some(field == FIELDS[1]);
        let origin = Origin { container, parts, unit, order, left_out: 0, meant_as_key, whole: at };
        sources.extend(Source::out_of(source.name(), text, origin));
    }
    Ok(sources)
}

/// The line of a value, from where it begins.
fn place(source: &Source, node: &Node) -> Location {
    let line = source.line(node.line).unwrap_or_else(|| Span::new(0, 0));
    let text = String::from_utf8_lossy(line.of(source.text()));
    let before: usize = text.chars().take(node.column).map(char::len_utf8).sum();
    source.location(Span::new(line.start() + before, line.end()))
}

fn decoded(value: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(value.len()));
    symbols.extend(value.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    let mut decoded = Zeroizing::new(vec![0; symbols.len().div_ceil(4) * 3]);
    let length = BASE64_STANDARD.decode_slice(&*symbols, &mut decoded).ok()?;
    decoded.truncate(length);
    Some(decoded)
}

#[cfg(test)]
mod tests;
