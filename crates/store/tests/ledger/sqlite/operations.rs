//! Any sequence of operations leaves a ledger that verifies, and counters that are right.

use std::collections::BTreeSet;

use certgate_facts::SshCertificate;
use certgate_sign::{Error as SignError, Signer as _, ToBeSigned};
use certgate_store::{
    CertificateFilter, CertificateRecord, Error, Ledger, NewAuthority, NotIssued, RevocationTarget,
    SERIAL_START_END, SqliteLedger, Transition,
};
use proptest::prelude::*;

use super::Folder;
use crate::harness::{
    Guarded, Wish, found, host_key, key, name, new_authority, now, serial, try_issue, wish,
};

const AUTHORITIES: [&str; 3] = ["one", "two", "three"];
const HOSTS: u64 = 5;

#[derive(Clone, Debug)]
enum Operation {
    Add { which: usize, succeeds: Option<usize> },
    Issue { which: usize, count: u64, fails: bool },
    Abandon,
    Complete,
    Import { which: usize, serial: u64, host: u64 },
    RevokeSerials { which: usize, first: u64, length: u64 },
    Revoke { kind: u8, which: usize, host: u64 },
    Publish,
    Step { which: usize, step: usize },
}

fn operation() -> impl Strategy<Value = Operation> {
    let which = || 0..AUTHORITIES.len();
    let serial = prop_oneof![0..40_u64, SERIAL_START_END - 2..SERIAL_START_END + 2, Just(u64::MAX)];
    prop_oneof![
        (which(), proptest::option::of(which()))
            .prop_map(|(which, succeeds)| Operation::Add { which, succeeds }),
        (which(), 1..4_u64, proptest::bool::weighted(0.2))
            .prop_map(|(which, count, fails)| Operation::Issue { which, count, fails }),
        (which(), 1..4_u64).prop_map(|(which, count)| Operation::Issue { which, count, fails: false }),
        Just(Operation::Abandon),
        Just(Operation::Complete),
        (which(), serial, 0..HOSTS).prop_map(|(which, serial, host)| Operation::Import {
            which,
            serial,
            host
        }),
        (which(), 1..40_u64, 0..4_u64).prop_map(|(which, first, length)| Operation::RevokeSerials {
            which,
            first,
            length
        }),
        (0..4_u8, which(), 0..HOSTS).prop_map(|(kind, which, host)| Operation::Revoke { kind, which, host }),
        Just(Operation::Publish),
        (which(), 0..Transition::ALL.len()).prop_map(|(which, step)| Operation::Step { which, step }),
    ]
}

fn seed(which: usize) -> u64 {
    1 + u64::try_from(which).unwrap()
}

/// What must be true whatever happened.
#[derive(Default)]
struct Model {
    /// Serials that were given or imported, of each authority.
    serials: [BTreeSet<u64>; 3],
    /// Versions of the list.
    version: u64,
}

impl Model {
    fn perform(&mut self, ledger: &mut SqliteLedger, operation: Operation) -> Result<(), Error> {
        match operation {
            Operation::Add { which, succeeds } => {
                let succeeds = succeeds.map(|predecessor| name(AUTHORITIES[predecessor]));
                let new = NewAuthority { succeeds, ..new_authority(AUTHORITIES[which], seed(which)) };
                ledger.add_authority(&new, now()).map(drop)
            }
            Operation::Issue { which, count, fails } => self.issue(ledger, which, count, fails),
            Operation::Abandon => match unfinished(ledger) {
                Some(certificate) => ledger.abandon(certificate.id(), "lost", now()),
                None => Ok(()),
            },
            Operation::Complete => complete(ledger),
            Operation::Import { which, serial, host } => {
                let certificate = signed(which, serial, host);
                let imported = ledger.import(&name(AUTHORITIES[which]), &[certificate], now())?.remove(0);
                if imported.is_ok() {
                    self.serials[which].insert(serial);
                }
                imported.map(drop)
            }
            Operation::RevokeSerials { which, first, length } => {
                let authority = name(AUTHORITIES[which]);
                let target = RevocationTarget::Serials { authority, first, last: first + length };
                ledger.revoke(&target, "", now()).map(drop)
            }
            Operation::Revoke { kind, which, host } => {
                let target = match kind {
                    0 => RevocationTarget::KeyId { authority: None, key_id: format!("web-{host}").into() },
                    1 => {
                        let authority = Some(name(AUTHORITIES[which]));
                        RevocationTarget::Principal { authority, name: format!("10.0.0.{host}").into() }
                    }
                    2 => RevocationTarget::Host { authority: None, name: format!("10.0.0.{host}").into() },
                    _ => RevocationTarget::Key(host_key(host)),
                };
                ledger.revoke(&target, "", now()).map(drop)
            }
            Operation::Publish => {
                let version = ledger.publish_krl(None, now())?.version;
                assert_eq!(version, self.version + 1);
                self.version = version;
                Ok(())
            }
            Operation::Step { which, step } => {
                ledger.take_step(&name(AUTHORITIES[which]), Transition::ALL[step], now()).map(drop)
            }
        }
    }

    fn issue(
        &mut self,
        ledger: &mut SqliteLedger,
        which: usize,
        count: u64,
        fails: bool,
    ) -> Result<(), Error> {
        let guard = |_: &[u8]| if fails { Err(SignError::AgentRefused) } else { Ok(()) };
        let signer = Guarded { key: key(seed(which)), guard };
        let wishes: Vec<Wish> = (0..count).map(|number| wish(number % HOSTS)).collect();
        for outcome in try_issue(ledger, AUTHORITIES[which], &signer, &wishes)? {
            let given = match outcome {
                Ok(issued) => serial(issued.certificate.certificate()),
                Err(NotIssued::SignatureFailed(..)) => continue,
                Err(NotIssued::Revoked(_)) => continue,
                Err(other) => panic!("{other:?}"),
            };
            assert!(self.serials[which].insert(given), "serial {given} twice");
        }
        for certificate in found(ledger, CertificateFilter::unfinished()) {
            let which = AUTHORITIES.iter().position(|text| *text == certificate.authority_name().as_str());
            self.serials[which.unwrap()].insert(certificate.fields().serial());
        }
        Ok(())
    }

    /// Whether the ledger says what happened.
    fn compare(&self, ledger: &SqliteLedger) {
        ledger.verify_audit().unwrap();
        for (which, text) in AUTHORITIES.into_iter().enumerate() {
            let Some(authority) = ledger.authority(&name(text)).unwrap() else { continue };
            let filter = CertificateFilter { authority: Some(name(text)), ..Default::default() };
            let kept = found(ledger, filter);
            let serials: BTreeSet<u64> =
                kept.iter().map(|certificate| certificate.fields().serial()).collect();
            assert_eq!(serials, self.serials[which]);
            let zeros = kept.iter().filter(|certificate| certificate.fields().serial() == 0).count();
            assert_eq!(kept.len() - zeros, serials.iter().filter(|serial| **serial > 0).count());
            let counted = serials.iter().filter(|serial| **serial < SERIAL_START_END).max();
            assert!(counted.is_none_or(|last| *last < authority.next_serial));
            let revoked = ledger.revoked(Some(&name(text))).unwrap();
            for certificate in kept {
                let fields = certificate.fields();
                let is_revoked = revoked
                    .serials
                    .iter()
                    .any(|run| run.first <= fields.serial() && fields.serial() <= run.last)
                    || revoked.key_ids.iter().any(|entry| entry.key_id == fields.key_id().as_bytes())
                    || revoked.keys.iter().any(|key| key.blob() == fields.public_key().blob());
                assert_eq!(certificate.revocation().is_some(), is_revoked, "{certificate:?}");
            }
        }
    }
}

fn unfinished(ledger: &SqliteLedger) -> Option<CertificateRecord> {
    ledger.latest(&CertificateFilter::unfinished()).unwrap()
}

fn complete(ledger: &mut SqliteLedger) -> Result<(), Error> {
    let Some(certificate) = unfinished(ledger) else { return Ok(()) };
    let which = AUTHORITIES.iter().position(|text| *text == certificate.authority_name().as_str()).unwrap();
    let bytes = ToBeSigned::from_bytes_cleared_elsewhere(certificate.to_be_signed()).unwrap();
    let signature = key(seed(which)).sign(bytes.bytes()).unwrap();
    ledger.complete(certificate.id(), &bytes.attach(&signature).unwrap(), now())
}

/// A certificate of an authority with any serial, 0 included, as others sign them.
fn signed(which: usize, serial: u64, host: u64) -> SshCertificate {
    let authority = key(seed(which));
    let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    let host_blob = host_key(host).blob().to_vec();
    let bytes = [
        &string(b"ssh-ed25519-cert-v01@openssh.com")[..],
        &string(&[3; 32]),
        &host_blob[4 + 11..],
        &serial.to_be_bytes(),
        &2_u32.to_be_bytes(),
        &string(format!("web-{host}").as_bytes()),
        &string(&string(format!("10.0.0.{host}").as_bytes())),
        &[0; 8],
        &[0xff; 8],
        &string(b""),
        &string(b""),
        &string(b""),
        &string(authority.public_key().blob()),
    ]
    .concat();
    let signature = authority.sign(&bytes).unwrap().blob();
    SshCertificate::from_blob(&[bytes, string(&signature)].concat()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn any_sequence_of_operations_leaves_a_ledger_that_verifies(
        operations in proptest::collection::vec(operation(), 1..30),
    ) {
        let folder = Folder::new();
        let mut ledger = folder.ledger();
        let mut model = Model::default();
        // There is something to work on.
        model.perform(&mut ledger, Operation::Add { which: 0, succeeds: None }).unwrap();
        let mut head = ledger.audit_head().unwrap();
        for operation in operations {
            let result = model.perform(&mut ledger, operation.clone());
            let after = ledger.audit_head().unwrap();
            if let Err(error) = result {
                prop_assert!(
                    !matches!(error, Error::Driver(_) | Error::Inconsistent { .. } | Error::Damaged { .. }),
                    "{operation:?}: {error}"
                );
                prop_assert_eq!(after, head, "{:?} failed, and something was written", operation);
            }
            head = after;
        }
        model.compare(&ledger);
        drop(ledger);
        model.compare(&folder.ledger());
    }
}
