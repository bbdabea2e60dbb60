//! The theme: light, dark, or as the system has it.

use leptos::prelude::*;

use crate::session::{recall, remember};

/// Where the choice is kept; `public/theme.js` reads it before the first paint.
const THEME: &str = "atrium.theme";

/// The theme that was chosen, `light` or `dark`; empty for the system's.
pub fn theme() -> String {
    recall(THEME).unwrap_or_default()
}

/// Chooses a theme, for this page and the next ones.
pub fn set_theme(theme: &str) {
    remember(THEME, theme);
    if let Some(root) = document().document_element() {
        let _ = if theme.is_empty() {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme)
        };
    }
}
