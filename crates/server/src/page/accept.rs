//! Whether an answer is for a person.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

/// Whether HTML is asked for by name, and JSON is not rather: browsers do, `*/*` does not.
pub(super) fn prefers_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|header| header.to_str().ok());
    let (mut html, mut json) = (0, 0);
    for range in accepted.flat_map(|header| header.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(weight_of).unwrap_or(1000);
        match media.as_str() {
            "text/html" => html = html.max(weight),
            "application/json" => json = json.max(weight),
            _ => {}
        }
    }
    html > 0 && html >= json
}

/// Thousandths of a `q` parameter (RFC 9110 §12.4.2); zero for one that does not read.
fn weight_of(parameter: &str) -> Option<u32> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let value = value.trim();
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let is_plain = part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    Some(match (whole, format!("{part:0<3}").parse::<u32>()) {
        ("1", Ok(0)) => 1000,
        ("0", Ok(thousandths)) if is_plain => thousandths,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn browsers_are_told_from_clients_of_the_api() {
        let is_preferred = |accept: &str| {
            let accept = HeaderValue::from_str(accept).unwrap();
            prefers_html(&HeaderMap::from_iter([(ACCEPT, accept)]))
        };
        for browser in [
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            "text/html",
            "TEXT/HTML ; Q=0.001",
            "application/json;q=0.5, text/html;q=0.9",
            "text/html;charset=utf-8;q=1.000, application/json",
        ] {
            assert!(is_preferred(browser), "{browser}");
        }
        for client in [
            "",
            "*/*",
            "text/*",
            "application/json",
            "application/json, text/html;q=0.9",
            "text/html;q=0",
            "text/html;q=0.0000",
            "text/html;q=x, */*",
            "text/htmlx",
        ] {
            assert!(!is_preferred(client), "{client}");
        }
        assert!(!prefers_html(&HeaderMap::new()));
    }
}
