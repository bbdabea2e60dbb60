//! What the palette does where the person is, without another page.

use atrium_ui::{Messages, copy_text, spawn};
use atrium_words::{plain, t};
use leptos::prelude::*;

use super::Palette;
use crate::components::set_theme;
use crate::language;
use crate::session::{Place, Session};

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Opens the dialog "New organization".
    NewOrganization,
    /// Copies the id of the organization.
    CopyId,
    /// Always the light theme.
    Light,
    /// Always the dark theme.
    Dark,
    /// The theme of the system.
    System,
    /// Speaks this language, by its code.
    Language(&'static str),
    /// Signs out here and in every other tab.
    SignOut,
}

impl Act {
    /// What it is known by.
    pub fn word(self) -> &'static str {
        match self {
            Self::NewOrganization => "organization",
            Self::CopyId => "copy-id",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
            Self::Language(code) => code,
            Self::SignOut => "sign-out",
        }
    }

    /// The theme that it chooses, if it chooses one.
    pub fn theme(self) -> Option<&'static str> {
        match self {
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
            Self::System => Some(""),
            _ => None,
        }
    }

    /// Does it.
    pub fn run(self, palette: Palette, session: Session, place: Place, messages: Messages) {
        if let Some(theme) = self.theme() {
            return set_theme(theme);
        }
        match self {
            Self::NewOrganization => palette.creating.set(true),
            Self::CopyId => {
                let id = place.organization_id();
                spawn(async move {
                    if copy_text(&id).await {
                        messages.success(t!("The organization’s ID was copied."));
                    } else {
                        let why =
                            t!("Your browser did not let Atrium copy. The organization’s ID is {id}", id);
                        // It is copied by hand.
                        messages.failure(plain(&why), None);
                    }
                });
            }
            Self::Language(code) => {
                if !language::choose(code) {
                    let why = t!(
                        "This browser keeps nothing for Atrium, so the language cannot be changed here. Atrium follows the browser's own languages."
                    );
                    messages.failure(why, None);
                }
            }
            Self::SignOut => spawn(async move {
                if let Err(error) = session.sign_out().await {
                    messages.failure(format!("{} {}", t!("You are still signed in."), error.sentence), None);
                }
            }),
            Self::Light | Self::Dark | Self::System => {}
        }
    }
}
