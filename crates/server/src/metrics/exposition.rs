//! The counts as Prometheus reads them: its text format, version 0.0.4.
//!
//! No library: it is a few lines, and what they are is compared with a parser in the tests.

use std::fmt::{self, Write as _};
use std::sync::atomic::Ordering::Relaxed;

use certgate_api::{COLLECTIONS, Route, Verb};
use certgate_facts::Timestamp;
use certgate_store::{ResourceCount, ResourceKind};

use super::{Metrics, STATUSES, TIMES};

/// What the text is.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All that is counted. `counts` are the store's, of what ended by each of [`moments`]; nothing where it cannot be read.
pub(crate) fn text(metrics: &Metrics, counts: Option<&[ResourceCount]>) -> Result<String, fmt::Error> {
    let mut out = String::with_capacity(48 * 1024);
    requests(&mut out, metrics)?;
    times(&mut out, metrics)?;
    for (name, kind, help, value) in [
        ("requests_in_flight", "gauge", "Requests that are being answered.", &*metrics.in_flight),
        ("connections_open", "gauge", "Connections of clients.", &*metrics.connections),
        (
            "rate_limited_total",
            "counter",
            "Requests refused because a key made too many.",
            &metrics.rate_limited,
        ),
        (
            "tls_handshakes_failed_total",
            "counter",
            "Clients that did not come to an encrypted connection.",
            &metrics.handshakes_failed,
        ),
    ] {
        head(&mut out, name, kind, help)?;
        writeln!(out, "certgate_{name} {}", value.load(Relaxed))?;
    }
    let not_after = metrics.tls_not_after.load(Relaxed);
    if not_after != i64::MIN {
        let help = "When the certificate ends that this server shows, in seconds since 1970.";
        head(&mut out, "tls_not_after_seconds", "gauge", help)?;
        writeln!(out, "certgate_tls_not_after_seconds {not_after}")?;
    }
    issued(&mut out, metrics)?;
    if let Some(counts) = counts {
        kept(&mut out, counts)?;
    }
    head(&mut out, "build_info", "gauge", "Which certgate this is.")?;
    writeln!(out, "certgate_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"))?;
    Ok(out)
}

/// By when the store is asked what ended: now, in seven days, and in thirty.
pub(crate) fn moments(now: Timestamp) -> Vec<Timestamp> {
    [0, 7, 30]
        .map(|days: i64| Timestamp::from_unix_secs(now.unix_secs().saturating_add(days * 86_400)))
        .to_vec()
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) -> fmt::Result {
    writeln!(out, "# HELP certgate_{name} {help}\n# TYPE certgate_{name} {kind}")
}

/// What routes are called here, in the order of their counts; the last is all that is no route.
fn routes() -> impl Iterator<Item = String> {
    let all = Route::all().map(|route| format!("{} {}", route.method(), route.path("{id}")));
    all.chain(["other".to_owned()])
}

fn requests(out: &mut String, metrics: &Metrics) -> fmt::Result {
    head(out, "requests_total", "counter", "Requests that were answered.")?;
    for (route, counts) in routes().zip(&metrics.routes) {
        let statuses = STATUSES.iter().map(u16::to_string).chain(["other".to_owned()]);
        for (status, count) in statuses.zip(&counts.statuses) {
            let count = count.load(Relaxed);
            if count > 0 {
                writeln!(out, "certgate_requests_total{{route=\"{route}\",status=\"{status}\"}} {count}")?;
            }
        }
    }
    Ok(())
}

fn times(out: &mut String, metrics: &Metrics) -> fmt::Result {
    let name = "certgate_request_duration_seconds";
    head(out, "request_duration_seconds", "histogram", "Time from a request's headers to its answer.")?;
    for (route, counts) in routes().zip(&metrics.routes) {
        let mut sum = 0;
        let ends = TIMES.iter().map(|(end, _)| *end).chain(["+Inf"]);
        for (end, count) in ends.zip(&counts.times) {
            sum += count.load(Relaxed);
            writeln!(out, "{name}_bucket{{route=\"{route}\",le=\"{end}\"}} {sum}")?;
        }
        let micros = counts.micros.load(Relaxed);
        let (secs, rest) = (micros / 1_000_000, micros % 1_000_000);
        writeln!(out, "{name}_sum{{route=\"{route}\"}} {secs}.{rest:06}")?;
        writeln!(out, "{name}_count{{route=\"{route}\"}} {sum}")?;
    }
    Ok(())
}

fn issued(out: &mut String, metrics: &Metrics) -> fmt::Result {
    let name = "created_total";
    head(
        out,
        name,
        "counter",
        "Resources that were created: certificates issued or uploaded, and authorities.",
    )?;
    for collection in COLLECTIONS {
        let count = metrics.created(Route { collection, verb: Verb::Create });
        writeln!(out, "certgate_{name}{{collection=\"{}\"}} {count}", collection.name)?;
    }
    Ok(())
}

fn kept(out: &mut String, counts: &[ResourceCount]) -> fmt::Result {
    head(out, "resources", "gauge", "Resources that are kept.")?;
    for ResourceCount { kind, total, .. } in counts {
        writeln!(out, "certgate_resources{{kind=\"{}\"}} {total}", kind.name())?;
    }
    // Keys without an end are no certificates.
    let certificates = counts.iter().filter(|count| count.kind != ResourceKind::SshCertificateAuthority);
    let ended = certificates.filter_map(|count| Some((count.kind.name(), count.ended.first_chunk()?)));
    let ended: Vec<(&str, &[u64; 3])> = ended.collect();
    head(out, "certificates_expired", "gauge", "Certificates that are kept and have ended.")?;
    for (kind, [expired, ..]) in &ended {
        writeln!(out, "certgate_certificates_expired{{kind=\"{kind}\"}} {expired}")?;
    }
    head(out, "certificates_expiring", "gauge", "Certificates that end within so many days from now.")?;
    for (kind, [expired, by_7_days, by_30_days]) in &ended {
        for (days, by) in [(7, by_7_days), (30, by_30_days)] {
            let count = by.saturating_sub(*expired);
            writeln!(out, "certgate_certificates_expiring{{kind=\"{kind}\",days=\"{days}\"}} {count}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use certgate_api::SshHostCertificate;

    use super::*;

    fn has(text: &str, line: &str) {
        assert!(text.lines().any(|other| other == line), "{line} is not in\n{text}");
    }

    #[test]
    fn answers_are_counted_by_route_status_and_time() {
        let metrics = Metrics::new();
        let create = Route::of::<SshHostCertificate>(Verb::Create);
        metrics.answered(Some(create), 201, Duration::from_micros(1_000));
        metrics.answered(Some(create), 201, Duration::from_millis(1_500));
        metrics.answered(Some(create), 418, Duration::from_secs(100));
        metrics.answered(None, 404, Duration::ZERO);
        let text = text(&metrics, None).unwrap();
        let route = "route=\"POST /ssh_host_certificates\"";
        has(&text, &format!("certgate_requests_total{{{route},status=\"201\"}} 2"));
        has(&text, &format!("certgate_requests_total{{{route},status=\"other\"}} 1"));
        has(&text, "certgate_requests_total{route=\"other\",status=\"404\"} 1");
        for (end, count) in [("0.001", 1), ("1", 1), ("10", 2), ("60", 2), ("+Inf", 3)] {
            has(&text, &format!("certgate_request_duration_seconds_bucket{{{route},le=\"{end}\"}} {count}"));
        }
        has(&text, &format!("certgate_request_duration_seconds_sum{{{route}}} 101.501000"));
        has(&text, &format!("certgate_request_duration_seconds_count{{{route}}} 3"));
        has(&text, "certgate_created_total{collection=\"ssh_host_certificates\"} 2");
    }

    #[test]
    fn what_is_present_is_counted_until_it_is_gone() {
        let metrics = Metrics::new();
        let request = metrics.request();
        has(&text(&metrics, None).unwrap(), "certgate_requests_in_flight 1");
        drop(request);
        has(&text(&metrics, None).unwrap(), "certgate_requests_in_flight 0");
    }

    #[test]
    fn what_ends_is_told_by_kind() {
        let count = ResourceCount { kind: ResourceKind::TlsCertificate, total: 9, ended: vec![1, 3, 6] };
        let text = text(&Metrics::new(), Some(&[count])).unwrap();
        has(&text, "certgate_resources{kind=\"tls-certificate\"} 9");
        has(&text, "certgate_certificates_expired{kind=\"tls-certificate\"} 1");
        has(&text, "certgate_certificates_expiring{kind=\"tls-certificate\",days=\"7\"} 2");
        has(&text, "certgate_certificates_expiring{kind=\"tls-certificate\",days=\"30\"} 5");
    }
}
