//! The app's reader of JSON against serde's: whatever serde reads it reads, and as the same.
#![no_main]

use atrium_domain::json::{FromJson, Json};
use atrium_domain::wire::{
    AccessToken, BillingInfo, Info, Invitation, LoginMethod, Member, OrganizationInfo, OrganizationMembers,
    OrganizationSlim, PaymentMethod, Resource, Role, SetupIntent, ValidationError, ValidationErrors,
    Workspace, WorkspaceStats,
};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How deep the app's reader goes.
const DEPTH: usize = 64;

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Whether a tree is serde's. Fields that are given twice are not compared.
fn same(ours: &Json, serde: &Value) -> bool {
    match (ours, serde) {
        (Json::Null, Value::Null) => true,
        (Json::Bool(ours), Value::Bool(serde)) => ours == serde,
        (Json::Number(ours), Value::Number(serde)) => *ours == serde.as_u64(),
        (Json::Text(ours), Value::String(serde)) => ours == serde,
        (Json::List(ours), Value::Array(serde)) => {
            ours.len() == serde.len() && ours.iter().zip(serde).all(|(ours, serde)| same(ours, serde))
        }
        (Json::Object(ours), Value::Object(serde)) => {
            ours.len() != serde.len()
                || ours.iter().all(|(name, value)| serde.get(name).is_some_and(|serde| same(value, serde)))
        }
        _ => false,
    }
}

/// Whether serde took a list for a structure, by the order of its fields. The API never sends one so.
fn by_order(given: &Value, read: &Value) -> bool {
    match (given, read) {
        (Value::Array(_), Value::Object(_)) => true,
        (Value::Array(given), Value::Array(read)) => {
            given.iter().zip(read).any(|(given, read)| by_order(given, read))
        }
        (Value::Object(given), Value::Object(read)) => {
            read.iter().any(|(name, read)| given.get(name).is_some_and(|given| by_order(given, read)))
        }
        _ => false,
    }
}

fn agree<T: FromJson + DeserializeOwned + Serialize>(ours: &Json, given: &Value, text: &str) {
    let Ok(serde) = serde_json::from_str::<T>(text) else { return };
    let serde = serde_json::to_value(serde).unwrap();
    if !by_order(given, &serde) {
        let ours = T::from_json(ours).expect("serde reads it");
        assert_eq!(serde_json::to_value(ours).unwrap(), serde);
    }
}

fuzz_target!(|text: &str| {
    let ours = Json::parse(text);
    let Ok(serde) = serde_json::from_str::<Value>(text) else { return };
    if depth(&serde) > DEPTH {
        return;
    }
    let ours = ours.expect("serde reads it");
    assert!(same(&ours, &serde), "{ours:?}");
    agree::<Info>(&ours, &serde, text);
    agree::<AccessToken>(&ours, &serde, text);
    agree::<SetupIntent>(&ours, &serde, text);
    agree::<OrganizationSlim>(&ours, &serde, text);
    agree::<OrganizationInfo>(&ours, &serde, text);
    agree::<BillingInfo>(&ours, &serde, text);
    agree::<PaymentMethod>(&ours, &serde, text);
    agree::<OrganizationMembers>(&ours, &serde, text);
    agree::<Vec<Member>>(&ours, &serde, text);
    agree::<Vec<Invitation>>(&ours, &serde, text);
    agree::<Vec<Role>>(&ours, &serde, text);
    agree::<Vec<Workspace>>(&ours, &serde, text);
    agree::<WorkspaceStats>(&ours, &serde, text);
    agree::<Vec<Resource>>(&ours, &serde, text);
    agree::<Vec<LoginMethod>>(&ours, &serde, text);
    if serde.is_object() && serde_json::from_str::<ValidationErrors>(text).is_ok() {
        let whole = serde["detail"].as_array().is_some_and(|rows| rows.iter().all(Value::is_object));
        let detail = ours.read::<Vec<ValidationError>>("detail");
        assert!(!whole || detail.is_some(), "{ours:?}");
    }
});
