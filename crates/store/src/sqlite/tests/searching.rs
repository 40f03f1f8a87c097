//! What it costs to find the resources that a filter lets through: in steps of SQLite, which are the same on every machine.

use std::cell::{Cell, RefCell};

use certgate_facts::Timestamp;
use rusqlite::{Connection, StatementStatus, params_from_iter};

use super::{ledger, now};
use crate::error::Error;
use crate::resource::{NewResource, ResourceFacts, ResourceKind};
use crate::resource_filter::{Relation, ResourceFilter, TextField, TextTest, TimeField};
use crate::sql::{Change, Database, Value, Visit, create, search};
use crate::sqlite::SqliteLedger;

const KIND: ResourceKind = ResourceKind::TlsCertificate;
const DAY_SECS: i64 = 86_400;

/// A database that looks at how its questions are answered.
struct Watched<'c> {
    connection: &'c Connection,
    plans: RefCell<Vec<String>>,
    steps: Cell<i64>,
}

impl Database for Watched<'_> {
    fn each(&self, query: &str, values: &[Value<'_>], visit: Visit<'_>) -> Result<(), Error> {
        let mut explained = self.connection.prepare(&format!("EXPLAIN QUERY PLAN {query}"))?;
        let steps = explained.query_map(params_from_iter(values), |row| row.get::<_, String>(3))?;
        self.plans.borrow_mut().extend(steps.collect::<Result<Vec<_>, _>>()?);
        let mut statement = self.connection.prepare(query)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if visit(row)?.is_break() {
                break;
            }
        }
        drop(rows);
        self.steps.set(self.steps.get() + i64::from(statement.get_status(StatementStatus::VmStep)));
        Ok(())
    }

    fn execute(&self, statement: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        Database::execute(self.connection, statement, values)
    }

    fn run(&self, statements: &str) -> Result<(), Error> {
        self.connection.run(statements)
    }

    fn begin_writing(&self) -> Result<(), Error> {
        self.connection.begin_writing()
    }

    fn begin_reading(&self) -> Result<(), Error> {
        self.connection.begin_reading()
    }

    fn commit(&self) -> Result<(), Error> {
        Database::commit(self.connection)
    }

    fn roll_back(&self) {
        self.connection.roll_back();
    }

    fn is_in_transaction(&self) -> bool {
        self.connection.is_in_transaction()
    }

    fn verify(&self) -> Result<(), Error> {
        Database::verify(self.connection)
    }
}

/// Certificates that are valid for 90 days, made one after the other over two years.
fn filled(count: u32) -> (tempfile::TempDir, SqliteLedger) {
    let (folder, ledger) = ledger();
    let mut change = Change::begin(&ledger.connection, now()).unwrap();
    for number in 0..count {
        let made = now().unix_secs() + i64::from(number) * 730 * DAY_SECS / i64::from(count);
        let new = NewResource {
            kind: KIND,
            id: format!("cert_{number:08}").parse().unwrap(),
            authority: None,
            description: String::new(),
            metadata: String::new(),
            facts: ResourceFacts {
                subject_common_name: Some(format!("web-{}.example.com", number % 50)),
                serial_number: Some(number.to_string()),
                not_before: Some(Timestamp::from_unix_secs(made)),
                not_after: Some(Timestamp::from_unix_secs(made + 90 * DAY_SECS)),
            },
            content: Vec::new(),
            secret: None,
        };
        create(&mut change, new).unwrap();
    }
    change.commit().unwrap();
    (folder, ledger)
}

/// How many a filter lets onto a page, in how many steps, and how they are found.
fn searched(ledger: &SqliteLedger, filter: &ResourceFilter) -> (usize, i64, Vec<String>) {
    let watched = Watched { connection: &ledger.connection, plans: RefCell::default(), steps: Cell::new(0) };
    let found = search::page(&watched, KIND, filter, None, 101).unwrap();
    (found.resources.len(), watched.steps.get(), watched.plans.into_inner())
}

fn time(field: TimeField, relation: Relation, days: i64) -> ResourceFilter {
    ResourceFilter::Time(field, relation, Timestamp::from_unix_secs(now().unix_secs() + days * DAY_SECS))
}

fn text(field: TextField, is: &str) -> ResourceFilter {
    ResourceFilter::Text(field, TextTest::Compare(Relation::Equal, is.to_owned()))
}

/// Filters that an index is for, and the indexes.
fn indexed() -> Vec<(&'static str, ResourceFilter, Vec<&'static str>)> {
    let not_after = |relation, days| time(TimeField::NotAfter, relation, days);
    let of_ends = vec!["resource_not_after_21", "resource_not_after_14", "resource_not_after_7"];
    vec![
        ("all", ResourceFilter::EVERYTHING, vec!["resource_listed"]),
        ("the oldest", not_after(Relation::Less, 91), of_ends.clone()),
        ("half of them", not_after(Relation::AtMost, 455), of_ends.clone()),
        ("all but one", not_after(Relation::Greater, 90), of_ends.clone()),
        ("the newest", not_after(Relation::AtLeast, 819), of_ends),
        ("none", not_after(Relation::Less, 0), vec!["resource_not_after"]),
        (
            "a month, and something else",
            ResourceFilter::All(vec![
                not_after(Relation::Greater, 100),
                not_after(Relation::Less, 130),
                ResourceFilter::Not(Box::new(text(TextField::Description, "x"))),
            ]),
            vec!["resource_not_after_14", "resource_not_after_7"],
        ),
        (
            "the first to begin",
            time(TimeField::NotBefore, Relation::Less, 2),
            vec!["resource_not_before_14", "resource_not_before_21"],
        ),
        ("an id", text(TextField::Id, "cert_00000007"), vec!["(kind=? AND name=?"]),
        ("a serial number", text(TextField::SerialNumber, "7"), vec!["resource_serial"]),
        (
            "one of two names",
            ResourceFilter::Any(vec![
                text(TextField::SubjectCommonName, "web-7.example.com"),
                text(TextField::SubjectCommonName, "web-8.example.com"),
            ]),
            vec!["resource_subject"],
        ),
    ]
}

#[test]
fn no_search_that_has_an_index_looks_at_all_or_sorts() {
    let (_folder, ledger) = filled(300);
    for (name, filter, due) in indexed() {
        let (_, _, plan) = searched(&ledger, &filter);
        for index in due {
            assert!(plan.iter().any(|step| step.contains(index)), "{name}, {index}: {plan:#?}");
        }
        let slow = |step: &&String| {
            step.contains("SCAN resource") || step.contains("SCAN audit") || step.contains("B-TREE")
        };
        assert_eq!(plan.iter().find(slow), None, "{name}: {plan:#?}");
    }
}

#[test]
fn what_a_search_costs_does_not_grow_with_what_there_is() {
    let ((_few, few), (_many, many)) = (filled(1_000), filled(30_000));
    for (name, filter, _) in indexed() {
        let (found, cost, _) = searched(&few, &filter);
        let (found_of_many, cost_of_many, _) = searched(&many, &filter);
        assert!(found_of_many >= found, "{name}");
        // A page that has more on it costs more; and a block of time, until all of them have something in them.
        let due = 5 * cost + 5_000;
        assert!(cost_of_many < due, "{name}: {cost} steps of SQLite for 1000, {cost_of_many} for 30000");
    }
}
