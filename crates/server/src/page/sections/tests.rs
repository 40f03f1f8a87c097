use super::super::urgency::DAY_SECS;
use super::*;

const NOW: i64 = 1_793_491_200;
const MARKUP: &str = "</bdi><script>alert(1)</script>\" onload=\"x";

fn at(days: i64) -> Timestamp {
    Timestamp::from_unix_secs(NOW + days * DAY_SECS)
}

fn shown(kind: ResourceKind, name: &str, days: Option<(i64, i64)>) -> Shown {
    Shown {
        kind,
        id: format!("id_of_{name}"),
        created_at: at(-3),
        description: String::new(),
        names: vec![name.to_owned()],
        validity: days.map(|(first, last)| Validity { first: at(first), last: at(last) }),
        issuer: String::new(),
        fingerprint: None,
    }
}

fn overview() -> Overview {
    let (host, tls) = (ResourceKind::SshHostCertificate, ResourceKind::TlsCertificate);
    let certificates = vec![
        shown(tls, "old.example", Some((-90, -2))),
        shown(host, "web", Some((-1, 5))),
        shown(tls, "mail.example", Some((-60, 20))),
        shown(tls, "new.example", Some((-1, 300))),
        shown(host, "soon", Some((2, 400))),
    ];
    let authorities = vec![
        shown(ResourceKind::SshCertificateAuthority, "hosts", None),
        shown(ResourceKind::CertificateAuthority, "clients", Some((-100, 3000))),
    ];
    let newest = vec![shown(host, "web", Some((-1, 5)))];
    let counts = Counts { certificates: 7, expired: 2, week: 1, month: 2, authorities: 2 };
    Overview { now: at(0), counts, certificates, authorities, newest }
}

/// The words of a page, one run of them a line.
fn words(html: &str) -> Vec<String> {
    let (_, body) = html.split_once("<main>").unwrap();
    let runs = body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text).trim());
    runs.filter(|run| !run.is_empty()).map(str::to_owned).collect()
}

#[test]
fn certificates_stand_in_order_each_with_its_urgency_in_words() {
    let html = page(&overview(), "ak_1");
    let words = words(&html);
    let place =
        |due: &str| words.iter().position(|word| word == due).unwrap_or_else(|| panic!("{due}: {words:#?}"));
    let due = [
        "By expiry",
        "old.example",
        "expired 2 days ago",
        "web",
        "expires in 5 days",
        "mail.example",
        "expires in 20 days",
        "new.example",
        "expires in 300 days",
        "soon",
        "begins in 2 days",
        "2 more: expired longer ago, or expiring later; the API lists them all",
        "Authorities",
        "hosts",
        "does not expire",
        "clients",
        "expires in 8 years",
        "Latest",
    ];
    let places: Vec<usize> = due.map(place).to_vec();
    assert!(places.is_sorted(), "{words:#?}");
    for class in ["expired", "week", "month", "later", "future"] {
        assert!(html.contains(&format!("class=\"pill {class}\"")), "{class}");
        assert!(html.contains(&format!("<rect class=\"{class}\"")), "{class}");
    }
}

#[test]
fn an_end_is_told_as_the_api_has_it() {
    let html = page(&overview(), "ak_1");
    let told = |at: Timestamp| html.contains(&format!("datetime=\"{at}\""));
    let second_after = Timestamp::from_unix_secs(at(5).unix_secs() + 1);
    assert!(told(second_after) && !told(at(5)), "valid_until of SSH is the first second after");
    assert!(told(at(20)), "not_after of X.509 is the last second");
}

#[test]
fn nothing_that_others_wrote_is_markup() {
    let mut overview = overview();
    for shown in overview.certificates.iter_mut().chain(&mut overview.authorities).chain(&mut overview.newest)
    {
        shown.names = vec![MARKUP.to_owned()];
        (shown.description, shown.issuer) = (MARKUP.to_owned(), MARKUP.to_owned());
    }
    let html = page(&overview, MARKUP);
    assert!(!html.contains("<script") && !html.contains("\" onload"), "{html}");
    let escaped = "&lt;/bdi&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x";
    assert_eq!(html.matches(escaped).count(), 8 * 3 + 1);
}

#[test]
fn what_is_not_there_is_said() {
    let (certificates, authorities, newest) = (Vec::new(), Vec::new(), Vec::new());
    let mut empty = Overview { now: at(0), counts: Counts::default(), certificates, authorities, newest };
    let html = page(&empty, "ak_1");
    for due in ["no certificate is kept here yet", "no authority is kept here yet", "nothing was created yet"]
    {
        assert!(html.contains(due), "{due}");
    }
    empty.counts.certificates = 3;
    assert!(page(&empty, "ak_1").contains("no certificate is valid, or was of late"));
}

#[test]
fn a_certificate_for_every_host_says_so_and_one_for_many_says_how_many() {
    let mut overview = overview();
    overview.certificates[1].names.clear();
    overview.certificates[2].names = (0..100).map(|number| format!("{number}.example")).collect();
    overview.certificates[3].names.clear();
    let words = words(&page(&overview, "ak_1"));
    for due in ["every host", "3.example", "and 96 more", "without a name"] {
        assert!(words.iter().any(|word| word == due), "{due}: {words:?}");
    }
    assert!(!words.iter().any(|word| word == "4.example"));
}
