//! A file a page.

mod audit_log;
mod billing;
mod login;
mod members;
mod members_and_roles;
mod not_found;
mod organization;
mod resources;
mod roles;
mod settings;
mod signup;
mod start;
mod workspace_home;
mod workspaces;

pub use login::LoginPage;
pub use not_found::{MissingPage, NoAccess, NotFoundPage, NotMemberPage};
pub use resources::{ResourcesPage, prepare_lists};
pub use settings::{SettingsFrame, prepare_settings};
pub use signup::SignUpPage;
pub use start::{OrganizationStart, StartPage};
pub use workspace_home::WorkspaceHome;
