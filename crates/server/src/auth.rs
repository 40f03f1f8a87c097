//! Who asks.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use certgate_store::{ApiKeyRecord, Resources};

use crate::api_key::{API_KEY_ID_PREFIX, ApiKey};
use crate::problem::Refusal;

/// The key that a request comes with, if it opens the API. The key itself is in no message.
pub(crate) async fn key_of(headers: &HeaderMap, store: &dyn Resources) -> Result<ApiKeyRecord, Refusal> {
    let header = headers.get(AUTHORIZATION).ok_or_else(|| {
        Refusal::coded(200, "there is no Authorization header; send `Authorization: Bearer` and an API key")
    })?;
    let unreadable = || {
        Refusal::coded(
            201,
            "the Authorization header does not read; send `Authorization: Bearer` and an API key",
        )
    };
    let (scheme, token) =
        header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(unreadable)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unreadable());
    }
    key_of_token(token.trim(), store).await
}

/// The key that a text is, if it opens the API.
pub(crate) async fn key_of_token(token: &str, store: &dyn Resources) -> Result<ApiKeyRecord, Refusal> {
    if token.starts_with(API_KEY_ID_PREFIX) {
        return Err(Refusal::coded(208, "this is the id of an API key; send the key"));
    }
    let unshaped = "the token does not look like an API key: 27 letters and digits, `_`, and 21 more";
    let key = ApiKey::read(token).ok_or_else(|| Refusal::coded(202, unshaped))?;
    let record = store.api_key(&key.id()?).await?;
    record.filter(|record| record.revoked_at.is_none() && record.hash.is_of(key.expose())).ok_or_else(|| {
        Refusal::coded(
            203,
            "the API key is not known here, or was revoked; `certgate api-key create` makes one",
        )
    })
}
