//! The schema that our tables are in: made, brought up to date, compared.

use crate::error::Error;
use crate::sql::{Database, values};

/// The steps from nothing to the schema of today, each one a version.
const MIGRATIONS: [&str; 2] = [
    include_str!("../../migrations/postgres/0001_ledger.sql"),
    include_str!("../../migrations/postgres/0002_resources.sql"),
];
/// What is in the schema. It is asked of the tables: functions that look up a name may not know yet what another has just made.
const OURS: &str = "SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'certgate'";
/// Where our tables are made once more, to be compared with, and taken back.
const FRESH: &str = "certgate_fresh";

/// Makes the schema where it is missing, and brings it up to date where it is older.
pub(super) fn open(sql: &dyn Database) -> Result<(), Error> {
    if has_version(sql)? && missing_migrations(sql)?.is_empty() {
        return Ok(());
    }
    // Another one may be at it, or have done it meanwhile.
    sql.begin_writing()?;
    let migrated = missing_migrations(sql).and_then(|missing| match missing {
        [] => Ok(()),
        missing => migrate(sql, missing).and_then(|()| sql.commit()),
    });
    sql.roll_back();
    migrated
}

fn migrate(sql: &dyn Database, missing: &[&str]) -> Result<(), Error> {
    if !has_schema(sql)? {
        sql.run("CREATE SCHEMA certgate")?;
    }
    if !has_version(sql)? {
        sql.run("CREATE TABLE version (version BIGINT NOT NULL); INSERT INTO version VALUES (0)")?;
    }
    missing.iter().try_for_each(|migration| sql.run(migration))?;
    sql.execute("UPDATE version SET version = ?1", values![MIGRATIONS.len()])?;
    Ok(())
}

fn has_schema(sql: &dyn Database) -> Result<bool, Error> {
    sql.finds("SELECT 1 FROM pg_namespace WHERE nspname = 'certgate'", &[])
}

pub(super) fn has_version(sql: &dyn Database) -> Result<bool, Error> {
    sql.finds(&format!("{OURS} AND relname = 'version'"), &[])
}

/// What has to be done to the schema.
fn missing_migrations(sql: &dyn Database) -> Result<&'static [&'static str], Error> {
    if !has_version(sql)? {
        return if sql.finds(&format!("{OURS} LIMIT 1"), &[])? {
            Err(Error::NotALedger)
        } else {
            Ok(&MIGRATIONS)
        };
    }
    let version = sql.first("SELECT version FROM certgate.version", &[], |row| Ok(row.at(0).ok()))?;
    let found: usize = version.flatten().ok_or(Error::NotALedger)?;
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let newer = Error::SchemaNewer { found: number(found), known: number(MIGRATIONS.len()) };
    MIGRATIONS.get(found..).ok_or(newer)
}

/// Whether tables, indexes, views, functions and triggers are those of today's schema.
pub(super) fn verify(sql: &dyn Database) -> Result<(), Error> {
    sql.begin_writing()?;
    let compared = compare(sql);
    sql.roll_back();
    compared
}

fn compare(sql: &dyn Database) -> Result<(), Error> {
    let found = described(sql, "certgate")?;
    sql.run(&format!("CREATE SCHEMA {FRESH}; SET LOCAL search_path = {FRESH}, pg_temp"))?;
    sql.run("CREATE TABLE version (version BIGINT NOT NULL)")?;
    MIGRATIONS.iter().try_for_each(|migration| sql.run(migration))?;
    match found == described(sql, FRESH)? {
        true => Ok(()),
        false => Err(Error::Inconsistent { table: "pg_class", column: "relname", id: 0 }),
    }
}

/// What a schema has in it, line by line.
fn described(sql: &dyn Database, schema: &str) -> Result<Vec<String>, Error> {
    let query = DESCRIBED.replace("schema_of_tables", schema);
    let mut lines: Vec<String> = sql.all(&query, &[], |row| row.at(0))?;
    lines.iter_mut().for_each(|line| *line = line.replace(&format!("{schema}."), ""));
    lines.sort();
    Ok(lines)
}

const DESCRIBED: &str = "
SELECT concat_ws(' ', 'relation', relname, relkind, relpersistence, relrowsecurity, relforcerowsecurity, reloptions,
    CASE WHEN relkind = 'v' THEN pg_get_viewdef(oid) END)
    FROM pg_class WHERE relnamespace = 'schema_of_tables'::regnamespace
UNION ALL
SELECT concat_ws(' ', 'column', relname, attnum, attname, format_type(atttypid, atttypmod), attnotnull,
    attcollation::regcollation, pg_get_expr(adbin, adrelid))
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = 'schema_of_tables'::regnamespace AND attnum > 0
UNION ALL
SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'schema_of_tables'::regnamespace
UNION ALL
SELECT concat_ws(' ', 'index', indisvalid, pg_get_indexdef(indexrelid))
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = 'schema_of_tables'::regnamespace
UNION ALL
SELECT concat_ws(' ', 'trigger', tgrelid::regclass, conname, tgenabled, tgtype,
    CASE WHEN tgisinternal THEN tgfoid::regproc::text ELSE pg_get_triggerdef(pg_trigger.oid) END)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    LEFT JOIN pg_constraint ON pg_constraint.oid = tgconstraint
    WHERE relnamespace = 'schema_of_tables'::regnamespace
UNION ALL
SELECT concat_ws(' ', 'function', pg_get_functiondef(oid))
    FROM pg_proc WHERE pronamespace = 'schema_of_tables'::regnamespace
UNION ALL
SELECT concat_ws(' ', 'rule', ev_class::regclass, ev_enabled, pg_get_ruledef(pg_rewrite.oid))
    FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
    WHERE relnamespace = 'schema_of_tables'::regnamespace";
