//! Cases to push.

use std::sync::Arc;

use certgate_facts::{Reading, Source};
use certgate_fixtures::JUDGED_AT;
use certgate_rules::{
    Case, Cleared, Field, HostCertificateRequest, Moment, Policy, Slot, TlsUpload, TrustAnchors, Verdict,
    judge,
};

pub(crate) const AUTHORITY: &str = "sshca_2rwwl5w69mehWeDVlbshgAxOzQS";
pub(crate) const HOST_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh web-1";

pub(crate) fn judged<C: Case>(case: C) -> Verdict<C> {
    judge(case, &Policy::new(JUDGED_AT.parse().unwrap(), TrustAnchors::Mozilla))
}

pub(crate) fn read(fixture: &str) -> Arc<Reading> {
    let path = format!("{}/../../fixtures/{fixture}", env!("CARGO_MANIFEST_DIR"));
    Arc::new(Reading::of(Source::read(fixture, std::fs::File::open(path).unwrap()).unwrap()))
}

/// An upload of a chain and its key; `name` tells it from others.
pub(crate) fn upload(name: &str) -> TlsUpload {
    let slot = |extension: &str| Slot::whole(read(&format!("chain/p384-depth-4.{extension}")));
    TlsUpload::new(slot("pem"), slot("key")).with_description(name).with_metadata("{\"by\":\"test\"}")
}

pub(crate) fn cleared(name: &str) -> Cleared<TlsUpload> {
    judged(upload(name)).clear().unwrap()
}

/// An upload that the API would refuse: the key is not that of the leaf.
pub(crate) fn refused() -> Verdict<TlsUpload> {
    let slot = |extension: &str| {
        Slot::whole(read(&format!("rules/key-does-not-match-leaf/bad-of-the-intermediate.{extension}")))
    };
    let verdict = judged(TlsUpload::new(slot("pem"), slot("key")));
    assert!(verdict.api_code().is_some());
    verdict
}

pub(crate) fn host_request(principal: &str) -> HostCertificateRequest {
    let public_key = Arc::new(Reading::of(Source::from_bytes("host.pub", HOST_KEY.into()).unwrap()));
    let field = |text: &str| Field::new("test", text).unwrap();
    HostCertificateRequest::new(
        public_key,
        field("web-1"),
        vec![field(principal)],
        Moment::at(1_793_491_140),
        Moment::at(1_794_096_000),
    )
    .with_authority_id(field(AUTHORITY))
    .with_description(field("a host"))
}

pub(crate) fn cleared_host(principal: &str) -> Cleared<HostCertificateRequest> {
    judged(host_request(principal)).clear().unwrap()
}
