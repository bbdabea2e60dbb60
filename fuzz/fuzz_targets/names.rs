//! Names of organizations, workspaces and people, passwords, and API keys as they are shown.
#![no_main]

use atrium_domain::keys::short_key;
use atrium_domain::names::{
    MAX_NAME, MAX_PASSWORD, check_full_name, check_organization_name, check_password, check_workspace_name,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (organization, workspace) = (check_organization_name(text), check_workspace_name(text));
    if organization.is_ok() {
        assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || "-_ ".contains(c)));
        assert!(workspace.is_ok(), "a workspace's name may hold more");
    }
    if workspace.is_ok() {
        assert!(text.len() <= MAX_NAME && !text.trim().is_empty());
        assert!(check_full_name(text).is_ok(), "a person's may hold more yet");
    }
    if check_full_name(text).is_ok() {
        assert!(text.chars().count() <= MAX_NAME && !text.contains('\0'));
    }
    if check_password(text).is_ok() {
        assert!((8..=MAX_PASSWORD).contains(&text.chars().count()));
    }
    // Of a long key little is shown.
    let shown = short_key(text);
    if text.chars().count() > 40 {
        assert!(shown.chars().count() <= 8 + 3 + 4, "{shown}");
    }
});
