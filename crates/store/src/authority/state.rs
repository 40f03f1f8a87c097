//! How far an authority is in its life, and the steps from one state to the next.
//!
//! ```text
//! prepared ──publish──► published ──switch──► signing        switch: the predecessor stops, still published
//!          ◄─withdraw──           ◄─switch back─             switch back: it signs again
//!     └────────retire──────┴────────retire───────┴──► retired ──reinstate──► published
//! ```

use std::fmt;

/// How far an authority is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthorityState {
    /// Its key exists; nobody is told to trust it.
    Prepared,
    /// Clients are told to trust it; it does not sign: not yet, or not any more.
    Published,
    /// Clients are told to trust it, and it signs.
    Signing,
    /// It does not sign, and clients are not told to trust it any more.
    Retired,
}

/// A step from one state to another. Each can be taken back as long as nothing is lost by that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transition {
    /// Prepared → published.
    Publish,
    /// Published → prepared; refused once it has signed.
    Withdraw,
    /// Published → signing; a predecessor that is signing becomes published.
    Switch,
    /// Signing → published; the predecessor, which must be published, becomes signing.
    SwitchBack,
    /// → retired; refused while a certificate under it can still be used.
    Retire,
    /// → retired, although certificates under it can still be used: their hosts will be refused.
    RetireDespiteValidCertificates,
    /// Retired → published; refused if its predecessor has another successor by now.
    Reinstate,
}

impl AuthorityState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Prepared, Self::Published, Self::Signing, Self::Retired];

    /// The word for it: `prepared`, ….
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Published => "published",
            Self::Signing => "signing",
            Self::Retired => "retired",
        }
    }

    /// Whether clients are to be told to trust it.
    #[must_use]
    pub const fn is_published(self) -> bool {
        matches!(self, Self::Published | Self::Signing)
    }

    pub(crate) fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name().as_bytes() == name)
    }
}

impl Transition {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Publish,
        Self::Withdraw,
        Self::Switch,
        Self::SwitchBack,
        Self::Retire,
        Self::RetireDespiteValidCertificates,
        Self::Reinstate,
    ];

    /// The words for it: `publish`, `switch back`, ….
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Withdraw => "withdraw",
            Self::Switch => "switch",
            Self::SwitchBack => "switch back",
            Self::Retire => "retire",
            Self::RetireDespiteValidCertificates => "retire despite valid certificates",
            Self::Reinstate => "reinstate",
        }
    }

    pub(crate) fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|transition| transition.name().as_bytes() == name)
    }

    /// The state it leads to; nothing where it cannot be taken.
    #[must_use]
    pub const fn from(self, state: AuthorityState) -> Option<AuthorityState> {
        use AuthorityState::{Prepared, Published, Retired, Signing};
        match (self, state) {
            (Self::Publish, Prepared) | (Self::SwitchBack, Signing) | (Self::Reinstate, Retired) => {
                Some(Published)
            }
            (Self::Withdraw, Published) => Some(Prepared),
            (Self::Switch, Published) => Some(Signing),
            (Self::Retire | Self::RetireDespiteValidCertificates, Prepared | Published | Signing) => {
                Some(Retired)
            }
            _ => None,
        }
    }

    /// What it does to the predecessor in this state; nothing where it leaves it alone.
    pub(crate) const fn of_predecessor(self, state: AuthorityState) -> Option<AuthorityState> {
        match (self, state) {
            (Self::Switch, AuthorityState::Signing) => Some(AuthorityState::Published),
            (Self::SwitchBack, AuthorityState::Published) => Some(AuthorityState::Signing),
            _ => None,
        }
    }
}

impl fmt::Display for AuthorityState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for state in AuthorityState::ALL {
            assert_eq!(AuthorityState::from_name(state.name().as_bytes()), Some(state));
        }
        for transition in Transition::ALL {
            assert_eq!(Transition::from_name(transition.name().as_bytes()), Some(transition));
        }
        assert_eq!(AuthorityState::from_name(b"signin"), None);
    }

    #[test]
    fn a_switch_and_its_way_back_leave_everything_as_it_was() {
        use AuthorityState::{Published, Signing};
        assert_eq!(Transition::Switch.from(Published), Some(Signing));
        assert_eq!(Transition::Switch.of_predecessor(Signing), Some(Published));
        assert_eq!(Transition::SwitchBack.from(Signing), Some(Published));
        assert_eq!(Transition::SwitchBack.of_predecessor(Published), Some(Signing));
    }

    #[test]
    fn nothing_signs_unless_it_was_published() {
        for transition in Transition::ALL {
            for state in [AuthorityState::Prepared, AuthorityState::Retired] {
                assert_ne!(transition.from(state), Some(AuthorityState::Signing));
            }
        }
    }
}
