//! What the demo's workspaces hold, each its own.

use chrono::TimeDelta;
use sea_orm::{DbErr, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{CHUNK, insert};
use crate::db::entity::{resource, workspace};
use crate::db::{Change, now};

const PROJECTS: &[&str] =
    &["production", "staging", "evaluation", "nightly", "load-test", "shadow", "canary"];
const DATASETS: &[&str] = &["golden answers", "edge cases", "regressions", "red team", "multilingual"];
const QUEUES: &[&str] = &["to review", "disagreements", "low confidence"];
const PROMPTS: &[&str] = &["triage", "summarize", "rewrite-query", "judge", "extract-fields", "greeting"];

/// Gives each workspace some of everything, the amount and the names by its own name.
pub async fn fill(change: &Change, workspaces: &[workspace::Model]) -> Result<(), DbErr> {
    let mut rows = Vec::new();
    for workspace in workspaces {
        let weight = workspace.display_name.bytes().map(usize::from).sum::<usize>();
        let kinds =
            [("project", PROJECTS), ("dataset", DATASETS), ("annotation_queue", QUEUES), ("prompt", PROMPTS)];
        for (place, (kind, names)) in kinds.into_iter().enumerate() {
            let count = 1 + (weight / (place + 1)) % names.len();
            let own = (0..count).map(|index| row(workspace, kind, names[index], weight * 13 + index * 101));
            rows.extend(own);
        }
    }
    for some in rows.chunks(CHUNK) {
        insert(change, resource::Entity::insert_many(some.iter().map(|row| row.clone().into_active_model())))
            .await?;
    }
    Ok(())
}

fn row(workspace: &workspace::Model, kind: &str, name: &str, seed: usize) -> resource::Model {
    let slug: String = workspace
        .display_name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let slug = slug.trim_matches('-').replace("--", "-");
    let fields = match kind {
        "prompt" => prompt(name, seed),
        _ => json!({}),
    };
    let name = match kind {
        "dataset" | "annotation_queue" => format!("{} {name}", workspace.display_name),
        _ => format!("{slug}-{name}"),
    };
    let made = workspace.created_at + TimeDelta::hours((seed % 2_000) as i64);
    let size = match kind {
        "project" => seed * 37 % 250_000,
        "prompt" => 1 + seed % 40,
        _ => seed % 900,
    };
    resource::Model {
        id: Uuid::new_v4(),
        workspace_id: workspace.id,
        kind: kind.to_owned(),
        name_key: name.to_lowercase(),
        name,
        size: size as i64,
        created_at: made.min(now()),
        modified_at: (made + TimeDelta::days((seed % 200) as i64)).min(now()),
        fields,
    }
}

/// What the demo tells of a prompt.
fn prompt(name: &str, seed: usize) -> Value {
    let message = format!("You {}. Answer briefly.", name.replace('-', " "));
    json!({
        "description": format!("Used to {}.", name.replace('-', " ")),
        "tags": [name, if seed.is_multiple_of(2) { "reviewed" } else { "draft" }],
        "source": "internal",
        "latest_commit_manifest": {
            "commit_hash": format!("{seed:040x}"),
            "manifest": { "type": "prompt", "messages": [["system", message], ["human", "{question}"]] },
        },
    })
}
