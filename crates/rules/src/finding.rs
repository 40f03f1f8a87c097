//! What a rule has to say about a case.

use std::sync::Arc;

use certgate_facts::{Location, Reading, Span};

use crate::code::ApiCode;
use crate::rule::{Level, Rule};
use crate::target::{Document, Target, TargetRefusal};

/// One fault: the fact, where it is, and what to do about it.
#[derive(Clone)]
pub struct Finding {
    rule: &'static Rule,
    level: Level,
    api_code: Option<ApiCode>,
    refusal: Option<TargetRefusal>,
    clients_refuse: bool,
    message: String,
    help: Option<String>,
    primary: Label,
    related: Vec<Label>,
    /// What it is about, where that is something else than what stands at the primary place.
    subject: Option<Label>,
}

/// A place in a source, with a few words on what stands there.
#[derive(Clone)]
pub struct Label {
    reading: Arc<Reading>,
    span: Span,
    text: String,
}

impl Finding {
    /// A finding of a rule: nothing is found that has no place.
    pub(crate) fn new(rule: &'static Rule, message: impl Into<String>, primary: Label) -> Self {
        Self {
            rule,
            level: rule.level(),
            api_code: rule.api_code(),
            refusal: None,
            clients_refuse: rule.clients_refuse(),
            message: message.into(),
            help: None,
            primary,
            related: Vec::new(),
            subject: None,
        }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn with_related(mut self, related: impl IntoIterator<Item = Label>) -> Self {
        self.related.extend(related);
        self
    }

    /// For rules whose findings move about with the arrangement of what they are about.
    pub(crate) fn with_subject(mut self, subject: Label) -> Self {
        self.subject = Some(subject);
        self
    }

    /// For rules whose code depends on what else is there.
    pub(crate) fn with_api_code(mut self, api_code: Option<ApiCode>) -> Self {
        self.api_code = api_code;
        self
    }

    /// For uploads that go to a target which takes nothing of the kind.
    pub(crate) fn with_refusal(mut self, target: &'static Target, document: &'static Document) -> Self {
        self.refusal = Some(TargetRefusal { target, document });
        self
    }

    /// For rules that concern clients only sometimes.
    pub(crate) fn with_clients_refuse(mut self, clients_refuse: bool) -> Self {
        self.clients_refuse = clients_refuse;
        self
    }

    pub(crate) fn at_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// The rule.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// How much it weighs under the policy it was judged by; never [`Level::Allow`].
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// What the API would answer because of it; `None` where the API would not mind.
    #[must_use]
    pub fn api_code(&self) -> Option<ApiCode> {
        self.api_code
    }

    /// The target that refuses because of it, where the upload goes to one and its documents say so.
    #[must_use]
    pub fn refusal(&self) -> Option<TargetRefusal> {
        self.refusal
    }

    /// Whether clients that connect will refuse because of it.
    #[must_use]
    pub fn clients_refuse(&self) -> bool {
        self.clients_refuse
    }

    /// The fault in one line: lower case, no full stop.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The place at fault.
    #[must_use]
    pub fn primary(&self) -> &Label {
        &self.primary
    }

    /// The place of what it is about.
    pub(crate) fn subject(&self) -> &Label {
        self.subject.as_ref().unwrap_or(&self.primary)
    }

    /// Other places that explain it.
    #[must_use]
    pub fn related(&self) -> &[Label] {
        &self.related
    }
}

impl Label {
    /// A place in what was read, with words that may be empty.
    #[must_use]
    pub fn new(reading: &Arc<Reading>, span: Span, text: impl Into<String>) -> Self {
        Self { reading: Arc::clone(reading), span, text: text.into() }
    }

    /// What was read.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// The path or other name of the source.
    #[must_use]
    pub fn path(&self) -> &str {
        self.reading.source().name_at(self.span)
    }

    /// The part of a container that it is in, such as `certificate 2 "Example CA"`.
    #[must_use]
    pub fn part(&self) -> Option<&str> {
        self.reading.source().origin()?.title_of(self.span)
    }

    /// The bytes, counted in the source's text.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Line and column.
    #[must_use]
    pub fn location(&self) -> Location {
        self.reading.source().location(self.span)
    }

    /// What stands there.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}
