//! The certificate and the key that `certgate serve` shows, out of their files.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_report::{Judged, text};
use certgate_rules::{Finding, Level, Policy, RULES, Refusal, Slot, TlsUpload, TrustAnchors, judge};
use certgate_server::Identity;

use crate::cli::ColorChoice;
use crate::failure::Failure;
use crate::{clock, input, key_file, output};

/// Two files, and which state of them was read.
pub(crate) struct TlsFiles {
    certificate: PathBuf,
    private_key: PathBuf,
    /// As they were when they were read last.
    read: Stamps,
    /// As they were when they were looked at last.
    seen: Stamps,
}

/// What is different once a file is another one, or another one is reached by its path: device, inode, time and size.
type Stamp = Option<(u64, u64, i64, i64, u64)>;
type Stamps = [Stamp; 2];

/// What the gate says at the start.
pub(crate) enum Judgement {
    /// It is shown from now on.
    Shown(Identity),
    /// The API would refuse it.
    Refused,
}

impl TlsFiles {
    /// Reads both for the first time and has them judged; what is found is written to standard error.
    pub(crate) fn first(
        certificate: &Path,
        private_key: &Path,
        color: ColorChoice,
    ) -> Result<(Self, Judgement), Failure> {
        let (certificate, private_key) = (certificate.to_owned(), private_key.to_owned());
        let mut files = Self { certificate, private_key, read: [None; 2], seen: [None; 2] };
        files.seen = files.stamps();
        files.read = files.seen;
        let verdict = Judged::from(judge(files.upload()?, &policy()));
        if !verdict.findings().is_empty() {
            let style = text::Style { color: output::has_color_on_stderr(color), ..text::Style::PLAIN };
            let mut stderr = output::stderr(color);
            text::write(&mut stderr, &[verdict], style)?;
            stderr.flush()?;
        }
        // It may be given so by whoever renews it, and is served all the same.
        if let Some(why) =
            fs::metadata(&files.private_key).ok().and_then(|found| key_file::check(&found).err())
        {
            let shown = files.private_key.display().to_string();
            writeln!(output::stderr(color), "warning: `{}`: {why}", shown.escape_debug())?;
        }
        let judgement = match judge(files.upload()?, &lenient()).clear() {
            Ok(cleared) => Judgement::Shown(Identity::of(cleared).map_err(Failure::input)?),
            Err(_) => Judgement::Refused,
        };
        Ok((files, judgement))
    }

    /// Reads both again, if they changed and then stayed as they are from one look to the next: who writes one after the
    /// other is not disturbed. Whoever asks is told at once.
    pub(crate) fn look(&mut self, is_asked: bool) -> Option<Result<Identity, String>> {
        let now = self.stamps();
        let is_settled = now == self.seen;
        self.seen = now;
        if !is_asked && (now == self.read || !is_settled) {
            return None;
        }
        self.read = now;
        Some(self.again())
    }

    fn again(&self) -> Result<Identity, String> {
        let upload = self.upload().map_err(|failure| failure.in_one_line())?;
        let cleared = judge(upload, &lenient()).clear().map_err(|refusal| why(&refusal))?;
        Identity::of(cleared).map_err(|error| error.to_string())
    }

    fn upload(&self) -> Result<TlsUpload, Failure> {
        let certificate = input::read(&self.certificate)?;
        let private_key = match self.private_key == self.certificate {
            true => Arc::clone(&certificate),
            false => input::read(&self.private_key)?,
        };
        Ok(TlsUpload::new(Slot::whole(certificate), Slot::whole(private_key)))
    }

    /// Those of what the paths lead to now.
    fn stamps(&self) -> Stamps {
        [&self.certificate, &self.private_key].map(|path| {
            let found = fs::metadata(path).ok()?;
            Some((found.dev(), found.ino(), found.mtime(), found.mtime_nsec(), found.size()))
        })
    }
}

fn policy() -> Policy {
    Policy::new(clock::now(), TrustAnchors::Mozilla)
}

/// Refuses what the API would refuse, and nothing else.
fn lenient() -> Policy {
    RULES.iter().fold(policy(), |policy, rule| policy.with_level(rule, Level::Warning))
}

/// The finding that decides, in one line.
fn why(refusal: &Refusal<TlsUpload>) -> String {
    let code = refusal.verdict().api_code();
    let finding = refusal.verdict().findings().iter().find(|finding| finding.api_code() == code);
    format!("{refusal}: {}", finding.map_or("", Finding::message))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn fixture(name: &str) -> String {
        let path = [env!("CARGO_MANIFEST_DIR"), "../../fixtures/chain", name].iter().collect::<PathBuf>();
        fs::read_to_string(path).unwrap()
    }

    struct Pair {
        folder: tempfile::TempDir,
        files: TlsFiles,
    }

    impl Pair {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            for (name, from) in [("tls.crt", "p256-depth-1.pem"), ("tls.key", "p256-depth-1.key")] {
                fs::write(folder.path().join(name), fixture(from)).unwrap();
            }
            let path = |name: &str| folder.path().join(name);
            let (files, judgement) =
                TlsFiles::first(&path("tls.crt"), &path("tls.key"), ColorChoice::Never).unwrap();
            assert!(matches!(judgement, Judgement::Shown(_)));
            Self { folder, files }
        }

        fn write(&self, name: &str, text: &str) {
            fs::write(self.folder.path().join(name), text).unwrap();
        }
    }

    #[test]
    fn files_are_read_again_once_they_changed_and_stayed() {
        let mut pair = Pair::new();
        assert!(pair.files.look(false).is_none());
        pair.write("tls.crt", &fixture("p384-depth-1.pem"));
        assert!(pair.files.look(false).is_none(), "it may not be all that changes");
        pair.write("tls.key", &fixture("p384-depth-1.key"));
        assert!(pair.files.look(false).is_none());
        assert!(pair.files.look(false).unwrap().is_ok());
        assert!(pair.files.look(false).is_none());
    }

    #[test]
    fn a_pair_that_does_not_fit_is_told_once_and_in_one_line() {
        let mut pair = Pair::new();
        pair.write("tls.key", &fixture("p384-depth-1.key"));
        pair.files.look(false);
        let why = pair.files.look(false).unwrap().err().unwrap();
        assert!(why.contains("ERR_NGROK_1923") && !why.contains('\n'), "{why}");
        assert!(pair.files.look(false).is_none());
        fs::remove_file(pair.folder.path().join("tls.key")).unwrap();
        pair.files.look(false);
        assert!(pair.files.look(false).unwrap().err().unwrap().contains("cannot read"));
    }

    #[test]
    fn who_asks_has_them_read_at_once() {
        let mut pair = Pair::new();
        assert!(pair.files.look(true).unwrap().is_ok());
    }

    #[test]
    fn a_link_that_leads_elsewhere_is_a_change() {
        let mut pair = Pair::new();
        let path = |name: &str| pair.folder.path().join(name);
        for (folder, kind) in [("1", "p256"), ("2", "p384")] {
            fs::create_dir(path(folder)).unwrap();
            for (name, extension) in [("tls.crt", "pem"), ("tls.key", "key")] {
                fs::write(path(folder).join(name), fixture(&format!("{kind}-depth-1.{extension}"))).unwrap();
            }
        }
        symlink("1", path("now")).unwrap();
        let at = path("now");
        let (mut files, _) =
            TlsFiles::first(&at.join("tls.crt"), &at.join("tls.key"), ColorChoice::Never).unwrap();
        symlink("2", path("next")).unwrap();
        fs::rename(path("next"), path("now")).unwrap();
        assert!(files.look(false).is_none());
        let renewed = files.look(false).unwrap().map_err(|why| why.clone());
        assert!(renewed.is_ok());
        pair.files.look(false);
    }
}
