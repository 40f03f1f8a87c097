//! `certgate convert`.

mod destination;

use std::path::Path;

use certgate_facts::{
    Certificate, DefectKind, Entry, KeyFormat, Passphrases, Pkcs12Randomness, Reading, armor, pkcs12,
    private_key_as, private_key_label,
};
use certgate_rules::{Slot, TlsUpload, uploads_of};
use rand::TryRng;
use zeroize::Zeroizing;

use crate::cli::{ColorChoice, ConvertArguments, ConvertTo};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{input, passphrase, randomness};
use destination::Destination;

type Bytes = Zeroizing<Vec<u8>>;

/// Writes what the arguments name in another format.
pub(crate) fn run(arguments: &ConvertArguments, _: ColorChoice) -> Result<Exit, Failure> {
    let passphrases = input::passphrases(&arguments.passphrases)?;
    let mut readings = Vec::new();
    for path in &arguments.files {
        readings.extend(input::unpacked(path, &passphrases)?.0);
    }
    if let Some(reading) = readings.iter().find(|reading| !reading.defects().is_empty()) {
        return Err(closed(reading));
    }
    let uploads = uploads_of(readings);
    let [upload] = &uploads[..] else {
        let what = format!("{} chains and keys that do not belong together", uploads.len());
        return Err(
            Failure::input(what).with_hint("name one chain, with its private key where that is wanted")
        );
    };
    let certificates = certificates(upload)?;
    let key = key(upload.private_key(), &passphrases)?;
    if certificates.is_empty() && key.is_none() {
        return Err(holds_neither(upload.certificate().reading()));
    }
    let destination = Destination { path: arguments.output.as_deref(), is_split: arguments.split };
    match arguments.to {
        ConvertTo::Pem => {
            let chain =
                joined(certificates.iter().map(|certificate| armor("CERTIFICATE", certificate.der())));
            let key = key.map(|key| pem(KeyFormat::Pkcs8, &key)).transpose()?;
            destination.write(chain, key)?;
        }
        ConvertTo::Der => {
            let chain =
                joined(certificates.iter().map(|certificate| Zeroizing::new(certificate.der().to_vec())));
            let key = key.map(|key| encoded(KeyFormat::Pkcs8, &key)).transpose()?;
            if !chain.is_empty() && key.is_some() && !arguments.split {
                return Err(Failure::input("DER has no room for a chain and a private key")
                    .with_hint("add --split, or name the one that is wanted"));
            }
            destination.write(chain, key)?;
        }
        ConvertTo::Pkcs8 => {
            destination.write(Bytes::default(), Some(pem(KeyFormat::Pkcs8, &wanted(key)?)?))?
        }
        ConvertTo::Pkcs1 => {
            destination.write(Bytes::default(), Some(pem(KeyFormat::Pkcs1, &wanted(key)?)?))?
        }
        ConvertTo::Sec1 => destination.write(Bytes::default(), Some(pem(KeyFormat::Sec1, &wanted(key)?)?))?,
        ConvertTo::P12 => {
            let key = key.map(|key| encoded(KeyFormat::Pkcs8, &key)).transpose()?;
            let new = arguments.new_passphrase_file.as_deref();
            destination.write(Bytes::default(), Some(sealed(&certificates, key.as_ref(), new)?))?;
        }
    }
    Ok(Exit::Clean)
}

fn closed(reading: &Reading) -> Failure {
    let name = reading.source().name().escape_debug();
    let defects = reading.defects();
    let fault = defects.first().map(|defect| defect.kind.to_string()).unwrap_or_default();
    let failure = Failure::input(format!("`{name}`: {fault}"));
    match defects.first().map(|defect| &defect.kind) {
        Some(DefectKind::Container { .. }) if reading.wants_passphrase() => {
            failure.with_hint("give the passphrase in a file with --passphrase-file")
        }
        _ => failure.with_hint(format!("`certgate check {name}` says more")),
    }
}

fn holds_neither(reading: &Reading) -> Failure {
    let name = reading.source().name().escape_debug();
    let holds = match (reading.entries().first(), reading.ssh_lines()) {
        (Some(entry), _) => format!("its first block is labelled `{}`", entry.block().label().escape_debug()),
        (None, []) if reading.source().bytes().is_empty() => "it is empty".to_owned(),
        (None, []) => "it is no PEM, DER, PKCS#12 or PKCS#7".to_owned(),
        (None, _) => "it holds lines of OpenSSH".to_owned(),
    };
    Failure::input(format!("`{name}` holds no certificate and no private key: {holds}"))
        .with_hint("name a chain, a private key, or both")
}

/// The chain in the order in which it would pass, where that is known.
fn certificates(upload: &TlsUpload) -> Result<Vec<&Certificate>, Failure> {
    let slot = upload.certificate();
    if let Some(damaged) =
        slot.entries().find(|entry| entry.is_certificate() && entry.certificate().is_none())
    {
        let source = slot.reading().source();
        let line = source.location(damaged.block().begin()).line;
        let name = source.name().escape_debug();
        return Err(Failure::input(format!("`{name}`: the certificate on line {line} does not read"))
            .with_hint(format!("`certgate check {name}` says why")));
    }
    let all: Vec<&Certificate> = upload.certificates().map(|(_, certificate)| certificate).collect();
    let chain = upload.chain();
    let is_out_of_order = chain.first_broken_link().is_some() && chain.unrelated().next().is_none();
    let order: Vec<usize> = if is_out_of_order { chain.order().to_vec() } else { (0..all.len()).collect() };
    Ok(order.into_iter().filter_map(|index| all.get(index)).copied().collect())
}

/// The private key, decrypted; its passphrase is asked for if none was given.
fn key(slot: &Slot, passphrases: &Passphrases) -> Result<Option<Bytes>, Failure> {
    let Some(entry) = slot.first_private_key() else { return Ok(None) };
    let name = slot.reading().source().name().escape_debug().to_string();
    let is_encrypted = |entry: &Entry| {
        let state = entry.private_key().map(certgate_facts::PrivateKey::state);
        matches!(state, Some(certgate_facts::PrivateKeyState::Encrypted { .. }))
    };
    let asked = (passphrases.is_empty() && is_encrypted(entry))
        .then(|| passphrase::asked_if_possible(&format!("`{name}`")));
    let opened = match asked.flatten() {
        Some(passphrase) => entry.open_private_key(&Passphrases::NONE.with(passphrase)),
        None => entry.open_private_key(passphrases),
    };
    opened.map(Some).map_err(|fault| {
        Failure::input(format!("the private key in `{name}` {fault}"))
            .with_hint("give its passphrase in a file with --passphrase-file; `certgate check` says more of other faults")
    })
}

fn wanted(key: Option<Bytes>) -> Result<Bytes, Failure> {
    key.ok_or_else(|| Failure::input("no private key was given").with_hint("name the file that holds it"))
}

fn encoded(format: KeyFormat, key: &[u8]) -> Result<Bytes, Failure> {
    match private_key_as(format, key) {
        Ok(key) => Ok(key),
        Err(error) => Err(Failure::input(format!("{error}: {format}"))
            .with_hint("PKCS#8 is for keys of every algorithm: `--to pkcs8`")),
    }
}

fn pem(format: KeyFormat, key: &[u8]) -> Result<Bytes, Failure> {
    let key = encoded(format, key)?;
    Ok(armor(private_key_label(&key), &key))
}

fn joined(parts: impl Iterator<Item = Bytes>) -> Bytes {
    let parts: Vec<Bytes> = parts.collect();
    let mut joined = Zeroizing::new(Vec::with_capacity(parts.iter().map(|part| part.len()).sum()));
    parts.iter().for_each(|part| joined.extend_from_slice(part));
    joined
}

fn sealed(certificates: &[&Certificate], key: Option<&Bytes>, file: Option<&Path>) -> Result<Bytes, Failure> {
    if certificates.is_empty() {
        return Err(Failure::input("no certificate was given")
            .with_hint("PKCS#12 is for a chain and its private key"));
    }
    let passphrase = passphrase::for_new_container("the PKCS#12 file", file)?;
    let mut dice = randomness::system();
    let mut roll = || {
        let mut bytes = [0; 16];
        let rolled = dice.try_fill_bytes(&mut bytes).map(|()| bytes);
        rolled.map_err(|error| Failure::input(format!("the system has no randomness: {error}")))
    };
    let randomness = Pkcs12Randomness {
        certificates_salt: roll()?,
        certificates_iv: roll()?,
        key_salt: roll()?,
        key_iv: roll()?,
        mac_salt: roll()?,
    };
    let sealed = pkcs12(certificates, key.map(|key| key.as_slice()), passphrase, &randomness);
    sealed.map(Zeroizing::new).ok_or_else(|| {
        Failure::input("the passphrase is no UTF-8")
            .with_hint("PKCS#12 has no other way to write it: choose another one")
    })
}
