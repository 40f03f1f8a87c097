//! Private keys, of which no byte is shown.

use certgate_facts::{Entry, PrivateKeyState, Source, hex};

use super::sheet::Sheet;

/// `entry` is a private key block.
pub(super) fn sheet(source: &Source, entry: &Entry) -> Sheet {
    let mut sheet = Sheet::at(source, entry.block().begin(), "private key");
    let Some(key) = entry.private_key() else {
        sheet.row("state", "unreadable: its base64 does not decode");
        return sheet;
    };
    sheet.row("key", key.public_key().map(|key| key.key_type().to_string()).unwrap_or_default());
    sheet.row("format", key.format().to_string());
    sheet.row(
        "state",
        match key.state() {
            PrivateKeyState::Encrypted { scheme, .. } => format!("encrypted: {scheme}"),
            PrivateKeyState::Unreadable { reason } => format!("unreadable: {reason}"),
            PrivateKeyState::Unsupported { algorithm, .. } => format!("unsupported: {algorithm}"),
            PrivateKeyState::Usable(_) => "usable".to_owned(),
            _ => "unsupported".to_owned(),
        },
    );
    sheet.row("spki sha256", key.public_key().map(|key| hex(&key.spki_sha256())).unwrap_or_default());
    sheet
}
