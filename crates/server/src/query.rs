//! The query of a request, and the pages it asks for.

use certgate_api::{Id, IdError, PAGE_ITEMS_MAX, Resource, Route};
use certgate_facts::Timestamp;
use certgate_store::{ResourceFilter, ResourceId};

use crate::filter;
use crate::problem::Refusal;
use crate::served::Served;

/// What a list is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Paging {
    /// Only what comes behind this id.
    pub(crate) before: Option<ResourceId>,
    /// Most resources on the page.
    pub(crate) limit: u32,
    /// Only what this lets through: as it was given, and as it is understood.
    pub(crate) filter: Option<(String, ResourceFilter)>,
}

/// The parameters of a query, each known to the route and given once.
#[derive(Debug)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what stands behind the question mark.
    pub(crate) fn read(text: &str, route: Route) -> Result<Self, Refusal> {
        let known = route.query();
        let mut given: Vec<(String, String)> = Vec::new();
        for part in text.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            given.push((decoded(name)?, decoded(value)?));
        }
        let unknown: Vec<String> = given
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
            .map(|(name, _)| format!("'{}'", name.escape_debug()))
            .collect();
        if !unknown.is_empty() {
            let supported = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let unknown = unknown.join(", ");
            let public = format!("unknown query parameters: {unknown}; supported here: {supported}");
            return Err(Refusal::coded(231, public));
        }
        for (name, _) in &given {
            let values: Vec<&str> =
                given.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect();
            if values.len() > 1 {
                let public = format!(
                    "the query parameter '{name}' is given {} times ({}); give it once",
                    values.len(),
                    values.join(", ").escape_debug()
                );
                return Err(Refusal::coded(232, public));
            }
        }
        Ok(Self(given))
    }

    fn value(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    /// Which page is asked for, at this time.
    pub(crate) fn paging<R: Served>(&self, at: Timestamp) -> Result<Paging, Refusal> {
        let limit = self.value("limit").map_or(Ok(PAGE_ITEMS_MAX), limit)?;
        let before = self.value("before_id").map(before::<R>).transpose()?;
        let read = |text: &str| filter::read::<R>(text, at).map(|filter| (text.to_owned(), filter));
        let filter = self.value("filter").map(read).transpose()?;
        Ok(Paging { before, limit, filter })
    }
}

fn limit(text: &str) -> Result<u32, Refusal> {
    let shown = text.escape_debug();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let public = format!("limit is '{shown}', which is no number; give one from 1 to {PAGE_ITEMS_MAX}");
        return Err(Refusal::coded(244, public));
    }
    text.parse().ok().filter(|limit| (1..=PAGE_ITEMS_MAX).contains(limit)).ok_or_else(|| {
        let public = format!("limit is {shown}; give a number from 1 to {PAGE_ITEMS_MAX}");
        Refusal::coded(233, public)
    })
}

fn before<R: Resource>(text: &str) -> Result<ResourceId, Refusal> {
    let refusal = |error: IdError| {
        let code = if matches!(error, IdError::Prefix { .. }) { 227 } else { 223 };
        Refusal::coded(code, format!("before_id is '{}': {error}", text.escape_debug()))
    };
    Ok(text.parse::<Id<R>>().map_err(refusal)?.to_string().parse()?)
}

/// Undoes the encoding of forms: `+` and `%20`.
pub(crate) fn decoded(text: &str) -> Result<String, Refusal> {
    let unreadable = || {
        Refusal::coded(
            230,
            "the query does not read: `%` stands before two hexadecimal digits, and what comes of it is UTF-8",
        )
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
                let value = digit().zip(digit()).map(|(high, low)| high * 16 + low);
                value.and_then(|value| u8::try_from(value).ok()).ok_or_else(unreadable)?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| unreadable())
}

/// A text as it may stand in a query: letters, digits and `-._~` (RFC 3986 §2.3) as they are.
pub(crate) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use certgate_api::{SshHostCertificate, TlsCertificate, Verb};

    use super::*;

    /// The id behind which a page begins, and how long it is.
    fn paging(text: &str) -> Result<(Option<String>, u32), Option<u16>> {
        let query =
            Query::read(text, Route::of::<TlsCertificate>(Verb::List)).map_err(|refusal| refusal.code())?;
        let paging =
            query.paging::<TlsCertificate>(Timestamp::from_unix_secs(0)).map_err(|refusal| refusal.code())?;
        Ok((paging.before.map(|id| id.to_string()), paging.limit))
    }

    #[test]
    fn a_page_has_a_hundred_resources_where_nothing_else_is_said() {
        assert_eq!(paging(""), Ok((None, 100)));
        assert_eq!(paging("limit=7&before_id=&filter="), Ok((None, 7)));
        let id = "cert_2rwwl6y1UCOM1WjSQhSj2VPegVh";
        assert_eq!(paging(&format!("before_id={id}")), Ok((Some(id.to_owned()), 100)));
    }

    #[test]
    fn what_is_encoded_is_decoded_to_the_same() {
        let text = "obj.id == \"ä+&%\" ~";
        assert_eq!(encoded(text), "obj.id%20%3D%3D%20%22%C3%A4%2B%26%25%22%20~");
        assert_eq!(decoded(&encoded(text)).unwrap(), text);
    }

    #[test]
    fn what_cannot_be_asked_for_has_its_code() {
        for (text, code) in [
            ("limit=0", 233),
            ("limit=101", 233),
            ("limit=-1", 233),
            ("limit=99999999999999999999", 233),
            ("limit=ten", 244),
            ("limit=1.5", 244),
            ("limit=-", 244),
            ("before_id=shcrt_2rwwl6y1UCOM1WjSQhSj2VPegVh", 227),
            ("before_id=cert_1", 223),
            ("beforeId=cert_1", 231),
            ("limit=5&x", 231),
            ("limit=5&limit=5", 232),
            ("limit=%zz", 230),
            ("limit=%ff", 230),
            ("limit=%2", 230),
            ("filter=obj.id+%3D+%22x%22", 250),
        ] {
            assert_eq!(paging(text), Err(Some(code)), "{text}");
        }
        let hosts = Query::read("filter=x", Route::of::<SshHostCertificate>(Verb::List));
        assert_eq!(hosts.unwrap_err().code(), Some(231));
        let read = Query::read("limit=5", Route::of::<TlsCertificate>(Verb::Read));
        assert_eq!(read.unwrap_err().code(), Some(231));
    }
}
