//! YAML (and with it JSON) as a tree with lines.

use yaml_rust2::Event;
use yaml_rust2::parser::Parser;
use yaml_rust2::scanner::TScalarStyle;
use zeroize::Zeroizing;

/// How deep values may lie in each other.
pub(super) const DEPTH_MAX: usize = 64;

/// A value, and where it begins.
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Counted from 1; of text that stands on the lines below, the first of those.
    pub(super) line: usize,
    /// Characters in front of it on its line.
    pub(super) column: usize,
    /// Of text that stands as it is on the lines below, how far it is indented.
    pub(super) block_indent: Option<usize>,
}

pub(super) enum Kind {
    /// What an alias stands for is not looked up.
    Alias,
    List(Vec<Node>),
    /// Keys and values in turn.
    Map(Vec<Node>),
    /// It may be a key.
    Text(Zeroizing<String>),
}

impl Node {
    /// The value of a field.
    pub(super) fn field(&self, name: &str) -> Option<&Self> {
        let Kind::Map(nodes) = &self.kind else { return None };
        let (pairs, _) = nodes.as_chunks::<2>();
        pairs.iter().find(|[key, _]| key.text() == Some(name)).map(|[_, value]| value)
    }

    /// The text that it is.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The documents up to the end, or up to a fault: what it is, and its line.
pub(super) fn documents(text: &str) -> (Vec<Node>, Option<(String, usize)>) {
    let mut parser = Parser::new_from_str(text);
    let mut documents = Vec::new();
    let mut open: Vec<Node> = Vec::new();
    loop {
        let (event, marker) = match parser.next_token() {
            Ok(next) => next,
            // The text of the error may quote what is in the manifest.
            Err(error) => {
                return (documents, Some(("it is not YAML from here on".to_owned(), error.marker().line())));
            }
        };
        let node =
            |kind, block_indent| Node { kind, line: marker.line(), column: marker.col(), block_indent };
        let done = match event {
            Event::StreamEnd => return (documents, None),
            Event::Scalar(value, style, ..) => {
                let indent = (style == TScalarStyle::Literal).then(|| indent(text, marker.line()));
                Some(node(Kind::Text(Zeroizing::new(value)), indent))
            }
            Event::Alias(_) => Some(node(Kind::Alias, None)),
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                if open.len() == DEPTH_MAX {
                    let reason = format!("values lie deeper than {DEPTH_MAX} levels");
                    return (documents, Some((reason, marker.line())));
                }
                let kind = if matches!(event, Event::MappingStart(..)) { Kind::Map } else { Kind::List };
                open.push(node(kind(Vec::new()), None));
                None
            }
            Event::MappingEnd | Event::SequenceEnd => open.pop(),
            _ => None,
        };
        let Some(done) = done else { continue };
        match open.last_mut().map(|outer| &mut outer.kind) {
            Some(Kind::Map(nodes) | Kind::List(nodes)) => nodes.push(done),
            _ => documents.push(done),
        }
    }
}

/// Characters in front of the first text from a line on.
fn indent(text: &str, line: usize) -> usize {
    let first =
        text.lines().skip(line.saturating_sub(1)).find(|line| !line.trim().is_empty()).unwrap_or_default();
    first.len() - first.trim_start_matches(' ').len()
}
