//! Pages of other origins, in browsers.

use crate::harness::Served;

#[test]
fn a_browser_may_ask_before_it_asks() {
    let served = Served::new();
    let preflight = |path: &str| {
        served
            .ask_bare("OPTIONS", path)
            .header("Origin: https://page.example")
            .header("Access-Control-Request-Method: GET")
            .header("Access-Control-Request-Headers: authorization, ngrok-version")
            .answer()
            .is(204)
    };
    for (path, methods) in [
        ("/tls_certificates", "GET, POST"),
        ("/tls_certificates/cert_2rwwl6y1UCOM1WjSQhSj2VPegVh", "GET, PATCH, DELETE"),
    ] {
        let answer = preflight(path);
        for (name, due) in [
            ("allow-origin", "https://page.example"),
            ("allow-credentials", "true"),
            ("allow-methods", methods),
            ("allow-headers", "authorization, ngrok-version"),
            ("max-age", "600"),
        ] {
            assert_eq!(answer.header(&format!("access-control-{name}")), Some(due), "{name}");
        }
        assert_eq!(answer.body, "");
    }
}

#[test]
fn an_answer_to_a_page_says_that_the_page_may_read_it_a_refusal_too() {
    let served = Served::new();
    let origin = "Origin: https://page.example";
    let good = served.ask("GET", "/tls_certificates").header(origin).answer().is(200);
    let bad = served.ask_bare("GET", "/tls_certificates").header(origin).answer().refuses(403, 200);
    for answer in [good, bad] {
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://page.example"));
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
        assert_eq!(answer.header("vary"), Some("Origin"));
    }
    assert_eq!(served.get("/tls_certificates").header("access-control-allow-origin"), None);
}
