//! The language of the page: which one it is, and where its words come from.
//!
//! `public/theme.js` chooses it before anything is painted and writes it into `<html lang>`;
//! `public/boot.js` fetches its words beside the wasm. English needs none: it is in the code.

use std::cell::RefCell;

use atrium_words::{Language, Message, Plural};
use js_sys::{Array, Function, Intl, Object, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};

use crate::components::number;
use crate::session::{recall, remember};

/// The languages, each by its code and by its own name. `public/theme.js` has the same codes.
pub const LANGUAGES: [(&str, &str); 5] =
    [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("ja", "日本語"), ("ar", "العربية")];

/// Where the choice is kept; `public/theme.js` reads it.
const LANGUAGE: &str = "atrium.language";

/// The language of the page, by its code.
pub fn current() -> &'static str {
    let written = document().document_element().and_then(|root| root.get_attribute("lang"));
    let found = LANGUAGES.iter().find(|(code, _)| written.as_deref() == Some(code));
    found.map_or(LANGUAGES[0].0, |(code, _)| code)
}

/// Chooses a language for this page and the next ones. The page is loaded anew: every word of it changes.
/// Gives `false`, and changes nothing, where the browser keeps nothing.
pub fn choose(code: &str) -> bool {
    remember(LANGUAGE, code);
    let kept = recall(LANGUAGE).as_deref() == Some(code);
    if kept {
        let _ = window().location().reload();
    }
    kept
}

/// The locale for numbers, dates, lists and plurals: of those that the browser asks for, the first of
/// the page's language; else the language itself, in English that of the United States.
pub fn locale() -> String {
    thread_local! {
        static LOCALE: RefCell<Option<String>> = const { RefCell::new(None) };
    }
    LOCALE.with_borrow_mut(|kept| kept.get_or_insert_with(asked_for).clone())
}

fn asked_for() -> String {
    let own = current();
    let asked = window()
        .navigator()
        .languages()
        .iter()
        .filter_map(|language| language.as_string())
        .collect::<Vec<_>>();
    // Some browsers ask for what is no locale, `en-US@posix`, and `Intl` throws at it; a bare "en" is
    // that of the United States.
    let same =
        |locale: &&String| locale.split('-').next() == Some(own) && *locale != "en" && is_locale(locale);
    let found = asked.iter().find(same).cloned();
    found.unwrap_or_else(|| if own == "en" { "en-US".to_owned() } else { own.to_owned() })
}

/// Whether `Intl` takes a locale.
fn is_locale(locale: &str) -> bool {
    let check = || {
        let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
        let check = Reflect::get(&intl, &JsValue::from_str("getCanonicalLocales")).ok()?;
        check.dyn_into::<Function>().ok()?.call1(&intl, &JsValue::from_str(locale)).ok()
    };
    check().is_some()
}

/// The locale as `Intl` takes it.
pub fn locales() -> Array {
    Array::of1(&JsValue::from_str(&locale()))
}

/// One of the browser's formatters that `js_sys` does not have, by its name in `Intl`; nothing where
/// the browser does not have it either.
pub fn formatter(name: &str, options: &Object) -> Option<JsValue> {
    let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
    let make: Function = Reflect::get(&intl, &JsValue::from_str(name)).ok()?.dyn_into().ok()?;
    Reflect::construct(&make, &Array::of2(&locales(), options)).ok()
}

/// What a method of a formatter makes of something.
pub fn formatted(formatter: &JsValue, method: &str, value: &JsValue) -> Option<String> {
    let call: Function = Reflect::get(formatter, &JsValue::from_str(method)).ok()?.dyn_into().ok()?;
    call.call1(formatter, value).ok()?.as_string()
}

/// Puts the language of the page into use, and runs this once it is: at once for English, else when its
/// words are there. Where they do not come, the page is in English.
pub fn start(then: impl FnOnce() + 'static) {
    let promise = Reflect::get(&js_sys::global(), &JsValue::from_str("atriumWords")).ok();
    let Some(promise) = promise.and_then(|promise| promise.dyn_into::<Promise>().ok()) else {
        speak(Vec::new());
        return then();
    };
    wasm_bindgen_futures::spawn_local(async move {
        match wasm_bindgen_futures::JsFuture::from(promise).await {
            Ok(words) => speak(sentences(&words)),
            Err(_) => {
                if let Some(root) = document().document_element() {
                    let _ = root.set_attribute("lang", "en").and(root.remove_attribute("dir"));
                }
                speak(Vec::new());
            }
        }
        then();
    });
}

fn speak(sentences: Vec<(&'static str, Message)>) {
    let right_to_left = document().document_element().is_some_and(|root| root.get_attribute("dir").is_some());
    let comma = match current() {
        "ja" => "、",
        "ar" => "، ",
        _ => ", ",
    };
    let language = Language::new(sentences, plural, number, list).comma(comma);
    atrium_words::speak(if right_to_left { language.right_to_left() } else { language });
}

/// The words as they came: an object of texts by their English, or of texts by the form of a number.
fn sentences(words: &JsValue) -> Vec<(&'static str, Message)> {
    fn kept(text: &JsValue) -> Option<&'static str> {
        // They are said for as long as the page is there.
        text.as_string().map(|text| &*text.leak())
    }
    fn entries(of: &JsValue) -> Vec<(String, JsValue)> {
        let pairs = of.dyn_ref::<Object>().map(Object::entries).unwrap_or_default();
        let pair = |pair: JsValue| {
            let pair: Array = pair.dyn_into().ok()?;
            Some((pair.get(0).as_string()?, pair.get(1)))
        };
        pairs.iter().filter_map(pair).collect()
    }
    let mut all = Vec::new();
    for (english, value) in entries(words) {
        let message = match kept(&value) {
            Some(text) => Message::Text(text),
            None => {
                let mut forms = Vec::new();
                let mut singular = None;
                for (form, text) in entries(&value) {
                    match (form.as_str(), kept(&text)) {
                        // What the server says of one.
                        ("english", text) => singular = text,
                        (form, Some(text)) => forms.push((Plural::named(form), text)),
                        _ => {}
                    }
                }
                let of_one = forms.iter().find(|(form, _)| *form == plural(1)).or(forms.last());
                if let (Some(singular), Some((_, text))) = (singular, of_one) {
                    all.push((singular, Message::Text(text)));
                }
                Message::Counted(forms)
            }
        };
        all.push((&*english.leak(), message));
    }
    all
}

#[allow(clippy::cast_precision_loss)] // no page counts past 2^53
fn plural(count: u64) -> Plural {
    thread_local! {
        static RULES: Intl::PluralRules = Intl::PluralRules::new(&locales(), &Object::new());
    }
    Plural::named(&String::from(RULES.with(|rules| rules.select(count as f64))))
}

fn list(names: &[String]) -> String {
    let all: Array = names.iter().map(|name| JsValue::from_str(name)).collect();
    let made = formatter("ListFormat", &Object::new());
    made.and_then(|format| formatted(&format, "format", &all)).unwrap_or_else(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn words_are_read_as_they_come() {
        let words = js_sys::JSON::parse(
            r#"{"Add": "Hinzufügen", "{count} members": {"english": "{count} member", "one": "{count} Mitglied", "other": "{count} Mitglieder"}, "odd": {"new": 7}}"#,
        );
        let read = sentences(&words.unwrap_or_default());
        assert_eq!(read.len(), 4);
        assert_eq!(read[0], ("Add", Message::Text("Hinzufügen")));
        assert_eq!(read[1], ("{count} member", Message::Text("{count} Mitglied")));
        let forms = vec![(Plural::One, "{count} Mitglied"), (Plural::Other, "{count} Mitglieder")];
        assert_eq!(read[2], ("{count} members", Message::Counted(forms)));
        assert_eq!(read[3], ("odd", Message::Counted(Vec::new())));
        assert!(sentences(&JsValue::NULL).is_empty());
    }

    #[wasm_bindgen_test]
    fn the_browser_counts_and_lists() {
        assert_eq!(plural(1), Plural::One);
        assert_eq!(plural(2), Plural::Other);
        assert_eq!(list(&["A".to_owned(), "B".to_owned()]), "A and B");
        assert!(is_locale("de-AT") && is_locale("ar") && !is_locale("en-US@posix") && !is_locale(""));
    }
}
