//! The page at `/`, asked by `curl`; below, by a browser.

mod browsed;

use std::process::Command;

use serde_json::json;

use crate::harness::{Answer, Served};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh";
const BROWSER: &str = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

/// A moment that many days from now.
fn in_days(days: i64) -> String {
    let output = Command::new("date")
        .args(["-u", "-d", &format!("{days} days"), "+%Y-%m-%dT%H:%M:%SZ"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// A host certificate that is valid until so many days from now.
fn host(served: &Served, authority: &str, name: &str, days: i64, description: &str) {
    let body = json!({
        "ssh_certificate_authority_id": authority,
        "public_key": KEY,
        "principals": [name],
        "valid_after": in_days(days.min(0) - 10),
        "valid_until": in_days(days),
        "description": description,
    });
    served.post("/ssh_host_certificates", &body).is(201);
}

fn log_in(served: &Served, key: &str) -> Answer {
    served.ask_bare("POST", "/login").header(FORM).body(format!("key={key}")).answer()
}

/// The cookie of a session that the key of `served` begins.
fn session(served: &Served) -> String {
    cookie_of(&log_in(served, &served.key).is(303))
}

fn cookie_of(answer: &Answer) -> String {
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

fn page(served: &Served, cookie: &str) -> Answer {
    served.ask_bare("GET", "/").header(BROWSER).header(&format!("Cookie: {cookie}")).answer()
}

fn is_login(answer: &Answer) -> bool {
    answer.body.contains("<form method=\"post\" action=\"/login\">")
}

fn id_of(key: &str) -> String {
    format!("ak_{}", key.split_once('_').unwrap().0)
}

#[test]
fn browsers_find_a_page_where_clients_of_the_api_find_nothing() {
    let served = Served::new();
    for accept in ["Accept: application/json", "Accept: */*", "Accept:"] {
        let answer = served.ask("GET", "/").header(accept).answer().is(404);
        assert_eq!(answer.body, r#"{"status_code":404,"msg":"Not Found","details":{"path":"/"}}"#);
    }
    for (method, path) in [("POST", "/"), ("DELETE", "/login"), ("GET", "/logout"), ("GET", "/style.css")] {
        let answer = served.ask_bare(method, path).header(BROWSER).answer().is(404);
        assert_eq!(answer.json()["details"]["path"], path);
    }
    assert!(is_login(&served.ask_bare("GET", "/").header(BROWSER).answer().is(200)));
    let again = served.ask_bare("GET", "/login").header(BROWSER).answer().is(303);
    assert_eq!(again.header("location"), Some("/"));
}

#[test]
fn every_answer_of_the_page_tells_the_browser_how_little_it_may_do() {
    let served = Served::new();
    let cookie = session(&served);
    let elsewhere = "Origin: https://page.example";
    let login = served.ask_bare("GET", "/").header(BROWSER).header(elsewhere).answer();
    for answer in [login.is(200), page(&served, &cookie).is(200), log_in(&served, "x").is(403)] {
        let policy = answer.header("content-security-policy").unwrap();
        for due in
            ["default-src 'none';", "form-action 'self';", "base-uri 'none';", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(due), "{due}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("script"), "{policy}");
        for (name, due) in [
            ("content-type", "text/html; charset=utf-8"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("vary", "Accept, Cookie"),
        ] {
            assert_eq!(answer.header(name), Some(due), "{name}");
        }
        assert!(answer.header("ngrok-operation-id").is_some_and(|id| id.starts_with("op_")));
        // What the API lets pages of other origins read, this does not.
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

#[test]
fn a_key_begins_a_session_that_is_in_the_cookie_alone() {
    let mut served = Served::new();
    let answer = log_in(&served, &served.another_key(&["--read-only"])).is(303);
    assert_eq!((answer.header("location"), answer.body.as_str()), (Some("/"), ""));
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("certgate-session=ak_"), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"), "{cookie}");
    assert!(!is_login(&page(&served, &cookie_of(&answer)).is(200)));
    // A process that began later may not have been told of its end.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    served.killed_and_started();
    assert!(is_login(&page(&served, &cookie_of(&answer)).is(200)));
    // A session is for the page; it opens no API.
    let asked = served.ask("GET", "/tls_certificates").without("Authorization");
    asked.header(&format!("Cookie: {}", cookie_of(&answer))).answer().refuses(403, 200);
    // Spaces around a key that was copied do no harm.
    log_in(&served, &format!("+%20{}%0D%0A", served.key)).is(303);
}

#[test]
fn a_cookie_that_is_not_ours_opens_nothing() {
    let (served, other) = (Served::new(), Served::new());
    let cookie = session(&served);
    let longer = cookie.replacen('.', ".9", 1);
    for forged in
        [session(&other), longer, "certgate-session=".to_owned(), "certgate-session=a.b.c".to_owned()]
    {
        assert!(is_login(&page(&served, &forged).is(200)), "{forged}");
    }
    assert!(!is_login(&page(&served, &cookie).is(200)));
}

#[test]
fn a_session_ends_with_its_key_and_with_a_logout() {
    let served = Served::new();
    let key = served.another_key(&[]);
    let cookie = cookie_of(&log_in(&served, &key).is(303));
    page(&served, &cookie).is(200);
    served.certgate(&["api-key", "revoke", &id_of(&key)]).exits(0);
    let answer = page(&served, &cookie).is(403);
    assert!(is_login(&answer) && answer.body.contains("was revoked"), "{}", answer.body);
    assert!(answer.header("set-cookie").unwrap().starts_with("certgate-session=; Path=/; Max-Age=0;"));
    let (cookie, other) = (session(&served), cookie_of(&log_in(&served, &served.another_key(&[])).is(303)));
    let out = served.ask_bare("POST", "/logout").header(&format!("Cookie: {cookie}")).answer();
    // A copy of the cookie opens nothing any more; others do.
    assert!(is_login(&page(&served, &cookie).is(200)));
    assert!(!is_login(&page(&served, &other).is(200)));
    assert_eq!(out.header("location"), Some("/"));
    assert!(out.is(303).header("set-cookie").unwrap().starts_with("certgate-session=; Path=/; Max-Age=0;"));
}

#[test]
fn a_login_that_fails_is_told_why_in_words() {
    let served = Served::new();
    for (key, words) in [
        ("", "does not look like an API key"),
        ("x", "does not look like an API key"),
        (&id_of(&served.key), "this is the id of an API key"),
        (&served.key.replace('_', "_a")[..48 + 1], "is not known here"),
    ] {
        let answer = log_in(&served, key).is(403);
        assert!(is_login(&answer) && answer.body.contains(words), "{key}: {}", answer.body);
        assert_eq!(answer.header("set-cookie"), None);
    }
    let post = |kind: &str, body: &str| served.ask_bare("POST", "/login").header(kind).body(body).answer();
    post("Content-Type: application/json", "{}").is(415);
    post(FORM, &format!("key={}", "x".repeat(2000))).is(400);
    post(FORM, "key=%zz").is(400);
    post(FORM, "other=1").is(403);
}

#[test]
fn a_form_that_another_page_sent_is_refused() {
    let served = Served::new();
    let post = |path: &str, origin: &str| {
        let asked = served.ask_bare("POST", path).header(FORM).header(&format!("Origin: {origin}"));
        asked.body(format!("key={}", served.key)).answer()
    };
    for path in ["/login", "/logout"] {
        for foreign in ["https://page.example", "null", "http://127.0.0.1:1", "file://"] {
            let answer = post(path, foreign).is(403);
            assert!(answer.body.contains("another origin") && answer.header("set-cookie").is_none());
        }
        post(path, &served.origin).is(303);
    }
}

#[test]
fn where_browsers_come_by_tls_the_cookie_is_bound_to_it() {
    let served = Served::with(&["--public-url", "https://certs.example:443"]);
    let form = || served.ask_bare("POST", "/login").header(FORM).body(format!("key={}", served.key));
    form().header(&format!("Origin: {}", served.origin)).answer().is(403);
    let answer = form().header("Origin: https://certs.example").answer().is(303);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-certgate-session=ak_") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(!is_login(&page(&served, &cookie_of(&answer)).is(200)));
    let unbound = cookie_of(&answer).replace("__Host-", "");
    assert!(is_login(&page(&served, &unbound).is(200)));
}

#[test]
fn wrong_logins_are_counted_together_and_lock_nobody_out() {
    let served = Served::with(&["--rate-limit", "3"]);
    for wrong in ["a", "b", "c"] {
        log_in(&served, wrong).is(403);
    }
    let answer = log_in(&served, "d").is(429);
    assert!(answer.header("retry-after").is_some() && answer.body.contains("too many logins failed"));
    let cookie = session(&served);
    // A look at the page costs what a request to the API does.
    page(&served, &cookie).is(200);
    served.get("/tls_certificates").is(200);
    let answer = page(&served, &cookie).is(429);
    assert!(answer.header("retry-after").is_some() && answer.body.contains("3 API requests per minute"));
}

#[test]
fn what_others_wrote_is_shown_as_text() {
    let served = Served::new();
    let authority = served.authority();
    let markup = "</bdi><script>alert(1)</script><img src=x onerror=alert(2)>\"'&";
    for (name, description) in [
        ("a.example", markup),
        ("b.example", "one\u{1}two\u{1b}[31m\r\n"),
        ("c.example", "\u{202E}desrever שלום"),
        ("d.example", &"W".repeat(255)),
    ] {
        host(&served, &authority, name, 5, description);
    }
    let html = page(&served, &session(&served)).is(200).body;
    for due in [
        "<bdi>&lt;/bdi&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;&quot;'&amp;</bdi>",
        r"<bdi>one\u{1}two\u{1b}[31m\u{d}\u{a}</bdi>",
        r"<bdi>\u{202e}desrever שלום</bdi>",
        &format!("<bdi>{}…</bdi>", "W".repeat(160)),
    ] {
        assert_eq!(html.matches(due).count(), 2, "by expiry, and among the latest: {due}");
    }
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
}

#[test]
fn the_log_tells_who_looked_and_no_secret() {
    let served = Served::new();
    let (key, cookie) = (served.key.clone(), session(&served));
    page(&served, &cookie).is(200);
    log_in(&served, &format!("{key}x")).is(403);
    let log = served.ended();
    let secret = key.split_once('_').unwrap().1;
    assert!(!log.contains(secret) && !log.contains(cookie.rsplit_once('.').unwrap().1), "{log}");
    let lines: Vec<serde_json::Value> =
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let told: Vec<_> = lines.iter().map(|line| (&line["path"], &line["status"], &line["api_key"])).collect();
    let id = json!(id_of(&key));
    let none = serde_json::Value::Null;
    let due = [
        (json!("/login"), json!(303), &id),
        (json!("/"), json!(200), &id),
        (json!("/login"), json!(403), &none),
    ];
    assert_eq!(told, due.iter().map(|(path, status, key)| (path, status, *key)).collect::<Vec<_>>());
}
