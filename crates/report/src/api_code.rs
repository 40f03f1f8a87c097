//! What the codes of the API mean, in our own words.
//!
//! The ones that have to do with certificates, and those that any request may meet.

/// A code of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiMeaning {
    /// The number behind `ERR_NGROK_`.
    pub number: u16,
    /// Who is at fault.
    pub decided_by: DecidedBy,
    /// What it means, in one line.
    pub meaning: &'static str,
}

/// What an answer of the API depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// The account, its plan and what it holds: no input tells.
    Account,
    /// The request around the certificate: its headers, its query, its JSON and its other fields.
    Request,
    /// The certificates and keys that are sent.
    Upload,
}

/// The meaning of a code given as `ERR_NGROK_1923`, whatever the case, or `1923`; `None` for one that is not known.
#[must_use]
pub fn meaning(word: &str) -> Option<&'static ApiMeaning> {
    let number = word.to_ascii_uppercase().trim_start_matches("ERR_NGROK_").parse::<u16>().ok()?;
    MEANINGS.iter().find(|meaning| meaning.number == number)
}

const fn account(number: u16, meaning: &'static str) -> ApiMeaning {
    ApiMeaning { number, decided_by: DecidedBy::Account, meaning }
}

const fn request(number: u16, meaning: &'static str) -> ApiMeaning {
    ApiMeaning { number, decided_by: DecidedBy::Request, meaning }
}

const fn upload(number: u16, meaning: &'static str) -> ApiMeaning {
    ApiMeaning { number, decided_by: DecidedBy::Upload, meaning }
}

/// Every code that is known, by number.
pub static MEANINGS: &[ApiMeaning] = &[
    request(200, "the request has no Authorization header"),
    request(201, "the Authorization header has another scheme than Bearer or Basic, or does not parse"),
    request(202, "the token does not have the shape of an API key"),
    account(203, "the token has the shape of an API key, but is none that is valid"),
    account(204, "the account of the API key may not use the API"),
    account(205, "the account of the API key is suspended for breaking the terms of use"),
    request(206, "the token is an agent's authtoken and not an API key"),
    request(207, "the token is an agent's authtoken of the second form and not an API key"),
    request(208, "the token is the id of an API key and not the key"),
    request(210, "the body has a content type other than JSON"),
    request(211, "the request has a body, and its method takes none"),
    request(212, "the body broke off on its way"),
    request(213, "the body is not a JSON object"),
    request(214, "the body has a field the API does not know"),
    request(215, "a field of the body has a value of the wrong type"),
    request(216, "the request has a body and no content type"),
    request(217, "the version in the Ngrok-Version header is not supported"),
    request(218, "the request has no Ngrok-Version header"),
    request(219, "the connection uses a version of TLS that is too old"),
    account(220, "the account does not let requests in from this IP address"),
    request(222, "the id in the path does not have the shape of one"),
    request(223, "a reference to a resource does not have the shape of an id"),
    account(225, "too many requests of the account run at the same time"),
    account(226, "the account has made too many requests within a minute"),
    request(227, "an id does not have the prefix of its kind"),
    request(228, "an id is not that of a certificate authority"),
    request(230, "the query string does not parse"),
    request(231, "the query string has a parameter the API does not know"),
    request(232, "a parameter of the query string is repeated"),
    request(233, "the limit of a page is out of range"),
    request(241, "a time is not in the form of RFC 3339"),
    request(243, "an id does not have a prefix that is allowed here"),
    request(244, "the limit of a page is not a number"),
    account(247, "the account of the API key is suspended for want of payment"),
    request(250, "the filter is not an expression the API understands"),
    request(251, "a part of the filter is not understood"),
    account(380, "a resource the request refers to has just gone"),
    account(635, "the owner of the API key may read but not write"),
    account(636, "the owner of the API key is not active"),
    account(1500, "the API is under maintenance and only reads"),
    account(1501, "the API is under maintenance"),
    upload(1900, "a certificate cannot be parsed"),
    upload(1901, "the request holds no private key"),
    upload(1902, "the private key is encrypted"),
    upload(1903, "the private key has a format or an algorithm the API does not take"),
    account(1904, "the plan of the account does not include certificates of one's own"),
    upload(1910, "a PEM block carries headers"),
    upload(1911, "a PEM block is of another type than the field takes"),
    upload(1912, "the authority's PEM holds more than one certificate"),
    upload(1913, "the certificate given as an authority is none"),
    request(1914, "the description of a certificate authority is too long"),
    request(1915, "the metadata of a certificate authority is too long"),
    request(1916, "the description of a TLS certificate is longer than 255 bytes"),
    request(1917, "the metadata of a TLS certificate is longer than 4096 bytes"),
    account(1918, "the account may not use certificate authorities"),
    upload(1919, "the request holds no certificate of an authority"),
    upload(1920, "what was given as an authority's certificate is not PEM"),
    upload(1921, "the PEM of an authority is too long"),
    upload(1922, "the request holds no certificate"),
    upload(1923, "the private key is not that of the leaf"),
    upload(1924, "the private key field holds a certificate"),
    upload(1925, "the certificate field holds a private key"),
    upload(1926, "a certificate of the chain is not signed by the next one"),
    upload(1934, "the SSH public key does not parse"),
    request(1935, "the kind of SSH certificate is not supported"),
    request(1936, "the type of key asked for an SSH authority is not supported"),
    request(1937, "the description of an SSH authority is too long"),
    request(1938, "the metadata of an SSH authority is too long"),
    request(1939, "the key size asked for an SSH authority is not supported"),
    request(1940, "a key size is given for an SSH authority whose key is not RSA"),
    request(1941, "the curve asked for an SSH authority is not supported"),
    request(1942, "a curve is given for an SSH authority whose key is not ECDSA"),
    request(1943, "the lifetime of an SSH authority is not positive"),
    request(1945, "the description of an SSH host certificate is longer than 255 bytes"),
    request(1946, "the metadata of an SSH host certificate is longer than 4096 bytes"),
    request(1947, "the description of an SSH user certificate is too long"),
    request(1948, "the metadata of an SSH user certificate is too long"),
    account(1949, "the SSH authority to sign a host certificate does not exist"),
    upload(1950, "SSH keys of this type cannot be certified"),
    account(1951, "the SSH authority to sign a user certificate does not exist"),
    request(1952, "the request holds no SSH public key"),
    account(1953, "the account may not use SSH certificates"),
    account(1954, "the account holds as many certificate authorities as it may"),
    account(1956, "the account holds as many SSH authorities as it may"),
    account(1958, "the account holds as many SSH host certificates as it may"),
    account(1960, "the account holds as many SSH user certificates as it may"),
    request(1962, "the validity of an SSH user certificate ends before it begins"),
    request(1963, "the validity of an SSH host certificate ends before it begins"),
    account(1964, "the SSH authority still has certificates and cannot be deleted"),
    account(1965, "the TLS certificate that is referred to does not exist"),
    account(1966, "the TLS certificate is managed by the service and cannot be deleted"),
    account(4012, "the account lacks a feature"),
    account(4023, "the account lacks a feature"),
    account(5000, "the account holds as many resources of this kind as it may"),
    account(5001, "the account creates resources of this kind too fast"),
];

#[cfg(test)]
mod tests {
    use certgate_rules::RULES;

    use super::*;

    #[test]
    fn codes_are_sorted_and_each_stands_once() {
        assert!(MEANINGS.is_sorted_by(|one, next| one.number < next.number));
    }

    #[test]
    fn codes_are_found_by_number_and_by_name() {
        assert_eq!(meaning("1923"), meaning("err_ngrok_1923"));
        assert_eq!(meaning("ERR_NGROK_1904").map(|meaning| meaning.decided_by), Some(DecidedBy::Account));
        assert_eq!(meaning("ERR_NGROK_1"), None);
        assert_eq!(meaning("key-does-not-match-leaf"), None);
    }

    #[test]
    fn every_code_a_rule_foretells_is_known_and_not_up_to_the_account() {
        for code in RULES.iter().flat_map(|rule| rule.api_code().into_iter().chain(rule.may_cause().to_vec()))
        {
            let meaning = meaning(&code.to_string()).unwrap();
            assert_ne!(meaning.decided_by, DecidedBy::Account, "{code}");
        }
    }
}
