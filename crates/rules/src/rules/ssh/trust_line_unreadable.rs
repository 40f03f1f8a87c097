#![doc = include_str!("trust_line_unreadable.md")]

use certgate_facts::SshKeyKind;
use certgate_facts::known_hosts::{Entry, LineDefect, Marker};

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::{Finding, Label};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(452),
    name: "trust-line-unreadable",
    summary: "clients pass over a line of known_hosts",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "sshd(8), SSH_KNOWN_HOSTS FILE FORMAT",
    explanation: include_str!("trust_line_unreadable.md"),
    judge: Judge::Ssh(judge),
};

/// Fewest bits of an RSA key that OpenSSH reads.
const RSA_BITS_MIN: u32 = 1024;

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let Some(document) = subject.document() else { return Vec::new() };
    let (Some(line), Some(entry)) = (document.line(), document.known_hosts()) else { return Vec::new() };
    let (reading, source) = (document.reading(), document.reading().source());
    let text = line.span.of(source.text());
    // Of a host that is not known, clients ask; what is not revoked, they trust. Another client may know the type.
    let is_grave = text.starts_with(b"@") && entry != Err(&LineDefect::KeyType);
    let level = if is_grave { Level::Error } else { Level::Warning };
    let (fact, help) = match entry {
        Ok(entry) => match without_effect(entry) {
            Some(found) => found,
            None => return Vec::new(),
        },
        Err(defect) => (defect.to_string(), help(defect)),
    };
    let message = format!("{fact}: clients pass over the line without a word{}", consequence(text));
    let column = entry.err().and_then(LineDefect::column);
    let place = Label::new(reading, line.place(source, column), "passed over");
    vec![Finding::new(&RULE, message, place).with_help(help).at_level(level)]
}

/// Why a line that reads still says nothing, and what to do.
fn without_effect(entry: &Entry) -> Option<(String, &'static str)> {
    if entry.names().is_hashed() && entry.names().as_bytes().contains(&b',') {
        let fact = "a hashed name stands alone, and this one has others beside it";
        return Some((fact.to_owned(), "write one line for each name"));
    }
    if entry.is_certificate() && entry.marker().is_none() {
        let fact = "a certificate stands in place of the host's key";
        let help = "put the host's plain key there, or the authority's behind `@cert-authority`";
        return Some((fact.to_owned(), help));
    }
    match entry.key().kind() {
        // Of an authority's key a rule of its own says so.
        SshKeyKind::Rsa { bits } if *bits < RSA_BITS_MIN && entry.marker() != Some(Marker::CertAuthority) => {
            let fact =
                format!("the rsa key has {bits} bits, fewer than the {RSA_BITS_MIN} that OpenSSH reads");
            Some((fact, "make another key on the host, and put that one here"))
        }
        _ => None,
    }
}

fn help(defect: &LineDefect) -> &'static str {
    match defect {
        LineDefect::Hash => "copy the line again; `ssh-keygen -H -f FILE` hashes the names of a whole file",
        LineDefect::KeyType => "look at the type for a slip; if it is new, update the clients",
        LineDefect::MarkerBeforeTab => "put a space between the marker and the hosts",
        LineDefect::MarkerRepeated => "write one line for each marker",
        LineDefect::MarkerUnknown { .. } => "write `@cert-authority` or `@revoked`, in lower case",
        _ => "copy the whole line again, unbroken: hosts, type, key",
    }
}

fn consequence(line: &[u8]) -> &'static str {
    let mut words = line.split(u8::is_ascii_whitespace).filter_map(|word| word.get(..4));
    match line.first() {
        Some(b'@') if words.any(|word| word.eq_ignore_ascii_case(b"@rev")) => ", and the key is not revoked",
        Some(b'@') => ", and the authority is not trusted",
        _ => ", and the host is not known by it",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-certificate.known_hosts:2:1 a certificate stands in place of the host's key: clients pass over the line without a word, and the host is not known by it
            put the host's plain key there, or the authority's behind `@cert-authority`
        bad-cut-off.known_hosts:2:63 the key ends inside one of its parts: clients pass over the line without a word, and the authority is not trusted
            copy the whole line again, unbroken: hosts, type, key
        bad-hash.known_hosts:2:1 the hashed host name is malformed: clients pass over the line without a word, and the host is not known by it
            copy the line again; `ssh-keygen -H -f FILE` hashes the names of a whole file
        bad-hashed-names.known_hosts:2:1 a hashed name stands alone, and this one has others beside it: clients pass over the line without a word, and the host is not known by it
            write one line for each name
        bad-marker.known_hosts:2:1 the marker `@Revoked` is neither `@cert-authority` nor `@revoked`: clients pass over the line without a word, and the key is not revoked
            write `@cert-authority` or `@revoked`, in lower case
        bad-no-key.known_hosts:2:1 the line ends before the key: clients pass over the line without a word, and the authority is not trusted
            copy the whole line again, unbroken: hosts, type, key
        bad-small.known_hosts:2:1 the rsa key has 768 bits, fewer than the 1024 that OpenSSH reads: clients pass over the line without a word, and the host is not known by it
            make another key on the host, and put that one here
        bad-symbol.known_hosts:2:54 the key is not base64: clients pass over the line without a word, and the host is not known by it
            copy the whole line again, unbroken: hosts, type, key
        bad-tab.known_hosts:2:1 a tab follows the marker, where a space is due: clients pass over the line without a word, and the authority is not trusted
            put a space between the marker and the hosts
        bad-two-markers.known_hosts:2:1 the line has more than one marker: clients pass over the line without a word, and the key is not revoked
            write one line for each marker
        ");
    }
}
