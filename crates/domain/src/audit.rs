//! The audit log as people read it: what each entry says, what differs between before and after, and
//! the entries as a file.

use atrium_words::{commas, look, mark, t, tn};

use crate::csv;
use crate::json::{FromJson, Json, quote};

/// An entry (`OCSFApiActivity`). Whatever a backend leaves out is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// When it was (RFC 3339).
    pub time: String,
    /// The operation, as the backend names it.
    pub operation: String,
    /// Whether it was done; else it was refused.
    pub succeeded: bool,
    /// The status of the answer.
    pub status: Option<u64>,
    /// The account that did it; none for a service key, and for whoever runs the installation.
    pub account: Option<String>,
    /// The API key that it was done with.
    pub key: Option<String>,
    /// The workspace that it was done in.
    pub workspace: Option<String>,
    /// The network address that it came from.
    pub address: Option<String>,
    /// The method of the request.
    pub method: String,
    /// The path of the request.
    pub path: String,
    /// The ids of what was changed.
    pub resources: Vec<String>,
    /// The id of the request, as in the server's log.
    pub request: Option<String>,
    /// What was there before and after; `None` where the backend does not tell.
    pub change: Option<(Json, Json)>,
}

impl FromJson for Entry {
    fn from_json(json: &Json) -> Option<Self> {
        let log = json.get("unmapped").get("original_audit_log");
        let own: String = log.read_or_default("operation_name");
        let word: String = json.get("api").read_or_default("operation");
        let id: String = json.get("metadata").read_or_default("uid");
        let unmapped = json.get("unmapped");
        let user = json.get("actor").get("user");
        let told = unmapped.has("before") || unmapped.has("after");
        let values = |name: &str| unmapped.get(name).clone();
        let resources: Vec<Id> = json.read_or_default("resources");
        // An answer without any of these is none of the audit log's.
        if id.is_empty() && own.is_empty() && word.is_empty() {
            return None;
        }
        Some(Self {
            id,
            time: log.read_or_default("request_time"),
            operation: if own.is_empty() { word } else { own },
            succeeded: match log.read::<bool>("operation_succeeded") {
                Some(succeeded) => succeeded,
                None => json.read::<u64>("status_id") != Some(2),
            },
            status: json.get("http_response").read_or_default("code"),
            account: user.read_or_default("uid"),
            key: user.read_or_default("credential_uid"),
            workspace: log.read_or_default("workspace_id"),
            address: json.get("src_endpoint").read_or_default("ip"),
            method: json.get("http_request").read_or_default("http_method"),
            path: json.get("http_request").get("url").read_or_default("path"),
            resources: resources.into_iter().map(|id| id.0).collect(),
            request: unmapped.read_or_default("request_id"),
            change: told.then(|| (values("before"), values("after"))),
        })
    }
}

struct Id(String);

impl FromJson for Id {
    fn from_json(json: &Json) -> Option<Self> {
        json.read("uid").map(Self)
    }
}

/// A page of the log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The entries, the newest first.
    pub entries: Vec<Entry>,
    /// Where the next page begins; none where there is no other.
    pub cursor: Option<String>,
}

impl FromJson for Page {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { entries: json.read("items")?, cursor: json.read_or_default("cursor") })
    }
}

/// The operations of an organization's settings, each with its words in English (`atrium_words::look` has
/// them in the language in use), as they are offered to filter by.
pub const OPERATIONS: [(&str, &str); 34] = [
    ("invite_user_to_org", mark!("Invited somebody")),
    ("invite_users_to_org_batch", mark!("Invited people")),
    ("delete_org_pending_member", mark!("Revoked an invitation")),
    ("claim_pending_organization_invite", mark!("Accepted an invitation")),
    ("delete_pending_organization_invite", mark!("Declined an invitation")),
    ("update_org_member", mark!("Changed a member’s role")),
    ("delete_org_member", mark!("Removed a member")),
    ("add_basic_auth_users_to_org", mark!("Made accounts")),
    ("update_basic_auth_user", mark!("Changed an account")),
    ("create_role", mark!("Created a role")),
    ("update_role", mark!("Changed a role")),
    ("delete_role", mark!("Deleted a role")),
    ("create_workspace", mark!("Added a workspace")),
    ("update_workspace", mark!("Changed a workspace")),
    ("delete_workspace", mark!("Deleted a workspace")),
    ("add_member_to_workspace", mark!("Added somebody to a workspace")),
    ("add_members_to_workspace_batch", mark!("Invited people to a workspace")),
    ("update_workspace_member", mark!("Changed a role in a workspace")),
    ("delete_workspace_member", mark!("Removed somebody from a workspace")),
    ("delete_workspace_pending_member", mark!("Took a workspace out of an invitation")),
    ("claim_pending_workspace_invite", mark!("Accepted an invitation to a workspace")),
    ("delete_pending_workspace_invite", mark!("Declined an invitation to a workspace")),
    ("create_personal_access_token", mark!("Made a personal token")),
    ("delete_personal_access_token", mark!("Deleted a personal token")),
    ("create_service_key", mark!("Made a service key")),
    ("delete_service_key", mark!("Deleted a service key")),
    ("update_organization_info", mark!("Changed the organization")),
    ("create_payment_setup_intent", mark!("Began to add a card")),
    ("update_payment_method", mark!("Replaced the card")),
    ("update_payment_plan", mark!("Changed the plan")),
    ("update_business_info", mark!("Changed the business information")),
    ("create_dataset", mark!("Made a dataset")),
    ("create_annotation_queue", mark!("Made an annotation queue")),
    ("update_tracer_session", mark!("Made or changed a project")),
];

/// Words for operations that a backend has beside the contract's.
const OWN: [(&str, &str); 5] = [
    // The filter finds those that were made as well.
    ("update_tracer_session", mark!("Changed a project")),
    ("create_organization", mark!("Created the organization")),
    ("create_tracer_session", mark!("Made a project")),
    ("create_prompt", mark!("Made a prompt")),
    ("restore_org_member", mark!("Brought a member back")),
];

/// What an operation did, in words; the backend's own name, readable, where it is not known here.
pub fn operation_words(operation: &str) -> String {
    known(operation).map_or_else(|| readable(operation), |words| look(words).to_owned())
}

/// What a known operation did, in English.
fn known(operation: &str) -> Option<&'static str> {
    OWN.iter().chain(&OPERATIONS).find(|(word, _)| *word == operation).map(|(_, words)| *words)
}

/// Fields of what is changed, as [`readable`] says them.
const FIELDS: [&str; 55] = [
    mark!("Display name"),
    mark!("Tier"),
    mark!("Disabled"),
    mark!("Brand"),
    mark!("Last4"),
    mark!("User"),
    mark!("Role"),
    mark!("Org identity"),
    mark!("Workspace"),
    mark!("Email"),
    mark!("Workspace role"),
    mark!("Workspaces"),
    mark!("Short key"),
    mark!("Description"),
    mark!("Read only"),
    mark!("Expires at"),
    mark!("Organization role"),
    mark!("Full name"),
    mark!("Permissions"),
    mark!("Color"),
    mark!("Tenant handle"),
    mark!("Kind"),
    mark!("Name"),
    mark!("Has cancelled"),
    mark!("Setup intent"),
    mark!("Members"),
    mark!("Invitations"),
    mark!("Security contact"),
    mark!("Resources"),
    mark!("Left out"),
    mark!("Invitation"),
    mark!("Password"),
    mark!("Invites enabled"),
    mark!("Workspace admin can invite to org"),
    mark!("Max api key expiry days"),
    mark!("Max service key expiry days"),
    mark!("Company info"),
    mark!("Tax"),
    mark!("Invoice email"),
    mark!("Is business"),
    mark!("Address"),
    mark!("Line1"),
    mark!("Line2"),
    mark!("City"),
    mark!("State"),
    mark!("Postal code"),
    mark!("Country"),
    mark!("Value"),
    mark!("Type"),
    mark!("Projects"),
    mark!("Datasets"),
    mark!("Prompts"),
    mark!("Annotation queues"),
    mark!("Exp month"),
    mark!("Exp year"),
];

/// A field in words.
fn field_words(name: &str) -> String {
    let words = readable(name);
    FIELDS.iter().find(|known| **known == words).map_or(words, |known| look(known).to_owned())
}

/// A name of the API as words: `display_name` is "Display name", `workspace_ids` "Workspaces".
fn readable(name: &str) -> String {
    let plural = name.strip_suffix("_ids").map(|one| format!("{one}s"));
    let single = || name.strip_suffix("_id").unwrap_or(name).to_owned();
    let spaced = plural.unwrap_or_else(single).replace('_', " ");
    let mut letters = spaced.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

/// What differs in one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field, in words.
    pub name: String,
    /// What was there; none where nothing was.
    pub before: Option<String>,
    /// What is there; none where nothing is.
    pub after: Option<String>,
}

/// Names for ids and words, where they are known.
pub type Names<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Entry {
    /// What it was done to, by the name that people know: an address, or a name.
    pub fn subject(&self) -> Option<String> {
        let (before, after) = self.change.as_ref()?;
        let both = [after, before];
        let found = both.into_iter().find_map(subject);
        let many = || {
            let count = both.into_iter().find_map(|one| match one {
                Json::List(items) if items.len() > 1 => Some(items.len()),
                _ => None,
            })?;
            Some(tn!(count, "{count} of them", "{count} of them"))
        };
        found.or_else(many)
    }

    /// What differs between before and after, field by field.
    pub fn differences(&self, names: Names<'_>) -> Vec<Difference> {
        let Some((before, after)) = &self.change else { return Vec::new() };
        let mut found = Vec::new();
        match (before, after) {
            (Json::List(before), Json::List(after)) => {
                each(before, &mut found, names, |text| (Some(text), None));
                each(after, &mut found, names, |text| (None, Some(text)));
            }
            (Json::List(before), _) => each(before, &mut found, names, |text| (Some(text), None)),
            (_, Json::List(after)) => each(after, &mut found, names, |text| (None, Some(text))),
            (before @ (Json::Object(_) | Json::Null), after @ (Json::Object(_) | Json::Null)) => {
                fields(before, after, &mut found, names);
            }
            (before, after) => found.extend(differs(String::new(), before, after, names)),
        }
        found
    }
}

/// The name of a thing; of a list, that of the only one in it.
fn subject(json: &Json) -> Option<String> {
    if let Json::List(items) = json {
        return if let [one] = items.as_slice() { subject(one) } else { None };
    }
    let names = ["email", "display_name", "name", "full_name", "short_key"];
    names.into_iter().find_map(|name| json.read::<String>(name)).filter(|text| !text.is_empty())
}

fn each(
    items: &[Json],
    found: &mut Vec<Difference>,
    names: Names<'_>,
    sides: impl Fn(String) -> (Option<String>, Option<String>),
) {
    for (index, item) in items.iter().enumerate() {
        let name = subject(item).unwrap_or_else(|| t!("Number {number}", number = index + 1));
        let text = match item {
            Json::Object(fields) => {
                let others =
                    fields.iter().filter(|(_, value)| words(value, names).is_some_and(|text| text != name));
                let said = others.filter_map(|field| field_with_value(field, names));
                commas(said)
            }
            other => words(other, names).unwrap_or_default(),
        };
        let (before, after) = sides(if text.is_empty() { name.clone() } else { text });
        found.push(Difference { name, before, after });
    }
}

fn fields(before: &Json, after: &Json, found: &mut Vec<Difference>, names: Names<'_>) {
    let of = |json: &Json| -> Vec<String> {
        if let Json::Object(fields) = json {
            fields.iter().map(|(name, _)| name.clone()).collect()
        } else {
            Vec::new()
        }
    };
    let mut keys = of(before);
    for key in of(after) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    for key in keys {
        found.extend(differs(field_words(&key), before.get(&key), after.get(&key), names));
    }
}

/// The difference of a field. Of two lists, only what is in one of them.
fn differs(name: String, before: &Json, after: &Json, names: Names<'_>) -> Option<Difference> {
    if before == after {
        return None;
    }
    let (before, after) = match (before, after) {
        (Json::List(old), Json::List(new)) => {
            let without = |own: &[Json], other: &[Json]| {
                let left: Vec<Json> = own.iter().filter(|one| !other.contains(one)).cloned().collect();
                if left.is_empty() { None } else { words(&Json::List(left), names) }
            };
            (without(old, new), without(new, old))
        }
        _ => (words(before, names), words(after, names)),
    };
    (before.is_some() || after.is_some()).then_some(Difference { name, before, after })
}

/// A value for people; none where there is nothing.
fn words(json: &Json, names: Names<'_>) -> Option<String> {
    Some(match json {
        Json::Null => return None,
        Json::Bool(true) => t!("yes").to_owned(),
        Json::Bool(false) => t!("no").to_owned(),
        Json::Number(Some(number)) => number.to_string(),
        Json::Number(None) => t!("another number").to_owned(),
        Json::Text(text) if text.is_empty() => t!("empty").to_owned(),
        Json::Text(text) => names(text).unwrap_or_else(|| text.clone()),
        Json::List(items) if items.is_empty() => t!("none").to_owned(),
        Json::List(items) => commas(items.iter().filter_map(|one| words(one, names))),
        Json::Object(fields) => {
            let said = fields.iter().filter_map(|field| field_with_value(field, names));
            commas(said)
        }
    })
}

fn field_with_value((key, value): &(String, Json), names: Names<'_>) -> Option<String> {
    Some(t!("{field}: {value}", field = field_words(key), value = words(value, names)?))
}

/// An entry as it stands in a file, with the names that the app knows.
#[derive(Clone, Debug)]
pub struct Exported<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// Who did it, by name.
    pub actor: String,
    /// The name of the workspace; empty where there is none or it is not known.
    pub workspace: String,
}

/// The headings of the columns, in their order.
pub const HEADINGS: [&str; 14] = [
    "Time",
    "Who",
    "Account ID",
    "API key ID",
    "What",
    "Operation",
    "Outcome",
    "Status",
    "Workspace",
    "Network address",
    "Before",
    "After",
    "Request ID",
    "Entry ID",
];

/// The beginning of a CSV file: the mark of UTF-8 and the headings.
pub fn csv_head() -> String {
    let mut text = csv::BOM.to_owned();
    csv::write_line(&mut text, &HEADINGS);
    text
}

impl Exported<'_> {
    /// Adds the line to a CSV text, in English whatever language is in use: programs read it too.
    pub fn write_csv(&self, text: &mut String) {
        let entry = self.entry;
        let json = |value: &Json| {
            let mut text = String::new();
            if *value != Json::Null {
                value.write(&mut text);
            }
            text
        };
        let (before, after) =
            entry.change.as_ref().map(|(before, after)| (json(before), json(after))).unwrap_or_default();
        let some = |value: &Option<String>| value.clone().unwrap_or_default();
        let workspace =
            if self.workspace.is_empty() { some(&entry.workspace) } else { self.workspace.clone() };
        csv::write_line(
            text,
            &[
                &entry.time,
                &self.actor,
                &some(&entry.account),
                &some(&entry.key),
                &known(&entry.operation).map_or_else(|| readable(&entry.operation), str::to_owned),
                &entry.operation,
                outcome_word(entry.succeeded),
                &entry.status.map(|status| status.to_string()).unwrap_or_default(),
                &workspace,
                &some(&entry.address),
                &before,
                &after,
                &some(&entry.request),
                &entry.id,
            ],
        );
    }

    /// Adds the entry to a JSON text, as an object.
    pub fn write_json(&self, text: &mut String) {
        let entry = self.entry;
        let maybe = |value: &Option<String>| value.clone().map_or(Json::Null, Json::Text);
        let (before, after) = entry.change.clone().unwrap_or((Json::Null, Json::Null));
        let resources = entry.resources.iter().cloned().map(Json::Text).collect();
        let workspace = (!self.workspace.is_empty()).then(|| self.workspace.clone());
        let fields = [
            ("id", Json::Text(entry.id.clone())),
            ("time", Json::Text(entry.time.clone())),
            ("actor", Json::Text(self.actor.clone())),
            ("account_id", maybe(&entry.account)),
            ("api_key_id", maybe(&entry.key)),
            ("operation", Json::Text(entry.operation.clone())),
            ("succeeded", Json::Bool(entry.succeeded)),
            ("status", Json::Number(entry.status)),
            ("workspace_id", maybe(&entry.workspace)),
            ("workspace", maybe(&workspace)),
            ("network_address", maybe(&entry.address)),
            ("method", Json::Text(entry.method.clone())),
            ("path", Json::Text(entry.path.clone())),
            ("request_id", maybe(&entry.request)),
            ("resource_ids", Json::List(resources)),
            ("before", before),
            ("after", after),
        ];
        for (index, (name, value)) in fields.iter().enumerate() {
            text.push(if index == 0 { '{' } else { ',' });
            quote(text, name);
            text.push(':');
            value.write(text);
        }
        text.push('}');
    }
}

/// How it ended, in a word.
pub fn outcome(succeeded: bool) -> &'static str {
    look(outcome_word(succeeded))
}

const fn outcome_word(succeeded: bool) -> &'static str {
    if succeeded { mark!("Done") } else { mark!("Refused") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(before: &str, after: &str) -> Entry {
        let text = format!(
            r#"{{"metadata":{{"uid":"e1"}},"api":{{"operation":"update_role"}},"status_id":1,
            "http_response":{{"code":200}},"http_request":{{"http_method":"PATCH","url":{{"path":"/api/v1/x"}}}},
            "actor":{{"user":{{"uid":"a1","credential_uid":null}}}},"src_endpoint":{{"ip":"::1"}},
            "resources":[{{"uid":"r1"}}],
            "unmapped":{{"request_id":"q1","before":{before},"after":{after},"original_audit_log":{{
                "operation_name":"update_role","operation_succeeded":true,"request_time":"2026-01-02T03:04:05Z","workspace_id":"w1"}}}}}}"#
        );
        Entry::from_json(&Json::parse(&text).unwrap()).unwrap()
    }

    fn told(before: &str, after: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let names = |id: &str| (id == "w1").then(|| "Research".to_owned());
        let all = entry(before, after).differences(&names);
        all.into_iter().map(|one| (one.name, one.before, one.after)).collect()
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn an_entry_is_read_and_what_is_missing_is_empty() {
        let read = entry("null", "null");
        assert_eq!((read.id.as_str(), read.operation.as_str(), read.succeeded), ("e1", "update_role", true));
        assert_eq!((read.account.as_deref(), read.key.as_deref()), (Some("a1"), None));
        assert_eq!(
            (read.workspace.as_deref(), read.resources.len(), read.status),
            (Some("w1"), 1, Some(200))
        );
        let bare = r#"{"api":{"operation":"new_thing"},"status_id":2,"unmapped":{}}"#;
        let bare = Entry::from_json(&Json::parse(bare).unwrap()).unwrap();
        assert_eq!((bare.succeeded, bare.change.is_none(), bare.time.as_str()), (false, true, ""));
        assert_eq!(Entry::from_json(&Json::parse("{}").unwrap()), None);
    }

    #[test]
    fn what_differs_is_told_by_field() {
        assert_eq!(
            told(r#"{"display_name":"a","on":true}"#, r#"{"display_name":"b","on":false,"of":"w1"}"#),
            [
                ("Display name".into(), some("a"), some("b")),
                ("On".into(), some("yes"), some("no")),
                ("Of".into(), None, some("Research")),
            ]
        );
        // Something made, something deleted.
        assert_eq!(told("null", r#"{"name":"n","of":null}"#), [("Name".into(), None, some("n"))]);
        assert_eq!(
            told(r#"{"count":3,"text":""}"#, "null"),
            [("Count".into(), some("3"), None), ("Text".into(), some("empty"), None),]
        );
        assert_eq!(told("null", "null"), []);
        // A thing is named by itself and not by its id.
        assert_eq!(
            told("null", r#"{"workspace_ids":["w1"],"role_id":"r"}"#),
            [("Workspaces".into(), None, some("Research")), ("Role".into(), None, some("r"))]
        );
    }

    #[test]
    fn of_two_lists_only_what_is_in_one_is_told() {
        assert_eq!(
            told(r#"{"permissions":["a","b","c"]}"#, r#"{"permissions":["b","c","d"]}"#),
            [("Permissions".into(), some("a"), some("d"))]
        );
        assert_eq!(
            told(r#"{"permissions":["a"]}"#, r#"{"permissions":["a","w1"]}"#),
            [("Permissions".into(), None, some("Research"))]
        );
    }

    #[test]
    fn a_batch_has_a_line_each() {
        let after = r#"[{"email":"a@b.co","role":"X"},{"email":"c@d.co","role":null}]"#;
        assert_eq!(
            told("null", after),
            [("a@b.co".into(), None, some("Role: X")), ("c@d.co".into(), None, some("c@d.co")),]
        );
        assert_eq!(entry("null", after).subject(), some("2 of them"));
        assert_eq!(entry("null", r#"[{"email":"a@b.co"}]"#).subject(), some("a@b.co"));
        assert_eq!(entry(r#"{"display_name":"R"}"#, "null").subject(), some("R"));
    }

    #[test]
    fn operations_have_words() {
        assert_eq!(operation_words("update_role"), "Changed a role");
        assert_eq!(operation_words("restore_org_member"), "Brought a member back");
        assert_eq!(operation_words("set_tenant_handle"), "Set tenant handle");
    }

    #[test]
    fn a_file_tells_all_of_it() {
        let entry = entry(r#"{"name":"=1"}"#, "null");
        let line = Exported { entry: &entry, actor: "=Ada".into(), workspace: "Research".into() };
        let mut text = csv_head();
        line.write_csv(&mut text);
        let lines = csv::read(&text);
        assert_eq!(
            lines[1].cells,
            [
                "2026-01-02T03:04:05Z",
                "=Ada",
                "a1",
                "",
                "Changed a role",
                "update_role",
                "Done",
                "200",
                "Research",
                "::1",
                r#"{"name":"=1"}"#,
                "",
                "q1",
                "e1",
            ]
        );
        assert!(text.contains("'=Ada"), "{text}");
        let mut json = String::new();
        line.write_json(&mut json);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!((&read["actor"], &read["before"]["name"]), (&"=Ada".into(), &"=1".into()));
        assert_eq!((&read["after"], &read["status"]), (&serde_json::Value::Null, &200.into()));
    }

    proptest! {
        #[test]
        fn any_value_is_written_as_it_was(text in any::<String>(), name in any::<String>(), number in any::<u64>()) {
            let tree = serde_json::json!({ name: [text, number, true, null, {}] });
            let mut written = String::new();
            Json::parse(&tree.to_string()).unwrap().write(&mut written);
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), tree);
        }
    }
}
