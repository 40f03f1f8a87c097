//! Issuing against the work that cannot be spared: `cargo bench -p certgate-sign`. Ratios are what counts, times are this
//! machine's of today.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::disallowed_methods, reason = "a bench reads a clock")]
#![expect(clippy::unwrap_used, reason = "a bench may stop")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use certgate_facts::{Reading, Source, SshCertificate};
use certgate_rules::{
    Cleared, Field, HostCertificateRequest, Level, Moment, Policy, RULES, TrustAnchors, judge,
};
use certgate_sign::{Authority, AuthorityKeyType, Signer as _, issue};
use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng as _;

const LINE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh web-1";
const ROUNDS: usize = 7;

fn cleared(count: usize) -> Vec<Cleared<HostCertificateRequest>> {
    let reading = Arc::new(Reading::of(Source::from_bytes("host.pub", LINE.into()).unwrap()));
    let field = |name: &str, text: &str| Field::new(name, text).unwrap();
    let policy = RULES
        .iter()
        .fold(Policy::new("2026-11-01".parse().unwrap(), TrustAnchors::Mozilla), |policy, rule| {
            policy.with_level(rule, Level::Allow)
        });
    let request = || {
        HostCertificateRequest::new(
            Arc::clone(&reading),
            field("--key-id", "web-1"),
            vec![field("--principal", "web-1.example.com"), field("--principal", "192.0.2.7")],
            Moment::at(1_793_491_140),
            Moment::at(1_794_096_000),
        )
    };
    (0..count).map(|_| judge(request(), &policy).clear().unwrap()).collect()
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The middle of some paired measurements, in microseconds for each of `count`.
fn median(mut times: Vec<Duration>, count: usize) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e6 / f64::from(u32::try_from(count).unwrap())
}

fn main() {
    println!("authority      issue     sign   verify   issue/(sign+verify)   issue/sign");
    for (key_type, count) in [
        (AuthorityKeyType::Ed25519, 2_000),
        (AuthorityKeyType::EcdsaP256, 2_000),
        (AuthorityKeyType::EcdsaP384, 500),
        (AuthorityKeyType::Rsa3072, 200),
    ] {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let authority = Authority::create(key_type, &mut rng).unwrap();
        let sample = issue(cleared(1).remove(0), &authority, 1, &mut rng).unwrap();
        let bytes = sample.certificate().signed_bytes().unwrap();
        let signature = authority.sign(bytes).unwrap();
        let (mut issuing, mut signing, mut verifying) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let requests = cleared(count);
            issuing.push(time(|| {
                for (request, serial) in requests.into_iter().zip(1..) {
                    black_box(issue(request, &authority, serial, &mut rng).unwrap());
                }
            }));
            signing.push(time(|| (0..count).for_each(|_| drop(black_box(authority.sign(bytes).unwrap())))));
            verifying.push(time(|| {
                (0..count).for_each(|_| signature.verify(authority.public_key(), black_box(bytes)).unwrap());
            }));
        }
        let [issued, signed, verified] = [issuing, signing, verifying].map(|times| median(times, count));
        println!(
            "{:12} {issued:7.1} {signed:8.1} {verified:8.1}   {:19.2}   {:10.2}   µs each",
            key_type.name(),
            issued / (signed + verified),
            issued / signed
        );
    }
    let line = issue(
        cleared(1).remove(0),
        &Authority::create(AuthorityKeyType::Ed25519, &mut ChaCha20Rng::seed_from_u64(1)).unwrap(),
        1,
        &mut ChaCha20Rng::seed_from_u64(2),
    )
    .unwrap()
    .line();
    let reading = time(|| (0..2_000).for_each(|_| drop(black_box(SshCertificate::read(&line).unwrap()))));
    println!("reading one back: {:.1} µs", median(vec![reading], 2_000));
}
