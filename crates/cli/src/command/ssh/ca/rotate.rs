//! `certgate ssh ca rotate` and `retire`: one authority after the other.

use certgate_store::{AuthorityRecord, AuthorityState, Ledger, Transition};

use super::{add, fault, known, public_key, say, warn_of_weak};
use crate::cli::{ColorChoice, RetireArguments, RotateCommand, StepArguments};
use crate::clock;
use crate::exit::Exit;
use crate::failure::Failure;

/// Takes a step.
pub(super) fn run(command: &RotateCommand, color: ColorChoice) -> Result<Exit, Failure> {
    match command {
        RotateCommand::Prepare(arguments) => {
            let state = arguments.state.state()?;
            state.ledger()?;
            let added = add(&state, &arguments.name, &arguments.key, Some(&arguments.replacing))?;
            let name = &added.name;
            say(
                color,
                &format!(
                    "authority {name} is prepared to replace {}; next: certgate ssh ca rotate publish {name}",
                    arguments.replacing
                ),
            )?;
            warn_of_weak(&added, color)?;
            public_key(&added, color)
        }
        RotateCommand::Publish(arguments) => {
            let moved = take(arguments, |_| Transition::Publish)?;
            say(
                color,
                &format!(
                    "authority {0} is published: give the lines of `certgate ssh known-hosts` to all clients, then: certgate ssh ca rotate switch {0}",
                    moved.name
                ),
            )?;
            Ok(Exit::Clean)
        }
        RotateCommand::Switch(arguments) => {
            let moved = take(arguments, |_| Transition::Switch)?;
            let old = moved.succeeds.as_ref().map_or_else(|| "the old one".to_owned(), ToString::to_string);
            say(
                color,
                &format!(
                    "authority {} signs from now on: renew every certificate of {old}, wait until the old ones have ended or revoke them, then: certgate ssh ca retire {old}",
                    moved.name
                ),
            )?;
            Ok(Exit::Clean)
        }
        RotateCommand::Back(arguments) => {
            let back = |authority: &AuthorityRecord| match authority.state {
                AuthorityState::Signing => Transition::SwitchBack,
                AuthorityState::Retired => Transition::Reinstate,
                AuthorityState::Prepared | AuthorityState::Published => Transition::Withdraw,
            };
            let moved = take(arguments, back)?;
            say(color, &format!("authority {} is {} again", moved.name, moved.state))?;
            Ok(Exit::Clean)
        }
    }
}

/// Retires an authority.
pub(super) fn retire(arguments: &RetireArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let mut ledger = arguments.state.state()?.ledger()?;
    let step = match arguments.despite_valid_certificates {
        true => Transition::RetireDespiteValidCertificates,
        false => Transition::Retire,
    };
    let moved = ledger.take_step(&arguments.name, step, clock::now()).map_err(fault)?;
    say(
        color,
        &format!(
            "authority {} is retired: `certgate ssh known-hosts` names it no more; its key can be destroyed",
            moved.name
        ),
    )?;
    Ok(Exit::Clean)
}

fn take(
    arguments: &StepArguments,
    step: impl Fn(&AuthorityRecord) -> Transition,
) -> Result<AuthorityRecord, Failure> {
    let mut ledger = arguments.state.state()?.ledger()?;
    let authority = known(&ledger, &arguments.name)?;
    ledger.take_step(&arguments.name, step(&authority), clock::now()).map_err(fault)
}
