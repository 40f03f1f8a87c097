use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::*;
use crate::{
    API_VERSION, CertificateAuthority, Id, Problem, Resource, Route, SshCertificateAuthority,
    SshHostCertificate, SshUserCertificate, Timestamp, TlsCertificate, Update, Verb,
};

impl<R: Resource> JsonSchema for Id<R> {
    fn schema_name() -> Cow<'static, str> {
        format!("Id of {}", R::COLLECTION.prefix).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": format!("^{}_[0-9A-Za-z]{{27}}$", R::COLLECTION.prefix) })
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// The names under which the shapes of one kind of resource stand.
struct Names {
    resource: Value,
    create: Value,
    list: Value,
}

/// Shapes as the types write them, by name.
struct Shapes {
    generator: SchemaGenerator,
    lists: BTreeMap<String, Value>,
    names: BTreeMap<&'static str, Names>,
}

impl Shapes {
    fn new() -> Self {
        let generator = SchemaSettings::openapi3().for_serialize().into_generator();
        let mut shapes = Self { generator, lists: BTreeMap::new(), names: BTreeMap::new() };
        shapes.add::<CertificateAuthority>();
        shapes.add::<SshCertificateAuthority>();
        shapes.add::<SshHostCertificate>();
        shapes.add::<SshUserCertificate>();
        shapes.add::<TlsCertificate>();
        shapes
    }

    fn reference<T: JsonSchema>(&mut self) -> Value {
        self.generator.subschema_for::<T>().to_value()
    }

    fn add<R: Resource + JsonSchema>(&mut self)
    where
        R::Create: JsonSchema,
    {
        let (resource, create) = (self.reference::<R>(), self.reference::<R::Create>());
        let list = format!("{}List", R::schema_name());
        let name = R::COLLECTION.name;
        let shape = json!({
            "type": "object",
            "properties": {
                name: { "description": "One page of the list, newest first.", "type": "array", "items": resource },
                "uri": { "description": "Where the list is, without a query.", "type": "string" },
                "next_page_uri": { "description": "Where the next page is; null on the last.", "type": "string", "nullable": true },
            },
            "required": [name, "uri", "next_page_uri"],
        });
        let reference = json!({ "$ref": format!("#/components/schemas/{list}") });
        self.lists.insert(list, shape);
        self.names.insert(name, Names { resource, create, list: reference });
    }

    /// All of them: what servers read takes no other fields than these, and what they write may get more.
    fn into_components(mut self) -> Value {
        let mut components: Map<String, Value> =
            self.generator.take_definitions(true).into_iter().chain(self.lists).collect();
        for (name, shape) in &mut components {
            let is_read = name.ends_with("Create") || name == "Update";
            tidy(shape, is_read);
        }
        // Clients that send the id of the path in the body, too, are many.
        components["Update"]["properties"]["id"] =
            json!({ "description": "Passed over: the path says which resource is meant.", "type": "string" });
        Value::Object(components)
    }
}

/// Without what is said of the type in Rust, and the values that it has there where a field is missing.
fn tidy(shape: &mut Value, is_read: bool) {
    let object = shape.as_object_mut().unwrap();
    object.remove("description");
    if is_read {
        object.insert("additionalProperties".to_owned(), json!(false));
    }
    let mut schema = Schema::try_from(shape.clone()).unwrap();
    let forget = RecursiveTransform(|schema: &mut Schema| drop(schema.remove("default")));
    schemars::transform::Transform::transform(&mut { forget }, &mut schema);
    *shape = schema.to_value();
}

/// The name of an operation: `TlsCertificatesCreate`.
fn operation_id(route: Route) -> String {
    let camel = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    let verb = match route.verb {
        Verb::Create => "Create",
        Verb::List => "List",
        Verb::Read => "Get",
        Verb::Update => "Update",
        Verb::Delete => "Delete",
    };
    route.collection.name.split('_').map(camel).collect::<String>() + verb
}

/// What an operation does, in a line.
fn summary(route: Route) -> String {
    let noun = route.collection.noun;
    let article = if noun.starts_with("SSH") { "an" } else { "a" };
    match route.verb {
        Verb::Create => format!("Create {article} {noun}"),
        Verb::List => format!("List {}, newest first", route.collection.name.replace('_', " ")),
        Verb::Read => format!("Get {article} {noun}"),
        Verb::Update => format!("Change description or metadata of {article} {noun}"),
        Verb::Delete => format!("Delete {article} {noun}"),
    }
}

fn parameter(name: &str, prefix: &str) -> Value {
    let id = |what: &str| {
        (what.to_owned(), json!({ "type": "string", "pattern": format!("^{prefix}_[0-9A-Za-z]{{27}}$") }))
    };
    let (place, (description, schema)) = match name {
        "id" => ("path", id("The id of the resource.")),
        "before_id" => {
            ("query", id("Only resources that are older than this id; it need not be there any more."))
        }
        "limit" => (
            "query",
            (
                "The most resources on the page, 1 to 100; 100 if not said.".to_owned(),
                json!({ "type": "string", "pattern": "^([1-9][0-9]?|100)?$" }),
            ),
        ),
        "filter" => (
            "query",
            (
                "Only resources for which this expression is true, such as `obj.description == \"web\"`."
                    .to_owned(),
                json!({ "type": "string" }),
            ),
        ),
        other => panic!("{other} has no description"),
    };
    json!({ "name": name, "in": place, "required": place == "path", "description": description, "schema": schema })
}

fn json_of(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

fn operation(route: Route, names: &Names, update: &Value) -> Value {
    let id: &[&str] = if route.has_id() { &["id"] } else { &[] };
    let own = id.iter().chain(route.query()).map(|name| parameter(name, route.collection.prefix));
    let version = json!({ "$ref": "#/components/parameters/ngrokVersion" });
    let parameters: Vec<Value> = std::iter::once(version).chain(own).collect();
    let success = match route.verb {
        Verb::Create | Verb::Read | Verb::Update => json_of("The resource.", &names.resource),
        Verb::List => json_of("A page of the list.", &names.list),
        Verb::Delete => json!({ "description": "Deleted." }),
    };
    let mut operation = json!({
        "operationId": operation_id(route),
        "summary": summary(route),
        "tags": [route.collection.name],
        "parameters": parameters,
        "responses": {
            route.success().to_string(): success,
            "default": { "$ref": "#/components/responses/problem" },
        },
    });
    if route.has_body() {
        let schema = if route.verb == Verb::Create { &names.create } else { update };
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    operation
}

/// The description, as the routes and the types say it.
fn generated() -> String {
    let mut shapes = Shapes::new();
    let (problem, update) = (shapes.reference::<Problem>(), shapes.reference::<Update>());
    let mut paths = Map::new();
    for route in Route::all() {
        let path = paths.entry(route.path("{id}")).or_insert_with(|| json!({}));
        let names = &shapes.names[route.collection.name];
        path[route.method().to_ascii_lowercase()] = operation(route, names, &update);
    }
    let version: u32 = API_VERSION.parse().unwrap();
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "certificate API", "version": API_VERSION },
        "servers": [{ "url": "/" }],
        "security": [{ "authentication": [] }],
        "paths": paths,
        "components": {
            "parameters": { "ngrokVersion": {
                "name": "ngrok-version", "in": "header", "required": true,
                "description": "The version of the API.",
                "schema": { "type": "integer", "default": version, "enum": [version] },
            } },
            "responses": { "problem": json_of("Why not.", &problem) },
            "schemas": shapes.into_components(),
            "securitySchemes": { "authentication": { "type": "http", "scheme": "bearer" } },
        },
    });
    serde_json::to_string_pretty(&document).unwrap() + "\n"
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test asks whether to rewrite what it compares with")]
fn the_committed_description_is_the_one_that_routes_and_types_say() {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/openapi.json"), generated()).unwrap();
    } else {
        assert!(generated() == OPENAPI, "openapi.json is out of date: run again with UPDATE=1");
    }
}

#[test]
fn the_description_is_for_people_who_do_not_know_the_types() {
    let text = generated();
    assert!(!text.contains("[`"), "a link of rustdoc");
    let document: Value = serde_json::from_str(&text).unwrap();
    for (name, shape) in document["components"]["schemas"].as_object().unwrap() {
        for (field, schema) in shape["properties"].as_object().unwrap() {
            assert!(schema["description"].is_string(), "{name}.{field} says nothing");
        }
    }
}
