//! Who asks.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use certgate_store::{Admission, ResourceId, ResourceKind, Resources};
use zeroize::Zeroizing;

use crate::api_key::{API_KEY_ID_PREFIX, ApiKey};
use crate::problem::Refusal;

/// The key that a request comes with, if it opens the API, and the resource that the request asks for. The key itself is in
/// no message.
pub(crate) async fn admit(
    headers: &HeaderMap,
    store: &dyn Resources,
    asked: Option<(ResourceKind, ResourceId)>,
) -> Result<Admission, Refusal> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let header = given.next().ok_or_else(|| {
        Refusal::coded(200, "there is no Authorization header; send `Authorization: Bearer` and an API key")
    })?;
    // Whoever stands in front may have looked at the other one.
    if given.next().is_some() {
        return Err(Refusal::coded(201, "there are several Authorization headers; send one"));
    }
    let token = header.to_str().ok().and_then(token_of).ok_or_else(|| {
        Refusal::coded(
            201,
            "the Authorization header does not read; send `Authorization: Bearer` and an API key",
        )
    })?;
    admit_token(&token, store, asked).await
}

/// The same for a text that is to be a key.
pub(crate) async fn admit_token(
    token: &str,
    store: &dyn Resources,
    asked: Option<(ResourceKind, ResourceId)>,
) -> Result<Admission, Refusal> {
    if token.starts_with(API_KEY_ID_PREFIX) {
        return Err(Refusal::coded(208, "this is the id of an API key; send the key"));
    }
    let unshaped = "the token does not look like an API key: 27 letters and digits, `_`, and 21 more";
    let key = ApiKey::read(token).ok_or_else(|| Refusal::coded(202, unshaped))?;
    let admission = store.admit(&key.id()?, asked).await?;
    admission.filter(|admission| admission.key.hash.is_of(key.expose())).ok_or_else(|| {
        Refusal::coded(
            203,
            "the API key is not known here, or was revoked; `certgate api-key create` makes one",
        )
    })
}

/// What a header holds in place of a key: the token of `Bearer`, or of `Basic` (RFC 7617) the user, else the password.
fn token_of(header: &str) -> Option<Zeroizing<String>> {
    let (scheme, rest) = header.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Zeroizing::new(rest.to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(rest).ok()?);
    let (user, password) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
    // Some clients put a name beside the key.
    let is_key = |text: &&str| ApiKey::read(text).is_some();
    let token = [user, password].into_iter().find(is_key);
    Some(Zeroizing::new(token.unwrap_or(if user.is_empty() { password } else { user }).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "2rwwl6y1UCOM1WjSQhSj2VPegVh_aaaaaaaaaaaaaaaaaaaaa";

    fn basic(pair: &str) -> Option<String> {
        token_of(&format!("Basic {}", BASE64_STANDARD.encode(pair))).map(|token| token.to_string())
    }

    #[test]
    fn a_key_may_be_the_token_the_user_or_the_password() {
        assert_eq!(token_of(&format!("bearer  {KEY} ")).unwrap().as_str(), KEY);
        for pair in [format!("{KEY}:"), format!(":{KEY}"), format!("api:{KEY}"), format!("{KEY}:x")] {
            assert_eq!(basic(&pair).as_deref(), Some(KEY), "{pair}");
        }
        assert_eq!(basic("alice:secret").as_deref(), Some("alice"));
        assert_eq!(basic(":ak_1").as_deref(), Some("ak_1"));
    }

    #[test]
    fn what_is_neither_does_not_read() {
        for header in ["", "Bearer", KEY, "Digest x", "Basic", "Basic ***", "Basic YQ=="] {
            assert!(token_of(header).is_none(), "{header}");
        }
        let invalid = BASE64_STANDARD.encode([0xff, b':', 0xff]);
        assert!(token_of(&format!("Basic {invalid}")).is_none());
    }
}
