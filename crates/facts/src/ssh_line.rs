//! Lines of OpenSSH's files: public keys, certificates, and what clients know of hosts.

use crate::known_hosts::{self, Entry, LineDefect};
use crate::source::Source;
use crate::span::Span;
use crate::ssh_certificate::SshCertificate;
use crate::ssh_key::{KNOWN_TYPES, SshDefect, SshPublicKey, is_certificate_type};

/// The most OpenSSH lines that are read from one source.
pub const SSH_LINES_MAX: usize = 65_536;

/// A line of an OpenSSH file.
pub struct SshLine {
    /// Where it stands, without white space around it.
    pub span: Span,
    /// What it holds.
    pub content: SshContent,
}

/// What an OpenSSH line holds.
#[non_exhaustive]
pub enum SshContent {
    /// A certificate.
    Certificate(Box<SshCertificate>),
    /// A line of a file of known hosts, or why clients pass over it.
    KnownHosts(Result<Box<Entry>, LineDefect>),
    /// A plain public key.
    PublicKey(Box<SshPublicKey>),
    /// It begins like a key or a certificate, but does not read; columns count from the start of the span.
    Unreadable(SshDefect),
}

impl SshLine {
    /// Whether it holds a public key or a certificate that reads, which anyone may see.
    pub(crate) fn is_public(&self) -> bool {
        matches!(self.content, SshContent::Certificate(_) | SshContent::PublicKey(_))
    }

    /// Where a defect stands: the character at its column, or the whole line if it has none.
    #[must_use]
    pub fn place(&self, source: &Source, column: Option<usize>) -> Span {
        let Some(column) = column else { return self.span };
        let start = self.span.start().saturating_add(column.saturating_sub(1)).min(self.span.end());
        let rest = Span::new(start, self.span.end()).of(source.text());
        let more = rest.iter().skip(1).take_while(|byte| (0x80..0xC0).contains(*byte)).count();
        Span::new(start, start + rest.len().min(1 + more))
    }

    /// Whether the line begins with the type of a certificate, readable or not.
    #[must_use]
    pub fn names_certificate(&self, source: &Source) -> bool {
        let first = words(self.span.of(source.text())).next().unwrap_or_default();
        !matches!(self.content, SshContent::KnownHosts(_)) && names_certificate(first)
    }
}

/// The lines of a text, and whether there are more than are read.
///
/// A line with a host in front of a key is one of known hosts, whatever stands around it. What could be anything is one
/// only among others: a line that is cut off or damaged, in a text where most are lines of known hosts.
pub(crate) fn read_all(text: &[u8]) -> (Vec<SshLine>, bool) {
    let (known, other) = lines(text).fold((0_usize, 0_usize), |(known, other), (_, line)| match kind(line) {
        Kind::KnownHosts => (known + 1, other),
        Kind::Other => (known, other + 1),
        Kind::Key => (known, other),
    });
    let mostly_known_hosts = known > 0 && known >= other;
    let mut read = Vec::new();
    for (span, line) in lines(text) {
        let content = match kind(line) {
            Kind::Other if !mostly_known_hosts => continue,
            Kind::Other | Kind::KnownHosts => {
                known_hosts::read_line(line).map(|entry| SshContent::KnownHosts(entry.map(Box::new)))
            }
            Kind::Key => std::str::from_utf8(line).ok().map(read_key),
        };
        let Some(content) = content else { continue };
        if read.len() == SSH_LINES_MAX {
            return (read, true);
        }
        read.push(SshLine { span, content });
    }
    (read, false)
}

/// The lines that hold something and are no comments, without white space around them.
fn lines(text: &[u8]) -> impl Iterator<Item = (Span, &[u8])> {
    let mut next = 0;
    text.split(|byte| *byte == b'\n').filter_map(move |line| {
        let start = next + (line.len() - line.trim_ascii_start().len());
        next += line.len() + 1;
        let line = line.trim_ascii();
        let says_something = line.first().is_some_and(|first| *first != b'#');
        says_something.then(|| (Span::new(start, start + line.len()), line))
    })
}

/// What a line looks like.
enum Kind {
    Key,
    KnownHosts,
    Other,
}

fn kind(line: &[u8]) -> Kind {
    const PREFIXES: [&[u8]; 4] = [b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-"];
    if is_of_known_hosts(line) {
        Kind::KnownHosts
    } else if PREFIXES.iter().any(|prefix| line.starts_with(prefix)) && std::str::from_utf8(line).is_ok() {
        Kind::Key
    } else {
        Kind::Other
    }
}

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    line.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty())
}

/// Whether a line is surely one of known hosts: it has a marker or a hashed name, or a key behind what can be hosts.
fn is_of_known_hosts(line: &[u8]) -> bool {
    let mut words = words(line);
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    if first.starts_with(b"|1|") {
        return true;
    }
    if matches!(first, b"@cert-authority" | b"@revoked") {
        // With hosts alone it is cut off; with more words and no trace of a key it is prose.
        return words.clone().next().is_none() || words.any(is_trace_of_key);
    }
    if first.starts_with(b"@") {
        let rest = std::iter::once(second).chain(words);
        return rest.clone().zip(rest.skip(1)).any(|(name, data)| is_key(name, data));
    }
    can_be_hosts(first) && words.next().is_some_and(|third| is_key(second, third))
}

/// Every SSH key begins with the length of its type's name, which is less than 2^16.
const KEY_START: &[u8] = b"AAAA";

fn is_key(name: &[u8], data: &[u8]) -> bool {
    is_type(name) && data.starts_with(KEY_START)
}

fn is_trace_of_key(word: &[u8]) -> bool {
    is_type(word) || word.starts_with(KEY_START)
}

/// Whether a word is the name of a type of keys or certificates.
pub(crate) fn is_type(name: &[u8]) -> bool {
    KNOWN_TYPES.iter().any(|known| known.as_bytes() == name) || names_certificate(name)
}

/// Options of an `authorized_keys` file stand in front of keys too, and so do the names in `allowed_signers`.
fn can_be_hosts(word: &[u8]) -> bool {
    const FLAGS: [&[u8]; 14] = [
        b"agent-forwarding",
        b"cert-authority",
        b"no-agent-forwarding",
        b"no-port-forwarding",
        b"no-pty",
        b"no-touch-required",
        b"no-user-rc",
        b"no-x11-forwarding",
        b"port-forwarding",
        b"pty",
        b"restrict",
        b"user-rc",
        b"verify-required",
        b"x11-forwarding",
    ];
    let is_flag = |option: &[u8]| FLAGS.iter().any(|flag| flag.eq_ignore_ascii_case(option));
    !word.iter().any(|byte| matches!(byte, b'"' | b'=' | b'@'))
        && !word.split(|byte| *byte == b',').any(is_flag)
}

fn names_certificate(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(is_certificate_type)
}

fn read_key(line: &str) -> SshContent {
    let name = line.split([' ', '\t']).next().unwrap_or_default();
    let content = match is_certificate_type(name) {
        true => SshCertificate::read(line).map(|read| SshContent::Certificate(Box::new(read))),
        false => SshPublicKey::read(line).map(|read| SshContent::PublicKey(Box::new(read))),
    };
    content.unwrap_or_else(SshContent::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reading, Source};

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    fn kinds(text: &str) -> Vec<(usize, &'static str)> {
        let text = text.replace("{key}", KEY);
        let reading = Reading::of(Source::from_bytes("test", text.into_bytes()).unwrap());
        let source = reading.source();
        let kind = |line: &SshLine| match &line.content {
            SshContent::Certificate(_) => "certificate",
            SshContent::KnownHosts(Ok(_)) => "known hosts",
            SshContent::KnownHosts(Err(_)) => "known hosts, defect",
            SshContent::PublicKey(_) => "key",
            SshContent::Unreadable(_) if line.names_certificate(source) => "unreadable certificate",
            SshContent::Unreadable(_) => "unreadable key",
        };
        reading.ssh_lines().iter().map(|line| (source.location(line.span).line, kind(line))).collect()
    }

    #[test]
    fn keys_certificates_and_known_hosts_are_told_apart() {
        for (line, expected) in [
            ("{key}", "key"),
            ("{key} web.example.com", "key"),
            ("ssh-ed25519 AAAA", "unreadable key"),
            ("ssh-ed25519-cert-v01@openssh.com AAAA", "unreadable certificate"),
            ("web {key}", "known hosts"),
            ("ssh-gateway {key}", "known hosts"),
            ("web,192.0.2.1,[::1]:2222 \t {key}", "known hosts"),
            ("@cert-authority *.example.com {key}", "known hosts"),
            ("@cert-authority\t*.example.com {key}", "known hosts, defect"),
            ("@cert-authority *.example.com", "known hosts, defect"),
            ("@Revoked * {key}", "known hosts, defect"),
            ("|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA= {key}", "known hosts"),
            ("|1|AAAA|AAAA {key}", "known hosts, defect"),
            ("web ssh-ed25519 AAAA*", "known hosts, defect"),
            ("web ssh-ed25519-cert-v01@openssh.com AAAA", "known hosts, defect"),
        ] {
            assert_eq!(kinds(line), [(1, expected)], "{line}");
        }
    }

    #[test]
    fn what_only_looks_like_known_hosts_is_not() {
        for line in [
            "no-pty {key}",
            "restrict,pty {key}",
            "cert-authority {key}",
            "from=\"192.0.2.0/24\",no-pty {key}",
            "command=\"run it\" {key}",
            "alice@example.com {key}",
            "the ssh-rsa key is old",
            "web ssh-new@example.com AAAA",
            "@media screen { }",
            "@cert-authority lines are for hosts",
            "@revoked",
            "256 SHA256:AAAA web (ED25519)",
            "# web {key}",
            " \t ",
        ] {
            assert_eq!(kinds(line), [], "{line}");
        }
    }

    #[test]
    fn a_damaged_line_counts_where_most_are_of_known_hosts() {
        let mixed = "a {key}\nb 1024 35 123\n\n# c\nd\ne {key}\n{key}\n";
        let expected = [
            (1, "known hosts"),
            (2, "known hosts, defect"),
            (5, "known hosts, defect"),
            (6, "known hosts"),
            (7, "key"),
        ];
        assert_eq!(kinds(mixed), expected);
        let prose = "Put this line into the file:\n\n  @cert-authority * {key}\n\nand be done.";
        assert_eq!(kinds(prose), [(3, "known hosts")]);
    }

    #[test]
    fn places_leave_out_the_white_space_around() {
        let text = format!("\n  web {KEY} \r\n");
        let reading = Reading::of(Source::from_bytes("test", text.clone().into_bytes()).unwrap());
        let span = reading.ssh_lines()[0].span;
        assert_eq!(span.of(text.as_bytes()), format!("web {KEY}").as_bytes());
        let line = &reading.ssh_lines()[0];
        let place = |column| line.place(reading.source(), column);
        assert_eq!(place(Some(5)).of(text.as_bytes()), b"s");
        assert_eq!(place(Some(span.len())).len(), 1);
        assert_eq!(place(Some(usize::MAX)), Span::new(span.end(), span.end()));
        assert_eq!(place(None), span);
    }

    #[test]
    fn no_more_lines_are_read_than_the_limit() {
        let of = |count: usize| {
            let text = "ssh-ed25519 AAAA\n".repeat(count);
            read_all(text.as_bytes())
        };
        let (lines, is_over) = of(SSH_LINES_MAX);
        assert_eq!((lines.len(), is_over), (SSH_LINES_MAX, false));
        let (lines, is_over) = of(SSH_LINES_MAX + 1);
        assert_eq!((lines.len(), is_over), (SSH_LINES_MAX, true));
    }

    #[test]
    fn every_fixture_has_one_line() {
        let mut kinds = Vec::new();
        for name in crate::fixture::names("ssh") {
            let path = format!("{}/../../fixtures/ssh/{name}", env!("CARGO_MANIFEST_DIR"));
            let reading = Reading::of(Source::read("test", std::fs::File::open(path).unwrap()).unwrap());
            let [line] = reading.ssh_lines() else { panic!("{name} has one line") };
            kinds.push(match &line.content {
                SshContent::Certificate(_) => "certificate",
                SshContent::PublicKey(_) => "public key",
                SshContent::KnownHosts(_) => panic!("{name} knows no host"),
                SshContent::Unreadable(defect) => panic!("{name}: {defect}"),
            });
        }
        assert!(kinds.contains(&"certificate") && kinds.contains(&"public key"));
    }
}
