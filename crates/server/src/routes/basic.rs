//! Accounts with a password, as an organization makes them and as their owners change them.

use std::collections::HashSet;

use atrium_domain::OrganizationRole;
use atrium_domain::names::{check_full_name, check_password};
use atrium_words::{mark, t};
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    Set,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::invitations::{self, Invitee, Refused, check_count};
use super::pending::default_role;
use super::{Answer, Answers, done};
use crate::answers::Time;
use crate::audit::{Operation, views};
use crate::auth::access::{NamedOrg, OrgAccess, OrgPermit};
use crate::auth::passwords;
use crate::auth::sessions::{Signed, no_session};
use crate::db::entity::{account, invitation, member, organization, session, workspace_member};
use crate::db::now;
use crate::error::{ApiError, Result, is_duplicate};
use crate::operations::describe::List;
use crate::serve::AppState;
use crate::validate::{Body, checked};

/// An account that was just made. The password is there only where the server made it, and only in the answer
/// that did.
#[derive(Serialize, ToSchema)]
pub struct UserWithPassword {
    id: Uuid,
    ls_user_id: Uuid,
    created_at: Time,
    updated_at: Time,
    email: String,
    full_name: Option<String>,
    avatar_url: Option<String>,
    password: Option<String>,
}

/// Somebody to make an account and a membership for.
#[derive(Deserialize, ToSchema)]
#[schema(as = BasicAuthMemberCreate)]
pub struct Add {
    /// The id that the account is to have; a new one where there is none.
    #[schema(format = Uuid)]
    user_id: Option<String>,
    /// The same: an account has one id here.
    #[schema(format = Uuid)]
    ls_user_id: Option<String>,
    /// The address.
    #[schema(format = Email)]
    email: String,
    /// True is the role Viewer in the workspaces. False says nothing.
    read_only: Option<bool>,
    /// The organization role, as for an invitation.
    #[schema(format = Uuid)]
    role_id: Option<String>,
    /// The password; one is made where there is none.
    password: Option<String>,
    /// The name.
    full_name: Option<String>,
    /// The role in the workspaces (RBAC).
    #[schema(format = Uuid)]
    workspace_role_id: Option<String>,
    /// The workspaces to open.
    workspace_ids: Option<Vec<String>>,
}

impl Add {
    /// What is checked as for an invitation.
    fn invitee(&self) -> Invitee {
        Invitee {
            email: self.email.clone(),
            role_id: self.role_id.clone(),
            workspace_ids: self.workspace_ids.clone(),
            workspace_role_id: self.workspace_role_id.clone(),
            read_only: self.read_only,
            password: None,
            full_name: self.full_name.clone(),
        }
    }

    /// The id that the account is to have.
    fn id(&self, index: usize) -> std::result::Result<Option<Uuid>, Refused> {
        let read = |key, text: &Option<String>| {
            let id = text.as_deref().map(Uuid::try_parse).transpose();
            id.map_err(|_| Refused::invalid(index, key, mark!("This is not a UUID.")))
        };
        match (read("user_id", &self.user_id)?, read("ls_user_id", &self.ls_user_id)?) {
            (Some(one), Some(other)) if one != other => {
                let sentence =
                    mark!("An account has one id here, and user_id is another. Leave one of them out.");
                Err(Refused::invalid(index, "ls_user_id", sentence))
            }
            (one, other) => Ok(one.or(other)),
        }
    }
}

/// An account to be made with its membership.
struct NewMember {
    account: account::Model,
    invitation: invitation::Model,
    opens: Vec<Uuid>,
    made_password: Option<String>,
}

/// `POST /api/v1/orgs/current/members/basic/batch`: makes accounts and memberships at once, all or
/// nothing. An address with an account is refused: its owner joins by an invitation.
pub async fn add_many(
    State(state): State<AppState>,
    permit: OrgPermit,
    Body(body): Body<Vec<Add>>,
) -> Answers<UserWithPassword> {
    check_count(body.len(), "members")?;
    // Asked twice: hashing takes long, so whoever may not or asks wrongly is told before it, and
    // nobody else waits for it.
    prepared(&*state.db, &permit, &body).await?;
    let mut hashes = Vec::with_capacity(body.len());
    for row in &body {
        let (password, made) = match &row.password {
            Some(given) => (given.clone(), None),
            None => {
                let made = passwords::generate()?;
                (made.clone(), Some(made))
            }
        };
        hashes.push((state.passwords.hash(password).await?, made));
    }
    let change = state.db.change().await?;
    let (access, rows) = prepared(&*change, &permit, &body).await?;
    let joined = now();
    let people: Vec<_> = rows
        .into_iter()
        .zip(hashes)
        .map(|((invitation, opens, id), (hash, made_password))| NewMember {
            account: account_of(&invitation, id, hash, joined),
            invitation,
            opens,
            made_password,
        })
        .collect();
    match save(&*change, &access.organization, &people).await {
        Err(error) if is_duplicate(&error) => {
            return Err(ApiError::conflict(mark!(
                "One of these addresses has just got an account. Try again."
            )));
        }
        saved => saved?,
    }
    let ids: Vec<_> = people.iter().map(|one| one.account.id).collect();
    let shown = people.iter().map(|one| views::new_member(&one.account, &one.invitation, &one.opens));
    let entry = access.entry(Operation::AddBasicAuthUsersToOrg).created(&ids, shown.collect());
    let has_secret = people.iter().any(|one| one.made_password.is_some());
    let made: Vec<_> = people.into_iter().map(answer).collect();
    let made =
        if has_secret { change.answer_once(entry, made).await } else { change.answer(entry, made).await };
    made.map(|Json(made)| List(made))
}

/// Checks everything that invitations are checked for, the passwords, and that no address and no id
/// has an account. Gives back the account's id, where one is wanted, with each invitation.
async fn prepared<C: ConnectionTrait>(
    connection: &C,
    permit: &OrgPermit,
    wanted: &[Add],
) -> Result<(OrgAccess, Vec<(invitation::Model, Vec<Uuid>, Option<Uuid>)>)> {
    let weak = |(index, row): (usize, &Add)| {
        let sentence = check_password(row.password.as_deref()?).err()?;
        Some(Refused::invalid(index, "password", sentence))
    };
    let mut refused: Vec<_> = wanted.iter().enumerate().filter_map(weak).collect();
    let mut ids = Vec::with_capacity(wanted.len());
    for (index, row) in wanted.iter().enumerate() {
        match row.id(index) {
            Ok(id) => ids.push(id),
            Err(row) => refused.push(row),
        }
    }
    let invitees = wanted.iter().map(Add::invitee).collect();
    let (access, rows) = invitations::checked(connection, permit, invitees, refused, true).await?;
    let taken: HashSet<String> = account::Entity::find()
        .filter(account::Column::Email.is_in(rows.iter().map(|(row, _)| row.email.as_str())))
        .select_only()
        .column(account::Column::Email)
        .into_tuple::<String>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let refused = rows.iter().enumerate().filter(|(_, (row, _))| taken.contains(&row.email));
    let refused = refused.map(|(index, (row, _))| {
        Refused::conflict(
            index,
            t!("There is an account for {address} already. Send an invitation.", address = row.email),
        )
    });
    let mut refused: Vec<_> = refused.collect();
    refused.extend(ids_taken(connection, wanted, &ids).await?);
    invitations::refuse(refused, true)?;
    let row = |((row, opens), id)| (row, opens, id);
    Ok((access, rows.into_iter().zip(ids).map(row).collect()))
}

/// Refuses the ids that an account has, and those that are wanted twice.
async fn ids_taken<C: ConnectionTrait>(
    connection: &C,
    wanted: &[Add],
    ids: &[Option<Uuid>],
) -> std::result::Result<Vec<Refused>, sea_orm::DbErr> {
    let mut taken: HashSet<Uuid> = account::Entity::find()
        .filter(account::Column::Id.is_in(ids.iter().flatten().copied()))
        .select_only()
        .column(account::Column::Id)
        .into_tuple::<Uuid>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let refused = ids.iter().enumerate().filter(|(_, id)| id.is_some_and(|id| !taken.insert(id)));
    let refused = refused.map(|(index, _)| {
        let key = if wanted[index].user_id.is_some() { "user_id" } else { "ls_user_id" };
        Refused::conflict(index, mark!("This id is taken. Leave it out.").to_owned()).at(key)
    });
    Ok(refused.collect())
}

/// The account for an address; its name is the first part of the address where none was given.
fn account_of(
    row: &invitation::Model,
    id: Option<Uuid>,
    password_hash: String,
    created_at: DateTime<Utc>,
) -> account::Model {
    let local = row.email.split('@').next().unwrap_or_default();
    let full_name = row.full_name.clone().unwrap_or_else(|| local.to_owned());
    account::Model {
        id: id.unwrap_or_else(Uuid::now_v7),
        email: row.email.clone(),
        name_key: full_name.to_lowercase(),
        full_name,
        password_hash,
        created_at,
        is_disabled: false,
    }
}

async fn save<C: ConnectionTrait>(
    connection: &C,
    organization: &organization::Model,
    people: &[NewMember],
) -> std::result::Result<(), sea_orm::DbErr> {
    let accounts = people.iter().map(|one| one.account.clone().into_active_model());
    account::Entity::insert_many(accounts).exec_without_returning(connection).await?;
    let members: Vec<_> = people
        .iter()
        .map(|one| member::Model {
            id: Uuid::new_v4(),
            organization_id: organization.id,
            account_id: one.account.id,
            role: one.invitation.role.clone(),
            created_at: one.account.created_at,
        })
        .collect();
    let inside: Vec<_> = people
        .iter()
        .zip(&members)
        .filter(|(_, member)| member.role != OrganizationRole::Admin.as_str())
        .flat_map(|(one, member)| one.opens.iter().map(move |workspace| (one, member, workspace)))
        .map(|(one, member, workspace)| workspace_member::Model {
            id: Uuid::new_v4(),
            workspace_id: *workspace,
            member_id: member.id,
            role_id: one.invitation.workspace_role_id.unwrap_or_else(|| default_role(organization)),
            created_at: member.created_at,
        })
        .collect();
    let members = members.into_iter().map(IntoActiveModel::into_active_model);
    member::Entity::insert_many(members).exec_without_returning(connection).await?;
    for some in inside.chunks(1000) {
        let some = some.iter().map(|row| row.clone().into_active_model());
        workspace_member::Entity::insert_many(some).exec_without_returning(connection).await?;
    }
    Ok(())
}

fn answer(one: NewMember) -> UserWithPassword {
    UserWithPassword {
        id: one.account.id,
        ls_user_id: one.account.id,
        created_at: Time(one.account.created_at),
        updated_at: Time(one.account.created_at),
        email: one.account.email,
        full_name: Some(one.account.full_name),
        avatar_url: None,
        password: one.made_password,
    }
}

/// A change of one's own account.
#[derive(Deserialize, ToSchema)]
#[schema(as = BasicAuthUserPatch)]
pub struct Patch {
    #[schema(min_length = 8, max_length = 256)]
    password: Option<String>,
    #[schema(min_length = 1, max_length = 100)]
    full_name: Option<String>,
}

/// `PATCH /api/v1/orgs/members/basic`: one's own name and password. A new password ends every
/// other session. A token works in one organization only, so it cannot change the password, which
/// opens all of them.
pub async fn update_own(
    State(state): State<AppState>,
    who: Signed,
    NamedOrg(organization): NamedOrg,
    Body(body): Body<Patch>,
) -> Answer {
    let account = who.own_account()?;
    if let Some(name) = &body.full_name {
        checked(check_full_name(name), "full_name")?;
    }
    let hash = match body.password {
        Some(password) => {
            who.credential.in_person()?;
            checked(check_password(&password), "password")?;
            Some(state.passwords.hash(password).await?)
        }
        None => None,
    };
    let change = state.db.change().await?;
    let access = match organization {
        Some(organization) => Some(OrgPermit::new(who, organization, None).check(&*change).await?),
        None => None,
    };
    let found = account::Entity::find_by_id(account).one(&*change).await?.ok_or_else(no_session)?;
    let before = views::account(&found);
    let new_password = hash.is_some();
    let mut row = found.into_active_model();
    if let Some(name) = body.full_name {
        let name = name.trim().to_owned();
        row.name_key = Set(name.to_lowercase());
        row.full_name = Set(name);
    }
    if let Some(hash) = hash {
        row.password_hash = Set(hash);
        let mut others = session::Entity::delete_many().filter(session::Column::AccountId.eq(account));
        if let Some(own) = who.session {
            others = others.filter(session::Column::Id.ne(own));
        }
        others.exec(&*change).await?;
    }
    if !row.is_changed() {
        return Ok(Json(done()));
    }
    let row = row.update(&*change).await?;
    // An account is no organization's; where one is named it is told.
    let Some(access) = access else {
        change.commit_unrecorded().await?;
        return Ok(Json(done()));
    };
    let mut after = views::account(&row);
    if new_password {
        after["password"] = json!("changed");
    }
    let entry = access.entry(Operation::UpdateBasicAuthUser).updated(&[account], before, after);
    change.answer(entry, done()).await
}
