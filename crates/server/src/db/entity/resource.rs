//! A resource of a workspace: a tracing project, a dataset, an annotation queue or a prompt.

use sea_orm::entity::prelude::*;

/// A resource of a workspace: a tracing project, a dataset, an annotation queue or a prompt.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "resource")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The workspace.
    pub workspace_id: Uuid,
    /// `project`, `dataset`, `annotation_queue` or `prompt`.
    pub kind: String,
    /// The name; unique among its kind in the workspace.
    pub name: String,
    /// The name in lower case, to search and sort by.
    pub name_key: String,
    /// Runs, examples or commits in it.
    pub size: i64,
    /// When it was made (`start_time` of a project).
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub modified_at: DateTimeUtc,
    /// The other fields of the contract that were given.
    pub fields: Json,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
