//! The page in Chromium.

use super::{host, id_of, in_days};
use crate::harness::{Chromium, Served};

fn logged_in(served: &Served, key: &str) -> Chromium {
    let browser = Chromium::new();
    browser.open(&served.origin);
    log_in(&browser, key);
    browser
}

fn log_in(browser: &Chromium, key: &str) {
    browser.type_into("#key", key);
    browser.click(".login button");
}

/// Nothing was loaded from anywhere else, and nothing was tried that the page's policy does not allow.
#[track_caller]
fn is_calm(browser: &Chromium, served: &Served) {
    assert_eq!(browser.console(), [""; 0]);
    let requests = browser.requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert!(
            request.starts_with(&format!("{}/", served.origin)) || request.starts_with("data:"),
            "{request}"
        );
    }
}

/// Whether all of the page is within the width of the screen.
#[track_caller]
fn is_within(browser: &Chromium) {
    let widths =
        browser.value("[document.documentElement.scrollWidth, document.documentElement.clientWidth]");
    assert_eq!(widths[0], widths[1], "something is wider than the screen");
}

#[test]
fn whoever_logs_in_sees_what_expires_first_and_after_a_logout_nothing() {
    let served = Served::new();
    let authority = served.authority();
    for (name, days) in
        [("later.example", 90), ("soon.example", 3), ("past.example", -2), ("month.example", 20)]
    {
        host(&served, &authority, name, days, "");
    }
    let browser = logged_in(&served, &served.key);
    let names = browser.texts(".timeline .names");
    assert_eq!(names, ["past.example", "soon.example", "month.example", "later.example"]);
    let pills = browser.texts(".timeline .pill");
    for (pill, words) in pills.iter().zip([
        "expired 2 days ago",
        "expires in 2 days",
        "expires in 19 days",
        "expires in 89 days",
    ]) {
        assert!(pill.ends_with(words), "{pill}: {words}");
    }
    assert_eq!(browser.texts(".counts dd"), ["4", "1", "1", "2", "1"]);
    let mut newest = browser.texts(".newest .names");
    newest.sort();
    assert_eq!(newest, ["later.example", "month.example", "past.example", "soon.example", "without a name"]);
    assert!(browser.texts("main table code").contains(&authority));
    // The bars are drawn on one axis, each with its end in order.
    let ends = "[...document.querySelectorAll('.bar rect')].map(bar => bar.getBoundingClientRect().right)";
    let ends: Vec<f64> = serde_json::from_value(browser.value(ends)).unwrap();
    assert!(ends.len() == 4 && ends.is_sorted(), "{ends:?}");
    browser.click(".tools button");
    assert_eq!(browser.text("h1"), "Log in");
    browser.open(&served.origin);
    assert_eq!(browser.text("h1"), "Log in");
    is_calm(&browser, &served);
}

#[test]
fn a_wrong_key_and_a_revoked_one_are_told_and_see_nothing() {
    let served = Served::new();
    let key = served.another_key(&[]);
    let browser = logged_in(&served, "no key");
    assert!(browser.text("[role=alert]").contains("does not look like an API key"));
    log_in(&browser, &key);
    assert_eq!(browser.text(".tools code"), id_of(&key));
    served.certgate(&["api-key", "revoke", &id_of(&key)]).exits(0);
    browser.open(&served.origin);
    assert!(browser.text("[role=alert]").contains("revoked"));
    assert_eq!(browser.texts("table").len(), 0);
    log_in(&browser, &key);
    assert!(browser.text("[role=alert]").contains("was revoked"));
}

#[test]
fn the_page_fits_a_phone_and_a_desk_in_light_and_dark_and_on_paper() {
    let served = Served::new();
    let authority = served.authority();
    let long = "W".repeat(255);
    host(&served, &authority, &format!("{}.example", vec!["x".repeat(60); 3].join(".")), 5, &long);
    host(&served, &authority, "a.example", 400, "<img src=//other.example/x onerror=document.title=1>");
    host(&served, &authority, "b.example", -1, "\u{202E}שלום <script>document.title=2</script>");
    let browser = logged_in(&served, &served.key);
    let color = |selector: &str, of: &str| {
        browser.value(&format!("getComputedStyle(document.querySelector('{selector}')).{of}"))
    };
    let mut grounds = Vec::new();
    for scheme in ["light", "dark"] {
        browser.prefer("prefers-color-scheme", scheme);
        for width in [320, 390, 1280] {
            browser.resize(width, 800);
            is_within(&browser);
        }
        grounds.push(color("body", "backgroundColor"));
        assert_ne!(color("body", "backgroundColor"), color("body", "color"));
    }
    // Without its style sheet, the page would have none at all.
    assert_ne!(grounds[0], grounds[1]);
    assert_eq!(browser.value("document.title"), "certgate");
    assert_eq!(browser.value("document.images.length + document.scripts.length"), 0);
    browser.print();
    assert_eq!(color("button", "display"), "none");
    is_within(&browser);
    is_calm(&browser, &served);
}

#[test]
fn the_page_reads_as_tables_and_forms_to_those_who_do_not_see_it() {
    let served = Served::new();
    let authority = served.authority();
    host(&served, &authority, "a.example", 5, "");
    let browser = Chromium::new();
    browser.open(&served.origin);
    assert_eq!(browser.roles("textbox"), ["API key"]);
    log_in(&browser, &served.key);
    for width in [390, 1280] {
        browser.resize(width, 800);
        let rows = browser.roles("rowheader");
        assert_eq!(rows.len(), 2, "a certificate and its authority: {rows:?}");
        assert!(rows[0].starts_with("a.example SSH host shcrt_"), "{rows:?}");
        let day = in_days(-10).split_once('T').unwrap().0.to_owned();
        assert_eq!(browser.roles("image"), [format!("valid from {day}, expires in 4 days")]);
        assert_eq!(
            browser.roles("heading"),
            ["Certificates and authorities", "By expiry", "Authorities", "Latest"]
        );
    }
}
