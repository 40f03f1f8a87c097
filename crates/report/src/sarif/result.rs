//! Findings, as SARIF's results.

use std::collections::BTreeMap;

use certgate_rules::{Finding, Label};
use serde::Serialize;

use super::fix::SarifFix;
use super::rule::{Rules, SarifLevel, Text};
use super::{Artifact, FileLocation};
use crate::identity::Found;
use crate::judged::Judged;
use crate::place::{self, Place};
use crate::printable::shortened;
use crate::sentence;

/// A finding.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SarifResult {
    /// The code of the rule.
    pub rule_id: String,
    /// Its place among the rules of the run.
    pub rule_index: usize,
    /// How much it weighs under the levels of this run.
    pub level: SarifLevel,
    /// The fault, what the API would answer, what to do about it; links to other places by their numbers.
    pub message: Text,
    /// The place at fault.
    pub locations: [Location; 1],
    /// Other places that explain it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_locations: Vec<Location>,
    /// What makes it the same in the next run.
    pub partial_fingerprints: Fingerprints,
    /// What would repair it, if that can be said in lines that anyone may see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixes: Option<[SarifFix; 1]>,
    /// Where the upload goes that it is about, if not to the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<UploadProperties>,
    /// Why it is not reported; none where it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suppressions: Vec<Suppression>,
}

/// What SARIF has no word for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadProperties {
    /// What `--for` calls the target of the upload.
    pub upload_target: &'static str,
}

/// A place.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// The number by which messages link to it, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<usize>,
    /// The file and the part of it.
    pub physical_location: PhysicalLocation,
    /// What it is in, where no line tells: a part of a container, an argument, standard input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logical_locations: Vec<LogicalLocation>,
    /// What stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Text>,
}

/// A place that has a name.
#[derive(Clone, Debug, Serialize)]
pub struct LogicalLocation {
    /// The name.
    pub name: String,
}

/// A part of a file.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PhysicalLocation {
    /// The file.
    pub artifact_location: ArtifactLocation,
    /// The part.
    pub region: Region,
}

/// A file.
#[derive(Clone, Debug, Serialize)]
pub struct ArtifactLocation {
    /// The path as given, as a reference to a resource; `stdin` where all was piped in.
    pub uri: String,
    /// Its place among the files of the run.
    pub index: usize,
}

/// Lines and columns, counted from 1; the end is just past the last character.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// The line of the first character.
    pub start_line: usize,
    /// The column of the first character.
    pub start_column: usize,
    /// The line of the last character.
    pub end_line: usize,
    /// The column just past the last character.
    pub end_column: usize,
}

/// What makes a finding the same in the next run.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fingerprints {
    /// The one that code scanning goes by, called so whatever it is made of: here the rule and what the finding is about, numbered.
    pub primary_location_line_hash: String,
}

/// Why a finding is not reported.
#[derive(Clone, Debug, Serialize)]
pub struct Suppression {
    /// `external`: by the policy, not in the file at fault.
    pub kind: &'static str,
    /// Why.
    pub justification: String,
}

/// The files of some findings, each with its number, by reference.
pub(super) struct Files(BTreeMap<String, usize>);

impl Files {
    pub(super) fn of(found: &[Found<'_>]) -> Self {
        let uris = found.iter().flat_map(|found| {
            let labels = std::iter::once(found.finding.primary()).chain(found.finding.related());
            labels.map(|label| uri(&Place::of(label, found.judged)))
        });
        let mut files: BTreeMap<_, _> = uris.map(|uri| (uri, 0)).collect();
        files.values_mut().enumerate().for_each(|(number, index)| *index = number);
        Self(files)
    }

    pub(super) fn artifact(&self, place: &Place) -> ArtifactLocation {
        let uri = uri(place);
        let index = self.0.get(&uri).copied().unwrap_or_default();
        ArtifactLocation { uri, index }
    }

    pub(super) fn into_artifacts(self) -> Vec<Artifact> {
        self.0.into_keys().map(|uri| Artifact { location: FileLocation { uri } }).collect()
    }
}

/// Code scanning refuses all of a log in which one place has no file.
fn uri(place: &Place) -> String {
    place::uri(place.path.as_deref().unwrap_or(Place::STANDARD_INPUT))
}

impl SarifResult {
    pub(super) fn of(found: &Found<'_>, rules: &Rules, files: &Files) -> Self {
        let finding = found.finding;
        let related = (1..).zip(finding.related());
        Self {
            rule_id: finding.rule().code().to_string(),
            rule_index: rules.index(finding.rule()),
            level: SarifLevel::of(finding.level()),
            message: Text::plain(&message(finding)),
            locations: [Location::of(finding.primary(), found.judged, None, files)],
            related_locations: related
                .map(|(id, label)| Location::of(label, found.judged, Some(id), files))
                .collect(),
            partial_fingerprints: Fingerprints { primary_location_line_hash: found.in_any_file() },
            fixes: SarifFix::of(found, files).map(|fix| [fix]),
            properties: found
                .judged
                .target()
                .map(|(target, _)| UploadProperties { upload_target: target.name() }),
            suppressions: found.suppression.into_iter().map(Suppression::of).collect(),
        }
    }
}

impl Suppression {
    fn of(by: &certgate_rules::Suppression) -> Self {
        Self { kind: "external", justification: shortened(&by.to_string()).into_owned() }
    }
}

impl Location {
    fn of(label: &Label, judged: &Judged, id: Option<usize>, files: &Files) -> Self {
        let place = Place::of(label, judged);
        let artifact_location = files.artifact(&place);
        let place::Region { line, column, end_line, end_column } =
            place.region.unwrap_or(place::Region::BEGINNING);
        let region = Region { start_line: line, start_column: column, end_line, end_column };
        Self {
            id,
            physical_location: PhysicalLocation { artifact_location, region },
            logical_locations: place::inside(label)
                .map(|name| LogicalLocation { name })
                .into_iter()
                .collect(),
            message: (!label.text().is_empty()).then(|| Text::plain(&shortened(label.text()))),
        }
    }
}

/// The finding in words; behind them a link to each other place.
fn message(finding: &Finding) -> String {
    let mut lines: Vec<String> = sentence::lines(finding).iter().map(|line| unlinked(line)).collect();
    let primary = finding.primary().text();
    if !primary.is_empty() {
        lines.push(format!("here: {}", unlinked(&shortened(primary))));
    }
    for (id, label) in (1..).zip(finding.related()) {
        let text = match label.text() {
            "" => "this place".into(),
            text => shortened(text),
        };
        lines.push(format!("see: [{}]({id})", unlinked(&text)));
    }
    lines.join("\n")
}

/// Text in which brackets are no link (§3.11.6).
fn unlinked(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}
