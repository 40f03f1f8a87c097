//! Keys that open the API: `<KSUID>_<21 letters and digits>`. The id of a key is `ak_` and its first part.

use certgate_api::{KSUID_LETTERS, Ksuid, Timestamp};
use certgate_store::{ApiKeyHash, Error, NewApiKey, ResourceId};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

/// What the id of a key begins with.
pub(crate) const API_KEY_ID_PREFIX: &str = "ak_";
/// Letters and digits of the part that is nobody's business: 125 bits of chance.
const SECRET_LETTERS: usize = 21;
/// The fewest that are taken for one.
const SECRET_LETTERS_MIN: usize = 20;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A text that has the shape of an API key. It is not shown.
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    /// Reads a text; `None` for one of another shape.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (ksuid, secret) = text.split_once('_')?;
        let is_plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let has_shape = ksuid.len() == KSUID_LETTERS
            && (SECRET_LETTERS_MIN..=SECRET_LETTERS).contains(&secret.len())
            && is_plain(ksuid)
            && is_plain(secret);
        has_shape.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The id.
    ///
    /// # Errors
    ///
    /// Never: a key begins with what an id may hold.
    pub fn id(&self) -> Result<ResourceId, Error> {
        let ksuid = self.0.get(..KSUID_LETTERS).unwrap_or_default();
        format!("{API_KEY_ID_PREFIX}{ksuid}").parse()
    }

    /// The key itself, to be shown once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A new key, and what is to be kept of it.
///
/// # Errors
///
/// [`Error::Sign`] if `rng` fails; [`Error::TextUnfit`] for a time that no id can tell.
pub fn new_api_key<R: TryCryptoRng + ?Sized>(
    description: String,
    is_read_only: bool,
    unix_secs: i64,
    rng: &mut R,
) -> Result<(ApiKey, NewApiKey), Error> {
    let failed = |_| Error::Sign(certgate_sign::Error::RandomnessUnavailable);
    let mut random = [0; 16];
    rng.try_fill_bytes(&mut random).map_err(failed)?;
    let at = Timestamp::from_unix_secs(unix_secs);
    let ksuid = at
        .and_then(|at| Ksuid::new(at, random))
        .ok_or(Error::TextUnfit { field: "time", reason: "the clock is before 2014 or after 2150" })?;
    let mut text = Zeroizing::new(String::with_capacity(KSUID_LETTERS + 1 + SECRET_LETTERS));
    text.push_str(&format!("{ksuid}_"));
    while text.len() < KSUID_LETTERS + 1 + SECRET_LETTERS {
        let mut byte = Zeroizing::new([0; 1]);
        rng.try_fill_bytes(&mut *byte).map_err(failed)?;
        // Of 64 values two are thrown away, so that all letters are as likely.
        if let Some(letter) = ALPHABET.get(usize::from(byte[0] & 63)) {
            text.push(char::from(*letter));
        }
    }
    let key = ApiKey(text);
    let kept = NewApiKey { id: key.id()?, hash: ApiKeyHash::of(key.expose()), description, is_read_only };
    Ok((key, kept))
}

#[cfg(test)]
mod tests {
    use chacha20::ChaCha20Rng;
    use chacha20::rand_core::SeedableRng as _;

    use super::*;

    #[test]
    fn a_new_key_has_the_shape_of_one_and_is_kept_as_a_hash() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let (key, kept) = new_api_key("ci".to_owned(), true, 1_793_491_200, &mut rng).unwrap();
        assert_eq!(key.expose().len(), KSUID_LETTERS + 1 + SECRET_LETTERS);
        assert!(ApiKey::read(key.expose()).is_some());
        assert_eq!(kept.id.as_str(), format!("ak_{}", &key.expose()[..KSUID_LETTERS]));
        assert!(kept.hash.is_of(key.expose()) && kept.is_read_only);
        let (other, _) = new_api_key(String::new(), false, 1_793_491_200, &mut rng).unwrap();
        assert_ne!(other.expose(), key.expose());
    }

    #[test]
    fn what_has_another_shape_is_no_key() {
        let ksuid = "2rwwl6y1UCOM1WjSQhSj2VPegVh";
        for good in [format!("{ksuid}_{}", "a".repeat(20)), format!("{ksuid}_{}", "Z".repeat(21))] {
            assert!(ApiKey::read(&good).is_some(), "{good}");
        }
        let long = "a".repeat(22);
        for bad in ["", "notarealtoken", "_", ksuid, &format!("ak_{ksuid}"), &format!("{ksuid}_{long}")] {
            assert!(ApiKey::read(bad).is_none(), "{bad}");
        }
        assert!(ApiKey::read(&format!("{ksuid}_{}é", "a".repeat(19))).is_none());
    }
}
