//! Lists, page by page.

use super::account::Account;
use super::entrance::Parameter;
use super::problem::Problem;
use super::reply::Reply;
use super::resource::Resource;
use super::route::Collection;

const LIMIT_MAX: usize = 100;

/// One page of a collection, newest first.
pub(super) fn of(
    account: &Account,
    collection: Collection,
    parameters: &[Parameter],
) -> Result<Reply, Problem> {
    let value = |name: &str| {
        parameters.iter().find(|parameter| parameter.name == name).map(|parameter| parameter.value.as_str())
    };
    let limit = value("limit").filter(|limit| !limit.is_empty()).map_or(Ok(LIMIT_MAX), limit)?;
    let before = value("before_id").filter(|id| !id.is_empty());
    if let Some(id) = before.filter(|id| !id.starts_with(&format!("{}_", collection.prefix()))) {
        let prefix = collection.prefix();
        return Err(Problem::new(400, 227, format!("'{id}' does not begin with '{prefix}_'")));
    }
    let condition = value("filter").filter(|filter| !filter.is_empty()).map(Condition::of).transpose()?;
    let mut rest = account
        .newest_first(collection)
        .filter(|resource| condition.as_ref().is_none_or(|condition| condition.holds(resource)))
        .filter(|resource| before.is_none_or(|id| resource.id() < id))
        .peekable();
    let shown: Vec<&Resource> = rest.by_ref().take(limit).collect();
    let uri = format!("{}/{}", account.origin, collection.name());
    let next = match (shown.last(), rest.peek()) {
        (Some(last), Some(_)) => {
            let origin = account.next_page_origin.as_deref().unwrap_or(&account.origin);
            let filter = value("filter").map(|filter| format!("filter={}&", encoded(filter)));
            let filter = filter.unwrap_or_default();
            format!("\"{origin}/{}?before_id={}&{filter}limit={limit}\"", collection.name(), last.id())
        }
        _ => "null".to_owned(),
    };
    let items: Vec<String> = shown.into_iter().map(Resource::to_json).collect();
    let (name, items) = (collection.name(), items.join(","));
    Ok(Reply::json(200, format!("{{\"{name}\":[{items}],\"uri\":\"{uri}\",\"next_page_uri\":{next}}}")))
}

fn limit(text: &str) -> Result<usize, Problem> {
    let limit: i64 =
        text.parse().map_err(|_| Problem::new(400, 244, format!("'{text}' is no number for limit")))?;
    let in_range = usize::try_from(limit).ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
    in_range.ok_or_else(|| Problem::new(400, 233, format!("limit is {limit}, not 1 to {LIMIT_MAX}")))
}

/// The one kind of filter that is known here: `obj.field == "text"`.
struct Condition {
    field: String,
    text: String,
}

impl Condition {
    fn of(filter: &str) -> Result<Self, Problem> {
        let read = || {
            let (field, text) = filter.strip_prefix("obj.")?.split_once("==")?;
            let text = text.trim().strip_prefix('"')?.strip_suffix('"')?;
            Some(Self { field: field.trim().to_owned(), text: text.to_owned() })
        };
        read().ok_or_else(|| Problem::new(400, 250, format!("Invalid CEL query: '{filter}'")))
    }

    fn holds(&self, resource: &Resource) -> bool {
        resource.text(&self.field) == self.text
    }
}

/// Percent-encoded, as a value of a query.
fn encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        byte if is_plain(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}
