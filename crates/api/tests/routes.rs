//! The table of routes is that of the API's own description.

use std::collections::BTreeMap;

use certgate_api::Route;

/// By method and path: status of success, parameters of the query, whether there is a body.
type Table = BTreeMap<String, (u16, Vec<String>, bool)>;

/// The collections, and whether their lists can be filtered.
const COLLECTIONS: [(&str, bool); 5] = [
    ("certificate_authorities", true),
    ("ssh_certificate_authorities", true),
    ("ssh_host_certificates", false),
    ("ssh_user_certificates", false),
    ("tls_certificates", true),
];

fn own() -> Table {
    let row = |route: Route| {
        let query = route.query().iter().map(|name| (*name).to_owned()).collect();
        (format!("{} {}", route.method(), route.path("{id}")), (route.success(), query, route.has_body()))
    };
    Route::all().map(row).collect()
}

/// The table as the API's reference has it.
fn expected() -> Table {
    let of = |(name, is_filterable): (&str, bool)| {
        let query = ["before_id", "limit", "filter"].into_iter().take(if is_filterable { 3 } else { 2 });
        let query = query.map(str::to_owned).collect();
        [
            (format!("POST /{name}"), (201, Vec::new(), true)),
            (format!("GET /{name}"), (200, query, false)),
            (format!("GET /{name}/{{id}}"), (200, Vec::new(), false)),
            (format!("PATCH /{name}/{{id}}"), (200, Vec::new(), true)),
            (format!("DELETE /{name}/{{id}}"), (204, Vec::new(), false)),
        ]
    };
    COLLECTIONS.into_iter().flat_map(of).collect()
}

/// The table of an OpenAPI description in YAML, by its indentation: paths, methods, and what belongs to them.
fn described(yaml: &str) -> Table {
    let mut table = Table::new();
    let (mut path, mut row, mut parameter) = ("", String::new(), String::new());
    let lines = yaml.lines().skip_while(|line| *line != "paths:").skip(1);
    for line in lines.take_while(|line| line.is_empty() || line.starts_with(' ')) {
        let indentation = line.len() - line.trim_start().len();
        let word = line.trim().trim_end_matches(':');
        match (indentation, word) {
            (2, _) => path = word,
            (4, method) => row = format!("{} {path}", method.to_uppercase()),
            (6, "requestBody") => table.entry(row.clone()).or_default().2 = true,
            (6, word) if word.starts_with("- name: ") => parameter = word.replace("- name: ", ""),
            (8, "in: query") => table.entry(row.clone()).or_default().1.push(parameter.clone()),
            (8, status) => {
                if let Ok(status) = status.parse() {
                    table.entry(row.clone()).or_default().0 = status;
                }
            }
            _ => {}
        }
    }
    table
}

#[test]
fn every_operation_is_in_the_table() {
    assert_eq!(own(), expected());
    assert_eq!(own().len(), 25);
}

#[test]
fn the_table_is_that_of_the_description_where_one_is_named() {
    #[expect(clippy::disallowed_methods, reason = "whoever runs the tests says where the description lies")]
    let path = std::env::var_os("CERTGATE_OPENAPI");
    let named = path.map(|path| std::fs::read_to_string(path).unwrap());
    let is_named = named.is_some();
    let described = described(named.as_deref().unwrap_or(EXCERPT));
    let own = own().into_iter().filter(|(row, _)| is_named || row.contains("ssh_host_certificates"));
    assert_eq!(described, own.collect());
}

/// A description of one collection, in the form of the API's own.
const EXCERPT: &str = "\
openapi: 3.0.0
paths:
  /ssh_host_certificates:
    post:
      requestBody:
        content:
          application/json: {}
      responses:
        201:
          description: created
    get:
      parameters:
      - $ref: '#/components/parameters/version'
      - name: before_id
        in: query
      - name: limit
        in: query
      responses:
        200:
          description: listed
  /ssh_host_certificates/{id}:
    delete:
      parameters:
      - name: id
        in: path
      responses:
        204:
          description: deleted
    get:
      responses:
        200:
          description: read
    patch:
      requestBody:
        content: {}
      responses:
        200:
          description: changed
components: {}
";
