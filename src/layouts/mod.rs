//! What stands around pages.

mod navigation;
mod shell;
mod workspace;

pub use navigation::{kind_label, latest_workspace};
pub use shell::{OrganizationFrame, last_place_key};
pub use workspace::WorkspaceFrame;
