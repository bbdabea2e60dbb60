//! The audit log: what each change of an organization was, written in the change itself.
//!
//! A change cannot be made last without an [`Entry`] ([`crate::db::Change::answer`]), and an entry
//! cannot be made without saying what was there before and after ([`Draft`]). What is shown of
//! each thing is written out in [`views`], so that no password, token or hash can come along.

mod operation;
pub mod refusals;
pub mod views;

use axum::http::StatusCode;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub use operation::{Operation, activity, contract_word, stored_words};

use crate::auth::sessions::Signed;
use crate::db::entity::audit_entry;
use crate::db::now;
use crate::request;

/// An entry that does not say yet what was changed.
#[must_use]
pub struct Draft {
    operation: Operation,
    who: Option<Signed>,
    organization: Uuid,
    workspace: Option<Uuid>,
}

/// What the audit log tells of a change.
#[must_use]
pub struct Entry {
    draft: Draft,
    resources: Vec<Uuid>,
    before: Option<Value>,
    after: Option<Value>,
    outcome: Outcome,
}

enum Outcome {
    Done,
    Refused(StatusCode),
}

impl Draft {
    /// A change by somebody who is signed in, or by an API key.
    pub fn by(who: impl Into<Signed>, operation: Operation, organization: Uuid) -> Self {
        Self { operation, who: Some(who.into()), organization, workspace: None }
    }

    /// A change by an operator, with a command.
    pub fn by_operator(operation: Operation, organization: Uuid) -> Self {
        Self { operation, who: None, organization, workspace: None }
    }

    /// The workspace that it is in.
    pub fn within(mut self, workspace: Uuid) -> Self {
        self.workspace = Some(workspace);
        self
    }

    /// Something was made.
    pub fn created(self, ids: &[Uuid], after: Value) -> Entry {
        self.entry(ids, None, Some(after))
    }

    /// Something was changed: of both views only what differs is kept.
    pub fn updated(self, ids: &[Uuid], before: Value, after: Value) -> Entry {
        let (before, after) = differences(before, after);
        self.entry(ids, Some(before), Some(after))
    }

    /// Something was deleted.
    pub fn deleted(self, ids: &[Uuid], before: Value) -> Entry {
        self.entry(ids, Some(before), None)
    }

    /// One thing became another, as an invitation a membership.
    pub fn became(self, ids: &[Uuid], before: Value, after: Value) -> Entry {
        self.entry(ids, Some(before), Some(after))
    }

    /// Nothing was changed: it was refused.
    fn refused(self, ids: &[Uuid], status: StatusCode) -> Entry {
        Entry { outcome: Outcome::Refused(status), ..self.entry(ids, None, None) }
    }

    fn entry(self, ids: &[Uuid], before: Option<Value>, after: Option<Value>) -> Entry {
        Entry { draft: self, resources: ids.to_vec(), before, after, outcome: Outcome::Done }
    }
}

/// What differs between two objects, of each.
fn differences(before: Value, after: Value) -> (Value, Value) {
    match (before, after) {
        (Value::Object(mut before), Value::Object(mut after)) => {
            let same: Vec<String> = before
                .iter()
                .filter(|(key, value)| after.get(*key) == Some(*value))
                .map(|(key, _)| key.clone())
                .collect();
            for key in same {
                before.remove(&key);
                after.remove(&key);
            }
            (Value::Object(before), Value::Object(after))
        }
        whole => whole,
    }
}

/// Lays one object over another.
fn merged(one: Value, other: Value) -> Value {
    let mut all = Map::new();
    for part in [one, other] {
        if let Value::Object(fields) = part {
            all.extend(fields);
        }
    }
    Value::Object(all)
}

impl Entry {
    /// The organization that was changed.
    pub fn organization(&self) -> Uuid {
        self.draft.organization
    }

    /// Saves it.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn save<C: ConnectionTrait>(self, connection: &C) -> Result<(), DbErr> {
        let Draft { operation, who, organization, workspace } = self.draft;
        let context = request::current();
        let context = context.as_deref();
        let (succeeded, status) = match self.outcome {
            Outcome::Done => (true, StatusCode::OK),
            Outcome::Refused(status) => (false, status),
        };
        let peer = context.and_then(|context| context.peer);
        let row = audit_entry::Model {
            id: Uuid::now_v7(),
            organization_id: organization,
            workspace_id: workspace,
            operation: operation.as_str().to_owned(),
            succeeded,
            status: context.map(|_| i32::from(status.as_u16())),
            account_id: who.and_then(|who| who.account),
            api_key_id: who.and_then(|who| who.key).map(|key| key.id),
            created_at: now(),
            request_id: context.map(|context| context.id.clone()),
            method: context.map(|context| context.method.clone()),
            path: context.map(|context| context.path.clone()),
            client_host: peer.map(|peer| peer.ip().to_string()),
            client_port: peer.map(|peer| i32::from(peer.port())),
            forwarded_for: context.and_then(|context| context.forwarded_for.clone()),
            resources: json!(self.resources),
            before: self.before,
            after: self.after,
        };
        audit_entry::Entity::insert(row.into_active_model()).exec_without_returning(connection).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_tells_what_differs() {
        let before = json!({ "name": "a", "tier": "plus", "gone": 1 });
        let after = json!({ "name": "b", "tier": "plus", "new": null });
        let told = differences(before, after);
        assert_eq!(told, (json!({ "name": "a", "gone": 1 }), json!({ "name": "b", "new": null })));
        assert_eq!(differences(json!(null), json!({})), (json!(null), json!({})));
        assert_eq!(merged(json!({ "a": 1, "b": 1 }), json!({ "b": 2 })), json!({ "a": 1, "b": 2 }));
    }
}
