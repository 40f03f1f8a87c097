//! Authorities in their table.

use certgate_facts::{SshPublicKey, Timestamp};

use super::cells::{Cells, Row};
use super::change::Change;
use super::{Database, Value, values};
use crate::authority::{
    AuthorityId, AuthorityName, AuthorityRecord, AuthorityState, Custody, NewAuthority, Transition,
};
use crate::entry::{AuthorityAdded, Entry};
use crate::error::{Conflict, Error};

const SELECT: &str =
    "SELECT a.id, a.name, a.public_key, a.comment, a.key_file, a.is_sealed, a.state, a.next_serial,
    added.at AS added_at, moved.at AS moved_at, predecessor.name AS succeeds
    FROM authority AS a JOIN audit AS added ON added.seq = a.id JOIN audit AS moved ON moved.seq = a.moved
    LEFT JOIN authority AS predecessor ON predecessor.id = a.succeeds";

/// The authority of this name.
pub(super) fn by_name(sql: &dyn Database, name: &AuthorityName) -> Result<Option<AuthorityRecord>, Error> {
    sql.first(&format!("{SELECT} WHERE a.name = ?1"), values![name.as_str()], read)
}

/// The authority of this name, which must be there.
pub(super) fn named(sql: &dyn Database, name: &AuthorityName) -> Result<AuthorityRecord, Error> {
    by_name(sql, name)?.ok_or_else(|| Error::AuthorityUnknown { name: name.clone() })
}

/// What each signature needs of an authority: its key as it is kept.
pub(super) struct SigningAuthority {
    pub(super) id: AuthorityId,
    pub(super) public_key: Vec<u8>,
    pub(super) state: AuthorityState,
    pub(super) next_serial: u64,
    /// Whether its own key is revoked.
    pub(super) is_revoked: bool,
    /// Whether any key or key id is.
    pub(super) is_anything_revoked: bool,
}

/// The same authority as [`named`] gives, for who signs.
pub(super) fn signing(sql: &dyn Database, name: &AuthorityName) -> Result<SigningAuthority, Error> {
    let query = "SELECT id, public_key, state, next_serial,
        (SELECT count(*) FROM revoked_key WHERE revoked_key.fingerprint = authority.fingerprint) AS is_revoked,
        (SELECT count(*) FROM (SELECT 1 FROM revoked_key LIMIT 1) AS keys)
            + (SELECT count(*) FROM (SELECT 1 FROM revoked_key_id LIMIT 1) AS key_ids) AS is_anything_revoked
        FROM authority WHERE name = ?1";
    let found = sql.first(query, values![name.as_str()], |row| {
        let cells = Cells::of(row, "authority")?;
        Ok(SigningAuthority {
            id: AuthorityId(cells.id()),
            public_key: cells.read("public_key")?,
            state: cells.parse("state", |text: String| AuthorityState::from_name(text.as_bytes()))?,
            next_serial: cells.read("next_serial")?,
            is_revoked: cells.read("is_revoked")?,
            is_anything_revoked: cells.read("is_anything_revoked")?,
        })
    })?;
    found.ok_or_else(|| Error::AuthorityUnknown { name: name.clone() })
}

/// The number of the authority of this name, if there is a name.
pub(super) fn id_of(sql: &dyn Database, name: Option<&AuthorityName>) -> Result<Option<AuthorityId>, Error> {
    name.map(|name| named(sql, name).map(|authority| authority.id)).transpose()
}

/// All of them, as they were added.
pub(super) fn all(sql: &dyn Database) -> Result<Vec<AuthorityRecord>, Error> {
    sql.all(&format!("{SELECT} ORDER BY a.id"), &[], read)
}

fn read(row: &dyn Row) -> Result<AuthorityRecord, Error> {
    let cells = Cells::of(row, "authority")?;
    let name = |text: String| text.parse().ok();
    Ok(AuthorityRecord {
        id: AuthorityId(cells.id()),
        name: cells.parse("name", name)?,
        public_key: cells.parse("public_key", |blob: Vec<u8>| SshPublicKey::from_blob(&blob).ok())?,
        comment: cells.read("comment")?,
        custody: match (cells.read("key_file")?, cells.read("is_sealed")?) {
            (None, true) => Custody::Sealed,
            (None, false) => Custody::Agent,
            (Some(path), _) => Custody::KeyFile(path),
        },
        succeeds: cells.parse("succeeds", |text: Option<String>| {
            text.map(name).map_or(Some(None), |name| name.map(Some))
        })?,
        state: cells.parse("state", |text: String| AuthorityState::from_name(text.as_bytes()))?,
        added_at: Timestamp::from_unix_secs(cells.read("added_at")?),
        state_since: Timestamp::from_unix_secs(cells.read("moved_at")?),
        next_serial: cells.read("next_serial")?,
    })
}

/// Adds one.
pub(super) fn add(change: &mut Change<'_>, new: &NewAuthority) -> Result<AuthorityRecord, Error> {
    new.check()?;
    let sql = change.sql();
    if by_name(sql, &new.name)?.is_some() {
        return Err(Conflict::AuthorityNameTaken { name: new.name.clone() }.into());
    }
    let holder = "SELECT name FROM authority WHERE public_key = ?1";
    if let Some(name) = first_name(sql, holder, values![new.public_key.blob()])? {
        return Err(Conflict::AuthorityKeyTaken { name }.into());
    }
    let succeeds = id_of(sql, new.succeeds.as_ref())?;
    refuse_second_successor(sql, succeeds)?;
    let added = AuthorityAdded {
        name: new.name.clone(),
        public_key: new.public_key.blob().to_vec(),
        comment: new.comment.clone(),
        custody: new.custody.clone(),
        origin: new.origin,
        succeeds,
        state: new.state(),
        first_serial: new.serial_start.serial(),
    };
    let id = change.append(&Entry::AuthorityAdded(added))?;
    let key_file = match &new.custody {
        Custody::Agent | Custody::Sealed => None,
        Custody::KeyFile(path) => Some(path),
    };
    change.execute(
        "INSERT INTO authority
         (id, name, public_key, fingerprint, comment, key_file, succeeds, state, moved, next_serial, is_sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?1, ?9, ?10)",
        values![
            id,
            new.name.as_str(),
            new.public_key.blob(),
            new.public_key.fingerprint(),
            &new.comment,
            key_file,
            succeeds.map(AuthorityId::number),
            new.state().name(),
            new.serial_start.serial(),
            new.custody == Custody::Sealed
        ],
    )?;
    named(change.sql(), &new.name)
}

/// The name that a query finds first.
fn first_name(sql: &dyn Database, query: &str, values: &[Value<'_>]) -> Result<Option<AuthorityName>, Error> {
    sql.cell::<String>(query, values)?.map(|name| name.parse()).transpose()
}

fn refuse_second_successor(sql: &dyn Database, predecessor: Option<AuthorityId>) -> Result<(), Error> {
    let Some(predecessor) = predecessor else { return Ok(()) };
    let query = "SELECT name FROM authority WHERE succeeds = ?1 AND state <> 'retired'";
    match first_name(sql, query, values![predecessor.number()])? {
        Some(name) => Err(Conflict::SuccessorExists { name }.into()),
        None => Ok(()),
    }
}

/// Takes one, and perhaps its predecessor, one step further.
pub(super) fn take_step(
    change: &mut Change<'_>,
    name: &AuthorityName,
    transition: Transition,
) -> Result<AuthorityRecord, Error> {
    let authority = named(change.sql(), name)?;
    let wrong =
        || Error::WrongState { name: name.clone(), state: authority.state, transition: Some(transition) };
    let to = transition.from(authority.state).ok_or_else(wrong)?;
    let predecessor =
        authority.succeeds.as_ref().map(|predecessor| named(change.sql(), predecessor)).transpose()?;
    refuse_loss(change.sql(), &authority, predecessor.as_ref(), transition, change.at())?;
    // The old one stops before the new one starts, in the records too.
    let movement = |authority: &AuthorityRecord, to| (authority.id, authority.state, to);
    let of_predecessor = predecessor.as_ref().and_then(|predecessor| {
        transition.of_predecessor(predecessor.state).map(|to| movement(predecessor, to))
    });
    let mut movements = vec![movement(&authority, to)];
    match transition {
        Transition::SwitchBack => movements.extend(of_predecessor),
        _ => movements.splice(0..0, of_predecessor).for_each(drop),
    }
    for (authority, from, to) in movements {
        let moved = change.append(&Entry::AuthorityMoved { authority, from, to, by: transition })?;
        change.execute(
            "UPDATE authority SET state = ?2, moved = ?3 WHERE id = ?1",
            values![authority.number(), to.name(), moved],
        )?;
    }
    named(change.sql(), name)
}

/// Whether a step would lose something.
fn refuse_loss(
    sql: &dyn Database,
    authority: &AuthorityRecord,
    predecessor: Option<&AuthorityRecord>,
    transition: Transition,
    at: Timestamp,
) -> Result<(), Error> {
    let name = || authority.name.clone();
    match transition {
        Transition::Withdraw => {
            let query = "SELECT name FROM authority WHERE id = ?1
                AND EXISTS (SELECT 1 FROM certificate WHERE authority = authority.id)";
            match first_name(sql, query, values![authority.id.number()])? {
                Some(name) => Err(Conflict::HasSigned { name }.into()),
                None => Ok(()),
            }
        }
        Transition::SwitchBack
            if predecessor.is_none_or(|predecessor| predecessor.state != AuthorityState::Published) =>
        {
            Err(Conflict::PredecessorNotPublished { name: name() }.into())
        }
        Transition::Retire => {
            let query = "SELECT count(*), max(valid_before) FROM listed
                 WHERE authority = ?1 AND valid_before > ?2 AND state <> 'abandoned' AND revocation IS NULL";
            let values = values![authority.id.number(), at.unix_secs()];
            match sql.first(query, values, |row| Ok((row.at(0)?, row.at(1)?)))? {
                Some((certificates, Some(valid_before))) => {
                    Err(Error::AuthorityStillNeeded { name: name(), certificates, valid_before })
                }
                _ => Ok(()),
            }
        }
        Transition::Reinstate => refuse_second_successor(sql, predecessor.map(|predecessor| predecessor.id)),
        _ => Ok(()),
    }
}
