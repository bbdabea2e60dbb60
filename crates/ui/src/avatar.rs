//! A picture for somebody or something without one.

use leptos::prelude::*;

use crate::{El, el};

/// Initials on one of twelve colours. The colour follows from the seed (an id), so it survives a renaming and is
/// the same on every page. Decorative: the name stands beside it.
#[component]
pub fn Avatar(
    /// Whose initials.
    #[prop(into)]
    name: String,
    /// What the colour follows from: an id that never changes, or the place of one that was chosen ("#8").
    #[prop(into)]
    seed: String,
    /// A square, for workspaces and organizations; people are round.
    #[prop(optional)]
    square: bool,
) -> impl IntoView {
    draw(&name, &seed, square).view()
}

pub(crate) fn draw(name: &str, seed: &str, square: bool) -> El {
    let shape = if square { " square" } else { "" };
    el("span")
        .class(&format!("avatar av-{}{shape}", colour(seed)))
        .attr("aria-hidden", "true")
        .with(initials(name))
}

/// The colour that a seed names by its place ("#8"), else FNV-1a: short, and near ids fall far apart.
fn colour(seed: &str) -> u32 {
    if let Some(place) = seed.strip_prefix('#').and_then(|place| place.parse::<u32>().ok()) {
        return place % 12;
    }
    let hash =
        seed.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 15)) % 12
}

/// The first letters of the first and the last word; of an address, those of the part before the "@". The style
/// sheet makes them capitals: Rust's tables for that are larger than all the rest of this.
fn initials(name: &str) -> String {
    let name = name.split_once('@').map_or(name, |(person, _)| person);
    let ends_word = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric();
    let mut words = name.split(ends_word).filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).collect()
}
