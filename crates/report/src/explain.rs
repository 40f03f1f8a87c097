//! What a rule, or a code of the API, means.

use std::fmt::Write;

use certgate_rules::{rule, rules_for_api_code};

use crate::api_code::{ApiMeaning, DecidedBy, meaning};

/// The page of a rule, in Markdown, for its name or its code; for a code of the API, given as `ERR_NGROK_1923` or
/// `1923`, what it means, the rules that foretell it, and the page of the first; `None` for a word that is neither.
#[must_use]
pub fn text(word: &str) -> Option<String> {
    match rule(word) {
        Some(rule) => Some(rule.explanation().to_owned()),
        None => meaning(word).map(of_api_code),
    }
}

fn of_api_code(code: &ApiMeaning) -> String {
    let ApiMeaning { number, decided_by, meaning } = code;
    let mut text = format!("ERR_NGROK_{number}: {meaning}\n\n");
    let rules = rules_for_api_code(&number.to_string());
    if rules.is_empty() {
        text.push_str(match decided_by {
            DecidedBy::Account => {
                "No rule can foretell it: it depends on the account and on what the API holds, not on what is sent.\n"
            }
            DecidedBy::Request => {
                "No rule foretells it: it is about the request itself, not about the certificates and keys in it.\n"
            }
            DecidedBy::Upload => "No rule foretells it yet.\n",
        });
        return text;
    }
    text.push_str("Foretold by\n");
    for rule in &rules {
        // Writing to a text does not fail.
        let _ = writeln!(text, "  {} {}: {}", rule.code(), rule.name(), rule.summary());
    }
    match rules.first() {
        Some(rule) => text + "\n" + rule.explanation(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_explained_by_its_page() {
        let page = text("CG301").unwrap();
        assert_eq!(text("key-does-not-match-leaf").as_ref(), Some(&page));
        assert!(page.starts_with('#'));
    }

    #[test]
    fn a_code_that_rules_foretell_names_them() {
        let text = text("err_ngrok_1923").unwrap();
        let (head, page) = text.split_once("\n#").unwrap();
        assert!(page.starts_with(" key-does-not-match-leaf\n"));
        insta::assert_snapshot!(head, @"
        ERR_NGROK_1923: the private key is not that of the leaf

        Foretold by
          CG301 key-does-not-match-leaf: the private key is not that of the first certificate
          CG008 pem-block-damaged: a PEM block is damaged, so that readers pass over it
          CG009 text-encoding-unsupported: the text is encoded so that readers pass over its blocks
        ");
    }

    #[test]
    fn a_code_of_requests_for_host_certificates_names_its_rules() {
        let heads: Vec<String> = ["223", "1950"]
            .map(|code| text(code).unwrap().split("\n\n#").next().unwrap_or_default().to_owned())
            .into();
        insta::assert_snapshot!(heads.join("\n"), @"
        ERR_NGROK_223: a reference to a resource does not have the shape of an id

        Foretold by
          CG505 authority-id-malformed: the id of the SSH authority does not have the form of one
        ERR_NGROK_1950: SSH keys of this type cannot be certified

        Foretold by
          CG403 public-key-type-unsupported: keys of this type are not certified
          CG404 public-key-is-certificate: the key to certify is a certificate already
        ");
    }

    #[test]
    fn a_code_that_is_up_to_the_account_says_so() {
        insta::assert_snapshot!(text("1904").unwrap(), @"
        ERR_NGROK_1904: the plan of the account does not include certificates of one's own

        No rule can foretell it: it depends on the account and on what the API holds, not on what is sent.
        ");
    }

    #[test]
    fn a_code_about_the_request_says_so() {
        insta::assert_snapshot!(text("218").unwrap(), @"
        ERR_NGROK_218: the request has no Ngrok-Version header

        No rule foretells it: it is about the request itself, not about the certificates and keys in it.
        ");
    }

    #[test]
    fn other_words_are_not_explained() {
        assert_eq!(text("CG999"), None);
        assert_eq!(text("ERR_NGROK_9"), None);
        assert_eq!(text(""), None);
    }
}
