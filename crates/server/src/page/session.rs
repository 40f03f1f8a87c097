//! Who is logged in: a cookie that says which API key opened the page and until when, under a mark of the master key.
//!
//! Nothing is kept of a session that is open, so that every process with the same master key knows it. It ends at its time,
//! with the API key, or with a logout: the process that is told of that remembers it, and knows no session that is older than
//! itself. Where several processes serve the same store, the others know a copy of the cookie until one of these ends.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use certgate_facts::Timestamp;
use certgate_store::{Error, MasterKey, ResourceId};

use crate::problem::Refusal;

/// Seconds for which a session lasts.
const SESSION_SECS: i64 = 12 * 60 * 60;
/// Most sessions that are remembered to have ended before their time; one more ends all that are open.
const ENDED_MAX: usize = 10_000;
/// What marks are made for.
const PURPOSE: &str = "page session";

/// Somebody who showed an API key, and may look at the page until then.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Session {
    /// The id of the API key.
    pub(super) key: ResourceId,
    ends_at: i64,
}

/// What the cookie is called. Browsers take the first name from nobody but an origin with TLS, and from no other host.
const fn name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-certgate-session" } else { "certgate-session" }
}

/// Sessions that are over before their time.
pub(crate) struct Ended(Mutex<Known>);

struct Known {
    /// What began before is over.
    since: i64,
    ended: HashSet<Session>,
}

impl Ended {
    /// Those that began before this moment, when this process did.
    pub(crate) fn before(start: Timestamp) -> Self {
        Self(Mutex::new(Known { since: start.unix_secs(), ended: HashSet::new() }))
    }

    /// Ends one.
    pub(super) fn end(&self, session: Session, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.ended.retain(|session| now.unix_secs() < session.ends_at);
        known.ended.insert(session);
        if known.ended.len() > ENDED_MAX {
            *known = Known { since: now.unix_secs() + 1, ended: HashSet::new() };
        }
    }

    fn has(&self, session: &Session) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        session.ends_at < known.since.saturating_add(SESSION_SECS) || known.ended.contains(session)
    }
}

impl Session {
    /// One that begins now.
    pub(super) fn begin(key: ResourceId, now: Timestamp) -> Self {
        Self { key, ends_at: now.unix_secs().saturating_add(SESSION_SECS) }
    }

    /// The one that a request comes with, if it is one of ours and not over.
    pub(super) fn of(
        headers: &HeaderMap,
        is_secure: bool,
        (master, ended): (&MasterKey, &Ended),
        now: Timestamp,
    ) -> Result<Option<Self>, Error> {
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let cookies =
            lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
        for (_, value) in cookies.filter(|(given, _)| *given == name(is_secure)) {
            if let Some(session) = Self::read(value, master)?
                && now.unix_secs() < session.ends_at
                && !ended.has(&session)
            {
                return Ok(Some(session));
            }
        }
        Ok(None)
    }

    fn read(value: &str, master: &MasterKey) -> Result<Option<Self>, Error> {
        let Some((text, mark)) = value.rsplit_once('.') else { return Ok(None) };
        if !master.is_mark_of(PURPOSE, text, mark)? {
            return Ok(None);
        }
        let parts = text.split_once('.').and_then(|(key, secs)| key.parse().ok().zip(secs.parse().ok()));
        Ok(parts.map(|(key, ends_at)| Self { key, ends_at }))
    }

    /// The `Set-Cookie` that begins it.
    pub(super) fn cookie(&self, is_secure: bool, master: &MasterKey) -> Result<HeaderValue, Refusal> {
        let text = format!("{}.{}", self.key, self.ends_at);
        let mark = master.mark(PURPOSE, &text)?;
        set_cookie(is_secure, &format!("{text}.{mark}"), SESSION_SECS)
    }
}

/// The `Set-Cookie` that makes a browser forget its session.
pub(super) fn end(is_secure: bool) -> Result<HeaderValue, Refusal> {
    set_cookie(is_secure, "", 0)
}

fn set_cookie(is_secure: bool, value: &str, secs: i64) -> Result<HeaderValue, Refusal> {
    let secure = if is_secure { "; Secure" } else { "" };
    let name = name(is_secure);
    let cookie = format!("{name}={value}; Path=/; Max-Age={secs}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&cookie).map_err(Refusal::fault)
}

#[cfg(test)]
mod tests {
    use certgate_store::MASTER_KEY_BYTES;
    use zeroize::Zeroizing;

    use super::*;

    const NOW: i64 = 1_793_491_200;

    fn master(byte: u8) -> MasterKey {
        MasterKey::new(Zeroizing::new([byte; MASTER_KEY_BYTES])).unwrap()
    }

    fn begun() -> Session {
        Session::begin("ak_2rwwl6y1UCOM1WjSQhSj2VPegVh".parse().unwrap(), Timestamp::from_unix_secs(NOW))
    }

    /// The cookie that a browser sends back.
    fn sent(is_secure: bool) -> String {
        let cookie = begun().cookie(is_secure, &master(1)).unwrap();
        cookie.to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    fn read(cookie: &str, is_secure: bool, byte: u8, secs: i64) -> Option<Session> {
        let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookie).unwrap())]);
        known(&headers, is_secure, byte, secs, &Ended::before(Timestamp::from_unix_secs(NOW)))
    }

    fn known(headers: &HeaderMap, is_secure: bool, byte: u8, secs: i64, ended: &Ended) -> Option<Session> {
        Session::of(headers, is_secure, (&master(byte), ended), Timestamp::from_unix_secs(secs)).unwrap()
    }

    #[test]
    fn what_is_ended_or_older_than_the_process_is_over_and_nothing_else() {
        let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&sent(false)).unwrap())]);
        let at = Timestamp::from_unix_secs;
        let is_known = |ended: &Ended| known(&headers, false, 1, NOW + 9, ended).is_some();
        assert!(is_known(&Ended::before(at(NOW))));
        assert!(!is_known(&Ended::before(at(NOW + 1))));
        let ended = Ended::before(at(NOW - 60));
        let other = |secs| Session { ends_at: NOW + SESSION_SECS + secs, ..begun() };
        ended.end(other(1), at(NOW + 2));
        assert!(is_known(&ended));
        ended.end(begun(), at(NOW + 3));
        assert!(!is_known(&ended));
        // Those that are over by now need not be remembered, and too many end with all others.
        ended.end(other(2), at(NOW + SESSION_SECS + 1));
        assert_eq!(ended.0.lock().unwrap().ended.len(), 1);
        (0..i64::try_from(ENDED_MAX).unwrap()).for_each(|secs| ended.end(other(100 + secs), at(NOW)));
        assert_eq!(ended.0.lock().unwrap().ended.len(), 0);
        assert!(!is_known(&ended));
    }

    #[test]
    fn a_session_is_known_by_all_who_have_the_master_key_and_until_its_end() {
        let cookie = sent(false);
        assert_eq!(read(&cookie, false, 1, NOW), Some(begun()));
        assert_eq!(read(&format!("a=b; {cookie};c"), false, 1, NOW + SESSION_SECS - 1), Some(begun()));
        assert_eq!(read(&cookie, false, 1, NOW + SESSION_SECS), None);
        assert_eq!(read(&cookie, false, 2, NOW), None);
    }

    #[test]
    fn a_cookie_that_was_changed_is_none() {
        let cookie = sent(false);
        let value_at = cookie.find('=').unwrap() + 1;
        for at in value_at..cookie.len() {
            let mut changed = cookie.clone();
            let other = if cookie.as_bytes()[at] == b'1' { "2" } else { "1" };
            changed.replace_range(at..=at, other);
            assert_eq!(read(&changed, false, 1, NOW), None, "{changed}");
            assert_eq!(read(&cookie[..at], false, 1, NOW), None, "{at}");
        }
    }

    #[test]
    fn one_that_is_no_session_does_not_hide_the_one_that_is() {
        let forged = format!("certgate-session=x; {}", sent(false));
        assert_eq!(read(&forged, false, 1, NOW), Some(begun()));
    }

    #[test]
    fn under_tls_the_cookie_is_bound_to_the_host() {
        let cookie = begun().cookie(true, &master(1)).unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("__Host-certgate-session=ak_"), "{cookie}");
        let attributes = "; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict";
        assert!(cookie.ends_with(&format!("{attributes}; Secure")), "{cookie}");
        assert!(begun().cookie(false, &master(1)).unwrap().to_str().unwrap().ends_with(attributes));
        assert_eq!(read(&sent(true), true, 1, NOW), Some(begun()));
        // What came without TLS may have been put there by another.
        assert_eq!(read(&sent(false), true, 1, NOW), None);
        assert!(end(true).unwrap().to_str().unwrap().contains("session=; Path=/; Max-Age=0;"));
    }
}
