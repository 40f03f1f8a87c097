//! PKCS #12 (RFC 7292, and PBMAC1 of RFC 9579): what its bags hold.

mod mac;

use zeroize::Zeroizing;

use super::ContainerFault;
use crate::ber;
use crate::der::{
    self, CONTEXT_0, CONTEXT_0_PRIMITIVE, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, Tlv, Walk,
};
use crate::encryption::{self, Budget};
use crate::key::algorithm;
use crate::passphrase::{Form, Passphrases};

/// `id-data` (RFC 5652 §4).
const DATA: &str = "1.2.840.113549.1.7.1";
/// `id-signedData` (RFC 5652 §5), for integrity by a public key.
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
/// `id-envelopedData` (RFC 5652 §6), for privacy by a public key.
const ENVELOPED_DATA: &str = "1.2.840.113549.1.7.3";
/// `id-encryptedData` (RFC 5652 §8).
const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";
/// How deep bags may lie in bags: nobody is known to write any.
const BAGS_IN_BAGS_MAX: usize = 4;

/// What the bags of a file hold, in the order in which they lie there.
#[derive(Default)]
pub(super) struct Bags {
    pub(super) certificates: Vec<Bag>,
    /// As PKCS #8, unencrypted.
    pub(super) keys: Vec<Bag>,
    /// Bags of other kinds.
    pub(super) others: usize,
}

/// A certificate or a key, and what it is called.
pub(super) struct Bag {
    pub(super) der: Zeroizing<Vec<u8>>,
    pub(super) friendly_name: Option<String>,
}

/// Opens a file with the passphrase that its MAC fits or, where it has none, with the first that opens all of it.
pub(super) fn open(
    bytes: &[u8],
    passphrases: &Passphrases,
    budget: &mut Budget,
) -> Result<Bags, ContainerFault> {
    let (value, _) = ber::first_value(bytes)?;
    let mut pfx = Walk::only_sequence(&value)?;
    if pfx.due(INTEGER)?.small()? != 3 {
        return Err(ContainerFault::malformed("its version is not 3"));
    }
    let content = Content::read(pfx.due(SEQUENCE)?)?;
    match content.kind.as_str() {
        DATA => {}
        SIGNED_DATA => return Err(ContainerFault::unsupported("a signature in place of a passphrase")),
        _ => return Err(ContainerFault::malformed("it holds no data")),
    }
    let safe = content.value.ok_or_else(no_content)?.walk().due(OCTET_STRING)?.content();
    let forms = passphrases.forms();
    let mut order: Vec<&Form> = forms.iter().collect();
    if let Some(mac) = pfx.optional(SEQUENCE)? {
        let fitting = mac::fitting(mac, safe, &order, budget);
        let right = fitting.map_err(|fault| fault.without(passphrases))?;
        order.swap(0, right);
    }
    let mut opening = Opening { forms: order, budget, bags: Bags::default(), count: 0 };
    opening.authenticated_safe(safe).map_err(|fault| fault.without(passphrases))?;
    Ok(opening.bags)
}

fn no_content() -> ContainerFault {
    ContainerFault::malformed("a part of it has no content")
}

/// `ContentInfo` (RFC 5652 §3).
struct Content<'a> {
    kind: String,
    value: Option<Tlv<'a>>,
}

impl<'a> Content<'a> {
    fn read(sequence: Tlv<'a>) -> Result<Self, ContainerFault> {
        let mut walk = sequence.walk();
        let kind = walk.due(OBJECT_IDENTIFIER)?.dotted()?;
        Ok(Self { kind, value: walk.optional(CONTEXT_0)? })
    }
}

struct Opening<'a> {
    /// The one that is most likely right comes first.
    forms: Vec<&'a Form>,
    budget: &'a mut Budget,
    bags: Bags,
    count: usize,
}

impl Opening<'_> {
    fn authenticated_safe(&mut self, bytes: &[u8]) -> Result<(), ContainerFault> {
        let (value, _) = ber::first_value(bytes)?;
        let mut contents = Walk::only_sequence(&value)?;
        while contents.next_tag().is_some() {
            let content = Content::read(contents.due(SEQUENCE)?)?;
            let mut value = content.value.ok_or_else(no_content)?.walk();
            match content.kind.as_str() {
                DATA => self.safe_contents(value.due(OCTET_STRING)?.content(), 0)?,
                ENCRYPTED_DATA => {
                    let decrypted = self.encrypted_data(value.due(SEQUENCE)?)?;
                    self.safe_contents(&decrypted, 0)?;
                }
                ENVELOPED_DATA => {
                    return Err(ContainerFault::unsupported("a public key in place of a passphrase"));
                }
                other => return Err(ContainerFault::unsupported(format!("the content type {other}"))),
            }
        }
        Ok(())
    }

    /// `EncryptedData` (RFC 5652 §8): a version, and the encrypted content with its scheme.
    fn encrypted_data(&mut self, data: Tlv<'_>) -> Result<Zeroizing<Vec<u8>>, ContainerFault> {
        let mut walk = data.walk();
        walk.due(INTEGER)?;
        let mut content = walk.due(SEQUENCE)?.walk();
        content.due(OBJECT_IDENTIFIER)?;
        let scheme = algorithm(&mut content)?;
        let encrypted = match content.any()? {
            whole if whole.tag() == CONTEXT_0_PRIMITIVE => whole.content().to_vec(),
            pieces if pieces.tag() == CONTEXT_0 => joined(pieces)?,
            _ => return Err(no_content()),
        };
        self.decrypt(scheme, &encrypted)
    }

    fn decrypt(
        &mut self,
        scheme: crate::key::AlgorithmIdentifier<'_>,
        data: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, ContainerFault> {
        let is_right = |decrypted: &[u8]| {
            decrypted.first() == Some(&SEQUENCE)
                && ber::first_value(decrypted).is_ok_and(|(_, rest)| rest.is_empty())
        };
        let (form, decrypted) = encryption::decrypt(scheme, data, &self.forms, self.budget, is_right)?;
        self.forms.swap(0, form);
        Ok(decrypted)
    }

    fn safe_contents(&mut self, bytes: &[u8], depth: usize) -> Result<(), ContainerFault> {
        let (value, _) = ber::first_value(bytes)?;
        let mut bags = Walk::only_sequence(&value)?;
        while bags.next_tag().is_some() {
            self.count += 1;
            if self.count > super::PARTS_MAX {
                return Err(super::too_many_parts());
            }
            self.bag(bags.due(SEQUENCE)?, depth)?;
        }
        Ok(())
    }

    /// A `SafeBag` (RFC 7292 §4.2).
    fn bag(&mut self, bag: Tlv<'_>, depth: usize) -> Result<(), ContainerFault> {
        let mut walk = bag.walk();
        let kind = walk.due(OBJECT_IDENTIFIER)?.dotted()?;
        let value = walk.due(CONTEXT_0)?;
        let friendly_name =
            walk.optional(SET)?.and_then(|attributes| friendly_name(attributes).ok().flatten());
        match kind.as_str() {
            "1.2.840.113549.1.12.10.1.1" => {
                let der = Zeroizing::new(value.content().to_vec());
                self.bags.keys.push(Bag { der, friendly_name });
            }
            "1.2.840.113549.1.12.10.1.2" => {
                let mut key = value.walk().due(SEQUENCE)?.walk();
                let scheme = algorithm(&mut key)?;
                let der = self.decrypt(scheme, key.due(OCTET_STRING)?.content())?;
                // In BER, as the rest may be.
                let (der, _) = ber::first_value(&der)?;
                self.bags.keys.push(Bag { der, friendly_name });
            }
            "1.2.840.113549.1.12.10.1.3" => match certificate(value)? {
                Some(der) => self.bags.certificates.push(Bag { der, friendly_name }),
                None => self.bags.others += 1,
            },
            "1.2.840.113549.1.12.10.1.6" if depth < BAGS_IN_BAGS_MAX => {
                self.safe_contents(value.content(), depth + 1)?
            }
            _ => self.bags.others += 1,
        }
        Ok(())
    }
}

/// A `CertBag` (RFC 7292 §4.2.3) with a certificate of X.509.
fn certificate(value: Tlv<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, ContainerFault> {
    let mut walk = value.walk().due(SEQUENCE)?.walk();
    if walk.due(OBJECT_IDENTIFIER)?.dotted()? != "1.2.840.113549.1.9.22.1" {
        return Ok(None);
    }
    let der = walk.due(CONTEXT_0)?.walk().due(OCTET_STRING)?.content();
    Ok(Some(Zeroizing::new(der.to_vec())))
}

/// The octets of a string that BER has in pieces.
fn joined(pieces: Tlv<'_>) -> Result<Vec<u8>, ContainerFault> {
    let mut walk = pieces.walk();
    let mut whole = Vec::with_capacity(pieces.content().len());
    while walk.next_tag().is_some() {
        whole.extend_from_slice(walk.due(OCTET_STRING)?.content());
    }
    Ok(whole)
}

/// `friendlyName` (RFC 2985 §5.5.1), a BMPString.
fn friendly_name(attributes: Tlv<'_>) -> Result<Option<String>, der::DerDefect> {
    const FRIENDLY_NAME: &str = "1.2.840.113549.1.9.20";
    const BMP_STRING: u8 = 0x1e;
    let mut walk = attributes.walk();
    while walk.next_tag().is_some() {
        let mut attribute = walk.due(SEQUENCE)?.walk();
        if attribute.due(OBJECT_IDENTIFIER)?.dotted()? != FRIENDLY_NAME {
            continue;
        }
        let text = attribute.due(SET)?.walk().due(BMP_STRING)?;
        let units = text.content().as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
        return Ok(Some(
            char::decode_utf16(units).map(|text| text.unwrap_or(char::REPLACEMENT_CHARACTER)).collect(),
        ));
    }
    Ok(None)
}
