//! A card in words.

use atrium_domain::wire::PaymentMethod;
use atrium_words::t;

/// What may be shown of a card: "Visa ending in 4242, valid until 12/2030".
pub fn card_text(card: &PaymentMethod) -> String {
    let brand = card.brand.as_deref().unwrap_or(t!("Card"));
    let mut letters = brand.chars();
    let brand = letters
        .next()
        .map(|first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect::<String>())
        .unwrap_or_default();
    let end = card.exp_month.zip(card.exp_year).map(|(month, year)| format!("{month:02}/{year}"));
    match (card.last4.as_deref(), end) {
        (Some(digits), Some(end)) => {
            t!("{brand} ending in {digits}, valid until {end}", brand, digits, end)
        }
        (Some(digits), None) => t!("{brand} ending in {digits}", brand, digits),
        (None, Some(end)) => t!("{brand}, valid until {end}", brand, end),
        (None, None) => brand,
    }
}
