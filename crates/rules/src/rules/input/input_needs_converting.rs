#![doc = include_str!("input_needs_converting.md")]

use certgate_facts::{Container, Origin};

use crate::case::{Slot, TlsUpload};
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(12),
    name: "input-needs-converting",
    summary: "what is judged is not PEM in one file yet",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "API reference, create TLS certificate, `certificate_pem` and `private_key_pem`",
    explanation: include_str!("input_needs_converting.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for slot in [upload.certificate(), upload.private_key()] {
        let is_same = |finding: &Finding| std::ptr::eq(finding.primary().reading(), &**slot.reading());
        if !findings.iter().any(is_same) {
            findings.extend(finding(slot));
        }
    }
    findings
}

fn finding(slot: &Slot) -> Option<Finding> {
    let origin = slot.reading().source().origin()?;
    let message = match origin.container() {
        // That is what clusters take.
        Container::KubernetesSecret => return None,
        Container::SeparateFiles => {
            "the chain is in several files: judged is what they are as one".to_owned()
        }
        container => format!("this is {container}: judged is the PEM that it converts to"),
    };
    let help = format!(
        "write it as PEM, leaf first: `certgate convert FILE --to pem --output NEW.pem`{}",
        beware(origin)
    );
    Some(Finding::new(&RULE, message, slot.start("")).with_help(help))
}

/// What other converters make of it.
fn beware(origin: &Origin) -> String {
    let mut text = String::new();
    if !origin.order_before().is_empty() {
        let before: Vec<String> = origin.order_before().iter().map(usize::to_string).collect();
        let order = before.join(", ");
        text.push_str(&format!(
            "; here the leaf and its issuers lie in the order {order}, which others keep"
        ));
    }
    match origin.left_out() {
        0 => {}
        1 => text.push_str("; 1 thing in it is neither certificate nor key, and is left out"),
        more => {
            text.push_str(&format!("; {more} things in it are neither certificate nor key, and are left out"))
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-der.der:1:1 this is a certificate in DER: judged is the PEM that it converts to
            write it as PEM, leaf first: `certgate convert FILE --to pem --output NEW.pem`
        bad-pkcs7.p7b:1:1 this is PKCS#7: judged is the PEM that it converts to
            write it as PEM, leaf first: `certgate convert FILE --to pem --output NEW.pem`; here the leaf and its issuers lie in the order 2, 1, which others keep
        bad-root-first.p12:1:1 this is PKCS#12: judged is the PEM that it converts to
            write it as PEM, leaf first: `certgate convert FILE --to pem --output NEW.pem`; here the leaf and its issuers lie in the order 3, 2, 1, which others keep
        ");
    }
}
