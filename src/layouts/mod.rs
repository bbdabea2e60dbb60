//! What stands around pages.

mod navigation;
mod shell;
mod shortcuts;
mod workspace;
mod workspace_picker;

pub use navigation::{kind_label, latest_workspace};
pub use shell::OrganizationFrame;
pub use workspace::WorkspaceFrame;
