//! The page itself: what is asked most first.

use certgate_facts::Timestamp;
use certgate_store::ResourceKind;
use maud::{Markup, html};

use super::date::moment;
use super::document::document;
use super::overview::{Counts, Overview, Shown};
use super::text::Text;
use super::timeline::{Axis, patterns};
use super::urgency::{MONTH_DAYS, Urgency, Validity, WEEK_DAYS, ago, words};

/// Most names of one certificate that are shown.
const NAMES_MAX: usize = 4;

/// The page for somebody who logged in by this key.
pub(super) fn page(overview: &Overview, key: &str) -> String {
    let tools = html! {
        form.tools method="post" action="/logout" {
            span { "read-only · " (moment(overview.now)) " · " code { (key) } }
            button { "Log out" }
        }
    };
    let main = html! {
        (counts(&overview.counts))
        (certificates(overview))
        (authorities(overview))
        (newest(overview))
    };
    document(&tools, &main)
}

fn counts(counts: &Counts) -> Markup {
    let tile = |urgency: Option<Urgency>, count: u64, words: &str| {
        // What there is none of draws no eye.
        let class = urgency.filter(|_| count > 0).map_or("", Urgency::name);
        html! {
            div class=(class) {
                dt { (words) }
                dd { (count) }
            }
        }
    };
    html! {
        h1.unseen { "Certificates and authorities" }
        dl.counts {
            (tile(None, counts.certificates, "certificates"))
            (tile(Some(Urgency::Expired), counts.expired, "expired"))
            (tile(Some(Urgency::Week), counts.week, &format!("expire within {WEEK_DAYS} days")))
            (tile(Some(Urgency::Month), counts.month, &format!("expire within {MONTH_DAYS} days")))
            (tile(None, counts.authorities, "authorities"))
        }
    }
}

fn certificates(overview: &Overview) -> Markup {
    let valid =
        overview.certificates.iter().filter_map(|shown| shown.validity.map(|validity| (shown, validity)));
    let axis = Axis::over(valid.clone().map(|(_, validity)| validity), overview.now);
    let rest = overview.counts.certificates.saturating_sub(count(&overview.certificates));
    html! {
        section {
            h2 { "By expiry" }
            @if overview.certificates.is_empty() {
                (none(rest == 0, "no certificate is kept here yet", "no certificate is valid, or was of late"))
            } @else {
                (patterns())
                table.timeline role="table" {
                    thead role="rowgroup" {
                        tr role="row" {
                            th scope="col" role="columnheader" { "Certificate" }
                            th scope="col" role="columnheader" { "Expiry" }
                            th scope="col" role="columnheader" { span.unseen { "Validity" } (axis.scale()) }
                        }
                    }
                    tbody role="rowgroup" {
                        @for (shown, validity) in valid {
                            tr role="row" {
                                th scope="row" role="rowheader" { (what(shown)) }
                                td.expiry role="cell" { (expiry(shown, validity, overview.now)) }
                                td.axis role="cell" { (axis.bar(validity)) }
                            }
                        }
                    }
                }
            }
            @if rest > 0 && !overview.certificates.is_empty() {
                p.rest { (rest) " more: expired longer ago, or expiring later; the API lists them all" }
            }
        }
    }
}

fn authorities(overview: &Overview) -> Markup {
    let rest = overview.counts.authorities.saturating_sub(count(&overview.authorities));
    html! {
        section {
            h2 { "Authorities" }
            @if overview.authorities.is_empty() {
                (none(true, "no authority is kept here yet", ""))
            } @else {
                table role="table" {
                    thead role="rowgroup" {
                        tr role="row" {
                            th scope="col" role="columnheader" { "Authority" }
                            th scope="col" role="columnheader" { "Expiry" }
                            th scope="col" role="columnheader" { "Created" }
                        }
                    }
                    tbody role="rowgroup" {
                        @for shown in &overview.authorities {
                            tr role="row" {
                                th scope="row" role="rowheader" { (what(shown)) }
                                td.expiry role="cell" {
                                    @match shown.validity {
                                        Some(validity) => (expiry(shown, validity, overview.now)),
                                        None => span.quiet { "does not expire" },
                                    }
                                }
                                td role="cell" { (moment(shown.created_at)) }
                            }
                        }
                    }
                }
            }
            @if rest > 0 {
                p.rest { (rest) " more; the API lists them all" }
            }
        }
    }
}

fn newest(overview: &Overview) -> Markup {
    html! {
        section {
            h2 { "Latest" }
            @if overview.newest.is_empty() {
                (none(true, "nothing was created yet", ""))
            } @else {
                ol.newest {
                    @for shown in &overview.newest {
                        li {
                            div { (what(shown)) }
                            div.when { (ago(shown.created_at, overview.now)) br; (moment(shown.created_at)) }
                        }
                    }
                }
            }
        }
    }
}

/// What a resource is called, and what it is.
fn what(shown: &Shown) -> Markup {
    let is_every = shown.names.is_empty() && shown.kind == ResourceKind::SshHostCertificate;
    let rest = shown.names.len().saturating_sub(NAMES_MAX);
    html! {
        div.names {
            @for (index, name) in shown.names.iter().take(NAMES_MAX).enumerate() {
                @if index > 0 { ", " }
                (Text(name))
            }
            @if rest > 0 { span.quiet { " and " (rest) " more" } }
            @if is_every { "every host" }
            @if shown.names.is_empty() && !is_every {
                @if shown.description.is_empty() { "without a name" } @else { (Text(&shown.description)) }
            }
        }
        div.facts {
            span.kind { (kind(shown.kind)) }
            code { (shown.id) }
            @if !shown.issuer.is_empty() { span { "by " (Text(&shown.issuer)) } }
            @if let Some(fingerprint) = &shown.fingerprint { code { (fingerprint) } }
        }
        @if !shown.description.is_empty() && (is_every || !shown.names.is_empty()) {
            div.description { (Text(&shown.description)) }
        }
    }
}

fn expiry(shown: &Shown, validity: Validity, now: Timestamp) -> Markup {
    let urgency = Urgency::of(validity, now);
    // SSH counts the first second after it, X.509 the last one of it; each is shown as the API has it.
    let is_ssh = matches!(shown.kind, ResourceKind::SshHostCertificate | ResourceKind::SshUserCertificate);
    let until = validity.last.unix_secs().saturating_add(i64::from(is_ssh));
    html! {
        span class={ "pill " (urgency.name()) } {
            span aria-hidden="true" { (urgency.sign()) }
            " " (words(validity, now))
        }
        div.when {
            // The pill tells when it begins.
            @if urgency == Urgency::Future { "until " }
            (moment(Timestamp::from_unix_secs(until)))
        }
    }
}

const fn kind(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::CertificateAuthority => "mTLS authority",
        ResourceKind::SshCertificateAuthority => "SSH authority",
        ResourceKind::SshHostCertificate => "SSH host",
        ResourceKind::SshUserCertificate => "SSH user",
        ResourceKind::TlsCertificate => "TLS",
    }
}

fn none(is_new: bool, never: &str, not_now: &str) -> Markup {
    html! { p.none { (if is_new { never } else { not_now }) } }
}

fn count(shown: &[Shown]) -> u64 {
    u64::try_from(shown.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
