//! Sentences with something in them that is more than text.

use atrium_words::{Piece, pieces};
use leptos::prelude::*;

/// A sentence whose gaps hold elements: `sentence(t!("Ask {who} for it."), |_| link)`. `gap` is asked
/// for each gap by its name, in the order that the language has them.
pub fn sentence(template: &str, gap: impl Fn(&str) -> AnyView) -> AnyView {
    let view = |piece| match piece {
        Piece::Words(words) => words.to_owned().into_any(),
        Piece::Gap(name) => gap(name),
    };
    pieces(template).into_iter().map(view).collect::<Vec<_>>().into_any()
}
