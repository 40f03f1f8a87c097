//! What was unpacked, put together as it would be uploaded: PEM, each leaf in front of its issuers.

use zeroize::Zeroizing;

use super::pkcs12::{Bag, Bags};
use super::{ContainerFault, PARTS_MAX, pkcs7, too_many_parts};
use crate::armor::armor;
use crate::certificate::Certificate;
use crate::chain::Chain;
use crate::der::Walk;
use crate::encryption::Budget;
use crate::key::PublicKey;
use crate::passphrase::Passphrases;
use crate::private_key;
use crate::span::Span;

/// A chain, a key, or a key with its chain.
pub(crate) struct Unit {
    pub(crate) parts: Vec<UnitPart>,
    /// See [`Origin::order_before`](crate::Origin::order_before).
    pub(crate) order: Vec<usize>,
    /// See [`Origin::left_out`](crate::Origin::left_out).
    pub(crate) left_out: usize,
}

/// One block of a unit.
pub(crate) struct UnitPart {
    pub(crate) title: String,
    pub(crate) armor: Zeroizing<Vec<u8>>,
    /// Its bytes in the container, where it lies there as it is.
    pub(crate) span: Option<Span>,
}

/// The most keys of one file, each of which is judged with a chain of its own.
const KEYS_MAX: usize = 32;

/// Certificates one after the other.
pub(super) fn of_certificates(bytes: &[u8]) -> Result<Vec<Unit>, ContainerFault> {
    let mut walk = Walk::over(bytes);
    let mut parts = Vec::new();
    let mut start = 0;
    while walk.next_tag().is_some() {
        let certificate = walk.any().ok().map(crate::der::Tlv::whole);
        let Some(der) = certificate.filter(|der| Certificate::from_der(der).is_ok()) else {
            let reason = format!("behind certificate {} follows what is none", parts.len());
            return Err(ContainerFault::malformed(reason));
        };
        if parts.len() == PARTS_MAX {
            return Err(too_many_parts());
        }
        let title = title(parts.len() + 1, der, None);
        let span = Some(Span::new(start, start + der.len()));
        start += der.len();
        parts.push(UnitPart { title, armor: armor("CERTIFICATE", der), span });
    }
    Ok(vec![Unit { parts, order: Vec::new(), left_out: 0 }])
}

pub(super) fn of_pkcs7(bytes: &[u8]) -> Result<Vec<Unit>, ContainerFault> {
    let (certificates, others) = pkcs7::certificates(bytes)?;
    if certificates.is_empty() {
        return Err(ContainerFault::malformed("no certificate lies in it"));
    }
    let bag = |der| Bag { der: Zeroizing::new(der), friendly_name: None };
    let certificates: Vec<Bag> = certificates.into_iter().map(bag).collect();
    Ok(vec![unit(&certificates, None, others)])
}

/// With several keys, each is a unit of its own, with the certificates that lead up from its leaf.
pub(super) fn of_pkcs12(bags: Bags) -> Result<Vec<Unit>, ContainerFault> {
    if bags.certificates.is_empty() && bags.keys.is_empty() {
        return Err(ContainerFault::malformed("neither a certificate nor a key lies in it"));
    }
    if bags.keys.len() > KEYS_MAX {
        return Err(ContainerFault::OverLimit { reason: format!("more than {KEYS_MAX} keys lie in it") });
    }
    Ok(match bags.keys.as_slice() {
        [] => vec![unit(&bags.certificates, None, bags.others)],
        [key] => vec![unit(&bags.certificates, Some(key), bags.others)],
        keys => keys.iter().map(|key| unit_of_key(&bags.certificates, key)).collect(),
    })
}

/// One key; unencrypted, if a passphrase opens it.
pub(super) fn of_private_key(bytes: &[u8], passphrases: &Passphrases, budget: &mut Budget) -> Unit {
    let opened = private_key::decrypt(&[], bytes, passphrases, budget).ok();
    let der = opened.as_ref().map_or(bytes, |opened| opened.as_slice());
    let span = Some(Span::new(0, bytes.len()));
    let part = UnitPart {
        title: "private key".to_owned(),
        armor: armor(private_key::private_key_label(der), der),
        span,
    };
    Unit { parts: vec![part], order: Vec::new(), left_out: 0 }
}

/// All certificates, in the order in which they lead up from the leaf, those that do not at the end.
fn unit(certificates: &[Bag], key: Option<&Bag>, left_out: usize) -> Unit {
    let mut order = order(certificates, key);
    let rest: Vec<usize> = (0..certificates.len()).filter(|index| !order.contains(index)).collect();
    order.extend(rest);
    assembled(certificates, &order, key, left_out)
}

fn unit_of_key(certificates: &[Bag], key: &Bag) -> Unit {
    let public = public_half(key);
    let is_of_key = |bag: &Bag| {
        let certificate = Certificate::from_der(&bag.der).ok();
        certificate.zip(public.as_ref()).is_some_and(|(leaf, key)| leaf.public_key().matches(key))
    };
    let order = if certificates.iter().any(is_of_key) { order(certificates, Some(key)) } else { Vec::new() };
    assembled(certificates, &order, Some(key), 0)
}

fn assembled(certificates: &[Bag], order: &[usize], key: Option<&Bag>, left_out: usize) -> Unit {
    let bags = order.iter().filter_map(|index| certificates.get(*index)).zip(1..);
    let mut parts: Vec<UnitPart> = bags
        .map(|(bag, number)| UnitPart {
            title: title(number, &bag.der, bag.friendly_name.as_deref()),
            armor: armor("CERTIFICATE", &bag.der),
            span: None,
        })
        .collect();
    parts.extend(key.map(|key| UnitPart {
        title: with_name("private key".to_owned(), key.friendly_name.as_deref()),
        armor: armor("PRIVATE KEY", &key.der),
        span: None,
    }));
    let order = if order.is_sorted() { Vec::new() } else { order.iter().map(|before| before + 1).collect() };
    Unit { parts, order, left_out }
}

/// The leaf and its issuers, as indices.
fn order(certificates: &[Bag], key: Option<&Bag>) -> Vec<usize> {
    let read: Vec<(usize, Certificate)> = certificates
        .iter()
        .enumerate()
        .filter_map(|(index, bag)| Some((index, Certificate::from_der(&bag.der).ok()?)))
        .collect();
    let readable: Vec<&Certificate> = read.iter().map(|(_, certificate)| certificate).collect();
    let chain = Chain::of(&readable, key.and_then(public_half).as_ref());
    chain.order().iter().filter_map(|index| read.get(*index)).map(|(index, _)| *index).collect()
}

fn public_half(key: &Bag) -> Option<PublicKey> {
    private_key::read("PRIVATE KEY", &[], &key.der).public_key().cloned()
}

fn title(number: usize, der: &[u8], friendly_name: Option<&str>) -> String {
    let subject =
        Certificate::from_der(der).map(|certificate| certificate.subject().title()).unwrap_or_default();
    let title = if subject.is_empty() {
        format!("certificate {number}")
    } else {
        format!("certificate {number} \"{subject}\"")
    };
    with_name(title, friendly_name.filter(|name| *name != subject))
}

/// Characters of a friendly name that are shown at the most.
const NAME_SHOWN_MAX: usize = 64;

fn with_name(title: String, friendly_name: Option<&str>) -> String {
    match friendly_name.filter(|name| !name.is_empty()) {
        None => title,
        Some(name) => format!("{title} ({})", name.chars().take(NAME_SHOWN_MAX).collect::<String>()),
    }
}
