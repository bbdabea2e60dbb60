//! A card in words.

use atrium_domain::wire::PaymentMethod;

/// What may be shown of a card: "Visa ending in 4242, valid until 12/2030".
pub fn card_text(card: &PaymentMethod) -> String {
    let brand = card.brand.as_deref().unwrap_or("card");
    let mut letters = brand.chars();
    let brand = letters
        .next()
        .map(|first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect::<String>())
        .unwrap_or_default();
    let digits = card.last4.as_deref().map(|digits| format!(" ending in {digits}")).unwrap_or_default();
    let expiry = match (card.exp_month, card.exp_year) {
        (Some(month), Some(year)) => format!(", valid until {month:02}/{year}"),
        _ => String::new(),
    };
    format!("{brand}{digits}{expiry}")
}
