//! The colours that a workspace can have, by name. A workspace without one has that which follows from its id.

use atrium_words::{commas, mark, t};

/// A named colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    /// Its word in the API.
    pub word: &'static str,
    /// Its name for people, in English: `atrium_words::look` has it in the language in use.
    pub label: &'static str,
    /// Its place among the twelve colours of pictures without a picture.
    pub place: u32,
}

const fn color(word: &'static str, label: &'static str, place: u32) -> Color {
    Color { word, label, place }
}

/// All of them, around the circle.
pub const COLORS: [Color; 8] = [
    color("red", mark!("Red"), 0),
    color("orange", mark!("Orange"), 1),
    color("yellow", mark!("Yellow"), 3),
    color("green", mark!("Green"), 5),
    color("teal", mark!("Teal"), 6),
    color("blue", mark!("Blue"), 8),
    color("violet", mark!("Violet"), 10),
    color("pink", mark!("Pink"), 11),
];

/// The colour of a word; `None` for a word that this version does not know.
pub fn color_of(word: &str) -> Option<Color> {
    COLORS.into_iter().find(|color| color.word == word)
}

/// Checks a colour that was asked for.
///
/// # Errors
/// A sentence that names those there are.
pub fn check_color(word: &str) -> Result<(), String> {
    match color_of(word) {
        Some(_) => Ok(()),
        None => {
            let all: Vec<_> = COLORS.iter().map(|color| color.word).collect();
            Err(t!("Choose one of {words}.", words = commas(&all)))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::wire::Workspace;

    #[test]
    fn every_colour_is_one_of_its_own() {
        let words: BTreeSet<_> = COLORS.iter().map(|color| color.word).collect();
        let places: BTreeSet<_> = COLORS.iter().map(|color| color.place).collect();
        assert_eq!((words.len(), places.len()), (COLORS.len(), COLORS.len()));
        assert!(places.iter().all(|place| *place < 12));
    }

    #[test]
    fn a_chosen_colour_wins_over_that_of_the_id() {
        let seed = |color: Option<&str>| {
            let json =
                serde_json::json!({ "id": "7", "created_at": "", "display_name": "A", "color": color });
            serde_json::from_value::<Workspace>(json).unwrap().seed()
        };
        for color in COLORS {
            assert_eq!(seed(Some(color.word)), format!("#{}", color.place));
        }
        // None was chosen, or one that only a newer version knows.
        assert_eq!((seed(None), seed(Some("mauve"))), ("7".to_owned(), "7".to_owned()));
    }

    #[test]
    fn an_unknown_colour_is_none() {
        assert_eq!(color_of("blue").map(|color| color.label), Some("Blue"));
        assert_eq!(color_of("mauve"), None);
        assert_eq!(check_color("pink"), Ok(()));
        assert!(check_color("mauve").unwrap_err().contains("red, orange"));
    }
}
